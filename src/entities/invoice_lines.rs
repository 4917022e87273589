//! The lines of invoices, and how their amounts stay exact.
//!
//! QuickBooks gives every line its amount. Bill.com computes it: quantity times price. A line whose amount is not exactly
//! quantity times a price of whole cents is sent to Bill.com as one piece at that amount, with the quantity told in its
//! description. A discount in percent is sent as the amount it came to, because sources differ about what a percentage in
//! Bill.com is taken of (`billcom.md` 2.11). Groups are sent as the lines they consist of.

use super::{Context, FieldSpec, NotExpressible, document, item, quickbooks, tree};
use crate::model::{ClassDimension, Fields, Kind, Money, Raw, RawError, RecordKey, Settings, Side, Sighting, Value};
use qbxml::entity::{
    InvoiceLineAdd, InvoiceLineMod, InvoiceLineOrGroupAdd, InvoiceLineOrGroupMod, InvoiceLineOrGroupRet,
    InvoiceLineRet, Rate, RateRet,
};
use qbxml::{Change, Price, QbText, Quantity, TxnLineId};
use rust_decimal::{Decimal, RoundingStrategy};

/// The fields of a line.
pub(super) static LINE: &[FieldSpec] = &[
    FieldSpec::value("item", "Item"),
    FieldSpec::text("memo", "Description", 4095),
    FieldSpec::value("quantity", "Quantity"),
    FieldSpec::value("rate", "Rate"),
    FieldSpec::value("amount", "Amount"),
    FieldSpec::value("class", "Class"),
    FieldSpec::value("taxable", "Taxable"),
];

/// The sales tax code of lines that are not taxed, as QuickBooks delivers it. A person can rename it: then every line counts
/// as taxed, and the totals tell.
const NOT_TAXED: &str = "Non";

fn class_field(settings: &Settings) -> &'static str {
    match settings.class_dimension {
        ClassDimension::Department => "departmentId",
        ClassDimension::AccountingClass => "actgClassId",
    }
}

/// Reads the lines of a Bill.com invoice.
pub(super) fn read_billcom(rows: &[Raw], settings: &Settings) -> Result<Vec<Fields>, RawError> {
    rows.iter().map(|row| read_billcom_line(row, settings)).collect()
}

fn read_billcom_line(row: &Raw, settings: &Settings) -> Result<Fields, RawError> {
    let quantity = row.number("quantity")?;
    let price = row.number("price")?.filter(|price| !price.is_zero());
    let computed = quantity.zip(price).and_then(|(quantity, price)| cents(quantity.checked_mul(price)?));
    let mut line = Fields::new();
    line.set("item", tree::pointer(Kind::Item, row.reference("itemId")?));
    line.set_text("memo", row.text("description"));
    line.set("quantity", quantity.filter(|quantity| !quantity.is_zero()).map(Value::Number));
    line.set("rate", price.map(Value::Number));
    line.set("amount", row.money("amount")?.or(computed).map(Value::Money));
    line.set("class", tree::pointer(Kind::Class, row.reference(class_field(settings))?));
    line.set("taxable", (row.flag("taxable")? == Some(true)).then_some(Value::Flag(true)));
    Ok(line)
}

/// A number as whole cents, rounded half up as both sides do.
fn cents(number: Decimal) -> Option<Money> {
    let rounded = number.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
    Money::parse(&rounded.to_string()).ok()
}

/// Reads the lines of a QuickBooks invoice, and their ids in the same order; groups as the lines they consist of.
pub(super) fn read_quickbooks(rows: &[InvoiceLineOrGroupRet]) -> (Vec<Fields>, Vec<String>) {
    let (mut lines, mut ids) = (Vec::new(), Vec::new());
    let mut take = |row: &InvoiceLineRet| {
        lines.push(read_line(row));
        ids.push(row.txn_line_id.as_ref().map(|id| id.as_str().to_owned()).unwrap_or_default());
    };
    for row in rows {
        match row {
            InvoiceLineOrGroupRet::Item(line) => take(line),
            InvoiceLineOrGroupRet::Group(group) => group.invoice_line_ret.iter().for_each(&mut take),
        }
    }
    (lines, ids)
}

fn read_line(row: &InvoiceLineRet) -> Fields {
    let mut line = Fields::new();
    line.set("item", quickbooks::reference(Kind::Item, row.item_ref.as_ref()));
    line.set_text("memo", row.desc.as_deref());
    line.set("quantity", row.quantity.as_ref().map(|quantity| Value::Number(quantity.decimal().normalize())));
    let rate = match &row.rate {
        Some(RateRet::Price(price)) => Some(price.decimal().normalize()),
        Some(RateRet::Percent(_)) | None => None,
    };
    line.set("rate", rate.map(Value::Number));
    line.set("amount", row.amount.as_ref().map(|amount| Value::Money(quickbooks::money(amount))));
    line.set("class", quickbooks::reference(Kind::Class, row.class_ref.as_ref()));
    let code = row.sales_tax_code_ref.as_ref().and_then(|code| code.full_name.as_deref());
    line.set("taxable", code.is_some_and(|code| !code.eq_ignore_ascii_case(NOT_TAXED)).then_some(Value::Flag(true)));
    line
}

