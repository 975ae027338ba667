/* The SQL of the desk (statements.c has the rest).
 *
 * Things of a kind are read and put as JSON objects, which the database makes and takes apart
 * (action.c); the names of their members are part of what the log keeps for ever. */
#include "storage/candidates.h"
#include "storage/desk_statements.h"
#include "storage/verdicts.h"

#define FLAG(column) "json(iif(" column ", 'true', 'false'))"
#define PICK_COLUMNS                                                                           \
    "id, version, draft_id, removed, section, position, story_id, item_id, body, original"
#define DRAFT_TEXTS                                                                            \
    "day, headline, preface, guide, guide_base, lead_in, note_before, closing, note_after"
#define STORY_COLUMNS                                                                          \
    STORY_CANDIDATE                                                                            \
    ", story.id, story.version, state, story.section, section_by_hand, lead_by_hand,"          \
    " item_count,"                                                                             \
    " (SELECT pick.id FROM pick JOIN draft ON draft.id = draft_id WHERE story_id = story.id"   \
    "  AND removed = 0 AND open = 1 AND issue_id IS NULL), rank, story.dated_utc_s"
#define STORY_JOINS                                                                            \
    " CROSS JOIN story USING (id) CROSS JOIN item ON item.id = lead_item_id" CANDIDATE_JOINS
/* A member as its story's lead is chosen by: stories.c. */
#define MEMBER_COLUMNS                                                                         \
    "item.id, item.off_topic, item.published_utc_s, item.title, item.language,"                \
    " length(item.summary), CASE item.url WHEN '' THEN item.key ELSE item.url END, feed.url"
#define MEMBER_JOINS " LEFT JOIN feed ON feed.id = item.feed_id"
#define STORY_FILTER                                                                           \
    " AND dated_utc_s >= ?5 AND dated_utc_s < ?6 AND (?7 IS NULL OR section = ?7)"             \
    " AND (?8 IS NULL OR vendor = ?8) AND (?9 IS NULL OR uncertain = ?9)"                      \
    " AND (?10 IS NULL OR (printed_issue_id IS NOT NULL) = ?10)"                               \
    " AND (?11 IS NULL OR EXISTS (SELECT 1 FROM item WHERE story_id = story.id"                \
    "  AND instr(char(10) || tags || char(10), char(10) || ?11 || char(10)) > 0))"             \
    " AND (?12 IS NULL OR ?12 IN (SELECT coalesce(feed.source, name)"                          \
    "  FROM item JOIN sighting ON item_id = item.id JOIN feed ON feed.id = sighting.feed_id"   \
    "  WHERE story_id = story.id UNION ALL SELECT source FROM item"                            \
    "  JOIN hand_sighting ON item_id = item.id WHERE story_id = story.id))"                    \
    " AND (?14 IS NULL OR ?14 IN (SELECT feed.url FROM item"                                   \
    "  JOIN sighting ON item_id = item.id JOIN feed ON feed.id = sighting.feed_id"             \
    "  WHERE story_id = story.id)) AND (?15 IS NULL OR story_found(id, ?16))"
/* Those of a list of ids, which costs what the list has. */
#define STORY_NAMED " story WHERE id IN (SELECT value FROM json_each(?16)) AND tray = ?1"
#define PICK_REPLACES                                                                          \
    " ON CONFLICT (id) DO UPDATE SET draft_id = excluded.draft_id,"                            \
    " removed = excluded.removed, section = excluded.section, position = excluded.position,"   \
    " story_id = excluded.story_id, item_id = excluded.item_id, body = excluded.body,"         \
    " original = excluded.original"

