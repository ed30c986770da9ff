/* LU of shift D - A, without pivoting, for a sparse A whose pattern never changes: every index is known beforehand. D is 1
   for the states and 0 for the hubs. */
#include "engine.h"
#include <math.h>
#include <string.h>

/* Factors in place of the stored entries, the diagonal inverted; returns 1 where a pivot vanishes or is no number. */
int factorise(const pattern *p, const double *matrix, double shift, double *factors)
{
    const int n = p->size, *target = p->target;
    double *diagonal = factors + p->upper[n];
    memset(factors, 0, sizeof(double) * p->stored);
    for (int k = 0; k < p->entries; k++)
        factors[p->place[k]] = -matrix[k];
    for (int k = 0; k < p->states; k++)
        diagonal[p->unknown[k]] += shift;
    for (int column = 0; column < n; column++) {
        for (int u = p->upper[column]; u < p->upper[column + 1]; u++) {
            const double factor = factors[u];
            const int from = p->lower[p->row[u]], to = p->lower[p->row[u] + 1];
            for (int l = from; l < to; l++)
                factors[*target++] -= factors[l] * factor;
        }
        if (!(fabs(diagonal[column]) > 1e-300 && fabs(diagonal[column]) < 1e300))
            return 1;
        diagonal[column] = 1 / diagonal[column];
        for (int l = p->lower[column]; l < p->lower[column + 1]; l++)
            factors[l] *= diagonal[column];
    }
    return 0;
}

void solve(const pattern *p, const double *factors, double *x)
{
    const int n = p->size, *row = p->row;
    const double *diagonal = factors + p->upper[n];
    for (int k = 0; k < n; k++)
        for (int l = p->lower[k]; l < p->lower[k + 1]; l++)
            x[row[l]] -= factors[l] * x[k];
    for (int k = n - 1; k >= 0; k--) {
        x[k] *= diagonal[k];
        for (int u = p->upper[k]; u < p->upper[k + 1]; u++)
            x[row[u]] -= factors[u] * x[k];
    }
}
