/* What the program knows about HTML's elements: one table. */
#ifndef FEED_HTML_ELEMENT_H
#define FEED_HTML_ELEMENT_H

#include <stdbool.h>
#include <stddef.h>

enum html_element_flags {
    HTML_KEEP = 1 << 0,    /* survives the sanitiser, as `output` */
    HTML_VOID = 1 << 1,    /* has no content and no end tag */
    HTML_BLOCK = 1 << 2,   /* stands on lines of its own; its start closes an open paragraph */
    HTML_HIDDEN = 1 << 3,  /* dropped with all it holds */
    HTML_RAW = 1 << 4,     /* its content is not markup: runs to its own end tag */
    HTML_BARRIER = 1 << 5, /* end tags inside do not close what is open outside */
};

enum html_group {
    HTML_GROUP_NONE,
    HTML_GROUP_PARAGRAPH,
    HTML_GROUP_HEADING,
    HTML_GROUP_LIST,
    HTML_GROUP_LIST_ITEM,
    HTML_GROUP_DEFINITION_LIST,
    HTML_GROUP_DEFINITION,
    HTML_GROUP_TABLE,
    HTML_GROUP_TABLE_SECTION,
    HTML_GROUP_ROW,
    HTML_GROUP_CELL,
    HTML_GROUP_ANCHOR,
};

/* Attributes that may stay and are no URLs. */
enum html_attribute_flags {
    HTML_ALT = 1 << 0,
    HTML_TITLE = 1 << 1,
    HTML_WIDTH = 1 << 2,
    HTML_HEIGHT = 1 << 3,
    HTML_START = 1 << 4,
    HTML_VALUE = 1 << 5,
    HTML_COLSPAN = 1 << 6,
    HTML_ROWSPAN = 1 << 7,
};

struct html_element {
    const char *name;
    const char *output; /* the name it is written with */
    unsigned flags;
    enum html_group group;
    unsigned attributes; /* enum html_attribute_flags */
};

/* The element of that name, any case; an entry without flags for an unknown one. Never NULL. */
const struct html_element *html_element_find(const char *name, size_t length);

static inline bool html_element_is(const struct html_element *element, unsigned flags)
{
    return (element->flags & flags) != 0;
}

#endif
