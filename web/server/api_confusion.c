/* GET /api/v1/rules/confusion: the machine's sections against the editor's. */
#include <string.h>

#include "storage/placings.h"
#include "web/server/desk_json.h"
#include "web/server/endpoints.h"
#include "web/server/json.h"

enum { DIFFERING_MAX = 500 };

/* The machine puts nothing into a section that another one overflows into; so an item of that
 * other one is where it should be. */
static bool do_agree(const struct config *config, const struct placing *placing)
{
    int section = config_find_section(config, placing->editor);
    const char *overflow = section < 0 ? NULL : config->sections[section].overflow_of;
    return strcmp(placing->editor, placing->machine) == 0 ||
        (overflow != NULL && strcmp(overflow, placing->machine) == 0);
}

static json_t *find_cell(const json_t *cells, const struct placing *placing)
{
    for (size_t i = 0; i < json_array_size(cells); i++) {
        json_t *cell = json_array_get(cells, i);
        if (strcmp(json_string_value(json_object_get(cell, "editor")), placing->editor) == 0 &&
            strcmp(json_string_value(json_object_get(cell, "machine")), placing->machine) ==
                0) {
            return cell;
        }
    }
    return NULL;
}

static void count_cell(json_t *cells, const struct placing *placing, bool agreed)
{
    json_t *cell = find_cell(cells, placing);
    if (cell == NULL) {
        cell = json_pack("{s:o, s:o, s:i, s:b}", "editor", json_text(placing->editor),
            "machine", json_text(placing->machine), "count", 0, "agreed", agreed);
        json_array_append_new(cells, cell);
    }
    json_t *count = json_object_get(cell, "count");
    json_integer_set(count, json_integer_value(count) + 1);
}

static bool get_confusion(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    struct placing *placings;
    size_t count, agreed = 0;
    if (!store_read_placings(store, &call->arena, &placings, &count, fault)) {
        return false;
    }
    json_t *cells = json_array(), *differing = json_array();
    for (size_t i = 0; i < count; i++) {
        const struct placing *placing = &placings[i];
        bool agree = do_agree(config, placing);
        agreed += agree;
        count_cell(cells, placing, agree);
        if (!agree && json_array_size(differing) < DIFFERING_MAX) {
            json_array_append_new(differing,
                json_pack("{s:o, s:o, s:o, s:o, s:o}", "id", desk_json_number(placing->item_id),
                    "title", json_text(placing->title), "editor", json_text(placing->editor),
                    "machine", json_text(placing->machine), "issue", json_text(placing->day)));
        }
    }
    return call_answer(call,
        json_pack("{s:I, s:I, s:o, s:o}", "items", (json_int_t)count, "agreed",
            (json_int_t)agreed, "cells", cells, "differing", differing));
}

const struct endpoint endpoint_confusion = {.door = ENDPOINT_READS, .work = get_confusion};
