//! `/events`: server-sent events that say "something changed" and nothing else. The page then fetches its own fragment, with
//! its own session, so that a stream can neither show too much nor go stale.
//!
//! Notices are spaced: the first sync of a company changes something many times a second, a person reads once a second.
//! A stream ends by itself after a while; the browser opens the next one, and its session is looked at again.

use super::error::PageError;
use super::limits;
use super::respond;
use super::session::Session;
use super::site::Site;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::web::Bytes;
use actix_web::{HttpResponse, web};
use std::convert::Infallible;
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, watch};
use tokio::time::{Instant, sleep_until};

/// One open stream.
struct Feed {
    changes: watch::Receiver<u64>,
    stop: watch::Receiver<bool>,
    greeted: bool,
    quiet_until: Instant,
    ends: Instant,
    _turnstile: OwnedSemaphorePermit,
}

/// `GET /events`.
pub(super) async fn events(_session: Session, site: web::Data<Site>) -> Result<HttpResponse, PageError> {
    let Ok(turnstile) = Arc::clone(site.streams()).try_acquire_owned() else {
        return Ok(respond::text(StatusCode::SERVICE_UNAVAILABLE, "Too many pages are open. Reload by hand.\n"));
    };
    let now = Instant::now();
    let mut changes = site.engine().watch();
    changes.mark_unchanged();
    let feed = Feed {
        changes,
        stop: site.stop(),
        greeted: false,
        quiet_until: now,
        ends: now + limits::STREAM_LIFE_MAX,
        _turnstile: turnstile,
    };
    let stream = futures_util::stream::unfold(feed, |feed| async move {
        let (notice, feed) = feed.next().await?;
        Some((Ok::<_, Infallible>(notice), feed))
    });
    Ok(respond::guarded(StatusCode::OK)
        .insert_header((header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream")))
        .insert_header(("x-accel-buffering", "no"))
        .streaming(stream))
}

impl Feed {
    /// The next piece of the stream; none when it is over.
    async fn next(mut self) -> Option<(Bytes, Self)> {
        if !self.greeted {
            self.greeted = true;
            return Some((Bytes::from_static(b"retry: 3000\n\n"), self));
        }
        if *self.stop.borrow() {
            return None;
        }
        let heartbeat = Instant::now() + limits::STREAM_HEARTBEAT;
        let quiet_until = self.quiet_until;
        let changed = async {
            sleep_until(quiet_until).await;
            self.changes.changed().await
        };
        tokio::select! {
            changed = changed => changed.ok()?,
            _ = self.stop.changed() => return None,
            () = sleep_until(self.ends) => return None,
            () = sleep_until(heartbeat) => return Some((Bytes::from_static(b": still here\n\n"), self)),
        }
        let count = *self.changes.borrow_and_update();
        self.quiet_until = Instant::now() + limits::NOTICE_SPACING;
        Some((Bytes::from(format!("event: changed\ndata: {count}\n\n")), self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::sync::Semaphore;

    fn feed(changes: &watch::Sender<u64>, stop: &watch::Sender<bool>) -> Feed {
        let turnstile = Arc::new(Semaphore::new(1)).try_acquire_owned().expect("a free permit");
        let now = Instant::now();
        Feed {
            changes: changes.subscribe(),
            stop: stop.subscribe(),
            greeted: true,
            quiet_until: now,
            ends: now + limits::STREAM_LIFE_MAX,
            _turnstile: turnstile,
        }
    }

    #[actix_web::test]
    async fn a_burst_is_one_notice_and_a_stop_ends_the_stream() {
        let (changes, stop) = (watch::Sender::new(0), watch::Sender::new(false));
        let feed = feed(&changes, &stop);
        changes.send_replace(1);
        changes.send_replace(7);
        let (notice, feed) = feed.next().await.expect("a notice");
        assert_eq!(notice, "event: changed\ndata: 7\n\n");
        assert!(feed.quiet_until > Instant::now());
        stop.send_replace(true);
        assert!(feed.next().await.is_none());
    }

    #[actix_web::test]
    async fn a_stop_while_waiting_ends_the_stream() {
        let (changes, stop) = (watch::Sender::new(0), watch::Sender::new(false));
        let feed = feed(&changes, &stop);
        let (ended, ()) = tokio::join!(feed.next(), async {
            stop.send_replace(true);
        });
        assert!(ended.is_none());
    }
}
