"""What must hold of a database whatever was done to the daemon. Read without the daemon's help, so that nothing of
it can hide a loss."""
import sqlite3

from fault import require

# Each gives rows that must not exist.
FORBIDDEN = {
    "two items of one key": "SELECT key FROM item GROUP BY key HAVING count(*) > 1",
    "an issue twice": "SELECT day FROM issue GROUP BY day HAVING count(*) > 1",
    "a story in a draft twice":
        "SELECT draft_id, story_id FROM pick JOIN draft ON draft.id = draft_id"
        " WHERE open AND NOT removed AND story_id IS NOT NULL GROUP BY draft_id, story_id HAVING count(*) > 1",
    "an item of no story": "SELECT id FROM item WHERE story_id NOT IN (SELECT id FROM story)",
    "a story without items": "SELECT id FROM story WHERE id NOT IN (SELECT story_id FROM item)",
    "an action without an end": "SELECT event_id FROM event_change WHERE event_id NOT IN (SELECT id FROM event)",
    "a version of no action": "SELECT id FROM story WHERE version <> 0 AND version NOT IN (SELECT id FROM event)",
    "validators without what they came with":
        "SELECT url FROM feed WHERE etag IS NOT NULL AND last_success_utc_s IS NULL",
    "items that were not counted": "SELECT items FROM tally WHERE items <> (SELECT count(*) FROM item)",
    "sightings that were not counted": "SELECT sightings FROM tally WHERE sightings <> (SELECT count(*) FROM sighting)",
    "more than one draft of the next issue": "SELECT count(*) FROM draft WHERE open AND issue_id IS NULL"
                                             " HAVING count(*) <> 1",
}


def check(database):
    """The daemon does not run. Opens as any program would after a crash, so the WAL is read too."""
    connection = sqlite3.connect(database, timeout=30)
    try:
        sound = connection.execute("PRAGMA integrity_check").fetchall()
        require(sound == [("ok",)], "integrity_check says", sound)
        lost = connection.execute("PRAGMA foreign_key_check").fetchall()
        require(lost == [], "references lead nowhere:", lost)
        for what, query in FORBIDDEN.items():
            rows = connection.execute(query).fetchall()
            require(rows == [], f"{what}:", rows[:3])
    finally:
        connection.close()
