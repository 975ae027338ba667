/* feeds.conf to a judge. A configuration is refused exactly when an error is reported, and one
 * that is taken can judge. */
#include <string.h>

#include "base/arena.h"
#include "briefing/judge.h"
#include "config/patch.h"
#include "config/config.h"
#include "input.h"

static void judge_something(const struct judge *judge)
{
    cleanup(arena_release) struct arena arena = {0};
    const struct item item = {
        .key = "arxiv:2009.00278",
        .title = "NVIDIA 发布 TensorRT 8: INT8 quantization on Jetson",
        .summary = "量化推理速度提升一倍, Arm Cortex-M and NPU 支持。",
        .url = "https://arxiv.org/abs/2009.00278",
        .source = "量子位",
    };
    struct verdict verdict = judge_item(judge, NULL, &arena, &item);
    fuzz_require(
        verdict.section >= 0 && (size_t)verdict.section < judge_config(judge)->section_count,
        "a verdict for section %d", verdict.section);
    fuzz_require(verdict.margin >= 0 && verdict.margin <= 1, "a margin of %g", verdict.margin);
    fuzz_require(verdict.relevance >= 0 && verdict.relevance <= 1, "a relevance of %g",
        verdict.relevance);
}

static void check_problems(struct problems *problems)
{
    cleanup(buffer_release) struct buffer text;
    buffer_init(&text, 1 << 20);
    problems_write(problems, &text);
    fuzz_require(fuzz_is_utf8(text.data), "a problem is told in no UTF-8");
    for (size_t i = 0; i < problems->count; i++) {
        fuzz_require(problems->items[i].line >= 0, "a problem at a negative line");
    }
}

/* The same text as rules over a small configuration: refused with a place, or taken. */
static void lay_over(const char *text)
{
    static const char base_text[] = "briefing { title = t }\n"
                                    "section news { title = n fallback = true }\n"
                                    "feed f { url = \"https://a.example/\" }\n";
    struct problems problems;
    problems_init(&problems);
    struct config *base = config_parse(base_text, "feeds.conf", &problems);
    struct config *rules = config_parse_rules(text, strlen(text), "rules", &problems);
    fuzz_require((rules == NULL) == (problems.error_count > 0), "refused without a word");
    if (rules != NULL) {
        struct config *config = patch_apply(base, &(struct patch){rules, 0}, 1, &problems);
        fuzz_require(config->section_count == base->section_count, "a section came or went");
        config_unref(config);
    }
    problems_locate(&problems, "rules", text, strlen(text));
    check_problems(&problems);
    config_unref(rules);
    config_unref(base);
    problems_release(&problems);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = fuzz_input_of(data, size);
    cleanup(fuzz_freep) char *text = fuzz_take_text(&input);
    struct problems problems;
    problems_init(&problems);
    struct config *config = config_parse(text, "feeds.conf", &problems);
    fuzz_require((config == NULL) == (problems.error_count > 0), "%s with %zu errors",
        config == NULL ? "refused" : "taken", problems.error_count);
    if (config != NULL) {
        struct judge *judge = judge_new(config, &problems);
        fuzz_require((judge == NULL) == (problems.error_count > 0),
            "no judge, or one in spite of errors");
        if (judge != NULL) {
            judge_something(judge);
        }
        judge_free(judge);
        config_unref(config);
    }
    check_problems(&problems);
    problems_release(&problems);
    lay_over(text);
    return 0;
}
