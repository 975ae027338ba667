/* All SQL of the program but the schema stands in the table below, in desk_statements.c and in
 * account_statements.c. A statement costs its parsing once a connection;
 * SQLITE_PREPARE_PERSISTENT tells SQLite to keep it out of its small-object pool. */
#include "storage/statements.h"

#include <string.h>

#include "storage/candidates.h"
#include "storage/desk_statements.h"
#include "storage/verdicts.h"

#define FEED_COLUMNS                                                                           \
    "id, url, name, title, etag, last_modified, moved_to, moved_since_utc_s, body_hash,"       \
    " next_poll_utc_s, last_poll_utc_s, last_success_utc_s, newest_entry_utc_s, interval_s,"   \
    " rhythm, max_age_s, pace_s, skip_hours, skip_days,"                                       \
    " failures, error, error_kind, note, status, entries, bozo, gone"

/* Nobody decided on the story, and all of its items are from before ?1 (storage/retention.h).
 * The item of a pick is asked for beside its story, should a split have parted them. */
#define STORY_MAY_GO                                                                           \
    "story.state = 'inbox' AND story.version = 0 AND story.printed_issue_id IS NULL"           \
    " AND NOT EXISTS (SELECT 1 FROM event_change"                                              \
    "  WHERE kind = 'story' AND entity_id = story.id)"                                         \
    " AND NOT EXISTS (SELECT 1 FROM pick WHERE pick.story_id = story.id)"                      \
    " AND NOT EXISTS (SELECT 1 FROM item AS kept WHERE kept.story_id = story.id AND ("         \
    "  kept.dated_utc_s >= ?1 OR kept.first_seen_utc_s >= ?1 OR kept.story_version <> 0"       \
    "  OR kept.printed_issue_id IS NOT NULL"                                                   \
    "  OR EXISTS (SELECT 1 FROM hand_sighting WHERE item_id = kept.id)"                        \
    "  OR EXISTS (SELECT 1 FROM pick WHERE pick.item_id = kept.id)"                            \
    "  OR EXISTS (SELECT 1 FROM event_change WHERE kind = 'item' AND entity_id = kept.id)"     \
    "  OR EXISTS (SELECT 1 FROM printed_item AS line"                                          \
    "   WHERE line.key_hash = kept.key_hash AND line.key = kept.key)))"
#define ITEMS_OF_STORY "(SELECT id FROM item WHERE story_id = ?)"

