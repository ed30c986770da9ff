/* Evaluates a function that was written down as batches of equal operations. */
#include "engine.h"
#include <math.h>
#include <stddef.h>
#include <string.h>

#define ONE(number, expression) \
    case number: { double *restrict result = results; \
        for (int k = from; k < to; k++) { const double x = memory[first[k]]; result[k] = (expression); } } break;
#define TWO(number, expression) \
    case number: { double *restrict result = results; for (int k = from; k < to; k++) { \
        const double x = memory[first[k]], y = memory[second[k]]; result[k] = (expression); } } break;
#define THREE(number, expression) \
    case number: { double *restrict result = results; for (int k = from; k < to; k++) { \
        const double x = memory[first[k]], y = memory[second[k]], z = memory[third[k]]; result[k] = (expression); } } break;

static void run_batches(const function *f, int batch, int last)
{
    const double *memory = f->memory;
    double *results = f->memory + f->results;
    const int *first = f->first, *second = f->second, *third = f->third;
    for (; batch < last; batch++) {
        const int from = f->begin[batch], to = f->begin[batch + 1];
        switch (f->operation[batch]) {
#include "operations.h" /* ONE(number, expression) and so on, written by building.py */
        }
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
