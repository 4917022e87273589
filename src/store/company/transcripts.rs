//! What was said with QuickBooks in the last sessions, for people who want to see it.
//!
//! A transcript is a copy beside the books of what happened, never a part of them: nothing is decided by it, and it is cut and
//! forgotten as its bounds say. Texts come here without secrets and bounded; here they are deflated, which makes XML about ten
//! times smaller.

use super::meta::{instant, ms};
use super::{StoreError, Tx};
use crate::limits::{TRANSCRIPT_TEXT_BYTES_MAX, TRANSCRIPTS_KEPT};
use crate::model::{AttemptId, AttemptPurpose, AttemptState, ConversationId, RequestTag};
use crate::store::row;
use chrono::{DateTime, Utc};
use flate2::read::DeflateDecoder;
use flate2::{Compress, Compression, FlushCompress, Status};
use rusqlite::params;
use std::cell::RefCell;
use std::io::Read;

/// The beginning of a text, and how long all of it was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TranscriptText {
    /// The beginning, or all of it.
    pub text: String,
    /// Bytes of all of it.
    pub bytes: u64,
}

/// One message set and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// Its number.
    pub attempt: AttemptId,
    /// What it was for.
    pub purpose: AttemptPurpose,
    /// What each request was about.
    pub tags: Vec<RequestTag>,
    /// Where it stands.
    pub state: AttemptState,
    /// When it was handed over.
    pub at: DateTime<Utc>,
    /// When the answer was there.
    pub answered_at: Option<DateTime<Utc>>,
    /// Bytes of the request, where its text was kept.
    pub request_bytes: Option<u64>,
    /// Bytes of the answer, where its text was kept.
    pub answer_bytes: Option<u64>,
}

thread_local! {
    /// Made once for each thread: it is a third of a megabyte, and most texts are short.
    static DEFLATER: RefCell<Compress> = RefCell::new(Compress::new(Compression::fast(), false));
}

fn deflate(text: &str) -> Result<Vec<u8>, StoreError> {
    let bad = || StoreError::Broken { what: "transcript" };
    DEFLATER.with_borrow_mut(|deflater| {
        deflater.reset();
        let mut deflated = Vec::with_capacity(text.len() / 4 + DEFLATED_MORE);
        loop {
            let done = usize::try_from(deflater.total_in()).map_err(|_| bad())?;
            let left = text.as_bytes().get(done..).ok_or_else(bad)?;
            match deflater.compress_vec(left, &mut deflated, FlushCompress::Finish).map_err(|_| bad())? {
                Status::StreamEnd => return Ok(deflated),
                Status::Ok | Status::BufError => deflated.reserve(deflated.capacity().max(DEFLATED_MORE)),
            }
        }
    })
}

/// Room for what a short text is deflated to.
const DEFLATED_MORE: usize = 256;

fn inflate(bytes: &[u8]) -> Result<String, StoreError> {
    let room = u64::try_from(TRANSCRIPT_TEXT_BYTES_MAX).unwrap_or(u64::MAX).saturating_mul(4);
    let mut text = String::new();
    let inflated = DeflateDecoder::new(bytes).take(room).read_to_string(&mut text);
    inflated.map(|_| text).map_err(|_| StoreError::Broken { what: "transcript" })
}

