//! People, what they may do, and the link that makes the first owner. Only hashes of passwords and links are stored.
//!
//! **Invariant:** once there is an owner there is always one: the last cannot be removed or made a viewer.

use super::sessions::{Origin, start_session};
use super::{ServerStore, from_ms, to_ms};
use crate::secrets::TokenHash;
use crate::secrets::password::PasswordHash;
use crate::store::StoreError;
use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, Row, Transaction, params};

/// What a person may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Everything.
    Owner,
    /// Look.
    Viewer,
}

impl Role {
    /// The word used in stored rows.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Viewer => "viewer",
        }
    }

    /// The role with this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Owner, Self::Viewer].into_iter().find(|role| role.word() == word)
    }
}

/// Somebody who may sign in. Names differ in more than the case of their letters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The name, 1 to 64 characters.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Their password's hash.
    pub password_hash: PasswordHash,
    /// When they were added.
    pub created_at: DateTime<Utc>,
}

/// What came of changing or removing a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// It is done.
    Done,
    /// There is nobody of this name.
    Nobody,
    /// It is the last owner: without one, nobody could change anything.
    LastOwner,
}

impl ServerStore {
    /// Everybody who may sign in, by name.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be read.
    pub fn people(&self) -> Result<Vec<Person>, StoreError> {
        let sql = self.sql();
        let mut statement =
            sql.prepare_cached("SELECT name, role, password_hash, created_at FROM person ORDER BY name")?;
        let rows = statement.query_map((), |row| Ok(read_person(row)))?;
        rows.map(|row| row?).collect()
    }

    /// Whether there is anybody who may sign in: until then, the setup link is the way in.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    pub fn has_people(&self) -> Result<bool, StoreError> {
        Ok(self.sql().prepare_cached("SELECT EXISTS (SELECT 1 FROM person)")?.query_row((), |row| row.get(0))?)
    }

    /// A person, by name; the case of letters does not matter.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    pub fn person(&self, name: &str) -> Result<Option<Person>, StoreError> {
        let sql = self.sql();
        let mut statement =
            sql.prepare_cached("SELECT name, role, password_hash, created_at FROM person WHERE name = ?1")?;
        statement.query_row([name], |row| Ok(read_person(row))).optional()?.transpose()
    }

    /// Gives a person a new password, and ends all their sessions but `keep`. False when there is no such person.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be written.
    pub fn set_password(&self, name: &str, hash: &PasswordHash, keep: Option<&TokenHash>) -> Result<bool, StoreError> {
        self.transact(|sql| {
            let changed =
                sql.execute("UPDATE person SET password_hash = ?2 WHERE name = ?1", params![name, hash.as_str()])?;
            sql.execute(
                "DELETE FROM web_session WHERE person = ?1 AND hash IS NOT ?2",
                params![name, keep.map(TokenHash::as_bytes)],
            )?;
            Ok(changed == 1)
        })
    }

    /// Adds a person. False, and nothing is changed, when the name is taken.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be written.
    pub fn add_person(
        &self,
        name: &str,
        role: Role,
        password: &PasswordHash,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let added = self.sql().execute(
            "INSERT INTO person (name, role, password_hash, created_at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
            params![name, role.word(), password.as_str(), to_ms(now)],
        )?;
        Ok(added == 1)
    }

    /// Gives a person another role. It holds from their next click on.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be written.
    pub fn set_role(&self, name: &str, role: Role) -> Result<Changed, StoreError> {
        self.transact(|sql| {
            if role != Role::Owner && is_last_owner(sql, name)? {
                return Ok(Changed::LastOwner);
            }
            let changed = sql.execute("UPDATE person SET role = ?2 WHERE name = ?1", params![name, role.word()])?;
            Ok(if changed == 1 { Changed::Done } else { Changed::Nobody })
        })
    }

    /// Removes a person; their sessions end with them.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be written.
    pub fn remove_person(&self, name: &str) -> Result<Changed, StoreError> {
        self.transact(|sql| {
            if is_last_owner(sql, name)? {
                return Ok(Changed::LastOwner);
            }
            let removed = sql.execute("DELETE FROM person WHERE name = ?1", [name])?;
            Ok(if removed == 1 { Changed::Done } else { Changed::Nobody })
        })
    }

    /// Stores the same password's stronger hash; sessions go on. Nothing when the hash was changed meanwhile.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be written.
    pub fn rehash_password(&self, name: &str, from: &PasswordHash, to: &PasswordHash) -> Result<(), StoreError> {
        self.sql().execute(
            "UPDATE person SET password_hash = ?3 WHERE name = ?1 AND password_hash = ?2",
            params![name, from.as_str(), to.as_str()],
        )?;
        Ok(())
    }

    /// Makes a new setup link the only one that works; false, and there is none, when somebody may sign in already.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be written.
    pub fn offer_setup(&self, token: &TokenHash, now: DateTime<Utc>) -> Result<bool, StoreError> {
        self.transact(|sql| {
            sql.execute("DELETE FROM setup_link WHERE used_at IS NULL", ())?;
            let offered = sql.execute(
                "INSERT INTO setup_link (hash, created_at) SELECT ?1, ?2 WHERE NOT EXISTS (SELECT 1 FROM person)",
                params![token.as_bytes(), to_ms(now)],
            )?;
            Ok(offered == 1)
        })
    }

    /// Whether a setup link can still be used.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    pub fn is_setup_open(&self, token: &TokenHash) -> Result<bool, StoreError> {
        let sql = self.sql();
        let mut statement = sql.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM setup_link WHERE hash = ?1 AND used_at IS NULL)
                AND NOT EXISTS (SELECT 1 FROM person)",
        )?;
        Ok(statement.query_row([token.as_bytes()], |row| row.get(0))?)
    }

    /// Uses the setup link: makes the first owner and signs them in, in one transaction. False, and nothing is changed,
    /// when the link cannot be used any more.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be written.
    pub fn use_setup(
        &self,
        link: &TokenHash,
        name: &str,
        password: &PasswordHash,
        session: &TokenHash,
        origin: &Origin,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        self.transact(|sql| {
            let used = sql.execute(
                "UPDATE setup_link SET used_at = ?2
                 WHERE hash = ?1 AND used_at IS NULL AND NOT EXISTS (SELECT 1 FROM person)",
                params![link.as_bytes(), to_ms(now)],
            )?;
            if used == 0 {
                return Ok(false);
            }
            sql.execute(
                "INSERT INTO person (name, role, password_hash, created_at) VALUES (?1, ?2, ?3, ?4)",
                params![name, Role::Owner.word(), password.as_str(), to_ms(now)],
            )?;
            start_session(sql, session, name, origin, now)
        })
    }
}

