//! The session: one at a time, renewed by one caller while the others wait.
//!
//! There is no refresh call; a dead session means a new login (`billcom.md` 1). Logins are scarce (200 an hour and key),
//! so the session is cached, a refused login is not repeated at once, and an answer that may mean a dead session or
//! something else (`BDC_1361`: not trusted, `BDC_1120`: no data) costs one login per session, not one per call.

use super::{BillComError, CredentialKind, ErrorCode, limits};
use chrono::{DateTime, TimeDelta, Utc};
use reqwest::Url;
use secrecy::SecretString;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

/// A session that Bill.com gave us.
pub(crate) struct Session {
    /// Which one of ours it is; a caller whose call failed asks for one that is newer than this.
    pub(crate) serial: u64,
    /// Goes along with every call.
    pub(crate) id: SecretString,
    /// Where calls go.
    pub(crate) endpoint: Url,
    last_used_ms: AtomicI64,
    untrusted: AtomicBool,
    no_data: AtomicBool,
}

impl Session {
    /// A session born at `now`.
    pub(crate) fn new(serial: u64, id: SecretString, endpoint: Url, now: DateTime<Utc>) -> Self {
        let last_used_ms = AtomicI64::new(now.timestamp_millis());
        let (untrusted, no_data) = (AtomicBool::new(false), AtomicBool::new(false));
        Self { serial, id, endpoint, last_used_ms, untrusted, no_data }
    }

    /// A call went through; every call restarts the idle clock.
    pub(crate) fn used(&self, now: DateTime<Utc>) {
        self.last_used_ms.fetch_max(now.timestamp_millis(), Ordering::Relaxed);
    }

    /// Whether an error says that this session is dead, as far as we know.
    pub(crate) fn is_dead_by(&self, error: &BillComError) -> bool {
        matches!(error, BillComError::SessionExpired)
            || self.doubt(error).is_some_and(|known| !known.load(Ordering::Relaxed))
    }

    /// The error came right after the login, so it says nothing about the life of this session, now or later.
    pub(crate) fn learn(&self, error: &BillComError) {
        if let Some(known) = self.doubt(error) {
            known.store(true, Ordering::Relaxed);
        }
    }

    /// The memory for an error that has two meanings.
    fn doubt(&self, error: &BillComError) -> Option<&AtomicBool> {
        match error {
            BillComError::Untrusted => Some(&self.untrusted),
            BillComError::Refused { code, .. } if code.as_str() == ErrorCode::NO_DATA => Some(&self.no_data),
            _ => None,
        }
    }

    fn is_fresh(&self, kind: CredentialKind, now: DateTime<Utc>) -> bool {
        let idle_ms = now.timestamp_millis() - self.last_used_ms.load(Ordering::Relaxed);
        let life = idle_max(kind).saturating_sub(limits::SESSION_IDLE_MARGIN);
        i128::from(idle_ms) < i128::try_from(life.as_millis()).unwrap_or(i128::MAX)
    }
}

const fn idle_max(kind: CredentialKind) -> Duration {
    match kind {
        CredentialKind::User => limits::USER_SESSION_IDLE_MAX,
        CredentialKind::SyncToken => limits::TOKEN_SESSION_IDLE_MAX,
    }
}

/// Why a login was declined; such a login is not tried again before a pause is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Declined {
    Credentials,
    DeveloperKey,
    NoAccess,
    OtherOrganization,
    Other(ErrorCode),
}

impl Declined {
    fn of(error: &BillComError) -> Option<Self> {
        match error {
            BillComError::Credentials => Some(Self::Credentials),
            BillComError::DeveloperKey => Some(Self::DeveloperKey),
            BillComError::NoAccess => Some(Self::NoAccess),
            BillComError::OtherOrganization => Some(Self::OtherOrganization),
            BillComError::Refused { code, .. } => Some(Self::Other(code.clone())),
            _ => None,
        }
    }

    fn error(&self) -> BillComError {
        match self {
            Self::Credentials => BillComError::Credentials,
            Self::DeveloperKey => BillComError::DeveloperKey,
            Self::NoAccess => BillComError::NoAccess,
            Self::OtherOrganization => BillComError::OtherOrganization,
            Self::Other(code) => {
                let (code, message) = (code.clone(), String::new());
                BillComError::SignIn(Box::new(BillComError::Refused { code, message }))
            }
        }
    }
}

/// The cached session and the memory of declined logins. Whoever holds it is the only one that logs in.
#[derive(Default)]
pub(crate) struct Slot {
    session: Option<Arc<Session>>,
    serial: u64,
    declined: Option<(Declined, DateTime<Utc>)>,
    declined_in_a_row: u32,
}

