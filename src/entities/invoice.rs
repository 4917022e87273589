//! Invoice: QuickBooks `Invoice`, Bill.com `Invoice` (`billcom.md` 2.11). Made on either side. Once it stands on both, it is edited in
//! QuickBooks only, and an edit in Bill.com is shown as a difference; it can still be sent and paid in Bill.com.
//!
//! Identity: customer, number, date and amount. Customer and number alone make an invoice doubtful: a person decides.
//!
//! Totals are what counts. QuickBooks computes them from the lines and its own tax tables, Bill.com from quantity times price
//! and a percentage; so what is sent to Bill.com is sent in a form that can only come out at the same cent (`invoice_lines`),
//! and totals that differ all the same are shown.
//!
//! Not carried: ship dates and methods, sales representatives, messages, templates, terms (the due date is), pending invoices.

use super::{
    AnyRequest, Ask, BillComHome, Context, ControlAccount, DeletedTypes, Entity, FieldSpec, HoldBack, Likeness,
    NotExpressible, OnEdit, OnGone, OnNew, Partners, Posting, Reading, Rules, SideRules, Write, document,
    invoice_lines, quickbooks, tree, troubles,
};
use crate::limits::TRANSACTION_PAGE_MAX;
use crate::model::{
    DefaultRecord, Fields, Kind, Life, Money, Raw, RawError, RecordKey, Settings, Side, Sighting, Trouble, Value,
};
use qbxml::entity::{InvoiceAdd, InvoiceMod, InvoiceQuery, InvoiceRet};
use qbxml::query::{PayableWhere, TxnSelection};
use qbxml::types::TxnVoidType;
use qbxml::{Change, ExternalGuid, Record};

/// See the module.
#[derive(Debug)]
pub(super) struct Invoice;

const NUMBER_MAX: usize = 11;

static FIELDS: &[FieldSpec] = &[
    FieldSpec::value("customer", "Customer").identity(),
    FieldSpec::text("number", "Number", NUMBER_MAX).identity(),
    FieldSpec::value("date", "Date"),
    FieldSpec::value("due_date", "Due date"),
    FieldSpec::text("po_number", "P.O. number", 25),
    FieldSpec::value("amount", "Amount"),
    FieldSpec::value("tax", "Sales tax"),
    FieldSpec::value("tax_item", "Tax item"),
    FieldSpec::text("memo", "Memo", 4095),
    FieldSpec::lines("lines", "Lines", invoice_lines::LINE),
];

impl Entity for Invoice {
    fn kind(&self) -> Kind {
        Kind::Invoice
    }

    fn rules(&self, _settings: &Settings) -> Rules {
        Rules {
            quickbooks: SideRules { new: OnNew::Create, edited: OnEdit::Update, gone: OnGone::Void },
            billcom: SideRules { new: OnNew::Create, edited: OnEdit::Difference, gone: OnGone::Offer },
        }
    }

