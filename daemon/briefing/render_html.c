/* The draft as a page to read: what would be printed, and below each section what else there
 * is.
 *
 * One document, no script, no request: it is served under a strict policy, saved, mailed and
 * printed. Every text is escaped as it is written, and write_link() is the only place that
 * writes an address, so that a scheme other than http(s) cannot get in. The few words that
 * belong to the page and not to the newsletter (its labels are configured) come in Chinese and
 * English, by the briefing's language.
 */
#include "briefing/draft.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "briefing/headline.h"
#include "briefing/letters.h"
#include "briefing/markdown_text.h"
#include "briefing/page_style.h"

/* The page lists this many of a section's remaining candidates; the JSON has them all. */
enum { OTHERS_MAX = 60 };

/* {} is the number or the day. */
struct words {
    const char *draft, *since, *candidates, *guide, *sections, *empty, *others, *unlisted,
        *also, *unsure, *printed, *like_printed, *machine;
};

static const struct words words_zh = {
    .draft = "草稿",
    .since = "{} 以来",
    .candidates = "候选 {} 条",
    .guide = "导读",
    .sections = "栏目",
    .empty = "还没有合适的候选。",
    .others = "其余候选 {} 条",
    .unlisted = "另有 {} 条没有列出，见 JSON。",
    .also = "另见：",
    .unsure = "存疑",
    .printed = "已刊于 ",
    .like_printed = "疑似已刊于 ",
    .machine = "选目、导读与摘要由程序草拟，待编辑审定。",
};

static const struct words words_en = {
    .draft = "Draft",
    .since = "since {}",
    .candidates = "{} candidates",
    .guide = "Guide",
    .sections = "Sections",
    .empty = "No suitable candidate yet.",
    .others = "{} more candidates",
    .unlisted = "{} more are not listed here; the JSON has them.",
    .also = "Also: ",
    .unsure = "Unsure",
    .printed = "Printed on ",
    .like_printed = "Like an item of ",
    .machine = "Selected and summarised by program, for an editor to decide.",
};

struct page {
    const struct draft *draft;
    const struct config_briefing *briefing;
    const struct words *words;
    struct buffer *out;
};

static const struct words *choose_words(const char *language)
{
    return language != NULL && strncasecmp(language, "zh", 2) == 0 ? &words_zh : &words_en;
}

static void write_text(const char *text, struct buffer *out)
{
    size_t offset = 0;
    uint32_t c;
    while (text != NULL && (c = letters_next(text, &offset)) != 0) {
        const char *entity = c == '<' ? "&lt;"
            : c == '>'                ? "&gt;"
            : c == '&'                ? "&amp;"
            : c == '"'                ? "&quot;"
            : c == '\''               ? "&#39;"
                                      : NULL;
        if (entity != NULL) {
            buffer_puts(out, entity);
        } else if (c == '\n' || !letters_is_invisible(c)) {
            buffer_put_codepoint(out, c);
        }
    }
}

/* <tag class="…">text</tag>, as it is needed most. */
static void write_element(
    const char *tag, const char *class, const char *text, struct buffer *out)
{
    buffer_printf(out, "<%s", tag);
    if (class != NULL) {
        buffer_printf(out, " class=\"%s\"", class);
    }
    buffer_putc(out, '>');
    write_text(text, out);
    buffer_printf(out, "</%s>", tag);
}

static void write_phrase(const char *pattern, const char *value, struct buffer *out)
{
    const char *place = strstr(pattern, "{}");
    buffer_append(out, pattern, (size_t)(place - pattern));
    write_text(value, out);
    buffer_puts(out, place + 2);
}

static void write_count(const char *pattern, size_t count, struct buffer *out)
{
    char digits[24];
    snprintf(digits, sizeof(digits), "%zu", count);
    write_phrase(pattern, digits, out);
}

