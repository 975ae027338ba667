/* The table of what is served where. Loop thread. */
#ifndef WEB_SERVER_ROUTES_H
#define WEB_SERVER_ROUTES_H

#include <microhttpd.h>
#include <stdint.h>

#include "web/server/request.h"
#include "web/server/snapshot.h"

/* Answer a request that request_check() let pass. `snapshot` is NULL before the first one. */
enum MHD_Result routes_answer(
    const struct request *request, struct snapshot *snapshot, int64_t now_utc_s);

#endif
