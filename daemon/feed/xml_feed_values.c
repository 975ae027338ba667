/* What the values of feed elements mean: one function a slot, chosen by a table, and one rule
 * of precedence for all - a row of feed/elements.c that stands later wins, among equals the
 * first. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "feed/charset.h"
#include "feed/date.h"
#include "feed/html.h"
#include "feed/text.h"
#include "feed/url.h"
#include "feed/xml_feed_state.h"

struct value {
    const struct element *element;
    const struct frame *frame;
    const char *text; /* as captured: not trimmed */
    size_t length;
};

/* ---- precedence ---- */

/* True when `element` may fill its slot, and then it has. */
static bool claim(struct xml_feed *feed, const struct element *element)
{
    const struct element **by = &value_filled(feed)->by[element->slot];
    if (*by != NULL && element <= *by) {
        return false;
    }
    *by = element;
    return true;
}

/* For lists: a greater row empties the list, an equal one adds to it. */
static bool claim_list(
    struct xml_feed *feed, const struct element *element, struct feed_strings *list)
{
    const struct element **by = &value_filled(feed)->by[element->slot];
    if (*by != NULL && element < *by) {
        return false;
    }
    if (*by != element) {
        list->count = 0;
    }
    *by = element;
    return true;
}

static bool is_claimed(struct xml_feed *feed, const struct element *element)
{
    const struct element *by = value_filled(feed)->by[element->slot];
    return by != NULL && element <= by;
}

static char *trimmed(struct xml_feed *feed, const struct value *value)
{
    return text_trim(feed->arena, value->text, value->length);
}

/* ---- text and HTML ---- */

static bool is_blank(const char *text, size_t length)
{
    return strspn(text, " \t\r\n") >= length;
}

static void fill_title(struct xml_feed *feed, const struct value *value)
{
    if (is_claimed(feed, value->element) || is_blank(value->text, value->length)) {
        return;
    }
    char *title = feed->capture == CAPTURE_PLAIN
        ? text_title(feed->arena, value->text, value->length)
        : html_to_title(feed->arena, value->text, value->length);
    if (title == NULL || title[0] == '\0' || !claim(feed, value->element)) {
        return;
    }
    if (feed->entry != NULL) {
        feed->entry->title = title;
    } else {
        feed->document->title = title;
    }
}

/* The value as HTML, sanitised; NULL when nothing is left. */
static char *to_html(struct xml_feed *feed, const struct value *value)
{
    const char *base = value->frame->base != NULL ? value->frame->base : feed->document->link;
    if (feed->capture == CAPTURE_PLAIN) {
        struct buffer escaped;
        buffer_init(&escaped, value->length * 6);
        text_write_escaped(&escaped, value->text, value->length, false);
        char *html = text_trim(feed->arena, escaped.data, escaped.length);
        buffer_release(&escaped);
        return html;
    }
    const char *source = value->text;
    size_t length = value->length;
    if (feed->capture == CAPTURE_BASE64) {
        source = text_decode_base64(feed->arena, source, length, &length);
        if (source == NULL || !utf8_is_valid(source, length)) {
            return NULL;
        }
    }
    return text_trim_in_place(html_sanitize(feed->arena, source, length, base));
}

static void fill_html(struct xml_feed *feed, const struct value *value)
{
    if (is_claimed(feed, value->element) || is_blank(value->text, value->length)) {
        return;
    }
    char *html = to_html(feed, value);
    if (html == NULL || !claim(feed, value->element)) {
        return;
    }
    if (value->element->slot == SLOT_CONTENT) {
        feed->entry->content = html;
    } else {
        feed->entry->summary = html;
    }
}

/* ---- ids and links ---- */

static bool is_web_address(const char *text)
{
    return strncasecmp(text, "http://", 7) == 0 || strncasecmp(text, "https://", 8) == 0;
}

static void fill_id(struct xml_feed *feed, const struct value *value)
{
    char *id = trimmed(feed, value);
    if (id == NULL) {
        return;
    }
    if (feed->guid_is_link && is_web_address(id)) {
        feed->permalink = id;
    }
    if (claim(feed, value->element)) {
        feed->entry->id = id;
    }
}

