#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "briefing/learner.h"

static struct config *config, *other_config;
static struct arena arena;

static struct config *parse(const char *text)
{
    struct problems problems;
    problems_init(&problems);
    struct config *parsed = config_parse(text, "feeds.conf", &problems);
    assert_non_null(parsed);
    problems_release(&problems);
    return parsed;
}

static int set_up(void **state)
{
    config = parse("briefing { title = \"T\" }\n"
                   "section \"news\" { title = \"N\" fallback = true }\n"
                   "section \"oss\" { title = \"O\" }\n"
                   "feed \"f\" { url = \"https://f.example/\" }\n");
    other_config = parse("briefing { title = \"T\" }\n"
                         "section \"oss\" { title = \"O\" }\n"
                         "section \"news\" { title = \"N\" fallback = true }\n"
                         "feed \"f\" { url = \"https://f.example/\" }\n");
    return 0;
}

static int tear_down(void **state)
{
    config_unref(config);
    config_unref(other_config);
    arena_release(&arena);
    return 0;
}

static const uint32_t some_codes[] = {0, 1, 130, 70000, (1u << LEARNER_CODE_BITS) - 1};
static const struct learner_vote some_votes[] = {{"news", 2.5f}, {"博文", -1.0f}};

static const struct learner_event some_event = {
    .kind = LEARNER_MOVED,
    .section = "oss",
    .sight = {.features = {some_codes, array_count(some_codes)},
        .relevance = -1.75f,
        .votes = some_votes,
        .vote_count = array_count(some_votes)},
};

static struct buffer write_event(const struct learner_event *event)
{
    struct buffer out;
    buffer_init(&out, LEARNER_EVENT_BYTES_MAX);
    learner_event_write(event, &out);
    assert_false(buffer_failed(&out));
    return out;
}

static bool reads(const void *bytes, size_t length)
{
    struct learner_event event;
    struct fault fault = {0};
    bool read = learner_event_read(&arena, bytes, length, &event, &fault);
    assert_true(read || (fault.kind == FAULT_PARSE && fault.message[0] != '\0'));
    return read;
}

static void an_event_comes_back_as_it_was(void **state)
{
    struct buffer out = write_event(&some_event);
    struct learner_event got;
    struct fault fault;
    assert_true(learner_event_read(&arena, out.data, out.length, &got, &fault));
    assert_int_equal(got.kind, LEARNER_MOVED);
    assert_string_equal(got.section, "oss");
    assert_true(got.sight.relevance == -1.75f);
    assert_int_equal(got.sight.vote_count, 2);
    assert_string_equal(got.sight.votes[1].section, "博文");
    assert_true(got.sight.votes[1].votes == -1.0f);
    assert_int_equal(got.sight.features.count, array_count(some_codes));
    assert_memory_equal(got.sight.features.codes, some_codes, sizeof(some_codes));
    buffer_release(&out);
}

static void an_event_without_section_or_features_comes_back(void **state)
{
    struct learner_event event = {.kind = LEARNER_PASSED_OVER}, got;
    struct buffer out = write_event(&event);
    struct fault fault;
    assert_true(learner_event_read(&arena, out.data, out.length, &got, &fault));
    assert_null(got.section);
    assert_int_equal(got.sight.features.count, 0);
    buffer_release(&out);
}

static void no_damaged_byte_goes_unseen(void **state)
{
    struct buffer out = write_event(&some_event);
    for (size_t i = 0; i < out.length; i++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            out.data[i] = (char)(out.data[i] ^ 1 << bit);
            assert_false(reads(out.data, out.length));
            out.data[i] = (char)(out.data[i] ^ 1 << bit);
        }
    }
    assert_true(reads(out.data, out.length));
    buffer_release(&out);
}

static void a_cut_or_lengthened_event_is_refused(void **state)
{
    struct buffer out = write_event(&some_event);
    for (size_t length = 0; length < out.length; length++) {
        /* Of its own size, so that a checker of memory sees a byte read too far. */
        char *copy = malloc(length + 1);
        memcpy(copy, out.data, length);
        assert_false(reads(copy, length));
        free(copy);
    }
    buffer_putc(&out, '\0');
    assert_false(reads(out.data, out.length));
    buffer_release(&out);
}

