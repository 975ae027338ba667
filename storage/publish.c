/* Publishing in two steps with the file in between.
 *
 * A transaction cannot hold a file and a database together, so the database says first what it
 * is about to do: the whole document, frozen, in the row of the publication. Then the file is
 * written, which may be done again any number of times with the same bytes; then one
 * transaction makes the issue of it. A crash before the first leaves a draft, a crash after it
 * a publication that is finished at the next start, and none leaves half of anything.
 *
 * The machine's suggestions that were printed become picks, so that the draft of an issue says
 * all that was in it, and a correction finds them. Their ids are taken when the document is
 * frozen; by the document alone one sees which line is whose. */
#include <string.h>

#include "base/clock.h"
#include "briefing/issue_item.h"
#include "storage/candidates.h"
#include "storage/drafts.h"
#include "storage/issues.h"
#include "storage/printed.h"

enum {
    DOCUMENT_MAX_BYTES = 16 << 20,
    STORIES_MAX_BYTES = 1 << 16,
    PASSED_OVER_MAX = 2000, /* as many as the draft chooses among */
    ADOPTED_STEP = 1 << 30, /* between lines of the machine, behind hers */
};

/* ---- the row ---- */

struct stored_publication {
    struct desk_publication shown;
    const char *stories;     /* JSON: the story of every line in printing order */
    const char *request_key; /* answered when the issue is made; NULL: none */
    uint64_t request_hash;
};

static bool find_publication(struct store *store, struct arena *arena,
    struct stored_publication *ret_publication, bool *ret_found, struct fault *fault)
{
    cleanup(statement_donep) struct statement *find = statement_get(
        store, STATEMENT_FIND_PUBLICATION, fault);
    if (find == NULL || !statement_next(find, ret_found, fault)) {
        return false;
    }
    if (!*ret_found) {
        return true;
    }
    struct desk_publication *shown = &ret_publication->shown;
    *ret_publication = (struct stored_publication){0};
    shown->draft = column_int(find);
    shown->day = column_text(find, arena);
    shown->version = (int)column_int(find);
    shown->editor = column_text(find, arena);
    shown->utc_s = column_time(find);
    shown->document = column_text(find, arena);
    ret_publication->stories = column_text(find, arena);
    ret_publication->request_key = column_text(find, arena);
    ret_publication->request_hash = column_hash(find);
    return issue_read_json(
               arena, shown->document, strlen(shown->document), &shown->issue, fault) ||
        fault_prefix(fault, "the issue that is being published: ");
}

bool desk_read_publication(struct store *store, struct arena *arena,
    struct desk_publication **ret_publication, struct fault *fault)
{
    struct stored_publication *found = arena_new(arena, struct stored_publication);
    bool there;
    if (!find_publication(store, arena, found, &there, fault)) {
        return false;
    }
    *ret_publication = there ? &found->shown : NULL;
    return true;
}

/* ---- first step ---- */

static bool expect_unpublished(struct action *action, const struct stored_draft *draft,
    struct desk_target target, struct fault *fault)
{
    if (!draft->open) {
        return fault_set(fault, FAULT_REFUSED, "this draft was published already");
    }
    if (target.version == DESK_ANY_VERSION || target.version == draft->tag) {
        return true;
    }
    target.id = draft->id; /* 0 is the next issue's */
    return action_conflict(action, DESK_DRAFT, target, draft->tag, fault);
}

static bool expect_idle(struct action *action, struct fault *fault)
{
    struct stored_publication other;
    bool busy;
    return find_publication(action->store, action->arena, &other, &busy, fault) &&
        (!busy ||
            fault_set(fault, FAULT_REFUSED,
                "the issue of %s is being published: wait until its file is written",
                other.shown.day));
}

static bool check_issue(struct action *action, const struct stored_draft *draft,
    const struct issue *issue, int64_t *ret_version, struct fault *fault)
{
    struct archived archived;
    size_t lines = 0;
    for (size_t i = 0; i < issue->section_count; i++) {
        lines += issue->sections[i].item_count;
    }
    if (lines == 0) {
        return fault_set(fault, FAULT_REFUSED, "there is nothing in this issue to publish");
    }
    if (!issue_find(action->store, action->arena, issue->date, &archived, fault)) {
        return false;
    }
    if (draft->issue == 0 && archived.document != NULL) {
        return fault_set(fault, FAULT_REFUSED,
            "the issue of %s was published already: choose another day, or reopen that issue "
            "to correct it",
            issue->date);
    }
    *ret_version = archived.version + 1;
    return true;
}

