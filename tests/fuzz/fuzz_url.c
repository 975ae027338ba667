/* A reference against a base, its canonical form and its key: each of the three is a fixed
 * point, or an item would be another one after it has been stored. */
#include <string.h>

#include "feed/url.h"
#include "input.h"

static void check_key(struct arena *arena, const char *url)
{
    const char *key = url_key(arena, url);
    const char *again = url_key(arena, key);
    fuzz_require(
        strcmp(key, again) == 0, "the key of '%s' is '%s', its key is '%s'", url, key, again);
}

static void check_canonical(struct arena *arena, const char *url)
{
    const char *canonical = url_canonical(arena, url);
    if (canonical == NULL) {
        return;
    }
    const char *again = url_canonical(arena, canonical);
    fuzz_require(again != NULL && strcmp(canonical, again) == 0,
        "'%s' is canonical '%s', which is canonical '%s'", url, canonical, again);
    if (strncmp(canonical, "http:", 5) != 0 && strncmp(canonical, "https:", 6) != 0) {
        return; /* text that is no web address is its own key, letter for letter */
    }
    const char *key = url_key(arena, url), *of_canonical = url_key(arena, canonical);
    fuzz_require(strcmp(key, of_canonical) == 0,
        "the key of '%s' is '%s', that of its canonical form '%s' is '%s'", url, key, canonical,
        of_canonical);
    check_key(arena, canonical);
}

static void check_resolved(struct arena *arena, const char *base, const char *reference)
{
    const char *resolved = url_resolve(arena, base, reference);
    if (resolved == NULL) {
        return;
    }
    const char *again = url_resolve(arena, NULL, resolved);
    fuzz_require(again != NULL && strcmp(resolved, again) == 0,
        "'%s' resolves to '%s', which resolves to '%s'", reference, resolved, again);
    check_canonical(arena, resolved);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = fuzz_input_of(data, size);
    cleanup(fuzz_freep) char *base = fuzz_take_field(&input, "Base-URL");
    cleanup(fuzz_freep) char *url = fuzz_take_text(&input);
    cleanup(arena_release) struct arena arena = {0};
    check_resolved(&arena, base, url);
    check_resolved(&arena, NULL, url);
    check_canonical(&arena, url);
    check_key(&arena, url);
    const char *host = url_host(&arena, url);
    fuzz_require(host == NULL || host[0] != '\0', "'%s' has an empty host", url);
    return 0;
}
