//! Everything we know about a kind of record, one file per kind.
//!
//! [`ENTITIES`] is the table everything else loops over; its order is the order of the sync: lists before the
//! transactions that use them, parents of documents before their dependents. Adding a kind is one file, one line here
//! and its fixtures.
//!
//! **Invariant:** nothing outside this room and the crate `qbxml` names a QuickBooks object, and nothing outside this
//! room and `billcom` names a field of Bill.com's JSON.

mod account;
mod address;
mod bill;
mod bill_payment;
mod bill_payment_forms;
mod billcom;
mod class;
mod context;
mod customer;
mod document;
mod funds_transfer;
mod invoice;
mod invoice_lines;
mod invoice_payment;
mod item;
mod item_read;
mod payable;
mod quickbooks;
mod reversal;
mod rules;
mod text;
mod tree;
mod troubles;
mod vendor;
mod vendor_credit;

pub use account::{ask_balances, read_balance};
pub use context::{Context, Lineage, Partners};
pub use document::{CHANNEL, CONTROL, ONLINE, OPEN, VOIDED};
pub use payable::is_approved;
use quickbooks::Reading;
pub use reversal::{PostedTo, Posting, REVERSES, ReversalLine, account_of_item, reversal};
pub use rules::{OnEdit, OnGone, OnNew, Rules, SideRules};
pub use text::{Adaptation, adapt_name, adapt_text, adaptation, same_text, squash};

use crate::model::{DefaultRecord, Fields, Kind, NativeId, Raw, RawError, Settings, Shelf, Side, Sighting, Trouble};
use qbxml::{MessageSet, RequestId, WriteError};

/// All kinds that travel, in the order of the sync.
pub static ENTITIES: &[&dyn Entity] = &[
    &account::Account,
    &class::Class,
    &vendor::Vendor,
    &customer::Customer,
    &item::Item,
    &invoice::Invoice,
    &bill::Bill,
    &vendor_credit::VendorCredit,
    &bill_payment::BillPayment,
    &invoice_payment::InvoicePayment,
    &funds_transfer::FundsTransfer,
    &reversal::Reversal,
];

/// The entity of a kind; none for kinds that do not travel yet.
#[must_use]
pub fn entity(kind: Kind) -> Option<&'static dyn Entity> {
    ENTITIES.iter().copied().find(|entity| entity.kind() == kind)
}

/// Every shelf of QuickBooks, in the order of the sync.
pub fn shelves() -> impl Iterator<Item = Shelf> {
    ENTITIES.iter().flat_map(|entity| shelves_of(*entity))
}

/// The shelves of a kind.
pub fn shelves_of(entity: &dyn Entity) -> impl Iterator<Item = Shelf> + use<> {
    let kind = entity.kind();
    (0..entity.shelves()).map(move |place| Shelf { kind, place })
}

/// The place of a kind in the order of the sync.
#[must_use]
pub fn rank(kind: Kind) -> usize {
    ENTITIES.iter().position(|entity| entity.kind() == kind).unwrap_or(usize::MAX)
}

/// How alike two records are, whichever side the first one belongs to.
#[must_use]
pub fn likeness(entity: &dyn Entity, side: Side, own: &Fields, other: &Fields, partners: &Partners) -> Likeness {
    match side {
        Side::QuickBooks => entity.compare(own, other, partners),
        Side::BillCom => entity.compare(other, own, partners),
    }
}

/// The id that stands for an application which makes no transaction of its own: QuickBooks gives it none.
#[must_use]
pub fn application_id(mark: &str) -> Option<NativeId> {
    NativeId::new(format!("{APPLICATION}{mark}")).ok()
}

/// Whether an id stands for an application: nothing in QuickBooks is found by it.
#[must_use]
pub fn is_application(id: &NativeId) -> bool {
    id.as_str().starts_with(APPLICATION)
}

const APPLICATION: &str = "applied:";

/// A name with a suffix behind it, within what QuickBooks keeps of a name.
#[must_use]
pub fn with_suffix(entity: &dyn Entity, name: &str, suffix: &str) -> String {
    let chars_max = entity.fields().iter().find(|spec| spec.name == "name").map_or(0, |spec| spec.quickbooks_chars_max);
    let room = chars_max.saturating_sub(suffix.chars().count());
    format!("{}{suffix}", adapt_name(name, room))
}

