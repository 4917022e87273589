//! The errors that stop a request before it leaves: each names the path, the limit and what was found.

mod support;

use qbxml::entity::*;
use qbxml::query::*;
use qbxml::types::*;
use qbxml::{Limit, QbXmlVersion};
use support::build::*;

#[test]
fn nothing_later_than_the_announced_version_is_written() {
    let class = BillAdd { class_ref: Some(list_id("1-1").into()), ..bill_add() };
    let error = refused(QbXmlVersion::V13, &class);
    assert_eq!(error.path, "BillAddRq/BillAdd/ClassRef");
    assert_eq!((error.limit, error.found.as_str()), (Limit::Since(QbXmlVersion::V16), "13.0"));
    assert!(write(QbXmlVersion::V16, &class).is_ok());

    let address = BillAdd { vendor_address: Some(Address::default()), ..bill_add() };
    assert_eq!(refused(QbXmlVersion::us(12, 0), &address).limit, Limit::Since(QbXmlVersion::V13));

    let account_mod = AccountMod::new(list_id("1-1"), EditSequence::new("1").expect("short"));
    assert_eq!(refused(QbXmlVersion::us(5, 0), &account_mod).limit, Limit::Since(QbXmlVersion::us(6, 0)));
    assert_eq!(refused(QbXmlVersion::us(4, 0), &vendor_page(Page::Start)).path, "VendorQueryRq/iterator");

    let payroll = TxnDeletedQuery::new(&[TxnDelType::PayrollPriorPayment]);
    assert_eq!(refused(QbXmlVersion::V13, &payroll).limit, Limit::Since(QbXmlVersion::V16));
    assert!(write(QbXmlVersion::V16, &payroll).is_ok());
}

#[test]
fn only_values_of_the_schema_are_sent() {
    let unknown = TxnDeletedQuery::new(&[TxnDelType::Unrecognised("Transfer".into())]);
    assert_eq!(refused(QbXmlVersion::V16, &unknown).limit, Limit::KnownValue);
    let non_posting = AccountAdd::new(text("Estimates"), AccountType::NonPosting);
    assert_eq!(refused(QbXmlVersion::V13, &non_posting).limit, Limit::KnownValue);
    let far = ListDeletedQuery {
        deleted_date_range_filter: Some(DeletedDateRangeFilter {
            from_deleted_date: Some(mark("1969-12-31")),
            to_deleted_date: None,
        }),
        ..ListDeletedQuery::new(&[ListDelType::Vendor])
    };
    assert!(matches!(refused(QbXmlVersion::V13, &far).limit, Limit::Range(_)));
}

#[test]
fn required_parts_must_be_there() {
    let no_line = BillAdd::new(list_id("1-1").into(), day("2026-08-05"));
    assert_eq!(refused(QbXmlVersion::V13, &no_line).path, "BillAddRq/BillAdd");
    assert_eq!(refused(QbXmlVersion::V13, &TxnDeletedQuery::new(&[])).path, "TxnDeletedQueryRq/TxnDelType");
    let no_ids = BillQuery { selection: TxnSelection::TxnIds(vec![]), ..BillQuery::default() };
    assert_eq!(refused(QbXmlVersion::V13, &no_ids).path, "BillQueryRq/TxnID");
    let no_ref = BillAdd { vendor_ref: ListRef::default(), ..bill_add() };
    assert_eq!(refused(QbXmlVersion::V13, &no_ref).path, "BillAddRq/BillAdd/VendorRef");
    let no_size =
        VendorQuery { paging: Paging { page: Some(Page::Start), ..Paging::default() }, ..VendorQuery::default() };
    assert_eq!(refused(QbXmlVersion::V13, &no_size).path, "VendorQueryRq/MaxReturned");
}

#[test]
fn lengths_and_counts_are_checked() {
    let long = BillAdd { vendor_ref: ListRef::by_name(&"v".repeat(42)), ..bill_add() };
    let error = refused(QbXmlVersion::V13, &long);
    assert_eq!((error.path.as_str(), error.limit), ("BillAddRq/BillAdd/VendorRef/FullName", Limit::MaxLength(41)));
    assert_eq!(error.found, "42 characters");
    let many = VendorAdd { prefill_account_ref: vec![list_id("1-1").into(); 4], ..vendor_add() };
    assert_eq!(refused(QbXmlVersion::V13, &many).limit, Limit::MaxOccurs(3));
    let control = BillQuery { selection: TxnSelection::RefNumbers(vec!["a\u{1}".into()]), ..BillQuery::default() };
    assert!(matches!(refused(QbXmlVersion::V13, &control).limit, Limit::Character(_)));
}

