#include "fault_world.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hash.h"
#include "failing_calls.h"
#include "storage/accounts.h"

enum { CALLS_MAX = 20000 }; /* of one operation: more is a loop that never ends */

/* ---- the newsroom ---- */

static void write_lesson(void *data, const struct desk_lesson *lesson, struct buffer *out)
{
    buffer_printf(out, "%d %lld", (int)lesson->kind, (long long)lesson->story);
}

static void publish(struct fault_world *world, struct desk_fixture *desk)
{
    struct desk_action action = desk_by(desk, "ada");
    struct desk_publication publication;
    struct desk_result result;
    action.lesson = write_lesson;
    desk_must(desk,
        desk_publish_begin(desk->store, desk->arena, desk->config, &action,
            (struct desk_target){0, DESK_ANY_VERSION}, &publication, &result, desk->fault));
    desk_must(desk,
        desk_publish_finish(desk->store, desk->arena, desk->config, desk->now_utc_s++,
            write_lesson, NULL, &result, desk->fault));
    world->day = publication.day;
}

static void add_people(struct fault_world *world, struct desk_fixture *desk)
{
    struct fault *fault = desk->fault;
    struct account ada = {0, "ada", ACCOUNT_ADMIN, "$argon2id$1", NOON, NOON};
    struct account rob = {0, "rob", ACCOUNT_READER, "$argon2id$2", NOON, NOON};
    desk_must(desk, account_add(desk->store, &ada, &world->admin, fault));
    desk_must(desk, account_add(desk->store, &rob, &world->reader, fault));
    struct account_session session = {.account = world->reader,
        .secret = "session",
        .created_utc_s = NOON,
        .seen_utc_s = NOON,
        .idle_s = 3600,
        .expires_utc_s = NOON + 30 * DAY};
    struct session_start start = {&session, "$argon2id$2", NULL, 0};
    desk_must(desk, session_begin(desk->store, &start, &world->session, fault));
    struct account_token token = {.account = world->reader,
        .scope = ACCOUNT_READER,
        .secret = "token",
        .label = "mail",
        .created_utc_s = NOON,
        .used_utc_s = CLOCK_NONE,
        .expires_utc_s = CLOCK_NONE};
    desk_must(desk, token_add(desk->store, &token, &world->token, fault));
}

static void add_wishes(struct desk_fixture *desk)
{
    static const struct desk_setting settings[] = {{"section", "papers"}, {"weight", "2"}};
    const struct desk_feed feed = {.url = "https://desk.example/feed",
        .name = "desk",
        .added = true,
        .changed_utc_s = NOON,
        .settings = settings,
        .setting_count = 2};
    const struct desk_rule rule = {DESK_RULE, "news", "x", NOON, "text"};
    desk_must(desk, store_put_feed(desk->store, &feed, desk->fault));
    desk_must(desk, store_put_rules(desk->store, &rule, 1, desk->fault));
}

static void add_by_hand(struct desk_fixture *desk)
{
    static const char *const others[] = {"https://s.example/1"};
    struct store_addition addition = {
        .entry = fixture_entry(desk->fixture, "https://h.example/1", 1),
        .given_url = "https://s.example/1",
        .source = "By hand",
        .other_keys = others,
        .other_key_count = 1,
        .added_utc_s = NOON,
    };
    struct store_added added;
    desk_must(desk,
        store_add_item(desk->store, desk->arena, &addition, desk->config, &added, desk->fault));
}

static const char july[] =
    "# T (2020-07-01)\n\n## News\n\n"
    "- [Neoverse servers outrun Graviton | A](https://o.example/neoverse)  \n"
    "- [A week of rain in Lisbon | A](https://o.example/rain)  \n> quoted\n";

/* Released ones share a bundle; one of them carries every optional column. */
static void add_items(struct fault_world *world, struct desk_fixture *desk)
{
    for (int i = 0; i < 6; i++) {
        const char *key = arena_printf(desk->arena, "https://a.example/%d", i);
        world->news[i] = desk_add(desk, key, desk_title(i));
    }
    fixture_execute(desk->fixture->path,
        "UPDATE item SET bundle = 'o/r', tags = 'CVPR2021', vendor = 'Arm', language = 'en'");
    int64_t first = desk_add(desk, "https://a.example/twin1", "Neoverse V1 brings vectors");
    world->twin = desk_add_from(desk, "lwn", "https://a.example/twin2", desk_title(7));
    world->twins = desk_story_of(desk, first);
    desk_join(desk, "ada", world->twins, desk_story_of(desk, world->twin));
}

