//! Transfers, deposits, cheques, journal entries, and what the accounts show of them.

use super::trade::{Trade, applied, paid, set_credit};
use super::*;
use crate::sim::quickbooks::{Receipt, TxnKind};

fn transfer(from: &str, to: &str, rest: &str) -> String {
    format!(
        "<TransferAddRq><TransferAdd><TxnDate>2026-01-11</TxnDate><TransferFromAccountRef><FullName>{from}</FullName></TransferFromAccountRef><TransferToAccountRef><FullName>{to}</FullName></TransferToAccountRef>{rest}</TransferAdd></TransferAddRq>"
    )
}

const TEN: &str = "<Amount>10.00</Amount>";

#[test]
fn a_transfer_moves_money_between_balance_sheet_accounts() {
    let mut trade = Trade::new();
    let ret = trade.good(&transfer("Checking", "Money Out Clearing", "<Amount>700.00</Amount><Memo>pulled</Memo>"));
    assert_eq!((ret.text_of("FromAccountBalance"), ret.text_of("ToAccountBalance")), (Some("-700.00"), Some("700.00")));
    let id = ret.text_of("TxnID").expect("an ID").to_owned();
    let ret = trade.good(&trade.change(&id, "<Amount>0.00</Amount>"));
    assert_eq!(ret.text_of("Amount"), Some("0.00"), "the only way to undo one");
    assert_eq!(trade.balance("Checking"), 0);
    for (from, to, rest, code) in [
        ("Rent", "Checking", TEN, 3140),
        ("Checking", "Accounts Payable", TEN, 3140),
        ("Checking", "Nowhere", TEN, 3140),
        ("Checking", "Checking", TEN, 3210),
        ("Checking", "Visa", "<Amount>-1.00</Amount>", 3210),
        ("Checking", "Visa", "<Amount>0.00</Amount>", 3210),
        ("Checking", "Visa", "", 3150),
    ] {
        assert_eq!(trade.bad(&transfer(from, to, rest)), code, "{from} {to} {rest}");
    }
    assert_eq!(trade.bad("<TransferAddRq><TransferAdd><Amount>1.00</Amount></TransferAdd></TransferAddRq>"), 3150);
    let old = trade.desk.send_with("onError=\"stopOnError\"", "11.0", &transfer("Checking", "Visa", TEN));
    assert!(old.is_err(), "transfers came with 12.0");
}

#[test]
fn a_transfer_leaves_no_trace_when_it_goes() {
    let mut trade = Trade::new();
    let (from, to) = (trade.desk.bank.clone(), trade.clearing.clone());
    let id = trade.person().transfer(&from, &to, 1_000, "by hand").expect("good");
    for request in ["TxnDel", "TxnVoid"] {
        let xml = format!("<{request}Rq><{request}Type>Transfer</{request}Type><TxnID>{id}</TxnID></{request}Rq>");
        assert!(trade.desk.send_with("onError=\"stopOnError\"", "13.0", &xml).is_err(), "{request} has no such type");
    }
    let asked = "<TxnDeletedQueryRq><TxnDelType>Transfer</TxnDelType></TxnDeletedQueryRq>";
    assert!(trade.desk.send_with("onError=\"stopOnError\"", "13.0", asked).is_err(), "nor can it be asked for");
    trade.person().delete_txn(TxnKind::Transfer, &id).expect("people can");
    assert_eq!(code(&trade.query(TxnKind::Transfer, &format!("<TxnID>{id}</TxnID>"))), 500, "gone");
    assert_eq!(trade.balance("Checking"), 0);
}

fn deposit(lines: &str) -> String {
    format!(
        "<DepositAddRq><DepositAdd><TxnDate>2026-01-11</TxnDate><DepositToAccountRef><FullName>Checking</FullName></DepositToAccountRef>{lines}</DepositAdd></DepositAddRq>"
    )
}

