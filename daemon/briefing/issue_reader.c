/* The document: from the front matter down to the footer, a line at a time.
 *
 * A Markdown parser was tried in thought and rejected: to one, an item's labelled lines, its
 * summary and a list inside it are one paragraph or three depending on two spaces at a line's
 * end, and in these issues they come and go. What holds through all years is what an editor
 * sees: a line that begins "- " at the left edge is an item, "## " a section, what follows an
 * item belongs to it. So that is what is read.
 */
#include "briefing/issue_reader.h"

#include <assert.h>
#include <string.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "briefing/archive_table.h"
#include "briefing/issue_reader_parts.h"
#include "briefing/letters.h"
#include "briefing/markdown_text.h"

/* ---- lines ---- */

void reader_refuse(struct reader *reader, const struct reader_line *line, const char *why)
{
    if (reader->unread_count == reader->unread_capacity) {
        reader->unread = arena_grow(
            reader->arena, reader->unread, sizeof(*reader->unread), &reader->unread_capacity);
    }
    reader->unread[reader->unread_count++] = (struct issue_unread){
        line->number, line->text, why};
}

/* Valid UTF-8 without a byte order mark and carriage returns. */
static char *clean_text(struct arena *arena, const char *text, size_t length)
{
    char *copy = arena_strndup(arena, text, length);
    char *clean = arena_alloc(arena, arena_array_bytes(3, length + 1));
    size_t size = 0;
    for (size_t i = 0; i < length; i++) {
        copy[i] = copy[i] == '\0' ? ' ' : copy[i];
    }
    const char *at = strncmp(copy, "\xef\xbb\xbf", 3) == 0 ? copy + 3 : copy;
    for (uint32_t c; *at != '\0';) {
        size_t bytes = utf8_decode(at, &c);
        if (c == 0xfffd) {
            memcpy(clean + size, "\xef\xbf\xbd", 3);
            size += 3;
        } else if (c == '\r') {
            clean[size] = '\n';
            size += at[1] == '\n' ? 0 : 1;
        } else {
            memcpy(clean + size, at, bytes);
            size += bytes;
        }
        at += bytes;
    }
    clean[size] = '\0';
    return clean;
}

static void split_lines(struct reader *reader, char *text)
{
    size_t capacity = 2;
    for (const char *at = text; *at != '\0'; at++) {
        capacity += *at == '\n';
    }
    reader->lines = arena_new_array(reader->arena, struct reader_line, capacity);
    for (char *next = text; next != NULL;) {
        char *line = next;
        next = strchr(line, '\n');
        size_t length = next == NULL ? strlen(line) : (size_t)(next - line);
        size_t full = length;
        while (length > 0 && strchr(" \t\f\v", line[length - 1]) != NULL) {
            length--;
        }
        line[length] = '\0';
        next = next == NULL ? NULL : next + 1;
        reader->lines[reader->line_count] = (struct reader_line){
            line, reader->line_count + 1, length > 0 && full >= length + 2};
        reader->line_count++;
    }
    reader->lines[reader->line_count] = (struct reader_line){"", reader->line_count + 1, false};
}

static bool has_line(const struct reader *reader)
{
    return reader->at < reader->line_count;
}

/* The line to be read next; behind the last one, an empty one. */
static const struct reader_line *peek(const struct reader *reader)
{
    return &reader->lines[reader->at];
}

static bool is_blank(const struct reader_line *line)
{
    return line->text[strspn(line->text, " \t")] == '\0';
}

static void skip_blank(struct reader *reader)
{
    while (has_line(reader) && is_blank(peek(reader))) {
        reader->at++;
    }
}

static bool is_heading(const struct reader_line *line)
{
    return strncmp(line->text, "## ", 3) == 0;
}

static bool is_item(const struct reader_line *line)
{
    return line->text[0] == '-' && (line->text[1] == ' ' || line->text[1] == '\t') &&
        !markdown_is_rule(line->text);
}

