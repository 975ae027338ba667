/* The table is searched from its beginning, which is slow; the reader of a feed asks once for
 * every name it meets in a document and remembers the answer (feed/xml_feed.c). */
#include "feed/elements.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/attributes.h"

#define FEED_OR_ENTRY (IN_FEED | IN_ENTRY)

/* Sorted by slot; inside a slot the greater precedence comes later. */
static const struct element elements[] = {
    {NS_RSS, "channel", IN_ROOT, SLOT_FEED, 0},
    {NS_RSS, "item", IN_ROOT | IN_FEED, SLOT_ENTRY, 0},
    {NS_ATOM10, "entry", IN_ROOT | IN_FEED, SLOT_ENTRY, 0},
    {NS_MEDIA, "group", IN_ENTRY, SLOT_GROUP, 0},
    {NS_RSS, "items", IN_FEED, SLOT_GROUP, 0},
    {NS_ATOM10, "author", FEED_OR_ENTRY, SLOT_PERSON, 0},
    {NS_RSS, "skiphours", IN_FEED, SLOT_SKIP_HOURS, 0},
    {NS_RSS, "skipdays", IN_FEED, SLOT_SKIP_DAYS, 0},

    {NS_ATOM10, "link", FEED_OR_ENTRY, SLOT_ATOM_LINK, 0},
    {NS_RSS, "enclosure", IN_ENTRY, SLOT_ENCLOSURE, 0},
    {NS_MEDIA, "content", IN_ENTRY, SLOT_ENCLOSURE, 0},
    {NS_ATOM10, "category", IN_ENTRY, SLOT_ATOM_CATEGORY, 0},
    {NS_ITUNES, "category", IN_ENTRY, SLOT_ITUNES_CATEGORY, 0},

    {NS_DC, "identifier", IN_ENTRY, SLOT_ID, FORM_PLAIN},
    {NS_RSS, "guid", IN_ENTRY, SLOT_ID, FORM_PLAIN},
    {NS_ATOM10, "id", IN_ENTRY, SLOT_ID, FORM_PLAIN},

    {NS_MEDIA, "title", IN_ENTRY, SLOT_TITLE, FORM_HTML},
    {NS_ITUNES, "title", FEED_OR_ENTRY, SLOT_TITLE, FORM_HTML},
    {NS_DCTERMS, "title", FEED_OR_ENTRY, SLOT_TITLE, FORM_HTML},
    {NS_DC, "title", FEED_OR_ENTRY, SLOT_TITLE, FORM_HTML},
    {NS_ATOM10, "title", FEED_OR_ENTRY, SLOT_TITLE, FORM_CONSTRUCT},
    {NS_RSS, "title", FEED_OR_ENTRY, SLOT_TITLE, FORM_HTML},

    {NS_RSS, "link", FEED_OR_ENTRY, SLOT_LINK, FORM_PLAIN},

    {NS_DC, "date", IN_ENTRY, SLOT_PUBLISHED, FORM_PLAIN},
    {NS_DCTERMS, "created", IN_ENTRY, SLOT_PUBLISHED, FORM_PLAIN},
    {NS_ATOM10, "created", IN_ENTRY, SLOT_PUBLISHED, FORM_PLAIN},
    {NS_DCTERMS, "issued", IN_ENTRY, SLOT_PUBLISHED, FORM_PLAIN},
    {NS_ATOM10, "issued", IN_ENTRY, SLOT_PUBLISHED, FORM_PLAIN},
    {NS_ATOM10, "published", IN_ENTRY, SLOT_PUBLISHED, FORM_PLAIN},
    {NS_RSS, "pubdate", IN_ENTRY, SLOT_PUBLISHED, FORM_PLAIN},

    {NS_DC, "date", IN_FEED, SLOT_UPDATED, FORM_PLAIN},
    {NS_DCTERMS, "modified", FEED_OR_ENTRY, SLOT_UPDATED, FORM_PLAIN},
    {NS_RSS, "pubdate", IN_FEED, SLOT_UPDATED, FORM_PLAIN},
    {NS_RSS, "lastbuilddate", IN_FEED, SLOT_UPDATED, FORM_PLAIN},
    {NS_ATOM10, "modified", FEED_OR_ENTRY, SLOT_UPDATED, FORM_PLAIN},
    {NS_ATOM10, "updated", FEED_OR_ENTRY, SLOT_UPDATED, FORM_PLAIN},

    {NS_MEDIA, "credit", IN_ENTRY, SLOT_AUTHOR, FORM_PLAIN},
    {NS_ITUNES, "author", FEED_OR_ENTRY, SLOT_AUTHOR, FORM_PLAIN},
    {NS_RSS, "managingeditor", IN_FEED, SLOT_AUTHOR, FORM_PLAIN},
    {NS_DCTERMS, "creator", FEED_OR_ENTRY, SLOT_AUTHOR, FORM_PLAIN},
    {NS_RSS, "author", FEED_OR_ENTRY, SLOT_AUTHOR, FORM_PLAIN},
    {NS_DC, "creator", FEED_OR_ENTRY, SLOT_AUTHOR, FORM_PLAIN},
    {NS_ATOM10, "name", IN_PERSON, SLOT_PERSON_NAME, FORM_PLAIN},

    {NS_DC, "subject", IN_ENTRY, SLOT_CATEGORY, FORM_PLAIN},
    {NS_RSS, "category", IN_ENTRY, SLOT_CATEGORY, FORM_PLAIN},

    {NS_MEDIA, "description", IN_ENTRY, SLOT_SUMMARY, FORM_HTML},
    {NS_ITUNES, "subtitle", IN_ENTRY, SLOT_SUMMARY, FORM_HTML},
    {NS_ITUNES, "summary", IN_ENTRY, SLOT_SUMMARY, FORM_HTML},
    {NS_DCTERMS, "abstract", IN_ENTRY, SLOT_SUMMARY, FORM_HTML},
    {NS_DC, "description", IN_ENTRY, SLOT_SUMMARY, FORM_HTML},
    {NS_RSS, "summary", IN_ENTRY, SLOT_SUMMARY, FORM_HTML},
    {NS_ATOM10, "summary", IN_ENTRY, SLOT_SUMMARY, FORM_CONSTRUCT},
    {NS_RSS, "description", IN_ENTRY, SLOT_SUMMARY, FORM_HTML},

    {NS_XHTML, "div", IN_ENTRY, SLOT_CONTENT, FORM_HTML},
    {NS_XHTML, "body", IN_ENTRY, SLOT_CONTENT, FORM_HTML},
    {NS_RSS, "fullitem", IN_ENTRY, SLOT_CONTENT, FORM_HTML},
    {NS_ATOM10, "content", IN_ENTRY, SLOT_CONTENT, FORM_CONSTRUCT},
    {NS_CONTENT, "encoded", IN_ENTRY, SLOT_CONTENT, FORM_HTML},

    {NS_DC, "language", FEED_OR_ENTRY, SLOT_LANGUAGE, FORM_PLAIN},
    {NS_RSS, "language", FEED_OR_ENTRY, SLOT_LANGUAGE, FORM_PLAIN},

    {NS_RSS, "ttl", IN_FEED, SLOT_TTL, FORM_PLAIN},
    {NS_SYNDICATION, "updateperiod", IN_FEED, SLOT_UPDATE_PERIOD, FORM_PLAIN},
    {NS_SYNDICATION, "updatefrequency", IN_FEED, SLOT_UPDATE_FREQUENCY, FORM_PLAIN},
    {NS_RSS, "hour", IN_SKIP_HOURS, SLOT_SKIP_HOUR, FORM_PLAIN},
    {NS_RSS, "day", IN_SKIP_DAYS, SLOT_SKIP_DAY, FORM_PLAIN},

    {NS_ARXIV, "announce_type", IN_ENTRY, SLOT_ANNOUNCE_TYPE, FORM_PLAIN},
    {NS_ARXIV, "comment", IN_ENTRY, SLOT_COMMENT, FORM_PLAIN},
    {NS_ARXIV, "journal_reference", IN_ENTRY, SLOT_JOURNAL_REF, FORM_PLAIN},
    {NS_ARXIV, "journal_ref", IN_ENTRY, SLOT_JOURNAL_REF, FORM_PLAIN},
    {NS_PRISM, "doi", IN_ENTRY, SLOT_DOI, FORM_PLAIN},
    {NS_ARXIV, "doi", IN_ENTRY, SLOT_DOI, FORM_PLAIN},
};

static enum xml_namespace fold(enum xml_namespace ns)
{
    return ns == NS_ATOM03 ? NS_ATOM10 : ns == NS_RSS090 ? NS_RSS : ns;
}

const struct element *element_find(
    enum xml_namespace ns, const char *name, enum element_place place)
{
    ns = fold(ns);
    for (size_t i = 0; i < array_count(elements); i++) {
        if (elements[i].ns == ns && (elements[i].places & place) != 0 &&
            strcasecmp(elements[i].name, name) == 0) {
            return &elements[i];
        }
    }
    return NULL;
}
