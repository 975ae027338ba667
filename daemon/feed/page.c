/* Problem: a dozen vocabularies say the same things of a page, most pages speak several, and
 * each is wrong somewhere.
 *
 * Approach: fields as text, filled by the sources in the order of trust, the first value stays:
 * what the site's own rules know (WeChat), JSON-LD, then the meta table in its order, then what
 * readers see. The canonical address is a promise that templates often break (every page says
 * the front page, or a test host), so it counts only within the site it came from. */
#include "feed/page.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "feed/charset.h"
#include "feed/date.h"
#include "feed/page_parts.h"
#include "feed/text.h"
#include "feed/url.h"
#include "feed/url_parts.h"
#include "feed/url_query.h"

enum {
    CHARSET_LOOK_BYTES = 4096, /* browsers look at 1024; pages with long heads forget that */
    BEIJING_S = 8 * 3600,
};

/* ---- bytes ---- */

/* <meta charset=x> and <meta http-equiv=content-type content="text/html; charset=x">, as a
 * Content-Type; NULL. The bytes are ASCII-compatible where this is needed: charset.c sees
 * UTF-16 by itself. */
static const char *declared_type(struct arena *arena, const char *data, size_t length)
{
    const char *head = arena_strndup(
        arena, data, length < CHARSET_LOOK_BYTES ? length : CHARSET_LOOK_BYTES);
    for (const char *at = head; (at = strcasestr(at, "<meta")) != NULL; at++) {
        const char *end = strchr(at, '>');
        const char *name = strcasestr(at, "charset");
        if (end == NULL || name == NULL || name > end) {
            continue;
        }
        name += strlen("charset");
        name += strspn(name, " \t\r\n=\"'");
        size_t name_length = strspn(
            name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_:.");
        if (name_length > 0 && name_length < 40) {
            return arena_printf(arena, "text/html; charset=%.*s", (int)name_length, name);
        }
    }
    return NULL;
}

struct page_scan *page_scan_bytes(struct arena *arena, const char *data, size_t length,
    const char *url, const char *content_type)
{
    bool named = content_type != NULL && strcasestr(content_type, "charset=") != NULL;
    const char *declared = named ? NULL : declared_type(arena, data, length);
    struct charset_result text = charset_to_utf8(
        arena, data, length, declared != NULL ? declared : content_type);
    return page_scan_read(arena, text.data, text.length, url);
}

/* ---- facts ---- */

void page_facts_add(
    struct arena *arena, struct page_facts *facts, enum page_field field, const char *text)
{
    if (facts->fields[field] == NULL && text != NULL) {
        facts->fields[field] = text_collapse(
            arena, text, text_clip(text, strlen(text), PAGE_VALUE_MAX_BYTES));
    }
}

/* In the order of trust within a field. */
static const struct {
    enum page_field field;
    const char *name;
} meta_table[] = {
    {PAGE_FIELD_TITLE, "citation_title"},
    {PAGE_FIELD_TITLE, "og:title"},
    {PAGE_FIELD_TITLE, "twitter:title"},
    {PAGE_FIELD_TITLE, "dc.title"},
    {PAGE_FIELD_TITLE, "headline"},
    {PAGE_FIELD_SITE, "og:site_name"},
    {PAGE_FIELD_SITE, "citation_journal_title"},
    {PAGE_FIELD_SITE, "application-name"},
    {PAGE_FIELD_SITE, "apple-mobile-web-app-title"},
    {PAGE_FIELD_DESCRIPTION, "citation_abstract"},
    {PAGE_FIELD_DESCRIPTION, "og:description"},
    {PAGE_FIELD_DESCRIPTION, "description"},
    {PAGE_FIELD_DESCRIPTION, "twitter:description"},
    {PAGE_FIELD_DESCRIPTION, "dc.description"},
    {PAGE_FIELD_AUTHOR, "author"},
    {PAGE_FIELD_AUTHOR, "article:author"},
    {PAGE_FIELD_AUTHOR, "og:article:author"},
    {PAGE_FIELD_AUTHOR, "parsely-author"},
    {PAGE_FIELD_AUTHOR, "dc.creator"},
    {PAGE_FIELD_PUBLISHED, "article:published_time"},
    {PAGE_FIELD_PUBLISHED, "og:article:published_time"},
    {PAGE_FIELD_PUBLISHED, "og:published_time"},
    {PAGE_FIELD_PUBLISHED, "datepublished"},
    {PAGE_FIELD_PUBLISHED, "citation_date"},
    {PAGE_FIELD_PUBLISHED, "citation_publication_date"},
    {PAGE_FIELD_PUBLISHED, "citation_online_date"},
    {PAGE_FIELD_PUBLISHED, "parsely-pub-date"},
    {PAGE_FIELD_PUBLISHED, "sailthru.date"},
    {PAGE_FIELD_PUBLISHED, "publishdate"},
    {PAGE_FIELD_PUBLISHED, "publish_date"},
    {PAGE_FIELD_PUBLISHED, "pubdate"},
    {PAGE_FIELD_PUBLISHED, "bytedance:published_time"},
    {PAGE_FIELD_PUBLISHED, "weibo: article:create_at"},
    {PAGE_FIELD_PUBLISHED, "og:release_date"},
    {PAGE_FIELD_PUBLISHED, "dc.date.issued"},
    {PAGE_FIELD_PUBLISHED, "dcterms.date"},
    {PAGE_FIELD_PUBLISHED, "dc.date"},
    {PAGE_FIELD_IMAGE, "og:image"},
    {PAGE_FIELD_IMAGE, "og:image:url"},
    {PAGE_FIELD_IMAGE, "twitter:image"},
    {PAGE_FIELD_LANGUAGE, "content-language"},
    {PAGE_FIELD_LANGUAGE, "og:locale"},
};

/* A paper has one meta tag for each author. */
static void add_citation_authors(
    struct arena *arena, const struct page_scan *scan, struct page_facts *facts)
{
    const char *joined = NULL;
    for (size_t i = 0; i < scan->meta_count; i++) {
        if (strcmp(scan->metas[i].name, "citation_author") == 0) {
            const char *name = scan->metas[i].content;
            joined = joined == NULL ? name : arena_printf(arena, "%s; %s", joined, name);
        }
    }
    page_facts_add(arena, facts, PAGE_FIELD_AUTHOR, joined);
}

static void add_metas(
    struct arena *arena, const struct page_scan *scan, struct page_facts *facts)
{
    add_citation_authors(arena, scan, facts);
    for (size_t i = 0; i < array_count(meta_table); i++) {
        page_facts_add(
            arena, facts, meta_table[i].field, page_scan_meta(scan, meta_table[i].name));
    }
    const char *type = page_scan_meta(scan, "og:type");
    facts->is_article |= (type != NULL && strcasecmp(type, "article") == 0) ||
        page_scan_meta(scan, "citation_title") != NULL ||
        page_scan_meta(scan, "article:published_time") != NULL;
}

/* Only a heading beside it says that a <time> is the page's own, and not a listed article's. */
static void add_visible(
    struct arena *arena, const struct page_scan *scan, struct page_facts *facts)
{
    page_facts_add(arena, facts, PAGE_FIELD_LANGUAGE, scan->language);
    page_facts_add(arena, facts, PAGE_FIELD_TITLE, scan->title);
    page_facts_add(arena, facts, PAGE_FIELD_TITLE, scan->heading);
    if (scan->heading != NULL && scan->time != NULL &&
        feed_date_parse(scan->time) != CLOCK_NONE) {
        page_facts_add(arena, facts, PAGE_FIELD_PUBLISHED, scan->time);
    }
    facts->is_article |= facts->fields[PAGE_FIELD_PUBLISHED] != NULL;
}

/* ---- what the facts come to ---- */

/* "Title - Site", "Title | Site", "标题_站名": without the site when that is known. */
static const char *without_site(struct arena *arena, const char *title, const char *site)
{
    static const char *const separators[] = {
        " | ", " - ", " – ", " — ", "_", "|", "-", "｜", " · ", "丨", " :: ", " « "};
    size_t length = strlen(title);
    size_t site_length = site == NULL ? 0 : strlen(site);
    if (site_length == 0 || length <= site_length ||
        strcasecmp(title + length - site_length, site) != 0) {
        return title;
    }
    length -= site_length;
    for (size_t i = 0; i < array_count(separators); i++) {
        size_t cut = strlen(separators[i]);
        if (length > cut && memcmp(title + length - cut, separators[i], cut) == 0) {
            return text_trim(arena, title, length - cut);
        }
    }
    return title;
}

/* "2020-09-17 08:00" has none; "…T08:00:00Z", "…+08:00", "… GMT" do. Dates without a time of
 * day need none. */
static bool lacks_zone(const char *text)
{
    const char *time = strchr(text, ':');
    if (time == NULL) {
        return false;
    }
    for (const char *p = time; *p != '\0'; p++) {
        if (isalpha((unsigned char)*p) || *p == '+' || *p == '-') {
            return false;
        }
    }
    return true;
}

static int64_t publication(const struct page_facts *facts)
{
    const char *raw = facts->fields[PAGE_FIELD_PUBLISHED];
    if (facts->published_utc_s != CLOCK_NONE || raw == NULL) {
        return facts->published_utc_s;
    }
    int64_t time = feed_date_parse(raw);
    const char *language = facts->fields[PAGE_FIELD_LANGUAGE];
    bool chinese = language != NULL && strncasecmp(language, "zh", 2) == 0;
    return time != CLOCK_NONE && chinese && lacks_zone(raw) ? time - BEIJING_S : time;
}

static bool is_front(struct arena *arena, const char *url)
{
    struct url_parts parts;
    return url != NULL && url_parts_resolve(arena, NULL, url, &parts) &&
        strcmp(parts.path, "/") == 0 && parts.query == NULL;
}

/* May a page at `url` say that its address is `canonical`? */
static bool believes(struct arena *arena, const char *url, const char *canonical)
{
    struct url_parts said;
    if (!url_parts_resolve(arena, NULL, canonical, &said) || !url_parts_is_http(&said)) {
        return false;
    }
    const char *page_host = url_host(arena, url), *said_host = url_host(arena, canonical);
    bool same_site = page_host != NULL && said_host != NULL &&
        (url_host_within(page_host, said_host) || url_host_within(said_host, page_host));
    return same_site && (!is_front(arena, canonical) || is_front(arena, url));
}

static const char *own_url(
    struct arena *arena, const struct page_scan *scan, const struct page_facts *facts)
{
    const char *said[] = {facts->canonical, NULL, page_scan_meta(scan, "og:url")};
    for (size_t i = 0; i < scan->link_count && said[1] == NULL; i++) {
        said[1] = scan->links[i].kind == PAGE_LINK_CANONICAL ? scan->links[i].url : NULL;
    }
    for (size_t i = 0; scan->url != NULL && i < array_count(said); i++) {
        const char *url = said[i] == NULL ? NULL : url_resolve(arena, scan->base_url, said[i]);
        if (url != NULL && believes(arena, scan->url, url)) {
            return url;
        }
    }
    return scan->url;
}

static struct page *build_page(
    struct arena *arena, const struct page_scan *scan, const struct page_facts *facts)
{
    const char *const *fields = facts->fields;
    struct page *page = arena_new(arena, struct page);
    *page = (struct page){
        .site = fields[PAGE_FIELD_SITE],
        .description = fields[PAGE_FIELD_DESCRIPTION],
        .author = fields[PAGE_FIELD_AUTHOR],
        .language = fields[PAGE_FIELD_LANGUAGE],
        .published_utc_s = publication(facts),
        .published_raw = fields[PAGE_FIELD_PUBLISHED],
        .url = own_url(arena, scan, facts),
    };
    page->title = without_site(arena, fields[PAGE_FIELD_TITLE], page->site);
    if (page->site == NULL && scan->url != NULL) {
        page->site = url_host(arena, scan->url);
    }
    page->image = fields[PAGE_FIELD_IMAGE] == NULL
        ? NULL
        : url_resolve(arena, scan->base_url, fields[PAGE_FIELD_IMAGE]);
    page->is_article = facts->is_article && !is_front(arena, scan->url);
    return page;
}

bool page_read(struct arena *arena, const struct page_scan *scan, struct page **ret_page,
    struct fault *fault)
{
    struct page_facts facts = {.published_utc_s = CLOCK_NONE};
    if (!page_check_barrier(scan, fault)) {
        return false;
    }
    if (!page_weixin_add(arena, scan, &facts)) {
        page_json_add(arena, scan, &facts);
        add_metas(arena, scan, &facts);
    }
    add_visible(arena, scan, &facts);
    if (facts.fields[PAGE_FIELD_TITLE] == NULL) {
        return fault_set(fault, FAULT_PARSE,
            scan->script_count > 0 && scan->text[0] == '\0'
                ? "the page has no title and no text: it is made by scripts, which briefd does "
                  "not run"
                : "the page has no title");
    }
    *ret_page = build_page(arena, scan, &facts);
    return true;
}
