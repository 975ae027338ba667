/* GET /api/v1/search: the first hits of a search, or the next. The address is read by
 * web/server/search_answer.h; a search that takes more than a second is given up, because
 * others wait for the worker. */
#include "briefing/vendor_name.h"
#include "storage/store.h"
#include "web/server/endpoints.h"
#include "web/server/search_answer.h"

enum { DEADLINE_MS = 1000 };

/* What is wrong with the words or the cursor is the request's fault, not its meaning's. */
static unsigned status_of(enum fault_kind kind)
{
    switch (kind) {
    case FAULT_PARSE:
        return 400;
    case FAULT_LIMIT:
        return 422;
    default:
        return 503;
    }
}

static bool search(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    struct search_request request;
    struct search_result result;
    bool ok = search_request_read(call->query, &call->arena, &request, fault);
    if (ok) {
        request.deadline_ms = DEADLINE_MS;
        request.filter.vendor = vendor_name_find(config, request.filter.vendor);
        ok = store_search(store, &call->arena, &request, &result, fault);
    }
    if (ok) {
        search_result_write_json(&result, &call->out);
    } else {
        call->status = status_of(fault->kind);
    }
    return ok;
}

const struct endpoint endpoint_search = {.door = ENDPOINT_READS, .work = search};
