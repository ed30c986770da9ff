/* Evaluates a function that was written down as batches of equal operations: some one by one, by the places of their operands,
   then runs, whose operands stay or lie side by side as their results do. Operations are in operations.h, written by
   building.py: ONE(number, length, expression of x), TWO of x and y, THREE of x, y and z. */
#include "engine.h"
#include <math.h>
#include <stddef.h>
#include <string.h>

#define ALL(number, read, expression) \
    case number: for (int k = from; k < to; k++) { read; result[k] = (expression); } break;
#define ONE(number, length, expression) ALL(number, const double x = memory[first[k]], expression)
#define TWO(number, length, expression) \
    ALL(number, const double x = memory[first[k]]; const double y = memory[second[k]], expression)
#define THREE(number, length, expression) \
    ALL(number, const double x = memory[first[k]]; const double y = memory[second[k]]; const double z = memory[third[k]], \
        expression)

static void one_by_one(const function *f, int operation, int from, int to)
{
    const double *memory = f->memory;
    double *restrict result = f->memory + f->results;
    const int *first = f->first, *second = f->second, *third = f->third;
    switch (operation) {
#include "operations.h"
    }
}

#undef ALL
#undef ONE
#undef TWO
#undef THREE
#define WHOLE 4 /* runs are evaluated in blocks of so many, as in arranging.py */
#define X 1     /* bits of `moves`: which operands move along */
#define Y 2
#define Z 4

#define RUN(moving, length, read, expression) \
    if (moves == (moving)) { for (int k = 0; k < length; k++) { read; result[k] = (expression); } }
#define ALL(number, how) \
    case number: for (; run < last; run++) { \
        const int exact = f->length[run], moves = f->moves[run], at = f->start[run]; \
        const int whole = WHOLE * ((exact + WHOLE - 1) / WHOLE); \
        const double *restrict a = memory + f->first[at], *restrict b = memory + f->second[at]; \
        const double *restrict c = memory + f->third[at]; \
        double *restrict result = results + at; \
        (void)b, (void)c, (void)exact, (void)whole; \
        how \
    } break;
#define ONE(number, length, expression) ALL(number, RUN(X, length, const double x = a[k], expression))
#define TWO(number, length, expression) ALL(number, \
    RUN(X + Y, length, const double x = a[k]; const double y = b[k], expression) \
    else RUN(Y, length, const double x = a[0]; const double y = b[k], expression) \
    else RUN(X, length, const double x = a[k]; const double y = b[0], expression))
#define THREE(number, length, expression) ALL(number, \
    RUN(X + Y + Z, length, const double x = a[k]; const double y = b[k]; const double z = c[k], expression) \
    else RUN(Y + Z, length, const double x = a[0]; const double y = b[k]; const double z = c[k], expression) \
    else RUN(X + Y, length, const double x = a[k]; const double y = b[k]; const double z = c[0], expression) \
    else RUN(Y, length, const double x = a[0]; const double y = b[k]; const double z = c[0], expression) \
    else RUN(Z, length, const double x = a[0]; const double y = b[0]; const double z = c[k], expression))

WIDE static void side_by_side(const function *f, int operation, int run, int last)
{
    const double *memory = f->memory;
    double *results = f->memory + f->results;
    switch (operation) {
#include "operations.h"
    }
}

static void run_batches(const function *f, int batch, int last)
{
    for (; batch < last; batch++) {
        if (f->begin[batch] < f->loose[batch])
            one_by_one(f, f->operation[batch], f->begin[batch], f->loose[batch]);
        if (f->run[batch] < f->run[batch + 1])
            side_by_side(f, f->operation[batch], f->run[batch], f->run[batch + 1]);
    }
}

/* Takes the inputs in; to be called before the first evaluation and whenever they change. */
void begin(const function *f, const double *inputs)
{
    if (f->code) {
        f->prepare(inputs, f->memory);
        return;
    }
    memcpy(f->memory + 1 + f->states, inputs, sizeof(double) * f->inputs);
    run_batches(f, 0, f->once);
}

void evaluate(const function *f, double time, const double *state, double *out)
{
    if (f->code) {
        f->code(time, state, f->memory, out);
        return;
    }
    f->memory[0] = time;
    memcpy(f->memory + 1, state, sizeof(double) * f->states);
    run_batches(f, f->once, f->batches);
    for (int k = 0; k < f->outputs; k++)
        out[k] = f->memory[f->output[k]];
}

/* At several times and states (points x states); out is points x outputs. */
void evaluate_many(const function *f, int points, const double *time, const double *state, double *out)
{
    for (int k = 0; k < points; k++)
        evaluate(f, time[k], state + (size_t)k * f->states, out + (size_t)k * f->outputs);
}
