/* Only the first <style> inside <head> counts: whatever a feed might smuggle into the body is
 * never allowed by our own hash. */
#include "web/server/style_hash.h"

#include <sodium.h>
#include <string.h>

const char *style_hash(struct arena *arena, const char *html)
{
    static const char open[] = "<style>";
    const char *head_end = strstr(html, "</head>");
    const char *from = strstr(html, open);
    const char *end = from == NULL ? NULL : strstr(from, "</style>");
    if (end == NULL || head_end == NULL || end > head_end) {
        return NULL;
    }
    from += sizeof(open) - 1;
    unsigned char digest[crypto_hash_sha256_BYTES];
    char base64[sodium_base64_ENCODED_LEN(sizeof(digest), sodium_base64_VARIANT_ORIGINAL)];
    crypto_hash_sha256(digest, (const unsigned char *)from, (size_t)(end - from));
    sodium_bin2base64(
        base64, sizeof(base64), digest, sizeof(digest), sodium_base64_VARIANT_ORIGINAL);
    return arena_printf(arena, "'sha256-%s'", base64);
}
