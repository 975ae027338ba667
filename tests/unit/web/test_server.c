/* The server as clients see it, byte by byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>
#include <zlib.h>

#include "base/attributes.h"
#include "probe.h"
#include "web/server/listen.h"

static struct probe *probe;
static struct snapshot *served; /* a reference of the test's own, to compare with */

static int start(void **state)
{
    probe = probe_start();
    served = probe_snapshot(20000);
    probe_publish(probe, snapshot_ref(served));
    return 0;
}

static int start_empty(void **state)
{
    probe = probe_start();
    return 0;
}

static int stop(void **state)
{
    probe_stop(probe);
    snapshot_unref(served);
    served = NULL;
    return 0;
}

static void assert_header(const struct reply *reply, const char *name, const char *value)
{
    const char *found = reply_header(reply, name);
    if (found == NULL || strcmp(found, value) != 0) {
        fail_msg("%s is '%s', not '%s', in\n%s", name, found, value, reply->head);
    }
    assert_int_equal(reply_header_count(reply, name), 1);
}

static void assert_problem(const struct reply *reply, int status, const char *instance)
{
    if (reply->status != status) {
        fail_msg("%d instead of %d for '%s'", reply->status, status, instance);
    }
    assert_header(reply, "Content-Type", "application/problem+json");
    assert_header(reply, "X-Content-Type-Options", "nosniff");
    json_t *problem = json_loads(reply->body, 0, NULL);
    assert_non_null(problem);
    assert_string_equal(json_string_value(json_object_get(problem, "type")), "about:blank");
    assert_true(json_string_length(json_object_get(problem, "title")) > 3);
    assert_int_equal(json_integer_value(json_object_get(problem, "status")), status);
    assert_true(json_string_length(json_object_get(problem, "detail")) > 10);
    assert_string_equal(json_string_value(json_object_get(problem, "instance")), instance);
    json_decref(problem);
}

static const struct {
    const char *path, *media_type;
    enum snapshot_document document;
} documents[] = {
    {"/", "text/html; charset=utf-8", SNAPSHOT_PAGE},
    {"/draft", "text/html; charset=utf-8", SNAPSHOT_HTML},
    {"/draft.md", "text/markdown; charset=utf-8", SNAPSHOT_MARKDOWN},
    {"/draft.html", "text/html; charset=utf-8", SNAPSHOT_HTML},
    {"/draft.json", "application/json", SNAPSHOT_JSON},
    {"/api/v1/feeds", "application/json", SNAPSHOT_FEEDS},
};

static const char *const other_paths[] = {"/healthz", "/favicon.ico"};

static void every_document_is_served_with_its_type_and_bytes(void **state)
{
    for (size_t i = 0; i < array_count(documents); i++) {
        struct reply reply = probe_ask(probe, "GET", documents[i].path, "");
        const struct snapshot_body *body = &served->bodies[documents[i].document];
        assert_int_equal(reply.status, 200);
        assert_header(&reply, "Content-Type", documents[i].media_type);
        assert_header(&reply, "ETag", body->etag);
        assert_header(&reply, "Cache-Control", "private, no-cache");
        assert_header(&reply, "Vary", "Accept, Accept-Encoding");
        assert_header(&reply, "X-Content-Type-Options", "nosniff");
        assert_header(&reply, "Referrer-Policy", "no-referrer");
        assert_non_null(reply_header(&reply, "Date"));
        assert_null(reply_header(&reply, "Content-Encoding"));
        assert_non_null(
            strstr(reply_header(&reply, "Content-Security-Policy"), "default-src 'none'"));
        assert_int_equal(reply.length, body->length);
        assert_memory_equal(reply.body, body->data, body->length);
        reply_release(&reply);
    }
}

static void the_policy_allows_the_style_of_the_page_and_nothing_else(void **state)
{
    struct reply reply = probe_ask(probe, "GET", "/", "");
    /* printf 'p{color:red}' | openssl dgst -sha256 -binary | base64 */
    assert_non_null(strstr(reply_header(&reply, "Content-Security-Policy"),
        "style-src 'sha256-p0bF+un5yUb9MBO6xRb8kPHlY2BdpHVtLiFkDrZPF64='"));
    assert_null(strstr(reply_header(&reply, "Content-Security-Policy"), "unsafe"));
    reply_release(&reply);
    reply = probe_ask(probe, "GET", "/draft.html", "");
    assert_null(strstr(reply_header(&reply, "Content-Security-Policy"), "style-src"));
    reply_release(&reply);
}