/* `bytes` with the checksum a forger would put behind them. */
static bool reads_sealed(const char *bytes, size_t length)
{
    struct buffer blob;
    buffer_init(&blob, LEARNER_EVENT_BYTES_MAX);
    buffer_append(&blob, bytes, length);
    uint64_t sum = hash_bytes(HASH_START, bytes, length);
    for (unsigned i = 0; i < 8; i++) {
        buffer_putc(&blob, (char)(sum >> (8 * i)));
    }
    bool read = reads(blob.data, blob.length);
    buffer_release(&blob);
    return read;
}

#define SEALED(literal) reads_sealed(literal, sizeof(literal) - 1)
#define HEAD "bE\x01" /* then kind, section, relevance, votes, features */
#define ZERO "\0\0\0\0"

static void a_forged_checksum_does_not_help(void **state)
{
    assert_true(SEALED(HEAD "\x01\x03oss" ZERO "\0\x02\x05\x01"));
    assert_false(SEALED("bE\x02\x01\x03oss" ZERO "\0\0"));       /* version */
    assert_false(SEALED(HEAD "\x00\x03oss" ZERO "\0\0"));        /* kind 0 */
    assert_false(SEALED(HEAD "\x07\x03oss" ZERO "\0\0"));        /* unknown kind */
    assert_false(SEALED(HEAD "\x01\x7foss" ZERO "\0\0"));        /* longer than the rest */
    assert_false(SEALED(HEAD "\x01\x03o\xffs" ZERO "\0\0"));     /* no UTF-8 */
    assert_false(SEALED(HEAD "\x01\x03o\0s" ZERO "\0\0"));       /* NUL */
    assert_false(SEALED(HEAD "\x01\0\0\0\xc0\x7f\0\0"));         /* NaN */
    assert_false(SEALED(HEAD "\x01\0\0\0\x80\xff\0\0"));         /* -infinity */
    assert_false(SEALED(HEAD "\x01\0" ZERO "\x01\0" ZERO "\0")); /* vote for nothing */
    assert_false(SEALED(HEAD "\x01\0" ZERO "\x41\0"));           /* 65 votes */
    assert_false(SEALED(HEAD "\x01\0" ZERO "\0\x02\x05\x00"));   /* a code twice */
    assert_false(SEALED(HEAD "\x01\0" ZERO "\0\x01\x80\x80\x80\x10"));     /* code 2^25 */
    assert_false(SEALED(HEAD "\x01\0" ZERO "\0\x02\xff\xff\xff\x0f\x01")); /* second beyond */
    assert_false(SEALED(HEAD "\x01\0" ZERO "\0\x01\x85\x00")); /* not the shortest form */
    assert_false(SEALED(HEAD "\x01\0" ZERO "\0\x01"
                             "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f"));
    assert_false(SEALED(HEAD "\x01\0" ZERO "\0\x81\x40")); /* 8,193 features */
    assert_false(SEALED(HEAD "\x01\0" ZERO "\0\x80\x40")); /* 8,192 in no bytes */
    assert_false(SEALED(HEAD "\x01\0" ZERO "\0\0\0"));     /* something behind it */
}

/* --- the learner --- */

static struct learner *make_learner(void)
{
    struct learner *learner = learner_new(config);
    for (unsigned i = 0; i < 200; i++) {
        uint32_t codes[] = {i * 3, 40000 + i * 1000, 33000000 + i * 7};
        struct learner_event event = {
            .kind = i % 3 == 0 ? LEARNER_PRINTED : LEARNER_PASSED_OVER,
            .section = i % 2 == 0 ? "oss" : "news",
            .sight = {.features = {codes, array_count(codes)}},
        };
        learner_learn(learner, &event);
    }
    return learner;
}

static struct buffer write_learner(const struct learner *learner)
{
    struct buffer out;
    buffer_init(&out, 64 << 20);
    learner_write(learner, &out);
    assert_false(buffer_failed(&out));
    return out;
}

static void a_learner_comes_back_and_goes_on_the_same(void **state)
{
    struct learner *learner = make_learner(), *back;
    struct fault fault;
    struct buffer out = write_learner(learner);
    assert_true(learner_read(config, out.data, out.length, &back, &fault));
    assert_int_equal(learner_event_count(back), 200);
    learner_learn(learner, &some_event);
    learner_learn(back, &some_event);
    struct buffer one = write_learner(learner), two = write_learner(back);
    assert_int_equal(one.length, two.length);
    assert_memory_equal(one.data, two.data, one.length);
    buffer_release(&out);
    buffer_release(&one);
    buffer_release(&two);
    learner_free(learner);
    learner_free(back);
}

