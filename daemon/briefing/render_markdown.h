/* An issue in the house form: Markdown. PURE.
 *
 * A function of struct issue alone, and the counterpart of briefing/issue_reader.h: what it
 * writes reads back as the same issue. Whatever stands in a field cannot end its link, its line
 * or its item.
 */
#ifndef BRIEFING_RENDER_MARKDOWN_H
#define BRIEFING_RENDER_MARKDOWN_H

#include "base/buffer.h"
#include "briefing/issue.h"

/* Front matter, heading, tagline, guide, warm-up list, sections, archive, footer. Not written,
 * because Markdown has no place for them: id, key, clause, highlight; section id and form (what
 * they are is told by the heading and the shape of the items); language, url, the anchor. */
void issue_write_markdown(const struct issue *issue, struct buffer *out);

#endif
