#include "base/clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

int64_t clock_now_utc_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t clock_now_utc_s(void)
{
    return clock_now_utc_ms() / 1000;
}

uint64_t clock_monotonic_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

int64_t clock_monotonic_ms(void)
{
    return (int64_t)(clock_monotonic_ns() / 1000000);
}

const char *clock_format_iso(int64_t utc_s, char *text)
{
    time_t when = (time_t)utc_s;
    struct tm parts;
    if (gmtime_r(&when, &parts) == NULL ||
        strftime(text, CLOCK_ISO_BYTES, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0) {
        text[0] = '\0';
    }
    return text;
}

const char *clock_format_day(int64_t utc_s, int64_t offset_s, char *text)
{
    clock_format_iso(utc_s + offset_s, text);
    text[strcspn(text, "T")] = '\0';
    return text;
}

/* Days from civil, H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", 2013. */
int64_t clock_from_civil(int year, int month, int day, int hour, int minute, int second)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    int64_t days = era * 146097 + day_of_era - 719468;
    return days * 86400 + (int64_t)hour * 3600 + (int64_t)minute * 60 + second;
}

bool clock_parse_day(const char *text, int64_t *ret_utc_s)
{
    int year, month, day, used = 0;
    if (strlen(text) != 10 || sscanf(text, "%4d-%2d-%2d%n", &year, &month, &day, &used) != 3 ||
        used != 10 || month < 1 || month > 12 || day < 1) {
        return false;
    }
    int64_t utc_s = clock_from_civil(year, month, day, 0, 0, 0);
    char back[CLOCK_ISO_BYTES];
    if (strcmp(clock_format_day(utc_s, 0, back), text) != 0) {
        return false;
    }
    *ret_utc_s = utc_s;
    return true;
}
