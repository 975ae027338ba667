/* The table of what is served where. Loop thread. */
#ifndef WEB_SERVER_ROUTES_H
#define WEB_SERVER_ROUTES_H

#include <microhttpd.h>
#include <stdint.h>

#include "web/server/request.h"
#include "web/server/snapshot.h"
#include "web/server/endpoint.h"
#include "web/server/vitals.h"

/* Why a request that request_check() let pass is refused by its endpoint, before its body is
 * read; NULL when it may go on (also to be answered with 404 or 405 at its end). */
const struct request_refusal *routes_check(struct request *request);

/* Answer a request that routes_check() let pass, when its body has been read. `snapshot` is
 * NULL before the first one, nothing in `doors` when changes are not taken. */
enum MHD_Result routes_answer(struct request *request, struct snapshot *snapshot,
    const struct endpoint_doors *doors, const struct vitals *vitals);

/* The pattern that a decoded path matches, "" for none; a string literal. */
const char *routes_pattern(const char *path);

#endif
