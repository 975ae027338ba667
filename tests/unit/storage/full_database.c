#include "full_database.h"

#include <string.h>

#include "base/clock.h"
#include "briefing/learner.h"
#include "storage/accounts.h"

static void teach(void *data, const struct desk_lesson *lesson, struct buffer *out)
{
    const struct learner_event event = {
        .kind = LEARNER_PICKED, .section = lesson->section, .sight = {.relevance = 0.5f}};
    learner_event_write(&event, out);
}

static struct desk_action taught(struct desk_fixture *desk)
{
    struct desk_action action = desk_by(desk, "ada");
    action.lesson = teach;
    action.request_key = arena_printf(desk->arena, "r%lld", (long long)action.now_utc_s);
    action.request_hash = 7;
    return action;
}

static void decide(struct desk_fixture *desk, int64_t story, enum desk_state state)
{
    struct desk_action action = taught(desk);
    struct desk_decision decision = {.story = {story, DESK_ANY_VERSION}, .state = &state};
    struct desk_result result;
    desk_must(desk,
        desk_decide(desk->store, desk->arena, desk->config, &action, &decision, 1, &result,
            desk->fault));
}

static const char *publish(struct desk_fixture *desk)
{
    struct desk_action action = taught(desk);
    struct desk_publication publication;
    struct desk_result result;
    desk_must(desk,
        desk_publish_begin(desk->store, desk->arena, desk->config, &action,
            (struct desk_target){0, DESK_ANY_VERSION}, &publication, &result, desk->fault));
    desk_must(desk,
        desk_publish_finish(desk->store, desk->arena, desk->config, desk->now_utc_s++, teach,
            NULL, &result, desk->fault));
    return publication.day;
}

/* The issue is reopened and published a second time, so that an earlier version is kept. */
static void correct(struct desk_fixture *desk, const char *day)
{
    struct desk_action action = taught(desk);
    struct desk_publication publication;
    struct desk_result result;
    desk_must(desk,
        desk_reopen(
            desk->store, desk->arena, desk->config, &action, day, &result, desk->fault));
    int64_t draft = result.made;
    action = taught(desk);
    desk_must(desk,
        desk_patch_draft(desk->store, desk->arena, desk->config, &action,
            (struct desk_target){draft, DESK_ANY_VERSION}, "{\"headline\":\"第二版\"}",
            strlen("{\"headline\":\"第二版\"}"), &result, desk->fault));
    action = taught(desk);
    desk_must(desk,
        desk_publish_begin(desk->store, desk->arena, desk->config, &action,
            (struct desk_target){draft, DESK_ANY_VERSION}, &publication, &result, desk->fault));
    desk_must(desk,
        desk_publish_finish(desk->store, desk->arena, desk->config, desk->now_utc_s++, teach,
            NULL, &result, desk->fault));
}

static int64_t add_by_hand(struct desk_fixture *desk, const char *key, const char *title)
{
    struct store_addition addition = {
        .entry = fixture_entry(desk->fixture, key, 1),
        .given_url = key,
        .source = "手工",
        .other_keys = (const char *const[]){"https://t.example/short"},
        .other_key_count = 1,
        .added_utc_s = NOON + 500,
    };
    struct store_added added;
    addition.entry.title = title;
    desk_must(desk,
        store_add_item(desk->store, desk->arena, &addition, desk->config, &added, desk->fault));
    return added.item_id;
}

static void let_in(struct desk_fixture *desk)
{
    const struct account ada = {.name = "ada",
        .role = ACCOUNT_ADMIN,
        .password = "$argon2id$v=19$m=65536,t=2,p=1$c2FsdHNhbHRzYWx0c2E$cGFzc3dvcmQ",
        .created_utc_s = NOON,
        .password_utc_s = NOON};
    int64_t id;
    desk_must(desk, account_add(desk->store, &ada, &id, desk->fault));
    struct account_session session = {.account = id,
        .created_utc_s = NOON,
        .seen_utc_s = NOON,
        .idle_s = 3600,
        .expires_utc_s = NOON + DAY,
        .agent = "Browser"};
    memset(session.secret, 5, sizeof(session.secret));
    struct session_start start = {.session = &session, .password = ada.password};
    int64_t made;
    desk_must(desk, session_begin(desk->store, &start, &made, desk->fault));
    struct account_token token = {.account = id,
        .scope = ACCOUNT_READER,
        .label = "mail",
        .created_utc_s = NOON,
        .used_utc_s = CLOCK_NONE,
        .expires_utc_s = CLOCK_NONE};
    memset(token.secret, 6, sizeof(token.secret));
    desk_must(desk, token_add(desk->store, &token, &made, desk->fault));
}

static void write_rules(struct desk_fixture *desk)
{
    const struct desk_rule rule = {.kind = DESK_VENDOR,
        .section = "",
        .name = "英伟达",
        .changed_utc_s = NOON,
        .text = "vendor \"英伟达\" { aliases = { \"NVIDIA\" } }"};
    desk_must(desk, store_put_rules(desk->store, &rule, 1, desk->fault));
    const struct desk_setting setting = {"section", "papers"};
    const struct desk_feed feed = {.url = "https://added.example/feed",
        .name = "added",
        .added = true,
        .changed_utc_s = NOON,
        .settings = &setting,
        .setting_count = 1};
    desk_must(desk, store_put_feed(desk->store, &feed, desk->fault));
}

static int64_t add(struct desk_fixture *desk, const char *name, int title)
{
    return desk_add(
        desk, arena_printf(desk->arena, "https://a.example/%s", name), desk_title(title));
}

static void index_all(struct desk_fixture *desk)
{
    for (bool more = true; more;) {
        desk_must(desk, store_index_items(desk->store, 1000, &more, desk->fault));
    }
}

struct full_database full_database_build(struct fixture *fixture)
{
    struct desk_fixture *desk = desk_open(fixture);
    struct full_database full = {0};
    full.printed = add(desk, "printed", 0);
    decide(desk, full.printed, DESK_PICKED);
    full.day = publish(desk);
    correct(desk, full.day);
    full.plain = add(desk, "plain", 1);
    full.second = add(desk, "second", 2);
    full.host = add(desk, "host", 3);
    full.merged = add(desk, "merged", 4);
    full.split = add(desk, "split", 5);
    desk_join(desk, "ada", full.host, full.merged);
    desk_join(desk, "ada", full.host, full.split);
    desk_part(desk, "grace", full.host, full.split);
    full.rejected = add(desk, "rejected", 6);
    decide(desk, full.rejected, DESK_REJECTED);
    full.later = add(desk, "later", 7);
    decide(desk, full.later, DESK_LATER);
    full.picked = add(desk, "picked", 8);
    decide(desk, full.picked, DESK_PICKED);
    full.undone = add(desk, "undone", 9);
    desk_decide_state(desk, "grace", full.undone, DESK_REJECTED);
    desk_take_back(desk, "grace");
    full.by_hand = add_by_hand(desk, "https://a.example/by-hand", desk_title(10));
    desk_line(desk, "ada", "papers", 0, "一条手写的");
    desk_patch_fields(desk, "ada", "{\"guide\":\"手写的导读。\"}");
    let_in(desk);
    write_rules(desk);
    index_all(desk);
    desk_close(desk);
    return full;
}
