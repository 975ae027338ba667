/* Two steps with two promises.
 *
 * url_canonical() is what to show and to open: links that only pass on to another page
 * unwrapped, tracking parameters, session ids and fragments gone, escapes in RFC 3986 normal
 * form. It changes nothing a server could mind: not the scheme, not "www." (hosts without it
 * often have no address), not the order of parameters.
 *
 * url_key() is what to compare: a typed key, or the canonical URL folded further: https, no
 * "www.", no mobile host, no AMP copy, no index document, no final slash, parameters sorted.
 * The result may not open; nobody opens it. Folding is repeated until nothing changes, since
 * one fold can uncover another ("/a/index.html/"); every round makes the URL shorter, so it
 * ends. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "feed/url.h"
#include "feed/url_parts.h"
#include "feed/url_query.h"
#include "feed/url_sites.h"

/* --- canonical --- */

/* Pages that only send the reader on: the target is in a parameter. */
static const struct {
    const char *host; /* without "www." */
    const char *path;
    const char *parameter;
} redirectors[] = {
    {"link.zhihu.com", "/", "target"},
    {"link.juejin.cn", "/", "target"},
    {"link.csdn.net", "/", "target"},
    {"link.segmentfault.com", "/", "url"},
    {"jianshu.com", "/go-wild", "url"},
    {"oschina.net", "/action/GoToLink", "url"},
    {"gitee.com", "/link", "target"},
    {"google.com", "/url", "url"},
    {"google.com", "/url", "q"},
    {"youtube.com", "/redirect", "q"},
    {"l.facebook.com", "/l.php", "u"},
    {"lm.facebook.com", "/l.php", "u"},
    {"out.reddit.com", "/", "url"},
    {"weibo.cn", "/sinaurl", "u"},
    {"weibo.cn", "/sinaurl", "toasturl"},
    {"linkedin.com", "/redir/redirect", "url"},
    {"sspai.com", "/link", "target"},
    {"infoq.cn", "/link", "target"},
};

static const char *plain_host(const struct url_parts *parts)
{
    const char *host = parts->host;
    while (strncmp(host, "www.", 4) == 0 && strchr(host + 4, '.') != NULL) {
        host += 4;
    }
    return host;
}

/* google.com/amp/s/HOST/PATH and HOST.cdn.ampproject.org/c/s/HOST/PATH; "s" means https. */
static char *amp_cache_target(struct arena *arena, const struct url_parts *parts)
{
    static const char *const prefixes[] = {"/amp/", "/c/", "/v/", "/wp/"};
    const char *host = plain_host(parts);
    bool project = url_host_within(host, "cdn.ampproject.org");
    bool search = strcmp(host, "google.com") == 0 || strcmp(host, "bing.com") == 0;
    for (size_t i = 0; i < array_count(prefixes); i++) {
        size_t length = strlen(prefixes[i]);
        if ((project ? i > 0 : search && i == 0) &&
            strncmp(parts->path, prefixes[i], length) == 0) {
            const char *rest = parts->path + length;
            bool secure = strncmp(rest, "s/", 2) == 0;
            rest += secure ? 2 : 0;
            if (strchr(rest, '.') == NULL) {
                return NULL;
            }
            return arena_printf(arena, "%s://%s%s%s", secure ? "https" : "http", rest,
                parts->query != NULL ? "?" : "", parts->query != NULL ? parts->query : "");
        }
    }
    return NULL;
}

static char *redirect_target(struct arena *arena, const struct url_parts *parts)
{
    const char *host = plain_host(parts);
    for (size_t i = 0; i < array_count(redirectors); i++) {
        if (strcmp(host, redirectors[i].host) == 0 &&
            strcmp(parts->path, redirectors[i].path) == 0) {
            char *target = url_query_value(arena, parts->query, redirectors[i].parameter);
            if (target != NULL) {
                return target;
            }
        }
    }
    return amp_cache_target(arena, parts);
}

/* ";jsessionid=…" at the end of a segment: Java servers put the session into the path. */
static void drop_session(char *path)
{
    char *at;
    while ((at = strcasestr(path, ";jsessionid=")) != NULL) {
        size_t length = strcspn(at, "/");
        memmove(at, at + length, strlen(at + length) + 1);
    }
}

/* One step to where this address leads; false when it is where it leads. Every target is
 * shorter than what it stood in. */
static bool follow(struct arena *arena, struct url_parts *parts)
{
    struct url_parts inner;
    char *target = redirect_target(arena, parts);
    if (target == NULL || !url_parts_resolve(arena, NULL, target, &inner) ||
        !url_parts_is_http(&inner)) {
        return false;
    }
    *parts = inner;
    return true;
}

