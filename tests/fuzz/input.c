#include "input.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

struct fuzz_input fuzz_input_of(const uint8_t *data, size_t size)
{
    const char *text = size == 0 ? "" : (const char *)data;
    return (struct fuzz_input){text, text + size};
}

static char *copy(const char *text, size_t length)
{
    char *result = strndup(text, length);
    if (result == NULL) {
        abort();
    }
    return result;
}

char *fuzz_take_line(struct fuzz_input *input)
{
    size_t left = fuzz_left(input);
    if (left == 0) {
        return NULL;
    }
    const char *start = input->cursor;
    const char *found = memchr(start, '\n', left);
    input->cursor = found == NULL ? input->end : found + 1;
    return copy(start, found == NULL ? left : (size_t)(found - start));
}

char *fuzz_take_field(struct fuzz_input *input, const char *name)
{
    size_t length = strlen(name);
    if (fuzz_left(input) < length + 2 || memcmp(input->cursor, name, length) != 0 ||
        memcmp(input->cursor + length, ": ", 2) != 0) {
        return NULL;
    }
    input->cursor += length + 2;
    char *value = fuzz_take_line(input);
    return value != NULL ? value : copy("", 0);
}

char *fuzz_take_text(struct fuzz_input *input)
{
    char *text = copy(input->cursor, fuzz_left(input));
    input->cursor = input->end;
    return text;
}

bool fuzz_is_utf8(const char *text)
{
    size_t left = strlen(text);
    while (left > 0) {
        size_t length = utf8_measure(text, left);
        if (length == 0) {
            return false;
        }
        text += length;
        left -= length;
    }
    return true;
}

void fuzz_require(bool holds, const char *format, ...)
{
    if (holds) {
        return;
    }
    va_list values;
    va_start(values, format);
    fputs("property violated: ", stderr);
    vfprintf(stderr, format, values);
    fputc('\n', stderr);
    va_end(values);
    abort();
}

void fuzz_freep(char **text)
{
    free(*text);
}
