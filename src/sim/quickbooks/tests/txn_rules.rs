//! Rules that hold for all kinds of transactions alike: locks, closed periods, edit sequences, deletions, macros, queries.

use super::trade::{Trade, paid};
use super::*;
use crate::sim::quickbooks::TxnKind;

/// One transaction of every kind.
fn one_of_each(trade: &mut Trade) -> Vec<(TxnKind, String)> {
    let (bank, clearing, card) = (trade.desk.bank.clone(), trade.clearing.clone(), trade.card.clone());
    let (rent, repairs) = (trade.desk.rent.clone(), trade.desk.repairs.clone());
    let (vendor, customer) = (trade.desk.vendor.clone(), trade.customer.clone());
    let bill = trade.bill("B", 10_000);
    let invoice = trade.invoice(&customer, 10_000);
    let credit = trade.credit(100);
    let (sale, receipt) = (trade.sale(&customer, 100), trade.receipt(1_000, &[(&invoice, 1_000)]));
    let mut person = trade.person();
    let cheque = person.pay_bill(&bill, &clearing, 1_000, "1").expect("good");
    let by_card = person.pay_bill_by_card(&bill, &card, 1_000).expect("good");
    let memo = person.enter_credit_memo(&sale).expect("good");
    let received = person.receive_payment(&receipt).expect("good");
    let second = person.receive_payment(&receipt).expect("good");
    let deposit = person.deposit_payments(&bank, &[&second]).expect("good");
    vec![
        (TxnKind::BillPaymentCheck, cheque),
        (TxnKind::BillPaymentCreditCard, by_card),
        (TxnKind::Transfer, person.transfer(&bank, &clearing, 500, "t").expect("good")),
        (TxnKind::Deposit, deposit),
        (TxnKind::Check, person.write_check(&bank, &vendor, &rent, 300).expect("good")),
        (TxnKind::JournalEntry, person.enter_journal(&rent, &repairs, 200).expect("good")),
        (TxnKind::VendorCredit, credit),
        (TxnKind::CreditMemo, memo),
        (TxnKind::ReceivePayment, received),
        (TxnKind::Bill, bill),
        (TxnKind::Invoice, invoice),
    ]
}

/// A field that every kind with a Mod can change.
fn harmless(kind: TxnKind) -> &'static str {
    if kind == TxnKind::JournalEntry { "<RefNumber>x</RefNumber>" } else { "<Memo>x</Memo>" }
}

#[test]
fn closed_periods_windows_and_stale_copies_hold_for_every_kind() {
    let mut trade = Trade::new();
    let all = one_of_each(&mut trade);
    assert_eq!(all.len(), TxnKind::ALL.len());
    for (kind, id) in all.iter().filter(|(kind, _)| *kind != TxnKind::BillPaymentCreditCard) {
        trade.person().open_window(id);
        assert_eq!(trade.bad(&trade.change(id, harmless(*kind))), 3175, "{kind:?}");
        trade.person().close_window(id);
        let stale = trade.change(id, harmless(*kind));
        trade.good(&stale);
        assert_eq!(trade.bad(&stale), 3200, "{kind:?}");
        assert_eq!(trade.bad(&trade.change(id, "<TxnDate></TxnDate>")), 3190, "{kind:?}");
        trade.person().set_preferences(|preferences| preferences.closing_date = Some(day("2026-01-31")));
        assert_eq!(trade.bad(&trade.change(id, harmless(*kind))), 3171, "{kind:?}");
        if *kind != TxnKind::Transfer {
            let word = kind.word();
            let del = format!("<TxnDelRq><TxnDelType>{word}</TxnDelType><TxnID>{id}</TxnID></TxnDelRq>");
            assert_eq!(trade.bad(&del), 3161, "{kind:?}");
        }
        let moved = trade.change(id, "<TxnDate>2026-02-01</TxnDate>");
        assert_eq!(trade.bad(&moved), 3171, "{kind:?}: out of a closed period neither");
        trade.person().set_preferences(|preferences| preferences.closing_date = None);
    }
}

