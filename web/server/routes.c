/* A row says what a path serves: documents of the snapshot (more than one: Accept chooses, the
 * earlier wins a tie), or a function; and what a POST to it changes, if it takes any
 * (web/server/write.h).
 *
 * Matching is exact, without a trailing slash, // or .. being mended: a path that is not in the
 * table does not exist, so there is nothing to walk out of.
 */
#include "web/server/routes.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/attributes.h"
#include "base/clock.h"
#include "web/server/negotiate.h"
#include "web/server/problem.h"
#include "web/server/respond.h"
#include "web/server/searcher.h"
#include "web/server/write.h"

enum { ROUTE_DOCUMENTS_MAX = 3 };

static const char allow_reading[] = "GET, HEAD, OPTIONS";
static const char allow_both[] = "GET, HEAD, POST, OPTIONS";
static const char allow_writing[] = "POST, OPTIONS";
static const char retry_after_s[] = "2"; /* the first snapshot is built right after the start */

struct route {
    const char *path;
    enum MHD_Result (*answer)(struct request *request, struct snapshot *snapshot,
        int64_t now_utc_s); /* NULL: the documents */
    enum snapshot_document documents[ROUTE_DOCUMENTS_MAX];
    size_t document_count;
    const struct write_kind *post; /* NULL: it can only be read */
};

static enum MHD_Result answer_health(
    struct request *request, struct snapshot *snapshot, int64_t now_utc_s)
{
    char built[CLOCK_ISO_BYTES];
    json_t *health = json_pack("{s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:I}", "status", "ok",
        "version", BRIEFD_VERSION, "snapshot", clock_format_iso(snapshot->built_utc_s, built),
        "snapshot_age_s", (json_int_t)(now_utc_s - snapshot->built_utc_s), "feeds",
        (json_int_t)snapshot->totals.feeds, "feeds_failing", (json_int_t)snapshot->failing,
        "items", (json_int_t)snapshot->totals.items, "sightings",
        (json_int_t)snapshot->totals.sightings, "issues", (json_int_t)snapshot->totals.issues);
    char *text = health == NULL ? NULL : json_dumps(health, JSON_COMPACT);
    if (text == NULL) {
        abort();
    }
    json_decref(health);
    return respond_own(request, 200, "application/json", text, strlen(text));
}

static enum MHD_Result answer_icon(
    struct request *request, struct snapshot *snapshot, int64_t now_utc_s)
{
    /* A sheet with three lines, the first one picked. */
    static const char icon[] =
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 32 32\">"
        "<rect x=\"4\" y=\"2\" width=\"24\" height=\"28\" rx=\"4\" fill=\"#0b6790\"/>"
        "<path d=\"M10 10h12M10 16h12M10 22h7\" stroke=\"#fff\" stroke-width=\"2.5\" "
        "stroke-linecap=\"round\"/></svg>";
    return respond_static(request, "image/svg+xml", icon);
}

static enum MHD_Result answer_search(
    struct request *request, struct snapshot *snapshot, int64_t now_utc_s)
{
    return search_start(request);
}

static const struct route routes[] = {
    {"/", NULL, {SNAPSHOT_PAGE}, 1, NULL},
    {"/draft", NULL, {SNAPSHOT_HTML, SNAPSHOT_MARKDOWN, SNAPSHOT_JSON}, 3, NULL},
    {"/draft.md", NULL, {SNAPSHOT_MARKDOWN}, 1, NULL},
    {"/draft.html", NULL, {SNAPSHOT_HTML}, 1, NULL},
    {"/draft.json", NULL, {SNAPSHOT_JSON}, 1, NULL},
    {"/api/v1/draft", NULL, {SNAPSHOT_JSON}, 1, NULL},
    {"/api/v1/feeds", NULL, {SNAPSHOT_FEEDS}, 1, NULL},
    {"/api/v1/feeds.opml", NULL, {SNAPSHOT_OPML}, 1, &write_opml},
    {"/api/v1/add", NULL, {0}, 0, &write_add},
    {"/api/v1/search", answer_search, {0}, 0, NULL},
    {"/healthz", answer_health, {0}, 0, NULL},
    {"/favicon.ico", answer_icon, {0}, 0, NULL},
};

