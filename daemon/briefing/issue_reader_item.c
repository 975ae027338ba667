/* One item: its title line, the labelled lines below, its summary.
 *
 * The title line is taken apart from both ends: tags in brackets first, then the link with
 * whatever stands around it; inside, subject or prefix from the front and the source from the
 * back. Brackets are matched rather than searched for, because titles hold brackets, and
 * addresses parentheses. */
#include "briefing/issue_reader_parts.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "briefing/letters.h"
#include "briefing/markdown_text.h"
#include "feed/url.h"

enum {
    LABEL_MAX_COLUMNS = 20, /* 开源项目地址：, wav2letter 项目地址： */
    SUBJECT_MAX_COLUMNS = 18, /* 中移芯片 OneChip：; longer ones are sentences with a colon */
    BRACKETS_TRIED_MAX = 64, /* each may be looked at up to the line's end */
};

/* ---- the title line ---- */

/* "[2009.00278v2] [Title](…": brackets in front of something that are no link. */
static const char *read_tags(struct reader *reader, const char *text, struct issue_item *item)
{
    size_t capacity = 0;
    struct reader_link link;
    while (text[0] == '[' && text[1] != '[' && !reader_find_link(text, &link)) {
        size_t close = reader_find_closing(text, '[', ']');
        const char *rest = text + close + 1;
        bool stands_apart = close > 1 && (*rest == '[' || *rest == ' ');
        rest += strspn(rest, " \t");
        const char *tag = stands_apart && *rest != '\0'
            ? reader_plain(reader, text + 1, close - 1)
            : NULL;
        if (tag == NULL) {
            return text;
        }
        if (item->tag_count == capacity) {
            item->tags = arena_grow(reader->arena, item->tags, sizeof(*item->tags), &capacity);
        }
        item->tags[item->tag_count++] = tag;
        text = rest;
    }
    return text;
}

/* [[报道原文]](url) */
static bool is_doubled(const char *text, const struct reader_link *link)
{
    return text[link->label] == '[' && text[link->label_end - 1] == ']' &&
        link->label_end - link->label > 2;
}

/* The text is nothing but links; with single brackets only right behind the main one. */
static bool are_links(const char *text, bool single)
{
    struct reader_link link;
    text += strspn(text, " \t");
    while (reader_find_link(text, &link) && (single || is_doubled(text, &link))) {
        text += link.end + strspn(text + link.end, " \t");
        if (*text == '\0') {
            return true;
        }
    }
    return false;
}

/* Where further links begin that end the line, from `start` on; the line's end: nowhere. */
static size_t find_links(const char *text, size_t start, bool behind_link)
{
    if (behind_link && are_links(text + start, true)) {
        return start;
    }
    int tried = 0;
    for (size_t i = start; text[i] != '\0' && tried < BRACKETS_TRIED_MAX; i++) {
        tried += text[i] == '[';
        if (text[i] == '\\' && text[i + 1] != '\0') {
            i++;
        } else if (text[i] == '[' && text[i + 1] == '[' && are_links(text + i, false)) {
            return i;
        }
    }
    return strlen(text);
}

static void read_links(struct reader *reader, const char *text, struct issue_item *item)
{
    size_t capacity = 0;
    struct reader_link link;
    text += strspn(text, " \t");
    for (; reader_find_link(text, &link); text += link.end + strspn(text + link.end, " \t")) {
        bool doubled = is_doubled(text, &link);
        const char *label = reader_plain(reader, text + link.label + doubled,
            link.label_end - link.label - 2 * (size_t)doubled);
        if (item->link_count == capacity) {
            item->links = arena_grow(
                reader->arena, item->links, sizeof(*item->links), &capacity);
        }
        item->links[item->link_count++] = (struct issue_link){label == NULL ? "-" : label,
            reader_web_url(
                reader, text + link.destination, link.destination_end - link.destination)};
    }
}

static bool is_bar(uint32_t c)
{
    return c == '|' || c == 0x4e28 || c == 0xff5c; /* | 丨 ｜ */
}