/* Everything behind the status line but the date, which may tick between two requests. */
static char *comparable_head(const struct reply *reply)
{
    char *head = strdup(reply->head);
    char *date = strcasestr(head, "\r\ndate: ");
    if (date != NULL) {
        memset(date, '-', strcspn(date + 2, "\r") + 2);
    }
    return head;
}

static void assert_head_equals_get(const char *path, const char *headers)
{
    struct reply get = probe_ask(probe, "GET", path, headers);
    struct reply head = probe_ask(probe, "HEAD", path, headers);
    char *get_head = comparable_head(&get), *head_head = comparable_head(&head);
    assert_string_equal(head_head, get_head);
    assert_int_equal(head.length, 0);
    free(get_head);
    free(head_head);
    reply_release(&get);
    reply_release(&head);
}

static void head_equals_get_without_the_body(void **state)
{
    for (size_t i = 0; i < array_count(documents); i++) {
        assert_head_equals_get(documents[i].path, "");
        assert_head_equals_get(documents[i].path, "Accept-Encoding: gzip\r\n");
        assert_head_equals_get(documents[i].path, "If-None-Match: *\r\n");
    }
    for (size_t i = 0; i < array_count(other_paths); i++) {
        assert_head_equals_get(other_paths[i], "");
    }
    assert_head_equals_get("/nothing", "");
}

static void other_methods_are_refused_with_allow(void **state)
{
    static const char *const methods[] = {
        "POST", "PUT", "DELETE", "PATCH", "TRACE", "BREW", "get"};
    for (size_t m = 0; m < array_count(methods); m++) {
        for (size_t i = 0; i < array_count(documents) + array_count(other_paths); i++) {
            const char *path = i < array_count(documents)
                ? documents[i].path
                : other_paths[i - array_count(documents)];
            struct reply reply = probe_ask(probe, methods[m], path, "Content-Length: 0\r\n");
            assert_problem(&reply, 405, path);
            assert_header(&reply, "Allow", "GET, HEAD, OPTIONS");
            reply_release(&reply);
        }
    }
}

static void options_answers_allow(void **state)
{
    static const char *const targets[] = {"/", "/draft.md", "/api/v1/feeds", "/healthz", "*"};
    for (size_t i = 0; i < array_count(targets); i++) {
        struct reply reply = probe_ask(probe, "OPTIONS", targets[i], "");
        assert_int_equal(reply.status, 204);
        /* "*" is the server as a whole (RFC 9110 9.3.7). */
        assert_header(&reply, "Allow",
            targets[i][0] == '*' ? "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
                                 : "GET, HEAD, OPTIONS");
        assert_null(reply_header(&reply, "Access-Control-Allow-Origin"));
        reply_release(&reply);
    }
}

static void unknown_paths_are_404(void **state)
{
    static const char *const paths[] = {"/nothing", "/draft.md/", "//draft.md", "/./draft.md",
        "/../draft.md", "/api/v1/../../draft.md", "/DRAFT.MD", "/draft.md%2f", "/index.html",
        "/draft.md;x"};
    for (size_t i = 0; i < array_count(paths); i++) {
        struct reply reply = probe_ask(probe, "GET", paths[i], "");
        assert_problem(&reply, 404, paths[i]);
        reply_release(&reply);
        reply = probe_ask(probe, "POST", paths[i], "Content-Length: 0\r\n");
        assert_int_equal(reply.status, 404);
        reply_release(&reply);
    }
}

static void broken_targets_are_400(void **state)
{
    static const char *const targets[] = {
        "/%00", "/draft.md%00", "/draft.md%00.html", "/%", "/%0d%0aSet-Cookie:x", "draft.md"};
    for (size_t i = 0; i < array_count(targets); i++) {
        struct reply reply = probe_ask(probe, "GET", targets[i], "");
        assert_problem(&reply, 400, targets[i]);
        reply_release(&reply);
    }
}

static void a_query_does_not_matter(void **state)
{
    struct reply reply = probe_ask(probe, "GET", "/draft.md?theme=dark&x=%00%", "");
    assert_int_equal(reply.status, 200);
    reply_release(&reply);
}

