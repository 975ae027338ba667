/* Compiler attributes under the names the house uses. */
#ifndef BASE_ATTRIBUTES_H
#define BASE_ATTRIBUTES_H

#include <stddef.h>

/* The caller must look at the result: used on every fallible function. */
#define must_check __attribute__((warn_unused_result))

/* printf-style: argument number `format_at` (from 1) is the format, `first_at` its first value,
 * 0 where it is a va_list. */
#define printf_like(format_at, first_at) __attribute__((format(printf, format_at, first_at)))

/* Release an owning local at the end of its scope: `cleanup(buffer_release) struct buffer b;`
 */
#define cleanup(function) __attribute__((cleanup(function)))

/* The `type` whose `member` stands at `pointer`. */
#define holder_of(pointer, type, member)                                                       \
    ((type *)(void *)((char *)(pointer)-offsetof(type, member)))

#define array_count(array) (sizeof(array) / sizeof((array)[0]))

#endif
