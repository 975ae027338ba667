/* Problem: libxml2's own recovery keeps the structure only by luck: an end tag closes whatever
 * is open, so one missing </title> moves every later entry into the title; "AT&T" loses its T.
 *
 * Approach: a tokenizer in the spirit of HTML's, which knows XML's few token kinds, repairs
 * each on its own and keeps a stack of open names. An end tag closes down to its partner or,
 * without one, is dropped. A few facts of feeds decide where a missing end tag belongs: an item
 * does not contain an item, a title no link. The output is well-formed but for namespaces,
 * which the reader forgives.
 *
 * The declaration, DOCTYPE and comments are dropped: nothing in them is wanted any more.
 * Rejected: an HTML5 parser for broken feeds (it moves <link> into a head and lower-cases
 * CDATA). */
#include "feed/xml_mend.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/attributes.h"
#include "feed/xml_reader.h"

enum { OPEN_MAX = XML_DEPTH_MAX + 8, TAG_ATTRIBUTES_MAX = 64 };

struct span {
    const char *at;
    size_t length;
};

enum terminator { END_CDATA, END_COMMENT, END_INSTRUCTION, END_TAG, END_SUBSET, TERMINATORS };

static const char *const terminators[] = {[END_CDATA] = "]]>",
    [END_COMMENT] = "-->",
    [END_INSTRUCTION] = "?>",
    [END_TAG] = ">",
    [END_SUBSET] = "]"};

struct mender {
    const char *at, *end;
    struct buffer *out;
    bool missing[TERMINATORS]; /* there is none in the rest: keeps "<!--<!--…" linear */
    struct span open[OPEN_MAX];
    size_t open_count;
    bool had_root, done;
};

/* ---- characters ---- */

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_name_start(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c & 0x80) != 0;
}

static bool is_name_char(char c)
{
    return is_name_start(c) || (c >= '0' && c <= '9') || c == ':' || c == '-' || c == '.';
}

static bool is_control(char c)
{
    return (unsigned char)c < 0x20 && !is_space(c);
}

static bool spans_equal(struct span a, struct span b)
{
    return a.length == b.length && strncasecmp(a.at, b.at, a.length) == 0;
}

static bool span_is(struct span span, const char *text)
{
    return strlen(text) == span.length && strncasecmp(span.at, text, span.length) == 0;
}

static bool looking_at(const struct mender *m, const char *text)
{
    size_t length = strlen(text);
    return (size_t)(m->end - m->at) >= length && strncasecmp(m->at, text, length) == 0;
}

/* Undo what was written behind `mark`. */
static void take_back(struct mender *m, size_t mark)
{
    m->out->length = mark;
    m->out->data[mark] = '\0';
}

static const char *find(const char *at, const char *end, const char *text)
{
    return at >= end ? NULL : memmem(at, (size_t)(end - at), text, strlen(text));
}

static const char *find_terminator(struct mender *m, const char *at, enum terminator kind)
{
    const char *found = m->missing[kind] ? NULL : find(at, m->end, terminators[kind]);
    m->missing[kind] = found == NULL;
    return found;
}

/* ---- text ---- */

/* The length of the reference at `at` ("&#8217;", "&eacute;"), 0 for a bare ampersand. Whether
 * a name means something is the reader's business: what it does not know it shows as written.
 */
static size_t reference_length(const char *at, const char *end)
{
    const char *p = at + 1;
    bool is_number = p < end && *p == '#';
    if (is_number) {
        p++;
    }
    bool is_hex = is_number && p < end && (*p == 'x' || *p == 'X');
    p += is_hex;
    const char *start = p;
    while (p < end && p - start < 32 &&
        (is_number ? strchr(is_hex ? "0123456789abcdefABCDEF" : "0123456789", *p) != NULL
                   : is_name_char(*p)) &&
        *p != '\0') {
        p++;
    }
    return p > start && p < end && *p == ';' ? (size_t)(p + 1 - at) : 0;
}

static bool is_xml_character(unsigned long code)
{
    return code == 9 || code == 10 || code == 13 || (code >= 0x20 && code < 0xd800) ||
        (code >= 0xe000 && code <= 0x10ffff && code != 0xfffe && code != 0xffff);
}

