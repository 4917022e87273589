//! Facts, settings and cursors.

use super::{StoreError, Tx};
use crate::model::{Mode, Settings, Side};
use chrono::{DateTime, NaiveDate, Utc};
use rusqlite::{OptionalExtension, params};

/// Single facts about a company.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    /// The mode word.
    Mode,
    /// The day the company was added: the default start date.
    AddedOn,
    /// The FileID found stamped in the company file.
    PinnedFileId,
    /// The name of the company file it is connected to.
    PinnedName,
    /// Its path.
    PinnedPath,
    /// A person said that the file which is open next is the right one.
    AcceptNextFile,
    /// QuickBooks' `LastRestoreTime` when it was last read.
    LastRestore,
    /// When the Web Connector was last here, ms.
    LastContact,
    /// When QuickBooks was last read completely, ms.
    QuickBooksReadAt,
    /// When Bill.com was last read completely, ms.
    BillComReadAt,
    /// When QuickBooks was last written to, ms.
    QuickBooksWrittenAt,
    /// When Bill.com was last written to, ms.
    BillComWrittenAt,
    /// How many readings of QuickBooks there were: the `round` of its sightings.
    QuickBooksRound,
    /// How many readings of Bill.com there were.
    BillComRound,
    /// The highest attempt number given out.
    LastAttempt,
    /// The name of the Bill.com organisation, as it said itself.
    BillComOrganization,
    /// The accounting software that the organisation says it works with.
    AccountingSoftware,
    /// The first sign, on a record, of another sync.
    OtherSyncTrace,
    /// A person said that no other sync is in the way.
    OtherSyncAccepted,
    /// Since when QuickBooks has to be read from beginning to end before anything is decided, ms.
    QuickBooksUnread,
    /// The same of Bill.com.
    BillComUnread,
    /// A person asked for a sync at once: the next visit of the Web Connector reads QuickBooks.
    SyncWanted,
}

impl Fact {
    const fn word(self) -> &'static str {
        match self {
            Self::Mode => "mode",
            Self::AddedOn => "added_on",
            Self::PinnedFileId => "pinned_file_id",
            Self::PinnedName => "pinned_name",
            Self::PinnedPath => "pinned_path",
            Self::AcceptNextFile => "accept_next_file",
            Self::LastRestore => "last_restore",
            Self::LastContact => "last_contact",
            Self::QuickBooksReadAt => "quickbooks_read_at",
            Self::BillComReadAt => "billcom_read_at",
            Self::QuickBooksWrittenAt => "quickbooks_written_at",
            Self::BillComWrittenAt => "billcom_written_at",
            Self::QuickBooksRound => "quickbooks_round",
            Self::BillComRound => "billcom_round",
            Self::LastAttempt => "last_attempt",
            Self::BillComOrganization => "billcom_organization",
            Self::AccountingSoftware => "accounting_software",
            Self::OtherSyncTrace => "other_sync_trace",
            Self::OtherSyncAccepted => "other_sync_accepted",
            Self::QuickBooksUnread => "quickbooks_unread",
            Self::BillComUnread => "billcom_unread",
            Self::SyncWanted => "sync_wanted",
        }
    }

    /// How many readings of a side there were.
    #[must_use]
    pub const fn round(side: Side) -> Self {
        match side {
            Side::QuickBooks => Self::QuickBooksRound,
            Side::BillCom => Self::BillComRound,
        }
    }

    /// When a side was last read.
    #[must_use]
    pub const fn read_at(side: Side) -> Self {
        match side {
            Side::QuickBooks => Self::QuickBooksReadAt,
            Side::BillCom => Self::BillComReadAt,
        }
    }

    /// Since when a side has to be read from beginning to end.
    #[must_use]
    pub const fn unread_since(side: Side) -> Self {
        match side {
            Side::QuickBooks => Self::QuickBooksUnread,
            Side::BillCom => Self::BillComUnread,
        }
    }

    /// When a side was last written to.
    #[must_use]
    pub const fn written_at(side: Side) -> Self {
        match side {
            Side::QuickBooks => Self::QuickBooksWrittenAt,
            Side::BillCom => Self::BillComWrittenAt,
        }
    }
}

/// How far a kind has been read on a side.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    /// The newest stamp seen.
    pub mark: Option<String>,
    /// Whether it has been read from beginning to end.
    pub complete: bool,
    /// When it was last read from beginning to end.
    pub full_read_at: Option<DateTime<Utc>>,
}

/// Milliseconds since 1970.
pub(super) fn ms(time: DateTime<Utc>) -> i64 {
    time.timestamp_millis()
}

/// The instant of a stored number.
pub(super) fn instant(ms: i64) -> Result<DateTime<Utc>, StoreError> {
    DateTime::from_timestamp_millis(ms).ok_or(StoreError::Broken { what: "time" })
}

