/* Articles of mp.weixin.qq.com.
 *
 * They have OpenGraph tags for title and description; the account's name, the exact time and
 * the long address (__biz, mid, idx: what identifies an article, however short the link was)
 * stand in scripts only, in one of two forms that have been in use for years:
 *
 *     var msg_title = '…'.html(false);  var nickname = htmlDecode("…");  var ct = "1600300800";
 *     title: JsDecode('…'),  nick_name: JsDecode('…'),  ori_create_time: '1600300800' * 1,
 *
 * so a value is: the first literal that is not empty between the name and the end of the
 * statement. No script is run. The time is the epoch when there is one, else the text of
 * #publish_time, which is Beijing's. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "feed/page_parts.h"
#include "feed/text.h"
#include "feed/url.h"

enum { STATEMENT_MAX_BYTES = 16384 };

static bool is_name_byte(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '$';
}

/* '\'', '\x26', '\u4e2d' and their like. Half of a surrogate pair becomes U+FFFD. */
static size_t write_escape(struct buffer *out, const char *at, const char *end)
{
    size_t digits = *at == 'x' ? 2 : *at == 'u' ? 4 : 0;
    if (digits > 0 && (size_t)(end - at) > digits) {
        char hex[5] = {0};
        memcpy(hex, at + 1, digits);
        if (strspn(hex, "0123456789abcdefABCDEF") == digits) {
            buffer_put_codepoint(out, (unsigned)strtoul(hex, NULL, 16));
            return 1 + digits;
        }
    }
    buffer_putc(out, strchr("nrt", *at) != NULL ? ' ' : *at);
    return 1;
}

/* The literal that opens at `at`; returns where it ends, NULL when it does not. */
static const char *read_literal(struct buffer *out, const char *at, const char *end)
{
    char quote = *at++;
    while (at < end && *at != quote) {
        if (*at == '\\' && at + 1 < end) {
            at++;
            at += write_escape(out, at, end);
        } else {
            buffer_putc(out, *at++);
        }
    }
    return at < end ? at + 1 : NULL;
}

/* The value behind a name at `at` (= or : come first); NULL when the statement has none. */
static const char *read_value(struct arena *arena, const char *at, const char *end)
{
    while (at < end && isspace((unsigned char)*at)) {
        at++;
    }
    if (at >= end || (*at != '=' && *at != ':') || (at + 1 < end && at[1] == '=')) {
        return NULL;
    }
    end = (size_t)(end - at) > STATEMENT_MAX_BYTES ? at + STATEMENT_MAX_BYTES : end;
    struct buffer raw, text;
    buffer_init(&raw, STATEMENT_MAX_BYTES);
    buffer_init(&text, 2 * STATEMENT_MAX_BYTES);
    const char *value = NULL;
    for (at++; value == NULL && at != NULL && at < end && strchr(";\n,}", *at) == NULL;) {
        if (*at != '"' && *at != '\'') {
            at++;
            continue;
        }
        buffer_clear(&raw);
        at = read_literal(&raw, at, end);
        if (at != NULL && raw.length > 0) {
            html_decode(&text, (struct html_slice){raw.data, raw.length}, false);
            value = text_collapse(arena, text.data, text.length);
        }
    }
    buffer_release(&raw);
    buffer_release(&text);
    return value;
}

static const char *find_value(
    struct arena *arena, const struct page_scan *scan, const char *name)
{
    size_t length = strlen(name);
    for (size_t i = 0; i < scan->script_count; i++) {
        const char *at = scan->scripts[i].start, *end = at + scan->scripts[i].length;
        const char *found;
        while ((found = memmem(at, (size_t)(end - at), name, length)) != NULL) {
            at = found + length;
            bool whole = (found == scan->scripts[i].start || !is_name_byte(found[-1])) &&
                at < end && !is_name_byte(*at);
            const char *value = whole ? read_value(arena, at, end) : NULL;
            if (value != NULL) {
                return value;
            }
        }
    }
    return NULL;
}

