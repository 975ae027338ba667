/* Headers that depend on the kind of answer are a small struct; those that every answer carries
 * are a table. The content security policy forbids everything and then allows, by its hash, the
 * one <style> a page carries: no script can run and nothing is fetched from another host,
 * whatever a feed puts into a title. */
#include "web/server/respond.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/hash.h"
#include "web/server/error_page.h"
#include "web/server/front.h"
#include "web/server/login_page.h"
#include "web/server/negotiate.h"
#include "web/server/problem.h"
#include "web/server/style_hash.h"

enum { PROBLEM_MAX_BYTES = 8192, ERROR_PAGE_MAX_BYTES = 16384, VERSION_TAG_BYTES = 32 };

static const char policy_closed[] = "default-src 'none'; base-uri 'none'; form-action 'none'; "
                                    "frame-ancestors 'none'";

/* The page to copy from shows styles inside attributes, and one script of ours copies it. */
static const char policy_of_copying[] = "; style-src-attr 'unsafe-inline'; script-src 'self'";

static void add_header(struct MHD_Response *response, const char *name, const char *value)
{
    if (name != NULL && value != NULL &&
        MHD_add_response_header(response, name, value) != MHD_YES) {
        memory_exhausted(); /* names and values are ours and well-formed: only memory can be
                               missing */
    }
}

static void add_common_headers(struct MHD_Response *response)
{
    static const struct {
        const char *name, *value;
    } common[] = {
        {"X-Content-Type-Options", "nosniff"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
    };
    for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++) {
        add_header(response, common[i].name, common[i].value);
    }
}

/* What no answer of ours set by itself. */
static void add_default(struct MHD_Response *response, const char *name, const char *value)
{
    if (MHD_get_response_header(response, name) == NULL) {
        add_header(response, name, value);
    }
}

static enum MHD_Result queue(
    const struct request *request, unsigned status, struct MHD_Response *response)
{
    add_default(response, "Referrer-Policy", "no-referrer");
    add_default(response, "Content-Security-Policy", policy_closed);
    if (request->last != NULL && *request->last) {
        add_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
    }
    enum MHD_Result result = MHD_queue_response(request->connection, status, response);
    MHD_destroy_response(response); /* gives up our reference only */
    return result;
}

static struct MHD_Response *require(struct MHD_Response *response)
{
    if (response == NULL) {
        memory_exhausted();
    }
    add_common_headers(response);
    return response;
}

static struct MHD_Response *make_static(const char *body)
{
    return require(
        MHD_create_response_from_buffer(strlen(body), (void *)body, MHD_RESPMEM_PERSISTENT));
}

static void on_body_sent(void *snapshot)
{
    snapshot_unref(snapshot);
}

static struct MHD_Response *make_from_snapshot(
    struct snapshot *snapshot, const char *data, size_t length)
{
    return require(MHD_create_response_from_buffer_with_free_callback_cls(
        length, (void *)data, on_body_sent, snapshot_ref(snapshot)));
}

/* A path of ours gets the prefix a proxy serves us under; what is relative has it already, as
 * the desk's own addresses do. */
static void add_location(
    const struct request *request, struct MHD_Response *response, const char *location)
{
    const char *prefix = request->front == NULL ? "" : request->front->prefix;
    size_t length = strlen(prefix);
    if (location == NULL || location[0] != '/' ||
        (strncmp(location, prefix, length) == 0 && location[length] == '/')) {
        add_header(response, MHD_HTTP_HEADER_LOCATION, location);
        return;
    }
    struct buffer whole;
    buffer_init(&whole, length + strlen(location) + 1);
    buffer_printf(&whole, "%s%s", prefix, location);
    add_header(response, MHD_HTTP_HEADER_LOCATION, whole.data);
    buffer_release(&whole);
}

static void add_policy(struct MHD_Response *response, const char *style_hash, const char *more)
{
    char policy[384];
    if (style_hash == NULL) {
        return; /* queue() adds the closed one */
    }
    /* The desk shows the page in a frame of its own as the preview. */
    snprintf(policy, sizeof(policy),
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; "
        "style-src %s; img-src 'self'%s",
        style_hash, more);
    add_header(response, "Content-Security-Policy", policy);
}

/* What tells the two variants of a document apart, and whether the client has one of them: 200
 * or 304. */
static unsigned add_validators(
    const struct request *request, struct MHD_Response *response, const char *etag, bool gzip)
{
    char variant_etag[NEGOTIATE_ETAG_BYTES];
    enum negotiate_match match = negotiate_etag(
        request_header(request, MHD_HTTP_HEADER_IF_NONE_MATCH), etag);
    /* A 304 names the tag the client has, so that it freshens that copy: RFC 9110 15.4.5. */
    bool variant = match == NEGOTIATE_VARIANT || (gzip && match != NEGOTIATE_PLAIN);
    add_header(response, MHD_HTTP_HEADER_ETAG,
        variant ? negotiate_variant_etag(etag, variant_etag) : etag);
    if (match != NEGOTIATE_NO_MATCH) {
        return 304;
    }
    add_header(response, MHD_HTTP_HEADER_CONTENT_ENCODING, gzip ? "gzip" : NULL);
    return 200;
}

