/* Small hand-written scanners: each fact has a fixed shape, and a regex for each would cost
 * more than the whole keyword pass. A venue counts only with its year, and not when it is a
 * workshop of the venue: "our ICCV paper" in a comment says nothing about this paper. */
#include "briefing/tags.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { TAGS_MAX = 8, ARXIV_ID_MAX = 40, GITHUB_OWNER_MAX = 39, GITHUB_REPOSITORY_MAX = 100 };

/* First path segments on github.com that are pages of the site, not owners. */
static const char *const github_pages[] = {"about", "apps", "blog", "collections", "contact",
    "customer-stories", "enterprise", "events", "explore", "features", "issues", "join",
    "login", "marketplace", "new", "notifications", "orgs", "pricing", "pulls", "readme",
    "search", "security", "sessions", "settings", "site", "sponsors", "stars", "team", "topics",
    "trending", "users"};

/* The path of `url` when its host is `host` or, with `subdomains`, one below it; else NULL. */
static const char *find_path_on(const char *url, const char *host, bool subdomains)
{
    if (url == NULL) {
        return NULL;
    }
    const char *start = strstr(url, "://");
    start = start == NULL ? url : start + 3;
    size_t length = strcspn(start, "/:?#");
    size_t wanted = strlen(host);
    if (length < wanted || strncasecmp(start + length - wanted, host, wanted) != 0) {
        return NULL;
    }
    size_t before = length - wanted;
    bool below = before > 0 && start[before - 1] == '.' &&
        (subdomains || (before == 4 && strncasecmp(start, "www.", 4) == 0));
    if (before > 0 && !below) {
        return NULL;
    }
    start += length;
    return start + strcspn(start, "/?#");
}

static size_t count_digits(const char *text)
{
    return strspn(text, "0123456789");
}

/* Length of the arXiv id at `text`, version included, or 0: 2009.00278v2, hep-th/9901001v1,
 * math.GT/0309136. https://info.arxiv.org/help/arxiv_identifier.html */
static size_t measure_arxiv_id(const char *text)
{
    size_t length = 0;
    if (count_digits(text) == 4 && text[4] == '.') {
        size_t serial = count_digits(text + 5);
        length = serial == 4 || serial == 5 ? 5 + serial : 0;
    } else {
        size_t archive = strspn(text, "abcdefghijklmnopqrstuvwxyz-");
        if (archive > 0 && text[archive] == '.' && isupper((unsigned char)text[archive + 1]) &&
            isupper((unsigned char)text[archive + 2])) {
            archive += 3;
        }
        bool old = archive > 0 && text[archive] == '/' && count_digits(text + archive + 1) == 7;
        length = old ? archive + 8 : 0;
    }
    if (length > 0 && text[length] == 'v' && isdigit((unsigned char)text[length + 1])) {
        length += 1 + count_digits(text + length + 1);
    }
    return length <= ARXIV_ID_MAX ? length : 0;
}

static const char *find_arxiv_id(struct arena *arena, const struct item *item)
{
    static const char *const pages[] = {"/abs/", "/pdf/", "/html/", "/format/"};
    const char *path = find_path_on(item->url, "arxiv.org", true);
    for (size_t i = 0; path != NULL && i < array_count(pages); i++) {
        size_t skip = strlen(pages[i]);
        size_t length = strncmp(path, pages[i], skip) == 0 ? measure_arxiv_id(path + skip) : 0;
        if (length > 0) {
            return arena_strndup(arena, path + skip, length);
        }
    }
    if (item->key != NULL && strncmp(item->key, "arxiv:", 6) == 0) {
        size_t length = measure_arxiv_id(item->key + 6);
        return length > 0 ? arena_strndup(arena, item->key + 6, length) : NULL;
    }
    return NULL;
}

/* The year at `text`: 2021, or 21 when `short_too`; 0 when there is none. */
static int read_year(const char *text, bool short_too, size_t *ret_length)
{
    size_t digits = count_digits(text);
    *ret_length = digits;
    int year = digits == 4 || (digits == 2 && short_too) ? atoi(text) : 0;
    if (digits == 2 && year > 0) {
        year += 2000;
    }
    return year >= 1980 && year < 2100 ? year : 0;
}