static void fill_link(struct xml_feed *feed, const struct value *value)
{
    const char *text = trimmed(feed, value);
    const char *link = value_resolve(
        feed, value->frame, text == NULL ? feed->link_attribute : text);
    if (link != NULL && claim(feed, value->element)) {
        value_set_link(feed, link);
    }
}

/* ---- dates ---- */

static void fill_date(struct xml_feed *feed, const struct value *value)
{
    bool is_updated = value->element->slot == SLOT_UPDATED;
    char *raw = trimmed(feed, value);
    enum feed_date_zone zone;
    int64_t utc_s = feed_date_parse_zone(raw, &zone);
    if (utc_s == CLOCK_NONE && feed->options->fetched_utc_s > 0) {
        utc_s = feed_date_parse_relative(raw, feed->options->fetched_utc_s);
    }
    if (feed->entry != NULL && feed->entry->published_raw == NULL) {
        feed->entry->published_raw = raw;
    }
    if (utc_s == CLOCK_NONE || !claim(feed, value->element)) {
        return;
    }
    bool is_cst = zone == FEED_DATE_CST;
    feed->document->zones_seen |= 1u << zone;
    if (feed->entry == NULL) {
        feed->document->updated_utc_s = utc_s;
        feed->document->updated_is_cst = is_cst;
    } else if (is_updated) {
        feed->entry->updated_utc_s = utc_s;
        feed->entry->updated_is_cst = is_cst;
    } else {
        feed->entry->published_utc_s = utc_s;
        feed->entry->published_is_cst = is_cst;
        feed->entry->published_raw = raw;
    }
}

/* ---- people and subjects ---- */

static struct feed_strings *author_list(struct xml_feed *feed)
{
    return feed->entry != NULL ? &feed->entry->authors : &feed->feed_authors;
}

static void fill_author(struct xml_feed *feed, const struct value *value)
{
    char *name = text_person(feed->arena, value->text, value->length);
    if (name != NULL && claim_list(feed, value->element, author_list(feed))) {
        feed_strings_add(feed->arena, author_list(feed), name);
    }
}

static void fill_person_name(struct xml_feed *feed, const struct value *value)
{
    char *name = text_collapse(feed->arena, value->text, value->length);
    if (name == NULL || feed->person_has_name) {
        return;
    }
    feed->person_has_name = true;
    struct feed_strings *list = author_list(feed);
    const struct element **by = &value_filled(feed)->by[SLOT_AUTHOR];
    if (*by != value->element) { /* an Atom author wins over the modules' */
        list->count = 0;
        *by = value->element;
    }
    feed_strings_add(feed->arena, list, name);
}

static void fill_category(struct xml_feed *feed, const struct value *value)
{
    feed_strings_add(feed->arena, &feed->entry->categories,
        text_collapse(feed->arena, value->text, value->length));
}

static void fill_language(struct xml_feed *feed, const struct value *value)
{
    char *language = trimmed(feed, value);
    if (language == NULL || !claim(feed, value->element)) {
        return;
    }
    if (feed->entry != NULL) {
        feed->entry->language = language;
    } else {
        feed->document->language = language;
    }
}

/* ---- how often to poll ---- */

/* A whole number of at most six digits, or -1. */
static int small_number(struct xml_feed *feed, const struct value *value)
{
    char *text = trimmed(feed, value);
    if (text == NULL) {
        return -1;
    }
    size_t digits = strspn(text, "0123456789");
    return digits == 0 || digits > 6 || text[digits] != '\0' ? -1 : atoi(text);
}

static void fill_ttl(struct xml_feed *feed, const struct value *value)
{
    int minutes = small_number(feed, value);
    if (minutes >= 0 && claim(feed, value->element)) {
        feed->document->ttl_minutes = minutes;
    }
}

static const struct {
    const char *name;
    int seconds;
} periods[] = {
    {"hourly", 3600},
    {"daily", 86400},
    {"weekly", 7 * 86400},
    {"monthly", 30 * 86400},
    {"yearly", 365 * 86400},
};

