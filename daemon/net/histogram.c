/* Problem: a percentile of millions of loop iterations, kept for as long as the daemon runs, at
 * the price of one increment each.
 *
 * A value below 2^STEP_BITS is its own bucket. Above, the position of the highest bit chooses a
 * group of 2^STEP_BITS buckets and the STEP_BITS bits after it the bucket within the group.
 * Rejected: a reservoir sample (random, and it forgets exactly the rare long delay that
 * matters), t-digest (float arithmetic and merging for precision nobody reads).
 */
#include "net/histogram.h"

#include <math.h>

enum { STEPS = 1 << HISTOGRAM_STEP_BITS };

static unsigned bucket_of(uint32_t value)
{
    if (value < STEPS) {
        return value;
    }
    unsigned shift = 31 - (unsigned)__builtin_clz(value) - HISTOGRAM_STEP_BITS;
    return ((shift + 1) << HISTOGRAM_STEP_BITS) + ((value >> shift) - STEPS);
}

/* The largest value that falls into `bucket`. */
static uint32_t bucket_end(unsigned bucket)
{
    if (bucket < STEPS) {
        return bucket;
    }
    unsigned shift = (bucket >> HISTOGRAM_STEP_BITS) - 1;
    uint64_t first = (uint64_t)(STEPS + (bucket & (STEPS - 1))) << shift;
    return (uint32_t)(first + (UINT64_C(1) << shift) - 1);
}

void histogram_add(struct histogram *histogram, uint64_t value)
{
    uint32_t bounded = value > UINT32_MAX ? UINT32_MAX : (uint32_t)value;
    histogram->counts[bucket_of(bounded)]++;
    histogram->total++;
    histogram->sum += bounded;
    if (bounded > histogram->max) {
        histogram->max = bounded;
    }
}

uint32_t histogram_percentile(const struct histogram *histogram, double fraction)
{
    uint64_t wanted = (uint64_t)ceil(fraction * (double)histogram->total);
    uint64_t seen = 0;
    for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++) {
        seen += histogram->counts[i];
        if (seen >= wanted && seen > 0) {
            uint32_t end = bucket_end(i);
            return end < histogram->max ? end : histogram->max;
        }
    }
    return histogram->max;
}

uint64_t histogram_count_up_to(const struct histogram *histogram, uint32_t limit)
{
    uint64_t count = 0;
    for (unsigned i = 0; i < HISTOGRAM_BUCKETS && bucket_end(i) <= limit; i++) {
        count += histogram->counts[i];
    }
    return count;
}
