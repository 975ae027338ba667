/* What an editor does with the lines of a draft: text, place, lines by hand, taking out. */
#include <string.h>

#include "briefing/issue_item.h"
#include "feed/url.h"
#include "storage/picks.h"
#include "storage/stories.h"

static bool check_count(size_t count, struct fault *fault)
{
    return count <= DESK_BULK_MAX ||
        fault_set(
            fault, FAULT_LIMIT, "%zu at once are too many: at most %d", count, DESK_BULK_MAX);
}

static bool check_body(const char *body, struct fault *fault)
{
    return strlen(body) <= DESK_BODY_MAX_BYTES ||
        fault_set(fault, FAULT_LIMIT, "the text of one line is longer than %d bytes",
            DESK_BODY_MAX_BYTES);
}

/* The pick, seen at the version expected, in an open draft. */
static bool take_pick(struct action *action, struct desk_target target,
    struct stored_pick *ret_pick, struct fault *fault)
{
    return action_expect(action, DESK_PICK, target, fault) &&
        pick_expect_open(action, target.id, fault) &&
        pick_read(action->store, action->arena, target.id, ret_pick, fault) &&
        (!ret_pick->removed ||
            fault_set(fault, FAULT_MISSING, "pick %lld was taken out of the draft",
                (long long)target.id));
}

/* ---- text ---- */

static bool patch_text(struct action *action, struct desk_target target, const char *patch,
    size_t length, struct fault *fault)
{
    struct stored_pick pick;
    return take_pick(action, target, &pick, fault) &&
        issue_item_patch(action->arena, pick.body, patch, length, &pick.body, fault) &&
        check_body(pick.body, fault) && pick_write(action, &pick, fault);
}

bool desk_patch_pick(struct store *store, struct arena *arena, const struct config *config,
    const struct desk_action *asked, struct desk_target pick, const char *patch, size_t length,
    struct desk_result *ret_result, struct fault *fault)
{
    struct action action = action_make(store, arena, config, asked, ret_result);
    if (!action_begin(&action, "patch_pick", fault)) {
        return false;
    }
    bool ok = action.repeated || patch_text(&action, pick, patch, length, fault);
    return action_end(&action, ok, fault);
}

/* ---- place ---- */

/* Is this the story's line in the next issue? A correction's lines decide nothing. */
static bool stands_for_story(struct action *action, const struct stored_pick *pick,
    bool *ret_stands, struct fault *fault)
{
    int64_t found = 0;
    *ret_stands = false;
    if (pick->story != 0 && !pick_find(action->store, pick->story, false, &found, fault)) {
        return false;
    }
    *ret_stands = found == pick->id;
    return true;
}

static bool move_one(struct action *action, const struct desk_move *move, struct fault *fault)
{
    struct stored_pick pick;
    bool stands;
    if (!take_pick(action, move->pick, &pick, fault) ||
        !stands_for_story(action, &pick, &stands, fault)) {
        return false;
    }
    const char *section = move->section == NULL ? pick.section : move->section;
    bool elsewhere = strcmp(section, pick.section) != 0;
    if (move->before == pick.id) {
        return true;
    }
    return draft_expect_section(action, pick.draft, section, fault) &&
        (!elsewhere || !stands || story_put_under(action, pick.story, section, fault)) &&
        pick_move(action, &pick, section, move->before, fault);
}

bool desk_move_picks(struct store *store, struct arena *arena, const struct config *config,
    const struct desk_action *asked, const struct desk_move *moves, size_t count,
    struct desk_result *ret_result, struct fault *fault)
{
    struct action action = action_make(store, arena, config, asked, ret_result);
    if (!check_count(count, fault) || !action_begin(&action, "move", fault)) {
        return false;
    }
    bool ok = true;
    for (size_t i = 0; ok && !action.repeated && i < count; i++) {
        ok = move_one(&action, &moves[i], fault);
    }
    return action_end(&action, ok, fault);
}

/* ---- by hand ---- */

/* The line the request describes: a patch of an empty one. */
static bool write_by_hand(struct action *action, struct stored_pick *pick, const char *body,
    size_t length, struct fault *fault)
{
    static const struct issue_item blank = {.title = ""};
    const char *empty = issue_item_json(action->arena, &blank);
    return issue_item_patch(action->arena, empty, body, length, &pick->body, fault) &&
        check_body(pick->body, fault);
}

struct line_by_hand {
    int64_t draft;
    const char *section;
    int64_t before;
    const char *body;
    size_t length;
};

static bool add_line(
    struct action *action, const struct line_by_hand *line, struct fault *fault)
{
    struct stored_pick pick = {.draft = line->draft};
    if ((pick.draft == 0 && !draft_find_next(action->store, &pick.draft, fault)) ||
        !draft_expect_open(action, pick.draft, fault) ||
        !draft_expect_room(action, pick.draft, fault) ||
        !draft_expect_section(action, pick.draft, line->section, fault) ||
        !write_by_hand(action, &pick, line->body, line->length, fault) ||
        !action_take_id(action, &pick.id, fault)) {
        return false;
    }
    action->result->made = pick.id;
    return pick_place(action, &pick, line->section, line->before, fault);
}

bool desk_add_pick(struct store *store, struct arena *arena, const struct config *config,
    const struct desk_action *asked, int64_t draft, const char *section, int64_t before,
    const char *body, size_t length, struct desk_result *ret_result, struct fault *fault)
{
    struct action action = action_make(store, arena, config, asked, ret_result);
    const struct line_by_hand line = {draft, section, before, body, length};
    if (!action_begin(&action, "add_pick", fault)) {
        return false;
    }
    return action_end(&action, action.repeated || add_line(&action, &line, fault), fault);
}

/* ---- taking out ---- */

static bool remove_one(struct action *action, struct desk_target target, struct fault *fault)
{
    struct stored_pick pick;
    bool stands;
    if (!take_pick(action, target, &pick, fault) ||
        !stands_for_story(action, &pick, &stands, fault)) {
        return false;
    }
    pick.removed = true;
    return pick_write(action, &pick, fault) &&
        (!stands || story_send_back(action, pick.story, fault));
}

bool desk_remove_picks(struct store *store, struct arena *arena, const struct config *config,
    const struct desk_action *asked, const struct desk_target *picks, size_t count,
    struct desk_result *ret_result, struct fault *fault)
{
    struct action action = action_make(store, arena, config, asked, ret_result);
    if (!check_count(count, fault) || !action_begin(&action, "remove", fault)) {
        return false;
    }
    bool ok = true;
    for (size_t i = 0; ok && !action.repeated && i < count; i++) {
        ok = remove_one(&action, picks[i], fault);
    }
    return action_end(&action, ok, fault);
}