/// A record as it is called where its name is taken in another list of QuickBooks; none for kinds that get no suffix.
#[must_use]
pub fn suffixed(entity: &dyn Entity, fields: &Fields, settings: &Settings) -> Option<Fields> {
    let name = with_suffix(entity, fields.text("name")?, entity.name_suffix(settings)?);
    let mut renamed = fields.clone();
    renamed.set_text("name", Some(name));
    Some(renamed)
}

/// The same, from QuickBooks' side: without the suffix; none when it has none.
#[must_use]
pub fn unsuffixed(entity: &dyn Entity, fields: &Fields, settings: &Settings) -> Option<Fields> {
    let name = fields.text("name")?.strip_suffix(entity.name_suffix(settings)?)?.to_owned();
    let mut renamed = fields.clone();
    renamed.set_text("name", Some(name));
    Some(renamed)
}

/// One canonical field.
#[derive(Debug)]
pub struct FieldSpec {
    /// Its name.
    pub name: &'static str,
    /// What people call it.
    pub label: &'static str,
    /// How many characters QuickBooks keeps of it (`qbxml-fields.json`); 0 for fields that are no text.
    pub quickbooks_chars_max: usize,
    /// A name of a list: QuickBooks allows no colon in it (3090).
    pub is_name: bool,
    /// Part of the identity: when two records are recognised as the same, each side keeps its own spelling.
    pub identity: bool,
    /// The fields of a line, for a field that holds lines.
    pub line: &'static [Self],
}

impl FieldSpec {
    /// A text of which QuickBooks keeps `chars_max` characters.
    #[must_use]
    pub const fn text(name: &'static str, label: &'static str, chars_max: usize) -> Self {
        Self { name, label, quickbooks_chars_max: chars_max, is_name: false, identity: false, line: &[] }
    }

    /// The name of a list record, which is part of its identity.
    #[must_use]
    pub const fn name(chars_max: usize) -> Self {
        Self { is_name: true, identity: true, ..Self::text("name", "Name", chars_max) }
    }

    /// A flag, amount, date or reference.
    #[must_use]
    pub const fn value(name: &'static str, label: &'static str) -> Self {
        Self::text(name, label, 0)
    }

    /// Lines.
    #[must_use]
    pub const fn lines(name: &'static str, label: &'static str, line: &'static [Self]) -> Self {
        Self { name, label, quickbooks_chars_max: 0, is_name: false, identity: false, line }
    }

    /// The same field as part of the identity.
    #[must_use]
    pub const fn identity(self) -> Self {
        Self { identity: true, ..self }
    }
}

/// How alike a record of QuickBooks and one of Bill.com are that share an identity key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// Two different things.
    Different,
    /// Perhaps the same thing, but it differs in money or in a part of its identity: a person decides.
    Doubtful,
    /// The same thing.
    Same,
}

/// What QuickBooks calls the deleted records of a kind (`ListDelType`, `TxnDelType`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeletedTypes {
    /// Records of lists.
    List(&'static [&'static str]),
    /// Transactions.
    Transaction(&'static [&'static str]),
    /// QuickBooks does not tell when one is deleted. What its records are called all the same.
    Unlisted(&'static [&'static str]),
}

impl DeletedTypes {
    /// The types of lists.
    #[must_use]
    pub const fn lists(self) -> &'static [&'static str] {
        match self {
            Self::List(types) => types,
            Self::Transaction(_) | Self::Unlisted(_) => &[],
        }
    }

    /// The types of transactions.
    #[must_use]
    pub const fn transactions(self) -> &'static [&'static str] {
        match self {
            Self::Transaction(types) => types,
            Self::List(_) | Self::Unlisted(_) => &[],
        }
    }

    /// Whether a word of QuickBooks means this kind.
    #[must_use]
    pub fn has(self, word: &str) -> bool {
        self.lists().contains(&word) || self.transactions().contains(&word)
    }
}

/// Whether records of an element of QuickBooks, such as `VendorRet`, are carried.
#[must_use]
pub fn is_carried(element: &str) -> bool {
    let Some(word) = element.strip_suffix("Ret") else { return false };
    ENTITIES.iter().any(|entity| match entity.deleted_types() {
        DeletedTypes::List(words) | DeletedTypes::Transaction(words) | DeletedTypes::Unlisted(words) => {
            words.contains(&word)
        }
    })
}

