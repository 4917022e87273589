//! What bills and vendor credits have in common: their lines, and what each side makes of them.
//!
//! QuickBooks keeps expense lines before item lines (`qbxml.md` 6), so the mix a person typed in Bill.com cannot be kept.
//! The canonical order is QuickBooks': lines by account, then lines by item, each in the order in which they were entered.
//!
//! QuickBooks has no header amount: the total is the sum of the lines. A document whose lines do not add up to what Bill.com
//! says is therefore never written.

use super::{Context, FieldSpec, HoldBack, NotExpressible, Standing, Write, document, quickbooks, tree, troubles};
use crate::model::{
    BillFilter, ClassDimension, DefaultRecord, Fields, JobShape, Kind, Money, Raw, RawError, Settings, Side, Sighting,
    Trouble, Value,
};
use qbxml::entity::{
    ExpenseLineAdd, ExpenseLineMod, ExpenseLineRet, ItemLineAdd, ItemLineMod, ItemLineRet, ItemOrGroupMod,
    ItemOrGroupRet, UnlinkedItemLineAdd,
};
use qbxml::types::BillableStatus;
use qbxml::{Amount, Change, ListRef, QbText, Quantity, TxnLineId};

/// The fields of a line.
pub(super) static LINE: &[FieldSpec] = &[
    FieldSpec::value("account", "Account"),
    FieldSpec::value("item", "Item"),
    FieldSpec::value("quantity", "Quantity"),
    FieldSpec::value("amount", "Amount"),
    FieldSpec::text("memo", "Description", 4095),
    FieldSpec::value("class", "Class"),
    FieldSpec::value("customer", "Customer"),
    FieldSpec::value("billable", "Billable"),
];

/// How much of a description QuickBooks keeps.
const MEMO_MAX: usize = 4095;

/// Reads the lines of a Bill.com document.
pub(super) fn read_billcom(rows: &[Raw], settings: &Settings) -> Result<Vec<Fields>, RawError> {
    let mut lines = rows.iter().map(|row| read_billcom_line(row, settings)).collect::<Result<Vec<_>, _>>()?;
    lines.sort_by_key(|line| line.has("item"));
    Ok(lines)
}

fn read_billcom_line(row: &Raw, settings: &Settings) -> Result<Fields, RawError> {
    let mut line = Fields::new();
    let item = row.reference("itemId")?;
    if item.is_none() {
        line.set("account", tree::pointer(Kind::Account, row.reference("chartOfAccountId")?));
    } else {
        line.set("quantity", row.number("quantity")?.filter(|quantity| !quantity.is_zero()).map(Value::Number));
    }
    line.set("item", tree::pointer(Kind::Item, item));
    line.set("amount", Some(Value::Money(row.money("amount")?.unwrap_or(Money::ZERO))));
    line.set_text("memo", row.text("description"));
    let class = match settings.class_dimension {
        ClassDimension::Department => row.reference("departmentId")?,
        ClassDimension::AccountingClass => row.reference("actgClassId")?,
    };
    line.set("class", tree::pointer(Kind::Class, class));
    let job = if settings.jobs == JobShape::Jobs { row.reference("jobId")? } else { None };
    let customer = tree::pointer(Kind::Customer, job.or(row.reference("customerId")?));
    let billable = customer.is_some() && row.flag("jobBillable")? == Some(true);
    line.set("customer", customer);
    line.set("billable", billable.then_some(Value::Flag(true)));
    Ok(line)
}

/// Reads the lines of a QuickBooks document, and their ids in the same order.
pub(super) fn read_quickbooks(expenses: &[ExpenseLineRet], items: &[ItemOrGroupRet]) -> (Vec<Fields>, Vec<String>) {
    let (mut lines, mut ids) = (Vec::new(), Vec::new());
    let id_of = |id: Option<&TxnLineId>| id.map(|id| id.as_str().to_owned()).unwrap_or_default();
    for row in expenses {
        let mut line = Fields::new();
        line.set("account", quickbooks::reference(Kind::Account, row.account_ref.as_ref()));
        line.set("amount", row.amount.as_ref().map(|amount| Value::Money(quickbooks::money(amount))));
        line.set_text("memo", row.memo.as_deref());
        let customer = row.customer_ref.as_ref();
        read_coding(&mut line, row.class_ref.as_ref(), customer, row.billable_status.as_ref());
        lines.push(line);
        ids.push(id_of(row.txn_line_id.as_ref()));
    }
    for row in items {
        let (line, id) = match row {
            ItemOrGroupRet::Item(item) => (read_item_line(item), item.txn_line_id.as_ref()),
            ItemOrGroupRet::Group(group) => {
                // Only people enter groups; Bill.com has none, so such a line is never equal to one of its.
                let mut line = Fields::new();
                line.set("item", quickbooks::reference(Kind::Item, group.item_group_ref.as_ref()));
                line.set("amount", group.total_amount.as_ref().map(|amount| Value::Money(quickbooks::money(amount))));
                line.set_text("memo", group.desc.as_deref());
                (line, group.txn_line_id.as_ref())
            }
        };
        lines.push(line);
        ids.push(id_of(id));
    }
    (lines, ids)
}