#[test]
fn a_window_over_a_bill_holds_its_payment_back() {
    let mut trade = Trade::new();
    let bill = trade.bill("1", 10_000);
    trade.person().open_window(&bill);
    assert_eq!(trade.bad(&trade.payment(&paid(&bill, "1.00"))), 3176);
    trade.person().close_window(&bill);
    let id = trade.good(&trade.payment(&paid(&bill, "1.00"))).text_of("TxnID").expect("an ID").to_owned();
    trade.person().open_window(&bill);
    let del = format!("<TxnDelRq><TxnDelType>BillPaymentCheck</TxnDelType><TxnID>{id}</TxnID></TxnDelRq>");
    assert_eq!(trade.bad(&del), 3176);
    trade.person().delete_txn(TxnKind::BillPaymentCheck, &id).expect("people see the window");
}

#[test]
fn everything_can_go_and_leaves_the_accounts_empty() {
    let mut trade = Trade::new();
    let all = one_of_each(&mut trade);
    let mut second = Trade::new();
    let twins = one_of_each(&mut second);
    // Payments first, in the opposite order of their making.
    for kind in [TxnKind::Deposit, TxnKind::ReceivePayment] {
        for txn in trade.desk.file.txns(kind) {
            assert_eq!(trade.delete(kind, &txn.id), 0, "{kind:?}");
        }
        for txn in second.desk.file.txns(kind) {
            second.person().void(kind, &txn.id).expect("people can");
        }
    }
    for (kind, id) in all.iter().filter(|(kind, _)| !matches!(kind, TxnKind::Deposit | TxnKind::ReceivePayment)) {
        trade.person().delete_txn(*kind, id).unwrap_or_else(|status| panic!("{kind:?}: {status}"));
    }
    for (kind, id) in twins.iter().filter(|(kind, _)| !matches!(kind, TxnKind::Deposit | TxnKind::ReceivePayment)) {
        second.person().void(*kind, id).unwrap_or_else(|status| panic!("{kind:?}: {status}"));
    }
    for company in [&trade, &second] {
        assert!(company.desk.file.accounts().iter().all(|account| account.balance_cents == 0));
        assert!(
            company.desk.file.payable_by_vendor().is_empty() && company.desk.file.receivable_by_customer().is_empty()
        );
    }
    let types: String = TxnKind::ALL
        .iter()
        .filter(|kind| **kind != TxnKind::Transfer)
        .map(|kind| format!("<TxnDelType>{}</TxnDelType>", kind.word()))
        .collect();
    let gone = trade.desk.one(&format!("<TxnDeletedQueryRq>{types}</TxnDeletedQueryRq>")).1;
    assert_eq!(gone.children.len(), 11, "two receipts and one of each, but never a transfer");
    assert_eq!(trade.desk.file.gone().iter().filter(|gone| gone.kind == "Transfer").count(), 1, "checkers see it");
    trade.desk.minute += 60 * 24 * 91;
    assert_eq!(
        code(&trade.desk.one(&format!("<TxnDeletedQueryRq>{types}</TxnDeletedQueryRq>")).1),
        1,
        "after ninety days"
    );
}

#[test]
fn lines_and_links_come_only_if_asked_for() {
    let mut trade = Trade::new();
    for (kind, id) in one_of_each(&mut trade) {
        let response = trade.query(kind, &format!("<TxnID>{id}</TxnID>"));
        let ret = &response.children[0];
        let parts = |ret: &Element| {
            ret.children
                .iter()
                .filter(|c| c.name.contains("Line") || c.name.contains("Applied") && !c.children.is_empty())
                .count()
        };
        assert_eq!((parts(ret), ret.child("LinkedTxn").is_some()), (0, false), "{kind:?}");
        if kind == TxnKind::Transfer {
            continue;
        }
        let response = trade.query(kind, &format!("<TxnID>{id}</TxnID><IncludeLineItems>true</IncludeLineItems>"));
        assert!(parts(&response.children[0]) > 0, "{kind:?}");
    }
}

