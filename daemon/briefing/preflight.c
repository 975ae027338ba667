/* The walk over the issue, and the table of what can be found.
 *
 * Limits are what the newsletter's 40 printed issues never reached, or one in a hundred did: a
 * limit that is met every fortnight is not read any more.
 */
#include "briefing/preflight.h"

#include <stdio.h>
#include <string.h>

#include "base/attributes.h"
#include "base/json.h"
#include "briefing/headline.h"
#include "briefing/letters.h"
#include "briefing/markdown_text.h"
#include "briefing/markup.h"
#include "briefing/preflight_report.h"
#include "briefing/render_wechat.h"
#include "feed/url.h"

enum {
    TITLE_MAX_CHARACTERS = 100,     /* printed: 45 in ten, 121 at most, papers in English 200 */
    LINE_MAX_CHARACTERS = 200,      /* a one-liner; printed: 153 in ten, 280 at most */
    PARAGRAPH_MAX_CHARACTERS = 700, /* printed summaries: 571 in ten with all paragraphs */
    ESCAPE_BYTES = 8                /* more than one line's start can grow by, but a fence's */
};

static const struct text {
    const char *name;
    enum preflight_severity severity;
    const char *zh, *en;
} codes[PREFLIGHT_CODES] = {
    [PREFLIGHT_DATE_NOT_PLANNED] = {"date_not_planned", PREFLIGHT_WARNING,
        "日期写的是 {}，这一期计划在 {}", "Dated {}, but planned for {}"},
    [PREFLIGHT_SECTION_EMPTY] = {"section_empty", PREFLIGHT_WARNING, "「{}」还没有内容",
        "Nothing in “{}” yet"},
    [PREFLIGHT_SUGGESTED] = {"suggested", PREFLIGHT_HINT,
        "有 {} 条是机器建议，还没有人选用；发布时会照印",
        "{} suggested, picked by nobody; printed as they are"},
    [PREFLIGHT_LINK_EMPTY] = {"link_empty", PREFLIGHT_ERROR, "链接还空着",
        "The link is still empty"},
    [PREFLIGHT_LINK_MISSING] = {"link_missing", PREFLIGHT_HINT, "没有链接", "No link"},
    [PREFLIGHT_LINE_EMPTY] = {"line_empty", PREFLIGHT_WARNING, "「{}」后面还没有填",
        "Nothing behind “{}” yet"},
    [PREFLIGHT_LINK_DUPLICATE] = {"link_duplicate", PREFLIGHT_WARNING, "和「{}」是同一个链接",
        "The same link as “{}”"},
    [PREFLIGHT_LINK_TRACKING] = {"link_tracking", PREFLIGHT_WARNING, "链接里带有跟踪参数",
        "The link carries tracking parameters"},
    [PREFLIGHT_LINK_TEMPORARY] = {"link_temporary", PREFLIGHT_WARNING,
        "这是公众号的临时链接，过几天就打不开，换成永久链接",
        "A temporary WeChat link that will expire; use the permanent one"},
    [PREFLIGHT_LINK_PRINTED] = {"link_printed", PREFLIGHT_WARNING, "{} 那一期已经发过",
        "Printed already on {}"},
    [PREFLIGHT_LINK_DEAD] = {"link_dead", PREFLIGHT_WARNING, "链接打不开：{}",
        "The link does not open: {}"},
    [PREFLIGHT_SUMMARY_MISSING] = {"summary_missing", PREFLIGHT_WARNING, "还没有摘要",
        "No summary yet"},
    [PREFLIGHT_PREFIX_MISSING] = {"prefix_missing", PREFLIGHT_WARNING, "没有写仓库名，应是 {}",
        "The repository is missing: {}"},
    [PREFLIGHT_SUBJECT_MISSING] = {"subject_missing", PREFLIGHT_WARNING, "没有写主体",
        "The subject is missing"},
    [PREFLIGHT_SOURCE_MISSING] = {"source_missing", PREFLIGHT_WARNING, "没有写来源",
        "The source is missing"},
    [PREFLIGHT_SOURCE_TWICE] = {"source_twice", PREFLIGHT_WARNING,
        "标题里已经有来源「{}」，会印两次", "The title names the source “{}” already"},
    [PREFLIGHT_BRACKET_ALONE] = {"bracket_alone", PREFLIGHT_WARNING, "括号不成对：{}",
        "A bracket without its other half: {}"},
    [PREFLIGHT_BRACKET_WIDTHS] = {"bracket_widths", PREFLIGHT_WARNING,
        "一对括号一半全角、一半半角，「{}」应是「{}」",
        "A pair of brackets of two widths: {} should be {}"},
    [PREFLIGHT_MARK_HALF_WIDTH] = {"mark_half_width", PREFLIGHT_WARNING,
        "汉字后面用了半角的「{}」，应是「{}」", "Half-width {} behind a Han character, for {}"},
    [PREFLIGHT_MARK_DOUBLED] = {"mark_doubled", PREFLIGHT_WARNING, "标点重复：{}",
        "Two marks in a row: {}"},
    [PREFLIGHT_LINE_MARK] = {"line_mark", PREFLIGHT_WARNING,
        "句末的标点会自动加上，这里的「{}」是多余的", "The final mark is added by itself: {}"},
    [PREFLIGHT_TITLE_LONG] = {"title_long", PREFLIGHT_HINT, "标题有 {} 字，偏长",
        "The title is long: {} characters"},
    [PREFLIGHT_PARAGRAPH_LONG] = {"paragraph_long", PREFLIGHT_HINT, "这一段有 {} 字，可以分段",
        "A long paragraph: {} characters"},
    [PREFLIGHT_LINE_ESCAPED] = {"line_escaped", PREFLIGHT_WARNING,
        "行首的「{}」在 Markdown 文件里会原样印出来",
        "“{}” at the start of the line is printed as it is in the Markdown file"},
    [PREFLIGHT_GUIDE_MISSING] = {"guide_missing", PREFLIGHT_WARNING, "还没有导读",
        "No guide yet"},
    [PREFLIGHT_GUIDE_COUNT] = {"guide_count", PREFLIGHT_WARNING, "导读写 {} 条，实际是 {} 条",
        "The guide says {} items, there are {}"},
    [PREFLIGHT_GUIDE_LONG] = {"guide_long", PREFLIGHT_HINT, "导读有 {} 字，偏长",
        "The guide is long: {} characters"},
    [PREFLIGHT_GUIDE_BRACKETS] = {"guide_brackets", PREFLIGHT_WARNING,
        "导读里前面用 {}，这里用 {}", "The guide uses {} before and {} here"},
    [PREFLIGHT_GUIDE_GROUP_UNKNOWN] = {"guide_group_unknown", PREFLIGHT_WARNING,
        "导读里的「{}」不是本期的栏目", "“{}” in the guide is no section of this issue"},
    [PREFLIGHT_GUIDE_GROUP_EMPTY] = {"guide_group_empty", PREFLIGHT_WARNING,
        "导读里的「{}」后面是空的", "Nothing behind “{}” in the guide"},
    [PREFLIGHT_GUIDE_GROUP_MISSED] = {"guide_group_missed", PREFLIGHT_HINT,
        "导读没有提到「{}」", "The guide does not mention “{}”"},
    [PREFLIGHT_GUIDE_CLAUSE_GONE] = {"guide_clause_gone", PREFLIGHT_WARNING,
        "导读提到「{}」，本期里没有找到", "The guide names “{}”, which is not in this issue"},
    [PREFLIGHT_GUIDE_ITEM_MISSED] = {"guide_item_missed", PREFLIGHT_HINT,
        "这一条要进导读，导读里没有找到", "Meant for the guide, but not found in it"},
    [PREFLIGHT_WECHAT_LONG] = {"wechat_long", PREFLIGHT_WARNING,
        "公众号正文有 {} 字符，超过上限 {}", "{} characters for WeChat, over its limit of {}"},
    [PREFLIGHT_WECHAT_NEAR] = {"wechat_near", PREFLIGHT_HINT,
        "公众号正文有 {} 字符，快到上限 {}", "{} characters for WeChat, near its limit of {}"},
};

