//! Reversal: what a void is in a closed period. Bill.com voids a document, QuickBooks has closed the books over it (3171), and a
//! person has it taken back on a later day: QuickBooks then gets a `JournalEntry` that books everything the document booked the
//! other way round, and the document stays as it is.
//!
//! The record on Bill.com's side is ours: it is made when the button is pressed, out of what QuickBooks shows of the document,
//! and Bill.com never hears of it. It names what it takes back, so that `check` counts the document as taken back for as long as
//! its entry stands.
//!
//! QuickBooks is asked about journal entries only once there is a reversal to carry: not everybody's user may see them. Of those
//! it has, only the ones numbered as reversals are asked for.
//!
//! Identity: number, amount and name; another date makes it doubtful.

use super::{
    AnyRequest, Ask, BillComHome, DeletedTypes, Entity, FieldSpec, Likeness, NotExpressible, OnEdit, OnGone, OnNew,
    Partners, Reading, Rules, SideRules, Write, document, quickbooks, squash,
};
use crate::limits::TRANSACTION_PAGE_MAX;
use crate::model::{
    Fields, Kind, Life, Money, NativeId, Raw, RawError, RecordKey, Reference, Settings, Side, Sighting, Value,
};
use chrono::NaiveDate;
use qbxml::entity::{
    DebitOrCreditAdd, DebitOrCreditRet, JournalEntryAdd, JournalEntryQuery, JournalEntryRet, JournalLineAdd,
};
use qbxml::query::{RefNumberFilter, RefNumberMatch, TxnSelection, TxnWhere};
use qbxml::types::{BillableStatus, MatchCriterion};
use qbxml::{ExternalGuid, QbText, Record};

/// See the module.
#[derive(Debug)]
pub(super) struct Reversal;

/// How much QuickBooks keeps of the number of a journal entry.
const NUMBER_MAX: usize = 11;
/// How the numbers of reversals begin.
const NUMBER_BEGINS: &str = "REV-";

static LINE: &[FieldSpec] = &[
    FieldSpec::value("account", "Account"),
    FieldSpec::value("amount", "Debit, or credit where negative"),
    FieldSpec::value("name", "Name"),
    FieldSpec::value("class", "Class"),
];

static FIELDS: &[FieldSpec] = &[
    FieldSpec::text("number", "Number", NUMBER_MAX),
    FieldSpec::value("date", "Date"),
    FieldSpec::value("amount", "Amount"),
    FieldSpec::text("memo", "Memo", 4095),
    FieldSpec::lines("lines", "Debits and credits", LINE),
];

/// The vendor or customer of the document, whose account with us it moves.
const PARTY: &str = "party";
/// Everybody that QuickBooks shows in the entry: ids that do not tell what they are of.
const PARTY_IDS: &str = "party_ids";
/// What it takes back, for a person.
const OF: &str = "of";
/// The record of Bill.com that it takes back.
pub const REVERSES: &str = "reverses";

/// One side of what a document booked in QuickBooks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posting {
    /// Where.
    pub to: PostedTo,
    /// A debit; a credit where it is negative.
    pub amount: Money,
    /// Vendor, customer or job.
    pub name: Option<Reference>,
    /// Class.
    pub class: Option<Reference>,
}

/// Where a document booked an amount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PostedTo {
    /// On this account.
    Account(Reference),
    /// On the account of this item: of the two it may have, the one for buying or the one for selling.
    Item {
        /// The item.
        item: Reference,
        /// Whether it was bought.
        bought: bool,
    },
    /// On accounts payable or receivable.
    Control,
}

impl Posting {
    /// What a document books as a whole on accounts payable or receivable, for whom it belongs to.
    fn control(fields: &Fields, owner: &str, amount: Money) -> Self {
        Self { to: PostedTo::Control, amount, name: fields.reference(owner).cloned(), class: None }
    }

    /// What a bill books: each line as a debit, and against them what is owed to the vendor. A vendor credit is the reverse.
    pub(super) fn of_purchase(fields: &Fields, is_credit: bool) -> Vec<Self> {
        Self::of_lines(fields, "vendor", !is_credit, true)
    }

    /// What an invoice books: each line as a credit, and against them what the customer owes.
    pub(super) fn of_sale(fields: &Fields) -> Vec<Self> {
        Self::of_lines(fields, "customer", false, false)
    }

