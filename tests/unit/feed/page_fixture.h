/* Pages under tests/fixtures/pages as scans and items. */
#ifndef TEST_PAGE_FIXTURE_H
#define TEST_PAGE_FIXTURE_H

#include "feed/page.h"

/* The scan of a fixture fetched from `url`. Lives in the arena. */
struct page_scan *page_fixture_scan(struct arena *arena, const char *name, const char *url);

/* The same read as a page; NULL with `fault` when it is refused. */
struct page *page_fixture_read(
    struct arena *arena, const char *name, const char *url, struct fault *fault);

#endif
