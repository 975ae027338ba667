/* Problem: five formats and their modules, mixed at will, sometimes in the wrong namespace.
 *
 * Approach: a stack of frames, one an open element. A container gives its children a place; an
 * element is looked up by vocabulary, name and place (feed/elements.h); what is not found is
 * skipped with everything in it, so an <image><title> never becomes the feed's title. Text of a
 * known element is captured, with the tags in it where they matter, and handed to
 * xml_feed_values.c. The stack is an array as deep as the reader allows: nothing recurses on
 * the input.
 *
 * The root's namespace, whichever it is, is the feed's main vocabulary: people have put RSS
 * into namespaces of their own. An element the main vocabulary does not know is tried in the
 * other one (Atom's <updated> in RSS, RSS's <pubDate> in Atom). */
#include "feed/xml_feed.h"

#include <string.h>
#include <strings.h>

#include "feed/text.h"
#include "feed/url.h"
#include "feed/xml_feed_state.h"

/* ---- lookup ---- */

static bool is_main_vocabulary(const struct xml_feed *feed, const struct xml_tag *tag)
{
    if (tag->ns == NS_NONE) {
        return true;
    }
    return tag->ns == feed->root_ns && tag->prefix == feed->root_prefix;
}

static const struct element *look_up(const struct xml_feed *feed, enum xml_namespace ns,
    const char *name, enum element_place place)
{
    const struct element *element = element_find(ns, name, place);
    if (element == NULL && ns == NS_RSS) {
        element = element_find(NS_ATOM10, name, place);
    } else if (element == NULL && ns == NS_ATOM10 && feed->is_atom) {
        element = element_find(NS_RSS, name, place);
    }
    return element;
}

/* A document has few names and many elements: the answers are kept by the name's address. */
static const struct element *find_element(
    struct xml_feed *feed, const struct xml_tag *tag, enum element_place place)
{
    enum xml_namespace ns = tag->ns;
    if (is_main_vocabulary(feed, tag)) {
        ns = feed->is_atom ? NS_ATOM10 : NS_RSS;
    }
    size_t slot = ((size_t)tag->name >> 3 ^ (size_t)ns * 31 ^ (size_t)place * 7) %
        ELEMENT_CACHE;
    if (!feed->cache[slot].known || feed->cache[slot].name != tag->name ||
        feed->cache[slot].ns != ns || feed->cache[slot].place != place) {
        feed->cache[slot].name = tag->name;
        feed->cache[slot].ns = ns;
        feed->cache[slot].place = place;
        feed->cache[slot].element = look_up(feed, ns, tag->name, place);
        feed->cache[slot].known = true;
    }
    return feed->cache[slot].element;
}

/* ---- the root ---- */

static enum feed_format format_of_version(const char *version)
{
    if (version == NULL) {
        return FEED_FORMAT_RSS20;
    }
    version += strspn(version, " \t");
    return strncmp(version, "0.9", 3) == 0 ? FEED_FORMAT_RSS09X : FEED_FORMAT_RSS20;
}

/* The format that the root element names, FEED_FORMAT_NONE for anything else. */
static enum feed_format format_of_root(const struct xml_tag *tag)
{
    if (strcasecmp(tag->name, "rss") == 0) {
        return format_of_version(xml_tag_attribute(tag, "version"));
    }
    if (strcasecmp(tag->name, "RDF") == 0 && (tag->ns == NS_RDF || tag->ns == NS_NONE)) {
        return FEED_FORMAT_RSS10;
    }
    if (strcasecmp(tag->name, "feed") == 0) {
        return tag->ns == NS_ATOM03 ? FEED_FORMAT_ATOM03 : FEED_FORMAT_ATOM10;
    }
    return FEED_FORMAT_NONE;
}

static bool start_root(struct xml_feed *feed, const struct xml_tag *tag, struct frame *frame)
{
    enum feed_format format = format_of_root(tag);
    if (format == FEED_FORMAT_NONE) {
        feed->root_name = arena_strdup(feed->arena, tag->name);
        return false;
    }
    feed->document->format = format;
    feed->is_atom = format == FEED_FORMAT_ATOM10 || format == FEED_FORMAT_ATOM03;
    feed->has_channel = format != FEED_FORMAT_RSS10;
    feed->root_ns = tag->ns == NS_RDF ? NS_NONE : tag->ns;
    feed->root_prefix = tag->prefix;
    frame->kind = FRAME_PLACE;
    frame->place = feed->is_atom ? IN_FEED : IN_ROOT;
    if (frame->language != NULL && feed->is_atom) {
        feed->document->language = frame->language;
    }
    return true;
}

/* ---- frames ---- */