impl Slot {
    /// The cached session, if it is newer than the one the caller found dead and has not been idle for too long.
    pub(crate) fn live(&self, dead: Option<u64>, kind: CredentialKind, now: DateTime<Utc>) -> Option<Arc<Session>> {
        let session = self.session.as_ref()?;
        let newer = dead.is_none_or(|serial| session.serial > serial);
        (newer && session.is_fresh(kind, now)).then(|| session.clone())
    }

    /// The error of the last login, while it is too early to try again.
    pub(crate) fn paused(&self, now: DateTime<Utc>) -> Result<(), BillComError> {
        match &self.declined {
            Some((declined, until)) if now < *until => Err(declined.error()),
            _ => Ok(()),
        }
    }

    /// Keeps a new session.
    pub(crate) fn keep(&mut self, id: SecretString, endpoint: Url, now: DateTime<Utc>) -> Arc<Session> {
        self.serial += 1;
        self.declined = None;
        self.declined_in_a_row = 0;
        let session = Arc::new(Session::new(self.serial, id, endpoint, now));
        self.session = Some(session.clone());
        session
    }

    /// Remembers that a login failed, and pauses if it was declined.
    pub(crate) fn failed(&mut self, error: &BillComError, now: DateTime<Utc>) {
        self.session = None;
        let Some(declined) = Declined::of(error) else {
            return;
        };
        let pause = pause(self.declined_in_a_row);
        self.declined_in_a_row = self.declined_in_a_row.saturating_add(1);
        self.declined = Some((declined, now + pause));
    }
}

/// 5 s, 10 s, 20 s, … up to a quarter of an hour.
fn pause(declined_in_a_row: u32) -> TimeDelta {
    let pause = limits::LOGIN_PAUSE_FIRST.saturating_mul(2_u32.saturating_pow(declined_in_a_row));
    TimeDelta::from_std(pause.min(limits::LOGIN_PAUSE_MAX)).unwrap_or(TimeDelta::zero())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("test instant")
    }

    fn endpoint() -> Url {
        Url::parse("https://api.bill.com/api/v2").expect("test URL")
    }

    #[test]
    fn an_idle_session_is_not_used_again() {
        let mut slot = Slot::default();
        let born = at("2026-03-01T10:00:00Z");
        let session = slot.keep("s".into(), endpoint(), born);
        assert!(slot.live(None, CredentialKind::User, at("2026-03-01T10:33:59Z")).is_some());
        assert!(slot.live(None, CredentialKind::User, at("2026-03-01T10:34:00Z")).is_none());
        assert!(slot.live(None, CredentialKind::SyncToken, at("2026-03-03T09:00:00Z")).is_some());
        assert!(slot.live(None, CredentialKind::SyncToken, at("2026-03-03T10:00:00Z")).is_none());
        session.used(at("2026-03-01T10:30:00Z"));
        assert!(slot.live(None, CredentialKind::User, at("2026-03-01T10:50:00Z")).is_some(), "use restarts the clock");
    }

    #[test]
    fn whoever_found_a_session_dead_gets_a_newer_one_only() {
        let mut slot = Slot::default();
        let now = at("2026-03-01T10:00:00Z");
        let first = slot.keep("a".into(), endpoint(), now);
        assert!(slot.live(Some(first.serial), CredentialKind::User, now).is_none());
        slot.keep("b".into(), endpoint(), now);
        assert!(slot.live(Some(first.serial), CredentialKind::User, now).is_some());
    }

    #[test]
    fn declined_logins_pause_longer_and_longer() {
        let mut slot = Slot::default();
        let mut now = at("2026-03-01T10:00:00Z");
        let end = now + TimeDelta::hours(1);
        let mut logins = 0;
        while now < end {
            if slot.paused(now).is_ok() {
                logins += 1;
                slot.failed(&BillComError::Credentials, now);
            }
            now += TimeDelta::seconds(1);
        }
        assert!(logins <= 12, "{logins} logins an hour would crowd out other companies");
        assert!(matches!(slot.paused(now), Err(BillComError::Credentials)));
        slot.keep("a".into(), endpoint(), now);
        assert!(slot.paused(now).is_ok());
    }

    #[test]
    fn a_network_failure_pauses_nothing() {
        let mut slot = Slot::default();
        let now = at("2026-03-01T10:00:00Z");
        slot.failed(&BillComError::TooManyAtOnce, now);
        assert!(slot.paused(now).is_ok());
    }
}