impl Tx<'_> {
    /// A fact.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn fact(&self, fact: Fact) -> Result<Option<String>, StoreError> {
        let mut statement = self.sql.prepare_cached("SELECT value FROM fact WHERE name = ?1")?;
        Ok(statement.query_row([fact.word()], |row| row.get(0)).optional()?)
    }

    /// Notes or forgets a fact.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn set_fact(&self, fact: Fact, value: Option<&str>) -> Result<(), StoreError> {
        match value {
            Some(value) => self
                .sql
                .prepare_cached(
                    "INSERT INTO fact (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                )?
                .execute(params![fact.word(), value])?,
            None => self.sql.prepare_cached("DELETE FROM fact WHERE name = ?1")?.execute([fact.word()])?,
        };
        self.rounds.set([None; 2]);
        Ok(())
    }

    /// The number of the present reading of a side.
    pub(super) fn round(&self, side: Side) -> Result<i64, StoreError> {
        let place = usize::from(side == Side::BillCom);
        let mut rounds = self.rounds.get();
        if let Some(round) = rounds[place] {
            return Ok(round);
        }
        let round = self.number(Fact::round(side))?;
        rounds[place] = Some(round);
        self.rounds.set(rounds);
        Ok(round)
    }

    /// A fact that is a time.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn time(&self, fact: Fact) -> Result<Option<DateTime<Utc>>, StoreError> {
        let Some(text) = self.fact(fact)? else { return Ok(None) };
        let number = text.parse().map_err(|_| StoreError::Broken { what: "time" })?;
        instant(number).map(Some)
    }

    /// Notes a time.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn set_time(&self, fact: Fact, time: DateTime<Utc>) -> Result<(), StoreError> {
        self.set_fact(fact, Some(&ms(time).to_string()))
    }

    /// A fact that is a number; 0 when it was never noted.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn number(&self, fact: Fact) -> Result<i64, StoreError> {
        let text = self.fact(fact)?;
        text.map_or(Ok(0), |text| text.parse().map_err(|_| StoreError::Broken { what: "number" }))
    }

    /// The next number of a counter, never given out again.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn next_number(&self, fact: Fact) -> Result<i64, StoreError> {
        let next = self.number(fact)? + 1;
        self.set_fact(fact, Some(&next.to_string()))?;
        Ok(next)
    }

    /// Whether the company may be written to.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn mode(&self) -> Result<Mode, StoreError> {
        let word = self.fact(Fact::Mode)?;
        word.map_or(Ok(Mode::Preview), |word| Mode::from_word(&word).ok_or(StoreError::Broken { what: "mode" }))
    }

    /// The settings in force.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn settings(&self) -> Result<Settings, StoreError> {
        let added = self.fact(Fact::AddedOn)?;
        let added = added.and_then(|day| day.parse::<NaiveDate>().ok()).unwrap_or(NaiveDate::MIN);
        let mut settings = Settings::defaults(added);
        let mut statement = self.sql.prepare_cached("SELECT name, value FROM setting")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (name, value): (String, String) = (row.get(0)?, row.get(1)?);
            settings.set(&name, &value).map_err(|_| StoreError::Broken { what: "setting" })?;
        }
        Ok(settings)
    }

    /// Keeps one setting, checked before by [`Settings::set`].
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn set_setting(&self, name: &str, value: &str) -> Result<(), StoreError> {
        self.sql
            .prepare_cached(
                "INSERT INTO setting (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            )?
            .execute(params![name, value])?;
        Ok(())
    }

    /// How far something has been read on a side. `what` is a kind's word, or a name of QuickBooks' deletions.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn cursor(&self, side: Side, what: &str) -> Result<Cursor, StoreError> {
        let mut statement =
            self.sql.prepare_cached("SELECT mark, complete, full_read_at FROM cursor WHERE side = ?1 AND kind = ?2")?;
        let row = statement
            .query_row(params![side.word(), what], |row| {
                Ok((row.get(0)?, row.get::<_, bool>(1)?, row.get::<_, Option<i64>>(2)?))
            })
            .optional()?;
        let Some((mark, complete, full)) = row else { return Ok(Cursor::default()) };
        Ok(Cursor { mark, complete, full_read_at: full.map(instant).transpose()? })
    }

    /// Notes how far something has been read.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn set_cursor(&self, side: Side, what: &str, cursor: &Cursor) -> Result<(), StoreError> {
        self.sql
            .prepare_cached(
                "INSERT INTO cursor (side, kind, mark, complete, full_read_at) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (side, kind) DO UPDATE SET mark = excluded.mark, complete = excluded.complete,
                 full_read_at = excluded.full_read_at",
            )?
            .execute(params![side.word(), what, cursor.mark, cursor.complete, cursor.full_read_at.map(ms)])?;
        Ok(())
    }

    /// Forgets all high-water marks of a side, so that everything is read from beginning to end.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn forget_marks(&self, side: Side) -> Result<(), StoreError> {
        self.sql.prepare_cached("UPDATE cursor SET mark = NULL WHERE side = ?1")?.execute([side.word()])?;
        Ok(())
    }
}
