//! Vendor credits and payments of bills.

use super::trade::{Trade, applied, paid, set_credit};
use super::*;
use crate::sim::quickbooks::TxnKind;

#[test]
fn a_credit_lowers_what_the_vendor_is_owed_and_no_bill() {
    let mut trade = Trade::new();
    let bill = trade.bill("1", 10_000);
    let vendor = trade.desk.vendor.clone();
    let ret = trade.good(&format!(
        "<VendorCreditAddRq><VendorCreditAdd><VendorRef><ListID>{vendor}</ListID></VendorRef><TxnDate>2026-01-11</TxnDate><RefNumber>CR-9</RefNumber><ExpenseLineAdd><AccountRef><FullName>Repairs</FullName></AccountRef><Amount>50.00</Amount></ExpenseLineAdd></VendorCreditAdd></VendorCreditAddRq>"
    ));
    assert_eq!((ret.text_of("CreditAmount"), ret.text_of("OpenAmount")), (Some("50.00"), Some("50.00")));
    assert!(ret.child("ExpenseLineRet").is_some());
    assert_eq!(trade.desk.file.vendor("C.U. Electric").expect("known").balance_cents, 5_000);
    assert_eq!((trade.open(&bill), trade.balance("Repairs")), (10_000, -5_000));
    assert_eq!(trade.balance("Accounts Payable"), 5_000);
    let id = ret.text_of("TxnID").expect("an ID").to_owned();
    trade.good(&trade.change(&id, "<Memo>Return</Memo>"));
    assert_eq!(trade.bad(&trade.change(&id, "<VendorRef><ListID></ListID></VendorRef>")), 3190);
}

#[test]
fn one_cheque_pays_several_bills_with_credit_and_discount() {
    let mut trade = Trade::new();
    let (first, second, credit) = (trade.bill("1", 10_000), trade.bill("2", 20_000), trade.credit(3_000));
    let discount =
        "<DiscountAmount>5.00</DiscountAmount><DiscountAccountRef><FullName>Discounts</FullName></DiscountAccountRef>";
    let parts = paid(&first, "100.00")
        + &applied(
            &second,
            &format!("<PaymentAmount>150.00</PaymentAmount>{}{discount}", set_credit(&credit, "30.00")),
        );
    let ret = trade.good(&trade.payment(&parts));
    assert_eq!((ret.text_of("Amount"), ret.text_of("IsToBePrinted")), (Some("250.00"), Some("false")));
    let rows: Vec<_> = ret
        .children_named("AppliedToTxnRet")
        .map(|row| (row.text_of("Amount"), row.text_of("BalanceRemaining"), row.text_of("DiscountAmount")))
        .collect();
    assert_eq!(
        rows,
        [(Some("100.00"), Some("0.00"), None), (Some("150.00"), Some("15.00"), Some("5.00"))],
        "credits are no payments"
    );
    assert_eq!((trade.open(&first), trade.open(&second), trade.open(&credit)), (0, 1_500, 0));
    assert_eq!(trade.balance("Money Out Clearing"), -25_000);
    assert_eq!(trade.balance("Discounts"), 500);
    assert_eq!(trade.balance("Accounts Payable"), 1_500);
    let links = trade.query(TxnKind::Bill, &format!("<TxnID>{second}</TxnID><IncludeLinkedTxns>1</IncludeLinkedTxns>"));
    let amounts: Vec<_> =
        links.children[0].children_named("LinkedTxn").map(|l| (l.text_of("TxnType"), l.text_of("Amount"))).collect();
    assert_eq!(
        amounts,
        [(Some("BillPaymentCheck"), Some("-155.00")), (Some("VendorCredit"), Some("-30.00"))],
        "they make up what is not open any more"
    );
}

#[test]
fn credits_alone_make_no_transaction() {
    let mut trade = Trade::new();
    let (bill, credit) = (trade.bill("1", 10_000), trade.credit(4_000));
    let (code, response) = trade.desk.one(&trade.payment(&applied(&bill, &set_credit(&credit, "40.00"))));
    assert_eq!((code, response.children.len()), (0, 0), "no transaction, no ID");
    assert!(trade.desk.file.txns(TxnKind::BillPaymentCheck).is_empty());
    assert_eq!((trade.open(&bill), trade.open(&credit)), (6_000, 0));
    assert_eq!(code_of_query(&mut trade, TxnKind::BillPaymentCheck), 1);
    assert_eq!(trade.desk.file.txn(&bill).expect("known").links.len(), 1);
    assert_eq!(trade.bad(&trade.payment(&applied(&bill, &set_credit(&credit, "0.01")))), 3210, "it is used up");
}

