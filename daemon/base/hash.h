/* FNV-1a, 64 bits: for tables, content fingerprints and ETags. Not for anything an attacker
 * must not steer. http://www.isthe.com/chongo/tech/comp/fnv/ */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

#define HASH_START UINT64_C(0xcbf29ce484222325)

/* Continue `hash` (begin with HASH_START) over `length` bytes. */
uint64_t hash_bytes(uint64_t hash, const void *data, size_t length);

/* For long texts: eight bytes a step, another value than hash_bytes(), the same on every
 * machine. */
uint64_t hash_long(uint64_t hash, const void *data, size_t length);

/* hash_bytes() over a string and its NUL, so that ("ab","c") and ("a","bc") differ. NULL counts
 * as a value of its own. */
uint64_t hash_string(uint64_t hash, const char *text);

#endif
