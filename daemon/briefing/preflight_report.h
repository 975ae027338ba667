/* Inside the check before publishing: how its parts report. See briefing/preflight.h. PURE. */
#ifndef BRIEFING_PREFLIGHT_REPORT_H
#define BRIEFING_PREFLIGHT_REPORT_H

#include "briefing/preflight.h"

/* Where a field is, and its text; `markdown` where brackets of links are syntax. */
struct preflight_field {
    int section, item;
    const char *name;
    const char *text;
    bool markdown;
};

struct preflight_run {
    struct arena *arena;
    const struct issue *issue;
    const struct preflight_context *context;
    struct preflight *result;
    size_t capacity;
};

/* A finding at `length` bytes from `start` of the field. The {} in the messages are `first` and
 * `second` (plain; NULL: none). The result may be changed until the next one. */
struct finding *preflight_report(struct preflight_run *run, enum preflight_code code,
    const struct preflight_field *field, size_t start, size_t length, const char *first,
    const char *second);

/* The same, with the words for {} of each language. */
struct finding *preflight_report_reason(struct preflight_run *run, enum preflight_code code,
    const struct preflight_field *field, size_t start, size_t length,
    const struct preflight_reason *reason);

/* Field `name` of an item. */
struct preflight_field preflight_item_field(const struct preflight_run *run, size_t section,
    size_t item, const char *name, const char *text, bool markdown);

/* A text beyond this is over WeChat's limit by itself, which is reported; its marks are not
 * looked at, so that no text makes the check slow. */
enum { PREFLIGHT_TEXT_MAX_BYTES = 64 << 10 };

/* True where there is a text of a length to look at. */
bool preflight_is_readable(const struct preflight_field *field);

/* One byte for each of the field's text: 1 where it is running text, 0 in code, addresses and
 * escapes. Lives in the arena. */
const char *preflight_mask(struct arena *arena, const struct preflight_field *field);

/* The parts. */
void preflight_check_text(struct preflight_run *run, const struct preflight_field *field);
void preflight_check_links(struct preflight_run *run, size_t section, size_t item);
void preflight_check_markdown_links(
    struct preflight_run *run, const struct preflight_field *field);
void preflight_check_guide(struct preflight_run *run);

#endif