/* Ids for the lines nobody picked, and the story of every line. */
static bool number_lines(struct action *action, const struct desk_draft *desk,
    struct buffer *stories, struct fault *fault)
{
    struct issue *issue = desk->draft->issue;
    buffer_putc(stories, '[');
    for (size_t i = 0; i < issue->section_count; i++) {
        for (size_t k = 0; k < issue->sections[i].item_count; k++) {
            struct issue_item *item = &issue->sections[i].items[k];
            if (item->id == 0 && !action_take_id(action, &item->id, fault)) {
                return false;
            }
            buffer_printf(stories, "%s%lld", stories->length > 1 ? "," : "",
                (long long)desk->picks[i][k].story);
        }
    }
    buffer_putc(stories, ']');
    return !buffer_failed(stories) ||
        fault_set(fault, FAULT_LIMIT, "the issue has too many lines");
}

static bool add_publication(struct action *action, const struct desk_publication *publication,
    const char *stories, struct fault *fault)
{
    cleanup(statement_donep) struct statement *add = statement_get(
        action->store, STATEMENT_ADD_PUBLICATION, fault);
    if (add == NULL) {
        return false;
    }
    bind_int(add, publication->draft);
    bind_text(add, publication->day);
    bind_int(add, publication->version);
    bind_text(add, publication->editor);
    bind_int(add, publication->utc_s);
    bind_text(add, publication->document);
    bind_text(add, stories);
    bind_text(add, action->asked->request_key);
    bind_hash(add, action->asked->request_hash);
    return statement_run(add, fault);
}

static bool freeze(struct action *action, const struct desk_draft *desk, int64_t version,
    struct desk_publication *ret_publication, struct fault *fault)
{
    cleanup(buffer_release) struct buffer document, stories;
    buffer_init(&document, DOCUMENT_MAX_BYTES);
    buffer_init(&stories, STORIES_MAX_BYTES);
    if (!number_lines(action, desk, &stories, fault)) {
        return false;
    }
    issue_write_json(desk->draft->issue, &document);
    if (buffer_failed(&document)) {
        return fault_set(
            fault, FAULT_LIMIT, "the issue is larger than %d MiB", DOCUMENT_MAX_BYTES >> 20);
    }
    *ret_publication = (struct desk_publication){
        .draft = desk->id,
        .day = desk->draft->issue->date,
        .version = (int)version,
        .editor = action->asked->editor,
        .utc_s = action->asked->now_utc_s,
        .document = arena_strndup(action->arena, document.data, document.length),
        .issue = desk->draft->issue,
    };
    return add_publication(action, ret_publication, stories.data, fault);
}

static bool begin(struct action *action, struct desk_target target,
    struct desk_publication *ret_publication, struct fault *fault)
{
    struct stored_draft draft;
    struct desk_draft *desk;
    int64_t version = 0;
    return draft_read(action->store, action->arena, target.id, &draft, fault) &&
        expect_unpublished(action, &draft, target, fault) && expect_idle(action, fault) &&
        draft_compose(action->store, action->arena, action->config, draft.id,
            action->asked->now_utc_s, &desk, fault) &&
        check_issue(action, &draft, desk->draft->issue, &version, fault) &&
        freeze(action, desk, version, ret_publication, fault);
}

/* No event: nothing an editor could take back has happened until the file stands. */
bool desk_publish_begin(struct store *store, struct arena *arena, const struct config *config,
    const struct desk_action *asked, struct desk_target draft,
    struct desk_publication *ret_publication, struct desk_result *ret_result,
    struct fault *fault)
{
    struct action action = action_make(store, arena, config, asked, ret_result);
    *ret_result = (struct desk_result){0};
    if (!transaction_begin_edit(store, fault)) {
        return false;
    }
    bool ok = begin(&action, draft, ret_publication, fault);
    return transaction_end_edit(store, ok, fault);
}

bool desk_publish_abandon(struct store *store, struct fault *fault)
{
    if (!transaction_begin_edit(store, fault)) {
        return false;
    }
    bool ok = statement_run_id(store, STATEMENT_REMOVE_PUBLICATION, fault);
    return transaction_end_edit(store, ok, fault);
}

