/* The store: feeds, items, sightings, issues. The only door to the database.
 *
 * Behind it stands SQLite (WAL), but no SQL and no SQLite type crosses this header. A struct
 * store is one connection and belongs to one thread at a time: the writer job has one, every
 * reading job its own (store_open_reader). Calls are synchronous; nobody calls them on the loop
 * thread except at start and stop.
 *
 * Invariants kept here (each has a test): a feed's validators are stored in the transaction
 * that stores its items, never before; the same key is the same item and every sighting is
 * kept; items are never deleted by a merge; after kill -9 at any moment the database opens and
 * holds whole documents only.
 */
#ifndef STORAGE_STORE_H
#define STORAGE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attributes.h"
#include "base/fault.h"
#include "briefing/draft.h"
#include "briefing/judge.h"
#include "config/desk_feed.h"
#include "config/desk_rule.h"
#include "storage/archive.h"
#include "storage/search.h"

struct store;

enum {
    STORE_BATCH_MAX = 64,        /* documents with entries in one commit */
    STORE_TAGS_MAX_BYTES = 4096, /* of one item, joined */
};

/* ---- open and close ---- */

/* Open or create `path` for writing, bring the schema up to date by the numbered migrations,
 * check that it is ours. Fails with FAULT_STORE and one sentence: the folder is missing, the
 * file is not readable, not a database, another program's, damaged, of a newer schema (none of
 * these is touched), or in use by another briefd (a lock on `path`-lock, held until
 * store_close()). */
must_check bool store_open(const char *path, struct store **ret_store, struct fault *fault);

/* A connection that only reads, beside a writer in this or another process or without one.
 * Never creates or upgrades: fails with FAULT_STORE as above, and when the file is missing or
 * of an older schema. */
must_check bool store_open_reader(
    const char *path, struct store **ret_store, struct fault *fault);

/* True while another process holds the writer's lock of `path`. */
bool store_is_in_use(const char *path);

/* NULL is harmless. The last writer checkpoints the WAL. */
void store_close(struct store *store);

/* ---- feeds ---- */

/* What is remembered of a feed between polls; strings NULL when unknown. */
struct feed_state {
    int64_t id;
    const char *url;
    const char *name;
    const char *title; /* as the feed calls itself */
    const char *etag;  /* byte for byte as received */
    const char *last_modified;
    const char *moved_to; /* permanent redirect under observation */
    int64_t moved_since_utc_s;
    uint64_t body_hash;      /* of the last body: an unchanged one is not parsed again */
    int64_t next_poll_utc_s; /* CLOCK_NONE: never polled */
    int64_t last_poll_utc_s;
    int64_t last_success_utc_s; /* 200 or 304 */
    int64_t newest_entry_utc_s;
    int64_t interval_s; /* of the adaptive schedule, on average; 0: none yet */
    const char *rhythm; /* how often and when it posts: feed/rhythm.h, as text */
    /* Its wishes, kept because a 304 brings none: */
    int64_t max_age_s;   /* Cache-Control or Expires of the last answer, 0: none */
    int64_t pace_s;      /* the longer of ttl and sy:update*, 0: none */
    uint32_t skip_hours; /* bit h: not in hour h UTC */
    uint8_t skip_days;   /* bit d: not on day d, 0 = Sunday */
    int failures;        /* in a row */
    const char *error;   /* sentence of the last failure; NULL when the last poll went well */
    const char *error_kind; /* fault_kind_name(), NULL with error */
    const char *note;       /* word of feed/source_note.h; NULL: nothing to note */
    int status;             /* last HTTP status, 0: none */
    int entries;            /* in the last document */
    bool bozo;              /* the last document was malformed, but read */
    bool gone;              /* 410: not asked until named anew, see store_register_feeds() */
};

/* Register `url` under `name` (a feed is its URL; the name may change), returning its state.
 * Strings live in the arena. */
must_check bool store_register_feed(struct store *store, struct arena *arena, const char *url,
    const char *name, struct feed_state *ret_state, struct fault *fault);

/* The same for every feed of `config`, in one transaction: (*ret_states)[i] belongs to
 * config->feeds[i]. Writes only what is new, so that a start with ten thousand known feeds
 * writes nothing.
 *
 * A feed whose server said 410 stays `gone` for as long as the configuration names and enables
 * it; once a configuration without it, or with it disabled, has been registered, the next one
 * that enables it names it anew, and it is polled again. */
