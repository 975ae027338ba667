/* A published issue opened again, and its versions.
 *
 * What is corrected is the document, not the draft it came from: an imported issue has no
 * draft, and one that was imported again after its file was edited is not what its draft says.
 * So every correction is a new draft whose lines are made of the document; a line that was a
 * pick keeps its story and the machine's original. */
#include <string.h>

#include "briefing/issue_item.h"
#include "storage/drafts.h"
#include "storage/issues.h"

enum { POSITION_STEP = 1 << 20 };

/* What the line was made from, if it was a pick. */
static bool find_origin(struct action *action, const struct issue_item *item,
    struct stored_pick *pick, struct fault *fault)
{
    struct stored_pick before;
    if (item->id == 0) {
        return true;
    }
    if (pick_read(action->store, action->arena, item->id, &before, fault)) {
        pick->story = before.story;
        pick->item = before.item;
        pick->original = before.original;
        return true;
    }
    return fault->kind == FAULT_MISSING;
}

static bool open_line(struct action *action, int64_t draft, const char *section,
    const struct issue_item *item, size_t number, struct fault *fault)
{
    struct stored_pick pick = {
        .draft = draft,
        .section = section,
        .position = (int64_t)number * POSITION_STEP,
        .body = issue_item_json(action->arena, item),
    };
    return find_origin(action, item, &pick, fault) && action_take_id(action, &pick.id, fault) &&
        pick_write(action, &pick, fault);
}

static bool open_lines(
    struct action *action, int64_t draft, const struct issue *issue, struct fault *fault)
{
    for (size_t i = 0; i < issue->section_count; i++) {
        const char *section = draft_section_name(action->arena, issue, i);
        for (size_t k = 0; k < issue->sections[i].item_count; k++) {
            if (!open_line(action, draft, section, &issue->sections[i].items[k], k, fault)) {
                return false;
            }
        }
    }
    return true;
}

static bool open_correction(
    struct action *action, const struct archived *archived, struct fault *fault)
{
    struct issue *issue;
    int64_t draft;
    const char *row = arena_printf(action->arena,
        "{\"open\":true,\"suggest\":false,\"issue\":%lld}", (long long)archived->id);
    if (!issue_read_json(
            action->arena, archived->document, strlen(archived->document), &issue, fault) ||
        !statement_find_int(action->store, STATEMENT_NEXT_DRAFT_ID, 0, &draft, fault)) {
        return false;
    }
    action->result->made = draft;
    return action_put(action, DESK_DRAFT, draft, row, fault) &&
        open_lines(action, draft, issue, fault);
}

static bool reopen(struct action *action, const char *day, struct fault *fault)
{
    struct archived archived;
    if (!issue_find(action->store, action->arena, day, &archived, fault)) {
        return false;
    }
    if (archived.document == NULL) {
        return fault_set(fault, FAULT_MISSING, "there is no issue of %s", day);
    }
    if (!statement_find_int(action->store, STATEMENT_FIND_CORRECTION, archived.id,
            &action->result->made, fault)) {
        return false;
    }
    return action->result->made != 0 || open_correction(action, &archived, fault);
}

bool desk_reopen(struct store *store, struct arena *arena, const struct config *config,
    const struct desk_action *asked, const char *day, struct desk_result *ret_result,
    struct fault *fault)
{
    struct action action = action_make(store, arena, config, asked, ret_result);
    if (!action_begin(&action, "reopen", fault)) {
        return false;
    }
    return action_end(&action, action.repeated || reopen(&action, day, fault), fault);
}

static void read_version(struct statement *row, struct arena *arena, void *item)
{
    struct desk_issue_version *version = item;
    version->version = (int)column_int(row);
    version->utc_s = column_time(row);
    version->editor = column_text(row, arena);
    version->document = column_text(row, arena);
}

bool desk_read_issue_versions(struct store *store, struct arena *arena, const char *day,
    struct desk_issue_version **ret_versions, size_t *ret_count, struct fault *fault)
{
    cleanup(statement_donep) struct statement *list = statement_get(
        store, STATEMENT_LIST_ISSUE_VERSIONS, fault);
    if (list == NULL) {
        return false;
    }
    bind_text(list, day);
    *ret_versions = statement_rows(
        list, arena, sizeof(**ret_versions), read_version, ret_count, fault);
    return *ret_versions != NULL;
}