static const struct statement_text statement_table[STATEMENT_DESK] = {
    [STATEMENT_BEGIN] = {"write to", "BEGIN IMMEDIATE"},
    [STATEMENT_BEGIN_READ] = {"read", "BEGIN"},
    [STATEMENT_COMMIT] = {"write to", "COMMIT"},
    [STATEMENT_ROLLBACK] = {"write to", "ROLLBACK"},

    [STATEMENT_FIND_FEED] = {"read a feed from",
        "SELECT " FEED_COLUMNS " FROM feed WHERE url = ?"},
    [STATEMENT_ADD_FEED] = {"register a feed in", "INSERT INTO feed (url, name) VALUES (?, ?)"},
    [STATEMENT_RENAME_FEED] = {"rename a feed in", "UPDATE feed SET name = ? WHERE url = ?"},
    [STATEMENT_LIST_FEEDS] = {"read the feeds from",
        "SELECT " FEED_COLUMNS " FROM feed ORDER BY name, id"},
    [STATEMENT_LIST_GONE] = {"read the feeds from", "SELECT url FROM feed WHERE gone = 1"},
    [STATEMENT_REVIVE_FEED] = {"store a feed's state in",
        "UPDATE feed SET gone = 0, next_poll_utc_s = NULL WHERE url = ?"},
    [STATEMENT_UPDATE_FEED] = {"store a feed's state in",
        "UPDATE feed SET name = coalesce(?, name), title = ?, etag = ?, last_modified = ?,"
        " moved_to = ?, moved_since_utc_s = ?, body_hash = ?, next_poll_utc_s = ?,"
        " last_poll_utc_s = ?, last_success_utc_s = ?, newest_entry_utc_s = ?, interval_s = ?,"
        " rhythm = ?, max_age_s = ?, pace_s = ?, skip_hours = ?, skip_days = ?,"
        " failures = ?, error = ?, error_kind = ?, note = ?, status = ?, entries = ?,"
        " bozo = ?, gone = ?,"
        " source = coalesce(?, source) WHERE id = ?"},
    [STATEMENT_FIND_FEED_URL] = {"read a feed from", "SELECT url FROM feed WHERE id = ?"},
    /* Both of its indexes cover it: no item and no sighting is read for it. */
    [STATEMENT_LIST_SIGHTINGS_SINCE] = {"count the items of feeds in",
        "SELECT sighting.feed_id, item.dated_utc_s FROM item INDEXED BY item_by_date"
        " CROSS JOIN sighting INDEXED BY sighting_by_item ON sighting.item_id = item.id"
        " WHERE item.off_topic IN (0, 1) AND item.dated_utc_s > ?1 AND item.dated_utc_s <= ?2"},
    [STATEMENT_COUNT_PICKED] = {"count the items of feeds in",
        "SELECT sighting.feed_id, count(DISTINCT item.id) FROM story INDEXED BY story_by_date"
        " CROSS JOIN item ON item.story_id = story.id"
        " CROSS JOIN sighting ON sighting.item_id = item.id"
        " WHERE story.tray = 'picked' AND item.dated_utc_s > ?1 AND item.dated_utc_s <= ?2"
        " GROUP BY sighting.feed_id"},
    [STATEMENT_LIST_PLACINGS] = {"read what was printed from",
        "SELECT item.id, item.title, placed.section, item.section, placed.day FROM ("
        "SELECT pick.item_id, pick.section, coalesce(issue.day, draft.day) AS day FROM pick"
        " JOIN draft ON draft.id = pick.draft_id LEFT JOIN issue ON issue.id = draft.issue_id"
        " WHERE NOT pick.removed AND pick.item_id IS NOT NULL"
        " UNION SELECT item.id, printed_item.section, issue.day FROM printed_item"
        " JOIN issue ON issue.id = printed_item.issue_id"
        " JOIN item ON item.key_hash = printed_item.key_hash AND item.key = printed_item.key"
        ") AS placed JOIN item ON item.id = placed.item_id"
        " ORDER BY item.id DESC, placed.day IS NULL DESC, placed.day DESC"},
    [STATEMENT_COUNT_HITS] = {"count the reasons of",
        "WITH newest AS MATERIALIZED (SELECT id, reasons FROM item"
        "  WHERE id > (SELECT max(id) FROM item) - ?),"
        " hit AS MATERIALIZED (SELECT DISTINCT newest.id AS id,"
        "  json_extract(value, '$.rule') AS rule,"
        "  lower(json_extract(value, '$.matched')) AS matched"
        "  FROM newest, json_each(newest.reasons))"
        " SELECT rule, matched, items FROM ("
        "  SELECT rule, NULL AS matched, count(DISTINCT id) AS items FROM hit GROUP BY rule"
        "  UNION ALL SELECT rule, matched, count(*) FROM hit WHERE matched IS NOT NULL"
        "   GROUP BY rule, matched)"
        " ORDER BY rule, matched IS NOT NULL, items DESC, matched"},
    [STATEMENT_FIND_STORY_TITLE] = {"read a title from",
        "SELECT title FROM story JOIN item ON item.id = lead_item_id WHERE story.id = ?"},
    [STATEMENT_FIND_ITEM_TITLE] = {"read a title from", "SELECT title FROM item WHERE id = ?"},

    /* The row stays when it is there already, and with it the feed's place in the order. */
    [STATEMENT_PUT_DESK_FEED] = {"store a feed of the editor's in",
        "INSERT INTO desk_feed (url, name, added, changed_utc_s) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (url) DO UPDATE SET name = excluded.name, added = excluded.added,"
        " changed_utc_s = excluded.changed_utc_s"},
    [STATEMENT_FIND_DESK_FEED] = {"read a feed of the editor's from",
        "SELECT id FROM desk_feed WHERE url = ?"},
    [STATEMENT_CLEAR_DESK_SETTINGS] = {"store a feed of the editor's in",
        "DELETE FROM desk_feed_setting WHERE desk_feed_id = ?"},
    [STATEMENT_ADD_DESK_SETTING] = {"store a feed of the editor's in",
        "INSERT INTO desk_feed_setting (desk_feed_id, position, key, value)"
        " VALUES (?, ?, ?, ?)"},
    [STATEMENT_REMOVE_DESK_FEED] = {"remove a feed of the editor's from",
        "DELETE FROM desk_feed WHERE url = ?"},
    [STATEMENT_LIST_DESK_FEEDS] = {"read the editor's feeds from",
        "SELECT id, url, name, added, changed_utc_s FROM desk_feed ORDER BY id"},
    [STATEMENT_LIST_DESK_SETTINGS] = {"read the editor's feeds from",
        "SELECT desk_feed_id, key, value FROM desk_feed_setting"
        " ORDER BY desk_feed_id, position"},

    [STATEMENT_FIND_SIGHTING] = {"look up an entry in",
        "SELECT item_id, content_hash FROM sighting WHERE feed_id = ? AND guid_hash = ?"},
    [STATEMENT_ADD_SIGHTING] = {"store a sighting in",
        "INSERT INTO sighting (feed_id, guid_hash, item_id, content_hash, first_seen_utc_s)"
        " VALUES (?, ?, ?, ?, ?)"},
    [STATEMENT_UPDATE_SIGHTING] = {"store a sighting in",
        "UPDATE sighting SET content_hash = ? WHERE feed_id = ? AND guid_hash = ?"},

    [STATEMENT_FIND_ITEMS_BY_KEY] = {"look up an item in",
        "SELECT id, key, feed_id, content_hash FROM item WHERE key_hash = ?"},
    [STATEMENT_FIND_ITEM] = {"look up an item in",
        "SELECT id, key, feed_id, content_hash FROM item WHERE id = ?"},
    [STATEMENT_ADD_ITEM] = {"store an item in",
        "INSERT INTO item (id, story_id, story_tier, story_match, story_score, story_reason,"
        " key_hash, key_twin, feed_id, first_seen_utc_s, key,"
        " content_hash, published_utc_s, dated_utc_s, url, title, language, authors,"
        " published_raw, comment, journal_ref, summary, ruleset_id, section, margin, uncertain,"
        " off_topic, relevance, vendor, prefix, tags, bundle, reasons)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, coalesce(?13, ?10),"
        " ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30,"
        " ?31, ?32)"},
    /* The date an item was given first stays: an edit must not lift it into the next issue. */
    [STATEMENT_EDIT_ITEM] = {"store an edited item in",
        "UPDATE item SET content_hash = ?1, published_utc_s = coalesce(published_utc_s, ?2),"
        " dated_utc_s = coalesce(published_utc_s, ?2, dated_utc_s), url = ?3, title = ?4,"
        " language = ?5, authors = ?6, published_raw = ?7, comment = ?8, journal_ref = ?9,"
        " summary = ?10, ruleset_id = ?11, section = ?12, margin = ?13, uncertain = ?14,"
        " off_topic = ?15, relevance = ?16, vendor = ?17, prefix = ?18, tags = ?19,"
        " bundle = ?20, reasons = ?21 WHERE id = ?22"},
    [STATEMENT_PUT_CONTENT] = {"store an item's content in",
        "INSERT INTO content (item_id, html) VALUES (?, html_pack(?, ?))"
        " ON CONFLICT (item_id) DO UPDATE SET html = excluded.html"},
    [STATEMENT_REMOVE_CONTENT] = {"store an item's content in",
        "DELETE FROM content WHERE item_id = ?"},

    [STATEMENT_FIND_RULESET] = {"read the rules from", "SELECT id FROM ruleset WHERE hash = ?"},
    [STATEMENT_ADD_RULESET] = {"store the rules in", "INSERT INTO ruleset (hash) VALUES (?)"},

    [STATEMENT_READ_TALLY] = {"read", "SELECT last_item_id FROM tally"},
    [STATEMENT_UPDATE_TALLY] = {"write to",
        "UPDATE tally SET items = items + ?, sightings = sightings + ?, last_item_id = ?"},
    [STATEMENT_READ_TOTALS] = {"count what is in",
        "SELECT (SELECT count(*) FROM feed), items, sightings, (SELECT count(*) FROM issue)"
        " FROM tally"},

    /* What is chosen among is answered by the indexes story_by_date and hand_sighting_by_time
     * alone. What was printed before ranks last. */
    [STATEMENT_LIST_CANDIDATES] = {"read the candidates from",
        "SELECT " STORY_CANDIDATE ", story.id"
        " FROM (SELECT id FROM (SELECT id FROM story INDEXED BY story_by_date"
        "   WHERE tray = 'inbox' AND dated_utc_s > ?1"
        "   ORDER BY rank DESC, dated_utc_s DESC LIMIT ?2)"
        "  UNION SELECT story.id FROM hand_sighting JOIN item ON item.id = item_id"
        "   JOIN story ON story.id = story_id"
        "   WHERE added_utc_s > ?1 AND story.state = 'inbox') AS chosen"
        " CROSS JOIN story USING (id) CROSS JOIN item ON item.id = "
        "lead_item_id" CANDIDATE_JOINS},
    [STATEMENT_LIST_ALSO] = {"read the candidates from",
        "SELECT coalesce(source, name) FROM " NEWEST_OF_STORY " AS member"
        " CROSS JOIN sighting ON item_id = member.id JOIN feed ON feed.id = sighting.feed_id"
        " UNION SELECT source FROM " NEWEST_OF_STORY " AS member"
        " CROSS JOIN hand_sighting ON item_id = member.id CROSS JOIN item ON item.id = "
        "member.id"
        " WHERE feed_id IS NULL AND source IS NOT NULL ORDER BY 1"},
    [STATEMENT_LIST_ISSUES] = {"read the issues from",
        "SELECT day, url, spaces_before, spaces_after, breaks_row, breaks_year FROM issue"
        " ORDER BY day DESC"},

    [STATEMENT_FIND_ISSUE] = {"read an issue from",
        "SELECT id, version, document FROM issue WHERE day = ?"},
    [STATEMENT_PUT_ISSUE] = {"store an issue in",
        "INSERT INTO issue (day, version, utc_s, editor, document) VALUES (?, 1, ?, ?, ?)"
        " ON CONFLICT (day) DO UPDATE SET version = version + 1, document = excluded.document,"
        " utc_s = excluded.utc_s, editor = excluded.editor"},
    [STATEMENT_PUT_ISSUE_LINK] = {"store an issue in",
        "INSERT INTO issue"
        " (day, url, spaces_before, spaces_after, breaks_row, breaks_year, listed_by)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (day) DO UPDATE SET"
        " url = coalesce(excluded.url, url), spaces_before = excluded.spaces_before,"
        " spaces_after = excluded.spaces_after, breaks_row = excluded.breaks_row,"
        " breaks_year = excluded.breaks_year, listed_by = excluded.listed_by"
        " WHERE listed_by IS NULL OR listed_by <= excluded.listed_by"},
    [STATEMENT_KEEP_ISSUE_VERSION] = {"store an issue in",
        "INSERT INTO issue_version (issue_id, version, utc_s, editor, document)"
        " SELECT id, version, utc_s, editor, document FROM issue WHERE id = ?"},
    [STATEMENT_CLEAR_UNREAD] = {"store an issue in",
        "DELETE FROM issue_unread WHERE issue_id = (SELECT id FROM issue WHERE day = ?)"},
    [STATEMENT_ADD_UNREAD] = {"store an issue in",
        "INSERT OR IGNORE INTO issue_unread (issue_id, line, text, why)"
        " SELECT id, ?2, ?3, ?4 FROM issue WHERE day = ?1"},
    [STATEMENT_LIST_UNREAD] = {"read an issue from",
        "SELECT line, text, why FROM issue_unread"
        " WHERE issue_id = (SELECT id FROM issue WHERE day = ?) ORDER BY line"},

    [STATEMENT_REMOVE_PRINTED_ITEMS] = {"store an issue in",
        "DELETE FROM printed_item WHERE issue_id = ?"},
    [STATEMENT_ADD_PRINTED_ITEM] = {"store an issue in",
        "INSERT INTO printed_item (issue_id, position, section, key_hash, key, url, title,"
        " source) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"},
    [STATEMENT_FIND_PRINTED_KEY] = {"look up a printed item in",
        "SELECT issue_id FROM printed_item JOIN issue ON issue.id = issue_id"
        " WHERE key_hash = ? AND key = ? ORDER BY day DESC LIMIT 1"},
    [STATEMENT_LIST_PRINTED_TITLES] = {"read the printed items from",
        "SELECT issue_id, title FROM printed_item JOIN issue ON issue.id = issue_id"
        " ORDER BY day, position"},
    [STATEMENT_LIST_REMARKED] = {"read the items from",
        "SELECT id, key_hash, key, title FROM item"
        " WHERE off_topic IN (0, 1) AND dated_utc_s > ?"},
    [STATEMENT_MARK_PRINTED] = {"store an item in",
        "UPDATE item SET printed_issue_id = ?1, printed_how = ?2 WHERE id = ?3"
        " AND (printed_issue_id IS NOT ?1 OR printed_how IS NOT ?2)"},

    [STATEMENT_PUT_HAND_SIGHTING] = {"store an item in",
        "INSERT INTO hand_sighting (item_id, added_utc_s, url, source) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (item_id) DO UPDATE SET added_utc_s = excluded.added_utc_s"},
    [STATEMENT_DESCRIBE_ITEM] = {"look up an item in",
        "SELECT key, item.title, coalesce(feed.source, feed.name, hand_sighting.source),"
        " CASE item.url WHEN '' THEN key ELSE item.url END, section, published_utc_s,"
        " first_seen_utc_s, hand_sighting.added_utc_s"
        " FROM item LEFT JOIN feed ON feed.id = item.feed_id"
        " LEFT JOIN hand_sighting ON hand_sighting.item_id = item.id WHERE item.id = ?"},

    [STATEMENT_FIND_STALE_RULESET] = {"look for items of earlier rules in",
        "SELECT id, (SELECT max(dated_utc_s) FROM item WHERE ruleset_id = ruleset.id) AS newest"
        " FROM ruleset WHERE hash <> ? AND newest IS NOT NULL ORDER BY newest DESC LIMIT 1"},
    [STATEMENT_LIST_STALE_ITEMS] = {"read items of earlier rules from",
        "SELECT " JUDGED_COLUMNS " FROM item" CANDIDATE_JOINS
        " WHERE ruleset_id = ? ORDER BY dated_utc_s DESC LIMIT ?"},
    /* The row stays when it is there already, and with it the rule's place in the order. */
    [STATEMENT_PUT_DESK_RULE] = {"store a rule of the editor's in",
        "INSERT INTO desk_rule (kind, section, name, changed_utc_s, text)"
        " VALUES (?, ?, ?, ?, ?) ON CONFLICT (kind, section, name) DO UPDATE SET"
        " name = excluded.name, changed_utc_s = excluded.changed_utc_s, text = excluded.text"},
    [STATEMENT_REMOVE_DESK_RULE] = {"remove a rule of the editor's from",
        "DELETE FROM desk_rule WHERE kind = ? AND section = ? AND name = ?"},
    [STATEMENT_LIST_DESK_RULES] = {"read the editor's rules from",
        "SELECT kind, section, name, changed_utc_s, text FROM desk_rule ORDER BY id"},
    [STATEMENT_LIST_ITEMS_BELOW] = {"read items from",
        "SELECT item.id, key, item.title, summary,"
        " CASE item.url WHEN '' THEN key ELSE item.url END,"
        " coalesce(feed.source, feed.name, hand_sighting.source), feed.url, comment,"
        " journal_ref"
        " FROM item LEFT JOIN feed ON feed.id = item.feed_id"
        " LEFT JOIN hand_sighting ON hand_sighting.item_id = item.id"
        " WHERE item.id < ? ORDER BY item.id DESC LIMIT ?"},
    [STATEMENT_LIST_LIVE_STORIES] = {"read items from",
        "SELECT id, dated_utc_s FROM story INDEXED BY story_by_date"
        " WHERE tray = ?1 AND (dated_utc_s, id) < (?2, ?3)"
        " ORDER BY dated_utc_s DESC, id DESC LIMIT ?4"},
    [STATEMENT_LIST_JUDGED_OF] = {"read items from",
        "SELECT " JUDGED_COLUMNS " FROM item" CANDIDATE_JOINS " WHERE " SEEN_OF_STORY},
    [STATEMENT_UPDATE_VERDICT] = {"store a verdict in",
        "UPDATE item SET ruleset_id = ?1, section = ?2, margin = ?3, uncertain = ?4,"
        " off_topic = ?5, relevance = ?6, vendor = ?7, prefix = ?8, tags = ?9, bundle = ?10,"
        " reasons = ?11 WHERE id = ?12 AND (ruleset_id, section, margin, uncertain, off_topic,"
        " relevance, vendor, prefix, tags, bundle, reasons)"
        " IS NOT (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"},

    [STATEMENT_FIND_ITEM_BY_ALIAS] = {"look up an item in",
        "SELECT id, item.key, feed_id, content_hash FROM key_alias JOIN item ON id = item_id"
        " WHERE key_alias.key = ?"},
    [STATEMENT_PUT_ALIAS] = {"store an item in",
        "INSERT INTO key_alias (key, item_id) VALUES (?, ?)"
        " ON CONFLICT (key) DO UPDATE SET item_id = excluded.item_id"},
    [STATEMENT_READ_SEARCH_STATE] = {"read the state of the search index in",
        "SELECT version, indexed_id, (SELECT last_item_id FROM tally) FROM search_state"},
    [STATEMENT_WRITE_SEARCH_STATE] = {"write the search index in",
        "UPDATE search_state SET version = ?, indexed_id = ?"},
    [STATEMENT_FIND_STALE_TEXT] = {"read what the search index must forget in",
        "SELECT item_id, item.id IS NOT NULL, search_stale.title, search_stale.summary,"
        " item.title, item.summary FROM search_stale LEFT JOIN item ON item.id = item_id"
        " LIMIT 1"},
    [STATEMENT_FORGET_STALE_TEXT] = {"write the search index in",
        "DELETE FROM search_stale WHERE item_id = ?"},
    [STATEMENT_FORGET_STALE_TEXTS] = {"write the search index in", "DELETE FROM search_stale"},
    [STATEMENT_LIST_UNINDEXED] = {"read items for the search index from",
        "SELECT id, title, summary FROM item WHERE id > ? ORDER BY id"},
    [STATEMENT_INDEX_TEXT] = {"write the search index in",
        "INSERT INTO search (rowid, text) VALUES (?, ?)"},
    [STATEMENT_UNINDEX_TEXT] = {"write the search index in",
        "INSERT INTO search (search, rowid, text) VALUES ('delete', ?, ?)"},

    [STATEMENT_SEARCH] = {"search",
        "SELECT rowid FROM search WHERE search MATCH ? AND rowid <= ? ORDER BY rowid DESC"},
    [STATEMENT_SEARCH_ID] = {"search",
        "SELECT 1 FROM search WHERE search MATCH ? AND rowid = ?"},
    [STATEMENT_LIST_SEARCH_WORDS] = {"search",
        "SELECT term FROM search_word WHERE term >= ?1 AND term < ?1 || char(1114111)"
        " ORDER BY doc DESC LIMIT ?2"},
    /* A condition that is NULL asks nothing. A language tag begins with its language (RFC
       5646). */
    [STATEMENT_FIND_HIT] = {"search",
        "SELECT dated_utc_s, item.title, summary FROM item"
        " LEFT JOIN feed ON feed.id = item.feed_id"
        " LEFT JOIN hand_sighting ON hand_sighting.item_id = item.id"
        " WHERE item.id = ?1 AND (?2 IS NULL OR section = ?2)"
        " AND (?3 IS NULL OR coalesce(feed.source, feed.name, hand_sighting.source) = ?3)"
        " AND (?4 IS NULL OR feed.url = ?4) AND (?5 IS NULL OR vendor = ?5)"
        " AND (?6 IS NULL OR instr(char(10) || tags || char(10), char(10) || ?6 || char(10)))"
        " AND (?7 IS NULL OR language = ?7 COLLATE NOCASE OR language LIKE ?7 || '-%')"
        " AND (?8 IS NULL OR dated_utc_s >= ?8) AND (?9 IS NULL OR dated_utc_s < ?9)"
        " AND (?10 IS NULL OR off_topic = ?10)"},
    /* Two walks through item_by_date, joined as they go. */
    [STATEMENT_LIST_HITS_BY_DATE] = {"search",
        "SELECT id, dated_utc_s FROM item WHERE off_topic = 0 AND dated_utc_s <= ?1"
        " UNION ALL SELECT id, dated_utc_s FROM item WHERE off_topic = 1 AND dated_utc_s <= ?1"
        " ORDER BY dated_utc_s DESC, id DESC"},
    [STATEMENT_DESCRIBE_HIT] = {"search",
        "SELECT key, CASE item.url WHEN '' THEN key ELSE item.url END,"
        " coalesce(feed.source, feed.name, hand_sighting.source), section, language,"
        " published_utc_s, dated_utc_s, off_topic, vendor, tags, item.title, summary FROM item"
        " LEFT JOIN feed ON feed.id = item.feed_id"
        " LEFT JOIN hand_sighting ON hand_sighting.item_id = item.id WHERE item.id = ?"},

    [STATEMENT_LIST_HORIZONS] = {"look for old items in",
        "SELECT id, (SELECT min(first_seen_utc_s) FROM (SELECT first_seen_utc_s,"
        "   row_number() OVER (ORDER BY first_seen_utc_s DESC) AS number FROM sighting"
        "   WHERE feed_id = feed.id) WHERE number <= entries)"
        " FROM feed WHERE entries > 0 ORDER BY id"},
    [STATEMENT_LIST_OLD_STORIES] = {"look for old items in",
        "SELECT story.id, sighting.feed_id, sighting.first_seen_utc_s FROM story INDEXED BY "
        "story_by_date"
        " CROSS JOIN item ON item.story_id = story.id"
        " LEFT JOIN sighting ON sighting.item_id = item.id"
        " WHERE tray IN ('inbox', 'aside') AND story.dated_utc_s < ?1 AND " STORY_MAY_GO},
    [STATEMENT_MAY_STORY_GO] = {"look for old items in",
        "SELECT count(*) FROM story WHERE " STORY_MAY_GO " AND story.id = ?2"},
    [STATEMENT_TAKE_FROM_TALLY] = {"remove old items from",
        "UPDATE tally SET items = items - (SELECT count(*) FROM item WHERE story_id = ?1),"
        " sightings = sightings - (SELECT count(*) FROM item JOIN sighting"
        "  ON item_id = item.id WHERE story_id = ?1)"},
    [STATEMENT_REMOVE_CONTENTS] = {"remove old items from",
        "DELETE FROM content WHERE item_id IN " ITEMS_OF_STORY},
    [STATEMENT_REMOVE_ALIASES] = {"remove old items from",
        "DELETE FROM key_alias WHERE item_id IN " ITEMS_OF_STORY},
    [STATEMENT_REMOVE_SIGHTINGS] = {"remove old items from",
        "DELETE FROM sighting WHERE item_id IN " ITEMS_OF_STORY},
    [STATEMENT_REMOVE_ITEMS] = {"remove old items from", "DELETE FROM item WHERE story_id = ?"},
};