/// What QuickBooks is asked about one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// All that changed since a local time mark; everything without one. Starts an iterator where there is one.
    Changed {
        /// The mark, as QuickBooks wrote it, without offset.
        since: Option<String>,
        /// Records in a page; everything in one answer, without an iterator, where there is none.
        page_max: Option<u32>,
    },
    /// The next page of an iterator over the same filter.
    Continue {
        /// The mark of the first page.
        since: Option<String>,
        /// The iterator.
        iterator_id: String,
        /// Records in the page.
        page_max: u32,
    },
    /// One record by its id.
    ById(NativeId),
    /// Records that could be this one: by name for lists, by number for transactions.
    Like(Box<Fields>),
    /// A name in every name list that shares names with this kind.
    Named(String),
}

/// What is written, with references already translated to the target side.
#[derive(Debug)]
pub struct Write<'a> {
    /// Everything for a create, the changed fields for an update.
    pub fields: &'a Fields,
    /// Fields to be emptied.
    pub cleared: &'a [String],
    /// The record as it stands on the target side; none for a create.
    pub current: Option<&'a Sighting>,
    /// The record as Bill.com gave it a moment ago, for an update there: what is sent again is sent as it was.
    pub raw: Option<&'a Raw>,
    /// The mark by which it can be found again.
    pub mark: uuid::Uuid,
    /// The QuickBooks account on which the document is booked as a whole, where settings or the books name one.
    pub control_account: Option<&'a NativeId>,
    /// The company's settings.
    pub settings: &'a Settings,
}

impl Write<'_> {
    /// Whether a field is written or emptied.
    #[must_use]
    pub fn touches(&self, name: &str) -> bool {
        self.fields.has(name) || self.clears(name)
    }

    /// Whether a field is emptied.
    #[must_use]
    pub fn clears(&self, name: &str) -> bool {
        self.cleared.iter().any(|cleared| cleared == name)
    }

    /// The record as it will stand: the current fields with the change applied.
    #[must_use]
    pub fn result(&self) -> Fields {
        let mut all = self.current.map_or_else(Fields::new, |sighting| sighting.fields.clone());
        for (name, value) in self.fields.iter() {
            all.set(name.clone(), Some(value.clone()));
        }
        for name in self.cleared {
            all.set(crate::model::FieldName::stored(name.clone()), None);
        }
        all
    }
}

/// A record that cannot be expressed in a side's words.
#[derive(Debug, thiserror::Error)]
pub enum NotExpressible {
    /// QuickBooks has no place for it.
    #[error("{0}")]
    Reason(&'static str),
    /// A value does not fit a field of qbXML.
    #[error("a value does not fit qbXML")]
    Value(#[from] qbxml::ValueError),
    /// The request cannot be written.
    #[error("the request cannot be written")]
    Write(#[from] WriteError),
}

/// A qbXML request whose type is not known to the caller.
pub trait AnyRequest {
    /// Adds it to a message set.
    ///
    /// # Errors
    /// [`WriteError`] when it does not fit the version or a limit; the set is unchanged then.
    fn push(&self, set: &mut MessageSet, id: &RequestId) -> Result<(), WriteError>;
}

impl<R: qbxml::Request> AnyRequest for R {
    fn push(&self, set: &mut MessageSet, id: &RequestId) -> Result<(), WriteError> {
        set.push(id, self).map(|_| ())
    }
}

/// Why a new record is not made on the other side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HoldBack {
    /// It never is: it lies before the start date, or has had its effect there.
    Never,
    /// Not unless a person wants it: it may have had its effect there before, and nothing shows whether it has.
    Ask(Box<Trouble>),
    /// Not until something happens, in words.
    Until(String),
}

/// How a record stands in its own ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is part of it.
    Booked,
    /// It is announced there: by the settings, or because no money has moved, it is not part of it yet.
    Announced,
    /// It is no part of it: gone, or a draft.
    Out,
}

/// An entity of Bill.com that holds records of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BillComHome {
    /// The name of the v2 entity.
    pub entity: &'static str,
    /// Whether its child rows are asked for.
    pub nested: bool,
}