static void inherit_frame(struct xml_feed *feed, const struct xml_tag *tag,
    const struct frame *parent, struct frame *frame)
{
    *frame = (struct frame){
        .base = parent == NULL ? feed->options->base_url : parent->base,
        .language = parent == NULL ? NULL : parent->language,
    };
    if (tag->attribute_count == 0) {
        return;
    }
    const char *base = xml_tag_attribute_ns(tag, NS_XML, "base");
    const char *resolved = base == NULL ? NULL : url_resolve(feed->arena, frame->base, base);
    if (resolved != NULL) {
        frame->base = resolved;
    }
    const char *language = xml_tag_attribute_ns(tag, NS_XML, "lang");
    if (language != NULL) {
        frame->language = text_trim(feed->arena, language, strlen(language));
    }
}

static bool is_full(const struct xml_feed *feed)
{
    return feed->options->max_entries > 0 &&
        feed->document->entry_count >= feed->options->max_entries;
}

static void start_container(struct xml_feed *feed, const struct element *element,
    const struct xml_tag *tag, const struct frame *parent, struct frame *frame)
{
    static const enum element_place places[SLOT_COUNT] = {
        [SLOT_FEED] = IN_FEED,
        [SLOT_ENTRY] = IN_ENTRY,
        [SLOT_PERSON] = IN_PERSON,
        [SLOT_SKIP_HOURS] = IN_SKIP_HOURS,
        [SLOT_SKIP_DAYS] = IN_SKIP_DAYS,
    };
    frame->kind = FRAME_PLACE;
    frame->place = element->slot == SLOT_GROUP ? parent->place : places[element->slot];
    if (element->slot == SLOT_FEED) {
        feed->has_channel = true;
        if (tag->ns == NS_RSS090) {
            feed->document->format = FEED_FORMAT_RSS09X;
        }
        if (frame->language != NULL && feed->document->language == NULL) {
            feed->document->language = frame->language;
        }
    } else if (element->slot == SLOT_ENTRY && (feed->entry != NULL || is_full(feed))) {
        frame->kind = FRAME_SKIP;
    } else if (element->slot == SLOT_ENTRY) {
        feed->has_channel = true;
        value_begin_entry(feed, tag);
        feed->entry->language = parent->language == frame->language ? NULL : frame->language;
    } else if (element->slot == SLOT_PERSON) {
        feed->person_has_name = false;
    }
}

static void start_child(struct xml_feed *feed, const struct xml_tag *tag,
    const struct frame *parent, struct frame *frame)
{
    const struct element *element = find_element(feed, tag, parent->place);
    frame->element = element;
    if (element == NULL) {
        frame->kind = FRAME_SKIP;
    } else if (element->slot <= SLOT_SKIP_DAYS) {
        start_container(feed, element, tag, parent, frame);
    } else if (element->slot <= SLOT_ITUNES_CATEGORY) {
        /* media:content holds titles and descriptions of its own; the rest holds nothing */
        frame->kind = element->ns == NS_MEDIA || element->ns == NS_ITUNES ? FRAME_PLACE
                                                                          : FRAME_SKIP;
        frame->place = parent->place;
        value_of_attributes(feed, element, tag, frame);
    } else {
        frame->kind = FRAME_VALUE;
        buffer_clear(&feed->text);
        feed->markup_depth = 0;
        value_begin(feed, element, tag);
    }
}

/* ---- markup inside a value ---- */

static const char *const void_elements[] = {
    "area",
    "br",
    "col",
    "embed",
    "hr",
    "img",
    "input",
    "source",
    "track",
    "wbr",
};

