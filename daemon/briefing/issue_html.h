/* An issue as semantic HTML, without a page around it: what web page, feeds and e-mail share.
 * PURE.
 *
 * Classes name what a thing is; without any style it still reads well, for a feed reader throws
 * styles away. Nothing is loaded from anywhere.
 */
#ifndef BRIEFING_ISSUE_HTML_H
#define BRIEFING_ISSUE_HTML_H

#include "base/buffer.h"
#include "briefing/issue.h"

struct issue_html_form {
    bool anchors;        /* sections and items carry ids */
    unsigned heading;    /* level of a section's heading, 2 in a page */
    bool without_ending; /* no archive, no footer: in a feed they would be new every time */
};

/* Preface, guide, warm-up list, notes, sections, archive, footer; not heading and tagline. */
void issue_html_write(
    const struct issue *issue, const struct issue_html_form *form, struct buffer *out);

#endif
