/* LU of shift D - A, without pivoting, for a sparse A whose pattern never changes: every index is known beforehand. D is 1
   for the states and 0 for the hubs. */
#include "engine.h"
#include <math.h>
#include <string.h>

/* Factors in place of the stored entries, the diagonal inverted; returns 1 where a pivot vanishes or is no number. After
   each pivot comes all that it changes: updates that do not wait for each other. */
int factorise(const pattern *p, const double *matrix, double shift, double *factors)
{
    const int n = p->size, *target = p->target;
    double *diagonal = factors + p->left[n];
    memset(factors, 0, sizeof(double) * p->stored);
    for (int k = 0; k < p->entries; k++)
        factors[p->place[k]] = -matrix[k];
    for (int k = 0; k < p->states; k++)
        diagonal[p->unknown[k]] += shift;
    for (int pivot = 0; pivot < n; pivot++) {
        const int from = p->right[pivot], to = p->right[pivot + 1];
        if (!(fabs(diagonal[pivot]) > 1e-300 && fabs(diagonal[pivot]) < 1e300))
            return 1;
        const double inverse = diagonal[pivot] = 1 / diagonal[pivot];
        for (int r = from; r < to; r++)
            factors[r] *= inverse;
        for (int k = p->below[pivot]; k < p->below[pivot + 1]; k++) {
            const double factor = factors[p->factor[k]];
            for (int r = from; r < to; r++)
                factors[*target++] -= factors[r] * factor;
        }
    }
    return 0;
}

/* By rows; of all that a row needs, what was found last comes last, so that little waits for it. */
void solve(const pattern *p, const double *factors, double *x)
{
    const int n = p->size, *column = p->column;
    const double *diagonal = factors + p->left[n];
    for (int k = 0, l = p->left[0]; k < n; k++) {
        double sum = x[k];
        for (const int end = p->left[k + 1]; l < end; l++)
            sum -= factors[l] * x[column[l]];
        x[k] = sum * diagonal[k];
    }
    for (int k = n - 1, r = p->right[n] - 1; k >= 0; k--) {
        double sum = x[k];
        for (const int begin = p->right[k]; r >= begin; r--)
            sum -= factors[r] * x[column[r]];
        x[k] = sum;
    }
}