const struct statement_text desk_statement_table[STATEMENT_ACCOUNT - STATEMENT_DESK] = {
    /* ---- the grouping ---- */
    [STATEMENT_FIND_NEWEST_DATE - STATEMENT_DESK] = {"read the items from",
        "SELECT max(coalesce((SELECT max(dated_utc_s) FROM item WHERE off_topic = 0), ?1),"
        " coalesce((SELECT max(dated_utc_s) FROM item WHERE off_topic = 1), ?1))"},
    /* Ids are sorted, not the rows with their texts, which took 8 MB and files beside that. The
       LIMIT keeps SQLite from leaving out the order of a subselect. */
    [STATEMENT_LIST_LIVE_ITEMS - STATEMENT_DESK] = {"read the items from",
        "SELECT item.id, item.dated_utc_s, key, title, summary, story_id, story_tier FROM"
        " (SELECT id FROM item WHERE off_topic IN (0, 1) AND dated_utc_s >= ?"
        "  ORDER BY dated_utc_s, id LIMIT -1) AS live CROSS JOIN item ON item.id = live.id"},

    /* ---- stories and their derived columns ---- */
    [STATEMENT_LIST_MEMBERS - STATEMENT_DESK] = {"read a story from",
        "SELECT " MEMBER_COLUMNS " FROM item" MEMBER_JOINS " WHERE " SEEN_OF_STORY},
    [STATEMENT_READ_MEMBER - STATEMENT_DESK] = {"read a story from",
        "SELECT " MEMBER_COLUMNS
        ", item.relevance, item.printed_issue_id FROM item" MEMBER_JOINS " WHERE item.id = ?"},
    [STATEMENT_READ_LEADER - STATEMENT_DESK] = {"read a story from",
        "SELECT " MEMBER_COLUMNS ", story.relevance, story.off_topic,"
        " lead_by_hand IS lead_item_id FROM story JOIN item ON item.id = "
        "lead_item_id" MEMBER_JOINS " WHERE story.id = ?"},
    [STATEMENT_COUNT_MEMBER - STATEMENT_DESK] = {"store a story in",
        "UPDATE story SET item_count = item_count + 1 WHERE id = ?"},
    [STATEMENT_RAISE_STORY -
        STATEMENT_DESK] = {"store a story in", "UPDATE story SET relevance = ? WHERE id = ?"},
    [STATEMENT_LEAD_STORY - STATEMENT_DESK] = {"store a story in",
        "UPDATE story SET lead_item_id = item.id, dated_utc_s = item.dated_utc_s,"
        " uncertain = item.uncertain, vendor = item.vendor,"
        " section = coalesce(section_by_hand, item.section)"
        " FROM item WHERE item.id = ? AND story.id = ?"},
    [STATEMENT_LIST_ITEM_IDS - STATEMENT_DESK] = {"read a story from",
        "SELECT id FROM item WHERE story_id = ? ORDER BY id"},
    [STATEMENT_FIND_STORY_OF -
        STATEMENT_DESK] = {"look up a story in", "SELECT story_id FROM item WHERE id = ?"},
    [STATEMENT_FIND_LEAD -
        STATEMENT_DESK] = {"look up a story in", "SELECT lead_item_id FROM story WHERE id = ?"},
    [STATEMENT_FIND_LEAD_BY_HAND -
        STATEMENT_DESK] = {"look up a story in", "SELECT lead_by_hand FROM story WHERE id = ?"},
    /* A story that is new starts with what is remembered of its lead's key. Nearly every story
     * begins and stays with one item, so that case has the plain statement. */
    [STATEMENT_BEGIN_STORY - STATEMENT_DESK] = {"store a story in",
        "INSERT INTO story (id, state, version, item_count, lead_item_id, dated_utc_s,"
        " relevance, off_topic, uncertain, printed_issue_id, section, vendor)"
        " SELECT id, coalesce((SELECT iif(state = 'picked', 'later', state) FROM memory"
        " WHERE memory.key = item.key), 'inbox'), 0, 1, id, dated_utc_s, relevance, off_topic,"
        " uncertain, printed_issue_id, section, vendor FROM item WHERE id = ?"},
    [STATEMENT_DERIVE_STORY - STATEMENT_DESK] = {"store a story in",
        "INSERT INTO story (id, state, version, item_count, lead_item_id, dated_utc_s,"
        " relevance, off_topic, uncertain, printed_issue_id, section, vendor)"
        " SELECT ?1, coalesce((SELECT iif(state = 'picked', 'later', state) FROM memory"
        "                      WHERE memory.key = lead.key), 'inbox'), 0, members, ?2,"
        " lead.dated_utc_s, best, every_off_topic, lead.uncertain,"
        " (SELECT issue.id FROM (SELECT printed_issue_id AS printed FROM item"
        "   WHERE story_id = ?1 UNION ALL SELECT issue_id FROM pick"
        "   JOIN draft ON draft.id = draft_id WHERE story_id = ?1 AND removed = 0"
        "   AND draft.id = (SELECT max(id) FROM draft AS newest WHERE open = 0"
        "    AND newest.issue_id = draft.issue_id))"
        "  JOIN issue ON issue.id = printed ORDER BY day DESC LIMIT 1), lead.section, "
        "lead.vendor"
        " FROM item AS lead,"
        " (SELECT count(*) AS members, min(off_topic) AS every_off_topic,"
        "   coalesce(max(relevance) FILTER (WHERE off_topic = 0), max(relevance)) AS best"
        "  FROM item WHERE story_id = ?1)"
        " WHERE lead.id = ?2"
        " ON CONFLICT (id) DO UPDATE SET item_count = excluded.item_count,"
        " lead_item_id = excluded.lead_item_id, dated_utc_s = excluded.dated_utc_s,"
        " relevance = excluded.relevance, off_topic = excluded.off_topic,"
        " uncertain = excluded.uncertain, vendor = excluded.vendor,"
        " printed_issue_id = excluded.printed_issue_id,"
        " section = coalesce(section_by_hand, excluded.section)"},
    [STATEMENT_READ_STAND - STATEMENT_DESK] = {"read a story from",
        "SELECT state, section FROM story WHERE id = ?"},
    [STATEMENT_READ_HAND - STATEMENT_DESK] = {"read a story from",
        "SELECT state, section_by_hand, lead_by_hand FROM story WHERE id = ?"},
    [STATEMENT_WRITE_HAND - STATEMENT_DESK] = {"store a decision in",
        "UPDATE story SET state = ?, section_by_hand = ?, lead_by_hand = ? WHERE id = ?"},
    [STATEMENT_MOVE_ITEM - STATEMENT_DESK] = {"store a decision in",
        "UPDATE item SET story_id = ?, story_tier = 'by_hand' WHERE id = ?"},
    [STATEMENT_READ_CANDIDATE - STATEMENT_DESK] = {"read an item from",
        "SELECT " ITEM_CANDIDATE ", story_id"
        " FROM item" CANDIDATE_JOINS " WHERE item.id = ?"},
    [STATEMENT_READ_FOR_JUDGE - STATEMENT_DESK] = {"read an item from",
        "SELECT " JUDGED_COLUMNS " FROM item" CANDIDATE_JOINS " WHERE item.id = ?"},

    /* ---- things by kind: action.c ---- */
    [STATEMENT_VERSION_STORY -
        STATEMENT_DESK] = {"read a story from", "SELECT version FROM story WHERE id = ?"},
    [STATEMENT_VERSION_ITEM -
        STATEMENT_DESK] = {"read an item from", "SELECT story_version FROM item WHERE id = ?"},
    [STATEMENT_VERSION_PICK -
        STATEMENT_DESK] = {"read the draft from", "SELECT version FROM pick WHERE id = ?"},
    [STATEMENT_VERSION_DRAFT -
        STATEMENT_DESK] = {"read the draft from", "SELECT version FROM draft WHERE id = ?"},
    [STATEMENT_READ_STORY - STATEMENT_DESK] = {"read a story from",
        "SELECT json_object('state', state, 'section', section_by_hand, 'lead', lead_by_hand)"
        " FROM story WHERE id = ?"},
    [STATEMENT_READ_ITEM - STATEMENT_DESK] = {"read an item from",
        "SELECT json_object('story', story_id, 'tier', story_tier) FROM item WHERE id = ?"},
    [STATEMENT_READ_PICK - STATEMENT_DESK] = {"read the draft from",
        "SELECT json_object('draft', draft_id, 'removed', " FLAG(
            "removed") ", 'section',"
                       " section, 'position', position, 'story', story_id, 'item', item_id,"
                       " 'body', json(body), 'original', json(original)) FROM pick WHERE id = "
                       "?"},
    [STATEMENT_READ_DRAFT - STATEMENT_DESK] = {"read the draft from",
        "SELECT json_object('open', " FLAG("open") ", 'issue', issue_id, 'suggest', " FLAG(
            "suggest") ", 'day', day, 'headline', headline, 'preface', preface,"
                       " 'guide', guide, 'guide_base', guide_base, 'lead_in', lead_in, "
                       "'note_before',"
                       " note_before, 'closing', closing, 'note_after', note_after) FROM draft "
                       "WHERE id = ?"},
    [STATEMENT_PUT_STORY - STATEMENT_DESK] = {"store a decision in",
        "INSERT INTO story (id, state, version, section_by_hand, lead_by_hand, item_count,"
        " lead_item_id, dated_utc_s, relevance, off_topic, uncertain, section)"
        " VALUES (?1, ?2 ->> 'state', 0, ?2 ->> 'section', ?2 ->> 'lead', 0, 0, 0, 0, 0, 0, '')"
        " ON CONFLICT (id) DO UPDATE SET state = excluded.state,"
        " section_by_hand = excluded.section_by_hand, lead_by_hand = excluded.lead_by_hand"},
    [STATEMENT_PUT_ITEM - STATEMENT_DESK] = {"store a decision in",
        "UPDATE item SET story_id = ?2 ->> 'story', story_tier = ?2 ->> 'tier' WHERE id = ?1"},
    [STATEMENT_PUT_PICK - STATEMENT_DESK] = {"write to the draft in",
        "INSERT INTO pick (id, version, draft_id, removed, section, position, story_id, "
        "item_id,"
        " body, original)"
        " VALUES (?1, 0, ?2 ->> 'draft', ?2 ->> 'removed', ?2 ->> 'section',"
        " ?2 ->> 'position', ?2 ->> 'story', ?2 ->> 'item', ?2 ->> 'body', ?2 ->> "
        "'original')" PICK_REPLACES},
    [STATEMENT_PUT_DRAFT - STATEMENT_DESK] = {"write to the draft in",
        "INSERT INTO draft (id, version, open, issue_id, suggest, day, headline, preface, "
        "guide,"
        " guide_base, lead_in, note_before, closing, note_after)"
        " VALUES (?1, 0, ?2 ->> 'open', ?2 ->> 'issue', ?2 ->> 'suggest', ?2 ->> 'day',"
        " ?2 ->> 'headline', ?2 ->> 'preface', ?2 ->> 'guide', ?2 ->> 'guide_base',"
        " ?2 ->> 'lead_in', ?2 ->> 'note_before', ?2 ->> 'closing', ?2 ->> 'note_after')"
        " ON CONFLICT (id) DO UPDATE SET open = excluded.open, issue_id = excluded.issue_id,"
        " suggest = excluded.suggest, day = excluded.day, headline = excluded.headline,"
        " preface = excluded.preface, guide = excluded.guide,"
        " guide_base = excluded.guide_base, lead_in = excluded.lead_in,"
        " note_before = excluded.note_before, closing = excluded.closing,"
        " note_after = excluded.note_after"},
    [STATEMENT_STAMP_STORY -
        STATEMENT_DESK] = {"store a decision in", "UPDATE story SET version = ? WHERE id = ?"},
    [STATEMENT_STAMP_ITEM - STATEMENT_DESK] = {"store a decision in",
        "UPDATE item SET story_version = ? WHERE id = ?"},
    [STATEMENT_STAMP_PICK -
        STATEMENT_DESK] = {"write to the draft in", "UPDATE pick SET version = ? WHERE id = ?"},
    [STATEMENT_STAMP_DRAFT - STATEMENT_DESK] = {"write to the draft in",
        "UPDATE draft SET version = ? WHERE id = ?"},
    [STATEMENT_REMOVE_STORY -
        STATEMENT_DESK] = {"store a decision in", "DELETE FROM story WHERE id = ?"},
    [STATEMENT_REMOVE_PICK -
        STATEMENT_DESK] = {"write to the draft in", "DELETE FROM pick WHERE id = ?"},
    [STATEMENT_REMOVE_DRAFT -
        STATEMENT_DESK] = {"write to the draft in", "DELETE FROM draft WHERE id = ?"},
    [STATEMENT_TAKE_ID - STATEMENT_DESK] = {"write to",
        "UPDATE tally SET last_item_id = last_item_id + 1 WHERE 0 = ? RETURNING last_item_id"},

    /* ---- stories read: ?1 tray, ?2 rank, ?3 date and ?4 id of the line before, ?5 from, ?6
     * to, ?7 section, ?8 vendor, ?9 uncertain, ?10 printed, ?11 tag, ?12 source, ?13 how many
     * ---- */
    [STATEMENT_LIST_STORIES_BY_RANK - STATEMENT_DESK] = {"list the stories of",
        "SELECT " STORY_COLUMNS " FROM (SELECT id FROM story INDEXED BY story_by_rank"
        " WHERE tray = ?1 AND (rank, id) < (?2, ?4 + 0 * ?3)" STORY_FILTER
        " ORDER BY rank DESC, id DESC LIMIT ?13) AS chosen" STORY_JOINS
        " ORDER BY rank DESC, story.id DESC"},
    [STATEMENT_LIST_BEST_STORIES - STATEMENT_DESK] = {"list the stories of",
        "SELECT " STORY_COLUMNS " FROM (SELECT id FROM story INDEXED BY story_by_date"
        " WHERE tray = ?1 AND (rank, id) < (?2, ?4 + 0 * ?3)" STORY_FILTER
        " ORDER BY rank DESC, id DESC LIMIT ?13) AS chosen" STORY_JOINS
        " ORDER BY rank DESC, story.id DESC"},
    [STATEMENT_LIST_STORIES_BY_DATE - STATEMENT_DESK] = {"list the stories of",
        "SELECT " STORY_COLUMNS " FROM (SELECT id FROM story INDEXED BY story_by_date"
        " WHERE tray = ?1 AND (dated_utc_s, id) < (?3, ?4) AND ?2 IS NOT NULL" STORY_FILTER
        " ORDER BY dated_utc_s DESC, id DESC LIMIT ?13) AS chosen" STORY_JOINS
        " ORDER BY story.dated_utc_s DESC, story.id DESC"},
    [STATEMENT_LIST_FOUND_BY_RANK - STATEMENT_DESK] = {"list the stories of",
        "SELECT " STORY_COLUMNS " FROM (SELECT id FROM" STORY_NAMED
        " AND (rank, id) < (?2, ?4 + 0 * ?3)" STORY_FILTER
        " ORDER BY rank DESC, id DESC LIMIT ?13) AS chosen" STORY_JOINS
        " ORDER BY rank DESC, story.id DESC"},
    [STATEMENT_LIST_FOUND_BY_DATE - STATEMENT_DESK] = {"list the stories of",
        "SELECT " STORY_COLUMNS " FROM (SELECT id FROM" STORY_NAMED
        " AND (dated_utc_s, id) < (?3, ?4) AND ?2 IS NOT NULL" STORY_FILTER
        " ORDER BY dated_utc_s DESC, id DESC LIMIT ?13) AS chosen" STORY_JOINS
        " ORDER BY story.dated_utc_s DESC, story.id DESC"},
    [STATEMENT_LIST_ITEM_IDS_OF -
        STATEMENT_DESK] = {"read a story from", "SELECT id FROM item WHERE story_id = ?"},
    [STATEMENT_READ_ONE_STORY - STATEMENT_DESK] = {"read a story from",
        "SELECT " STORY_COLUMNS " FROM (SELECT ? AS id) AS chosen" STORY_JOINS},
    [STATEMENT_COUNT_STORIES - STATEMENT_DESK] = {"count the stories of",
        "SELECT section, count(*), sum(uncertain) FROM story INDEXED BY story_by_rank"
        " WHERE tray = ?1 AND (rank, id) < (?2, ?4 + 0 * ?3 + 0 * ?13)" STORY_FILTER
        " GROUP BY section"},
    [STATEMENT_COUNT_FOUND - STATEMENT_DESK] = {"count the stories of",
        "SELECT section, count(*), sum(uncertain) FROM" STORY_NAMED
        " AND (rank, id) < (?2, ?4 + 0 * ?3 + 0 * ?13)" STORY_FILTER " GROUP BY section"},
    [STATEMENT_READ_STORY_COUNTS - STATEMENT_DESK] = {"count the stories of",
        "SELECT section, stories, uncertain FROM story_count WHERE tray = ?1 AND stories > 0"
        " ORDER BY section"},
    [STATEMENT_LIST_ITEMS_OF - STATEMENT_DESK] = {"read a story from",
        "SELECT " ITEM_CANDIDATE ", story_version, html_unpack(html, summary),"
        " story_tier, story_match, story_score, story_reason, authors, comment, journal_ref"
        " FROM item" CANDIDATE_JOINS
        " JOIN story ON story.id = story_id LEFT JOIN content ON content.item_id = item.id"
        " WHERE " SEEN_OF_STORY " ORDER BY item.id <> lead_item_id, item.dated_utc_s, item.id"},
    [STATEMENT_LIST_SIGHTINGS - STATEMENT_DESK] = {"read a story from",
        "SELECT coalesce(source, name), feed.url, first_seen_utc_s FROM sighting"
        " JOIN feed ON feed.id = feed_id WHERE item_id = ?1"
        " UNION ALL SELECT source, NULL, added_utc_s FROM hand_sighting WHERE item_id = ?1"
        " ORDER BY 3"},
    [STATEMENT_LIST_BUNDLED - STATEMENT_DESK] = {"read a story from",
        "SELECT id, story_id, title, CASE url WHEN '' THEN key ELSE url END, dated_utc_s"
        " FROM item WHERE bundle = ?1 AND story_id <> ?2 ORDER BY dated_utc_s DESC, id DESC"
        " LIMIT ?3"},
    [STATEMENT_LIST_PRINTED - STATEMENT_DESK] = {"read the printed items from",
        "SELECT day, printed_item.section, printed_item.title, printed_item.url,"
        " printed_item.source, key FROM printed_item JOIN issue ON issue.id = issue_id"
        " ORDER BY day DESC, position LIMIT ?"},
    [STATEMENT_READ_PRINTED_TAG - STATEMENT_DESK] = {"read the printed items from",
        "SELECT count(*), coalesce(sum(version), 0), (SELECT count(*) FROM printed_item)"
        " FROM issue"},
    [STATEMENT_RECALL - STATEMENT_DESK] = {"look up a key in",
        "SELECT coalesce((SELECT story.state FROM item JOIN story ON story.id = story_id"
        "   WHERE key_hash = ?2 AND key = ?1),"
        "  (SELECT state FROM memory WHERE key = ?1)),"
        " (SELECT day FROM printed_item JOIN issue ON issue.id = issue_id"
        "   WHERE key_hash = ?2 AND key = ?1 ORDER BY day DESC LIMIT 1)"},

    /* ---- the log ---- */
    [STATEMENT_FIND_REQUEST - STATEMENT_DESK] = {"read the log of",
        "SELECT hash, event_id, made FROM request WHERE editor = ? AND key = ? AND utc_s >= ?"},
    [STATEMENT_ADD_REQUEST - STATEMENT_DESK] = {"write to the log of",
        "INSERT OR REPLACE INTO request (editor, key, hash, event_id, made, utc_s)"
        " VALUES (?, ?, ?, ?, ?, ?)"},
    [STATEMENT_FORGET_REQUESTS -
        STATEMENT_DESK] = {"write to the log of", "DELETE FROM request WHERE utc_s < ?"},
    [STATEMENT_NEXT_EVENT - STATEMENT_DESK] = {"read the log of",
        "SELECT coalesce(max(id), 0) + 1 FROM event WHERE 0 = ?"},
    [STATEMENT_ADD_EVENT - STATEMENT_DESK] = {"write to the log of",
        "INSERT INTO event (id, utc_s, editor, action, undoes) VALUES (?, ?, ?, ?, ?)"},
    [STATEMENT_ADD_CHANGE - STATEMENT_DESK] = {"write to the log of",
        "INSERT INTO event_change (event_id, kind, entity_id, before, after)"
        " VALUES (?, ?, ?, ?, ?)"},
    /* What this event takes back no longer stands; what that had taken back stands again. */
    [STATEMENT_MARK_UNDONE - STATEMENT_DESK] = {"write to the log of",
        "UPDATE event SET undone_by = iif(id = ?1, ?2, NULL)"
        " WHERE id = ?1 OR id = (SELECT undoes FROM event WHERE id = ?1)"},
    [STATEMENT_FIND_EVENT -
        STATEMENT_DESK] = {"read the log of", "SELECT editor, utc_s FROM event WHERE id = ?"},
    [STATEMENT_IS_FINAL - STATEMENT_DESK] = {"read the log of",
        "SELECT action IN ('publish', 'correct', 'reopen') FROM event WHERE id = ?"},
    [STATEMENT_LIST_CHANGES - STATEMENT_DESK] = {"read the log of",
        "SELECT kind, entity_id, before, after FROM event_change WHERE event_id = ?"
        " ORDER BY CASE kind WHEN 'story' THEN 0 WHEN 'item' THEN 1 WHEN 'pick' THEN 2 ELSE 3"
        " END, entity_id"},
    [STATEMENT_LIST_EVENTS - STATEMENT_DESK] = {"read the log of",
        "SELECT id, utc_s, editor, action, undoes, undone_by FROM event"
        " WHERE id > ?1 AND id < ?2 AND (?3 IS NULL OR editor = ?3) ORDER BY id DESC LIMIT ?4"},
    [STATEMENT_LIST_EVENTS_FORWARD - STATEMENT_DESK] = {"read the log of",
        "SELECT id, utc_s, editor, action, undoes, undone_by FROM event"
        " WHERE id > ?1 AND id < ?2 AND (?3 IS NULL OR editor = ?3) ORDER BY id LIMIT ?4"},
    [STATEMENT_FIND_UNDO - STATEMENT_DESK] = {"read the log of",
        "SELECT id FROM event WHERE editor = ? AND undoes IS NULL AND undone_by IS NULL"
        " ORDER BY id DESC LIMIT 1"},
    /* Her newest undo, unless she acted after it. */
    [STATEMENT_FIND_REDO - STATEMENT_DESK] = {"read the log of",
        "SELECT id FROM event WHERE editor = ?1 AND undone_by IS NULL AND undoes IS NOT NULL"
        " AND (SELECT undone.undoes FROM event AS undone WHERE undone.id = event.undoes) IS "
        "NULL"
        " AND id > coalesce((SELECT max(id) FROM event WHERE editor = ?1 AND undoes IS NULL), "
        "0)"
        " ORDER BY id DESC LIMIT 1"},
    [STATEMENT_FIND_LAST_CHANGE - STATEMENT_DESK] = {"read the log of",
        "SELECT editor, action FROM event_change JOIN event ON event.id = event_id"
        " WHERE kind = ? AND entity_id = ? ORDER BY event_id DESC LIMIT 1"},
    [STATEMENT_ADD_LESSON - STATEMENT_DESK] = {"write to the log of",
        "INSERT INTO lesson (event_id, lesson) VALUES (?, ?)"},
    [STATEMENT_LIST_LESSONS - STATEMENT_DESK] = {"read the log of",
        "SELECT event_id, lesson FROM (SELECT id FROM event WHERE id > ? AND undone_by IS NULL"
        "  AND EXISTS (SELECT 1 FROM lesson WHERE event_id = event.id) ORDER BY id LIMIT ?)"
        " AS taught JOIN lesson ON event_id = taught.id ORDER BY event_id, lesson.id"},
    [STATEMENT_LIST_NEWEST_CHANGES - STATEMENT_DESK] = {"read the log of",
        "SELECT kind, entity_id, before, after, max(event_id) FROM event_change"
        " GROUP BY kind, entity_id"},
    [STATEMENT_LIST_LOGGED_STORIES - STATEMENT_DESK] = {"read the log of",
        "SELECT entity_id FROM event_change WHERE kind = 'story'"
        " UNION SELECT before ->> 'story' FROM event_change WHERE kind = 'item'"
        " UNION SELECT after ->> 'story' FROM event_change WHERE kind = 'item'"},
    [STATEMENT_FORGET_STORIES - STATEMENT_DESK] = {"store a decision in",
        "UPDATE story SET state = 'inbox', section_by_hand = NULL, lead_by_hand = NULL,"
        " version = 0 WHERE version <> 0"},
    [STATEMENT_FORGET_PICKS - STATEMENT_DESK] = {"write to the draft in", "DELETE FROM pick"},

    /* ---- the draft ---- */
    [STATEMENT_LIST_PICKS - STATEMENT_DESK] = {"read the draft from",
        "SELECT " PICK_COLUMNS " FROM pick WHERE draft_id = ? ORDER BY section, position, id"},
    [STATEMENT_FIND_PICK - STATEMENT_DESK] = {"read the draft from",
        "SELECT " PICK_COLUMNS " FROM pick WHERE id = ?"},
    [STATEMENT_WRITE_PICK - STATEMENT_DESK] = {"write to the draft in",
        "INSERT INTO pick (id, version, draft_id, removed, section, position, story_id, "
        "item_id,"
        " body, original) VALUES (?, 0, ?, ?, ?, ?, ?, ?, ?, ?)" PICK_REPLACES},
    [STATEMENT_IS_PICK_OPEN - STATEMENT_DESK] = {"read the draft from",
        "SELECT open, EXISTS (SELECT 1 FROM publication WHERE draft_id = draft.id)"
        " FROM pick JOIN draft ON draft.id = draft_id WHERE pick.id = ?"},
    [STATEMENT_IS_DRAFT_OPEN - STATEMENT_DESK] = {"read the draft from",
        "SELECT open, EXISTS (SELECT 1 FROM publication WHERE draft_id = draft.id)"
        " FROM draft WHERE id = ?"},
    [STATEMENT_FIND_NEXT_DRAFT - STATEMENT_DESK] = {"read the draft from",
        "SELECT id FROM draft WHERE open = 1 AND issue_id IS NULL AND 0 = ?"},
    [STATEMENT_FIND_STORY_PICK - STATEMENT_DESK] = {"read the draft from",
        "SELECT pick.id FROM pick JOIN draft ON draft.id = draft_id WHERE story_id = ?"
        " AND removed = 0 AND open = 1 AND issue_id IS NULL"},
    [STATEMENT_FIND_REMOVED_PICK - STATEMENT_DESK] = {"read the draft from",
        "SELECT pick.id FROM pick JOIN draft ON draft.id = draft_id WHERE story_id = ?"
        " AND removed = 1 AND open = 1 AND issue_id IS NULL ORDER BY pick.version DESC LIMIT "
        "1"},
    [STATEMENT_FIND_DRAFT - STATEMENT_DESK] = {"read the draft from",
        "SELECT id, version, open, issue_id, suggest, " DRAFT_TEXTS ", max(version,"
        " coalesce((SELECT max(version) FROM pick WHERE draft_id = draft.id), 0)),"
        " EXISTS (SELECT 1 FROM publication WHERE draft_id = draft.id),"
        " (SELECT day FROM issue WHERE issue.id = issue_id AND open),"
        " (SELECT document FROM issue WHERE issue.id = issue_id AND open)"
        " FROM draft WHERE id = ?"},
    [STATEMENT_LIST_DRAFTS - STATEMENT_DESK] = {"read the draft from",
        "SELECT id, version FROM draft WHERE open = 1 ORDER BY issue_id IS NOT NULL, id"},
    [STATEMENT_WRITE_DRAFT - STATEMENT_DESK] = {"write to the draft in",
        "UPDATE draft SET suggest = ?, day = ?, headline = ?, preface = ?, guide = ?,"
        " guide_base = ?, lead_in = ?, note_before = ?, closing = ?, note_after = ?"
        " WHERE id = ?"},
    [STATEMENT_IS_JSON - STATEMENT_DESK] = {"read",
        "SELECT CASE WHEN json_valid(?1) THEN json_type(?1) = 'object' ELSE 0 END"},
    [STATEMENT_LIST_MEMBERS_OF_JSON -
        STATEMENT_DESK] = {"read", "SELECT key, type, value FROM json_each(?)"},
    /* ---- publishing ---- */
    [STATEMENT_FIND_PUBLICATION - STATEMENT_DESK] = {"read the publication from",
        "SELECT draft_id, day, version, editor, utc_s, document, stories, request_key,"
        " request_hash FROM publication"},
    [STATEMENT_ADD_PUBLICATION - STATEMENT_DESK] = {"store the publication in",
        "INSERT INTO publication (only_row, draft_id, day, version, editor, utc_s, document,"
        " stories, request_key, request_hash) VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
    [STATEMENT_REMOVE_PUBLICATION -
        STATEMENT_DESK] = {"store the publication in", "DELETE FROM publication"},
    [STATEMENT_NEXT_DRAFT_ID -
        STATEMENT_DESK] = {"read the draft from", "SELECT max(id) + 1 FROM draft WHERE 0 = ?"},
    [STATEMENT_FIND_CORRECTION - STATEMENT_DESK] = {"read the draft from",
        "SELECT id FROM draft WHERE open = 1 AND issue_id = ?"},
    [STATEMENT_CLOSE_DRAFT - STATEMENT_DESK] = {"write to the draft in",
        "UPDATE draft SET open = 0, issue_id = ? WHERE id = ?"},
    [STATEMENT_FIND_DRAFT_BEFORE - STATEMENT_DESK] = {"read the draft from",
        "SELECT id FROM draft WHERE open = 0 AND issue_id = ? ORDER BY id DESC LIMIT 1 OFFSET "
        "1"},
    [STATEMENT_LIST_REMARKED_OF - STATEMENT_DESK] = {"read the items from",
        "SELECT id, key_hash, key, title FROM item WHERE story_id = ?"},
    [STATEMENT_LIST_ISSUE_VERSIONS - STATEMENT_DESK] = {"read an issue from",
        "SELECT version, utc_s, editor, document FROM issue"
        " WHERE day = ?1 AND document IS NOT NULL"
        " UNION ALL SELECT kept.version, kept.utc_s, kept.editor, kept.document"
        " FROM issue_version AS kept JOIN issue ON issue.id = issue_id WHERE day = ?1"
        " ORDER BY 1 DESC"},
    [STATEMENT_COUNT_PICKS - STATEMENT_DESK] = {"read the draft from",
        "SELECT count(*) FROM pick WHERE draft_id = ? AND removed = 0"},
};
