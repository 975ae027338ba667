/* A document as gzip, for who takes it so. PURE.
 *
 * Compressing costs a millisecond for 50 kB: it belongs on a worker, never on the loop.
 */
#ifndef WEB_SERVER_GZIP_H
#define WEB_SERVER_GZIP_H

#include <stddef.h>

/* `data` as gzip, which the caller frees with free(3); NULL where that is not worth it: it is
 * short, or does not become shorter. The bytes are the same for the same text. */
char *gzip_pack(const char *data, size_t length, size_t *ret_length);

#endif
