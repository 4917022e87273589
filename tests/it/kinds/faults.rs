//! Ordinary accidents while every kind of record is on its way: no duplicate, nothing lost.

use super::payables::Firm;
use super::{billcom_entry, in_billcom, in_quickbooks, quickbooks_entry, settle, settle_with_problems};
use crate::harness::day;
use counterfoil::sim::billcom::{Fault as BillComFault, FaultKind, On, ReceiptPlan};
use counterfoil::sim::connector::{Fault, When};
use counterfoil::sim::quickbooks::{ListKind, Receipt, Sale, TxnKind};

/// A firm in step, in which people then do something of every kind, on both sides; nothing of it has travelled yet.
fn busy() -> Firm {
    let mut firm = Firm::new();
    in_quickbooks(&mut firm.office, |person| {
        person.set_preferences(|preferences| preferences.class_tracking = true);
        person.add_account("Accounts Receivable", "AccountsReceivable").expect("account");
        person.add_account("Undeposited Funds", "OtherCurrentAsset").expect("account");
        let fees = person.add_account("Fees", "Income").expect("account");
        let customer_id = person.add_customer("Acme Homes").expect("customer");
        let item_id = person.add_service("Work", &fees, "80.00").expect("item");
        for (number, cents) in [("I-1", 10_000), ("I-2", 5_000), ("I-3", 700)] {
            let sale =
                Sale { customer_id: customer_id.clone(), item_id: item_id.clone(), cents, number: number.to_owned() };
            person.enter_invoice(&sale).expect("invoice");
        }
    });
    settle(&mut firm.office);
    work_in_billcom(&firm);
    work_in_quickbooks(&mut firm);
    firm
}

/// Bills, a credit, a recorded payment that uses it, one made online, and a cheque of a customer.
fn work_in_billcom(firm: &Firm) {
    let (first, second) = (firm.bill("B-1", 10_000), firm.bill("B-2", 4_000));
    let credit = firm.credit("CR-1", 2_500);
    firm.recorded(&firm.plan(&[(&first, 7_500)], &[(&first, &credit, 2_500)]));
    let (mut plan, bank) = (firm.plan(&[(&second, 4_000)], &[]), firm.bank.clone());
    plan.date = firm.office.now().date_naive();
    let invoice = firm.office.organization().invoices().into_iter().find(|it| it.number == "I-2").expect("invoice").id;
    let customer_id = billcom_entry(&firm.office, "Customer", "Acme Homes").id;
    let cheque = ReceiptPlan { customer_id, date: day(2026, 3, 3), cents: 5_000, invoices: vec![(invoice, 5_000)] };
    in_billcom(&firm.office, |person| {
        person.schedule(&plan, &bank).expect("scheduled");
        person.record_cheque(&cheque, None, "77").expect("recorded");
        person.create("Department", &[("name", "East".into())]).expect("department");
    });
    let now = firm.office.now();
    firm.office.organization().back_office(now).pick_up();
    firm.office.organization().back_office(now).confirm_after(0);
}

/// A payment of a customer, an edited invoice, a voided one, and something new in every list.
fn work_in_quickbooks(firm: &mut Firm) {
    let invoices = firm.txns(TxnKind::Invoice);
    let id = |number: &str| {
        let named = invoices.iter().find(|it| it.ref_number.as_deref() == Some(number));
        named.expect("invoice").id.clone()
    };
    let customer = quickbooks_entry(&firm.office, ListKind::Customer, "Acme Homes").id;
    let paid = vec![(id("I-1"), 10_000)];
    in_quickbooks(&mut firm.office, |person| {
        let receipt =
            Receipt { customer_id: customer.clone(), cents: 10_000, number: "5001".into(), deposit_to_id: None, paid };
        person.receive_payment(&receipt).expect("received");
        person.change_txn(TxnKind::Invoice, &id("I-2"), &[("PONumber", "77")]).expect("changed");
        person.void(TxnKind::Invoice, &id("I-3")).expect("voided");
        person.add_job(&customer, "Lake House").expect("job");
        person.add_class("West").expect("class");
        person.add_vendor("Newcomer").expect("vendor");
        person.set_field(ListKind::Customer, &customer, "Phone", "555-0100").expect("phone");
        let travel = person.add_account("Travel", "Expense").expect("account");
        person.add_service("Trip", &travel, "5.00").expect("item");
    });
}

