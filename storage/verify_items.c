/* Feeds, items and stories: nothing lost, nothing twice. SQL compares; a function computes what
 * SQL cannot, the hash of a key. */
#include "briefing/story.h"
#include "storage/verify_parts.h"

static bool look_at_tier(
    struct verifier *verifier, struct statement *row, struct arena *arena, struct fault *fault)
{
    int64_t id = column_int(row);
    enum story_tier tier;
    bool known = story_tier_read(column_peek(row), &tier);
    bool explained = column_peek(row) != NULL;
    if (!known) {
        verify_report_id(verifier, id, "by a way this program does not know");
    } else if (tier != STORY_BY_HAND && tier != STORY_NEW && !explained) {
        verify_report_id(verifier, id, "without a reason");
    }
    return true;
}

#define MEMBERS "FROM item WHERE story_id = story.id"

const struct verify_check verify_item_checks[] = {
    {"feed-read-before-validated", "feed",
        "what a feed's server is asked with (ETag, Last-Modified) came with a document that is "
        "stored",
        "it has an ETag, a Last-Modified or a body, but was never read",
        "SELECT id, url FROM feed WHERE last_success_utc_s IS NULL"
        " AND (etag IS NOT NULL OR last_modified IS NOT NULL OR body_hash <> 0)",
        NULL},
    {"item-once", "item", "the same key is the same item", "another item has its key",
        "SELECT item.id, item.key FROM item JOIN item AS first USING (key_hash)"
        " WHERE first.key = item.key AND first.id < item.id",
        NULL},
    {"item-key-hash", "item", "an item is found by the hash of its key",
        "the hash is not its key's", "SELECT id, key_hash, key FROM item", verify_key_hash},
    {"item-seen", "item", "every item was brought by a feed or added by hand",
        "no feed and no editor brought it",
        "SELECT id, key FROM item WHERE"
        " NOT EXISTS (SELECT 1 FROM sighting WHERE item_id = item.id)"
        " AND NOT EXISTS (SELECT 1 FROM hand_sighting WHERE item_id = item.id)",
        NULL},
    {"item-dated", "item", "an item's date is when it was published, or else first seen",
        "its date is another",
        "SELECT id, NULL FROM item"
        " WHERE dated_utc_s <> coalesce(published_utc_s, first_seen_utc_s)",
        NULL},
    {"item-in-story", "item", "every item belongs to a story", "its story is not there",
        "SELECT id, story_id FROM item"
        " WHERE NOT EXISTS (SELECT 1 FROM story WHERE story.id = story_id)",
        NULL},
    {"item-joined-for-a-reason", "item",
        "an item that joined a story says by what way and for what reason", "it joined a story",
        "SELECT id, story_tier, story_reason FROM item WHERE story_tier IS NOT NULL",
        look_at_tier},
    {"item-verdict", "item", "the reasons of an item's verdict are JSON", "they are not JSON",
        "SELECT id, NULL FROM item WHERE reasons IS NOT NULL AND NOT json_valid(reasons)",
        NULL},
    {"item-content", "content", "the content of an item can be unpacked",
        "it is damaged, or the item's summary is another than it was packed with",
        "SELECT item_id, NULL FROM content JOIN item ON item.id = item_id"
        " WHERE NOT html_is_whole(html, summary)",
        NULL},
    {"item-printed-in-issue", "item", "the issue that printed an item is in the archive",
        "the issue is not there",
        "SELECT id, printed_issue_id FROM item WHERE printed_issue_id IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM issue WHERE issue.id = printed_issue_id)",
        NULL},
    {"story-has-items", "story", "a story has at least one item", "no item belongs to it",
        "SELECT id, NULL FROM story WHERE NOT EXISTS (SELECT 1 " MEMBERS ")", NULL},
    {"story-counts-items", "story", "a story knows how many items it has",
        "it counts other than",
        "SELECT id, (SELECT count(*) " MEMBERS ") AS members FROM story"
        " WHERE members > 0 AND item_count <> members",
        NULL},
    {"story-lead-is-its-item", "story", "the item that leads a story is one of its own",
        "its lead is an item of another",
        "SELECT id, lead_item_id FROM story WHERE EXISTS (SELECT 1 " MEMBERS ") AND ("
        " NOT EXISTS (SELECT 1 FROM item WHERE item.id = lead_item_id AND story_id = story.id)"
        " OR (lead_by_hand IS NOT NULL AND lead_by_hand <> lead_item_id))",
        NULL},
    {"story-follows-lead", "story",
        "date, section, vendor and doubt of a story are those of its lead",
        "they are not its lead's",
        "SELECT story.id, NULL FROM story JOIN item ON item.id = lead_item_id"
        " WHERE item.story_id = story.id AND (story.dated_utc_s <> item.dated_utc_s"
        " OR story.uncertain <> item.uncertain OR story.vendor IS NOT item.vendor"
        " OR story.section <> coalesce(section_by_hand, item.section))",
        NULL},
    {"story-follows-items", "story",
        "a story is as relevant as its best item, and off topic only with all of them",
        "its items say otherwise",
        "SELECT id, NULL FROM story JOIN (SELECT story_id, min(off_topic) AS aside,"
        " coalesce(max(relevance) FILTER (WHERE off_topic = 0), max(relevance)) AS best"
        " FROM item GROUP BY story_id) ON story_id = id"
        " WHERE relevance <> best OR off_topic <> aside",
        NULL},
    {"story-printed-in-issue", "story", "the issue that printed a story is in the archive",
        "the issue is not there",
        "SELECT id, printed_issue_id FROM story WHERE printed_issue_id IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM issue WHERE issue.id = printed_issue_id)",
        NULL},
    {"counts", "tally", "items and sightings are counted right", "there are others",
        "SELECT '', format('%d items and %d sightings', items, sightings)"
        " FROM (SELECT (SELECT count(*) FROM item) AS items,"
        "  (SELECT count(*) FROM sighting) AS sightings) AS real"
        " WHERE (items, sightings) NOT IN (SELECT items, sightings FROM tally)",
        NULL},
    {"story-lists-counted", "story_count", "the stories of each list are counted right",
        "there are others",
        "SELECT tray || ' ' || section, stories FROM (SELECT tray, section,"
        " sum(stories) AS stories, sum(uncertain) AS uncertain FROM (SELECT tray, section,"
        "  stories, uncertain FROM story_count UNION ALL SELECT tray, section, -1, -uncertain"
        "  FROM story) GROUP BY tray, section) WHERE stories <> 0 OR uncertain <> 0",
        NULL},
    {"ids-once", "tally", "no id is given twice", "it would give again",
        "SELECT '', used FROM tally, (SELECT max(coalesce((SELECT max(id) FROM item), 0),"
        " coalesce((SELECT max(id) FROM story), 0), coalesce((SELECT max(id) FROM pick), 0),"
        " coalesce((SELECT max(entity_id) FROM event_change WHERE kind <> 'draft'), 0)) AS "
        "used)"
        " WHERE used > last_item_id",
        NULL},
    {0},
};