must_check bool store_register_feeds(struct store *store, struct arena *arena,
    const struct config *config, struct feed_state **ret_states, struct fault *fault);

/* ---- what the editor adds and changes (config/desk_feed.h) ---- */

/* Put these in one transaction: all or nothing. A record of the same URL is replaced whole, its
 * place in the order stays. Nothing is checked but the database's own needs: overlay_check()
 * (config/overlay.h) says beforehand whether a record means something. Acknowledged means
 * synced to disk. Writer's thread. */
must_check bool store_put_feeds(
    struct store *store, const struct desk_feed *feeds, size_t count, struct fault *fault);

/* The same for one. */
must_check bool store_put_feed(
    struct store *store, const struct desk_feed *feed, struct fault *fault);

/* Forget what the editor added or changed under `url`: an added feed is followed no more, a
 * configured one is again as feeds.conf says. Its items and sightings stay. *ret_removed is
 * false when there was no such record. Writer's thread. */
must_check bool store_remove_feed(
    struct store *store, const char *url, bool *ret_removed, struct fault *fault);

/* All of them in the order they were added. Lives in the arena. */
must_check bool store_read_added_feeds(struct store *store, struct arena *arena,
    struct desk_feed **ret_feeds, size_t *ret_count, struct fault *fault);

/* The same for rules, topics and vendors (config/desk_rule.h); patch_apply() says beforehand
 * whether they fit. Writer's thread. */
must_check bool store_put_rules(
    struct store *store, const struct desk_rule *rules, size_t count, struct fault *fault);
must_check bool store_remove_rule(struct store *store, const char *kind, const char *section,
    const char *name, bool *ret_removed, struct fault *fault);
must_check bool store_read_rules(struct store *store, struct arena *arena,
    struct desk_rule **ret_rules, size_t *ret_count, struct fault *fault);

/* ---- writing what was polled ---- */

/* One entry of a fetched document, identified and judged. Borrowed for the call. */
struct store_entry {
    const char *guid;
    uint64_t content_hash;
    const char *key;
    bool known; /* it was stored as it is: nothing but the above is set, and nothing is written
                 */
    const char *title;
    const char *summary;      /* plain text */
    const char *content_html; /* sanitised; NULL: none */
    const char *url;
    const char *authors; /* ", "-joined */
    const char *language;
    const char *comment, *journal_ref; /* arXiv */
    const char *published_raw;
    int64_t published_utc_s; /* clamped, CLOCK_NONE: unknown */
    struct verdict verdict;
    const char *reasons_json;
};

/* The outcome of one poll: new state of the feed, and its entries when there was a document. */
struct store_document {
    struct feed_state state; /* id must be set; written whole */
    const char *source;      /* label of the items it brings */
    const struct store_entry *entries;
    size_t entry_count;
    int64_t fetched_utc_s;
    /* Becomes state.next_poll_utc_s when no entry turns out to be new, which only the store
     * knows; 0: the same either way. */
    int64_t next_poll_if_stale_utc_s;
    /* filled by store_commit() */
    size_t sightings_new; /* (feed, guid) pairs never seen before */
    size_t items_new;     /* keys never seen before */
    size_t
        items_changed; /* known items whose text this feed, which brought them first, edited */
};

/* Set `known` of those entries of one document that this feed has brought before, unchanged
 * (guid, key and content_hash are looked at). A fault leaves some of them not asked. Reader's
 * or writer's thread. */
must_check bool store_recognise(struct store *store, int64_t feed_id,
    struct store_entry *entries, size_t count, struct fault *fault);

/* Commit up to STORE_BATCH_MAX documents, and any number without entries, in one transaction:
 * all or nothing, also the counts in the documents. `config` is the one whose rules judged the
 * entries. An entry whose (feed, guid) is known with the same content_hash costs one lookup.
 * The text of a known item changes only by the feed that brought it first; its date stays. A
 * guid that comes back with another key is another item. Writer's thread. FAULT_STORE: nothing
 * was written, and the same call may be tried again. */
must_check bool store_commit(struct store *store, struct store_document **documents,
    size_t count, const struct config *config, struct fault *fault);

/* ---- items by hand ---- */

/* A page an editor adds, identified and judged like a polled entry (`entry.guid` is not used).
 */
