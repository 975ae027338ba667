/* Problem: decide what the bytes are, read it the strict and fast way when that works, the
 * forgiving way when not, and name what is no feed so that an editor knows what to do.
 *
 * Approach: charset first, so that everything behind it sees valid UTF-8. '{' is JSON.
 * Everything else goes to the XML reader; a document it refuses is mended and read again from
 * the start, the half-read first result is dropped with the arena. No sniffing of the format
 * before parsing: the root element says it. Only when there is no feed at all the text is
 * looked at again, to tell an HTML page from a picture. */
#include "feed/parse.h"

#include <string.h>
#include <strings.h>

#include <libxml/parser.h>

#include "feed/charset.h"
#include "feed/html.h"
#include "feed/json_feed.h"
#include "feed/text.h"
#include "feed/xml_feed.h"
#include "feed/xml_mend.h"

enum { LOOK_BYTES = 64 << 10, MEND_FACTOR = 8, NAME_BYTES = 200, START_BYTES = 60 };

void feed_parse_setup(void)
{
    xmlInitParser();
}

void feed_parse_teardown(void)
{
    xmlCleanupParser();
}

/* ---- what it is, if it is no feed ---- */

static bool contains(const char *data, size_t length, const char *word)
{
    size_t word_length = strlen(word);
    for (size_t i = 0; i + word_length <= length; i++) {
        if ((data[i] | 0x20) == (word[0] | 0x20) &&
            strncasecmp(data + i, word, word_length) == 0) {
            return true;
        }
    }
    return false;
}

/* The first `max_bytes` of what somebody sent, fit for a log: one line, no control characters.
 */
static const char *quotable(struct arena *arena, const char *text, size_t max_bytes)
{
    char *copy = arena_strndup(arena, text, text_clip(text, strlen(text), max_bytes));
    for (char *p = copy; *p != '\0'; p++) {
        if ((unsigned char)*p < 0x20 || *p == 0x7f) {
            *p = ' ';
        }
    }
    return copy;
}

/* The text of <title>, NULL when there is none. */
static const char *find_html_title(struct arena *arena, const char *data, size_t length)
{
    for (size_t i = 0; i + 7 < length; i++) {
        if (data[i] != '<' || strncasecmp(data + i, "<title", 6) != 0) {
            continue;
        }
        const char *start = memchr(data + i, '>', length - i);
        const char *end = start == NULL ? NULL
                                        : memchr(start, '<', length - (size_t)(start - data));
        if (end == NULL) {
            return NULL;
        }
        size_t title_length = text_clip(start + 1, (size_t)(end - start - 1), NAME_BYTES);
        const char *title = html_to_title(arena, start + 1, title_length);
        return title[0] == '\0' ? NULL : quotable(arena, title, NAME_BYTES);
    }
    return NULL;
}

static const struct {
    const char *bytes;
    size_t length;
    const char *name;
} magic_table[] = {
    {"\x89PNG", 4, "a PNG picture"},
    {"GIF8", 4, "a GIF picture"},
    {"\xff\xd8\xff", 3, "a JPEG picture"},
    {"%PDF", 4, "a PDF document"},
    {"PK\3\4", 4, "a ZIP archive"},
    {"\x1f\x8b", 2, "gzip data"},
};

static bool refuse_binary(const char *data, size_t length, struct fault *fault)
{
    for (size_t i = 0; i < array_count(magic_table); i++) {
        if (length >= magic_table[i].length &&
            memcmp(data, magic_table[i].bytes, magic_table[i].length) == 0) {
            return fault_set(fault, FAULT_PARSE, "no feed but %s", magic_table[i].name);
        }
    }
    return true;
}

/* Roots that an editor may know by another name. */
static const struct {
    const char *root, *name;
} root_table[] = {
    {"RDF", "RDF without a channel"},
    {"opml", "an OPML list of feeds, which can be imported"},
    {"urlset", "a sitemap (<urlset>)"},
    {"sitemapindex", "an index of sitemaps (<sitemapindex>)"},
    {"svg", "an SVG picture"},
    {"entry", "a single Atom entry"},
};

static bool refuse_root(struct arena *arena, const char *root, struct fault *fault)
{
    for (size_t i = 0; i < array_count(root_table); i++) {
        if (strcasecmp(root, root_table[i].root) == 0) {
            return fault_set(fault, FAULT_PARSE, "no feed but %s", root_table[i].name);
        }
    }
    return fault_set(fault, FAULT_PARSE, "no feed but XML with the root <%s>",
        quotable(arena, root, START_BYTES));
}

static bool refuse(
    struct arena *arena, const char *data, size_t length, const char *root, struct fault *fault)
{
    size_t window = length < LOOK_BYTES ? length : LOOK_BYTES;
    bool is_html = (root != NULL && strcasecmp(root, "html") == 0) ||
        contains(data, window, "<html") || contains(data, window, "<!doctype html");
    if (is_html) {
        const char *title = find_html_title(arena, data, window);
        return title == NULL
            ? fault_set(fault, FAULT_PARSE, "no feed but an HTML page without a title")
            : fault_set(fault, FAULT_PARSE, "no feed but an HTML page titled '%s'", title);
    }
    if (root != NULL) {
        return refuse_root(arena, root, fault);
    }
    const char *start = text_collapse(arena, data, text_clip(data, length, START_BYTES));
    if (start == NULL || memchr(data, '\0', window) != NULL) {
        return fault_set(fault, FAULT_PARSE, "no feed but binary data");
    }
    return fault_set(fault, FAULT_PARSE, "no feed but text that begins '%s'",
        quotable(arena, start, START_BYTES));
}

