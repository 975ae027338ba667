/* Time as plain numbers: UTC seconds for what is stored, monotonic milliseconds for waiting.
 *
 * Pure modules never call clock_now_*(): time comes to them as an argument. CLOCK_NONE marks a
 * time that is not known, in every struct of the program.
 *
 * The clock can be moved from outside, so that a test of the whole daemon sees in seconds what
 * takes weeks: see clock_follow(). Only clock_monotonic_ns() cannot, which measures and never
 * waits.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attributes.h"
#include "base/fault.h"

#define CLOCK_NONE INT64_MIN

int64_t clock_now_utc_s(void);
int64_t clock_now_utc_ms(void);
int64_t clock_monotonic_ms(void);
uint64_t clock_monotonic_ns(void);

/* From now on both clocks are ahead of the machine's by what stands at the beginning of the
 * file `path`: milliseconds as a native int64_t, zero or more, which another process may raise
 * at any time by writing the eight bytes. Eight more, which may be negative and may be lowered,
 * are added to the wall clock alone: somebody set it. The file must exist and stay; before the
 * first thread, once. Fails with FAULT_CONFIG. */
must_check bool clock_follow(const char *path, struct fault *fault);

/* How long to sleep, on the machine's clock, before looking whether `wait_ms` are over: all of
 * it, unless somebody may move the clock meanwhile; then a moment. */
uint64_t clock_sleep_ms(uint64_t wait_ms);

enum { CLOCK_ISO_BYTES = 32 };

/* "2020-09-17T08:00:00Z" into `text` of CLOCK_ISO_BYTES bytes; returns `text`. */
const char *clock_format_iso(int64_t utc_s, char *text);

/* "2020-09-17", the day of `utc_s` in a zone `offset_s` east of UTC; returns `text`. */
const char *clock_format_day(int64_t utc_s, int64_t offset_s, char *text);

/* "2020-09-17" at 00:00 UTC into *ret_utc_s; false for anything else, also for February 30. */
bool clock_parse_day(const char *text, int64_t *ret_utc_s);

/* Seconds since 1970 of a date of the proleptic Gregorian calendar, any year from 1 to 9999;
 * timegm(3) without a struct tm. Days outside the month roll over as mktime's do. */
int64_t clock_from_civil(int year, int month, int day, int hour, int minute, int second);

#endif
