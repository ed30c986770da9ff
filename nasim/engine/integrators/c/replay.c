/* Takes the steps of an earlier run again from another state or under other inputs, without control of their error (H. G. Bock,
   Numerical treatment of inverse problems in chemical reaction kinetics, Springer Series in Chemical Physics 18 (1981) 102):
   what comes out is a smooth function of both, whose differences are the derivatives of what was computed. */
#include "engine.h"
#include <math.h>
#include <string.h>

#define TRIALS 50
#define ASIDE 1e-3    /* share by which the second trial for an event differs from the first */
#define ZERO 1e-15
#define NEARLY_ZERO 1e-9

/* Share of the step just taken at which an event vanishes, near a share that is known, by secants; NAN where it is lost. */
static double vanishing(const problem *p, workspace *w, int event, double share)
{
    double before = share - ASIDE, value_before = event_at(p, w, event, before), value = event_at(p, w, event, share);
    for (int k = 0; k < TRIALS && fabs(value) > ZERO && value != value_before; k++) {
        const double next = share - value * (share - before) / (value - value_before);
        before = share, value_before = value;
        share = next, value = event_at(p, w, event, share);
        if (fabs(share - before) < ZERO)
            break;
    }
    return fabs(value) < NEARLY_ZERO ? share : NAN;
}

/* Takes `count` steps between the times `ends`; of the last one, which `event` ended (or none: ENDED), the share up to where
   that event is now, which may lie a little beyond the step. Keeps `each` points a step; returns `event`, or why it failed. */
EXPORT int replay(const problem *p, const double *inputs, const double *state, const double *ends, int count, int event,
                  double share, int driven, int each, history *h)
{
    workspace space, *w = &space;
    const int n = p->rate.states;
    if (1 + count * each > h->room)
        return NO_ROOM;
    set_out(p, w, inputs, state, h);
    for (int k = 0; k < count; k++, h->accepted++) {
        const int ending = k == count - 1 && event != ENDED;
        w->time = ends[k], w->step = h->last = ends[k + 1] - ends[k];
        if (driven)
            evaluate(&p->drift, w->time, w->y, w->drift);
        if (attempt(p, w) < 0)
            return LOST;
        dense_output(n, w);
        const double end = ending ? vanishing(p, w, event, share) : 1;
        if (!(end > 0))
            return LOST;
        keep(n, w, each, end, h);
        if (k < count - 1)
            evaluate(&p->local, ends[k + 1], w->next, w->after);
        move_on(w);
    }
    if (event == ENDED)
        h->time[h->points - 1] = ends[count];
    return event;
}
