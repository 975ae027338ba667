/* What the page at "/" says by itself, in both languages, and how it says how long ago
 * something was. PURE.
 */
#ifndef WEB_SERVER_PAGE_WORDS_H
#define WEB_SERVER_PAGE_WORDS_H

#include "web/server/page.h"

/* {} is a number or a time: page_markup.h */
struct page_words {
    const char *draft, *as_of, *since, *candidates, *picked;
    const char *sections, *sources, *downloads, *web_page;
    const char *empty, *others, *unlisted, *also, *bundled, *unsure;
    const char *printed[2]; /* before the day of an issue: like it, the same */
    const char *minutes, *hours, *days;
    const char *feeds_fine, *feeds_new, *feeds_paused, *feed_success, *feed_never,
        *feeds_failing, *all_fine;
    const char *machine;
};

const struct page_words *page_words_of(enum feed_language language);

/* Those in the language of the briefing. */
enum feed_language page_language(const struct page *page);
const struct page_words *page_words(const struct page *page);

/* "3 小时前" within a week, else the day. */
void page_write_age(const struct page *page, int64_t utc_s, struct buffer *out);

#endif