/* The last bar with a space beside it: *ret_bar is where it stands, *ret_rest what follows. */
static bool find_source(const char *text, size_t length, size_t *ret_bar, size_t *ret_rest)
{
    bool found = false, spaced = false;
    for (size_t offset = 0; offset < length;) {
        size_t at = offset;
        uint32_t c = letters_next(text, &offset);
        if (c == '\\' && offset < length) {
            letters_next(text, &offset);
            spaced = false;
            continue;
        }
        bool before_space = offset < length && letters_is_space(letters_peek(text, offset));
        if (is_bar(c) && at > 0 && (spaced || before_space)) {
            *ret_bar = at;
            *ret_rest = offset;
            found = true;
        }
        spaced = letters_is_space(c);
    }
    return found;
}

/* Cut the source off a title that is still Markdown. */
static size_t split_source(
    struct reader *reader, const char *text, size_t length, struct issue_item *item)
{
    size_t bar, rest;
    if (!find_source(text, length, &bar, &rest)) {
        return length;
    }
    const char *title = reader_plain(reader, text, bar);
    const char *source = reader_plain(reader, text + rest, length - rest);
    if (title == NULL || source == NULL) {
        return length;
    }
    item->source = source;
    return bar;
}

static bool is_name_byte(char c)
{
    return isalnum((unsigned char)c) || (c != '\0' && strchr("-_.", c) != NULL);
}

/* "owner/repo: …", "owner/repo：…" */
static void split_prefix(struct reader *reader, struct issue_item *item)
{
    const char *title = item->title;
    size_t owner = 0, name = 0;
    while (is_name_byte(title[owner])) {
        owner++;
    }
    const char *repo = title + owner + (title[owner] == '/');
    while (title[owner] == '/' && is_name_byte(repo[name])) {
        name++;
    }
    if (owner == 0 || name == 0) {
        return;
    }
    const char *rest = reader_behind_label(repo + name, ":", NULL);
    if (rest == NULL || rest[strspn(rest, " ")] == '\0') {
        return;
    }
    item->prefix = arena_strndup(reader->arena, title, (size_t)(repo + name - title));
    item->title = rest + strspn(rest, " ");
}

/* What cannot stand inside a name: a sentence before a colon is none. */
static bool is_name(const char *text, size_t length, unsigned max_columns)
{
    static const char *const stops[] = {"，", "。", "；", "！", "？", "、", "「", "」", "【",
        "】", "“", "”", "《", "》", "（", "）", "：", "|", "[", "]", "<", ">", "*", "`", "(",
        ")", ":", "\\", "#"};
    char name[128];
    if (length == 0 || length >= sizeof(name)) {
        return false;
    }
    memcpy(name, text, length);
    name[length] = '\0';
    for (size_t i = 0; i < array_count(stops); i++) {
        if (strstr(name, stops[i]) != NULL) {
            return false;
        }
    }
    bool letters = false;
    for (size_t offset = 0; name[offset] != '\0';) {
        uint32_t c = letters_next(name, &offset);
        letters |= letters_is_han(c) || (c < 0x80 && isalpha((int)c));
    }
    return letters && !isspace((unsigned char)name[0]) &&
        !isspace((unsigned char)name[length - 1]) && letters_columns(name) <= max_columns;
}

/* "华为：……" */
static void split_subject(struct reader *reader, struct issue_item *item)
{
    const char *mark = reader->config->briefing.labels.prefix_separator;
    const char *found = *mark == '\0' ? NULL : strstr(item->title, mark);
    if (found == NULL ||
        !is_name(item->title, (size_t)(found - item->title), SUBJECT_MAX_COLUMNS)) {
        return;
    }
    const char *rest = found + strlen(mark);
    rest += strspn(rest, " ");
    if (*rest != '\0') {
        item->subject = arena_strndup(
            reader->arena, item->title, (size_t)(found - item->title));
        item->title = rest;
    }
}

/* One mark at the end of a one-line item: ；, ; or, of the last one, 。 */
static size_t without_stop(const struct config_labels *labels, const char *text, size_t length)
{
    const char *const marks[] = {labels->group_separator, labels->sentence_end, ";"};
    for (size_t i = 0; i < array_count(marks); i++) {
        size_t size = strlen(marks[i]);
        if (size > 0 && length >= size && memcmp(text + length - size, marks[i], size) == 0) {
            return length - size;
        }
    }
    return length;
}

