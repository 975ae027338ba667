/* The server's answers as clients see them, byte by byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>
#include <zlib.h>

#include "base/attributes.h"
#include "probe.h"
#include "web/server/desk_assets.h"

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

static const struct {
    const char *path, *media_type;
    enum snapshot_document document;
} documents[] = {
    {"/plain", "text/html; charset=utf-8", SNAPSHOT_PAGE},
    {"/draft", "text/html; charset=utf-8", SNAPSHOT_HTML},
    {"/draft.md", "text/markdown; charset=utf-8", SNAPSHOT_MARKDOWN},
    {"/draft.html", "text/html; charset=utf-8", SNAPSHOT_HTML},
    {"/draft.json", "application/json", SNAPSHOT_JSON},
    {"/api/v1/feeds", "application/json", SNAPSHOT_FEEDS},
};

static const char *const other_paths[] = {"/", "/healthz", "/favicon.ico"};

static void every_document_is_served_with_its_type_and_bytes(void **state)
{
    for (size_t i = 0; i < array_count(documents); i++) {
        struct reply reply = probe_ask(probe, "GET", documents[i].path, "");
        const struct snapshot_body *body = &served->bodies[documents[i].document];
        assert_int_equal(reply.status, 200);
        reply_assert_header(&reply, "Content-Type", documents[i].media_type);
        reply_assert_header(&reply, "ETag", body->etag);
        reply_assert_header(&reply, "Cache-Control", "private, no-cache");
        reply_assert_header(&reply, "Vary", "Accept, Accept-Encoding");
        reply_assert_header(&reply, "X-Content-Type-Options", "nosniff");
        reply_assert_header(&reply, "Referrer-Policy", "no-referrer");
        assert_non_null(reply_header(&reply, "Date"));
        assert_null(reply_header(&reply, "Content-Encoding"));
        assert_non_null(
            strstr(reply_header(&reply, "Content-Security-Policy"), "default-src 'none'"));
        assert_int_equal(reply.length, body->length);
        assert_memory_equal(reply.body, body->data, body->length);
        reply_release(&reply);
    }
}

static void the_root_is_the_desk_and_without_one_the_plain_page(void **state)
{
    const struct desk_asset *desk = desk_asset_find("/");
    const struct snapshot_body *page = &served->bodies[SNAPSHOT_PAGE];
    struct reply reply = probe_ask(probe, "GET", "/", "");
    assert_int_equal(reply.status, 200);
    reply_assert_header(&reply, "Content-Type", "text/html; charset=utf-8");
    assert_int_equal(reply.length, desk != NULL ? desk->plain_length : page->length);
    assert_memory_equal(
        reply.body, desk != NULL ? (const void *)desk->plain : page->data, reply.length);
    if (desk != NULL) { /* its files stand below /desk/, wherever a proxy has put that */
        assert_non_null(strstr(reply.body, "src=\"desk/assets/"));
        assert_null(strstr(reply.body, "=\"./"));
        assert_null(strstr(reply.body, "=\"/"));
    }
    reply_release(&reply);
}

