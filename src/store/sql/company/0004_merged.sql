-- What was merged into a record: a document that names one of them may be the document that names the other.
CREATE INDEX sighting_merged ON sighting (kind, side, merged_into) WHERE merged_into IS NOT NULL;
