/* GET /api/v1/search: the address's query as a search, and its result as JSON. PURE.
 *
 * `briefd search` takes the same words and prints the same JSON.
 */
#ifndef WEB_SERVER_SEARCH_ANSWER_H
#define WEB_SERVER_SEARCH_ANSWER_H

#include "base/arena.h"
#include "base/buffer.h"
#include "storage/search.h"

enum { SEARCH_LIMIT_DEFAULT = 20 };

/* A request for the first SEARCH_LIMIT_DEFAULT by rank, of nothing yet. */
struct search_request search_request_default(void);

/* Set one parameter, such as "section" or "limit"; `value` is borrowed for as long as the
 * request lives. FAULT_PARSE names what is wrong. */
must_check bool search_request_set(struct search_request *request, const char *name,
    const char *value, size_t value_bytes, struct fault *fault);

/* Take apart "q=%E9%87%8F&limit=5". A name that is none, or comes twice, is refused: a misspelt
 * filter would show everything. Lives in the arena. */
must_check bool search_request_read(const char *query_string, struct arena *arena,
    struct search_request *ret_request, struct fault *fault);

/* {"total", "total_is_exact", "items_behind", "next", "items": […]} */
void search_result_write_json(const struct search_result *result, struct buffer *out);

#endif
