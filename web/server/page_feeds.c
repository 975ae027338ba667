/* The sources, worst first. Those that are fine are folded away: their names are enough. */
#include "base/clock.h"
#include "web/server/markup.h"
#include "web/server/page.h"

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

static void write_row(const struct page *page, const struct feed_row *row, struct buffer *out)
{
    enum feed_language language = feed_language_of(page->config->briefing.language);
    const struct page_words *words = page_words_of(language);
    const struct feed_state *state = row->state;
    buffer_puts(out, "<li>");
    markup_element(
        "span", row_class(row->condition), feed_condition_label(row->condition, language), out);
    buffer_puts(out, "<div><p>");
    bool linked = markup_open_link(state->url, out);
    markup_text(state->name != NULL ? state->name : state->url, out);
    markup_close_link(linked, out);
    buffer_puts(out, "</p><p class=\"meta\">");

    struct buffer message;
    buffer_init(&message, 4096);
    feed_health_write(
        row, language, page->config->briefing.utc_offset_s, page->now_utc_s, &message);
    markup_element("span", NULL, message.data, out);
    buffer_release(&message);
    if (row->condition == FEED_FAILING && state->last_success_utc_s != CLOCK_NONE) {
        struct buffer age;
        buffer_init(&age, 256);
        page_write_age(page, state->last_success_utc_s, &age);
        buffer_puts(out, "<span>");
        markup_phrase(words->feed_success, age.data, out);
        buffer_puts(out, "</span>");
        buffer_release(&age);
    } else if (row->condition == FEED_FAILING) {
        markup_element("span", NULL, words->feed_never, out);
    }
    buffer_puts(out, "</p>");
    if (row->condition == FEED_FAILING && language != FEED_ENGLISH && state->error != NULL) {
        buffer_puts(out, "<p class=\"meta\" lang=\"en\">");
        markup_text(state->error, out);
        buffer_puts(out, "</p>");
    }
    buffer_puts(out, "</div></li>\n");
}

/* The rows of one condition; returns how many. */
static size_t write_rows(
    const struct page *page, enum feed_condition condition, struct buffer *out)
{
    size_t count = 0;
    for (size_t i = 0; i < page->feed_count; i++) {
        if (page->feeds[i].condition == condition) {
            write_row(page, &page->feeds[i], out);
            count++;
        }
    }
    return count;
}

static void write_folded(const struct page *page, const char *title,
    const enum feed_condition *conditions, size_t condition_count, struct buffer *out)
{
    struct buffer rows;
    buffer_init(&rows, out->max_bytes);
    size_t count = 0;
    for (size_t i = 0; i < condition_count; i++) {
        count += write_rows(page, conditions[i], &rows);
    }
    if (count > 0) {
        buffer_puts(out, "<details><summary>");
        markup_count(title, count, out);
        buffer_puts(out, "</summary>\n<ul class=\"feeds\">\n");
        buffer_append(out, rows.data, rows.length);
        buffer_puts(out, "</ul>\n</details>\n");
    }
    buffer_release(&rows);
}

void page_write_feeds(const struct page *page, struct buffer *out)
{
    static const enum feed_condition fine[] = {FEED_OK};
    static const enum feed_condition resting[] = {FEED_NEW, FEED_PAUSED};
    const struct page_words *words = page_words_of(
        feed_language_of(page->config->briefing.language));
    buffer_puts(out, "<section id=\"sources\">\n<h2>");
    markup_text(words->sources, out);
    buffer_printf(out, "<span class=\"count\">%zu</span></h2>\n", page->feed_count);
    if (page_count_troubled(page) > 0) {
        buffer_puts(out, "<ul class=\"feeds\">\n");
        for (int i = 0; i <= FEED_SILENT; i++) {
            write_rows(page, (enum feed_condition)i, out);
        }
        buffer_puts(out, "</ul>\n");
    } else if (page->feed_count > 0) {
        markup_element("p", "empty", words->all_fine, out);
    }
    write_folded(page, words->feeds_fine, fine, 1, out);
    write_folded(page, words->feeds_other, resting, 2, out);
    buffer_puts(out, "</section>\n");
}
