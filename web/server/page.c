/* From top to bottom: state and title, where to go, the guide, each section with its picks and,
 * folded, its other candidates, the sources. A pick is shown as it would be printed, then a
 * line of facts that help to decide and are not printed: when, who else, how sure.
 *
 * Ages are relative to the moment the page was made, which the first line names; the snapshot
 * is rendered anew every few minutes, so they never lag by more than that.
 */
#include "web/server/page.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "briefing/headline.h"
#include "briefing/markdown_text.h"
#include "briefing/markup.h"
#include "web/server/page_feeds.h"
#include "web/server/page_markup.h"
#include "web/server/page_style.h"
#include "web/server/page_words.h"

enum { OTHERS_MAX = 100 }; /* a section's further candidates on the page; the JSON has all */

/* ---- head ---- */

static void write_head(const struct page *page, struct buffer *out)
{
    const struct config_briefing *briefing = &page->config->briefing;
    buffer_puts(out, "<!DOCTYPE html>\n<html lang=\"");
    markup_write_text(briefing->language, out);
    buffer_puts(out,
        "\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"color-scheme\" content=\"light dark\">\n"
        "<meta name=\"robots\" content=\"noindex\">\n<title>");
    markup_write_text(briefing->title, out);
    buffer_printf(out, " (%s)</title>\n", page->draft->date);
    buffer_puts(out, "<link rel=\"icon\" type=\"image/svg+xml\" href=\"favicon.ico\">\n");
    buffer_puts(out, "<style>");
    for (size_t i = 0; i < array_count(page_style); i++) {
        buffer_puts(out, page_style[i]);
    }
    buffer_puts(out, "</style>\n</head>\n");
}

static void write_state(const struct page *page, struct buffer *out)
{
    const struct page_words *words = page_words(page);
    int64_t offset_s = page->config->briefing.utc_offset_s;
    char text[CLOCK_ISO_BYTES], clock[8];
    buffer_puts(out, "<p class=\"meta\">");
    markup_write_element("span", NULL, words->draft, out);
    snprintf(clock, sizeof(clock), "%.5s",
        clock_format_iso(page->now_utc_s + offset_s, text) + strlen("2020-09-17T"));
    buffer_puts(out, "<span>");
    page_write_phrase(words->as_of, clock, out);
    buffer_puts(out, "</span><span>");
    page_write_count(words->picked, page->draft->count, out);
    buffer_puts(out, "</span><span>");
    page_write_count(words->candidates, page->draft->candidate_count, out);
    buffer_puts(out, "</span>");
    if (page->draft->since_utc_s != CLOCK_NONE) {
        buffer_puts(out, "<span>");
        page_write_phrase(
            words->since, clock_format_day(page->draft->since_utc_s, offset_s, text), out);
        buffer_puts(out, "</span>");
    }
    buffer_puts(out, "</p>\n");
}

static void write_navigation(const struct page *page, struct buffer *out)
{
    const struct page_words *words = page_words(page);
    buffer_puts(out, "<nav aria-label=\"");
    markup_write_text(words->sections, out);
    buffer_puts(out, "\">\n<ul>\n");
    for (size_t i = 0; i < page->config->section_count; i++) {
        const struct draft_section *section = &page->draft->sections[i];
        buffer_puts(out, "<li><a href=\"#");
        markup_write_text(section->section->id, out);
        buffer_puts(out, "\">");
        markup_write_text(section->section->title, out);
        buffer_printf(out, "<span class=\"count\">%zu</span></a></li>\n", section->pick_count);
    }
    size_t troubled = page_count_troubled(page);
    buffer_puts(out, "<li><a href=\"#sources\">");
    markup_write_text(words->sources, out);
    if (troubled > 0) {
        buffer_puts(out, "<span class=\"count warn\">");
        page_write_count(words->feeds_failing, troubled, out);
    } else {
        buffer_printf(out, "<span class=\"count\">%zu", page->feed_count);
    }
    buffer_puts(out, "</span></a></li>\n</ul>\n<p>");
    markup_write_text(words->downloads, out);
    buffer_puts(out,
        "</p>\n<ul>\n<li><a href=\"draft.md\">Markdown</a></li>\n"
        "<li><a href=\"draft.html\">");
    markup_write_text(words->web_page, out);
    buffer_puts(out, "</a></li>\n<li><a href=\"draft.json\">JSON</a></li>\n</ul>\n</nav>\n");
}

