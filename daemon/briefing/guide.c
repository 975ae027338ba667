/* Marks inside a clause must not read as marks between clauses ("量化、剪枝与蒸馏" between 、,
 * or a ， that binds looser than the 、 around it). As the editor does it, 、 becomes "/", and
 * whatever else would separate becomes a space.
 *
 * Not every item is named, only highlighted ones, but all count: that is how readers know it
 * (FORMAT of the guide in briefing/guide.h). One-liners are neither.
 */
#include "briefing/guide.h"

#include <stdbool.h>
#include <string.h>

#include "base/attributes.h"
#include "briefing/headline.h"
#include "briefing/letters.h"
#include "briefing/markdown_text.h"

/* A guide is bounded by its clauses; what passes this comes from an editor's own and is cut. */
enum { GUIDE_MAX_BYTES = 64 * 1024 };

/* 15 to 30 Han characters: what one clause has in the printed guides. */
enum { CLAUSE_MIN_COLUMNS = 20, CLAUSE_MAX_COLUMNS = 60 };

static bool takes(const char **text, const char *mark)
{
    size_t size = mark == NULL ? 0 : strlen(mark);
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
        /* a stop inside a number or a word ends no sentence, whatever the labels say */
        bool inside = *clause == '.' && clause[1] != '\0' && clause[1] != ' ';
        if (takes(&clause, "、")) {
            buffer_putc(out, '/');
        } else if (inside || !take_mark(&clause, labels, out)) {
            buffer_putc(out, *clause++);
        }
    }
}

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

const char *guide_clause_of_title(
    struct arena *arena, const struct config_labels *labels, const struct issue_item *item)
{
    const char *title = headline_without_tags(arena, headline_clean(arena, item->title));
    const char *lead = headline_lead(arena, title, CLAUSE_MIN_COLUMNS);
    const char *clause = headline_shorten(arena, lead, CLAUSE_MIN_COLUMNS, CLAUSE_MAX_COLUMNS);
    const char *slash = item->prefix == NULL ? NULL : strchr(item->prefix, '/');
    /* "TNN v0.2.0 上线" says whose news it is; "20240102" and "A flexible compiler" do not. */
    if (slash != NULL && strcasestr(clause, slash + 1) == NULL) {
        const char *joint = headline_is_version(clause) ? " "
            : letters_have_han(clause)                  ? labels->prefix_separator
                                                        : ": ";
        clause = arena_printf(arena, "%s%s%s", slash + 1, joint, clause);
    }
    return markdown_from_plain(arena, clause);
}

const char *guide_clause(
    struct arena *arena, const struct issue *issue, const struct issue_item *item)
{
    bool own = item->clause != NULL && *item->clause != '\0';
    const char *text = own ? item->clause : guide_clause_of_title(arena, &issue->labels, item);
    struct buffer clause;
    buffer_init(&clause, GUIDE_MAX_BYTES);
    write_clause(text, &issue->labels, &clause);
    const char *copy = arena_strndup(arena, clause.data, clause.length);
    buffer_release(&clause);
    return copy;
}

/* The group of one section; false when it names nothing. */
static bool write_group(struct arena *arena, const struct issue *issue,
    const struct issue_section *section, const char *before, struct buffer *out)
{
    const struct config_labels *labels = &issue->labels;
    size_t named = 0;
    for (size_t i = 0; i < section->item_count; i++) {
        const struct issue_item *item = &section->items[i];
        const char *clause = item->highlight ? guide_clause(arena, issue, item) : "";
        if (*clause == '\0') {
            continue;
        }
        if (named++ == 0) {
            buffer_printf(out, "%s%s%s%s", before, labels->open_bracket,
                section->short_title != NULL ? section->short_title : section->title,
                labels->close_bracket);
        } else {
            buffer_puts(out, labels->item_separator);
        }
        buffer_puts(out, clause);
    }
    return named > 0;
}

const char *guide_compose(struct arena *arena, const struct issue *issue)
{
    const struct config_labels *labels = &issue->labels;
    struct buffer text;
    buffer_init(&text, GUIDE_MAX_BYTES);
    write_count(labels->guide_count, issue_count_items(issue), &text);
    bool any = false;
    for (size_t i = 0; i < issue->section_count; i++) {
        if (issue->sections[i].form != CONFIG_FORM_ONELINE) {
            const char *before = any ? labels->group_separator : "";
            any |= write_group(arena, issue, &issue->sections[i], before, &text);
        }
    }
    buffer_puts(&text, any ? labels->sentence_end : "");
    const char *guide = arena_strndup(arena, text.data, text.length);
    buffer_release(&text);
    return guide;
}