    fn fields(&self) -> &'static [FieldSpec] {
        FIELDS
    }

    fn title(&self, fields: &Fields) -> String {
        document::title(fields)
    }

    fn owner(&self) -> Option<&'static str> {
        Some("customer")
    }

    fn keys(&self, fields: &Fields) -> Vec<String> {
        document::keys(fields, NUMBER_MAX)
    }

    fn compare(&self, quickbooks: &Fields, billcom: &Fields, partners: &Partners) -> Likeness {
        document::compare(quickbooks, billcom, "customer", NUMBER_MAX, partners)
    }

    fn names_are_unique(&self) -> bool {
        false
    }

    fn total(&self) -> Option<&'static str> {
        Some("amount")
    }

    fn control_account(&self) -> Option<ControlAccount> {
        Some(ControlAccount::Receivables)
    }

    fn defaults(&self) -> &'static [DefaultRecord] {
        &[DefaultRecord::Item]
    }

    fn kept(&self) -> &'static [&'static str] {
        &[document::DATED_BY]
    }

    /// Subtotals are no lines of a document: they would be counted twice.
    fn prepare(&self, sighting: &mut Sighting, context: &Context) {
        document::choose_date(sighting, &context.settings);
        if sighting.key.side == Side::QuickBooks {
            invoice_lines::drop_subtotals(sighting, context);
        }
    }

    fn complete(&self, source: &Sighting, context: &Context) -> Result<Fields, Box<Trouble>> {
        let title = format!("Invoice {}", self.title(&source.fields));
        let mut fields = source.fields.clone();
        let mut lines = fields.lines("lines").to_vec();
        if lines.is_empty() {
            let happened = "It has no lines, and the other side needs at least one.".to_owned();
            let steps = &["Open the invoice and mend it; it travels by itself then."];
            return Err(troubles::incomplete(format!("{title}: it has no lines"), happened, steps).into());
        }
        if source.key.side == Side::BillCom {
            for line in lines.iter_mut().filter(|line| !line.has("item") && line.has("amount")) {
                let Some(item) = context.defaults.get(&DefaultRecord::Item) else {
                    let happened = "One of its lines names no item, and QuickBooks has no line without one.".to_owned();
                    let set = "Or set default_item for the company: it is used for every such line.";
                    let steps = &["Give the line an item in Bill.com.", set];
                    return Err(troubles::incomplete(format!("{title}: a line has no item"), happened, steps).into());
                };
                line.set("item", Some(Value::Ref(item.clone())));
            }
        } else {
            lines = invoice_lines::exact(&lines);
        }
        fields.set("lines", Some(Value::Lines(lines)));
        Ok(fields)
    }

    fn holds_back(&self, source: &Sighting, context: &Context) -> Option<HoldBack> {
        let early = source.fields.date("date").is_some_and(|date| date < context.settings.start_date);
        early.then_some(HoldBack::Never)
    }

    fn homes(&self, _settings: &Settings) -> &'static [BillComHome] {
        const { &[BillComHome::nested("Invoice")] }
    }

    fn read_billcom(&self, raw: &Raw, settings: &Settings) -> Result<Sighting, RawError> {
        let mut fields = Fields::new();
        fields.set("customer", tree::pointer(Kind::Customer, raw.reference("customerId")?));
        fields.set_text("number", raw.text("invoiceNumber"));
        document::read_dates(raw, "invoiceDate", &mut fields)?;
        fields.set("due_date", raw.date("dueDate")?.map(Value::Date));
        fields.set_text("po_number", raw.text("poNumber"));
        fields.set("amount", raw.money("amount")?.map(Value::Money));
        fields.set("tax", raw.money("salesTaxTotal")?.filter(|tax| !tax.is_zero()).map(Value::Money));
        fields.set("tax_item", tree::pointer(Kind::Item, raw.reference("itemSalesTax")?));
        fields.set_text("memo", raw.text("description"));
        let lines = invoice_lines::read_billcom(&raw.rows("invoiceLineItems")?, settings)?;
        fields.set("lines", Some(Value::Lines(lines)));
        document::seen_in_billcom(Kind::Invoice, raw, fields)
    }

    fn is_whole(&self, raw: &Raw) -> bool {
        raw.rows("invoiceLineItems").is_ok_and(|rows| !rows.is_empty())
    }

    /// An update wants customer, number, dates and all lines along (`billcom.md` 2): those that do not change are sent as they
    /// were read a moment ago.
    fn write_billcom(&self, write: &Write<'_>) -> Raw {
        let mut raw = super::billcom::begin("Invoice", write);
        let all = write.result();
        if let Some(customer) = all.reference("customer") {
            raw.set("customerId", customer.id.as_str());
        }
        raw.set("invoiceNumber", all.text("number").unwrap_or_default());
        for (name, field) in [("date", "invoiceDate"), ("due_date", "dueDate")] {
            if let Some(day) = all.date(name).or_else(|| all.date("date")) {
                raw.set(field, day.to_string());
            }
        }
        super::billcom::put_text(&mut raw, write, "po_number", "poNumber");
        super::billcom::put_text(&mut raw, write, "memo", "description");
        super::billcom::put_reference(&mut raw, write, "tax_item", "itemSalesTax");
        let standing = write.raw.filter(|_| !write.touches("lines"));
        let rows = match standing.map(|raw| raw.rows("invoiceLineItems")) {
            Some(Ok(rows)) => rows.into_iter().map(super::billcom::sent_again).collect(),
            _ => invoice_lines::write_billcom(all.lines("lines"), write.settings),
        };
        raw.set_rows("invoiceLineItems", rows);
        raw
    }

    fn ask_quickbooks(&self, ask: &Ask) -> Result<Box<dyn AnyRequest>, NotExpressible> {
        let reading = Reading::of(ask)?;
        let selection = match ask {
            Ask::Changed { .. } | Ask::Continue { .. } => TxnSelection::Where(PayableWhere {
                max_returned: reading.max_returned,
                dates: reading.modified(),
                ..PayableWhere::default()
            }),
            Ask::ById(id) => document::by_id(id)?,
            Ask::Like(fields) => document::by_number::<_, NUMBER_MAX>(fields),
            Ask::Named(_) => return Err(NotExpressible::Reason("invoices have numbers, not names")),
        };
        let include_line_items = Some(true);
        Ok(Box::new(InvoiceQuery { paging: reading.paging, selection, include_line_items, ..InvoiceQuery::default() }))
    }

    fn page_max(&self) -> Option<u32> {
        Some(TRANSACTION_PAGE_MAX)
    }

    fn read_quickbooks(&self, record: &Record) -> Option<(Sighting, String)> {
        let Record::Invoice(ret) = record else { return None };
        Some((seen_in_quickbooks(ret)?, quickbooks::stamp(ret.time_modified.as_ref())))
    }

    fn write_quickbooks(&self, write: &Write<'_>) -> Result<Box<dyn AnyRequest>, NotExpressible> {
        match write.current {
            None => Ok(Box::new(new_invoice(write)?)),
            Some(current) => Ok(Box::new(changed_invoice(write, current)?)),
        }
    }

    fn void_quickbooks(&self, standing: &Sighting) -> Result<Box<dyn AnyRequest>, NotExpressible> {
        quickbooks::void(TxnVoidType::Invoice, standing)
    }

    fn booked(&self, standing: &Fields) -> Vec<Posting> {
        Posting::of_sale(standing)
    }

    fn deleted_types(&self) -> DeletedTypes {
        DeletedTypes::Transaction(&["Invoice"])
    }
}

