//! Message sets, questions and sessions.

use super::meta::{instant, ms};
use super::{Fact, StoreError, Tx};
use crate::model::{
    Attempt, AttemptId, AttemptPurpose, AttemptState, ConversationId, IntentId, Kind, NativeId, RequestTag,
};
use crate::store::row;
use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, Row, params};

/// A message set about to be handed over.
#[derive(Clone, Debug)]
pub struct NewAttempt {
    /// The number it was composed with.
    pub id: AttemptId,
    /// The session it belongs to.
    pub conversation: ConversationId,
    /// What it is for.
    pub purpose: AttemptPurpose,
    /// The attempt a status check asks for.
    pub about: Option<AttemptId>,
    /// The id QuickBooks stores its outcome under.
    pub message_set_id: Option<String>,
    /// The attempt QuickBooks is told to forget.
    pub clears: Option<AttemptId>,
    /// The exact bytes.
    pub xml: String,
    /// What each request is about.
    pub tags: Vec<RequestTag>,
}

/// Why QuickBooks is asked about a single record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InquiryPurpose {
    /// Did an intent in doubt make its record?
    Probe,
    /// Who has this name?
    Name,
    /// What does this record say now?
    Again,
}

impl InquiryPurpose {
    const fn word(self) -> &'static str {
        match self {
            Self::Probe => "probe",
            Self::Name => "name",
            Self::Again => "again",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        [Self::Probe, Self::Name, Self::Again].into_iter().find(|purpose| purpose.word() == word)
    }
}

/// A question to QuickBooks about a single record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inquiry {
    /// Row number.
    pub id: i64,
    /// Why it is asked.
    pub purpose: InquiryPurpose,
    /// About what kind.
    pub kind: Kind,
    /// The record to read again.
    pub id_of: Option<NativeId>,
    /// The name to find.
    pub name: Option<String>,
    /// The intent in doubt.
    pub intent: Option<IntentId>,
    /// The attempt being probed.
    pub attempt: Option<AttemptId>,
}

/// A Web Connector session as it lies in the store.
#[derive(Clone, Debug)]
pub struct SessionRow {
    /// Row number.
    pub id: ConversationId,
    /// The state machine's state, as JSON.
    pub state: String,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it was last heard of.
    pub touched_at: DateTime<Utc>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// Message sets handed over.
    pub rounds: u32,
    /// Records read.
    pub records: u64,
    /// Changes confirmed.
    pub applied: u64,
    /// How it ended.
    pub outcome: Option<String>,
}

const ATTEMPT: &str = "id, purpose, about, message_set_id, clears, xml, tags, state, at";

fn attempt(row: &Row<'_>) -> Result<Attempt, StoreError> {
    let bad = || StoreError::Broken { what: "attempt" };
    let text = |index: usize| row.get::<_, String>(index).map_err(StoreError::from);
    Ok(Attempt {
        id: AttemptId::new(row.get(0)?),
        purpose: AttemptPurpose::from_word(&text(1)?).ok_or_else(bad)?,
        about: row.get::<_, Option<i64>>(2)?.map(AttemptId::new),
        message_set_id: row.get(3)?,
        clears: row.get::<_, Option<i64>>(4)?.map(AttemptId::new),
        xml: text(5)?,
        tags: row::tags_from_text(&text(6)?)?,
        state: AttemptState::from_word(&text(7)?).ok_or_else(bad)?,
        at: instant(row.get(8)?)?,
    })
}

fn inquiry(row: &Row<'_>) -> Result<Inquiry, StoreError> {
    let bad = || StoreError::Broken { what: "inquiry" };
    let text = |index: usize| row.get::<_, Option<String>>(index).map_err(StoreError::from);
    let purpose = text(1)?.as_deref().and_then(InquiryPurpose::from_word).ok_or_else(bad)?;
    let kind = text(2)?.ok_or_else(bad)?.parse().map_err(|()| bad())?;
    Ok(Inquiry {
        id: row.get(0)?,
        purpose,
        kind,
        id_of: text(3)?.map(|id| NativeId::new(id).map_err(|_| bad())).transpose()?,
        name: text(4)?,
        intent: text(5)?.map(|id| IntentId::parse(&id).map_err(|_| bad())).transpose()?,
        attempt: row.get::<_, Option<i64>>(6)?.map(AttemptId::new),
    })
}

