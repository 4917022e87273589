//! Invoice payment: Bill.com `ReceivedPay` with its `invoicePays` (`billcom.md` 2.12), QuickBooks `ReceivePayment`. It travels from
//! Bill.com to QuickBooks once it is paid; by the setting `receipts_to_billcom` one that is entered in QuickBooks is recorded in
//! Bill.com as paid elsewhere. Never both: each has one partner.
//!
//! Accounting: a payment that Bill.com received itself goes to the clearing account of money on its way in; one that was
//! recorded by hand to the account it names, or the setting `deposit_account`, or QuickBooks' undeposited funds.
//!
//! QuickBooks cannot void a received payment, only delete it (`qbxml.md` 7); Bill.com lets no program take one back. So one that
//! is voided in Bill.com is deleted in QuickBooks, and one that is deleted in QuickBooks is shown.
//!
//! Identity: customer, date, amount, and the invoices that are paid.

use super::{
    AnyRequest, Ask, BillComHome, Context, ControlAccount, DeletedTypes, Entity, FieldSpec, HoldBack, Likeness,
    NotExpressible, OnEdit, OnGone, OnNew, Partners, Posting, Reading, Rules, SideRules, Standing, Write, document,
    quickbooks, tree,
};
use crate::limits::TRANSACTION_PAGE_MAX;
use crate::model::{
    DefaultRecord, Fields, Kind, Life, Money, Raw, RawError, RecordKey, Settings, Side, Sighting, Trouble, Value,
};
use qbxml::entity::{
    AppliedToTxnAdd, AppliedToTxnMod, PaymentApplication, ReceivePaymentAdd, ReceivePaymentMod, ReceivePaymentQuery,
    ReceivePaymentRet, TxnDel,
};
use qbxml::query::{TxnSelection, TxnWhere};
use qbxml::types::TxnDelType;
use qbxml::{Amount, Change, ExternalGuid, Record};

/// See the module.
#[derive(Debug)]
pub(super) struct InvoicePayment;

const NUMBER_MAX: usize = 20;

/// What is paid of one invoice.
static LINE: &[FieldSpec] = &[FieldSpec::value("invoice", "Invoice"), FieldSpec::value("amount", "Amount")];

static FIELDS: &[FieldSpec] = &[
    FieldSpec::value("customer", "Customer").identity(),
    FieldSpec::value("date", "Date"),
    FieldSpec::value("amount", "Amount"),
    FieldSpec::value("account", "Account"),
    FieldSpec::text("number", "Number", NUMBER_MAX),
    FieldSpec::text("memo", "Memo", 4095),
    FieldSpec::lines("lines", "Invoices paid", LINE),
];

/// `ReceivedPay.status` and `InvoicePay.status` (`billcom.md` 2.12).
mod status {
    pub(super) const VOID: &str = "1";
    pub(super) const SCHEDULED: &str = "2";
    pub(super) const CANCELLED: &str = "3";
}

/// Names of QuickBooks' payment methods, by how they begin, and Bill.com's `paymentType` for them; anything else is "other".
const METHODS: &[(&str, &str)] = &[
    ("cash", "0"),
    ("check", "1"),
    ("cheque", "1"),
    ("visa", "2"),
    ("mastercard", "2"),
    ("master card", "2"),
    ("american express", "2"),
    ("discover", "2"),
    ("e-check", "3"),
    ("ach", "3"),
    ("paypal", "4"),
];
const OTHER_METHOD: &str = "5";

impl Entity for InvoicePayment {
    fn kind(&self) -> Kind {
        Kind::InvoicePayment
    }

