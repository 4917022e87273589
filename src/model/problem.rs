//! Something a person must decide.

use super::{Fields, IntentId, ProblemId, RecordKey};
use chrono::{DateTime, Utc};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant,)+ }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word used in stored rows, JSON and on the command line.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// The one with this word.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|item| item.word() == word)
            }
        }
    };
}

words! {
    /// What sort of problem it is. Each has one help text.
    ProblemCode {
        /// Another company file is open in QuickBooks than the one this company is connected to.
        WrongCompanyFile "wrong_company_file",
        /// QuickBooks could not be opened by the Web Connector.
        QuickBooksNotOpen "quickbooks_not_open",
        /// QuickBooks refused a whole message.
        RequestRefused "request_refused",
        /// QuickBooks does not tell what became of the changes it is given.
        OutcomeUntold "outcome_untold",
        /// QuickBooks refused one change for a reason only a person can mend.
        QuickBooksRejected "quickbooks_rejected",
        /// QuickBooks made a change, but not all of it.
        QuickBooksRemarked "quickbooks_remarked",
        /// Bill.com refused one change for a reason only a person can mend.
        BillComRejected "billcom_rejected",
        /// Bill.com does not let us in.
        BillComSignIn "billcom_sign_in",
        /// Bill.com cannot be reached.
        BillComUnreachable "billcom_unreachable",
        /// Bill.com's own sync with the books may still be connected.
        OtherSync "other_sync",
        /// Bill.com's records lack fields that are relied on.
        BillComFields "billcom_fields",
        /// Bill.com no longer shows records that were known.
        BillComVanished "billcom_vanished",
        /// Bill.com has switched its notices off.
        BillComNotices "billcom_notices",
        /// Some vendor fields need a sign-in with a second factor, which a server never has.
        BillComGuardedFields "billcom_guarded_fields",
        /// Several records could be the same one.
        Ambiguous "ambiguous",
        /// One record could be the same one, but differs in money.
        MoneyDiffers "money_differs",
        /// The two sides differ in a way that is not carried.
        Difference "difference",
        /// A record stays where it was made until a person wants it on the other side too.
        NotCreated "not_created",
        /// Something is missing that a document needs.
        Incomplete "incomplete",
        /// A record cannot be expressed on the other side.
        NotExpressible "not_expressible",
        /// The same record was changed again and again while we tried.
        TooManyRounds "too_many_rounds",
        /// QuickBooks was restored from a backup.
        Restored "restored",
        /// A record could not be understood.
        Unreadable "unreadable",
        /// Bill.com does not take the book balance.
        BalanceRefused "balance_refused",
        /// A complete reading lacks many records that were known.
        ManyGone "many_gone",
        /// QuickBooks will not give one of its lists.
        ListRefused "list_refused",
        /// A setting names something that does not exist.
        BadSetting "bad_setting",
        /// An internal check failed at this record; it is set aside, everything else goes on.
        SetAside "set_aside",
    }
}

words! {
    /// What a person can do about a problem: a button on the page, a word on the command line.
    ActionId {
        /// Try again now.
        Retry "retry",
        /// Leave it as it is, for good.
        Skip "skip",
        /// These are the same: link to the candidate given.
        Link "link",
        /// None of the candidates is it: make a new one.
        CreateAnyway "create_anyway",
        /// Make it on the other side.
        Create "create",
        /// Void it on the other side too.
        Void "void",
        /// Write Bill.com's version over QuickBooks'.
        UseBillCom "use_billcom",
        /// Write QuickBooks' version over Bill.com's.
        UseQuickBooks "use_quickbooks",
        /// Take it back by a journal entry of a later day.
        Reverse "reverse",
        /// This company file is the right one from now on.
        AcceptFile "accept_file",
    }
}

impl ActionId {
    /// Whether whoever presses it may name a day; today where none is named.
    #[must_use]
    pub const fn takes_a_day(self) -> bool {
        matches!(self, Self::Reverse)
    }

    /// The label of its button.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Retry => "Try again",
            Self::Skip => "Leave as it is",
            Self::Link => "Same record: link them",
            Self::CreateAnyway => "Different: create a new one",
            Self::Create => "Create it on the other side",
            Self::Void => "Void it on the other side too",
            Self::UseBillCom => "Use Bill.com's version",
            Self::UseQuickBooks => "Use QuickBooks' version",
            Self::Reverse => "Take it back on a later day",
            Self::AcceptFile => "This is the right company file",
        }
    }
}

/// One button.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// What it does.
    pub id: ActionId,
    /// What it needs to know, such as a candidate's id; none when pressing it is enough.
    pub with: Option<String>,
}

impl Action {
    /// A button that needs nothing else.
    #[must_use]
    pub const fn plain(id: ActionId) -> Self {
        Self { id, with: None }
    }

    /// Buttons that need nothing else.
    #[must_use]
    pub fn plain_all(ids: &[ActionId]) -> Vec<Self> {
        ids.iter().copied().map(Self::plain).collect()
    }
}

/// A record that could be the one in question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Which record.
    pub key: RecordKey,
    /// What it says.
    pub fields: Fields,
}

/// Whether a problem still stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemState {
    /// A person must act, or the cause must go away.
    Open,
    /// It is over.
    Closed,
}

/// Something a person must decide. At most one open problem exists for a code and subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Row number; 0 before it is stored.
    pub id: ProblemId,
    /// What sort it is.
    pub code: ProblemCode,
    /// About which record; none for problems of the company.
    pub key: Option<RecordKey>,
    /// About which intent.
    pub intent: Option<IntentId>,
    /// One line for lists: "Bill 1042 of Acme Tools: QuickBooks has the period closed".
    pub summary: String,
    /// What happened.
    pub what_happened: String,
    /// What to do, as numbered steps.
    pub what_to_do: Vec<String>,
    /// The buttons.
    pub actions: Vec<Action>,
    /// The codes and texts of the other side, for the folded part of the page.
    pub technical: Option<String>,
    /// Whether it still stands.
    pub state: ProblemState,
    /// Since when.
    pub opened_at: DateTime<Utc>,
}