impl BillComHome {
    /// An entity whose rows stand alone.
    #[must_use]
    pub const fn flat(entity: &'static str) -> Self {
        Self { entity, nested: false }
    }

    /// An entity that is read together with its child rows.
    #[must_use]
    pub const fn nested(entity: &'static str) -> Self {
        Self { entity, nested: true }
    }
}

/// An account of QuickBooks on which every document of a kind is booked as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ControlAccount {
    /// Accounts payable.
    Payables,
    /// Accounts receivable.
    Receivables,
}

impl ControlAccount {
    /// Every one.
    pub const ALL: [Self; 2] = [Self::Payables, Self::Receivables];

    /// The setting that names it.
    #[must_use]
    pub const fn setting(self) -> &'static str {
        match self {
            Self::Payables => "payables_account",
            Self::Receivables => "receivables_account",
        }
    }

    /// The account type of QuickBooks that such an account has.
    #[must_use]
    pub const fn account_type(self) -> &'static str {
        match self {
            Self::Payables => "AccountsPayable",
            Self::Receivables => "AccountsReceivable",
        }
    }
}

/// Everything we know about one kind of record.
pub trait Entity: Sync {
    /// Which kind.
    fn kind(&self) -> Kind;

    /// Which way it moves.
    fn rules(&self, settings: &Settings) -> Rules;

    /// Its canonical fields.
    fn fields(&self) -> &'static [FieldSpec];

    /// What a person calls it: "Acme Tools", "1042 of Acme Tools".
    fn title(&self, fields: &Fields) -> String;

