/* The sources, worst first. Those that are fine are folded away: their names are enough. */
#include "web/server/page_feeds.h"

#include "base/clock.h"
#include "base/shown_url.h"
#include "briefing/markup.h"
#include "web/server/page_markup.h"
#include "web/server/page_words.h"

enum { MESSAGE_MAX_BYTES = 4096 };

static bool is_troubled(const struct feed_row *row)
{
    return row->condition <= FEED_SILENT; /* the order of the enum says who wants the editor */
}

size_t page_count_troubled(const struct page *page)
{
    size_t count = 0;
    for (size_t i = 0; i < page->feed_count; i++) {
        count += is_troubled(&page->feeds[i]);
    }
    return count;
}

static const char *row_class(enum feed_condition condition)
{
    return condition <= FEED_FAILING ? "bad" : condition <= FEED_SILENT ? "warn" : NULL;
}

static void write_name(const struct feed_state *state, struct buffer *out)
{
    cleanup(arena_release) struct arena arena = {0};
    const char *url = shown_url(&arena, state->url);
    bool linked = page_open_link(url, out);
    markup_write_text(state->name != NULL ? state->name : url, out);
    page_close_link(linked, out);
}

static void write_message(
    const struct page *page, const struct feed_row *row, struct buffer *out)
{
    const struct config_briefing *briefing = &page->config->briefing;
    cleanup(buffer_release) struct buffer message;
    buffer_init(&message, MESSAGE_MAX_BYTES);
    feed_health_write(
        row, page_language(page), briefing->utc_offset_s, page->now_utc_s, &message);
    markup_write_element("span", NULL, message.data, out);
}

static void write_last_success(
    const struct page *page, const struct feed_state *state, struct buffer *out)
{
    const struct page_words *words = page_words(page);
    if (state->last_success_utc_s == CLOCK_NONE) {
        markup_write_element("span", NULL, words->feed_never, out);
        return;
    }
    cleanup(buffer_release) struct buffer age;
    buffer_init(&age, MESSAGE_MAX_BYTES);
    page_write_age(page, state->last_success_utc_s, &age);
    buffer_puts(out, "<span>");
    page_write_phrase(words->feed_success, age.data, out);
    buffer_puts(out, "</span>");
}

/* Label, name, sentence; beneath a translated sentence the error as it was stored, because it
 * names hosts and certificates. */
static void write_row(const struct page *page, const struct feed_row *row, struct buffer *out)
{
    enum feed_language language = page_language(page);
    const struct feed_state *state = row->state;
    buffer_puts(out, "<li>");
    markup_write_element(
        "span", row_class(row->condition), feed_condition_label(row->condition, language), out);
    buffer_puts(out, "<div><p>");
    write_name(state, out);
    buffer_puts(out, "</p><p class=\"meta\">");
    write_message(page, row, out);
    if (row->condition == FEED_FAILING) {
        write_last_success(page, state, out);
    }
    buffer_puts(out, "</p>");
    if (row->condition == FEED_FAILING && language != FEED_ENGLISH && state->error != NULL) {
        buffer_puts(out, "<p class=\"meta\" lang=\"en\">");
        markup_write_text(state->error, out);
        buffer_puts(out, "</p>");
    }
    buffer_puts(out, "</div></li>\n");
}

static void write_short_row(
    const struct page *page, const struct feed_row *row, struct buffer *out)
{
    buffer_puts(out, "<li><p>");
    write_name(row->state, out);
    buffer_puts(out, "</p><p class=\"meta\">");
    write_message(page, row, out);
    buffer_puts(out, "</p></li>\n");
}

static void write_rows(const struct page *page, enum feed_condition condition,
    void (*write)(const struct page *page, const struct feed_row *row, struct buffer *out),
    struct buffer *out)
{
    for (size_t i = 0; i < page->feed_count; i++) {
        if (page->feeds[i].condition == condition) {
            write(page, &page->feeds[i], out);
        }
    }
}

static void write_folded(const struct page *page, const char *title,
    enum feed_condition condition, struct buffer *out)
{
    size_t count = 0;
    for (size_t i = 0; i < page->feed_count; i++) {
        count += page->feeds[i].condition == condition;
    }
    if (count > 0) {
        buffer_puts(out, "<details><summary>");
        page_write_count(title, count, out);
        buffer_puts(out, "</summary>\n<ul class=\"feeds short\">\n");
        write_rows(page, condition, write_short_row, out);
        buffer_puts(out, "</ul>\n</details>\n");
    }
}

void page_write_feeds(const struct page *page, struct buffer *out)
{
    const struct page_words *words = page_words(page);
    buffer_puts(out, "<section id=\"sources\">\n<h2>");
    markup_write_text(words->sources, out);
    buffer_printf(out, "<span class=\"count\">%zu</span></h2>\n", page->feed_count);
    if (page_count_troubled(page) > 0) {
        buffer_puts(out, "<ul class=\"feeds\">\n");
        for (int i = 0; i <= FEED_SILENT; i++) {
            write_rows(page, (enum feed_condition)i, write_row, out);
        }
        buffer_puts(out, "</ul>\n");
    } else if (page->feed_count > 0) {
        markup_write_element("p", "empty", words->all_fine, out);
    }
    write_folded(page, words->feeds_fine, FEED_OK, out);
    write_folded(page, words->feeds_new, FEED_NEW, out);
    write_folded(page, words->feeds_paused, FEED_PAUSED, out);
    buffer_puts(out, "</section>\n");
}
