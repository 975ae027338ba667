/* Dates as feeds write them -> UTC seconds. PURE.
 *
 * RFC 822/2822 with its usual mistakes, W3CDTF / ISO 8601, asctime, numeric forms with dots or
 * slashes, Chinese and Japanese forms (2020年9月17日 下午2:03), month names of some languages.
 * Without a zone, or with one nobody knows, the time is UTC.
 */
#ifndef FEED_DATE_H
#define FEED_DATE_H

#include <stdint.h>

/* CLOCK_NONE when `text` (NULL allowed) is no date or an absurd one: outside 1900-2200, month
 * 13, 30 February. */
int64_t feed_date_parse(const char *text);

#endif
