//! Bill: QuickBooks `Bill`, Bill.com `Bill` (`billcom.md` 2.4). Payables are managed in Bill.com: bills travel from there to
//! QuickBooks only, and what is edited in QuickBooks is shown as a difference.
//!
//! Identity: vendor, number, date and amount. Vendor and number alone make a bill doubtful: a person decides.
//!
//! QuickBooks has no header amount: the total is the sum of the lines (`qbxml.md` 6). A bill whose lines do not add up
//! to what Bill.com says is therefore never written.

use super::{
    AnyRequest, Ask, BillComShape, Entity, FieldSpec, HoldBack, Likeness, NotExpressible, OnEdit, OnGone, OnNew, Rules,
    SideRules, Write, quickbooks, squash,
};
use crate::limits::TRANSACTION_PAGE_MAX;
use crate::model::{
    BillFilter, DocumentDate, Fields, Kind, Life, Money, NativeId, Raw, RawError, RecordKey, Reference, Settings, Side,
    Sighting, Value,
};
use crate::plan::{self, Context, Partners, Trouble};
use qbxml::entity::{
    BillAdd, BillMod, BillQuery, BillRet, BillWhere, ExpenseLineAdd, ExpenseLineMod, ItemOrGroupRet, TxnVoid,
};
use qbxml::query::{MaxReturned, ModifiedDateRangeFilter, Page, Paging, TxnDates, TxnSelection};
use qbxml::types::TxnVoidType;
use qbxml::{Change, ExternalGuid, IteratorId, ListRef, QbText, Record, TxnLineId};

/// See the module.
#[derive(Debug)]
pub(super) struct Bill;

const NUMBER_MAX: usize = 20;

static LINE: &[FieldSpec] = &[
    FieldSpec::value("account", "Account"),
    FieldSpec::value("amount", "Amount"),
    FieldSpec::text("memo", "Description", 4095),
];

static FIELDS: &[FieldSpec] = &[
    FieldSpec::value("vendor", "Vendor").identity(),
    FieldSpec::text("number", "Number", NUMBER_MAX).identity(),
    FieldSpec::value("date", "Date"),
    FieldSpec::value("due_date", "Due date"),
    FieldSpec::value("amount", "Amount"),
    FieldSpec::text("memo", "Memo", 4095),
    FieldSpec::lines("lines", "Lines", LINE),
];

impl Entity for Bill {
    fn kind(&self) -> Kind {
        Kind::Bill
    }

    fn rules(&self) -> Rules {
        Rules {
            quickbooks: SideRules { new: OnNew::Stay, edited: OnEdit::Difference, gone: OnGone::Difference },
            billcom: SideRules { new: OnNew::Create, edited: OnEdit::Update, gone: OnGone::Void },
        }
    }