struct statement *statement_get(struct store *store, enum statement_id id, struct fault *fault)
{
    struct statement *statement = &store->statements[id];
    const struct statement_text *text = id < STATEMENT_DESK ? &statement_table[id]
        : id < STATEMENT_ACCOUNT ? &desk_statement_table[id - STATEMENT_DESK]
                                 : &account_statement_table[id - STATEMENT_ACCOUNT];
    if (statement->handle == NULL) {
        statement->store = store;
        statement->purpose = text->purpose;
        if (sqlite3_prepare_v3(store->db, text->sql, -1, SQLITE_PREPARE_PERSISTENT,
                &statement->handle, NULL) != SQLITE_OK) {
            database_fault(store->db, store->path, statement->purpose, fault);
            return NULL;
        }
    }
    statement->next_parameter = 1;
    return statement;
}

bool statement_prepare(struct store *store, const char *sql, const char *purpose,
    struct statement *ret_statement, struct fault *fault)
{
    *ret_statement = (struct statement){
        .store = store, .purpose = purpose, .next_parameter = 1};
    return sqlite3_prepare_v2(store->db, sql, -1, &ret_statement->handle, NULL) == SQLITE_OK ||
        database_fault(store->db, store->path, purpose, fault);
}

void statement_finalize(struct statement *statement)
{
    sqlite3_finalize(statement->handle);
    statement->handle = NULL;
}

