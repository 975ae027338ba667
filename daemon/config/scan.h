/* The first pass over feeds.conf: everything about its form, without stopping at the first
 * mistake.
 *
 * Reports bytes that are not UTF-8, quotes and braces that do not close, keys that do not exist
 * or are written twice, sections without a name and required keys that are missing; and writes
 * a clean copy for libconfuse, in which only what is sound remains, on the lines where it
 * stood. No state; any thread.
 */
#ifndef CONFIG_SCAN_H
#define CONFIG_SCAN_H

#include <stddef.h>

#include "base/buffer.h"
#include "config/problems.h"
#include "config/schema.h"

/* Keys the clean copy adds to every section that has a title: the line it begins on, and the
 * title. */
#define SCAN_LINE_KEY "@line"
#define SCAN_TITLE_KEY "@title"

/* A file longer than this is refused unread: 20,000 feeds take two thirds of it. */
enum { SCAN_BYTES_MAX = 4 << 20 };

/* Scan `length` bytes (at most SCAN_BYTES_MAX) of what `root` describes and append the clean
 * copy to `out`, which must have room for SCAN_CLEAN_BYTES(length). */
void scan_text(const char *text, size_t length, const struct schema_section *root,
    const char *file, struct problems *problems, struct buffer *out);

/* Worst case: every byte a section of one letter that gains its two keys. */
#define SCAN_CLEAN_BYTES(length) ((size_t)4096 + (length)*8 + (size_t)20000 * 64)

#endif