static void the_policy_allows_the_style_of_the_page_and_nothing_else(void **state)
{
    struct reply reply = probe_ask(probe, "GET", "/plain", "");
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
            reply_assert_problem(&reply, 405, path);
            reply_assert_header(&reply, "Allow", "GET, HEAD, OPTIONS");
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
        reply_assert_header(&reply, "Allow",
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
        reply_assert_problem(&reply, 404, paths[i]);
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
        reply_assert_problem(&reply, 400, targets[i]);
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
    reply_assert_problem(&reply, 421, "http://evil.example/draft.md");
    reply_release(&reply);
}

static void a_foreign_host_is_421(void **state)
{
    static const char *const hosts[] = {"Host: evil.example\r\n", "Host: evil.example:80\r\n",
        "Host:\r\n", "Host: localhost.evil.example\r\n"};
    for (size_t i = 0; i < array_count(hosts); i++) {
        struct reply reply = probe_ask(probe, "GET", "/draft.md", hosts[i]);
        reply_assert_problem(&reply, 421, "/draft.md");
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
    reply_assert_problem(&reply, 406, "/draft.md");
    reply_assert_header(&reply, "Vary", "Accept");
    reply_release(&reply);
    reply = probe_ask(probe, "GET", "/draft.json", "Accept: application/json;q=0, */*\r\n");
    reply_assert_problem(&reply, 406, "/draft.json");
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
        reply_assert_header(&reply, "Content-Type", cases[i].media_type);
        reply_assert_header(&reply, "Vary", "Accept, Accept-Encoding");
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
        reply_assert_header(&reply, "ETag", etag);
        reply_assert_header(&reply, "Cache-Control", "private, no-cache");
        reply_assert_header(&reply, "Vary", "Accept, Accept-Encoding");
        snprintf(headers, sizeof(headers), "%zu", served->bodies[documents[i].document].length);
        reply_assert_header(&reply, "Content-Length", headers); /* the 200's, or none */
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
    reply_assert_header(&reply, "ETag", variant);
    reply_release(&reply);
    snprintf(headers, sizeof(headers), "If-None-Match: %s\r\nAccept-Encoding: gzip\r\n", etag);
    reply = probe_ask(probe, "GET", "/draft.md", headers);
    assert_int_equal(reply.status, 304);
    reply_assert_header(&reply, "ETag", etag);
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
        reply_assert_header(&reply, "Content-Encoding", "gzip");
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
    static const char *const paths[] = {"/plain", "/draft.md", "/api/v1/feeds"};
    for (size_t i = 0; i < array_count(paths); i++) {
        struct reply reply = probe_ask(probe, "GET", paths[i], "");
        reply_assert_problem(&reply, 503, paths[i]);
        reply_assert_header(&reply, "Retry-After", "2");
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
    reply_assert_problem(&reply, 503, "/readyz");
    assert_non_null(strstr(reply.body, "put together for the first time"));
    reply_release(&reply);
}

static void healthz_tells_totals_and_age(void **state)
{
    struct reply reply = probe_ask(probe, "GET", "/healthz", "");
    assert_int_equal(reply.status, 200);
    reply_assert_header(&reply, "Content-Type", "application/json");
    reply_assert_header(&reply, "Cache-Control", "no-store");
    json_t *health = json_loads(reply.body, 0, NULL);
    assert_string_equal(json_string_value(json_object_get(health, "status")), "ok");
    assert_int_equal(json_integer_value(json_object_get(health, "items")), 20);
    assert_true(json_integer_value(json_object_get(health, "snapshot_age_s")) > 1000);
    json_decref(health);
    reply_release(&reply);
}

/* A browser's, with the language it wants. */
#define BROWSER(language)                                                                      \
    "Accept: text/html,application/xhtml+xml,*/*;q=0.8\r\nAccept-Language: " language "\r\n"

static void assert_page(const struct reply *reply, int status, const char *words)
{
    assert_int_equal(reply->status, status);
    reply_assert_header(reply, "Content-Type", "text/html; charset=utf-8");
    reply_assert_header(reply, "Cache-Control", "no-store");
    assert_non_null(
        strstr(reply_header(reply, "Content-Security-Policy"), "style-src 'sha256-"));
    assert_non_null(strstr(reply->body, words));
}

static void a_browser_gets_a_page_where_a_program_gets_a_problem(void **state)
{
    struct reply reply = probe_ask(probe, "GET", "/%3Cscript%3E", BROWSER("zh-CN,zh;q=0.9"));
    assert_page(&reply, 404, "这里没有内容");
    assert_non_null(strstr(reply.body, "<html lang=\"zh-CN\">"));
    assert_null(strstr(reply.body, "<script"));
    assert_null(strstr(reply.body, "http-equiv"));
    reply_release(&reply);
    reply = probe_ask(probe, "GET", "/nowhere", BROWSER("en-GB"));
    assert_page(&reply, 404, "There is nothing at this address.");
    reply_release(&reply);
    reply = probe_ask(probe, "GET", "/api/v1/nowhere", BROWSER("en-GB"));
    reply_assert_problem(&reply, 404, "/api/v1/nowhere");
    reply_release(&reply);
    reply = probe_ask(probe, "GET", "/nowhere", BROWSER("en") "Authorization: Bearer x\r\n");
    reply_assert_problem(&reply, 404, "/nowhere");
    reply_release(&reply);
}

static void a_page_that_is_not_ready_asks_again_by_itself(void **state)
{
    struct reply reply = probe_ask(probe, "GET", "/plain", BROWSER("zh"));
    assert_page(&reply, 503, "<meta http-equiv=\"refresh\"");
    assert_non_null(reply_header(&reply, "Retry-After"));
    reply_release(&reply);
}

static void the_icon_is_an_svg(void **state)
{
    struct reply reply = probe_ask(probe, "GET", "/favicon.ico", "");
    assert_int_equal(reply.status, 200);
    reply_assert_header(&reply, "Content-Type", "image/svg+xml");
    assert_memory_equal(reply.body, "<svg ", 5);
    reply_release(&reply);
}

#define with_server(test) cmocka_unit_test_setup_teardown(test, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        with_server(every_document_is_served_with_its_type_and_bytes),
        with_server(the_root_is_the_desk_and_without_one_the_plain_page),
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
        cmocka_unit_test_setup_teardown(
            a_page_that_is_not_ready_asks_again_by_itself, start_empty, stop),
        with_server(a_browser_gets_a_page_where_a_program_gets_a_problem),
        with_server(healthz_tells_totals_and_age),
        with_server(the_icon_is_an_svg),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
