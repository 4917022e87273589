//! Settings that are changed, dates before the start, words that look like others: what must not move anything by itself.

use super::payables::Firm;
use super::{in_billcom, in_quickbooks, quickbooks_entry, settle, settle_and_stay, settle_with_problems};
use crate::harness::{Office, Setup, day};
use counterfoil::sim::billcom::BillDraft;
use counterfoil::sim::quickbooks::{BillDraft as QuickBooksBill, BillDraftLine, ListKind, TxnKind, Zone};

fn draft(firm: &Firm, number: &str, date: chrono::NaiveDate, parts: &[(i64, &str)]) -> BillDraft {
    BillDraft {
        vendor_id: firm.vendor.clone(),
        number: number.to_owned(),
        date,
        due: day(2026, 3, 10),
        lines: parts.iter().map(|(cents, text)| firm.line(*cents, text)).collect(),
    }
}

fn press(office: &mut Office, code: &str, action: &str) {
    let problems = office.status().problems;
    let problem = problems.iter().find(|it| it.code == code).unwrap_or_else(|| panic!("no {code}: {problems:#?}"));
    office.engine().resolve(&office.company, problem.id, action, None, "a test").expect("pressed");
}

#[test]
fn another_document_date_counts_for_new_documents_only() {
    let mut firm = Firm::new();
    let post = |firm: &Firm, id: &str| {
        in_billcom(&firm.office, |person| {
            person.edit("Bill", id, &[("glPostingDate", "2026-02-28".into())]).expect("posting date");
        });
    };
    let first = firm.bill("B-1", 10_000);
    post(&firm, &first);
    settle_and_stay(&mut firm.office);
    let (engine, company) = (firm.office.engine(), firm.office.company.clone());
    engine.set(&company, &[("document_date".to_owned(), "posting".to_owned())], "a test").expect("set");
    let second = firm.bill("B-2", 20_000);
    post(&firm, &second);
    settle_and_stay(&mut firm.office);
    let dates = |firm: &Firm| firm.txns(TxnKind::Bill).into_iter().map(|bill| bill.date).collect::<Vec<_>>();
    assert_eq!(dates(&firm), [day(2026, 2, 10), day(2026, 2, 28)], "the first keeps the date by which it was made");
    in_billcom(&firm.office, |person| {
        person.edit("Bill", &second, &[("glPostingDate", "2026-03-01".into())]).expect("posting date");
    });
    settle_and_stay(&mut firm.office);
    assert_eq!(dates(&firm), [day(2026, 2, 10), day(2026, 3, 1)]);
}

#[test]
fn a_payment_of_a_bill_from_before_the_start_is_explained_and_follows_when_a_person_says_so() {
    let mut firm = Firm::new();
    let old = draft(&firm, "OLD-1", day(2019, 12, 1), &[(10_000, "paper")]);
    let old = in_billcom(&firm.office, |person| person.create_bill(&old).expect("bill"));
    settle_and_stay(&mut firm.office);
    assert!(firm.txns(TxnKind::Bill).is_empty());
    firm.recorded(&firm.plan(&[(&old, 10_000)], &[]));
    let status = settle_with_problems(&mut firm.office);
    assert_eq!(status.problems.len(), 1, "{:#?}", status.problems);
    assert!(status.problems[0].summary.contains("before the start date"), "{:#?}", status.problems);
    assert!(status.idle, "what waits for a person keeps nobody busy");
    assert!(firm.txns(TxnKind::Bill).is_empty());
    press(&mut firm.office, "not_created", "create");
    settle_and_stay(&mut firm.office);
    assert_eq!((firm.txns(TxnKind::Bill).len(), firm.txns(TxnKind::BillPaymentCheck).len()), (1, 1));
    assert_eq!(firm.payable(), 0);
}

#[test]
fn a_bill_from_before_the_start_that_quickbooks_has_is_linked_and_its_payment_follows() {
    let mut firm = Firm::new();
    settle(&mut firm.office);
    let vendor_id = quickbooks_entry(&firm.office, ListKind::Vendor, "Paper Mill").id;
    let account_id = quickbooks_entry(&firm.office, ListKind::Account, "Office Supplies").id;
    in_quickbooks(&mut firm.office, |person| {
        let lines = vec![BillDraftLine { account_id, cents: 10_000, memo: "paper".into() }];
        let (date, ref_number, memo) = (day(2019, 12, 1), "OLD-1".to_owned(), String::new());
        person.add_bill(&QuickBooksBill { vendor_id, date, ref_number, memo, lines }).expect("bill");
    });
    let old = draft(&firm, "OLD-1", day(2019, 12, 1), &[(10_000, "paper")]);
    let old = in_billcom(&firm.office, |person| person.create_bill(&old).expect("bill"));
    firm.recorded(&firm.plan(&[(&old, 10_000)], &[]));
    settle_and_stay(&mut firm.office);
    assert_eq!((firm.txns(TxnKind::Bill).len(), firm.txns(TxnKind::BillPaymentCheck).len()), (1, 1));
    assert_eq!(firm.payable(), 0);
}

