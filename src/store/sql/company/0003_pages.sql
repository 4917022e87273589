-- What pages ask for all the time: counted when it changes instead of when it is looked at, found by an index, and the
-- texts of the last sessions.

-- How many records, pairs, intents and open problems there are. Triggers keep it, so no writer can forget to.
CREATE TABLE tally (
    what      TEXT NOT NULL,                   -- record | pair | intent | problem
    kind      TEXT NOT NULL,                   -- '' for problems of the company
    side      TEXT NOT NULL,                   -- of a record; the target of an intent; '' for pairs and problems
    state     TEXT NOT NULL,                   -- of an intent; the code of a problem; else ''
    operation TEXT NOT NULL,                   -- of an intent; else ''
    count     INTEGER NOT NULL,
    PRIMARY KEY (what, kind, side, state, operation)
) STRICT, WITHOUT ROWID;

-- What was done and refused on each day.
CREATE TABLE day_tally (
    day   INTEGER NOT NULL,                    -- whole days since 1970-01-01 UTC
    side  TEXT NOT NULL,                       -- the target
    state TEXT NOT NULL,                       -- applied | rejected
    count INTEGER NOT NULL,
    PRIMARY KEY (day, side, state)
) STRICT, WITHOUT ROWID;

INSERT INTO tally SELECT 'record', kind, side, '', '', count(*) FROM sighting WHERE gone = 0 GROUP BY kind, side;
INSERT INTO tally SELECT 'pair', kind, '', '', '', count(*) FROM link GROUP BY kind;
INSERT INTO tally SELECT 'intent', kind, target, state, operation, count(*) FROM intent GROUP BY kind, target, state, operation;
INSERT INTO tally SELECT 'problem', ifnull(kind, ''), '', code, '', count(*) FROM problem WHERE closed_at IS NULL GROUP BY 2, code;
INSERT INTO day_tally SELECT settled_at / 86400000, target, state, count(*) FROM intent
    WHERE settled_at IS NOT NULL AND state IN ('applied', 'rejected') GROUP BY 1, 2, 3;

CREATE TRIGGER tally_record_new AFTER INSERT ON sighting WHEN NEW.gone = 0 BEGIN
    INSERT INTO tally VALUES ('record', NEW.kind, NEW.side, '', '', 1)
        ON CONFLICT DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER tally_record_gone AFTER UPDATE OF gone ON sighting WHEN NEW.gone <> OLD.gone BEGIN
    INSERT INTO tally VALUES ('record', NEW.kind, NEW.side, '', '', OLD.gone - NEW.gone)
        ON CONFLICT DO UPDATE SET count = count + excluded.count;
END;
CREATE TRIGGER tally_record_deleted AFTER DELETE ON sighting WHEN OLD.gone = 0 BEGIN
    UPDATE tally SET count = count - 1
        WHERE what = 'record' AND kind = OLD.kind AND side = OLD.side AND state = '' AND operation = '';
END;
CREATE TRIGGER tally_pair_new AFTER INSERT ON link BEGIN
    INSERT INTO tally VALUES ('pair', NEW.kind, '', '', '', 1) ON CONFLICT DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER tally_pair_deleted AFTER DELETE ON link BEGIN
    UPDATE tally SET count = count - 1
        WHERE what = 'pair' AND kind = OLD.kind AND side = '' AND state = '' AND operation = '';
END;
CREATE TRIGGER tally_intent_new AFTER INSERT ON intent BEGIN
    INSERT INTO tally VALUES ('intent', NEW.kind, NEW.target, NEW.state, NEW.operation, 1)
        ON CONFLICT DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER tally_intent_moved AFTER UPDATE OF state ON intent WHEN NEW.state <> OLD.state BEGIN
    UPDATE tally SET count = count - 1 WHERE what = 'intent' AND kind = OLD.kind AND side = OLD.target
        AND state = OLD.state AND operation = OLD.operation;
    INSERT INTO tally VALUES ('intent', NEW.kind, NEW.target, NEW.state, NEW.operation, 1)
        ON CONFLICT DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER tally_intent_settled AFTER UPDATE OF state ON intent
    WHEN NEW.state <> OLD.state AND NEW.state IN ('applied', 'rejected') AND NEW.settled_at IS NOT NULL BEGIN
    INSERT INTO day_tally VALUES (NEW.settled_at / 86400000, NEW.target, NEW.state, 1)
        ON CONFLICT DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER tally_intent_deleted AFTER DELETE ON intent BEGIN
    UPDATE tally SET count = count - 1 WHERE what = 'intent' AND kind = OLD.kind AND side = OLD.target
        AND state = OLD.state AND operation = OLD.operation;
END;
CREATE TRIGGER tally_problem_new AFTER INSERT ON problem WHEN NEW.closed_at IS NULL BEGIN
    INSERT INTO tally VALUES ('problem', ifnull(NEW.kind, ''), '', NEW.code, '', 1)
        ON CONFLICT DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER tally_problem_closed AFTER UPDATE OF closed_at ON problem
    WHEN (NEW.closed_at IS NULL) <> (OLD.closed_at IS NULL) BEGIN
    INSERT INTO tally VALUES ('problem', ifnull(NEW.kind, ''), '', NEW.code, '', iif(NEW.closed_at IS NULL, 1, -1))
        ON CONFLICT DO UPDATE SET count = count + excluded.count;
END;
CREATE TRIGGER tally_problem_deleted AFTER DELETE ON problem WHEN OLD.closed_at IS NULL BEGIN
    UPDATE tally SET count = count - 1 WHERE what = 'problem' AND kind = ifnull(OLD.kind, '') AND side = ''
        AND state = OLD.code AND operation = '';
END;

-- Records are looked for by a part of their title, which holds name, number, date, amount and owner: this index is read
-- from end to end instead of the table, which is ten times as long.
CREATE INDEX sighting_title ON sighting (kind, side, gone, title, id);
-- Open problems among all those that are settled.
CREATE INDEX problem_open_id ON problem (id) WHERE closed_at IS NULL;
-- The history of one record.
CREATE INDEX event_record ON event (record_id, kind, side) WHERE record_id IS NOT NULL;

-- What was said in the last sessions with QuickBooks, without secrets, deflated. The oldest are forgotten.
CREATE TABLE transcript (
    attempt       INTEGER NOT NULL PRIMARY KEY, -- number of the message set
    conversation  INTEGER NOT NULL,
    request       BLOB NOT NULL,                -- the beginning of it
    request_bytes INTEGER NOT NULL,             -- how long all of it was
    answer        BLOB,                         -- NULL while there is none
    answer_bytes  INTEGER,
    answered_at   INTEGER
) STRICT;
CREATE INDEX transcript_conversation ON transcript (conversation);
CREATE INDEX attempt_conversation ON attempt (conversation);
