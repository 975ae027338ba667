/* Description and address are those a messenger shows when the page is shared; the guide is the
 * best description there is, and what is cut off it ends at a character's border.
 */
#include "briefing/render_page.h"

#include <string.h>

#include "briefing/issue_html.h"
#include "briefing/issue_parts.h"
#include "briefing/issue_style.h"
#include "briefing/markup.h"
#include "briefing/prose.h"
#include "feed/html.h"

/* Search engines and messengers show about this much. */
enum { DESCRIPTION_MAX_CHARACTERS = 160, DESCRIPTION_MAX_BYTES = 64 << 10 };

const char *render_page_style(void)
{
    return issue_style;
}

/* Guide, else tagline, as plain text on one line; NULL: there is neither. */
static const char *describe(struct arena *arena, const struct issue *issue)
{
    const char *markdown = issue->guide != NULL ? issue->guide : issue->tagline;
    struct buffer text;
    buffer_init(&text, DESCRIPTION_MAX_BYTES);
    struct prose prose = prose_parse(arena, markdown, NULL);
    prose_write_plain(&prose, &text);
    const char *description = text.length == 0
        ? NULL
        : text_summary(arena, text.data, DESCRIPTION_MAX_CHARACTERS);
    buffer_release(&text);
    return description;
}

static void write_meta(
    const char *attribute, const char *name, const char *content, struct buffer *out)
{
    if (content != NULL) {
        buffer_printf(out, "<meta %s=\"%s\" content=\"", attribute, name);
        markup_write_text(content, out);
        buffer_puts(out, "\">\n");
    }
}

static void write_open_graph(struct arena *arena, const struct issue *issue, struct buffer *out)
{
    const char *url = markup_is_web_address(issue->url) ? issue->url : NULL;
    const char *description = describe(arena, issue);
    write_meta("name", "description", description, out);
    write_meta("property", "og:type", "article", out);
    write_meta("property", "og:title", issue_heading(arena, issue), out);
    write_meta("property", "og:description", description, out);
    write_meta("property", "og:site_name", issue->title, out);
    write_meta("property", "og:url", url, out);
    write_meta("property", "article:published_time", issue->date, out);
    if (url != NULL) {
        buffer_puts(out, "<link rel=\"canonical\" href=\"");
        markup_write_url(url, out);
        buffer_puts(out, "\">\n");
    }
}

static void write_head(struct arena *arena, const struct issue *issue, struct buffer *out)
{
    buffer_puts(out, "<!DOCTYPE html>\n<html lang=\"");
    markup_write_text(issue->language, out);
    buffer_puts(out,
        "\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"color-scheme\" content=\"light dark\">\n"
        "<meta name=\"referrer\" content=\"no-referrer\">\n<title>");
    markup_write_text(issue_heading(arena, issue), out);
    buffer_puts(out, "</title>\n");
    write_open_graph(arena, issue, out);
    buffer_printf(out, "<style>%s</style>\n</head>\n", issue_style);
}

static void write_navigation(struct arena *arena, const struct issue *issue, struct buffer *out)
{
    buffer_puts(out, "<nav class=\"sections\"><ul>\n");
    for (size_t i = 0; i < issue->section_count; i++) {
        const struct issue_section *section = &issue->sections[i];
        if (section->item_count == 0) {
            continue;
        }
        buffer_puts(out, "<li><a href=\"#");
        markup_write_text(issue_section_anchor(arena, issue, i), out);
        buffer_puts(out, "\">");
        markup_write_text(section->title, out);
        buffer_printf(out, "</a> <span class=\"count\">%zu</span></li>\n", section->item_count);
    }
    buffer_puts(out, "</ul></nav>\n");
}

static void write_heading(struct arena *arena, const struct issue *issue, struct buffer *out)
{
    buffer_puts(out, "<header>\n<h1>");
    markup_write_text(issue->title, out);
    buffer_puts(out, " <time datetime=\"");
    markup_write_text(issue->date, out);
    buffer_puts(out, "\">(");
    markup_write_text(issue->date, out);
    buffer_puts(out, ")</time></h1>\n");
    if (issue->headline != NULL) {
        markup_write_element("p", "headline", issue->headline, out);
        buffer_putc(out, '\n');
    }
    struct prose tagline = prose_parse(arena, issue->tagline, issue->url);
    if (tagline.count > 0) {
        buffer_puts(out, "<p class=\"tagline\">");
        prose_write_inline_html(&tagline, out);
        buffer_puts(out, "</p>\n");
    }
    write_navigation(arena, issue, out);
    buffer_puts(out, "</header>\n");
}

void render_page(const struct issue *issue, struct buffer *out)
{
    static const struct issue_html_form form = {.anchors = true, .heading = 2};
    struct arena arena;
    arena_init(&arena);
    write_head(&arena, issue, out);
    buffer_puts(out, "<body>\n<main>\n");
    write_heading(&arena, issue, out);
    issue_html_write(issue, &form, out);
    buffer_puts(out, "</main>\n</body>\n</html>\n");
    arena_release(&arena);
}