/* The year behind a venue's name: "CVPR2021", "CVPR 2021", "CVPR'21", "(CVPR), 2021". */
static int read_year_behind(const char *text)
{
    size_t gap = strspn(text, " -'),");
    const char *year_at = text + gap;
    bool apostrophe = gap <= 1 && strncmp(year_at, "’", 3) == 0;
    year_at += apostrophe ? 3 : 0;
    bool short_too = apostrophe || gap == 0 ||
        (gap == 1 && (text[0] == '\'' || text[0] == '-'));
    size_t length;
    int year = read_year(year_at, short_too, &length);
    const char *behind = year_at + length;
    behind += strspn(behind, " -");
    return strncasecmp(behind, "workshop", 8) == 0 ? 0 : year;
}

/* The year right before it: "2021 CVPR". */
static int read_year_before(const char *text, const char *name)
{
    if (name - text < 5 || name[-1] != ' ') {
        return 0;
    }
    size_t length;
    bool alone = name - text == 5 || !isdigit((unsigned char)name[-6]);
    int year = read_year(name - 5, false, &length);
    return alone && length == 4 ? year : 0;
}

static const char *match_venue(const struct config_words *venues, const char *text)
{
    for (size_t i = 0; i < venues->count; i++) {
        const char *name = venues->items[i].text;
        if (name[0] != text[0]) {
            continue; /* nearly always: a venue is sought at every word */
        }
        size_t length = strlen(name);
        if (strncmp(text, name, length) == 0 && !isalpha((unsigned char)text[length])) {
            return name;
        }
    }
    return NULL;
}

static void add_tag(const char **tags, size_t *count, const char *tag)
{
    for (size_t i = 0; i < *count; i++) {
        if (strcmp(tags[i], tag) == 0) {
            return;
        }
    }
    if (*count < TAGS_MAX) {
        tags[(*count)++] = tag;
    }
}

static void add_venues(struct arena *arena, const struct config_words *venues, const char *text,
    const char **tags, size_t *count)
{
    for (const char *at = text; at != NULL && *at != '\0'; at++) {
        if (!isalnum((unsigned char)*at) || (at > text && isalnum((unsigned char)at[-1]))) {
            continue;
        }
        const char *venue = match_venue(venues, at);
        int year = venue == NULL ? 0 : read_year_behind(at + strlen(venue));
        if (venue != NULL && year == 0) {
            year = read_year_before(text, at);
        }
        if (year != 0) {
            add_tag(tags, count, arena_printf(arena, "%s%d", venue, year));
        }
    }
}

const char **tags_build(struct arena *arena, const struct config *config,
    const struct item *item, size_t *ret_count)
{
    const char **tags = arena_new_array(arena, const char *, TAGS_MAX);
    *ret_count = 0;
    const char *arxiv_id = find_arxiv_id(arena, item);
    if (arxiv_id != NULL) {
        add_tag(tags, ret_count, arxiv_id);
    }
    add_venues(arena, &config->venues, item->title, tags, ret_count);
    add_venues(arena, &config->venues, item->comment, tags, ret_count);
    add_venues(arena, &config->venues, item->journal_ref, tags, ret_count);
    return tags;
}

static bool is_github_page(const char *owner, size_t length)
{
    for (size_t i = 0; i < array_count(github_pages); i++) {
        if (strlen(github_pages[i]) == length &&
            strncasecmp(owner, github_pages[i], length) == 0) {
            return true;
        }
    }
    return false;
}

/* "owner/repo" at `text`, whatever follows; NULL when it is none. */
static const char *read_repository(struct arena *arena, const char *text)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                  "0123456789-._";
    size_t owner = strspn(text, letters);
    if (owner == 0 || owner > GITHUB_OWNER_MAX || text[owner] != '/' ||
        is_github_page(text, owner)) {
        return NULL;
    }
    size_t name = strspn(text + owner + 1, letters);
    if (name > 4 && strncmp(text + owner + 1 + name - 4, ".git", 4) == 0) {
        name -= 4;
    }
    if (name == 0 || name > GITHUB_REPOSITORY_MAX) {
        return NULL;
    }
    return arena_strndup(arena, text, owner + 1 + name);
}

const char *tags_find_repository(struct arena *arena, const struct item *item)
{
    const char *path = find_path_on(item->url, "github.com", false);
    if (path != NULL && path[0] == '/') {
        return read_repository(arena, path + 1);
    }
    if (item->key != NULL && strncmp(item->key, "github:", 7) == 0) {
        return read_repository(arena, item->key + 7);
    }
    return NULL;
}
