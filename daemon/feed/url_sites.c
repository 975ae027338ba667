/* One table: host -> the function that reads an identity out of a URL of that host.
 *
 * Each function knows one site's ways of naming one thing: views of it (abs, pdf, html),
 * versions, slugs that can change, mirrors and embeds. It returns NULL for whatever it does not
 * fully recognise, and the URL is then keyed as any other: a typed key is a promise that two
 * URLs are the same thing, so a pattern that is only probable is no pattern. Identifiers keep
 * their case where the site minds it (YouTube, Bilibili BV, WeChat, git tags) and lose it where
 * it does not (DOI by its handbook section 2.4, GitHub owner and repository). */
#include "feed/url_sites.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "feed/url_page.h"
#include "feed/url_query.h"

/* --- GitHub --- */

/* Names no account can have: GitHub's own pages. */
static const char github_pages[] =
    "about account apps articles blog codespaces collections contact copilot customer-stories "
    "dashboard enterprise events explore features gist issues join login logout marketplace "
    "mobile "
    "models new notifications orgs organizations pricing pulls readme resources search "
    "security "
    "sessions settings site solutions sponsors stars team topics trending users watching";

/* Numbers are one series for issues, pull requests and discussions of a repository, and GitHub
 * redirects between them. */
static char *github_part_key(const struct url_page *page, const char *repository)
{
    const char *kind = page->segments[2], *id = page->segments[3];
    bool whole = page->count == 4 ||
        (page->count == 5 && url_one_of(page->segments[4], "files commits checks changes"));
    if (url_one_of(kind, "issues pull discussions") && url_is_number(id) && whole) {
        return arena_printf(page->arena, "%s#%s", repository, id);
    }
    if (strcmp(kind, "commit") == 0 && page->count == 4) {
        char *commit = url_lower(page->arena, id);
        return url_consists_of(commit, url_hexadecimal, 7, 40)
            ? arena_printf(page->arena, "%s/commit/%s", repository, commit)
            : NULL;
    }
    if (strcmp(kind, "releases") == 0 && strcmp(id, "tag") == 0 && page->count >= 5) {
        /* A tag may have slashes, which the segments do not tell from backslashes and doubled
         * ones; where the path does not read like this, it names no tag that GitHub knows. */
        static const char before[] = "/releases/tag/";
        const char *tag = strstr(page->path, before);
        if (tag == NULL) {
            return NULL;
        }
        tag += strlen(before);
        size_t length = strlen(tag);
        length -= tag[length - 1] == '/';
        return arena_printf(page->arena, "%s@%.*s", repository, (int)length, tag);
    }
    return NULL;
}

