/* A row says what a path serves: documents of the snapshot (more than one: Accept chooses, the
 * earlier wins a tie), a function, or an endpoint for each method (web/server/endpoint.h).
 *
 * A path is a pattern (web/server/path_pattern.h), the first row that matches counts. No
 * trailing slash, // or .. is mended: a path that is not in the table does not exist, so there
 * is nothing to walk out of.
 */
#include "web/server/routes.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/attributes.h"
#include "briefing/render_wechat_page.h"
#include "web/server/contract.h"
#include "web/server/desk_assets.h"
#include "web/server/endpoints.h"
#include "web/server/gate.h"
#include "web/server/login.h"
#include "web/server/negotiate.h"
#include "web/server/openmetrics.h"
#include "web/server/path_pattern.h"
#include "web/server/problem.h"
#include "web/server/respond.h"

enum { ROUTE_DOCUMENTS_MAX = 3, ALLOW_BYTES = 64 };

static const char retry_after_s[] = "2"; /* the first snapshot is built right after the start */

struct route {
    const char *path;
    enum access_need read, write;
    enum MHD_Result (*answer)(
        const struct request *request, struct snapshot *snapshot, int64_t now_utc_s);
    enum snapshot_document documents[ROUTE_DOCUMENTS_MAX];
    size_t document_count;
    enum MHD_Result (*tell)(const struct request *request, const struct vitals *vitals);
    bool streams_events;
    bool serves_desk; /* a file of it, or its page; built without it, the row's documents */
    const struct endpoint *get, *post, *put, *patch, *delete;
};

static enum MHD_Result answer_metrics(
    const struct request *request, const struct vitals *vitals)
{
    struct buffer text;
    buffer_init(&text, VITALS_MAX_BYTES);
    vitals_write_metrics(vitals, &text);
    return respond_buffer(request, 200, OPENMETRICS_MEDIA_TYPE, &text);
}

static enum MHD_Result answer_health(const struct request *request, const struct vitals *vitals)
{
    struct buffer text;
    buffer_init(&text, VITALS_MAX_BYTES);
    vitals_write_health(vitals, &text);
    return respond_buffer(request, 200, "application/json", &text);
}

static enum MHD_Result answer_readiness(
    const struct request *request, const struct vitals *vitals)
{
    cleanup(buffer_release) struct buffer words, checks;
    buffer_init(&words, VITALS_MAX_BYTES);
    buffer_init(&checks, VITALS_MAX_BYTES);
    bool ready = vitals_check(vitals, &words, &checks);
    struct buffer text;
    buffer_init(&text, VITALS_MAX_BYTES);
    if (ready) {
        buffer_printf(&text, "{\"status\":\"ok\"%s}", checks.data);
        return respond_buffer(request, 200, "application/json", &text);
    }
    problem_write(503, words.data, request->target, checks.data, &text);
    return respond_buffer(request, 503, PROBLEM_MEDIA_TYPE, &text);
}

static enum MHD_Result answer_icon(
    const struct request *request, struct snapshot *snapshot, int64_t now_utc_s)
{
    /* A sheet with three lines, the first one picked. */
    static const char icon[] =
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 32 32\">"
        "<rect x=\"4\" y=\"2\" width=\"24\" height=\"28\" rx=\"4\" fill=\"#0b6790\"/>"
        "<path d=\"M10 10h12M10 16h12M10 22h7\" stroke=\"#fff\" stroke-width=\"2.5\" "
        "stroke-linecap=\"round\"/></svg>";
    return respond_static(request, "image/svg+xml", icon);
}

/* Links of the list are relative to /issues/, as all of ours: a proxy may put a prefix before.
 */
static enum MHD_Result answer_list_address(
    const struct request *request, struct snapshot *snapshot, int64_t now_utc_s)
{
    return respond_redirect(request, "issues/");
}

static enum MHD_Result answer_wechat_script(
    const struct request *request, struct snapshot *snapshot, int64_t now_utc_s)
{
    return respond_static(request, "text/javascript; charset=utf-8", render_wechat_script());
}

static enum MHD_Result answer_contract_yaml(
    const struct request *request, struct snapshot *snapshot, int64_t now_utc_s)
{
    return respond_static(request, "application/yaml", contract_yaml); /* RFC 9512 */
}