static void write_header(const struct page *page, struct buffer *out)
{
    const struct config_briefing *briefing = &page->config->briefing;
    buffer_puts(out, "<header>\n");
    write_state(page, out);
    buffer_puts(out, "<h1>");
    markup_write_text(briefing->title, out);
    buffer_printf(
        out, " <time datetime=\"%s\">%s</time></h1>\n", page->draft->date, page->draft->date);
    if (briefing->tagline != NULL) {
        markup_write_element("p", "tagline", briefing->tagline, out);
    }
    buffer_puts(out, "</header>\n");
}

/* ---- items ---- */

/* `candidate` NULL: a line of the editor's own. */
static void write_facts(
    const struct page *page, const struct candidate *candidate, struct buffer *out)
{
    if (candidate == NULL) {
        return;
    }
    const struct page_words *words = page_words(page);
    int64_t when_utc_s = candidate->published_utc_s != CLOCK_NONE ? candidate->published_utc_s
                                                                  : candidate->first_seen_utc_s;
    char iso[CLOCK_ISO_BYTES];
    if (when_utc_s != CLOCK_NONE) {
        buffer_printf(out, "<time datetime=\"%s\">", clock_format_iso(when_utc_s, iso));
        page_write_age(page, when_utc_s, out);
        buffer_puts(out, "</time>");
    }
    if (candidate->also_count > 0) {
        buffer_puts(out, "<span>");
        markup_write_text(words->also, out);
        for (size_t i = 0; i < candidate->also_count; i++) {
            markup_write_text(i > 0 ? page->config->briefing.labels.item_separator : NULL, out);
            markup_write_text(candidate->also[i], out);
        }
        buffer_puts(out, "</span>");
    }
    if (candidate->bundled_count > 0) {
        buffer_puts(out, "<span>");
        page_write_count(words->bundled, candidate->bundled_count, out);
        buffer_puts(out, "</span>");
    }
    if (candidate->uncertain) {
        markup_write_element("span", "warn", words->unsure, out);
    }
    if (candidate->printed_day != NULL) {
        buffer_puts(out, "<span class=\"warn\">");
        markup_write_text(words->printed[strcmp(candidate->printed_how, "key") == 0], out);
        markup_write_text(candidate->printed_day, out);
        buffer_puts(out, "</span>");
    }
}

static void write_tags(const char *const *tags, size_t count, struct buffer *out)
{
    for (size_t i = 0; i < count; i++) {
        markup_write_element("span", "tag", tags[i], out);
    }
}

static void write_pick_title(
    const struct page *page, const struct issue_item *pick, struct buffer *out)
{
    bool linked = page_open_link(pick->url, out);
    if (pick->prefix != NULL) {
        markup_write_element("b", NULL, pick->prefix, out);
        /* owner/repo：中文标题, but owner/repo: English title */
        markup_write_text(issue_prefix_mark(pick, &page->config->briefing.labels), out);
    }
    markup_write_text(pick->title, out);
    page_close_link(linked, out);
}

static void write_paragraphs(const char *text, struct buffer *out)
{
    while (text != NULL && *text != '\0') {
        size_t length = strcspn(text, "\n");
        struct buffer line;
        buffer_init(&line, length);
        markdown_read_text(text, length, &line);
        markup_write_element("p", NULL, line.data, out);
        buffer_release(&line);
        text += length + (text[length] == '\n');
    }
}

static void write_pick(const struct page *page, const struct issue_item *pick,
    const struct candidate *candidate, struct buffer *out)
{
    buffer_puts(out, "<article>\n<h3>");
    write_pick_title(page, pick, out);
    buffer_puts(out, "</h3>\n<p class=\"meta\">");
    write_tags((const char *const *)pick->tags, pick->tag_count, out);
    if (candidate != NULL && candidate->vendor != NULL) {
        markup_write_element("span", "tag", candidate->vendor, out);
    }
    if (pick->source != NULL) {
        markup_write_element("span", "source", pick->source, out);
    }
    write_facts(page, candidate, out);
    buffer_puts(out, "</p>\n");
    write_paragraphs(pick->summary, out);
    buffer_puts(out, "</article>\n");
}

