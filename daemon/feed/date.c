/* Problem: half of the dates in feeds break their own format - "Thurs, 1 Sept 04 7:5 am EST".
 *
 * Approach: one scanner for all formats. It cuts the text into numbers, words and marks and
 * lets each token say what it can be: a word is a month, a zone, am/pm or noise; a number is
 * told apart by its length, by the mark after it (':' hour, '年' year) and by what is still
 * missing. ISO 8601 has its own short path, because there '-' joins instead of signing a zone,
 * and it is fast.
 *
 * Rejected: a list of strptime() formats (locale, and each mistake multiplies the list), and
 * curl_getdate() (no CJK, no two-digit years, fails on an unknown zone). */
#include "feed/date.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "feed/date_words.h"

enum { YEAR_MIN = 1900, YEAR_MAX = 2200, WORD_BYTES = 16, FOLDED_BYTES = 128 };

struct date_parts {
    int year, month, day; /* 0: not seen yet */
    int hour, minute, second;
    int offset_s;
    bool has_time;
    bool is_pm, is_am;
    bool has_offset; /* by number: a zone's name behind it only repeats it */
    bool is_cst;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80) != 0;
}

/* Read at most `max_digits` digits; returns how many there were. */
static int read_number(const char **at, int max_digits, int *ret_number)
{
    int digits = 0;
    *ret_number = 0;
    while (digits < max_digits && is_digit(**at)) {
        *ret_number = *ret_number * 10 + (*(*at)++ - '0');
        digits++;
    }
    return digits;
}

static bool skip_text(const char **at, const char *text)
{
    size_t length = strlen(text);
    if (strncmp(*at, text, length) != 0) {
        return false;
    }
    *at += length;
    return true;
}

static void skip_spaces(const char **at)
{
    for (;;) {
        if (**at == ' ' || **at == '\t' || **at == '\n' || **at == '\r') {
            (*at)++;
        } else if ((**at & 0x80) == 0 ||
            (!skip_text(at, "\xc2\xa0") && !skip_text(at, "\xe3\x80\x80"))) {
            return;
        }
    }
}

/* "mar" begins the Italian Tuesday, but so do "ven", "dom": only weekdays that are no months
 * are noise, and a day name is followed by a comma or stands before any number. */
static bool is_weekday(const char *word, const char *after)
{
    return *after == ',' || strncasecmp(word, "mon", 3) == 0 ||
        strncasecmp(word, "sat", 3) == 0;
}

/* "+08:00", "-0500", "+8", "+05:45:00" after an optional "GMT". */
static bool read_offset(const char **at, struct date_parts *parts)
{
    const char *p = *at;
    int sign = *p == '+' ? 1 : *p == '-' ? -1 : 0;
    if (sign == 0 && !skip_text(&p, "\xe2\x88\x92")) { /* U+2212 */
        return false;
    }
    p += sign != 0;
    sign = sign == 0 ? -1 : sign;
    int hours, minutes = 0;
    int digits = read_number(&p, 4, &hours);
    if (digits == 0) {
        return false;
    }
    if (digits > 2) {
        minutes = hours % 100;
        hours /= 100;
    } else if (*p == ':' && is_digit(p[1])) {
        p++;
        read_number(&p, 2, &minutes);
    }
    if (hours > 15 || minutes > 59) {
        hours = minutes = 0; /* an unknown zone is UTC */
    }
    parts->offset_s = sign * (hours * 3600 + minutes * 60);
    parts->has_offset = true;
    parts->is_cst = false;
    *at = p;
    return true;
}