/* Copy the reference, or what stands in its place; returns how many bytes of input it was. */
static size_t mend_ampersand(struct mender *m, const char *at, const char *end)
{
    size_t length = reference_length(at, end);
    if (length == 0) {
        buffer_puts(m->out, "&amp;");
        return 1;
    }
    if (at[1] == '#') {
        bool is_hex = at[2] == 'x' || at[2] == 'X';
        unsigned long code = strtoul(at + (is_hex ? 3 : 2), NULL, is_hex ? 16 : 10);
        buffer_printf(m->out, "&#%lu;", is_xml_character(code) ? code : 0xfffdUL);
    } else if (xml_entity_is_known(at + 1, length - 2)) {
        buffer_append(m->out, at, length);
    } else {
        buffer_puts(m->out, "&amp;");
        return 1;
    }
    return length;
}

/* Character data, or an attribute's value when `quote` is not NUL. */
static void mend_text(struct mender *m, const char *at, const char *end, char quote)
{
    while (at < end) {
        const char *plain = at;
        while (at < end && *at != '&' && *at != '<' && *at != '>' && !is_control(*at) &&
            (quote == '\0' || *at != quote)) {
            at++;
        }
        buffer_append(m->out, plain, (size_t)(at - plain));
        if (at == end) {
            break;
        }
        if (*at == '&') {
            at += mend_ampersand(m, at, end);
            continue;
        }
        if (*at == '<' || *at == '>') {
            buffer_puts(m->out, *at == '<' ? "&lt;" : "&gt;");
        } else if (quote != '\0' && *at == quote) {
            buffer_puts(m->out, quote == '"' ? "&quot;" : "&#39;");
        }
        at++;
    }
}

/* ---- elements ---- */

/* Elements of feeds that hold text only: another field cannot begin inside, so the end tag was
 * forgotten. Containers of free HTML (description, content) are not here. */
static const char *const text_fields[] = {"title", "link", "guid", "pubdate", "lastbuilddate",
    "comments", "category", "language", "ttl", "generator", "copyright", "docs", "published",
    "updated", "id"};
static const char *const closing_fields[] = {"title", "link", "guid", "pubdate",
    "lastbuilddate", "comments", "category", "language", "ttl", "author", "copyright",
    "generator", "docs", "description", "published", "updated", "summary", "content",
    "content:encoded", "enclosure", "id", "dc:creator", "dc:date", "item", "entry", "channel"};
static const char *const entry_names[] = {"item", "entry", "rss:item", "atom:entry"};
static const char *const void_names[] = {"br", "hr", "img", "input", "wbr"};

static bool is_one_of(struct span name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (span_is(name, names[i])) {
            return true;
        }
    }
    return false;
}

static void close_top(struct mender *m)
{
    struct span name = m->open[--m->open_count];
    buffer_puts(m->out, "</");
    buffer_append(m->out, name.at, name.length);
    buffer_putc(m->out, '>');
}

/* Index + 1 of the innermost open element of that name, 0 for none. */
static size_t find_open(const struct mender *m, struct span name)
{
    size_t i = m->open_count;
    while (i > 0 && !spans_equal(m->open[i - 1], name)) {
        i--;
    }
    return i;
}

static void close_before_start(struct mender *m, struct span name)
{
    if (is_one_of(name, entry_names, array_count(entry_names))) {
        size_t index = find_open(m, name);
        while (index > 0 && m->open_count >= index) {
            close_top(m);
        }
    }
    if (m->open_count > 0 &&
        is_one_of(m->open[m->open_count - 1], text_fields, array_count(text_fields)) &&
        is_one_of(name, closing_fields, array_count(closing_fields))) {
        close_top(m);
    }
}

static struct span read_name(struct mender *m)
{
    struct span name = {m->at, 0};
    while (m->at < m->end && is_name_char(*m->at)) {
        m->at++;
    }
    name.length = (size_t)(m->at - name.at);
    while (name.length > 0 && name.at[name.length - 1] == ':') {
        name.length--;
    }
    return name;
}