static void fill_update_period(struct xml_feed *feed, const struct value *value)
{
    char *text = trimmed(feed, value);
    for (size_t i = 0; text != NULL && i < array_count(periods); i++) {
        if (strcasecmp(text, periods[i].name) == 0) {
            feed->update_period_s = periods[i].seconds;
        }
    }
}

static void fill_update_frequency(struct xml_feed *feed, const struct value *value)
{
    int frequency = small_number(feed, value);
    if (frequency > 0) {
        feed->update_frequency = frequency;
    }
}

/* RSS 0.91 counted the hours from 1 to 24, 2.0 from 0 to 23. */
static void fill_skip_hour(struct xml_feed *feed, const struct value *value)
{
    int hour = small_number(feed, value);
    if (hour >= 0 && hour <= 24) {
        feed->document->skip_hours |= UINT32_C(1) << hour % 24;
    }
}

static void fill_skip_day(struct xml_feed *feed, const struct value *value)
{
    static const char *const days[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
    char *text = trimmed(feed, value);
    for (size_t i = 0; text != NULL && i < array_count(days); i++) {
        if (strncasecmp(text, days[i], 3) == 0) {
            feed->document->skip_days |= (uint8_t)(1u << i);
        }
    }
}

/* ---- arXiv ---- */

static void fill_arxiv(struct xml_feed *feed, const struct value *value)
{
    char *text = text_collapse(feed->arena, value->text, value->length);
    if (text == NULL || !claim(feed, value->element)) {
        return;
    }
    switch (value->element->slot) {
    case SLOT_ANNOUNCE_TYPE:
        feed->entry->arxiv_announce_type = text;
        break;
    case SLOT_COMMENT:
        feed->entry->arxiv_comment = text;
        break;
    case SLOT_JOURNAL_REF:
        feed->entry->arxiv_journal_ref = text;
        break;
    default:
        feed->entry->doi = text;
    }
}

/* ---- beginning and end ---- */

static bool same_text(const char *a, const char *b)
{
    return a != NULL && strcasecmp(a, b) == 0;
}

/* Atom 1.0: text, html, xhtml or a media type. Atom 0.3: a media type and a mode. */
static enum capture capture_of_construct(
    const struct xml_feed *feed, const struct xml_tag *tag, bool is_content)
{
    const char *type = xml_tag_attribute(tag, "type");
    const char *mode = xml_tag_attribute(tag, "mode");
    if (is_content && xml_tag_attribute(tag, "src") != NULL) {
        return CAPTURE_NOTHING;
    }
    if (same_text(mode, "base64")) {
        return CAPTURE_BASE64;
    }
    if (type == NULL || type[0] == '\0' || same_text(type, "text") ||
        strncasecmp(type, "text/plain", 10) == 0) {
        return CAPTURE_PLAIN;
    }
    if (same_text(type, "html") || strncasecmp(type, "text/html", 9) == 0) {
        return same_text(mode, "xml") && feed->document->format == FEED_FORMAT_ATOM03
            ? CAPTURE_XHTML
            : CAPTURE_HTML;
    }
    if (same_text(type, "xhtml") || strcasestr(type, "xml") != NULL) {
        return same_text(mode, "escaped") ? CAPTURE_HTML : CAPTURE_XHTML;
    }
    return strncasecmp(type, "text/", 5) == 0 ? CAPTURE_PLAIN
        : is_content                          ? CAPTURE_BASE64
                                              : CAPTURE_PLAIN;
}

void value_begin(
    struct xml_feed *feed, const struct element *element, const struct xml_tag *tag)
{
    feed->capture = element->form == FORM_PLAIN ? CAPTURE_PLAIN
        : element->form == FORM_HTML
        ? CAPTURE_HTML
        : capture_of_construct(feed, tag, element->slot == SLOT_CONTENT);
    if (element->ns == NS_XHTML) {
        feed->capture = CAPTURE_XHTML;
    }
    feed->link_attribute = NULL;
    if (element->slot == SLOT_LINK) {
        feed->link_attribute = arena_strdup(feed->arena, xml_tag_attribute(tag, "href"));
    }
    const char *is_permalink = xml_tag_attribute(tag, "isPermaLink");
    feed->guid_is_link = element->slot == SLOT_ID && element->ns == NS_RSS &&
        !same_text(is_permalink, "false");
}

typedef void fill_function(struct xml_feed *feed, const struct value *value);

static fill_function *const fill[SLOT_COUNT] = {
    [SLOT_ID] = fill_id,
    [SLOT_TITLE] = fill_title,
    [SLOT_LINK] = fill_link,
    [SLOT_PUBLISHED] = fill_date,
    [SLOT_UPDATED] = fill_date,
    [SLOT_AUTHOR] = fill_author,
    [SLOT_PERSON_NAME] = fill_person_name,
    [SLOT_CATEGORY] = fill_category,
    [SLOT_SUMMARY] = fill_html,
    [SLOT_CONTENT] = fill_html,
    [SLOT_LANGUAGE] = fill_language,
    [SLOT_TTL] = fill_ttl,
    [SLOT_UPDATE_PERIOD] = fill_update_period,
    [SLOT_UPDATE_FREQUENCY] = fill_update_frequency,
    [SLOT_SKIP_HOUR] = fill_skip_hour,
    [SLOT_SKIP_DAY] = fill_skip_day,
    [SLOT_ANNOUNCE_TYPE] = fill_arxiv,
    [SLOT_COMMENT] = fill_arxiv,
    [SLOT_JOURNAL_REF] = fill_arxiv,
    [SLOT_DOI] = fill_arxiv,
};

void value_end(struct xml_feed *feed, const struct frame *frame)
{
    struct value value = {frame->element, frame, feed->text.data, feed->text.length};
    fill[frame->element->slot](feed, &value);
}

void value_begin_entry(struct xml_feed *feed, const struct xml_tag *tag)
{
    feed->entry = feed_document_add_entry(feed->arena, feed->document);
    feed->entry_filled = (struct filled){0};
    feed->permalink = NULL;
    feed->link_is_html = false;
    const char *about = xml_tag_attribute_ns(tag, NS_RDF, "about");
    if (about != NULL) { /* as good as a guid: dc:identifier does not replace it */
        feed->entry_filled.by[SLOT_ID] = element_find(NS_RSS, "guid", IN_ENTRY);
        feed->entry->id = text_trim(feed->arena, about, strlen(about));
        feed->permalink = feed->entry->id != NULL && is_web_address(feed->entry->id)
            ? feed->entry->id
            : NULL;
    }
}

/* arXiv writes all authors into one dc:creator: "A. One, B. Two and C. Three". */
static void split_arxiv_authors(struct xml_feed *feed)
{
    struct feed_entry *entry = feed->entry;
    const char *link = entry->link == NULL ? "" : entry->link;
    if (entry->authors.count != 1 || strstr(link, "://arxiv.org/") == NULL) {
        return;
    }
    const char *rest = entry->authors.items[0];
    entry->authors = (struct feed_strings){0};
    while (*rest != '\0') {
        const char *comma = strchr(rest, ','), *and = strstr(rest, " and ");
        const char *end = comma == NULL || (and != NULL && and < comma) ? and : comma;
        end = end == NULL ? rest + strlen(rest) : end;
        feed_strings_add(
            feed->arena, &entry->authors, text_trim(feed->arena, rest, (size_t)(end - rest)));
        rest = end + (*end == '\0' ? 0 : end == and? strlen(" and ") : 1);
    }
}

void value_end_entry(struct xml_feed *feed)
{
    if (feed->entry->link == NULL && feed->permalink != NULL) {
        feed->entry->link = url_resolve(feed->arena, NULL, feed->permalink);
    }
    split_arxiv_authors(feed);
    feed->entry = NULL;
}

void value_finish(struct xml_feed *feed)
{
    if (feed->update_period_s > 0) {
        feed->document->update_period_s = feed->update_period_s / feed->update_frequency;
    }
    feed_document_settle_zones(feed->document, feed->options->base_url);
    feed_document_inherit(feed->document, &feed->feed_authors);
}
