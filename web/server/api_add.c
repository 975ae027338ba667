/* POST /api/v1/add: {"url": "https://…", "as": "any"|"feed"|"item", "feed": N}. The answer is
 * the document of add_result_write_json(). Unknown keys are refused: a misspelt "feed" would
 * otherwise add something else than was meant. */
#include <jansson.h>
#include <string.h>

#include "web/server/endpoints.h"

enum { ADD_BODY_MAX = 64 << 10 };

static bool read_kind(const json_t *value, enum add_kind *ret_kind)
{
    static const char *const names[] = {"any", "feed", "item"};
    for (size_t i = 0; i < array_count(names); i++) {
        if (value == NULL || strcmp(json_string_value(value), names[i]) == 0) {
            *ret_kind = (enum add_kind)i;
            return true;
        }
    }
    return false;
}

static bool read_request(const json_t *body, struct add_request *request, struct fault *fault)
{
    static const char known[] = "url, as and feed";
    const json_t *as = json_object_get(body, "as"), *feed = json_object_get(body, "feed");
    request->url = json_string_value(json_object_get(body, "url"));
    size_t keys = 1 + (as != NULL) + (feed != NULL);
    if (request->url == NULL) {
        return fault_set(
            fault, FAULT_CONFIG, "The body is a JSON object with the address as \"url\".");
    }
    if (json_object_size(body) != keys) {
        return fault_set(fault, FAULT_CONFIG, "The body has a key that is none of %s.", known);
    }
    if ((as != NULL && !json_is_string(as)) || !read_kind(as, &request->kind)) {
        return fault_set(fault, FAULT_CONFIG, "\"as\" is \"any\", \"feed\" or \"item\".");
    }
    json_int_t number = json_integer_value(feed);
    if (feed != NULL && (number < 1 || number > 100)) {
        return fault_set(fault, FAULT_CONFIG, "\"feed\" is a number of the list, from 1.");
    }
    request->feed = (size_t)number;
    return true;
}

static bool add(struct call *call, struct adder *adder, add_done_fn *on_added, void *data,
    struct fault *fault)
{
    struct add_request request = {0};
    json_t *body = json_loadb(call->body, call->length, JSON_REJECT_DUPLICATES, NULL);
    bool ok = read_request(body, &request, fault) &&
        adder_start(adder, &request, on_added, data, fault);
    json_decref(body);
    return ok;
}

const struct endpoint endpoint_add = {
    .door = ENDPOINT_ADDS,
    .media_types = endpoint_json,
    .takes = endpoint_takes_json,
    .body_max = ADD_BODY_MAX,
    .add = add,
};
