/* What the parts of the integrator share. No part allocates memory or keeps any: the caller owns every array. */
#ifndef NASIM_ENGINE_H
#define NASIM_ENGINE_H

#ifdef _WIN32
#define EXPORT __declspec(dllexport)
#else
#define EXPORT __attribute__((visibility("default")))
#endif

/* Functions of loops over neighbours, which a machine with wider registers takes in another version. */
#include <limits.h>
#if defined(__x86_64__) && defined(__GLIBC__) && (!defined(__clang__) || __clang_major__ >= 14)
#define WIDE __attribute__((target_clones("avx2", "default")))
#else
#define WIDE
#endif

/* A function of time, state and inputs. Either a list of batches, each one operation on many operands, for the evaluator,
   or machine code. What depends on the inputs alone comes first and is computed once a step of the protocol. */
typedef struct {
    int batches, once;            /* number of batches, and how many of them depend on the inputs alone */
    int states, inputs, outputs;
    int results;                  /* place in `memory` of the first result */
    const int *operation, *begin; /* of each batch: its operation, and its first result; one entry more */
    const int *loose, *run;       /* its first result that is in a run; its first run, one entry more */
    const int *start, *length, *moves; /* of each run: first result, results, which operands move along as bits */
    const int *first, *second, *third; /* places of the operands of each result */
    const int *output;            /* places of the outputs */
    double *memory;               /* time, states, inputs, constants, results */
    void (*prepare)(const double *inputs, double *memory);
    void (*code)(double time, const double *state, double *memory, double *out);
} function;

/* Pattern of the factors of a sparse matrix. They are followed by a right-hand side in the order of elimination. */
typedef struct {
    int size, states;             /* unknowns, states and hubs, and how many of them are states */
    int entries, stored;          /* entries of the matrix and of its factors */
    const int *load;              /* stretches: from an entry of the matrix, to a factor, how many; then zeros */
    const int *given;             /* stretches likewise: from a state, to an unknown */
    const int *diagonal;          /* factor on the diagonal of each state */
    const int *elimination, *substitution; /* lists of runs, as in sparse.c */
    /* Machine code in place of the function `solve`, or nothing: for states, with a right-hand side of two parts. */
    void (*solve)(const double *factors, double *x, const double *rest);
} pattern;

EXPORT void begin(const function *f, const double *inputs);
EXPORT void evaluate(const function *f, double time, const double *state, double *out);
EXPORT void evaluate_many(const function *f, int points, const double *time, const double *state, double *out);

EXPORT int factorise(const pattern *p, const double *matrix, double shift, double *factors);
EXPORT void solve(const pattern *p, double *factors);

#define STAGES 6
#define MOST_SHRINKING 0.2

typedef struct {
    function rate;    /* f */
    function local;   /* f, the entries of J, and the events, which share most of their operations */
    function events;
    function drift;   /* df/dt */
    pattern jacobian;
    int event_count;
    double rtol, least_step;
    const double *atol;
    double *memory;   /* as many numbers as `memory_needed` says */
} problem;

typedef struct {
    double *time, *state; /* points that are kept: time, and state (points x states) */
    int room, points;     /* how many there may be, and are */
    int accepted, rejected;
    double last;          /* whole length of the last step, of which an event may have ended a share */
} history;

/* What ended a call of `advance` or `replay`, beside the number of an event. */
enum { ENDED = -1, NO_ROOM = -2, STEP_TOO_SMALL = -3, TOO_MANY_STEPS = -4, LOST = -5 };

typedef struct {
    double *k[STAGES]; /* they follow each other in memory */
    double *y, *stage, *next, *drift, *dense[2];
    double *rest, *zero; /* of a right-hand side, what is no rate; nothing */
    double *now, *after;  /* what `local` gives at the start and at the end of the step */
    double *before, *passing, *here; /* events */
    double *factors; /* and a right-hand side with hubs */
    double time, step;
} workspace;

void lay_out(const problem *p, workspace *w);
double attempt(const problem *p, workspace *w);
void dense_output(int n, workspace *w);
void interpolate(int n, const workspace *w, double share, double *out);

void set_out(const problem *p, workspace *w, const double *inputs, const double *state, history *h);
void move_on(workspace *w);
double event_at(const problem *p, workspace *w, int event, double share);
void keep(int n, const workspace *w, int each, double share, history *h);

#endif
