/* What was asked of the server, by route, method and status. Loop thread.
 *
 * Bounded whatever clients send: a route is a pattern of the table and not an address, all that
 * match none are one, and there is room for more than there are routes and answers.
 */
#ifndef WEB_SERVER_TRAFFIC_H
#define WEB_SERVER_TRAFFIC_H

#include <stddef.h>
#include <stdint.h>

#include "net/histogram.h"

enum { TRAFFIC_KINDS_MAX = 1024 };

struct traffic_kind {
    const char *route;  /* "/api/v1/items/{}", "" for none; borrowed for ever */
    const char *method; /* "GET", "other" */
    unsigned status;    /* 0: the client was gone before there was one */
    uint64_t count;
};

/* Zero-initialised is empty. */
struct traffic {
    struct traffic_kind kinds[TRAFFIC_KINDS_MAX];
    size_t kind_count;
    struct histogram
        times_us; /* from the first line of a request to the last byte of its answer */
};

/* `route` and `method` are string literals: the same kind is the same pointers. */
void traffic_add(
    struct traffic *traffic, const char *route, const char *method, unsigned status);

#endif