/// Whether this is the only owner there is.
fn is_last_owner(sql: &Transaction<'_>, name: &str) -> Result<bool, StoreError> {
    let mut statement = sql.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM person WHERE name = ?1 AND role = 'owner')
            AND NOT EXISTS (SELECT 1 FROM person WHERE name <> ?1 AND role = 'owner')",
    )?;
    Ok(statement.query_row([name], |row| row.get(0))?)
}

pub(super) fn read_role(word: &str) -> Result<Role, StoreError> {
    Role::from_word(word).ok_or(StoreError::Broken { what: "role" })
}

fn read_person(row: &Row<'_>) -> Result<Person, StoreError> {
    Ok(Person {
        name: row.get(0)?,
        role: read_role(&row.get::<_, String>(1)?)?,
        password_hash: PasswordHash::from_stored(row.get(2)?),
        created_at: from_ms(row.get(3)?)?,
    })
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::sessions::SignedIn;
    use super::*;
    use crate::secrets::{CountingRandom, Token};
    use chrono::TimeZone as _;

    pub(in crate::store::server) fn start() -> DateTime<Utc> {
        Utc.timestamp_millis_opt(1_764_000_000_000).single().expect("time")
    }

    fn hash(text: &str) -> PasswordHash {
        PasswordHash::from_stored(text.to_owned())
    }

    /// Tokens that differ.
    pub(in crate::store::server) fn tokens<const N: usize>() -> [TokenHash; N] {
        let mut random = CountingRandom::default();
        std::array::from_fn(|_| Token::generate(&mut random).hash())
    }

    /// A store whose owner Ann has one session, begun at [`start`].
    pub(in crate::store::server) fn with_ann(session: &TokenHash) -> ServerStore {
        let store = ServerStore::in_memory().expect("store");
        let [link] = tokens();
        assert!(store.offer_setup(&link, start()).expect("offered"));
        assert!(store.use_setup(&link, "Ann", &hash("h1"), session, &Origin::default(), start()).expect("used"));
        store
    }

    pub(in crate::store::server) fn ann() -> Option<SignedIn> {
        Some(SignedIn { name: "Ann".to_owned(), role: Role::Owner })
    }

    #[test]
    fn a_setup_link_makes_one_owner_once() {
        let store = ServerStore::in_memory().expect("store");
        let [old, link, session, other] = tokens();
        assert!(!store.has_people().expect("nobody"));
        assert!(store.offer_setup(&old, start()).expect("offered"));
        assert!(store.offer_setup(&link, start()).expect("a restart offers a new one"));
        assert!(!store.is_setup_open(&old).expect("replaced"));
        assert!(store.is_setup_open(&link).expect("open"));
        assert!(!store.use_setup(&old, "Eve", &hash("x"), &other, &Origin::default(), start()).expect("dead"));
        assert!(store.use_setup(&link, "Ann", &hash("h1"), &session, &Origin::default(), start()).expect("used"));
        assert!(!store.use_setup(&link, "Eve", &hash("x"), &other, &Origin::default(), start()).expect("used up"));
        assert!(!store.is_setup_open(&link).expect("used up"));
        assert!(!store.offer_setup(&other, start()).expect("no more links"));
        assert!(!store.is_setup_open(&other).expect("none"));
        assert_eq!(store.session(&session, start()).expect("signed in"), ann());
        assert_eq!(store.people().expect("people").len(), 1);
    }

    #[test]
    fn names_are_compared_without_case_and_kept_as_given() {
        let [session] = tokens();
        let store = with_ann(&session);
        let person = store.person("ANN").expect("read").expect("found");
        assert_eq!((person.name.as_str(), person.role, person.password_hash), ("Ann", Role::Owner, hash("h1")));
        assert!(store.person("Annie").expect("read").is_none());
    }

    #[test]
    fn a_new_password_ends_the_other_sessions() {
        let [session, other] = tokens();
        let store = with_ann(&session);
        store.start_session(&other, "Ann", &Origin::default(), start()).expect("started");
        assert!(store.set_password("ann", &hash("h2"), Some(&session)).expect("set"));
        assert_eq!(store.session(&session, start()).expect("kept"), ann());
        assert_eq!(store.session(&other, start()).expect("ended"), None);
        store.rehash_password("Ann", &hash("h1"), &hash("h3")).expect("too late");
        assert_eq!(store.person("Ann").expect("read").expect("found").password_hash, hash("h2"));
        store.rehash_password("Ann", &hash("h2"), &hash("h3")).expect("set");
        assert_eq!(store.person("Ann").expect("read").expect("found").password_hash, hash("h3"));
        assert_eq!(store.session(&session, start()).expect("kept"), ann());
        assert!(store.set_password("Ann", &hash("h4"), None).expect("set"));
        assert_eq!(store.session(&session, start()).expect("ended"), None);
        assert!(!store.set_password("Nobody", &hash("h"), None).expect("nobody"));
    }

    #[test]
    fn people_come_change_and_go_but_the_last_owner_stays() {
        let [session, of_bob] = tokens();
        let store = with_ann(&session);
        assert!(store.add_person("Bob", Role::Viewer, &hash("h"), start()).expect("added"));
        assert!(!store.add_person("BOB", Role::Owner, &hash("x"), start()).expect("taken"));
        store.start_session(&of_bob, "bob", &Origin::default(), start()).expect("started");
        let role_of_bob = || store.session(&of_bob, start()).expect("read").map(|signed_in| signed_in.role);
        assert_eq!(role_of_bob(), Some(Role::Viewer));
        for refused in [store.set_role("ann", Role::Viewer), store.remove_person("Ann")] {
            assert_eq!(refused.expect("answered"), Changed::LastOwner);
        }
        assert_eq!(store.set_role("Ann", Role::Owner).expect("the same"), Changed::Done);
        assert_eq!(store.set_role("bob", Role::Owner).expect("promoted"), Changed::Done);
        assert_eq!(role_of_bob(), Some(Role::Owner), "without signing in again");
        assert_eq!(store.set_role("Ann", Role::Viewer).expect("there is another owner"), Changed::Done);
        assert_eq!(store.remove_person("Bob").expect("now he is the last"), Changed::LastOwner);
        assert_eq!(store.remove_person("ann").expect("removed"), Changed::Done);
        assert_eq!(store.session(&session, start()).expect("read"), None, "her sessions ended with her");
        assert_eq!(store.remove_person("Eve").expect("nobody"), Changed::Nobody);
        assert_eq!(store.set_role("Eve", Role::Viewer).expect("nobody"), Changed::Nobody);
    }
}
