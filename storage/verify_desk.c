/* The editor's part: the log and what follows from it, the draft, the archive.
 *
 * That the state is the fold of the log is asked of every thing an editor ever changed, and the
 * other way round of everything that claims to have been changed by an event. */
#include <string.h>

#include "base/hash.h"
#include "briefing/issue.h"
#include "briefing/learner.h"
#include "storage/action.h"
#include "storage/verify_parts.h"

/* ---- the log ---- */

static bool same_texts(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* The newest change of something says what it is. */
static bool look_at_change(
    struct verifier *verifier, struct statement *row, struct arena *arena, struct fault *fault)
{
    const char *name = column_text(row, arena), *now;
    enum desk_kind kind;
    int64_t id = column_int(row);
    const char *wanted = column_text(row, arena);
    if (!desk_kind_read(name, &kind)) {
        return true; /* log-readable says so */
    }
    if (!entity_read(verifier->store, arena, kind, id, &now, fault)) {
        return false;
    }
    if (!same_texts(wanted, now)) {
        verify_report(verifier, name, arena_printf(arena, "%lld", (long long)id),
            arena_printf(arena, "event %lld left it otherwise", (long long)column_int(row)));
    }
    return true;
}

/* One of a format that is not known any more is passed over by the learner; one whose bytes are
 * damaged would be, too, and nobody would know. */
static bool look_at_lesson(
    struct verifier *verifier, struct statement *row, struct arena *arena, struct fault *fault)
{
    struct fault why;
    struct learner_event event;
    size_t length;
    int64_t id = column_int(row);
    const void *bytes = column_blob(row, arena, &length);
    if (!learner_event_read(arena, bytes, length, &event, &why)) {
        verify_report_id(verifier, id, why.message);
    }
    return true;
}

/* ---- the archive ---- */

static uint64_t hash_printed(uint64_t hash, const char *section, const char *key)
{
    return hash_string(hash_string(hash, section), key);
}

static uint64_t hash_document(const struct issue *issue)
{
    uint64_t hash = HASH_START;
    for (size_t i = 0; i < issue->section_count; i++) {
        for (size_t k = 0; k < issue->sections[i].item_count; k++) {
            hash = hash_printed(hash, issue->sections[i].id, issue->sections[i].items[k].key);
        }
    }
    return hash;
}

static bool hash_rows(
    struct verifier *verifier, int64_t issue, uint64_t *ret_hash, struct fault *fault)
{
    struct statement rows;
    bool row = true;
    uint64_t hash = HASH_START;
    bool ok = verify_begin(verifier,
        "SELECT section, key FROM printed_item WHERE issue_id = ? ORDER BY position", &rows,
        fault);
    if (ok) {
        bind_int(&rows, issue);
    }
    while (ok && (ok = statement_next(&rows, &row, fault)) && row) {
        const char *section = column_peek(&rows);
        hash = hash_printed(hash, section, column_peek(&rows));
    }
    statement_finalize(&rows);
    *ret_hash = hash;
    return ok;
}

/* Without a document nothing may be printed: the hash of no rows. */
static bool look_at_issue(
    struct verifier *verifier, struct statement *row, struct arena *arena, struct fault *fault)
{
    int64_t id = column_int(row);
    const char *document = column_text(row, arena);
    uint64_t printed, wanted = HASH_START;
    struct issue *issue;
    struct fault why;
    if (document != NULL) {
        if (!issue_read_json(arena, document, strlen(document), &issue, &why)) {
            verify_report_id(verifier, id, why.message);
            return true;
        }
        wanted = hash_document(issue);
    }
    if (!hash_rows(verifier, id, &printed, fault)) {
        return false;
    }
    if (printed != wanted) {
        verify_report_id(verifier, id, "what it printed is remembered otherwise");
    }
    return true;
}

/* ---- the table ---- */

#define STATES "('inbox', 'picked', 'later', 'rejected')"
#define NEWEST(kind, id)                                                                       \
    "coalesce((SELECT max(event_id) FROM event_change WHERE kind = '" kind                     \
    "' AND entity_id = " id "), 0)"

/* What cannot be read is another check's. */
#define NEWEST_CHANGES                                                                         \
    "SELECT kind, entity_id, after, max(event_id) FROM event_change"                           \
    " WHERE (after IS NULL OR json_valid(after)) AND (kind <> 'pick' OR entity_id NOT IN"      \
    "  (SELECT id FROM pick WHERE NOT json_valid(body) OR NOT "                                \
    "json_valid(coalesce(original, 'null'))))"                                                 \
    " GROUP BY kind, entity_id"

const struct verify_check verify_desk_checks[] = {
    {"log-whole", "event", "events are numbered without a gap", "the event before it is gone",
        "SELECT id, NULL FROM event WHERE id <> 1"
        " AND NOT EXISTS (SELECT 1 FROM event AS prior WHERE prior.id = event.id - 1)",
        NULL},
    {"log-readable", "event_change",
        "a change names a kind of thing, and has it before and after as JSON",
        "it cannot be read",
        "SELECT event_id, kind || ' ' || entity_id FROM event_change"
        " WHERE kind NOT IN ('story', 'item', 'pick', 'draft')"
        " OR (before IS NOT NULL AND NOT json_valid(before))"
        " OR (after IS NOT NULL AND NOT json_valid(after))",
        NULL},
    {"log-says-what", "event", "an event changed something", "it has no change",
        "SELECT id, action FROM event"
        " WHERE NOT EXISTS (SELECT 1 FROM event_change WHERE event_id = event.id)",
        NULL},
    {"log-unbroken", "event_change", "each change begins with what the one before it left",
        "it begins with something else",
        "SELECT event_id, kind || ' ' || entity_id FROM (SELECT event_id, kind, entity_id,"
        " before, lag(after) OVER history AS left_as, row_number() OVER history AS number"
        " FROM event_change WINDOW history AS (PARTITION BY kind, entity_id ORDER BY event_id))"
        " WHERE number > 1 AND before IS NOT left_as",
        NULL},
    {"log-is-the-state", "event_change",
        "stories, memberships, picks and drafts are what the log says", NULL, NEWEST_CHANGES,
        look_at_change},
    {"story-version", "story", "what an editor decided of a story is in the log",
        "the log has another version",
        "SELECT id, " NEWEST("story", "id") " AS logged FROM story WHERE version <> logged",
        NULL},
    {"item-version", "item", "where an editor put an item is in the log",
        "the log has another version",
        "SELECT id, " NEWEST("item", "id") " AS logged FROM item"
                                           " WHERE story_version <> logged",
        NULL},
    {"pick-version", "pick", "every line of the draft is in the log",
        "the log has another version",
        "SELECT id, " NEWEST("pick", "id") " AS logged FROM pick"
                                           " WHERE version <> logged OR version = 0",
        NULL},
    {"draft-version", "draft", "what an editor wrote into the draft is in the log",
        "the log has another version",
        "SELECT id, " NEWEST("draft", "id") " AS logged FROM draft WHERE version <> logged",
        NULL},
    {"undo-pairs", "event", "what was taken back and what took it back name each other",
        "the other event does not name it",
        "SELECT id, undone_by FROM event WHERE undone_by IS NOT NULL AND id IS NOT"
        "  (SELECT undoes FROM event AS back WHERE back.id = event.undone_by)"
        " UNION ALL SELECT id, undoes FROM event WHERE undoes IS NOT NULL"
        "  AND undone_by IS NULL AND id IS NOT"
        "  (SELECT undone_by FROM event AS taken WHERE taken.id = event.undoes)",
        NULL},
    {"decision-explained", "story",
        "a story leaves the inbox by an event, or because its key was decided before",
        "nobody decided on it",
        "SELECT id, state FROM story WHERE state <> 'inbox' AND version = 0"
        " AND NOT EXISTS (SELECT 1 FROM item JOIN memory USING (key) WHERE story_id = story.id)"
        " AND NOT EXISTS (SELECT 1 FROM event_change WHERE kind = 'item'"
        "  AND before ->> 'story' = story.id)",
        NULL},
    {"decision-known", "story", "a decision is one of four", "it is none of them",
        "SELECT id, state FROM story WHERE state NOT IN " STATES, NULL},
    {"memory-known", "memory", "what is remembered of a key is a decision", "it is none",
        "SELECT key, state FROM memory WHERE state NOT IN " STATES, NULL},
    {"lesson-readable", "lesson", "the learner can read every lesson", NULL,
        "SELECT id, lesson FROM lesson", look_at_lesson},
    {"request-answered", "request", "a request that was answered names its event",
        "the event is not there",
        "SELECT editor || ' ' || key, event_id FROM request WHERE event_id <> 0"
        " AND NOT EXISTS (SELECT 1 FROM event WHERE event.id = event_id)",
        NULL},
    {"picked-has-line", "story", "a story is picked when it has a line in the draft",
        "lines in the draft of the next issue",
        "SELECT id, lines || ', state ' || state FROM (SELECT id, state, (SELECT count(*)"
        "  FROM pick JOIN draft ON draft.id = draft_id WHERE story_id = story.id"
        "  AND removed = 0 AND open = 1 AND issue_id IS NULL) AS lines FROM story)"
        " WHERE lines <> (state = 'picked')",
        NULL},
    {"pick-frozen", "pick",
        "a pick has its text, and one of a story the machine's beside it, both as JSON",
        "a text is missing or damaged",
        "SELECT id, NULL FROM pick WHERE NOT json_valid(body)"
        " OR NOT json_valid(coalesce(original, 'null'))"
        " OR (story_id IS NOT NULL AND original IS NULL)",
        NULL},
    {"pick-keeps-item", "pick", "what a pick was made from stays",
        "its item or story is not there",
        "SELECT pick.id, coalesce('item ' || item_id, 'story ' || story_id) FROM pick"
        " JOIN draft ON draft.id = draft_id WHERE (item_id IS NOT NULL"
        "  AND NOT EXISTS (SELECT 1 FROM item WHERE item.id = item_id))"
        " OR (story_id IS NOT NULL AND open = 1 AND removed = 0 AND issue_id IS NULL"
        "  AND NOT EXISTS (SELECT 1 FROM story WHERE story.id = story_id))",
        NULL},
    {"draft-is-open", "draft", "one draft is open for the next issue, and one for a correction",
        "open drafts for one issue",
        "SELECT coalesce(issue_id, ''), count(*) FROM draft WHERE open = 1"
        " GROUP BY issue_id HAVING count(*) > 1"
        " UNION ALL SELECT '', 0 WHERE NOT EXISTS"
        "  (SELECT 1 FROM draft WHERE open = 1 AND issue_id IS NULL)",
        NULL},
    {"draft-became-issue", "draft", "a closed draft became an issue",
        "its issue is not in the archive",
        "SELECT id, day FROM draft WHERE open = 0 AND NOT EXISTS (SELECT 1 FROM issue"
        " WHERE issue.id = issue_id AND document IS NOT NULL)",
        NULL},
    {"publication-of-open-draft", "publication", "what is being published is still a draft",
        "its draft is closed",
        "SELECT publication.day, draft_id FROM publication JOIN draft ON draft.id = draft_id"
        " WHERE open <> 1",
        NULL},
    {"issue-versions", "issue", "every version of an issue is kept", "one is missing",
        "SELECT id, day FROM issue WHERE (version > 0) <> (document IS NOT NULL)"
        " OR (SELECT count(*) FROM issue_version WHERE issue_id = issue.id)"
        "  <> max(version - 1, 0)"
        " OR EXISTS (SELECT 1 FROM issue_version AS kept WHERE issue_id = issue.id"
        "  AND kept.version NOT BETWEEN 1 AND issue.version - 1)",
        NULL},
    {"issue-printed", "issue", "what an issue printed is remembered, by key", NULL,
        "SELECT id, document FROM issue", look_at_issue},
    {"printed-key-hash", "printed_item", "what was printed is found by the hash of its key",
        "the hash is not its key's",
        "SELECT issue_id || '/' || position, key_hash, key FROM printed_item"
        " WHERE key IS NOT NULL",
        verify_key_hash},
    {0},
};
