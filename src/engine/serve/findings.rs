//! What an answer of QuickBooks says, worked out while it arrives.
//!
//! An answer may take minutes to arrive, and whether it is whole is known only at its end. It must have no effect before, and
//! no lock on the company's file may wait for a line; yet it is too long to be held. So it is taken in twice. First it is
//! parsed as it comes, record by record, and what each record means to us, a [`Finding`], goes into a spool: this needs
//! nothing of the company's state and changes nothing. When the envelope around it has ended and passed the guard, and the
//! ticket is known to be good, `receive` takes the findings in: one transaction, at the speed of the disk.
//!
//! The simpler ways do not do. A transaction that is open while the bytes come would block pages and other calls for as long
//! as a client likes to dribble. Rows staged in the company's file would be written twice, and outlive a crash. Keeping the
//! text and parsing it again would double the longer part of the work, inside the transaction.
//!
//! **Invariant:** memory is one record and [`SPOOL_MEMORY_BYTES_MAX`](crate::limits::SPOOL_MEMORY_BYTES_MAX); findings of an
//! answer that cannot be read to its end are never handed out.

use super::send::FirstAnswer;
use crate::engine::transcripts::Overheard;
use crate::entities::{self, ENTITIES};
use crate::model::NativeId;
use crate::store::{Entry, EntryReader, SightingRow, Spool, SpoolReader, StoreError, TranscriptText};
use qbxml::{
    IteratorId, MessageSetInfo, ReadError, Record, ResponseHead, ResponseReader, Severity, Status, StatusCode,
    WireLimits,
};
use std::io::BufRead;
use std::path::Path;

/// Why there are no findings.
#[derive(Debug, thiserror::Error)]
pub(super) enum AnswerError {
    /// It is not the document it should be. Nothing of it was kept.
    #[error("the answer of QuickBooks cannot be read")]
    Read(#[from] ReadError),
    /// The findings could not be kept.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A whole answer, worked out.
pub(super) struct Answer {
    /// The attributes of its message set.
    pub(super) set: MessageSetInfo,
    /// What it says about the company file.
    pub(super) told: FirstAnswer,
    /// Its text as far as it is kept for people.
    pub(super) heard: TranscriptText,
    findings: SpoolReader,
    entry: Entry,
}

/// One thing that an answer says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Finding {
    /// A response begins.
    Begin(Box<ResponseHead>),
    /// A record of a kind that is carried, and its `TimeModified`.
    Seen(Box<SightingRow>, String),
    /// When the company file was last restored.
    Restored(Option<String>),
    /// Something was deleted.
    Deleted {
        /// A list record; else a transaction.
        of_list: bool,
        /// Its type.
        word: Option<String>,
        /// Its id.
        id: Option<String>,
        /// When.
        time: Option<String>,
    },
    /// A status check remembers a record, by its id and edit sequence.
    Recovered {
        /// The id, if there is one.
        id: Option<String>,
        /// The edit sequence, or nothing.
        sequence: String,
    },
    /// What a bank account holds.
    Balance {
        /// Its ListID.
        account: NativeId,
        /// How much.
        cents: i64,
    },
    /// A void, or a deletion, was carried out.
    Voided,
    /// A name in a list that is not carried.
    Name(String),
    /// A record in which a value could not be read.
    Unreadable {
        /// Its element.
        element: String,
        /// Where the value stands.
        path: String,
        /// What was wrong with it.
        reason: String,
        /// The record's own id.
        id: Option<String>,
    },
    /// The response ends.
    End,
}

impl Answer {
    /// Reads an answer to its end, while it arrives. `folder` is where findings lie that are too many for memory.
    pub(super) fn read(source: impl BufRead, owner_id: &str, folder: &Path) -> Result<Self, AnswerError> {
        let mut source = Overheard::new(source);
        let mut reader = ResponseReader::new(&mut source, WireLimits::default());
        let set = reader.message_set()?;
        let mut told = FirstAnswer::default();
        let mut entry = Entry::default();
        let mut spool = Spool::new(folder);
        let mut keep = |finding: &Finding| {
            entry.clear();
            finding.write(&mut entry);
            spool.push(&entry)
        };
        while let Some(head) = reader.next_response()? {
            keep(&Finding::Begin(Box::new(head)))?;
            while let Some(record) = reader.next_record()? {
                told.take(&record, owner_id);
                if let Some((account, amount)) = entities::read_balance(&record) {
                    keep(&Finding::Balance { account, cents: amount.cents() })?;
                }
                if let Some(finding) = Finding::of(record) {
                    keep(&finding)?;
                }
            }
            keep(&Finding::End)?;
        }
        reader.finish()?;
        Ok(Self { set, told, heard: source.text(), findings: spool.read()?, entry })
    }

