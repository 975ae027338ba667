/* zlib writes no time into the header it makes, so that equal texts are equal bytes.
 *
 * Rejected: brotli as well (a library and a second variant for documents that travel over
 * loopback, or over a proxy that compresses by itself). */
#include "web/server/gzip.h"

#include <stdlib.h>
#include <zlib.h>

#include "base/fault.h"

enum {
    WORTH_BYTES = 512, /* below, the header of gzip and one packet make it pointless */
    LEVEL = 6,
    WINDOW = 15 + 16, /* zlib: 16 asks for the gzip wrapper */
    MEMORY = 8,
};

char *gzip_pack(const char *data, size_t length, size_t *ret_length)
{
    z_stream stream = {0};
    if (length < WORTH_BYTES ||
        deflateInit2(&stream, LEVEL, Z_DEFLATED, WINDOW, MEMORY, Z_DEFAULT_STRATEGY) != Z_OK) {
        return NULL;
    }
    size_t bound = deflateBound(&stream, length);
    char *packed = malloc(bound);
    if (packed == NULL) {
        memory_exhausted();
    }
    stream.next_in = (Bytef *)data;
    stream.avail_in = (uInt)length;
    stream.next_out = (Bytef *)packed;
    stream.avail_out = (uInt)bound;
    bool shorter = deflate(&stream, Z_FINISH) == Z_STREAM_END && stream.total_out < length;
    *ret_length = stream.total_out;
    deflateEnd(&stream);
    if (!shorter) {
        free(packed);
        return NULL;
    }
    return packed;
}