/* A link in the middle of a line, or the whole of it. */
struct wording {
    const char *text;
    size_t length;
    struct reader_link link; /* offsets from `at` */
    size_t at;
    bool linked;
};

/* The first link of the line, be there text before it. */
static struct wording find_wording(const char *text, size_t length)
{
    struct wording wording = {.text = text, .length = length};
    int tried = 0;
    for (size_t i = 0; i < length && !wording.linked && tried < BRACKETS_TRIED_MAX; i++) {
        tried += text[i] == '[';
        if (text[i] == '\\') {
            i++;
        } else if (text[i] == '[' && reader_find_link(text + i, &wording.link) &&
            i + wording.link.end <= length && !(i > 0 && is_doubled(text + i, &wording.link))) {
            wording.linked = true;
            wording.at = i;
        }
    }
    return wording;
}

static void read_destination(struct reader *reader, const struct reader_line *line,
    const struct wording *wording, struct issue_item *item)
{
    const char *from = wording->text + wording->at + wording->link.destination;
    size_t length = wording->link.destination_end - wording->link.destination;
    item->url = reader_web_url(reader, from, length);
    item->awaits_url = item->url == NULL;
    if (item->url == NULL && length > strspn(from, " \t")) {
        reader_refuse(
            reader, line, "the address is no http or https URL, the link stays empty");
    }
}

/* The title of a line in which the link covers a part only. */
static void read_partly_linked(
    struct reader *reader, const struct wording *wording, struct issue_item *item)
{
    const char *label = wording->text + wording->at + wording->link.label;
    size_t label_length = wording->link.label_end - wording->link.label;
    const char *rest = wording->text + wording->at + wording->link.end;
    size_t rest_length = wording->length - wording->at - wording->link.end;
    struct buffer joined;
    buffer_init(&joined, READER_TEXT_MAX_BYTES);
    buffer_append(&joined, wording->text, wording->at);
    buffer_append(&joined, label, label_length);
    buffer_append(&joined, rest, rest_length);
    item->linked = reader_plain(reader, label, label_length);
    item->title = reader_plain(reader, joined.data, joined.length);
    buffer_release(&joined);
}

/* Everything but tags and further links. */
static void read_wording(struct reader *reader, const struct reader_line *line,
    const char *text, size_t length, bool oneline, struct issue_item *item)
{
    struct wording wording = find_wording(text, length);
    size_t from = 0, to = length;
    if (wording.linked) {
        read_destination(reader, line, &wording, item);
        from = wording.at + wording.link.label;
        to = wording.at + wording.link.label_end;
        size_t end = wording.at + wording.link.end;
        bool more = wording.at > 0 || end + strspn(text + end, " \t") < length;
        if (more) {
            if (!oneline) {
                struct wording source = wording;
                source.length = end + split_source(reader, text + end, length - end, item);
                read_partly_linked(reader, &source, item);
            } else {
                read_partly_linked(reader, &wording, item);
            }
            return;
        }
    }
    size_t size = oneline ? to - from : split_source(reader, text + from, to - from, item);
    item->title = reader_plain(reader, text + from, size);
}

/* `linked` is said of what remains of the title; a link that covers all of it and nothing else
 * needs no saying unless something stands before it. */
static void settle_linked(
    struct reader *reader, const struct reader_line *line, struct issue_item *item)
{
    if (item->linked == NULL || item->title == NULL) {
        return;
    }
    if (strstr(item->title, item->linked) == NULL) {
        reader_refuse(
            reader, line, "the link covers more than the title, and is set around all of it");
        item->linked = NULL;
    } else if (strcmp(item->title, item->linked) == 0 && item->subject == NULL &&
        item->prefix == NULL && item->source == NULL) {
        item->linked = NULL;
    }
}

