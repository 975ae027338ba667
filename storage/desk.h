/* The editor's desk: what she decides about stories, writes into the draft, takes back and
 * publishes. The second door to the database, beside store.h and over the same struct store.
 *
 * One call is one action: one row in the log of events with the state of everything it changed
 * before and after, written in one transaction that is on disk when the call returns. Stories,
 * memberships of items, picks and drafts are the fold of that log (desk_rebuild() makes them
 * anew from it); a thing's version is the id of the event that changed it last, 0 as long as no
 * editor has. What an action left as it was gets no new version, and an action that changed
 * nothing is no event.
 *
 * Calls that change something are the writer's (pipeline/writer.h: a task); reading ones take
 * any connection. Everything returned lives in the arena given; missing strings are NULL. Ids
 * are positive and never given twice, cursors are opaque text.
 *
 * Faults, by what a caller answers:
 *     FAULT_CONFLICT  the version expected is not the one there is (412; desk_result.conflict
 *                     says both)
 *     FAULT_REFUSED   not possible as things stand: publishing twice, an undo over another
 *                     editor's change, a request key used for another request (409)
 *     FAULT_MISSING   what is named does not exist (404)
 *     FAULT_PARSE      what was sent is wrong, with the path of the member (422)
 *     FAULT_LIMIT     too many at once (413)
 *     FAULT_STORE     the database or disk failed: nothing was written (500)
 * Nothing is written when a call fails.
 */
#ifndef STORAGE_DESK_H
#define STORAGE_DESK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attributes.h"
#include "base/buffer.h"
#include "base/fault.h"
#include "briefing/draft.h"
#include "briefing/issue.h"
#include "briefing/judge.h"
#include "briefing/story.h"
#include "config/config.h"
#include "storage/store.h"

enum {
    DESK_BULK_MAX = 1000,          /* things one action may name */
    DESK_PAGE_MAX = 200,           /* stories or events of one page */
    DESK_PICKS_MAX = 500,          /* of one draft */
    DESK_BODY_MAX_BYTES = 1 << 18, /* of one pick's text, as JSON */
    DESK_REQUEST_KEPT_S = 48 * 3600,
};

/* Where a version is expected: any will do. */
enum { DESK_ANY_VERSION = -1 };

/* What the log tells changes of. Stored by name, for ever. */
enum desk_kind {
    DESK_STORY, /* state, section and lead by the editor's hand */
    DESK_ITEM,  /* the story it belongs to, and by whose decision */
    DESK_PICK,
    DESK_DRAFT,
    DESK_KIND_COUNT,
};

/* "story", "item", "pick", "draft". Static. */
const char *desk_kind_name(enum desk_kind kind);

/* Stored by name, for ever. */
enum desk_state {
    DESK_INBOX,
    DESK_PICKED, /* it has a pick in an open draft */
    DESK_LATER,
    DESK_REJECTED,
    DESK_STATE_COUNT,
};

/* "inbox", "picked", "later", "rejected". Static. */
const char *desk_state_name(enum desk_state state);
/* False when it is no such name. */
must_check bool desk_state_read(const char *name, enum desk_state *ret_state);

/* ---- acting ---- */

/* What an action says about one story, for the learner. */
enum desk_lesson_kind {
    DESK_LESSON_PICKED, /* taken into the draft, under `section` */
    DESK_LESSON_MOVED,  /* put under another section, `section` */
    DESK_LESSON_REJECTED,
    DESK_LESSON_PUBLISHED,   /* stood under `section` when the issue went out */
    DESK_LESSON_PASSED_OVER, /* was a candidate then, and is not in it */
};

/* Borrowed for the call. */
struct desk_lesson {
    enum desk_lesson_kind kind;
    int64_t story;
    const char *section;     /* id; NULL where the kind has none */
    const struct item *item; /* its lead, as the judge sees it */
};

