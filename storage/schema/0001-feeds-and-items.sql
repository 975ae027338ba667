-- Schema 1: what was polled, what it brought, what the rules said of it, what the editor made of it.
--
-- Times are UTC seconds, NULL when unknown. Hashes are 64 bits kept as signed integers. Tables are
-- STRICT, so a value of a wrong type is an error instead of a surprise. Columns that lists read
-- stand first in a row and long texts last: SQLite reads a row from its beginning, and the tail of
-- a long one lies on other pages.

CREATE TABLE feed (
    id INTEGER PRIMARY KEY,
    url TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    source TEXT,              -- label of its items; NULL until it has been polled: the name
    title TEXT,
    etag TEXT,                -- bytes as received
    last_modified TEXT,
    moved_to TEXT,
    moved_since_utc_s INTEGER,
    body_hash INTEGER NOT NULL DEFAULT 0,
    next_poll_utc_s INTEGER,
    last_poll_utc_s INTEGER,
    last_success_utc_s INTEGER,
    newest_entry_utc_s INTEGER,
    interval_s INTEGER NOT NULL DEFAULT 0,
    rhythm TEXT,              -- how often and when it posts: daemon/feed/rhythm.c
    max_age_s INTEGER NOT NULL DEFAULT 0,
    pace_s INTEGER NOT NULL DEFAULT 0,     -- the longer of ttl and sy:update*
    skip_hours INTEGER NOT NULL DEFAULT 0, -- bit h: not in hour h UTC
    skip_days INTEGER NOT NULL DEFAULT 0,  -- bit d: not on day d, 0 = Sunday
    failures INTEGER NOT NULL DEFAULT 0,
    error TEXT,
    error_kind TEXT,
    note TEXT,                -- a word: what its kind of source said beside or instead of a feed
    status INTEGER NOT NULL DEFAULT 0,
    entries INTEGER NOT NULL DEFAULT 0,
    bozo INTEGER NOT NULL DEFAULT 0,
    gone INTEGER NOT NULL DEFAULT 0
) STRICT;

-- What the editor adds to feeds.conf (added) or changes of it. Apart from `feed`, which remembers polls: a
-- record taken back leaves the memory of what was read.
CREATE TABLE desk_feed (
    id INTEGER PRIMARY KEY,      -- the order of adding
    url TEXT NOT NULL UNIQUE,
    name TEXT,                   -- NULL: feeds.conf's
    added INTEGER NOT NULL,
    changed_utc_s INTEGER NOT NULL
) STRICT;

