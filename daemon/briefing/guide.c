/* The guide of a draft that is no issue yet: see briefing/guide_compose.c for its marks. */
#include "briefing/guide.h"

#include <stdbool.h>
#include <string.h>

#include "base/buffer.h"
#include "briefing/guide_compose.h"

/* A guide is bounded by its clauses: six of about 100 bytes for each section. What passes this
 * comes from an editor's own clauses and is cut off between two of them. */
enum { GUIDE_MAX_BYTES = 64 * 1024 };

/* The group of one section; false when it names nothing. */
static bool write_group(const struct draft_section *section, const struct config_labels *labels,
    const char *before, struct buffer *out)
{
    size_t named = 0;
    for (size_t i = 0; i < section->pick_count && named < GUIDE_CLAUSES_MAX; i++) {
        const char *clause = section->picks[i].clause;
        if (clause == NULL || *clause == '\0') {
            continue;
        }
        if (named++ == 0) {
            buffer_printf(out, "%s%s%s%s", before, labels->open_bracket,
                section->section->short_title, labels->close_bracket);
        } else {
            buffer_puts(out, labels->item_separator);
        }
        guide_write_clause(clause, labels, out);
    }
    return named > 0;
}

char *guide_build(struct arena *arena, const struct config *config,
    const struct draft_section *sections, size_t section_count, size_t count)
{
    const struct config_labels *labels = &config->briefing.labels;
    struct buffer text;
    buffer_init(&text, GUIDE_MAX_BYTES);
    guide_write_count(labels->guide_count, count, &text);
    bool any = false;
    for (size_t i = 0; i < section_count; i++) {
        any |= write_group(&sections[i], labels, any ? labels->group_separator : "", &text);
    }
    if (any) {
        buffer_puts(&text, labels->sentence_end);
    }
    char *guide = arena_strndup(arena, text.data, text.length);
    buffer_release(&text);
    return guide;
}
