-- Schema 2: what an editor decides, writes and publishes, and the log of it.
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
    printed_issue_id INTEGER,        -- the newest issue it was printed in
    section TEXT NOT NULL,           -- by hand, else the lead's
    section_by_hand TEXT,
    vendor TEXT,                     -- the lead's
    -- The list it stands in, and where: what was printed before sinks behind all else, but stays.
    tray TEXT NOT NULL AS (CASE WHEN state = 'inbox' AND off_topic THEN 'aside' ELSE state END),
    rank REAL NOT NULL AS (relevance - (printed_issue_id IS NOT NULL))
) STRICT;

CREATE INDEX story_by_rank ON story (tray, rank, id);
CREATE INDEX story_by_date ON story (tray, dated_utc_s, id, rank);

INSERT INTO story (id, state, version, item_count, lead_item_id, dated_utc_s, relevance, off_topic,
    uncertain, section, vendor)
SELECT story_id, 'inbox', 0, count(*), id, dated_utc_s, relevance, off_topic, uncertain, section, vendor
FROM item GROUP BY story_id;

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

-- The issue whose file is being written: at most one.
CREATE TABLE publication (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    draft_id INTEGER NOT NULL REFERENCES draft (id),
    day TEXT NOT NULL,
    version INTEGER NOT NULL,
    editor TEXT NOT NULL,
    utc_s INTEGER NOT NULL,
    document TEXT NOT NULL,          -- JSON, briefing/issue.h
    stories TEXT NOT NULL            -- JSON: for each item in printing order its story, or 0
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
