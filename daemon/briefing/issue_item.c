/* A patch is applied to the JSON, not to the struct: the table of members stands in
 * issue_json.c and nowhere else, and what a patch leaves out cannot be lost on the way. What a
 * line has of members is read off the line itself, since it is always written with all of them;
 * so a misspelt member is refused rather than passed over, as it would be in a stored document.
 */
#include "briefing/issue_item.h"

#include <jansson.h>
#include <string.h>

#include "base/buffer.h"
#include "feed/url.h"

enum { ITEM_MAX_BYTES = 1 << 20 };

/* ---- JSON ---- */

const char *issue_item_json(struct arena *arena, const struct issue_item *item)
{
    cleanup(buffer_release) struct buffer out;
    buffer_init(&out, ITEM_MAX_BYTES);
    struct issue_item without_id = *item;
    without_id.id = 0;
    issue_item_write_json(&without_id, &out);
    return arena_strndup(arena, out.data, out.length);
}

bool issue_item_read(
    struct arena *arena, const char *text, struct issue_item *ret_item, struct fault *fault)
{
    return issue_item_read_json(arena, text, strlen(text), ret_item, fault);
}

/* ---- patching ---- */

static void json_freep(json_t **value)
{
    json_decref(*value);
}

static json_t *parse_object(const char *text, size_t length, struct fault *fault)
{
    json_error_t error;
    json_t *value = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
    if (value == NULL) {
        fault_set(fault, FAULT_PARSE, "line %d: %s", error.line, error.text);
    } else if (!json_is_object(value)) {
        fault_set(fault, FAULT_PARSE, "expected an object of what is to change");
        json_decref(value);
        value = NULL;
    }
    return value;
}

static bool merge(json_t *item, json_t *patch, struct fault *fault)
{
    const char *name;
    json_t *value;
    json_object_foreach(patch, name, value)
    {
        if (json_object_get(item, name) == NULL) {
            return fault_set(fault, FAULT_PARSE, "%s: there is no such member", name);
        }
        if (strcmp(name, "key") == 0) {
            return fault_set(fault, FAULT_PARSE, "%s: it follows from the url", name);
        }
        if (json_is_null(value)) {
            json_object_del(item, name);
        } else {
            json_object_set(item, name, value);
        }
    }
    return true;
}

/* A member of a list's element that the line, as it was read, does not have. */
static bool check_elements(const char *name, json_t *given, json_t *read, struct fault *fault)
{
    size_t i;
    json_t *element;
    json_array_foreach(given, i, element)
    {
        const char *member;
        json_t *value;
        json_object_foreach(element, member, value)
        {
            if (json_object_get(json_array_get(read, i), member) == NULL) {
                return fault_set(
                    fault, FAULT_PARSE, "%s[%zu].%s: there is no such member", name, i, member);
            }
        }
    }
    return true;
}

static bool check_lists(json_t *given, const char *body, struct fault *fault)
{
    cleanup(json_freep) json_t *read = parse_object(body, strlen(body), fault);
    const char *name;
    json_t *value;
    if (read == NULL) {
        return false;
    }
    json_object_foreach(given, name, value)
    {
        if (!check_elements(name, value, json_object_get(read, name), fault)) {
            return false;
        }
    }
    return true;
}

static bool read_merged(
    struct arena *arena, json_t *merged, struct issue_item *ret_item, struct fault *fault)
{
    char *text = json_dumps(merged, JSON_COMPACT);
    if (text == NULL) {
        return fault_set(fault, FAULT_PARSE, "expected text that is UTF-8");
    }
    bool ok = issue_item_read(arena, text, ret_item, fault);
    free(text);
    return ok;
}

bool issue_item_patch(struct arena *arena, const char *body, const char *patch, size_t length,
    const char **ret_body, struct fault *fault)
{
    cleanup(json_freep) json_t *item = parse_object(body, strlen(body), fault);
    cleanup(json_freep) json_t *change = item == NULL ? NULL
                                                      : parse_object(patch, length, fault);
    struct issue_item patched;
    if (change == NULL || !merge(item, change, fault) ||
        !read_merged(arena, item, &patched, fault)) {
        return false;
    }
    if (json_object_get(change, "url") != NULL) {
        patched.key = patched.url == NULL ? NULL : url_key(arena, patched.url);
    }
    *ret_body = issue_item_json(arena, &patched);
    return check_lists(change, *ret_body, fault);
}
