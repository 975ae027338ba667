/* Problems are kept in the order they were found and sorted only when written: the scanner, the
 * reader and the judge each see the file in an order of their own, a person reads it from the
 * top.
 *
 * A hostile or badly broken file can hold a problem in every byte, and nobody reads ten
 * thousand of them: behind PROBLEMS_MAX they are counted, not kept. */
#include "config/problems.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

enum { PROBLEMS_MAX = 500, MESSAGE_BYTES = 600 };

void problems_init(struct problems *problems)
{
    *problems = (struct problems){0};
    arena_init(&problems->arena);
}

void problems_release(struct problems *problems)
{
    arena_release(&problems->arena);
    *problems = (struct problems){0};
}

/* A message quotes what somebody wrote, cut at some byte: keep it one line of valid UTF-8, for
 * the terminal and for JSON. */
static void make_printable(char *text)
{
    size_t left = strlen(text);
    while (left > 0) {
        size_t step = utf8_measure(text, left);
        if (step == 0 || (unsigned char)*text < 0x20 || *text == 0x7F) {
            *text = step == 0 ? '?' : ' ';
            step = 1;
        }
        text += step;
        left -= step;
    }
}

printf_like(4, 0) static struct problem *add(
    struct problems *problems, const char *file, int line, const char *format, va_list values)
{
    if (problems->count == PROBLEMS_MAX) {
        return NULL;
    }
    char message[MESSAGE_BYTES];
    vsnprintf(message, sizeof(message), format, values);
    make_printable(message);
    if (problems->count == problems->capacity) {
        problems->items = arena_grow(
            &problems->arena, problems->items, sizeof(*problems->items), &problems->capacity);
    }
    struct problem *problem = &problems->items[problems->count++];
    *problem = (struct problem){
        .file = arena_strdup(&problems->arena, file),
        .line = line,
        .message = arena_strdup(&problems->arena, message),
    };
    return problem;
}

void problems_add(
    struct problems *problems, const char *file, int line, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    add(problems, file, line, format, values);
    va_end(values);
    problems->error_count++;
}

void problems_warn(
    struct problems *problems, const char *file, int line, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    struct problem *problem = add(problems, file, line, format, values);
    va_end(values);
    if (problem != NULL) {
        problem->warning = true;
    }
}

/* By line, and within a line as found: the messages lie in one arena, not in that order, so the
 * array's own order is the tie-breaker. */
static int compare_problems(const void *left, const void *right)
{
    const struct problem *const *a = left, *const *b = right;
    if ((*a)->line != (*b)->line) {
        return (*a)->line < (*b)->line ? -1 : 1;
    }
    return *a < *b ? -1 : *a > *b;
}

const struct problem **problems_sort(struct problems *problems)
{
    const struct problem **sorted = arena_new_array(
        &problems->arena, const struct problem *, problems->count + 1);
    for (size_t i = 0; i < problems->count; i++) {
        sorted[i] = &problems->items[i];
    }
    qsort(sorted, problems->count, sizeof(*sorted), compare_problems);
    return sorted;
}

/* ---- columns ---- */

static const char *find_line(const char *text, const char *end, int line)
{
    for (; line > 1 && text != NULL; line--) {
        text = memchr(text, '\n', (size_t)(end - text));
        text += text != NULL;
    }
    return text;
}

/* What a message is about stands in quotes in it; the first of these that the line holds. */
static const char *find_quoted(const char *message, const char *line, size_t length)
{
    for (const char *open = strchr(message, '\''); open != NULL;
         open = strchr(open + 1, '\'')) {
        for (const char *close = strchr(open + 1, '\''); close != NULL;
             close = strchr(close + 1, '\'')) {
            size_t size = (size_t)(close - open) - 1;
            const char *found = size == 0 ? NULL : memmem(line, length, open + 1, size);
            if (found != NULL) {
                return found;
            }
        }
    }
    return NULL;
}

static int count_characters(const char *text, const char *end)
{
    int count = 0;
    for (; text < end; text++) {
        count += ((unsigned char)*text & 0xc0) != 0x80;
    }
    return count;
}

void problems_locate(
    struct problems *problems, const char *file, const char *text, size_t length)
{
    for (size_t i = 0; i < problems->count; i++) {
        struct problem *problem = &problems->items[i];
        const char *end = text + length;
        const char *line = problem->line > 0 && strcmp(problem->file, file) == 0
            ? find_line(text, end, problem->line)
            : NULL;
        if (line == NULL) {
            continue;
        }
        const char *line_end = memchr(line, '\n', (size_t)(end - line));
        size_t line_length = (size_t)((line_end == NULL ? end : line_end) - line);
        const char *place = find_quoted(problem->message, line, line_length);
        if (place == NULL) {
            place = line;
            while (place < line + line_length && (*place == ' ' || *place == '\t')) {
                place++;
            }
        }
        problem->column = 1 + count_characters(line, place);
    }
}

static void write_problem(const struct problem *problem, struct buffer *out)
{
    const char *kind = problem->warning ? "warning" : "error";
    if (problem->column > 0) {
        buffer_printf(out, "%s:%d:%d: %s: %s\n", problem->file, problem->line, problem->column,
            kind, problem->message);
    } else if (problem->line > 0) {
        buffer_printf(
            out, "%s:%d: %s: %s\n", problem->file, problem->line, kind, problem->message);
    } else {
        buffer_printf(out, "%s: %s: %s\n", problem->file, kind, problem->message);
    }
}

void problems_write(struct problems *problems, struct buffer *out)
{
    const struct problem **sorted = problems_sort(problems);
    for (size_t i = 0; i < problems->count; i++) {
        write_problem(sorted[i], out);
    }
    size_t kept_errors = 0;
    for (size_t i = 0; i < problems->count; i++) {
        kept_errors += !problems->items[i].warning;
    }
    if (problems->error_count > kept_errors) {
        buffer_printf(out, "%s: error: %zu more problems are not listed\n",
            problems->count == 0 ? "feeds.conf" : problems->items[0].file,
            problems->error_count - kept_errors);
    }
}
