//! The client: sign-in, limits, one replay, and no guessing.
//!
//! A call takes its turn in the organisation's lane, takes a session (signing in if there is none), is counted, and is
//! sent as a form. Three answers are dealt with here, because they say for certain that the call was not carried out:
//! a dead session (sign in once, send once more), too many calls at once (wait, send again, a few times), and an hour
//! that is used up (no call leaves before the next one). Everything else goes back to the caller as it is.

use super::{
    Access, BillComError, Budget, ConfigError, Form, HttpConfig, HttpWire, NetworkKind, Now, Wire, WireError,
    budget::Purpose,
    limits, reply,
    session::{Session, Slot},
};
use crate::model::Raw;
use chrono::{DateTime, Utc};
use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, Semaphore};

/// Bill.com's v2 API for one organisation.
pub struct HttpClient {
    config: HttpConfig,
    base: Url,
    wire: Box<dyn Wire>,
    budget: Arc<Budget>,
    lane: Arc<Semaphore>,
    clock: Arc<dyn Now>,
    slot: Mutex<Slot>,
}

impl fmt::Debug for HttpClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpClient").field("config", &self.config).finish_non_exhaustive()
    }
}

impl HttpClient {
    /// A client over the network. All clients with the same developer key share one budget.
    ///
    /// # Errors
    /// [`ConfigError`] when no call could be made like this.
    pub fn new(config: HttpConfig, budget: Arc<Budget>, clock: Arc<dyn Now>) -> Result<Self, ConfigError> {
        let wire = HttpWire::towards(&config.base()?)?;
        Self::over(Box::new(wire), config, budget, clock)
    }

    /// A client over any line, such as a simulated organisation in this process.
    ///
    /// # Errors
    /// [`ConfigError`] when no call could be made like this.
    pub fn over(
        wire: Box<dyn Wire>,
        config: HttpConfig,
        budget: Arc<Budget>,
        clock: Arc<dyn Now>,
    ) -> Result<Self, ConfigError> {
        let base = config.base()?;
        let lane = budget.lane(&config.organization_id);
        Ok(Self { config, base, wire, budget, lane, clock, slot: Mutex::default() })
    }

    /// One call with everything that belongs around it.
    pub(super) async fn call(&self, path: &str, data: Option<Value>) -> Result<Value, BillComError> {
        let _turn = self.turn().await;
        let session = self.session(None).await?;
        self.call_with(session, path, data.as_ref()).await
    }

    /// The shared budget.
    pub(super) fn budget(&self) -> &Budget {
        &self.budget
    }

    /// The time.
    pub(super) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    async fn turn(&self) -> tokio::sync::SemaphorePermit<'_> {
        self.lane.acquire().await.expect("invariant: a lane is never closed")
    }

    /// Sends with a session; a dead one is replaced once, and the call replayed once.
    async fn call_with(&self, session: Arc<Session>, path: &str, data: Option<&Value>) -> Result<Value, BillComError> {
        let first = self.send_patiently(&session, path, data).await;
        if !first.as_ref().is_err_and(|error| session.is_dead_by(error)) {
            return first;
        }
        let fresh = self.session(Some(session.serial)).await?;
        self.send_patiently(&fresh, path, data).await.inspect_err(|error| fresh.learn(error))
    }

    /// Sends, and waits and sends again when Bill.com says that too many calls run at once.
    async fn send_patiently(&self, session: &Session, path: &str, data: Option<&Value>) -> Result<Value, BillComError> {
        for repeat in 0..limits::CROWDED_REPEATS_MAX {
            match self.send(session, path, data).await {
                Err(BillComError::TooManyAtOnce) => {
                    self.clock.sleep(self.budget.spread(Duration::from_secs(1 << repeat))).await;
                }
                other => return other,
            }
        }
        self.send(session, path, data).await
    }

    async fn send(&self, session: &Session, path: &str, data: Option<&Value>) -> Result<Value, BillComError> {
        let purpose = if path.starts_with("List/") { Purpose::Reading } else { Purpose::Other };
        self.budget.take_call(self.clock.now(), purpose)?;
        let mut fields = vec![
            ("devKey", self.config.developer_key.expose_secret().to_owned()),
            ("sessionId", session.id.expose_secret().to_owned()),
        ];
        fields.extend(data.map(|data| ("data", data.to_string())));
        let answer = self.post(&session.endpoint, path, Form::new(fields)).await;
        if matches!(answer, Err(BillComError::RateLimited { .. })) {
            self.budget.calls_spent(self.clock.now());
        }
        if answer.is_ok() {
            session.used(self.clock.now());
        }
        answer.map_err(|error| self.without_secrets(error, Some(session)))
    }

    async fn post(&self, endpoint: &Url, path: &str, form: Form) -> Result<Value, BillComError> {
        let url = join(endpoint, path);
        let answer = self.wire.post(&url, &form).await.map_err(network);
        let answer = answer.and_then(|answer| reply::decode(&answer, self.clock.now()));
        self.budget.answered(&answer);
        answer
    }

    /// A live session that is newer than the one found dead. Callers queue here while one of them signs in.
    async fn session(&self, dead: Option<u64>) -> Result<Arc<Session>, BillComError> {
        let mut slot = self.slot.lock().await;
        if let Some(session) = slot.live(dead, self.config.kind, self.clock.now()) {
            return Ok(session);
        }
        slot.paused(self.clock.now())?;
        self.sign_in(&mut slot).await
    }

    async fn sign_in(&self, slot: &mut Slot) -> Result<Arc<Session>, BillComError> {
        let outcome = self.login().await;
        let now = self.clock.now();
        match outcome {
            Ok((id, endpoint)) => Ok(slot.keep(id, endpoint, now)),
            Err(error) => {
                slot.failed(&error, now);
                Err(before_the_call(error))
            }
        }
    }

    async fn login(&self) -> Result<(SecretString, Url), BillComError> {
        self.budget.take_login(self.clock.now())?;
        let config = &self.config;
        let fields = vec![
            ("userName", config.user_name.clone()),
            ("password", config.password.expose_secret().to_owned()),
            ("orgId", config.organization_id.clone()),
            ("devKey", config.developer_key.expose_secret().to_owned()),
        ];
        let answer = self.post(&self.base, "Login.json", Form::new(fields)).await;
        if matches!(answer, Err(BillComError::RateLimited { .. })) {
            self.budget.logins_spent(self.clock.now());
        }
        let data = answer.map_err(|error| self.without_secrets(error, None))?;
        let text = |field: &str| data.get(field).and_then(Value::as_str).filter(|text| !text.is_empty());
        if text("orgId").is_some_and(|id| id != config.organization_id) {
            return Err(BillComError::OtherOrganization);
        }
        let id = text("sessionId").ok_or(BillComError::Shape { wanted: "a login with sessionId" })?;
        Ok((id.into(), endpoint(&self.base, text("apiEndPoint"))))
    }

    /// Bill.com's words may quote what we sent: whatever is secret is blotted out.
    pub(super) fn without_secrets(&self, error: BillComError, session: Option<&Session>) -> BillComError {
        let blot = |message: String| {
            let secrets =
                [Some(&self.config.password), Some(&self.config.developer_key), session.map(|session| &session.id)];
            secrets.into_iter().flatten().fold(message, |text, secret| text.replace(secret.expose_secret(), "[hidden]"))
        };
        match error {
            BillComError::Refused { code, message } => BillComError::Refused { code, message: blot(message) },
            BillComError::Internal { code, message } => BillComError::Internal { code, message: blot(message) },
            other => other,
        }
    }

    /// Signs in and looks around.
    pub(super) async fn access(&self) -> Result<Access, BillComError> {
        let _turn = self.turn().await;
        let session = {
            let mut slot = self.slot.lock().await;
            self.sign_in(&mut slot).await?
        };
        let info = reply::record(self.call_with(session.clone(), "GetSessionInfo.json", None).await?)?;
        let wanted = BillComError::Shape { wanted: "a session with organizationId" };
        let organization_id = info.text("organizationId").ok_or(wanted)?;
        if organization_id != self.config.organization_id {
            return Err(BillComError::OtherOrganization);
        }
        let data = json!({ "id": organization_id });
        let organization = match self.call_with(session, "Crud/Read/Organization.json", Some(&data)).await {
            Ok(data) => reply::record(data)?,
            // A sync token may lack this right; its table of permissions is not published in full (`billcom.md` 8, 1).
            Err(BillComError::Refused { .. } | BillComError::Untrusted) => Raw::default(),
            Err(error) => return Err(error),
        };
        Ok(Access {
            organization_id,
            organization_name: organization.text("name"),
            accounting_software: organization.text("accountingSoftware"),
            user_id: info.text("userId").unwrap_or_default(),
        })
    }
}