void statement_done(struct statement *statement)
{
    if (statement != NULL) {
        sqlite3_reset(statement->handle);
        sqlite3_clear_bindings(statement->handle);
    }
}

void statement_donep(struct statement **statement)
{
    statement_done(*statement);
}

bool statement_next(struct statement *statement, bool *ret_row, struct fault *fault)
{
    int step = sqlite3_step(statement->handle);
    if (step != SQLITE_ROW && step != SQLITE_DONE) {
        return database_fault(
            statement->store->db, statement->store->path, statement->purpose, fault);
    }
    statement->next_column = 0;
    *ret_row = step == SQLITE_ROW;
    return true;
}

bool statement_expect(
    struct statement *statement, const char *what, int64_t id, struct fault *fault)
{
    bool row;
    return statement_next(statement, &row, fault) &&
        (row || fault_set(fault, FAULT_MISSING, "there is no %s %lld", what, (long long)id));
}

void *statement_rows(struct statement *list, struct arena *arena, size_t item_bytes,
    statement_read_fn *read, size_t *ret_count, struct fault *fault)
{
    size_t count = 0, capacity = 0;
    char *items = arena_grow(arena, NULL, item_bytes, &capacity);
    bool row;
    while (statement_next(list, &row, fault)) {
        if (!row) {
            *ret_count = count;
            return items;
        }
        if (count == capacity) {
            items = arena_grow(arena, items, item_bytes, &capacity);
        }
        memset(items + count * item_bytes, 0, item_bytes);
        read(list, arena, items + count++ * item_bytes);
    }
    return NULL;
}

