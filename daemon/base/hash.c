#include "base/hash.h"

#include <endian.h>
#include <string.h>

uint64_t hash_bytes(uint64_t hash, const void *data, size_t length)
{
    const unsigned char *bytes = data;
    for (size_t i = 0; i < length; i++) {
        hash = (hash ^ bytes[i]) * UINT64_C(0x100000001b3);
    }
    return hash;
}

/* The multiplication carries only upwards, so the upper half is folded back each time: FNV's
 * prime would leave the last bytes of a word without effect on the low bits. The constant is
 * that of MurmurHash64A (https://github.com/aappleby/smhasher). */
static uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * UINT64_C(0xc6a4a7935bd1e995);
    return hash ^ hash >> 47;
}

uint64_t hash_long(uint64_t hash, const void *data, size_t length)
{
    const unsigned char *bytes = data;
    hash = mix(hash, length);
    for (; length >= sizeof(uint64_t); length -= sizeof(uint64_t)) {
        uint64_t word;
        memcpy(&word, bytes, sizeof(word));
        hash = mix(hash, le64toh(word));
        bytes += sizeof(word);
    }
    uint64_t rest = 0;
    for (size_t i = 0; i < length; i++) {
        rest |= (uint64_t)bytes[i] << 8 * i;
    }
    return mix(mix(hash, rest), 0);
}

uint64_t hash_string(uint64_t hash, const char *text)
{
    if (text == NULL) {
        return hash_bytes(hash, "\xff", 1); /* no UTF-8 text contains 0xff */
    }
    return hash_bytes(hash, text, strlen(text) + 1);
}
