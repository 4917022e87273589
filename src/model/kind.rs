//! Sides and kinds: where a record lives, and what it is.

use super::NativeId;
use std::fmt;
use std::str::FromStr;

/// One of the two sets of books that are kept in step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// A QuickBooks Desktop company file, reached through the Web Connector.
    QuickBooks,
    /// A Bill.com organisation, reached through its v2 API.
    BillCom,
}

impl Side {
    /// Both sides.
    pub const ALL: [Self; 2] = [Self::QuickBooks, Self::BillCom];

    /// The other side.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::QuickBooks => Self::BillCom,
            Self::BillCom => Self::QuickBooks,
        }
    }

    /// The word used in stored rows, settings and JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::QuickBooks => "quickbooks",
            Self::BillCom => "billcom",
        }
    }

    /// The name a person reads.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::QuickBooks => "QuickBooks",
            Self::BillCom => "Bill.com",
        }
    }

    /// The side with this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|side| side.word() == word)
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

macro_rules! kinds {
    ($($variant:ident $word:literal $title:literal $plural:literal $doc:literal;)+) => {
        /// What a record is, in the words of design section 2.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind { $(#[doc = $doc] $variant,)+ }

        impl Kind {
            /// Every kind there is, whether or not an entity carries it yet.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word used in stored rows and JSON: lower case, underscores.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// The name a person reads, in the singular: "vendor credit".
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)+ }
            }

            /// The name a person reads, in the plural: "vendor credits".
            #[must_use]
            pub const fn plural(self) -> &'static str {
                match self { $(Self::$variant => $plural,)+ }
            }
        }
    };
}

kinds! {
    Account "account" "account" "accounts" "An account of the chart of accounts.";
    Class "class" "class" "classes" "A QuickBooks class; a Department or accounting class in Bill.com.";
    Vendor "vendor" "vendor" "vendors" "Somebody bills come from.";
    Customer "customer" "customer" "customers" "A customer, or a job below one.";
    Item "item" "item" "items" "Something bought or sold.";
    Invoice "invoice" "invoice" "invoices" "An invoice to a customer.";
    InvoicePayment "invoice_payment" "invoice payment" "invoice payments" "Money received for invoices.";
    Bill "bill" "bill" "bills" "A vendor's bill.";
    VendorCredit "vendor_credit" "vendor credit" "vendor credits" "A credit from a vendor.";
    BillPayment "bill_payment" "bill payment" "bill payments" "Money paid for bills.";
    FundsTransfer "funds_transfer" "funds transfer" "funds transfers" "Money moved between a bank account and a clearing account.";
    Reversal "reversal" "reversal" "reversals" "A journal entry that takes back, on a later day, what was voided in a closed period.";
    BankBalance "bank_balance" "bank balance" "bank balances" "The book balance of a bank account; read only.";
}

impl FromStr for Kind {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        Self::ALL.iter().copied().find(|kind| kind.word() == word).ok_or(())
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Where QuickBooks keeps records of a kind: one sort of object, read by a question and up to a mark of its own. Most kinds have
/// one shelf; payments of bills have two, for those by cheque and those by credit card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Shelf {
    /// What the records are.
    pub kind: Kind,
    /// Which of the kind's shelves, from 0.
    pub place: u8,
}

impl Shelf {
    /// The first shelf of a kind; for most it is the only one.
    #[must_use]
    pub const fn first(kind: Kind) -> Self {
        Self { kind, place: 0 }
    }
}

/// The form in stored rows: the word of the kind, and the place behind it where it is not the first: `bill_payment.1`.
impl fmt::Display for Shelf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place {
            0 => write!(f, "{}", self.kind),
            place => write!(f, "{}.{place}", self.kind),
        }
    }
}

impl FromStr for Shelf {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        let (kind, place) = match word.split_once('.') {
            Some((kind, place)) => (kind, place.parse().map_err(|_| ())?),
            None => (word, 0),
        };
        Ok(Self { kind: kind.parse()?, place })
    }
}

/// The address of one record on one side. ListIDs are unique only within a kind of list, hence the kind (`qbxml.md` 4).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordKey {
    /// Where the record lives.
    pub side: Side,
    /// What it is.
    pub kind: Kind,
    /// Its id there.
    pub id: NativeId,
}

impl RecordKey {
    /// The address of the record with this id.
    #[must_use]
    pub const fn new(side: Side, kind: Kind, id: NativeId) -> Self {
        Self { side, kind, id }
    }
}

impl fmt::Display for RecordKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.side.title(), self.kind.title(), self.id)
    }
}