static void a_target_in_absolute_form_brings_its_own_host(void **state)
{
    struct reply reply = probe_ask(
        probe, "GET", "http://localhost/draft.md", "Host: evil.example\r\n");
    assert_int_equal(reply.status, 200);
    reply_release(&reply);
    reply = probe_ask(probe, "GET", "http://evil.example/draft.md", "");
    assert_problem(&reply, 421, "http://evil.example/draft.md");
    reply_release(&reply);
}

static void a_foreign_host_is_421(void **state)
{
    static const char *const hosts[] = {"Host: evil.example\r\n", "Host: evil.example:80\r\n",
        "Host:\r\n", "Host: localhost.evil.example\r\n"};
    for (size_t i = 0; i < array_count(hosts); i++) {
        struct reply reply = probe_ask(probe, "GET", "/draft.md", hosts[i]);
        assert_problem(&reply, 421, "/draft.md");
        reply_release(&reply);
    }
    struct reply reply = probe_ask(
        probe, "GET", "/", "Host: localhost\r\nHost: evil.example\r\n");
    assert_int_equal(reply.status, 400);
    reply_release(&reply);
}

static void accept_that_rules_a_document_out_is_406(void **state)
{
    struct reply reply = probe_ask(probe, "GET", "/draft.md", "Accept: image/png\r\n");
    assert_problem(&reply, 406, "/draft.md");
    assert_header(&reply, "Vary", "Accept");
    reply_release(&reply);
    reply = probe_ask(probe, "GET", "/draft.json", "Accept: application/json;q=0, */*\r\n");
    assert_problem(&reply, 406, "/draft.json");
    reply_release(&reply);
    reply = probe_ask(probe, "GET", "/draft.json", "Accept: text/html, */*;q=0.1\r\n");
    assert_int_equal(reply.status, 200);
    reply_release(&reply);
}

static void one_address_serves_the_form_that_is_asked_for(void **state)
{
    static const struct {
        const char *accept, *media_type;
    } cases[] = {
        {"Accept: application/json\r\n", "application/json"},
        {"Accept: text/markdown\r\n", "text/markdown; charset=utf-8"},
        {"Accept: text/*;q=0.5, application/json;q=0.6\r\n", "application/json"},
        {"Accept: */*\r\n", "text/html; charset=utf-8"},
        {"Accept: text/html,application/xhtml+xml,*/*;q=0.8\r\n", "text/html; charset=utf-8"},
    };
    for (size_t i = 0; i < array_count(cases); i++) {
        struct reply reply = probe_ask(probe, "GET", "/draft", cases[i].accept);
        assert_int_equal(reply.status, 200);
        assert_header(&reply, "Content-Type", cases[i].media_type);
        assert_header(&reply, "Vary", "Accept, Accept-Encoding");
        reply_release(&reply);
    }
}

static void a_known_etag_is_answered_with_304(void **state)
{
    for (size_t i = 0; i < array_count(documents); i++) {
        const char *etag = served->bodies[documents[i].document].etag;
        char headers[128];
        snprintf(headers, sizeof(headers), "If-None-Match: \"x\", W/%s\r\n", etag);
        struct reply reply = probe_ask(probe, "GET", documents[i].path, headers);
        assert_int_equal(reply.status, 304);
        assert_header(&reply, "ETag", etag);
        assert_header(&reply, "Cache-Control", "private, no-cache");
        assert_header(&reply, "Vary", "Accept, Accept-Encoding");
        snprintf(headers, sizeof(headers), "%zu", served->bodies[documents[i].document].length);
        assert_header(&reply, "Content-Length", headers); /* the 200's, or none */
        reply_release(&reply);
        reply = probe_ask(probe, "GET", documents[i].path, "If-None-Match: \"other\"\r\n");
        assert_int_equal(reply.status, 200);
        reply_release(&reply);
    }
}

static void a_304_names_the_tag_the_client_has(void **state)
{
    char headers[128], variant[64];
    const char *etag = served->bodies[SNAPSHOT_MARKDOWN].etag;
    snprintf(variant, sizeof(variant), "%.17s-gz\"", etag);
    snprintf(headers, sizeof(headers), "If-None-Match: %s\r\n", variant);
    struct reply reply = probe_ask(probe, "GET", "/draft.md", headers);
    assert_int_equal(reply.status, 304);
    assert_header(&reply, "ETag", variant);
    reply_release(&reply);
    snprintf(headers, sizeof(headers), "If-None-Match: %s\r\nAccept-Encoding: gzip\r\n", etag);
    reply = probe_ask(probe, "GET", "/draft.md", headers);
    assert_int_equal(reply.status, 304);
    assert_header(&reply, "ETag", etag);
    assert_null(
        reply_header(&reply, "Content-Encoding")); /* it would spoil the client's copy */
    reply_release(&reply);
}

