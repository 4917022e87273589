-- After a restore: records without a partner that may have been carried since the backup, under another name by now.
ALTER TABLE sighting ADD COLUMN doubtful INTEGER NOT NULL DEFAULT 0;
CREATE INDEX sighting_doubtful ON sighting (side, kind) WHERE doubtful = 1;
