/* Small operations on the text of feeds. PURE; results live in the arena. */
#ifndef FEED_TEXT_H
#define FEED_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buffer.h"

/* Without white space (Unicode's) and controls at both ends; NULL when nothing is left. */
char *text_trim(struct arena *arena, const char *text, size_t length);

/* The same without a copy: the end is cut inside `text`, which the result points into. */
char *text_trim_in_place(char *text);

/* Trimmed, every inner run of white space one space, without marks of direction; NULL when
 * nothing is left. */
char *text_collapse(struct arena *arena, const char *text, size_t length);

/* The same for a title, where nothing else may hide either: soft hyphens, zero-width spaces,
 * joiners that join nothing make equal titles differ. */
char *text_title(struct arena *arena, const char *text, size_t length);

/* Append as HTML character data: '&', '<' and '>' become references; also '"' in attributes. */
void text_write_escaped(struct buffer *out, const char *text, size_t length, bool in_attribute);

/* The person in "mail (Name)", "Name (mail)", "Name <mail>": the name, or what there is. NULL
 * when empty. */
char *text_person(struct arena *arena, const char *text, size_t length);

/* The bytes that base64 `text` stands for; NULL when it is none. */
char *text_decode_base64(
    struct arena *arena, const char *text, size_t length, size_t *ret_length);

/* What a page means by the C1 control `code`, 0x80 to 0x9f: windows-1252, as browsers read
 * "&#146;" (WHATWG HTML, numeric character reference end state). Static. */
const char *text_of_c1(unsigned char code);

/* The greatest length up to `max` bytes that ends at a character border of UTF-8 `text`. */
size_t text_clip(const char *text, size_t length, size_t max);

/* True for the schemes a link may have (http, https, ftp, …), and for no other: a feed must not
 * be able to put javascript: under the editor's mouse. */
bool text_is_safe_link(const char *url);

#endif
