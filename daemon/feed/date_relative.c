/* Dates by distance, as lists of articles show them to people. They mean something only beside
 * the time of reading, and become wrong when a page is stored: so nobody but a caller who knows
 * that time asks for them. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/attributes.h"
#include "base/clock.h"
#include "feed/date.h"
#include "feed/date_words.h"

enum { DAY_S = 86400, CHINA_S = 8 * 3600, FOLDED_BYTES = 96, YEAR_BYTES = 128 };

static const char *skip_blanks(const char *at)
{
    while (*at == ' ' || *at == '\t' || strncmp(at, "\xc2\xa0", 2) == 0) {
        at += *at == '\xc2' ? 2 : 1;
    }
    return at;
}

static bool skip_word(const char **at, const char *word)
{
    size_t length = strlen(word);
    if (strncasecmp(*at, word, length) != 0) {
        return false;
    }
    *at = skip_blanks(*at + length);
    return true;
}

/* ---- "2小时前", "3 hours ago" ---- */

/* Longer words before those they begin with. */
static const struct {
    const char *name;
    int64_t seconds;
} units[] = {
    {"秒钟", 1},
    {"秒鐘", 1},
    {"秒", 1},
    {"分钟", 60},
    {"分鐘", 60},
    {"分", 60},
    {"小时", 3600},
    {"小時", 3600},
    {"个小时", 3600},
    {"個小時", 3600},
    {"天", DAY_S},
    {"日", DAY_S},
    {"周", 7 * DAY_S},
    {"星期", 7 * DAY_S},
    {"个星期", 7 * DAY_S},
    {"个月", 30 * DAY_S},
    {"個月", 30 * DAY_S},
    {"年", 365 * DAY_S},
    {"seconds", 1},
    {"second", 1},
    {"secs", 1},
    {"minutes", 60},
    {"minute", 60},
    {"mins", 60},
    {"min", 60},
    {"hours", 3600},
    {"hour", 3600},
    {"hrs", 3600},
    {"days", DAY_S},
    {"day", DAY_S},
    {"weeks", 7 * DAY_S},
    {"week", 7 * DAY_S},
    {"months", 30 * DAY_S},
    {"month", 30 * DAY_S},
    {"years", 365 * DAY_S},
    {"year", 365 * DAY_S},
};

/* The number in halves, for "半小时"; 0 when there is none. */
static int64_t read_halves(const char **at)
{
    if (skip_word(at, "半")) {
        return 1;
    }
    if (skip_word(at, "an ") || skip_word(at, "a ")) {
        return 2;
    }
    int64_t number = 0;
    for (size_t digits = 0; isdigit((unsigned char)**at) && digits < 5; digits++) {
        number = number * 10 + (*(*at)++ - '0');
    }
    *at = skip_blanks(*at);
    return 2 * number;
}

static bool read_distance(const char *at, int64_t *ret_seconds)
{
    (void)(skip_word(&at, "大约") || skip_word(&at, "约") || skip_word(&at, "about "));
    int64_t halves = read_halves(&at);
    for (size_t i = 0; halves > 0 && i < array_count(units); i++) {
        const char *behind = at;
        if (skip_word(&behind, units[i].name) &&
            (skip_word(&behind, "之前") || skip_word(&behind, "以前") ||
                skip_word(&behind, "前") || skip_word(&behind, "ago"))) {
            *ret_seconds = halves * units[i].seconds / 2;
            return *behind == '\0';
        }
    }
    return false;
}

/* ---- "昨天 12:30" ---- */

static const struct {
    const char *name;
    int days_ago;
    int64_t offset_s;
} day_words[] = {
    {"今天", 0, CHINA_S},
    {"今日", 0, CHINA_S},
    {"昨天", 1, CHINA_S},
    {"昨日", 1, CHINA_S},
    {"前天", 2, CHINA_S},
    {"大前天", 3, CHINA_S},
    {"today", 0, 0},
    {"yesterday", 1, 0},
};

/* "12:30" at the end of the text, 0 for nothing there; -1 for anything else. */
static int64_t read_time_of_day(const char *at)
{
    unsigned hour, minute;
    int used = 0;
    (void)(skip_word(&at, "at ") || skip_word(&at, ","));
    if (*at == '\0') {
        return 0;
    }
    bool good = sscanf(at, "%2u:%2u%n", &hour, &minute, &used) == 2 && hour < 24 &&
        minute < 60 && *skip_blanks(at + used) == '\0';
    return good ? (int64_t)hour * 3600 + minute * 60 : -1;
}

static bool read_day_word(const char *at, int64_t now_utc_s, int64_t *ret_utc_s)
{
    for (size_t i = 0; i < array_count(day_words); i++) {
        const char *behind = at;
        if (skip_word(&behind, day_words[i].name)) {
            int64_t local = now_utc_s + day_words[i].offset_s;
            int64_t midnight = local - local % DAY_S - day_words[i].days_ago * DAY_S;
            int64_t time = read_time_of_day(behind);
            *ret_utc_s = midnight + time - day_words[i].offset_s;
            return time >= 0;
        }
    }
    return false;
}

/* ---- "9月17日 8:05": of the last twelve months ---- */

static int64_t read_day_without_year(const char *at, int64_t now_utc_s)
{
    size_t digits = strspn(at, "0123456789");
    const char *month = skip_blanks(at + digits);
    char dated[YEAR_BYTES];
    if (digits == 0 || digits > 2 || strncmp(month, "月", strlen("月")) != 0) {
        return CLOCK_NONE;
    }
    char iso[CLOCK_ISO_BYTES];
    clock_format_iso(now_utc_s, iso);
    for (int year = atoi(iso), last = year - 1; year >= last; year--) {
        snprintf(dated, sizeof(dated), "%d年%s", year, at);
        int64_t utc_s = feed_date_parse(dated);
        if (utc_s != CLOCK_NONE && utc_s - CHINA_S <= now_utc_s) {
            return utc_s - CHINA_S;
        }
    }
    return CLOCK_NONE;
}

int64_t feed_date_parse_relative(const char *text, int64_t now_utc_s)
{
    if (text == NULL) {
        return CLOCK_NONE;
    }
    char folded[FOLDED_BYTES];
    const char *at = skip_blanks(date_fold_digits(text, folded, sizeof(folded)));
    int64_t seconds, utc_s;
    const char *behind = at;
    if ((skip_word(&behind, "刚刚") || skip_word(&behind, "剛剛") ||
            skip_word(&behind, "刚才") || skip_word(&behind, "just now")) &&
        *behind == '\0') {
        return now_utc_s;
    }
    if (read_distance(at, &seconds)) {
        return now_utc_s - seconds;
    }
    if (read_day_word(at, now_utc_s, &utc_s)) {
        return utc_s;
    }
    return read_day_without_year(at, now_utc_s);
}