enum MHD_Result respond_document(const struct request *request, struct snapshot *snapshot,
    enum snapshot_document document, const char *vary)
{
    const struct snapshot_body *body = &snapshot->bodies[document];
    bool gzip = body->gzip != NULL &&
        negotiate_gzip(request_header(request, MHD_HTTP_HEADER_ACCEPT_ENCODING));
    /* libmicrohttpd sends no body with a 304 but takes Content-Length from it, which must be
     * that of the 200 (RFC 9110 8.6): so a 304 is made from the document like any other answer.
     */
    struct MHD_Response *response = gzip
        ? make_from_snapshot(snapshot, body->gzip, body->gzip_length)
        : make_from_snapshot(snapshot, body->data, body->length);
    unsigned status = add_validators(request, response, body->etag, gzip);
    add_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, snapshot_media_type(document));
    add_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "private, no-cache");
    add_header(response, MHD_HTTP_HEADER_VARY, vary);
    add_policy(
        response, body->style_hash, document == SNAPSHOT_WECHAT ? policy_of_copying : "");
    return queue(request, status, response);
}

enum MHD_Result respond_asset(const struct request *request, const struct desk_asset *asset)
{
    static const char policy[] = "default-src 'none'; script-src 'self'; style-src 'self'; "
                                 "img-src 'self'; connect-src 'self'; frame-src 'self'; "
                                 "manifest-src 'self'; base-uri 'none'; form-action 'none'; "
                                 "frame-ancestors 'none'";
    bool gzip = negotiate_gzip(request_header(request, MHD_HTTP_HEADER_ACCEPT_ENCODING));
    const unsigned char *body = gzip ? asset->gzip : asset->plain;
    size_t length = gzip ? asset->gzip_length : asset->plain_length;
    struct MHD_Response *response = require(
        MHD_create_response_from_buffer(length, (void *)body, MHD_RESPMEM_PERSISTENT));
    bool hashed = strncmp(asset->path, "assets/", 7) == 0;
    unsigned status = add_validators(request, response, asset->etag, gzip);
    add_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, asset->media_type);
    add_header(response, MHD_HTTP_HEADER_CACHE_CONTROL,
        hashed ? "max-age=31536000, immutable" : "no-cache");
    add_header(response, MHD_HTTP_HEADER_VARY, "Accept-Encoding");
    add_header(response, "Content-Security-Policy", policy);
    return queue(request, status, response);
}

enum MHD_Result respond_static(
    const struct request *request, const char *media_type, const char *body)
{
    struct MHD_Response *response = make_static(body);
    add_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, media_type);
    add_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "max-age=86400");
    return queue(request, 200, response);
}

/* Headers of an answer that was made for one request. */
static struct MHD_Response *make_own(const char *media_type, char *body, size_t length)
{
    struct MHD_Response *response = require(
        MHD_create_response_from_buffer(length, body, MHD_RESPMEM_MUST_FREE));
    add_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, media_type);
    add_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    return response;
}

enum MHD_Result respond_own(const struct request *request, unsigned status,
    const char *media_type, char *body, size_t length)
{
    struct MHD_Response *response = make_own(media_type, body, length);
    return queue(request, status, response);
}

static void add_wait(struct MHD_Response *response, int64_t wait_s)
{
    char text[24];
    if (wait_s > 0) {
        snprintf(text, sizeof(text), "%lld", (long long)wait_s);
        add_header(response, MHD_HTTP_HEADER_RETRY_AFTER, text);
    }
}

enum MHD_Result respond_buffer(
    const struct request *request, unsigned status, const char *media_type, struct buffer *body)
{
    if (buffer_failed(body)) {
        buffer_release(body);
        return respond_problem(request, 500, "The answer is too long to be sent.", NULL, NULL);
    }
    size_t length;
    char *text = buffer_take(body, &length);
    buffer_release(body);
    return respond_own(request, status, media_type, text, length);
}

/* A document that was made for this request and is the same for the next one: its readers ask
 * every hour and have it already. The tag is of its bytes, so it holds over a restart. */