static void gzip_decodes_to_the_plain_bytes(void **state)
{
    for (size_t i = 0; i < array_count(documents); i++) {
        const struct snapshot_body *body = &served->bodies[documents[i].document];
        struct reply reply = probe_ask(
            probe, "GET", documents[i].path, "Accept-Encoding: gzip, br\r\n");
        assert_int_equal(reply.status, 200);
        assert_header(&reply, "Content-Encoding", "gzip");
        assert_string_not_equal(reply_header(&reply, "ETag"), body->etag);
        assert_true(reply.length < body->length);
        char *plain = calloc(1, body->length);
        z_stream stream = {.next_in = (Bytef *)reply.body,
            .avail_in = (uInt)reply.length,
            .next_out = (Bytef *)plain,
            .avail_out = (uInt)body->length};
        assert_int_equal(inflateInit2(&stream, 16 + 15), Z_OK);
        assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
        assert_int_equal(stream.total_out, body->length);
        assert_memory_equal(plain, body->data, body->length);
        inflateEnd(&stream);
        free(plain);
        reply_release(&reply);
    }
}

static void a_new_snapshot_replaces_the_old_one(void **state)
{
    char headers[128];
    snprintf(
        headers, sizeof(headers), "If-None-Match: %s\r\n", served->bodies[SNAPSHOT_JSON].etag);
    probe_publish(probe, probe_snapshot(30000));
    struct reply reply = probe_ask(probe, "GET", "/draft.json", headers);
    assert_int_equal(reply.status, 200);
    assert_true(reply.length >= 30000);
    reply_release(&reply);
}

static void before_the_first_snapshot_every_document_is_503(void **state)
{
    static const char *const paths[] = {"/", "/draft.md", "/api/v1/feeds"};
    for (size_t i = 0; i < array_count(paths); i++) {
        struct reply reply = probe_ask(probe, "GET", paths[i], "");
        assert_problem(&reply, 503, paths[i]);
        assert_header(&reply, "Retry-After", "2");
        reply_release(&reply);
    }
    struct reply reply = probe_ask(probe, "GET", "/nothing", "");
    assert_int_equal(reply.status, 404);
    reply_release(&reply);
}

static void before_the_first_snapshot_it_lives_but_is_not_ready(void **state)
{
    struct reply reply = probe_ask(probe, "GET", "/healthz", "");
    assert_int_equal(reply.status, 200);
    reply_release(&reply);
    reply = probe_ask(probe, "GET", "/readyz", "");
    assert_problem(&reply, 503, "/readyz");
    assert_non_null(strstr(reply.body, "put together for the first time"));
    reply_release(&reply);
}

static void healthz_tells_totals_and_age(void **state)
{
    struct reply reply = probe_ask(probe, "GET", "/healthz", "");
    assert_int_equal(reply.status, 200);
    assert_header(&reply, "Content-Type", "application/json");
    assert_header(&reply, "Cache-Control", "no-store");
    json_t *health = json_loads(reply.body, 0, NULL);
    assert_string_equal(json_string_value(json_object_get(health, "status")), "ok");
    assert_int_equal(json_integer_value(json_object_get(health, "items")), 20);
    assert_true(json_integer_value(json_object_get(health, "snapshot_age_s")) > 1000);
    json_decref(health);
    reply_release(&reply);
}

static void the_icon_is_an_svg(void **state)
{
    struct reply reply = probe_ask(probe, "GET", "/favicon.ico", "");
    assert_int_equal(reply.status, 200);
    assert_header(&reply, "Content-Type", "image/svg+xml");
    assert_memory_equal(reply.body, "<svg ", 5);
    reply_release(&reply);
}

static void a_connection_serves_many_requests(void **state)
{
    static const char request[] = "GET /draft.md HTTP/1.1\r\nHost: localhost\r\n\r\n";
    int connection = probe_connect(probe);
    for (int i = 0; i < 20; i++) {
        probe_send(connection, request, strlen(request));
        struct reply reply = probe_read(connection, false);
        assert_int_equal(reply.status, 200);
        assert_int_equal(reply.length, served->bodies[SNAPSHOT_MARKDOWN].length);
        reply_release(&reply);
    }
    close(connection);
}

