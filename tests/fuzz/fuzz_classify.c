/* One line of `briefd classify --prequential`: it is answered in JSON, or refused with a
 * reason, and when it is labelled it can be learned. */
#include <jansson.h>
#include <string.h>

#include "command/classify.h"
#include "config/config.h"
#include "input.h"

static const char configuration[] =
    "briefing { title = \"T\" }\n"
    "section \"news\" { title = \"N\" fallback = true rule \"r\" { keywords = { \"发布\", "
    "\"launch*\" } } }\n"
    "section \"papers\" { title = \"P\" form = \"paper\" rule \"arxiv\" { final = true "
    "keywords "
    "= { \"url:arxiv.org\", \"/int ?[48]/\" } } }\n"
    "topic \"quantization\" { weight = 2 keywords = { \"量化\", \"quantiz*\", \"NPU\" } }\n"
    "vendor \"英伟达\" { aliases = { \"NVIDIA\" } }\n"
    "feed \"f\" { url = \"https://f.example/\" source = \"量子位\" section = \"news\" }\n";

/* Read once: it costs more than all the rest together. */
static const struct judge *get_judge(void)
{
    static struct judge *judge;
    struct problems problems;
    if (judge == NULL) {
        problems_init(&problems);
        struct config *config = config_parse(configuration, "feeds.conf", &problems);
        fuzz_require(config != NULL, "the configuration is refused: %s",
            problems.count > 0 ? problems.items[0].message : "");
        judge = judge_new(config, &problems);
        fuzz_require(judge != NULL, "no judge");
        config_unref(config);
        problems_release(&problems);
    }
    return judge;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = fuzz_input_of(data, size);
    cleanup(buffer_release) struct buffer out;
    struct fault fault = {0};
    cleanup(classifier_release) struct classifier classifier;
    buffer_init(&out, 1 << 20);
    classifier_init(&classifier, get_judge(), true);
    if (!classify_line(&classifier, input.cursor, size, &out, &fault)) {
        fuzz_require(fault.message[0] != '\0', "a refusal without a reason");
        return 0;
    }
    for (size_t i = 0; i < classifier.event_count; i++) {
        learner_learn(classifier.learner, &classifier.events[i]);
    }
    json_error_t error;
    json_t *answer = json_loadb(out.data, out.length, JSON_ALLOW_NUL, &error);
    fuzz_require(answer != NULL, "the answer is no JSON: %s", error.text);
    json_decref(answer);
    return 0;
}