static const char *find_first(
    struct arena *arena, const struct page_scan *scan, const char *const *names, size_t count)
{
    const char *value = NULL;
    for (size_t i = 0; i < count && value == NULL; i++) {
        value = find_value(arena, scan, names[i]);
    }
    return value;
}

static void add_time(
    struct arena *arena, const struct page_scan *scan, struct page_facts *facts)
{
    static const char *const epochs[] = {"ct", "oriCreateTime", "ori_create_time"};
    static const char *const dates[] = {"createTime", "create_time", "publish_time"};
    const char *epoch = find_first(arena, scan, epochs, array_count(epochs));
    /* Nine or ten digits: 1973 to 2286. */
    if (epoch != NULL && strspn(epoch, "0123456789") == strlen(epoch) && strlen(epoch) >= 9 &&
        strlen(epoch) <= 10) {
        facts->published_utc_s = strtoll(epoch, NULL, 10);
        page_facts_add(arena, facts, PAGE_FIELD_PUBLISHED, epoch);
    }
    page_facts_add(arena, facts, PAGE_FIELD_PUBLISHED, scan->weixin_time);
    page_facts_add(
        arena, facts, PAGE_FIELD_PUBLISHED, find_first(arena, scan, dates, array_count(dates)));
}

/* The long address, put together when the page names its parts only. */
static const char *long_url(struct arena *arena, const struct page_scan *scan)
{
    const char *link = find_value(arena, scan, "msg_link");
    if (link != NULL && strstr(link, "__biz=") != NULL) {
        return link;
    }
    const char *biz = find_value(arena, scan, "biz");
    const char *mid = find_value(arena, scan, "mid");
    const char *idx = find_value(arena, scan, "idx");
    return biz == NULL || mid == NULL || idx == NULL
        ? NULL
        : arena_printf(
              arena, "https://mp.weixin.qq.com/s?__biz=%s&mid=%s&idx=%s", biz, mid, idx);
}

bool page_weixin_add(
    struct arena *arena, const struct page_scan *scan, struct page_facts *facts)
{
    static const char *const titles[] = {"msg_title"};
    static const char *const accounts[] = {"nickname", "nick_name"};
    const char *host = scan->url == NULL ? NULL : url_host(arena, scan->url);
    if (host == NULL || strcmp(host, "mp.weixin.qq.com") != 0) {
        return false;
    }
    page_facts_add(arena, facts, PAGE_FIELD_TITLE, page_scan_meta(scan, "og:title"));
    page_facts_add(
        arena, facts, PAGE_FIELD_TITLE, find_first(arena, scan, titles, array_count(titles)));
    page_facts_add(arena, facts, PAGE_FIELD_TITLE, scan->weixin_title);
    page_facts_add(arena, facts, PAGE_FIELD_SITE, scan->weixin_account);
    page_facts_add(arena, facts, PAGE_FIELD_SITE,
        find_first(arena, scan, accounts, array_count(accounts)));
    page_facts_add(
        arena, facts, PAGE_FIELD_DESCRIPTION, page_scan_meta(scan, "og:description"));
    page_facts_add(arena, facts, PAGE_FIELD_DESCRIPTION, find_value(arena, scan, "msg_desc"));
    page_facts_add(arena, facts, PAGE_FIELD_AUTHOR, page_scan_meta(scan, "og:article:author"));
    page_facts_add(arena, facts, PAGE_FIELD_AUTHOR, page_scan_meta(scan, "author"));
    page_facts_add(arena, facts, PAGE_FIELD_IMAGE, page_scan_meta(scan, "og:image"));
    page_facts_add(arena, facts, PAGE_FIELD_LANGUAGE, "zh-CN");
    add_time(arena, scan, facts);
    facts->canonical = long_url(arena, scan);
    facts->is_article = true;
    return true;
}
