#include "desk_fixture.h"

#include <string.h>

#include "base/clock.h"

static const char text[] =
    "briefing {\n"
    "    title = \"Brief\"\n"
    "    language = en\n"
    "    interval = 14d\n"
    "}\n"
    "section news {\n    title = News\n    limit = 0\n    fallback = true\n}\n"
    "section papers {\n    title = Papers\n    form = paper\n    limit = 0\n}\n"
    "section brief {\n    title = Brief\n    form = oneline\n    limit = 0\n}\n"
    "feed arxiv {\n    url = \"https://arxiv.example/feed\"\n}\n"
    "feed lwn {\n    url = \"https://lwn.example/feed\"\n}\n";

struct desk_fixture *desk_open(struct fixture *fixture)
{
    struct desk_fixture *desk = arena_new(&fixture->arena, struct desk_fixture);
    struct problems problems;
    problems_init(&problems);
    *desk = (struct desk_fixture){
        .fixture = fixture,
        .config = config_parse(text, "feeds.conf", &problems),
        .arena = &fixture->arena,
        .fault = &fixture->fault,
        .now_utc_s = NOON + 1000,
    };
    if (desk->config == NULL) {
        fail_msg("feeds.conf:%d: %s", problems.items[0].line, problems.items[0].message);
    }
    problems_release(&problems);
    desk->sections = desk->config->sections;
    desk->store = fixture_open(fixture);
    return desk;
}

void desk_close(struct desk_fixture *desk)
{
    store_close(desk->store);
    config_unref(desk->config);
}

void desk_reopen_store(struct desk_fixture *desk)
{
    store_close(desk->store);
    desk->store = fixture_open(desk->fixture);
}

void desk_must(struct desk_fixture *desk, bool ok)
{
    fixture_must(desk->fixture, ok);
}

int64_t desk_add_from(
    struct desk_fixture *desk, const char *feed, const char *key, const char *title)
{
    struct feed_state state = fixture_feed(desk->fixture, desk->store, feed);
    struct store_entry entry = fixture_entry(desk->fixture, key, 1);
    entry.title = title;
    entry.summary = NULL;
    entry.content_hash++;
    entry.content_hash += strlen(title) * 31 + (unsigned char)title[0];
    struct store_document *document = fixture_document(desk->fixture, &state, 1, &entry, 1);
    desk_must(desk, store_commit(desk->store, &document, 1, desk->config, desk->fault));
    const char *sql = arena_printf(desk->arena, "SELECT id FROM item WHERE key = '%s'", key);
    return fixture_query_int(desk->fixture, sql);
}

int64_t desk_add(struct desk_fixture *desk, const char *key, const char *title)
{
    return desk_add_from(desk, "arxiv", key, title);
}

const char *desk_title(int n)
{
    static const char *const titles[] = {
        "Kernel 5.9 brings a scheduler for asymmetric cores",
        "How we moved our monorepo away from submodules",
        "Rust bindings arrive in the browser's media stack",
        "A retrospective on twenty years of spam filtering",
        "Tiny satellites photograph the melting of glaciers",
        "Oscilloscope restoration, part three: capacitors",
        "Why database indexes grow faster than tables do",
        "Municipal libraries lend measuring instruments",
        "Speech recognition without a cloud, on a watch",
        "The accordion is an underestimated synthesizer",
        "Bicycle couriers plan their routes by simulated annealing",
        "Museum digitises glass negatives of harbour cranes",
    };
    return titles[(size_t)n % array_count(titles)];
}

int64_t desk_story_of(struct desk_fixture *desk, int64_t item)
{
    int64_t story;
    desk_must(desk, desk_find_story(desk->store, item, &story, desk->fault));
    return story;
}

struct desk_action desk_by(struct desk_fixture *desk, const char *editor)
{
    return (struct desk_action){.editor = editor, .now_utc_s = desk->now_utc_s++};
}

struct desk_result desk_decide_state(
    struct desk_fixture *desk, const char *editor, int64_t story, enum desk_state state)
{
    struct desk_action action = desk_by(desk, editor);
    struct desk_decision decision = {.story = {story, DESK_ANY_VERSION}, .state = &state};
    struct desk_result result;
    desk_must(desk,
        desk_decide(desk->store, desk->arena, desk->config, &action, &decision, 1, &result,
            desk->fault));
    return result;
}

