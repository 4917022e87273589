//! The clocks of a world: one true time, and how far each machine's clock is off.

use crate::billcom::{BoxFuture, Now};
use crate::sim::connector;
use chrono::{DateTime, TimeDelta, Utc};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

/// The true time, and the errors of two clocks. Bill.com's error is a rule of its simulator.
#[derive(Debug)]
pub(super) struct Clocks {
    now_ms: AtomicI64,
    server_error_ms: AtomicI64,
    quickbooks_error_ms: AtomicI64,
}

impl Clocks {
    pub(super) fn starting(at: DateTime<Utc>) -> Arc<Self> {
        Arc::new(Self {
            now_ms: AtomicI64::new(at.timestamp_millis()),
            server_error_ms: AtomicI64::new(0),
            quickbooks_error_ms: AtomicI64::new(0),
        })
    }

    /// The true time.
    pub(super) fn now(&self) -> DateTime<Utc> {
        self.at(0)
    }

    /// What the QuickBooks machine takes for the time.
    pub(super) fn on_quickbooks(&self) -> DateTime<Utc> {
        self.at(self.quickbooks_error_ms.load(Ordering::Relaxed))
    }

    /// What the server takes for the time.
    pub(super) fn on_server(&self) -> DateTime<Utc> {
        self.at(self.server_error_ms.load(Ordering::Relaxed))
    }

    fn at(&self, error_ms: i64) -> DateTime<Utc> {
        let ms = self.now_ms.load(Ordering::Relaxed) + error_ms;
        DateTime::from_timestamp_millis(ms).expect("invariant: a world lasts months, not millennia")
    }

    pub(super) fn advance(&self, by: TimeDelta) {
        self.now_ms.fetch_add(by.num_milliseconds(), Ordering::Relaxed);
    }

    /// Goes on to an instant, unless it is past already.
    pub(super) fn advance_to(&self, instant: DateTime<Utc>) {
        self.now_ms.fetch_max(instant.timestamp_millis(), Ordering::Relaxed);
    }

    pub(super) fn set_server_error(&self, error: TimeDelta) {
        self.server_error_ms.store(error.num_milliseconds(), Ordering::Relaxed);
    }

    pub(super) fn set_quickbooks_error(&self, error: TimeDelta) {
        self.quickbooks_error_ms.store(error.num_milliseconds(), Ordering::Relaxed);
    }
}

/// The server's clock. Waiting on it moves the true time.
#[derive(Clone, Debug)]
pub(super) struct ServerClock(pub(super) Arc<Clocks>);

/// Bill.com's clock.
#[derive(Clone, Debug)]
pub(super) struct TrueClock(pub(super) Arc<Clocks>);

/// The clock of the QuickBooks machine.
#[derive(Clone, Debug)]
pub(super) struct OfficeClock(pub(super) Arc<Clocks>);

fn wait(clocks: &Clocks, duration: Duration) -> BoxFuture<'_, ()> {
    clocks.advance(TimeDelta::from_std(duration).unwrap_or(TimeDelta::zero()));
    Box::pin(std::future::ready(()))
}

impl Now for ServerClock {
    fn now(&self) -> DateTime<Utc> {
        self.0.on_server()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        wait(&self.0, duration)
    }
}

impl Now for TrueClock {
    fn now(&self) -> DateTime<Utc> {
        self.0.now()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        wait(&self.0, duration)
    }
}

impl connector::Clock for OfficeClock {
    fn now(&self) -> DateTime<Utc> {
        self.0.on_quickbooks()
    }

    async fn pause(&self, duration: Duration) {
        wait(&self.0, duration).await;
    }
}