const char *preflight_code_name(enum preflight_code code)
{
    return codes[code].name;
}

const char *preflight_severity_name(enum preflight_severity severity)
{
    static const char *const names[] = {"error", "warning", "hint"};
    return names[severity];
}

/* ---- reporting ---- */

/* The first {} becomes `first`, the second `second`. */
static const char *fill(
    struct arena *arena, const char *pattern, const char *first, const char *second)
{
    const char *values[] = {first, second};
    const char *text = "";
    for (size_t i = 0; i < array_count(values); i++) {
        const char *place = values[i] == NULL ? NULL : strstr(pattern, "{}");
        if (place == NULL) {
            break;
        }
        text = arena_printf(
            arena, "%s%.*s%s", text, (int)(place - pattern), pattern, values[i]);
        pattern = place + 2;
    }
    return arena_printf(arena, "%s%s", text, pattern);
}

struct finding *preflight_report(struct preflight_run *run, enum preflight_code code,
    const struct preflight_field *field, size_t start, size_t length, const char *first,
    const char *second)
{
    struct preflight *result = run->result;
    if (result->count == run->capacity) {
        result->findings = arena_grow(
            run->arena, result->findings, sizeof(*result->findings), &run->capacity);
    }
    struct finding *finding = &result->findings[result->count++];
    *finding = (struct finding){
        .code = code,
        .severity = codes[code].severity,
        .section = field->section,
        .item = field->item,
        .item_id = field->item < 0 ? 0
                                   : run->issue->sections[field->section].items[field->item].id,
        .field = field->name,
        .text = field->text != NULL ? field->text : "",
        .start = start,
        .length = length,
        .message_zh = fill(run->arena, codes[code].zh, first, second),
        .message_en = fill(run->arena, codes[code].en, first, second),
    };
    return finding;
}