bool statement_run(struct statement *statement, struct fault *fault)
{
    bool row;
    return statement_next(statement, &row, fault);
}

bool statement_find_int(struct store *store, enum statement_id id, int64_t parameter,
    int64_t *ret_value, struct fault *fault)
{
    cleanup(statement_donep) struct statement *find = statement_get(store, id, fault);
    bool row;
    if (find == NULL) {
        return false;
    }
    bind_int(find, parameter);
    if (!statement_next(find, &row, fault)) {
        return false;
    }
    *ret_value = row ? column_int(find) : 0;
    return true;
}

bool statement_run_ints(struct store *store, enum statement_id id, const int64_t *parameters,
    size_t count, struct fault *fault)
{
    cleanup(statement_donep) struct statement *statement = statement_get(store, id, fault);
    if (statement == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        bind_int(statement, parameters[i]);
    }
    return statement_run(statement, fault);
}

bool statement_run_texts(struct store *store, enum statement_id id,
    const char *const *parameters, size_t count, struct fault *fault)
{
    cleanup(statement_donep) struct statement *statement = statement_get(store, id, fault);
    if (statement == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        bind_text(statement, parameters[i]);
    }
    return statement_run(statement, fault);
}

bool statement_run_id(struct store *store, enum statement_id id, struct fault *fault)
{
    cleanup(statement_donep) struct statement *statement = statement_get(store, id, fault);
    return statement != NULL && statement_run(statement, fault);
}