fn payment_line(id: &str) -> String {
    format!("<DepositLineAdd><PaymentTxnID>{id}</PaymentTxnID></DepositLineAdd>")
}

const FEE: &str = "<DepositLineAdd><AccountRef><FullName>Rent</FullName></AccountRef><Memo>Fee</Memo><Amount>-1.50</Amount></DepositLineAdd>";

#[test]
fn a_deposit_holds_payments_and_lets_them_go() {
    let mut trade = Trade::new();
    let receipt = trade.receipt(26_540, &[]);
    let id = trade.person().receive_payment(&receipt).expect("good");
    let direct = Receipt { deposit_to_id: Some(trade.clearing.clone()), ..trade.receipt(100, &[]) };
    let straight = trade.person().receive_payment(&direct).expect("good");
    let waiting = trade.desk.one("<ReceivePaymentToDepositQueryRq></ReceivePaymentToDepositQueryRq>").1;
    assert_eq!(texts(&waiting, "TxnID"), [id.as_str()], "what went to a bank needs no deposit");
    assert_eq!(texts(&waiting, "Amount"), ["265.40"]);
    let ret = trade.good(&deposit(&(payment_line(&id) + FEE)));
    assert_eq!(ret.text_of("DepositTotal"), Some("263.90"));
    let line = ret.child("DepositLineRet").expect("a line");
    assert_eq!((line.text_of("TxnType"), line.text_of("TxnID")), (Some("ReceivePayment"), Some(id.as_str())));
    assert_eq!(
        (trade.balance("Checking"), trade.balance("Undeposited Funds"), trade.balance("Rent")),
        (26_390, 0, 150)
    );
    let deposited = ret.text_of("TxnID").expect("an ID").to_owned();
    assert_eq!(trade.desk.file.txn(&id).expect("known").deposit_id, Some(deposited.clone()));
    assert_eq!(code(&trade.desk.one("<ReceivePaymentToDepositQueryRq></ReceivePaymentToDepositQueryRq>").1), 1);
    assert_eq!(trade.bad(&deposit(&payment_line(&id))), 3120, "no payment is deposited twice");
    assert_eq!(trade.bad(&deposit(&payment_line(&straight))), 3120);
    assert_eq!(trade.bad(&deposit(&payment_line(&id).repeat(2))), 3120);
    assert_eq!(trade.bad(&trade.change(&id, "<TotalAmount>1.00</TotalAmount>")), 3170);
    let account = format!("<DepositToAccountRef><ListID>{}</ListID></DepositToAccountRef>", trade.clearing);
    assert_eq!(trade.bad(&trade.change(&id, &account)), 3170);
    trade.good(&trade.change(&id, "<Memo>may change</Memo>"));
    assert_eq!(trade.delete(TxnKind::ReceivePayment, &id), 3170, "the deposit first");
    assert_eq!(trade.void(TxnKind::Deposit, &deposited), 0);
    assert_eq!((trade.balance("Checking"), trade.balance("Undeposited Funds")), (0, 26_540));
    let again = trade.good(&deposit(&payment_line(&id))).text_of("TxnID").expect("an ID").to_owned();
    assert_eq!(trade.delete(TxnKind::Deposit, &again), 0);
    assert_eq!(trade.delete(TxnKind::ReceivePayment, &id), 0);
}

