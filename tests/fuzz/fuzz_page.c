/* A fetched page, with what the server said about it: the item it is, and the feeds it names.
 */
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "feed/discovery.h"
#include "feed/page.h"
#include "input.h"

static bool is_web_address(const char *url)
{
    return strncmp(url, "http://", 7) == 0 || strncmp(url, "https://", 8) == 0;
}

static void check_page(struct arena *arena, const struct page_scan *scan)
{
    struct page *page;
    struct fault fault = {0};
    if (!page_read(arena, scan, &page, &fault)) {
        fuzz_require(fault.message[0] != '\0', "a refusal without a reason");
        return;
    }
    fuzz_require(page->title != NULL && page->title[0] != '\0', "a page without a title");
    fuzz_require(page->image == NULL || is_web_address(page->image), "image '%s'", page->image);
    fuzz_require(page->url == NULL || is_web_address(page->url), "address '%s'", page->url);
}

static void check_discovery(
    struct arena *arena, const struct page_scan *scan, const char *url, const char *link_header)
{
    struct discovery discovery = {0};
    discovery_from_url(arena, &discovery, url, NULL);
    discovery_from_url(arena, &discovery, url, "https://rsshub.example/");
    discovery_from_page(arena, &discovery, scan, link_header);
    discovery_guess(arena, &discovery, url);
    fuzz_require(discovery.count <= DISCOVERY_FEEDS_MAX, "%zu feeds", discovery.count);
    for (size_t i = 0; i < discovery.count; i++) {
        fuzz_require(
            is_web_address(discovery.feeds[i].url), "feed '%s'", discovery.feeds[i].url);
        for (size_t k = 0; k < i; k++) {
            fuzz_require(strcmp(discovery.feeds[i].url, discovery.feeds[k].url) != 0,
                "'%s' twice", discovery.feeds[i].url);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = fuzz_input_of(data, size);
    cleanup(fuzz_freep) char *content_type = fuzz_take_field(&input, "Content-Type");
    cleanup(fuzz_freep) char *base_url = fuzz_take_field(&input, "Base-URL");
    cleanup(fuzz_freep) char *link_header = fuzz_take_field(&input, "Link");
    cleanup(arena_release) struct arena arena = {0};
    const char *url = base_url != NULL && is_web_address(base_url) ? base_url
                                                                   : "https://a.example/b/c";
    const struct page_scan *scan = page_scan_bytes(
        &arena, input.cursor, fuzz_left(&input), url, content_type);
    check_page(&arena, scan);
    check_discovery(&arena, scan, url, link_header);
    return 0;
}