    fn fields(&self) -> &'static [FieldSpec] {
        FIELDS
    }

    fn title(&self, fields: &Fields) -> String {
        let number = fields.text("number").unwrap_or("without a number");
        let date = fields.date("date").map(|date| format!(" of {date}")).unwrap_or_default();
        let amount = fields.money("amount").map(|amount| format!(", {amount}")).unwrap_or_default();
        format!("{number}{date}{amount}")
    }

    fn owner(&self) -> Option<&'static str> {
        Some("vendor")
    }

    fn keys(&self, fields: &Fields) -> Vec<String> {
        let Some(number) = fields.text("number") else { return Vec::new() };
        let number = squash(number, NUMBER_MAX);
        let day = fields.date("date").map(|date| date.to_string()).unwrap_or_default();
        let amount = fields.money("amount").unwrap_or(Money::ZERO);
        vec![format!("exact:{number}|{day}|{amount}"), format!("number:{number}")]
    }

    fn compare(&self, quickbooks: &Fields, billcom: &Fields, partners: &Partners) -> Likeness {
        let number = |fields: &Fields| fields.text("number").map(|number| squash(number, NUMBER_MAX));
        let same_vendor = match (quickbooks.reference("vendor"), billcom.reference("vendor")) {
            (Some(left), Some(right)) => partners.of(Side::QuickBooks, left) == Some(&right.id),
            _ => false,
        };
        if !same_vendor || number(quickbooks).is_none() || number(quickbooks) != number(billcom) {
            return Likeness::Different;
        }
        let exact =
            quickbooks.money("amount") == billcom.money("amount") && quickbooks.date("date") == billcom.date("date");
        if exact { Likeness::Same } else { Likeness::Doubtful }
    }

    fn names_are_unique(&self) -> bool {
        false
    }

    fn complete(&self, source: &Sighting, context: &Context) -> Result<Fields, Box<Trouble>> {
        let title = format!("Bill {}", self.title(&source.fields));
        let mut fields = source.fields.clone();
        let mut lines = fields.lines("lines").to_vec();
        let step = "Open the bill in Bill.com and mend it; it travels by itself then.";
        if lines.is_empty() {
            return Err(plan::incomplete(
                format!("{title}: it has no lines"),
                "QuickBooks needs at least one line.".to_owned(),
                &[step],
            )
            .into());
        }
        for line in &mut lines {
            if line.reference("account").is_none() {
                let Some(account) = &context.default_expense_account else {
                    let summary = format!("{title}: a line has no account");
                    let happened = "A line of the bill names no account, and no default account is set.".to_owned();
                    let set = "Or set default_expense_account for the company: it is used for every such line.";
                    return Err(
                        plan::incomplete(summary, happened, &["Give the line an account in Bill.com.", set]).into()
                    );
                };
                line.set("account", Some(Value::Ref(account.clone())));
            }
        }
        let amounts = lines.iter().map(|line| line.money("amount").unwrap_or(Money::ZERO));
        let sum = Money::checked_sum(amounts).unwrap_or(Money::ZERO);
        let amount = fields.money("amount").unwrap_or(sum);
        if sum != amount {
            return Err(plan::unbalanced(&title, amount, sum).into());
        }
        if amount.is_negative() {
            let happened = "QuickBooks holds no bill with a negative total; that is a vendor credit.".to_owned();
            return Err(plan::incomplete(
                format!("{title}: its total is negative"),
                happened,
                &["Enter it as a vendor credit in Bill.com."],
            )
            .into());
        }
        fields.set("lines", Some(Value::Lines(lines)));
        Ok(fields)
    }

    fn holds_back(&self, source: &Sighting, settings: &Settings) -> Option<HoldBack> {
        if source.fields.date("date").is_some_and(|date| date < settings.start_date) {
            return Some(HoldBack::Never);
        }
        let approved = source.fields.text("approval") == Some("3");
        (settings.bills == BillFilter::Approved && !approved)
            .then(|| HoldBack::Until("waits for its approval in Bill.com".to_owned()))
    }

    fn billcom(&self) -> BillComShape {
        BillComShape { entity: "Bill", nested: true }
    }

    fn read_billcom(&self, raw: &Raw, settings: &Settings) -> Result<Sighting, RawError> {
        let mut fields = Fields::new();
        fields.set("vendor", reference(Kind::Vendor, raw.reference("vendorId")?));
        fields.set_text("number", raw.text("invoiceNumber"));
        let posting = if settings.document_date == DocumentDate::Posting { raw.date("glPostingDate")? } else { None };
        fields.set("date", posting.or(raw.date("invoiceDate")?).map(Value::Date));
        fields.set("due_date", raw.date("dueDate")?.map(Value::Date));
        fields.set_text("memo", raw.text("description"));
        fields.set_text("approval", raw.text("approvalStatus"));
        let mut lines = Vec::new();
        for row in raw.rows("billLineItems")? {
            let mut line = Fields::new();
            line.set("account", reference(Kind::Account, row.reference("chartOfAccountId")?));
            line.set("amount", Some(Value::Money(row.money("amount")?.unwrap_or(Money::ZERO))));
            line.set_text("memo", row.text("description"));
            lines.push(line);
        }
        let sum = Money::checked_sum(lines.iter().map(|line| line.money("amount").unwrap_or(Money::ZERO)));
        fields.set("amount", raw.money("amount")?.or(sum).map(Value::Money));
        fields.set("lines", Some(Value::Lines(lines)));
        // "2" archived, "5" draft, "6" deleted draft: drafts stay out of the ledger (`billcom.md` 2).
        let state = raw.text("isActive");
        let gone = matches!(state.as_deref(), Some("2" | "6"));
        let draft = state.as_deref() == Some("5");
        Ok(Sighting {
            key: RecordKey::new(Side::BillCom, Kind::Bill, raw.id()?),
            version: raw.text("updatedTime").unwrap_or_default(),
            fields,
            life: if gone { Life::Gone } else { Life::Alive },
            merged_into: None,
            hold: draft.then(|| "it is a draft in Bill.com".to_owned()),
            mark: None,
            line_ids: Vec::new(),
        })
    }

    /// Bills are never written to Bill.com; the object is what an Update would need.
    fn write_billcom(&self, write: &Write<'_>) -> Raw {
        super::billcom::begin("Bill", write)
    }

    fn ask_quickbooks(&self, ask: &Ask) -> Result<Box<dyn AnyRequest>, NotExpressible> {
        let query = |selection: TxnSelection<BillWhere>, page: Option<Page>| BillQuery {
            paging: Paging { page, ..Paging::default() },
            selection,
            include_line_items: Some(true),
            ..BillQuery::default()
        };
        let changed =
            |since: Option<&str>, page: Option<Page>, max: Option<u32>| -> Result<BillQuery, NotExpressible> {
                let from = quickbooks::mark(since)?;
                let range = |from| ModifiedDateRangeFilter { from_modified_date: Some(from), to_modified_date: None };
                let filter = BillWhere {
                    max_returned: max.and_then(MaxReturned::new),
                    dates: from.map(|from| TxnDates::Modified(range(from))),
                    ..BillWhere::default()
                };
                Ok(query(TxnSelection::Where(filter), page))
            };
        Ok(Box::new(match ask {
            Ask::Changed { since, page_max } => changed(since.as_deref(), page_max.map(|_| Page::Start), *page_max)?,
            Ask::Continue { since, iterator_id, page_max } => {
                let next = Page::Continue(IteratorId::new(iterator_id)?);
                changed(since.as_deref(), Some(next), Some(*page_max))?
            }
            Ask::ById(id) => query(TxnSelection::TxnIds(vec![quickbooks::txn_id(id)?]), None),
            Ask::Like(fields) => {
                let number = quickbooks::text::<NUMBER_MAX>(fields, "number");
                let number = number.map(|number| number.as_str().to_owned()).unwrap_or_default();
                query(TxnSelection::RefNumbers(vec![number]), None)
            }
            Ask::Named(_) => return Err(NotExpressible::Reason("bills have numbers, not names")),
        }))
    }

    fn page_max(&self) -> Option<u32> {
        Some(TRANSACTION_PAGE_MAX)
    }

    fn read_quickbooks(&self, record: &Record) -> Option<(Sighting, String)> {
        let Record::Bill(ret) = record else { return None };
        let id = quickbooks::native(ret.txn_id.as_ref()?.as_str())?;
        let amount = ret.amount_due.as_ref().map(quickbooks::money);
        // Voided transactions keep their record: amount 0, memo marked (recalled).
        let voided = amount == Some(Money::ZERO) && ret.memo.as_deref().is_some_and(|memo| memo.starts_with("VOID:"));
        let (lines, line_ids) = read_lines(ret);
        let mut fields = Fields::new();
        fields.set("vendor", quickbooks::reference(Kind::Vendor, ret.vendor_ref.as_ref()));
        fields.set_text("number", ret.ref_number.as_deref());
        fields.set("date", ret.txn_date.as_ref().map(|date| Value::Date(date.day())));
        fields.set("due_date", ret.due_date.as_ref().map(|date| Value::Date(date.day())));
        fields.set("amount", amount.map(Value::Money));
        fields.set_text("memo", ret.memo.as_deref());
        fields.set("lines", Some(Value::Lines(lines)));
        let sighting = Sighting {
            key: RecordKey::new(Side::QuickBooks, Kind::Bill, id),
            version: quickbooks::version(ret.edit_sequence.as_ref()),
            fields,
            life: if voided { Life::Gone } else { Life::Alive },
            merged_into: None,
            hold: None,
            mark: quickbooks::seen_mark(ret.external_guid.as_ref()),
            line_ids,
        };
        Some((sighting, quickbooks::stamp(ret.time_modified.as_ref())))
    }

    fn write_quickbooks(&self, write: &Write<'_>) -> Result<Box<dyn AnyRequest>, NotExpressible> {
        match write.current {
            None => Ok(Box::new(new_bill(write)?)),
            Some(current) => Ok(Box::new(changed_bill(write, current)?)),
        }
    }

    fn void_quickbooks(&self, id: &NativeId) -> Result<Box<dyn AnyRequest>, NotExpressible> {
        Ok(Box::new(TxnVoid { txn_void_type: TxnVoidType::Bill, txn_id: quickbooks::txn_id(id)? }))
    }

    fn deleted_type(&self) -> (&'static str, bool) {
        ("Bill", false)
    }
}