/* Write what the learner is to keep of one lesson; it is stored with the event, and nothing is
 * when nothing was written. Runs inside the transaction, on the writer's thread. Undo and redo
 * bring no lessons: those of an event that is undone do not count. */
typedef void desk_lesson_fn(void *data, const struct desk_lesson *lesson, struct buffer *out);

/* Who acts, and when; the first part of every changing call. Borrowed for the call. */
struct desk_action {
    const char *editor; /* the account's name; undo and redo are hers */
    int64_t now_utc_s;
    const char *request_key; /* NULL: none. The second call with one key gets the first one's
                                result and changes nothing; kept DESK_REQUEST_KEPT_S */
    uint64_t request_hash;   /* of the whole request, to tell a repetition from a mistake */
    desk_lesson_fn *lesson;  /* NULL: nothing is taught */
    void *lesson_data;
};

/* One thing and the version a caller has seen of it, or DESK_ANY_VERSION. */
struct desk_target {
    int64_t id;
    int64_t version;
};

struct desk_change {
    enum desk_kind kind;
    int64_t id;
    const char *before; /* JSON object; NULL: it did not exist */
    const char *after;  /* JSON object; NULL: it does not exist any more */
};

struct desk_result {
    int64_t event;                     /* the version of all it changed; 0: nothing was */
    bool repeated;                     /* an earlier call with this request_key did it */
    const struct desk_change *changes; /* by kind and id */
    size_t change_count;
    int64_t made; /* id of the story a split made or the pick or draft that was added; 0 */
    /* Filled when the call failed with FAULT_CONFLICT: */
    struct {
        enum desk_kind kind;
        int64_t id, expected, actual;
        const char *editor; /* who changed it last */
        int64_t utc_s;      /* and when */
    } conflict;
};

/* ---- stories: decisions ---- */

/* What becomes of one story; a NULL member stays as it is. */
struct desk_decision {
    struct desk_target story;
    const enum desk_state *state;
    const char *const *section; /* id in the configuration; pointing to NULL: its lead's own */
    const int64_t *lead;        /* an item of it; pointing to 0: chosen by the machine */
};

/* Decide on up to DESK_BULK_MAX stories at once: all or nothing. A story that becomes picked
 * gets a pick at the end of its section in the open draft, its text as pick_build() makes it;
 * when it had one before, that one comes back with her text. A picked story that becomes
 * anything else takes its pick out. A picked story's new section moves its pick. */
must_check bool desk_decide(struct store *store, struct arena *arena,
    const struct config *config, const struct desk_action *action,
    const struct desk_decision *decisions, size_t count, struct desk_result *ret_result,
    struct fault *fault);

/* All items of `others` belong to `into` from now on, by hand and for ever; `others` are no
 * more. Keeps the decision of `into`, and when that is still in the inbox takes the one of
 * `others` that says most (picked, later, rejected), pick included. FAULT_REFUSED when several
 * of them have picks: one must be taken out first. */
must_check bool desk_merge(struct store *store, struct arena *arena,
    const struct config *config, const struct desk_action *action, struct desk_target into,
    const struct desk_target *others, size_t count, struct desk_result *ret_result,
    struct fault *fault);

/* These items of the story become a story of their own (ret_result->made), by hand and for
 * ever, in the inbox. FAULT_PARSE when one is not an item of it, or when none would stay. */
must_check bool desk_split(struct store *store, struct arena *arena,
    const struct config *config, const struct desk_action *action, struct desk_target story,
    const int64_t *items, size_t count, struct desk_result *ret_result, struct fault *fault);

/* ---- stories: reading ---- */

enum desk_order {
    DESK_BY_RELEVANCE, /* what was printed before stands behind everything else */
    DESK_BY_DATE,      /* newest first */
};

enum desk_tristate { DESK_EITHER, DESK_YES, DESK_NO };

