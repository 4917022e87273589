//! People and what they sign in with; scripts and their tokens; the link that makes the first owner.
//!
//! A web session ends 12 hours after it was last used and 30 days after it began (`ecosystem.md` 3). Whoever holds the
//! database cannot use a session, token or link: only hashes are stored.

use super::{ServerStore, from_ms, to_ms};
use crate::limits::{WEB_SESSION_IDLE_MAX, WEB_SESSION_LIFE_MAX, WEB_SESSIONS_PER_PERSON_MAX};
use crate::model::span;
use crate::secrets::TokenHash;
use crate::secrets::password::PasswordHash;
use crate::store::StoreError;
use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{OptionalExtension, Row, Transaction, params};

/// The use of a session or token is written down at most this often: a page view need not cost a write.
const SEEN_EVERY: TimeDelta = TimeDelta::minutes(5);

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

/// Somebody who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    /// The name.
    pub name: String,
    /// What they may do.
    pub role: Role,
}

/// A token of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiToken {
    /// What it is for.
    pub name: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last used, exact to a few minutes.
    pub last_used_at: Option<DateTime<Utc>>,
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

    /// Begins a web session of a person. Old and surplus sessions are cleared away. False when there is no such person.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be written.
    pub fn start_session(&self, token: &TokenHash, person: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
        self.transact(|sql| start_session(sql, token, person, now))
    }

    /// Whose session this is, if it has not ended. Its use is written down at most every few minutes.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read or written.
    pub fn session(&self, token: &TokenHash, now: DateTime<Utc>) -> Result<Option<SignedIn>, StoreError> {
        let sql = self.sql();
        let mut statement = sql.prepare_cached(
            "SELECT person.name, person.role, web_session.last_seen_at
             FROM web_session JOIN person ON person.name = web_session.person
             WHERE hash = ?1 AND expires_at > ?2 AND last_seen_at > ?3",
        )?;
        let idle_since = to_ms(now - span(WEB_SESSION_IDLE_MAX));
        let found: Option<(String, String, i64)> = statement
            .query_row(params![token.as_bytes(), to_ms(now), idle_since], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })
            .optional()?;
        let Some((name, role, last_seen_at)) = found else { return Ok(None) };
        if last_seen_at < to_ms(now - SEEN_EVERY) {
            sql.prepare_cached("UPDATE web_session SET last_seen_at = ?2 WHERE hash = ?1")?
                .execute(params![token.as_bytes(), to_ms(now)])?;
        }
        Ok(Some(SignedIn { name, role: read_role(&role)? }))
    }

    /// Ends a web session.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be written.
    pub fn end_session(&self, token: &TokenHash) -> Result<(), StoreError> {
        self.sql().execute("DELETE FROM web_session WHERE hash = ?1", [token.as_bytes()])?;
        Ok(())
    }

    /// Adds a token for a script.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be written.
    pub fn add_api_token(&self, token: &TokenHash, name: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.sql().execute(
            "INSERT INTO api_token (hash, name, created_at) VALUES (?1, ?2, ?3)",
            params![token.as_bytes(), name, to_ms(now)],
        )?;
        Ok(())
    }

    /// The token of a script. Its use is written down at most every few minutes.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read or written.
    pub fn api_token(&self, token: &TokenHash, now: DateTime<Utc>) -> Result<Option<ApiToken>, StoreError> {
        let sql = self.sql();
        let mut statement =
            sql.prepare_cached("SELECT name, created_at, last_used_at FROM api_token WHERE hash = ?1")?;
        let found = statement.query_row([token.as_bytes()], |row| Ok(read_api_token(row))).optional()?.transpose()?;
        if let Some(found) = &found
            && found.last_used_at.is_none_or(|last| last < now - SEEN_EVERY)
        {
            sql.prepare_cached("UPDATE api_token SET last_used_at = ?2 WHERE hash = ?1")?
                .execute(params![token.as_bytes(), to_ms(now)])?;
        }
        Ok(found)
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
            start_session(sql, session, name, now)
        })
    }
}

fn start_session(
    sql: &Transaction<'_>,
    token: &TokenHash,
    person: &str,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    sql.execute(
        "DELETE FROM web_session WHERE expires_at <= ?1 OR last_seen_at <= ?2",
        params![to_ms(now), to_ms(now - span(WEB_SESSION_IDLE_MAX))],
    )?;
    let started = sql.execute(
        "INSERT INTO web_session (hash, person, created_at, last_seen_at, expires_at)
         SELECT ?1, name, ?3, ?3, ?4 FROM person WHERE name = ?2",
        params![token.as_bytes(), person, to_ms(now), to_ms(now + span(WEB_SESSION_LIFE_MAX))],
    )?;
    sql.execute(
        "DELETE FROM web_session WHERE person = ?1 AND hash NOT IN
           (SELECT hash FROM web_session WHERE person = ?1 ORDER BY last_seen_at DESC, created_at DESC, hash = ?3 DESC LIMIT ?2)",
        params![person, WEB_SESSIONS_PER_PERSON_MAX, token.as_bytes()],
    )?;
    Ok(started == 1)
}

