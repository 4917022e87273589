-- The sync state of one company. Times are INTEGER milliseconds since 1970-01-01 UTC unless a column says otherwise.
-- Documents (fields, bases) are JSON texts in the form of store::row; only that file reads and writes them.

-- Facts about the company: mode, the company file it is connected to, times of the last readings and writes.
CREATE TABLE fact (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Settings that differ from their defaults.
CREATE TABLE setting (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- How far each kind has been read on each side.
CREATE TABLE cursor (
    side         TEXT NOT NULL,              -- quickbooks | billcom
    kind         TEXT NOT NULL,              -- QuickBooks: a kind, or ~lists / ~transactions for deletions; Bill.com: an entity
    mark         TEXT,                       -- newest stamp seen: QuickBooks' local text, or Bill.com's updatedTime
    complete     INTEGER NOT NULL DEFAULT 0, -- 1 once read from beginning to end
    full_read_at INTEGER,                    -- when it was last read from beginning to end
    PRIMARY KEY (side, kind)
) STRICT, WITHOUT ROWID;

-- Records as last seen on one side.
CREATE TABLE sighting (
    side        TEXT NOT NULL,
    kind        TEXT NOT NULL,
    id          TEXT NOT NULL,               -- ListID, TxnID or Bill.com id
    version     TEXT NOT NULL,               -- EditSequence or updatedTime: compared for equality only
    fields      TEXT NOT NULL,
    hash        BLOB NOT NULL,               -- SHA-256 of what matters for carrying it
    gone        INTEGER NOT NULL DEFAULT 0,
    merged_into TEXT,
    hold        TEXT,                        -- why a person does not want it carried
    mark        TEXT,                        -- ExternalGUID, where QuickBooks gives it back
    line_ids    TEXT NOT NULL DEFAULT '[]',
    title       TEXT NOT NULL,               -- what a person calls it, for lists and search
    due         INTEGER NOT NULL DEFAULT 1,  -- 0 planned, 1 due for planning, 2 deferred, 3 set aside
    deferred    TEXT,                        -- why, when due = 2 or 3
    skipped     INTEGER NOT NULL DEFAULT 0,  -- a person left it as it is
    forced      INTEGER NOT NULL DEFAULT 0,  -- a person said that no candidate is it
    alias       TEXT,                        -- its name on the other side, where its own is taken
    round       INTEGER NOT NULL DEFAULT 0,  -- the reading it was last seen in
    seen_at     INTEGER NOT NULL,
    PRIMARY KEY (side, kind, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX sighting_due ON sighting (due, kind) WHERE due <> 0;

-- Identity keys of sightings: where candidates are looked up.
CREATE TABLE sighting_key (
    side TEXT NOT NULL,
    kind TEXT NOT NULL,
    key  TEXT NOT NULL,
    id   TEXT NOT NULL,
    PRIMARY KEY (side, kind, key, id),
    FOREIGN KEY (side, kind, id) REFERENCES sighting (side, kind, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX sighting_key_of ON sighting_key (side, kind, id);

-- Which record here is which record there, and what each side said when both last agreed.
CREATE TABLE link (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    kind            TEXT NOT NULL,
    quickbooks_id   TEXT NOT NULL,
    billcom_id      TEXT NOT NULL,
    quickbooks_base TEXT NOT NULL,
    billcom_base    TEXT NOT NULL,
    unseen_version  TEXT,                       -- made by us and not shown yet: at this version, what is shown is the base
    stale_rounds    INTEGER NOT NULL DEFAULT 0, -- readings because of a stale edit sequence since the last success
    linked_at       INTEGER NOT NULL,
    UNIQUE (kind, quickbooks_id),
    UNIQUE (kind, billcom_id)
) STRICT;

-- Bill.com's bank accounts, and the account of the chart that each is tied to.
CREATE TABLE bank_account (
    id      TEXT NOT NULL PRIMARY KEY,
    account TEXT,                              -- id of the ChartOfAccount; none: Bill.com keeps no balance for it
    name    TEXT NOT NULL,
    main    INTEGER NOT NULL DEFAULT 0         -- 1: payments leave from it unless somebody says otherwise
) STRICT, WITHOUT ROWID;

-- Book balances of QuickBooks' bank accounts: a row whenever one is another than the last.
CREATE TABLE balance (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL,                     -- ListID
    cents   INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    told    INTEGER NOT NULL DEFAULT 0         -- 1 once Bill.com was told, or would not have it
) STRICT;
CREATE INDEX balance_last ON balance (account, id);

-- What one side should hold: the outbox.
CREATE TABLE intent (
    id            TEXT NOT NULL PRIMARY KEY,   -- UUID: the idempotency key
    target        TEXT NOT NULL,               -- the side it is written to
    kind          TEXT NOT NULL,
    operation     TEXT NOT NULL,               -- create | update | void
    source_id     TEXT NOT NULL,               -- on the other side
    target_id     TEXT,
    fields        TEXT NOT NULL,
    cleared       TEXT NOT NULL,
    source_fields TEXT NOT NULL,
    reason        TEXT NOT NULL,
    title         TEXT NOT NULL,
    state         TEXT NOT NULL,               -- waiting | ready | sent | in_doubt | applied | rejected | skipped
    note          TEXT,
    attempts      INTEGER NOT NULL DEFAULT 0,
    not_before    INTEGER,
    batch_max     INTEGER,
    created_at    INTEGER NOT NULL,
    sent_at       INTEGER,
    settled_at    INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX intent_live ON intent (target, state, kind) WHERE state IN ('waiting', 'ready', 'sent', 'in_doubt', 'rejected');
CREATE INDEX intent_source ON intent (target, kind, source_id);
CREATE INDEX intent_settled ON intent (settled_at) WHERE settled_at IS NOT NULL;
-- One live intent for a record and side: the invariant on which exactly-once rests.
CREATE UNIQUE INDEX intent_one_live ON intent (target, kind, source_id) WHERE state IN ('waiting', 'ready', 'sent', 'in_doubt');

-- Records of the source side whose partners must exist before an intent can be sent.
CREATE TABLE intent_need (
    intent TEXT NOT NULL REFERENCES intent (id) ON DELETE CASCADE,
    kind   TEXT NOT NULL,
    id     TEXT NOT NULL,
    PRIMARY KEY (intent, kind, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX intent_need_of ON intent_need (kind, id);

-- Records that another one needs, although they would not be carried for their own sake (inactive ones).
CREATE TABLE want (
    side TEXT NOT NULL,
    kind TEXT NOT NULL,
    id   TEXT NOT NULL,
    PRIMARY KEY (side, kind, id)
) STRICT, WITHOUT ROWID;

-- Message sets handed to QuickBooks. Committed before their bytes leave.
CREATE TABLE attempt (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation   INTEGER NOT NULL,
    purpose        TEXT NOT NULL,              -- identify | read | write | status_check | inquire
    about          INTEGER,                    -- the attempt a status check asks for
    message_set_id TEXT UNIQUE,                -- at most 23 characters; writes only
    clears         INTEGER,                    -- the attempt QuickBooks is told to forget
    xml            TEXT NOT NULL,              -- the exact bytes, emptied once they are not needed any more
    tags           TEXT NOT NULL,              -- what each request is about, in order
    state          TEXT NOT NULL,              -- sent | lost | probing | settled | cleared
    contested      INTEGER NOT NULL DEFAULT 0, -- its outcome was in doubt once
    at             INTEGER NOT NULL,
    settled_at     INTEGER
) STRICT;
CREATE INDEX attempt_open ON attempt (state) WHERE state IN ('sent', 'lost', 'probing');
CREATE INDEX attempt_clear ON attempt (id) WHERE state = 'settled' AND message_set_id IS NOT NULL;

-- Questions to QuickBooks about single records: doubts, taken names, stale versions.
CREATE TABLE inquiry (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    purpose TEXT NOT NULL,                     -- probe | name | again
    kind    TEXT NOT NULL,
    id_of   TEXT,                              -- the record to read again
    name    TEXT,                              -- the name to find
    intent  TEXT,                              -- the intent in doubt
    attempt INTEGER,                           -- the attempt being probed
    state   TEXT NOT NULL DEFAULT 'open',      -- open | asked | answered
    found   TEXT                               -- for a probe: the record that was found
) STRICT;
CREATE INDEX inquiry_open ON inquiry (state) WHERE state <> 'answered';

-- What a person must decide.
CREATE TABLE problem (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    code          TEXT NOT NULL,
    side          TEXT,
    kind          TEXT,
    record_id     TEXT,
    intent        TEXT,
    summary       TEXT NOT NULL,
    what_happened TEXT NOT NULL,
    what_to_do    TEXT NOT NULL,               -- JSON array of steps
    actions       TEXT NOT NULL,               -- JSON array of buttons
    technical     TEXT,
    opened_at     INTEGER NOT NULL,
    closed_at     INTEGER
) STRICT;
CREATE UNIQUE INDEX problem_open ON problem (code, ifnull(side, ''), ifnull(kind, ''), ifnull(record_id, '')) WHERE closed_at IS NULL;
CREATE INDEX problem_record ON problem (side, kind, record_id) WHERE closed_at IS NULL;

-- History, append only.
CREATE TABLE event (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    at        INTEGER NOT NULL,
    sort      TEXT NOT NULL,
    side      TEXT,
    kind      TEXT,
    record_id TEXT,
    intent    TEXT,
    text      TEXT NOT NULL
) STRICT;

-- Web Connector sessions.
CREATE TABLE conversation (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    ticket_hash BLOB NOT NULL UNIQUE,
    state       TEXT NOT NULL,                 -- JSON of connector::Conversation
    started_at  INTEGER NOT NULL,
    touched_at  INTEGER NOT NULL,
    ended_at    INTEGER,
    rounds      INTEGER NOT NULL DEFAULT 0,
    records     INTEGER NOT NULL DEFAULT 0,
    applied     INTEGER NOT NULL DEFAULT 0,
    outcome     TEXT
) STRICT;
CREATE INDEX conversation_open ON conversation (id) WHERE ended_at IS NULL;
