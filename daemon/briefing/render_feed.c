/* Both formats say the same of an entry; struct entry holds it once. Times without a zone would
 * be invalid in both, so all are UTC.
 */
#include "briefing/render_feed.h"

#include <ctype.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "briefing/issue_html.h"
#include "briefing/issue_parts.h"
#include "briefing/letters.h"
#include "briefing/markup.h"
#include "briefing/prose.h"
#include "feed/url.h"

enum { CONTENT_MAX_BYTES = 64 << 20 };

struct entry {
    const struct issue *issue;
    const char *id;
    const char *title;
    const char *url;     /* NULL: unknown */
    const char *summary; /* the guide, plain; NULL: none */
    char published[CLOCK_ISO_BYTES], updated[CLOCK_ISO_BYTES];
    struct buffer html; /* released by entry_release() */
};

/* ---- ids ---- */

/* Characters of a tag: URI's specific part (RFC 3986 pchar, "/"), the rest percent-encoded. */
static void write_specific(const char *text, struct buffer *out)
{
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        bool plain = (c < 0x80 && isalnum(c)) || strchr("-._~/", c) != NULL;
        buffer_printf(out, plain ? "%c" : "%%%02X", c);
    }
}

/* The path of `url` without "/" at its end. */
static const char *path_of(struct arena *arena, const char *url)
{
    const char *host = strstr(url, "://");
    const char *path = host == NULL ? "" : strpbrk(host + 3, "/?#");
    size_t length = path == NULL ? 0 : strcspn(path, "?#");
    while (length > 0 && path[length - 1] == '/') {
        length--;
    }
    return arena_strndup(arena, path == NULL ? "" : path, length);
}

/* tag:github.com,2020-09-17:/ysh329/awesome-embedded-ai; without `date` that of the feed, which
 * RFC 4151 dates by a day the host was the newsletter's: the epoch of its first issue is not
 * known, so the year of this scheme. */
static const char *make_id(
    struct arena *arena, const struct render_feed *feed, const char *date)
{
    const char *base = feed->homepage;
    const char *host = base == NULL ? NULL : url_host(arena, base);
    struct buffer id;
    buffer_init(&id, CONTENT_MAX_BYTES);
    buffer_printf(&id, "tag:%s,%s:", host == NULL ? "localhost" : host, date);
    if (host == NULL) {
        write_specific(feed->title, &id);
    } else {
        write_specific(path_of(arena, base), &id);
        buffer_puts(&id, id.data[id.length - 1] == ':' ? "/" : "");
    }
    const char *whole = arena_strndup(arena, id.data, id.length);
    buffer_release(&id);
    return whole;
}

/* ---- entries ---- */

static int64_t time_of_date(const char *date)
{
    int64_t midnight_utc_s;
    return clock_parse_day(date, &midnight_utc_s) ? midnight_utc_s : 0;
}

static const char *plain_text(struct arena *arena, const char *markdown)
{
    struct prose prose = prose_parse(arena, markdown, NULL);
    struct buffer text;
    buffer_init(&text, CONTENT_MAX_BYTES);
    prose_write_plain(&prose, &text);
    const char *plain = text.length == 0 ? NULL : arena_strndup(arena, text.data, text.length);
    buffer_release(&text);
    return plain;
}

static void entry_init(struct entry *entry, struct arena *arena, const struct render_feed *feed,
    const struct render_feed_entry *of)
{
    static const struct issue_html_form form = {.heading = 2, .without_ending = true};
    const struct issue *issue = of->issue;
    int64_t published_utc_s = of->published_utc_s != CLOCK_NONE ? of->published_utc_s
                                                                : time_of_date(issue->date);
    int64_t updated_utc_s = of->updated_utc_s != CLOCK_NONE ? of->updated_utc_s
                                                            : published_utc_s;
    *entry = (struct entry){
        .issue = issue,
        .id = make_id(arena, feed, issue->date),
        .title = issue_heading(arena, issue),
        .url = markup_is_web_address(issue->url) ? issue->url : of->url,
        .summary = plain_text(arena, issue->guide),
    };
    clock_format_iso(published_utc_s, entry->published);
    clock_format_iso(updated_utc_s, entry->updated);
    buffer_init(&entry->html, CONTENT_MAX_BYTES);
    issue_html_write(issue, &form, &entry->html);
}

static void entry_release(struct entry *entry)
{
    buffer_release(&entry->html);
}

/* ---- Atom ---- */

static void write_xml(const char *tag, const char *text, struct buffer *out)
{
    if (text != NULL) {
        markup_write_element(tag, NULL, text, out);
        buffer_putc(out, '\n');
    }
}

static void write_xml_link(
    const char *relation, const char *type, const char *url, struct buffer *out)
{
    if (markup_is_web_address(url)) {
        buffer_printf(out, "<link rel=\"%s\" type=\"%s\" href=\"", relation, type);
        markup_write_url(url, out);
        buffer_puts(out, "\"/>\n");
    }
}