static enum MHD_Result respond_lasting(
    const struct request *request, struct call *call, const char *type)
{
    char tag[VERSION_TAG_BYTES];
    snprintf(tag, sizeof(tag), "\"%016" PRIx64 "\"",
        hash_bytes(HASH_START, call->out.data, call->out.length));
    bool gzip = call->packed != NULL;
    size_t length = call->packed_length;
    char *body = gzip ? call->packed : buffer_take(&call->out, &length);
    call->packed = NULL;
    struct MHD_Response *response = require(
        MHD_create_response_from_buffer(length, body, MHD_RESPMEM_MUST_FREE));
    unsigned status = add_validators(request, response, tag, gzip);
    add_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
    add_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "private, no-cache");
    add_header(response, MHD_HTTP_HEADER_VARY, "Accept-Encoding");
    add_header(response, "Content-Security-Policy", call->policy);
    return queue(request, status, response);
}

enum MHD_Result respond_call(const struct request *request, struct call *call)
{
    const char *type = call->media_type == NULL ? "application/json" : call->media_type;
    if (call->lasting) {
        return respond_lasting(request, call, type);
    }
    size_t length;
    char *body = buffer_take(&call->out, &length);
    struct MHD_Response *response = make_own(type, body, length);
    if (call->version != CALL_VERSION_NONE) {
        char tag[VERSION_TAG_BYTES];
        snprintf(tag, sizeof(tag), "\"%lld\"", (long long)call->version);
        add_header(response, MHD_HTTP_HEADER_ETAG, tag);
    }
    add_location(request, response, call->location);
    add_header(response, MHD_HTTP_HEADER_SET_COOKIE, call->cookie);
    add_header(response, "Referrer-Policy", call->referrer);
    add_header(response, "Content-Security-Policy", call->policy);
    add_wait(response, call->wait_s);
    return queue(request, call->status == 0 ? 200 : call->status, response);
}

static struct MHD_Response *make_problem(
    const struct request *request, unsigned status, const char *detail, const char *more)
{
    struct buffer text;
    buffer_init(&text, PROBLEM_MAX_BYTES + strlen(more));
    problem_write((int)status, detail, request->target, more, &text);
    size_t length;
    char *body = buffer_take(&text, &length);
    buffer_release(&text);
    return make_own(PROBLEM_MEDIA_TYPE, body, length);
}

/* The same for a person at a browser. */
static struct MHD_Response *make_error_page(
    const struct request *request, unsigned status, const char *detail)
{
    const struct error_page page = {
        .status = (int)status,
        .detail = detail,
        .prefix = request->front == NULL ? "" : request->front->prefix,
        .chinese = login_wants_chinese(
            request_header(request, MHD_HTTP_HEADER_ACCEPT_LANGUAGE), true),
    };
    struct buffer text;
    struct arena arena;
    buffer_init(&text, ERROR_PAGE_MAX_BYTES);
    arena_init(&arena);
    error_page_write(&page, &text);
    const char *hash = style_hash(&arena, text.data);
    size_t length;
    char *body = buffer_take(&text, &length);
    buffer_release(&text);
    struct MHD_Response *response = make_own("text/html; charset=utf-8", body, length);
    add_policy(response, hash, "");
    arena_release(&arena);
    return response;
}

static enum MHD_Result respond_with_problem(const struct request *request, unsigned status,
    const char *detail, const char *more, const char *header, const char *value)
{
    struct MHD_Response *response = request_wants_page(request)
        ? make_error_page(request, status, detail)
        : make_problem(request, status, detail, more);
    add_header(response, header, value);
    if (status == MHD_HTTP_UNAUTHORIZED) { /* RFC 9110 15.5.2: it says how */
        add_header(response, MHD_HTTP_HEADER_WWW_AUTHENTICATE, "Bearer realm=\"briefd\"");
    }
    return queue(request, status, response);
}

enum MHD_Result respond_refusal(
    const struct request *request, struct call *call, const char *detail)
{
    const char *more = buffer_failed(&call->more) ? "" : call->more.data;
    return respond_with_problem(request, call->status, detail, more, NULL, NULL);
}

enum MHD_Result respond_stream(const struct request *request, const char *media_type,
    size_t block, MHD_ContentReaderCallback read, void *data)
{
    struct MHD_Response *response = require(
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, block, read, data, NULL));
    add_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, media_type);
    add_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    add_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
    add_header(response, "X-Accel-Buffering", "no"); /* nginx would hold it back */
    return queue(request, 200, response);
}

enum MHD_Result respond_options(const struct request *request, const char *allow)
{
    struct MHD_Response *response = make_static("");
    add_header(response, MHD_HTTP_HEADER_ALLOW, allow);
    return queue(request, 204, response);
}

enum MHD_Result respond_redirect(const struct request *request, const char *location)
{
    struct MHD_Response *response = make_static("");
    add_location(request, response, location);
    add_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    return queue(request, 303, response);
}

enum MHD_Result respond_problem(const struct request *request, unsigned status,
    const char *detail, const char *header, const char *value)
{
    return respond_with_problem(request, status, detail, "", header, value);
}