    fn of_lines(fields: &Fields, owner: &str, is_debit: bool, bought: bool) -> Vec<Self> {
        let signed = |amount: Money| if is_debit { amount } else { amount.negated() };
        let total = fields.money("amount").unwrap_or(Money::ZERO);
        let mut postings = vec![Self::control(fields, owner, signed(total).negated())];
        for line in fields.lines("lines") {
            let item = line.reference("item").cloned().map(|item| PostedTo::Item { item, bought });
            let Some(to) = item.or_else(|| line.reference("account").cloned().map(PostedTo::Account)) else { continue };
            postings.push(Self {
                to,
                amount: signed(line.money("amount").unwrap_or(Money::ZERO)),
                name: line.reference("customer").cloned(),
                class: line.reference("class").cloned(),
            });
        }
        postings
    }

    /// What a payment books: its amount on its account, and against it on the control account.
    pub(super) fn of_payment(fields: &Fields, owner: &str, is_received: bool) -> Vec<Self> {
        let amount = fields.money("amount").unwrap_or(Money::ZERO);
        let on_account = if is_received { amount } else { amount.negated() };
        let account = fields.reference("account").cloned().map(PostedTo::Account);
        let paid = account.map(|to| Self { to, amount: on_account, name: None, class: None });
        std::iter::once(Self::control(fields, owner, on_account.negated())).chain(paid).collect()
    }
}

/// The account on which an item books, by what QuickBooks says of the item; none where more than one account is moved, as by
/// what is kept in stock.
#[must_use]
pub fn account_of_item(item: &Fields, bought: bool) -> Option<Reference> {
    let plain = matches!(item.text("type"), Some("Service" | "NonInventory" | "OtherCharge" | "Discount"));
    let for_buying = item.reference("expense_account").filter(|_| bought);
    for_buying.or(item.reference("account")).filter(|_| plain).cloned()
}

/// A line of a journal entry, with references of Bill.com.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReversalLine {
    /// The account.
    pub account: Reference,
    /// A debit; a credit where it is negative.
    pub amount: Money,
    /// Vendor, customer or job.
    pub name: Option<Reference>,
    /// Class.
    pub class: Option<Reference>,
}

/// The record of Bill.com's side that takes a document back on a day.
///
/// The lines are what the entry is to book; the first is the one on accounts payable or receivable.
#[must_use]
pub fn reversal(
    id: NativeId,
    document: &RecordKey,
    title: &str,
    number: Option<&str>,
    date: NaiveDate,
    lines: &[ReversalLine],
) -> Sighting {
    let debits = lines.iter().map(|line| line.amount).filter(|amount| !amount.is_negative());
    let kept = NUMBER_MAX - NUMBER_BEGINS.len();
    let number: String = number.unwrap_or_default().chars().take(kept).collect();
    let mut fields = Fields::new();
    fields.set_text("number", Some(format!("{NUMBER_BEGINS}{number}")));
    fields.set("date", Some(Value::Date(date)));
    fields.set("amount", Money::checked_sum(debits).map(Value::Money));
    fields.set_text("memo", Some(format!("Takes back {title}, voided in Bill.com")));
    fields.set_text(OF, Some(title));
    fields.set(PARTY, lines.first().and_then(|line| line.name.clone()).map(Value::Ref));
    fields.set(REVERSES, Some(Value::Ref(Reference { kind: document.kind, id: document.id.clone() })));
    let row = |line: &ReversalLine| {
        let mut row = Fields::new();
        row.set("account", Some(Value::Ref(line.account.clone())));
        row.set("amount", Some(Value::Money(line.amount)));
        row.set("name", line.name.clone().map(Value::Ref));
        row.set("class", line.class.clone().map(Value::Ref));
        row
    };
    fields.set("lines", Some(Value::Lines(lines.iter().map(row).collect())));
    Sighting {
        key: RecordKey::new(Side::BillCom, Kind::Reversal, id),
        version: date.to_string(),
        fields,
        life: Life::Alive,
        merged_into: None,
        hold: None,
        mark: None,
        line_ids: Vec::new(),
    }
}

impl Entity for Reversal {
    fn kind(&self) -> Kind {
        Kind::Reversal
    }

    fn rules(&self, _settings: &Settings) -> Rules {
        Rules {
            quickbooks: SideRules { new: OnNew::Stay, edited: OnEdit::Ignore, gone: OnGone::Again },
            billcom: SideRules { new: OnNew::Create, edited: OnEdit::Ignore, gone: OnGone::Ignore },
        }
    }

