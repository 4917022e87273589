//! Requests made by hand, for goldens and as the start of requests that must be refused.

use qbxml::entity::*;
use qbxml::query::*;
use qbxml::types::*;
use qbxml::{MessageSet, OnError, QbXmlVersion, Request, RequestId, WriteError};

pub(crate) fn id(text: &str) -> RequestId {
    RequestId::new(text).expect("short")
}

pub(crate) fn list_id(text: &str) -> ListId {
    ListId::new(text).expect("short")
}

pub(crate) fn text<const MAX: usize>(text: &str) -> QbText<MAX> {
    QbText::strict(text).expect("kept and short")
}

pub(crate) fn day(text: &str) -> QbDate {
    text.parse().expect("a day")
}

pub(crate) fn amount(text: &str) -> Amount {
    text.parse().expect("an amount")
}

pub(crate) fn mark(text: &str) -> QbDateTime {
    text.parse().expect("a stamp")
}

/// Writes one request under a version.
pub(crate) fn write<Q: Request>(version: QbXmlVersion, request: &Q) -> Result<String, WriteError> {
    let mut set = MessageSet::new(version, OnError::Continue);
    set.push(&id("1"), request)?;
    Ok(set.finish())
}

pub(crate) fn refused<Q: Request>(version: QbXmlVersion, request: &Q) -> WriteError {
    write(version, request).expect_err("must be refused")
}

pub(crate) fn vendor_add() -> VendorAdd {
    VendorAdd {
        company_name: Some(text("Acme Supplies & Co")),
        vendor_address: Some(Address {
            addr1: Some(text("1 Main St")),
            city: Some(text("Bayshore")),
            ..Address::default()
        }),
        email: Some(text("ap@example.com")),
        notes: Some(text("Müller <süd>\nsecond line")),
        terms_ref: Some(ListRef::by_name("Net 30")),
        ..VendorAdd::new(text("Acme Supplies"))
    }
}

pub(crate) fn vendor_mod() -> VendorMod {
    VendorMod {
        is_active: Change::Set(true),
        vendor_address: Change::Set(Address {
            addr1: Some(text("New St")),
            addr2: Some(text("")),
            ..Address::default()
        }),
        ship_address: Change::Clear,
        phone: Change::Clear,
        email: Change::Set(text("new@example.com")),
        terms_ref: Change::Clear,
        credit_limit: Change::Clear,
        ..VendorMod::new(list_id("30000-933272656"), EditSequence::new("1702703204").expect("short"))
    }
}

pub(crate) fn bill_add() -> BillAdd {
    let labour = ExpenseLineAdd {
        memo: Some(text("Labor")),
        customer_ref: Some(list_id("170000-933272658").into()),
        billable_status: Some(BillableStatus::NotBillable),
        ..ExpenseLineAdd::new(list_id("3D0000-933270542").into(), amount("750"))
    };
    let part = ItemLineAdd {
        serial_or_lot: Some(SerialOrLot::Lot(text("L-7"))),
        quantity: Some("2".parse().expect("a quantity")),
        cost: Some("35.00".parse().expect("a price")),
        ..ItemLineAdd::new(list_id("20000-933272655").into(), amount("70"))
    };
    BillAdd {
        definition: Definition { def_macro: Some(MacroName::new("TxnID:bill1").expect("short")) },
        ap_account_ref: Some(list_id("C0000-933270541").into()),
        due_date: Some(day("2026-09-04")),
        ref_number: Some(text("INV-1001")),
        external_guid: Some(ExternalGuid::new("{3F2504E0-4F89-41D3-9A0C-0305E82C3301}").expect("a GUID")),
        expense_line_add: vec![labour],
        item_line: vec![ItemOrGroupAdd::Item(part)],
        ..BillAdd::new(list_id("30000-933272656").into(), day("2026-08-05"))
    }
}

pub(crate) fn bill_mod() -> BillMod {
    let line = |text: &str| TxnLineId::new(text).expect("short");
    let added = ExpenseLineMod {
        account_ref: Change::Set(list_id("3C0000-933270542").into()),
        amount: Change::Set(amount("25")),
        ..ExpenseLineMod::keep(TxnLineId::new_line())
    };
    BillMod {
        due_date: Change::Set(day("2026-09-15")),
        memo: Change::Clear,
        expense_line_mod: vec![ExpenseLineMod::keep(line("1A2D-1785958998")), added],
        clear_item_lines: Some(true),
        ..BillMod::new(TxnId::new("1A2B-1785958998").expect("short"), EditSequence::new("1785958998").expect("short"))
    }
}

pub(crate) fn vendor_page(page: Page) -> VendorQuery {
    VendorQuery {
        paging: Paging { page: Some(page), ..Paging::default() },
        selection: ListSelection::Where(VendorWhere {
            max_returned: MaxReturned::new(100),
            active_status: Some(ActiveStatus::All),
            from_modified_date: Some(mark("2026-07-15T09:30:00-08:00").minus_hours(1)),
            ..VendorWhere::default()
        }),
        ..VendorQuery::default()
    }
}