    /// The next finding; none after the last.
    pub(super) fn next(&mut self) -> Result<Option<Finding>, StoreError> {
        if !self.findings.next(&mut self.entry)? {
            return Ok(None);
        }
        Finding::read(&mut self.entry.reader()).map(Some)
    }
}

impl Finding {
    /// What a record means to us; nothing for one of a kind that is not carried. A record of a carried kind that does not say
    /// which one it is cannot be passed over: what is looked for may be just that one.
    fn of(record: Record) -> Option<Self> {
        if let Some((sighting, modified)) = ENTITIES.iter().find_map(|entity| entity.read_quickbooks(&record)) {
            return Some(Self::Seen(Box::new(SightingRow::of(&sighting)), modified));
        }
        Some(match record {
            Record::CompanyActivity(activity) => {
                Self::Restored(activity.last_restore_time.map(|time| time.local_text().to_owned()))
            }
            Record::ListDeleted(deleted) => Self::Deleted {
                of_list: true,
                word: deleted.list_del_type.map(|word| word.as_str().to_owned()),
                id: deleted.list_id.map(|id| id.as_str().to_owned()),
                time: deleted.time_deleted.map(|time| time.local_text().to_owned()),
            },
            Record::TxnDeleted(deleted) => Self::Deleted {
                of_list: false,
                word: deleted.txn_del_type.map(|word| word.as_str().to_owned()),
                id: deleted.txn_id.map(|id| id.as_str().to_owned()),
                time: deleted.time_deleted.map(|time| time.local_text().to_owned()),
            },
            Record::ErrorRecovery(recovery) => {
                let list_id = recovery.list_id.as_ref().map(|id| id.as_str().to_owned());
                Self::Recovered {
                    id: list_id.or_else(|| recovery.txn_id.as_ref().map(|id| id.as_str().to_owned())),
                    sequence: recovery.edit_sequence.as_ref().map(|it| it.as_str().to_owned()).unwrap_or_default(),
                }
            }
            Record::TxnVoid(_) | Record::TxnDel(_) => Self::Voided,
            Record::Employee(employee) => named("EmployeeRet", employee.name),
            Record::OtherName(other) => named("OtherNameRet", other.name),
            Record::Unreadable { name, problem } => Self::Unreadable {
                element: name,
                path: problem.path,
                reason: problem.reason.to_string(),
                id: problem.id,
            },
            other if entities::is_carried(other.element()) => nameless(other.element(), "no id"),
            _ => return None,
        })
    }

    fn write(&self, entry: &mut Entry) {
        entry.number(self.mark());
        match self {
            Self::Begin(head) => write_head(entry, head),
            Self::Seen(row, modified) => {
                row.write(entry);
                entry.text(modified);
            }
            Self::Restored(time) => entry.maybe(time.as_deref()),
            Self::Deleted { of_list, word, id, time } => {
                entry.number(i64::from(*of_list));
                for text in [word, id, time] {
                    entry.maybe(text.as_deref());
                }
            }
            Self::Recovered { id, sequence } => {
                entry.maybe(id.as_deref());
                entry.text(sequence);
            }
            Self::Name(name) => entry.text(name),
            Self::Unreadable { element, path, reason, id } => {
                for text in [element, path, reason] {
                    entry.text(text);
                }
                entry.maybe(id.as_deref());
            }
            Self::Balance { account, cents } => {
                entry.text(account.as_str());
                entry.number(*cents);
            }
            Self::Voided | Self::End => {}
        }
    }

    /// The number that stands for the variant in a spool.
    const fn mark(&self) -> i64 {
        match self {
            Self::Begin(_) => 0,
            Self::Seen(..) => 1,
            Self::Restored(_) => 2,
            Self::Deleted { .. } => 3,
            Self::Recovered { .. } => 4,
            Self::Voided => 5,
            Self::Name(_) => 6,
            Self::Unreadable { .. } => 7,
            Self::End => 8,
            Self::Balance { .. } => 9,
        }
    }

