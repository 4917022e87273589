//! What systemd is told: that the server is ready, that it is alive, that it ends.
//!
//! Alive means that the runtime takes up work and that a blocking thread is free for it: what every call of the Web Connector needs. A
//! full disk is no reason to be killed; it is told by `/readyz` and in the log, and goes away without a restart.

use sd_notify::NotifyState;
use std::time::Duration;

/// Tells that the server is ready, and from then on that it is alive, until this future is dropped. Where there is no systemd, it
/// only waits.
pub(super) async fn tell() {
    say(&[NotifyState::Ready]);
    let Some(limit) = sd_notify::watchdog_enabled().filter(|limit| !limit.is_zero()) else {
        return std::future::pending().await;
    };
    let mut ticks = tokio::time::interval((limit / 3).max(Duration::from_millis(100)));
    loop {
        ticks.tick().await;
        if tokio::task::spawn_blocking(|| ()).await.is_ok() {
            say(&[NotifyState::Watchdog]);
        }
    }
}

/// Tells that the server was asked to end.
pub(super) fn tell_of_the_end() {
    say(&[NotifyState::Stopping]);
}

fn say(what: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(what) {
        tracing::warn!(%error, "systemd cannot be told how the server is");
    }
}
