/* A growing byte buffer that is born with its maximum.
 *
 * Whatever the network or a person can make grow is collected here: the append that would pass
 * the maximum is dropped and the buffer remembers it, so a writer of many small pieces checks
 * once, at the end, with buffer_failed(). The data is always NUL-terminated. One thread at a
 * time.
 */
#ifndef BASE_BUFFER_H
#define BASE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attributes.h"

struct buffer {
    char *data; /* never NULL after buffer_init() */
    size_t length;
    size_t capacity;
    size_t max_bytes;
    bool failed; /* an append was dropped because the maximum was reached */
};

void buffer_init(struct buffer *buffer, size_t max_bytes);

/* Free the data. The buffer may be initialised again. */
void buffer_release(struct buffer *buffer);

/* Make room for `more` bytes at once, as far as the maximum allows: for who knows the size. */
void buffer_reserve(struct buffer *buffer, size_t more);

/* Forget the content and the failure, keep the memory. */
void buffer_clear(struct buffer *buffer);

/* Append; each returns false when this or an earlier append did not fit. */
bool buffer_append(struct buffer *buffer, const void *data, size_t length);
bool buffer_puts(struct buffer *buffer, const char *text);
bool buffer_putc(struct buffer *buffer, char byte);
bool buffer_printf(struct buffer *buffer, const char *format, ...) printf_like(2, 3);

/* Append the number in decimals: buffer_printf() takes twenty times as long. */
bool buffer_put_number(struct buffer *buffer, unsigned number);

/* Append the code point as UTF-8. Surrogates and values above U+10FFFF become U+FFFD. */
bool buffer_put_codepoint(struct buffer *buffer, unsigned codepoint);

static inline bool buffer_failed(const struct buffer *buffer)
{
    return buffer->failed;
}

/* Hand the data over: the caller frees it with free(3); the buffer is empty and usable again.
 */
char *buffer_take(struct buffer *buffer, size_t *ret_length);

#endif
