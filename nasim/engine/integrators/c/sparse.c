/* LU of shift D - A, without pivoting, for a sparse A whose pattern never changes. D is 1 for the states and 0 for the hubs.
   All that is done to the numbers is a list of runs over neighbours in one array: the factors, then the right-hand side. */
#include "engine.h"
#include <math.h>
#include <stddef.h>
#include <string.h>

enum { END, EACH, REPEATED, ONE, SUM, SCALE_EACH, SCALE_ONE, INVERSE, ROW, ROW_DIVIDED, KINDS };

#define INLINE static inline __attribute__((always_inline))

/* For k < n, r = start, what `more` makes of it, and then t[k] = r: in blocks that are read before they are written. */
#define BLOCK(m, start, more) { \
        double r[m]; \
        for (int i = 0; i < m; i++) \
            r[i] = start; \
        more(m) \
        for (int i = 0; i < m; i++) \
            t[k + i] = r[i]; \
        k += m; \
    }
#define BLOCKS(start, more) { \
        ptrdiff_t k = 0; \
        while (k + 8 <= n) \
            BLOCK(8, start, more) \
        if (k + 4 <= n) \
            BLOCK(4, start, more) \
        if (k + 2 <= n) \
            BLOCK(2, start, more) \
        if (k < n) \
            BLOCK(1, start, more) \
    }
#define NO_MORE(m)
#define PRODUCTS(m) \
        for (int j = 0; j < times; j++) \
            for (int i = 0; i < m; i++) \
                r[i] -= a[(ptrdiff_t)j * far + k + i] * b[(ptrdiff_t)j * further + k + i];

INLINE void each(int n, int times, int far, int further, double *t, const double *a, const double *b)
{
    BLOCKS(t[k + i], PRODUCTS)
}

INLINE void one(int n, double *t, const double *a, const double *b)
{
    const double factor = *a;
    BLOCKS(t[k + i] - factor * b[k + i], NO_MORE)
}

/* In four parts, which do not wait for each other. */
INLINE void sum(int n, double *t, const double *a, const double *b)
{
    double part[4] = {0};
    int k = 0;
    for (; k + 4 <= n; k += 4)
        for (int i = 0; i < 4; i++)
            part[i] += a[k + i] * b[k + i];
    for (; k < n; k++)
        part[0] += a[k] * b[k];
    *t -= (part[0] + part[2]) + (part[1] + part[3]);
}

INLINE void scale_each(int n, double *t, const double *a) { BLOCKS(t[k + i] * a[k + i], NO_MORE) }

INLINE void scale_one(int n, double *t, const double *a)
{
    const double factor = *a;
    BLOCKS(t[k + i] * factor, NO_MORE)
}

/* Whether all are numbers that have an inverse. */
INLINE int inverse(int n, double *t)
{
    int fine = 1;
    for (int k = 0; k < n; k++)
        fine &= fabs(t[k]) > 1e-300 && fabs(t[k]) < 1e300;
    BLOCKS(1 / t[k + i], NO_MORE)
    return fine;
}

#define ALL(call) { for (; count > 0; count--, list += 3) { \
        double *t = w + list[0]; \
        const double *a = w + list[1], *b = w + list[2]; \
        (void)a, (void)b; \
        call; \
    } break; }
#define LENGTH(m) \
        case EACH + (m) * KINDS: { enum { n = m }; ALL(each(n, 1, 0, 0, t, a, b)) } \
        case REPEATED + (m) * KINDS: { enum { n = m }; ALL(each(n, times, far, further, t, a, b)) }

/* Products one by one: of all rows the places of target and pivot and where its products end, and then the products. Each
   target is divided or not when it is known; returns where the list goes on. */
INLINE const int *rows(int count, int divided, const int *list, double *w)
{
    const int *product = list + 3 * count, *first = product;
    for (const int *end = first; list < end; list += 3) {
        double r = w[list[0]];
        for (const int *last = first + list[2]; product < last; product += 2)
            r -= w[product[0]] * w[product[1]];
        w[list[0]] = divided ? r * w[list[1]] : r;
    }
    return product;
}

/* Goes through a list: of each batch of runs their kind and length, how often they are repeated and how far the operands
   move then, and their number; and of each run the places of target and operands. Returns 1 where something has no inverse. */
WIDE static int go(const int *list, double *w)
{
    for (;;) {
        const int n = list[1], times = list[2], far = list[3], further = list[4];
        int count = list[5];
        list += 6;
        switch (list[-6]) {
        LENGTH(1) LENGTH(4) LENGTH(5) LENGTH(6) LENGTH(7) LENGTH(8)
        case EACH: ALL(each(n, 1, 0, 0, t, a, b))
        case REPEATED: ALL(each(n, times, far, further, t, a, b))
        case ONE: ALL(one(n, t, a, b))
        case SUM: ALL(sum(n, t, a, b))
        case SCALE_EACH: ALL(scale_each(n, t, a))
        case SCALE_ONE: ALL(scale_one(n, t, a))
        case INVERSE: ALL(if (!inverse(n, t)) return 1)
        case ROW: list = rows(count, 0, list, w); break;
        case ROW_DIVIDED: list = rows(count, 1, list, w); break;
        default: return 0;
        }
    }
}

/* Factors in place of the stored entries, the diagonal inverted; returns 1 where a pivot vanishes or is no number. */
int factorise(const pattern *p, const double *matrix, double shift, double *w)
{
    memset(w, 0, sizeof(double) * p->stored);
    for (const int *stretch = p->load; stretch[2]; stretch += 3) {
        const double *restrict from = matrix + stretch[0];
        double *restrict to = w + stretch[1];
        for (int k = 0; k < stretch[2]; k++)
            to[k] = -from[k];
    }
    for (int k = 0; k < p->states; k++)
        w[p->diagonal[k]] += shift;
    return go(p->elimination, w);
}

void solve(const pattern *p, double *w) { go(p->substitution, w); }