static bool open_link(const char *url, struct buffer *out)
{
    if (url == NULL ||
        (strncasecmp(url, "http://", 7) != 0 && strncasecmp(url, "https://", 8) != 0)) {
        return false;
    }
    buffer_puts(out, "<a href=\"");
    write_text(url, out);
    buffer_puts(out, "\" rel=\"noopener noreferrer\">");
    return true;
}

static void close_link(bool opened, struct buffer *out)
{
    buffer_puts(out, opened ? "</a>" : "");
}

/* ---- head ---- */

static void write_head(const struct page *page)
{
    struct buffer *out = page->out;
    buffer_puts(out, "<!DOCTYPE html>\n<html lang=\"");
    write_text(page->briefing->language, out);
    buffer_puts(out,
        "\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"color-scheme\" content=\"light dark\">\n"
        "<meta name=\"robots\" content=\"noindex\">\n<title>");
    write_text(page->briefing->title, out);
    buffer_printf(
        out, " (%s)</title>\n<meta name=\"description\" content=\"", page->draft->date);
    write_text(page->draft->guide, out);
    buffer_printf(out, "\">\n<style>\n%s</style>\n</head>\n", page_style);
}

static void write_state(const struct page *page)
{
    struct buffer *out = page->out;
    buffer_puts(out, "<p class=\"state meta\">");
    write_element("span", NULL, page->words->draft, out);
    if (page->draft->since_utc_s != CLOCK_NONE) {
        char day[CLOCK_ISO_BYTES];
        clock_format_day(page->draft->since_utc_s, page->briefing->utc_offset_s, day);
        buffer_puts(out, "<span>");
        write_phrase(page->words->since, day, out);
        buffer_puts(out, "</span>");
    }
    buffer_puts(out, "<span>");
    write_count(page->words->candidates, page->draft->candidate_count, out);
    buffer_puts(out, "</span></p>\n");
}

static void write_navigation(const struct page *page, size_t section_count)
{
    struct buffer *out = page->out;
    buffer_puts(out, "<nav aria-label=\"");
    write_text(page->words->sections, out);
    buffer_puts(out, "\"><ul>\n");
    for (size_t i = 0; i < section_count; i++) {
        const struct draft_section *section = &page->draft->sections[i];
        buffer_puts(out, "<li><a href=\"#");
        write_text(section->section->id, out);
        buffer_puts(out, "\">");
        write_text(section->section->title, out);
        buffer_printf(out, "</a> <span class=\"count\">%zu</span></li>\n", section->pick_count);
    }
    buffer_puts(out, "</ul></nav>\n");
}

static void write_header(const struct page *page, size_t section_count)
{
    struct buffer *out = page->out;
    buffer_puts(out, "<header>\n");
    write_state(page);
    buffer_puts(out, "<h1>");
    write_text(page->briefing->title, out);
    buffer_printf(
        out, " <time datetime=\"%s\">(%s)</time></h1>\n", page->draft->date, page->draft->date);
    if (page->briefing->tagline != NULL) {
        write_element("p", "tagline", page->briefing->tagline, out);
        buffer_putc(out, '\n');
    }
    write_navigation(page, section_count);
    buffer_puts(out, "<p class=\"guide\">");
    write_element("b", NULL, page->briefing->labels.guide, out);
    write_text(page->draft->guide, out);
    buffer_puts(out, "</p>\n</header>\n");
}

/* ---- items ---- */

static void write_day(int64_t utc_s, const struct page *page)
{
    char iso[CLOCK_ISO_BYTES], day[CLOCK_ISO_BYTES];
    if (utc_s != CLOCK_NONE) {
        buffer_printf(page->out, "<time datetime=\"%s\">%s</time>",
            clock_format_iso(utc_s, iso),
            clock_format_day(utc_s, page->briefing->utc_offset_s, day));
    }
}

/* When, who else, how sure: what helps to decide and is not printed. NULL: a line of the
 * editor's own, of which there is nothing of the kind. */