static void pipelined_requests_are_answered_in_order(void **state)
{
    static const char requests[] = "GET /draft.md HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                   "HEAD /draft.json HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                   "GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                   "GET /draft.json HTTP/1.1\r\nHost: localhost\r\n\r\n";
    int connection = probe_connect(probe);
    probe_send(connection, requests, strlen(requests));
    static const int statuses[] = {200, 200, 404, 200};
    for (int i = 0; i < 4; i++) {
        struct reply reply = probe_read(connection, i == 1);
        assert_int_equal(reply.status, statuses[i]);
        if (i == 3) {
            assert_memory_equal(reply.body, served->bodies[SNAPSHOT_JSON].data, reply.length);
        }
        reply_release(&reply);
    }
    close(connection);
}

static void a_slow_request_blocks_nobody(void **state)
{
    static const char request[] = "GET /draft.md HTTP/1.1\r\nHost: localhost\r\n\r\n";
    int slow = probe_connect(probe);
    for (size_t i = 0; i < strlen(request); i++) {
        probe_send(slow, request + i, 1);
        if (i % 8 == 0) {
            struct reply other = probe_ask(probe, "GET", "/draft.json", "");
            assert_int_equal(other.status, 200);
            reply_release(&other);
        }
    }
    struct reply reply = probe_read(slow, false);
    assert_int_equal(reply.status, 200);
    reply_release(&reply);
    close(slow);
}

static void two_hundred_connections_are_served_at_once(void **state)
{
    enum { CONNECTIONS = 200 };
    static const char request[] =
        "GET /draft.md HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n";
    int connections[CONNECTIONS];
    for (int i = 0; i < CONNECTIONS; i++) {
        connections[i] = probe_connect(probe);
        probe_send(connections[i], request, strlen(request));
    }
    for (int i = CONNECTIONS - 1; i >= 0; i--) {
        struct reply reply = probe_read(connections[i], false);
        assert_int_equal(reply.status, 200);
        assert_int_equal(reply.length, served->bodies[SNAPSHOT_MARKDOWN].gzip_length);
        reply_release(&reply);
    }
    for (int i = 0; i < CONNECTIONS; i++) {
        close(connections[i]);
    }
}

static void a_megabyte_posted_gets_its_405(void **state)
{
    enum { BYTES = 1 << 20 };
    char *body = calloc(1, BYTES);
    int connection = probe_connect(probe);
    char head[128];
    int length = snprintf(head, sizeof(head),
        "POST /draft.md HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n", BYTES);
    probe_send(connection, head, (size_t)length);
    probe_send(connection, body, BYTES);
    struct reply reply = probe_read(connection, false);
    assert_problem(&reply, 405, "/draft.md");
    reply_release(&reply);
    close(connection);
    free(body);
}

static void a_larger_body_is_refused_before_it_is_sent(void **state)
{
    static const char *const methods[] = {"POST", "GET", "PATCH"};
    for (size_t i = 0; i < array_count(methods); i++) {
        struct reply reply = probe_ask(
            probe, methods[i], "/draft.md", "Content-Length: 99999999999\r\n");
        assert_problem(&reply, 413, "/draft.md");
        reply_release(&reply);
    }
}

static void a_body_with_two_lengths_is_refused_and_never_taken_for_a_request(void **state)
{
    static const char *const framings[] = {"Content-Length: 5\r\nContent-Length: 60\r\n",
        "Content-Length: 60\r\nContent-Length: 5\r\n",
        "Content-Length: 60\r\nTransfer-Encoding: chunked\r\n"};
    for (size_t i = 0; i < array_count(framings); i++) {
        char request[512];
        snprintf(request, sizeof(request),
            "GET /draft.md HTTP/1.1\r\nHost: localhost\r\n%s\r\n"
            "hello"
            "GET /draft.json HTTP/1.1\r\nHost: localhost\r\n\r\n",
            framings[i]);
        int connection = probe_connect(probe);
        probe_send(connection, request, strlen(request));
        struct reply reply = probe_read(connection, false);
        assert_problem(&reply, 400, "/draft.md");
        assert_header(&reply, "Connection", "close");
        reply_release(&reply);
        reply = probe_read(connection, false);
        assert_true(reply.closed);
        reply_release(&reply);
        close(connection);
    }
}