#[test]
fn where_classes_and_jobs_are_kept_cannot_be_changed_once_they_are_linked() {
    let mut office = Office::new(Setup::default());
    let set = |office: &Office, key: &str, value: &str| {
        office.engine().set(&office.company, &[(key.to_owned(), value.to_owned())], "a test")
    };
    set(&office, "class_dimension", "accounting_class").expect("nothing is linked yet");
    set(&office, "class_dimension", "department").expect("nothing is linked yet");
    in_quickbooks(&mut office, |person| {
        person.set_preferences(|preferences| preferences.class_tracking = true);
        person.add_class("West").expect("class");
        let acme = person.add_customer("Acme Homes").expect("customer");
        person.add_job(&acme, "Lake House").expect("job");
    });
    settle_and_stay(&mut office);
    for (key, value, said) in [("class_dimension", "accounting_class", "1 records"), ("jobs", "jobs", "2 records")] {
        let refused = set(&office, key, value).expect_err("refused").to_string();
        assert!(refused.contains(key) && refused.contains(said), "{refused}");
    }
    set(&office, "jobs", "sub_customers").expect("as it is");
    settle_and_stay(&mut office);
    let organization = office.organization();
    assert_eq!((organization.count("ActgClass"), organization.count("Job")), (0, 0));
}

#[test]
fn a_bill_of_nothing_whose_memo_says_void_stands_until_somebody_voids_it() {
    let mut firm = Firm::new();
    let nothing = draft(&firm, "B-0", day(2026, 2, 10), &[(500, "paper"), (-500, "given back")]);
    let nought = draft(&firm, "B-00", day(2026, 2, 10), &[(0, "a sample")]);
    for draft in [nothing, nought] {
        in_billcom(&firm.office, |person| {
            let id = person.create_bill(&draft).expect("bill");
            person.edit("Bill", &id, &[("description", "VOID: replaces no. 7".into())]).expect("memo");
        });
    }
    settle_and_stay(&mut firm.office);
    assert_eq!(firm.txns(TxnKind::Bill).len(), 2);
    let ids: Vec<_> = firm.txns(TxnKind::Bill).into_iter().map(|bill| bill.id).collect();
    in_quickbooks(&mut firm.office, |person| person.void(TxnKind::Bill, &ids[0]).expect("voided"));
    let status = settle_with_problems(&mut firm.office);
    assert_eq!(status.problems.len(), 1, "{:#?}", status.problems);
    assert!(status.problems[0].summary.contains("is gone in QuickBooks"), "{:#?}", status.problems);
}

#[test]
fn a_line_that_is_inserted_leaves_the_others_what_they_were() {
    let mut firm = Firm::new();
    let before = draft(&firm, "B-1", day(2026, 2, 10), &[(100, "first"), (200, "second"), (300, "third")]);
    let id = in_billcom(&firm.office, |person| person.create_bill(&before).expect("bill"));
    settle_and_stay(&mut firm.office);
    let lines = |firm: &Firm| {
        let bill = firm.txns(TxnKind::Bill).remove(0);
        bill.lines.into_iter().map(|line| (line.memo.unwrap_or_default(), line.id)).collect::<Vec<_>>()
    };
    let old = lines(&firm);
    let after = draft(&firm, "B-1", day(2026, 2, 10), &[(50, "new"), (100, "first"), (250, "second"), (300, "third")]);
    in_billcom(&firm.office, |person| person.edit_bill(&id, &after).expect("edited"));
    settle_and_stay(&mut firm.office);
    let new = lines(&firm);
    assert_eq!(new.iter().map(|(memo, _)| memo.as_str()).collect::<Vec<_>>(), ["new", "first", "second", "third"]);
    assert_eq!(&new[1..], &old, "each line is still the one it was");
}

#[test]
fn a_billable_line_can_lose_its_customer() {
    let mut firm = Firm::new();
    let customer = in_billcom(&firm.office, |person| person.create_customer("Acme Homes", None).expect("customer"));
    let id = firm.bill("B-1", 10_000);
    let lines = |billable: bool| {
        let mut line = serde_json::json!({
            "entity": "BillLineItem", "chartOfAccountId": firm.expense, "amount": 100, "description": "paper"
        });
        if billable {
            line["customerId"] = customer.as_str().into();
            line["jobBillable"] = true.into();
        }
        [("billLineItems", serde_json::Value::Array(vec![line]))]
    };
    in_billcom(&firm.office, |person| person.edit("Bill", &id, &lines(true)).expect("edited"));
    let without = lines(false);
    settle_and_stay(&mut firm.office);
    assert!(firm.txns(TxnKind::Bill)[0].lines[0].customer_id.is_some());
    in_billcom(&firm.office, |person| person.edit("Bill", &id, &without).expect("edited"));
    settle_and_stay(&mut firm.office);
    let [line] = firm.txns(TxnKind::Bill).remove(0).lines.try_into().expect("one line");
    assert_eq!((line.customer_id, line.cents), (None, 10_000));
}

#[test]
fn what_a_clock_that_was_set_back_has_hidden_is_found_within_the_week() {
    let mut firm = Firm::new();
    settle_and_stay(&mut firm.office);
    let vendor = quickbooks_entry(&firm.office, ListKind::Vendor, "Paper Mill").id;
    // The machine moves six hours to the west, and somebody works at once.
    let zone = firm.office.books.lock().expect("books").setup.zone;
    let west = Zone { standard_minutes: zone.standard_minutes - 360, ..zone };
    firm.office.books.get_mut().expect("books").setup.zone = west;
    in_quickbooks(&mut firm.office, |person| {
        person.set_field(ListKind::Vendor, &vendor, "Phone", "555-0199").expect("phone");
    });
    firm.office.clock.advance(chrono::Duration::days(8));
    settle(&mut firm.office);
    let vendors = firm.office.organization().vendors();
    assert_eq!(vendors[0].fields.get("phone").map(String::as_str), Some("555-0199"));
}