    fn read(entry: &mut EntryReader<'_>) -> Result<Self, StoreError> {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        Ok(match entry.number()? {
            0 => Self::Begin(Box::new(read_head(entry)?)),
            1 => Self::Seen(Box::new(SightingRow::read(entry)?), entry.text()?.to_owned()),
            2 => Self::Restored(owned(entry.maybe()?)),
            3 => Self::Deleted {
                of_list: entry.number()? != 0,
                word: owned(entry.maybe()?),
                id: owned(entry.maybe()?),
                time: owned(entry.maybe()?),
            },
            4 => Self::Recovered { id: owned(entry.maybe()?), sequence: entry.text()?.to_owned() },
            5 => Self::Voided,
            6 => Self::Name(entry.text()?.to_owned()),
            7 => Self::Unreadable {
                element: entry.text()?.to_owned(),
                path: entry.text()?.to_owned(),
                reason: entry.text()?.to_owned(),
                id: owned(entry.maybe()?),
            },
            8 => Self::End,
            9 => Self::Balance { account: NativeId::new(entry.text()?).map_err(|_| broken())?, cents: entry.number()? },
            _ => return Err(broken()),
        })
    }
}

/// A name in a list that is not carried.
fn named(element: &str, name: Option<String>) -> Finding {
    name.map_or_else(|| nameless(element, "no name"), Finding::Name)
}

/// A record that does not say which one it is.
fn nameless(element: &str, lacks: &str) -> Finding {
    Finding::Unreadable {
        element: element.to_owned(),
        path: element.to_owned(),
        reason: format!("it has {lacks}"),
        id: None,
    }
}

fn write_head(entry: &mut Entry, head: &ResponseHead) {
    entry.text(&head.name);
    entry.maybe(head.request_id.as_deref());
    entry.number(i64::from(head.status.code.0));
    entry.text(&head.status.severity.to_string());
    entry.text(&head.status.message);
    for count in [head.ret_count, head.iterator_remaining] {
        entry.maybe(count.map(|count| count.to_string()).as_deref());
    }
    entry.maybe(head.iterator_id.as_ref().map(IteratorId::as_str));
}

fn read_head(entry: &mut EntryReader<'_>) -> Result<ResponseHead, StoreError> {
    let count = |text: Option<&str>| text.map(|text| text.parse().map_err(|_| broken())).transpose();
    Ok(ResponseHead {
        name: entry.text()?.to_owned(),
        request_id: entry.maybe()?.map(str::to_owned),
        status: Status {
            code: StatusCode(entry.number()?.try_into().map_err(|_| broken())?),
            severity: Severity::from_word(entry.text()?).ok_or_else(broken)?,
            message: entry.text()?.to_owned(),
        },
        ret_count: count(entry.maybe()?)?,
        iterator_remaining: count(entry.maybe()?)?,
        iterator_id: entry.maybe()?.map(|id| IteratorId::new(id).map_err(|_| broken())).transpose()?,
    })
}