/* A fragment is a place in the page, except where a script reads it as the address: "#!/x",
 * "#/x". */
static bool is_route(const char *fragment)
{
    return (fragment[0] == '!' || fragment[0] == '/') && fragment[1] != '\0';
}

static bool canonicalize(struct arena *arena, const char *url, struct url_parts *parts)
{
    if (!url_parts_resolve(arena, NULL, url, parts)) {
        return false;
    }
    if (!url_parts_is_http(parts)) {
        return true;
    }
    do { /* a session or an escape may hide where it leads */
        drop_session(parts->path);
        url_remove_dot_segments(parts->path);
        parts->path = url_percent_normalize(arena, parts->path);
    } while (follow(arena, parts));
    if (parts->query != NULL) {
        parts->query = url_query_clean(arena, plain_host(parts), parts->query);
    }
    if (parts->query != NULL) {
        parts->query = url_percent_normalize(arena, parts->query);
    }
    if (parts->fragment != NULL && !is_route(parts->fragment)) {
        parts->fragment = NULL;
    }
    return true;
}

char *url_canonical(struct arena *arena, const char *url)
{
    struct url_parts parts;
    return canonicalize(arena, url, &parts) ? url_parts_join(arena, &parts) : NULL;
}

/* --- folding --- */

/* The same site under another name. */
static const struct {
    const char *host;
    const char *same_as;
} host_aliases[] = {
    {"twitter.com", "x.com"},
    {"old.reddit.com", "reddit.com"},
    {"new.reddit.com", "reddit.com"},
    {"np.reddit.com", "reddit.com"},
    {"i.reddit.com", "reddit.com"},
    {"juejin.im", "juejin.cn"},
    {"hf.co", "huggingface.co"},
    {"hf-mirror.com", "huggingface.co"},
    {"cnbeta.com", "cnbeta.com.tw"},
};

static size_t count_dots(const char *host)
{
    size_t dots = 0;
    for (const char *p = host; *p != '\0'; p++) {
        dots += *p == '.';
    }
    return dots;
}

static bool is_numeric_host(const char *host)
{
    return host[0] == '[' || strspn(host, "0123456789.") == strlen(host);
}

/* Wikimedia's mobile hosts carry the "m" second: en.m.wikipedia.org. */
static const char *fold_wikimedia(struct arena *arena, const char *host)
{
    const char *m = strstr(host, ".m.");
    static const char *const wikis[] = {"wikipedia.org", "wiktionary.org", "wikimedia.org",
        "wikibooks.org", "wikinews.org", "wikidata.org"};
    for (size_t i = 0; m != NULL && i < array_count(wikis); i++) {
        if (strcmp(m + 3, wikis[i]) == 0) {
            return arena_printf(arena, "%.*s%s", (int)(m - host), host, m + 2);
        }
    }
    return host;
}

/* Without "www.", "m." and the like. A mobile prefix counts only before a whole domain ("m.me"
 * is one itself) and, with `article`, for pages: the front page of mobile.example.com may be
 * about telephones. */
static const char *fold_host(struct arena *arena, const struct url_parts *parts, bool article)
{
    static const char *const prefixes[] = {"m.", "mobile.", "wap.", "amp.", "3g.", "touch."};
    const char *host = plain_host(parts);
    bool changed = article && !is_numeric_host(host);
    while (changed) {
        changed = false;
        for (size_t i = 0; i < array_count(prefixes); i++) {
            size_t length = strlen(prefixes[i]);
            if (count_dots(host) >= 2 && strncmp(host, prefixes[i], length) == 0) {
                host += length;
                changed = true;
            }
        }
    }
    for (size_t i = 0; i < array_count(host_aliases); i++) {
        if (strcmp(host, host_aliases[i].host) == 0) {
            return host_aliases[i].same_as;
        }
    }
    return fold_wikimedia(arena, host);
}

/* The slug of an article: it has a hyphen or a digit. "/products/amp" is about amplifiers. */
static bool looks_like_article(const char *path, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (path[i] == '-' || isdigit((unsigned char)path[i])) {
            return true;
        }
    }
    return false;
}

static bool cut_suffix(char *path, const char *suffix, bool only_articles)
{
    size_t length = strlen(path), cut = strlen(suffix);
    if (length <= cut || strcasecmp(path + length - cut, suffix) != 0 ||
        (only_articles && !looks_like_article(path, length - cut))) {
        return false;
    }
    path[length - cut] = '\0';
    return true;
}

/* A directory of copies: at the root of many sites (cnbc.com/amp/2024/…), anywhere at the BBC.
 */