fn code_of_query(trade: &mut Trade, kind: TxnKind) -> u16 {
    code(&trade.query(kind, ""))
}

#[test]
fn a_credit_is_replaced_only_if_told_so() {
    let mut trade = Trade::new();
    let (bill, credit) = (trade.bill("1", 10_000), trade.credit(4_000));
    trade.desk.one(&trade.payment(&applied(&bill, &set_credit(&credit, "30.00"))));
    trade.desk.one(&trade.payment(&applied(&bill, &set_credit(&credit, "10.00"))));
    assert_eq!(trade.open(&bill), 6_000, "added up");
    let replacing = set_credit(&credit, "25.00").replace("</SetCredit>", "<Override>true</Override></SetCredit>");
    trade.desk.one(&trade.payment(&applied(&bill, &replacing)));
    assert_eq!((trade.open(&bill), trade.open(&credit)), (7_500, 1_500));
}

#[test]
fn bad_payments_are_refused_with_the_fitting_code() {
    let mut trade = Trade::new();
    let (bill, done, credit) = (trade.bill("1", 10_000), trade.bill("2", 100), trade.credit(500));
    trade.good(&trade.payment(&paid(&done, "1.00")));
    let other = trade.person().add_vendor("Other").expect("new");
    let theirs = trade.payment(&paid(&bill, "1.00")).replace(&trade.desk.vendor, &other);
    assert_eq!(trade.bad(&theirs), 3120, "the bill of another vendor");
    assert_eq!(trade.bad(&trade.payment(&paid(&done, "1.00"))), 3120, "a bill that is paid");
    assert_eq!(trade.bad(&trade.payment(&paid("FFFF-1", "1.00"))), 3120);
    assert_eq!(trade.bad(&trade.payment(&paid("nonsense", "1.00"))), 3000);
    assert_eq!(trade.bad(&trade.payment(&paid(&credit, "1.00"))), 3120, "a credit is no bill");
    let (code, text) = trade.desk.refusal(&trade.payment(&paid(&bill, "129.43")));
    assert_eq!(
        (code, text.as_str()),
        (
            3210,
            "The \"AppliedToTxnAdd payment amount\" field has an invalid value \"129.43\".  QuickBooks error message: You cannot pay more than the amount due."
        )
    );
    assert_eq!(trade.bad(&trade.payment(&paid(&bill, "-1.00"))), 3210);
    assert_eq!(trade.bad(&trade.payment(&applied(&bill, ""))), 3150);
    assert_eq!(trade.bad(&trade.payment(&(paid(&bill, "1.00") + &paid(&bill, "1.00")))), 3177);
    assert_eq!(trade.bad(&trade.payment(&applied(&bill, "<DiscountAmount>1.00</DiscountAmount>"))), 3150);
    assert_eq!(trade.bad(&trade.payment(&applied(&bill, &set_credit(&credit, "5.01")))), 3210);
    assert_eq!(trade.bad(&trade.payment(&applied(&bill, &set_credit(&bill, "1.00")))), 3120, "a bill is no credit");
    let payable = trade.person().add_account("Other Payables", "AccountsPayable").expect("new");
    let account = format!("</PayeeEntityRef><APAccountRef><ListID>{payable}</ListID></APAccountRef>");
    let elsewhere = trade.payment(&paid(&bill, "1.00")).replace("</PayeeEntityRef>", &account);
    assert_eq!(trade.bad(&elsewhere), 3120, "a bill on another A/P account");
    let customer = trade.payment(&paid(&bill, "1.00")).replace(&trade.desk.vendor, &trade.customer);
    assert_eq!(trade.bad(&customer), 3140, "a customer is not paid with a bill payment");
}