#[test]
fn filters_hold_for_every_kind() {
    let mut trade = Trade::new();
    let all = one_of_each(&mut trade);
    for (kind, _) in &all {
        let count = trade.desk.file.txns(*kind).len();
        let mut found = |filter: &str| trade.query(*kind, filter).children.len();
        assert_eq!(
            found("<ModifiedDateRangeFilter><FromModifiedDate>2026-01-12</FromModifiedDate></ModifiedDateRangeFilter>"),
            count,
            "{kind:?}"
        );
        assert_eq!(
            found("<ModifiedDateRangeFilter><ToModifiedDate>2026-01-11</ToModifiedDate></ModifiedDateRangeFilter>"),
            0,
            "{kind:?}"
        );
        assert_eq!(
            found("<TxnDateRangeFilter><ToTxnDate>2026-01-31</ToTxnDate></TxnDateRangeFilter>"),
            count,
            "{kind:?}"
        );
        assert_eq!(
            found("<TxnDateRangeFilter><FromTxnDate>2026-02-01</FromTxnDate></TxnDateRangeFilter>"),
            0,
            "{kind:?}"
        );
        if *kind == TxnKind::Transfer {
            continue;
        }
        let nobody = "<EntityFilter><FullName>Nobody</FullName></EntityFilter>";
        assert_eq!(found(nobody), 0, "{kind:?}");
        assert_eq!(found("<AccountFilter><FullName>Equity</FullName></AccountFilter>"), 0, "{kind:?}");
        let account = match kind {
            TxnKind::Invoice | TxnKind::CreditMemo => "Sales",
            TxnKind::ReceivePayment => "Undeposited Funds",
            TxnKind::Deposit => "Checking",
            TxnKind::BillPaymentCheck => "Money Out Clearing",
            TxnKind::BillPaymentCreditCard => "Visa",
            _ => "Rent",
        };
        assert_eq!(
            found(&format!("<AccountFilter><FullNameWithChildren>{account}</FullNameWithChildren></AccountFilter>")),
            count,
            "{kind:?}"
        );
    }
    let mut numbers = |kind: TxnKind, filter: &str| trade.query(kind, filter).children.len();
    assert_eq!(numbers(TxnKind::VendorCredit, "<RefNumber>cr</RefNumber>"), 1);
    assert_eq!(numbers(TxnKind::VendorCredit, "<RefNumberCaseSensitive>cr</RefNumberCaseSensitive>"), 0);
    assert_eq!(
        numbers(
            TxnKind::Invoice,
            "<RefNumberFilter><MatchCriterion>StartsWith</MatchCriterion><RefNumber>i</RefNumber></RefNumberFilter>"
        ),
        1
    );
    assert_eq!(numbers(TxnKind::Invoice, "<PaidStatus>PaidOnly</PaidStatus>"), 0);
    assert_eq!(numbers(TxnKind::Invoice, "<PaidStatus>NotPaidOnly</PaidStatus>"), 1);
    assert_eq!(
        numbers(
            TxnKind::Invoice,
            "<EntityFilter><FullNameWithChildren>Abercrombie, Kristy</FullNameWithChildren></EntityFilter>"
        ),
        1
    );
    assert_eq!(code(&trade.query(TxnKind::Deposit, "<TxnID>1-1</TxnID>")), 500);
}