static void an_empty_learner_comes_back(void **state)
{
    struct learner *learner = learner_new(config), *back;
    struct fault fault;
    struct buffer out = write_learner(learner);
    assert_true(learner_read(config, out.data, out.length, &back, &fault));
    assert_int_equal(learner_event_count(back), 0);
    assert_in_range(out.length, 10, 64);
    buffer_release(&out);
    learner_free(learner);
    learner_free(back);
}

static void a_learner_of_other_sections_is_refused(void **state)
{
    struct learner *learner = make_learner(), *back;
    struct fault fault = {0};
    struct buffer out = write_learner(learner);
    assert_false(learner_read(other_config, out.data, out.length, &back, &fault));
    assert_int_equal(fault.kind, FAULT_PARSE);
    assert_non_null(strstr(fault.message, "built again"));
    buffer_release(&out);
    learner_free(learner);
}

static void a_damaged_learner_is_refused(void **state)
{
    struct learner *learner = make_learner(), *back;
    struct fault fault;
    struct buffer out = write_learner(learner);
    for (size_t i = 0; i < out.length; i += i < 64 ? 1 : 97) {
        out.data[i] = (char)(out.data[i] ^ 0x10);
        assert_false(learner_read(config, out.data, out.length, &back, &fault));
        out.data[i] = (char)(out.data[i] ^ 0x10);
        assert_false(learner_read(config, out.data, i, &back, &fault));
    }
    buffer_release(&out);
    learner_free(learner);
}

static void seal(struct buffer *blob)
{
    uint64_t sum = hash_bytes(HASH_START, blob->data, blob->length);
    for (unsigned i = 0; i < 8; i++) {
        buffer_putc(blob, (char)(sum >> (8 * i)));
    }
}

/* The head of a true one, then `cells`, sealed. */
static bool reads_cells(const char *cells, size_t length)
{
    struct learner *learner = learner_new(config), *back = NULL;
    struct fault fault;
    struct buffer out = write_learner(learner), blob;
    buffer_init(&blob, 1 << 16);
    buffer_append(&blob, out.data, 3 + 8 + 1); /* mark, settings, events */
    buffer_append(&blob, cells, length);
    seal(&blob);
    bool read = learner_read(config, blob.data, blob.length, &back, &fault);
    learner_free(read ? back : NULL);
    learner_free(learner);
    buffer_release(&out);
    buffer_release(&blob);
    return read;
}

#define CELLS(literal) reads_cells(literal, sizeof(literal) - 1)
#define END_AT_0 "\x80\x80\x10" /* 2^18: no bucket more */
#define END_AT_1 "\xff\xff\x0f"

static void forged_cells_are_refused(void **state)
{
    assert_true(CELLS(END_AT_0));
    assert_true(CELLS("\0\x01" ZERO ZERO END_AT_1));
    assert_false(CELLS("\0\x08" ZERO ZERO END_AT_1));           /* a head there is not */
    assert_false(CELLS("\0\x01\0\0\xc0\x7f" ZERO END_AT_1));    /* NaN */
    assert_false(CELLS("\0\x01" ZERO "\0\0\x80\xbf" END_AT_1)); /* precision -1 */
    assert_false(CELLS("\x81\x80\x10"));                        /* behind the end */
    assert_false(CELLS(""));                                    /* no end */
    assert_false(CELLS(END_AT_0 "\0"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(an_event_comes_back_as_it_was),
        TEST(an_event_without_section_or_features_comes_back),
        TEST(no_damaged_byte_goes_unseen),
        TEST(a_cut_or_lengthened_event_is_refused),
        TEST(a_forged_checksum_does_not_help),
        TEST(a_learner_comes_back_and_goes_on_the_same),
        TEST(an_empty_learner_comes_back),
        TEST(a_learner_of_other_sections_is_refused),
        TEST(a_damaged_learner_is_refused),
        TEST(forged_cells_are_refused),
#undef TEST
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