static const struct route *find_route(const char *path)
{
    for (size_t i = 0; i < array_count(routes); i++) {
        if (strcmp(routes[i].path, path) == 0) {
            return &routes[i];
        }
    }
    return NULL;
}

static enum MHD_Result answer_documents(
    const struct request *request, const struct route *route, struct snapshot *snapshot)
{
    const char *accept = request_header(request, MHD_HTTP_HEADER_ACCEPT);
    int best_quality = 0;
    size_t best = 0;
    for (size_t i = 0; i < route->document_count; i++) {
        int quality = negotiate_quality(accept, snapshot_media_type(route->documents[i]));
        if (quality > best_quality) {
            best_quality = quality;
            best = i;
        }
    }
    if (best_quality == 0) {
        return respond_problem(request, 406,
            route->document_count > 1
                ? "This is there as text/html, text/markdown and application/json."
                : "This address has one form, which the request's Accept rules out; leave "
                  "Accept away to get it.",
            MHD_HTTP_HEADER_VARY, "Accept");
    }
    /* A path with one form says 406 to some Accept values, so it varies by Accept as well. */
    return respond_document(
        request, snapshot, route->documents[best], "Accept, Accept-Encoding");
}

static bool is_readable(const struct route *route)
{
    return route->answer != NULL || route->document_count > 0;
}

static const char *allowed_methods(const struct route *route)
{
    return route->post == NULL ? allow_reading
        : is_readable(route)   ? allow_both
                               : allow_writing;
}

const struct request_refusal *routes_check(struct request *request)
{
    const struct route *route = find_route(request->path);
    if (request->method == REQUEST_POST && route != NULL && route->post != NULL) {
        const struct request_refusal *refusal = write_check(request, route->post);
        if (refusal != NULL) {
            return refusal;
        }
    }
    return request_check_size(request);
}

static enum MHD_Result answer_post(
    struct request *request, const struct route *route, const struct write_targets *targets)
{
    if (route->post == NULL) {
        return respond_problem(request, 405, "This address can only be read.",
            MHD_HTTP_HEADER_ALLOW, allow_reading);
    }
    return write_start(request, route->post, targets);
}

static enum MHD_Result answer_reading(struct request *request, const struct route *route,
    struct snapshot *snapshot, int64_t now_utc_s)
{
    bool needs_snapshot = route->answer != answer_icon && route->answer != answer_search;
    if (snapshot == NULL && needs_snapshot) {
        return respond_problem(request, 503,
            "The draft is being put together for the first time; try again in a moment.",
            MHD_HTTP_HEADER_RETRY_AFTER, retry_after_s);
    }
    return route->answer != NULL ? route->answer(request, snapshot, now_utc_s)
                                 : answer_documents(request, route, snapshot);
}

enum MHD_Result routes_answer(struct request *request, struct snapshot *snapshot,
    const struct write_targets *targets, int64_t now_utc_s)
{
    if (write_done(request)) {
        return write_answer(request);
    }
    if (search_done(request)) {
        return search_answer(request);
    }
    if (request->method == REQUEST_OPTIONS && strcmp(request->path, "*") == 0) {
        return respond_options(request, allow_both);
    }
    const struct route *route = find_route(request->path);
    if (route == NULL) {
        return respond_problem(request, 404, "There is nothing at this address.", NULL, NULL);
    }
    switch (request->method) {
    case REQUEST_OTHER:
        return respond_problem(request, 405, "This address does not take this method.",
            MHD_HTTP_HEADER_ALLOW, allowed_methods(route));
    case REQUEST_OPTIONS:
        return respond_options(request, allowed_methods(route));
    case REQUEST_POST:
        return answer_post(request, route, targets);
    default:
        if (!is_readable(route)) {
            return respond_problem(request, 405, "This address only takes changes, by POST.",
                MHD_HTTP_HEADER_ALLOW, allow_writing);
        }
        return answer_reading(request, route, snapshot, now_utc_s);
    }
}