#[test]
fn the_money_comes_from_an_account_of_the_right_type() {
    let mut trade = Trade::new();
    let bill = trade.bill("1", 10_000);
    let wrong = trade.payment(&paid(&bill, "1.00")).replace(&trade.clearing, &trade.desk.rent);
    let (code, text) = trade.desk.refusal(&wrong);
    assert_eq!(code, 3140);
    assert!(text.starts_with("There is an invalid reference to QuickBooks Check Account"), "{text}");
    assert!(
        text.ends_with("QuickBooks error message: The account for this transaction must be of type Bank."),
        "{text}"
    );
    let by_card = |account: &str| {
        format!(
            "<BillPaymentCreditCardAddRq><BillPaymentCreditCardAdd><PayeeEntityRef><ListID>{}</ListID></PayeeEntityRef><CreditCardAccountRef><ListID>{account}</ListID></CreditCardAccountRef>{}</BillPaymentCreditCardAdd></BillPaymentCreditCardAddRq>",
            trade.desk.vendor,
            paid(&bill, "60.00")
        )
    };
    let (wrong, right) = (by_card(&trade.clearing), by_card(&trade.card));
    assert_eq!(trade.bad(&wrong), 3140);
    let ret = trade.good(&right);
    assert_eq!((ret.name.as_str(), ret.text_of("Amount")), ("BillPaymentCreditCardRet", Some("60.00")));
    assert_eq!((trade.balance("Visa"), trade.open(&bill)), (6_000, 4_000), "a card that is owed is positive");
    let id = ret.text_of("TxnID").expect("an ID").to_owned();
    assert_eq!(trade.void(TxnKind::BillPaymentCreditCard, &id), 0);
    assert_eq!((trade.balance("Visa"), trade.open(&bill)), (0, 10_000));
}

#[test]
fn a_cheque_has_a_number_or_waits_for_the_printer() {
    let mut trade = Trade::new();
    let bill = trade.bill("1", 10_000);
    let print = trade
        .payment(&paid(&bill, "1.00"))
        .replace("<RefNumber>BP-1</RefNumber>", "<IsToBePrinted>true</IsToBePrinted>");
    let ret = trade.good(&print);
    assert_eq!((ret.text_of("IsToBePrinted"), ret.text_of("RefNumber")), (Some("true"), None));
    let both =
        trade.payment(&paid(&bill, "1.00")).replace("<RefNumber>", "<IsToBePrinted>true</IsToBePrinted><RefNumber>");
    assert!(trade.desk.send_with("onError=\"stopOnError\"", "13.0", &both).is_err(), "never both");
    let id = ret.text_of("TxnID").expect("an ID").to_owned();
    let ret = trade.good(&trade.change(&id, "<RefNumber>501</RefNumber>"));
    assert_eq!((ret.text_of("IsToBePrinted"), ret.text_of("RefNumber")), (Some("false"), Some("501")));
    let long = trade.payment(&paid(&bill, "1.00")).replace("BP-1", "123456789012");
    assert_eq!(trade.bad(&long), 3070, "eleven characters at most");
}

#[test]
fn a_change_distributes_anew_and_leaves_credits() {
    let mut trade = Trade::new();
    let (first, second, credit) = (trade.bill("1", 10_000), trade.bill("2", 20_000), trade.credit(3_000));
    let discount =
        "<DiscountAmount>5.00</DiscountAmount><DiscountAccountRef><FullName>Discounts</FullName></DiscountAccountRef>";
    let parts =
        applied(&first, &format!("<PaymentAmount>60.00</PaymentAmount>{}{discount}", set_credit(&credit, "30.00")));
    let id = trade.good(&trade.payment(&parts)).text_of("TxnID").expect("an ID").to_owned();
    assert_eq!(trade.open(&first), 500);
    let ret = trade.good(&trade.change(&id, "<Memo>only the header</Memo>"));
    assert_eq!((ret.text_of("Amount"), trade.open(&first)), (Some("60.00"), 500), "the distribution is kept");
    let part = |id: &str, amount: &str| {
        format!("<AppliedToTxnMod><TxnID>{id}</TxnID><PaymentAmount>{amount}</PaymentAmount></AppliedToTxnMod>")
    };
    let ret = trade.good(&trade.change(&id, &(part(&first, "10.00") + &part(&second, "20.00"))));
    assert_eq!(ret.text_of("Amount"), Some("30.00"));
    assert_eq!((trade.open(&first), trade.open(&second)), (6_000, 18_000), "discount gone, credit still there");
    assert_eq!((trade.open(&credit), trade.balance("Discounts")), (0, 0));
    assert_eq!(trade.bad(&trade.change(&id, &part(&first, "70.01"))), 3210);
    assert_eq!(trade.bad(&trade.change(&id, &format!("<Amount>1.00</Amount>{}", part(&first, "2.00")))), 3210);
    let bank = format!("<BankAccountRef><ListID>{}</ListID></BankAccountRef>", trade.desk.bank);
    trade.good(&trade.change(&id, &bank));
    assert_eq!((trade.balance("Checking"), trade.balance("Money Out Clearing")), (-3_000, 0));
    let stale = trade.change(&id, "<Memo>x</Memo>");
    trade.good(&stale);
    assert_eq!(trade.bad(&stale), 3200);
}

