/* Sources with habits of their own: which kind a feed is, and what its kind asks for. PURE.
 *
 * A kind is recognised by the feed's address or named in feeds.conf (`kind`). Everything that
 * is particular to one is a table row or a small function here and in source_*.c; the rest of
 * the program sees ordinary documents. `plain` switches off all but the names of refusals.
 */
#ifndef FEED_SOURCE_H
#define FEED_SOURCE_H

#include <stdbool.h>

#include "config/config.h"
#include "feed/document.h"

/* The kind of `feed`, never CONFIG_KIND_AUTO. */
enum config_kind source_kind(const struct config_feed *feed);

/* Keep the answer with `feed`, for it is asked again for every entry. Before the configuration
 * is frozen. */
void source_recognise(struct config_feed *feed);

/* Whether an entry may become an item at all: of arXiv's announcements only the types the feed
 * asks for. An entry that does not say its type passes. */
bool source_admits(const struct config_feed *feed, const struct feed_entry *entry);

/* What an entry is about, where its kind of source puts something else in its place: the link
 * that a post on Reddit was made for becomes the entry's own. In place; new strings live in the
 * arena. */
void source_adapt_entry(
    struct arena *arena, const struct config_feed *feed, struct feed_entry *entry);

/* True for WordPress's feed of comments, which is announced beside that of the posts and taken
 * for it. By its address, or by its own title and those of its entries. */
bool source_is_comments(const struct config_feed *feed, const struct feed_document *document);

/* The label of its items: what feeds.conf says; else for a WeChat bridge the name of the
 * account, which is how the feed calls itself (`title`, may be NULL); else the feed's name.
 * Borrowed from either. */
const char *source_label(const struct config_feed *feed, const char *title);

#endif
