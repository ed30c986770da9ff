/* RODAS4, a stiffly accurate Rosenbrock method of order 4 with an embedded one of order 3 (E. Hairer, G. Wanner, Solving
   Ordinary Differential Equations II, 2nd ed., Springer 1996, section IV.10 and their code RODAS, whose transformed
   coefficients these are). For y' = f(t, y) and stages k_1 ... k_6, with J = df/dy and a step h,

   (1/(h gamma) - J) k_s = f(t + c_s h, y + sum a_sj k_j) + (1/h) sum g_sj k_j + h d_s df/dt,   y_new = y + sum m_j k_j,

   the last stage being the error estimate. A step ends at its time, or where an event passes from above zero to below:
   it is looked for on the dense output of order 3, at each point that is kept. */
#include "engine.h"
#include <math.h>
#include <string.h>

#define GAMMA 0.25

static const double TIME[STAGES] = {0.0, 0.386, 0.21, 0.63, 1.0, 1.0};
static const double SLOPE[STAGES] = {0.25, -0.1043, 0.1035, -0.03620000000000023, 0.0, 0.0};
static const double STATE[STAGES][5] = {
    {0},
    {1.544},
    {0.9466785280815826, 0.2557011698983284},
    {3.314825187068521, 2.896124015972201, 0.9986419139977817},
    {1.221224509226641, 6.019134481288629, 12.53708332932087, -0.6878860361058950},
    {1.221224509226641, 6.019134481288629, 12.53708332932087, -0.6878860361058950, 1.0},
};
static const double RATE[STAGES][5] = {
    {0},
    {-5.6688},
    {-2.430093356833875, -0.2063599157091915},
    {-0.1073529058151375, -9.594562251023355, -20.47028614809616},
    {7.496443313967647, -10.24680431464352, -33.99990352819905, 11.70890893206160},
    {8.083246795921522, -7.981132988064893, -31.52159432874371, 16.31930543123136, -6.058818238834054},
};
static const double DENSE[2][5] = {
    {10.12623508344586, -7.487995877610167, -34.80091861555747, -7.992771707568823, 1.025137723295662},
    {-0.6762803392806898, 6.087714651680015, 16.43084320892478, 24.76722511418386, -6.594389125716872},
};

EXPORT long memory_needed(const problem *p)
{
    const long n = p->rate.states, local = n + p->jacobian.entries + p->event_count;
    return (STAGES + 8) * n + p->jacobian.size + 2 * local + 3 * p->event_count + p->jacobian.stored;
}

void lay_out(const problem *p, workspace *w)
{
    const int n = p->rate.states, local = n + p->jacobian.entries + p->event_count;
    double *next = p->memory;
    for (int s = 0; s < STAGES; s++, next += n)
        w->k[s] = next;
    double **vectors[] = {&w->y, &w->stage, &w->next, &w->drift, &w->dense[0], &w->dense[1], &w->rest, &w->zero};
    for (int k = 0; k < 8; k++, next += n)
        *vectors[k] = next;
    w->now = next;
    w->after = w->now + local;
    w->before = w->after + local;
    w->passing = w->before + p->event_count;
    w->here = w->passing + p->event_count;
    w->factors = w->here + p->event_count;
    memset(w->drift, 0, sizeof(double) * n);
    memset(w->zero, 0, sizeof(double) * n);
}

#define SUMS(count) \
    case count: for (int i = 0; i < n; i++) { \
        double one = start[i], other = scale * add[i]; \
        for (int j = 0; j < count; j++) \
            one += a[j] * k[j * n + i], other += b[j] * k[j * n + i]; \
        first[i] = one, second[i] = other; \
    } break;

/* first = start + a_0 k_0 + a_1 k_1 + ..., second = scale add + b_0 k_0 + b_1 k_1 + ... */
static void combine(int n, int terms, const double *a, const double *b, const double *restrict k,
                    const double *restrict start, double scale, const double *restrict add, double *restrict first,
                    double *restrict second)
{
    switch (terms) { SUMS(1) SUMS(2) SUMS(3) SUMS(4) SUMS(5) }
}

/* Solves for a stage in place, with a right-hand side of two parts; that of hubs is zero. */
static void solve_stage(const pattern *p, workspace *w, double *x, const double *rest)
{
    if (p->solve) {
        p->solve(w->factors, x, rest);
        return;
    }
    double *wide = w->factors + p->stored;
    memset(wide, 0, sizeof(double) * p->size);
    for (const int *stretch = p->given; stretch[2]; stretch += 3)
        for (int k = 0; k < stretch[2]; k++)
            wide[stretch[1] + k] = x[stretch[0] + k] + rest[stretch[0] + k];
    solve(p, w->factors);
    for (const int *stretch = p->given; stretch[2]; stretch += 3)
        for (int k = 0; k < stretch[2]; k++)
            x[stretch[0] + k] = wide[stretch[1] + k];
}

/* One step from w->y to w->next; returns its error relative to what is tolerated, or a negative number if it failed. */
double attempt(const problem *p, workspace *w)
{
    const int n = p->rate.states;
    const double h = w->step;
    if (factorise(&p->jacobian, w->now + n, 1 / (h * GAMMA), w->factors))
        return -1;
    memcpy(w->k[0], w->now, sizeof(double) * n);
    for (int i = 0; i < n; i++)
        w->rest[i] = h * SLOPE[0] * w->drift[i];
    solve_stage(&p->jacobian, w, w->k[0], w->rest);
    for (int s = 1; s < STAGES; s++) {
        double rate[STAGES - 1];
        for (int j = 0; j < s; j++)
            rate[j] = RATE[s][j] / h;
        combine(n, s, STATE[s], rate, w->k[0], w->y, h * SLOPE[s], w->drift, w->stage, w->rest);
        evaluate(&p->rate, w->time + TIME[s] * h, w->stage, w->k[s]);
        solve_stage(&p->jacobian, w, w->k[s], w->rest);
    }
    double sum = 0;
    for (int i = 0; i < n; i++) {
        w->next[i] = w->stage[i] + w->k[5][i];
        const double part = w->k[5][i] / (p->atol[i] + p->rtol * fmax(fabs(w->y[i]), fabs(w->next[i])));
        sum += part * part;
    }
    sum = sqrt(sum / n);
    return sum < 1e30 ? sum : -1;
}

/* Prepares `interpolate` for the step that was just taken. */
void dense_output(int n, workspace *w)
{
    combine(n, 5, DENSE[0], DENSE[1], w->k[0], w->zero, 0, w->zero, w->dense[0], w->dense[1]);
}

/* State at a share of the step that was just taken, on its dense output. */
void interpolate(int n, const workspace *w, double share, double *out)
{
    const double rest = 1 - share;
    for (int i = 0; i < n; i++)
        out[i] = rest * w->y[i] + share * (w->next[i] + rest * (w->dense[0][i] + share * w->dense[1][i]));
}
