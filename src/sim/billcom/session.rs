//! Credentials and sessions.

use super::random::Random;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeMap;
use std::fmt;

/// Who signs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInKind {
    /// A person: 35 idle minutes.
    User,
    /// A sync token: 48 idle hours, fewer rights.
    SyncToken,
}

/// A name and a secret that sign in.
#[derive(Clone)]
pub struct Credential {
    /// E-mail address, or name of the token.
    pub name: String,
    /// Password, or value of the token.
    pub secret: String,
    /// Who signs in.
    pub kind: SignInKind,
    /// Whether sessions count as trusted by multi-factor sign-in.
    pub trusted: bool,
    pub(crate) user_id: String,
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential").field("name", &self.name).field("kind", &self.kind).finish_non_exhaustive()
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Session {
    pub(crate) kind: SignInKind,
    pub(crate) trusted: bool,
    pub(crate) user_id: String,
    last_used: DateTime<Utc>,
}

/// The live sessions.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sessions(BTreeMap<String, Session>);

impl Sessions {
    pub(crate) fn open(&mut self, credential: &Credential, now: DateTime<Utc>, random: &mut Random) -> String {
        let id = random.text(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", 40);
        let (kind, trusted, user_id) = (credential.kind, credential.trusted, credential.user_id.clone());
        self.0.insert(id.clone(), Session { kind, trusted, user_id, last_used: now });
        id
    }

    /// The session, whose idle clock starts again; nothing when it is unknown or was idle for too long.
    pub(crate) fn touch(&mut self, id: &str, now: DateTime<Utc>) -> Option<Session> {
        let session = self.0.get_mut(id)?;
        let idle_max = match session.kind {
            SignInKind::User => TimeDelta::minutes(35),
            SignInKind::SyncToken => TimeDelta::hours(48),
        };
        if now - session.last_used >= idle_max {
            self.0.remove(id);
            return None;
        }
        session.last_used = session.last_used.max(now);
        Some(session.clone())
    }

    pub(crate) fn close(&mut self, id: &str) {
        self.0.remove(id);
    }

    pub(crate) fn kill_all(&mut self) {
        self.0.clear();
    }
}
