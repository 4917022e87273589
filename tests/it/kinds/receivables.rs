//! Invoices, made on either side and edited in QuickBooks, and what customers pay.

use super::{
    billcom_entry, in_billcom, in_quickbooks, quickbooks_entry, settle, settle_and_stay, settle_with_problems,
};
use crate::harness::{Office, Setup, day};
use counterfoil::sim::billcom::{Bank, InvoiceDraft, InvoiceLineDraft, Price, ReceiptPlan};
use counterfoil::sim::quickbooks::{ListKind, Receipt, Sale, Txn, TxnKind};

/// What a practice has before the first invoice: accounts, a customer, an item.
pub(super) fn practice(settings: Vec<(&'static str, &'static str)>) -> Office {
    let mut office = Office::new(Setup { settings, ..Setup::default() });
    in_quickbooks(&mut office, |person| {
        person.add_account("Accounts Receivable", "AccountsReceivable").expect("account");
        let fees = person.add_account("Fees", "Income").expect("account");
        person.add_account("Checking", "Bank").expect("account");
        person.add_account("Money In Clearing", "Bank").expect("account");
        person.add_account("Undeposited Funds", "OtherCurrentAsset").expect("account");
        person.add_customer("Acme Homes").expect("customer");
        person.add_service("Work", &fees, "80.00").expect("item");
    });
    settle(&mut office);
    office
}

pub(super) fn enter_invoice(office: &mut Office, number: &str, cents: i64) -> String {
    let customer_id = quickbooks_entry(office, ListKind::Customer, "Acme Homes").id;
    let item_id = quickbooks_entry(office, ListKind::ItemService, "Work").id;
    let sale = Sale { customer_id, item_id, cents, number: number.to_owned() };
    in_quickbooks(office, |person| person.enter_invoice(&sale).expect("invoice"))
}

pub(super) fn draft(office: &Office, number: &str, lines: &[(i64, i64)]) -> InvoiceDraft {
    let item_id = Some(billcom_entry(office, "Item", "Work").id);
    let line = |(quantity, cents): &(i64, i64)| InvoiceLineDraft {
        quantity: *quantity,
        price: Price::Each(*cents),
        item_id: item_id.clone(),
        taxable: false,
        description: "hours".into(),
    };
    InvoiceDraft {
        customer_id: billcom_entry(office, "Customer", "Acme Homes").id,
        number: number.to_owned(),
        date: day(2026, 2, 20),
        due: day(2026, 3, 20),
        tax_item_id: None,
        lines: lines.iter().map(line).collect(),
    }
}

pub(super) fn invoices(office: &Office) -> Vec<Txn> {
    office.books.lock().expect("books").txns(TxnKind::Invoice)
}

fn receipts(office: &Office) -> Vec<Txn> {
    office.books.lock().expect("books").txns(TxnKind::ReceivePayment)
}

#[test]
fn an_invoice_of_quickbooks_is_made_edited_and_archived_in_billcom() {
    let mut office = practice(Vec::new());
    let id = enter_invoice(&mut office, "INV-1", 12_345);
    settle_and_stay(&mut office);
    let [there] = office.organization().invoices().try_into().expect("one invoice");
    assert_eq!((there.number.as_str(), there.cents), ("INV-1", 12_345));

    in_quickbooks(&mut office, |person| {
        person.change_txn(TxnKind::Invoice, &id, &[("Memo", "second thoughts"), ("PONumber", "77")]).expect("changed");
    });
    settle_and_stay(&mut office);
    let edited = office.organization().entries("Invoice").remove(0);
    assert_eq!(edited.fields.get("description").map(String::as_str), Some("second thoughts"));
    assert_eq!(edited.fields.get("poNumber").map(String::as_str), Some("77"));
    assert_eq!(office.organization().invoices()[0].cents, 12_345, "lines that do not change are sent as they were");

    in_quickbooks(&mut office, |person| person.void(TxnKind::Invoice, &id).expect("voided"));
    settle_and_stay(&mut office);
    assert!(!office.organization().entries("Invoice")[0].active);
}

#[test]
fn an_invoice_of_billcom_is_made_once_and_edited_there_only_before() {
    let mut office = practice(Vec::new());
    let first = draft(&office, "INV-7", &[(3, 8_000), (1, 1_999)]);
    let id = in_billcom(&office, |person| person.create_invoice(&first).expect("invoice"));
    settle_and_stay(&mut office);
    let [made] = invoices(&office).try_into().expect("one invoice");
    assert_eq!((made.total_cents, made.ref_number.as_deref()), (25_999, Some("INV-7")));

    let later = draft(&office, "INV-7", &[(3, 9_000), (1, 1_999)]);
    in_billcom(&office, |person| person.edit_invoice(&id, &later).expect("edited"));
    let status = settle_with_problems(&mut office);
    assert_eq!(status.problems.len(), 1, "{:#?}", status.problems);
    assert_eq!(status.problems[0].code, "difference");
    assert_eq!(invoices(&office)[0].total_cents, 25_999, "an edit in Bill.com never comes over");

    let problem = status.problems[0].id;
    office.engine().resolve(&office.company, problem, "use_quickbooks", None, "a test").expect("pressed");
    settle_and_stay(&mut office);
    assert_eq!(office.organization().invoices()[0].cents, 25_999);
}

