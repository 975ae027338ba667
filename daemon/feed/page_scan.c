/* The lexer gives tags and text; rows of a table say what each tag is worth. Elements whose
 * text counts are captured until their own end tag: one at a time, since those that matter do
 * not nest.
 *
 * Rejected: gumbo's tree and XPath-like queries, for the reason told in html_lexer.c, and
 * because pages with their meta tags in the body or after a broken tag are common: what a tree
 * would move about, a stream just reads. */
#include "feed/page_scan.h"

#include <string.h>
#include <strings.h>

#include "feed/text.h"
#include "feed/url.h"
#include "feed/url_page.h"

enum { CAPTURE_MAX_BYTES = 1024 };

/* Elements whose text is wanted: by id, or the first of its name. */
struct capture {
    const char **place; /* where the text goes; NULL: none runs */
    const struct html_element *element;
};

struct scan_state {
    struct arena *arena;
    struct page_scan *scan;
    struct buffer text;     /* visible */
    struct buffer captured; /* of the running capture */
    struct capture capture;
};

static const char *decode(struct arena *arena, struct html_slice raw, bool in_attribute)
{
    struct buffer text;
    buffer_init(&text, 2 * PAGE_VALUE_MAX_BYTES);
    raw.length = text_clip(raw.start, raw.length, PAGE_VALUE_MAX_BYTES);
    html_decode(&text, raw, in_attribute);
    const char *value = text_collapse(arena, text.data, text.length);
    buffer_release(&text);
    return value;
}

/* Decoded and collapsed; NULL when absent or empty. */
static const char *attribute(
    struct scan_state *state, const struct html_token *token, const char *name)
{
    struct html_slice raw;
    return html_token_attribute(token, name, &raw) ? decode(state->arena, raw, true) : NULL;
}

static const char *lower_attribute(
    struct scan_state *state, const struct html_token *token, const char *name)
{
    const char *value = attribute(state, token, name);
    return value == NULL ? NULL : url_lower(state->arena, value);
}

/* ---- rows of the table ---- */

static void take_meta(struct scan_state *state, const struct html_token *token)
{
    static const char *const names[] = {"property", "name", "itemprop", "http-equiv"};
    struct page_scan *scan = state->scan;
    const char *content = attribute(state, token, "content");
    for (size_t i = 0; content != NULL && i < array_count(names); i++) {
        const char *name = lower_attribute(state, token, names[i]);
        if (name == NULL || scan->meta_count == PAGE_METAS_MAX) {
            continue;
        }
        if (scan->meta_count == scan->meta_capacity) {
            scan->metas = arena_grow(
                state->arena, scan->metas, sizeof(*scan->metas), &scan->meta_capacity);
        }
        scan->metas[scan->meta_count++] = (struct page_meta){name, content};
    }
}

static struct page_link *add_link(
    struct scan_state *state, enum page_link_kind kind, const char *reference)
{
    struct page_scan *scan = state->scan;
    const char *url = scan->link_count < PAGE_LINKS_MAX
        ? url_resolve(state->arena, scan->base_url, reference)
        : NULL;
    if (url == NULL || (strncmp(url, "http://", 7) != 0 && strncmp(url, "https://", 8) != 0)) {
        return NULL;
    }
    /* Anchors point at list elements: the list never moves. */
    if (scan->links == NULL) {
        scan->links = arena_new_array(state->arena, struct page_link, PAGE_LINKS_MAX);
    }
    scan->links[scan->link_count] = (struct page_link){.kind = kind, .url = url};
    return &scan->links[scan->link_count++];
}

/* "feed:https://…" and "feed://…" are how pages of the 2000s opened a reader. */
static const char *without_feed_scheme(struct arena *arena, const char *reference)
{
    if (strncasecmp(reference, "feed://", 7) == 0) {
        return arena_printf(arena, "http://%s", reference + 7);
    }
    return strncasecmp(reference, "feed:", 5) == 0 ? reference + 5 : reference;
}

static bool is_feed_type(const char *type)
{
    static const char *const types[] = {"application/rss+xml", "application/atom+xml",
        "application/feed+json", "application/rdf+xml", "application/x.atom+xml", "text/rss",
        "application/rss", "application/atom", "text/rss+xml", "application/x-rss+xml",
        "text/atom+xml"};
    for (size_t i = 0; type != NULL && i < array_count(types); i++) {
        size_t length = strlen(types[i]);
        if (strncasecmp(type, types[i], length) == 0 &&
            (type[length] == '\0' || strchr("; ", type[length]) != NULL)) {
            return true;
        }
    }
    return false;
}

/* Types that feeds share with other documents: believed when the address agrees. */
static bool may_be_feed_type(const char *type)
{
    return type != NULL &&
        (strncasecmp(type, "text/xml", 8) == 0 ||
            strncasecmp(type, "application/xml", 15) == 0 ||
            strncasecmp(type, "application/json", 16) == 0);
}

