/* From the start of a step of the protocol to its end: lengths of the integrator's steps, points that are kept, events. An
   event is a quantity that passes from above zero to below; it is looked for in both halves of each step, on the dense
   output, and ends the step where it is found; the integrator's step is then taken again up to there. */
#include "engine.h"
#include <math.h>
#include <string.h>

#define SAFETY 0.9
#define MOST_GROWTH 6.0
#define SHARPEST 60 /* steps of the search for an event */
#define MOST_TRIALS 5    /* of a step that ends where an event lies */
#define CLOSE 1e-3       /* distance from the end of a step, as a share of it, at which its dense output is exact enough */
#define LEAST_SHARE 1e-6 /* of a step, up to which its dense output is exact enough for an event */

double event_at(const problem *p, workspace *w, int event, double share)
{
    interpolate(p->rate.states, w, share, w->stage);
    evaluate(&p->events, w->time + share * w->step, w->stage, w->here);
    return w->here[event];
}

/* Share of the step at which an event has just passed zero, between `low` (value `above`) and `high` (value `below`). */
static double located(const problem *p, workspace *w, int event, double low, double above, double high, double below)
{
    for (int k = 0; k < SHARPEST && high - low > 1e-14; k++) {
        double share = low + (high - low) * above / (above - below);
        if (k % 3 == 2 || !(share > low && share < high))
            share = (low + high) / 2;
        const double value = event_at(p, w, event, share);
        if (value > 0)
            low = share, above = value;
        else
            high = share, below = value;
        if (value <= 0 && value > -1e-14)
            break;
    }
    return high;
}

static int passed(double before, double now) { return (before >= 0 && now < 0) || (before > 0 && now <= 0); }

/* The event that ends the step just taken, with the share of the step at which it lies, or ENDED. */
static int first_event(const problem *p, workspace *w, double *share)
{
    const int n = p->rate.states, count = p->event_count;
    int event = ENDED;
    *share = 1;
    for (int half = 1; half <= 2 && event == ENDED; half++) {
        if (half == 1)
            event_at(p, w, 0, 0.5);
        memcpy(w->passing, half == 1 ? w->here : w->after + n + p->jacobian.entries, sizeof(double) * count);
        for (int k = 0; k < count; k++)
            if (passed(w->before[k], w->passing[k])) {
                const double end = 0.5 * half;
                const double found = located(p, w, k, end - 0.5, w->before[k], end, w->passing[k]);
                if (event == ENDED || found < *share)
                    *share = found, event = k;
            }
        memcpy(w->before, w->passing, sizeof(double) * count);
    }
    return event;
}

/* Takes the step just taken again, up to the event at a share of it: the dense output is of lower order than a step. Returns
   where the event lies now, a share close to 1 of the new step. */
static double again(const problem *p, workspace *w, int event, double share)
{
    const int n = p->rate.states;
    const double whole = w->step, start = w->now[n + p->jacobian.entries + event];
    w->step *= share;
    for (int k = 0; k < MOST_TRIALS && attempt(p, w) >= 0; k++) {
        dense_output(n, w);
        double low = 0, above = start, high = 1, below = event_at(p, w, event, high);
        for (double more = 1e-6; below > 0 && more < 2; more *= 10) {
            low = high, above = below, high = 1 + more;
            below = event_at(p, w, event, high);
        }
        if (below > 0)
            break;
        const double found = located(p, w, event, low, above, high, below);
        if (fabs(found - 1) < CLOSE)
            return found;
        w->step *= found;
    }
    w->step = whole;
    attempt(p, w);
    dense_output(n, w);
    return share;
}

/* Keeps points of the step just taken, up to a share of it. */
void keep(int n, const workspace *w, int each, double share, history *h)
{
    for (int m = 1; m <= each; m++) {
        const double at = share * m / each;
        double *out = h->state + (size_t)h->points * n;
        if (at == 1)
            memcpy(out, w->next, sizeof(double) * n);
        else
            interpolate(n, w, at, out);
        h->time[h->points++] = w->time + at * w->step;
    }
}

/* Factor on the length of the next step after one with this error; the predictive controller of Gustafsson. */
static double growth(double error, double error_before, double ratio)
{
    double factor = pow(error, 0.25) / SAFETY;
    if (error_before > 0)
        factor = fmax(factor, ratio * pow(error * error / error_before, 0.25) / SAFETY);
    return 1 / fmax(1 / MOST_GROWTH, fmin(1 / MOST_SHRINKING, factor));
}

static int all_finite(int n, const double *x)
{
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += 0 * x[i];
    return sum == 0;
}

/* Takes inputs and state in; the state is the first point that is kept. */
void set_out(const problem *p, workspace *w, const double *inputs, const double *state, history *h)
{
    const int n = p->rate.states;
    lay_out(p, w);
    begin(&p->rate, inputs), begin(&p->local, inputs), begin(&p->events, inputs), begin(&p->drift, inputs);
    memcpy(w->y, state, sizeof(double) * n);
    memcpy(h->state, state, sizeof(double) * n);
    w->time = h->time[0] = 0, h->points = 1, h->accepted = h->rejected = 0, h->last = 0;
    evaluate(&p->local, 0, w->y, w->now);
}

/* Where a step ended the next begins. */
void move_on(workspace *w)
{
    double *swap = w->y;
    w->y = w->next, w->next = swap;
    swap = w->now, w->now = w->after, w->after = swap;
}

/* Advances `state` under `inputs` for `duration` or until an event; begins with `step`, keeps `each` points a step. */
EXPORT int advance(const problem *p, const double *inputs, const double *state, double duration, double step, int driven,
                   int each, int most, history *h)
{
    workspace space, *w = &space;
    const int n = p->rate.states;
    double error_before = -1, length_before = step;
    int rejected = 0;
    set_out(p, w, inputs, state, h);
    w->step = step;
    memcpy(w->before, w->now + n + p->jacobian.entries, sizeof(double) * p->event_count);
    while (w->time < duration) {
        if (h->accepted + h->rejected >= most)
            return TOO_MANY_STEPS;
        if (!(w->step > p->least_step && w->time + w->step > w->time))
            return STEP_TOO_SMALL;
        if (h->points + each > h->room)
            return NO_ROOM;
        const int last = w->time + w->step > duration * (1 - 1e-14);
        if (last)
            w->step = duration - w->time;
        if (driven)
            evaluate(&p->drift, w->time, w->y, w->drift);
        double error = attempt(p, w);
        if (error >= 0 && error < 1) {
            evaluate(&p->local, w->time + w->step, w->next, w->after);
            error = all_finite(n, w->after) ? error : -1;
        }
        if (error < 0 || error >= 1) {
            w->step *= error < 0 ? MOST_SHRINKING : growth(error, -1, 1);
            h->rejected++, rejected = 1;
            continue;
        }
        h->accepted++, h->last = w->step;
        double share;
        dense_output(n, w);
        const int event = first_event(p, w, &share);
        if (event != ENDED && share > LEAST_SHARE && share < 1)
            share = again(p, w, event, share);
        keep(n, w, each, share, h);
        if (event != ENDED)
            return event;
        double longer = growth(error, error_before, error_before > 0 ? length_before / w->step : 1);
        longer = rejected ? fmin(longer, 1) : longer;
        error_before = fmax(error, 1e-2), length_before = w->step, rejected = 0;
        w->time = last ? duration : w->time + w->step;
        w->step *= longer;
        move_on(w);
    }
    h->time[h->points - 1] = duration;
    return ENDED;
}
