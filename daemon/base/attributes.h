/* Compiler attributes under the names the house uses. */
#ifndef BASE_ATTRIBUTES_H
#define BASE_ATTRIBUTES_H

/* The caller must look at the result: used on every fallible function. */
#define must_check __attribute__((warn_unused_result))

/* printf-style: argument number `format_at` (from 1) is the format, `first_at` its first value.
 */
#define printf_like(format_at, first_at) __attribute__((format(printf, format_at, first_at)))

/* Release an owning local at the end of its scope: `cleanup(buffer_release) struct buffer b;`
 */
#define cleanup(function) __attribute__((cleanup(function)))

#define array_count(array) (sizeof(array) / sizeof((array)[0]))

#endif
