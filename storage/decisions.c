/* What an editor decides about stories: state, section, lead; merge and split.
 *
 * A story is picked exactly when it has a pick in an open draft. This file keeps the two
 * together: whatever changes the state moves the pick, and picks.c is never told otherwise. */
#include <string.h>

#include "storage/picks.h"
#include "storage/stories.h"

static bool check_count(size_t count, struct fault *fault)
{
    return count <= DESK_BULK_MAX ||
        fault_set(
            fault, FAULT_LIMIT, "%zu at once are too many: at most %d", count, DESK_BULK_MAX);
}

/* The part of a story that is the editor's. */
struct hand {
    enum desk_state state;
    const char *section;
    int64_t lead;
};

static bool read_hand(
    struct action *action, int64_t story, struct hand *ret_hand, struct fault *fault)
{
    cleanup(statement_donep) struct statement *read = statement_get(
        action->store, STATEMENT_READ_HAND, fault);
    if (read == NULL) {
        return false;
    }
    bind_int(read, story);
    if (!statement_expect(read, "story", story, fault)) {
        return false;
    }
    if (!desk_state_read(column_peek(read), &ret_hand->state)) {
        return fault_set(fault, FAULT_STORE,
            "story %lld is in a state this program does not "
            "know",
            (long long)story);
    }
    ret_hand->section = column_text(read, action->arena);
    ret_hand->lead = column_int(read);
    return true;
}

static bool write_hand(
    struct action *action, int64_t story, const struct hand *hand, struct fault *fault)
{
    if (!action_touch(action, DESK_STORY, story, fault)) {
        return false;
    }
    cleanup(statement_donep) struct statement *write = statement_get(
        action->store, STATEMENT_WRITE_HAND, fault);
    if (write == NULL) {
        return false;
    }
    bind_text(write, desk_state_name(hand->state));
    bind_text(write, hand->section);
    bind_id(write, hand->lead);
    bind_int(write, story);
    return statement_run(write, fault) &&
        story_refresh(action->store, action->config, story, fault);
}

/* ---- decide ---- */

static bool is_item_of(
    struct action *action, int64_t item, int64_t story, bool *ret_is, struct fault *fault)
{
    int64_t actual;
    if (!statement_find_int(action->store, STATEMENT_FIND_STORY_OF, item, &actual, fault)) {
        return false;
    }
    *ret_is = actual == story;
    return true;
}

static bool check_lead(struct action *action, int64_t lead, int64_t story, struct fault *fault)
{
    bool member = true;
    return (lead == 0 || is_item_of(action, lead, story, &member, fault)) &&
        (member ||
            fault_set(fault, FAULT_PARSE, "lead: item %lld does not belong to story %lld",
                (long long)lead, (long long)story));
}

bool section_check(const struct config *config, const char *section, struct fault *fault)
{
    return section == NULL || config_find_section(config, section) >= 0 ||
        fault_set(fault, FAULT_PARSE, "section: there is no section '%s'", section);
}

/* The pick goes where the story went. */
static bool move_pick(struct action *action, int64_t story, struct fault *fault)
{
    int64_t id;
    struct stored_pick pick;
    const char *state, *section;
    return pick_find(action->store, story, false, &id, fault) &&
        (id == 0 ||
            (pick_expect_open(action, id, fault) &&
                pick_read(action->store, action->arena, id, &pick, fault) &&
                story_stand(action->store, action->arena, story, &state, &section, fault) &&
                (strcmp(pick.section, section) == 0 ||
                    config_find_section(action->config, section) < 0 ||
                    pick_move(action, &pick, section, 0, fault))));
}

/* The pick moves with a section she names, and with nothing else: rules that change afterwards
 * must not carry her lines about. */
static bool follow_with_pick(struct action *action, const struct desk_decision *decision,
    enum desk_state before, enum desk_state after, struct fault *fault)
{
    int64_t story = decision->story.id;
    if (before != DESK_PICKED && after == DESK_PICKED) {
        return pick_add_story(action, story, fault);
    }
    if (before == DESK_PICKED && after != DESK_PICKED) {
        return pick_remove_story(action, story, fault);
    }
    return after != DESK_PICKED || decision->section == NULL || move_pick(action, story, fault);
}