    /// The field that points to whom a document belongs, named in its title: "1042 of Acme Tools".
    fn owner(&self) -> Option<&'static str> {
        None
    }

    /// Keys under which it can be looked up on the other side; two records that are the same share at least one.
    fn keys(&self, fields: &Fields) -> Vec<String>;

    /// How alike two records are that share a key.
    fn compare(&self, quickbooks: &Fields, billcom: &Fields, partners: &Partners) -> Likeness;

    /// Whether Bill.com shows all of a record. The lines of a new document may come a moment after it; a change that was
    /// sent without them would be refused, or take them away.
    fn is_whole(&self, _raw: &Raw) -> bool {
        true
    }

    /// The field that points to the parent record, for kinds that form trees.
    fn parent(&self) -> Option<&'static str> {
        None
    }

    /// Whether names of this kind are unique, so that a linked record of the same key has taken the name.
    fn names_are_unique(&self) -> bool {
        true
    }

    /// Makes a new record complete for the other side (default accounts), or says what is missing.
    ///
    /// # Errors
    /// [`Trouble`] that a person must mend.
    fn complete(&self, source: &Sighting, _context: &Context) -> Result<Fields, Box<Trouble>> {
        Ok(source.fields.clone())
    }

    /// Adds to a record what it says only together with other records, before anything is decided about it.
    fn prepare(&self, _sighting: &mut Sighting, _context: &Context) {}

    /// What a pair keeps of how its Bill.com record was read when the two were joined: a setting that is changed later counts
    /// for new records only.
    fn kept(&self) -> &'static [&'static str] {
        &[]
    }

    /// Whether a new record makes no transaction in QuickBooks, but only uses what is there (`qbxml.md` 6, SetCredit): no id
    /// comes back, and no query shows it. Its partner is the application itself, [`application_id`].
    fn only_applies(&self, _fields: &Fields) -> bool {
        false
    }

    /// Why a new record of this kind is not made on the other side; none when it is.
    fn holds_back(&self, _source: &Sighting, _context: &Context) -> Option<HoldBack> {
        None
    }

    /// How a record without a partner stands in its own ledger; one that has a partner is booked on both sides.
    fn standing(&self, sighting: &Sighting, _context: &Context) -> Standing {
        document::standing(sighting)
    }

    /// The suffix put behind a name that another name list has taken.
    fn name_suffix<'a>(&self, _settings: &'a Settings) -> Option<&'a str> {
        None
    }

    /// Fields that Bill.com lets only a person with a second factor change (`billcom.md` 1, MFA).
    fn guarded_fields(&self) -> &'static [&'static str] {
        &[]
    }

    /// Where Bill.com keeps records of this kind. Each is read by itself; ids are unique across them.
    fn homes(&self, settings: &Settings) -> &'static [BillComHome];

    /// Which of its homes a record belongs to.
    fn home(&self, _fields: &Fields, settings: &Settings) -> BillComHome {
        self.homes(settings)[0]
    }

    /// The field that both sides compute, each in its own way: when it differs although nothing was edited, people see it.
    fn total(&self) -> Option<&'static str> {
        None
    }

    /// The account on which QuickBooks books a document of this kind as a whole; none for lists and for what names its accounts.
    fn control_account(&self) -> Option<ControlAccount> {
        None
    }

    /// The accounts and items, named in the settings, that complete a record of this kind.
    fn defaults(&self) -> &'static [DefaultRecord] {
        &[]
    }

    /// Reads a record of Bill.com.
    ///
    /// # Errors
    /// [`RawError`] naming the field that could not be understood.
    fn read_billcom(&self, raw: &Raw, settings: &Settings) -> Result<Sighting, RawError>;

    /// Further records that a record of Bill.com stands for.
    ///
    /// # Errors
    /// [`RawError`] naming the field that could not be understood.
    fn followers(&self, _raw: &Raw, _settings: &Settings) -> Result<Vec<Sighting>, RawError> {
        Ok(Vec::new())
    }

    /// Writes a record for Bill.com: the `obj` of a Create or Update call.
    fn write_billcom(&self, write: &Write<'_>) -> Raw;

    /// Asks QuickBooks about the records of the first shelf: for most kinds, all there are.
    ///
    /// # Errors
    /// [`NotExpressible`] when the question cannot be put in qbXML.
    fn ask_quickbooks(&self, ask: &Ask) -> Result<Box<dyn AnyRequest>, NotExpressible>;

    /// How many shelves QuickBooks keeps records of this kind on. Ids are unique across them.
    fn shelves(&self) -> u8 {
        1
    }

    /// The place of the shelf that a record stands on, or will stand on.
    fn shelf_of(&self, _fields: &Fields) -> u8 {
        0
    }

    /// Asks QuickBooks about the records of one shelf.
    ///
    /// # Errors
    /// [`NotExpressible`] when the question cannot be put in qbXML.
    fn ask_shelf(&self, _place: u8, ask: &Ask) -> Result<Box<dyn AnyRequest>, NotExpressible> {
        self.ask_quickbooks(ask)
    }

    /// The most records of it that one page of an iterator holds; none where [`Ask::Changed`] starts no iterator.
    fn page_max(&self) -> Option<u32>;

    /// Reads a record of QuickBooks; none when it is not of this kind. Gives the sighting and its `TimeModified` as local text.
    fn read_quickbooks(&self, record: &qbxml::Record) -> Option<(Sighting, String)>;

    /// Writes a record for QuickBooks.
    ///
    /// # Errors
    /// [`NotExpressible`] when QuickBooks has no place for it.
    fn write_quickbooks(&self, write: &Write<'_>) -> Result<Box<dyn AnyRequest>, NotExpressible>;

    /// The request that voids a transaction as it stands.
    ///
    /// # Errors
    /// [`NotExpressible`] for lists, which cannot be voided.
    fn void_quickbooks(&self, _standing: &Sighting) -> Result<Box<dyn AnyRequest>, NotExpressible> {
        Err(NotExpressible::Reason("a record of a list cannot be voided"))
    }

    /// What voiding a transaction leaves in force in QuickBooks, and only a person can take back there; by the record of Bill.com
    /// that both sides agreed on.
    fn left_by_void(&self, _agreed: &Fields, _context: &Context) -> Option<Trouble> {
        None
    }

    /// What a transaction books, as QuickBooks shows it: debits and credits that add up to nothing. None for what is not taken
    /// back by a journal entry.
    fn booked(&self, _standing: &Fields) -> Vec<Posting> {
        Vec::new()
    }

    /// Whether QuickBooks is asked about records of this kind only once there is one to carry.
    fn is_asked_for_only_where_wanted(&self) -> bool {
        false
    }

    /// What QuickBooks calls records of this kind in its lists of deleted ones; none for what it does not list.
    fn deleted_types(&self) -> DeletedTypes;
}
