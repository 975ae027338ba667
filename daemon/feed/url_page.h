/* A page as the functions of url_sites.c and url_papers.c see it, and what both ask of its
 * parts. Private to the URL code. */
#ifndef FEED_URL_PAGE_H
#define FEED_URL_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

enum { URL_SEGMENTS_MAX = 16 };

struct url_page {
    struct arena *arena;
    const char *host;
    const char *path;  /* percent-decoded */
    const char *query; /* NULL without one */
    const char
        *segments[URL_SEGMENTS_MAX]; /* of the decoded path, empty ones left out; "" behind */
    size_t count;
};

extern const char url_digits[];
extern const char url_hexadecimal[]; /* lower case */
extern const char url_base64url[];

/* Between `min` and `max` characters, all of the set. */
bool url_consists_of(const char *text, const char *set, size_t min, size_t max);

bool url_is_number(const char *text);

/* Is `word` in `list`, which blanks separate? */
bool url_one_of(const char *word, const char *list);

char *url_lower(struct arena *arena, const char *text);

/* `text` itself when it does not end in `suffix` (any case) or is no longer than it. */
const char *url_without_suffix(struct arena *arena, const char *text, const char *suffix);

/* The key functions for papers; NULL when the page is none. Keys live in the arena. */
char *url_key_arxiv(const struct url_page *page);
char *url_key_huggingface(const struct url_page *page);
char *url_key_doi(const struct url_page *page);
char *url_key_publisher(const struct url_page *page);
char *url_key_biorxiv(const struct url_page *page);
char *url_key_plos(const struct url_page *page);
char *url_key_nature(const struct url_page *page);
char *url_key_ieee(const struct url_page *page);
char *url_key_openreview(const struct url_page *page);

#endif
