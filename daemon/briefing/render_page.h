/* An issue as a web page for readers. PURE.
 *
 * One document: semantic HTML, its own style in one <style> whose text never changes (a strict
 * policy allows it by its hash), light and dark, print, OpenGraph, no script, no request to
 * anywhere.
 */
#ifndef BRIEFING_RENDER_PAGE_H
#define BRIEFING_RENDER_PAGE_H

#include "base/buffer.h"
#include "briefing/issue.h"

void render_page(const struct issue *issue, struct buffer *out);

/* The text between <style> and </style>, for the hash in Content-Security-Policy. Static. */
const char *render_page_style(void);

#endif