struct finding *preflight_report_reason(struct preflight_run *run, enum preflight_code code,
    const struct preflight_field *field, size_t start, size_t length,
    const struct preflight_reason *reason)
{
    struct finding *finding = preflight_report(
        run, code, field, start, length, reason->en, NULL);
    finding->message_zh = fill(run->arena, codes[code].zh, reason->zh, NULL);
    return finding;
}

struct preflight_field preflight_item_field(const struct preflight_run *run, size_t section,
    size_t item, const char *name, const char *text, bool markdown)
{
    return (struct preflight_field){(int)section, (int)item, name, text, markdown};
}

static void report_number(struct preflight_run *run, enum preflight_code code,
    const struct preflight_field *field, size_t start, size_t length, size_t number)
{
    char digits[24];
    snprintf(digits, sizeof(digits), "%zu", number);
    preflight_report(run, code, field, start, length, digits, NULL);
}

/* ---- length ---- */

static size_t count_characters(const char *text, size_t bytes)
{
    size_t count = 0;
    for (size_t i = 0; i < bytes; i++) {
        count += ((unsigned char)text[i] & 0xc0) != 0x80;
    }
    return count;
}

/* A Latin letter takes half the room of a Han character. */
static size_t han_widths(const char *text)
{
    return (letters_columns(text) + 1) / 2;
}

static void check_paragraphs(struct preflight_run *run, const struct preflight_field *field)
{
    for (const char *line = field->text; line != NULL && *line != '\0';) {
        size_t length = strcspn(line, "\n");
        const char *paragraph = arena_strndup(run->arena, line, length);
        if (han_widths(paragraph) > PARAGRAPH_MAX_CHARACTERS) {
            report_number(run, PREFLIGHT_PARAGRAPH_LONG, field, (size_t)(line - field->text),
                length, count_characters(line, length));
        }
        line += length + (line[length] == '\n');
    }
}

/* What would begin another block is escaped in the house form (briefing/markdown_text.h): a
 * list at the left edge, which is one when it is indented, and what an item cannot hold: a
 * block of code, a table, a heading. Of these the first line is enough. What stands behind the
 * label begins no line. */
