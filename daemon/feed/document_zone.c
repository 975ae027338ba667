/* "CST" is America's Central and China's Standard Time, fourteen hours apart. RFC 2822 knows
 * the first only, and the servers of Chinese sites write the second.
 *
 * The feed itself says which, best evidence first: a date of America's Central zone in numbers
 * or as CDT beside it, a date of +0800, its language, its hosts, Han characters in its titles.
 * Without any it is America's. Decided once for the whole document at its end, because language
 * and neighbours may stand anywhere. */
#include <string.h>
#include <strings.h>

#include "base/utf8.h"
#include "feed/document.h"
#include "feed/url.h"

enum { TITLES_MAX = 8, HAN_MIN = 2 };

static bool is_chinese_host(const char *url)
{
    static const char *const domains[] = {".cn", ".tw", ".hk", ".mo"};
    struct arena arena = {0};
    const char *host = url == NULL ? NULL : url_host(&arena, url);
    size_t length = host == NULL ? 0 : strlen(host);
    bool chinese = false;
    for (size_t i = 0; length > 3 && i < array_count(domains); i++) {
        chinese = chinese || strcmp(host + length - 3, domains[i]) == 0;
    }
    arena_release(&arena);
    return chinese;
}

/* Han, and no kana: that would be Japanese. */
static bool is_chinese_text(const char *text)
{
    size_t han = 0, bytes;
    uint32_t c;
    while (text != NULL && (bytes = utf8_decode(text, &c)) > 0) {
        if (c >= 0x3041 && c <= 0x30ff) {
            return false;
        }
        han += c >= 0x4e00 && c <= 0x9fff ? 1 : 0;
        text += bytes;
    }
    return han >= HAN_MIN;
}

static bool is_chinese(const struct feed_document *document, const char *base_url)
{
    if ((document->zones_seen & 1u << FEED_DATE_US_CENTRAL) != 0) {
        return false;
    }
    if ((document->zones_seen & 1u << FEED_DATE_EAST_8) != 0) {
        return true;
    }
    if (document->language != NULL && document->language[0] != '\0' &&
        strncasecmp(document->language, "zh", 2) == 0) {
        return true;
    }
    if (is_chinese_host(document->link) || is_chinese_host(document->feed_url) ||
        is_chinese_host(base_url)) {
        return true;
    }
    bool chinese = is_chinese_text(document->title);
    for (size_t i = 0; i < document->entry_count && i < TITLES_MAX && !chinese; i++) {
        chinese = is_chinese_text(document->entries[i].title);
    }
    return chinese;
}

static void shift(int64_t *utc_s, bool is_cst)
{
    *utc_s += is_cst && *utc_s != CLOCK_NONE ? FEED_DATE_CST_TO_CHINA_S : 0;
}

void feed_document_settle_zones(struct feed_document *document, const char *base_url)
{
    if ((document->zones_seen & 1u << FEED_DATE_CST) == 0 || !is_chinese(document, base_url)) {
        return;
    }
    shift(&document->updated_utc_s, document->updated_is_cst);
    for (size_t i = 0; i < document->entry_count; i++) {
        struct feed_entry *entry = &document->entries[i];
        shift(&entry->published_utc_s, entry->published_is_cst);
        shift(&entry->updated_utc_s, entry->updated_is_cst);
    }
}
