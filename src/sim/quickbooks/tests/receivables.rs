//! Invoices, credit memos and received payments.

use super::items::Shop;
use super::trade::{Trade, applied, paid, set_credit};
use super::*;
use crate::sim::quickbooks::TxnKind;

const WORK: &str =
    "<InvoiceLineAdd><ItemRef><FullName>Installation</FullName></ItemRef><Quantity>2</Quantity></InvoiceLineAdd>";

#[test]
fn an_invoice_takes_defaults_and_is_posted() {
    let mut trade = Trade::new();
    let ret = trade.good(&trade.invoiced(&format!("<RefNumber>INV-1</RefNumber><Memo>m</Memo>{WORK}")));
    let shown = ["Subtotal", "SalesTaxTotal", "AppliedAmount", "BalanceRemaining", "IsPaid", "DueDate", "IsPending"]
        .map(|name| ret.text_of(name).unwrap_or("-"));
    assert_eq!(shown, ["70.00", "0.00", "0.00", "70.00", "false", "2026-01-11", "false"]);
    let line = ret.child("InvoiceLineRet").expect("a line");
    assert_eq!((line.text_of("Rate"), line.text_of("Amount")), (Some("35.00"), Some("70.00")));
    assert_eq!((trade.balance("Accounts Receivable"), trade.balance("Sales")), (7_000, 7_000));
    assert_eq!(trade.desk.file.customer_total_cents(&trade.customer), Some(7_000));
    let long = trade.invoiced(&format!("<RefNumber>123456789012</RefNumber>{WORK}"));
    assert_eq!(trade.bad(&long), 3070);
    assert_eq!(trade.bad(&trade.invoiced("")), 3180);
    assert_eq!(
        trade.bad(&trade.invoiced("<InvoiceLineAdd><Desc>x</Desc><Amount>1.00</Amount></InvoiceLineAdd>")),
        3270
    );
    let minus =
        "<InvoiceLineAdd><ItemRef><FullName>Installation</FullName></ItemRef><Amount>-1.00</Amount></InvoiceLineAdd>";
    assert_eq!(trade.bad(&trade.invoiced(minus)), 3210, "that would be a credit memo");
    let vendor = trade.invoiced(WORK).replace(&trade.customer, &trade.desk.vendor);
    assert_eq!(trade.bad(&vendor), 3140);
    let rent = trade.invoiced(&format!("<ARAccountRef><FullName>Rent</FullName></ARAccountRef>{WORK}"));
    let rent = rent.replace("<TxnDate>2026-01-11</TxnDate>", "");
    assert_eq!(trade.bad(&rent), 3140);
}

