/* A section: its heading's meaning, its items, its notes, and behind the last one the text that
 * closes the issue. */
#include <string.h>

#include "briefing/issue_reader_parts.h"

struct issue_section *reader_add_section(struct reader *reader)
{
    struct issue *issue = reader->issue;
    if (issue->section_count == reader->section_capacity) {
        issue->sections = arena_grow(reader->arena, issue->sections, sizeof(*issue->sections),
            &reader->section_capacity);
    }
    struct issue_section *section = &issue->sections[issue->section_count++];
    *section = (struct issue_section){0};
    return section;
}

const struct config_section *reader_find_form(const struct reader *reader, bool oneline)
{
    const struct config *config = reader->config;
    for (size_t i = 0; i < config->section_count; i++) {
        const struct config_section *section = &config->sections[i];
        bool fits = oneline ? section->form == CONFIG_FORM_ONELINE : section->fallback;
        if (fits) {
            return section;
        }
    }
    return NULL;
}

static const struct config_section *find_titled(const struct reader *reader, const char *title)
{
    const struct config *config = reader->config;
    for (size_t i = 0; i < config->section_count; i++) {
        const struct config_section *section = &config->sections[i];
        bool named = strcmp(section->title, title) == 0 ||
            (section->short_title != NULL && strcmp(section->short_title, title) == 0);
        if (named && section->form != CONFIG_FORM_ONELINE) {
            return section;
        }
    }
    return NULL;
}

/* A heading that the configuration does not know (应用, once) stands over what its fallback
 * section would take. */
static void name_section(
    struct reader *reader, struct issue_section *section, const char *title)
{
    const struct config_section *known = find_titled(reader, title);
    const struct config_section *base = known != NULL ? known : reader_find_form(reader, false);
    section->id = base != NULL ? base->id : "news";
    section->form = base != NULL && base->form != CONFIG_FORM_ONELINE ? base->form
                                                                      : CONFIG_FORM_ARTICLE;
    section->title = title;
    section->short_title = known != NULL && known->short_title != NULL ? known->short_title
                                                                       : title;
}

void reader_read_item(
    struct reader *reader, struct issue_section *section, size_t end, size_t *capacity)
{
    const struct reader_line *line = reader_peek(reader);
    struct issue_item item = {0};
    if (!reader_read_title(reader, line, section, &item)) {
        for (; reader->at < end; reader->at++) {
            if (!reader_is_blank(reader_peek(reader))) {
                reader_refuse(reader, reader_peek(reader), "an item without a title");
            }
        }
        return;
    }
    reader_read_body(reader, line + 1, end - reader->at - 1, &item);
    if (section->item_count == *capacity) {
        section->items = arena_grow(
            reader->arena, section->items, sizeof(*section->items), capacity);
    }
    section->items[section->item_count++] = item;
    reader->at = end;
}

/* Where the item at `start` ends: at the next one, a quotation, the footer, or `limit`. */
static size_t item_end(const struct reader *reader, size_t start, size_t limit)
{
    size_t end = start + 1;
    while (end < limit && !reader_is_item(&reader->lines[end]) &&
        reader_quoted(&reader->lines[end]) == NULL) {
        end++;
    }
    return end;
}

/* In the last section, lines that stand apart at the left edge belong to no item. */
static size_t closing_start(const struct reader *reader, size_t start, size_t end)
{
    for (size_t i = start + 1; i + 1 < end; i++) {
        const struct reader_line *next = &reader->lines[i + 1];
        if (reader_is_blank(&reader->lines[i]) && !reader_is_blank(next) &&
            next->text[0] != ' ' && next->text[0] != '\t') {
            return i + 1;
        }
    }
    return end;
}

/* A note of a section: its own before the first item; of the issue behind the last section. */
static void place_note(struct reader *reader, struct issue_section *section,
    const struct reader_line *line, bool is_last)
{
    struct issue *issue = reader->issue;
    const char *note = reader_note_of(reader, line);
    bool repeats = note != NULL && issue->note_before != NULL &&
        strcmp(note, issue->note_before) == 0;
    bool own = section->item_count == 0 && section->note == NULL && issue->closing == NULL &&
        !(is_last && repeats);
    if (note == NULL) {
        reader_refuse(reader, line, "a quotation that is no note");
    } else if (own) {
        section->note = note;
        reader_learn_blanks(reader);
    } else if (is_last && issue->note_after == NULL) {
        issue->note_after = note;
    } else {
        reader_refuse(reader, line, "a note in a place where an issue has none");
    }
}

/* Text that follows no item: behind the last section it closes the issue. */
static void read_text(struct reader *reader, size_t end, bool is_last)
{
    size_t start = reader->at;
    while (reader->at < end && reader_quoted(reader_peek(reader)) == NULL &&
        !reader_is_item(reader_peek(reader))) {
        if (!is_last && !reader_is_blank(reader_peek(reader))) {
            reader_refuse(
                reader, reader_peek(reader), "text before the first item of a section");
        }
        reader->at++;
    }
    if (is_last) {
        const char *text = reader_join(
            reader, reader->lines + start, reader->at - start, false);
        text = text == NULL ? NULL : text + strspn(text, " \t");
        reader->issue->closing = reader_append(reader, reader->issue->closing, text);
    }
}

void reader_read_section(struct reader *reader, const char *title, size_t end, bool is_last)
{
    struct issue_section *section = reader_add_section(reader);
    name_section(reader, section, title);
    size_t capacity = 0;
    while (reader->at < end) {
        const struct reader_line *line = reader_peek(reader);
        if (reader_is_blank(line)) {
            reader->at++;
        } else if (reader_quoted(line) != NULL) {
            place_note(reader, section, line, is_last);
            reader->at++;
        } else if (reader_is_item(line)) {
            size_t item = item_end(reader, reader->at, end);
            bool more = item < end && reader_is_item(&reader->lines[item]);
            reader_read_item(reader, section,
                is_last && !more ? closing_start(reader, reader->at, item) : item, &capacity);
        } else {
            read_text(reader, end, is_last);
        }
    }
}