static void a_body_on_get_is_read_and_ignored(void **state)
{
    static const char requests[] =
        "GET /draft.md HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello"
        "GET /draft.json HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
        "5\r\nhello\r\n0\r\n\r\n"
        "GET /draft.md HTTP/1.1\r\nHost: localhost\r\n\r\n";
    int connection = probe_connect(probe);
    probe_send(connection, requests, strlen(requests));
    for (int i = 0; i < 3; i++) {
        struct reply reply = probe_read(connection, false);
        assert_int_equal(reply.status, 200);
        reply_release(&reply);
    }
    close(connection);
}

static void an_endless_chunked_body_is_cut(void **state)
{
    static const char head[] =
        "POST /draft.md HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
    static char chunk[65536];
    memset(chunk, 'x', sizeof(chunk));
    int connection = probe_connect(probe);
    probe_send(connection, head, strlen(head));
    char line[16];
    ssize_t sent = 0;
    for (int i = 0; i < 64 && sent >= 0; i++) {
        int length = snprintf(line, sizeof(line), "%zx\r\n", sizeof(chunk));
        sent = send(connection, line, (size_t)length, MSG_NOSIGNAL);
        sent = sent < 0 ? sent : send(connection, chunk, sizeof(chunk), MSG_NOSIGNAL);
        sent = sent < 0 ? sent : send(connection, "\r\n", 2, MSG_NOSIGNAL);
    }
    struct reply reply = probe_read(connection, false);
    assert_true(reply.closed || reply.status >= 400);
    reply_release(&reply);
    close(connection);
    reply = probe_ask(probe, "GET", "/draft.md", "");
    assert_int_equal(reply.status, 200);
    reply_release(&reply);
}

static void long_targets_and_headers_are_refused(void **state)
{
    static char target[200001];
    static const size_t lengths[] = {5000, 10000, 200000};
    for (size_t i = 0; i < array_count(lengths); i++) {
        memset(target, 'a', lengths[i]);
        target[0] = '/';
        target[lengths[i]] = '\0';
        struct reply reply = probe_ask(probe, "GET", target, "");
        assert_true(reply.closed || reply.status == 414);
        if (lengths[i] <= 10000) {
            assert_int_equal(reply.status, 414);
        }
        reply_release(&reply);
    }
    memset(target, 'a', 40000);
    memcpy(target, "X-Long: ", 8);
    memcpy(target + 39998, "\r\n", 3);
    struct reply reply = probe_ask(probe, "GET", "/draft.md", target);
    assert_true(reply.closed || reply.status == 431);
    reply_release(&reply);
}

static void malformed_requests_cost_only_themselves(void **state)
{
    static const char *const requests[] = {
        "GET\r\n\r\n",
        "GET /\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: "
        "6\r\n\r\nhello",
        "GET / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "\x16\x03\x01\x02\x01\x01\x01\xfc\x03\x03\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "\xff\xfe\xfd \xff HTTP/1.1\r\n\r\n",
        " / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET  /  HTTP/1.1\r\nHost: localhost\r\n\r\n",
    };
    for (size_t i = 0; i < array_count(requests); i++) {
        int connection = probe_connect(probe);
        probe_send(connection, requests[i], strlen(requests[i]));
        shutdown(connection, SHUT_WR);
        struct reply reply = probe_read(connection, false);
        assert_true(reply.closed || reply.status >= 200);
        reply_release(&reply);
        close(connection);
    }
    struct reply reply = probe_ask(probe, "GET", "/draft.md", "");
    assert_int_equal(reply.status, 200);
    reply_release(&reply);
}

static void a_target_with_broken_utf8_gives_a_valid_problem(void **state)
{
    struct reply reply = probe_ask(probe, "GET", "/\xff\xc3(", "");
    assert_problem(&reply, 404, "/\xef\xbf\xbd\xef\xbf\xbd(");
    reply_release(&reply);
}

