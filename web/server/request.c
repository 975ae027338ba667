/* A request is checked in the order in which a wrong answer would do harm: the target's length,
 * its form, the Host (DNS rebinding), the size of a body nobody asked for.
 *
 * Bodies are read and thrown away up to REQUEST_BODY_MAX: answering while a client still sends
 * makes the kernel reset the connection, and the client sees a broken pipe instead of the
 * answer.
 */
#include "web/server/request.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/attributes.h"
#include "web/server/endpoint.h"
#include "web/server/events.h"
#include "web/server/front.h"

enum {
    TARGET_MAX = 4096, /* our longest path has 13 bytes; queries of later pages have room */
    HOST_BYTES = 64,
};

static const struct request_refusal
    too_long = {414, "The address of the request is longer than 4096 bytes."},
    bad_target = {400, "The address of the request is not a path."},
    bad_sender = {400, "The request says in two ways where it comes from or whom it is for."},
    bad_length = {400, "The request states the length of its body in two ways."},
    other_host = {421,
        "This server answers only under a loopback name, such as localhost or 127.0.0.1, and "
        "those that feeds.conf lists (server { names })."},
    body_too_large = {413, "The body is larger than this address takes."};

struct request *request_new(const char *target)
{
    struct request *request = calloc(1, sizeof(*request));
    size_t length = strnlen(target, TARGET_MAX + 1);
    /* One block for the target and, behind it, the decoded path, which is never longer. */
    char *text = calloc(2, length + 1);
    if (request == NULL || text == NULL) {
        abort();
    }
    request->too_long = length > TARGET_MAX;
    memcpy(text, target, length);
    request->body_max = REQUEST_BODY_MAX;
    request->text = text;
    request->target = text;
    request->path = text + length + 1;
    return request;
}

void request_free(struct request *request)
{
    if (request != NULL) {
        endpoint_forget(request->job);
        events_forget(request->listener);
        if (request->body.data != NULL) {
            buffer_release(&request->body);
        }
        free(request->text);
        free(request);
    }
}

const char *request_header(const struct request *request, const char *name)
{
    return MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name);
}

static const struct {
    const char *name;
    enum request_method method;
} methods[] = {
    {"GET", REQUEST_GET},
    {"HEAD", REQUEST_HEAD},
    {"OPTIONS", REQUEST_OPTIONS},
    {"POST", REQUEST_POST},
    {"PUT", REQUEST_PUT},
    {"PATCH", REQUEST_PATCH},
    {"DELETE", REQUEST_DELETE},
};

bool request_wants_page(const struct request *request)
{
    const char *accept = request_header(request, MHD_HTTP_HEADER_ACCEPT);
    return (request->method & (REQUEST_GET | REQUEST_HEAD)) != 0 && request->path != NULL &&
        strncmp(request->path, "/api/", strlen("/api/")) != 0 && accept != NULL &&
        strstr(accept, "text/html") != NULL &&
        request_header(request, MHD_HTTP_HEADER_AUTHORIZATION) == NULL;
}

enum request_method request_parse_method(const char *name)
{
    for (size_t i = 0; i < array_count(methods); i++) {
        if (strcmp(methods[i].name, name) == 0) {
            return methods[i].method;
        }
    }
    return REQUEST_OTHER;
}