    fn rules(&self, settings: &Settings) -> Rules {
        let new = if settings.receipts_to_billcom { OnNew::Create } else { OnNew::Stay };
        Rules {
            quickbooks: SideRules { new, edited: OnEdit::Difference, gone: OnGone::Difference },
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
        Some("customer")
    }

    fn keys(&self, fields: &Fields) -> Vec<String> {
        document::payment_keys(fields)
    }

    fn compare(&self, quickbooks: &Fields, billcom: &Fields, partners: &Partners) -> Likeness {
        document::compare_payments(quickbooks, billcom, "customer", "invoice", partners)
    }

    fn names_are_unique(&self) -> bool {
        false
    }

    fn control_account(&self) -> Option<ControlAccount> {
        Some(ControlAccount::Receivables)
    }

    fn defaults(&self) -> &'static [DefaultRecord] {
        &[DefaultRecord::MoneyInClearing, DefaultRecord::DepositAccount]
    }

    fn complete(&self, source: &Sighting, context: &Context) -> Result<Fields, Box<Trouble>> {
        let mut fields = source.fields.clone();
        if source.key.side == Side::BillCom && !fields.has("account") {
            let online = fields.text(document::CHANNEL) == Some(document::ONLINE);
            let wanted = if online { DefaultRecord::MoneyInClearing } else { DefaultRecord::DepositAccount };
            fields.set("account", context.defaults.get(&wanted).cloned().map(Value::Ref));
        }
        Ok(fields)
    }

    fn holds_back(&self, source: &Sighting, context: &Context) -> Option<HoldBack> {
        if source.fields.date("date").is_some_and(|date| date < context.settings.start_date) {
            return Some(HoldBack::Never);
        }
        match source.key.side {
            Side::BillCom if source.fields.text("status") == Some(status::SCHEDULED) => {
                Some(HoldBack::Until("waits until it is paid in Bill.com".to_owned()))
            }
            Side::QuickBooks if source.fields.lines("lines").is_empty() => {
                Some(HoldBack::Until("waits until it is used for an invoice in QuickBooks".to_owned()))
            }
            _ => None,
        }
    }

    /// One that is only scheduled is announced.
    fn standing(&self, sighting: &Sighting, _context: &Context) -> Standing {
        match document::standing(sighting) {
            Standing::Booked if sighting.fields.text("status") == Some(status::SCHEDULED) => Standing::Announced,
            other => other,
        }
    }

