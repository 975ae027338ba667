/* What xml_feed.c (structure), xml_feed_links.c (attributes) and xml_feed_values.c (text)
 * share. Private to the three. */
#ifndef FEED_XML_FEED_STATE_H
#define FEED_XML_FEED_STATE_H

#include <stdbool.h>

#include "base/buffer.h"
#include "feed/elements.h"
#include "feed/xml_feed.h"

enum { ELEMENT_CACHE = 256 };

enum frame_kind {
    FRAME_SKIP,   /* nothing in it means anything */
    FRAME_PLACE,  /* a container: its children are looked up in `place` */
    FRAME_VALUE,  /* its text is being captured */
    FRAME_MARKUP, /* inside a value */
};

struct frame {
    enum frame_kind kind;
    enum element_place place;
    const struct element *element;
    const char *name;     /* of markup that was written: interned, for the end tag; or NULL */
    const char *base;     /* xml:base in force, or NULL */
    const char *language; /* xml:lang in force, or NULL */
};

/* What a value's text is, and what becomes of tags in it. */
enum capture {
    CAPTURE_PLAIN,  /* text; tags are dropped */
    CAPTURE_HTML,   /* text is HTML source; tags are put back in between */
    CAPTURE_XHTML,  /* text is text: it is escaped; tags are HTML */
    CAPTURE_BASE64, /* HTML, packed */
    CAPTURE_NOTHING,
};

/* One run of precedence: which row filled each slot of the feed or of the current entry. */
struct filled {
    const struct element *by[SLOT_COUNT];
};

struct xml_feed {
    struct arena *arena;
    const struct feed_parse_options *options;
    struct feed_document *document;

    /* structure */
    struct frame frames[XML_DEPTH_MAX];
    size_t depth;
    enum xml_namespace root_ns;
    const char *root_prefix;
    const char *root_name; /* of a document that is no feed */
    bool is_atom;
    bool has_channel;
    struct {
        const char *name; /* interned: the pointer is the key */
        enum xml_namespace ns;
        enum element_place place;
        bool known;
        const struct element *element;
    } cache[ELEMENT_CACHE];

    /* the value being captured */
    struct buffer text;
    enum capture capture;
    size_t markup_depth;
    bool guid_is_link;
    const char *link_attribute; /* of an RSS <link href="…">, a common mistake */

    /* the entry being read, NULL outside */
    struct feed_entry *entry;
    struct filled entry_filled, feed_filled;
    const char *permalink;
    bool link_is_html;

    /* for the end */
    struct feed_strings feed_authors;
    bool feed_link_is_html;
    int update_period_s, update_frequency;
    bool person_has_name;
};

/* xml_feed_links.c */
/* The current entry's slots, or the feed's. */
struct filled *value_filled(struct xml_feed *feed);
/* Absolute, percent-encoded and of a scheme that cannot run; NULL for anything else. */
const char *value_resolve(struct xml_feed *feed, const struct frame *frame, const char *link);
/* The link of the current entry, or of the feed. */
void value_set_link(struct xml_feed *feed, const char *link);
/* Elements that are told by their attributes alone. */
void value_of_attributes(struct xml_feed *feed, const struct element *element,
    const struct xml_tag *tag, const struct frame *frame);

/* xml_feed_values.c: called by the structure. */
void value_begin_entry(struct xml_feed *feed, const struct xml_tag *tag);
void value_end_entry(struct xml_feed *feed);
/* How to capture the text of `element`, and what to keep of its attributes. */
void value_begin(
    struct xml_feed *feed, const struct element *element, const struct xml_tag *tag);
/* feed->text is complete. */
void value_end(struct xml_feed *feed, const struct frame *frame);
/* What a feed may say anywhere and is known only at its end. */
void value_finish(struct xml_feed *feed);

#endif