/* ---- last step ---- */

/* One line of the issue on its way into the draft's history. */
struct printed_line {
    int64_t story;
    const char *section; /* as picks name it */
    const struct issue_item *item;
};

static bool read_stories(struct action *action, const char *stories, int64_t *lines,
    size_t count, struct fault *fault)
{
    cleanup(statement_donep) struct statement *list = statement_get(
        action->store, STATEMENT_LIST_MEMBERS_OF_JSON, fault);
    if (list == NULL) {
        return false;
    }
    bind_text(list, stories);
    bool row;
    for (size_t i = 0; statement_next(list, &row, fault); i++) {
        if (!row || i == count) {
            return true;
        }
        column_peek(list);
        column_peek(list);
        lines[i] = column_int(list);
    }
    return false;
}

static bool list_lines(struct action *action, const struct stored_publication *publication,
    struct printed_line **ret_lines, size_t *ret_count, struct fault *fault)
{
    struct issue *issue = publication->shown.issue;
    size_t count = 0;
    for (size_t i = 0; i < issue->section_count; i++) {
        count += issue->sections[i].item_count;
    }
    struct printed_line *lines = arena_new_array(action->arena, struct printed_line, count);
    int64_t *stories = arena_new_array(action->arena, int64_t, count);
    *ret_lines = lines;
    *ret_count = count;
    for (size_t i = 0; i < issue->section_count; i++) {
        const char *section = draft_section_name(action->arena, issue, i);
        for (size_t k = 0; k < issue->sections[i].item_count; k++) {
            *lines++ = (struct printed_line){0, section, &issue->sections[i].items[k]};
        }
    }
    bool ok = read_stories(action, publication->stories, stories, count, fault);
    for (size_t i = 0; i < count; i++) {
        (*ret_lines)[i].story = stories[i];
    }
    return ok;
}

static bool adopt(struct action *action, const struct stored_publication *publication,
    const struct printed_line *line, size_t number, struct fault *fault)
{
    struct stored_pick pick = {
        .id = line->item->id,
        .draft = publication->shown.draft,
        .section = line->section,
        .position = (int64_t)(number + 1) * ADOPTED_STEP,
        .story = line->story,
        .body = issue_item_json(action->arena, line->item),
    };
    pick.original = pick.body;
    return (line->story == 0 ||
               statement_find_int(
                   action->store, STATEMENT_FIND_LEAD, line->story, &pick.item, fault)) &&
        pick_write(action, &pick, fault);
}

static bool adopt_suggestions(struct action *action,
    const struct stored_publication *publication, const struct printed_line *lines,
    size_t count, struct fault *fault)
{
    for (size_t i = 0; i < count; i++) {
        const char *pick;
        if (!entity_read(
                action->store, action->arena, DESK_PICK, lines[i].item->id, &pick, fault) ||
            (pick == NULL && !adopt(action, publication, &lines[i], i, fault))) {
            return false;
        }
    }
    return true;
}

static bool close_draft(
    struct action *action, int64_t draft, int64_t issue, struct fault *fault)
{
    return action_touch(action, DESK_DRAFT, draft, fault) &&
        statement_run_ints(
            action->store, STATEMENT_CLOSE_DRAFT, (const int64_t[]){issue, draft}, 2, fault);
}

static bool open_next(struct action *action, struct fault *fault)
{
    int64_t draft;
    return statement_find_int(action->store, STATEMENT_NEXT_DRAFT_ID, 0, &draft, fault) &&
        action_put(action, DESK_DRAFT, draft, "{\"open\":true,\"suggest\":true}", fault);
}

/* The story's items say where they were printed, and it is out of the next draft's way. Being
 * touched, it is derived anew. */
static bool print_story(
    struct action *action, int64_t story, bool sends_back, struct fault *fault)
{
    const char *state, *section;
    if (!story_stand(action->store, action->arena, story, &state, &section, fault)) {
        return false;
    }
    if (state == NULL) {
        return true; /* merged away since */
    }
    bool picked = strcmp(state, desk_state_name(DESK_PICKED)) == 0;
    return action_touch(action, DESK_STORY, story, fault) &&
        printed_remark_story(action->store, action->config, story, fault) &&
        (!sends_back || !picked || story_send_back(action, story, fault));
}