static bool decide_one(
    struct action *action, const struct desk_decision *decision, struct fault *fault)
{
    int64_t story = decision->story.id;
    struct hand hand;
    if (!action_expect(action, DESK_STORY, decision->story, fault) ||
        !read_hand(action, story, &hand, fault)) {
        return false;
    }
    enum desk_state before = hand.state;
    if (decision->state != NULL) {
        hand.state = *decision->state;
    }
    if (decision->section != NULL) {
        hand.section = *decision->section;
    }
    if (decision->lead != NULL) {
        hand.lead = *decision->lead;
    }
    return (decision->section == NULL || section_check(action->config, hand.section, fault)) &&
        (decision->lead == NULL || check_lead(action, hand.lead, story, fault)) &&
        write_hand(action, story, &hand, fault) &&
        follow_with_pick(action, decision, before, hand.state, fault);
}

static bool decide_all(struct action *action, const struct desk_decision *decisions,
    size_t count, struct fault *fault)
{
    for (size_t i = 0; i < count; i++) {
        if (!decide_one(action, &decisions[i], fault)) {
            return false;
        }
    }
    return true;
}

bool desk_decide(struct store *store, struct arena *arena, const struct config *config,
    const struct desk_action *asked, const struct desk_decision *decisions, size_t count,
    struct desk_result *ret_result, struct fault *fault)
{
    struct action action = action_make(store, arena, config, asked, ret_result);
    if (!check_count(count, fault) || !action_begin(&action, "decide", fault)) {
        return false;
    }
    bool ok = action.repeated || decide_all(&action, decisions, count, fault);
    return action_end(&action, ok, fault);
}

bool story_send_back(struct action *action, int64_t story, struct fault *fault)
{
    struct hand hand;
    if (!read_hand(action, story, &hand, fault)) {
        return false;
    }
    hand.state = DESK_INBOX;
    return write_hand(action, story, &hand, fault);
}

bool story_put_under(
    struct action *action, int64_t story, const char *section, struct fault *fault)
{
    struct hand hand;
    if (!read_hand(action, story, &hand, fault)) {
        return false;
    }
    hand.section = section;
    return write_hand(action, story, &hand, fault);
}

/* ---- whose an item is ---- */

static bool move_item(struct action *action, int64_t item, int64_t story, struct fault *fault)
{
    return action_touch(action, DESK_ITEM, item, fault) &&
        statement_run_ints(
            action->store, STATEMENT_MOVE_ITEM, (const int64_t[]){story, item}, 2, fault);
}

static void read_item_id(struct statement *row, struct arena *arena, void *item)
{
    *(int64_t *)item = column_int(row);
}

static bool list_items(struct action *action, int64_t story, int64_t **ret_items,
    size_t *ret_count, struct fault *fault)
{
    cleanup(statement_donep) struct statement *list = statement_get(
        action->store, STATEMENT_LIST_ITEM_IDS, fault);
    if (list == NULL) {
        return false;
    }
    bind_int(list, story);
    *ret_items = statement_rows(
        list, action->arena, sizeof(**ret_items), read_item_id, ret_count, fault);
    return *ret_items != NULL;
}

bool story_move_items(struct action *action, int64_t from, int64_t to, struct fault *fault)
{
    int64_t *items;
    size_t count;
    if (!list_items(action, from, &items, &count, fault)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (!move_item(action, items[i], to, fault)) {
            return false;
        }
    }
    return true;
}

/* ---- merge ---- */

/* Which of two decisions says more. */
static enum desk_state stronger(enum desk_state a, enum desk_state b)
{
    static const int strength[] = {
        [DESK_INBOX] = 0,
        [DESK_REJECTED] = 1,
        [DESK_LATER] = 2,
        [DESK_PICKED] = 3,
    };
    return strength[b] > strength[a] ? b : a;
}

/* The pick of the story that ends becomes the other's; what was taken out stays behind. */
static bool inherit_pick(
    struct action *action, int64_t into, int64_t other, struct fault *fault)
{
    int64_t own, pick_id;
    struct stored_pick pick;
    if (!pick_find(action->store, other, false, &pick_id, fault) ||
        !pick_find(action->store, into, false, &own, fault)) {
        return false;
    }
    if (pick_id == 0) {
        return true;
    }
    if (own != 0) {
        return fault_set(fault, FAULT_REFUSED,
            "stories %lld and %lld are both in the draft: take one of them out first",
            (long long)into, (long long)other);
    }
    if (!pick_expect_open(action, pick_id, fault) ||
        !pick_read(action->store, action->arena, pick_id, &pick, fault)) {
        return false;
    }
    pick.story = into;
    return pick_write(action, &pick, fault);
}