fn read_item_line(item: &ItemLineRet) -> Fields {
    let mut line = Fields::new();
    line.set("item", quickbooks::reference(Kind::Item, item.item_ref.as_ref()));
    line.set("quantity", item.quantity.as_ref().map(|quantity| Value::Number(quantity.decimal())));
    line.set("amount", item.amount.as_ref().map(|amount| Value::Money(quickbooks::money(amount))));
    line.set_text("memo", item.desc.as_deref());
    read_coding(&mut line, item.class_ref.as_ref(), item.customer_ref.as_ref(), item.billable_status.as_ref());
    line
}

fn read_coding(
    line: &mut Fields,
    class: Option<&ListRef>,
    customer: Option<&ListRef>,
    billable: Option<&BillableStatus>,
) {
    line.set("class", quickbooks::reference(Kind::Class, class));
    line.set("customer", quickbooks::reference(Kind::Customer, customer));
    // Billed already is billable still: passing the cost on does not change the bill.
    let billable = matches!(billable, Some(BillableStatus::Billable | BillableStatus::HasBeenBilled));
    line.set("billable", billable.then_some(Value::Flag(true)));
}

/// A document of Bill.com, complete for QuickBooks: each line with an account or an item, the sum as the header says.
///
/// # Errors
/// What a person must mend: no lines, no account, a sum that differs, a negative total.
pub(super) fn complete(
    title: &str,
    source: &Sighting,
    context: &Context,
    negative: &str,
) -> Result<Fields, Box<Trouble>> {
    let mut fields = source.fields.clone();
    let mut lines = fields.lines("lines").to_vec();
    if lines.is_empty() {
        let step = "Open it in Bill.com and mend it; it travels by itself then.";
        let happened = "QuickBooks needs at least one line.".to_owned();
        return Err(troubles::incomplete(format!("{title}: it has no lines"), happened, &[step]).into());
    }
    for line in lines.iter_mut().filter(|line| !line.has("item") && !line.has("account")) {
        let Some(account) = context.defaults.get(&DefaultRecord::ExpenseAccount) else {
            let summary = format!("{title}: a line has no account");
            let happened = match context.settings.default_record(DefaultRecord::ExpenseAccount) {
                Some(name) => format!("One of its lines names no account, and Bill.com has no account “{name}” yet."),
                None => "One of its lines names no account, and no default account is set.".to_owned(),
            };
            let set = "Or set default_expense_account for the company: it is used for every such line.";
            let steps = &["Give the line an account in Bill.com.", set];
            return Err(troubles::incomplete(summary, happened, steps).into());
        };
        line.set("account", Some(Value::Ref(account.clone())));
    }
    let sum = sum(&lines).unwrap_or(Money::ZERO);
    let amount = fields.money("amount").unwrap_or(sum);
    if sum != amount {
        return Err(troubles::unbalanced(title, amount, sum).into());
    }
    if amount.is_negative() {
        let happened = "QuickBooks holds no document of this sort with a negative total.".to_owned();
        return Err(troubles::incomplete(format!("{title}: its total is negative"), happened, &[negative]).into());
    }
    fields.set("lines", Some(Value::Lines(lines)));
    Ok(fields)
}

fn amount_of(line: &Fields) -> Money {
    line.money("amount").unwrap_or(Money::ZERO)
}

/// The parts of a line that lines of either sort have.
struct Coding {
    amount: Amount,
    memo: Option<QbText<MEMO_MAX>>,
    class: Option<ListRef>,
    customer: Option<ListRef>,
    billable: Option<BillableStatus>,
}

impl Coding {
    fn of(line: &Fields) -> Result<Self, NotExpressible> {
        let customer = quickbooks::list_ref(line.reference("customer"))?;
        let status =
            if line.flag("billable") == Some(true) { BillableStatus::Billable } else { BillableStatus::NotBillable };
        Ok(Self {
            amount: quickbooks::amount(amount_of(line))?,
            memo: quickbooks::text(line, "memo"),
            class: quickbooks::list_ref(line.reference("class"))?,
            billable: customer.is_some().then_some(status),
            customer,
        })
    }
}