bool reader_read_title(struct reader *reader, const struct reader_line *line,
    const struct issue_section *section, struct issue_item *item)
{
    bool oneline = section->form == CONFIG_FORM_ONELINE;
    const char *text = line->text + 1;
    text += strspn(text, " \t");
    text = read_tags(reader, text, item);
    size_t length = strlen(text);
    if (oneline) {
        length = without_stop(&reader->issue->labels, text, length);
    }
    text = arena_strndup(reader->arena, text, length);
    struct wording wording = find_wording(text, length);
    size_t end = wording.linked ? wording.at + wording.link.end : 1;
    size_t links = length > 0 ? find_links(text, end, wording.linked) : 0;
    read_links(reader, text + links, item);
    for (length = links; length > 0 && strchr(" \t", text[length - 1]) != NULL;) {
        length--;
    }
    text = arena_strndup(reader->arena, text, length);
    read_wording(reader, line, text, length, oneline, item);
    if (item->title == NULL) {
        return false;
    }
    if (oneline) {
        split_subject(reader, item);
    } else if (section->form == CONFIG_FORM_PROJECT) {
        split_prefix(reader, item);
    }
    settle_linked(reader, line, item);
    item->key = item->url == NULL ? NULL : url_key(reader->arena, item->url);
    return true;
}

/* ---- the lines below ---- */

/* A label is printed as it stands: one that needs an escape is none. */
static bool is_set_plainly(const char *text, size_t length)
{
    struct buffer plain, printed;
    buffer_init(&plain, length + 1);
    buffer_init(&printed, 8 * length + 1);
    buffer_append(&plain, text, length);
    markdown_write_line(plain.data, &printed);
    bool same = strcmp(plain.data, printed.data) == 0;
    buffer_release(&plain);
    buffer_release(&printed);
    return same;
}

/* "链接：https://…", "PPT: https://…": bytes of the label with its colon; 0: no such line. A
 * half-width colon needs a space, or an address, behind it. */
static size_t label_length(const char *text)
{
    size_t length = strcspn(text, ":");
    const char *wide = strstr(text, "：");
    bool narrow = wide == NULL || (size_t)(wide - text) > length;
    length = narrow ? length : (size_t)(wide - text);
    if (text[length] == '\0' || !is_name(text, length, LABEL_MAX_COLUMNS) ||
        !is_set_plainly(text, length)) {
        return 0;
    }
    if (!narrow) {
        return length + strlen("：");
    }
    const char *rest = text + length + 1;
    size_t spaces = strspn(rest, " ");
    bool address = strncasecmp(rest, "http", 4) == 0;
    return spaces > 0 || address ? length + 1 + spaces : 0;
}

static void add_line(struct reader *reader, const char *text, size_t label, size_t *capacity,
    struct issue_item *item)
{
    if (item->line_count == *capacity) {
        item->lines = arena_grow(reader->arena, item->lines, sizeof(*item->lines), capacity);
    }
    const char *rest = text + label + strspn(text + label, " \t");
    item->lines[item->line_count++] = (struct issue_line){
        .label = arena_strndup(reader->arena, text, label),
        .text = *rest == '\0' ? NULL : rest,
    };
}

void reader_read_body(struct reader *reader, const struct reader_line *lines, size_t count,
    struct issue_item *item)
{
    size_t capacity = 0;
    for (size_t i = 0; i < count; i++) {
        const char *text = lines[i].text;
        if (*text == '\0') {
            continue;
        }
        bool narrow = false;
        const char *summary = reader_behind_label(
            text, reader->config->briefing.labels.summary, &narrow);
        if (summary != NULL) {
            struct reader_line *rest = arena_new_array(
                reader->arena, struct reader_line, count - i);
            memcpy(rest, &lines[i], (count - i) * sizeof(*rest));
            rest[0].text = summary;
            item->summary = reader_join(reader, rest, count - i, true);
            if (item->summary != NULL) { /* a label with nothing behind it is not printed */
                reader->narrow_summary += narrow ? 1 : -1;
            }
            return;
        }
        size_t label = label_length(text);
        if (label == 0) {
            item->summary = reader_join(reader, &lines[i], count - i, false);
            item->bare_summary = item->summary != NULL;
            return;
        }
        add_line(reader, text, label, &capacity, item);
    }
}