static void write_facts(const struct candidate *candidate, const struct page *page)
{
    struct buffer *out = page->out;
    if (candidate == NULL) {
        return;
    }
    write_day(candidate->published_utc_s, page);
    if (candidate->also_count > 0) {
        buffer_puts(out, "<span>");
        write_text(page->words->also, out);
        for (size_t i = 0; i < candidate->also_count; i++) {
            write_text(i > 0 ? page->briefing->labels.item_separator : "", out);
            write_text(candidate->also[i], out);
        }
        buffer_puts(out, "</span>");
    }
    if (candidate->uncertain) {
        write_element("span", "unsure", page->words->unsure, out);
    }
    if (candidate->printed_day != NULL) {
        bool same = strcmp(candidate->printed_how, "key") == 0;
        buffer_puts(out, "<span class=\"unsure\">");
        write_text(same ? page->words->printed : page->words->like_printed, out);
        write_text(candidate->printed_day, out);
        buffer_puts(out, "</span>");
    }
}

static void write_title(const struct issue_item *pick, const struct page *page)
{
    struct buffer *out = page->out;
    const struct config_labels *labels = &page->briefing->labels;
    for (size_t i = 0; i < pick->tag_count; i++) {
        write_element("span", "tag", pick->tags[i], out);
    }
    bool linked = open_link(pick->url, out);
    if (pick->prefix != NULL) {
        write_text(pick->prefix, out);
        buffer_puts(out, issue_prefix_mark(pick, labels));
    }
    write_text(pick->title, out);
    close_link(linked, out);
    if (pick->source != NULL) {
        buffer_puts(out, "<span class=\"source\">");
        write_text(labels->source_separator, out);
        write_text(pick->source, out);
        buffer_puts(out, "</span>");
    }
}

static void write_paragraphs(const char *text, const char *label, struct buffer *out)
{
    while (text != NULL && *text != '\0') {
        size_t length = strcspn(text, "\n");
        struct buffer line;
        buffer_init(&line, length + 1);
        markdown_read_text(text, length, &line);
        buffer_puts(out, "<p>");
        write_text(label, out);
        write_text(line.data, out);
        buffer_puts(out, "</p>\n");
        buffer_release(&line);
        label = "";
        text += length + (text[length] == '\n');
    }
}

/* The text of a labelled line, as a link when it is one; nothing while it is to be filled in.
 */
static void write_line_text(const struct issue_line *line, struct buffer *out)
{
    if (line->text == NULL) {
        return;
    }
    struct buffer text;
    buffer_init(&text, 2 * strlen(line->text) + 1);
    markdown_read_lines(line->text, &text);
    bool linked = open_link(issue_line_is_url(line) ? line->text : NULL, out);
    write_text(text.data, out);
    close_link(linked, out);
    buffer_release(&text);
}

static void write_item(
    const struct issue_item *pick, const struct candidate *candidate, const struct page *page)
{
    struct buffer *out = page->out;
    buffer_puts(out, "<article>\n<h3>");
    write_title(pick, page);
    buffer_puts(out, "</h3>\n");
    for (size_t i = 0; i < pick->line_count; i++) {
        buffer_puts(out, "<p>");
        write_text(pick->lines[i].label, out);
        write_line_text(&pick->lines[i], out);
        buffer_puts(out, "</p>\n");
    }
    write_paragraphs(pick->summary, page->briefing->labels.summary, out);
    buffer_puts(out, "<p class=\"meta\">");
    write_facts(candidate, page);
    buffer_puts(out, "</p>\n");
    buffer_puts(out, "</article>\n");
}

