/* Sources with habits of their own: which kind a feed is, and what its kind asks for. PURE.
 *
 * A kind is recognised by the feed's address or named in feeds.conf (`kind`). Everything that
 * is particular to one is a table row or a small function here and in source_*.c; the rest of
 * the program sees ordinary documents. `plain` switches all of it off.
 */
#ifndef FEED_SOURCE_H
#define FEED_SOURCE_H

#include <stdbool.h>

#include "config/config.h"
#include "feed/document.h"

/* The kind of `feed`, never CONFIG_KIND_AUTO. */
enum config_kind source_kind(const struct config_feed *feed);

/* Whether an entry may become an item at all: of arXiv's announcements only the types the feed
 * asks for. An entry that does not say its type passes. */
bool source_admits(const struct config_feed *feed, const struct feed_entry *entry);

#endif
