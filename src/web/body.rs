//! Reading the body of a SOAP call: bounded in bytes, in time, and in how many are under way at once.
//!
//! A small body is read whole, and only then given a thread: nearly all calls are small, and a thread that works never waits
//! for a line. A large one is an answer of QuickBooks, which is worked on while it arrives: [`begin`] says which it is,
//! [`pipe`] and [`pump`] carry the chunks from the connection to the thread, a few at a time. The thread waits for the line
//! then, which is why so few may; it holds no lock while it does.
//!
//! The end of a body is said, not inferred: a reader whose sender has gone away without a word fails, so that a call that was
//! cut short can never be taken for a whole one.
//!
//! The extractors of the framework cut a connection when a body is too large; the connector then shows "the underlying
//! connection was closed", which helps nobody. So a body above the limit is read on and thrown away, bounded again, until
//! the client is ready to read our fault.
//!
//! **Invariant:** at most [`limits::LARGE_BODIES_MAX`] bodies above [`limits::SMALL_BODY_BYTES_MAX`] are under way at any time,
//! and of each at most [`limits::BODY_CHUNKS_MAX`] chunks are in memory.

use super::limits;
use actix_web::web::{Bytes, Payload};
use futures_util::StreamExt;
use std::io::{self, BufRead, Read};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
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

/// What has arrived of a body when it is known which sort it is.
pub(super) enum Begun {
    /// All of it.
    Whole(Vec<u8>),
    /// The beginning of a large one. The permit is to be held as long as the body is worked on.
    Large(Line, OwnedSemaphorePermit),
}

/// A body that is still arriving.
pub(super) struct Line {
    payload: Payload,
    limit: usize,
    start: Vec<u8>,
    received: usize,
    began: Instant,
}

impl Line {
    /// The first bytes.
    pub(super) fn start(&self) -> &[u8] {
        &self.start
    }

    /// The next chunk, none at the end.
    async fn next(&mut self) -> Result<Option<Bytes>, BodyError> {
        match timeout(patience(self.began, self.received), self.payload.next()).await {
            Ok(Some(Ok(chunk))) => {
                self.received += chunk.len();
                if self.received > self.limit {
                    discard(&mut self.payload).await;
                    return Err(BodyError::TooLarge { limit: self.limit });
                }
                Ok(Some(chunk))
            }
            Ok(Some(Err(_))) => Err(BodyError::Broken),
            Ok(None) => Ok(None),
            Err(_) => Err(BodyError::Slow),
        }
    }
}

/// Reads a body of at most `limit` bytes to its end, or until it turns out to be a large one. `announced` is its
/// Content-Length, where there is one.
///
/// # Errors
/// [`BodyError`]. After [`BodyError::TooLarge`] the rest has been thrown away as far as the bounds for that go; after every
/// other error the connection must be closed.
pub(super) async fn begin(
    mut payload: Payload,
    announced: Option<u64>,
    limit: usize,
    large: &Arc<Semaphore>,
) -> Result<Begun, BodyError> {
    let expected = announced.map_or(Ok(0), usize::try_from).unwrap_or(usize::MAX);
    if expected > limit {
        discard(&mut payload).await;
        return Err(BodyError::TooLarge { limit });
    }
    let is_large = expected > limits::SMALL_BODY_BYTES_MAX;
    let mut permit = if is_large { Some(take_turn(large).await?) } else { None };
    let start = Vec::with_capacity(if is_large { 0 } else { expected });
    let mut line = Line { payload, limit, start, received: 0, began: Instant::now() };
    while let Some(chunk) = line.next().await? {
        line.start.extend_from_slice(&chunk);
        if permit.is_none() && line.received > limits::SMALL_BODY_BYTES_MAX {
            permit = Some(take_turn(large).await?);
        }
        if let Some(permit) = permit.take() {
            return Ok(Begun::Large(line, permit));
        }
    }
    Ok(Begun::Whole(line.start))
}

/// What is sent through a pipe.
enum Piece {
    Chunk(Bytes),
    /// The body is whole.
    End,
}

/// The end of a pipe that [`pump`] fills.
pub(super) struct PipeSender(mpsc::Sender<Piece>);

/// The end of a pipe that a blocking thread reads. Fails when the body does not come to its end.
pub(super) struct PipeReader {
    pieces: mpsc::Receiver<Piece>,
    chunk: Bytes,
    ended: bool,
}

/// A pipe from a connection to a blocking thread.
pub(super) fn pipe() -> (PipeSender, PipeReader) {
    let (sender, pieces) = mpsc::channel(limits::BODY_CHUNKS_MAX);
    (PipeSender(sender), PipeReader { pieces, chunk: Bytes::new(), ended: false })
}

/// Sends a large body through a pipe. When the reader has gone, because it has seen enough, the rest is read for nobody.
///
/// # Errors
/// As [`begin`]; the reader fails then too.
pub(super) async fn pump(mut line: Line, sender: PipeSender) -> Result<(), BodyError> {
    let mut sender = Some(sender.0);
    let mut piece = Some(Piece::Chunk(std::mem::take(&mut line.start).into()));
    while let Some(next) = piece {
        let waiting = Instant::now();
        if let Some(open) = &sender
            && open.send(next).await.is_err()
        {
            sender = None;
        }
        // The time that our own thread takes is not the line's.
        line.began += waiting.elapsed();
        piece = line.next().await?.map(Piece::Chunk);
    }
    if let Some(open) = sender {
        // A reader that has gone needs no end.
        let _ = open.send(Piece::End).await;
    }
    Ok(())
}

impl BufRead for PipeReader {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.chunk.is_empty() && !self.ended {
            match self.pieces.blocking_recv() {
                Some(Piece::Chunk(chunk)) => self.chunk = chunk,
                Some(Piece::End) => self.ended = true,
                None => return Err(io::ErrorKind::BrokenPipe.into()),
            }
        }
        Ok(&self.chunk)
    }

    fn consume(&mut self, amount: usize) {
        let _ = self.chunk.split_to(amount);
    }
}

impl Read for PipeReader {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let count = available.len().min(out.len());
        out[..count].copy_from_slice(&available[..count]);
        self.consume(count);
        Ok(count)
    }
}

async fn take_turn(large: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit, BodyError> {
    match timeout(limits::LARGE_BODY_WAIT_MAX, Arc::clone(large).acquire_owned()).await {
        Ok(Ok(permit)) => Ok(permit),
        _ => Err(BodyError::Busy),
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

    #[actix_web::test]
    async fn a_pipe_that_ends_without_a_word_fails() {
        for whole in [true, false] {
            let (sender, mut reader) = pipe();
            let read = actix_web::web::block(move || {
                let mut text = String::new();
                reader.read_to_string(&mut text).map(|_| text)
            });
            for chunk in ["a", "", "bc"] {
                let sent = sender.0.send(Piece::Chunk(Bytes::from_static(chunk.as_bytes()))).await;
                assert!(sent.is_ok());
            }
            if whole {
                assert!(sender.0.send(Piece::End).await.is_ok());
            }
            drop(sender);
            let read = read.await.expect("no panic");
            match whole {
                true => assert_eq!(read.expect("whole"), "abc"),
                false => assert_eq!(read.expect_err("cut short").kind(), io::ErrorKind::BrokenPipe),
            }
        }
    }
}