struct desk_result desk_patch(
    struct desk_fixture *desk, const char *editor, int64_t pick, const char *patch)
{
    struct desk_action action = desk_by(desk, editor);
    struct desk_result result;
    desk_must(desk,
        desk_patch_pick(desk->store, desk->arena, desk->config, &action,
            (struct desk_target){pick, DESK_ANY_VERSION}, patch, strlen(patch), &result,
            desk->fault));
    return result;
}

struct desk_result desk_patch_fields(
    struct desk_fixture *desk, const char *editor, const char *patch)
{
    struct desk_action action = desk_by(desk, editor);
    struct desk_result result;
    desk_must(desk,
        desk_patch_draft(desk->store, desk->arena, desk->config, &action,
            (struct desk_target){0, DESK_ANY_VERSION}, patch, strlen(patch), &result,
            desk->fault));
    return result;
}

struct desk_result desk_move(struct desk_fixture *desk, const char *editor, int64_t pick,
    const char *section, int64_t before)
{
    struct desk_action action = desk_by(desk, editor);
    struct desk_move move = {{pick, DESK_ANY_VERSION}, section, before};
    struct desk_result result;
    desk_must(desk,
        desk_move_picks(
            desk->store, desk->arena, desk->config, &action, &move, 1, &result, desk->fault));
    return result;
}

int64_t desk_line(struct desk_fixture *desk, const char *editor, const char *section,
    int64_t before, const char *title)
{
    struct desk_action action = desk_by(desk, editor);
    const char *body = arena_printf(desk->arena, "{\"title\":\"%s\"}", title);
    struct desk_result result;
    desk_must(desk,
        desk_add_pick(desk->store, desk->arena, desk->config, &action, 0, section, before, body,
            strlen(body), &result, desk->fault));
    return result.made;
}

struct desk_result desk_take_back(struct desk_fixture *desk, const char *editor)
{
    struct desk_action action = desk_by(desk, editor);
    struct desk_result result;
    desk_must(
        desk, desk_undo(desk->store, desk->arena, desk->config, &action, &result, desk->fault));
    return result;
}

struct desk_result desk_do_again(struct desk_fixture *desk, const char *editor)
{
    struct desk_action action = desk_by(desk, editor);
    struct desk_result result;
    desk_must(
        desk, desk_redo(desk->store, desk->arena, desk->config, &action, &result, desk->fault));
    return result;
}

struct desk_result desk_join(
    struct desk_fixture *desk, const char *editor, int64_t into, int64_t other)
{
    struct desk_action action = desk_by(desk, editor);
    struct desk_target target = {other, DESK_ANY_VERSION};
    struct desk_result result;
    desk_must(desk,
        desk_merge(desk->store, desk->arena, desk->config, &action,
            (struct desk_target){into, DESK_ANY_VERSION}, &target, 1, &result, desk->fault));
    return result;
}

int64_t desk_part(struct desk_fixture *desk, const char *editor, int64_t story, int64_t item)
{
    struct desk_action action = desk_by(desk, editor);
    struct desk_result result;
    desk_must(desk,
        desk_split(desk->store, desk->arena, desk->config, &action,
            (struct desk_target){story, DESK_ANY_VERSION}, &item, 1, &result, desk->fault));
    return result.made;
}

struct desk_page desk_list(struct desk_fixture *desk, enum desk_state state)
{
    struct desk_filter filter = {
        .state = state, .from_utc_s = CLOCK_NONE, .to_utc_s = CLOCK_NONE, .limit = 200};
    struct desk_page page;
    desk_must(desk,
        desk_list_stories(desk->store, desk->arena, desk->config, &filter, &page, desk->fault));
    return page;
}

struct desk_draft *desk_draft(struct desk_fixture *desk)
{
    struct desk_draft *draft;
    desk_must(desk,
        desk_read_draft(
            desk->store, desk->arena, desk->config, 0, desk->now_utc_s, &draft, desk->fault));
    return draft;
}

void desk_import(struct desk_fixture *desk, const char *day, const char *markdown)
{
    struct issue_reading reading = issue_read_markdown(
        desk->arena, desk->config, day, markdown, strlen(markdown));
    enum store_issue_change change;
    desk_must(desk, store_import_issue(desk->store, &reading, &change, desk->fault));
}
