//! Everything that rests sealed, and under which key.

use super::settings::{get, set};
use super::{ServerStore, StoreError};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rusqlite::params;

/// Tables with sealed columns: the table, its key, and the columns. A test holds that no other column is a BLOB without being
/// known as a hash.
const SEALED: &[(&str, &str, &[&str])] = &[
    ("company", "id", &["billcom_password", "billcom_dev_key"]),
    ("webhook", "company", &["key", "former_key"]),
    ("alert_channel", "id", &["target"]),
    ("mail_server", "id", &["password"]),
];

/// The id of the server key that the rows are sealed under.
const KEY_ID: &str = "key_id";
/// The key of the connectors' password hashes, sealed; not there while it follows from the server key.
const CONNECTORS: &str = "connector_key";

impl ServerStore {
    /// The id of the server key that the rows are sealed under; none in a file of before it was noted.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    pub fn sealed_under(&self) -> Result<Option<String>, StoreError> {
        get(&self.sql(), KEY_ID)
    }

    /// Notes the id of the server key, unless one is noted.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be written.
    pub fn note_key(&self, id: &str) -> Result<(), StoreError> {
        let sql = self.sql();
        if get(&sql, KEY_ID)?.is_none() {
            set(&sql, KEY_ID, id)?;
        }
        Ok(())
    }

    /// The key of the connectors' password hashes, sealed; none while it follows from the server key.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    pub fn connector_key(&self) -> Result<Option<Vec<u8>>, StoreError> {
        let text = get(&self.sql(), CONNECTORS)?;
        let decoded = text.map(|text| STANDARD.decode(text)).transpose();
        decoded.map_err(|_| StoreError::Broken { what: "connector key" })
    }

    /// Seals everything anew in one transaction: `anew` gives for table, row, column and old bytes the new ones. Gives how many
    /// values there were.
    ///
    /// # Errors
    /// Whatever `anew` gives, or [`StoreError`]; nothing is changed then.
    pub fn reseal<E: From<StoreError>>(
        &self,
        key_id: &str,
        connectors: &[u8],
        mut anew: impl FnMut(&str, &str, &str, &[u8]) -> Result<Vec<u8>, E>,
    ) -> Result<usize, E> {
        let mut connection = self.sql();
        let sql = connection.transaction().map_err(StoreError::from)?;
        let mut count = 0;
        for (table, key, columns) in SEALED {
            for column in *columns {
                let rows: Vec<(String, Vec<u8>)> = {
                    let select =
                        format!("SELECT CAST({key} AS TEXT), {column} FROM {table} WHERE length({column}) > 0");
                    let mut statement = sql.prepare(&select).map_err(StoreError::from)?;
                    let rows =
                        statement.query_map((), |row| Ok((row.get(0)?, row.get(1)?))).map_err(StoreError::from)?;
                    rows.collect::<Result<_, _>>().map_err(StoreError::from)?
                };
                for (row, sealed) in rows {
                    let sealed = anew(table, &row, column, &sealed)?;
                    let update = format!("UPDATE {table} SET {column} = ?2 WHERE {key} = ?1");
                    sql.execute(&update, params![row, sealed]).map_err(StoreError::from)?;
                    count += 1;
                }
            }
        }
        set(&sql, KEY_ID, key_id)?;
        set(&sql, CONNECTORS, &STANDARD.encode(connectors))?;
        sql.commit().map_err(StoreError::from)?;
        // What was sealed under the old key does not linger in the log.
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |_| Ok(())).map_err(StoreError::from)?;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// BLOB columns that hold no secret: hashes, and keyed hashes.
    const HASHES: &[(&str, &str)] = &[
        ("company", "connector_hash"),
        ("web_session", "hash"),
        ("api_token", "hash"),
        ("setup_link", "hash"),
        ("throttle", "account"),
        ("webhook_event", "event"),
    ];

    #[test]
    fn every_blob_is_known_as_sealed_or_as_a_hash() {
        let store = ServerStore::in_memory().expect("store");
        let sql = store.sql();
        let mut statement = sql
            .prepare(
                "SELECT t.name, c.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c
                 WHERE t.type = 'table' AND c.type = 'BLOB' ORDER BY 1, 2",
            )
            .expect("prepared");
        let blobs: Vec<(String, String)> = statement
            .query_map((), |row| Ok((row.get(0)?, row.get(1)?)))
            .expect("query")
            .collect::<Result<_, _>>()
            .expect("rows");
        let sealed = SEALED.iter().flat_map(|(table, _, columns)| columns.iter().map(move |column| (*table, *column)));
        let mut known: Vec<(String, String)> =
            sealed.chain(HASHES.iter().copied()).map(|(table, column)| (table.to_owned(), column.to_owned())).collect();
        known.sort();
        assert_eq!(blobs, known, "a new BLOB column is either sealed anew with the others, or no secret");
    }
}