static void build_issue_and_draft(struct fault_world *world, struct desk_fixture *desk)
{
    int64_t printed = desk_add(desk, "https://a.example/printed", desk_title(8));
    desk_decide_state(desk, "ada", desk_story_of(desk, printed), DESK_PICKED);
    publish(world, desk);
    int64_t item = desk_add(desk, "https://a.example/picked", desk_title(9));
    world->picked = desk_story_of(desk, item);
    desk_decide_state(desk, "ada", world->picked, DESK_PICKED);
    world->pick = fixture_query_int(desk->fixture, "SELECT max(id) FROM pick");
    world->line = desk_line(desk, "ada", "news", 0, "by hand");
    world->other_line = desk_line(desk, "eva", "news", 0, "another");
    int64_t later = desk_add(desk, "https://a.example/later", desk_title(10));
    desk_decide_state(desk, "eva", desk_story_of(desk, later), DESK_LATER);
    desk_patch(desk, "ada", world->pick, "{\"title\":\"patched\"}");
    desk_take_back(desk, "ada"); /* something to do again */
}

static void open_world(struct fault_world *world, struct fixture *fixture)
{
    *world = (struct fault_world){.fixture = fixture};
    struct desk_fixture *desk = desk_open(fixture);
    desk_import(desk, "2020-07-01", july);
    add_items(world, desk);
    add_by_hand(desk);
    build_issue_and_draft(world, desk);
    add_wishes(desk);
    add_people(world, desk);
    for (bool more = true; more;) {
        desk_must(desk, store_index_items(desk->store, 1000, &more, desk->fault));
    }
    desk_add(desk, "https://a.example/unindexed", "Unindexed, as yet");
    desk_add(desk, "https://a.example/1", "Edited: what stood in the index is stale");
    world->desk = *desk;
    world->now_utc_s = desk->now_utc_s;
    world->desk.store = NULL;
    world->desk.arena = &world->arena;
    world->kept = fixture_path(fixture, "kept.db");
    store_close(desk->store); /* and its WAL is in the file */
    if (rename(fixture->path, world->kept) != 0) {
        fail_msg("%s", "the newsroom cannot be kept");
    }
}

static void close_world(struct fault_world *world)
{
    config_unref(world->desk.config);
    arena_release(&world->arena);
}

/* ---- what is stored ---- */

static uint64_t hash_row(uint64_t hash, sqlite3_stmt *row)
{
    for (int i = 0; i < sqlite3_column_count(row); i++) {
        const void *bytes = sqlite3_column_blob(row, i);
        int length = sqlite3_column_bytes(row, i);
        int type = sqlite3_column_type(row, i);
        hash = hash_bytes(hash, &type, sizeof(type));
        hash = hash_bytes(hash, &length, sizeof(length));
        hash = length > 0 ? hash_bytes(hash, bytes, (size_t)length) : hash;
    }
    return hash;
}

static uint64_t hash_table(sqlite3 *db, const char *name)
{
    char sql[128];
    snprintf(sql, sizeof(sql), "SELECT * FROM \"%s\"", name);
    sqlite3_stmt *rows = NULL;
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &rows, NULL), SQLITE_OK);
    uint64_t hash = HASH_START;
    while (sqlite3_step(rows) == SQLITE_ROW) {
        hash = hash_row(hash, rows);
    }
    assert_int_equal(sqlite3_finalize(rows), SQLITE_OK);
    return hash;
}

/* Every table and what is in it: "draft 82a1…" a line. */
static const char *read_tables(struct fault_world *world)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *tables = NULL;
    struct buffer out;
    buffer_init(&out, 1 << 16);
    assert_int_equal(sqlite3_open(world->fixture->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db,
                         "SELECT name FROM sqlite_schema WHERE type = 'table'"
                         " AND sql NOT LIKE 'CREATE VIRTUAL %' ORDER BY name",
                         -1, &tables, NULL),
        SQLITE_OK);
    while (sqlite3_step(tables) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(tables, 0);
        buffer_printf(&out, "%s %llx\n", name, (unsigned long long)hash_table(db, name));
    }
    sqlite3_finalize(tables);
    sqlite3_close(db);
    const char *text = arena_strdup(&world->fixture->arena, out.data);
    buffer_release(&out);
    return text;
}