static bool is_void(const char *name)
{
    for (size_t i = 0; i < array_count(void_elements); i++) {
        if (strcasecmp(void_elements[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_url_attribute(const char *name)
{
    return strcmp(name, "href") == 0 || strcmp(name, "src") == 0 || strcmp(name, "cite") == 0 ||
        strcmp(name, "poster") == 0;
}

static const struct frame *value_frame(const struct xml_feed *feed)
{
    size_t i = feed->depth;
    while (i > 0 && feed->frames[i - 1].kind == FRAME_MARKUP) {
        i--;
    }
    return &feed->frames[i == 0 ? 0 : i - 1];
}

/* A tag inside the value with an xml:base of its own has its links resolved here; the sanitiser
 * knows only the base of the whole value. */
static void write_start_tag(
    struct xml_feed *feed, const struct xml_tag *tag, const struct frame *frame)
{
    bool own_base = frame->base != value_frame(feed)->base;
    buffer_putc(&feed->text, '<');
    buffer_puts(&feed->text, tag->name);
    for (size_t i = 0; i < tag->attribute_count; i++) {
        const struct xml_attribute *attribute = &tag->attributes[i];
        if (attribute->ns != NS_NONE) {
            continue;
        }
        const char *value = attribute->value;
        if (own_base && is_url_attribute(attribute->name)) {
            const char *resolved = url_resolve(feed->arena, frame->base, value);
            value = resolved == NULL ? value : resolved;
        }
        buffer_putc(&feed->text, ' ');
        buffer_puts(&feed->text, attribute->name);
        buffer_puts(&feed->text, "=\"");
        text_write_escaped(&feed->text, value, strlen(value), true);
        buffer_putc(&feed->text, '"');
    }
    buffer_putc(&feed->text, '>');
}

/* RFC 4287, 3.1.1.3: the <div> around XHTML is no part of it. */
static bool is_wrapper(const struct xml_feed *feed, const struct xml_tag *tag)
{
    return feed->capture == CAPTURE_XHTML && feed->markup_depth == 0 &&
        strcasecmp(tag->name, "div") == 0 && value_frame(feed)->element->form == FORM_CONSTRUCT;
}

static void start_markup(struct xml_feed *feed, const struct xml_tag *tag, struct frame *frame)
{
    frame->kind = FRAME_MARKUP;
    if ((feed->capture == CAPTURE_HTML || feed->capture == CAPTURE_XHTML) &&
        !is_wrapper(feed, tag)) {
        frame->name = tag->name;
        write_start_tag(feed, tag, frame);
    }
    feed->markup_depth++;
}

static void end_markup(struct xml_feed *feed, const struct frame *frame)
{
    feed->markup_depth--;
    if (frame->name != NULL && !is_void(frame->name)) {
        buffer_puts(&feed->text, "</");
        buffer_puts(&feed->text, frame->name);
        buffer_putc(&feed->text, '>');
    }
}

/* ---- the handlers ---- */

static bool on_start(void *context, const struct xml_tag *tag)
{
    struct xml_feed *feed = context;
    const struct frame *parent = feed->depth == 0 ? NULL : &feed->frames[feed->depth - 1];
    struct frame *frame = &feed->frames[feed->depth];
    inherit_frame(feed, tag, parent, frame);
    bool go_on = true;
    if (parent == NULL) {
        go_on = start_root(feed, tag, frame);
    } else if (parent->kind == FRAME_PLACE) {
        start_child(feed, tag, parent, frame);
    } else if (parent->kind != FRAME_SKIP) {
        start_markup(feed, tag, frame);
    }
    feed->depth++;
    return go_on;
}

static void on_end(void *context)
{
    struct xml_feed *feed = context;
    const struct frame *frame = &feed->frames[--feed->depth];
    if (frame->kind == FRAME_VALUE) {
        value_end(feed, frame);
    } else if (frame->kind == FRAME_MARKUP) {
        end_markup(feed, frame);
    } else if (frame->kind == FRAME_PLACE && frame->element != NULL &&
        frame->element->slot == SLOT_ENTRY) {
        value_end_entry(feed);
    }
}

static void on_text(void *context, const char *text, size_t length)
{
    struct xml_feed *feed = context;
    enum frame_kind kind = feed->depth == 0 ? FRAME_SKIP : feed->frames[feed->depth - 1].kind;
    if ((kind != FRAME_VALUE && kind != FRAME_MARKUP) || feed->capture == CAPTURE_NOTHING) {
        return;
    }
    if (length == 2 && text[0] == '\xc2' && (unsigned char)text[1] < 0xa0) {
        text = text_of_c1((unsigned char)text[1]); /* "&#146;" comes alone */
        length = strlen(text);
    }
    bool is_text = feed->capture == CAPTURE_XHTML ||
        (feed->capture == CAPTURE_HTML && feed->markup_depth > 0);
    if (is_text) {
        text_write_escaped(&feed->text, text, length, false);
    } else {
        buffer_append(&feed->text, text, length);
    }
}

struct xml_feed *xml_feed_new(
    struct arena *arena, const struct feed_parse_options *options, size_t max_text_bytes)
{
    struct xml_feed *feed = arena_new(arena, struct xml_feed);
    feed->arena = arena;
    feed->options = options;
    feed->document = feed_document_new(arena);
    feed->update_period_s = -1;
    feed->update_frequency = 1;
    buffer_init(&feed->text, max_text_bytes);
    return feed;
}

struct xml_handlers xml_feed_handlers(struct xml_feed *feed)
{
    return (struct xml_handlers){
        .start = on_start, .end = on_end, .text = on_text, .context = feed};
}

struct feed_document *xml_feed_finish(struct xml_feed *feed, const char **ret_root)
{
    if (!feed->has_channel && feed->document->format == FEED_FORMAT_RSS10) {
        feed->document->format = FEED_FORMAT_NONE;
        feed->root_name = "RDF";
    }
    value_finish(feed);
    *ret_root = feed->root_name;
    buffer_release(&feed->text);
    return feed->document;
}
