/* OPML: lists of feeds as feed readers exchange them, in and out. PURE.
 *
 * Reads OPML 1.0, 1.1 and 2.0 (http://opml.org/spec2.opml) as readers really write it: nested
 * folders, attributes in any case, names in text or title, no type, broken markup as far as
 * libxml2 recovers it; within the limits of feeds (feed/xml_reader.h).
 *
 * Writes OPML 2.0 with a folder for each section. All that OPML has no word for stands in the
 * namespace urn:briefd:opml:1: a feed's settings as attributes of its outline (elements of a
 * list apart by a line break), the rest of the configuration (briefing, sections with their
 * rules, topics, vendors, polling) as elements of the head. Other readers pass it over; read
 * back it is the same configuration but for `server` and `database`, which are this machine's
 * business.
 */
#ifndef FEED_OPML_H
#define FEED_OPML_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/fault.h"
#include "config/block.h"

enum {
    OPML_BYTES_MAX = 32 << 20,
    OPML_FEEDS_MAX = 20000, /* as many as feeds.conf may hold sections */
    OPML_NOTES_MAX = 200,   /* kept; the rest are counted */
};

struct opml_feed {
    const char *url;
    const char *name;   /* NULL: the file gives none */
    const char *folder; /* the innermost; NULL: none */
    const char **categories;
    size_t category_count;
    struct desk_setting *settings; /* of our namespace */
    size_t setting_count;
    size_t place; /* in the configuration it was written from; 0: none */
};

struct opml {
    const char *title; /* NULL: none */
    bool ours;         /* written by briefd: what a feed does not say is the default */
    struct opml_feed *feeds;
    size_t feed_count;
    struct config_block *blocks; /* of our namespace, in the head */
    size_t block_count;
    const char **notes; /* what was left out or mended, a sentence each */
    size_t note_count;
    size_t notes_dropped;
};

/* Read a file of any charset. All of it lives in the arena. FAULT_PARSE: it is no OPML;
 * FAULT_LIMIT: too deep, entities that multiply, too large. */
must_check bool opml_read(struct arena *arena, const char *data, size_t length,
    struct opml **ret_opml, struct fault *fault);

/* Write `config`, effective and whole. */
void opml_write(const struct config *config, struct buffer *out);

/* What `opml` holds as the tree of a feeds.conf (block_write() prints it): its own blocks, and
 * its feeds. Lives in the arena. */
struct config_block *opml_to_block(const struct opml *opml, struct arena *arena);

#endif