static char *key_github(const struct url_page *page)
{
    static const char names[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
    if (page->count < 2 || url_one_of(page->segments[0], github_pages) ||
        !url_consists_of(page->segments[0], names, 1, 40) ||
        !url_consists_of(page->segments[1], names, 1, 100)) {
        return NULL;
    }
    const char *name = url_without_suffix(page->arena, page->segments[1], ".git");
    char *repository = url_lower(
        page->arena, arena_printf(page->arena, "github:%s/%s", page->segments[0], name));
    return page->count == 2 ? repository : github_part_key(page, repository);
}

/* The owner may be left out: gist.github.com/ID redirects. */
static char *key_gist(const struct url_page *page)
{
    const char *id = page->count > 0 && page->count <= 2 ? page->segments[page->count - 1] : "";
    return url_consists_of(id, url_hexadecimal, 20, 40)
        ? arena_printf(page->arena, "gist:%s", id)
        : NULL;
}

/* --- Chinese sites --- */

/* A push message is __biz + mid, an article in it idx; "sn" is their checksum, all else is how
 * the reader came. Old links call them appmsgid and itemidx. Short links are opaque. Links with
 * src, timestamp and signature are from Sogou's search and expire: nothing identifies them. */
static char *key_wechat(const struct url_page *page)
{
    if (page->count == 2 && strcmp(page->segments[0], "s") == 0) {
        return url_consists_of(page->segments[1], url_base64url, 10, 64)
            ? arena_printf(page->arena, "wx:%s", page->segments[1])
            : NULL;
    }
    const char *biz = url_query_value(page->arena, page->query, "__biz");
    const char *mid = url_query_value(page->arena, page->query, "mid");
    const char *idx = url_query_value(page->arena, page->query, "idx");
    mid = mid != NULL ? mid : url_query_value(page->arena, page->query, "appmsgid");
    idx = idx != NULL ? idx : url_query_value(page->arena, page->query, "itemidx");
    if (biz == NULL || mid == NULL || idx == NULL || !url_is_number(mid) ||
        !url_is_number(idx) ||
        strspn(biz, url_base64url) + strspn(biz + strspn(biz, url_base64url), "+/=") !=
            strlen(biz)) {
        return NULL;
    }
    return arena_printf(page->arena, "wx:%s:%s:%s", biz, mid, idx);
}

static char *key_zhihu(const struct url_page *page)
{
    const char *const *s = page->segments;
    size_t n = page->count;
    if (n == 4 && strcmp(s[0], "question") == 0 && strcmp(s[2], "answer") == 0 &&
        url_is_number(s[3])) {
        return arena_printf(page->arena, "zhihu:answer/%s", s[3]);
    }
    if (n == 2 && url_one_of(s[0], "question answer p pin zvideo") && url_is_number(s[1])) {
        return arena_printf(page->arena, "zhihu:%s/%s", s[0], s[1]);
    }
    /* what search engines are given: /tardis/bd/art/ID, /tardis/zm/ans/ID */
    if (n == 4 && strcmp(s[0], "tardis") == 0 && url_one_of(s[2], "art ans") &&
        url_is_number(s[3])) {
        return arena_printf(page->arena, "zhihu:%s/%s", s[2][1] == 'r' ? "p" : "answer", s[3]);
    }
    return NULL;
}

/* Bilibili numbered its videos (av170001) before it named them (BV17x411w7KC); the name is the
 * number in base 58 with a shuffled alphabet, a bit set above, an XOR, and two pairs of places
 * exchanged. The arithmetic is not published by Bilibili but reproduced by every downloader;
 * the pair above is the well-known sample. NULL when `number` is out of range. */
static char *bilibili_name(struct arena *arena, const char *number)
{
    static const char alphabet[] = "FcwAPNKTMug3GV5Lj7EJnHpWsx4tb8haYeviqBz6rkCy12mUSDQX9RdoZf";
    const uint64_t limit = UINT64_C(1) << 51;
    uint64_t value = strtoull(number, NULL, 10);
    if (value == 0 || value >= limit || strlen(number) > 16) {
        return NULL;
    }
    char name[] = "BV1000000000";
    value = (value | limit) ^ UINT64_C(23442827791579);
    for (size_t i = strlen(name) - 1; value > 0; i--, value /= 58) {
        name[i] = alphabet[value % 58];
    }
    const char third = name[3], fourth = name[4];
    name[3] = name[9];
    name[9] = third;
    name[4] = name[7];
    name[7] = fourth;
    return arena_strdup(arena, name);
}

/* Parts of one video are films of their own; the first is the video's page. */
static char *key_bilibili_video(const struct url_page *page, const char *id)
{
    const char *part = url_query_value(page->arena, page->query, "p");
    bool named = strncmp(id, "BV", 2) == 0 && url_consists_of(id + 2, url_base64url, 10, 10);
    if (strncasecmp(id, "av", 2) == 0 && url_is_number(id + 2)) {
        id = bilibili_name(page->arena, id + 2);
        named = id != NULL;
    }
    if (!named) {
        return NULL;
    }
    if (part != NULL && strcmp(part, "1") != 0 && url_is_number(part)) {
        return arena_printf(page->arena, "bili:%s/%s", id, part);
    }
    return arena_printf(page->arena, "bili:%s", id);
}

static char *key_bilibili(const struct url_page *page)
{
    const char *const *s = page->segments;
    if (page->count == 1 && strcmp(s[0], "player.html") == 0) {
        const char *bvid = url_query_value(page->arena, page->query, "bvid");
        return bvid != NULL ? key_bilibili_video(page, bvid) : NULL;
    }
    if (page->count == 3 && strcmp(s[0], "read") == 0 && strcmp(s[1], "mobile") == 0) {
        return url_is_number(s[2]) ? arena_printf(page->arena, "bili:cv%s", s[2]) : NULL;
    }
    if (page->count != 2) {
        return NULL;
    }
    if (strcmp(s[0], "video") == 0) {
        return key_bilibili_video(page, s[1]);
    }
    if (strcmp(s[0], "read") == 0 && strncmp(s[1], "cv", 2) == 0 && url_is_number(s[1] + 2)) {
        return arena_printf(page->arena, "bili:%s", s[1]);
    }
    return strcmp(s[0], "opus") == 0 && url_is_number(s[1])
        ? arena_printf(page->arena, "bili:opus/%s", s[1])
        : NULL;
}

static char *key_b23(const struct url_page *page)
{
    return page->count == 1 ? key_bilibili_video(page, page->segments[0]) : NULL;
}

/* A post has a number and a short name of nine characters; they are not translated into each
 * other. Lower-case words in that place ("followers") are pages about the author. */
static bool is_weibo_post(const char *id)
{
    if (url_is_number(id)) {
        return strlen(id) >= 15;
    }
    return url_consists_of(id, url_base64url, 9, 9) &&
        strpbrk(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != NULL;
}

/* {weibo.com,m.weibo.cn}/AUTHOR/ID and m.weibo.cn/{status,detail}/ID */
static char *key_weibo(const struct url_page *page)
{
    bool mobile = url_host_within(page->host, "weibo.cn");
    const char *author = page->segments[0], *id = page->segments[1];
    bool post = url_is_number(author) || (mobile && url_one_of(author, "status detail"));
    return page->count == 2 && post && is_weibo_post(id)
        ? arena_printf(page->arena, "weibo:%s", id)
        : NULL;
}

/* www.ithome.com/0/745/123.htm and m.ithome.com/html/745123.htm */
static char *key_ithome(const struct url_page *page)
{
    const char *const *s = page->segments;
    const char *last = url_without_suffix(
        page->arena, page->count > 0 ? s[page->count - 1] : "", ".htm");
    if (page->count == 3 && strcmp(s[0], "0") == 0 && url_is_number(s[1]) &&
        url_consists_of(last, url_digits, 3, 3)) {
        return arena_printf(page->arena, "ithome:%s%s", s[1], last);
    }
    return page->count == 2 && strcmp(s[0], "html") == 0 &&
            url_consists_of(last, url_digits, 6, 9)
        ? arena_printf(page->arena, "ithome:%s", last)
        : NULL;
}

/* www.cnbeta.com.tw/articles/tech/1400001.htm and m.cnbeta.com.tw/wap/view/1400001.htm */
static char *key_cnbeta(const struct url_page *page)
{
    const char *last = page->count >= 2 ? page->segments[page->count - 1] : "";
    const char *id = url_without_suffix(page->arena, last, ".htm");
    bool article = id != last && url_is_number(id) &&
        (url_one_of(page->segments[0], "articles view") ||
            (strcmp(page->segments[0], "wap") == 0 && strcmp(page->segments[1], "view") == 0));
    return article ? arena_printf(page->arena, "cnbeta:%s", id) : NULL;
}

/* www.163.com/dy/article/ID.html, 3g.163.com/news/article/ID.html: the id is global. */
static char *key_netease(const struct url_page *page)
{
    for (size_t i = 0; i + 1 < page->count; i++) {
        if (strcmp(page->segments[i], "article") == 0) {
            const char *id = url_without_suffix(page->arena, page->segments[i + 1], ".html");
            return url_consists_of(id, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", 16, 16)
                ? arena_printf(page->arena, "netease:%s", id)
                : NULL;
        }
    }
    return NULL;
}

/* new.qq.com/rain/a/ID, new.qq.com/omn/DAY/ID.html, xw.qq.com/cmsid/ID, view.inews.qq.com/a/ID
 */
static char *key_tencent_news(const struct url_page *page)
{
    const char *last = page->count >= 2 ? page->segments[page->count - 1] : "";
    const char *id = url_without_suffix(page->arena, last, ".html");
    bool article = strlen(id) >= 14 && strspn(id, url_digits) >= 8 &&
        isupper((unsigned char)id[8]) &&
        url_consists_of(id + 8, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", 6, 10);
    return article ? arena_printf(page->arena, "qqnews:%s", id) : NULL;
}

/* news.mydrivers.com/1/867/867123.htm and m.mydrivers.com/newsview/867123.html */
static char *key_mydrivers(const struct url_page *page)
{
    const char *const *s = page->segments;
    const char *last = page->count > 0 ? s[page->count - 1] : "";
    bool article = (page->count == 3 && strcmp(s[0], "1") == 0) ||
        (page->count == 2 && strcmp(s[0], "newsview") == 0);
    const char *id = url_without_suffix(
        page->arena, url_without_suffix(page->arena, last, ".html"), ".htm");
    return article && url_consists_of(id, url_digits, 5, 9)
        ? arena_printf(page->arena, "mydrivers:%s", id)
        : NULL;
}

/* toutiao.com/article/ID/, /aID/ and /iID/ */
static char *key_toutiao(const struct url_page *page)
{
    const char *id = page->segments[0];
    if (page->count == 2 && strcmp(id, "article") == 0) {
        id = page->segments[1];
    } else if (page->count == 1 && (id[0] == 'a' || id[0] == 'i')) {
        id++;
    } else {
        return NULL;
    }
    return url_consists_of(id, url_digits, 15, 20) ? arena_printf(page->arena, "toutiao:%s", id)
                                                   : NULL;
}

/* blog.csdn.net/USER/article/details/ID and USER.blog.csdn.net/article/details/ID */
static char *key_csdn(const struct url_page *page)
{
    size_t n = page->count;
    bool article = n >= 3 && n <= 4 && strcmp(page->segments[n - 3], "article") == 0 &&
        strcmp(page->segments[n - 2], "details") == 0;
    return article && url_is_number(page->segments[n - 1])
        ? arena_printf(page->arena, "csdn:%s", page->segments[n - 1])
        : NULL;
}

/* --- the rest of the world --- */

static char *key_youtube(const struct url_page *page)
{
    const char *id = NULL;
    if (page->count == 1 && strcmp(page->segments[0], "watch") == 0) {
        id = url_query_value(page->arena, page->query, "v");
    } else if (page->count == 2 && url_one_of(page->segments[0], "embed shorts live v e")) {
        id = page->segments[1];
    } else if (page->count == 1 && strcmp(page->host, "youtu.be") == 0) {
        id = page->segments[0];
    }
    bool video = id != NULL && url_consists_of(id, url_base64url, 11, 11) &&
        !url_one_of(id, "videoseries live_stream"); /* embeds of a list, of a channel */
    return video ? arena_printf(page->arena, "yt:%s", id) : NULL;
}

/* The name before the number does not matter: X itself links /i/web/status/N. */
static char *key_x(const struct url_page *page)
{
    for (size_t i = 1; i + 1 < page->count && i <= 2; i++) {
        if (url_one_of(page->segments[i], "status statuses") &&
            url_is_number(page->segments[i + 1])) {
            return arena_printf(page->arena, "x:%s", page->segments[i + 1]);
        }
    }
    return NULL;
}

static bool is_reddit_id(const char *id)
{
    return url_consists_of(id, "0123456789abcdefghijklmnopqrstuvwxyz", 4, 10);
}

/* …/comments/POST/slug/COMMENT: a comment is a thing of its own. */
static char *key_reddit(const struct url_page *page)
{
    size_t at = 0;
    while (at < page->count && !url_one_of(page->segments[at], "comments gallery")) {
        at++;
    }
    if (at + 1 >= page->count || !is_reddit_id(page->segments[at + 1])) {
        return NULL;
    }
    const char *post = page->segments[at + 1];
    if (at + 3 < page->count) {
        return arena_printf(page->arena, "reddit:%s/%s", post, page->segments[at + 3]);
    }
    return arena_printf(page->arena, "reddit:%s", post);
}

static char *key_reddit_short(const struct url_page *page)
{
    return page->count == 1 && is_reddit_id(page->segments[0])
        ? arena_printf(page->arena, "reddit:%s", page->segments[0])
        : NULL;
}

/* Every post ends in its id, "…-1a2b3c4d5e6f", wherever it is shown: author, publication, /p/.
 */
static char *key_medium(const struct url_page *page)
{
    const char *last = page->count > 0 ? page->segments[page->count - 1] : "";
    const char *dash = strrchr(last, '-');
    bool named = dash != NULL && page->count <= 2;
    bool bare = page->count == 2 && strcmp(page->segments[0], "p") == 0;
    const char *id = bare ? last : named ? dash + 1 : "";
    return url_consists_of(id, url_hexadecimal, 10, 12)
        ? arena_printf(page->arena, "medium:%s", id)
        : NULL;
}

static char *key_hacker_news(const struct url_page *page)
{
    const char *id = url_query_value(page->arena, page->query, "id");
    return page->count == 1 && strcmp(page->segments[0], "item") == 0 && id != NULL &&
            url_is_number(id)
        ? arena_printf(page->arena, "hn:%s", id)
        : NULL;
}

static const struct site {
    const char *host;
    bool subdomains;
    char *(*key)(const struct url_page *page);
} sites[] = {
    {"arxiv.org", true, url_key_arxiv},
    {"ar5iv.org", false, url_key_arxiv},
    {"alphaxiv.org", true, url_key_arxiv},
    {"arxiv-vanity.com", false, url_key_arxiv},
    {"scirate.com", false, url_key_arxiv},
    {"papers.cool", false, url_key_arxiv},
    {"huggingface.co", false, url_key_huggingface},
    {"doi.org", true, url_key_doi},
    {"dl.acm.org", false, url_key_publisher},
    {"link.springer.com", false, url_key_publisher},
    {"onlinelibrary.wiley.com", true, url_key_publisher},
    {"science.org", false, url_key_publisher},
    {"tandfonline.com", false, url_key_publisher},
    {"journals.sagepub.com", false, url_key_publisher},
    {"pubs.acs.org", false, url_key_publisher},
    {"pubs.aip.org", false, url_key_publisher},
    {"aip.scitation.org", false, url_key_publisher},
    {"pnas.org", false, url_key_publisher},
    {"epubs.siam.org", false, url_key_publisher},
    {"journals.aps.org", false, url_key_publisher},
    {"iopscience.iop.org", false, url_key_publisher},
    {"royalsocietypublishing.org", false, url_key_publisher},
    {"frontiersin.org", true, url_key_publisher},
    {"worldscientific.com", false, url_key_publisher},
    {"emerald.com", false, url_key_publisher},
    {"spiedigitallibrary.org", false, url_key_publisher},
    {"biorxiv.org", false, url_key_biorxiv},
    {"medrxiv.org", false, url_key_biorxiv},
    {"journals.plos.org", false, url_key_plos},
    {"nature.com", false, url_key_nature},
    {"ieeexplore.ieee.org", false, url_key_ieee},
    {"openreview.net", false, url_key_openreview},
    {"github.com", false, key_github},
    {"gist.github.com", false, key_gist},
    {"mp.weixin.qq.com", false, key_wechat},
    {"zhihu.com", true, key_zhihu},
    {"bilibili.com", true, key_bilibili},
    {"b23.tv", false, key_b23},
    {"weibo.com", false, key_weibo},
    {"weibo.cn", false, key_weibo},
    {"ithome.com", false, key_ithome},
    {"cnbeta.com", true, key_cnbeta},
    {"cnbeta.com.tw", true, key_cnbeta},
    {"163.com", true, key_netease},
    {"new.qq.com", false, key_tencent_news},
    {"xw.qq.com", false, key_tencent_news},
    {"view.inews.qq.com", false, key_tencent_news},
    {"mydrivers.com", true, key_mydrivers},
    {"toutiao.com", false, key_toutiao},
    {"blog.csdn.net", true, key_csdn},
    {"youtube.com", true, key_youtube},
    {"youtube-nocookie.com", true, key_youtube},
    {"youtu.be", false, key_youtube},
    {"x.com", false, key_x},
    {"twitter.com", false, key_x},
    {"fxtwitter.com", false, key_x},
    {"vxtwitter.com", false, key_x},
    {"reddit.com", true, key_reddit},
    {"redd.it", false, key_reddit_short},
    {"medium.com", true, key_medium},
    {"towardsdatascience.com", false, key_medium},
    {"pub.towardsai.net", false, key_medium},
    {"levelup.gitconnected.com", false, key_medium},
    {"betterprogramming.pub", false, key_medium},
    {"netflixtechblog.com", false, key_medium},
    {"itnext.io", false, key_medium},
    {"news.ycombinator.com", false, key_hacker_news},
};

static void split_path(struct url_page *page)
{
    char *copy = arena_strdup(page->arena, page->path);
    for (size_t i = 0; i < URL_SEGMENTS_MAX; i++) {
        page->segments[i] = "";
    }
    for (char *rest = copy, *segment;
         page->count < URL_SEGMENTS_MAX && (segment = strtok_r(rest, "/", &rest)) != NULL;) {
        page->segments[page->count++] = segment;
    }
}

/* A key is one printable line whatever was escaped in the URL. */
static char *printable(struct arena *arena, char *key)
{
    return key == NULL ? NULL : url_percent_encode(arena, key);
}

char *url_site_key(struct arena *arena, const char *host, const struct url_parts *parts)
{
    struct url_page page = {.arena = arena, .host = host, .query = parts->query};
    for (size_t i = 0; i < array_count(sites); i++) {
        bool fits = sites[i].subdomains ? url_host_within(host, sites[i].host)
                                        : strcmp(host, sites[i].host) == 0;
        if (fits && parts->port == NULL) {
            page.path = url_percent_decode(arena, parts->path, strlen(parts->path));
            split_path(&page);
            return printable(arena, sites[i].key(&page));
        }
    }
    return NULL;
}
