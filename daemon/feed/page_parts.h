/* Private to feed/page*.c: what the several sources of a page's facts fill. */
#ifndef FEED_PAGE_PARTS_H
#define FEED_PAGE_PARTS_H

#include "feed/page.h"

/* Facts as text. The first source that has one keeps it. */
enum page_field {
    PAGE_FIELD_TITLE,
    PAGE_FIELD_SITE,
    PAGE_FIELD_DESCRIPTION,
    PAGE_FIELD_AUTHOR,
    PAGE_FIELD_IMAGE,
    PAGE_FIELD_PUBLISHED,
    PAGE_FIELD_LANGUAGE,
    PAGE_FIELD_COUNT,
};

struct page_facts {
    const char *fields[PAGE_FIELD_COUNT];
    const char *canonical;
    int64_t published_utc_s; /* where a source knows the second itself; else CLOCK_NONE */
    bool is_article;
};

/* Set the field unless it has a value, or `text` is NULL or blank. Collapses white space. */
void page_facts_add(
    struct arena *arena, struct page_facts *facts, enum page_field field, const char *text);

/* Articles of mp.weixin.qq.com. False when the page is of another host. */
bool page_weixin_add(
    struct arena *arena, const struct page_scan *scan, struct page_facts *facts);

/* JSON-LD (schema.org): the first article in any of the page's blocks. */
void page_json_add(struct arena *arena, const struct page_scan *scan, struct page_facts *facts);

/* A page that is not what its address promised. */
must_check bool page_check_barrier(const struct page_scan *scan, struct fault *fault);

#endif