/* ---- a round ---- */

static void copy_newsroom(struct fault_world *world)
{
    const char *path = world->fixture->path;
    unlink(path);
    unlink(arena_printf(&world->arena, "%s-wal", path));
    unlink(arena_printf(&world->arena, "%s-shm", path));
    int from = open(world->kept, O_RDONLY | O_CLOEXEC);
    int to = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    struct stat kept;
    assert_int_equal(fstat(from, &kept), 0);
    assert_int_equal(sendfile(to, from, NULL, (size_t)kept.st_size), kept.st_size);
    close(from);
    close(to);
}

static void begin_round(struct fault_world *world, const struct fault_operation *operation)
{
    arena_clear(&world->arena);
    copy_newsroom(world);
    *world->desk.fault = (struct fault){0};
    world->desk.now_utc_s = world->now_utc_s;
    world->action = (struct desk_action){
        .editor = "ada",
        .now_utc_s = world->now_utc_s + DAY,
        .request_key = "key",
        .request_hash = 7,
        .lesson = write_lesson,
    };
    world->desk.store = operation->opens ? NULL : fixture_open(world->fixture);
    if (operation->prepare != NULL) {
        desk_must(&world->desk, operation->prepare(world));
    }
}

static void end_round(struct fault_world *world)
{
    store_close(world->desk.store);
    world->desk.store = NULL;
}