static void check_blocks(
    struct preflight_run *run, const struct preflight_field *field, bool behind_label)
{
    bool told = false;
    for (const char *line = field->text; line != NULL && *line != '\0';) {
        size_t length = strcspn(line, "\n"), indent = strspn(line, " \t");
        const char *own = arena_strndup(run->arena, line, length);
        struct buffer written;
        buffer_init(&written, 2 * length + ESCAPE_BYTES);
        markdown_write_own_line(own, &written);
        const char mark[] = {own[indent < length ? indent : 0], '\0'};
        size_t marks = strspn(line + indent, mark);
        bool list = marks == 1 && strchr("-*+", mark[0]) != NULL && indent == 0;
        bool escaped = strcmp(written.data, own) != 0 && !(behind_label && indent == 0);
        if (escaped && (list || !told)) {
            struct finding *finding = preflight_report(run, PREFLIGHT_LINE_ESCAPED, field,
                (size_t)(line - field->text) + indent, marks,
                arena_strndup(run->arena, line + indent, marks), NULL);
            finding->fix = list ? arena_printf(run->arena, "  %s", mark) : NULL;
            told |= !list;
        }
        buffer_release(&written);
        behind_label = false;
        line += length + (line[length] == '\n');
    }
}

static void check_title_length(
    struct preflight_run *run, const struct preflight_field *field, bool oneline)
{
    size_t most = oneline ? LINE_MAX_CHARACTERS : TITLE_MAX_CHARACTERS;
    if (han_widths(field->text) > most) {
        report_number(run, PREFLIGHT_TITLE_LONG, field, 0, strlen(field->text),
            count_characters(field->text, strlen(field->text)));
    }
}

/* ---- items ---- */

/* "owner/repo" of a project's page on GitHub that the item leads to or names in a line; NULL:
 * none, or more than one. */
static const char *repository_of(struct arena *arena, const struct issue_item *item)
{
    const char *found = NULL;
    for (size_t i = 0; i <= item->line_count; i++) {
        const char *url = i == 0                     ? item->url
            : issue_line_is_url(&item->lines[i - 1]) ? item->lines[i - 1].text
                                                     : NULL;
        const char *rest;
        const char *key = url == NULL ? NULL : url_key(arena, url);
        const char *path = url == NULL ? NULL : strstr(url, "github.com/");
        if (path == NULL || !url_key_is(key, "github", &rest) || strchr(rest, '/') == NULL) {
            continue;
        }
        path += strlen("github.com/"); /* the key is in lower case, the name is not */
        size_t owner = strcspn(path, "/?#"), name = 0;
        name = path[owner] == '/' ? strcspn(path + owner + 1, "/?#") : 0;
        if (found != NULL || name == 0) {
            return NULL;
        }
        found = arena_strndup(arena, path, owner + 1 + name);
    }
    return found;
}

static void check_prefix(
    struct preflight_run *run, size_t section, size_t index, const struct issue_item *item)
{
    const char *repository = item->prefix != NULL ? NULL : repository_of(run->arena, item);
    if (repository != NULL) {
        struct preflight_field field = preflight_item_field(
            run, section, index, "prefix", "", false);
        preflight_report(run, PREFLIGHT_PREFIX_MISSING, &field, 0, 0, repository, NULL)->fix =
            repository;
    }
}

static void check_line_mark(struct preflight_run *run, const struct preflight_field *title)
{
    static const char *const marks[] = {"；", "。", ";", "，", "、"};
    size_t length = strlen(title->text);
    for (size_t i = 0; i < array_count(marks); i++) {
        size_t size = strlen(marks[i]);
        if (length > size && strcmp(title->text + length - size, marks[i]) == 0) {
            preflight_report(
                run, PREFLIGHT_LINE_MARK, title, length - size, size, marks[i], NULL)
                ->fix = "";
        }
    }
}

static void check_source(
    struct preflight_run *run, size_t section, size_t index, const struct issue_item *item)
{
    if (item->source == NULL) {
        if (run->issue->sections[section].form == CONFIG_FORM_ARTICLE) {
            struct preflight_field field = preflight_item_field(
                run, section, index, "source", "", false);
            preflight_report(run, PREFLIGHT_SOURCE_MISSING, &field, 0, 0, NULL, NULL);
        }
        return;
    }
    const char *bare = headline_without_source(run->arena, item->title, item->source);
    size_t length = strlen(bare), whole = strlen(item->title);
    if (length > 0 && length < whole && strncmp(bare, item->title, length) == 0) {
        struct preflight_field field = preflight_item_field(
            run, section, index, "title", item->title, false);
        preflight_report(
            run, PREFLIGHT_SOURCE_TWICE, &field, length, whole - length, item->source, NULL)
            ->fix = "";
    }
}

