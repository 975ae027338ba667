/* Feeds of this format are written by programs, so they are well-formed or nothing: no
 * recovery. What varies is types: a numeric id, an author object where 1.1 wants a list, a
 * null. Every access goes through a getter that takes a wrong type for a missing value. jansson
 * bounds the depth. */
#include "feed/json_feed.h"

#include <string.h>

#include <jansson.h>

#include "feed/date.h"
#include "feed/html.h"
#include "feed/text.h"
#include "feed/url.h"

struct json_reader {
    struct arena *arena;
    const char *base;
    int64_t fetched_utc_s; /* 0: not known */
    struct feed_document *document;
    struct feed_strings feed_authors;
};

/* ---- getters: NULL for what is missing or of another type ---- */

static char *get_text(struct json_reader *reader, const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    if (json_is_integer(value)) {
        return arena_printf(reader->arena, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    }
    if (json_is_real(value)) {
        return arena_printf(reader->arena, "%.17g", json_real_value(value));
    }
    return json_is_string(value)
        ? text_trim(reader->arena, json_string_value(value), json_string_length(value))
        : NULL;
}

static char *get_line(struct json_reader *reader, const json_t *object, const char *key)
{
    char *text = get_text(reader, object, key);
    return text == NULL ? NULL : text_collapse(reader->arena, text, strlen(text));
}

static char *get_title(struct json_reader *reader, const json_t *object)
{
    char *text = get_text(reader, object, "title");
    return text == NULL ? NULL : text_title(reader->arena, text, strlen(text));
}

static char *get_url(struct json_reader *reader, const json_t *object, const char *key)
{
    char *text = get_text(reader, object, key);
    const char *base = reader->base != NULL ? reader->base : reader->document->link;
    char *url = text == NULL ? NULL : url_resolve(reader->arena, base, text);
    return url != NULL && text_is_safe_link(url) ? url : NULL;
}

/* `text` as HTML that shows it: content_text and summary are plain. */
static char *escape_text(struct json_reader *reader, const char *text)
{
    if (text == NULL) {
        return NULL;
    }
    struct buffer escaped;
    buffer_init(&escaped, strlen(text) * 6);
    text_write_escaped(&escaped, text, strlen(text), false);
    char *html = arena_strndup(reader->arena, escaped.data, escaped.length);
    buffer_release(&escaped);
    return html;
}

/* ---- parts ---- */

/* 1.1: "authors": [{"name"}]; 1.0: "author": {"name"}. */
static void read_authors(
    struct json_reader *reader, const json_t *object, struct feed_strings *authors)
{
    const json_t *list = json_object_get(object, "authors");
    size_t count = json_array_size(list);
    for (size_t i = 0; i < count; i++) {
        feed_strings_add(
            reader->arena, authors, get_line(reader, json_array_get(list, i), "name"));
    }
    if (authors->count == 0) {
        feed_strings_add(reader->arena, authors,
            get_line(reader, json_object_get(object, "author"), "name"));
    }
}

static void read_enclosures(
    struct json_reader *reader, const json_t *item, struct feed_entry *entry)
{
    const json_t *list = json_object_get(item, "attachments");
    size_t count = json_array_size(list);
    for (size_t i = 0; i < count; i++) {
        const json_t *attachment = json_array_get(list, i);
        const char *url = get_url(reader, attachment, "url");
        if (url == NULL) {
            continue;
        }
        struct feed_enclosure *enclosure = feed_entry_add_enclosure(reader->arena, entry, url);
        enclosure->type = get_text(reader, attachment, "mime_type");
        json_int_t bytes = json_integer_value(json_object_get(attachment, "size_in_bytes"));
        enclosure->length = bytes > 0 ? bytes : -1;
    }
}

static void read_tags(struct json_reader *reader, const json_t *item, struct feed_entry *entry)
{
    const json_t *list = json_object_get(item, "tags");
    size_t count = json_array_size(list);
    for (size_t i = 0; i < count; i++) {
        const json_t *tag = json_array_get(list, i);
        if (json_is_string(tag)) {
            feed_strings_add(reader->arena, &entry->categories,
                text_collapse(reader->arena, json_string_value(tag), json_string_length(tag)));
        }
    }
}

static int64_t read_date(const struct json_reader *reader, const char *text)
{
    int64_t utc_s = feed_date_parse(text);
    bool relative = utc_s == CLOCK_NONE && reader->fetched_utc_s > 0;
    return relative ? feed_date_parse_relative(text, reader->fetched_utc_s) : utc_s;
}

static void read_dates(struct json_reader *reader, const json_t *item, struct feed_entry *entry)
{
    const char *published = get_text(reader, item, "date_published");
    const char *modified = get_text(reader, item, "date_modified");
    entry->published_utc_s = read_date(reader, published);
    entry->updated_utc_s = read_date(reader, modified);
    entry->published_raw = published != NULL ? published : modified;
}

static void read_content(
    struct json_reader *reader, const json_t *item, struct feed_entry *entry)
{
    const json_t *html = json_object_get(item, "content_html");
    const char *base = entry->link != NULL ? entry->link : reader->base;
    if (json_is_string(html)) {
        const char *clean = html_sanitize(
            reader->arena, json_string_value(html), json_string_length(html), base);
        entry->content = clean[0] == '\0' ? NULL : clean;
    } else {
        entry->content = escape_text(reader, get_text(reader, item, "content_text"));
    }
    entry->summary = escape_text(reader, get_text(reader, item, "summary"));
}

static void read_item(struct json_reader *reader, const json_t *item)
{
    struct feed_entry *entry = feed_document_add_entry(reader->arena, reader->document);
    entry->id = get_text(reader, item, "id");
    entry->title = get_title(reader, item);
    entry->link = get_url(reader, item, "url");
    if (entry->link == NULL) {
        entry->link = get_url(reader, item, "external_url");
    }
    entry->language = get_text(reader, item, "language");
    read_dates(reader, item, entry);
    read_content(reader, item, entry);
    read_authors(reader, item, &entry->authors);
    read_tags(reader, item, entry);
    read_enclosures(reader, item, entry);
}

static void read_hubs(struct json_reader *reader, const json_t *root)
{
    const json_t *list = json_object_get(root, "hubs");
    size_t count = json_array_size(list);
    for (size_t i = 0; i < count; i++) {
        feed_strings_add(reader->arena, &reader->document->hubs,
            get_url(reader, json_array_get(list, i), "url"));
    }
}

static void read_root(struct json_reader *reader, const json_t *root, size_t max_entries)
{
    struct feed_document *document = reader->document;
    document->format = FEED_FORMAT_JSON;
    document->title = get_title(reader, root);
    document->link = get_url(reader, root, "home_page_url");
    document->feed_url = get_url(reader, root, "feed_url");
    document->language = get_text(reader, root, "language");
    read_hubs(reader, root);
    read_authors(reader, root, &reader->feed_authors);
    const json_t *items = json_object_get(root, "items");
    size_t count = json_array_size(items);
    for (size_t i = 0; i < count && (max_entries == 0 || document->entry_count < max_entries);
         i++) {
        if (json_is_object(json_array_get(items, i))) {
            read_item(reader, json_array_get(items, i));
        }
    }
    feed_document_inherit(document, &reader->feed_authors);
}

/* The version is a URL by the specification, and the only thing that tells this JSON from
 * others: "title" and "items" are in half of the APIs of the web. */
static bool is_json_feed(const json_t *root)
{
    const char *version = json_string_value(json_object_get(root, "version"));
    return version != NULL && strstr(version, "jsonfeed.org") != NULL;
}

bool json_feed_parse(struct arena *arena, const char *data, size_t length,
    const struct feed_parse_options *options, struct feed_document **ret_document,
    struct fault *fault)
{
    json_error_t error;
    json_t *root = json_loadb(data, length, JSON_ALLOW_NUL, &error);
    if (root == NULL) {
        return fault_set(
            fault, FAULT_PARSE, "broken JSON at line %d: %s", error.line, error.text);
    }
    if (!is_json_feed(root)) {
        json_decref(root);
        return fault_set(fault, FAULT_PARSE,
            "JSON, but no JSON Feed: it has no \"version\" of jsonfeed.org");
    }
    struct json_reader reader = {
        .arena = arena,
        .base = options->base_url,
        .fetched_utc_s = options->fetched_utc_s,
        .document = feed_document_new(arena),
    };
    read_root(&reader, root, options->max_entries);
    json_decref(root);
    *ret_document = reader.document;
    return true;
}
