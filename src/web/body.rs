//! Reading the body of a SOAP call: bounded in bytes, in time, and in how many are held at once.
//!
//! The extractors of the framework cut a connection when a body is too large; the connector then shows "the underlying
//! connection was closed", which helps nobody. So a body above the limit is read on and thrown away, bounded again, until
//! the client is ready to read our fault.
//!
//! **Invariant:** at most [`limits::LARGE_BODIES_MAX`] bodies above [`limits::SMALL_BODY_BYTES_MAX`] are in memory at any time; the
//! permit lives as long as the bytes do.

use super::limits;
use actix_web::web::{Bytes, Payload};
use futures_util::StreamExt;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

/// Why there is no body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum BodyError {
    /// Longer than allowed.
    #[error("The message is larger than the {limit} bytes that are accepted.")]
    TooLarge {
        /// Most bytes accepted.
        limit: usize,
    },
    /// Too many large ones at once.
    #[error("Counterfoil is working on several large messages. Try again in a minute.")]
    Busy,
    /// The client stopped sending, or sends too slowly.
    #[error("The message did not arrive completely in time.")]
    Slow,
    /// The connection failed, or the framing of the body is broken.
    #[error("The message did not arrive completely.")]
    Broken,
}

/// A complete body, and the permit that a large one needs.
pub(super) struct Body {
    bytes: Vec<u8>,
    _permit: Option<OwnedSemaphorePermit>,
}

impl Body {
    /// The bytes.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// Reads the whole body, of at most `limit` bytes. `announced` is its Content-Length, where there is one.
///
/// # Errors
/// [`BodyError`]. After [`BodyError::TooLarge`] the rest has been thrown away as far as the bounds for that go; after every
/// other error the connection must be closed.
pub(super) async fn read(
    payload: &mut Payload,
    announced: Option<u64>,
    limit: usize,
    large: &Arc<Semaphore>,
) -> Result<Body, BodyError> {
    let expected = announced.map_or(Ok(0), usize::try_from).unwrap_or(usize::MAX);
    if expected > limit {
        discard(payload).await;
        return Err(BodyError::TooLarge { limit });
    }
    let began = Instant::now();
    let mut permit = None;
    if expected > limits::SMALL_BODY_BYTES_MAX {
        permit = Some(take_turn(large).await?);
    }
    let mut bytes = Vec::with_capacity(expected);
    while let Some(chunk) = next(payload, patience(began, bytes.len())).await? {
        let total = bytes.len() + chunk.len();
        if total > limit {
            drop((bytes, permit));
            discard(payload).await;
            return Err(BodyError::TooLarge { limit });
        }
        if total > limits::SMALL_BODY_BYTES_MAX && permit.is_none() {
            permit = Some(take_turn(large).await?);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(Body { bytes, _permit: permit })
}

async fn take_turn(large: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit, BodyError> {
    match timeout(limits::LARGE_BODY_WAIT_MAX, Arc::clone(large).acquire_owned()).await {
        Ok(Ok(permit)) => Ok(permit),
        _ => Err(BodyError::Busy),
    }
}

/// The next chunk, none at the end.
async fn next(payload: &mut Payload, patience: Duration) -> Result<Option<Bytes>, BodyError> {
    match timeout(patience, payload.next()).await {
        Ok(Some(Ok(chunk))) => Ok(Some(chunk)),
        Ok(Some(Err(_))) => Err(BodyError::Broken),
        Ok(None) => Ok(None),
        Err(_) => Err(BodyError::Slow),
    }
}

/// How long the next chunk may take: never longer than a silence may last, and after the grace only as long as the slowest
/// line would need for what has arrived.
fn patience(began: Instant, received: usize) -> Duration {
    let earned = Duration::from_secs(received as u64 / limits::BODY_BYTES_PER_SECOND_MIN);
    (limits::BODY_GRACE + earned).saturating_sub(began.elapsed()).min(limits::BODY_IDLE_MAX)
}

/// Reads and forgets, within bounds.
async fn discard(payload: &mut Payload) {
    let forget = async {
        let mut left = limits::DISCARD_BYTES_MAX;
        while let Some(Ok(chunk)) = payload.next().await {
            left = left.saturating_sub(chunk.len() as u64);
            if left == 0 {
                break;
            }
        }
    };
    // Running out of time or bytes is no different from reaching the end: the answer is sent now.
    let _ = timeout(limits::DISCARD_TIME_MAX, forget).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_line_is_waited_for_and_a_trickle_is_not() {
        let now = Instant::now();
        assert!(patience(now, 0) > Duration::from_secs(29));
        let Some(long_ago) = now.checked_sub(Duration::from_secs(120)) else { return };
        assert_eq!(patience(long_ago, 100_000), Duration::ZERO);
        assert!(patience(long_ago, 10 * 1024 * 1024) > Duration::from_secs(29));
    }
}