static void write_atom_entry(struct arena *arena, const struct render_feed *feed,
    const struct render_feed_entry *of, struct buffer *out)
{
    struct entry entry;
    entry_init(&entry, arena, feed, of);
    buffer_puts(out, "<entry>\n");
    write_xml("id", entry.id, out);
    write_xml("title", entry.title, out);
    write_xml_link("alternate", "text/html", entry.url, out);
    write_xml("published", entry.published, out);
    write_xml("updated", entry.updated, out);
    write_xml("summary", entry.summary, out);
    buffer_puts(out, "<content type=\"html\">");
    markup_write_text(entry.html.data, out);
    buffer_puts(out, "</content>\n</entry>\n");
    entry_release(&entry);
}

/* The time of the feed is that of what changed last in it. */
static int64_t updated_of(const struct render_feed *feed)
{
    int64_t latest = 0;
    for (size_t i = 0; i < feed->entry_count; i++) {
        const struct render_feed_entry *entry = &feed->entries[i];
        int64_t time = entry->updated_utc_s != CLOCK_NONE ? entry->updated_utc_s
            : entry->published_utc_s != CLOCK_NONE        ? entry->published_utc_s
                                                          : time_of_date(entry->issue->date);
        latest = time > latest ? time : latest;
    }
    return latest;
}

static const char *page_of(const struct render_feed *feed)
{
    return markup_is_web_address(feed->homepage) ? feed->homepage
        : markup_is_web_address(feed->page_url)  ? feed->page_url
                                                 : NULL;
}

void render_feed_atom(const struct render_feed *feed, struct buffer *out)
{
    struct arena arena;
    char updated[CLOCK_ISO_BYTES];
    arena_init(&arena);
    buffer_puts(out,
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
        "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"");
    markup_write_text(feed->language, out);
    buffer_puts(out, "\">\n");
    write_xml("id", make_id(&arena, feed, "2020"), out);
    write_xml("title", feed->title, out);
    write_xml("subtitle", plain_text(&arena, feed->tagline), out);
    write_xml("updated", clock_format_iso(updated_of(feed), updated), out);
    write_xml_link("alternate", "text/html", page_of(feed), out);
    write_xml_link("self", "application/atom+xml", feed->self_url, out);
    /* RFC 4287 4.1.1: a feed whose entries name no author names one */
    buffer_puts(out, "<author><name>");
    markup_write_text(feed->title, out);
    buffer_puts(out, "</name></author>\n");
    for (size_t i = 0; i < feed->entry_count; i++) {
        write_atom_entry(&arena, feed, &feed->entries[i], out);
    }
    buffer_puts(out, "</feed>\n");
    arena_release(&arena);
}

/* ---- JSON Feed ---- */

static void write_member(const char *name, const char *text, struct buffer *out)
{
    if (text != NULL) {
        bool first = out->data[out->length - 1] == '{';
        buffer_printf(out, "%s\"%s\":", first ? "" : ",", name);
        json_write_string(text, out);
    }
}

static void write_json_entry(struct arena *arena, const struct render_feed *feed,
    const struct render_feed_entry *of, struct buffer *out)
{
    struct entry entry;
    entry_init(&entry, arena, feed, of);
    buffer_putc(out, '{');
    write_member("id", entry.id, out);
    write_member("url", entry.url, out);
    write_member("title", entry.title, out);
    write_member("content_html", entry.html.data, out);
    write_member("summary", entry.summary, out);
    write_member("date_published", entry.published, out);
    write_member("date_modified", entry.updated, out);
    write_member("language", entry.issue->language, out);
    buffer_putc(out, '}');
    entry_release(&entry);
}

void render_feed_json(const struct render_feed *feed, struct buffer *out)
{
    struct arena arena;
    arena_init(&arena);
    buffer_putc(out, '{');
    write_member("version", "https://jsonfeed.org/version/1.1", out);
    write_member("title", feed->title, out);
    write_member("home_page_url", page_of(feed), out);
    write_member(
        "feed_url", markup_is_web_address(feed->self_url) ? feed->self_url : NULL, out);
    write_member("description", plain_text(&arena, feed->tagline), out);
    write_member("language", feed->language, out);
    buffer_puts(out, ",\"authors\":[{");
    write_member("name", feed->title, out);
    buffer_puts(out, "}],\"items\":[");
    for (size_t i = 0; i < feed->entry_count; i++) {
        buffer_puts(out, i > 0 ? "," : "");
        write_json_entry(&arena, feed, &feed->entries[i], out);
    }
    buffer_puts(out, "]}\n");
    arena_release(&arena);
}

/* ---- one issue ---- */

static void render_one(const struct issue *issue, struct buffer *out,
    void (*render)(const struct render_feed *feed, struct buffer *out))
{
    const struct render_feed_entry entry = {
        .issue = issue, .published_utc_s = CLOCK_NONE, .updated_utc_s = CLOCK_NONE};
    const struct render_feed feed = {
        .title = issue->title,
        .tagline = issue->tagline,
        .language = issue->language,
        .homepage = issue->archive_url,
        .entries = &entry,
        .entry_count = 1,
    };
    render(&feed, out);
}

void render_atom(const struct issue *issue, struct buffer *out)
{
    render_one(issue, out, render_feed_atom);
}

void render_json_feed(const struct issue *issue, struct buffer *out)
{
    render_one(issue, out, render_feed_json);
}
