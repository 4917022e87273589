//! The time, as far as the client needs it.

use super::BoxFuture;
use chrono::{DateTime, Utc};
use std::time::Duration;

/// The time and the passing of it, so that hourly limits, session clocks and back-off run on a clock that tests own.
pub trait Now: Send + Sync {
    /// The current instant.
    fn now(&self) -> DateTime<Utc>;

    /// Waits; on a simulated clock this may return at once after moving the clock on.
    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()>;
}

/// The computer's own clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemNow;

impl Now for SystemNow {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}
