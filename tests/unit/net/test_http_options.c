/* What a request cannot be made of: every text that goes to the server as a header, with a line
 * break in it and too long to be one. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/attributes.h"
#include "http_bench.h"

static const struct {
    const char *header;
    size_t place; /* of the text in the options */
} texts[] = {
    {"User-Agent", offsetof(struct http_options, user_agent)},
    {"Accept", offsetof(struct http_options, accept)},
    {"If-None-Match", offsetof(struct http_options, etag)},
    {"If-Modified-Since", offsetof(struct http_options, last_modified)},
    {"Content-Type", offsetof(struct http_options, post_type)},
    {"Authorization", offsetof(struct http_options, bearer)},
};

/* The sentence of the refusal when the n-th text is `value`; lives until the next call. */
static const char *refusal(struct http_bench *bench, size_t n, const char *value)
{
    static struct fault fault;
    struct answer answer = {.bench = bench};
    struct http_options options = bench->options;
    options.url = bench_url(bench, "/ok");
    memcpy((char *)&options + texts[n].place, &value, sizeof(value));
    fault = (struct fault){0};
    if (http_get(bench->client, &options, bench_on_done, &answer, NULL, &fault)) {
        fail_msg("%s: taken", texts[n].header);
    }
    assert_int_equal(fault.kind, FAULT_CONFIG);
    assert_int_equal(answer.calls, 0);
    return fault.message;
}

static void no_text_can_smuggle_a_header(void **state)
{
    for (size_t i = 0; i < array_count(texts); i++) {
        const char *sentence = refusal(*state, i, "a\r\nX-Evil: 1");
        if (strstr(sentence, texts[i].header) == NULL ||
            strstr(sentence, "line break") == NULL) {
            fail_msg("%s: %s", texts[i].header, sentence);
        }
    }
}

static void a_text_too_long_to_be_a_header_is_refused(void **state)
{
    static char value[20 * 1024];
    memset(value, 'a', sizeof(value) - 1);
    for (size_t i = 0; i < array_count(texts); i++) {
        const char *sentence = refusal(*state, i, value);
        if (strstr(sentence, "too long") == NULL) {
            fail_msg("%s: %s", texts[i].header, sentence);
        }
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_open, bench_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(no_text_can_smuggle_a_header),
        TEST(a_text_too_long_to_be_a_header_is_refused),
    };
    return cmocka_run_group_tests(tests, bench_open_group, bench_close_group);
}