/* Does the last part of the path, or the whole query, speak of a feed? */
static bool looks_like_feed(struct arena *arena, const char *reference)
{
    const char *path = url_lower(
        arena, arena_strndup(arena, reference, strcspn(reference, "?#")));
    const char *query = reference + strcspn(reference, "?");
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/') {
        length--;
    }
    path = arena_strndup(arena, path, length);
    const char *slash = strrchr(path, '/');
    const char *last = slash == NULL ? path : slash + 1;
    static const char words[] =
        "feed feeds rss rss2 atom rdf feed.xml feed.json feed.rss feed.atom "
        "rss.xml rss2.xml atom.xml index.rss index.rdf index.xml "
        "index.atom feeds.xml rss.php feed.php backend.php";
    if (last[0] != '\0' && url_one_of(last, words)) {
        return true;
    }
    const char *dot = strrchr(last, '.');
    return (dot != NULL && url_one_of(dot + 1, "rss atom rdf")) ||
        strcasestr(query, "feed=rss") != NULL || strcasestr(query, "feed=atom") != NULL ||
        strcasestr(query, "format=rss") != NULL || strcasestr(query, "type=rss") != NULL ||
        strcasestr(query, "mod=rss") != NULL || strcasestr(query, "alt=rss") != NULL;
}

static void take_link(struct scan_state *state, const struct html_token *token)
{
    const char *rel = lower_attribute(state, token, "rel");
    const char *href = attribute(state, token, "href");
    const char *type = attribute(state, token, "type");
    if (rel == NULL || href == NULL) {
        return;
    }
    if (url_one_of("canonical", rel)) {
        add_link(state, PAGE_LINK_CANONICAL, href);
        return;
    }
    href = without_feed_scheme(state->arena, href);
    bool feed = is_feed_type(type) ||
        ((type == NULL || may_be_feed_type(type)) && looks_like_feed(state->arena, href));
    bool named = url_one_of("alternate", rel) || url_one_of("feed", rel) ||
        url_one_of("alternative", rel);
    bool stylesheet = url_one_of("stylesheet", rel);
    struct page_link *link = feed && named && !stylesheet
        ? add_link(state, PAGE_LINK_ALTERNATE, href)
        : NULL;
    if (link != NULL) {
        link->type = type;
        link->title = attribute(state, token, "title");
    }
}

static void start_capture(
    struct scan_state *state, const struct html_token *token, const char **place)
{
    if (state->capture.place == NULL && !token->self_closing &&
        !html_element_is(token->element, HTML_VOID)) {
        buffer_clear(&state->captured);
        state->capture = (struct capture){.place = place, .element = token->element};
    }
}

static void take_anchor(struct scan_state *state, const struct html_token *token)
{
    struct html_slice raw;
    if (!html_token_attribute(token, "href", &raw) || raw.length == 0 || raw.length > 2048 ||
        raw.start[0] == '#') {
        return;
    }
    /* Only what can be one is decoded: a page has thousands of anchors. */
    if (memmem(raw.start, raw.length, "feed", 4) == NULL &&
        memmem(raw.start, raw.length, "rss", 3) == NULL &&
        memmem(raw.start, raw.length, "atom", 4) == NULL &&
        memmem(raw.start, raw.length, "RSS", 3) == NULL &&
        memmem(raw.start, raw.length, "rdf", 3) == NULL &&
        memmem(raw.start, raw.length, "xml", 3) == NULL) {
        return;
    }
    const char *href = attribute(state, token, "href");
    href = href == NULL ? NULL : without_feed_scheme(state->arena, href);
    const char *type = attribute(state, token, "type");
    if (href == NULL || !(is_feed_type(type) || looks_like_feed(state->arena, href))) {
        return;
    }
    struct page_link *link = add_link(state, PAGE_LINK_ANCHOR, href);
    if (link != NULL) {
        link->type = type;
        link->title = attribute(state, token, "title");
        if (link->title == NULL) {
            start_capture(state, token, &link->title);
        }
    }
}

static void take_base(struct scan_state *state, const struct html_token *token)
{
    const char *href = attribute(state, token, "href");
    const char *url = href == NULL ? NULL : url_resolve(state->arena, state->scan->url, href);
    if (url != NULL && state->scan->base_url == state->scan->url) {
        state->scan->base_url = url;
    }
}

static void take_script(struct scan_state *state, const struct html_token *token)
{
    struct page_scan *scan = state->scan;
    const char *type = attribute(state, token, "type");
    bool json = type != NULL && strncasecmp(type, "application/ld+json", 19) == 0;
    struct html_slice **list = json ? &scan->json : &scan->scripts;
    size_t *count = json ? &scan->json_count : &scan->script_count;
    size_t *capacity = json ? &scan->json_capacity : &scan->script_capacity;
    if (token->text.length == 0 || *count == PAGE_SCRIPTS_MAX) {
        return;
    }
    if (*count == *capacity) {
        *list = arena_grow(state->arena, *list, sizeof(**list), capacity);
    }
    (*list)[(*count)++] = token->text;
}

static void take_title(struct scan_state *state, const struct html_token *token)
{
    if (state->scan->title == NULL) {
        state->scan->title = decode(state->arena, token->text, false);
    }
}