static void skip_spaces(struct mender *m)
{
    while (m->at < m->end && (is_space(*m->at) || is_control(*m->at))) {
        m->at++;
    }
}

/* The value behind '=': quoted as it should be, or up to white space or '>'. */
static void mend_value(struct mender *m)
{
    skip_spaces(m);
    char quote = m->at < m->end && (*m->at == '"' || *m->at == '\'') ? *m->at : '\0';
    const char *close = NULL;
    if (quote != '\0') {
        close = memchr(m->at + 1, quote, (size_t)(m->end - m->at - 1));
        m->at++;
    }
    const char *value_end = close;
    if (close == NULL) {
        value_end = m->at;
        while (value_end < m->end && !is_space(*value_end) && *value_end != '>' &&
            *value_end != '<') {
            value_end++;
        }
        if (value_end > m->at && value_end < m->end && value_end[0] == '>' &&
            value_end[-1] == '/') {
            value_end--;
        }
    }
    buffer_putc(m->out, '"');
    mend_text(m, m->at, value_end, '"');
    buffer_putc(m->out, '"');
    m->at = value_end + (close != NULL);
}

/* Attributes up to the end of the tag; a repeated one is dropped with its value. */
static void mend_attributes(struct mender *m)
{
    struct span seen[TAG_ATTRIBUTES_MAX];
    size_t count = 0;
    for (skip_spaces(m); m->at < m->end && *m->at != '>' && *m->at != '<'; skip_spaces(m)) {
        if (*m->at == '/' && m->at + 1 < m->end && m->at[1] == '>') {
            break;
        }
        if (!is_name_start(*m->at)) {
            m->at++;
            continue;
        }
        struct span name = read_name(m);
        bool keep = count < TAG_ATTRIBUTES_MAX;
        for (size_t i = 0; i < count && keep; i++) {
            keep = !(
                seen[i].length == name.length && memcmp(seen[i].at, name.at, name.length) == 0);
        }
        size_t mark = m->out->length;
        buffer_putc(m->out, ' ');
        buffer_append(m->out, name.at, name.length);
        buffer_putc(m->out, '=');
        skip_spaces(m);
        if (m->at < m->end && *m->at == '=') {
            m->at++;
            mend_value(m);
        } else {
            buffer_puts(m->out, "\"\"");
        }
        if (keep) {
            seen[count++] = name;
        } else {
            take_back(m, mark);
        }
    }
}

static void mend_start_tag(struct mender *m)
{
    m->at++;
    struct span name = read_name(m);
    close_before_start(m, name);
    if (m->open_count == OPEN_MAX) {
        m->done = true;
        return;
    }
    size_t mark = m->out->length;
    buffer_putc(m->out, '<');
    buffer_append(m->out, name.at, name.length);
    mend_attributes(m);
    if (m->at == m->end) { /* cut in the middle of the tag: it never was */
        take_back(m, mark);
        return;
    }
    m->had_root = true;
    bool is_empty = *m->at == '/' || is_one_of(name, void_names, array_count(void_names));
    m->at += *m->at == '/';
    m->at += m->at < m->end && *m->at == '>';
    if (is_empty) {
        buffer_puts(m->out, "/>");
        m->done = m->open_count == 0;
        return;
    }
    buffer_putc(m->out, '>');
    m->open[m->open_count++] = name;
}

static void mend_end_tag(struct mender *m)
{
    m->at += 2;
    struct span name = read_name(m);
    while (m->at < m->end && *m->at != '>' && *m->at != '<') {
        m->at++;
    }
    m->at += m->at < m->end && *m->at == '>';
    size_t index = find_open(m, name);
    while (index > 0 && m->open_count >= index) {
        close_top(m);
    }
    m->done = m->open_count == 0 && m->had_root;
}

/* ---- the rest ---- */

