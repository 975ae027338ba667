/* Which element of which vocabulary means what, and which of two wins. PURE.
 *
 * One table for RSS, RDF, Atom and the modules that matter. Rows that fill the same slot are
 * sorted by precedence: a later row overwrites an earlier one, never the other way round, in
 * whatever order the feed writes them. */
#ifndef FEED_ELEMENTS_H
#define FEED_ELEMENTS_H

#include <stdint.h>

#include "feed/namespace.h"

/* Where an element may stand to mean something. */
enum element_place {
    IN_ROOT = 1,
    IN_FEED = 2,
    IN_ENTRY = 4,
    IN_PERSON = 8,
    IN_SKIP_HOURS = 16,
    IN_SKIP_DAYS = 32,
};

enum element_slot {
    SLOT_NONE,
    /* containers */
    SLOT_FEED,   /* RSS channel */
    SLOT_ENTRY,  /* item, entry */
    SLOT_GROUP,  /* its children count as children of the entry */
    SLOT_PERSON, /* Atom author */
    SLOT_SKIP_HOURS,
    SLOT_SKIP_DAYS,
    /* values made of the attributes */
    SLOT_ATOM_LINK,
    SLOT_ENCLOSURE,
    SLOT_ATOM_CATEGORY,
    SLOT_ITUNES_CATEGORY,
    /* values made of the text */
    SLOT_ID,
    SLOT_TITLE,
    SLOT_LINK,
    SLOT_PUBLISHED,
    SLOT_UPDATED,
    SLOT_AUTHOR,
    SLOT_PERSON_NAME,
    SLOT_CATEGORY,
    SLOT_SUMMARY,
    SLOT_CONTENT,
    SLOT_LANGUAGE,
    SLOT_TTL,
    SLOT_UPDATE_PERIOD,
    SLOT_UPDATE_FREQUENCY,
    SLOT_SKIP_HOUR,
    SLOT_SKIP_DAY,
    SLOT_ANNOUNCE_TYPE,
    SLOT_COMMENT,
    SLOT_JOURNAL_REF,
    SLOT_DOI,
    SLOT_COUNT,
};

/* How the text of an element is written. */
enum element_form {
    FORM_PLAIN,
    FORM_HTML,      /* escaped HTML, or markup as it is */
    FORM_CONSTRUCT, /* Atom: the type (and mode) attribute says which */
};

struct element {
    enum xml_namespace ns; /* NS_RSS and NS_ATOM10 stand for all of their versions */
    const char *name;      /* lower case */
    uint8_t places;
    enum element_slot slot;
    enum element_form form;
};

/* The row for `name` (any case) in a place, or NULL. Comparing two rows of one slot by address
 * tells which wins: the greater. */
const struct element *element_find(
    enum xml_namespace ns, const char *name, enum element_place place);

#endif