static void take_html(struct scan_state *state, const struct html_token *token)
{
    if (state->scan->language == NULL) {
        state->scan->language = attribute(state, token, "lang");
    }
}

static void take_heading(struct scan_state *state, const struct html_token *token)
{
    if (state->scan->heading == NULL) {
        start_capture(state, token, &state->scan->heading);
    }
}

static void take_time(struct scan_state *state, const struct html_token *token)
{
    if (state->scan->time == NULL) {
        state->scan->time = attribute(state, token, "datetime");
        if (state->scan->time == NULL) {
            start_capture(state, token, &state->scan->time);
        }
    }
}

/* <span itemprop="datePublished" content="…">: microdata outside of meta tags. */
static void take_microdata(struct scan_state *state, const struct html_token *token)
{
    struct html_slice raw;
    if (html_token_attribute(token, "itemprop", &raw) &&
        html_token_attribute(token, "content", &raw)) {
        take_meta(state, token);
    }
}

static void take_id(struct scan_state *state, const struct html_token *token)
{
    struct page_scan *scan = state->scan;
    const struct {
        const char *id;
        const char **place;
    } ids[] = {
        {"activity-name", &scan->weixin_title},
        {"js_name", &scan->weixin_account},
        {"publish_time", &scan->weixin_time},
    };
    struct html_slice raw;
    if (!html_token_attribute(token, "id", &raw)) {
        return;
    }
    scan->has_weixin_content |= raw.length == 10 && memcmp(raw.start, "js_content", 10) == 0;
    for (size_t i = 0; i < array_count(ids); i++) {
        if (raw.length == strlen(ids[i].id) && memcmp(raw.start, ids[i].id, raw.length) == 0 &&
            *ids[i].place == NULL) {
            start_capture(state, token, ids[i].place);
        }
    }
}

static const struct {
    const char *element;
    void (*take)(struct scan_state *state, const struct html_token *token);
} takers[] = {
    {"a", take_anchor},
    {"base", take_base},
    {"h1", take_heading},
    {"html", take_html},
    {"link", take_link},
    {"meta", take_meta},
    {"script", take_script},
    {"time", take_time},
    {"title", take_title},
};

/* ---- the pass ---- */

static void end_capture(struct scan_state *state)
{
    *state->capture.place = text_collapse(
        state->arena, state->captured.data, state->captured.length);
    state->capture.place = NULL;
}

static void take_start(struct scan_state *state, const struct html_token *token)
{
    take_id(state, token);
    for (size_t i = 0; i < array_count(takers); i++) {
        if (strcmp(token->element->name, takers[i].element) == 0) {
            takers[i].take(state, token);
            return;
        }
    }
    take_microdata(state, token);
}

static void append_text(struct buffer *out, struct html_slice text)
{
    if (out->length < PAGE_TEXT_MAX_BYTES) {
        text.length = text_clip(text.start, text.length, PAGE_TEXT_MAX_BYTES);
        html_decode(out, text, false);
    }
}

/* A heading that nobody closed ends where it is too long to be one. */
static void take_text(struct scan_state *state, struct html_slice text)
{
    append_text(&state->text, text);
    buffer_putc(&state->text, ' ');
    if (state->capture.place != NULL) {
        append_text(&state->captured, text);
        if (state->captured.length > CAPTURE_MAX_BYTES) {
            end_capture(state);
        }
    }
}

static void read_tokens(struct scan_state *state, struct html_lexer *lexer)
{
    struct html_token token;
    while (html_lexer_next(lexer, &token)) {
        if (token.kind == HTML_TOKEN_TEXT) {
            take_text(state, token.text);
        } else if (token.kind == HTML_TOKEN_START) {
            take_start(state, &token);
        } else if (state->capture.place != NULL && token.element == state->capture.element) {
            end_capture(state);
        }
    }
    if (state->capture.place != NULL) {
        end_capture(state);
    }
}

struct page_scan *page_scan_read(
    struct arena *arena, const char *html, size_t length, const char *url)
{
    struct page_scan *scan = arena_new(arena, struct page_scan);
    scan->url = arena_strdup(arena, url);
    scan->base_url = scan->url;
    struct scan_state state = {.arena = arena, .scan = scan};
    buffer_init(&state.text, 2 * PAGE_TEXT_MAX_BYTES + PAGE_VALUE_MAX_BYTES);
    buffer_init(&state.captured, 2 * PAGE_TEXT_MAX_BYTES + PAGE_VALUE_MAX_BYTES);
    struct html_lexer lexer;
    html_lexer_init(&lexer, html, length);
    lexer.keep_raw = true;
    read_tokens(&state, &lexer);
    const char *text = text_collapse(arena, state.text.data, state.text.length);
    scan->text = text == NULL ? "" : text;
    buffer_release(&state.text);
    buffer_release(&state.captured);
    return scan;
}

const char *page_scan_meta(const struct page_scan *scan, const char *name)
{
    for (size_t i = 0; i < scan->meta_count; i++) {
        if (strcmp(scan->metas[i].name, name) == 0) {
            return scan->metas[i].content;
        }
    }
    return NULL;
}