fn count(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

impl Tx<'_> {
    /// Keeps the text of a message set that is handed over, and forgets those of sessions long ago.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn keep_request(
        &self,
        attempt: AttemptId,
        session: ConversationId,
        text: &TranscriptText,
    ) -> Result<(), StoreError> {
        self.sql
            .prepare_cached("DELETE FROM transcript WHERE conversation <= ?1")?
            .execute([session.get().saturating_sub(TRANSCRIPTS_KEPT)])?;
        self.sql
            .prepare_cached(
                "INSERT OR REPLACE INTO transcript (attempt, conversation, request, request_bytes) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![attempt.get(), session.get(), deflate(&text.text)?, count(text.bytes)])?;
        Ok(())
    }

    /// Keeps the answer to it.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn keep_answer(&self, attempt: AttemptId, text: &TranscriptText, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.sql
            .prepare_cached(
                "UPDATE transcript SET answer = ?2, answer_bytes = ?3, answered_at = ?4 WHERE attempt = ?1",
            )?
            .execute(params![attempt.get(), deflate(&text.text)?, count(text.bytes), ms(now)])?;
        Ok(())
    }

    /// The message sets of a session, in order, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn exchanges(&self, session: ConversationId, limit: usize) -> Result<Vec<Exchange>, StoreError> {
        let bad = || StoreError::Broken { what: "attempt" };
        let mut statement = self.sql.prepare_cached(
            "SELECT a.id, a.purpose, a.tags, a.state, a.at, ifnull(t.answered_at, a.settled_at), t.request_bytes, t.answer_bytes
             FROM attempt a LEFT JOIN transcript t ON t.attempt = a.id WHERE a.conversation = ?1 ORDER BY a.id LIMIT ?2",
        )?;
        let mut rows = statement.query(params![session.get(), i64::try_from(limit).unwrap_or(i64::MAX)])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let text = |at: usize| row.get::<_, String>(at).map_err(StoreError::from);
            let bytes = |at: usize| row.get::<_, Option<i64>>(at).map(|bytes| bytes.map(i64::unsigned_abs));
            found.push(Exchange {
                attempt: AttemptId::new(row.get(0)?),
                purpose: AttemptPurpose::from_word(&text(1)?).ok_or_else(bad)?,
                tags: row::tags_from_text(&text(2)?)?,
                state: AttemptState::from_word(&text(3)?).ok_or_else(bad)?,
                at: instant(row.get(4)?)?,
                answered_at: row.get::<_, Option<i64>>(5)?.map(instant).transpose()?,
                request_bytes: bytes(6)?,
                answer_bytes: bytes(7)?,
            });
        }
        Ok(found)
    }

    /// Request and answer of a message set of a session, where they are still kept.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn transcript(
        &self,
        session: ConversationId,
        attempt: AttemptId,
    ) -> Result<Option<(TranscriptText, Option<TranscriptText>)>, StoreError> {
        let mut statement = self.sql.prepare_cached(
            "SELECT request, request_bytes, answer, answer_bytes FROM transcript WHERE attempt = ?1 AND conversation = ?2",
        )?;
        let mut rows = statement.query(params![attempt.get(), session.get()])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        let text = |blob: Vec<u8>, bytes: i64| -> Result<TranscriptText, StoreError> {
            Ok(TranscriptText { text: inflate(&blob)?, bytes: bytes.unsigned_abs() })
        };
        let answer = match row.get::<_, Option<Vec<u8>>>(2)? {
            Some(blob) => Some(text(blob, row.get::<_, Option<i64>>(3)?.unwrap_or(0))?),
            None => None,
        };
        Ok(Some((text(row.get(0)?, row.get(1)?)?, answer)))
    }

    /// A session by its number.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn session_numbered(&self, id: ConversationId) -> Result<Option<super::SessionRow>, StoreError> {
        self.sessions_where("id = ?1", [id.get()]).map(|mut found| found.pop())
    }

    /// Sessions before a number, newest first.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn sessions_before(&self, before: i64, limit: usize) -> Result<Vec<super::SessionRow>, StoreError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.sessions_where("id < ?1 ORDER BY id DESC LIMIT ?2", params![before, limit])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::CompanyStore;

    #[test]
    fn texts_come_back_and_old_sessions_are_forgotten() {
        let store = CompanyStore::in_memory().expect("a store");
        let said = |text: &str| TranscriptText { text: text.repeat(1_000), bytes: 5_000_000 };
        store
            .transact(|tx| -> Result<(), StoreError> {
                let (first, later) = (ConversationId::new(1), ConversationId::new(1 + TRANSCRIPTS_KEPT));
                tx.keep_request(AttemptId::new(1), first, &said("<QBXML/>"))?;
                tx.keep_answer(AttemptId::new(1), &said("Ünï"), DateTime::UNIX_EPOCH)?;
                let kept = tx.transcript(first, AttemptId::new(1))?;
                assert_eq!(kept, Some((said("<QBXML/>"), Some(said("Ünï")))));
                assert_eq!(tx.transcript(later, AttemptId::new(1))?, None, "that is another session's");
                tx.keep_request(AttemptId::new(2), later, &said("x"))?;
                assert_eq!(tx.transcript(first, AttemptId::new(1))?, None, "long ago");
                assert_eq!(tx.transcript(later, AttemptId::new(2))?, Some((said("x"), None)));
                Ok(())
            })
            .expect("kept");
    }
}