#[test]
fn ranges_the_wrong_way_round_are_refused_for_every_kind() {
    let mut trade = Trade::new();
    for kind in TxnKind::ALL {
        let ask = |filter: &str| format!("<{0}QueryRq>{filter}</{0}QueryRq>", kind.word());
        let modified = "<ModifiedDateRangeFilter><FromModifiedDate>2026-02-02</FromModifiedDate><ToModifiedDate>2026-02-01</ToModifiedDate></ModifiedDateRangeFilter>";
        assert_eq!(trade.bad(&ask(modified)), 3030, "{kind:?}");
        let dated = "<TxnDateRangeFilter><FromTxnDate>2026-02-02</FromTxnDate><ToTxnDate>2026-02-01</ToTxnDate></TxnDateRangeFilter>";
        assert_eq!(trade.bad(&ask(dated)), 3030, "{kind:?}");
        let before_time =
            "<ModifiedDateRangeFilter><FromModifiedDate>1960-01-01</FromModifiedDate></ModifiedDateRangeFilter>";
        assert_eq!(trade.bad(&ask(before_time)), 3020, "{kind:?}");
        if !matches!(kind, TxnKind::Transfer | TxnKind::Deposit) {
            let numbers = "<RefNumberRangeFilter><FromRefNumber>b</FromRefNumber><ToRefNumber>a</ToRefNumber></RefNumberRangeFilter>";
            assert_eq!(trade.bad(&ask(numbers)), 3031, "{kind:?}");
        }
    }
}

#[test]
fn one_query_sees_all_kinds_page_by_page() {
    let mut trade = Trade::new();
    one_of_each(&mut trade);
    let start = trade.desk.one("<TransactionQueryRq iterator=\"Start\" metaData=\"MetaDataAndResponseData\"><MaxReturned>5</MaxReturned></TransactionQueryRq>").1;
    let id = start.attribute("iteratorID").expect("an iterator").to_owned();
    assert_eq!((start.attribute("iteratorRemainingCount"), start.attribute("retCount")), (Some("7"), Some("12")));
    let next = trade.desk.one(&format!("<TransactionQueryRq iterator=\"Continue\" iteratorID=\"{id}\"><MaxReturned>50</MaxReturned></TransactionQueryRq>")).1;
    let mut kinds: Vec<&str> = texts(&start, "TxnType");
    kinds.extend(texts(&next, "TxnType"));
    kinds.sort_unstable();
    kinds.dedup();
    assert_eq!(kinds.len(), TxnKind::ALL.len());
    let mut amounts = |filter: &str| {
        let (code, response) = trade.desk.one(&format!("<TransactionQueryRq>{filter}</TransactionQueryRq>"));
        assert!(code <= 1, "{:?}", response.attribute("statusMessage"));
        texts(&response, "Amount").join(" ")
    };
    let kind =
        |word: &str| format!("<TransactionTypeFilter><TxnTypeFilter>{word}</TxnTypeFilter></TransactionTypeFilter>");
    assert_eq!(amounts(&kind("Bill")), "100.00");
    assert_eq!(amounts(&kind("Transfer")), "-5.00");
    assert_eq!(
        amounts(&format!("{}<TransactionDetailLevelFilter>All</TransactionDetailLevelFilter>", kind("Transfer"))),
        "-5.00 5.00"
    );
    assert_eq!(
        amounts(&format!("{}<TransactionPaidStatusFilter>Closed</TransactionPaidStatusFilter>", kind("Bill"))),
        ""
    );
    assert_eq!(amounts("<RefNumber>cr</RefNumber>"), "-1.00");
    assert_eq!(
        amounts(
            "<TransactionAccountFilter><AccountTypeFilter>CreditCard</AccountTypeFilter></TransactionAccountFilter>"
        ),
        "10.00"
    );
    assert_eq!(
        amounts("<TransactionEntityFilter><EntityTypeFilter>OtherName</EntityTypeFilter></TransactionEntityFilter>"),
        ""
    );
    assert_eq!(
        amounts(
            "<TransactionModifiedDateRangeFilter><DateMacro>Yesterday</DateMacro></TransactionModifiedDateRangeFilter>"
        ),
        ""
    );
    assert_eq!(amounts("<TransactionItemFilter><FullName>Installation</FullName></TransactionItemFilter><TransactionPostingStatusFilter>Posting</TransactionPostingStatusFilter>").split(' ').count(), 2);
}