#[test]
fn subtotals_discounts_and_taxes_are_computed() {
    let mut shop = Shop::new();
    let desk = &mut shop.desk;
    let sales = shop.sales.clone();
    let mut person = desk.file.person(at(1));
    person.add_account("Accounts Receivable", "AccountsReceivable").expect("new");
    person.add_service("Work", &sales, "35.00").expect("new");
    let customer = person.add_customer("Acme").expect("new");
    for item in [
        "<ItemSubtotalAddRq><ItemSubtotalAdd><Name>Sum</Name></ItemSubtotalAdd></ItemSubtotalAddRq>",
        "<ItemDiscountAddRq><ItemDiscountAdd><Name>Ten off</Name><DiscountRatePercent>10.0</DiscountRatePercent><AccountRef><FullName>Sales</FullName></AccountRef></ItemDiscountAdd></ItemDiscountAddRq>",
        "<ItemDiscountAddRq><ItemDiscountAdd><Name>Five</Name><SalesTaxCodeRef><FullName>Non</FullName></SalesTaxCodeRef><DiscountRate>5.00</DiscountRate><AccountRef><FullName>Sales</FullName></AccountRef></ItemDiscountAdd></ItemDiscountAddRq>",
    ] {
        assert_eq!(desk.one(item).0, 0, "{item}");
    }
    let line = |item: &str, rest: &str| {
        format!("<InvoiceLineAdd><ItemRef><FullName>{item}</FullName></ItemRef>{rest}</InvoiceLineAdd>")
    };
    let untaxed = line("Work", "<Rate>100.00</Rate><SalesTaxCodeRef><FullName>Non</FullName></SalesTaxCodeRef>");
    let lines =
        line("Work", "<Quantity>3</Quantity>") + &untaxed + &line("Sum", "") + &line("Ten off", "") + &line("Five", "");
    let add = |lines: &str| {
        format!(
            "<InvoiceAddRq><InvoiceAdd><CustomerRef><ListID>{customer}</ListID></CustomerRef>{lines}</InvoiceAdd></InvoiceAddRq>"
        )
    };
    let (code, response) = desk.one(&add(&lines));
    assert_eq!(code, 0, "{:?}", response.attribute("statusMessage"));
    let ret = &response.children[0];
    let amounts: Vec<_> = ret.children_named("InvoiceLineRet").filter_map(|line| line.text_of("Amount")).collect();
    assert_eq!(amounts, ["105.00", "100.00", "205.00", "-20.50", "-5.00"]);
    // Taxed are the work and the ten percent: 84.50 at 7.75 %.
    let shown = ["Subtotal", "SalesTaxPercentage", "SalesTaxTotal", "BalanceRemaining"]
        .map(|name| ret.text_of(name).unwrap_or("-"));
    assert_eq!(shown, ["179.50", "7.75", "6.55", "186.05"]);
    assert_eq!(desk.file.account("Sales Tax Payable").expect("made when needed").balance_cents, 655);
    let id = ret.text_of("TxnID").expect("an ID");
    let kept: Vec<_> = ret.children_named("InvoiceLineRet").filter_map(|line| line.text_of("TxnLineID")).collect();
    let keep = |id: &str, inside: &str| format!("<InvoiceLineMod><TxnLineID>{id}</TxnLineID>{inside}</InvoiceLineMod>");
    let lines: String = kept
        .iter()
        .enumerate()
        .map(|(index, id)| keep(id, if index == 0 { "<Quantity>1</Quantity>" } else { "" }))
        .collect();
    let edit = desk.file.txn(id).expect("known").edit_sequence;
    let (code, response) = desk.one(&format!("<InvoiceModRq><InvoiceMod><TxnID>{id}</TxnID><EditSequence>{edit}</EditSequence>{lines}</InvoiceMod></InvoiceModRq>"));
    assert_eq!(code, 0);
    let amounts: Vec<_> =
        response.children[0].children_named("InvoiceLineRet").filter_map(|line| line.text_of("Amount")).collect();
    assert_eq!(amounts, ["35.00", "100.00", "135.00", "-13.50", "-5.00"], "what depends on the lines above follows");
    assert_eq!(desk.refusal(&add(&line("Ten off", "<Quantity>1</Quantity>"))).0, 3210, "no quantity for a discount");
    assert_eq!(desk.refusal(&add(&line("San Tomas", ""))).0, 3280, "a tax is no line");
    let exempt =
        add(&("<CustomerSalesTaxCodeRef><FullName>Non</FullName></CustomerSalesTaxCodeRef>".to_owned()
            + &line("Work", "")));
    let (_, response) = desk.one(&exempt);
    assert_eq!(response.children[0].text_of("SalesTaxTotal"), Some("0.00"), "the customer is exempt");
}

#[test]
fn a_change_of_the_header_leaves_rates_alone() {
    let mut trade = Trade::new();
    let line = "<InvoiceLineAdd><ItemRef><FullName>Installation</FullName></ItemRef><Quantity>7</Quantity><Rate>1.23456</Rate></InvoiceLineAdd>";
    let id = trade.good(&trade.invoiced(line)).text_of("TxnID").expect("an ID").to_owned();
    let ret = trade.good(&trade.change(&id, "<Memo>x</Memo>"));
    let line = ret.child("InvoiceLineRet").expect("a line");
    assert_eq!((line.text_of("Rate"), line.text_of("Amount")), (Some("1.23456"), Some("8.64")));
    let id = line.text_of("TxnLineID").expect("an ID");
    let amount = format!("<InvoiceLineMod><TxnLineID>{id}</TxnLineID><Amount>7.00</Amount></InvoiceLineMod>");
    let invoice = ret.text_of("TxnID").expect("an ID");
    let ret = trade.good(&trade.change(invoice, &amount));
    assert_eq!(ret.child("InvoiceLineRet").and_then(|line| line.text_of("Rate")), Some("1.00"), "the rate follows");
}

#[test]
fn a_received_payment_is_distributed_and_the_rest_stays() {
    let mut trade = Trade::new();
    let (customer, job) = (trade.customer.clone(), trade.job.clone());
    let (own, of_job) = (trade.invoice(&customer, 10_000), trade.invoice(&job, 5_000));
    let ret = trade.good(&trade.received("200.00", &(paid(&own, "60.00") + &paid(&of_job, "50.00"))));
    assert_eq!((ret.text_of("UnusedPayment"), ret.text_of("UnusedCredits")), (Some("90.00"), Some("0.00")));
    assert_eq!(
        ret.child("DepositToAccountRef").and_then(|account| account.text_of("FullName")),
        Some("Undeposited Funds")
    );
    assert_eq!((trade.open(&own), trade.open(&of_job)), (4_000, 0));
    assert_eq!((trade.balance("Undeposited Funds"), trade.balance("Accounts Receivable")), (20_000, -5_000));
    let party = |trade: &Trade, id: &str| trade.desk.file.customer_total_cents(id);
    assert_eq!(
        (party(&trade, &job), party(&trade, &customer)),
        (Some(0), Some(-5_000)),
        "the job's invoice is paid on the job"
    );
    let invoice =
        trade.query(TxnKind::Invoice, &format!("<TxnID>{own}</TxnID><IncludeLinkedTxns>1</IncludeLinkedTxns>"));
    let ret = &invoice.children[0];
    assert_eq!((ret.text_of("AppliedAmount"), ret.text_of("BalanceRemaining")), (Some("-60.00"), Some("40.00")));
    assert_eq!(ret.child("LinkedTxn").and_then(|link| link.text_of("Amount")), Some("-60.00"));
}