fn reference(kind: Kind, id: Option<NativeId>) -> Option<Value> {
    id.map(|id| Value::Ref(Reference { kind, id }))
}

/// Expense lines in their order. Item lines, which only people make, are shown as lines without an account, so that a
/// bill with them differs from one without.
fn read_lines(ret: &BillRet) -> (Vec<Fields>, Vec<String>) {
    let (mut lines, mut ids) = (Vec::new(), Vec::new());
    for row in &ret.expense_line_ret {
        let mut line = Fields::new();
        line.set("account", quickbooks::reference(Kind::Account, row.account_ref.as_ref()));
        line.set("amount", row.amount.as_ref().map(|amount| Value::Money(quickbooks::money(amount))));
        line.set_text("memo", row.memo.as_deref());
        lines.push(line);
        ids.push(row.txn_line_id.as_ref().map(|id| id.as_str().to_owned()).unwrap_or_default());
    }
    for row in &ret.item_line_ret {
        let (amount, memo) = match row {
            ItemOrGroupRet::Item(item) => (item.amount.as_ref(), item.desc.as_deref()),
            ItemOrGroupRet::Group(group) => (group.total_amount.as_ref(), group.desc.as_deref()),
        };
        let mut line = Fields::new();
        line.set("amount", amount.map(|amount| Value::Money(quickbooks::money(amount))));
        line.set_text("memo", memo);
        line.set("item", Some(Value::Flag(true)));
        lines.push(line);
    }
    (lines, ids)
}