#[test]
fn a_voided_or_deleted_payment_opens_its_bills() {
    let mut trade = Trade::new();
    let (bill, credit) = (trade.bill("1", 10_000), trade.credit(1_000));
    let parts = applied(&bill, &format!("<PaymentAmount>50.00</PaymentAmount>{}", set_credit(&credit, "10.00")));
    let id = trade.good(&trade.payment(&parts)).text_of("TxnID").expect("an ID").to_owned();
    let before = trade.desk.file.txn(&bill).expect("known").edit_sequence;
    assert_eq!(trade.void(TxnKind::BillPaymentCheck, &id), 0);
    let voided = trade.desk.file.txn(&id).expect("kept");
    assert_eq!((voided.total_cents, voided.memo.as_deref()), (0, Some("VOID:")));
    assert_eq!((trade.open(&bill), trade.open(&credit)), (9_000, 0), "a credit once applied stays");
    assert!(trade.desk.file.txn(&bill).expect("known").edit_sequence > before, "the bill has changed");
    let id = trade.good(&trade.payment(&paid(&bill, "90.00"))).text_of("TxnID").expect("an ID").to_owned();
    assert_eq!(trade.delete(TxnKind::Bill, &bill), 3160, "a paid bill stays");
    assert_eq!(trade.delete(TxnKind::BillPaymentCheck, &id), 0);
    assert_eq!(trade.open(&bill), 9_000);
    let gone = trade.desk.one("<TxnDeletedQueryRq><TxnDelType>BillPaymentCheck</TxnDelType></TxnDeletedQueryRq>").1;
    assert_eq!(texts(&gone, "TxnID"), [id.as_str()]);
    assert_eq!(trade.delete(TxnKind::VendorCredit, &credit), 0);
    assert_eq!(trade.open(&bill), 10_000);
}

#[test]
fn voiding_a_paid_bill_leaves_the_money_with_the_vendor() {
    let mut trade = Trade::new();
    let (bill, other) = (trade.bill("1", 10_000), trade.bill("2", 7_000));
    let discount =
        "<DiscountAmount>5.00</DiscountAmount><DiscountAccountRef><FullName>Discounts</FullName></DiscountAccountRef>";
    let parts = applied(&bill, &format!("<PaymentAmount>50.00</PaymentAmount>{discount}"));
    let id = trade.good(&trade.payment(&parts)).text_of("TxnID").expect("an ID").to_owned();
    assert_eq!(trade.void(TxnKind::Bill, &bill), 0);
    assert_eq!((trade.open(&id), trade.balance("Discounts")), (5_000, 0), "the discount goes with the bill");
    assert_eq!(trade.desk.file.vendor("C.U. Electric").expect("known").balance_cents, 2_000);
    let (code, _) = trade.desk.one(&trade.payment(&applied(&other, &set_credit(&id, "50.00"))));
    assert_eq!((code, trade.open(&other), trade.open(&id)), (0, 2_000, 0), "an overpayment is a credit");
}

#[test]
fn a_payment_may_name_a_bill_of_the_same_set() {
    let mut trade = Trade::new();
    let bill = format!(
        "<BillAddRq><BillAdd defMacro=\"TxnID:b\"><VendorRef><ListID>{}</ListID></VendorRef><ExpenseLineAdd><AccountRef><FullName>Rent</FullName></AccountRef><Amount>9.00</Amount></ExpenseLineAdd></BillAdd></BillAddRq>",
        trade.desk.vendor
    );
    let part = |name: &str| {
        format!(
            "<AppliedToTxnAdd><TxnID useMacro=\"{name}\"></TxnID><PaymentAmount>9.00</PaymentAmount></AppliedToTxnAdd>"
        )
    };
    let set = bill + &trade.payment(&part("TxnID:none")) + &trade.payment(&part("TxnID:b"));
    let answer = trade.desk.send(&set);
    assert_eq!(answer.children.iter().map(code).collect::<Vec<_>>(), [0, 9101, 0]);
    assert_eq!(trade.desk.file.bills()[0].open_cents, 0);
}