/* The list had no subjects until 2020-07: where none has one, none is missing. */
static bool uses_subjects(const struct issue_section *section)
{
    for (size_t i = 0; i < section->item_count; i++) {
        if (section->items[i].subject != NULL) {
            return true;
        }
    }
    return false;
}

/* What only the form of the section asks for. */
static void check_form(
    struct preflight_run *run, size_t section, size_t index, const struct issue_item *item)
{
    bool oneline = run->issue->sections[section].form == CONFIG_FORM_ONELINE;
    struct preflight_field title = preflight_item_field(
        run, section, index, "title", item->title, false);
    struct preflight_field subject = preflight_item_field(
        run, section, index, "subject", "", false);
    struct preflight_field summary = preflight_item_field(
        run, section, index, "summary", "", true);
    check_title_length(run, &title, oneline);
    if (oneline) {
        check_line_mark(run, &title);
        if (item->subject == NULL && uses_subjects(&run->issue->sections[section])) {
            preflight_report(run, PREFLIGHT_SUBJECT_MISSING, &subject, 0, 0, NULL, NULL);
        }
        return;
    }
    check_source(run, section, index, item);
    if (run->issue->sections[section].form == CONFIG_FORM_PROJECT) {
        check_prefix(run, section, index, item);
    }
    if (item->summary == NULL) {
        preflight_report(run, PREFLIGHT_SUMMARY_MISSING, &summary, 0, 0, NULL, NULL);
    }
}

static void check_item_field(struct preflight_run *run, size_t section, size_t index,
    const char *name, const char *text, bool markdown)
{
    struct preflight_field field = preflight_item_field(
        run, section, index, name, text, markdown);
    preflight_check_text(run, &field);
    if (markdown) {
        preflight_check_markdown_links(run, &field);
    }
}

static void check_item(struct preflight_run *run, size_t section, size_t index)
{
    const struct issue_item *item = &run->issue->sections[section].items[index];
    check_form(run, section, index, item);
    preflight_check_links(run, section, index);
    check_item_field(run, section, index, "subject", item->subject, false);
    check_item_field(run, section, index, "title", item->title, false);
    check_item_field(run, section, index, "source", item->source, false);
    for (size_t i = 0; i < item->line_count; i++) {
        const char *name = arena_printf(run->arena, "lines[%zu].text", i);
        struct preflight_field field = preflight_item_field(
            run, section, index, name, item->lines[i].text, true);
        if (field.text == NULL) {
            const char *label = item->lines[i].label;
            preflight_report(run, PREFLIGHT_LINE_EMPTY, &field, 0, 0, label, NULL);
        } else {
            check_item_field(run, section, index, name, field.text, true);
        }
    }
    check_item_field(run, section, index, "summary", item->summary, true);
    struct preflight_field summary = preflight_item_field(
        run, section, index, "summary", item->summary, true);
    check_paragraphs(run, &summary);
    check_blocks(run, &summary, !item->bare_summary);
}

/* ---- the issue ---- */

static void check_issue_field(
    struct preflight_run *run, int section, const char *name, const char *text)
{
    struct preflight_field field = {section, -1, name, text, true};
    preflight_check_text(run, &field);
    preflight_check_markdown_links(run, &field);
}

/* One line a section: a hint for each would drown what is wrong. */
static void check_suggestions(
    struct preflight_run *run, size_t index, const struct issue_section *section)
{
    size_t count = 0;
    for (size_t i = 0; i < section->item_count; i++) {
        count += section->items[i].id == 0;
    }
    if (run->context->tells_suggestions && count > 0) {
        struct preflight_field field = {(int)index, -1, "items", "", false};
        preflight_report(run, PREFLIGHT_SUGGESTED, &field, 0, 0,
            arena_printf(run->arena, "%zu", count), NULL);
    }
}