    fn homes(&self, _settings: &Settings) -> &'static [BillComHome] {
        const { &[BillComHome::nested("ReceivedPay")] }
    }

    fn read_billcom(&self, raw: &Raw, _settings: &Settings) -> Result<Sighting, RawError> {
        let online = raw.flag("isOnline")? == Some(true);
        let state = raw.text("status");
        let gone = matches!(state.as_deref(), Some(status::VOID | status::CANCELLED));
        let mut lines = Vec::new();
        for row in raw.rows("invoicePays")? {
            // The parts of a payment that stands can be taken back one by one.
            let part = row.text("status");
            if !gone && matches!(part.as_deref(), Some(status::VOID | status::CANCELLED)) {
                continue;
            }
            let mut line = Fields::new();
            line.set("invoice", tree::pointer(Kind::Invoice, row.reference("invoiceId")?));
            line.set("amount", row.money("amount")?.map(Value::Money));
            lines.push(line);
        }
        let mut fields = Fields::new();
        fields.set("customer", tree::pointer(Kind::Customer, raw.reference("customerId")?));
        fields.set("date", raw.date("paymentDate")?.map(Value::Date));
        fields.set("amount", raw.money("amount")?.map(Value::Money));
        fields.set("account", tree::pointer(Kind::Account, raw.reference("depositToAccountId")?));
        fields.set_text("number", raw.text("refNumber"));
        fields.set_text("memo", raw.text("description"));
        fields.set("lines", Some(Value::Lines(lines)));
        fields.set_text(document::CHANNEL, online.then_some(document::ONLINE));
        fields.set_text("status", state.filter(|state| state == status::SCHEDULED));
        Ok(Sighting {
            key: RecordKey::new(Side::BillCom, Kind::InvoicePayment, raw.id()?),
            version: raw.text("updatedTime").unwrap_or_default(),
            fields,
            life: if gone { Life::Gone } else { Life::Alive },
            merged_into: None,
            hold: None,
            mark: None,
            line_ids: Vec::new(),
        })
    }

    /// The data of RecordARPayment: Bill.com has no other way to a received payment.
    fn write_billcom(&self, write: &Write<'_>) -> Raw {
        let fields = write.fields;
        let mut raw = Raw::default();
        if let Some(customer) = fields.reference("customer") {
            raw.set("customerId", customer.id.as_str());
        }
        if let Some(date) = fields.date("date") {
            raw.set("paymentDate", date.to_string());
        }
        raw.set("paymentType", fields.text("method").unwrap_or(OTHER_METHOD));
        raw.set_money("amount", fields.money("amount").unwrap_or(Money::ZERO));
        if let Some(account) = fields.reference("account") {
            raw.set("depositToAccountId", account.id.as_str());
        }
        for (name, field) in [("number", "refNumber"), ("memo", "description")] {
            if let Some(text) = fields.text(name) {
                raw.set(field, text);
            }
        }
        let parts = fields.lines("lines").iter().filter_map(|line| {
            let mut part = Raw::default();
            part.set("invoiceId", line.reference("invoice")?.id.as_str());
            part.set_money("amount", amount_of(line));
            Some(part)
        });
        raw.set_rows("invoicePays", parts);
        raw
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
            Ask::Like(fields) => document::on_its_day(fields)?,
            Ask::Named(_) => return Err(NotExpressible::Reason("payments have no names")),
        };
        Ok(Box::new(ReceivePaymentQuery {
            paging: reading.paging,
            selection,
            include_line_items: Some(true),
            ..ReceivePaymentQuery::default()
        }))
    }

    fn page_max(&self) -> Option<u32> {
        Some(TRANSACTION_PAGE_MAX)
    }

    fn read_quickbooks(&self, record: &Record) -> Option<(Sighting, String)> {
        let Record::ReceivePayment(ret) = record else { return None };
        Some((seen_in_quickbooks(ret)?, quickbooks::stamp(ret.time_modified.as_ref())))
    }

    fn write_quickbooks(&self, write: &Write<'_>) -> Result<Box<dyn AnyRequest>, NotExpressible> {
        match write.current {
            None => Ok(Box::new(new_payment(write)?)),
            Some(current) => Ok(Box::new(changed_payment(write, current)?)),
        }
    }

    fn void_quickbooks(&self, standing: &Sighting) -> Result<Box<dyn AnyRequest>, NotExpressible> {
        Ok(Box::new(TxnDel { txn_del_type: TxnDelType::ReceivePayment, txn_id: quickbooks::txn_id(&standing.key.id)? }))
    }

    fn booked(&self, standing: &Fields) -> Vec<Posting> {
        Posting::of_payment(standing, "customer", true)
    }

    fn deleted_types(&self) -> DeletedTypes {
        DeletedTypes::Transaction(&["ReceivePayment"])
    }
}

fn amount_of(line: &Fields) -> Money {
    line.money("amount").unwrap_or(Money::ZERO)
}

fn seen_in_quickbooks(ret: &ReceivePaymentRet) -> Option<Sighting> {
    let id = quickbooks::native(ret.txn_id.as_ref()?.as_str())?;
    let mut lines = Vec::new();
    for applied in &ret.applied_to_txn_ret {
        let paid = applied.amount.as_ref().map(quickbooks::money).filter(|paid| !paid.is_zero());
        let invoice = applied.txn_id.as_ref().and_then(|id| quickbooks::native(id.as_str()));
        let Some(paid) = paid else { continue };
        let mut line = Fields::new();
        line.set("invoice", tree::pointer(Kind::Invoice, invoice));
        line.set("amount", Some(Value::Money(paid)));
        lines.push(line);
    }
    let mut fields = Fields::new();
    fields.set("customer", quickbooks::reference(Kind::Customer, ret.customer_ref.as_ref()));
    fields.set("date", ret.txn_date.as_ref().map(|date| Value::Date(date.day())));
    fields.set("amount", ret.total_amount.as_ref().map(|amount| Value::Money(quickbooks::money(amount))));
    fields.set("account", quickbooks::reference(Kind::Account, ret.deposit_to_account_ref.as_ref()));
    fields.set_text("number", ret.ref_number.as_deref());
    fields.set_text("memo", ret.memo.as_deref());
    fields.set_text(document::CONTROL, quickbooks::list_id_of(ret.ar_account_ref.as_ref()));
    fields.set("lines", Some(Value::Lines(lines)));
    let method = ret.payment_method_ref.as_ref().and_then(|method| method.full_name.as_deref());
    fields.set_text("method", method.map(payment_type));
    Some(Sighting {
        key: RecordKey::new(Side::QuickBooks, Kind::InvoicePayment, id),
        version: quickbooks::version(ret.edit_sequence.as_ref()),
        fields,
        life: Life::Alive,
        merged_into: None,
        hold: None,
        mark: quickbooks::seen_mark(ret.external_guid.as_ref()),
        line_ids: Vec::new(),
    })
}

