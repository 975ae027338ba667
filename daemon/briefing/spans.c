/* Matches come by offset, so one walk along the text measures them all. */
#include "briefing/spans.h"

#include "base/utf8.h"

/* A place in the text, counted both ways. */
struct ruler {
    const char *text;
    uint32_t bytes, units;
};

static uint32_t measure_to(struct ruler *ruler, uint32_t bytes)
{
    while (ruler->bytes < bytes) {
        uint32_t codepoint;
        ruler->bytes += (uint32_t)utf8_decode(ruler->text + ruler->bytes, &codepoint);
        ruler->units += codepoint > 0xffff ? 2 : 1; /* a pair of surrogates */
    }
    return ruler->units;
}

/* In bytes. False when there is no room for another one. */
static bool add_span(
    const struct keyword_match *match, struct span *spans, size_t *count, size_t max)
{
    uint32_t end = match->offset + match->length;
    if (*count > 0 && match->offset <= spans[*count - 1].end) {
        struct span *last = &spans[*count - 1];
        last->end = end > last->end ? end : last->end;
        return true;
    }
    if (*count == max) {
        return false;
    }
    spans[(*count)++] = (struct span){match->offset, end};
    return true;
}

size_t spans_build(struct arena *arena, const struct keyword_matches *matches, uint32_t list,
    enum keyword_field field, const char *text, struct span **ret_spans)
{
    struct span spans[SPANS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < matches->count; i++) {
        const struct keyword_match *match = &matches->items[i];
        if (match->list == list && match->field == field &&
            !add_span(match, spans, &count, SPANS_MAX)) {
            break;
        }
    }
    *ret_spans = arena_new_array(arena, struct span, count + 1);
    struct ruler ruler = {.text = text};
    for (size_t i = 0; i < count; i++) {
        (*ret_spans)[i].start = measure_to(&ruler, spans[i].start);
        (*ret_spans)[i].end = measure_to(&ruler, spans[i].end);
    }
    return count;
}

struct span spans_measure(const char *text, uint32_t offset, uint32_t length)
{
    struct ruler ruler = {.text = text};
    struct span span;
    span.start = measure_to(&ruler, offset);
    span.end = measure_to(&ruler, offset + length);
    return span;
}