const char *reader_behind_label(const char *text, const char *label, bool *ret_narrow)
{
    static const char wide[] = "：";
    size_t length = strlen(label);
    if (length >= sizeof(wide) - 1 && strcmp(label + length - (sizeof(wide) - 1), wide) == 0) {
        length -= sizeof(wide) - 1;
    } else if (length > 0 && label[length - 1] == ':') {
        length--;
    } else {
        return length > 0 && strncmp(text, label, length) == 0 ? text + length : NULL;
    }
    if (strncmp(text, label, length) != 0) {
        return NULL;
    }
    bool narrow = text[length] == ':';
    if (!narrow && strncmp(text + length, wide, sizeof(wide) - 1) != 0) {
        return NULL;
    }
    if (ret_narrow != NULL) {
        *ret_narrow = narrow;
    }
    return text + length + (narrow ? 1 : sizeof(wide) - 1);
}

/* What is quoted: "> text", ">text"; NULL: the line is no quotation. */
static const char *quoted(const struct reader_line *line)
{
    return line->text[0] != '>' ? NULL : line->text + 1 + strspn(line->text + 1, " \t");
}

/* The text of a note line (> 注：…), or NULL. */
static const char *note_of(const struct reader *reader, const struct reader_line *line)
{
    const char *text = quoted(line);
    text = text == NULL ? NULL
                        : reader_behind_label(text, reader->config->briefing.labels.note, NULL);
    text = text == NULL ? NULL : text + strspn(text, " \t");
    return text == NULL || *text == '\0' ? NULL : text;
}

/* ---- the head ---- */