/* ---- XML ---- */

static struct feed_document *read_xml(struct arena *arena, const char *data, size_t length,
    bool lenient, const struct feed_parse_options *options, struct xml_outcome *outcome,
    const char **ret_root, struct fault *fault)
{
    struct xml_feed *feed = xml_feed_new(arena, options, length * MEND_FACTOR + 4096);
    struct xml_handlers handlers = xml_feed_handlers(feed);
    bool ok = xml_read(arena, data, length, lenient, &handlers, outcome, fault);
    struct feed_document *document = xml_feed_finish(feed, ret_root);
    return ok ? document : NULL;
}

/* Replace *document by what a second, forgiving reading finds; leaves it when there is nothing
 * to find, because no tag in the text begins a feed. */
static bool read_mended(struct arena *arena, const struct charset_result *text,
    const struct feed_parse_options *options, struct feed_document **document,
    struct fault *fault)
{
    struct buffer mended;
    buffer_init(&mended, text->length * MEND_FACTOR + 4096);
    bool ok = true;
    if (xml_mend(text->data, text->length, &mended)) {
        struct xml_outcome ignored; /* the first reading told what is wrong */
        const char *root;
        *document = read_xml(
            arena, mended.data, mended.length, true, options, &ignored, &root, fault);
        ok = *document != NULL;
    }
    buffer_release(&mended);
    return ok;
}

/* arXiv answers a bad query with a feed that has one entry: the error. */
static bool refuse_error_feed(
    struct arena *arena, const struct feed_document *document, struct fault *fault)
{
    static const char sign[] = "Feed error for query";
    const struct feed_entry *entry = document->entry_count > 0 ? &document->entries[0] : NULL;
    const char *title = document->title;
    if (title == NULL || strncasecmp(title, sign, sizeof(sign) - 1) != 0) {
        title = entry == NULL ? NULL : entry->title;
    }
    if (title == NULL || strncasecmp(title, sign, sizeof(sign) - 1) != 0) {
        return true;
    }
    const char *detail = entry == NULL ? NULL : entry->summary;
    const char *text = detail == NULL ? "" : html_to_title(arena, detail, strlen(detail));
    return fault_set(fault, FAULT_PARSE, "arXiv's error feed: %s%s%s", title,
        text[0] == '\0' ? "" : " - ", text);
}

static bool parse_xml(struct arena *arena, const struct charset_result *text,
    const struct feed_parse_options *options, struct feed_document **ret_document,
    struct fault *fault)
{
    struct xml_outcome outcome;
    const char *root = NULL;
    struct feed_document *document = read_xml(
        arena, text->data, text->length, false, options, &outcome, &root, fault);
    if (document == NULL) {
        return false;
    }
    bool is_broken = outcome.fatal || document->format == FEED_FORMAT_NONE;
    if (is_broken && !read_mended(arena, text, options, &document, fault)) {
        return false;
    }
    if (document->format == FEED_FORMAT_NONE) {
        return refuse(arena, text->data, text->length, root, fault);
    }
    if (!refuse_error_feed(arena, document, fault)) {
        return false;
    }
    if (is_broken || !outcome.well_formed) {
        document->bozo = true;
        document->error = outcome.problem[0] == '\0'
            ? "the feed is surrounded by something else"
            : arena_printf(arena, "not well-formed XML: %s", outcome.problem);
    }
    *ret_document = document;
    return true;
}

/* ---- the entry ---- */

/* White space before the document is a mistake of templates and not worth a second reading; a
 * declaration behind it makes the document ill-formed all the same. */
static bool skip_leading_space(struct charset_result *text)
{
    size_t skip = 0;
    while (skip < text->length && (strchr(" \t\r\n", text->data[skip]) != NULL) &&
        text->data[skip] != '\0') {
        skip++;
    }
    text->data += skip;
    text->length -= skip;
    return skip > 0 && text->length >= 5 && memcmp(text->data, "<?xml", 5) == 0;
}

static void note_doubt(struct arena *arena, struct feed_document *document, const char *doubt)
{
    if (doubt != NULL) {
        document->bozo = true;
        document->error = document->error == NULL
            ? doubt
            : arena_printf(arena, "%s; %s", doubt, document->error);
    }
}

bool feed_parse(struct arena *arena, const void *data, size_t length,
    const struct feed_parse_options *options, struct feed_document **ret_document,
    struct fault *fault)
{
    if (!refuse_binary(data, length, fault)) {
        return false;
    }
    struct charset_result text = charset_to_utf8(arena, data, length, options->content_type);
    bool had_space = skip_leading_space(&text);
    if (text.length == 0) {
        return fault_set(fault, FAULT_PARSE, "the document is empty");
    }
    bool ok = text.data[0] == '{'
        ? json_feed_parse(arena, text.data, text.length, options, ret_document, fault)
        : parse_xml(arena, &text, options, ret_document, fault);
    if (!ok) {
        return false;
    }
    if (had_space) {
        note_doubt(arena, *ret_document, "white space before the XML declaration");
    }
    if (text.doubt != NULL) {
        note_doubt(arena, *ret_document, arena_printf(arena, "the charset: %s", text.doubt));
    }
    return true;
}
