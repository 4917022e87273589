//! Everything that goes wrong, each with its own switch and a mark that shows that it did.
//!
//! A seed draws some of the faults and leaves the others out: a world in which everything fails at once never gets into the
//! corners that one or two faults reach. A mark is set where the fault has had its effect (an answer was lost, a status came
//! back, a commit was refused), never where it was planned.

use crate::sim::billcom::random::Random;
use crate::sim::billcom::{FaultKind, On};
use crate::sim::connector;
use crate::sim::quickbooks::HResult;
use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

macro_rules! faults {
    ($($variant:ident $word:literal $doc:literal;)+) => {
        /// What can go wrong.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Fault { $(#[doc = $doc] $variant,)+ }

        impl Fault {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Its name.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// What happens.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $doc,)+ }
            }
        }
    };
}

faults! {
    AnswerLost "answer-lost" "QuickBooks has done the work, and the session dies before its answer is delivered.";
    RequestLost "request-lost" "The session dies after a request was handed over, before QuickBooks sees it.";
    AnswerTwice "answer-twice" "An answer of QuickBooks is delivered twice.";
    AnswerAfterClose "answer-after-close" "An answer is delivered again after the connection was closed.";
    RequestTwice "request-twice" "A request is asked for twice, and the second one is used.";
    AnswerCutShort "answer-cut-short" "Only the first part of an answer arrives.";
    AnswerGarbled "answer-garbled" "An answer arrives with damaged tags.";
    FailsAfterWork "fails-after-work" "QuickBooks fails with an HRESULT after it did the work.";
    FailsBeforeWork "fails-before-work" "QuickBooks fails with an HRESULT and has done nothing.";
    ConnectorDies "connector-dies" "The Web Connector dies after a call was answered.";
    ReplyLost "reply-lost" "A reply of the server does not reach the Web Connector.";
    TwoConnectors "two-connectors" "Two machines use the same connection at once.";
    ConnectorAway "connector-away" "The Web Connector does not come by for days.";
    SilentQuarter "silent-quarter" "Nobody comes by for longer than QuickBooks remembers deletions.";
    WrongPassword "wrong-password" "The password was replaced, and the Web Connector still has the old one.";
    CannotOpen "cannot-open" "QuickBooks is not running and cannot be started.";
    DialogOpen "dialog-open" "A dialog is open in QuickBooks.";
    OtherFileOpen "other-file-open" "Another company file is open, and QuickBooks says so.";
    FileReplaced "file-replaced" "Another company file lies under the same path.";
    BackupRestored "backup-restored" "The company file is restored from a backup: what came after it is gone.";
    RecordLocked "record-locked" "Somebody has a record open that is to be changed (3175, 3176).";
    PeriodClosed "period-closed" "The books are closed up to a day (3171).";
    NameTaken "name-taken" "A name is taken in another list of names (3100).";
    StaleSequence "stale-sequence" "Somebody changed a record since it was read (3200).";
    ReferenceInactive "reference-inactive" "A record points to one that was made inactive or deleted (3140 and its like).";
    PeopleDuringSession "people-during-session" "People work in QuickBooks between two calls of a session.";
    StoreFull "store-full" "QuickBooks cannot keep the outcome of a message set (9005).";
    IdsOnly "ids-only" "A status check gives only ids instead of the old answer.";
    QuickBooksClock "quickbooks-clock" "The clock of the QuickBooks machine is wrong, or set back.";
    SummerTime "summer-time" "The clocks change between two sessions.";
    BillComCutBefore "billcom-cut-before" "The connection to Bill.com breaks before anything is done.";
    BillComCutAfter "billcom-cut-after" "Bill.com has done it, and the answer is lost.";
    BillComPage "billcom-page" "Bill.com answers with a page for people.";
    BillComCutShort "billcom-cut-short" "Half of Bill.com's answer arrives.";
    BillComFails "billcom-fails" "Bill.com answers with a status of the 500s.";
    BillComSlow "billcom-slow" "Bill.com takes longer than anybody waits; it was done all the same.";
    SessionKilled "session-killed" "Bill.com has ended our session.";
    BillComInternal "billcom-internal" "Bill.com says that something went wrong inside (BDC_1001).";
    BillComCrowded "billcom-crowded" "Bill.com says that too many calls run at once (BDC_1322).";
    BillComHourUsed "billcom-hour-used" "Bill.com says that the calls of the hour are used up (BDC_1144).";
    BillComRedirect "billcom-redirect" "Bill.com points somewhere else.";
    PeopleDuringReading "people-during-reading" "People work in Bill.com between two calls of ours.";
    MergeDuringReading "merge-during-reading" "Somebody merges two records in Bill.com between two calls of ours.";
    EqualStamps "equal-stamps" "Many records of Bill.com bear the same stamp, in an order that changes.";
    BillComClock "billcom-clock" "Bill.com's clock is wrong.";
    LateLines "late-lines" "The lines of a new document are shown later than the document.";
    CoarseFilters "coarse-filters" "Bill.com's filters on stamps are exact to the day only.";
    TypesWander "types-wander" "Bill.com prints a value now as a number, now as a text.";
    NoticeNever "notice-never" "No notice comes.";
    NoticeTwice "notice-twice" "A notice comes twice.";
    NoticeLate "notice-late" "A notice comes long after the change.";
    NoticeForged "notice-forged" "A notice is not signed with our key.";
    NoticesReordered "notices-reordered" "Notices come in another order than the changes.";
    ServerDies "server-dies" "The server's process dies between two effects.";
    ServerRestarted "server-restarted" "The server is restarted in good order.";
    CommitFails "commit-fails" "One commit fails.";
    DiskFull "disk-full" "The disk is full for a while.";
    ServerClockBack "server-clock-back" "The server's clock is set back.";
    ServerClockAhead "server-clock-ahead" "The server's clock runs ahead.";
    SettingChanged "setting-changed" "The owner changes a setting.";
    Paused "paused" "The owner pauses the company for a while.";
    SameOnBothSides "same-on-both-sides" "The same record is entered on both sides.";
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Of a thousand worlds, so many have a given fault.
const WORLDS_PER_MILLE: u32 = 180;
/// Of a thousand chances, so many are taken by a fault that a world has.
const CHANCES_PER_MILLE: u32 = 250;

/// How often each fault has happened.
pub type Coverage = BTreeMap<Fault, u64>;

/// The faults of one world.
pub(super) fn drawn(random: &mut Random) -> Vec<Fault> {
    // One world in sixteen has none: what fails there is wrong by itself.
    if random.chance(60) {
        return Vec::new();
    }
    Fault::ALL.iter().copied().filter(|_| random.chance(WORLDS_PER_MILLE)).collect()
}

/// Whether a fault takes its chance.
pub(super) fn strikes(random: &mut Random) -> bool {
    random.chance(CHANCES_PER_MILLE)
}

impl Fault {
    /// As a fault of the Web Connector and of QuickBooks behind it.
    pub(super) fn on_the_way(self, random: &mut Random) -> Option<connector::Fault> {
        use connector::Fault as Way;
        Some(match self {
            Self::AnswerLost => Way::LoseAnswer,
            Self::RequestLost => Way::CutBeforeExecution,
            Self::AnswerTwice => Way::ReceiveTwice,
            Self::AnswerAfterClose => Way::ReceiveAfterClose,
            Self::RequestTwice => Way::SendTwice,
            Self::AnswerCutShort => Way::Truncate(u8::try_from(random.below(100)).unwrap_or(50)),
            Self::AnswerGarbled => Way::Garble,
            Self::FailsAfterWork => Way::HResultAfter(HResult::new(0x8007_06BA, "The RPC server is unavailable.")),
            Self::FailsBeforeWork => Way::HResultInstead(HResult::unexpected()),
            Self::ConnectorDies => Way::CutAfterCall,
            Self::ReplyLost => Way::CutDuringCall,
            _ => return None,
        })
    }

    /// The fault that a fault of the Web Connector is.
    pub(super) const fn of_the_way(way: &connector::Fault) -> Option<Self> {
        use connector::Fault as Way;
        Some(match way {
            Way::LoseAnswer => Self::AnswerLost,
            Way::CutBeforeExecution => Self::RequestLost,
            Way::ReceiveTwice => Self::AnswerTwice,
            Way::ReceiveAfterClose => Self::AnswerAfterClose,
            Way::SendTwice => Self::RequestTwice,
            Way::Truncate(_) => Self::AnswerCutShort,
            Way::Garble => Self::AnswerGarbled,
            Way::HResultAfter(_) => Self::FailsAfterWork,
            Way::HResultInstead(_) => Self::FailsBeforeWork,
            Way::CutAfterCall => Self::ConnectorDies,
            Way::CutDuringCall => Self::ReplyLost,
            Way::CannotOpen(_) => return None,
        })
    }

    /// As a fault of Bill.com.
    pub(super) fn in_billcom(self, random: &mut Random) -> Option<(On, FaultKind)> {
        let anywhere = *random.pick(&[On::Write, On::Write, On::List, On::Read, On::Any]);
        Some(match self {
            Self::BillComCutBefore => (anywhere, FaultKind::LostBefore),
            Self::BillComCutAfter => (anywhere, FaultKind::LostAfter),
            Self::BillComPage => (anywhere, FaultKind::Html),
            Self::BillComCutShort => (anywhere, FaultKind::Truncated),
            Self::BillComFails => (anywhere, FaultKind::Status(*random.pick(&[500, 502, 503, 504]))),
            Self::BillComSlow => (anywhere, FaultKind::Slow(Duration::from_secs(200))),
            Self::SessionKilled => (anywhere, FaultKind::SessionKilled),
            Self::BillComInternal => (anywhere, FaultKind::Code("BDC_1001")),
            Self::BillComCrowded => (anywhere, FaultKind::Code("BDC_1322")),
            Self::BillComHourUsed => (anywhere, FaultKind::Code("BDC_1144")),
            Self::BillComRedirect => (anywhere, FaultKind::Redirect),
            _ => return None,
        })
    }

    /// The fault that a fault of Bill.com is.
    pub(super) fn of_billcom(kind: FaultKind) -> Option<Self> {
        Some(match kind {
            FaultKind::LostBefore => Self::BillComCutBefore,
            FaultKind::LostAfter => Self::BillComCutAfter,
            FaultKind::Html => Self::BillComPage,
            FaultKind::Truncated => Self::BillComCutShort,
            FaultKind::Status(_) => Self::BillComFails,
            FaultKind::Slow(_) => Self::BillComSlow,
            FaultKind::SessionKilled => Self::SessionKilled,
            FaultKind::Code("BDC_1001") => Self::BillComInternal,
            FaultKind::Code("BDC_1322") => Self::BillComCrowded,
            FaultKind::Code("BDC_1144") => Self::BillComHourUsed,
            FaultKind::Redirect => Self::BillComRedirect,
            _ => return None,
        })
    }

    /// The fault that a status code of QuickBooks is the sign of.
    pub(super) const fn of_status(code: u16) -> Option<Self> {
        Some(match code {
            3100 => Self::NameTaken,
            3200 => Self::StaleSequence,
            3175..=3177 => Self::RecordLocked,
            3171 => Self::PeriodClosed,
            3120 | 3130 | 3140 => Self::ReferenceInactive,
            9005 => Self::StoreFull,
            _ => return None,
        })
    }

    /// Whether it happens at a moment of its own, and not within a session or a round.
    pub(super) const fn has_its_moment(self) -> bool {
        matches!(
            self,
            Self::ConnectorAway
                | Self::SilentQuarter
                | Self::WrongPassword
                | Self::CannotOpen
                | Self::DialogOpen
                | Self::OtherFileOpen
                | Self::FileReplaced
                | Self::BackupRestored
                | Self::PeriodClosed
                | Self::NameTaken
                | Self::QuickBooksClock
                | Self::ServerRestarted
                | Self::ServerClockBack
                | Self::ServerClockAhead
                | Self::SettingChanged
                | Self::Paused
                | Self::SameOnBothSides
        )
    }
}
