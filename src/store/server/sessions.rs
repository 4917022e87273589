//! Who is signed in: web sessions, which can be listed and ended one by one.
//!
//! A session ends 12 hours after it was last used and 30 days after it began (`ecosystem.md` 3). Whoever holds the database
//! cannot use one: only hashes are stored. In lists a session goes by the first digits of its hash, which open nothing.

use super::people::{Role, read_role};
use super::{ServerStore, from_ms, to_ms};
use crate::limits::{WEB_SESSION_IDLE_MAX, WEB_SESSION_LIFE_MAX, WEB_SESSIONS_PER_PERSON_MAX};
use crate::model::span;
use crate::secrets::TokenHash;
use crate::store::StoreError;
use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{OptionalExtension, Transaction, params};

/// The use of a session or token is written down at most this often: a page view need not cost a write.
pub(super) const SEEN_EVERY: TimeDelta = TimeDelta::minutes(5);

/// Somebody who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    /// The name.
    pub name: String,
    /// What they may do.
    pub role: Role,
}

/// Where a session was begun.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The address.
    pub address: String,
    /// What the browser calls itself.
    pub agent: String,
}

/// A session in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebSession {
    /// The first 12 hexadecimal digits of its hash.
    pub id: String,
    /// Whose it is.
    pub person: String,
    /// Where it was begun.
    pub origin: Origin,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it was last used, exact to a few minutes.
    pub last_seen_at: DateTime<Utc>,
    /// When it ends even if it is used.
    pub expires_at: DateTime<Utc>,
}