/// Everything stands once on both sides.
fn assert_once(firm: &Firm, when: &str) {
    for (kind, count) in [
        (TxnKind::Bill, 2),
        (TxnKind::VendorCredit, 1),
        (TxnKind::BillPaymentCheck, 2),
        (TxnKind::Transfer, 1),
        (TxnKind::Invoice, 3),
        (TxnKind::ReceivePayment, 2),
    ] {
        assert_eq!(firm.txns(kind).len(), count, "{when}: {kind:?}");
    }
    assert_eq!((firm.payable(), firm.balance("Money Out Clearing")), (0, 0), "{when}");
    assert!(firm.txns(TxnKind::Invoice).iter().all(|invoice| invoice.open_cents == 0), "{when}");
    firm.trial_balance_is_zero();
    let organization = firm.office.organization();
    for (entity, count) in [("Invoice", 3), ("ReceivedPay", 2), ("Item", 2), ("Department", 2), ("Customer", 2)] {
        assert_eq!(organization.count(entity), count, "{when}: {entity}");
    }
    assert_eq!(organization.vendors().len(), 2, "{when}");
    assert!(organization.invoices().iter().all(|it| it.due_cents == 0 || it.state == "2"), "{when}");
    let ordered = organization.entries("Invoice").into_iter().filter(|it| it.fields.contains_key("poNumber")).count();
    assert_eq!(ordered, 1, "{when}");
    assert!(organization.violations().is_empty(), "{:?}", organization.violations());
}

fn comes_to_rest(firm: &mut Firm, when: &str) {
    firm.office.clock.advance(chrono::Duration::minutes(20));
    let status = firm.office.settle(16);
    assert!(status.problems.is_empty(), "{when}: {:#?}", status.problems);
    assert_once(firm, when);
    let applied = firm.office.applied();
    firm.office.clock.advance(chrono::Duration::days(2));
    firm.office.settle(4);
    assert_eq!(firm.office.applied(), applied, "{when}: a later run wrote again");
}

/// The accident happens at every call of the session in which all of it travels.
fn survives(fault: &Fault) {
    let beginning = busy();
    beginning.office.clock.advance(chrono::Duration::minutes(20));
    beginning.office.work();
    let mut calm = beginning.copy();
    calm.office.update();
    let calls = calm.office.connector.calls();
    comes_to_rest(&mut calm, "calm");
    for call in 1..=calls {
        let mut firm = beginning.copy();
        firm.office.connector.faults.plan(When::Call(call), fault.clone());
        firm.office.update();
        comes_to_rest(&mut firm, &format!("{fault:?} at call {call}"));
    }
}

#[test]
fn every_kind_survives_an_answer_that_is_lost_after_the_work() {
    survives(&Fault::LoseAnswer);
}

#[test]
fn every_kind_survives_a_session_that_is_cut_before_the_work() {
    survives(&Fault::CutBeforeExecution);
}

#[test]
fn every_kind_survives_an_answer_that_comes_twice() {
    survives(&Fault::ReceiveTwice);
}

#[test]
fn a_reply_of_bill_com_that_is_lost_after_a_write_leaves_one_record() {
    let paths = [
        "Create/ChartOfAccount",
        "Create/Department",
        "Create/Vendor",
        "Create/Customer",
        "Create/Item",
        "Update/Customer",
        "Update/Invoice",
        "Delete/Invoice",
        "RecordARPayment",
    ];
    let beginning = busy();
    for (place, path) in paths.into_iter().enumerate() {
        // The other accidents are the same for every write, so they take turns.
        for kind in [FaultKind::LostAfter, [FaultKind::Truncated, FaultKind::LostBefore][place % 2]] {
            let mut firm = beginning.copy();
            firm.office.organization().hazards.add(BillComFault { on: On::Path(path), skip: 0, kind });
            comes_to_rest(&mut firm, &format!("{kind:?} at {path}"));
            assert_eq!(firm.office.organization().hazards.injected().len(), 1, "{kind:?} at {path} did not happen");
        }
    }
}

#[test]
fn of_many_that_are_made_at_once_one_is_refused_and_the_others_stand() {
    let mut firm = Firm::new();
    settle(&mut firm.office);
    firm.office.organization().rules.unique_account_names_everywhere = true;
    in_quickbooks(&mut firm.office, |person| {
        for parent in ["Trucks", "Mowers", "Sheds"] {
            let parent = person.add_account(parent, "Expense").expect("account");
            person.add_sub_account(&parent, "Repairs").expect("account");
        }
    });
    let status = settle_with_problems(&mut firm.office);
    let repairs = |firm: &Firm| {
        firm.office.organization().accounts().into_iter().filter(|account| account.name == "Repairs").count()
    };
    assert_eq!(repairs(&firm), 1, "one of the three has the name");
    assert_eq!(status.problems.len(), 2, "{:#?}", status.problems);
    assert!(status.problems.iter().all(|problem| problem.code == "billcom_rejected"), "{:#?}", status.problems);
    for parent in ["Trucks", "Mowers", "Sheds"] {
        assert!(billcom_entry(&firm.office, "ChartOfAccount", parent).active);
    }
    firm.office.organization().rules.unique_account_names_everywhere = false;
    for problem in status.problems {
        firm.office.engine().resolve(&firm.office.company, problem.id, "retry", None, "a test").expect("pressed");
    }
    settle(&mut firm.office);
    assert_eq!(repairs(&firm), 3);
}
