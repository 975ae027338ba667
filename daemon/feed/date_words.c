/* Tables only, searched from the beginning: a feed's usual date ("Thu, 17 Sep 2020 …") asks for
 * one month and one zone, and both stand near the start. */
#include "feed/date_words.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "base/attributes.h"

/* RFC 2822 4.3 names EST … PDT; the others are what feeds write. CST is American there; where a
 * feed means China's, document_zone.c says so. */
static const struct {
    const char *name;
    int minutes;
} zone_table[] = {{"GMT", 0}, {"UTC", 0}, {"UT", 0}, {"Z", 0}, {"WET", 0}, {"EST", -300},
    {"EDT", -240}, {"CST", -360}, {"CDT", -300}, {"MST", -420}, {"MDT", -360}, {"PST", -480},
    {"PDT", -420}, {"AKST", -540}, {"AKDT", -480}, {"HST", -600}, {"AST", -240}, {"ADT", -180},
    {"NST", -210}, {"BST", 60}, {"IST", 330}, {"CET", 60}, {"CEST", 120}, {"MET", 60},
    {"MEST", 120}, {"MEZ", 60}, {"MESZ", 120}, {"WEST", 60}, {"EET", 120}, {"EEST", 180},
    {"MSK", 180}, {"JST", 540}, {"KST", 540}, {"HKT", 480}, {"SGT", 480}, {"AWST", 480},
    {"AEST", 600}, {"AEDT", 660}, {"NZST", 720}, {"NZDT", 780}, {"ET", -300}, {"PT", -480},
    {"Shanghai", 480}, {"Beijing", 480}, {"Taipei", 480}, {"Tokyo", 540}, {"Seoul", 540},
    {"北京时间", 480}};

bool date_find_zone(const char *word, int *ret_minutes)
{
    for (size_t i = 0; i < array_count(zone_table); i++) {
        if (strcasecmp(zone_table[i].name, word) == 0) {
            *ret_minutes = zone_table[i].minutes;
            return true;
        }
    }
    return false;
}

/* Full names are matched by their first letters, so "Sept." and "Januari" are found too. Longer
 * beginnings stand before shorter ones that they contain. */
static const struct {
    const char *start;
    int month;
} month_table[] = {{"jan", 1}, {"feb", 2}, {"mar", 3}, {"apr", 4}, {"may", 5}, {"jun", 6},
    {"jul", 7}, {"aug", 8}, {"sep", 9}, {"oct", 10}, {"nov", 11}, {"dec", 12}, {"gen", 1},
    {"ene", 1}, {"janv", 1}, {"fev", 2}, {"fév", 2}, {"mär", 3}, {"maa", 3}, {"abr", 4},
    {"avr", 4}, {"mai", 5}, {"mei", 5}, {"mag", 5}, {"maj", 5}, {"juin", 6}, {"giu", 6},
    {"juil", 7}, {"lug", 7}, {"ago", 8}, {"aoû", 8}, {"set", 9}, {"okt", 10}, {"ott", 10},
    {"out", 10}, {"dez", 12}, {"dic", 12}, {"déc", 12}, {"янв", 1}, {"фев", 2}, {"мар", 3},
    {"апр", 4}, {"мая", 5}, {"май", 5}, {"июн", 6}, {"июл", 7}, {"авг", 8}, {"сен", 9},
    {"окт", 10}, {"ноя", 11}, {"дек", 12}};

int date_find_month(const char *word)
{
    int month = 0;
    size_t best = 0;
    for (size_t i = 0; i < array_count(month_table); i++) {
        size_t length = strlen(month_table[i].start);
        if (length > best && strncasecmp(word, month_table[i].start, length) == 0) {
            month = month_table[i].month;
            best = length;
        }
    }
    return month;
}

/* Chinese and Japanese units after a number, and the half of the day before it. */
static const struct {
    const char *mark;
    char unit;
} cjk_marks[] = {{"年", 'Y'}, {"月", 'M'}, {"日", 'D'}, {"号", 'D'}, {"時", 'h'}, {"时", 'h'},
    {"点", 'h'}, {"點", 'h'}, {"分", 'm'}, {"秒", 's'}, {"년", 'Y'}, {"월", 'M'}, {"일", 'D'},
    {"：", ':'}, {"下午", 'p'}, {"晚上", 'p'}, {"上午", 'a'}, {"凌晨", 'a'}, {"早上", 'a'},
    {"午後", 'p'}, {"午前", 'a'}, {"오후", 'p'}, {"오전", 'a'}};

char date_read_cjk_mark(const char **at)
{
    if ((**at & 0x80) == 0) {
        return '\0';
    }
    for (size_t i = 0; i < array_count(cjk_marks); i++) {
        size_t length = strlen(cjk_marks[i].mark);
        if (strncmp(*at, cjk_marks[i].mark, length) == 0) {
            *at += length;
            return cjk_marks[i].unit;
        }
    }
    return '\0';
}

/* Digits of another kind at `at`: 0 to 9, 10 for "十"; -1 for none. */
static int read_wide_digit(const char *at, size_t *ret_bytes)
{
    static const char *const digits[] = {"〇", "一", "二", "三", "四", "五", "六", "七", "八",
        "九", "十", "０", "１", "２", "３", "４", "５", "６", "７", "８", "９", "零"};
    for (size_t i = 0; (*at & 0x80) != 0 && i < array_count(digits); i++) {
        size_t length = strlen(digits[i]);
        if (strncmp(at, digits[i], length) == 0) {
            *ret_bytes = length;
            return i <= 10 ? (int)i : i == 21 ? 0 : (int)i - 11;
        }
    }
    return -1;
}

/* "十七" is 17, "二十" 20, "二十三" 23: "十" is a one at the beginning, a zero at the end, and
 * nothing between digits. */
static void put_ten(const char *behind, bool first, char *folded, size_t *length)
{
    size_t bytes;
    int next = read_wide_digit(behind, &bytes);
    if (first) {
        folded[(*length)++] = '1';
    }
    if (next < 0 || next > 9) {
        folded[(*length)++] = '0';
    }
}

const char *date_fold_digits(const char *text, char *folded, size_t folded_bytes)
{
    size_t bytes, length = 0;
    const char *at = text;
    while (*at != '\0' && ((*at & 0x80) == 0 || read_wide_digit(at, &bytes) < 0)) {
        at++;
    }
    if (*at == '\0') {
        return text;
    }
    bool in_number = false;
    for (at = text; *at != '\0' && length + 4 < folded_bytes; at += bytes) {
        int digit = read_wide_digit(at, &bytes);
        /* "星期四" and "周四" name a day of the week, no number */
        bool weekday = at - text >= 3 &&
            (memcmp(at - 3, "期", 3) == 0 || memcmp(at - 3, "周", 3) == 0);
        if (digit < 0 || weekday) {
            bytes = digit < 0 ? 1 : bytes;
            memcpy(folded + length, at, bytes);
            length += bytes;
        } else if (digit == 10) {
            put_ten(at + bytes, !in_number, folded, &length);
        } else {
            folded[length++] = (char)('0' + digit);
        }
        in_number = digit >= 0 && !weekday;
    }
    folded[length] = '\0';
    return folded;
}
