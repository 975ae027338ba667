/* Writing the OpenMetrics 1.0 text format (openmetrics.io; RFC-to-be, sections 4 and 5). PURE.
 *
 * A family is its head and its samples, one after the other; families never mix. What the
 * format forbids (a counter without _total, a unit that is no part of the name) cannot be
 * written by these functions; openmetrics_end() comes last.
 */
#ifndef WEB_SERVER_OPENMETRICS_H
#define WEB_SERVER_OPENMETRICS_H

#include "base/buffer.h"
#include "net/histogram.h"

#define OPENMETRICS_MEDIA_TYPE "application/openmetrics-text; version=1.0.0; charset=utf-8"

enum openmetrics_type { OPENMETRICS_GAUGE, OPENMETRICS_COUNTER, OPENMETRICS_INFO };

/* A family without unit in its head: `name` ends with it, or has none. */
struct openmetrics_family {
    const char *name;
    enum openmetrics_type type;
    const char *unit; /* "seconds", "bytes", the end of the name; NULL: none */
    const char *help;
};

struct openmetrics_label {
    const char *name, *value;
};

void openmetrics_write_head(const struct openmetrics_family *family, struct buffer *out);

/* A sample of the family whose head was written last. */
void openmetrics_write_sample(const struct openmetrics_family *family,
    const struct openmetrics_label *labels, size_t label_count, double value,
    struct buffer *out);

/* Head and one sample without labels. */
void openmetrics_write_single(
    const struct openmetrics_family *family, double value, struct buffer *out);

/* A whole family of `histogram`, whose values count `unit_s` seconds each. The buckets end at
 * powers of four of the value's unit, where the histogram's own do, so every count is exact. */
void openmetrics_write_histogram(const char *name, const char *help,
    const struct histogram *histogram, double unit_s, struct buffer *out);

void openmetrics_end(struct buffer *out);

#endif