static void write_lines(const struct draft_section *section, const struct page *page)
{
    struct buffer *out = page->out;
    const struct config_labels *labels = &page->briefing->labels;
    if (page->briefing->lead_in != NULL && section->pick_count > 0) {
        write_element("p", "lead", page->briefing->lead_in, out);
    }
    buffer_puts(out, section->pick_count > 0 ? "\n<ul class=\"lines\">\n" : "");
    for (size_t i = 0; i < section->pick_count; i++) {
        const struct issue_item *pick = &section->picks[i];
        buffer_puts(out, "<li>");
        bool linked = open_link(pick->url, out);
        if (pick->subject != NULL) {
            buffer_puts(out, "<b>");
            write_text(pick->subject, out);
            write_text(labels->prefix_separator, out);
            buffer_puts(out, "</b>");
        }
        write_text(pick->title, out);
        close_link(linked, out);
        write_text(
            i + 1 < section->pick_count ? labels->group_separator : labels->sentence_end, out);
        buffer_puts(out, "</li>\n");
    }
    buffer_puts(out, section->pick_count > 0 ? "</ul>\n" : "");
}

/* ---- what was not picked ---- */

static void write_other(const struct candidate *candidate, const struct page *page)
{
    struct buffer *out = page->out;
    const char *title = candidate->title != NULL && candidate->title[0] != '\0'
        ? candidate->title
        : candidate->url;
    buffer_puts(out, "<li>");
    bool linked = open_link(candidate->url, out);
    const char *project = headline_project_of_version(candidate->title, candidate->prefix);
    write_text(project == NULL ? "" : project, out);
    write_text(project == NULL ? "" : " ", out);
    write_text(title, out);
    close_link(linked, out);
    buffer_puts(out, " <span class=\"meta\">");
    if (candidate->source != NULL) {
        write_element("span", NULL, candidate->source, out);
    }
    write_facts(candidate, page);
    buffer_puts(out, "</span></li>\n");
}

static void write_others(const struct draft_section *section, const struct page *page)
{
    struct buffer *out = page->out;
    if (section->other_count == 0) {
        return;
    }
    size_t listed = section->other_count < OTHERS_MAX ? section->other_count : OTHERS_MAX;
    buffer_puts(out, "<details><summary>");
    write_count(page->words->others, section->other_count, out);
    buffer_puts(out, "</summary>\n<ul>\n");
    for (size_t i = 0; i < listed; i++) {
        write_other(section->others[i], page);
    }
    buffer_puts(out, "</ul>\n");
    if (listed < section->other_count) {
        buffer_puts(out, "<p class=\"more\">");
        write_count(page->words->unlisted, section->other_count - listed, out);
        buffer_puts(out, "</p>\n");
    }
    buffer_puts(out, "</details>\n");
}

static void write_section(const struct draft_section *section, const struct page *page)
{
    struct buffer *out = page->out;
    buffer_puts(out, "<section id=\"");
    write_text(section->section->id, out);
    buffer_puts(out, "\">\n<h2>");
    write_text(section->section->title, out);
    buffer_printf(out, "<span class=\"count\">%zu</span></h2>\n", section->pick_count);
    if (section->pick_count == 0) {
        write_element("p", "empty", page->words->empty, out);
        buffer_putc(out, '\n');
    }
    if (section->section->form == CONFIG_FORM_ONELINE) {
        write_lines(section, page);
    } else {
        for (size_t i = 0; i < section->pick_count; i++) {
            write_item(&section->picks[i], section->picked[i], page);
        }
    }
    write_others(section, page);
    buffer_puts(out, "</section>\n");
}

void draft_write_html(
    const struct draft *draft, const struct config *config, struct buffer *out)
{
    struct page page = {draft, &config->briefing, choose_words(config->briefing.language), out};
    write_head(&page);
    buffer_puts(out, "<body>\n<main>\n");
    write_header(&page, config->section_count);
    for (size_t i = 0; i < config->section_count; i++) {
        write_section(&draft->sections[i], &page);
    }
    buffer_puts(out, "</main>\n<footer>");
    write_element("p", "note", page.words->machine, out);
    buffer_puts(out, "</footer>\n</body>\n</html>\n");
}