static void cut_amp_directory(const char *host, char *path)
{
    bool anywhere = url_host_within(host, "bbc.com") || url_host_within(host, "bbc.co.uk");
    char *amp = strstr(path, "/amp/");
    if (amp != NULL && (anywhere || amp == path) &&
        looks_like_article(amp + 4, strlen(amp + 4))) {
        memmove(amp, amp + 4, strlen(amp + 4) + 1);
    }
}

/* WordPress shows the same article above each page of its comments. */
static void cut_comment_page(char *path)
{
    char *page = strstr(path, "/comment-page-");
    if (page != NULL && page > path && page[14] != '\0' &&
        strspn(page + 14, "0123456789") == strlen(page + 14)) {
        *page = '\0';
    }
}

static void fold_path(const char *host, char *path)
{
    static const char *const index_pages[] = {"/index.html", "/index.htm", "/index.php",
        "/index.shtml", "/index.asp", "/index.aspx", "/index.jsp", "/default.asp",
        "/default.aspx", "/default.htm", "/default.html"};
    for (size_t length = strlen(path); length > 1 && path[length - 1] == '/'; length--) {
        path[length - 1] = '\0';
    }
    for (size_t i = 0; i < array_count(index_pages); i++) {
        if (strcasecmp(path, index_pages[i]) == 0) {
            path[1] = '\0'; /* "/" */
        } else {
            cut_suffix(path, index_pages[i], false);
        }
    }
    if (cut_suffix(path, ".amp.html", true)) {
        memcpy(path + strlen(path), ".html", sizeof(".html")); /* shorter than what was cut */
    }
    if (!cut_suffix(path, "/amp", true)) {
        cut_suffix(path, ".amp", true);
    }
    cut_comment_page(path);
    cut_amp_directory(host, path);
}

/* "?amp", "?amp=1", "?outputType=amp": the AMP copy by parameter. */
static bool is_amp_parameter(const char *parameter, size_t length)
{
    static const char *const marks[] = {"amp", "amp=", "amp=1", "amp=true", "outputType=amp"};
    for (size_t i = 0; i < array_count(marks); i++) {
        if (strlen(marks[i]) == length && strncasecmp(parameter, marks[i], length) == 0) {
            return true;
        }
    }
    return false;
}

static char *drop_amp_parameters(struct arena *arena, const char *query)
{
    char *kept = arena_alloc(arena, strlen(query) + 2);
    char *to = kept;
    while (*query != '\0') {
        size_t length = strcspn(query, "&");
        if (!is_amp_parameter(query, length)) {
            memcpy(to, query, length);
            to += length;
            *to++ = '&';
        }
        query += length + (query[length] == '&');
    }
    to -= to > kept; /* the last separator */
    *to = '\0';
    return to > kept ? kept : NULL;
}

/* GitHub minds no case in owner and repository. */
static void fold_case(const char *host, char *path)
{
    if (strcmp(host, "github.com") != 0) {
        return;
    }
    int slashes = 0;
    for (char *p = path; *p != '\0' && (slashes += *p == '/') <= 2; p++) {
        *p = (char)tolower((unsigned char)*p);
    }
}

static char *fold(struct arena *arena, struct url_parts *parts)
{
    char *typed = url_site_key(arena, fold_host(arena, parts, true), parts);
    if (typed != NULL) {
        return typed;
    }
    bool article = strlen(parts->path) > 1 || parts->query != NULL || parts->fragment != NULL;
    parts->host = arena_strdup(arena, fold_host(arena, parts, article));
    if (parts->port == NULL) {
        parts->scheme = arena_strdup(
            arena, "https"); /* a port of its own speaks one of the two */
    }
    fold_path(parts->host, parts->path);
    fold_case(parts->host, parts->path);
    if (parts->query != NULL) {
        parts->query = drop_amp_parameters(arena, parts->query);
    }
    if (parts->query != NULL) {
        parts->query = url_query_sort(arena, parts->query);
    }
    return url_parts_join(arena, parts);
}

static char *trimmed(struct arena *arena, const char *text)
{
    while (*text != '\0' && (unsigned char)*text <= ' ') {
        text++;
    }
    size_t length = strlen(text);
    while (length > 0 && (unsigned char)text[length - 1] <= ' ') {
        length--;
    }
    return arena_strndup(arena, text, length);
}

char *url_key(struct arena *arena, const char *url)
{
    char *key = trimmed(arena, url);
    char *typed = url_text_key(arena, key);
    if (typed != NULL) {
        return typed;
    }
    for (;;) {
        struct url_parts parts;
        if (!canonicalize(arena, key, &parts) || parts.host == NULL) {
            return key;
        }
        char *folded = url_parts_is_http(&parts) ? fold(arena, &parts)
                                                 : url_parts_join(arena, &parts);
        if (strcmp(folded, key) == 0) {
            return key;
        }
        key = folded;
    }
}
