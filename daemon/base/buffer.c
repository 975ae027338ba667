#include "base/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fault.h"

enum { FIRST_BYTES = 256 };

void buffer_init(struct buffer *buffer, size_t max_bytes)
{
    *buffer = (struct buffer){.max_bytes = max_bytes, .capacity = FIRST_BYTES};
    buffer->data = calloc(1, FIRST_BYTES);
    if (buffer->data == NULL) {
        memory_exhausted();
    }
}

void buffer_release(struct buffer *buffer)
{
    free(buffer->data);
    *buffer = (struct buffer){0};
}

void buffer_clear(struct buffer *buffer)
{
    buffer->length = 0;
    buffer->failed = false;
    buffer->data[0] = '\0';
}

static void grow_to(struct buffer *buffer, size_t capacity)
{
    char *data = realloc(buffer->data, capacity);
    if (data == NULL) {
        memory_exhausted();
    }
    buffer->data = data;
    buffer->capacity = capacity;
}

void buffer_reserve(struct buffer *buffer, size_t more)
{
    size_t left = buffer->max_bytes - buffer->length;
    size_t need = buffer->length + (more < left ? more : left) + 1;
    if (need > buffer->capacity) {
        grow_to(buffer, need);
    }
}

/* Make room for `more` bytes and the NUL; false when that passes the maximum. */
static bool make_room(struct buffer *buffer, size_t more)
{
    if (buffer->failed || more > buffer->max_bytes - buffer->length) {
        buffer->failed = true;
        return false;
    }
    size_t need = buffer->length + more + 1;
    if (need > buffer->capacity) {
        size_t capacity = buffer->capacity;
        while (capacity < need) {
            capacity *= 2;
        }
        grow_to(buffer, capacity);
    }
    return true;
}

bool buffer_append(struct buffer *buffer, const void *data, size_t length)
{
    if (!make_room(buffer, length)) {
        return false;
    }
    if (length > 0) {
        memcpy(buffer->data + buffer->length, data, length);
    }
    buffer->length += length;
    buffer->data[buffer->length] = '\0';
    return true;
}

bool buffer_puts(struct buffer *buffer, const char *text)
{
    return buffer_append(buffer, text, strlen(text));
}

bool buffer_putc(struct buffer *buffer, char byte)
{
    if (!make_room(buffer, 1)) {
        return false;
    }
    buffer->data[buffer->length++] = byte;
    buffer->data[buffer->length] = '\0';
    return true;
}

bool buffer_printf(struct buffer *buffer, const char *format, ...)
{
    va_list values, again;
    va_start(values, format);
    va_copy(again, values);
    int length = vsnprintf(NULL, 0, format, values);
    va_end(values);
    bool fits = length >= 0 && make_room(buffer, (size_t)length);
    if (fits) {
        vsnprintf(buffer->data + buffer->length, (size_t)length + 1, format, again);
        buffer->length += (size_t)length;
    }
    va_end(again);
    return fits;
}

bool buffer_put_number(struct buffer *buffer, unsigned number)
{
    char digits[3 * sizeof(number)];
    char *at = digits + sizeof(digits);
    do {
        *--at = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    return buffer_append(buffer, at, (size_t)(digits + sizeof(digits) - at));
}

bool buffer_put_codepoint(struct buffer *buffer, unsigned c)
{
    if (c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff)) {
        c = 0xfffd;
    }
    char bytes[4];
    size_t length;
    if (c < 0x80) {
        bytes[0] = (char)c;
        length = 1;
    } else if (c < 0x800) {
        bytes[0] = (char)(0xc0 | c >> 6);
        bytes[1] = (char)(0x80 | (c & 0x3f));
        length = 2;
    } else if (c < 0x10000) {
        bytes[0] = (char)(0xe0 | c >> 12);
        bytes[1] = (char)(0x80 | (c >> 6 & 0x3f));
        bytes[2] = (char)(0x80 | (c & 0x3f));
        length = 3;
    } else {
        bytes[0] = (char)(0xf0 | c >> 18);
        bytes[1] = (char)(0x80 | (c >> 12 & 0x3f));
        bytes[2] = (char)(0x80 | (c >> 6 & 0x3f));
        bytes[3] = (char)(0x80 | (c & 0x3f));
        length = 4;
    }
    return buffer_append(buffer, bytes, length);
}

char *buffer_take(struct buffer *buffer, size_t *ret_length)
{
    char *data = buffer->data;
    if (ret_length != NULL) {
        *ret_length = buffer->length;
    }
    buffer_init(buffer, buffer->max_bytes);
    return data;
}
