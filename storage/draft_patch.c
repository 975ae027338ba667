/* The draft's own fields: a flat object of texts, so the database reads it (json_each) and no
 * JSON library is needed here. */
#include <string.h>

#include "base/clock.h"
#include "storage/drafts.h"

enum { PATCH_MAX_BYTES = 1 << 20 };

static const char *const text_names[DRAFT_TEXT_COUNT] = {
    [DRAFT_DAY] = "day",
    [DRAFT_HEADLINE] = "headline",
    [DRAFT_PREFACE] = "preface",
    [DRAFT_GUIDE] = "guide",
    [DRAFT_GUIDE_BASE] = "guide_base",
    [DRAFT_LEAD_IN] = "lead_in",
    [DRAFT_NOTE_BEFORE] = "note_before",
    [DRAFT_CLOSING] = "closing",
    [DRAFT_NOTE_AFTER] = "note_after",
};

static bool set_text(struct stored_draft *draft, struct arena *arena, const char *name,
    const char *type, const char *value, struct fault *fault)
{
    size_t i = 0;
    while (i < DRAFT_TEXT_COUNT && strcmp(text_names[i], name) != 0) {
        i++;
    }
    if (i == DRAFT_TEXT_COUNT) {
        return fault_set(fault, FAULT_PARSE, "%s: there is no such member", name);
    }
    if (strcmp(type, "null") != 0 && strcmp(type, "text") != 0) {
        return fault_set(fault, FAULT_PARSE, "%s: expected a text or null", name);
    }
    int64_t utc_s;
    if (i == DRAFT_DAY && value != NULL && !clock_parse_day(value, &utc_s)) {
        return fault_set(
            fault, FAULT_PARSE, "%s: expected a date like 2020-09-17, or null", name);
    }
    draft->texts[i] = arena_strdup(arena, value);
    return true;
}

static bool set_member(struct stored_draft *draft, struct arena *arena, const char *name,
    const char *type, const char *value, struct fault *fault)
{
    if (strcmp(name, "suggest") != 0) {
        return set_text(draft, arena, name, type, value, fault);
    }
    draft->suggest = strcmp(type, "true") == 0;
    return draft->suggest || strcmp(type, "false") == 0 ||
        fault_set(fault, FAULT_PARSE, "suggest: expected true or false");
}

static bool check_object(struct store *store, const char *patch, struct fault *fault)
{
    cleanup(statement_donep) struct statement *check = statement_get(
        store, STATEMENT_IS_JSON, fault);
    bool row;
    if (check == NULL) {
        return false;
    }
    bind_text(check, patch);
    if (!statement_next(check, &row, fault)) {
        return false;
    }
    return column_int(check) != 0 ||
        fault_set(fault, FAULT_PARSE, "expected a JSON object of what is to change");
}

static bool apply(
    struct action *action, struct stored_draft *draft, const char *patch, struct fault *fault)
{
    cleanup(statement_donep) struct statement *list = statement_get(
        action->store, STATEMENT_LIST_MEMBERS_OF_JSON, fault);
    if (list == NULL) {
        return false;
    }
    bind_text(list, patch);
    bool row;
    while (statement_next(list, &row, fault)) {
        if (!row) {
            return true;
        }
        const char *name = column_peek(list);
        const char *type = column_peek(list);
        const char *value = column_peek(list);
        if (!set_member(draft, action->arena, name, type, value, fault)) {
            return false;
        }
    }
    return false;
}

static bool write_draft(
    struct action *action, const struct stored_draft *draft, struct fault *fault)
{
    if (!action_touch(action, DESK_DRAFT, draft->id, fault)) {
        return false;
    }
    cleanup(statement_donep) struct statement *write = statement_get(
        action->store, STATEMENT_WRITE_DRAFT, fault);
    if (write == NULL) {
        return false;
    }
    bind_int(write, draft->suggest);
    for (size_t i = 0; i < DRAFT_TEXT_COUNT; i++) {
        bind_text(write, draft->texts[i]);
    }
    bind_int(write, draft->id);
    return statement_run(write, fault);
}

/* A correction keeps the day of its issue: another day would be another issue. */
static bool check_day(const struct stored_draft *draft, struct fault *fault)
{
    return draft->issue == 0 || draft->texts[DRAFT_DAY] == NULL ||
        fault_set(fault, FAULT_PARSE, "day: a correction keeps the day of its issue");
}

static bool patch_draft(struct action *action, struct desk_target target, const char *patch,
    size_t length, struct fault *fault)
{
    struct stored_draft draft;
    if (length > PATCH_MAX_BYTES) {
        return fault_set(
            fault, FAULT_LIMIT, "the texts are longer than %d bytes", PATCH_MAX_BYTES);
    }
    const char *text = arena_strndup(action->arena, patch, length);
    if (target.id == 0 && !draft_find_next(action->store, &target.id, fault)) {
        return false;
    }
    return action_expect(action, DESK_DRAFT, target, fault) &&
        draft_expect_open(action, target.id, fault) &&
        draft_read(action->store, action->arena, target.id, &draft, fault) &&
        check_object(action->store, text, fault) && apply(action, &draft, text, fault) &&
        check_day(&draft, fault) && write_draft(action, &draft, fault);
}

bool desk_patch_draft(struct store *store, struct arena *arena, const struct config *config,
    const struct desk_action *asked, struct desk_target draft, const char *patch, size_t length,
    struct desk_result *ret_result, struct fault *fault)
{
    struct action action = action_make(store, arena, config, asked, ret_result);
    if (!action_begin(&action, "patch_draft", fault)) {
        return false;
    }
    bool ok = action.repeated || patch_draft(&action, draft, patch, length, fault);
    return action_end(&action, ok, fault);
}
