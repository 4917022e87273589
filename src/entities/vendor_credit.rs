//! Vendor credit: QuickBooks `VendorCredit`, Bill.com `VendorCredit` (`billcom.md` 2.5). Payables are managed in Bill.com: it
//! travels from there to QuickBooks only, and what is edited in QuickBooks is shown as a difference.
//!
//! Identity: vendor, number, date and amount. Vendor and number alone make a credit doubtful: a person decides.
//!
//! Where a credit is used is carried by the payment that uses it. Amounts are positive on both sides.

use super::{
    AnyRequest, Ask, BillComHome, Context, ControlAccount, DeletedTypes, Entity, FieldSpec, HoldBack, Likeness,
    NotExpressible, OnEdit, OnGone, OnNew, Partners, Posting, Reading, Rules, SideRules, Standing, Write, document,
    payable, quickbooks, tree,
};
use crate::limits::TRANSACTION_PAGE_MAX;
use crate::model::{
    DefaultRecord, Fields, Kind, Life, Raw, RawError, RecordKey, Settings, Side, Sighting, Trouble, Value,
};
use qbxml::entity::{UnlinkedItemOrGroupAdd, VendorCreditAdd, VendorCreditMod, VendorCreditQuery, VendorCreditRet};
use qbxml::query::{TxnSelection, TxnWhere};
use qbxml::types::TxnVoidType;
use qbxml::{Change, ExternalGuid, Record};

/// See the module.
#[derive(Debug)]
pub(super) struct VendorCredit;

const NUMBER_MAX: usize = 20;

static FIELDS: &[FieldSpec] = &[
    FieldSpec::value("vendor", "Vendor").identity(),
    FieldSpec::text("number", "Number", NUMBER_MAX).identity(),
    FieldSpec::value("date", "Date"),
    FieldSpec::value("amount", "Amount"),
    FieldSpec::text("memo", "Memo", 4095),
    FieldSpec::lines("lines", "Lines", payable::LINE),
];

impl Entity for VendorCredit {
    fn kind(&self) -> Kind {
        Kind::VendorCredit
    }

    fn rules(&self, _settings: &Settings) -> Rules {
        Rules {
            quickbooks: SideRules { new: OnNew::Stay, edited: OnEdit::Difference, gone: OnGone::Difference },
            billcom: SideRules { new: OnNew::Create, edited: OnEdit::Update, gone: OnGone::Void },
        }
    }

    fn fields(&self) -> &'static [FieldSpec] {
        FIELDS
    }

    fn title(&self, fields: &Fields) -> String {
        document::title(fields)
    }

    fn owner(&self) -> Option<&'static str> {
        Some("vendor")
    }

    fn keys(&self, fields: &Fields) -> Vec<String> {
        document::keys(fields, NUMBER_MAX)
    }

    fn compare(&self, quickbooks: &Fields, billcom: &Fields, partners: &Partners) -> Likeness {
        document::compare(quickbooks, billcom, "vendor", NUMBER_MAX, partners)
    }

    fn names_are_unique(&self) -> bool {
        false
    }

    fn control_account(&self) -> Option<ControlAccount> {
        Some(ControlAccount::Payables)
    }

    fn defaults(&self) -> &'static [DefaultRecord] {
        &[DefaultRecord::ExpenseAccount]
    }

    fn kept(&self) -> &'static [&'static str] {
        &[document::DATED_BY]
    }

    fn prepare(&self, sighting: &mut Sighting, context: &Context) {
        document::choose_date(sighting, &context.settings);
    }

    fn complete(&self, source: &Sighting, context: &Context) -> Result<Fields, Box<Trouble>> {
        let title = format!("Vendor credit {}", self.title(&source.fields));
        payable::complete(&title, source, context, "Enter it as a bill in Bill.com.")
    }

    fn holds_back(&self, source: &Sighting, context: &Context) -> Option<HoldBack> {
        payable::holds_back(source, context)
    }

    fn standing(&self, sighting: &Sighting, context: &Context) -> Standing {
        payable::standing(sighting, context)
    }

    fn homes(&self, _settings: &Settings) -> &'static [BillComHome] {
        const { &[BillComHome::nested("VendorCredit")] }
    }

    fn read_billcom(&self, raw: &Raw, settings: &Settings) -> Result<Sighting, RawError> {
        let mut fields = Fields::new();
        fields.set("vendor", tree::pointer(Kind::Vendor, raw.reference("vendorId")?));
        fields.set_text("number", raw.text("refNumber"));
        document::read_dates(raw, "creditDate", &mut fields)?;
        fields.set_text("memo", raw.text("description"));
        fields.set_text("approval", raw.text("approvalStatus"));
        let lines = payable::read_billcom(&raw.rows("vendorCreditLineItems")?, settings)?;
        fields.set("amount", raw.money("amount")?.or(payable::sum(&lines)).map(Value::Money));
        fields.set("lines", Some(Value::Lines(lines)));
        document::seen_in_billcom(Kind::VendorCredit, raw, fields)
    }

    /// Vendor credits are never written to Bill.com; the object is what an Update would need.
    fn write_billcom(&self, write: &Write<'_>) -> Raw {
        super::billcom::begin("VendorCredit", write)
    }

    fn ask_quickbooks(&self, ask: &Ask) -> Result<Box<dyn AnyRequest>, NotExpressible> {
        let reading = Reading::of(ask)?;
        let selection = match ask {
            Ask::Changed { .. } | Ask::Continue { .. } => TxnSelection::Where(TxnWhere {
                max_returned: reading.max_returned,
                dates: reading.modified(),
                ..TxnWhere::default()
            }),
            Ask::ById(id) => document::by_id(id)?,
            Ask::Like(fields) => document::by_number::<_, NUMBER_MAX>(fields),
            Ask::Named(_) => return Err(NotExpressible::Reason("vendor credits have numbers, not names")),
        };
        let include_line_items = Some(true);
        let query =
            VendorCreditQuery { paging: reading.paging, selection, include_line_items, ..VendorCreditQuery::default() };
        Ok(Box::new(query))
    }

    fn page_max(&self) -> Option<u32> {
        Some(TRANSACTION_PAGE_MAX)
    }

    fn read_quickbooks(&self, record: &Record) -> Option<(Sighting, String)> {
        let Record::VendorCredit(ret) = record else { return None };
        let sighting = seen_in_quickbooks(ret)?;
        Some((sighting, quickbooks::stamp(ret.time_modified.as_ref())))
    }

    fn write_quickbooks(&self, write: &Write<'_>) -> Result<Box<dyn AnyRequest>, NotExpressible> {
        match write.current {
            None => Ok(Box::new(new_credit(write)?)),
            Some(current) => Ok(Box::new(changed_credit(write, current)?)),
        }
    }

    fn void_quickbooks(&self, standing: &Sighting) -> Result<Box<dyn AnyRequest>, NotExpressible> {
        quickbooks::void(TxnVoidType::VendorCredit, standing)
    }

    fn booked(&self, standing: &Fields) -> Vec<Posting> {
        Posting::of_purchase(standing, true)
    }

    fn deleted_types(&self) -> DeletedTypes {
        DeletedTypes::Transaction(&["VendorCredit"])
    }
}

