/* JSON-LD as pages carry it: an object, an array, or {"@graph": […]}, with the article at the
 * top or inside a WebPage's mainEntity; names as text or as {"name": …}; sometimes with raw
 * line breaks inside strings, which JSON forbids and browsers' tools forgive.
 *
 * jansson reads it strictly and bounds the depth (2048) itself; the walk has bounds of its own.
 * A block that does not parse is read once more with control characters made blanks, then left
 * alone. Rejected: a JSON-LD processor (contexts, ids): no page's article depends on it. */
#include <jansson.h>
#include <string.h>

#include "feed/page_parts.h"
#include "feed/text.h"
#include "feed/url_page.h"

enum {
    BLOCK_MAX_BYTES = 1 << 20, /* real ones stay under 100 KB */
    BLOCKS_MAX = 16,
    WALK_DEPTH_MAX = 6,
    WALK_NODES_MAX = 2000,
};

static json_t *load(struct arena *arena, struct html_slice raw)
{
    if (raw.length > BLOCK_MAX_BYTES) {
        return NULL;
    }
    const size_t flags = JSON_DISABLE_EOF_CHECK;
    json_t *value = json_loadb(raw.start, raw.length, flags, NULL);
    if (value != NULL) {
        return value;
    }
    char *clean = arena_strndup(arena, raw.start, raw.length);
    for (size_t i = 0; i < raw.length; i++) {
        if ((unsigned char)clean[i] < 0x20) {
            clean[i] = ' ';
        }
    }
    const char *open = strpbrk(
        clean, "{["); /* behind "<!--" or "//<![CDATA[" there may be one */
    return open == NULL ? NULL : json_loadb(open, strlen(open), flags, NULL);
}

/* A type may be a text or a list of texts, plain or as an address. */
static bool has_type(const json_t *object, const char *list)
{
    const json_t *type = json_object_get(object, "@type");
    size_t count = json_is_array(type) ? json_array_size(type) : 1;
    for (size_t i = 0; i < count && i < 8; i++) {
        const char *name = json_string_value(
            json_is_array(type) ? json_array_get(type, i) : type);
        const char *slash = name == NULL ? NULL : strrchr(name, '/');
        if (name != NULL && url_one_of(slash == NULL ? name : slash + 1, list)) {
            return true;
        }
    }
    return false;
}

static const char article_types[] =
    "Article NewsArticle BlogPosting TechArticle ScholarlyArticle "
    "Report ReportageNewsArticle AnalysisNewsArticle "
    "LiveBlogPosting SocialMediaPosting DiscussionForumPosting "
    "VideoObject SoftwareApplication SoftwareSourceCode "
    "AdvertiserContentArticle OpinionNewsArticle";

static const json_t *find_article(const json_t *value, size_t depth, size_t *budget)
{
    static const char *const inside[] = {"@graph", "mainEntity", "mainEntityOfPage", "hasPart"};
    if (depth > WALK_DEPTH_MAX || *budget == 0) {
        return NULL;
    }
    --*budget;
    for (size_t i = 0; i < json_array_size(value) && *budget > 0; i++) {
        const json_t *found = find_article(json_array_get(value, i), depth + 1, budget);
        if (found != NULL) {
            return found;
        }
    }
    if (!json_is_object(value)) {
        return NULL;
    }
    if (has_type(value, article_types)) {
        return value;
    }
    for (size_t i = 0; i < array_count(inside); i++) {
        const json_t *found = find_article(
            json_object_get(value, inside[i]), depth + 1, budget);
        if (found != NULL) {
            return found;
        }
    }
    return NULL;
}

/* "x", {"name": "x"}, {"url": "x"}, or a list of these: all names joined, or the first. */
static const char *text_of(
    struct arena *arena, const json_t *value, const char *inner, bool all)
{
    if (!json_is_array(value)) {
        const char *text = json_string_value(
            json_is_object(value) ? json_object_get(value, inner) : value);
        return text == NULL ? NULL : arena_strdup(arena, text);
    }
    const char *joined = NULL;
    for (size_t i = 0; i < json_array_size(value) && i < 32; i++) {
        const char *text = text_of(arena, json_array_get(value, i), inner, false);
        if (text != NULL) {
            joined = joined == NULL ? text : arena_printf(arena, "%s, %s", joined, text);
            if (!all) {
                return joined;
            }
        }
    }
    return joined;
}

static const struct {
    enum page_field field;
    const char *key, *inner;
    bool all;
} json_table[] = {
    {PAGE_FIELD_TITLE, "headline", "@value", false},
    {PAGE_FIELD_TITLE, "name", "@value", false},
    {PAGE_FIELD_SITE, "publisher", "name", false},
    {PAGE_FIELD_DESCRIPTION, "description", "@value", false},
    {PAGE_FIELD_AUTHOR, "author", "name", true},
    {PAGE_FIELD_AUTHOR, "creator", "name", true},
    {PAGE_FIELD_PUBLISHED, "datePublished", "@value", false},
    {PAGE_FIELD_PUBLISHED, "uploadDate", "@value", false},
    {PAGE_FIELD_PUBLISHED, "dateCreated", "@value", false},
    {PAGE_FIELD_IMAGE, "image", "url", false},
    {PAGE_FIELD_LANGUAGE, "inLanguage", "alternateName", false},
};

/* Some systems escape their texts for HTML before they put them into JSON. */
static const char *decode_text(struct arena *arena, const char *text)
{
    if (text == NULL || strchr(text, '&') == NULL) {
        return text;
    }
    struct buffer plain;
    size_t length = strlen(text);
    buffer_init(&plain, 2 * length + 16);
    html_decode(&plain, (struct html_slice){text, length}, false);
    const char *decoded = arena_strndup(arena, plain.data, plain.length);
    buffer_release(&plain);
    return decoded;
}

void page_json_add(struct arena *arena, const struct page_scan *scan, struct page_facts *facts)
{
    for (size_t i = 0; i < scan->json_count && i < BLOCKS_MAX; i++) {
        json_t *block = load(arena, scan->json[i]);
        size_t budget = WALK_NODES_MAX;
        const json_t *article = find_article(block, 0, &budget);
        for (size_t k = 0; article != NULL && k < array_count(json_table); k++) {
            const json_t *value = json_object_get(article, json_table[k].key);
            const char *text = text_of(arena, value, json_table[k].inner, json_table[k].all);
            page_facts_add(arena, facts, json_table[k].field, decode_text(arena, text));
        }
        facts->is_article |= article != NULL;
        bool found = article != NULL;
        json_decref(block);
        if (found) {
            return;
        }
    }
}
