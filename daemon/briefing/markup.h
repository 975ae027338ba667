/* Characters and addresses inside HTML and XML. PURE.
 *
 * Every renderer that writes tags writes text and addresses through these functions, so that
 * there is one place where a text could break out of its element, and none where an address
 * with another scheme than http(s) could get in.
 */
#ifndef BRIEFING_MARKUP_H
#define BRIEFING_MARKUP_H

#include <stdbool.h>

#include "base/buffer.h"

/* `text` (NULL: nothing) as character data, also inside "…" or '…': the five characters of XML
 * become references; what XML 1.0 forbids and what nobody can see (controls, bidi overrides,
 * zero width) is left out. */
void markup_write_text(const char *text, struct buffer *out);

/* "http://…" or "https://…" with something behind it. False for NULL. */
bool markup_is_web_address(const char *url);

/* `url` inside an attribute, or standing in XML: what RFC 3986 does not allow is
 * percent-encoded. Only for what markup_is_web_address() accepts. */
void markup_write_url(const char *url, struct buffer *out);

/* <tag class="…">text</tag>; `class` NULL: none. */
void markup_write_element(
    const char *tag, const char *class, const char *text, struct buffer *out);

/* <a href="…">text</a>, or the text alone where `url` is no web address. */
void markup_write_link(const char *url, const char *text, struct buffer *out);

#endif
