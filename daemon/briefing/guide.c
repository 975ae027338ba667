/* Marks inside a clause must not read as marks between clauses ("量化、剪枝与蒸馏" between 、,
 * or a ， that binds looser than the 、 around it). As the editor does it, 、 becomes "/", and
 * whatever else would separate becomes a space.
 */
#include "briefing/guide.h"

#include <stdbool.h>
#include <string.h>

#include "base/buffer.h"

/* A guide is bounded by its clauses: six of about 100 bytes for each section. What passes this
 * comes from an editor's own clauses and is cut off between two of them. */
enum { GUIDE_MAX_BYTES = 64 * 1024 };

static bool takes(const char **text, const char *mark)
{
    size_t size = strlen(mark);
    if (size == 0 || strncmp(*text, mark, size) != 0) {
        return false;
    }
    *text += size;
    return true;
}

/* A mark that would separate, and the spaces around it, become one space, at the end none. */
static bool take_mark(
    const char **clause, const struct config_labels *labels, struct buffer *out)
{
    const char *const marks[] = {labels->group_separator, labels->sentence_end,
        labels->item_separator, "，", "；", "。"};
    for (size_t i = 0; i < array_count(marks); i++) {
        if (takes(clause, marks[i])) {
            *clause += strspn(*clause, " ");
            bool spaced = out->length > 0 && out->data[out->length - 1] == ' ';
            buffer_puts(out, **clause == '\0' || spaced ? "" : " ");
            return true;
        }
    }
    return false;
}

static void write_clause(
    const char *clause, const struct config_labels *labels, struct buffer *out)
{
    while (*clause != '\0') {
        if (takes(&clause, "、")) {
            buffer_putc(out, '/');
        } else if (!take_mark(&clause, labels, out)) {
            buffer_putc(out, *clause++);
        }
    }
}

/* "本次{count}条。" */
static void write_count(const char *pattern, size_t count, struct buffer *out)
{
    static const char place[] = "{count}";
    const char *found = strstr(pattern, place);
    if (found == NULL) {
        buffer_puts(out, pattern);
        return;
    }
    buffer_printf(
        out, "%.*s%zu%s", (int)(found - pattern), pattern, count, found + strlen(place));
}

/* The group of one section; false when it names nothing. */
static bool write_group(const struct issue_section *section, const struct config_labels *labels,
    const char *before, struct buffer *out)
{
    size_t named = 0;
    for (size_t i = 0; i < section->item_count && named < GUIDE_CLAUSES_MAX; i++) {
        const char *clause = section->items[i].clause;
        if (clause == NULL || *clause == '\0') {
            continue;
        }
        if (named++ == 0) {
            buffer_printf(out, "%s%s%s%s", before, labels->open_bracket, section->short_title,
                labels->close_bracket);
        } else {
            buffer_puts(out, labels->item_separator);
        }
        write_clause(clause, labels, out);
    }
    return named > 0;
}

char *guide_build(struct arena *arena, const struct issue *issue)
{
    const struct config_labels *labels = &issue->labels;
    struct buffer text;
    buffer_init(&text, GUIDE_MAX_BYTES);
    write_count(labels->guide_count, issue_count_items(issue), &text);
    bool any = false;
    for (size_t i = 0; i < issue->section_count; i++) {
        any |= write_group(
            &issue->sections[i], labels, any ? labels->group_separator : "", &text);
    }
    if (any) {
        buffer_puts(&text, labels->sentence_end);
    }
    char *guide = arena_strndup(arena, text.data, text.length);
    buffer_release(&text);
    return guide;
}