#[test]
fn deposits_are_changed_line_by_line() {
    let mut trade = Trade::new();
    let receipt = trade.receipt(10_000, &[]);
    let id = trade.person().receive_payment(&receipt).expect("good");
    let back =
        "<CashBackInfoAdd><AccountRef><FullName>Visa</FullName></AccountRef><Amount>20.00</Amount></CashBackInfoAdd>";
    let ret = trade.good(&deposit(&format!("{back}{}{FEE}", payment_line(&id))));
    assert_eq!((ret.text_of("DepositTotal"), trade.balance("Visa")), (Some("78.50"), -2_000));
    let deposited = ret.text_of("TxnID").expect("an ID").to_owned();
    let kept = ret
        .children_named("DepositLineRet")
        .next()
        .and_then(|line| line.text_of("TxnLineID"))
        .expect("an ID")
        .to_owned();
    let only = format!("<DepositLineMod><TxnLineID>{kept}</TxnLineID></DepositLineMod>");
    let ret = trade.good(&trade.change(&deposited, &only));
    assert_eq!((ret.text_of("DepositTotal"), trade.balance("Rent")), (Some("80.00"), 0), "the line not named is gone");
    let changed = format!(
        "<DepositLineMod><TxnLineID>{kept}</TxnLineID><AccountRef><FullName>Rent</FullName></AccountRef></DepositLineMod>"
    );
    assert_eq!(trade.bad(&trade.change(&deposited, &changed)), 3170, "a payment is not changed on its deposit");
    assert_eq!(trade.bad(&deposit("")), 3180);
    assert_eq!(trade.bad(&deposit(FEE)), 3210, "less than nothing");
    assert_eq!(trade.bad(&deposit(FEE).replace("Checking", "Rent")), 3140);
}

#[test]
fn cheques_pay_no_bills_but_may_stand_for_one() {
    let mut trade = Trade::new();
    let check = |account: &str, inside: &str| {
        format!(
            "<CheckAddRq><CheckAdd><AccountRef><FullName>{account}</FullName></AccountRef><PayeeEntityRef><ListID>{}</ListID></PayeeEntityRef><RefNumber>5001</RefNumber><ExpenseLineAdd>{inside}<Amount>20.00</Amount></ExpenseLineAdd></CheckAdd></CheckAddRq>",
            trade.desk.vendor
        )
    };
    let rent = "<AccountRef><FullName>Rent</FullName></AccountRef>";
    let (good, wrong) = (check("Checking", rent), check("Visa", rent));
    let payable = check("Checking", "<AccountRef><FullName>Accounts Payable</FullName></AccountRef>");
    let advance = payable.replace(
        "<Amount>20.00</Amount>",
        &format!("<Amount>20.00</Amount><CustomerRef><ListID>{}</ListID></CustomerRef>", trade.desk.vendor),
    );
    let ret = trade.good(&good);
    assert_eq!(
        (ret.text_of("Amount"), trade.balance("Checking"), trade.balance("Rent")),
        (Some("20.00"), -2_000, 2_000)
    );
    assert_eq!(trade.bad(&wrong), 3140);
    assert_eq!(trade.bad(&payable), 3180, "to which vendor?");
    let id = trade.good(&advance).text_of("TxnID").expect("an ID").to_owned();
    assert_eq!(
        (trade.open(&id), trade.desk.file.vendor("C.U. Electric").expect("known").balance_cents),
        (2_000, -2_000)
    );
    let bill = trade.bill("1", 10_000);
    trade.desk.one(&trade.payment(&applied(&bill, &set_credit(&id, "20.00"))));
    assert_eq!(trade.open(&bill), 8_000, "usable as a credit");
    let payment = trade.good(&trade.payment(&paid(&bill, "1.00"))).text_of("TxnID").expect("an ID").to_owned();
    let change = trade.change(&payment, "<Memo>x</Memo>").replace("BillPaymentCheckMod", "CheckMod");
    assert_eq!(trade.bad(&change), 3120, "CheckMod does not see payments of bills");
}

fn journal(lines: &str) -> String {
    format!(
        "<JournalEntryAddRq><JournalEntryAdd><RefNumber>Interest</RefNumber>{lines}</JournalEntryAdd></JournalEntryAddRq>"
    )
}

fn entry(side: &str, account: &str, amount: &str, inside: &str) -> String {
    format!(
        "<Journal{side}Line><AccountRef><FullName>{account}</FullName></AccountRef><Amount>{amount}</Amount>{inside}</Journal{side}Line>"
    )
}

