//! The tables and the answers of transactions against the vendor's own schema, and the sample requests.
//!
//! Needs the reference folder, named by `COUNTERFOIL_REFERENCE`; says so and passes without it.

use serde_json::Value;

use super::trade::{Trade, paid};
use super::vendor_schema::{complaints, fields, ours, read, reference, theirs};
use crate::sim::quickbooks::objects::{request_type, txn_object};
use crate::sim::quickbooks::schema::Version;
use crate::sim::quickbooks::{Setup, TxnKind, validate};

fn requests() -> Vec<String> {
    let words = TxnKind::ALL.iter().map(|kind| kind.word());
    let words = words.chain(["BillToPay", "ReceivePaymentToDeposit", "Transaction"]);
    let names = words.flat_map(|word| ["Query", "Add", "Mod"].map(|verb| format!("{word}{verb}")));
    names.filter(|name| request_type(name).is_some()).collect()
}

#[test]
fn every_table_of_a_transaction_is_the_vendors() {
    let Some(folder) = reference() else { return };
    let schema = fields(&folder);
    let names = requests();
    assert_eq!(names.len(), 3 * 11 - 1 + 3, "no Mod for card payments");
    for name in names {
        let kind = request_type(&name).expect("registered");
        let of_vendor = &schema["requests"][format!("{name}Rq")];
        let since = of_vendor["since"].as_str().and_then(Version::parse).unwrap_or(Version(0, 0));
        assert_eq!(kind.since, since, "{name}");
        let mut rows = Vec::new();
        ours(kind.content, "", kind.since, &mut rows);
        let wanted: Vec<_> = theirs(&of_vendor["rows"], 0)
            .into_iter()
            .map(|(path, most, longest, began)| (path, most, longest, began.max((since.0, since.1))))
            .collect();
        assert_eq!(rows, wanted, "{name}");
    }
    for kind in TxnKind::ALL {
        let object = txn_object(*kind);
        let mut rows = Vec::new();
        ours(object.table, "", Version(0, 0), &mut rows);
        let paths = |rows: Vec<super::vendor_schema::Row>| {
            rows.into_iter().map(|row| (row.0, row.1, row.2)).collect::<Vec<_>>()
        };
        assert_eq!(paths(rows), paths(theirs(&schema["objects"][object.ret]["rows"], 1)), "{}", object.ret);
    }
}

#[test]
fn answers_of_transactions_fit_the_vendors_schema() {
    let Some(folder) = reference() else { return };
    let schema = fields(&folder);
    let mut trade = Trade::new();
    let customer = trade.customer.clone();
    let (bill, invoice) = (trade.bill("1", 10_000), trade.invoice(&customer, 10_000));
    trade.credit(500);
    trade.good(&trade.payment(&paid(&bill, "10.00")));
    trade.good(&trade.received("20.00", &paid(&invoice, "10.00")));
    let (bank, clearing, card, rent) =
        (trade.desk.bank.clone(), trade.clearing.clone(), trade.card.clone(), trade.desk.rent.clone());
    let (sale, receipt, vendor) = (trade.sale(&customer, 100), trade.receipt(500, &[]), trade.desk.vendor.clone());
    let mut person = trade.person();
    person.pay_bill_by_card(&bill, &card, 1_000).expect("good");
    person.transfer(&bank, &clearing, 500, "t").expect("good");
    person.write_check(&bank, &vendor, &rent, 300).expect("good");
    person.enter_journal(&rent, &bank, 200).expect("good");
    person.enter_credit_memo(&sale).expect("good");
    let second = person.receive_payment(&receipt).expect("good");
    person.deposit_payments(&bank, &[&second]).expect("good");
    let mut seen = 0;
    for version in [Version(12, 0), Version(13, 0), Version(16, 0)] {
        let mut queries = "<BillToPayQueryRq><PayeeEntityRef><FullName>C.U. Electric</FullName></PayeeEntityRef></BillToPayQueryRq><ReceivePaymentToDepositQueryRq/><TransactionQueryRq/>".to_owned();
        for kind in TxnKind::ALL {
            let has_links = matches!(
                kind,
                TxnKind::Bill | TxnKind::VendorCredit | TxnKind::Invoice | TxnKind::CreditMemo | TxnKind::Check
            );
            let lines = if *kind == TxnKind::Transfer { "" } else { "<IncludeLineItems>1</IncludeLineItems>" };
            let links = if has_links { "<IncludeLinkedTxns>1</IncludeLinkedTxns>" } else { "" };
            queries += &format!("<{0}QueryRq>{lines}{links}</{0}QueryRq>", kind.word());
        }
        let answer = trade.desk.send_with("onError=\"stopOnError\"", &version.to_string(), &queries).expect("valid");
        for ret in answer.children.iter().flat_map(|response| &response.children) {
            let rows: Vec<&Value> = schema["objects"][&ret.name]["rows"].as_array().expect("rows").iter().collect();
            let mut found = Vec::new();
            complaints(ret, &rows, &ret.name, version, &mut found);
            assert!(found.is_empty(), "{version}: {found:#?} in {ret:?}");
            seen += 1;
        }
    }
    assert!(seen > 60, "{seen} records");
}

#[test]
fn the_sample_requests_of_transactions_are_valid() {
    let Some(folder) = reference() else { return };
    let versions = Setup::default().versions;
    let mut count = 0;
    for entry in std::fs::read_dir(folder.join("qbxml-samples/requests")).expect("the folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("").to_owned();
        let begins = TxnKind::ALL.iter().any(|kind| name.starts_with(kind.word())) || name.starts_with("Txn");
        if begins {
            let text = read(&path);
            assert_eq!(validate(&text, &versions), Ok(()), "{name}");
            count += 1;
        }
    }
    assert!(count >= 30, "{count} samples");
}