#[test]
fn bad_receipts_are_refused_with_the_fitting_code() {
    let mut trade = Trade::new();
    let customer = trade.customer.clone();
    let invoice = trade.invoice(&customer, 10_000);
    let none = "<IsAutoApply>false</IsAutoApply>";
    let (code, text) = trade.desk.refusal(&trade.received("200.00", &paid(&invoice, "129.43")));
    assert_eq!(code, 3210);
    assert!(
        text.contains("AppliedToTxnAdd payment amount") && text.ends_with("You cannot pay more than the amount due."),
        "{text}"
    );
    assert_eq!(trade.bad(&trade.received("50.00", &paid(&invoice, "50.01"))), 3210, "more than came in");
    assert_eq!(trade.bad(&trade.received("-1.00", none)), 3210);
    let no_total = trade.received("1.00", none).replace("<TotalAmount>1.00</TotalAmount>", "");
    assert_eq!(trade.bad(&no_total), 3150);
    let stranger = trade.person().add_customer("Stranger").expect("new");
    let theirs = trade.received("1.00", &paid(&invoice, "1.00")).replace(&customer, &stranger);
    assert_eq!(trade.bad(&theirs), 3120, "the invoice of another customer");
    let account = "<DepositToAccountRef><FullName>Rent</FullName></DepositToAccountRef>";
    assert_eq!(trade.bad(&trade.received("1.00", &format!("{account}{none}"))), 3140);
    let neither = trade.received("1.00", "");
    assert!(trade.desk.send_with("onError=\"stopOnError\"", "13.0", &neither).is_err(), "the choice is required");
    let void = "<TxnVoidRq><TxnVoidType>ReceivePayment</TxnVoidType><TxnID>1-1</TxnID></TxnVoidRq>";
    assert!(trade.desk.send_with("onError=\"stopOnError\"", "13.0", void).is_err(), "it can only be deleted");
}

#[test]
fn money_finds_its_invoices_by_itself() {
    let mut trade = Trade::new();
    let customer = trade.customer.clone();
    let (old, exact, young) =
        (trade.invoice(&customer, 10_000), trade.invoice(&customer, 3_000), trade.invoice(&customer, 20_000));
    let auto = "<IsAutoApply>true</IsAutoApply>";
    trade.good(&trade.received("30.00", auto));
    assert_eq!((trade.open(&old), trade.open(&exact), trade.open(&young)), (10_000, 0, 20_000), "an exact match first");
    trade.good(&trade.received("110.00", auto));
    assert_eq!((trade.open(&old), trade.open(&young)), (0, 19_000), "else the oldest");
    let ret = trade.good(&trade.received("5.00", "<IsAutoApply>false</IsAutoApply>"));
    assert_eq!(ret.text_of("UnusedPayment"), Some("5.00"));
}

#[test]
fn credit_memos_pay_invoices_and_are_paid_out() {
    let mut trade = Trade::new();
    let customer = trade.customer.clone();
    let invoice = trade.invoice(&customer, 10_000);
    let sale = trade.sale(&customer, 4_000);
    let memo = trade.person().enter_credit_memo(&sale).expect("good");
    assert_eq!(trade.desk.file.customer_total_cents(&customer), Some(6_000));
    let part = applied(&invoice, &format!("<PaymentAmount>10.00</PaymentAmount>{}", set_credit(&memo, "25.00")));
    let ret = trade.good(&trade.received("10.00", &part));
    assert_eq!((trade.open(&invoice), trade.open(&memo)), (6_500, 1_500));
    assert_eq!(ret.text_of("UnusedCredits"), Some("15.00"));
    let refund = |amount: &str, line: &str| {
        format!(
            "<CheckAddRq><CheckAdd><AccountRef><FullName>Checking</FullName></AccountRef><PayeeEntityRef><ListID>{customer}</ListID></PayeeEntityRef><ApplyCheckToTxnAdd><TxnID>{memo}</TxnID><Amount>{amount}</Amount></ApplyCheckToTxnAdd><ExpenseLineAdd><AccountRef><FullName>{line}</FullName></AccountRef><Amount>15.00</Amount><CustomerRef><ListID>{customer}</ListID></CustomerRef></ExpenseLineAdd></CheckAdd></CheckAddRq>"
        )
    };
    assert_eq!(trade.bad(&refund("14.00", "Accounts Receivable")), 3210, "refund and line are equal");
    assert_eq!(trade.bad(&refund("15.00", "Rent")), 3180, "a refund needs the A/R account");
    let check = trade.good(&refund("15.00", "Accounts Receivable")).text_of("TxnID").expect("an ID").to_owned();
    assert_eq!((trade.open(&memo), trade.open(&check), trade.balance("Checking")), (0, 0, -1_500));
    assert_eq!(trade.delete(TxnKind::Check, &check), 3160, "what is settled stays, as a paid bill does");
    assert_eq!(trade.void(TxnKind::Check, &check), 0);
    assert_eq!(trade.open(&memo), 1_500);
}

