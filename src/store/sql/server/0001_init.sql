-- The server's own file: which companies there are, who may look at them, and what was tried by whom.
-- Every time is in milliseconds since 1970, UTC. Every hash is of a secret that is stored nowhere.

-- A company that is kept in step. Its state lies in a file of its own.
CREATE TABLE company (
  id               TEXT NOT NULL PRIMARY KEY,  -- the short text in every path; never used again, not even when removed
  name             TEXT NOT NULL,              -- as people call it
  billcom_url      TEXT NOT NULL,              -- base of Bill.com's v2 interface, /api/v2 included
  billcom_org      TEXT NOT NULL,              -- id of the organisation
  billcom_user     TEXT NOT NULL,              -- user name, or the name of a sync token
  billcom_password BLOB NOT NULL,              -- sealed for this row and column; empty when removed
  billcom_dev_key  BLOB NOT NULL,              -- sealed for this row and column; empty when removed
  connector_user   TEXT NOT NULL,              -- user name of the Web Connector
  connector_hash   BLOB NOT NULL,              -- keyed hash of its password, 32 bytes; empty when removed
  owner_id         TEXT NOT NULL,              -- OwnerID in the .qwc file, a GUID as it stands there
  file_id          TEXT NOT NULL,              -- FileID in the .qwc file, a GUID as it stands there
  created_at       INTEGER NOT NULL,
  removed_at       INTEGER,                    -- NULL while it is in use
  CHECK (removed_at IS NOT NULL OR length(connector_hash) = 32)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX company_connector_user ON company (connector_user) WHERE removed_at IS NULL;

-- What holds for the whole server, by name.
CREATE TABLE setting (
  name  TEXT NOT NULL PRIMARY KEY,             -- public_url, owner_id, listen
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Who may sign in.
CREATE TABLE person (
  name          TEXT NOT NULL COLLATE NOCASE PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 64),
  role          TEXT NOT NULL CHECK (role IN ('owner', 'viewer')),
  password_hash TEXT NOT NULL,                 -- Argon2id, in PHC form with its parameters and salt
  created_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Who is signed in.
CREATE TABLE web_session (
  hash         BLOB NOT NULL PRIMARY KEY CHECK (length(hash) = 32),  -- SHA-256 of the cookie's token
  person       TEXT NOT NULL COLLATE NOCASE REFERENCES person (name) ON DELETE CASCADE ON UPDATE CASCADE,
  created_at   INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL,               -- exact to a few minutes: not every page view is written down
  expires_at   INTEGER NOT NULL                -- the absolute end
) STRICT, WITHOUT ROWID;

CREATE INDEX web_session_person ON web_session (person, last_seen_at);

-- Scripts that may use the JSON interface.
CREATE TABLE api_token (
  hash         BLOB NOT NULL PRIMARY KEY CHECK (length(hash) = 32),  -- SHA-256 of the token
  name         TEXT NOT NULL,                  -- what it is for; stands in the history as "api: NAME"
  created_at   INTEGER NOT NULL,
  last_used_at INTEGER                         -- exact to a few minutes; NULL when never used
) STRICT, WITHOUT ROWID;

-- The link with which the first owner is made.
CREATE TABLE setup_link (
  hash       BLOB NOT NULL PRIMARY KEY CHECK (length(hash) = 32),    -- SHA-256 of its token
  created_at INTEGER NOT NULL,
  used_at    INTEGER                           -- NULL while it can be used
) STRICT, WITHOUT ROWID;

-- Failed attempts to sign in, of people and of Web Connectors, per account and address.
CREATE TABLE throttle (
  account        BLOB NOT NULL CHECK (length(account) = 32),  -- SHA-256 of the name given: it may be a mistyped password
  address        TEXT NOT NULL,                -- where from; an IPv6 address counts by its /64 network
  failures       INTEGER NOT NULL,             -- in a row
  last_failed_at INTEGER NOT NULL,
  refused_until  INTEGER NOT NULL,             -- not before this time; equal to last_failed_at while nothing is refused
  PRIMARY KEY (account, address)
) STRICT, WITHOUT ROWID;

CREATE INDEX throttle_last_failed_at ON throttle (last_failed_at);