struct desk_filter {
    enum desk_state state;
    unsigned also;        /* other states besides: bits 1 << enum desk_state */
    bool off_topic;       /* of the inbox: what no gate let through, instead of the others */
    const char *section;  /* NULL: any, as with all that follow */
    const char *source;   /* label of a feed or site that brought one of its items */
    const char *feed_url; /* of a feed that brought one of its items */
    const char *vendor;
    const char *tag;    /* of one of its items */
    int64_t from_utc_s; /* CLOCK_NONE: open. Date of the lead, from <= date < to */
    int64_t to_utc_s;
    enum desk_tristate uncertain;
    enum desk_tristate printed; /* before, in an issue */
    const char *search; /* one of its items is found by this (storage/search.h); NULL: any */
    bool typing;        /* the last word of it is not finished */
    int64_t search_ms;  /* deadline of the whole list when something is searched */
    enum desk_order order;
    const char *cursor; /* desk_page.next of the same filter; NULL: from the beginning */
    size_t limit;       /* 1 to DESK_PAGE_MAX */
};

struct desk_story {
    int64_t id, version;
    enum desk_state state;
    const char *section;         /* under which it stands: hers, else the lead's */
    const char *section_by_hand; /* NULL: she has not said */
    int64_t lead_by_hand;        /* 0: chosen by the machine */
    int64_t pick;                /* in an open draft; 0: none */
    const char *printed_in;      /* day of the newest issue that printed it; NULL: none */
    size_t item_count;
    struct candidate lead; /* `also` is every other source; relevance and date are the story's;
                              an unknown section falls to the fallback */
};

struct desk_page {
    struct desk_story *stories;
    size_t count;
    const char *next; /* NULL: this is the last page */
};

/* FAULT_PARSE for a cursor that is not one, or of another filter; for a search the faults of
 * store_search(). An item that was committed a moment ago may not be found yet. */
must_check bool desk_list_stories(struct store *store, struct arena *arena,
    const struct config *config, const struct desk_filter *filter, struct desk_page *ret_page,
    struct fault *fault);

/* How many stories of a section a filter lists, and how many of them are uncertain. */
struct desk_count {
    const char *section;
    size_t stories, uncertain;
};

/* The counts of `filter` in one state (`also` is ignored, as are section, order, cursor and
 * limit), sections without any left out. Of a search that finds much every story of the state
 * is asked about: FAULT_LIMIT where that takes longer than `search_ms`. */
must_check bool desk_count_stories(struct store *store, struct arena *arena,
    const struct desk_filter *filter, enum desk_state state, struct desk_count **ret_counts,
    size_t *ret_count, struct fault *fault);

struct desk_sighting {
    const char *source;   /* label of the feed or site */
    const char *feed_url; /* NULL: added by hand */
    int64_t seen_utc_s;
};

struct desk_item {
    int64_t version; /* of its membership; the item's id is candidate.id */
    struct candidate candidate;
    const char *content_html; /* sanitised; NULL: none */
    enum story_tier tier;     /* how it came to this story */
    int64_t matched;          /* the item it is like; 0: none */
    double score;
    const char *reason;              /* a sentence; NULL: it began the story */
    struct desk_sighting *sightings; /* in time order */
    size_t sighting_count;
    const char *authors, *comment, *journal_ref; /* of a paper; NULL: not told */
};

/* The story with its items (of more than two hundred the newest), the lead first, then by date.
 * FAULT_MISSING when there is none of this id; an item's story is told by desk_find_story(). */
must_check bool desk_read_story(struct store *store, struct arena *arena,
    const struct config *config, int64_t id, struct desk_story *ret_story,
    struct desk_item **ret_items, size_t *ret_count, struct fault *fault);

/* Another release that counts as one candidate with a story's (struct candidate's `bundle`). */
struct desk_bundled {
    int64_t item, story;
    const char *title, *url;
    int64_t dated_utc_s;
};

/* The others of `bundle` outside of `story`, the newest DESK_BUNDLED_MAX, newest first. None
 * for a NULL bundle. */
