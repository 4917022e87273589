-- Where people are told that something needs them.
CREATE TABLE alert_channel (
  id       INTEGER NOT NULL PRIMARY KEY,
  kind     TEXT NOT NULL CHECK (kind IN ('email', 'webhook', 'slack', 'heartbeat')),
  company  TEXT REFERENCES company (id),  -- NULL for all companies
  label    TEXT NOT NULL,                 -- what lists show: an e-mail address, or the host of a URL
  target   BLOB NOT NULL,                 -- e-mail address or URL, sealed for this row and column: a webhook's URL is a secret
  told     TEXT NOT NULL DEFAULT '[]',    -- JSON: what it was told and has not been told to be over
  sent_at  INTEGER,                       -- when something was last taken there; NULL before that
  tried_at INTEGER,                       -- when it was last tried
  failures INTEGER NOT NULL DEFAULT 0,    -- tries in a row that failed
  error    TEXT                           -- why the last try failed, in words; never the address
) STRICT;

-- The server that takes e-mail; one row at most.
CREATE TABLE mail_server (
  id       INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  server   TEXT NOT NULL,                 -- smtps://HOST:PORT, or smtp://HOST:PORT
  sender   TEXT NOT NULL,                 -- the address that messages come from
  user     TEXT NOT NULL,                 -- empty when it asks for none
  password BLOB NOT NULL                  -- sealed for this row and column; empty when there is none
) STRICT;
