/* Running text: what white space means when lines are put together, and classes of characters.
 * Private ground of the text writers. */
#ifndef FEED_TEXT_FLOW_H
#define FEED_TEXT_FLOW_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

/* Text flows in and comes out in lines: white space collapsed, also across put() calls; breaks
 * written only between text, so neither end has any. A line break of the source between two Han
 * characters is no space, for Chinese has none. Zero but for `out` is a valid start. */
struct text_flow {
    struct buffer *out;
    unsigned previous; /* the last character written on this line, 0: none */
    bool space;        /* white space waits */
    bool wrapped;      /* and a line break was in it */
    const char *joint; /* what to write for that white space; NULL: a blank */
    unsigned breaks;   /* line ends that wait */
    bool bullet;       /* a bullet waits for the first text of the item */
    unsigned number;   /* of the item in an ordered list; 0: "- " */
    size_t indent;     /* blanks before the bullet */
    bool verbatim;     /* white space is content: <pre> */
};

void text_flow_put(struct text_flow *flow, const char *text, size_t length);

/* The next text begins a new line. */
void text_flow_break(struct text_flow *flow);

/* The bytes of the white space character at `text`: ASCII's, U+0085, NBSP, the Unicode spaces
 * and separators, U+3000. 0 when it is something else. */
size_t text_space_length(const char *text, size_t length);

/* The bytes of the character at `text` when it shows nothing and joins nothing: zero-width
 * space and no-break space, soft hyphen, marks of direction (which can turn a line around).
 * Joiners stay: emoji and Persian need them. 0 for any other. */
size_t text_invisible_length(const char *text, size_t length);

/* The bytes of the mark of direction at `text`: it can turn a whole line of ours around. 0 for
 * any other. */
size_t text_direction_length(const char *text, size_t length);

/* The bytes of the joiner (U+200C, U+200D) at `text` when it stands at a character that nothing
 * joins; `previous` is the character before it, 0 at the beginning. Emoji, Persian and the
 * scripts of India need theirs; beside Latin letters or Han it only makes equal titles differ.
 * 0 for any other. */
size_t text_stray_joiner_length(unsigned previous, const char *text, size_t length);

/* The code point at `text`, of which there is at least one byte, and its bytes in *ret_length.
 * A broken sequence is U+FFFD, one byte. */
unsigned text_codepoint_beyond_ascii(const char *text, size_t length, size_t *ret_length);

static inline unsigned text_codepoint(const char *text, size_t length, size_t *ret_length)
{
    *ret_length = 1;
    return (*text & 0x80) == 0 ? (unsigned char)*text
                               : text_codepoint_beyond_ascii(text, length, ret_length);
}

/* Han, kana and the full-width punctuation between them. */
bool text_is_cjk(unsigned codepoint);

#endif
