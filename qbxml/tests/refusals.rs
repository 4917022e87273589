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
    let change = VendorMod { contacts_mod: vec![ContactMod::new(text("Ana"))], ..vendor_mod() };
    assert!(write(QbXmlVersion::V13, &change).is_ok());
    assert!(matches!(refused(QbXmlVersion::us(12, 0), &change).limit, Limit::Required(_)));
}

#[test]
fn a_payment_names_what_it_pays_and_how() {
    let nothing = BillPaymentCheckAdd { applied_to_txn_add: vec![], ..bill_payment() };
    assert_eq!(refused(QbXmlVersion::V13, &nothing).path, "BillPaymentCheckAddRq/BillPaymentCheckAdd/AppliedToTxnAdd");
    let bare = vec![AppliedToTxnAdd::new(txn_id("1-1").into())];
    let no_amount = BillPaymentCheckAdd { applied_to_txn_add: bare.clone(), ..bill_payment() };
    assert!(matches!(refused(QbXmlVersion::V13, &no_amount).limit, Limit::Required(_)));

    let none = ReceivePaymentAdd { application: PaymentApplication::To(vec![]), ..received_payment() };
    assert_eq!(refused(QbXmlVersion::V13, &none).path, "ReceivePaymentAddRq/ReceivePaymentAdd/AppliedToTxnAdd");
    let too_much = ReceivePaymentAdd { total_amount: Some(amount("199.99")), ..received_payment() };
    assert!(matches!(refused(QbXmlVersion::V13, &too_much).limit, Limit::Range(_)));
    let alone = ReceivePaymentAdd { application: PaymentApplication::Auto(false), ..too_much };
    assert!(write(QbXmlVersion::V13, &alone).is_ok());

    let changed = AppliedToTxnMod::new(txn_id("1-1"));
    let payment = BillPaymentCheckMod {
        applied_to_txn_mod: vec![changed],
        ..BillPaymentCheckMod::new(txn_id("1-2"), edit_sequence("1"))
    };
    assert!(matches!(refused(QbXmlVersion::V13, &payment).limit, Limit::Required(_)));
}

#[test]
fn debits_equal_credits_and_are_not_negative() {
    assert!(write(QbXmlVersion::V13, &journal_entry()).is_ok());
    let line = |cents: i64| JournalLineAdd::new(list_id("1-1").into(), Amount::from_cents(cents).expect("small"));
    let entry = |debit: i64, credit: i64| {
        let lines = vec![DebitOrCreditAdd::Debit(line(debit)), DebitOrCreditAdd::Credit(line(credit))];
        JournalEntryAdd::new(day("2026-09-30"), lines)
    };
    assert!(matches!(refused(QbXmlVersion::V13, &entry(100, 99)).limit, Limit::Required(_)));
    assert!(matches!(refused(QbXmlVersion::V13, &entry(-100, -100)).limit, Limit::Range(_)));
    let empty = JournalEntryAdd::new(day("2026-09-30"), vec![]);
    assert!(matches!(refused(QbXmlVersion::V13, &empty).limit, Limit::Required(_)));
}

#[test]
fn what_the_schema_lets_pass_and_quickbooks_does_not() {
    let half = TransferAdd { transfer_to_account_ref: None, ..transfer() };
    assert_eq!(refused(QbXmlVersion::V13, &half).path, "TransferAddRq/TransferAdd/TransferToAccountRef");
    let circle = TransferAdd { transfer_to_account_ref: transfer().transfer_from_account_ref, ..transfer() };
    assert!(matches!(refused(QbXmlVersion::V13, &circle).limit, Limit::Exclusive(_)));
    assert_eq!(refused(QbXmlVersion::us(11, 0), &transfer()).limit, Limit::Since(QbXmlVersion::us(12, 0)));

    let credit = VendorCreditAdd::new(list_id("1-1").into(), day("2026-09-01"));
    assert!(matches!(refused(QbXmlVersion::V13, &credit).limit, Limit::Required(_)));
    let memo = CreditMemoAdd::new(list_id("1-1").into(), day("2026-09-01"), vec![]);
    assert!(matches!(refused(QbXmlVersion::V13, &memo).limit, Limit::Required(_)));

    let object = MergeObject::new(list_id("1-1"), edit_sequence("1"));
    let merge = ListMerge::new(ListMergeType::Vendor, object.clone(), object);
    assert!(matches!(refused(QbXmlVersion::V13, &merge).limit, Limit::Exclusive(_)));
}

#[test]
fn macros_name_transactions_in_adds_only() {
    let bill = TxnRef::Macro(MacroName::new("TxnID:bill1").expect("short"));
    let target = DataExtTarget::Txn(TxnDataExt::new(TxnDataExtType::Bill, bill));
    let owner = OwnerId::custom_fields();
    let add = DataExtAdd::new(owner.clone(), text("Mark"), target.clone(), "x".into());
    assert!(write(QbXmlVersion::V13, &add).expect("valid").contains("<TxnID useMacro=\"TxnID:bill1\"></TxnID>"));
    let change = DataExtMod::new(owner.clone(), text("Mark"), target.clone(), "y".into());
    assert!(matches!(refused(QbXmlVersion::V13, &change).limit, Limit::Required(_)));
    let gone = DataExtDel::new(owner, text("Mark"), target);
    assert!(matches!(refused(QbXmlVersion::V13, &gone).limit, Limit::Required(_)));
}
