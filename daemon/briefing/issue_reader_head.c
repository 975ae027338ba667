/* From the front matter to the first section. Which paragraph is what shows only in what comes
 * next: one before a list leads in to it, one before the guide is a preface, and a bold line is
 * the tagline wherever an editor put it. So paragraphs are placed when they are read and moved
 * when more is known. */
#include <string.h>

#include "base/clock.h"
#include "briefing/issue_reader_parts.h"
#include "briefing/markdown_text.h"

/* ---- front matter, heading, tagline ---- */

static void read_front_matter(struct reader *reader)
{
    reader_skip_blank(reader);
    size_t start = reader->at;
    if (!reader_has_line(reader) || strcmp(reader_peek(reader)->text, "---") != 0) {
        return;
    }
    struct buffer text;
    buffer_init(&text, 64 << 10);
    for (size_t i = start + 1; i < reader->line_count; i++) {
        if (strcmp(reader->lines[i].text, "---") == 0) {
            reader->issue->front_matter = text.length == 0
                ? NULL
                : arena_strdup(reader->arena, text.data);
            reader->at = i + 1;
            break;
        }
        bool empty = text.length == 0 && reader_is_blank(&reader->lines[i]);
        if (!empty) {
            buffer_printf(&text, "%s%s", text.length > 0 ? "\n" : "", reader->lines[i].text);
        }
    }
    buffer_release(&text);
}

/* Plain text without the spaces around it; NULL when nothing is left. */
static const char *trimmed(struct reader *reader, const char *text, size_t length)
{
    while (length > 0 && text[0] == ' ') {
        text++, length--;
    }
    while (length > 0 && text[length - 1] == ' ') {
        length--;
    }
    return length == 0 ? NULL : arena_strndup(reader->arena, text, length);
}

/* Behind "(2020-09-17)": "：a/b/c", " a/b/c". */
static void read_headline(struct reader *reader, const char *rest)
{
    const char *text = rest + strspn(rest, " ");
    const char *behind = reader_behind_label(text, "：", NULL);
    text = behind == NULL ? text : behind;
    reader->issue->headline = trimmed(reader, text, strlen(text));
    if (reader->issue->headline != NULL) {
        reader->issue->labels.headline_separator = behind != NULL ? "：" : " ";
    }
}

/* "(2020-09-17)" in the heading: the file's own date before any other. NULL: there is none. */
static const char *find_date(struct reader *reader, const char *text, const char **ret_date)
{
    const char *found = NULL;
    for (const char *open = strchr(text, '('); open != NULL; open = strchr(open + 1, '(')) {
        const char *date = arena_strndup(reader->arena, open + 1, strcspn(open + 1, ")"));
        int64_t utc_s;
        bool is_date = open[1 + strlen(date)] == ')' && clock_parse_day(date, &utc_s);
        bool own = is_date && strcmp(date, reader->issue->date) == 0;
        if (own || (is_date && found == NULL)) {
            found = open;
            *ret_date = date;
        }
        if (own) {
            break;
        }
    }
    return found;
}

/* # 嵌入式AI简报 (2020-09-17)：headline */
static bool read_heading(struct reader *reader)
{
    reader_skip_blank(reader);
    const struct reader_line *line = reader_peek(reader);
    if (strncmp(line->text, "# ", 2) != 0) {
        return false;
    }
    reader->at++;
    const char *text = reader_plain(reader, line->text + 2, strlen(line->text + 2)), *date;
    if (text == NULL) {
        return true;
    }
    const char *open = find_date(reader, text, &date);
    const char *title = trimmed(
        reader, text, open == NULL ? strlen(text) : (size_t)(open - text));
    reader->issue->title = title == NULL ? reader->issue->title : title;
    if (open != NULL) {
        read_headline(reader, open + strlen(date) + 2);
        if (strcmp(date, reader->issue->date) != 0) {
            reader_refuse(reader, line, "another date than the file's name");
        }
    }
    return true;
}