pub(crate) fn bill_query() -> BillQuery {
    let changed =
        ModifiedDateRangeFilter { from_modified_date: Some(mark("2026-01-01T00:00:00")), to_modified_date: None };
    BillQuery {
        selection: TxnSelection::Where(BillWhere {
            max_returned: MaxReturned::new(50),
            dates: Some(TxnDates::Modified(changed)),
            entity_filter: Some(RefTreeFilter::ListIds(vec![list_id("30000-933272656")])),
            paid_status: Some(PaidStatus::NotPaidOnly),
            ..BillWhere::default()
        }),
        include_line_items: Some(true),
        include_linked_txns: Some(true),
        paging: Paging { page: Some(Page::Start), ..Paging::default() },
        ..BillQuery::default()
    }
}

pub(crate) fn account_balances() -> AccountQuery {
    AccountQuery {
        counting: Counting { meta_data: MetaData::AndData },
        selection: ListSelection::Where(AccountWhere {
            account_type: vec![AccountType::Bank],
            ..AccountWhere::default()
        }),
        include_ret_element: vec![text("ListID"), text("Balance")],
        ..AccountQuery::default()
    }
}

pub(crate) fn txn_id(text: &str) -> TxnId {
    TxnId::new(text).expect("short")
}

pub(crate) fn edit_sequence(text: &str) -> EditSequence {
    EditSequence::new(text).expect("short")
}

/// Pays one bill in part, and another with a credit; by an electronic payment, so without a number.
pub(crate) fn bill_payment() -> BillPaymentCheckAdd {
    let credit = SetCredit::new(txn_id("1A40-1785958998").into(), amount("100"));
    let by_credit =
        AppliedToTxnAdd { set_credit: vec![credit], ..AppliedToTxnAdd::new(txn_id("1A2C-1785958998").into()) };
    BillPaymentCheckAdd {
        ap_account_ref: Some(list_id("C0000-933270541").into()),
        memo: Some(text("P-77")),
        ..BillPaymentCheckAdd::new(
            list_id("30000-933272656").into(),
            day("2026-09-04"),
            list_id("20000-933270541").into(),
            CheckNumber::ToBePrinted(false),
            vec![AppliedToTxnAdd::paying(txn_id("1A2B-1785958998"), amount("750")), by_credit],
        )
    }
}

/// Pays an invoice that the same message set adds.
pub(crate) fn received_payment() -> ReceivePaymentAdd {
    let invoice = TxnRef::Macro(MacroName::new("TxnID:invoice1").expect("short"));
    let applied = AppliedToTxnAdd { payment_amount: Some(amount("200")), ..AppliedToTxnAdd::new(invoice) };
    ReceivePaymentAdd {
        ref_number: Some(text("P-78")),
        ..ReceivePaymentAdd::new(
            list_id("170000-933272658").into(),
            day("2026-09-05"),
            amount("250"),
            PaymentApplication::To(vec![applied]),
        )
    }
}

/// A payment from undeposited funds, and a fee.
pub(crate) fn deposit() -> DepositAdd {
    let payment = DepositedPayment {
        payment_txn_line_id: Some(TxnLineId::new("1A51-1785958998").expect("short")),
        ..DepositedPayment::new(txn_id("1A50-1785958998").into())
    };
    let fee = FreeDeposit {
        memo: Some(text("Fee")),
        amount: Some(amount("-2.50")),
        ..FreeDeposit::new(list_id("3E0000-933270542").into())
    };
    DepositAdd {
        deposit_line_add: vec![
            DepositLineAdd::new(DepositSource::Payment(payment)),
            DepositLineAdd::new(DepositSource::Free(fee)),
        ],
        ..DepositAdd::new(day("2026-09-06"), list_id("20000-933270541").into())
    }
}

pub(crate) fn journal_entry() -> JournalEntryAdd {
    let debit = JournalLineAdd::new(list_id("3D0000-933270542").into(), amount("40.10"));
    let credit = JournalLineAdd {
        memo: Some(text("to B")),
        ..JournalLineAdd::new(list_id("3C0000-933270542").into(), amount("40.10"))
    };
    JournalEntryAdd::new(day("2026-09-30"), vec![DebitOrCreditAdd::Debit(debit), DebitOrCreditAdd::Credit(credit)])
}

pub(crate) fn transfer() -> TransferAdd {
    let (from, to) = (list_id("20000-933270541"), list_id("30000-933270541"));
    TransferAdd {
        memo: Some(text("T-1")),
        ..TransferAdd::new(day("2026-09-07"), from.into(), to.into(), amount("1000"))
    }
}

pub(crate) fn invoice() -> InvoiceAdd {
    let work = InvoiceLineAdd {
        rate: Some(Rate::Price("100.00".parse().expect("a price"))),
        quantity: Some("2".parse().expect("a quantity")),
        ..InvoiceLineAdd::new(list_id("20000-933272655").into(), amount("200"))
    };
    let set = SalesGroupLineAdd::new(list_id("40000-933272655").into());
    InvoiceAdd {
        definition: Definition { def_macro: Some(MacroName::new("TxnID:invoice1").expect("short")) },
        ref_number: Some(text("A-1")),
        line: vec![InvoiceLineOrGroupAdd::Item(work), InvoiceLineOrGroupAdd::Group(set)],
        ..InvoiceAdd::new(list_id("170000-933272658").into(), day("2026-09-01"))
    }
}

/// A service that is bought and sold on.
pub(crate) fn service() -> ItemServiceAdd {
    let sides = SalesAndPurchase {
        income_account_ref: Some(list_id("3A0000-933270542").into()),
        expense_account_ref: Some(list_id("3D0000-933270542").into()),
        ..SalesAndPurchase::default()
    };
    ItemServiceAdd::new(text("Hauling"), SalesSide::Both(sides))
}
