#include "web/server/openmetrics.h"

enum {
    FIRST_BOUND_BITS = 8, /* 256 us is nothing yet */
    LAST_BOUND_BITS = 30, /* 18 minutes in microseconds */
};

static const struct {
    const char *word, *suffix;
} types[] = {
    [OPENMETRICS_GAUGE] = {"gauge", ""},
    [OPENMETRICS_COUNTER] = {"counter", "_total"},
    [OPENMETRICS_INFO] = {"info", "_info"},
};

/* Backslash, quote and line feed, in label values and help alike (ABNF escaped-string). */
static void write_escaped(const char *text, struct buffer *out)
{
    for (; *text != '\0'; text++) {
        if (*text == '\n') {
            buffer_puts(out, "\\n");
            continue;
        }
        if (*text == '\\' || *text == '"') {
            buffer_putc(out, '\\');
        }
        buffer_putc(out, *text);
    }
}

static void write_head(
    const char *name, const char *type, const char *unit, const char *help, struct buffer *out)
{
    buffer_printf(out, "# TYPE %s %s\n", name, type);
    if (unit != NULL) {
        buffer_printf(out, "# UNIT %s %s\n", name, unit);
    }
    buffer_printf(out, "# HELP %s ", name);
    write_escaped(help, out);
    buffer_putc(out, '\n');
}

void openmetrics_write_head(const struct openmetrics_family *family, struct buffer *out)
{
    write_head(family->name, types[family->type].word, family->unit, family->help, out);
}

void openmetrics_write_sample(const struct openmetrics_family *family,
    const struct openmetrics_label *labels, size_t label_count, double value,
    struct buffer *out)
{
    buffer_printf(out, "%s%s", family->name, types[family->type].suffix);
    for (size_t i = 0; i < label_count; i++) {
        buffer_printf(out, "%s%s=\"", i == 0 ? "{" : ",", labels[i].name);
        write_escaped(labels[i].value, out);
        buffer_putc(out, '"');
    }
    /* Whole numbers are exact up to 2^53. */
    buffer_printf(out, "%s %.16g\n", label_count > 0 ? "}" : "", value);
}

void openmetrics_write_single(
    const struct openmetrics_family *family, double value, struct buffer *out)
{
    openmetrics_write_head(family, out);
    openmetrics_write_sample(family, NULL, 0, value, out);
}

void openmetrics_write_histogram(const char *name, const char *help,
    const struct histogram *histogram, double unit_s, struct buffer *out)
{
    write_head(name, "histogram", "seconds", help, out);
    for (int bits = FIRST_BOUND_BITS; bits <= LAST_BOUND_BITS; bits += 2) {
        /* A value is what was left when its time was cut to whole units: all that are below the
         * bound are in. */
        uint32_t bound = UINT32_C(1) << bits;
        buffer_printf(out, "%s_bucket{le=\"%.12g\"} %llu\n", name, bound * unit_s,
            (unsigned long long)histogram_count_up_to(histogram, bound - 1));
    }
    unsigned long long total = histogram->total;
    buffer_printf(out, "%s_bucket{le=\"+Inf\"} %llu\n%s_count %llu\n%s_sum %.16g\n", name,
        total, name, total, name, (double)histogram->sum * unit_s);
}

void openmetrics_end(struct buffer *out)
{
    buffer_puts(out, "# EOF\n");
}