/* hh:mm[:ss[.fraction]] with the hour already read. */
static void read_clock(const char **at, int hour, struct date_parts *parts)
{
    parts->has_time = true;
    parts->hour = hour;
    read_number(at, 2, &parts->minute);
    if ((**at == ':' || **at == '.') && is_digit((*at)[1])) {
        (*at)++;
        read_number(at, 2, &parts->second);
    }
    if ((**at == '.' || **at == ',' || **at == ':') && is_digit((*at)[1])) {
        (*at)++;
        while (is_digit(**at)) {
            (*at)++;
        }
    }
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

static int64_t finish(struct date_parts *parts)
{
    int month = parts->month == 0 ? 1 : parts->month;
    int day = parts->day == 0 ? 1 : parts->day;
    if (parts->year < YEAR_MIN || parts->year > YEAR_MAX || month > 12 ||
        day > days_in_month(parts->year, month)) {
        return CLOCK_NONE;
    }
    if (parts->is_pm && parts->hour < 12) {
        parts->hour += 12;
    } else if (parts->is_am && parts->hour == 12) {
        parts->hour = 0;
    }
    if (parts->hour > 24 || parts->minute > 59 || parts->second > 60) {
        return CLOCK_NONE;
    }
    return clock_from_civil(
               parts->year, month, day, parts->hour, parts->minute, parts->second) -
        parts->offset_s;
}

/* ---- ISO 8601: YYYY[-MM[-DD]], YYYYMMDD, YYYY-DDD, then [T ]hh[:]mm[[:]ss[.f]][zone] ---- */

static bool read_iso_day(const char **at, struct date_parts *parts)
{
    const char *p = *at;
    if (read_number(&p, 4, &parts->year) != 4) {
        return false;
    }
    bool dashed = *p == '-';
    if (!dashed && !is_digit(*p)) {
        *at = p; /* a year alone, or another format: the end decides */
        return *p == '\0';
    }
    p += dashed;
    const char *start = p;
    int ordinal;
    if (dashed && read_number(&p, 3, &ordinal) == 3 && !is_digit(*p)) {
        int limit = days_in_month(parts->year, 2) + 337;
        if (ordinal < 1 || ordinal > limit) {
            return false;
        }
        for (parts->month = 1; ordinal > days_in_month(parts->year, parts->month);) {
            ordinal -= days_in_month(parts->year, parts->month++);
        }
        parts->day = ordinal;
        *at = p;
        return true;
    }
    p = start;
    if (read_number(&p, 2, &parts->month) == 0 || parts->month == 0) {
        return false;
    }
    if (dashed && *p != '-') {
        *at = p;
        return true;
    }
    p += dashed;
    bool has_day = read_number(&p, 2, &parts->day) > 0 && parts->day > 0;
    *at = p;
    return has_day;
}

static void read_iso_time(const char **at, struct date_parts *parts)
{
    int hour;
    int digits = read_number(at, 2, &hour);
    if (digits == 0) {
        return;
    }
    if (**at == ':') {
        (*at)++;
        read_clock(at, hour, parts);
    } else if (is_digit(**at)) { /* basic form: hhmm[ss] */
        parts->has_time = true;
        parts->hour = hour;
        read_number(at, 2, &parts->minute);
        read_number(at, 2, &parts->second);
    } else {
        parts->has_time = true;
        parts->hour = hour;
    }
}

/* ---- the general scanner ---- */

static void take_word(const char *word, const char *after, struct date_parts *parts)
{
    int month = parts->month == 0 && !is_weekday(word, after) ? date_find_month(word) : 0;
    if (month > 0) {
        parts->month = month;
        return;
    }
    if (strcasecmp(word, "pm") == 0 || strcasecmp(word, "p.m") == 0) {
        parts->is_pm = true;
        return;
    }
    if (strcasecmp(word, "am") == 0 || strcasecmp(word, "a.m") == 0) {
        parts->is_am = true;
        return;
    }
    int minutes;
    if (parts->has_time && !parts->has_offset && date_find_zone(word, &minutes)) {
        parts->offset_s = minutes * 60;
        parts->is_cst = strcasecmp(word, "CST") == 0;
    }
}

static void take_cjk_unit(char unit, int number, struct date_parts *parts)
{
    switch (unit) {
    case 'Y':
        parts->year = number;
        break;
    case 'M':
        parts->month = number == 0 ? 13 : number;
        break;
    case 'D':
        parts->day = number;
        break;
    case 'h':
        parts->hour = number;
        parts->has_time = true;
        break;
    case 'm':
        parts->minute = number;
        break;
    case 's':
        parts->second = number;
        break;
    default:
        break;
    }
}

static int full_year(int year, int digits)
{
    return digits > 2 ? year : year < 70 ? year + 2000 : year + 1900;
}

/* "07/28/2004", "28.07.2004", "2004/07/28", "04/07/28" with `first` already read: the year is
 * the one of four digits; of the others the American order stands unless it is impossible, but
 * dots are European. */
static bool take_numeric_day(
    const char **at, int first, int digits, char mark, struct date_parts *parts)
{
    const char *p = *at + 1;
    int second, third;
    if (read_number(&p, 2, &second) == 0 || *p != mark) {
        return false;
    }
    p++;
    int third_digits = read_number(&p, 4, &third);
    if (third_digits == 0) {
        return false;
    }
    if (digits == 4) {
        parts->year = first;
        parts->month = second;
        parts->day = third;
    } else {
        bool day_first = mark == '.' || first > 12;
        parts->year = full_year(third, third_digits);
        parts->month = day_first ? second : first;
        parts->day = day_first ? first : second;
    }
    *at = p;
    return true;
}

/* "17 Sep 2020 14.03.09": behind a whole day a number with a dot is the hour. */
static bool is_dotted_clock(const char *behind, int digits, const struct date_parts *parts)
{
    return !parts->has_time && digits == 2 && parts->year != 0 && parts->month != 0 &&
        parts->day != 0 && behind[0] == '.' && is_digit(behind[1]) && is_digit(behind[2]) &&
        !is_digit(behind[3]);
}

static void take_number(const char **at, struct date_parts *parts)
{
    int number;
    int digits = read_number(at, 8, &number);
    const char *mark_at = *at;
    skip_spaces(&mark_at);
    char unit = date_read_cjk_mark(&mark_at);
    if (unit != '\0' && strchr("YMDhms", unit) != NULL) {
        *at = mark_at;
        take_cjk_unit(unit, number, parts);
    } else if (is_dotted_clock(*at, digits, parts)) {
        (*at)++;
        read_clock(at, number, parts);
    } else if (!parts->has_time && (**at == ':' || unit == ':') && digits <= 2) {
        *at = unit == ':' ? mark_at : *at + 1;
        read_clock(at, number, parts);
    } else if (parts->month == 0 && (**at == '/' || **at == '.' || **at == '-') &&
        is_digit((*at)[1]) && take_numeric_day(at, number, digits, **at, parts)) {
        return;
    } else if (digits >= 3) {
        parts->year = parts->year == 0 ? number : parts->year;
    } else if (parts->day == 0) {
        parts->day = number;
    } else if (parts->year == 0) {
        parts->year = full_year(number, digits);
    }
}

/* Letters and bytes beyond ASCII, cut at WORD_BYTES. */
static void read_word(const char **at, char *word)
{
    size_t length = 0;
    while (is_letter(**at) || (**at == '.' && length > 0 && is_letter((*at)[1]))) {
        if (length < WORD_BYTES - 1) {
            word[length++] = **at;
        }
        (*at)++;
    }
    word[length] = '\0';
}

static int64_t scan(const char *at, struct date_parts *ret_parts)
{
    struct date_parts parts = {0};
    while (*at != '\0') {
        char unit = '\0';
        if (is_digit(*at)) {
            take_number(&at, &parts);
        } else if (parts.has_time && read_offset(&at, &parts)) {
            continue;
        } else if (*at == '(') { /* an RFC 822 comment */
            at += strcspn(at, ")");
        } else if ((unit = date_read_cjk_mark(&at)) != '\0') {
            parts.is_pm |= unit == 'p';
            parts.is_am |= unit == 'a';
        } else if (is_letter(*at)) {
            char word[WORD_BYTES];
            read_word(&at, word);
            take_word(word, at, &parts);
        } else {
            at++;
        }
    }
    *ret_parts = parts;
    return parts.month == 0 || parts.day == 0 ? CLOCK_NONE : finish(&parts);
}

/* The date must end where ISO 8601 ends, but for a zone in words, which is UTC or in the table.
 */
static bool parse_iso(const char *at, int64_t *ret_utc_s, struct date_parts *ret_parts)
{
    struct date_parts parts = {0};
    if (!read_iso_day(&at, &parts)) {
        return false;
    }
    bool has_mark = *at == 'T' || *at == 't';
    at += has_mark;
    skip_spaces(&at);
    read_iso_time(&at, &parts);
    skip_spaces(&at);
    if (!read_offset(&at, &parts) && is_letter(*at) && (*at & 0x80) == 0) {
        char word[WORD_BYTES];
        read_word(&at, word);
        if (*at == '/') { /* "Asia/Shanghai": the city tells */
            at++;
            read_word(&at, word);
        }
        take_word(word, at, &parts);
        read_offset(&at, &parts);
    }
    if (is_digit(*at) || (*at & 0x80) != 0) {
        return false;
    }
    *ret_utc_s = finish(&parts);
    *ret_parts = parts;
    return true;
}

/* "1600322589", "1600322589000": since 1970, as programs that forget to format write it. */
static bool parse_unix_time(const char *text, int64_t *ret_utc_s)
{
    int64_t value = 0;
    size_t digits = 0;
    for (; digits < 14 && is_digit(text[digits]); digits++) {
        value = value * 10 + (text[digits] - '0');
    }
    if (text[digits] != '\0' || (digits != 10 && digits != 13) || text[0] > '3') {
        return false;
    }
    *ret_utc_s = digits == 13 ? value / 1000 : value;
    return true;
}

static enum feed_date_zone zone_of(const struct date_parts *parts)
{
    if (parts->is_cst) {
        return FEED_DATE_CST;
    }
    return parts->offset_s == 8 * 3600                                 ? FEED_DATE_EAST_8
        : parts->offset_s == -5 * 3600 || parts->offset_s == -6 * 3600 ? FEED_DATE_US_CENTRAL
                                                                       : FEED_DATE_OTHER_ZONE;
}

int64_t feed_date_parse_zone(const char *text, enum feed_date_zone *ret_zone)
{
    *ret_zone = FEED_DATE_OTHER_ZONE;
    if (text == NULL) {
        return CLOCK_NONE;
    }
    char folded[FOLDED_BYTES];
    text = date_fold_digits(text, folded, sizeof(folded));
    skip_spaces(&text);
    int64_t utc_s;
    struct date_parts parts = {0};
    if (parse_unix_time(text, &utc_s)) {
        return utc_s;
    }
    bool four_digits = is_digit(text[0]) && is_digit(text[1]) && is_digit(text[2]) &&
        is_digit(text[3]);
    if (!four_digits || !parse_iso(text, &utc_s, &parts)) {
        utc_s = scan(text, &parts);
    }
    *ret_zone = zone_of(&parts);
    return utc_s;
}

int64_t feed_date_parse(const char *text)
{
    enum feed_date_zone zone;
    return feed_date_parse_zone(text, &zone);
}