#[test]
fn journal_entries_balance_and_name_whom_they_concern() {
    let mut trade = Trade::new();
    let both = entry("Credit", "Visa", "60.27", "") + &entry("Debit", "Rent", "60.27", "");
    let ret = trade.good(&journal(&both));
    assert_eq!((trade.balance("Visa"), trade.balance("Rent")), (6_027, 6_027));
    assert_eq!(ret.text_of("IsAdjustment"), Some("false"));
    let id = ret.text_of("TxnID").expect("an ID").to_owned();
    let ids: Vec<String> = trade.desk.file.txn(&id).expect("known").lines.into_iter().map(|line| line.id).collect();
    let line = |id: &str, inside: &str| format!("<JournalLineMod><TxnLineID>{id}</TxnLineID>{inside}</JournalLineMod>");
    let more = line(&ids[0], "<Amount>70.00</Amount>")
        + &line(&ids[1], "")
        + &line(
            "-1",
            "<JournalLineType>Debit</JournalLineType><AccountRef><FullName>Repairs</FullName></AccountRef><Amount>9.73</Amount>",
        );
    trade.good(&trade.change(&id, &more));
    assert_eq!((trade.balance("Visa"), trade.balance("Repairs")), (7_000, 973));
    assert_eq!(trade.bad(&trade.change(&id, &line(&ids[0], ""))), 3180, "one-sided");
    assert_eq!(trade.bad(&journal(&entry("Debit", "Rent", "1.00", ""))), 3180);
    assert_eq!(
        trade.bad(&journal(&(entry("Debit", "Rent", "-1.00", "") + &entry("Credit", "Visa", "-1.00", "")))),
        3210
    );
    let payable = |inside: &str| {
        journal(&(entry("Debit", "Accounts Payable", "5.00", inside) + &entry("Credit", "Checking", "5.00", "")))
    };
    let vendor = "<EntityRef><FullName>C.U. Electric</FullName></EntityRef>";
    let customer = "<EntityRef><FullName>Abercrombie, Kristy</FullName></EntityRef>";
    assert_eq!(trade.bad(&payable("")), 3180);
    assert_eq!(trade.bad(&payable(customer)), 3180, "a vendor is needed there");
    let id = trade.good(&payable(vendor)).text_of("TxnID").expect("an ID").to_owned();
    assert_eq!(trade.open(&id), 500, "a debit on A/P is a credit to use");
    let two = entry("Debit", "Accounts Payable", "5.00", vendor) + &entry("Credit", "Accounts Payable", "5.00", vendor);
    assert_eq!(trade.bad(&journal(&two)), 3180, "one such line at most");
}

#[test]
fn income_and_expenses_begin_every_year_at_nothing() {
    let mut trade = Trade::new();
    trade.person().add_account("Retained Earnings", "Equity").expect("new");
    let entry = "<JournalEntryAddRq><JournalEntryAdd><TxnDate>2025-12-31</TxnDate><JournalDebitLine><AccountRef><FullName>Rent</FullName></AccountRef><Amount>5.00</Amount></JournalDebitLine><JournalCreditLine><AccountRef><FullName>Checking</FullName></AccountRef><Amount>5.00</Amount></JournalCreditLine></JournalEntryAdd></JournalEntryAddRq>";
    trade.good(entry);
    trade.good(&entry.replace("2025-12-31", "2026-01-01").replace("5.00", "7.00"));
    assert_eq!((trade.balance("Rent"), trade.balance("Checking")), (700, -1_200), "the bank goes on");
    assert_eq!(trade.balance("Retained Earnings"), -500, "the year before");
    let rent = trade.desk.rent.clone();
    assert_eq!(trade.desk.file.trial_balances()[&rent], 1_200, "the ledger forgets nothing");
    trade.desk.minute += 60 * 24 * 365;
    trade.person();
    assert_eq!((trade.balance("Rent"), trade.balance("Retained Earnings")), (0, -1_200));
    assert_eq!(trade.desk.file.trial_balance(), 0);
}
