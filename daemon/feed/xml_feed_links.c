/* Elements that say everything in their attributes - links, enclosures, categories - and how
 * links become absolute. Of the relations a link can have, those that mean something to a
 * reader are taken: alternate, enclosure, self, hub. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "feed/text.h"
#include "feed/url.h"
#include "feed/xml_feed_state.h"

struct filled *value_filled(struct xml_feed *feed)
{
    return feed->entry != NULL ? &feed->entry_filled : &feed->feed_filled;
}

/* Links without any base are resolved against the site's own. */
const char *value_resolve(struct xml_feed *feed, const struct frame *frame, const char *link)
{
    if (link == NULL) {
        return NULL;
    }
    const char *base = frame->base != NULL ? frame->base : feed->document->link;
    char *clean = text_trim(feed->arena, link, strlen(link));
    char *url = clean == NULL ? NULL : url_resolve(feed->arena, base, clean);
    return url != NULL && text_is_safe_link(url) ? url : NULL;
}

void value_set_link(struct xml_feed *feed, const char *link)
{
    if (feed->entry != NULL) {
        feed->entry->link = link;
    } else {
        feed->document->link = link;
    }
}

static void add_enclosure(
    struct xml_feed *feed, const char *url, const char *type, const char *length)
{
    if (url == NULL) {
        return;
    }
    struct feed_enclosure *enclosure = feed_entry_add_enclosure(feed->arena, feed->entry, url);
    if (type != NULL && enclosure->type == NULL) {
        enclosure->type = text_trim(feed->arena, type, strlen(type));
    }
    char *text = length == NULL ? NULL : text_trim(feed->arena, length, strlen(length));
    size_t digits = text == NULL ? 0 : strspn(text, "0123456789");
    if (digits > 0 && digits < 18 && text[digits] == '\0' && enclosure->length < 0) {
        int64_t bytes = strtoll(text, NULL, 10);
        enclosure->length = bytes > 0 ? bytes : -1;
    }
}

/* Of several alternates the HTML one; without a type it is taken for HTML. */
static void take_alternate(
    struct xml_feed *feed, const struct element *element, const char *href, const char *type)
{
    bool *is_html = feed->entry != NULL ? &feed->link_is_html : &feed->feed_link_is_html;
    bool this_is_html = type == NULL || strncasecmp(type, "text/html", 9) == 0 ||
        strncasecmp(type, "application/xhtml", 17) == 0;
    const struct element **by = &value_filled(feed)->by[SLOT_LINK];
    if (*by != NULL && (*by != element || *is_html || !this_is_html)) {
        return; /* RSS's own link, or an alternate at least as good */
    }
    *by = element;
    *is_html = this_is_html;
    value_set_link(feed, href);
}

static const char *relation_of(const struct xml_tag *tag)
{
    static const char registry[] = "http://www.iana.org/assignments/relation/";
    const char *relation = xml_tag_attribute(tag, "rel");
    if (relation == NULL || relation[0] == '\0') {
        return "alternate";
    }
    bool is_iri = strncasecmp(relation, registry, sizeof(registry) - 1) == 0;
    return is_iri ? relation + sizeof(registry) - 1 : relation;
}

static void take_atom_link(struct xml_feed *feed, const struct element *element,
    const struct xml_tag *tag, const struct frame *frame)
{
    const char *relation = relation_of(tag);
    const char *type = xml_tag_attribute(tag, "type");
    const char *href = value_resolve(feed, frame, xml_tag_attribute(tag, "href"));
    if (href == NULL) {
        return;
    }
    if (strcasecmp(relation, "alternate") == 0) {
        take_alternate(feed, element, href, type);
    } else if (feed->entry != NULL && strcasecmp(relation, "enclosure") == 0) {
        add_enclosure(feed, href, type, xml_tag_attribute(tag, "length"));
    } else if (feed->entry == NULL && strcasecmp(relation, "self") == 0) {
        feed->document->feed_url = feed->document->feed_url == NULL ? href
                                                                    : feed->document->feed_url;
    } else if (feed->entry == NULL && strcasecmp(relation, "hub") == 0) {
        feed_strings_add(feed->arena, &feed->document->hubs, href);
    }
}

void value_of_attributes(struct xml_feed *feed, const struct element *element,
    const struct xml_tag *tag, const struct frame *frame)
{
    const char *text;
    switch (element->slot) {
    case SLOT_ATOM_LINK:
        take_atom_link(feed, element, tag, frame);
        return;
    case SLOT_ENCLOSURE:
        text = xml_tag_attribute(tag, element->ns == NS_MEDIA ? "fileSize" : "length");
        add_enclosure(feed, value_resolve(feed, frame, xml_tag_attribute(tag, "url")),
            xml_tag_attribute(tag, "type"), text);
        return;
    case SLOT_ATOM_CATEGORY:
        text = xml_tag_attribute(tag, "label");
        text = text == NULL || text[0] == '\0' ? xml_tag_attribute(tag, "term") : text;
        break;
    default: /* itunes:category */
        text = xml_tag_attribute(tag, "text");
        break;
    }
    feed_strings_add(feed->arena, &feed->entry->categories,
        text == NULL ? NULL : text_collapse(feed->arena, text, strlen(text)));
}
