//! What holds for the whole server.

use super::ServerStore;
use crate::store::StoreError;
use rusqlite::{Connection, OptionalExtension, params};

const PUBLIC_URL: &str = "public_url";
const OWNER_ID: &str = "owner_id";
const LISTEN: &str = "listen";
const SILENCE: &str = "silence_after";

impl ServerStore {
    /// The URL under which the world reaches this server, as it was last given; without a slash at its end.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    pub fn public_url(&self) -> Result<Option<String>, StoreError> {
        get(&self.sql(), PUBLIC_URL)
    }

    /// Remembers the public URL. Writes only when it is another one.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be written.
    pub fn set_public_url(&self, url: &str) -> Result<(), StoreError> {
        set(&self.sql(), PUBLIC_URL, url.trim_end_matches('/'))
    }

    /// The address the server listened on last; `http://localhost:PORT` of it is the public URL until one is given.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    pub fn listen(&self) -> Result<Option<String>, StoreError> {
        get(&self.sql(), LISTEN)
    }

    /// Remembers the address the server listens on. Writes only when it is another one.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be written.
    pub fn set_listen(&self, address: &str) -> Result<(), StoreError> {
        set(&self.sql(), LISTEN, address)
    }

    /// How long the Web Connector may be silent, as it was typed; none until somebody did.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    pub fn silence_after(&self) -> Result<Option<String>, StoreError> {
        get(&self.sql(), SILENCE)
    }

    /// Remembers how long the Web Connector may be silent. Writes only when it is another time.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be written.
    pub fn set_silence_after(&self, duration: &str) -> Result<(), StoreError> {
        set(&self.sql(), SILENCE, duration)
    }

    /// The OwnerID of this installation: `proposed` the first time, the same one ever after (`qbwc.md` 5: a new OwnerID
    /// with every download is the classic cause of QBWC1039).
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read or written.
    pub fn owner_id(&self, proposed: &str) -> Result<String, StoreError> {
        let sql = self.sql();
        if let Some(known) = get(&sql, OWNER_ID)? {
            return Ok(known);
        }
        sql.execute("INSERT INTO setting (name, value) VALUES (?1, ?2) ON CONFLICT DO NOTHING", (OWNER_ID, proposed))?;
        // Read back: another process may have been first.
        get(&sql, OWNER_ID)?.ok_or(StoreError::Broken { what: "owner id" })
    }
}

pub(super) fn get(sql: &Connection, name: &str) -> Result<Option<String>, StoreError> {
    let mut statement = sql.prepare_cached("SELECT value FROM setting WHERE name = ?1")?;
    Ok(statement.query_row([name], |row| row.get(0)).optional()?)
}

pub(super) fn set(sql: &Connection, name: &str, value: &str) -> Result<(), StoreError> {
    if get(sql, name)?.as_deref() != Some(value) {
        sql.execute(
            "INSERT INTO setting (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            params![name, value],
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_remembered_and_replaced() {
        let store = ServerStore::in_memory().expect("store");
        assert_eq!(store.public_url().expect("get"), None);
        store.set_public_url("https://a.example/").expect("set");
        store.set_public_url("https://b.example").expect("set");
        assert_eq!(store.public_url().expect("get").as_deref(), Some("https://b.example"));
        assert_eq!(store.listen().expect("get"), None);
        store.set_listen("[::1]:8080").expect("set");
        assert_eq!(store.listen().expect("get").as_deref(), Some("[::1]:8080"));
    }

    #[test]
    fn setting_the_same_again_writes_nothing() {
        let store = ServerStore::in_memory().expect("store");
        store.set_public_url("https://a.example").expect("set");
        store.sql().pragma_update(None, "query_only", "ON").expect("pragma");
        store.set_public_url("https://a.example/").expect("nothing to write");
        assert!(store.set_public_url("https://b.example").is_err());
    }

    #[test]
    fn the_owner_id_is_made_once() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("server.db");
        let (one, two) = (ServerStore::open(&path).expect("one"), ServerStore::open(&path).expect("two"));
        let first = one.owner_id("{1}").expect("made");
        assert_eq!(first, "{1}");
        assert_eq!(two.owner_id("{2}").expect("kept"), first);
    }
}