/* "**…**": what stands between; NULL: the text is not set bold as a whole. */
static const char *bold_text(struct reader *reader, const char *text, size_t length)
{
    if (length <= 4 || strncmp(text, "**", 2) != 0 ||
        strncmp(text + length - 2, "**", 2) != 0) {
        return NULL;
    }
    const char *start = text + 2 + strspn(text + 2, " \t");
    size_t end = length - 2;
    while (text + end > start && strchr(" \t", text[end - 1]) != NULL) {
        end--;
    }
    return text + end <= start
        ? NULL
        : arena_strndup(reader->arena, start, (size_t)(text + end - start));
}

static void read_tagline(struct reader *reader)
{
    reader_skip_blank(reader);
    const struct reader_line *line = reader_peek(reader);
    reader->issue->tagline = bold_text(reader, line->text, strlen(line->text));
    reader->at += reader->issue->tagline != NULL;
}

/* What is printed next under the heading of an issue without a tagline. */
static const char **text_under_heading(struct issue *issue)
{
    if (issue->preface != NULL) {
        return &issue->preface;
    }
    bool list_comes_first = issue->guide == NULL && issue->section_count > 0 &&
        issue->sections[0].form == CONFIG_FORM_ONELINE;
    return list_comes_first && issue->sections[0].lead_in != NULL ? &issue->sections[0].lead_in
                                                                  : NULL;
}

/* A bold line that something kept from its place under the heading. */
static void settle_tagline(struct reader *reader)
{
    const char **text = text_under_heading(reader->issue);
    if (reader->issue->tagline != NULL || text == NULL) {
        return;
    }
    size_t length = strcspn(*text, "\n");
    reader->issue->tagline = bold_text(reader, *text, length);
    if (reader->issue->tagline != NULL) {
        const char *rest = *text + length + ((*text)[length] == '\n');
        *text = *rest == '\0' ? NULL : rest;
    }
}

/* ---- the guide ---- */

/* > 导读：…, and the lines of its paragraph, quoted or not. */
static void read_guide(struct reader *reader, const char *text)
{
    struct reader_line *lines = arena_new_array(
        reader->arena, struct reader_line, reader->line_count - reader->at);
    size_t count = 0;
    lines[count++] = (struct reader_line){text, reader_peek(reader)->number, false};
    for (reader->at++; reader_has_line(reader) && !reader_is_blank(reader_peek(reader));
         reader->at++) {
        const struct reader_line *line = reader_peek(reader);
        if (reader_is_heading(line) || reader_is_item(line) ||
            reader_note_of(reader, line) != NULL) {
            break;
        }
        lines[count] = *line;
        lines[count++].text = reader_quoted(line) != NULL ? reader_quoted(line) : line->text;
    }
    const char *guide = reader_join(reader, lines, count, true);
    guide = guide == NULL ? NULL : guide + strspn(guide, " \t");
    reader->issue->guide = reader_append(reader, reader->issue->guide, guide);
}

/* The bracket pair around the section's names in the guide. */
static void learn_brackets(struct reader *reader)
{
    static const struct {
        const char *open, *close;
    } pairs[] = {{"「", "」"}, {"【", "】"}, {"《", "》"}, {"[", "]"}};
    const char *guide = reader->issue->guide;
    struct config_labels *labels = &reader->issue->labels;
    for (size_t i = 0; guide != NULL && i < reader->config->section_count; i++) {
        const char *names[] = {
            reader->config->sections[i].short_title, reader->config->sections[i].title};
        for (size_t k = 0; k < array_count(pairs) * 2; k++) {
            const char *name = names[k % 2];
            char *shown = arena_printf(reader->arena, "%s%s%s", pairs[k / 2].open,
                name == NULL ? "" : name, pairs[k / 2].close);
            if (name != NULL && strstr(guide, shown) != NULL) {
                labels->open_bracket = pairs[k / 2].open;
                labels->close_bracket = pairs[k / 2].close;
                return;
            }
        }
    }
}

/* ---- what stands before the first section ---- */

/* A paragraph before the first section that leads in to no list. */
static void add_lead(struct reader *reader, const char *text)
{
    struct issue *issue = reader->issue;
    const char **to = issue->guide == NULL ? &issue->preface : &issue->guide;
    *to = reader_append(reader, *to, text);
}