static void a_connection_given_up_in_mid_response_frees_its_snapshot(void **state)
{
    struct snapshot *large = probe_snapshot(16 << 20);
    probe_publish(probe, snapshot_ref(large));
    int connection = probe_connect(probe);
    static const char request[] = "GET /draft.md HTTP/1.1\r\nHost: localhost\r\n\r\n";
    probe_send(connection, request, strlen(request));
    char some[4096];
    assert_true(recv(connection, some, sizeof(some), 0) > 0);
    assert_int_equal(large->references, 3); /* ours, the server's, the response's */
    probe_publish(probe, probe_snapshot(1000));
    assert_int_equal(large->references, 2);
    /* The old document goes on while the new one is served to others. */
    struct reply reply = probe_ask(probe, "GET", "/draft.json", "");
    assert_true(reply.length < 2000);
    reply_release(&reply);
    struct linger abort_now = {.l_onoff = 1, .l_linger = 0};
    setsockopt(connection, SOL_SOCKET, SO_LINGER, &abort_now, sizeof(abort_now));
    close(connection);
    while (large->references != 1) { /* bounded by the test's timeout */
        reply = probe_ask(probe, "GET", "/healthz", "");
        reply_release(&reply);
    }
    snapshot_unref(large);
}

static void stopping_cuts_responses_and_frees_everything(void **state)
{
    struct snapshot *large = probe_snapshot(16 << 20);
    probe_publish(probe, snapshot_ref(large));
    static const char request[] = "GET /draft.md HTTP/1.1\r\nHost: localhost\r\n\r\n";
    int reading = probe_connect(probe), idle = probe_connect(probe),
        half = probe_connect(probe);
    probe_send(reading, request, strlen(request));
    probe_send(half, request, 10);
    char some[4096];
    assert_true(recv(reading, some, sizeof(some), 0) > 0);
    probe_stop_server(probe);
    assert_int_equal(large->references, 1);
    struct reply reply = probe_read(idle, false);
    assert_true(reply.closed);
    reply_release(&reply);
    close(reading);
    close(idle);
    close(half);
    snapshot_unref(large);
}

static void a_second_server_on_the_port_is_refused(void **state)
{
    int fd;
    char address[32];
    struct fault fault;
    snprintf(address, sizeof(address), "127.0.0.1:%d", probe_port(probe));
    assert_false(listen_open(address, false, &fd, &fault));
    assert_non_null(strstr(fault.message, "another program uses that port"));
}

#define with_server(test) cmocka_unit_test_setup_teardown(test, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        with_server(every_document_is_served_with_its_type_and_bytes),
        with_server(the_policy_allows_the_style_of_the_page_and_nothing_else),
        with_server(head_equals_get_without_the_body),
        with_server(other_methods_are_refused_with_allow),
        with_server(options_answers_allow),
        with_server(unknown_paths_are_404),
        with_server(broken_targets_are_400),
        with_server(a_query_does_not_matter),
        with_server(a_target_in_absolute_form_brings_its_own_host),
        with_server(a_foreign_host_is_421),
        with_server(accept_that_rules_a_document_out_is_406),
        with_server(one_address_serves_the_form_that_is_asked_for),
        with_server(a_known_etag_is_answered_with_304),
        with_server(a_304_names_the_tag_the_client_has),
        with_server(gzip_decodes_to_the_plain_bytes),
        with_server(a_new_snapshot_replaces_the_old_one),
        cmocka_unit_test_setup_teardown(
            before_the_first_snapshot_every_document_is_503, start_empty, stop),
        cmocka_unit_test_setup_teardown(
            before_the_first_snapshot_it_lives_but_is_not_ready, start_empty, stop),
        with_server(healthz_tells_totals_and_age),
        with_server(the_icon_is_an_svg),
        with_server(a_connection_serves_many_requests),
        with_server(pipelined_requests_are_answered_in_order),
        with_server(a_slow_request_blocks_nobody),
        with_server(two_hundred_connections_are_served_at_once),
        with_server(a_megabyte_posted_gets_its_405),
        with_server(a_larger_body_is_refused_before_it_is_sent),
        with_server(a_body_with_two_lengths_is_refused_and_never_taken_for_a_request),
        with_server(a_body_on_get_is_read_and_ignored),
        with_server(an_endless_chunked_body_is_cut),
        with_server(long_targets_and_headers_are_refused),
        with_server(malformed_requests_cost_only_themselves),
        with_server(a_target_with_broken_utf8_gives_a_valid_problem),
        with_server(a_connection_given_up_in_mid_response_frees_its_snapshot),
        with_server(stopping_cuts_responses_and_frees_everything),
        with_server(a_second_server_on_the_port_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