    fn fields(&self) -> &'static [FieldSpec] {
        FIELDS
    }

    fn title(&self, fields: &Fields) -> String {
        let date = fields.date("date").map(|date| format!(" on {date}")).unwrap_or_default();
        fields.text(OF).map_or_else(|| document::title(fields), |of| format!("of {of}{date}"))
    }

    fn keys(&self, fields: &Fields) -> Vec<String> {
        let (Some(number), Some(amount)) = (fields.text("number"), fields.money("amount")) else { return Vec::new() };
        vec![format!("reversal:{}|{amount}", squash(number, NUMBER_MAX))]
    }

    fn compare(&self, quickbooks: &Fields, billcom: &Fields, partners: &Partners) -> Likeness {
        let number = |fields: &Fields| fields.text("number").map(|number| squash(number, NUMBER_MAX));
        let name = billcom.reference(PARTY).and_then(|name| partners.of(Side::BillCom, name));
        let alike = number(quickbooks) == number(billcom)
            && quickbooks.money("amount") == billcom.money("amount")
            && name.is_some_and(|name| {
                quickbooks.text(PARTY_IDS).is_some_and(|ids| ids.split(' ').any(|id| id == name.as_str()))
            });
        match (alike, quickbooks.date("date") == billcom.date("date")) {
            (true, true) => Likeness::Same,
            (true, false) => Likeness::Doubtful,
            (false, _) => Likeness::Different,
        }
    }

    fn names_are_unique(&self) -> bool {
        false
    }

    fn is_asked_for_only_where_wanted(&self) -> bool {
        true
    }

    fn homes(&self, _settings: &Settings) -> &'static [BillComHome] {
        &[]
    }

    /// Bill.com has none.
    fn read_billcom(&self, raw: &Raw, _settings: &Settings) -> Result<Sighting, RawError> {
        unreachable!("invariant: reversals have no home in Bill.com, and {:?} was read", raw.id().ok())
    }

    /// Reversals are never written to Bill.com.
    fn write_billcom(&self, write: &Write<'_>) -> Raw {
        super::billcom::begin("Reversal", write)
    }

    fn ask_quickbooks(&self, ask: &Ask) -> Result<Box<dyn AnyRequest>, NotExpressible> {
        let reading = Reading::of(ask)?;
        let ours = || {
            let filter =
                RefNumberFilter { match_criterion: MatchCriterion::StartsWith, ref_number: NUMBER_BEGINS.to_owned() };
            Some(RefNumberMatch::Part(filter))
        };
        let selection = match ask {
            Ask::Changed { .. } | Ask::Continue { .. } => TxnSelection::Where(TxnWhere {
                max_returned: reading.max_returned,
                dates: reading.modified(),
                ref_number: ours(),
                ..TxnWhere::default()
            }),
            Ask::ById(id) => document::by_id(id)?,
            Ask::Like(fields) => document::by_number::<_, NUMBER_MAX>(fields),
            Ask::Named(_) => return Err(NotExpressible::Reason("journal entries have numbers, not names")),
        };
        let include_line_items = Some(true);
        Ok(Box::new(JournalEntryQuery {
            paging: reading.paging,
            selection,
            include_line_items,
            ..JournalEntryQuery::default()
        }))
    }

    fn page_max(&self) -> Option<u32> {
        Some(TRANSACTION_PAGE_MAX)
    }

    fn read_quickbooks(&self, record: &Record) -> Option<(Sighting, String)> {
        let Record::JournalEntry(ret) = record else { return None };
        Some((seen_in_quickbooks(ret)?, quickbooks::stamp(ret.time_modified.as_ref())))
    }

    fn write_quickbooks(&self, write: &Write<'_>) -> Result<Box<dyn AnyRequest>, NotExpressible> {
        if write.current.is_some() {
            return Err(NotExpressible::Reason("A reversal is never changed once it is booked."));
        }
        let fields = write.fields;
        let date = fields.date("date").ok_or(NotExpressible::Reason("The reversal has no date."))?;
        let memo = quickbooks::text(fields, "memo");
        let lines = fields.lines("lines").iter().map(|line| new_line(line, memo.as_ref())).collect::<Result<_, _>>()?;
        let mut add = JournalEntryAdd::new(quickbooks::date(date)?, lines);
        add.ref_number = quickbooks::text(fields, "number");
        add.external_guid = Some(ExternalGuid::new(&quickbooks::guid(write.mark))?);
        Ok(Box::new(add))
    }

    fn deleted_types(&self) -> DeletedTypes {
        DeletedTypes::Transaction(&["JournalEntry"])
    }
}

