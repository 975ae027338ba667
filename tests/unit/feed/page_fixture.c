#include "page_fixture.h"

#include <stdio.h>
#include <stdlib.h>

struct page_scan *page_fixture_scan(struct arena *arena, const char *name, const char *url)
{
    char path[4096];
    snprintf(path, sizeof(path), "%s/pages/%s.html", getenv("BRIEFD_FIXTURES"), name);
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        abort();
    }
    char *data = arena_alloc(arena, 65536);
    size_t length = fread(data, 1, 65536, file);
    fclose(file);
    return page_scan_bytes(arena, data, length, url, "text/html");
}

struct page *page_fixture_read(
    struct arena *arena, const char *name, const char *url, struct fault *fault)
{
    struct page *page;
    return page_read(arena, page_fixture_scan(arena, name, url), &page, fault) ? page : NULL;
}
