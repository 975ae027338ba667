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

/* What a date says of where it was written. */
enum feed_date_zone {
    FEED_DATE_OTHER_ZONE,
    FEED_DATE_CST,        /* "CST", read as America's: the document may know better */
    FEED_DATE_EAST_8,     /* +0800 */
    FEED_DATE_US_CENTRAL, /* -0600, -0500, CDT */
};

/* feed_date_parse(), and what the zone was. */
int64_t feed_date_parse_zone(const char *text, enum feed_date_zone *ret_zone);

/* What is to be added to a date read as America's CST when it was China's. */
enum { FEED_DATE_CST_TO_CHINA_S = -14 * 3600 };

/* "2小时前", "刚刚", "昨天 12:30", "9月17日 8:05", "3 hours ago", "yesterday": a date that only
 * the time of reading makes one. Chinese words mean Chinese time. CLOCK_NONE for any other text
 * (NULL allowed). */
int64_t feed_date_parse_relative(const char *text, int64_t now_utc_s);

#endif
