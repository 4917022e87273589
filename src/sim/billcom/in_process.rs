//! A line to an organisation in the same process.

use super::usage::InProgress;
use super::{HttpReply, Organization};
use crate::billcom::{BoxFuture, Form, Now, Wire, WireError, WireReply, limits};
use reqwest::Url;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// An organisation that a server, a client and the people in it share.
pub type SharedOrganization = Arc<Mutex<Organization>>;

/// Locks an organisation. A panic elsewhere does not end the practice.
pub fn lock(organization: &SharedOrganization) -> MutexGuard<'_, Organization> {
    organization.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Carries calls straight to an organisation: the same answers and faults as over HTTP, without a network.
#[derive(Clone)]
pub struct InProcess {
    organization: SharedOrganization,
    clock: Arc<dyn Now>,
}

impl InProcess {
    /// A line to an organisation.
    #[must_use]
    pub fn new(organization: SharedOrganization, clock: Arc<dyn Now>) -> Self {
        Self { organization, clock }
    }

    async fn carry(&self, url: &Url, form: &Form) -> Result<WireReply, WireError> {
        let (usage, id, latency, offline) = {
            let organization = lock(&self.organization);
            (organization.usage(), organization.id().to_owned(), organization.rules.latency, organization.offline)
        };
        if offline {
            return Err(WireError::Connect("the simulated organisation is offline".into()));
        }
        let progress = InProgress::begin(&usage, &id);
        if !latency.is_zero() {
            self.clock.sleep(latency).await;
        }
        let fields: Vec<(String, String)> =
            form.fields().iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let now = self.clock.now();
        let reply = lock(&self.organization).handle_unless_crowded(now, url.path(), &fields, progress.allowed);
        self.deliver(reply).await
    }

    async fn deliver(&self, reply: HttpReply) -> Result<WireReply, WireError> {
        if !reply.delay.is_zero() {
            self.clock.sleep(reply.delay.min(limits::CALL_TIMEOUT)).await;
        }
        if reply.delay >= limits::READ_TIMEOUT {
            return Err(WireError::Timeout);
        }
        if reply.cut {
            return Err(WireError::Sent("the simulated connection was cut".into()));
        }
        if reply.body.len() > limits::REPLY_BYTES_MAX {
            return Err(WireError::TooLarge);
        }
        Ok(WireReply { status: reply.status, body: reply.body })
    }
}

impl Wire for InProcess {
    fn post<'a>(&'a self, url: &'a Url, form: &'a Form) -> BoxFuture<'a, Result<WireReply, WireError>> {
        Box::pin(self.carry(url, form))
    }
}