struct store_addition {
    struct store_entry entry;
    const char *given_url; /* what the editor wrote */
    const char *source;    /* label of the item: the site's or account's name; NULL: none */
    const char *const *other_keys; /* under which the same page may be known: a short link's.
                                      Learned: a later entry with one of them is this item */
    size_t other_key_count;
    int64_t added_utc_s;
};

/* The item it is. Strings live in the arena. */
struct store_added {
    bool known; /* it was there before, as described here; nothing of it was changed */
    int64_t item_id;
    const char *key, *title, *source, *url, *section;
    int64_t published_utc_s, first_seen_utc_s, added_utc_s;
};

/* Store the page, or find the item it already is, in one transaction that is on disk when this
 * returns; either way the item is a candidate of the issue under way, whatever its date and its
 * feed's gate. `config` is the one whose rules judged it. Writer's thread. */
must_check bool store_add_item(struct store *store, struct arena *arena,
    const struct store_addition *addition, const struct config *config,
    struct store_added *ret_added, struct fault *fault);

/* ---- reading ---- */

struct store_totals {
    int64_t feeds, items, sightings, issues;
};
must_check bool store_read_totals(
    struct store *store, struct store_totals *ret_totals, struct fault *fault);

/* Candidates of the coming issue: items that are on topic and were published (or, undated,
 * first seen) after `since_utc_s`, in no particular order, at most `limit` of the most
 * relevant; and all that were added by hand after it. Section ids that the config no longer has
 * fall to its fallback section. Lives in the arena. */
must_check bool store_read_candidates(struct store *store, struct arena *arena,
    const struct config *config, int64_t since_utc_s, size_t limit,
    struct candidate **ret_candidates, size_t *ret_count, struct fault *fault);

/* All feeds ever registered, by name. Lives in the arena. */
must_check bool store_read_feeds(struct store *store, struct arena *arena,
    struct feed_state **ret_states, size_t *ret_count, struct fault *fault);

/* Published issues, newest first (the archive table); *ret_last_utc_s is the newest one's day,
 * or CLOCK_NONE. Lives in the arena. */
must_check bool store_read_issues(struct store *store, struct arena *arena,
    struct past_issue **ret_issues, size_t *ret_count, int64_t *ret_last_utc_s,
    struct fault *fault);

/* ---- judging again after the rules changed ---- */

/* Up to `limit` items judged by other rules than `config->rules_hash`, newest first, as the
 * judge needs them (struct item; `feed` is looked up in the config by the feed's URL). One call
 * returns items of one earlier set of rules, so fewer than `limit` does not mean that all are
 * done: judge them, store_update_verdicts(), and call again until *ret_count is 0. Lives in the
 * arena. */
struct stale_item {
    int64_t id;
    struct item item;
};
must_check bool store_read_stale_items(struct store *store, struct arena *arena,
    const struct config *config, size_t limit, struct stale_item **ret_items, size_t *ret_count,
    struct fault *fault);

/* Up to `limit` items as the judge needs them, whoever judged them, those added last first:
 * with ids below `below_id` (INT64_MAX: from the last one). Lives in the arena. */
must_check bool store_read_items_below(struct store *store, struct arena *arena,
    const struct config *config, int64_t below_id, size_t limit, struct stale_item **ret_items,
    size_t *ret_count, struct fault *fault);

/* Where a walk over the live items stands; at its beginning {.most = N}. */
struct live_place {
    size_t most; /* stories of a tray that are walked over, the newest */
    size_t seen; /* of this tray */
    int tray;    /* inbox, later, the end */
    bool begun;
    int64_t dated_utc_s, story;
};

/* The items of the next `limit` stories that can still be picked, in the inbox or put off, the
 * newest first and of either place->most at most, as the judge needs them; moves `place`.
 * *ret_end: there are no more. New verdicts may be stored between two calls. Lives in the
 * arena. */
must_check bool store_read_live_items(struct store *store, struct arena *arena,
    const struct config *config, struct live_place *place, size_t limit,
    struct stale_item **ret_items, size_t *ret_count, bool *ret_end, struct fault *fault);

/* New verdicts in one transaction: all or nothing. An id that is not there is passed over, and
 * nothing is written for an item that has this verdict already. Writer's thread. */
struct store_verdict {
    int64_t id;
    struct verdict verdict;
    const char *reasons_json;
};
must_check bool store_update_verdicts(struct store *store, const struct store_verdict *verdicts,
    size_t count, const struct config *config, struct fault *fault);

#endif