/* What an operation is right to go on without. */
static bool is_forgiven(const char *failed)
{
    static const char *const forgiven[] = {
        "sqlite3_exec 'PRAGMA synchronous = NORMAL'", /* committed is committed */
        "sqlite3_step 'ROLLBACK'", /* the end of a reading, which has what it wanted */
        "open 'a nameless file'",  /* room beside the memory: the memory does */
        "pwrite ''",               /* who holds the lock, for people: the lock holds without */
    };
    for (size_t i = 0; i < array_count(forgiven); i++) {
        if (strcmp(failed, forgiven[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* The lines of `now` that `expected` has not, to say what is different. */
static const char *find_difference(
    struct fault_world *world, const char *now, const char *expected)
{
    struct buffer out;
    buffer_init(&out, 1 << 16);
    char *copy = arena_strdup(&world->arena, now), *place = NULL;
    for (char *line = strtok_r(copy, "\n", &place); line != NULL;
         line = strtok_r(NULL, "\n", &place)) {
        if (strstr(expected, line) == NULL) {
            buffer_printf(&out, " %.*s", (int)strcspn(line, " "), line);
        }
    }
    const char *text = arena_strdup(&world->arena, out.data);
    buffer_release(&out);
    return text;
}

static void check_failure(struct fault_world *world, const struct fault_operation *operation,
    const char *failed, bool ok, const char *before, const char *after)
{
    const struct fault *fault = world->desk.fault;
    const char *now = read_tables(world);
    if (ok && !operation->forgives && !is_forgiven(failed)) {
        fail_msg("%s: went well although %s failed", operation->name, failed);
    }
    if (!ok &&
        (fault->kind != FAULT_STORE || strstr(fault->message, failing_calls_cause()) == NULL)) {
        fail_msg("%s: after %s, which said '%s', the fault is '%s'", operation->name, failed,
            failing_calls_cause(), fault->message);
    }
    if (operation->in_steps && strcmp(now, after) == 0) {
        return;
    }
    if (strcmp(now, ok ? after : before) != 0) {
        fail_msg("%s: %s failed, and these tables are not as %s:%s", operation->name, failed,
            ok ? "after" : "before", find_difference(world, now, ok ? after : before));
    }
}

/* Without a fault from here on: the connection is as good as ever. */
static void check_recovery(struct fault_world *world, const struct fault_operation *operation,
    const char *failed, const char *after)
{
    if (!operation->run(world)) {
        fail_msg("%s: after %s had failed it does not go on: %s", operation->name, failed,
            world->desk.fault->message);
    }
    const char *now = read_tables(world);
    if (strcmp(now, after) != 0) {
        fail_msg("%s: %s failed; tried again, the tables are\n%s\nand not\n%s", operation->name,
            failed, now, after);
    }
}

/* False when fewer than `nth` calls were made. */
static bool try_nth(struct fault_world *world, const struct fault_operation *operation, int nth,
    const char *before, const char *after)
{
    begin_round(world, operation);
    failing_calls_arm(nth);
    bool ok = operation->run(world);
    const char *failed = failing_calls_disarm();
    if (operation->look != NULL) {
        operation->look(world, ok, failed);
    }
    if (failed != NULL) {
        check_failure(world, operation, failed, ok, before, after);
        if (!ok) {
            check_recovery(world, operation, failed, after);
        }
    }
    end_round(world);
    return failed != NULL;
}

/* The number of the first call to fail. */
static int first_call(struct fault_world *world, const struct fault_operation *operation)
{
    if (operation->begins_with == NULL && operation->last == 0) {
        return 1;
    }
    begin_round(world, operation);
    failing_calls_arm(CALLS_MAX);
    bool whole = operation->begins_with == NULL;
    desk_must(&world->desk, (whole ? operation->run : operation->begins_with)(world));
    int made = failing_calls_made();
    failing_calls_disarm();
    end_round(world);
    if (!whole) {
        return made;
    }
    return made > operation->last ? made - operation->last + 1 : 1;
}

static void try_each(struct fault_world *world, const struct fault_operation *operation,
    const char *before, const char *after)
{
    int first = first_call(world, operation), nth = first, tried = 0;
    while (nth < CALLS_MAX && try_nth(world, operation, nth, before, after)) {
        nth += operation->apart == 0 ? 1 : operation->apart;
        tried++;
    }
    if (tried == 0 || nth >= CALLS_MAX) {
        fail_msg("%s: %d of its calls fail", operation->name, tried);
    }
    print_message(
        "%s: %d calls failed once each, from number %d\n", operation->name, tried, first);
}

/* Every call of it fails once. */
static void try_operation(struct fault_world *world, const struct fault_operation *operation)
{
    begin_round(world, operation);
    const char *before = read_tables(world);
    if (!operation->run(world)) {
        fail_msg("%s: %s", operation->name, world->desk.fault->message);
    }
    if (operation->look != NULL) {
        operation->look(world, true, NULL);
    }
    const char *after = read_tables(world);
    end_round(world);
    try_each(world, operation, before, after);
}

void fault_world_try_in(struct fixture *fixture, fault_world_fill *fill,
    const struct fault_operation *operations, size_t count)
{
    struct fault_world world;
    open_world(&world, fixture);
    if (fill != NULL) {
        fill(fixture, world.kept);
    }
    for (size_t i = 0; i < count; i++) {
        try_operation(&world, &operations[i]);
    }
    close_world(&world);
}

void fault_world_try(
    struct fixture *fixture, const struct fault_operation *operations, size_t count)
{
    fault_world_try_in(fixture, NULL, operations, count);
}

static void check_refusal(struct fault_world *world, const struct fault_refusal *refusal)
{
    const char *name = refusal->operation.name;
    const struct fault *fault = world->desk.fault;
    begin_round(world, &refusal->operation);
    const char *before = read_tables(world);
    if (refusal->operation.run(world)) {
        fail_msg("%s: was not refused", name);
    }
    if (fault->kind != refusal->kind || strstr(fault->message, refusal->said) == NULL) {
        fail_msg("%s: %s: %s", name, fault_kind_name(fault->kind), fault->message);
    }
    const char *now = read_tables(world);
    if (strcmp(now, before) != 0) {
        fail_msg("%s: was refused, and changed%s", name, find_difference(world, now, before));
    }
    end_round(world);
}

static void do_twice(struct fault_world *world, const struct fault_operation *operation,
    const struct desk_result *result)
{
    begin_round(world, operation);
    desk_must(&world->desk, operation->run(world));
    const char *once = read_tables(world);
    bool known = result->repeated;
    desk_must(&world->desk, operation->run(world));
    if (known || !result->repeated || strcmp(read_tables(world), once) != 0) {
        fail_msg("%s: is done twice", operation->name);
    }
    end_round(world);
}

void fault_world_repeat(struct fixture *fixture, const struct fault_operation *operations,
    size_t count, const struct desk_result *result)
{
    struct fault_world world;
    open_world(&world, fixture);
    for (size_t i = 0; i < count; i++) {
        do_twice(&world, &operations[i], result);
    }
    close_world(&world);
}

void fault_world_refuse(
    struct fixture *fixture, const struct fault_refusal *refusals, size_t count)
{
    struct fault_world world;
    open_world(&world, fixture);
    for (size_t i = 0; i < count; i++) {
        check_refusal(&world, &refusals[i]);
    }
    close_world(&world);
}
