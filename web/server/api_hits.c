/* GET /api/v1/rules/hits: what each list of keywords has found. */
#include <string.h>

#include "storage/hits.h"
#include "web/server/endpoints.h"
#include "web/server/json.h"

enum {
    HITS_ITEMS_MAX = 20000, /* as many as a trial looks at */
    HITS_WORDS_MAX = 8,     /* of a list, the commonest */
};

/* Lines come by rule, that of the rule itself first. */
static bool get_hits(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    struct rule_hits *hits;
    size_t count;
    if (!store_count_hits(store, &call->arena, HITS_ITEMS_MAX, &hits, &count, fault)) {
        return false;
    }
    json_t *rules = json_array(), *words = NULL;
    for (size_t i = 0; i < count; i++) {
        if (hits[i].matched == NULL) {
            words = json_array();
            json_array_append_new(rules,
                json_pack("{s:o, s:I, s:o}", "rule", json_text(hits[i].rule), "items",
                    (json_int_t)hits[i].items, "words", words));
        } else if (json_array_size(words) < HITS_WORDS_MAX) {
            json_array_append_new(words,
                json_pack("{s:o, s:I}", "matched", json_text(hits[i].matched), "items",
                    (json_int_t)hits[i].items));
        }
    }
    return call_answer(call, json_pack("{s:i, s:o}", "newest", HITS_ITEMS_MAX, "rules", rules));
}

const struct endpoint endpoint_hits = {.door = ENDPOINT_READS, .work = get_hits};
