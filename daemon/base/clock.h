/* Time as plain numbers: UTC seconds for what is stored, monotonic milliseconds for waiting.
 *
 * Pure modules never call clock_now_*(): time comes to them as an argument. CLOCK_NONE marks a
 * time that is not known, in every struct of the program.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CLOCK_NONE INT64_MIN

int64_t clock_now_utc_s(void);
int64_t clock_now_utc_ms(void);
int64_t clock_monotonic_ms(void);
uint64_t clock_monotonic_ns(void);

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
