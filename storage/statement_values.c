/* Parameters in and columns out, one after another: the order in the SQL is the order of the
 * calls, so a new column moves no number.
 *
 * Binding cannot fail but for a wrong number of parameters (asserted) or exhausted memory,
 * since texts are bound in place; so the bind_*() functions return nothing and a row reads as a
 * list. */
#include <assert.h>
#include <string.h>

#include "base/clock.h"
#include "storage/statements.h"

static void check_bound(int result)
{
    assert(result == SQLITE_OK);
    (void)result;
}

void bind_text(struct statement *statement, const char *text)
{
    check_bound(sqlite3_bind_text(
        statement->handle, statement->next_parameter++, text, -1, SQLITE_STATIC));
}

void bind_int(struct statement *statement, int64_t value)
{
    check_bound(sqlite3_bind_int64(statement->handle, statement->next_parameter++, value));
}

void bind_hash(struct statement *statement, uint64_t value)
{
    bind_int(statement, (int64_t)value);
}

void bind_real(struct statement *statement, double value)
{
    check_bound(sqlite3_bind_double(statement->handle, statement->next_parameter++, value));
}

void bind_null(struct statement *statement)
{
    check_bound(sqlite3_bind_null(statement->handle, statement->next_parameter++));
}

void bind_id(struct statement *statement, int64_t id)
{
    if (id == 0) {
        bind_null(statement);
    } else {
        bind_int(statement, id);
    }
}

void bind_blob(struct statement *statement, const void *data, size_t length)
{
    check_bound(sqlite3_bind_blob64(
        statement->handle, statement->next_parameter++, data, length, SQLITE_STATIC));
}

void bind_pointer(struct statement *statement, void *pointer, const char *type)
{
    check_bound(sqlite3_bind_pointer(
        statement->handle, statement->next_parameter++, pointer, type, NULL));
}

void bind_time(struct statement *statement, int64_t utc_s)
{
    if (utc_s == CLOCK_NONE) {
        bind_null(statement);
    } else {
        bind_int(statement, utc_s);
    }
}

const char *column_peek(struct statement *statement)
{
    return (const char *)sqlite3_column_text(statement->handle, statement->next_column++);
}

const char *column_text(struct statement *statement, struct arena *arena)
{
    return arena_strdup(arena, column_peek(statement));
}

const char **column_lines(struct statement *statement, struct arena *arena, size_t *ret_count)
{
    const char **lines = NULL;
    size_t count = 0, capacity = 0;
    for (const char *text = column_peek(statement); text != NULL;) {
        size_t length = strcspn(text, "\n");
        if (count == capacity) {
            lines = arena_grow(arena, lines, sizeof(*lines), &capacity);
        }
        lines[count++] = arena_strndup(arena, text, length);
        text = text[length] == '\n' ? text + length + 1 : NULL;
    }
    *ret_count = count;
    return lines;
}

int64_t column_int(struct statement *statement)
{
    return sqlite3_column_int64(statement->handle, statement->next_column++);
}

uint64_t column_hash(struct statement *statement)
{
    return (uint64_t)column_int(statement);
}

double column_real(struct statement *statement)
{
    return sqlite3_column_double(statement->handle, statement->next_column++);
}

int64_t column_time(struct statement *statement)
{
    int column = statement->next_column;
    int64_t utc_s = column_int(statement);
    return sqlite3_column_type(statement->handle, column) == SQLITE_NULL ? CLOCK_NONE : utc_s;
}

const void *column_blob(struct statement *statement, struct arena *arena, size_t *ret_length)
{
    int column = statement->next_column++;
    const void *data = sqlite3_column_blob(statement->handle, column);
    *ret_length = (size_t)sqlite3_column_bytes(statement->handle, column);
    return arena_strndup(arena, data == NULL ? "" : data, *ret_length);
}
