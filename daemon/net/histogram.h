/* Counts of durations from 1 us to an hour in 480 buckets, for percentiles that cost nothing to
 * keep.
 *
 * Log-linear, as HdrHistogram does it: sixteen linear steps in every power of two, so that a
 * percentile read back is never below the true one and at most 1/16 above it. PURE;
 * zero-initialised is empty.
 */
#ifndef NET_HISTOGRAM_H
#define NET_HISTOGRAM_H

#include <stdint.h>

enum {
    HISTOGRAM_STEP_BITS = 4,
    HISTOGRAM_BUCKETS = (33 - HISTOGRAM_STEP_BITS) << HISTOGRAM_STEP_BITS,
};

struct histogram {
    uint64_t counts[HISTOGRAM_BUCKETS];
    uint64_t total;
    uint64_t sum; /* of the values */
    uint32_t max;
};

/* Values that do not fit into 32 bits count as UINT32_MAX. */
void histogram_add(struct histogram *histogram, uint64_t value);

/* The smallest value that `fraction` (0..1) of all values do not pass, rounded up to its
 * bucket's end but never above the largest value seen; 0 when empty. */
uint32_t histogram_percentile(const struct histogram *histogram, double fraction);

/* How many values are at most `limit`: exact where a bucket ends there, as at 2^n - 1, else up
 * to the bucket's width too few. */
uint64_t histogram_count_up_to(const struct histogram *histogram, uint32_t limit);

#endif