enum { DESK_BUNDLED_MAX = 50 };
must_check bool desk_list_bundled(struct store *store, struct arena *arena, const char *bundle,
    int64_t story, struct desk_bundled **ret_items, size_t *ret_count, struct fault *fault);

/* An item as a past issue printed it. */
struct desk_printed {
    const char *day, *section, *title, *url, *source, *key;
    double score; /* how much its title is like, 0..1; 1: it is the same item */
};

/* The printed items that are like the story by title, or the same by key, at most
 * DESK_SIMILAR_MAX, the most alike first. Reads every printed title: some milliseconds for a
 * thousand. FAULT_MISSING when there is no such story. */
enum { DESK_SIMILAR_MAX = 6 };
must_check bool desk_list_similar(struct store *store, struct arena *arena,
    const struct config *config, int64_t story, struct desk_printed **ret_items,
    size_t *ret_count, struct fault *fault);

/* The story an item belongs to; 0: there is no such item. */
must_check bool desk_find_story(
    struct store *store, int64_t item, int64_t *ret_story, struct fault *fault);

/* What is known of a key for ever, whatever became of its item. */
struct desk_memory {
    bool known;
    enum desk_state state;  /* the decision on its story */
    const char *printed_in; /* day of the newest issue with it; NULL: none */
};
must_check bool desk_recall(struct store *store, struct arena *arena, const char *key,
    struct desk_memory *ret_memory, struct fault *fault);

/* ---- the draft ---- */

/* A line of the draft beside what is printed of it. */
struct desk_pick {
    int64_t id; /* 0: a suggestion of the machine's, which nobody has decided on */
    int64_t version;
    int64_t story;        /* 0: written by hand, as item */
    int64_t item;         /* it was made from */
    const char *original; /* JSON, as `body`: what the machine proposed then, frozen; NULL: by
                             hand */
    const char *body;     /* JSON: what is printed of it, a struct issue_item without its id */
};

struct desk_draft {
    int64_t id, version; /* of the draft's own fields */
    int64_t
        tag; /* newest event that changed it or one of its picks: the ETag of her part of it */
    const char
        *corrects;   /* day of the published issue it is a correction of; NULL: a new one */
    bool publishing; /* desk_publish_begin() was called: it cannot be changed now */
    bool suggest;
    const char *day_by_hand;    /* NULL: planned */
    const char *day_planned;    /* NULL: a correction, which keeps its day */
    const char *guide_by_hand;  /* NULL: it is composed; "": she wants none */
    const char *guide_base;     /* the composed one when she wrote hers */
    const char *guide_proposed; /* as it would be composed now */
    struct draft *draft; /* draft->issue is what is printed; candidates of her picks stand in
                            `picked` as those of the suggestions do, NULL for a line by hand */
    struct desk_pick **picks; /* picks[i][k] belongs to draft->issue->sections[i].items[k] */
};

/* The draft `id`, 0: of the next issue. Her picks in her order; then, while `suggest` is on,
 * each section is filled up to its limit with the best stories of the inbox since the last
 * issue (never what she put off, rejected or printed). With no decision at all it is what
 * draft_build() makes of them. */
must_check bool desk_read_draft(struct store *store, struct arena *arena,
    const struct config *config, int64_t id, int64_t now_utc_s, struct desk_draft **ret_draft,
    struct fault *fault);

/* The open draft `id`, 0: of the next issue, with the version of its own fields and its tag,
 * without composing it. FAULT_MISSING. */
must_check bool desk_find_draft(struct store *store, struct arena *arena, int64_t id,
    struct desk_target *ret_draft, int64_t *ret_tag, struct fault *fault);

/* Drafts that are open: the next issue's first, then corrections under way. */
must_check bool desk_list_drafts(struct store *store, struct arena *arena,
    struct desk_target **ret_drafts, size_t *ret_count, struct fault *fault);