static bool merge_one(struct action *action, struct desk_target into, struct desk_target other,
    struct hand *hand, struct fault *fault)
{
    struct hand theirs;
    if (other.id == into.id) {
        return fault_set(
            fault, FAULT_PARSE, "story %lld cannot be merged with itself", (long long)into.id);
    }
    if (!action_expect(action, DESK_STORY, other, fault) ||
        !read_hand(action, other.id, &theirs, fault)) {
        return false;
    }
    if (hand->state == DESK_INBOX || theirs.state == DESK_PICKED) {
        hand->state = stronger(hand->state, theirs.state);
    }
    return inherit_pick(action, into.id, other.id, fault) &&
        story_move_items(action, other.id, into.id, fault) &&
        action_put(action, DESK_STORY, other.id, NULL, fault);
}

static bool merge_all(struct action *action, struct desk_target into,
    const struct desk_target *others, size_t count, struct fault *fault)
{
    struct hand hand;
    if (!action_expect(action, DESK_STORY, into, fault) ||
        !read_hand(action, into.id, &hand, fault)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (!merge_one(action, into, others[i], &hand, fault)) {
            return false;
        }
    }
    return write_hand(action, into.id, &hand, fault);
}

bool desk_merge(struct store *store, struct arena *arena, const struct config *config,
    const struct desk_action *asked, struct desk_target into, const struct desk_target *others,
    size_t count, struct desk_result *ret_result, struct fault *fault)
{
    struct action action = action_make(store, arena, config, asked, ret_result);
    if (!check_count(count, fault) || !action_begin(&action, "merge", fault)) {
        return false;
    }
    bool ok = action.repeated || merge_all(&action, into, others, count, fault);
    return action_end(&action, ok, fault);
}

/* ---- split ---- */

static bool check_members(struct action *action, int64_t story, const int64_t *items,
    size_t count, struct fault *fault)
{
    for (size_t i = 0; i < count; i++) {
        bool member;
        if (!is_item_of(action, items[i], story, &member, fault)) {
            return false;
        }
        if (!member) {
            return fault_set(fault, FAULT_PARSE,
                "items[%zu]: item %lld does not belong to story %lld", i, (long long)items[i],
                (long long)story);
        }
    }
    return true;
}

/* What stays behind must be something; and a lead by hand that leaves leads no more. */
static bool settle_rest(struct action *action, int64_t story, struct fault *fault)
{
    int64_t *items;
    size_t count;
    struct hand hand;
    bool member = true;
    if (!list_items(action, story, &items, &count, fault)) {
        return false;
    }
    if (count == 0) {
        return fault_set(
            fault, FAULT_PARSE, "items: nothing would be left of story %lld", (long long)story);
    }
    if (!read_hand(action, story, &hand, fault) ||
        (hand.lead != 0 && !is_item_of(action, hand.lead, story, &member, fault))) {
        return false;
    }
    hand.lead = member ? hand.lead : 0;
    return write_hand(action, story, &hand, fault);
}

static bool split_off(struct action *action, struct desk_target story, const int64_t *items,
    size_t count, struct fault *fault)
{
    int64_t made;
    if (count == 0) {
        return fault_set(fault, FAULT_PARSE, "items: name those that tell another story");
    }
    if (!action_expect(action, DESK_STORY, story, fault) ||
        !check_members(action, story.id, items, count, fault) ||
        !action_take_id(action, &made, fault) ||
        !action_touch(action, DESK_STORY, made, fault)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (!move_item(action, items[i], made, fault)) {
            return false;
        }
    }
    action->result->made = made;
    return story_refresh(action->store, action->config, made, fault) &&
        settle_rest(action, story.id, fault);
}

bool desk_split(struct store *store, struct arena *arena, const struct config *config,
    const struct desk_action *asked, struct desk_target story, const int64_t *items,
    size_t count, struct desk_result *ret_result, struct fault *fault)
{
    struct action action = action_make(store, arena, config, asked, ret_result);
    if (!check_count(count, fault) || !action_begin(&action, "split", fault)) {
        return false;
    }
    bool ok = action.repeated || split_off(&action, story, items, count, fault);
    return action_end(&action, ok, fault);
}