fn seen_in_quickbooks(ret: &InvoiceRet) -> Option<Sighting> {
    let id = quickbooks::native(ret.txn_id.as_ref()?.as_str())?;
    let tax = ret.sales_tax_total.as_ref().map(quickbooks::money).filter(|tax| !tax.is_zero());
    let subtotal = ret.subtotal.as_ref().map(quickbooks::money);
    let amount = Money::checked_sum(subtotal.into_iter().chain(tax));
    let (lines, line_ids) = invoice_lines::read_quickbooks(&ret.line);
    let mut fields = Fields::new();
    fields.set("customer", quickbooks::reference(Kind::Customer, ret.customer_ref.as_ref()));
    fields.set_text("number", ret.ref_number.as_deref());
    fields.set("date", ret.txn_date.as_ref().map(|date| Value::Date(date.day())));
    fields.set("due_date", ret.due_date.as_ref().map(|date| Value::Date(date.day())));
    fields.set_text("po_number", ret.po_number.as_deref());
    fields.set("amount", amount.map(Value::Money));
    let open = ret.balance_remaining.as_ref().map(quickbooks::money).filter(|open| Some(*open) < amount);
    fields.set(document::OPEN, open.map(Value::Money));
    fields.set("tax", tax.map(Value::Money));
    fields.set("tax_item", tax.and_then(|_| quickbooks::reference(Kind::Item, ret.item_sales_tax_ref.as_ref())));
    fields.set_text("memo", ret.memo.as_deref());
    fields.set_text(document::CONTROL, quickbooks::list_id_of(ret.ar_account_ref.as_ref()));
    fields.set("lines", Some(Value::Lines(lines)));
    let voided = document::is_voided(amount, ret.memo.as_deref(), fields.lines("lines"));
    fields.set(document::VOIDED, voided.then_some(Value::Flag(true)));
    let pending = ret.is_pending == Some(true);
    Some(Sighting {
        key: RecordKey::new(Side::QuickBooks, Kind::Invoice, id),
        version: quickbooks::version(ret.edit_sequence.as_ref()),
        fields,
        life: if voided { Life::Gone } else { Life::Alive },
        merged_into: None,
        hold: pending.then(|| document::PENDING.to_owned()),
        mark: quickbooks::seen_mark(ret.external_guid.as_ref()),
        line_ids,
    })
}

fn new_invoice(write: &Write<'_>) -> Result<InvoiceAdd, NotExpressible> {
    let fields = write.fields;
    let customer = quickbooks::required(fields, "customer", "The invoice names no customer.")?;
    let date = fields.date("date").ok_or(NotExpressible::Reason("The invoice has no date."))?;
    let mut add = InvoiceAdd::new(customer, quickbooks::date(date)?);
    add.ar_account_ref = quickbooks::control(write)?;
    add.due_date = fields.date("due_date").map(quickbooks::date).transpose()?;
    add.ref_number = quickbooks::text(fields, "number");
    add.po_number = quickbooks::text(fields, "po_number");
    add.item_sales_tax_ref = quickbooks::list_ref(fields.reference("tax_item"))?;
    add.memo = quickbooks::text(fields, "memo");
    add.external_guid = Some(ExternalGuid::new(&quickbooks::guid(write.mark))?);
    add.line = invoice_lines::new_lines(fields.lines("lines"))?;
    Ok(add)
}

/// Edits travel to QuickBooks only when a person decides so: Bill.com's version over QuickBooks'.
fn changed_invoice(write: &Write<'_>, current: &Sighting) -> Result<InvoiceMod, NotExpressible> {
    let fields = write.fields;
    let mut change = InvoiceMod::new(quickbooks::txn_id(&current.key.id)?, quickbooks::edit_sequence(current)?);
    if write.touches("customer") {
        change.customer_ref = Change::Set(quickbooks::required(fields, "customer", "The invoice names no customer.")?);
    }
    if let Some(date) = fields.date("date") {
        change.txn_date = Change::Set(quickbooks::date(date)?);
    }
    if let Some(date) = fields.date("due_date") {
        change.due_date = Change::Set(quickbooks::date(date)?);
    }
    if let Some(tax_item) = quickbooks::list_ref(fields.reference("tax_item"))? {
        change.item_sales_tax_ref = Change::Set(tax_item);
    }
    change.ref_number = quickbooks::change(write, "number");
    change.po_number = quickbooks::change(write, "po_number");
    change.memo = quickbooks::change(write, "memo");
    if write.touches("lines") {
        change.line = invoice_lines::changed_lines(fields.lines("lines"), current)?;
    }
    Ok(change)
}