/* Change the draft's own fields by a JSON merge patch (RFC 7396) of
 *     {"day", "headline", "preface", "guide", "guide_base", "lead_in", "note_before",
 * "closing", "note_after": string|null, "suggest": bool} null means as the machine or
 * feeds.conf has it; "" means that there is none. `guide_base` is the proposal that she had
 * before her when she wrote `guide`. */
must_check bool desk_patch_draft(struct store *store, struct arena *arena,
    const struct config *config, const struct desk_action *action, struct desk_target draft,
    const char *patch, size_t length, struct desk_result *ret_result, struct fault *fault);

/* Change a pick's text by a JSON merge patch of its body: the members of struct issue_item but
 * id and key, which follow from the pick and its url. FAULT_PARSE tells the path of a member
 * that is unknown or of a wrong type ("lines[1].colour: there is no such member"). */
must_check bool desk_patch_pick(struct store *store, struct arena *arena,
    const struct config *config, const struct desk_action *action, struct desk_target pick,
    const char *patch, size_t length, struct desk_result *ret_result, struct fault *fault);

struct desk_move {
    struct desk_target pick;
    const char *section; /* NULL: stays in its own */
    int64_t before;      /* a pick of that section; 0: to the end */
};

/* Move up to DESK_BULK_MAX picks, one after the other. Only what is moved changes its version
 * as a rule, so that two editors who move different lines do not disturb each other. */
must_check bool desk_move_picks(struct store *store, struct arena *arena,
    const struct config *config, const struct desk_action *action,
    const struct desk_move *moves, size_t count, struct desk_result *ret_result,
    struct fault *fault);

/* A line by hand in draft `draft` (0: the next issue's) of the text `body` (a JSON object as
 * for desk_patch_pick(); a title is needed). ret_result->made is its id. */
must_check bool desk_add_pick(struct store *store, struct arena *arena,
    const struct config *config, const struct desk_action *action, int64_t draft,
    const char *section, int64_t before, const char *body, size_t length,
    struct desk_result *ret_result, struct fault *fault);

/* Take picks out of their draft; their stories go back to the inbox. The text stays: undo, or
 * deciding the story picked again, brings it back. */
must_check bool desk_remove_picks(struct store *store, struct arena *arena,
    const struct config *config, const struct desk_action *action,
    const struct desk_target *picks, size_t count, struct desk_result *ret_result,
    struct fault *fault);

/* ---- undo, redo, the log ---- */

/* Take back the last action of action->editor that is not taken back yet, as an event of its
 * own. FAULT_MISSING when there is none; FAULT_REFUSED, with the name of who did what, when
 * another change stands on top of it, or when it was a publication. */
must_check bool desk_undo(struct store *store, struct arena *arena, const struct config *config,
    const struct desk_action *action, struct desk_result *ret_result, struct fault *fault);

/* Do again what she last took back; FAULT_MISSING when there is nothing, or when she has acted
 * anew since. Refused as undo is. */
must_check bool desk_redo(struct store *store, struct arena *arena, const struct config *config,
    const struct desk_action *action, struct desk_result *ret_result, struct fault *fault);

struct desk_event {
    int64_t id;
    int64_t utc_s;
    const char *editor;
    const char *action; /* "decide", "merge", "split", "patch_pick", "move", "add_pick",
                           "remove", "patch_draft", "publish", "correct", "reopen", "undo",
                           "redo" */
    int64_t undoes;     /* 0: nothing */
    int64_t undone_by;  /* 0: it stands */
    const struct desk_change *changes;
    size_t change_count;
};

struct desk_event_filter {
    const char *editor;    /* NULL: all */
    int64_t after, before; /* ids: after < id < before; 0: open */
    bool oldest_first;
    size_t limit; /* 1 to DESK_PAGE_MAX */
};

/* A page of the log; the next one begins beyond the last id of this one. */
must_check bool desk_read_events(struct store *store, struct arena *arena,
    const struct desk_event_filter *filter, struct desk_event **ret_events, size_t *ret_count,
    struct fault *fault);