fn required(fields: &Fields, name: &'static str, missing: &'static str) -> Result<ListRef, NotExpressible> {
    quickbooks::list_ref(fields.reference(name))?.ok_or(NotExpressible::Reason(missing))
}

fn new_bill(write: &Write<'_>) -> Result<BillAdd, NotExpressible> {
    let fields = write.fields;
    let vendor = required(fields, "vendor", "The bill names no vendor.")?;
    let date = fields.date("date").ok_or(NotExpressible::Reason("The bill has no date."))?;
    let mut add = BillAdd::new(vendor, quickbooks::date(date)?);
    add.ap_account_ref = payables(write)?;
    add.due_date = fields.date("due_date").map(quickbooks::date).transpose()?;
    add.ref_number = quickbooks::text(fields, "number");
    add.memo = quickbooks::text(fields, "memo");
    add.external_guid = Some(ExternalGuid::new(&quickbooks::guid(write.mark))?);
    for line in fields.lines("lines") {
        let account = required(line, "account", "A line of the bill names no account.")?;
        let mut row = ExpenseLineAdd::new(account, quickbooks::amount(line.money("amount").unwrap_or(Money::ZERO))?);
        row.memo = quickbooks::text(line, "memo");
        add.expense_line_add.push(row);
    }
    Ok(add)
}

fn payables(write: &Write<'_>) -> Result<Option<ListRef>, NotExpressible> {
    write.payables_account.map(|id| Ok(ListRef::by_id(quickbooks::list_id(id)?))).transpose()
}

fn changed_bill(write: &Write<'_>, current: &Sighting) -> Result<BillMod, NotExpressible> {
    let fields = write.fields;
    let mut change = BillMod::new(quickbooks::txn_id(&current.key.id)?, quickbooks::edit_sequence(current)?);
    if write.touches("vendor") {
        change.vendor_ref = Change::Set(required(fields, "vendor", "The bill names no vendor.")?);
    }
    if let Some(date) = fields.date("date") {
        change.txn_date = Change::Set(quickbooks::date(date)?);
    }
    if let Some(date) = fields.date("due_date") {
        change.due_date = Change::Set(quickbooks::date(date)?);
    }
    change.ref_number = quickbooks::change(write, "number");
    change.memo = quickbooks::change(write, "memo");
    if write.touches("lines") {
        change.expense_line_mod = changed_lines(fields.lines("lines"), current)?;
        let has_items = current.fields.lines("lines").iter().any(|line| line.has("item"));
        change.clear_item_lines = has_items.then_some(true);
    }
    Ok(change)
}

/// Every line of the table must be named, or QuickBooks deletes it (`qbxml.md` 7). Lines keep their place: the first of
/// ours is the first of theirs; further ones are added, and theirs that are left over go.
fn changed_lines(lines: &[Fields], current: &Sighting) -> Result<Vec<ExpenseLineMod>, NotExpressible> {
    let mut rows = Vec::new();
    for (place, line) in lines.iter().enumerate() {
        let known = current.line_ids.get(place).filter(|id| !id.is_empty());
        let id = known.map_or_else(|| Ok(TxnLineId::new_line()), |id| TxnLineId::new(id))?;
        let mut row = ExpenseLineMod::keep(id);
        row.account_ref = Change::Set(required(line, "account", "A line of the bill names no account.")?);
        row.amount = Change::Set(quickbooks::amount(line.money("amount").unwrap_or(Money::ZERO))?);
        let memo: Option<QbText<4095>> = quickbooks::text(line, "memo");
        row.memo = if known.is_some() { Change::to(memo) } else { memo.map_or(Change::Keep, Change::Set) };
        rows.push(row);
    }
    Ok(rows)
}
