/* Stored events and learners, with the checksum a forger would put behind them: what is read
 * can be learned, gives finite scores and is written back as it was. */
#include <math.h>
#include <string.h>

#include "base/hash.h"
#include "briefing/learner.h"
#include "input.h"

static const char configuration[] =
    "briefing { title = \"T\" }\n"
    "section \"brief\" { title = \"B\" overflow_of = \"news\" }\n"
    "section \"news\" { title = \"N\" fallback = true }\n"
    "section \"oss\" { title = \"O\" }\n"
    "feed \"f\" { url = \"https://f.example/\" }\n";

static const struct config *get_config(void)
{
    static struct config *config;
    struct problems problems;
    if (config == NULL) {
        problems_init(&problems);
        config = config_parse(configuration, "feeds.conf", &problems);
        fuzz_require(config != NULL, "the configuration is refused: %s",
            problems.count > 0 ? problems.items[0].message : "");
        problems_release(&problems);
    }
    return config;
}

static void require_finite(const struct learner *learner, const struct learner_event *event)
{
    struct learner_score score = learner_score(learner, &event->sight.features);
    fuzz_require(isfinite(score.relevance), "relevance is not finite");
    for (size_t i = 0; i < LEARNER_SECTIONS_MAX; i++) {
        fuzz_require(isfinite(score.sections[i]), "section %zu is not finite", i);
    }
}

static void require_same(const struct buffer *a, const struct buffer *b)
{
    fuzz_require(a->length == b->length && memcmp(a->data, b->data, a->length) == 0,
        "what was read is written in other bytes");
}

static void try_event(const struct buffer *blob)
{
    cleanup(arena_release) struct arena arena = {0};
    struct learner_event event;
    struct fault fault = {0};
    if (!learner_event_read(&arena, blob->data, blob->length, &event, &fault)) {
        fuzz_require(fault.message[0] != '\0', "a refusal without a reason");
        return;
    }
    cleanup(buffer_release) struct buffer again;
    buffer_init(&again, LEARNER_EVENT_BYTES_MAX);
    learner_event_write(&event, &again);
    require_same(blob, &again);
    struct learner *learner = learner_new(get_config());
    for (int i = 0; i < 3; i++) {
        learner_learn(learner, &event);
        require_finite(learner, &event);
    }
    learner_free(learner);
}

static void try_learner(const struct buffer *blob)
{
    static const uint32_t codes[] = {0, 1 << 10, 1 << 20};
    const struct learner_event event = {
        .kind = LEARNER_PICKED, .section = "oss", .sight = {.features = {codes, 3}}};
    struct learner *learner;
    struct fault fault = {0};
    if (!learner_read(get_config(), blob->data, blob->length, &learner, &fault)) {
        fuzz_require(fault.message[0] != '\0', "a refusal without a reason");
        return;
    }
    require_finite(learner, &event);
    learner_learn(learner, &event);
    require_finite(learner, &event);
    learner_free(learner);
}

/* The first byte says which of the two the others are, without mark and checksum. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) {
        return 0;
    }
    bool is_event = data[0] % 2 == 0;
    cleanup(buffer_release) struct buffer blob;
    buffer_init(&blob, LEARNER_EVENT_BYTES_MAX);
    struct learner *empty = learner_new(get_config());
    if (is_event) {
        buffer_append(&blob, "bE\x01", 3);
    } else {
        learner_write(empty, &blob);
        blob.length = 3 + 8; /* mark and settings */
    }
    learner_free(empty);
    buffer_append(&blob, data + 1, size - 1);
    uint64_t sum = hash_bytes(HASH_START, blob.data, blob.length);
    for (unsigned i = 0; i < 8; i++) {
        buffer_putc(&blob, (char)(sum >> (8 * i)));
    }
    if (is_event) {
        try_event(&blob);
    } else {
        try_learner(&blob);
    }
    return 0;
}
