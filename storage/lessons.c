/* What a decision means is told from the states before and after, so that one action in bulk
 * gives one lesson a story, whatever the order of its parts. The store keeps the bytes the
 * learner makes of it and does not look into them. */
#include "storage/lessons.h"

#include <assert.h>
#include <string.h>

#include "storage/stories.h"
#include "storage/verdicts.h"

enum {
    LESSON_MAX_BYTES = 64 << 10,
    LESSON_EVENTS_MAX = 200, /* of one call */
};

static bool write_lesson(struct action *action, const struct buffer *bytes, struct fault *fault)
{
    cleanup(statement_donep) struct statement *add = statement_get(
        action->store, STATEMENT_ADD_LESSON, fault);
    if (add == NULL) {
        return false;
    }
    bind_int(add, action->event);
    bind_blob(add, bytes->data, bytes->length);
    return statement_run(add, fault);
}

static bool teach(
    struct action *action, const struct planned_lesson *planned, struct fault *fault)
{
    int64_t lead;
    struct stale_item seen;
    if (!statement_find_int(action->store, STATEMENT_FIND_LEAD, planned->story, &lead, fault)) {
        return false;
    }
    bool found;
    if (!item_read_for_judge(
            action->store, action->arena, action->config, lead, &seen, &found, fault)) {
        return false;
    }
    if (!found) {
        return true;
    }
    cleanup(buffer_release) struct buffer bytes;
    buffer_init(&bytes, LESSON_MAX_BYTES);
    const struct desk_lesson lesson = {
        planned->kind, planned->story, planned->section, &seen.item};
    action->asked->lesson(action->asked->lesson_data, &lesson, &bytes);
    return bytes.length == 0 || buffer_failed(&bytes) || write_lesson(action, &bytes, fault);
}

/* What became of a story, as a lesson; false when it is none. */
static bool find_meaning(const struct touched *touched, const char *state, const char *section,
    enum desk_lesson_kind *ret_kind)
{
    if (state == NULL || touched->state == NULL) {
        return false;
    }
    bool changed = strcmp(touched->state, state) != 0;
    if (changed && strcmp(state, desk_state_name(DESK_PICKED)) == 0) {
        *ret_kind = DESK_LESSON_PICKED;
    } else if (changed && strcmp(state, desk_state_name(DESK_REJECTED)) == 0) {
        *ret_kind = DESK_LESSON_REJECTED;
    } else if (strcmp(touched->section, section) != 0) {
        *ret_kind = DESK_LESSON_MOVED;
    } else {
        return false;
    }
    return true;
}

static bool plan_from_stories(struct action *action, struct fault *fault)
{
    for (size_t i = 0; i < action->touched_count; i++) {
        const struct touched *touched = &action->touched[i];
        const char *state, *section;
        enum desk_lesson_kind kind;
        if (touched->kind != DESK_STORY) {
            continue;
        }
        if (!story_stand(action->store, action->arena, touched->id, &state, &section, fault)) {
            return false;
        }
        if (find_meaning(touched, state, section, &kind)) {
            action_teach(
                action, kind, touched->id, kind == DESK_LESSON_REJECTED ? NULL : section);
        }
    }
    return true;
}

bool lessons_write(struct action *action, struct fault *fault)
{
    if (action->asked->lesson == NULL) {
        return true;
    }
    if (!action->teaches_not && !plan_from_stories(action, fault)) {
        return false;
    }
    for (size_t i = 0; i < action->lesson_count; i++) {
        if (!teach(action, &action->lessons[i], fault)) {
            return false;
        }
    }
    return true;
}

/* ---- reading ---- */

static void read_lesson(struct statement *row, struct arena *arena, void *item)
{
    struct desk_taught *lesson = item;
    lesson->event = column_int(row);
    lesson->bytes = column_blob(row, arena, &lesson->length);
}

bool desk_read_lessons(struct store *store, struct arena *arena, int64_t event,
    struct desk_taught **ret_lessons, size_t *ret_count, struct fault *fault)
{
    cleanup(statement_donep) struct statement *list = statement_get(
        store, STATEMENT_LIST_LESSONS, fault);
    if (list == NULL) {
        return false;
    }
    bind_int(list, event);
    bind_int(list, LESSON_EVENTS_MAX);
    *ret_lessons = statement_rows(
        list, arena, sizeof(**ret_lessons), read_lesson, ret_count, fault);
    return *ret_lessons != NULL;
}