static enum MHD_Result answer_contract_json(
    const struct request *request, struct snapshot *snapshot, int64_t now_utc_s)
{
    return respond_static(request, "application/json", contract_json);
}

/* `read` is the least that GET and HEAD ask of a caller, `write` all other methods; a row that
 * says nothing is an admin's. tests/daemon/test_access.py has its own list of what should stand
 * here, and fails for a row it does not know. */
static const struct route routes[] = {
    {.path = "/",
        .read = ACCESS_READER,
        .serves_desk = true,
        .documents = {SNAPSHOT_PAGE},
        .document_count = 1},
    {.path = "/plain",
        .read = ACCESS_READER,
        .documents = {SNAPSHOT_PAGE},
        .document_count = 1},
    {.path = "/desk/", .read = ACCESS_READER, .serves_desk = true},
    {.path = "/desk/{}", .read = ACCESS_READER, .serves_desk = true},
    {.path = "/desk/assets/{}", .read = ACCESS_ANYONE, .serves_desk = true},
    {.path = "/draft",
        .read = ACCESS_READER,
        .documents = {SNAPSHOT_HTML, SNAPSHOT_MARKDOWN, SNAPSHOT_JSON},
        .document_count = 3},
    {.path = "/draft.md",
        .read = ACCESS_READER,
        .documents = {SNAPSHOT_MARKDOWN},
        .document_count = 1},
    {.path = "/draft.html",
        .read = ACCESS_READER,
        .documents = {SNAPSHOT_HTML},
        .document_count = 1},
    {.path = "/draft.txt",
        .read = ACCESS_READER,
        .documents = {SNAPSHOT_TEXT},
        .document_count = 1},
    {.path = "/draft.eml",
        .read = ACCESS_READER,
        .documents = {SNAPSHOT_MAIL},
        .document_count = 1},
    {.path = "/draft.wechat.html",
        .read = ACCESS_READER,
        .documents = {SNAPSHOT_WECHAT},
        .document_count = 1},
    {.path = "/draft.json",
        .read = ACCESS_READER,
        .documents = {SNAPSHOT_JSON},
        .document_count = 1},
    {.path = "/api/v1/stories", .read = ACCESS_READER, .get = &endpoint_stories},
    {.path = "/api/v1/counts", .read = ACCESS_READER, .get = &endpoint_counts},
    {.path = "/api/v1/stories/{}/related", .read = ACCESS_READER, .get = &endpoint_related},
    {.path = "/api/v1/stories/{}", .read = ACCESS_READER, .get = &endpoint_story},
    {.path = "/api/v1/stories/{}/split", .write = ACCESS_EDITOR, .post = &endpoint_split},
    {.path = "/api/v1/merges", .write = ACCESS_EDITOR, .post = &endpoint_merges},
    {.path = "/api/v1/decisions", .write = ACCESS_EDITOR, .post = &endpoint_decisions},
    {.path = "/api/v1/items/{}", .read = ACCESS_READER, .get = &endpoint_item},
    {.path = "/api/v1/items/{}/content", .read = ACCESS_READER, .get = &endpoint_content},
    {.path = "/api/v1/draft",
        .read = ACCESS_READER,
        .write = ACCESS_EDITOR,
        .get = &endpoint_draft,
        .patch = &endpoint_draft_patch},
    {.path = "/api/v1/draft/accept", .write = ACCESS_EDITOR, .post = &endpoint_draft_accept},
    {.path = "/api/v1/draft/guide", .read = ACCESS_READER, .get = &endpoint_draft_guide},
    {.path = "/api/v1/draft/findings", .read = ACCESS_READER, .get = &endpoint_draft_findings},
    {.path = "/api/v1/draft/diff", .read = ACCESS_READER, .get = &endpoint_draft_diff},
    {.path = "/api/v1/drafts/{}/guide", .read = ACCESS_READER, .get = &endpoint_draft_guide},
    {.path = "/api/v1/drafts/{}/findings",
        .read = ACCESS_READER,
        .get = &endpoint_draft_findings},
    {.path = "/api/v1/drafts/{}/diff", .read = ACCESS_READER, .get = &endpoint_draft_diff},
    {.path = "/api/v1/drafts/{}/proof/{}", .read = ACCESS_READER, .get = &endpoint_draft_proof},
    {.path = "/api/v1/publish", .write = ACCESS_EDITOR, .post = &endpoint_publish},
    {.path = "/api/v1/issues", .read = ACCESS_READER, .get = &endpoint_issues},
    {.path = "/api/v1/issues/{}", .read = ACCESS_READER, .get = &endpoint_issue},
    {.path = "/api/v1/issues/{}/versions",
        .read = ACCESS_READER,
        .get = &endpoint_issue_versions},
    {.path = "/api/v1/issues/{}/reopen", .write = ACCESS_EDITOR, .post = &endpoint_reopen},
    {.path = "/issues", .read = ACCESS_READER, .answer = answer_list_address},
    {.path = "/issues/", .read = ACCESS_READER, .get = &endpoint_issue_list},
    {.path = "/issues/{}", .read = ACCESS_READER, .get = &endpoint_issue_page},
    {.path = "/issues.atom", .read = ACCESS_READER, .get = &endpoint_issues_atom},
    {.path = "/issues.json", .read = ACCESS_READER, .get = &endpoint_issues_feed},
    {.path = "/wechat.js", .read = ACCESS_ANYONE, .answer = answer_wechat_script},
    {.path = "/api/v1/drafts", .read = ACCESS_READER, .get = &endpoint_drafts},
    {.path = "/api/v1/drafts/{}",
        .read = ACCESS_READER,
        .write = ACCESS_EDITOR,
        .get = &endpoint_draft,
        .patch = &endpoint_draft_patch},
    {.path = "/api/v1/picks", .write = ACCESS_EDITOR, .post = &endpoint_picks},
    {.path = "/api/v1/picks/{}",
        .write = ACCESS_EDITOR,
        .patch = &endpoint_pick_patch,
        .delete = &endpoint_pick_delete},
    {.path = "/api/v1/moves", .write = ACCESS_EDITOR, .post = &endpoint_moves},
    {.path = "/api/v1/log", .read = ACCESS_READER, .get = &endpoint_log},
    {.path = "/api/v1/undo", .write = ACCESS_EDITOR, .post = &endpoint_undo},
    {.path = "/api/v1/redo", .write = ACCESS_EDITOR, .post = &endpoint_redo},
    {.path = "/api/v1/feeds",
        .read = ACCESS_READER,
        .documents = {SNAPSHOT_FEEDS},
        .document_count = 1},
    {.path = "/api/v1/feeds/activity", .read = ACCESS_READER, .get = &endpoint_feeds_activity},
    {.path = "/api/v1/feeds/{}",
        .read = ACCESS_READER,
        .write = ACCESS_EDITOR,
        .get = &endpoint_feed,
        .patch = &endpoint_feed_patch,
        .delete = &endpoint_feed_delete},
    {.path = "/api/v1/feeds/{}/poll", .write = ACCESS_EDITOR, .post = &endpoint_feed_poll},
    {.path = "/api/v1/feeds.opml",
        .read = ACCESS_READER,
        .write = ACCESS_EDITOR,
        .documents = {SNAPSHOT_OPML},
        .document_count = 1,
        .post = &endpoint_opml},
    {.path = "/api/v1/add", .write = ACCESS_EDITOR, .post = &endpoint_add},
    {.path = "/api/v1/search", .read = ACCESS_READER, .get = &endpoint_search},
    {.path = "/api/v1/rules",
        .read = ACCESS_READER,
        .write = ACCESS_EDITOR,
        .get = &endpoint_rules,
        .put = &endpoint_rules_put},
    {.path = "/api/v1/rules/confusion", .read = ACCESS_READER, .get = &endpoint_confusion},
    {.path = "/api/v1/rules/hits", .read = ACCESS_READER, .get = &endpoint_hits},
    {.path = "/api/v1/rules/try", .write = ACCESS_EDITOR, .post = &endpoint_rules_try},
    {.path = "/api/v1/rules/{}/{}", .write = ACCESS_EDITOR, .delete = &endpoint_rule_delete},
    {.path = "/api/v1/topics/{}", .write = ACCESS_EDITOR, .delete = &endpoint_topic_delete},
    {.path = "/api/v1/vendors",
        .read = ACCESS_READER,
        .write = ACCESS_EDITOR,
        .get = &endpoint_vendors,
        .put = &endpoint_rules_put},
    {.path = "/api/v1/vendors/{}", .write = ACCESS_EDITOR, .delete = &endpoint_vendor_delete},
    {.path = "/api/v1/events", .read = ACCESS_READER, .streams_events = true},
    {.path = "/openapi.yaml", .read = ACCESS_ANYONE, .answer = answer_contract_yaml},
    {.path = "/openapi.json", .read = ACCESS_ANYONE, .answer = answer_contract_json},
    {.path = "/metrics", .read = ACCESS_READER, .tell = answer_metrics},
    {.path = "/healthz", .read = ACCESS_ANYONE, .tell = answer_health},
    {.path = "/readyz", .read = ACCESS_ANYONE, .tell = answer_readiness},
    {.path = "/favicon.ico", .read = ACCESS_ANYONE, .answer = answer_icon},
    {.path = "/login",
        .read = ACCESS_ANYONE,
        .write = ACCESS_ANYONE,
        .get = &endpoint_login_page,
        .post = &endpoint_login},
    {.path = "/logout", .write = ACCESS_ANYONE, .post = &endpoint_logout},
    {.path = "/api/v1/me", .read = ACCESS_READER, .get = &endpoint_me},
    {.path = "/api/v1/me/password", .write = ACCESS_OWN, .put = &endpoint_password},
    {.path = "/api/v1/sessions",
        .read = ACCESS_OWN,
        .write = ACCESS_OWN,
        .get = &endpoint_sessions,
        .delete = &endpoint_sessions_delete},
    {.path = "/api/v1/sessions/{}", .write = ACCESS_OWN, .delete = &endpoint_session_delete},
    {.path = "/api/v1/tokens",
        .read = ACCESS_OWN,
        .write = ACCESS_OWN,
        .get = &endpoint_tokens,
        .post = &endpoint_tokens_post},
    {.path = "/api/v1/tokens/{}", .write = ACCESS_OWN, .delete = &endpoint_token_delete},
    {.path = "/api/v1/users",
        .read = ACCESS_ADMIN,
        .write = ACCESS_ADMIN,
        .get = &endpoint_users,
        .post = &endpoint_users_post},
    {.path = "/api/v1/users/{}",
        .write = ACCESS_ADMIN,
        .patch = &endpoint_user_patch,
        .delete = &endpoint_user_delete},
};