fn seen_in_quickbooks(ret: &VendorCreditRet) -> Option<Sighting> {
    let id = quickbooks::native(ret.txn_id.as_ref()?.as_str())?;
    let amount = ret.credit_amount.as_ref().map(quickbooks::money);
    let (lines, line_ids) = payable::read_quickbooks(&ret.expense_line_ret, &ret.item_line);
    let mut fields = Fields::new();
    fields.set("vendor", quickbooks::reference(Kind::Vendor, ret.vendor_ref.as_ref()));
    fields.set_text("number", ret.ref_number.as_deref());
    fields.set("date", ret.txn_date.as_ref().map(|date| Value::Date(date.day())));
    fields.set("amount", amount.map(Value::Money));
    fields.set_text("memo", ret.memo.as_deref());
    fields.set_text(document::CONTROL, quickbooks::list_id_of(ret.ap_account_ref.as_ref()));
    fields.set("lines", Some(Value::Lines(lines)));
    let voided = document::is_voided(amount, ret.memo.as_deref(), fields.lines("lines"));
    fields.set(document::VOIDED, voided.then_some(Value::Flag(true)));
    Some(Sighting {
        key: RecordKey::new(Side::QuickBooks, Kind::VendorCredit, id),
        version: quickbooks::version(ret.edit_sequence.as_ref()),
        fields,
        life: if voided { Life::Gone } else { Life::Alive },
        merged_into: None,
        hold: None,
        mark: quickbooks::seen_mark(ret.external_guid.as_ref()),
        line_ids,
    })
}

fn new_credit(write: &Write<'_>) -> Result<VendorCreditAdd, NotExpressible> {
    let fields = write.fields;
    let vendor = quickbooks::required(fields, "vendor", "The vendor credit names no vendor.")?;
    let date = fields.date("date").ok_or(NotExpressible::Reason("The vendor credit has no date."))?;
    let mut add = VendorCreditAdd::new(vendor, quickbooks::date(date)?);
    add.ap_account_ref = quickbooks::control(write)?;
    add.ref_number = quickbooks::text(fields, "number");
    add.memo = quickbooks::text(fields, "memo");
    add.external_guid = Some(ExternalGuid::new(&quickbooks::guid(write.mark))?);
    let lines = fields.lines("lines");
    add.expense_line_add = payable::new_expenses(lines)?;
    add.item_line = payable::new_unlinked_items(lines)?.into_iter().map(UnlinkedItemOrGroupAdd::Item).collect();
    Ok(add)
}

fn changed_credit(write: &Write<'_>, current: &Sighting) -> Result<VendorCreditMod, NotExpressible> {
    let fields = write.fields;
    let mut change = VendorCreditMod::new(quickbooks::txn_id(&current.key.id)?, quickbooks::edit_sequence(current)?);
    if write.touches("vendor") {
        change.vendor_ref = Change::Set(quickbooks::required(fields, "vendor", "The vendor credit names no vendor.")?);
    }
    if let Some(date) = fields.date("date") {
        change.txn_date = Change::Set(quickbooks::date(date)?);
    }
    change.ref_number = quickbooks::change(write, "number");
    change.memo = quickbooks::change(write, "memo");
    if write.touches("lines") {
        let lines = payable::ChangedLines::new(write, current)?;
        change.clear_expense_lines = lines.clear_expenses;
        change.expense_line_mod = lines.expenses;
        change.clear_item_lines = lines.clear_items;
        change.item_line = lines.items;
    }
    Ok(change)
}