#[test]
fn what_is_to_be_paid_is_known_with_the_credits_for_it() {
    let mut trade = Trade::new();
    let (late, soon) = (trade.bill("late", 10_000), trade.bill("soon", 5_000));
    trade.good(&trade.change(&late, "<DueDate>2026-03-01</DueDate>"));
    let credit = trade.credit(700);
    trade.good(&trade.payment(&paid(&soon, "20.00")));
    let ask = |inside: &str| {
        format!(
            "<BillToPayQueryRq><PayeeEntityRef><FullName>C.U. Electric</FullName></PayeeEntityRef>{inside}</BillToPayQueryRq>"
        )
    };
    let rows = |response: &Element| -> Vec<(String, String)> {
        let row = |ret: &Element| {
            let inner = &ret.children[0];
            let amount = inner.text_of("AmountDue").or_else(|| inner.text_of("CreditRemaining"));
            (inner.text_of("TxnID").unwrap_or("").to_owned(), amount.unwrap_or("").to_owned())
        };
        response.children.iter().map(row).collect()
    };
    let pair = |id: &str, amount: &str| (id.to_owned(), amount.to_owned());
    let (_, response) = trade.desk.one(&ask(""));
    assert_eq!(rows(&response), [pair(&soon, "30.00"), pair(&late, "100.00"), pair(&credit, "7.00")]);
    assert!(response.children[2].child("CreditToApply").is_some());
    let (_, response) = trade.desk.one(&ask("<DueDate>2026-02-01</DueDate>"));
    assert_eq!(rows(&response), [pair(&soon, "30.00"), pair(&credit, "7.00")]);
    trade.person().add_vendor("Nobody").expect("new");
    let (code, _) = trade.desk.one(&ask("").replace("C.U. Electric", "Nobody"));
    assert_eq!(code, 1);
}

#[test]
fn groups_of_items_are_unfolded_and_customers_billed() {
    let mut trade = Trade::new();
    let rent = trade.desk.rent.clone();
    trade.person().add_service("Cable", &rent, "2.50").expect("new");
    let group = "<ItemGroupAddRq><ItemGroupAdd><Name>Set</Name><ItemGroupLine><ItemRef><FullName>Cable</FullName></ItemRef><Quantity>2</Quantity></ItemGroupLine><ItemGroupLine><ItemRef><FullName>Installation</FullName></ItemRef><Quantity>1</Quantity></ItemGroupLine></ItemGroupAdd></ItemGroupAddRq>";
    trade.good(group);
    let lines = "<ItemGroupLineAdd><ItemGroupRef><FullName>Set</FullName></ItemGroupRef><Quantity>3</Quantity></ItemGroupLineAdd>";
    let vendor = trade.desk.vendor.clone();
    let add = |lines: &str| {
        format!("<BillAddRq><BillAdd><VendorRef><ListID>{vendor}</ListID></VendorRef>{lines}</BillAdd></BillAddRq>")
    };
    let ret = trade.good(&add(lines));
    let group = ret.child("ItemGroupLineRet").expect("the group");
    assert_eq!(group.text_of("TotalAmount"), Some("120.00"));
    let members: Vec<_> =
        group.children_named("ItemLineRet").map(|l| (l.text_of("Quantity"), l.text_of("Amount"))).collect();
    assert_eq!(members, [(Some("6"), Some("15.00")), (Some("3"), Some("105.00"))]);
    assert_eq!((trade.balance("Rent"), ret.text_of("AmountDue")), (1_500, Some("120.00")));
    let (id, line) = (ret.text_of("TxnID").expect("an ID").to_owned(), group.text_of("TxnLineID").expect("an ID"));
    let fewer = format!("<ItemGroupLineMod><TxnLineID>{line}</TxnLineID><Quantity>1</Quantity></ItemGroupLineMod>");
    let ret = trade.good(&trade.change(&id, &fewer));
    assert_eq!(ret.text_of("AmountDue"), Some("40.00"));
    let expense = |inside: &str| {
        format!(
            "<ExpenseLineAdd><AccountRef><FullName>Rent</FullName></AccountRef><Amount>1.00</Amount>{inside}</ExpenseLineAdd>"
        )
    };
    let job = "<CustomerRef><FullName>Abercrombie, Kristy:Kitchen</FullName></CustomerRef>";
    let billable = "<BillableStatus>Billable</BillableStatus>";
    trade.good(&add(&expense(&format!("{job}{billable}"))));
    assert_eq!(trade.bad(&add(&expense(billable))), 3210, "billable to whom?");
    let to_vendor = format!("<CustomerRef><ListID>{vendor}</ListID></CustomerRef>");
    assert_eq!(trade.bad(&add(&expense(&to_vendor))), 3140, "a vendor stands beside A/P accounts only");
    let on_payable = expense(job).replace("Rent", "Accounts Payable");
    assert_eq!(trade.bad(&add(&on_payable)), 3180);
}
