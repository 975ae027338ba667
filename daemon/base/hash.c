#include "base/hash.h"

#include <string.h>

uint64_t hash_bytes(uint64_t hash, const void *data, size_t length)
{
    const unsigned char *bytes = data;
    for (size_t i = 0; i < length; i++) {
        hash = (hash ^ bytes[i]) * UINT64_C(0x100000001b3);
    }
    return hash;
}

uint64_t hash_string(uint64_t hash, const char *text)
{
    if (text == NULL) {
        return hash_bytes(hash, "\xff", 1); /* no UTF-8 text contains 0xff */
    }
    return hash_bytes(hash, text, strlen(text) + 1);
}
