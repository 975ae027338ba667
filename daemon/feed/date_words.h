/* The words and marks of dates: zones, months, Chinese units. PURE. */
#ifndef FEED_DATE_WORDS_H
#define FEED_DATE_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/* Minutes east of UTC of a zone's name, any case; false when nobody knows it. */
bool date_find_zone(const char *word, int *ret_minutes);

/* 1 to 12, 0 when `word` begins no month's name in the languages we know. */
int date_find_month(const char *word);

/* What the mark at *at says of the number before it - 'Y', 'M', 'D', 'h', 'm', 's', or ':' for
 * a wide colon - or of the time behind it, 'a' and 'p'; moves *at behind it. NUL for no mark.
 */
char date_read_cjk_mark(const char **at);

/* `text` with full-width and Chinese digits as ASCII's ("２０２０", "二〇二〇年九月十七日"), in
 * `folded` where there are any, cut at its end. */
const char *date_fold_digits(const char *text, char *folded, size_t folded_bytes);

#endif