#[test]
fn an_invoice_can_take_a_credit_when_it_is_made() {
    let mut trade = Trade::new();
    let customer = trade.customer.clone();
    let sale = trade.sale(&customer, 4_000);
    let memo = trade.person().enter_credit_memo(&sale).expect("good");
    let ret = trade.good(&trade.invoiced(&(set_credit(&memo, "40.00") + WORK)));
    assert_eq!((ret.text_of("AppliedAmount"), ret.text_of("BalanceRemaining")), (Some("-40.00"), Some("30.00")));
    assert_eq!(trade.open(&memo), 0);
    let more = trade.person().enter_credit_memo(&sale).expect("good");
    let smaller =
        "<InvoiceLineAdd><ItemRef><FullName>Installation</FullName></ItemRef><Amount>1.00</Amount></InvoiceLineAdd>";
    assert_eq!(trade.bad(&trade.invoiced(&(set_credit(&more, "40.00") + smaller))), 3210);
}

#[test]
fn a_paid_invoice_keeps_customer_and_amount_and_a_pending_one_is_not_posted() {
    let mut trade = Trade::new();
    let customer = trade.customer.clone();
    let invoice = trade.invoice(&customer, 10_000);
    trade.good(&trade.received("60.00", &paid(&invoice, "60.00")));
    let line = trade.desk.file.txn(&invoice).expect("known").lines[0].id.clone();
    let amount = |amount: &str| {
        format!("<InvoiceLineMod><TxnLineID>{line}</TxnLineID><Amount>{amount}</Amount></InvoiceLineMod>")
    };
    assert_eq!(trade.bad(&trade.change(&invoice, &amount("59.99"))), 3210);
    trade.good(&trade.change(&invoice, &amount("60.00")));
    let job = format!("<CustomerRef><ListID>{}</ListID></CustomerRef>", trade.job);
    assert_eq!(trade.bad(&trade.change(&invoice, &job)), 3170);
    assert_eq!(trade.delete(TxnKind::Invoice, &invoice), 3160);
    let before = trade.balance("Sales");
    let ret = trade.good(&trade.invoiced(&format!("<IsPending>true</IsPending>{WORK}")));
    assert_eq!((trade.balance("Sales"), ret.text_of("BalanceRemaining")), (before, Some("70.00")));
    let id = ret.text_of("TxnID").expect("an ID").to_owned();
    assert_eq!(trade.bad(&trade.received("1.00", &paid(&id, "1.00"))), 3120, "nothing to pay yet");
    trade.good(&trade.change(&id, "<IsPending>false</IsPending>"));
    assert_eq!(trade.balance("Sales"), before + 7_000);
}

#[test]
fn a_changed_receipt_is_distributed_anew() {
    let mut trade = Trade::new();
    let customer = trade.customer.clone();
    let (first, second) = (trade.invoice(&customer, 10_000), trade.invoice(&customer, 10_000));
    let id = trade.good(&trade.received("60.00", &paid(&first, "60.00"))).text_of("TxnID").expect("an ID").to_owned();
    let part = |id: &str, amount: &str| {
        format!("<AppliedToTxnMod><TxnID>{id}</TxnID><PaymentAmount>{amount}</PaymentAmount></AppliedToTxnMod>")
    };
    trade.good(&trade.change(&id, &part(&second, "20.00")));
    assert_eq!((trade.open(&first), trade.open(&second), trade.open(&id)), (10_000, 8_000, 4_000));
    assert_eq!(trade.bad(&trade.change(&id, "<TotalAmount>19.99</TotalAmount>")), 3210, "less than what it pays");
    trade.good(&trade.change(&id, "<TotalAmount>20.00</TotalAmount>"));
    assert_eq!((trade.open(&id), trade.balance("Undeposited Funds")), (0, 2_000));
    assert_eq!(trade.delete(TxnKind::ReceivePayment, &id), 0);
    assert_eq!((trade.open(&second), trade.balance("Undeposited Funds")), (10_000, 0));
}