/* CDATA that nobody ends, ends where its element does, or with the document. */
static void mend_cdata(struct mender *m)
{
    m->at += strlen("<![CDATA[");
    const char *start = m->at;
    const char *close = find_terminator(m, start, END_CDATA);
    const char *next = close == NULL ? m->end : close + 3;
    if (close == NULL) {
        close = m->end;
        for (const char *p = start; m->open_count > 0 && (p = find(p, m->end, "</")) != NULL;
             p++) {
            struct span name = m->open[m->open_count - 1];
            if ((size_t)(m->end - p) > name.length + 2 &&
                strncasecmp(p + 2, name.at, name.length) == 0) {
                next = close = p;
                break;
            }
        }
    }
    buffer_puts(m->out, "<![CDATA[");
    for (const char *p = start; p < close;) {
        const char *plain = p;
        while (p < close && !is_control(*p)) {
            p++;
        }
        buffer_append(m->out, plain, (size_t)(p - plain));
        p += p < close;
    }
    buffer_puts(m->out, "]]>");
    m->at = next;
}

/* Skip "<!--…-->", "<?…?>" and the like; without an end only the mark is skipped. */
static void skip_past(struct mender *m, enum terminator kind)
{
    const char *found = find_terminator(m, m->at + 2, kind);
    m->at = found == NULL ? m->at + 2 : found + strlen(terminators[kind]);
}

/* "<!DOCTYPE … [ … ]>": a '>' may stand in the brackets. */
static void skip_doctype(struct mender *m)
{
    const char *close = find_terminator(m, m->at, END_TAG);
    if (close != NULL && memchr(m->at, '[', (size_t)(close - m->at)) != NULL) {
        const char *subset_end = find_terminator(m, m->at, END_SUBSET);
        close = subset_end == NULL ? close : find_terminator(m, subset_end, END_TAG);
    }
    m->at = close == NULL ? m->at + 2 : close + 1;
}

static void mend_markup(struct mender *m)
{
    if (looking_at(m, "<![CDATA[")) {
        if (m->open_count > 0) {
            mend_cdata(m);
        } else {
            skip_past(m, END_CDATA);
        }
    } else if (looking_at(m, "<!--")) {
        skip_past(m, END_COMMENT);
    } else if (looking_at(m, "<!")) {
        skip_doctype(m);
    } else if (looking_at(m, "<?")) {
        skip_past(m, END_INSTRUCTION);
    } else if (m->end - m->at > 2 && m->at[1] == '/' && is_name_start(m->at[2])) {
        mend_end_tag(m);
    } else if (m->end - m->at > 1 && is_name_start(m->at[1])) {
        mend_start_tag(m);
    } else if (m->end - m->at == 1) {
        m->at++; /* the document was cut where a tag began */
    } else {
        if (m->open_count > 0) {
            buffer_puts(m->out, "&lt;");
        }
        m->at++;
    }
}

static const char *const root_names[] = {"rss", "feed", "RDF"};

/* The first "<rss", "<feed", "<rdf:RDF" with any prefix; what stands before is the junk of a
 * web server: warnings, white space, a banner. */
static const char *find_root(const char *at, const char *end)
{
    for (; (at = memchr(at, '<', (size_t)(end - at))) != NULL; at++) {
        const char *p = at + 1, *name = p;
        while (p < end && is_name_char(*p)) {
            name = *p == ':' ? p + 1 : name;
            p++;
        }
        struct span span = {name, (size_t)(p - name)};
        if (is_one_of(span, root_names, array_count(root_names))) {
            return at;
        }
    }
    return NULL;
}

bool xml_mend(const char *data, size_t length, struct buffer *out)
{
    const char *root = find_root(data, data + length);
    if (root == NULL) {
        return false;
    }
    struct mender *m = calloc(1, sizeof(*m));
    if (m == NULL) {
        memory_exhausted();
    }
    m->out = out;
    m->end = data + length;
    m->at = root;
    while (m->at < m->end && !m->done) {
        if (*m->at == '<') {
            mend_markup(m);
            continue;
        }
        const char *text = m->at;
        const char *next = memchr(m->at, '<', (size_t)(m->end - m->at));
        m->at = next == NULL ? m->end : next;
        if (m->open_count > 0) {
            mend_text(m, text, m->at, '\0');
        }
    }
    while (m->open_count > 0) {
        close_top(m);
    }
    free(m);
    return true;
}