-- As they would stand in feeds.conf, so that a new key needs no new column; a list has a row an element.
CREATE TABLE desk_feed_setting (
    desk_feed_id INTEGER NOT NULL REFERENCES desk_feed (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (desk_feed_id, position)
) STRICT, WITHOUT ROWID;

-- Rules, topics and vendors that the editor wrote: in place of those of feeds.conf of the same name, or
-- beside them. The text is a piece of feeds.conf.
CREATE TABLE desk_rule (
    id INTEGER PRIMARY KEY,      -- the order of writing
    kind TEXT NOT NULL,          -- rule, topic or vendor
    section TEXT NOT NULL,       -- of a rule; else ''
    name TEXT NOT NULL COLLATE NOCASE,
    changed_utc_s INTEGER NOT NULL,
    text TEXT NOT NULL,
    UNIQUE (kind, section, name)
) STRICT;

-- One set of rules that judged items, so that an item names it with a byte or two.
CREATE TABLE ruleset (
    id INTEGER PRIMARY KEY,
    hash INTEGER NOT NULL UNIQUE
) STRICT;

-- A story is an id: items that report the same carry the same one (see `story`). Items, stories and picks
-- take their ids from one counter, tally.last_item_id: as a rule an item begins the story of its own id.
CREATE TABLE item (
    id INTEGER PRIMARY KEY,
    key_hash INTEGER NOT NULL,
    key_twin INTEGER NOT NULL,   -- 0; counts up for another key of the same hash
    story_id INTEGER NOT NULL,
    story_version INTEGER NOT NULL DEFAULT 0, -- event that put it there by hand; 0: none did
    story_tier TEXT,             -- how it came there (briefing/story.h); NULL: it began it
    story_match INTEGER,         -- the item it is like
    story_score REAL,
    story_reason TEXT,           -- a sentence
    feed_id INTEGER REFERENCES feed (id), -- that brought it first; NULL: added by hand
    content_hash INTEGER NOT NULL,
    published_utc_s INTEGER,
    first_seen_utc_s INTEGER NOT NULL,
    dated_utc_s INTEGER NOT NULL, -- published, or else first seen
    ruleset_id INTEGER NOT NULL REFERENCES ruleset (id),
    section TEXT NOT NULL,
    margin REAL NOT NULL,
    uncertain INTEGER NOT NULL,
    off_topic INTEGER NOT NULL,
    relevance REAL NOT NULL,
    vendor TEXT,
    prefix TEXT,
    tags TEXT,                   -- one a line
    printed_issue_id INTEGER,    -- newest issue that had it before; NULL: none
    printed_how TEXT,            -- key: the same thing; title: nearly the same title
    bundle TEXT,                 -- items of one bundle count as one candidate; NULL: none
    key TEXT NOT NULL,
    url TEXT,                    -- '' when it is the key itself, NULL when there is none
    title TEXT,
    language TEXT,
    authors TEXT,
    published_raw TEXT,
    comment TEXT,
    journal_ref TEXT,
    reasons TEXT,                -- JSON array
    summary TEXT                 -- plain text
) STRICT;

-- The hash stands for the key, which is a URL as a rule: a third of the bytes, and integers compare
-- in one step. Two keys of one hash are told apart by key_twin, which the writer counts.
CREATE UNIQUE INDEX item_by_key ON item (key_hash, key_twin);
-- off_topic is a column of it rather than a condition, since SQLite does not take a partial index for
-- covering.
CREATE INDEX item_by_date ON item (off_topic, dated_utc_s);
CREATE INDEX item_by_story ON item (story_id);
CREATE INDEX item_by_bundle ON item (bundle, dated_utc_s) WHERE bundle IS NOT NULL;
CREATE INDEX item_by_ruleset ON item (ruleset_id, dated_utc_s);

-- Other keys under which an item is known: of the address that a page was asked for when it answered as
-- another (a short link, a redirector), learned when it was fetched. An item's own key comes first.
CREATE TABLE key_alias (
    key TEXT PRIMARY KEY,
    item_id INTEGER NOT NULL REFERENCES item (id)
) STRICT, WITHOUT ROWID;

-- For the deletion of an item, which asks whether an alias refers to it.
CREATE INDEX key_alias_by_item ON key_alias (item_id);

-- Apart from the item, so that no list drags it along.
CREATE TABLE content (
    item_id INTEGER PRIMARY KEY REFERENCES item (id),
    html BLOB NOT NULL           -- sanitised, packed: storage/packed_html.h
) STRICT;

-- A guid is only ever compared, so its hash is all that is kept. It names an entry inside its feed:
-- whoever makes two of one hash spoils nothing but his own feed.
CREATE TABLE sighting (
    feed_id INTEGER NOT NULL REFERENCES feed (id),
    guid_hash INTEGER NOT NULL,
    item_id INTEGER NOT NULL REFERENCES item (id),
    content_hash INTEGER NOT NULL,
    first_seen_utc_s INTEGER NOT NULL,
    PRIMARY KEY (feed_id, guid_hash)
) STRICT, WITHOUT ROWID;

CREATE INDEX sighting_by_item ON sighting (item_id);

-- The sighting of an item that an editor added by its address: no feed has it, and it is a candidate of the
-- issue under way whatever its date and relevance. Added again, it counts from then.
CREATE TABLE hand_sighting (
    item_id INTEGER PRIMARY KEY REFERENCES item (id),
    added_utc_s INTEGER NOT NULL,
    url TEXT NOT NULL,           -- as it was given
    source TEXT                  -- label: the site's or account's name
) STRICT;

CREATE INDEX hand_sighting_by_time ON hand_sighting (added_utc_s);

-- An issue of the archive. One that only other issues' tables of past issues name has no document.
CREATE TABLE issue (
    id INTEGER PRIMARY KEY,
    day TEXT NOT NULL UNIQUE,    -- 2020-09-17
    url TEXT,                    -- in those tables; NULL: composed from feeds.conf
    spaces_before INTEGER NOT NULL DEFAULT 0, -- in its cell there, beyond the usual one
    spaces_after INTEGER NOT NULL DEFAULT 0,
    breaks_row INTEGER NOT NULL DEFAULT 0,    -- the row it ends has a break behind it
    breaks_year INTEGER NOT NULL DEFAULT 0,   -- so has the row of the year above it
    listed_by TEXT,              -- day of the newest issue that lists it so
    version INTEGER NOT NULL DEFAULT 0, -- of the document; 0: there is none
    utc_s INTEGER,               -- when this version was published; NULL: it was imported
    editor TEXT,
    document TEXT                -- JSON, briefing/issue.h
) STRICT;

-- Versions of an issue before its newest one, which stands in `issue`.
CREATE TABLE issue_version (
    issue_id INTEGER NOT NULL REFERENCES issue (id),
    version INTEGER NOT NULL,
    utc_s INTEGER,
    editor TEXT,
    document TEXT NOT NULL,
    PRIMARY KEY (issue_id, version)
) STRICT;

-- Lines of an imported file that have no place in the document.
CREATE TABLE issue_unread (
    issue_id INTEGER NOT NULL REFERENCES issue (id),
    line INTEGER NOT NULL,
    why TEXT NOT NULL, -- before the text: the integrity check of SQLite 3.40 mistakes a key that does not come first
    text TEXT NOT NULL,
    PRIMARY KEY (issue_id, line, why)
) STRICT, WITHOUT ROWID;

-- What was printed: the items of the newest versions. Two may have one key.
CREATE TABLE printed_item (
    issue_id INTEGER NOT NULL REFERENCES issue (id),
    position INTEGER NOT NULL,   -- in the issue, from 0
    section TEXT NOT NULL,
    key_hash INTEGER,            -- as item.key_hash; NULL: it has no link
    key TEXT,
    url TEXT,
    title TEXT NOT NULL,         -- as printed, subject and prefix included
    source TEXT,
    PRIMARY KEY (issue_id, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX printed_item_by_key ON printed_item (key_hash);

-- The editor's desk: what is decided, written and published, and the log of it.
--
-- story (its three columns by hand), item (its story), pick and draft are the fold of the log: the
-- newest event_change of each says what it is. `version` is that event, 0 where there is none.

-- Beside the three columns by hand all is derived from its items, by the writer, so that a list reads
-- no item but the fifty it shows.
CREATE TABLE story (
    id INTEGER PRIMARY KEY,
    state TEXT NOT NULL,             -- by hand: inbox, picked, later, rejected
    version INTEGER NOT NULL,
    lead_by_hand INTEGER,            -- an item of it; NULL: chosen by the machine
    item_count INTEGER NOT NULL,
    lead_item_id INTEGER NOT NULL,
    dated_utc_s INTEGER NOT NULL,    -- the lead's
    relevance REAL NOT NULL,         -- of its most relevant item
    off_topic INTEGER NOT NULL,      -- all of its items are
    uncertain INTEGER NOT NULL,      -- the lead's
    printed_issue_id INTEGER,        -- the newest issue that had one of its items
    section TEXT NOT NULL,           -- by hand, else the lead's
    section_by_hand TEXT,
    vendor TEXT,                     -- the lead's
    -- The list it stands in, and where: what was printed before sinks behind all else, but stays.
    tray TEXT NOT NULL AS (CASE WHEN state = 'inbox' AND off_topic THEN 'aside' ELSE state END),
    rank REAL NOT NULL AS (relevance - 2 * (printed_issue_id IS NOT NULL))
) STRICT;

-- With all that a list filters by: a filter that lets few stories through walks over many, in an order
-- in which each row would be another page (400,000 of them: half a minute).
CREATE INDEX story_by_rank
    ON story (tray, rank, id, dated_utc_s, section, vendor, uncertain, printed_issue_id);
CREATE INDEX story_by_date ON story (tray, dated_utc_s, id, rank);

-- How many stand in each list: counting 700,000 rows at every look at the desk takes seconds.
CREATE TABLE story_count (
    tray TEXT NOT NULL,
    section TEXT NOT NULL,
    stories INTEGER NOT NULL,
    uncertain INTEGER NOT NULL,
    PRIMARY KEY (tray, section)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER story_began AFTER INSERT ON story
BEGIN
    INSERT INTO story_count VALUES (new.tray, new.section, 1, new.uncertain)
    ON CONFLICT DO UPDATE SET stories = stories + 1, uncertain = uncertain + excluded.uncertain;
END;

CREATE TRIGGER story_moved AFTER UPDATE OF state, off_topic, section, uncertain ON story
WHEN old.tray <> new.tray OR old.section <> new.section OR old.uncertain <> new.uncertain
BEGIN
    UPDATE story_count SET stories = stories - 1, uncertain = uncertain - old.uncertain
    WHERE tray = old.tray AND section = old.section;
    INSERT INTO story_count VALUES (new.tray, new.section, 1, new.uncertain)
    ON CONFLICT DO UPDATE SET stories = stories + 1, uncertain = uncertain + excluded.uncertain;
END;

CREATE TRIGGER story_ended AFTER DELETE ON story
BEGIN
    UPDATE story_count SET stories = stories - 1, uncertain = uncertain - old.uncertain
    WHERE tray = old.tray AND section = old.section;
END;

-- One action of one editor.
CREATE TABLE event (
    id INTEGER PRIMARY KEY,
    utc_s INTEGER NOT NULL,
    editor TEXT NOT NULL,
    action TEXT NOT NULL,
    undoes INTEGER REFERENCES event (id),
    undone_by INTEGER REFERENCES event (id)
) STRICT;

CREATE INDEX event_by_editor ON event (editor, id);

-- NULL: it did not exist before, does not exist after.
CREATE TABLE event_change (
    event_id INTEGER NOT NULL REFERENCES event (id),
    kind TEXT NOT NULL,              -- story, item, pick, draft
    entity_id INTEGER NOT NULL,
    before TEXT,
    after TEXT,
    PRIMARY KEY (event_id, kind, entity_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX event_change_by_entity ON event_change (kind, entity_id, event_id);

-- What the learner keeps of an event (briefing/learner.h).
CREATE TABLE lesson (
    id INTEGER PRIMARY KEY,          -- the order of teaching
    event_id INTEGER NOT NULL REFERENCES event (id),
    lesson BLOB NOT NULL
) STRICT;

CREATE INDEX lesson_by_event ON lesson (event_id);

-- Requests that came with a key of their own and may come again.
CREATE TABLE request (
    editor TEXT NOT NULL,
    key TEXT NOT NULL,
    hash INTEGER NOT NULL,
    event_id INTEGER NOT NULL,       -- 0: it changed nothing
    made INTEGER NOT NULL,           -- id of what it added; 0: nothing
    utc_s INTEGER NOT NULL,
    PRIMARY KEY (editor, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX request_by_time ON request (utc_s);

-- One is open at any time for the next issue (issue_id NULL), and one for each correction under way.
-- Texts: NULL means as composed or as feeds.conf has it, '' that there is none.
CREATE TABLE draft (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    open INTEGER NOT NULL,
    issue_id INTEGER REFERENCES issue (id), -- which it corrects; of a closed one: which it became
    suggest INTEGER NOT NULL,
    day TEXT,                        -- NULL: planned
    headline TEXT,
    preface TEXT,
    guide TEXT,
    guide_base TEXT,                 -- what was composed when she wrote hers
    lead_in TEXT,
    note_before TEXT,
    closing TEXT,
    note_after TEXT
) STRICT;

CREATE INDEX draft_by_issue ON draft (open, issue_id);

-- A pick that was taken out stays, for its text and its place in the order.
CREATE TABLE pick (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    draft_id INTEGER NOT NULL REFERENCES draft (id),
    removed INTEGER NOT NULL,
    section TEXT NOT NULL,
    position INTEGER NOT NULL,
    story_id INTEGER,                -- NULL: by hand, as item_id
    item_id INTEGER,                 -- it was made from
    body TEXT NOT NULL,              -- JSON, an item of briefing/issue.h
    original TEXT                    -- the same as the machine proposed it; NULL: by hand
) STRICT;

CREATE INDEX pick_by_place ON pick (draft_id, section, position);
CREATE INDEX pick_by_story ON pick (story_id);
CREATE INDEX pick_by_item ON pick (item_id) WHERE item_id IS NOT NULL;

-- The issue whose file is being written: at most one.
CREATE TABLE publication (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    draft_id INTEGER NOT NULL REFERENCES draft (id),
    day TEXT NOT NULL,
    version INTEGER NOT NULL,
    editor TEXT NOT NULL,
    utc_s INTEGER NOT NULL,
    document TEXT NOT NULL,          -- JSON, briefing/issue.h
    stories TEXT NOT NULL,           -- JSON: for each item in printing order its story, or 0
    request_key TEXT,                -- of the request that asked for it: see table request
    request_hash INTEGER NOT NULL
) STRICT;

-- Decisions outlive their items: what was decided and then deleted is not new when it comes again.
CREATE TABLE memory (
    key TEXT PRIMARY KEY,
    state TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER item_remembered BEFORE DELETE ON item
WHEN (SELECT state FROM story WHERE id = old.story_id) <> 'inbox'
BEGIN
    INSERT INTO memory SELECT old.key, state FROM story WHERE id = old.story_id
    ON CONFLICT (key) DO UPDATE SET state = excluded.state;
END;

INSERT INTO draft (id, version, open, suggest) VALUES (1, 0, 1, 1);

-- Counted along with every commit: counting a million rows would take a reader 20 ms each time.
-- last_item_id keeps an id from being given twice, whatever is deleted.
CREATE TABLE tally (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    items INTEGER NOT NULL,
    sightings INTEGER NOT NULL,
    last_item_id INTEGER NOT NULL
) STRICT;

INSERT INTO tally VALUES (1, 0, 0, 0);

-- The search index follows the items in batches of its own. It is an FTS5 table `search` that the program
-- makes by itself (storage/search_index.c), because it can be made again at any time: it is no part of
-- what a migration must carry along, and only the program has its tokenizer.
CREATE TABLE search_state (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    version INTEGER NOT NULL,    -- of the tokenizer that made the index; 0: there is none yet
    indexed_id INTEGER NOT NULL  -- items up to this one are in it
) STRICT;

INSERT INTO search_state VALUES (1, 0, 0);

-- What the index knows of items that have changed since or are gone: FTS5 takes a row out only when it is
-- told what it put in.
CREATE TABLE search_stale (
    item_id INTEGER PRIMARY KEY,
    title TEXT,
    summary TEXT
) STRICT;

CREATE TRIGGER item_reworded AFTER UPDATE OF title, summary ON item
WHEN (old.title IS NOT new.title OR old.summary IS NOT new.summary)
    AND old.id <= (SELECT indexed_id FROM search_state)
BEGIN
    INSERT OR IGNORE INTO search_stale VALUES (old.id, old.title, old.summary);
END;

CREATE TRIGGER item_removed AFTER DELETE ON item
WHEN old.id <= (SELECT indexed_id FROM search_state)
BEGIN
    INSERT OR IGNORE INTO search_stale VALUES (old.id, old.title, old.summary);
END;

-- Who may enter. Nothing here opens a door: of a password Argon2's hash is kept, of the secrets that sessions
-- and tokens are, their BLAKE2b-256. Ids are never given twice, so that a list seen a while ago cannot end
-- another session than it showed.
CREATE TABLE account (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE COLLATE NOCASE, -- also the editor of its events
    role TEXT NOT NULL,              -- reader, editor, admin
    password TEXT NOT NULL,          -- $argon2id$…
    created_utc_s INTEGER NOT NULL,
    password_utc_s INTEGER NOT NULL  -- when it was set
) STRICT;

CREATE TABLE session (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    secret BLOB NOT NULL UNIQUE,     -- hash
    created_utc_s INTEGER NOT NULL,
    seen_utc_s INTEGER NOT NULL,     -- to a minute
    idle_s INTEGER NOT NULL,         -- ends this long after it was seen last
    expires_utc_s INTEGER NOT NULL,  -- and at this time in any case
    address TEXT,                    -- it was begun from
    agent TEXT                       -- the browser, as it calls itself
) STRICT;

CREATE INDEX session_by_account ON session (account_id, seen_utc_s);

CREATE TABLE token (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    secret BLOB NOT NULL UNIQUE,     -- hash
    label TEXT NOT NULL,
    scope TEXT NOT NULL,             -- read, edit, admin
    created_utc_s INTEGER NOT NULL,
    used_utc_s INTEGER,              -- to a minute
    expires_utc_s INTEGER            -- NULL: never
) STRICT;

CREATE INDEX token_by_account ON token (account_id);

-- Counts what changes who may enter, whoever writes it: the daemon looks at this one number to know whether
-- a command beside it has changed something.
CREATE TABLE access_state (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    generation INTEGER NOT NULL
) STRICT;

INSERT INTO access_state VALUES (1, 1);

CREATE TRIGGER account_insert AFTER INSERT ON account
BEGIN
    UPDATE access_state SET generation = generation + 1;
END;

CREATE TRIGGER account_delete AFTER DELETE ON account
BEGIN
    UPDATE access_state SET generation = generation + 1;
END;

CREATE TRIGGER account_update AFTER UPDATE ON account
BEGIN
    UPDATE access_state SET generation = generation + 1;
END;

CREATE TRIGGER session_insert AFTER INSERT ON session
BEGIN
    UPDATE access_state SET generation = generation + 1;
END;

CREATE TRIGGER session_delete AFTER DELETE ON session
BEGIN
    UPDATE access_state SET generation = generation + 1;
END;

CREATE TRIGGER token_insert AFTER INSERT ON token
BEGIN
    UPDATE access_state SET generation = generation + 1;
END;

CREATE TRIGGER token_delete AFTER DELETE ON token
BEGIN
    UPDATE access_state SET generation = generation + 1;
END;