/* What a path matched: the row, and what its {} stand for. */
struct match {
    const struct route *route;
    struct path_parameters parameters;
};

static bool find_route(const char *path, struct match *match)
{
    for (size_t i = 0; i < array_count(routes); i++) {
        if (path_pattern_match(routes[i].path, path, &match->parameters)) {
            match->route = &routes[i];
            return true;
        }
    }
    return false;
}

const char *routes_pattern(const char *path)
{
    struct match match;
    return find_route(path, &match) ? match.route->path : "";
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

static bool has_document(const struct route *route)
{
    return route->answer != NULL || route->tell != NULL || route->document_count > 0 ||
        route->streams_events || route->serves_desk;
}

static const struct endpoint *find_endpoint(
    const struct route *route, enum request_method method)
{
    switch (method) {
    case REQUEST_GET:
    case REQUEST_HEAD:
        return route->get;
    case REQUEST_POST:
        return route->post;
    case REQUEST_PUT:
        return route->put;
    case REQUEST_PATCH:
        return route->patch;
    case REQUEST_DELETE:
        return route->delete;
    default:
        return NULL;
    }
}

/* "GET, HEAD, POST, OPTIONS" */
static const char *list_methods(const struct route *route, char out[ALLOW_BYTES])
{
    const struct {
        const char *name;
        bool taken;
    } methods[] = {
        {"GET, HEAD, ", route->get != NULL || has_document(route)},
        {"POST, ", route->post != NULL},
        {"PUT, ", route->put != NULL},
        {"PATCH, ", route->patch != NULL},
        {"DELETE, ", route->delete != NULL},
    };
    char *end = out;
    for (size_t i = 0; i < array_count(methods); i++) {
        end = stpcpy(end, methods[i].taken ? methods[i].name : "");
    }
    stpcpy(end, "OPTIONS");
    return out;
}

static bool is_reading(const struct request *request)
{
    return (request->method & (REQUEST_GET | REQUEST_HEAD)) != 0;
}

/* Whether it will be answered at all, and not with 404, 405 or what OPTIONS says. */
static bool takes(const struct route *route, const struct request *request)
{
    return find_endpoint(route, request->method) != NULL ||
        (is_reading(request) && has_document(route));
}

const struct request_refusal *routes_check(struct request *request)
{
    struct match match;
    if (!find_route(request->path, &match) || !takes(match.route, request)) {
        return request_check_size(request);
    }
    const struct request_refusal *refusal = gate_check(
        request, is_reading(request) ? match.route->read : match.route->write);
    const struct endpoint *endpoint = find_endpoint(match.route, request->method);
    if (refusal == NULL && endpoint != NULL && !request->to_login) {
        refusal = endpoint_check(request, endpoint);
    }
    return refusal != NULL ? refusal : request_check_size(request);
}

static enum MHD_Result answer_events(struct request *request, struct events *events)
{
    if (events == NULL) {
        return respond_problem(request, 503, "There are no events at the moment.",
            MHD_HTTP_HEADER_RETRY_AFTER, retry_after_s);
    }
    const char *last = request_header(request, "Last-Event-ID");
    return events_answer(events, request, last == NULL ? 0 : strtoll(last, NULL, 10),
        "{\"version\":\"" BRIEFD_VERSION "\"}");
}

/* What of the desk stands at a path; NULL: nothing, as ever when it was built without. A name
 * without an extension is one of its own pages (/desk/draft), which the script tells apart; "/"
 * is the same page with the links it needs there. */
static const struct desk_asset *find_desk(const char *path)
{
    static const char folder[] = "/desk/";
    if (strncmp(path, folder, strlen(folder)) != 0) {
        return desk_asset_find(path);
    }
    const char *name = path + strlen(folder);
    return desk_asset_find(strchr(name, '.') == NULL ? "index.html" : name);
}

static enum MHD_Result answer_reading(const struct request *request, const struct route *route,
    struct snapshot *snapshot, int64_t now_utc_s)
{
    if (snapshot == NULL && route->answer == NULL) {
        return respond_problem(request, 503,
            "The draft is being put together for the first time; try again in a moment.",
            MHD_HTTP_HEADER_RETRY_AFTER, retry_after_s);
    }
    return route->answer != NULL ? route->answer(request, snapshot, now_utc_s)
                                 : answer_documents(request, route, snapshot);
}

static enum MHD_Result answer_desk(const struct request *request, const struct route *route,
    struct snapshot *snapshot, int64_t now_utc_s)
{
    const struct desk_asset *asset = find_desk(request->path);
    if (asset != NULL) {
        return respond_asset(request, asset);
    }
    return route->document_count > 0
        ? answer_reading(request, route, snapshot, now_utc_s)
        : respond_problem(request, 404, "There is nothing at this address.", NULL, NULL);
}

enum MHD_Result routes_answer(struct request *request, struct snapshot *snapshot,
    const struct endpoint_doors *doors, const struct vitals *vitals)
{
    if (endpoint_done(request)) {
        return endpoint_answer(request);
    }
    if (request->method == REQUEST_OPTIONS && strcmp(request->path, "*") == 0) {
        return respond_options(request, "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
    }
    struct match match;
    if (!find_route(request->path, &match)) {
        return respond_problem(request, 404, "There is nothing at this address.", NULL, NULL);
    }
    char allow[ALLOW_BYTES];
    if (request->method == REQUEST_OPTIONS) {
        return respond_options(request, list_methods(match.route, allow));
    }
    if (request->to_login) {
        return login_redirect(request);
    }
    const struct endpoint *endpoint = find_endpoint(match.route, request->method);
    if (endpoint != NULL) {
        return endpoint_start(request, endpoint, match.parameters.values, doors);
    }
    bool reads = is_reading(request);
    if (reads && match.route->streams_events) {
        return answer_events(request, doors->events);
    }
    if (reads && match.route->serves_desk) {
        return answer_desk(request, match.route, snapshot, vitals->now_utc_s);
    }
    if (reads && match.route->tell != NULL) {
        return match.route->tell(request, vitals);
    }
    if (reads && has_document(match.route)) {
        return answer_reading(request, match.route, snapshot, vitals->now_utc_s);
    }
    return respond_problem(request, 405, "This address does not take this method.",
        MHD_HTTP_HEADER_ALLOW, list_methods(match.route, allow));
}