fn new_line(line: &Fields, memo: Option<&QbText<4095>>) -> Result<DebitOrCreditAdd, NotExpressible> {
    let amount = line.money("amount").ok_or(NotExpressible::Reason("A line of the reversal has no amount."))?;
    let account = quickbooks::required(line, "account", "A line of the reversal names no account.")?;
    let name = line.reference("name");
    let mut row = JournalLineAdd::new(account, quickbooks::amount(amount.abs())?);
    row.memo = memo.cloned();
    row.entity_ref = quickbooks::list_ref(name)?;
    row.class_ref = quickbooks::list_ref(line.reference("class"))?;
    // What is taken back is not passed on to the customer.
    let customer = name.is_some_and(|name| name.kind == Kind::Customer);
    row.billable_status = customer.then_some(BillableStatus::NotBillable);
    Ok(if amount.is_negative() { DebitOrCreditAdd::Credit(row) } else { DebitOrCreditAdd::Debit(row) })
}

fn seen_in_quickbooks(ret: &JournalEntryRet) -> Option<Sighting> {
    let id = quickbooks::native(ret.txn_id.as_ref()?.as_str())?;
    let (mut lines, mut debits, mut names) = (Vec::new(), Vec::new(), Vec::new());
    for row in &ret.line {
        let (row, is_debit) = match row {
            DebitOrCreditRet::Debit(row) => (row, true),
            DebitOrCreditRet::Credit(row) => (row, false),
        };
        let amount = row.amount.as_ref().map_or(Money::ZERO, quickbooks::money);
        debits.extend(is_debit.then_some(amount));
        names.extend(row.entity_ref.as_ref().and_then(|name| name.list_id.as_ref()).map(|id| id.as_str().to_owned()));
        let mut line = Fields::new();
        line.set("account", quickbooks::reference(Kind::Account, row.account_ref.as_ref()));
        line.set("amount", Some(Value::Money(if is_debit { amount } else { amount.negated() })));
        line.set("class", quickbooks::reference(Kind::Class, row.class_ref.as_ref()));
        lines.push(line);
    }
    let memo = ret.line.iter().find_map(|row| match row {
        DebitOrCreditRet::Debit(row) | DebitOrCreditRet::Credit(row) => row.memo.clone(),
    });
    let mut fields = Fields::new();
    fields.set_text("number", ret.ref_number.as_deref());
    fields.set("date", ret.txn_date.as_ref().map(|date| Value::Date(date.day())));
    fields.set("amount", Money::checked_sum(debits).map(Value::Money));
    fields.set_text("memo", memo);
    fields.set_text(PARTY_IDS, Some(names.join(" ")));
    fields.set("lines", Some(Value::Lines(lines)));
    Some(Sighting {
        key: RecordKey::new(Side::QuickBooks, Kind::Reversal, id),
        version: quickbooks::version(ret.edit_sequence.as_ref()),
        fields,
        life: Life::Alive,
        merged_into: None,
        hold: None,
        mark: quickbooks::seen_mark(ret.external_guid.as_ref()),
        line_ids: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reference(kind: Kind, id: &str) -> Reference {
        Reference { kind, id: NativeId::new(id).expect("an id") }
    }

    /// Goods have an account for selling and one for buying: what goes back to a vendor was bought.
    #[test]
    fn what_is_credited_by_a_vendor_stands_where_it_was_bought() {
        let goods = Fields::new()
            .with("type", Value::Text("NonInventory".to_owned()))
            .with("account", Value::Ref(reference(Kind::Account, "sold")))
            .with("expense_account", Value::Ref(reference(Kind::Account, "bought")));
        let line = Fields::new()
            .with("item", Value::Ref(reference(Kind::Item, "goods")))
            .with("amount", Value::Money(Money::from_cents(500)));
        let document =
            Fields::new().with("amount", Value::Money(Money::from_cents(500))).with("lines", Value::Lines(vec![line]));
        let booked = [
            Posting::of_purchase(&document, false),
            Posting::of_purchase(&document, true),
            Posting::of_sale(&document),
        ];
        let told = booked.map(|postings| {
            let [control, line] = postings.try_into().expect("two");
            let PostedTo::Item { bought, .. } = line.to else { panic!("{line:?}") };
            let account = account_of_item(&goods, bought).expect("an account").id;
            (control.amount.cents(), line.amount.cents(), account.as_str().to_owned())
        });
        let expected = [(-500, 500, "bought"), (500, -500, "bought"), (500, -500, "sold")];
        assert_eq!(told, expected.map(|(control, line, account)| (control, line, account.to_owned())));
    }
}