/// Takes out the lines that only add up the ones above them.
pub(super) fn drop_subtotals(sighting: &mut Sighting, context: &Context) {
    let adds_up = |line: &Fields| {
        let of_line = line.reference("item").map(|item| RecordKey::new(Side::QuickBooks, Kind::Item, item.id.clone()));
        let known = of_line.and_then(|key| context.items.get(&key));
        known.is_some_and(|known| known.text("type") == Some(item::SUBTOTAL))
    };
    let lines = sighting.fields.lines("lines");
    if !lines.iter().any(adds_up) {
        return;
    }
    let kept: Vec<bool> = lines.iter().map(|line| !adds_up(line)).collect();
    let lines = lines.iter().zip(&kept).filter(|(_, kept)| **kept).map(|(line, _)| line.clone()).collect();
    let ids = sighting.line_ids.iter().zip(&kept).filter(|(_, kept)| **kept).map(|(id, _)| id.clone()).collect();
    sighting.fields.set("lines", Some(Value::Lines(lines)));
    sighting.line_ids = ids;
}

/// The lines of a QuickBooks invoice in the form in which Bill.com can only compute the same amounts.
pub(super) fn exact(lines: &[Fields]) -> Vec<Fields> {
    lines.iter().map(exact_line).collect()
}

fn exact_line(line: &Fields) -> Fields {
    let amount = line.money("amount").unwrap_or(Money::ZERO);
    let (quantity, rate) = (line.number("quantity"), line.number("rate"));
    let comes_out = quantity.zip(rate).is_some_and(|(quantity, rate)| {
        rate.scale() <= 2 && quantity.checked_mul(rate).and_then(cents) == Some(amount)
    });
    if comes_out {
        return line.clone();
    }
    let mut single = line.clone();
    if let Some((quantity, rate)) = quantity.zip(rate) {
        let memo = line.text("memo").unwrap_or_default();
        single.set_text("memo", Some(format!("{memo} ({quantity} at {rate})").trim().to_owned()));
    }
    single.set("quantity", Some(Value::Number(Decimal::ONE)));
    single.set("rate", amount.to_string().parse::<Decimal>().ok().map(|rate| Value::Number(rate.normalize())));
    single
}

/// The rows of an invoice on its way to Bill.com.
pub(super) fn write_billcom(lines: &[Fields], settings: &Settings) -> Vec<Raw> {
    lines.iter().map(|line| write_billcom_line(line, settings)).collect()
}

fn write_billcom_line(line: &Fields, settings: &Settings) -> Raw {
    let mut row = Raw::default();
    row.set("entity", "InvoiceLineItem");
    if let Some(item) = line.reference("item") {
        row.set("itemId", item.id.as_str());
    }
    row.set_number("quantity", line.number("quantity").unwrap_or(Decimal::ONE));
    row.set_number("price", line.number("rate").unwrap_or(Decimal::ZERO));
    row.set("description", line.text("memo").unwrap_or_default());
    if let Some(class) = line.reference("class") {
        row.set(class_field(settings), class.id.as_str());
    }
    row.set("taxable", line.flag("taxable") == Some(true));
    row
}

/// The lines of a new invoice. The amount outranks quantity times rate.
pub(super) fn new_lines(lines: &[Fields]) -> Result<Vec<InvoiceLineOrGroupAdd>, NotExpressible> {
    let row = |line: &Fields| -> Result<InvoiceLineOrGroupAdd, NotExpressible> {
        let mut row = InvoiceLineAdd {
            item_ref: quickbooks::list_ref(line.reference("item"))?,
            desc: quickbooks::text(line, "memo"),
            class_ref: quickbooks::list_ref(line.reference("class"))?,
            amount: line.money("amount").map(quickbooks::amount).transpose()?,
            ..InvoiceLineAdd::default()
        };
        if row.item_ref.is_some() {
            row.quantity = quantity(line)?;
            row.rate = rate(line)?;
        }
        Ok(InvoiceLineOrGroupAdd::Item(row))
    };
    lines.iter().map(row).collect()
}

fn quantity(line: &Fields) -> Result<Option<Quantity>, NotExpressible> {
    Ok(line.number("quantity").map(|quantity| Quantity::new(quantity.round_dp(Quantity::PLACES_MAX))).transpose()?)
}

fn rate(line: &Fields) -> Result<Option<Rate>, NotExpressible> {
    let price = line.number("rate").map(|rate| Price::new(rate.round_dp(Price::PLACES_MAX))).transpose()?;
    Ok(price.map(Rate::Price))
}

/// The lines of a changed invoice: those that continue a known one keep its id, further ones are added, the rest goes.
pub(super) fn changed_lines(
    lines: &[Fields],
    current: &Sighting,
) -> Result<Vec<InvoiceLineOrGroupMod>, NotExpressible> {
    let wanted: Vec<_> = lines.iter().collect();
    let standing = current.fields.lines("lines").iter().zip(&current.line_ids).filter(|(_, id)| !id.is_empty());
    let ids = document::continued(&wanted, standing.map(|(line, id)| (line, id.as_str())).collect());
    let mut rows = Vec::new();
    for (line, known) in lines.iter().zip(ids) {
        let id = known.map_or_else(|| Ok(TxnLineId::new_line()), TxnLineId::new)?;
        let mut row = InvoiceLineMod::keep(id);
        row.item_ref = Change::to(quickbooks::list_ref(line.reference("item"))?);
        let memo: Option<QbText<4095>> = quickbooks::text(line, "memo");
        row.desc = if known.is_some() { Change::to(memo) } else { memo.map_or(Change::Keep, Change::Set) };
        row.quantity = quantity(line)?.map_or(Change::Keep, Change::Set);
        row.rate = rate(line)?;
        row.class_ref = quickbooks::list_ref(line.reference("class"))?.map_or(Change::Keep, Change::Set);
        let amount = line.money("amount").map(quickbooks::amount).transpose()?;
        row.amount = amount.map_or(Change::Keep, Change::Set);
        rows.push(InvoiceLineOrGroupMod::Item(row));
    }
    Ok(rows)
}