/// The expense lines of a new document.
pub(super) fn new_expenses(lines: &[Fields]) -> Result<Vec<ExpenseLineAdd>, NotExpressible> {
    expenses(lines).map(new_expense).collect()
}

fn expenses(lines: &[Fields]) -> impl Iterator<Item = &Fields> {
    lines.iter().filter(|line| !line.has("item"))
}

fn items(lines: &[Fields]) -> impl Iterator<Item = &Fields> {
    lines.iter().filter(|line| line.has("item"))
}

fn new_expense(line: &Fields) -> Result<ExpenseLineAdd, NotExpressible> {
    let coding = Coding::of(line)?;
    let mut row = ExpenseLineAdd::new(account_of(line)?, coding.amount);
    row.memo = coding.memo;
    row.class_ref = coding.class;
    row.customer_ref = coding.customer;
    row.billable_status = coding.billable;
    Ok(row)
}

fn account_of(line: &Fields) -> Result<ListRef, NotExpressible> {
    quickbooks::required(line, "account", "One of its lines names no account.")
}

fn item_of(line: &Fields) -> Result<ListRef, NotExpressible> {
    quickbooks::required(line, "item", "One of its lines names no item.")
}

fn quantity_of(line: &Fields) -> Result<Option<Quantity>, NotExpressible> {
    Ok(line.number("quantity").map(|quantity| Quantity::new(quantity.round_dp(Quantity::PLACES_MAX))).transpose()?)
}

/// The item lines of a new bill.
pub(super) fn new_items(lines: &[Fields]) -> Result<Vec<ItemLineAdd>, NotExpressible> {
    let row = |line: &Fields| {
        let coding = Coding::of(line)?;
        let mut row = ItemLineAdd::new(item_of(line)?, coding.amount);
        row.quantity = quantity_of(line)?;
        row.desc = coding.memo;
        row.class_ref = coding.class;
        row.customer_ref = coding.customer;
        row.billable_status = coding.billable;
        Ok(row)
    };
    items(lines).map(row).collect()
}

/// The item lines of a new vendor credit.
pub(super) fn new_unlinked_items(lines: &[Fields]) -> Result<Vec<UnlinkedItemLineAdd>, NotExpressible> {
    let row = |line: &Fields| {
        let coding = Coding::of(line)?;
        let mut row = UnlinkedItemLineAdd::new(item_of(line)?, coding.amount);
        row.quantity = quantity_of(line)?;
        row.desc = coding.memo;
        row.class_ref = coding.class;
        row.customer_ref = coding.customer;
        row.billable_status = coding.billable;
        Ok(row)
    };
    items(lines).map(row).collect()
}

/// The lines of a changed document. Every line of a table must be named, or QuickBooks deletes it (`qbxml.md` 7).
pub(super) struct ChangedLines {
    pub(super) expenses: Vec<ExpenseLineMod>,
    pub(super) items: Vec<ItemOrGroupMod>,
    /// The table is emptied: no line of ours is left in it, and there were some.
    pub(super) clear_expenses: Option<bool>,
    pub(super) clear_items: Option<bool>,
}

impl ChangedLines {
    pub(super) fn new(write: &Write<'_>, current: &Sighting) -> Result<Self, NotExpressible> {
        let (lines, standing) = (write.fields.lines("lines"), current.fields.lines("lines"));
        let by_account = Table::of(lines, standing, &current.line_ids, false);
        let by_item = Table::of(lines, standing, &current.line_ids, true);
        let expenses = by_account.rows().map(|(line, id)| changed_expense(line, id)).collect::<Result<Vec<_>, _>>()?;
        let items = by_item.rows().map(|(line, id)| changed_item(line, id)).collect::<Result<Vec<_>, _>>()?;
        Ok(Self {
            clear_expenses: (expenses.is_empty() && by_account.stood()).then_some(true),
            clear_items: (items.is_empty() && by_item.stood()).then_some(true),
            expenses,
            items,
        })
    }
}

/// One of the two tables of a document: what it should hold, and which of its lines each row continues.
struct Table<'a> {
    wanted: Vec<&'a Fields>,
    ids: Vec<Option<&'a str>>,
    stood: bool,
}

