/* A list of what is wrong with a configuration: place, cause, and what to write instead.
 *
 * Filled by config_load() and judge_new(), printed by `briefd check` and by a refused reload.
 */
#ifndef CONFIG_PROBLEMS_H
#define CONFIG_PROBLEMS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/attributes.h"
#include "base/buffer.h"

struct problem {
    const char *file;
    int line;            /* 0: the file as a whole */
    int column;          /* in characters, from 1; 0: not known */
    bool warning;        /* worth saying, but no reason to refuse */
    const char *message; /* "unknown key 'intervall': write 'interval_days'" */
};

struct problems {
    struct problem *items;
    size_t count;
    size_t capacity;
    size_t error_count; /* of them not warnings */
    struct arena arena;
};

void problems_init(struct problems *problems);
void problems_release(struct problems *problems);

void problems_add(struct problems *problems, const char *file, int line, const char *format,
    ...) printf_like(4, 5);
void problems_warn(struct problems *problems, const char *file, int line, const char *format,
    ...) printf_like(4, 5);

/* Find the columns of the problems of `file`, whose text this is: where what a message quotes
 * stands in its line, else where the line begins. */
void problems_locate(
    struct problems *problems, const char *file, const char *text, size_t length);

/* All that were kept, in the order of the lines; the array lives in the problems' arena. */
const struct problem **problems_sort(struct problems *problems);

/* One line each, "feeds.conf:12: error: …" or "rules:12:5: error: …", in the order of the
 * lines. Behind 500 problems the rest are only counted; a last line says how many. */
void problems_write(struct problems *problems, struct buffer *out);

#endif