#[test]
fn names_have_no_colon_and_are_not_blank() {
    assert!(matches!(refused(QbXmlVersion::V13, &VendorAdd::new(text("A:B"))).limit, Limit::Character("colon")));
    assert!(matches!(
        refused(QbXmlVersion::V13, &AccountAdd::new(text(" "), AccountType::Bank)).limit,
        Limit::Required(_)
    ));
    let renamed = VendorMod { name: Change::Set(text("A:B")), ..vendor_mod() };
    assert_eq!(refused(QbXmlVersion::V13, &renamed).path, "VendorModRq/VendorMod/Name");
}

fn empty_mod() -> BillMod {
    let edit_sequence = EditSequence::new("1").expect("short");
    BillMod::new(TxnId::new("1-1").expect("short"), edit_sequence)
}

#[test]
fn header_fields_that_may_not_be_cleared_refuse_it() {
    let changes: [fn(&mut BillMod); 4] = [
        |bill| bill.vendor_ref = Change::Clear,
        |bill| bill.ap_account_ref = Change::Clear,
        |bill| bill.txn_date = Change::Clear,
        |bill| bill.due_date = Change::Clear,
    ];
    for change in changes {
        let mut request = empty_mod();
        change(&mut request);
        let error = refused(QbXmlVersion::V13, &request);
        assert_eq!(error.limit, Limit::NotClearable, "{request:?}");
    }
    let mut allowed = empty_mod();
    (allowed.memo, allowed.ref_number) = (Change::Clear, Change::Clear);
    allowed.terms_ref = Change::Clear;
    assert!(write(QbXmlVersion::V13, &allowed).is_ok());
}

#[test]
fn line_fields_that_may_not_be_cleared_refuse_it() {
    let expense: [fn(&mut ExpenseLineMod); 2] =
        [|line| line.amount = Change::Clear, |line| line.billable_status = Change::Clear];
    let item: [fn(&mut ItemLineMod); 5] = [
        |line| line.item_ref = Change::Clear,
        |line| line.quantity = Change::Clear,
        |line| line.cost = Change::Clear,
        |line| line.amount = Change::Clear,
        |line| line.billable_status = Change::Clear,
    ];
    for change in expense {
        let mut line = ExpenseLineMod::keep(TxnLineId::new_line());
        change(&mut line);
        let mut request = empty_mod();
        request.expense_line_mod.push(line);
        assert_eq!(refused(QbXmlVersion::V13, &request).limit, Limit::NotClearable);
    }
    for change in item {
        let mut line = ItemLineMod::keep(TxnLineId::new_line());
        change(&mut line);
        let mut request = empty_mod();
        request.item_line.push(ItemOrGroupMod::Item(line));
        assert_eq!(refused(QbXmlVersion::V13, &request).limit, Limit::NotClearable);
    }
}

#[test]
fn names_and_switches_cannot_be_cleared() {
    let mut active = vendor_mod();
    active.is_active = Change::Clear;
    assert_eq!(refused(QbXmlVersion::V13, &active).limit, Limit::NotClearable);
    let mut name = vendor_mod();
    name.name = Change::Clear;
    assert_eq!(refused(QbXmlVersion::V13, &name).limit, Limit::NotClearable);
}

#[test]
fn clearing_lines_and_sending_them_exclude_each_other() {
    let lines = BillMod { clear_expense_lines: Some(true), clear_item_lines: None, ..bill_mod() };
    assert!(matches!(refused(QbXmlVersion::V13, &lines).limit, Limit::Exclusive(_)));
    let both = BillMod { clear_expense_lines: Some(true), expense_line_mod: vec![], ..bill_mod() };
    assert!(matches!(refused(QbXmlVersion::V13, &both).limit, Limit::Exclusive(_)));
    let range = TxnDateRangeFilter {
        from_txn_date: Some(day("2026-01-01")),
        date_macro: Some(DateMacro::Today),
        to_txn_date: None,
    };
    let filters = BillWhere { dates: Some(TxnDates::Dated(range)), ..BillWhere::default() };
    let query = BillQuery { selection: TxnSelection::Where(filters), ..BillQuery::default() };
    assert!(matches!(refused(QbXmlVersion::V13, &query).limit, Limit::Exclusive(_)));
}

#[test]
fn contacts_need_their_id_before_13() {
    let contact = ContactMod {
        list_id: None,
        edit_sequence: None,
        salutation: Change::Keep,
        first_name: text("Ana"),
        middle_name: Change::Keep,
        last_name: Change::Keep,
        job_title: Change::Keep,
        additional_contact_ref: vec![],
    };
    let change = VendorMod { contacts_mod: vec![contact], ..vendor_mod() };
    assert!(write(QbXmlVersion::V13, &change).is_ok());
    assert!(matches!(refused(QbXmlVersion::us(12, 0), &change).limit, Limit::Required(_)));
}