#[test]
fn every_add_can_define_a_macro_and_choose_what_comes_back() {
    let mut trade = Trade::new();
    let sale = "<InvoiceLineAdd><ItemRef><FullName>Installation</FullName></ItemRef></InvoiceLineAdd>";
    let invoice = trade.invoiced(sale).replace("<InvoiceAdd>", "<InvoiceAdd defMacro=\"TxnID:i\">");
    let part =
        "<AppliedToTxnAdd><TxnID useMacro=\"TxnID:i\"></TxnID><PaymentAmount>35.00</PaymentAmount></AppliedToTxnAdd>";
    let receipt =
        trade.received("35.00", part).replace("<ReceivePaymentAdd>", "<ReceivePaymentAdd defMacro=\"TxnID:r\">");
    let line = "<DepositLineAdd><PaymentTxnID useMacro=\"TxnID:r\"></PaymentTxnID></DepositLineAdd>";
    let deposit = format!(
        "<DepositAddRq><DepositAdd><DepositToAccountRef><FullName>Checking</FullName></DepositToAccountRef>{line}</DepositAdd><IncludeRetElement>TxnID</IncludeRetElement></DepositAddRq>"
    );
    let answer = trade.desk.send(&(invoice + &receipt + &deposit));
    assert_eq!(answer.children.iter().map(code).collect::<Vec<_>>(), [0, 0, 0]);
    let names: Vec<_> = answer.children[2].children[0].children.iter().map(|child| child.name.as_str()).collect();
    assert_eq!(names, ["TxnID"]);
    assert_eq!((trade.balance("Checking"), trade.balance("Accounts Receivable")), (3_500, 0));
    let again = trade.desk.one("<InvoiceQueryRq><PaidStatus>PaidOnly</PaidStatus></InvoiceQueryRq>").1;
    assert_eq!(again.children.len(), 1);
}

#[test]
fn an_error_stops_the_rest_of_a_set_if_told_so() {
    let mut trade = Trade::new();
    let bill = trade.bill("1", 10_000);
    let set = trade.payment(&paid(&bill, "1.00"))
        + &trade.payment(&paid(&bill, "999.00"))
        + &trade.payment(&paid(&bill, "2.00"));
    let answer = trade.desk.send_with("onError=\"stopOnError\"", "13.0", &set).expect("valid");
    assert_eq!(answer.children.iter().map(code).collect::<Vec<_>>(), [0, 3210, 3231]);
    assert_eq!(trade.open(&bill), 9_900, "what was done stays done");
    let answer = trade.desk.send_with("onError=\"continueOnError\"", "13.0", &set).expect("valid");
    assert_eq!(answer.children.iter().map(code).collect::<Vec<_>>(), [0, 3210, 0]);
}

#[test]
fn a_mark_is_kept_and_the_date_of_the_last_one_taken() {
    let mut trade = Trade::new();
    let bill = trade.bill("1", 10_000);
    let guid = "{3F2504E0-4F89-41D3-9A0C-0305E82C3301}";
    let parts = format!("<ExternalGUID>{guid}</ExternalGUID>{}", paid(&bill, "1.00"));
    let ret = trade.good(&trade.payment(&parts));
    assert_eq!(ret.text_of("ExternalGUID"), Some(guid));
    let undated = trade.payment(&paid(&bill, "1.00")).replace("<TxnDate>2026-01-11</TxnDate>", "");
    assert_eq!(trade.good(&undated).text_of("TxnDate"), Some("2026-01-11"));
    let malformed = trade.payment(&paid(&bill, "1.5"));
    assert!(trade.desk.send_with("onError=\"stopOnError\"", "13.0", &malformed).is_err(), "two decimals or none");
}
