//! Scripts that may use the JSON interface, and their tokens. Only hashes are stored; in lists a token goes by the first
//! digits of its hash.

use super::people::{Role, read_role};
use super::sessions::SEEN_EVERY;
use super::{ServerStore, from_ms, to_ms};
use crate::secrets::TokenHash;
use crate::store::StoreError;
use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, Row, params};

/// What is read of a token.
const COLUMNS: &str = "substr(lower(hex(hash)), 1, 12), name, role, created_at, last_used_at";

/// A token of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiToken {
    /// The first 12 hexadecimal digits of its hash.
    pub id: String,
    /// What it is for.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last used, exact to a few minutes.
    pub last_used_at: Option<DateTime<Utc>>,
}

impl ServerStore {
    /// Adds a token for a script.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be written.
    pub fn add_api_token(
        &self,
        token: &TokenHash,
        name: &str,
        role: Role,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.sql().execute(
            "INSERT INTO api_token (hash, name, role, created_at) VALUES (?1, ?2, ?3, ?4)",
            params![token.as_bytes(), name, role.word(), to_ms(now)],
        )?;
        Ok(())
    }

    /// The token of a script. Its use is written down at most every few minutes.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read or written.
    pub fn api_token(&self, token: &TokenHash, now: DateTime<Utc>) -> Result<Option<ApiToken>, StoreError> {
        let sql = self.sql();
        let mut statement = sql.prepare_cached(&format!("SELECT {COLUMNS} FROM api_token WHERE hash = ?1"))?;
        let found = statement.query_row([token.as_bytes()], |row| Ok(read_api_token(row))).optional()?.transpose()?;
        if let Some(found) = &found
            && found.last_used_at.is_none_or(|last| last < now - SEEN_EVERY)
        {
            sql.prepare_cached("UPDATE api_token SET last_used_at = ?2 WHERE hash = ?1")?
                .execute(params![token.as_bytes(), to_ms(now)])?;
        }
        Ok(found)
    }

    /// All tokens, the newest first.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be read.
    pub fn api_tokens(&self) -> Result<Vec<ApiToken>, StoreError> {
        let sql = self.sql();
        let mut statement =
            sql.prepare_cached(&format!("SELECT {COLUMNS} FROM api_token ORDER BY created_at DESC, name, hash"))?;
        let rows = statement.query_map((), |row| Ok(read_api_token(row)))?;
        rows.map(|row| row?).collect()
    }

    /// Takes the token of this id back: it opens nothing any more. False when there is none.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be written.
    pub fn remove_api_token(&self, id: &str) -> Result<bool, StoreError> {
        let removed =
            self.sql().execute("DELETE FROM api_token WHERE substr(lower(hex(hash)), 1, 12) = ?1", params![id])?;
        Ok(removed > 0)
    }
}

fn read_api_token(row: &Row<'_>) -> Result<ApiToken, StoreError> {
    Ok(ApiToken {
        id: row.get(0)?,
        name: row.get(1)?,
        role: read_role(&row.get::<_, String>(2)?)?,
        created_at: from_ms(row.get(3)?)?,
        last_used_at: row.get::<_, Option<i64>>(4)?.map(from_ms).transpose()?,
    })
}

#[cfg(test)]
mod tests {
    use super::super::people::tests::{start, tokens};
    use super::*;
    use chrono::TimeDelta;

    #[test]
    fn api_tokens_are_known_by_their_hash_and_their_use_is_seen() {
        let store = ServerStore::in_memory().expect("store");
        let [token, stranger] = tokens();
        store.add_api_token(&token, "backup script", Role::Viewer, start()).expect("added");
        assert_eq!(store.api_token(&stranger, start()).expect("read"), None);
        let first = store.api_token(&token, start()).expect("read").expect("found");
        assert_eq!((first.name.as_str(), first.role, first.last_used_at), ("backup script", Role::Viewer, None));
        let second = store.api_token(&token, start() + TimeDelta::hours(1)).expect("read").expect("found");
        assert_eq!(second.last_used_at, Some(start()));
        store.sql().pragma_update(None, "query_only", "ON").expect("pragma");
        store.api_token(&token, start() + TimeDelta::hours(1)).expect("no write so soon");
    }

    #[test]
    fn tokens_are_listed_and_taken_back() {
        let store = ServerStore::in_memory().expect("store");
        let [one, two] = tokens();
        store.add_api_token(&one, "one", Role::Owner, start()).expect("added");
        store.add_api_token(&two, "two", Role::Viewer, start() + TimeDelta::hours(1)).expect("added");
        let listed = store.api_tokens().expect("listed");
        assert_eq!(listed.iter().map(|token| token.name.as_str()).collect::<Vec<_>>(), ["two", "one"]);
        assert!(store.remove_api_token(&listed[0].id).expect("removed"));
        assert!(!store.remove_api_token(&listed[0].id).expect("gone"));
        assert_eq!(store.api_token(&two, start()).expect("read"), None);
        assert!(store.api_token(&one, start()).expect("read").is_some());
    }
}