fn session(row: &Row<'_>) -> Result<SessionRow, StoreError> {
    Ok(SessionRow {
        id: ConversationId::new(row.get(0)?),
        state: row.get(1)?,
        started_at: instant(row.get(2)?)?,
        touched_at: instant(row.get(3)?)?,
        ended_at: row.get::<_, Option<i64>>(4)?.map(instant).transpose()?,
        rounds: row.get(5)?,
        records: row.get::<_, i64>(6)?.unsigned_abs(),
        applied: row.get::<_, i64>(7)?.unsigned_abs(),
        outcome: row.get(8)?,
    })
}

const SESSION: &str = "id, state, started_at, touched_at, ended_at, rounds, records, applied, outcome";

impl Tx<'_> {
    /// A number for the next message set.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn next_attempt_id(&self) -> Result<AttemptId, StoreError> {
        self.next_number(Fact::LastAttempt).map(AttemptId::new)
    }

    /// Keeps a message set, before its bytes leave.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn insert_attempt(&self, new: &NewAttempt, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.sql
            .prepare_cached(
                "INSERT INTO attempt (id, conversation, purpose, about, message_set_id, clears, xml, tags, state, at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'sent', ?9)",
            )?
            .execute(params![
                new.id.get(),
                new.conversation.get(),
                new.purpose.word(),
                new.about.map(AttemptId::get),
                new.message_set_id,
                new.clears.map(AttemptId::get),
                new.xml,
                row::tags_to_text(&new.tags),
                ms(now)
            ])?;
        Ok(())
    }

    /// A message set.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn attempt(&self, id: AttemptId) -> Result<Option<Attempt>, StoreError> {
        let sql = format!("SELECT {ATTEMPT} FROM attempt WHERE id = ?1");
        let mut statement = self.sql.prepare_cached(&sql)?;
        let mut rows = statement.query([id.get()])?;
        rows.next()?.map(attempt).transpose()
    }

    /// The message set with this id.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn attempt_by_set(&self, message_set_id: &str) -> Result<Option<Attempt>, StoreError> {
        let sql = format!("SELECT {ATTEMPT} FROM attempt WHERE message_set_id = ?1");
        let mut statement = self.sql.prepare_cached(&sql)?;
        let mut rows = statement.query([message_set_id])?;
        rows.next()?.map(attempt).transpose()
    }

    /// Message sets in a state, oldest first.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn attempts_in(&self, state: AttemptState) -> Result<Vec<Attempt>, StoreError> {
        let sql = format!(
            "SELECT {ATTEMPT} FROM attempt WHERE state = ?1 AND state IN ('sent', 'lost', 'probing') ORDER BY id"
        );
        let mut statement = self.sql.prepare_cached(&sql)?;
        let mut rows = statement.query([state.word()])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(attempt(row)?);
        }
        Ok(found)
    }

    /// Moves a message set on. The bytes are kept only as long as they may have to be sent again.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn move_attempt(&self, id: AttemptId, to: AttemptState, now: DateTime<Utc>) -> Result<(), StoreError> {
        let settled = matches!(to, AttemptState::Settled | AttemptState::Cleared);
        let contested = matches!(to, AttemptState::Lost | AttemptState::Probing);
        self.sql
            .prepare_cached(
                "UPDATE attempt SET state = ?2, contested = max(contested, ?3),
                 xml = CASE WHEN ?4 THEN '' ELSE xml END, settled_at = CASE WHEN ?4 THEN ifnull(settled_at, ?5) END
                 WHERE id = ?1",
            )?
            .execute(params![id.get(), to.word(), contested, settled, ms(now)])?;
        Ok(())
    }

    /// The bytes of a message set are not to be sent again: what of it was not carried out goes out anew.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn forget_bytes(&self, id: AttemptId) -> Result<(), StoreError> {
        self.sql.prepare_cached("UPDATE attempt SET xml = '' WHERE id = ?1")?.execute([id.get()])?;
        Ok(())
    }

    /// The attempt that a message set tells QuickBooks to forget.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn clears(&self, id: AttemptId) -> Result<Option<AttemptId>, StoreError> {
        Ok(self.attempt(id)?.and_then(|attempt| attempt.clears))
    }

    /// The oldest settled message set that QuickBooks still remembers and may forget now.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn clearable(&self, contested_before: DateTime<Utc>) -> Result<Option<(AttemptId, String)>, StoreError> {
        let mut statement = self.sql.prepare_cached(
            "SELECT id, message_set_id FROM attempt WHERE state = 'settled' AND message_set_id IS NOT NULL
             AND (contested = 0 OR settled_at < ?1) ORDER BY id LIMIT 1",
        )?;
        let row = statement.query_row([ms(contested_before)], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        Ok(row.map(|(id, set)| (AttemptId::new(id), set)))
    }

    pub(super) fn insert_inquiry(
        &self,
        purpose: InquiryPurpose,
        kind: Kind,
        id_of: Option<&NativeId>,
        name: Option<&str>,
        intent: Option<IntentId>,
        attempt: Option<AttemptId>,
    ) -> Result<(), StoreError> {
        let intent = intent.map(|id| id.to_string());
        let id_of = id_of.map(NativeId::as_str);
        self.sql
            .prepare_cached(
                "INSERT INTO inquiry (purpose, kind, id_of, name, intent, attempt)
                 SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE NOT EXISTS
                 (SELECT 1 FROM inquiry WHERE state = 'open' AND purpose = ?1 AND kind = ?2 AND id_of IS ?3
                  AND name IS ?4 AND intent IS ?5)",
            )?
            .execute(params![purpose.word(), kind.word(), id_of, name, intent, attempt.map(AttemptId::get)])?;
        Ok(())
    }

    /// Asks whether an intent in doubt has made its record.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn probe(&self, kind: Kind, intent: IntentId, attempt: AttemptId) -> Result<(), StoreError> {
        self.insert_inquiry(InquiryPurpose::Probe, kind, None, None, Some(intent), Some(attempt))
    }

    /// Asks what stands in the record that an intent in doubt was to change.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn look_at_change(&self, kind: Kind, target: &NativeId, intent: IntentId) -> Result<(), StoreError> {
        self.insert_inquiry(InquiryPurpose::Again, kind, Some(target), None, Some(intent), None)
    }

    /// Questions not asked yet, oldest first.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn open_inquiries(&self, limit: usize) -> Result<Vec<Inquiry>, StoreError> {
        let mut statement = self.sql.prepare_cached(
            "SELECT id, purpose, kind, id_of, name, intent, attempt FROM inquiry WHERE state = 'open' AND state <> 'answered'
             ORDER BY id LIMIT ?1",
        )?;
        let mut rows = statement.query([i64::try_from(limit).unwrap_or(i64::MAX)])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(inquiry(row)?);
        }
        Ok(found)
    }

    /// A question.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn inquiry(&self, id: i64) -> Result<Option<Inquiry>, StoreError> {
        let mut statement = self
            .sql
            .prepare_cached("SELECT id, purpose, kind, id_of, name, intent, attempt FROM inquiry WHERE id = ?1")?;
        let mut rows = statement.query([id])?;
        rows.next()?.map(inquiry).transpose()
    }

    /// Notes that a question was put into a message set.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn inquiry_asked(&self, id: i64) -> Result<(), StoreError> {
        self.sql.prepare_cached("UPDATE inquiry SET state = 'asked' WHERE id = ?1")?.execute([id])?;
        Ok(())
    }

    /// Notes that a question was answered, and for a probe which record was found.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn inquiry_answered(&self, id: i64, found: Option<&NativeId>) -> Result<(), StoreError> {
        self.sql
            .prepare_cached("UPDATE inquiry SET state = 'answered', found = ?2 WHERE id = ?1")?
            .execute(params![id, found.map(NativeId::as_str)])?;
        Ok(())
    }

    /// Questions that were asked in a session which ended without an answer are open again.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn reopen_inquiries(&self) -> Result<(), StoreError> {
        self.sql
            .prepare_cached("UPDATE inquiry SET state = 'open' WHERE state = 'asked' AND state <> 'answered'")?
            .execute([])?;
        Ok(())
    }

    /// Look-ups of an earlier session are made again: what was not there then may be there now.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn reopen_probes(&self) -> Result<(), StoreError> {
        self.sql
            .prepare_cached(
                "UPDATE inquiry SET state = 'open' WHERE purpose = 'probe' AND found IS NULL
                 AND attempt IN (SELECT id FROM attempt WHERE state = 'probing')",
            )?
            .execute([])?;
        Ok(())
    }

    /// Whether all probes of an attempt have been answered, and how many of them found their record.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn probes_of(&self, attempt: AttemptId) -> Result<(bool, usize), StoreError> {
        let mut statement = self.sql.prepare_cached(
            "SELECT count(*) FILTER (WHERE state <> 'answered'), count(found) FROM inquiry
             WHERE purpose = 'probe' AND attempt = ?1",
        )?;
        let (open, found): (i64, i64) = statement.query_row([attempt.get()], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok((open == 0, usize::try_from(found).unwrap_or(usize::MAX)))
    }

    /// Begins a session.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn insert_conversation(
        &self,
        ticket_hash: &[u8; 32],
        state: &str,
        now: DateTime<Utc>,
    ) -> Result<ConversationId, StoreError> {
        self.sql
            .prepare_cached(
                "INSERT INTO conversation (ticket_hash, state, started_at, touched_at) VALUES (?1, ?2, ?3, ?3)",
            )?
            .execute(params![ticket_hash, state, ms(now)])?;
        Ok(ConversationId::new(self.sql.last_insert_rowid()))
    }

    /// The session of a ticket, ended or not.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn conversation(&self, ticket_hash: &[u8; 32]) -> Result<Option<SessionRow>, StoreError> {
        let sql = format!("SELECT {SESSION} FROM conversation WHERE ticket_hash = ?1");
        let mut statement = self.sql.prepare_cached(&sql)?;
        let mut rows = statement.query([ticket_hash])?;
        rows.next()?.map(session).transpose()
    }

    /// Sessions that have not ended.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn open_conversations(&self) -> Result<Vec<SessionRow>, StoreError> {
        self.sessions_where("ended_at IS NULL ORDER BY id LIMIT 16", [])
    }

    /// The newest sessions, newest first.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn recent_sessions(&self, limit: usize) -> Result<Vec<SessionRow>, StoreError> {
        self.sessions_before(i64::MAX, limit)
    }

    pub(super) fn sessions_where(
        &self,
        condition: &str,
        values: impl rusqlite::Params,
    ) -> Result<Vec<SessionRow>, StoreError> {
        let sql = format!("SELECT {SESSION} FROM conversation WHERE {condition}");
        let mut statement = self.sql.prepare_cached(&sql)?;
        let mut rows = statement.query(values)?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(session(row)?);
        }
        Ok(found)
    }

    /// Keeps the state of a session.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn save_conversation(&self, row: &SessionRow, now: DateTime<Utc>) -> Result<(), StoreError> {
        let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        self.sql
            .prepare_cached(
                "UPDATE conversation SET state = ?2, touched_at = ?3, ended_at = ?4, rounds = ?5, records = ?6,
                 applied = ?7, outcome = ?8 WHERE id = ?1",
            )?
            .execute(params![
                row.id.get(),
                row.state,
                ms(now),
                row.ended_at.map(ms),
                row.rounds,
                number(row.records),
                number(row.applied),
                row.outcome
            ])?;
        Ok(())
    }
}
