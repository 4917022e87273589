-- Bill.com's notices of a company: the subscription that was made for it, and the keys its notices are signed with.
CREATE TABLE webhook (
  company      TEXT NOT NULL PRIMARY KEY REFERENCES company (id),
  subscription TEXT,                      -- its id at Bill.com; NULL when it was made there by hand
  request_key  TEXT NOT NULL,             -- idempotency key of its making: the same for every try
  key          BLOB NOT NULL,             -- sealed for this row and column; empty until there is one
  former_key   BLOB NOT NULL,             -- the one before, sealed; empty when there is none
  former_until INTEGER NOT NULL,          -- until when it is accepted
  enabled      INTEGER NOT NULL,          -- 0 when Bill.com said that it sends none
  last_at      INTEGER                    -- when the last genuine notice came
) STRICT, WITHOUT ROWID;

-- Notices that came lately, so that one which comes again asks for nothing. The oldest are forgotten.
CREATE TABLE webhook_event (
  company TEXT NOT NULL,
  event   BLOB NOT NULL CHECK (length(event) = 32),  -- SHA-256 of its id
  at      INTEGER NOT NULL,
  PRIMARY KEY (company, event)
) STRICT, WITHOUT ROWID;

CREATE INDEX webhook_event_at ON webhook_event (company, at);
