/* HTML, as feeds carry it, to something safe or something readable. PURE.
 *
 * One pass over the tokens of html_lexer.c, linear and flat whatever the input; of more than 4
 * MiB the rest is left out, and the same bounds the output. Text is expected to be UTF-8. */
#ifndef FEED_HTML_H
#define FEED_HTML_H

#include <stddef.h>

#include "base/arena.h"

/* HTML that cannot run or leave: only elements, attributes and URL schemes of an allow-list
 * survive; relative links become absolute against `base_url` (NULL: dropped when relative).
 * Pictures stay and load. Lives in the arena; never NULL. Idempotent. */
char *html_sanitize(struct arena *arena, const char *html, size_t length, const char *base_url);

/* The same, and it loads nothing either: a picture becomes a link to it with its alternative
 * text, or its file's name. For where opening a page must not tell anybody. */
char *html_sanitize_offline(
    struct arena *arena, const char *html, size_t length, const char *base_url);

/* Plain text that reads well: one line a block, "- " and "1. " list items, "a | b" table rows,
 * code kept, pictures as "[what they show]", footnotes as "[1]", entities decoded, no space
 * inserted between Han characters, no invisible ones kept. Lines separated by '\n', none at the
 * end. Lives in the arena; never NULL. */
char *html_to_text(struct arena *arena, const char *html, size_t length);

/* The same without pictures, and no more is read once there are `enough_bytes`: for a summary
 * of a long article. */
char *html_to_text_start(
    struct arena *arena, const char *html, size_t length, size_t enough_bytes);

/* A title: tags stripped, entities decoded, white space (also U+3000, NBSP) collapsed to one
 * space and trimmed, invisible characters left out as text_title() does. Lives in the arena;
 * never NULL. */
char *html_to_title(struct arena *arena, const char *html, size_t length);

/* Plain `text` without what publishing systems put around it: "点击上方蓝字关注", "The post …
 * appeared first on …", "阅读原文" (the table is in text_boilerplate.c). Lives in the arena;
 * never NULL. */
char *text_strip_boilerplate(struct arena *arena, const char *text);

/* The first whole sentences of plain `text` within `max_characters` (code points); a first
 * sentence that is longer is cut at a clause or word border and gets "…". White space and line
 * breaks are collapsed. Lives in the arena; never NULL. */
char *text_summary(struct arena *arena, const char *text, size_t max_characters);

#endif
