/* What an entry is shown and judged by: its title and summary as plain text. PURE. */
#ifndef FEED_ENTRY_TEXT_H
#define FEED_ENTRY_TEXT_H

#include "base/arena.h"
#include "feed/document.h"

/* The feed's own summary, else its content, as text: boilerplate around it removed, LaTeX made
 * readable where the entry is arXiv's, whole sentences within `max_characters`. Lives in the
 * arena; NULL when the feed says nothing. */
char *entry_summary_text(
    struct arena *arena, const struct feed_entry *entry, size_t max_characters);

/* The title, LaTeX made readable where the entry is arXiv's; without one the beginning of
 * `summary` (NULL allowed). Borrowed from the entry, or in the arena; NULL when there is
 * nothing. */
const char *entry_title_text(
    struct arena *arena, const struct feed_entry *entry, const char *summary);

#endif