impl ServerStore {
    /// Begins a web session of a person. Old and surplus sessions are cleared away. False when there is no such person.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be written.
    pub fn start_session(
        &self,
        token: &TokenHash,
        person: &str,
        origin: &Origin,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        self.transact(|sql| start_session(sql, token, person, origin, now))
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

    /// The sessions that have not ended, of one person or of everybody, the one used last first.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be read.
    pub fn web_sessions(&self, person: Option<&str>, now: DateTime<Utc>) -> Result<Vec<WebSession>, StoreError> {
        let sql = self.sql();
        let mut statement = sql.prepare_cached(
            "SELECT substr(lower(hex(hash)), 1, 12), person.name, address, agent, web_session.created_at, last_seen_at, expires_at
             FROM web_session JOIN person ON person.name = web_session.person
             WHERE expires_at > ?1 AND last_seen_at > ?2 AND (?3 IS NULL OR person.name = ?3)
             ORDER BY last_seen_at DESC, web_session.created_at DESC, hash",
        )?;
        let idle_since = to_ms(now - span(WEB_SESSION_IDLE_MAX));
        let rows = statement.query_map(params![to_ms(now), idle_since, person], |row| {
            let origin = Origin { address: row.get(2)?, agent: row.get(3)? };
            let times: [i64; 3] = [row.get(4)?, row.get(5)?, row.get(6)?];
            Ok((row.get(0)?, row.get(1)?, origin, times))
        })?;
        let listed = rows.map(|row| {
            let (id, person, origin, [started_at, last_seen_at, expires_at]) = row?;
            Ok(WebSession {
                id,
                person,
                origin,
                started_at: from_ms(started_at)?,
                last_seen_at: from_ms(last_seen_at)?,
                expires_at: from_ms(expires_at)?,
            })
        });
        listed.collect()
    }

    /// Ends the session of this id, of one person or of anybody. False when there is none.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be written.
    pub fn end_session_by_id(&self, person: Option<&str>, id: &str) -> Result<bool, StoreError> {
        let ended = self.sql().execute(
            "DELETE FROM web_session WHERE substr(lower(hex(hash)), 1, 12) = ?1 AND (?2 IS NULL OR person = ?2)",
            params![id, person],
        )?;
        Ok(ended > 0)
    }

    /// Ends the sessions of a person, except for one where one is named. Gives how many there were.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be written.
    pub fn end_sessions(&self, person: &str, keep: Option<&TokenHash>) -> Result<usize, StoreError> {
        Ok(self.sql().execute(
            "DELETE FROM web_session WHERE person = ?1 AND hash IS NOT ?2",
            params![person, keep.map(TokenHash::as_bytes)],
        )?)
    }
}

pub(super) fn start_session(
    sql: &Transaction<'_>,
    token: &TokenHash,
    person: &str,
    origin: &Origin,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    sql.execute(
        "DELETE FROM web_session WHERE expires_at <= ?1 OR last_seen_at <= ?2",
        params![to_ms(now), to_ms(now - span(WEB_SESSION_IDLE_MAX))],
    )?;
    let started = sql.execute(
        "INSERT INTO web_session (hash, person, created_at, last_seen_at, expires_at, address, agent)
         SELECT ?1, name, ?3, ?3, ?4, ?5, ?6 FROM person WHERE name = ?2",
        params![
            token.as_bytes(),
            person,
            to_ms(now),
            to_ms(now + span(WEB_SESSION_LIFE_MAX)),
            origin.address,
            origin.agent
        ],
    )?;
    sql.execute(
        "DELETE FROM web_session WHERE person = ?1 AND hash NOT IN
           (SELECT hash FROM web_session WHERE person = ?1 ORDER BY last_seen_at DESC, created_at DESC, hash = ?3 DESC LIMIT ?2)",
        params![person, WEB_SESSIONS_PER_PERSON_MAX, token.as_bytes()],
    )?;
    Ok(started == 1)
}

#[cfg(test)]
mod tests {
    use super::super::people::tests::{ann, start, tokens, with_ann};
    use super::*;

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
        store.start_session(&fresh, "ann", &Origin::default(), start()).expect("started");
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
            assert!(
                store
                    .start_session(token, "Ann", &Origin::default(), start() + TimeDelta::minutes(minute))
                    .expect("started")
            );
        }
        let open = |token: &TokenHash| store.session(token, start() + TimeDelta::hours(1)).expect("read").is_some();
        assert_eq!(more.iter().filter(|token| open(token)).count(), 20);
        assert!(open(&more[24]) && !open(&session));
        store.end_session(&more[24]).expect("ended");
        assert!(!open(&more[24]));
        assert!(!store.start_session(&session, "Nobody", &Origin::default(), start()).expect("nobody"));
    }

    #[test]
    fn the_newest_session_survives_even_when_the_clock_stands_still() {
        let [session] = tokens();
        let store = with_ann(&session);
        let more: [TokenHash; 60] = tokens();
        for token in &more[1..] {
            store.start_session(token, "Ann", &Origin::default(), start()).expect("started");
            assert_eq!(store.session(token, start()).expect("read"), ann());
        }
    }

    #[test]
    fn sessions_are_listed_and_ended_by_their_short_name() {
        let [session, other] = tokens();
        let store = with_ann(&session);
        let origin = Origin { address: "192.0.2.7".to_owned(), agent: "Firefox".to_owned() };
        let later = start() + TimeDelta::minutes(1);
        store.start_session(&other, "Ann", &origin, later).expect("started");
        let listed = store.web_sessions(Some("ann"), later).expect("listed");
        assert_eq!(listed.len(), 2);
        assert_eq!((&listed[0].origin, listed[0].person.as_str()), (&origin, "Ann"));
        assert_eq!(store.web_sessions(Some("bob"), later).expect("listed"), []);
        assert_eq!(store.web_sessions(None, start() + span(WEB_SESSION_IDLE_MAX)).expect("listed").len(), 1);
        assert!(!store.end_session_by_id(Some("bob"), &listed[0].id).expect("not his"));
        assert!(store.end_session_by_id(Some("Ann"), &listed[0].id).expect("ended"));
        assert_eq!(store.session(&other, later).expect("read"), None);
        assert_eq!(store.end_sessions("ann", Some(&session)).expect("none left"), 0);
        assert_eq!(store.end_sessions("ann", None).expect("ended"), 1);
        assert_eq!(store.session(&session, later).expect("read"), None);
    }
}