#[test]
fn an_invoice_archived_in_billcom_is_voided_in_quickbooks_when_a_person_says_so() {
    let mut office = practice(Vec::new());
    let first = draft(&office, "INV-7", &[(1, 8_000)]);
    let id = in_billcom(&office, |person| person.create_invoice(&first).expect("invoice"));
    settle_and_stay(&mut office);
    in_billcom(&office, |person| person.archive("Invoice", &id).expect("archived"));
    let status = settle_with_problems(&mut office);
    assert_eq!(status.problems.len(), 1, "{:#?}", status.problems);
    assert_eq!(invoices(&office)[0].total_cents, 8_000);
    office.engine().resolve(&office.company, status.problems[0].id, "void", None, "a test").expect("pressed");
    settle_and_stay(&mut office);
    assert_eq!(invoices(&office)[0].total_cents, 0);
}

#[test]
fn what_customers_pay_in_billcom_pays_the_invoice_in_quickbooks() {
    let mut office = practice(vec![("money_in_clearing", "Money In Clearing")]);
    let account_id = Some(billcom_entry(&office, "ChartOfAccount", "Checking").id);
    let bank = Bank { name: "First".into(), account_id, pays: true, receives: true };
    in_billcom(&office, |person| person.connect_bank(&bank));
    enter_invoice(&mut office, "INV-1", 10_000);
    enter_invoice(&mut office, "INV-2", 5_000);
    settle_and_stay(&mut office);
    let pays: Vec<_> =
        office.organization().invoices().into_iter().map(|invoice| (invoice.id, invoice.cents)).collect();
    let customer_id = billcom_entry(&office, "Customer", "Acme Homes").id;
    let plan = ReceiptPlan { customer_id, date: day(2026, 3, 3), cents: 15_000, invoices: pays };
    in_billcom(&office, |person| person.customer_pays(&plan, None).expect("paid"));
    office.clock.advance(chrono::Duration::days(4));
    let now = office.now();
    office.organization().back_office(now).pick_up();
    settle_and_stay(&mut office);
    let [receipt] = receipts(&office).try_into().expect("one receipt");
    assert_eq!((receipt.total_cents, receipt.links.len()), (15_000, 2));
    assert!(invoices(&office).iter().all(|invoice| invoice.open_cents == 0));
    let clearing = quickbooks_entry(&office, ListKind::Account, "Money In Clearing").id;
    assert_eq!(office.books.lock().expect("books").trial_balances().get(&clearing), Some(&15_000));
}

#[test]
fn a_receipt_of_quickbooks_is_recorded_in_billcom_once_unless_the_settings_say_no() {
    for wanted in [true, false] {
        let setting = if wanted { "on" } else { "off" };
        let mut office = practice(vec![("receipts_to_billcom", setting)]);
        let invoice = enter_invoice(&mut office, "INV-1", 10_000);
        settle_and_stay(&mut office);
        let customer_id = quickbooks_entry(&office, ListKind::Customer, "Acme Homes").id;
        let paid = vec![(invoice, 10_000)];
        let receipt = Receipt { customer_id, cents: 10_000, number: "5001".into(), deposit_to_id: None, paid };
        let id = in_quickbooks(&mut office, |person| person.receive_payment(&receipt).expect("received"));
        settle_and_stay(&mut office);
        let recorded = office.organization().receipts();
        assert_eq!(recorded.len(), usize::from(wanted), "{recorded:#?}");
        assert_eq!(receipts(&office).len(), 1, "it does not come back");
        if wanted {
            assert_eq!(office.organization().invoices()[0].due_cents, 0);
            in_quickbooks(&mut office, |person| person.delete_txn(TxnKind::ReceivePayment, &id).expect("deleted"));
            let status = settle_with_problems(&mut office);
            assert_eq!(status.problems.len(), 1, "{:#?}", status.problems);
            assert_eq!(status.problems[0].code, "difference");
        }
    }
}

#[test]
fn a_receipt_that_is_voided_in_billcom_is_deleted_in_quickbooks() {
    let mut office = practice(Vec::new());
    enter_invoice(&mut office, "INV-1", 10_000);
    settle_and_stay(&mut office);
    let customer_id = billcom_entry(&office, "Customer", "Acme Homes").id;
    let pays = vec![(office.organization().invoices()[0].id.clone(), 10_000)];
    let plan = ReceiptPlan { customer_id, date: day(2026, 3, 3), cents: 10_000, invoices: pays };
    let id = in_billcom(&office, |person| person.record_cheque(&plan, None, "77").expect("recorded"));
    settle_and_stay(&mut office);
    assert_eq!(receipts(&office).len(), 1);
    in_billcom(&office, |person| person.void_receipt(&id).expect("voided"));
    settle_and_stay(&mut office);
    assert!(receipts(&office).is_empty());
    assert_eq!(invoices(&office)[0].open_cents, 10_000);
}

#[test]
fn a_customer_that_is_out_of_use_after_its_invoice_was_entered_ends_so_on_both_sides() {
    let mut office = practice(Vec::new());
    let customer = in_quickbooks(&mut office, |person| person.add_customer("Baker & Sons").expect("customer"));
    let item_id = quickbooks_entry(&office, ListKind::ItemService, "Work").id;
    let sale = Sale { customer_id: customer.clone(), item_id, cents: 2_848, number: "INV-9".to_owned() };
    in_quickbooks(&mut office, |person| {
        person.enter_invoice(&sale).expect("invoice");
        person.set_active(ListKind::Customer, &customer, false).expect("out of use");
    });
    settle_and_stay(&mut office);
    assert_eq!(office.organization().invoices().len(), 1);
    assert!(!billcom_entry(&office, "Customer", "Baker & Sons").active);
}
