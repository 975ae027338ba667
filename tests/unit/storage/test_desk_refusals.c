/* What the desk and the archive refuse: too much, what is not there, what does not belong, and
 * what stands damaged in the database. Refused, it leaves everything as it was. */
#include "fault_world.h"

#include <string.h>

#include "base/clock.h"

#define DESK world->desk.store, world->desk.arena, world->desk.config
#define FAULT world->desk.fault
#define TARGET(id) ((struct desk_target){(id), DESK_ANY_VERSION})

enum { TOO_MANY = DESK_BULK_MAX + 1, NOBODY = 999999 };

static struct desk_result result;

/* ---- too much ---- */

static bool decide_many(struct fault_world *world)
{
    static struct desk_decision decisions[TOO_MANY];
    return desk_decide(DESK, &world->action, decisions, TOO_MANY, &result, FAULT);
}

static bool merge_many(struct fault_world *world)
{
    static struct desk_target others[TOO_MANY];
    return desk_merge(
        DESK, &world->action, TARGET(world->twins), others, TOO_MANY, &result, FAULT);
}

static bool split_many(struct fault_world *world)
{
    static int64_t items[TOO_MANY];
    return desk_split(
        DESK, &world->action, TARGET(world->twins), items, TOO_MANY, &result, FAULT);
}

static bool move_many(struct fault_world *world)
{
    static struct desk_move moves[TOO_MANY];
    return desk_move_picks(DESK, &world->action, moves, TOO_MANY, &result, FAULT);
}

static bool remove_many(struct fault_world *world)
{
    static struct desk_target picks[TOO_MANY];
    return desk_remove_picks(DESK, &world->action, picks, TOO_MANY, &result, FAULT);
}

/* A JSON object with one member that is too long; lives in the arena. */
static const char *long_text(struct fault_world *world, const char *member, size_t length)
{
    char *text = arena_alloc(world->desk.arena, length + 1);
    memset(text, 'a', length);
    text[length] = '\0';
    return arena_printf(world->desk.arena, "{\"%s\":\"%s\"}", member, text);
}

static bool patch_pick_long(struct fault_world *world)
{
    const char *patch = long_text(world, "title", 2 * DESK_BODY_MAX_BYTES);
    return desk_patch_pick(
        DESK, &world->action, TARGET(world->pick), patch, strlen(patch), &result, FAULT);
}

static bool patch_draft_long(struct fault_world *world)
{
    const char *patch = long_text(world, "guide", 2 << 20);
    return desk_patch_draft(
        DESK, &world->action, TARGET(0), patch, strlen(patch), &result, FAULT);
}

static bool add_line(struct fault_world *world, int64_t draft)
{
    static const char body[] = "{\"title\":\"d\"}";
    return desk_add_pick(
        DESK, &world->action, draft, "news", 0, body, strlen(body), &result, FAULT);
}

static bool add_one_more(struct fault_world *world)
{
    return add_line(world, 0);
}

static bool fill_draft(struct fault_world *world)
{
    const char *sql = arena_printf(world->desk.arena,
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
        " INSERT INTO pick (id, version, draft_id, removed, section, position, body)"
        " SELECT 100000 + i, 0, (SELECT draft_id FROM pick WHERE id = %lld), 0, 'news', 100 + "
        "i,"
        " '{}' FROM n",
        DESK_PICKS_MAX, (long long)world->pick);
    fixture_execute(world->fixture->path, sql);
    return true;
}

/* ---- what is not there, or does not belong ---- */

static bool decide_foreign_lead(struct fault_world *world)
{
    const struct desk_decision decision = {
        .story = TARGET(world->twins), .lead = &world->news[0]};
    return desk_decide(DESK, &world->action, &decision, 1, &result, FAULT);
}

static bool decide_unknown_section(struct fault_world *world)
{
    static const char *const section = "sports";
    const struct desk_decision decision = {.story = TARGET(world->twins), .section = &section};
    return desk_decide(DESK, &world->action, &decision, 1, &result, FAULT);
}

static bool split_all(struct fault_world *world)
{
    const int64_t items[] = {world->twin, world->twin};
    return desk_split(DESK, &world->action, TARGET(world->news[0]), items, 1, &result, FAULT);
}

static bool split_whole(struct fault_world *world)
{
    struct desk_story story;
    struct desk_item *items;
    size_t count;
    int64_t ids[8];
    if (!desk_read_story(DESK, world->twins, &story, &items, &count, FAULT)) {
        return true;
    }
    for (size_t i = 0; i < count; i++) {
        ids[i] = items[i].candidate.id;
    }
    return desk_split(DESK, &world->action, TARGET(world->twins), ids, count, &result, FAULT);
}

static bool read_unknown_draft(struct fault_world *world)
{
    struct desk_draft *draft;
    return desk_read_draft(DESK, NOBODY, world->desk.now_utc_s, &draft, FAULT);
}

static bool find_unknown_draft(struct fault_world *world)
{
    struct desk_target draft;
    int64_t tag;
    return desk_find_draft(world->desk.store, world->desk.arena, NOBODY, &draft, &tag, FAULT);
}