static void check_section(struct preflight_run *run, size_t index)
{
    const struct issue_section *section = &run->issue->sections[index];
    if (section->item_count == 0 && section->form != CONFIG_FORM_ONELINE) {
        struct preflight_field field = {(int)index, -1, "items", "", false};
        preflight_report(run, PREFLIGHT_SECTION_EMPTY, &field, 0, 0, section->title, NULL);
    }
    check_suggestions(run, index, section);
    check_issue_field(run, (int)index, "lead_in", section->lead_in);
    check_issue_field(run, (int)index, "note", section->note);
    for (size_t i = 0; i < section->item_count; i++) {
        check_item(run, index, i);
    }
}

static void check_date(struct preflight_run *run)
{
    const char *planned = run->context->planned_date;
    if (planned != NULL && strcmp(planned, run->issue->date) != 0) {
        struct preflight_field field = {-1, -1, "date", run->issue->date, false};
        preflight_report(run, PREFLIGHT_DATE_NOT_PLANNED, &field, 0, strlen(run->issue->date),
            run->issue->date, planned)
            ->fix = planned;
    }
}

static void check_wechat(struct preflight_run *run)
{
    struct render_wechat_size size = render_wechat_measure(run->issue);
    if (size.characters * 10 < size.characters_max * 9 && size.fits) {
        return;
    }
    char characters[24], most[24];
    struct preflight_field field = {-1, -1, "wechat", "", false};
    snprintf(characters, sizeof(characters), "%zu", size.characters);
    snprintf(most, sizeof(most), "%zu", size.characters_max);
    preflight_report(run, size.fits ? PREFLIGHT_WECHAT_NEAR : PREFLIGHT_WECHAT_LONG, &field, 0,
        0, characters, most);
}

struct preflight preflight_check(
    struct arena *arena, const struct issue *issue, const struct preflight_context *context)
{
    static const struct preflight_context nothing = {.planned_date = NULL};
    struct preflight result = {.count = 0};
    struct preflight_run run = {.arena = arena,
        .issue = issue,
        .context = context != NULL ? context : &nothing,
        .result = &result};
    check_date(&run);
    check_issue_field(&run, -1, "headline", issue->headline);
    check_issue_field(&run, -1, "preface", issue->preface);
    check_issue_field(&run, -1, "guide", issue->guide);
    preflight_check_guide(&run);
    for (size_t i = 0; i < issue->section_count; i++) {
        check_section(&run, i);
    }
    check_issue_field(&run, -1, "note_before", issue->note_before);
    check_issue_field(&run, -1, "closing", issue->closing);
    check_issue_field(&run, -1, "note_after", issue->note_after);
    check_wechat(&run);
    return result;
}

/* ---- JSON ---- */

static void write_index(const char *name, int64_t index, bool given, struct buffer *out)
{
    if (given) {
        buffer_printf(out, ",\"%s\":%lld", name, (long long)index);
    } else {
        buffer_printf(out, ",\"%s\":null", name);
    }
}

static void write_finding(const struct finding *finding, struct buffer *out)
{
    buffer_printf(out, "{\"code\":\"%s\",\"severity\":\"%s\"", codes[finding->code].name,
        preflight_severity_name(finding->severity));
    write_index("section", finding->section, finding->section >= 0, out);
    write_index("item", finding->item, finding->item >= 0, out);
    write_index("id", finding->item_id, finding->item_id != 0, out);
    buffer_puts(out, ",\"field\":");
    json_write_string(finding->field, out);
    buffer_printf(out, ",\"start\":%zu,\"length\":%zu,\"message\":{\"zh\":", finding->start,
        finding->length);
    json_write_string(finding->message_zh, out);
    buffer_puts(out, ",\"en\":");
    json_write_string(finding->message_en, out);
    buffer_puts(out, "},\"fix\":");
    json_write_string(finding->fix, out);
    buffer_putc(out, '}');
}

void preflight_write_json(const struct preflight *preflight, struct buffer *out)
{
    buffer_putc(out, '[');
    for (size_t i = 0; i < preflight->count; i++) {
        buffer_puts(out, i > 0 ? "," : "");
        write_finding(&preflight->findings[i], out);
    }
    buffer_putc(out, ']');
}