/// Bill.com's code for a payment method of QuickBooks, which a person has named.
fn payment_type(method: &str) -> &'static str {
    let method = method.trim().to_lowercase();
    METHODS.iter().find(|(begins, _)| method.starts_with(begins)).map_or(OTHER_METHOD, |(_, code)| code)
}

fn paid(line: &Fields) -> Result<(qbxml::TxnId, Amount), NotExpressible> {
    let invoice = line.reference("invoice").ok_or(NotExpressible::Reason("A part of the payment names no invoice."))?;
    Ok((quickbooks::txn_id(&invoice.id)?, quickbooks::amount(amount_of(line))?))
}

fn new_payment(write: &Write<'_>) -> Result<ReceivePaymentAdd, NotExpressible> {
    let fields = write.fields;
    let customer = quickbooks::required(fields, "customer", "The payment names no customer.")?;
    let date = fields.date("date").ok_or(NotExpressible::Reason("The payment has no date."))?;
    let amount = fields.money("amount").ok_or(NotExpressible::Reason("The payment has no amount."))?;
    let parts = fields.lines("lines").iter().map(paid).collect::<Result<Vec<_>, _>>()?;
    let applied =
        parts.into_iter().map(|(invoice, amount)| AppliedToTxnAdd::paying(invoice, amount)).collect::<Vec<_>>();
    let application =
        if applied.is_empty() { PaymentApplication::Auto(false) } else { PaymentApplication::To(applied) };
    let mut add = ReceivePaymentAdd::new(customer, quickbooks::date(date)?, quickbooks::amount(amount)?, application);
    add.ar_account_ref = quickbooks::control(write)?;
    add.ref_number = quickbooks::text(fields, "number");
    add.memo = quickbooks::text(fields, "memo");
    add.deposit_to_account_ref = quickbooks::list_ref(fields.reference("account"))?;
    add.external_guid = Some(ExternalGuid::new(&quickbooks::guid(write.mark))?);
    Ok(add)
}

fn changed_payment(write: &Write<'_>, current: &Sighting) -> Result<ReceivePaymentMod, NotExpressible> {
    let fields = write.fields;
    let mut change = ReceivePaymentMod::new(quickbooks::txn_id(&current.key.id)?, quickbooks::edit_sequence(current)?);
    if write.touches("customer") {
        change.customer_ref = Change::Set(quickbooks::required(fields, "customer", "The payment names no customer.")?);
    }
    if let Some(date) = fields.date("date") {
        change.txn_date = Change::Set(quickbooks::date(date)?);
    }
    if let Some(amount) = fields.money("amount") {
        change.total_amount = Change::Set(quickbooks::amount(amount)?);
    }
    if let Some(account) = quickbooks::list_ref(fields.reference("account"))? {
        change.deposit_to_account_ref = Change::Set(account);
    }
    change.ref_number = quickbooks::change(write, "number");
    change.memo = quickbooks::change(write, "memo");
    if write.touches("lines") || write.touches("amount") {
        for line in write.result().lines("lines") {
            let (invoice, amount) = paid(line)?;
            change.applied_to_txn_mod.push(AppliedToTxnMod::paying(invoice, amount));
        }
    }
    Ok(change)
}