static bool print_stories(struct action *action, const struct printed_line *lines, size_t count,
    bool first, struct fault *fault)
{
    for (size_t i = 0; i < count; i++) {
        if (lines[i].story == 0) {
            continue;
        }
        if (first) {
            action_teach(action, DESK_LESSON_PUBLISHED, lines[i].story, lines[i].section);
        }
        if (!print_story(action, lines[i].story, first, fault)) {
            return false;
        }
    }
    return true;
}

/* Stories that only the version before had are not printed any more. */
static bool unprint_stories(struct action *action, const char *day, struct fault *fault)
{
    struct archived archived;
    struct stored_pick *picks;
    size_t count;
    int64_t before;
    if (!issue_find(action->store, action->arena, day, &archived, fault) ||
        !statement_find_int(
            action->store, STATEMENT_FIND_DRAFT_BEFORE, archived.id, &before, fault) ||
        !picks_read(action->store, action->arena, before, &picks, &count, fault)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (picks[i].story != 0 && !print_story(action, picks[i].story, false, fault)) {
            return false;
        }
    }
    return true;
}

static bool was_printed(const struct printed_line *lines, size_t count, int64_t story)
{
    for (size_t i = 0; i < count; i++) {
        if (lines[i].story == story) {
            return true;
        }
    }
    return false;
}

/* What she had before her and left. */
static bool teach_passed_over(
    struct action *action, const struct printed_line *lines, size_t count, struct fault *fault)
{
    struct past_issue *past;
    size_t past_count;
    int64_t since;
    struct candidates candidates;
    if (action->asked->lesson == NULL) {
        return true;
    }
    if (!store_read_issues(action->store, action->arena, &past, &past_count, &since, fault)) {
        return false;
    }
    if (since == CLOCK_NONE) {
        since = action->asked->now_utc_s - action->config->briefing.interval_s;
    }
    if (!candidates_list(action->store, action->arena, action->config, since, PASSED_OVER_MAX,
            &candidates, fault)) {
        return false;
    }
    for (size_t i = 0; i < candidates.count; i++) {
        if (candidates.items[i].printed_day == NULL &&
            !was_printed(lines, count, candidates.stories[i])) {
            action_teach(action, DESK_LESSON_PASSED_OVER, candidates.stories[i], NULL);
        }
    }
    return true;
}

static bool finish(
    struct action *action, const struct stored_publication *publication, struct fault *fault)
{
    const struct desk_publication *shown = &publication->shown;
    bool first = shown->version == 1;
    struct printed_line *lines;
    size_t count;
    int64_t issue;
    return list_lines(action, publication, &lines, &count, fault) &&
        (!first || teach_passed_over(action, lines, count, fault)) &&
        adopt_suggestions(action, publication, lines, count, fault) &&
        issue_put(action->store, action->arena, shown->issue, shown->utc_s, shown->editor,
            &issue, fault) &&
        close_draft(action, shown->draft, issue, fault) &&
        print_stories(action, lines, count, first, fault) &&
        (first || unprint_stories(action, shown->day, fault)) &&
        (!first || open_next(action, fault)) &&
        statement_run_id(action->store, STATEMENT_REMOVE_PUBLICATION, fault);
}

bool desk_publish_finish(struct store *store, struct arena *arena, const struct config *config,
    int64_t now_utc_s, desk_lesson_fn *lesson, void *lesson_data,
    struct desk_result *ret_result, struct fault *fault)
{
    struct stored_publication publication;
    bool there;
    if (!find_publication(store, arena, &publication, &there, fault)) {
        return false;
    }
    if (!there) {
        return fault_set(fault, FAULT_MISSING, "no issue is being published");
    }
    const struct desk_action asked = {.editor = publication.shown.editor,
        .now_utc_s = now_utc_s,
        .request_key = publication.request_key,
        .request_hash = publication.request_hash,
        .lesson = lesson,
        .lesson_data = lesson_data};
    struct action action = action_make(store, arena, config, &asked, ret_result);
    action.teaches_not = true;
    if (!action_begin(&action, publication.shown.version == 1 ? "publish" : "correct", fault)) {
        return false;
    }
    return action_end(&action, finish(&action, &publication, fault), fault);
}