/* Lessons of events that stand, in the order they were given, of the first 200 events after
 * `event` that have any; *ret_count is 0 at the end. */
struct desk_taught {
    int64_t event;
    const void *bytes;
    size_t length;
};
must_check bool desk_read_lessons(struct store *store, struct arena *arena, int64_t event,
    struct desk_taught **ret_lessons, size_t *ret_count, struct fault *fault);

/* What undo and redo would do for this editor: the ids of the events, 0 for nothing. */
must_check bool desk_find_undo(struct store *store, const char *editor, int64_t *ret_undo,
    int64_t *ret_redo, struct fault *fault);

/* Make stories' decisions, memberships, picks and drafts anew from the log. */
must_check bool desk_rebuild(
    struct store *store, const struct config *config, struct fault *fault);

/* ---- publishing ---- */

/* An issue on its way out: recorded before its file is written, so that a crash at any point
 * is repaired at the next start by writing the same file again. */
struct desk_publication {
    int64_t draft;
    const char *day; /* of the issue, which names its file */
    int version;     /* 1, or more for a correction */
    const char *editor;
    int64_t utc_s;
    const char *document; /* issue_write_json() */
    struct issue *issue;  /* the same, read */
};

/* What a request with this key did before: ret_result->repeated, or nothing. For a caller that
 * must know before it acts; the calls that change something look by themselves, but publishing,
 * which is answered by its last step. FAULT_REFUSED for a key of another request. */
must_check bool desk_find_request(struct store *store, struct arena *arena,
    const struct desk_action *action, struct desk_result *ret_result, struct fault *fault);

/* First step: freeze the draft as it is served, suggestions included, and record it. From now
 * on the draft cannot be changed. `draft.version` is desk_draft.tag. FAULT_REFUSED when one is
 * on its way already, when that draft was published, or when another issue has that day. */
must_check bool desk_publish_begin(struct store *store, struct arena *arena,
    const struct config *config, const struct desk_action *action, struct desk_target draft,
    struct desk_publication *ret_publication, struct desk_result *ret_result,
    struct fault *fault);

/* The one on its way, also after a restart; NULL: none. Write its file aside, sync, rename,
 * then desk_publish_finish(). */
must_check bool desk_read_publication(struct store *store, struct arena *arena,
    struct desk_publication **ret_publication, struct fault *fault);

/* Last step, after the file stands: the issue with its printed items, stories printed, the next
 * draft opened, in one transaction. Action and editor are those of the begin; `lesson` may be
 * NULL. FAULT_MISSING when none is on its way. */
must_check bool desk_publish_finish(struct store *store, struct arena *arena,
    const struct config *config, int64_t now_utc_s, desk_lesson_fn *lesson, void *lesson_data,
    struct desk_result *ret_result, struct fault *fault);

/* Instead of the last step, when the file cannot be written: the draft is open again. */
must_check bool desk_publish_abandon(struct store *store, struct fault *fault);

/* Open a published issue for correction, an imported one as well: a draft beside the next
 * issue's (ret_result->made), with all its lines as picks and nothing suggested. Published, it
 * is a new version of the issue; the old one is kept. The draft there is when it is open
 * already. FAULT_MISSING when there is no issue of that day. */
must_check bool desk_reopen(struct store *store, struct arena *arena,
    const struct config *config, const struct desk_action *action, const char *day,
    struct desk_result *ret_result, struct fault *fault);

struct desk_issue_version {
    int version;
    int64_t utc_s; /* CLOCK_NONE: unknown, of an imported issue */
    const char *editor;
    const char *document;
};

/* Every version of the issue of `day`, newest first. */
must_check bool desk_read_issue_versions(struct store *store, struct arena *arena,
    const char *day, struct desk_issue_version **ret_versions, size_t *ret_count,
    struct fault *fault);

#endif
