/* Problem: a week of a feed's life must pass in a test that drives the real program, and a
 * machine whose clock is set must be seen.
 *
 * Approach: offsets in a file that is mapped, so that reading the clock stays one addition
 * and every thread sees the move at once. Timers sleep on the machine's clock, which does not
 * move along: while an offset is followed they look often instead.
 *
 * Rejected: changing the stored times (proves only that the daemon reads what the test wrote);
 * a replaced clock_gettime() by LD_PRELOAD (uv's timers, curl's limits and TLS would jump too);
 * a clock handed through every constructor (one more argument everywhere for one caller). */
#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { LOOK_AGAIN_MS = 20 };

/* What the file holds. */
struct offsets {
    _Atomic int64_t both_ms;
    _Atomic int64_t utc_ms; /* of the wall clock, beside the first */
};

/* NULL: the machine's clock. Set before the first thread, never changed. */
static const struct offsets *offsets;

bool clock_follow(const char *path, struct fault *fault)
{
    struct stat about;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    void *mapped = MAP_FAILED;
    if (file >= 0 && fstat(file, &about) == 0 && about.st_size >= (off_t)sizeof(*offsets)) {
        mapped = mmap(NULL, sizeof(*offsets), PROT_READ, MAP_SHARED, file, 0);
    } else if (file >= 0) {
        errno = EINVAL; /* too short to be mapped */
    }
    int cause = errno;
    if (file >= 0) {
        close(file);
    }
    if (mapped == MAP_FAILED) {
        return fault_set(
            fault, FAULT_CONFIG, "cannot follow the clock in '%s': %s", path, strerror(cause));
    }
    offsets = mapped;
    return true;
}

static int64_t read_offset_ms(void)
{
    return offsets == NULL ? 0 : atomic_load(&offsets->both_ms);
}

static int64_t read_utc_offset_ms(void)
{
    return offsets == NULL ? 0 : read_offset_ms() + atomic_load(&offsets->utc_ms);
}

uint64_t clock_sleep_ms(uint64_t wait_ms)
{
    return offsets == NULL || wait_ms < LOOK_AGAIN_MS ? wait_ms : LOOK_AGAIN_MS;
}

int64_t clock_now_utc_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 + read_utc_offset_ms();
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

/* CLOCK_BOOTTIME: what was due while the machine slept is due when it wakes. */
int64_t clock_monotonic_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_BOOTTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 + read_offset_ms();
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
