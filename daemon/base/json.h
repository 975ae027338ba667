/* Strings and optional values of JSON written straight into a buffer. PURE. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

/* A quoted string, or null for NULL. Valid JSON for any bytes: what is no UTF-8 becomes U+FFFD.
 */
void json_write_string(const char *text, struct buffer *out);

/* An array of strings. */
void json_write_strings(const char *const *texts, size_t count, struct buffer *out);

/* An ISO 8601 time in UTC, or null for CLOCK_NONE. */
void json_write_time(int64_t utc_s, struct buffer *out);

#endif