/* The warm-up list at the current line, its lead-in before it. */
static void read_warm_up(struct reader *reader, const char *lead_in)
{
    const struct config_section *base = reader_find_form(reader, true);
    struct issue_section *section = reader_add_section(reader);
    size_t items = 0;
    *section = (struct issue_section){
        .id = base == NULL ? "brief" : base->id,
        .title = base == NULL ? "-" : base->title,
        .short_title = base == NULL ? NULL : base->short_title,
        .form = CONFIG_FORM_ONELINE,
        .lead_in = lead_in,
    };
    /* without a guide between them, the paragraph before a list leads in to it */
    if (lead_in == NULL && reader->issue->guide == NULL) {
        section->lead_in = reader->issue->preface;
        reader->issue->preface = NULL;
    }
    for (reader_skip_blank(reader);
         reader_has_line(reader) && reader_is_item(reader_peek(reader));
         reader_skip_blank(reader)) {
        reader_read_item(reader, section, reader->at + 1, &items);
    }
    if (section->item_count == 0) { /* no item had a title: then the line leads in to nothing */
        reader->issue->section_count--;
        add_lead(reader, section->lead_in);
    }
}

/* Paragraphs between the tagline and the first section: which they are shows what follows. */
static void read_paragraph(struct reader *reader)
{
    size_t start = reader->at;
    while (reader_has_line(reader) && !reader_is_heading(reader_peek(reader)) &&
        !reader_is_item(reader_peek(reader)) && reader_quoted(reader_peek(reader)) == NULL &&
        !reader_is_blank(reader_peek(reader)) && !markdown_is_rule(reader_peek(reader)->text)) {
        reader->at++;
    }
    const char *text = reader_join(reader, reader->lines + start, reader->at - start, false);
    reader_skip_blank(reader);
    struct issue *issue = reader->issue;
    if (reader_has_line(reader) && reader_is_item(reader_peek(reader)) &&
        issue->section_count == 0) {
        read_warm_up(reader, text);
    } else if (issue->section_count == 0 && issue->note_before == NULL) {
        add_lead(reader, text);
    } else {
        for (size_t i = start; i < reader->at; i++) {
            if (!reader_is_blank(&reader->lines[i])) {
                reader_refuse(reader, &reader->lines[i], "text behind the warm-up list");
            }
        }
    }
}

static void read_quotation(struct reader *reader)
{
    const struct reader_line *line = reader_peek(reader);
    const char *guide = reader_behind_label(
        reader_quoted(line), reader->config->briefing.labels.guide, NULL);
    if (guide != NULL && reader->issue->section_count == 0) {
        read_guide(reader, guide);
        return;
    }
    const char *note = reader_note_of(reader, line);
    if (note != NULL && reader->issue->note_before == NULL) {
        reader->issue->note_before = note;
        reader_learn_blanks(reader);
    } else {
        reader_refuse(reader, line, "a quotation that is neither guide nor note");
    }
    reader->at++;
}

static void read_lead(struct reader *reader)
{
    for (reader_skip_blank(reader); reader_has_line(reader); reader_skip_blank(reader)) {
        const struct reader_line *line = reader_peek(reader);
        if (reader_is_heading(line) || markdown_is_rule(line->text)) {
            return;
        }
        if (reader_quoted(line) != NULL) {
            read_quotation(reader);
        } else if (reader_is_item(line) && reader->issue->section_count == 0) {
            read_warm_up(reader, NULL);
        } else if (reader_is_item(line)) {
            reader_refuse(reader, line, "an item behind the warm-up list");
            reader->at++;
        } else {
            read_paragraph(reader);
        }
    }
}

void reader_read_head(struct reader *reader)
{
    read_front_matter(reader);
    if (!read_heading(reader) && reader_has_line(reader)) {
        reader_refuse(
            reader, reader_peek(reader), "a heading \"# …\" was expected before this line");
    }
    read_tagline(reader);
    read_lead(reader);
    settle_tagline(reader);
    learn_brackets(reader);
}