impl<'a> Table<'a> {
    /// Rows that continue a line keep its id, so that nothing else about it changes; further ones are added, and lines that
    /// are left over go.
    fn of(lines: &'a [Fields], standing: &'a [Fields], ids: &'a [String], by_item: bool) -> Self {
        let wanted: Vec<_> = lines.iter().filter(|line| line.has("item") == by_item).collect();
        let known = standing.iter().zip(ids).filter(|(line, id)| line.has("item") == by_item && !id.is_empty());
        let known: Vec<_> = known.map(|(line, id)| (line, id.as_str())).collect();
        let stood = standing.iter().any(|line| line.has("item") == by_item);
        let mut ids = document::continued(&wanted, known.clone());
        for (_, place) in wanted.iter().zip(&mut ids).filter(|(wanted, _)| !wanted.has("customer")) {
            // A line that is billable cannot lose its customer, nor its billable status be cleared (3190, 3210): a new one takes
            // its place.
            let billable = |(line, id): &(&Fields, &str)| Some(*id) == *place && line.flag("billable") == Some(true);
            if known.iter().any(billable) {
                *place = None;
            }
        }
        Self { wanted, ids, stood }
    }

    fn rows(&self) -> impl Iterator<Item = (&'a Fields, Option<&'a str>)> + '_ {
        self.wanted.iter().copied().zip(self.ids.iter().copied())
    }

    const fn stood(&self) -> bool {
        self.stood
    }
}

fn line_id(id: Option<&str>) -> Result<TxnLineId, NotExpressible> {
    Ok(id.map_or_else(|| Ok(TxnLineId::new_line()), TxnLineId::new)?)
}

/// A value of a changed line: set, or emptied where the line stands already.
fn told<T>(value: Option<T>, stands: bool) -> Change<T> {
    if stands { Change::to(value) } else { value.map_or(Change::Keep, Change::Set) }
}

fn changed_expense(line: &Fields, id: Option<&str>) -> Result<ExpenseLineMod, NotExpressible> {
    let coding = Coding::of(line)?;
    let mut row = ExpenseLineMod::keep(line_id(id)?);
    row.account_ref = Change::Set(account_of(line)?);
    row.amount = Change::Set(coding.amount);
    row.memo = told(coding.memo, id.is_some());
    row.class_ref = told(coding.class, id.is_some());
    row.customer_ref = told(coding.customer, id.is_some());
    row.billable_status = coding.billable.map_or(Change::Keep, Change::Set);
    Ok(row)
}

fn changed_item(line: &Fields, id: Option<&str>) -> Result<ItemOrGroupMod, NotExpressible> {
    let coding = Coding::of(line)?;
    let mut row = ItemLineMod::keep(line_id(id)?);
    row.item_ref = Change::Set(item_of(line)?);
    row.quantity = quantity_of(line)?.map_or(Change::Keep, Change::Set);
    row.amount = Change::Set(coding.amount);
    row.desc = told(coding.memo, id.is_some());
    row.class_ref = told(coding.class, id.is_some());
    row.customer_ref = told(coding.customer, id.is_some());
    row.billable_status = coding.billable.map_or(Change::Keep, Change::Set);
    Ok(ItemOrGroupMod::Item(row))
}

/// What the lines add up to; none when that is more than an amount can be.
pub(super) fn sum(lines: &[Fields]) -> Option<Money> {
    Money::checked_sum(lines.iter().map(amount_of))
}

/// The field of a vendor whose documents stay in Bill.com (`billSyncPref`, `billcom.md` 2.3).
pub(super) const NOT_SYNCED: &str = "bills_not_synced";

/// Documents dated before the start are never made; unapproved ones wait where the settings say so.
pub(super) fn holds_back(source: &Sighting, context: &Context) -> Option<HoldBack> {
    let settings = &context.settings;
    if source.fields.date("date").is_some_and(|date| date < settings.start_date) {
        return Some(HoldBack::Never);
    }
    if context.owner.as_ref().is_some_and(|vendor| vendor.flag(NOT_SYNCED) == Some(true)) {
        return Some(HoldBack::Until("its vendor's bills are not to be synced, says Bill.com".to_owned()));
    }
    let approved = is_approved(&source.fields);
    (settings.bills == BillFilter::Approved && !approved)
        .then(|| HoldBack::Until("waits for its approval in Bill.com".to_owned()))
}

/// Whether Bill.com shows a document as approved.
#[must_use]
pub fn is_approved(fields: &Fields) -> bool {
    fields.text("approval") == Some(APPROVED)
}

/// Where the settings let approved documents travel only, the others are announced.
pub(super) fn standing(sighting: &Sighting, context: &Context) -> Standing {
    let awaited = sighting.key.side == Side::BillCom
        && context.settings.bills == BillFilter::Approved
        && !is_approved(&sighting.fields);
    match document::standing(sighting) {
        Standing::Booked if awaited => Standing::Announced,
        other => other,
    }
}

/// The `approvalStatus` of an approved document (`billcom.md` 2.4).
const APPROVED: &str = "3";