static bool add_to_unknown_draft(struct fault_world *world)
{
    return add_line(world, NOBODY);
}

static bool reopen_unknown(struct fault_world *world)
{
    return desk_reopen(DESK, &world->action, "1999-12-31", &result, FAULT);
}

static bool reopen(struct fault_world *world)
{
    struct desk_action action = desk_by(&world->desk, "ada");
    return desk_reopen(DESK, &action, world->day, &result, FAULT);
}

static bool move_day_of_correction(struct fault_world *world)
{
    static const char patch[] = "{\"day\":\"2021-03-04\"}";
    return desk_patch_draft(
        DESK, &world->action, TARGET(result.made), patch, strlen(patch), &result, FAULT);
}

/* ---- damaged ---- */

static bool damage_issues(struct fault_world *world)
{
    fixture_execute(world->fixture->path, "UPDATE issue SET document = '{\"day\":'");
    return true;
}

static bool damage_open_correction(struct fault_world *world)
{
    return reopen(world) && damage_issues(world);
}

static bool read_damaged_issue(struct fault_world *world)
{
    struct issue *issue;
    return store_read_issue(world->desk.store, world->desk.arena, world->day, &issue, FAULT);
}

static bool read_damaged_correction(struct fault_world *world)
{
    struct desk_draft *draft;
    return desk_read_draft(DESK, result.made, world->desk.now_utc_s, &draft, FAULT);
}

static bool damage_pick(struct fault_world *world)
{
    fixture_execute(world->fixture->path, "UPDATE pick SET body = '[7]'");
    return true;
}

static bool read_damaged_pick(struct fault_world *world)
{
    struct desk_draft *draft;
    return desk_read_draft(DESK, 0, world->desk.now_utc_s, &draft, FAULT);
}

#define REFUSAL(name_, run_, prepare_, kind_, said_)                                           \
    {                                                                                          \
        .operation = {.name = (name_), .run = (run_), .prepare = (prepare_)}, .kind = (kind_), \
        .said = (said_)                                                                        \
    }

static const struct fault_refusal too_much[] = {
    REFUSAL("decide on too many", decide_many, NULL, FAULT_LIMIT, "at most 1000"),
    REFUSAL("merge too many", merge_many, NULL, FAULT_LIMIT, "at most 1000"),
    REFUSAL("split too many", split_many, NULL, FAULT_LIMIT, "at most 1000"),
    REFUSAL("move too many", move_many, NULL, FAULT_LIMIT, "at most 1000"),
    REFUSAL("remove too many", remove_many, NULL, FAULT_LIMIT, "at most 1000"),
    REFUSAL("a text too long", patch_pick_long, NULL, FAULT_LIMIT, "longer than"),
    REFUSAL("texts too long", patch_draft_long, NULL, FAULT_LIMIT, "longer than"),
    REFUSAL("a line too many", add_one_more, fill_draft, FAULT_LIMIT, "500"),
};

static const struct fault_refusal foreign[] = {
    REFUSAL("another story's lead", decide_foreign_lead, NULL, FAULT_PARSE, "lead"),
    REFUSAL("a section there is not", decide_unknown_section, NULL, FAULT_PARSE, "sports"),
    REFUSAL("another story's item", split_all, NULL, FAULT_PARSE, "item"),
    REFUSAL("all of a story", split_whole, NULL, FAULT_PARSE, "items"),
    REFUSAL("read a draft there is not", read_unknown_draft, NULL, FAULT_MISSING, "999999"),
    REFUSAL("find a draft there is not", find_unknown_draft, NULL, FAULT_MISSING, "999999"),
    REFUSAL("write into none", add_to_unknown_draft, NULL, FAULT_MISSING, "999999"),
    REFUSAL("reopen none", reopen_unknown, NULL, FAULT_MISSING, "1999-12-31"),
    REFUSAL("a correction's day", move_day_of_correction, reopen, FAULT_PARSE, "correction"),
};

static const struct fault_refusal damaged[] = {
    REFUSAL(
        "read an issue", read_damaged_issue, damage_issues, FAULT_PARSE, "the stored issue"),
    REFUSAL("reopen an issue", reopen, damage_issues, FAULT_PARSE, ""),
    REFUSAL("a correction", read_damaged_correction, damage_open_correction, FAULT_PARSE,
        "the issue of"),
    REFUSAL("a pick", read_damaged_pick, damage_pick, FAULT_PARSE, "pick"),
};

static void too_much_is_refused_whole(void **state)
{
    fault_world_refuse(*state, too_much, array_count(too_much));
}

static void what_is_not_there_or_does_not_belong_is_refused(void **state)
{
    fault_world_refuse(*state, foreign, array_count(foreign));
}

static void what_stands_damaged_is_said_and_not_made_worse(void **state)
{
    fault_world_refuse(*state, damaged, array_count(damaged));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        storage_test(too_much_is_refused_whole),
        storage_test(what_is_not_there_or_does_not_belong_is_refused),
        storage_test(what_stands_damaged_is_said_and_not_made_worse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