fn broken() -> StoreError {
    StoreError::Broken { what: "spooled finding" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use qbxml::QbXmlVersion;
    use qbxml::schema::{Detail, Example};

    const ANSWER: &str = "<QBXML><QBXMLMsgsRs newMessageSetID=\"{5A}\" messageSetStatusCode=\"0\">\
        <VendorQueryRs requestID=\"x:0\" statusCode=\"0\" statusSeverity=\"Info\" statusMessage=\"Status OK\" \
        iteratorRemainingCount=\"7\" iteratorID=\"{eb05f701-e727-472f-8ade-6753c4f67a46}\">\
        <VendorRet><ListID>8-1</ListID><TimeModified>2026-01-02T03:04:05</TimeModified><EditSequence>1</EditSequence>\
        <Name>Acme</Name></VendorRet>\
        <VendorRet><ListID>8-2</ListID><IsActive>perhaps</IsActive></VendorRet></VendorQueryRs>\
        <ListDeletedQueryRs statusCode=\"0\"><ListDeletedRet><ListDelType>Vendor</ListDelType><ListID>8-3</ListID>\
        <TimeDeleted>2026-01-02T03:04:05</TimeDeleted></ListDeletedRet></ListDeletedQueryRs>\
        <TxnVoidRs statusCode=\"0\"><TxnVoidType>Bill</TxnVoidType><TxnID>9-1</TxnID></TxnVoidRs>\
        <EntityQueryRs statusCode=\"1\" statusMessage=\"none\"/>\
        </QBXMLMsgsRs></QBXML>";

    fn findings(mut answer: Answer) -> Vec<Finding> {
        std::iter::from_fn(|| answer.next().expect("an entry")).collect()
    }

    #[test]
    fn findings_come_back_as_they_were() {
        let folder = tempfile::tempdir().expect("a folder");
        let answer = Answer::read(ANSWER.as_bytes(), "{1}", folder.path()).expect("readable");
        assert_eq!(answer.set.new_id.as_deref(), Some("{5A}"));
        let found = findings(answer);
        let marks: Vec<i64> = found.iter().map(Finding::mark).collect();
        assert_eq!(marks, [0, 1, 7, 8, 0, 3, 8, 0, 5, 8, 0, 8]);
        let Finding::Begin(head) = &found[0] else { panic!("a head") };
        assert_eq!((head.request_id.as_deref(), head.iterator_remaining), (Some("x:0"), Some(7)));
        assert!(head.iterator_id.is_some() && head.status.message == "Status OK");
        assert!(matches!(&found[1], Finding::Seen(row, modified)
            if row.key().id.as_str() == "8-1" && modified == "2026-01-02T03:04:05"));
        assert!(matches!(&found[2], Finding::Unreadable { path, id: Some(id), .. }
            if path == "VendorRet/IsActive" && id == "8-2"));
        assert!(matches!(&found[5], Finding::Deleted { of_list: true, id: Some(id), .. } if id == "8-3"));
        for finding in found.into_iter().chain([
            Finding::Restored(None),
            Finding::Recovered { id: Some("8-1".to_owned()), sequence: "2".to_owned() },
            Finding::Name("Acme".to_owned()),
            Finding::Balance { account: NativeId::new("8-4").expect("an id"), cents: -5 },
        ]) {
            let mut entry = Entry::default();
            finding.write(&mut entry);
            assert_eq!(Finding::read(&mut entry.reader()).expect("read"), finding);
        }
    }

    #[test]
    fn a_record_that_does_not_say_which_one_it_is_is_not_passed_over() {
        let folder = tempfile::tempdir().expect("a folder");
        let read = |record: &str| {
            let query =
                "<QBXML><QBXMLMsgsRs><EntityQueryRs requestID=\"x:0\" statusCode=\"0\" statusSeverity=\"Info\">";
            let answer = format!("{query}{record}</EntityQueryRs></QBXMLMsgsRs></QBXML>");
            let found = findings(Answer::read(answer.as_bytes(), "{1}", folder.path()).expect("readable"));
            found.into_iter().find(|finding| !matches!(finding, Finding::Begin(_) | Finding::Balance { .. }))
        };
        let mut carried = 0;
        for entry in qbxml::RECORDS.iter().filter(|entry| entities::is_carried(entry.element)) {
            let example = (entry.example)(&mut Example::new(QbXmlVersion::V13, Detail::Every, 1));
            let whole = example.to_xml().expect("XML").expect("a record");
            // A record's own id stands first in it.
            let start = entry.element.len() + 2;
            let end = start + whole[start..].find("</").expect("an id");
            let end = end + whole[end..].find('>').expect("its end") + 1;
            assert!(matches!(read(&whole), Some(Finding::Seen(..))), "{whole}");
            let without = format!("{}{}", &whole[..start], &whole[end..]);
            assert!(matches!(read(&without), Some(Finding::Unreadable { id: None, .. })), "{without}");
            carried += 1;
        }
        assert!(carried >= ENTITIES.len(), "only {carried} elements were looked at");
        let employee = read("<EmployeeRet><IsActive>true</IsActive></EmployeeRet>");
        assert!(matches!(employee, Some(Finding::Unreadable { .. })), "{employee:?}");
    }

    #[test]
    fn an_answer_cut_short_anywhere_has_no_findings() {
        let folder = tempfile::tempdir().expect("a folder");
        for end in 0..ANSWER.len() {
            let cut = Answer::read(&ANSWER.as_bytes()[..end], "{1}", folder.path());
            assert!(matches!(cut, Err(AnswerError::Read(_))), "{end}");
        }
    }
}
