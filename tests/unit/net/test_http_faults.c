/* Requests while calls beneath the client fail, one after another: those of the URL API, of the
 * socket, of the address, and of systemd's sockets. However it ends: on_done exactly once with
 * an answer or a whole sentence, or a refusal at once; nothing is leaked (ASan looks), and the
 * next request is as if nothing had been. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/attributes.h"
#include "http_bench.h"
#include "net/activation.h"

/* ---- calls that can fail; linked with --wrap (meson.build) ---- */

static int calls_left; /* 0: none fails */
static const char *failed;
static const char *only; /* this call; NULL: any */

static bool is_its_turn(const char *call)
{
    if (calls_left == 0 || (only != NULL && strcmp(call, only) != 0) || --calls_left > 0) {
        return false;
    }
    failed = call;
    return true;
}

CURLU *__real_curl_url(void);
CURLU *__wrap_curl_url(void);
CURLU *__wrap_curl_url(void)
{
    return is_its_turn("curl_url") ? NULL : __real_curl_url();
}

CURLUcode __real_curl_url_set(CURLU *url, CURLUPart part, const char *text, unsigned flags);
CURLUcode __wrap_curl_url_set(CURLU *url, CURLUPart part, const char *text, unsigned flags);
CURLUcode __wrap_curl_url_set(CURLU *url, CURLUPart part, const char *text, unsigned flags)
{
    return is_its_turn("curl_url_set") ? CURLUE_OUT_OF_MEMORY
                                       : __real_curl_url_set(url, part, text, flags);
}

CURLUcode __real_curl_url_get(CURLU *url, CURLUPart part, char **text, unsigned flags);
CURLUcode __wrap_curl_url_get(CURLU *url, CURLUPart part, char **text, unsigned flags);
CURLUcode __wrap_curl_url_get(CURLU *url, CURLUPart part, char **text, unsigned flags)
{
    return is_its_turn("curl_url_get") ? CURLUE_OUT_OF_MEMORY
                                       : __real_curl_url_get(url, part, text, flags);
}

int __real_socket(int family, int type, int protocol);
int __wrap_socket(int family, int type, int protocol);
int __wrap_socket(int family, int type, int protocol)
{
    if (is_its_turn("socket")) {
        errno = EMFILE;
        return -1;
    }
    return __real_socket(family, type, protocol);
}

int __real_inet_pton(int family, const char *text, void *address);
int __wrap_inet_pton(int family, const char *text, void *address);
int __wrap_inet_pton(int family, const char *text, void *address)
{
    if (is_its_turn("inet_pton")) {
        return 0; /* no such address; an IPv4 one is none of IPv6 either */
    }
    return __real_inet_pton(family, text, address);
}

static int listen_fds_said = 0; /* by sd_listen_fds(), when not 0 */

int __wrap_sd_listen_fds(int unset);
int __wrap_sd_listen_fds(int unset)
{
    return listen_fds_said;
}

/* ---- the tests ---- */

/* The answer to `path` while the n-th call fails; false: refused at once, with `fault`. */
static bool ask(struct http_bench *bench, const char *path, int nth, struct answer *answer,
    struct fault *fault)
{
    *answer = (struct answer){.bench = bench};
    *fault = (struct fault){0};
    failed = NULL;
    struct http_options options = bench->options;
    options.url = bench_url(bench, path);
    calls_left = nth;
    bool begun = http_get(
        bench->client, &options, bench_on_done, answer, &answer->request, fault);
    if (begun) {
        bench->waiting++;
        bench_run(bench);
    }
    calls_left = 0;
    return begun;
}

/* Nothing else may come of it than an answer, or a sentence of what failed. */
static void check_end(
    const char *path, bool begun, const struct answer *answer, const struct fault *fault)
{
    if (answer->calls != (begun ? 1 : 0)) {
        fail_msg("%s: %s failed, and on_done ran %d times", path, failed, answer->calls);
    }
    const struct fault *told = begun ? &answer->fault : fault;
    if ((!begun || answer->failed) && (told->kind == FAULT_NONE || told->message[0] == '\0')) {
        fail_msg("%s: %s failed, and nothing is said of it", path, failed);
    }
}

static void a_call_that_fails_costs_one_request_and_says_so(void **state)
{
    struct http_bench *bench = *state;
    static const char *const paths[] = {"/ok", "/chain/301", "/to?url=http://10.0.0.1/",
        "/to?url=ftp://127.0.0.1/", "/truncated"};
    for (size_t i = 0; i < array_count(paths); i++) {
        struct answer answer, good;
        struct fault fault;
        int nth = 1;
        do {
            bool begun = ask(bench, paths[i], nth, &answer, &fault);
            if (failed != NULL) {
                check_end(paths[i], begun, &answer, &fault);
            }
            bench_get(bench, "/ok", &good);
            bench_assert_answered(&good, 200);
        } while (failed != NULL && ++nth < 200);
        assert_true(nth > 3 && nth < 200);
    }
}

static void without_a_descriptor_the_server_is_not_to_blame(void **state)
{
    struct http_bench *bench = *state;
    struct answer answer;
    struct fault fault;
    only = "socket";
    assert_true(ask(bench, "/ok", 1, &answer, &fault));
    only = NULL;
    assert_non_null(failed);
    bench_assert_fault(&answer, FAULT_NETWORK, "could not connect");
}

static void sockets_that_systemd_cannot_hand_over_are_refused(void **state)
{
    int taken;
    struct fault fault;
    if (!HAVE_SYSTEMD) {
        skip();
    }
    listen_fds_said = -EINVAL;
    assert_false(activation_take_socket(&taken, &fault));
    assert_int_equal(fault.kind, FAULT_CONFIG);
    assert_non_null(strstr(fault.message, strerror(EINVAL)));
    listen_fds_said = 2;
    assert_false(activation_take_socket(&taken, &fault));
    assert_non_null(strstr(fault.message, "2 sockets"));
    listen_fds_said = 1;
    close(3);
    assert_false(activation_take_socket(&taken, &fault)); /* number 3, which is not open */
    assert_non_null(strstr(fault.message, "cannot be used"));
    assert_int_equal(taken, -1);
    listen_fds_said = 0;
    assert_true(activation_take_socket(&taken, &fault));
    assert_int_equal(taken, -1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_open, bench_close)

int main(void)
{
    const struct CMUnitTest sockets[] = {
        cmocka_unit_test(sockets_that_systemd_cannot_hand_over_are_refused),
    };
    const struct CMUnitTest requests[] = {
        TEST(a_call_that_fails_costs_one_request_and_says_so),
        TEST(without_a_descriptor_the_server_is_not_to_blame),
    };
    int wrong = cmocka_run_group_tests(sockets, NULL, NULL);
    return wrong + cmocka_run_group_tests(requests, bench_open_group, bench_close_group);
}