const char *request_method_name(enum request_method method)
{
    for (size_t i = 0; i < array_count(methods); i++) {
        if (methods[i].method == method) {
            return methods[i].name;
        }
    }
    return "other";
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    char lower = (char)(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* Where the path of an absolute-form target begins, or the target itself. */
static const char *skip_authority(const char *target)
{
    static const char scheme[] = "http://";
    if (strncasecmp(target, scheme, sizeof(scheme) - 1) != 0) {
        return target;
    }
    const char *path = target + sizeof(scheme) - 1;
    path += strcspn(path, "/?#");
    return *path == '/' ? path : "/";
}

bool request_decode_target(const char *target, char *out)
{
    if (strcmp(target, "*") == 0) {
        out[0] = '*';
        out[1] = '\0';
        return true;
    }
    const char *at = skip_authority(target);
    if (*at != '/') {
        return false;
    }
    for (; *at != '\0' && *at != '?' && *at != '#'; at++) {
        unsigned char byte = (unsigned char)*at;
        if (byte == '%') {
            int high = hex_digit(at[1]);
            int low = high < 0 ? -1 : hex_digit(at[2]);
            if (low < 0) {
                return false;
            }
            byte = (unsigned char)(high << 4 | low);
            at += 2;
        }
        if (byte < 0x20 || byte == 0x7f) {
            return false;
        }
        *out++ = (char)byte;
    }
    *out = '\0';
    return true;
}

bool request_target_host(const char *target, char *out, size_t size)
{
    if (skip_authority(target) == target) {
        return false;
    }
    const char *host = strstr(target, "//") + 2;
    size_t length = strcspn(host, "/?#");
    if (length == 0 || length >= size) {
        return false;
    }
    memcpy(out, host, length);
    out[length] = '\0';
    return true;
}

struct header_count {
    const char *name;
    unsigned count;
};

static enum MHD_Result on_header(
    void *data, enum MHD_ValueKind kind, const char *name, const char *value)
{
    struct header_count *search = data;
    search->count += strcasecmp(name, search->name) == 0;
    return MHD_YES;
}

static unsigned count_headers(const struct request *request, const char *name)
{
    struct header_count search = {name, 0};
    MHD_get_connection_values(request->connection, MHD_HEADER_KIND, on_header, &search);
    return search.count;
}

/* What says who sends it and to whom is there once. Of two, a proxy in front may have judged by
 * the one and we by the other. */
static const struct request_refusal *check_sender(const struct request *request)
{
    static const char *const single[] = {MHD_HTTP_HEADER_HOST, MHD_HTTP_HEADER_AUTHORIZATION,
        MHD_HTTP_HEADER_COOKIE, MHD_HTTP_HEADER_ORIGIN, "Sec-Fetch-Site",
        MHD_HTTP_HEADER_CONTENT_TYPE, "Briefd-Editor"};
    for (size_t i = 0; i < sizeof(single) / sizeof(single[0]); i++) {
        if (count_headers(request, single[i]) > 1) {
            return &bad_sender;
        }
    }
    return NULL;
}

/* RFC 9112 3.2.2: the host of an absolute-form target replaces the Host header. Without any
 * (HTTP/1.0; libmicrohttpd refuses it for 1.1) the client is no browser and cannot be rebound.
 */
static const struct request_refusal *check_host(const struct request *request)
{
    char host[HOST_BYTES];
    if (skip_authority(request->target) != request->target) {
        bool fits = request_target_host(request->target, host, sizeof(host));
        return fits && access_is_host(request->access, host) ? NULL : &other_host;
    }
    const char *named = request_header(request, MHD_HTTP_HEADER_HOST);
    return named == NULL || access_is_host(request->access, named) ? NULL : &other_host;
}

/* Two lengths, or a length beside chunks, is how requests are smuggled past a proxy (RFC 9112
 * 6.3); libmicrohttpd 0.9.75 takes the first it finds. */
static const struct request_refusal *check_length(const struct request *request)
{
    unsigned lengths = count_headers(request, MHD_HTTP_HEADER_CONTENT_LENGTH);
    unsigned codings = count_headers(request, MHD_HTTP_HEADER_TRANSFER_ENCODING);
    if (lengths + codings > 1) {
        return &bad_length;
    }
    return NULL;
}

const struct request_refusal *request_check_size(const struct request *request)
{
    const char *length = request_header(request, MHD_HTTP_HEADER_CONTENT_LENGTH);
    return length != NULL && strtoull(length, NULL, 10) > request->body_max ? &body_too_large
                                                                            : NULL;
}

const struct request_refusal *request_check(struct request *request, const char *method)
{
    request->method = request_parse_method(method);
    if (request->too_long) {
        return &too_long;
    }
    if (!request_decode_target(request->target, request->path)) {
        return &bad_target;
    }
    if (request->front != NULL) {
        front_strip(request->front, request->path);
    }
    const struct request_refusal *refusal = check_sender(request);
    refusal = refusal != NULL ? refusal : check_host(request);
    return refusal != NULL ? refusal : check_length(request);
}

void request_keep_body(struct request *request, size_t max_bytes)
{
    buffer_init(&request->body, max_bytes);
    request->body_max = max_bytes;
}

bool request_add_body(struct request *request, const char *piece, size_t length)
{
    request->body_bytes += length;
    if (request->body.data != NULL) {
        buffer_append(&request->body, piece, length);
    }
    return request->body_bytes <= request->body_max;
}

void request_suspend(struct request *request)
{
    request->suspended = true;
    LIST_INSERT_HEAD(request->suspended_list, request, in_suspended);
    MHD_suspend_connection(request->connection);
}

void request_resume(struct request *request)
{
    if (request->suspended) {
        request->suspended = false;
        LIST_REMOVE(request, in_suspended);
        MHD_resume_connection(request->connection);
        request->on_resumed(request->on_resumed_data);
    }
}