static void read_front_matter(struct reader *reader)
{
    skip_blank(reader);
    size_t start = reader->at;
    if (!has_line(reader) || strcmp(peek(reader)->text, "---") != 0) {
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
        bool empty = text.length == 0 && is_blank(&reader->lines[i]);
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
    skip_blank(reader);
    const struct reader_line *line = peek(reader);
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
    skip_blank(reader);
    const struct reader_line *line = peek(reader);
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

/* Lines up to `end`, as the issue holds them. */
static const char *join(struct reader *reader, size_t start, size_t end)
{
    return reader_join(reader, reader->lines + start, end - start, false);
}

/* Texts that come in pieces are copied with every piece; no issue has that much of them. */
enum { JOINED_MAX_BYTES = 16 << 10 };

static const char *append(struct reader *reader, const char *text, const char *more)
{
    if (text == NULL || more == NULL) {
        return text == NULL ? more : text;
    }
    if (strlen(text) + strlen(more) > JOINED_MAX_BYTES) {
        reader_refuse(
            reader, peek(reader), "before this line stands more text than an issue has");
        return text;
    }
    return arena_printf(reader->arena, "%s\n%s", text, more);
}

/* > 导读：…, and the lines of its paragraph, quoted or not. */
static void read_guide(struct reader *reader, const char *text)
{
    struct reader_line *lines = arena_new_array(
        reader->arena, struct reader_line, reader->line_count - reader->at);
    size_t count = 0;
    lines[count++] = (struct reader_line){text, peek(reader)->number, false};
    for (reader->at++; has_line(reader) && !is_blank(peek(reader)); reader->at++) {
        const struct reader_line *line = peek(reader);
        if (is_heading(line) || is_item(line) || note_of(reader, line) != NULL) {
            break;
        }
        lines[count] = *line;
        lines[count++].text = quoted(line) != NULL ? quoted(line) : line->text;
    }
    const char *guide = reader_join(reader, lines, count, true);
    guide = guide == NULL ? NULL : guide + strspn(guide, " \t");
    reader->issue->guide = append(reader, reader->issue->guide, guide);
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

/* ---- sections ---- */

static struct issue_section *add_section(struct reader *reader, size_t *capacity)
{
    struct issue *issue = reader->issue;
    if (issue->section_count == *capacity) {
        issue->sections = arena_grow(
            reader->arena, issue->sections, sizeof(*issue->sections), capacity);
    }
    struct issue_section *section = &issue->sections[issue->section_count++];
    *section = (struct issue_section){0};
    return section;
}

static const struct config_section *find_form(const struct reader *reader, bool oneline)
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
    const struct config_section *base = known != NULL ? known : find_form(reader, false);
    section->id = base != NULL ? base->id : "news";
    section->form = base != NULL && base->form != CONFIG_FORM_ONELINE ? base->form
                                                                      : CONFIG_FORM_ARTICLE;
    section->title = title;
    section->short_title = known != NULL && known->short_title != NULL ? known->short_title
                                                                       : title;
}

/* The item at the current line and its body, up to `end`. */
static void read_item(
    struct reader *reader, struct issue_section *section, size_t end, size_t *capacity)
{
    const struct reader_line *line = peek(reader);
    struct issue_item item = {0};
    if (!reader_read_title(reader, line, section, &item)) {
        for (; reader->at < end; reader->at++) {
            if (!is_blank(peek(reader))) {
                reader_refuse(reader, peek(reader), "an item without a title");
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
    while (
        end < limit && !is_item(&reader->lines[end]) && quoted(&reader->lines[end]) == NULL) {
        end++;
    }
    return end;
}

/* In the last section, lines that stand apart at the left edge belong to no item. */
static size_t closing_start(const struct reader *reader, size_t start, size_t end)
{
    for (size_t i = start + 1; i + 1 < end; i++) {
        const struct reader_line *next = &reader->lines[i + 1];
        if (is_blank(&reader->lines[i]) && !is_blank(next) && next->text[0] != ' ' &&
            next->text[0] != '\t') {
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
    const char *note = note_of(reader, line);
    bool repeats = note != NULL && issue->note_before != NULL &&
        strcmp(note, issue->note_before) == 0;
    bool own = section->item_count == 0 && section->note == NULL && issue->closing == NULL &&
        !(is_last && repeats);
    if (note == NULL) {
        reader_refuse(reader, line, "a quotation that is no note");
    } else if (own) {
        section->note = note;
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
    while (reader->at < end && quoted(peek(reader)) == NULL && !is_item(peek(reader))) {
        if (!is_last && !is_blank(peek(reader))) {
            reader_refuse(reader, peek(reader), "text before the first item of a section");
        }
        reader->at++;
    }
    if (is_last) {
        const char *text = join(reader, start, reader->at);
        text = text == NULL ? NULL : text + strspn(text, " \t");
        reader->issue->closing = append(reader, reader->issue->closing, text);
    }
}

static void read_section_lines(
    struct reader *reader, struct issue_section *section, size_t end, bool is_last)
{
    size_t capacity = 0;
    while (reader->at < end) {
        const struct reader_line *line = peek(reader);
        if (is_blank(line)) {
            reader->at++;
        } else if (quoted(line) != NULL) {
            place_note(reader, section, line, is_last);
            reader->at++;
        } else if (is_item(line)) {
            size_t item = item_end(reader, reader->at, end);
            bool more = item < end && is_item(&reader->lines[item]);
            read_item(reader, section,
                is_last && !more ? closing_start(reader, reader->at, item) : item, &capacity);
        } else {
            read_text(reader, end, is_last);
        }
    }
}

/* ---- the archive ---- */

/* "[往期回顾](url)" or "往期回顾"; *ret_url is NULL without a link. */
static bool is_archive_heading(struct reader *reader, const char *text, const char **ret_url)
{
    struct reader_link link;
    bool linked = reader_find_link(text, &link) && text[link.end] == '\0';
    const char *title = linked
        ? reader_plain(reader, text + link.label, link.label_end - link.label)
        : reader_plain(reader, text, strlen(text));
    *ret_url = linked ? reader_web_url(reader, text + link.destination,
                            link.destination_end - link.destination)
                      : NULL;
    return title != NULL && strcmp(title, reader->config->briefing.labels.archive) == 0;
}

static uint8_t spaces_beyond_one(size_t spaces)
{
    return (uint8_t)(spaces <= 1 ? 0 : spaces > 9 ? 8 : spaces - 1);
}

/* "[2020-09-17](../out/2020-09-17.md)"; false: it is none. */
static bool read_past(
    struct reader *reader, const char *cell, size_t length, struct past_issue *past)
{
    const char *text = arena_strndup(reader->arena, cell, length);
    size_t before = strspn(text, " \t");
    struct reader_link link;
    if (!reader_find_link(text + before, &link)) {
        return false;
    }
    const char *inner = text + before;
    size_t after = strspn(inner + link.end, " \t");
    const char *date = arena_strndup(
        reader->arena, inner + link.label, link.label_end - link.label);
    const char *url = arena_strndup(
        reader->arena, inner + link.destination, link.destination_end - link.destination);
    struct buffer printed;
    buffer_init(&printed, 4096);
    markdown_write_destination(url, &printed);
    url = printed.length == 0 || buffer_failed(&printed)
        ? NULL
        : arena_strdup(reader->arena, printed.data);
    buffer_release(&printed);
    int64_t utc_s;
    bool web = url != NULL && reader_web_url(reader, url, strlen(url)) != NULL;
    bool relative = url != NULL && url[strcspn(url, ":/?#")] != ':';
    *past = (struct past_issue){date, url, spaces_beyond_one(before), spaces_beyond_one(after)};
    return inner[link.end + after] == '\0' && clock_parse_day(date, &utc_s) &&
        (web || relative || url == NULL);
}

static bool add_past(struct reader *reader, const char *cell, size_t length, size_t *capacity)
{
    struct issue *issue = reader->issue;
    struct past_issue past;
    if (!read_past(reader, cell, length, &past)) {
        return false;
    }
    if (issue->archive_count == *capacity) {
        issue->archive = arena_grow(
            reader->arena, issue->archive, sizeof(*issue->archive), capacity);
    }
    issue->archive[issue->archive_count++] = past;
    return true;
}

/* | 2 | 0 | 2 | 0 |, |:---:|…: what the table writer puts there by itself. */
static bool is_ruling(const char *row)
{
    return row[strspn(row, "| \t0123456789:-")] == '\0' && strpbrk(row, "0123456789:") != NULL;
}

/* A row of issues; false when a cell is neither one nor a filler. */
static bool read_row(struct reader *reader, const char *row, size_t *capacity)
{
    bool ok = true;
    for (const char *cell = row + 1; *cell != '\0' && ok;) {
        size_t length = strcspn(cell, "|");
        size_t blank = strspn(cell, " \t");
        bool filler = cell[blank] != '[';
        if (!filler) {
            ok = add_past(reader, cell, length, capacity);
        } else if (blank < length && reader->issue->archive_filler == NULL) {
            reader->issue->archive_filler = reader_plain(reader, cell, length);
        }
        cell += length + (cell[length] == '|');
    }
    return ok;
}

/* Up to the footer; true when the line was the archive's. */
static bool read_archive_line(
    struct reader *reader, const struct reader_line *line, size_t *capacity)
{
    struct issue *issue = reader->issue;
    if (line->text[0] == '|') {
        issue->archive_form = ISSUE_ARCHIVE_TABLE;
        if (!is_ruling(line->text) && !read_row(reader, line->text, capacity)) {
            reader_refuse(reader, line, "a row with a cell that is no issue");
        }
        return true;
    }
    if (is_item(line) && add_past(reader, line->text + 1, strlen(line->text + 1), capacity)) {
        issue->archive_form = ISSUE_ARCHIVE_LIST;
        return true;
    }
    return false;
}

/* Anchor, filler and spaces are the table's; a filler is there while the newest row has room.
 */
static void settle_archive(struct reader *reader)
{
    struct issue *issue = reader->issue;
    const char *anchor = reader->config->briefing.archive_anchor;
    bool table = issue->archive_form == ISSUE_ARCHIVE_TABLE;
    size_t last = issue->archive_count - 1;
    for (size_t i = 0; i < issue->archive_count; i++) {
        if (table && anchor != NULL && strcmp(issue->archive[i].date, anchor) == 0) {
            issue->archive_anchor = anchor;
            last = i;
            break;
        }
    }
    if (!table || issue->archive_count == 0 || last % ARCHIVE_COLUMNS + 1 == ARCHIVE_COLUMNS) {
        issue->archive_filler = NULL;
    }
    for (size_t i = 0; i < issue->archive_count && !table; i++) {
        issue->archive[i].spaces_before = issue->archive[i].spaces_after = 0;
    }
}

static void read_archive(struct reader *reader)
{
    size_t capacity = 0;
    struct issue *issue = reader->issue;
    issue->archive_form = ISSUE_ARCHIVE_TABLE;
    for (; has_line(reader); reader->at++) {
        if (!is_blank(peek(reader)) && !read_archive_line(reader, peek(reader), &capacity)) {
            break;
        }
    }
    settle_archive(reader);
}

/* All that is left, as it stands: two spaces at a line's end are a break, others are nothing.
 */
static void read_footer(struct reader *reader)
{
    skip_blank(reader);
    struct buffer text;
    buffer_init(&text, 1 << 20);
    size_t end = reader->line_count;
    while (end > reader->at && is_blank(&reader->lines[end - 1])) {
        end--;
    }
    for (; reader->at < end; reader->at++) {
        buffer_printf(&text, "%s%s%s", text.length > 0 ? "\n" : "", peek(reader)->text,
            peek(reader)->breaks && reader->at + 1 < end ? "  " : "");
    }
    reader->issue->footer = text.length == 0 ? NULL : arena_strdup(reader->arena, text.data);
    buffer_release(&text);
}

/* ---- the whole ---- */

/* Where the section at the current line ends: at the next heading or the rule that begins the
 * footer. */
static size_t section_end(const struct reader *reader)
{
    size_t end = reader->at;
    while (end < reader->line_count && !is_heading(&reader->lines[end]) &&
        !markdown_is_rule(reader->lines[end].text)) {
        end++;
    }
    return end;
}

/* No section follows `end`: a footer, the archive, or nothing. */
static bool is_last_section(struct reader *reader, size_t end)
{
    const char *url;
    for (size_t i = end; i < reader->line_count; i++) {
        const struct reader_line *line = &reader->lines[i];
        if (markdown_is_rule(line->text)) {
            return true;
        }
        if (is_heading(line)) {
            return is_archive_heading(reader, line->text + 3, &url);
        }
    }
    return true;
}

static void read_sections(struct reader *reader, size_t *capacity)
{
    while (has_line(reader) && is_heading(peek(reader))) {
        const struct reader_line *line = peek(reader);
        const char *text = line->text + 3 + strspn(line->text + 3, " \t"), *url;
        reader->at++;
        if (is_archive_heading(reader, text, &url)) {
            reader->issue->archive_url = url;
            read_archive(reader);
            return;
        }
        size_t end = section_end(reader);
        const char *title = reader_plain(reader, text, strlen(text));
        struct issue_section *section = add_section(reader, capacity);
        name_section(reader, section, title == NULL ? "-" : title);
        read_section_lines(reader, section, end, is_last_section(reader, end));
    }
}

/* A paragraph before the first section that leads in to no list. */
static void add_lead(struct reader *reader, const char *text)
{
    struct issue *issue = reader->issue;
    const char **to = issue->guide == NULL ? &issue->preface : &issue->guide;
    *to = append(reader, *to, text);
}

/* The warm-up list at the current line, its lead-in before it. */
static void read_warm_up(struct reader *reader, const char *lead_in, size_t *capacity)
{
    const struct config_section *base = find_form(reader, true);
    struct issue_section *section = add_section(reader, capacity);
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
    for (skip_blank(reader); has_line(reader) && is_item(peek(reader)); skip_blank(reader)) {
        read_item(reader, section, reader->at + 1, &items);
    }
    if (section->item_count == 0) { /* no item had a title: then the line leads in to nothing */
        reader->issue->section_count--;
        add_lead(reader, section->lead_in);
    }
}

/* Paragraphs between the tagline and the first section: which they are shows what follows. */
static void read_paragraph(struct reader *reader, size_t *capacity)
{
    size_t start = reader->at;
    while (has_line(reader) && !is_heading(peek(reader)) && !is_item(peek(reader)) &&
        quoted(peek(reader)) == NULL && !is_blank(peek(reader)) &&
        !markdown_is_rule(peek(reader)->text)) {
        reader->at++;
    }
    const char *text = join(reader, start, reader->at);
    skip_blank(reader);
    struct issue *issue = reader->issue;
    if (has_line(reader) && is_item(peek(reader)) && issue->section_count == 0) {
        read_warm_up(reader, text, capacity);
    } else if (issue->section_count == 0 && issue->note_before == NULL) {
        add_lead(reader, text);
    } else {
        for (size_t i = start; i < reader->at; i++) {
            if (!is_blank(&reader->lines[i])) {
                reader_refuse(reader, &reader->lines[i], "text behind the warm-up list");
            }
        }
    }
}

static void read_quotation(struct reader *reader)
{
    const struct reader_line *line = peek(reader);
    const char *guide = reader_behind_label(
        quoted(line), reader->config->briefing.labels.guide, NULL);
    if (guide != NULL && reader->issue->section_count == 0) {
        read_guide(reader, guide);
        return;
    }
    const char *note = note_of(reader, line);
    if (note != NULL && reader->issue->note_before == NULL) {
        reader->issue->note_before = note;
    } else {
        reader_refuse(reader, line, "a quotation that is neither guide nor note");
    }
    reader->at++;
}

static void read_lead(struct reader *reader, size_t *capacity)
{
    for (skip_blank(reader); has_line(reader); skip_blank(reader)) {
        const struct reader_line *line = peek(reader);
        if (is_heading(line) || markdown_is_rule(line->text)) {
            return;
        }
        if (quoted(line) != NULL) {
            read_quotation(reader);
        } else if (is_item(line) && reader->issue->section_count == 0) {
            read_warm_up(reader, NULL, capacity);
        } else if (is_item(line)) {
            reader_refuse(reader, line, "an item behind the warm-up list");
            reader->at++;
        } else {
            read_paragraph(reader, capacity);
        }
    }
}

static struct issue *begin_issue(
    struct arena *arena, const struct config *config, const char *date)
{
    struct issue *issue = arena_new(arena, struct issue);
    issue->date = arena_strdup(arena, date);
    issue->title = config->briefing.title;
    issue->language = config->briefing.language;
    issue->labels = config->briefing.labels;
    return issue;
}

struct issue_reading issue_read_markdown(struct arena *arena, const struct config *config,
    const char *date, const char *text, size_t length)
{
    int64_t utc_s;
    assert(clock_parse_day(date, &utc_s));
    size_t sections = 0;
    struct reader reader = {
        .arena = arena, .config = config, .issue = begin_issue(arena, config, date)};
    split_lines(&reader, clean_text(arena, text, length));
    read_front_matter(&reader);
    if (!read_heading(&reader) && has_line(&reader)) {
        reader_refuse(
            &reader, peek(&reader), "a heading \"# …\" was expected before this line");
    }
    read_tagline(&reader);
    read_lead(&reader, &sections);
    settle_tagline(&reader);
    learn_brackets(&reader);
    read_sections(&reader, &sections);
    read_footer(&reader);
    if (reader.narrow_summary > 0) {
        const char *label = config->briefing.labels.summary;
        const char *wide = strstr(label, "：");
        reader.issue->labels.summary = wide == NULL
            ? label
            : arena_printf(arena, "%.*s:", (int)(wide - label), label);
    }
    return (struct issue_reading){reader.issue, reader.unread, reader.unread_count};
}