static void write_lines(
    const struct page *page, const struct draft_section *section, struct buffer *out)
{
    const struct config_labels *labels = &page->config->briefing.labels;
    if (section->pick_count == 0) {
        return;
    }
    buffer_puts(out, "<ul class=\"lines\">\n");
    for (size_t i = 0; i < section->pick_count; i++) {
        const struct issue_item *pick = &section->picks[i];
        const struct candidate *candidate = section->picked[i];
        buffer_puts(out, "<li>");
        bool linked = page_open_link(pick->url, out);
        if (pick->subject != NULL) {
            markup_write_element("b", NULL, pick->subject, out);
            markup_write_text(labels->prefix_separator, out);
        }
        markup_write_text(pick->title, out);
        page_close_link(linked, out);
        buffer_puts(out, "<span class=\"meta\">");
        /* The form prints no source; the editor still wants to know whose word it is. */
        if (candidate != NULL && candidate->source != NULL) {
            markup_write_element("span", "source", candidate->source, out);
        }
        write_facts(page, candidate, out);
        buffer_puts(out, "</span></li>\n");
    }
    buffer_puts(out, "</ul>\n");
}

static void write_other(
    const struct page *page, const struct candidate *candidate, struct buffer *out)
{
    bool titled = candidate->title != NULL && candidate->title[0] != '\0';
    buffer_puts(out, "<li>");
    bool linked = page_open_link(candidate->url, out);
    const char *project = headline_project_of_version(candidate->title, candidate->prefix);
    markup_write_text(project, out);
    markup_write_text(project == NULL ? NULL : " ", out);
    markup_write_text(titled ? candidate->title : candidate->url, out);
    page_close_link(linked, out);
    buffer_puts(out, "<span class=\"meta\">");
    write_tags((const char *const *)candidate->tags, candidate->tag_count, out);
    if (candidate->source != NULL) {
        markup_write_element("span", "source", candidate->source, out);
    }
    write_facts(page, candidate, out);
    buffer_puts(out, "</span></li>\n");
}

static void write_others(
    const struct page *page, const struct draft_section *section, struct buffer *out)
{
    if (section->other_count == 0) {
        return;
    }
    size_t listed = section->other_count < OTHERS_MAX ? section->other_count : OTHERS_MAX;
    buffer_puts(out, "<details><summary>");
    page_write_count(page_words(page)->others, section->other_count, out);
    buffer_puts(out, "</summary>\n<ul class=\"others\">\n");
    for (size_t i = 0; i < listed; i++) {
        write_other(page, section->others[i], out);
    }
    buffer_puts(out, "</ul>\n");
    if (listed < section->other_count) {
        buffer_puts(out, "<p class=\"meta\">");
        page_write_count(page_words(page)->unlisted, section->other_count - listed, out);
        buffer_puts(out, "</p>\n");
    }
    buffer_puts(out, "</details>\n");
}

static void write_section(
    const struct page *page, const struct draft_section *section, struct buffer *out)
{
    buffer_puts(out, "<section id=\"");
    markup_write_text(section->section->id, out);
    buffer_puts(out, "\">\n<h2>");
    markup_write_text(section->section->title, out);
    buffer_printf(out, "<span class=\"count\">%zu</span></h2>\n", section->pick_count);
    if (section->pick_count == 0) {
        markup_write_element("p", "empty", page_words(page)->empty, out);
    }
    if (section->section->form == CONFIG_FORM_ONELINE) {
        write_lines(page, section, out);
    } else {
        for (size_t i = 0; i < section->pick_count; i++) {
            write_pick(page, &section->picks[i], section->picked[i], out);
        }
    }
    write_others(page, section, out);
    buffer_puts(out, "</section>\n");
}

void page_write(const struct page *page, struct buffer *out)
{
    write_head(page, out);
    buffer_puts(out, "<body>\n");
    write_navigation(page, out);
    buffer_puts(out, "<main>\n");
    write_header(page, out);
    buffer_puts(out, "<p class=\"guide\">");
    markup_write_element("b", NULL, page->config->briefing.labels.guide, out);
    markup_write_text(page->draft->guide, out);
    buffer_puts(out, "</p>\n");
    for (size_t i = 0; i < page->config->section_count; i++) {
        write_section(page, &page->draft->sections[i], out);
    }
    page_write_feeds(page, out);
    buffer_puts(out, "<footer>");
    markup_write_element("p", "meta", page_words(page)->machine, out);
    buffer_puts(out, "</footer>\n</main>\n</body>\n</html>\n");
}