fn read_role(word: &str) -> Result<Role, StoreError> {
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

fn read_api_token(row: &Row<'_>) -> Result<ApiToken, StoreError> {
    Ok(ApiToken {
        name: row.get(0)?,
        created_at: from_ms(row.get(1)?)?,
        last_used_at: row.get::<_, Option<i64>>(2)?.map(from_ms).transpose()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::{CountingRandom, Token};
    use chrono::TimeZone as _;

    fn start() -> DateTime<Utc> {
        Utc.timestamp_millis_opt(1_764_000_000_000).single().expect("time")
    }

    fn hash(text: &str) -> PasswordHash {
        PasswordHash::from_stored(text.to_owned())
    }

    /// Tokens that differ.
    fn tokens<const N: usize>() -> [TokenHash; N] {
        let mut random = CountingRandom::default();
        std::array::from_fn(|_| Token::generate(&mut random).hash())
    }

    /// A store whose owner Ann has one session, begun at [`start`].
    fn with_ann(session: &TokenHash) -> ServerStore {
        let store = ServerStore::in_memory().expect("store");
        let [link] = tokens();
        assert!(store.offer_setup(&link, start()).expect("offered"));
        assert!(store.use_setup(&link, "Ann", &hash("h1"), session, start()).expect("used"));
        store
    }

    fn ann() -> Option<SignedIn> {
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
        assert!(!store.use_setup(&old, "Eve", &hash("x"), &other, start()).expect("dead"));
        assert!(store.use_setup(&link, "Ann", &hash("h1"), &session, start()).expect("used"));
        assert!(!store.use_setup(&link, "Eve", &hash("x"), &other, start()).expect("used up"));
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
    fn a_session_ends_when_idle_and_after_its_life() {
        let [session] = tokens();
        let store = with_ann(&session);
        let mut now = start();
        while now < start() + span(WEB_SESSION_LIFE_MAX) {
            assert_eq!(store.session(&session, now).expect("read"), ann(), "{now}");
            now += TimeDelta::hours(11);
        }
        assert_eq!(store.session(&session, start() + span(WEB_SESSION_LIFE_MAX)).expect("read"), None, "used or not");
        let [_, fresh] = tokens();
        store.start_session(&fresh, "ann", start()).expect("started");
        assert_eq!(store.session(&fresh, start() + span(WEB_SESSION_IDLE_MAX)).expect("read"), None, "idle too long");
        assert_eq!(
            store.session(&fresh, start() + span(WEB_SESSION_IDLE_MAX) - TimeDelta::seconds(1)).expect("read"),
            ann()
        );
    }

    #[test]
    fn a_page_view_soon_after_another_writes_nothing() {
        let [session] = tokens();
        let store = with_ann(&session);
        store.sql().pragma_update(None, "query_only", "ON").expect("pragma");
        assert_eq!(store.session(&session, start() + SEEN_EVERY).expect("no write"), ann());
        assert!(
            store.session(&session, start() + SEEN_EVERY + TimeDelta::seconds(1)).is_err(),
            "now it is written down"
        );
    }

    #[test]
    fn sessions_are_bounded_and_end_on_demand() {
        let [session] = tokens();
        let store = with_ann(&session);
        let more: [TokenHash; 25] = tokens();
        for (minute, token) in (1..).zip(more[1..].iter()) {
            assert!(store.start_session(token, "Ann", start() + TimeDelta::minutes(minute)).expect("started"));
        }
        let open = |token: &TokenHash| store.session(token, start() + TimeDelta::hours(1)).expect("read").is_some();
        assert_eq!(more.iter().filter(|token| open(token)).count(), 20);
        assert!(open(&more[24]) && !open(&session));
        store.end_session(&more[24]).expect("ended");
        assert!(!open(&more[24]));
        assert!(!store.start_session(&session, "Nobody", start()).expect("nobody"));
    }

    #[test]
    fn the_newest_session_survives_even_when_the_clock_stands_still() {
        let [session] = tokens();
        let store = with_ann(&session);
        let more: [TokenHash; 60] = tokens();
        for token in &more[1..] {
            store.start_session(token, "Ann", start()).expect("started");
            assert_eq!(store.session(token, start()).expect("read"), ann());
        }
    }

    #[test]
    fn a_new_password_ends_the_other_sessions() {
        let [session, other] = tokens();
        let store = with_ann(&session);
        store.start_session(&other, "Ann", start()).expect("started");
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
    fn api_tokens_are_known_by_their_hash_and_their_use_is_seen() {
        let store = ServerStore::in_memory().expect("store");
        let [token, stranger] = tokens();
        store.add_api_token(&token, "backup script", start()).expect("added");
        assert_eq!(store.api_token(&stranger, start()).expect("read"), None);
        let first = store.api_token(&token, start()).expect("read").expect("found");
        assert_eq!((first.name.as_str(), first.last_used_at), ("backup script", None));
        let second = store.api_token(&token, start() + TimeDelta::hours(1)).expect("read").expect("found");
        assert_eq!(second.last_used_at, Some(start()));
        store.sql().pragma_update(None, "query_only", "ON").expect("pragma");
        store.api_token(&token, start() + TimeDelta::hours(1)).expect("no write so soon");
    }
}