/// `base/path`; the base has no slash at its end and the path is one of ours.
fn join(base: &Url, path: &str) -> Url {
    let mut url = base.clone();
    url.set_path(&format!("{}/{path}", base.path().trim_end_matches('/')));
    url
}

/// Where calls go after a login: the reply's `apiEndPoint`, as early documentation asks, if it is on the very server we
/// were configured for. Anything else would let one answer send the developer key and all our writes to another host.
fn endpoint(base: &Url, told: Option<&str>) -> Url {
    let told = told.and_then(|text| Url::parse(text.trim_end_matches('/')).ok());
    let same = told.filter(|url| url.origin() == base.origin() && url.username().is_empty() && url.query().is_none());
    same.unwrap_or_else(|| base.clone())
}

pub(super) fn network(error: WireError) -> BillComError {
    match error {
        WireError::Connect(source) => BillComError::Network { kind: NetworkKind::Connect, source },
        WireError::Sent(source) => BillComError::Network { kind: NetworkKind::Sent, source },
        WireError::ConnectTimeout => BillComError::Timeout { kind: NetworkKind::Connect },
        WireError::Timeout => BillComError::Timeout { kind: NetworkKind::Sent },
        WireError::TooLarge => BillComError::TooLarge,
    }
}

/// What a failed login means for the call that wanted a session: it was never sent.
fn before_the_call(error: BillComError) -> BillComError {
    match error {
        BillComError::Credentials
        | BillComError::DeveloperKey
        | BillComError::NoAccess
        | BillComError::OtherOrganization
        | BillComError::RateLimited { .. }
        | BillComError::TooManyAtOnce => error,
        other => BillComError::SignIn(Box::new(other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).expect("test URL")
    }

    #[test]
    fn the_endpoint_of_a_login_is_followed_on_the_same_server_only() {
        let base = url("https://api.bill.com/api/v2");
        let other_path = endpoint(&base, Some("https://api.bill.com/api/v2x/"));
        assert_eq!(join(&other_path, "List/Bill.json").as_str(), "https://api.bill.com/api/v2x/List/Bill.json");
        for elsewhere in
            ["https://evil.example/api/v2", "http://api.bill.com/api/v2", "https://api.bill.com:8443/", "", "://"]
        {
            assert_eq!(endpoint(&base, Some(elsewhere)), base, "{elsewhere}");
        }
        assert_eq!(endpoint(&base, None), base);
    }

    #[test]
    fn a_bare_base_has_paths_too() {
        assert_eq!(join(&url("http://127.0.0.1:81"), "Login.json").as_str(), "http://127.0.0.1:81/Login.json");
    }
}
