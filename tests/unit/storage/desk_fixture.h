/* What the tests of the desk share: a store with a configuration of three sections and two
 * feeds, items by a line, and every action by a short call. Everything returned lives until the
 * end of the test. */
#ifndef TESTS_STORAGE_DESK_FIXTURE_H
#define TESTS_STORAGE_DESK_FIXTURE_H

#include "fixture.h"

#include "storage/desk.h"

#define TITLE "Quantised inference on a Cortex-M7 in four kilobytes"

struct desk_fixture {
    struct fixture *fixture;
    struct store *store;
    struct config *config; /* sections: news (fallback), papers, brief (one line) */
    struct config_section *sections;
    struct arena *arena;
    struct fault *fault;
    int64_t now_utc_s; /* of the next action; every action takes a second */
};

struct desk_fixture *desk_open(struct fixture *fixture);
void desk_close(struct desk_fixture *desk);
void desk_reopen_store(struct desk_fixture *desk); /* as a restart of the program does */

/* Fail with the sentence of the fault unless `ok`. */
void desk_must(struct desk_fixture *desk, bool ok);

/* An entry of the feed "arxiv" (or `feed`) with this key; its item. Again: an edit. */
int64_t desk_add(struct desk_fixture *desk, const char *key, const char *title);
int64_t desk_add_from(
    struct desk_fixture *desk, const char *feed, const char *key, const char *title);
/* The n-th of many titles that have nothing to do with each other. */
const char *desk_title(int n);

int64_t desk_story_of(struct desk_fixture *desk, int64_t item);
struct desk_action desk_by(struct desk_fixture *desk, const char *editor);

/* Actions with any version; they must succeed. */
struct desk_result desk_decide_state(
    struct desk_fixture *desk, const char *editor, int64_t story, enum desk_state state);
struct desk_result desk_patch(
    struct desk_fixture *desk, const char *editor, int64_t pick, const char *patch);
struct desk_result desk_patch_fields(
    struct desk_fixture *desk, const char *editor, const char *patch);
struct desk_result desk_move(struct desk_fixture *desk, const char *editor, int64_t pick,
    const char *section, int64_t before);
int64_t desk_line(struct desk_fixture *desk, const char *editor, const char *section,
    int64_t before, const char *title);
struct desk_result desk_take_back(struct desk_fixture *desk, const char *editor);
struct desk_result desk_do_again(struct desk_fixture *desk, const char *editor);
struct desk_result desk_join(
    struct desk_fixture *desk, const char *editor, int64_t into, int64_t other);
int64_t desk_part(struct desk_fixture *desk, const char *editor, int64_t story, int64_t item);

struct desk_page desk_list(struct desk_fixture *desk, enum desk_state state);
struct desk_draft *desk_draft(struct desk_fixture *desk);
void desk_import(struct desk_fixture *desk, const char *day, const char *markdown);

#endif
