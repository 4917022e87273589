use super::*;
use proptest::prelude::*;

fn id(text: &str) -> NativeId {
    NativeId::new(text).expect("an id")
}

fn leg(of: &str, cents: i64, party: &str) -> Leg {
    Leg {
        id: id(of),
        standing: Standing::Booked,
        amount: Money::from_cents(cents),
        party: Some(Party { kind: Kind::Vendor, id: id(party) }),
        number: None,
        date: None,
        due: None,
        open: None,
        approved: true,
        booked: Vec::new(),
        applied: Vec::new(),
    }
}

/// A payment that is booked on the clearing account.
fn paying(of: &str, cents: i64) -> Leg {
    Leg { booked: vec![Booking { account: id("CLEARING"), taken: true }], ..leg(of, cents, "V") }
}

fn document(kind: Kind, quickbooks: Option<Leg>, billcom: Option<Leg>) -> Document {
    let (title, cause) = (format!("{} 7", kind.word()), Some("it waits".to_owned()));
    Document { kind, title, scope: Scope::Compared, quickbooks, billcom, cause, problem: None }
}

fn report(documents: Vec<Document>, holds: Option<i64>) -> Report {
    let clearing = holds.map(|cents| Clearing {
        account: id("CLEARING"),
        name: "Money Out Clearing".to_owned(),
        balance: Money::from_cents(cents),
    });
    let ledgers = Ledgers { documents, clearing: clearing.into_iter().collect() };
    compare(&ledgers, |party| Some(format!("Vendor {}", party.id))).expect("small sums")
}

fn said(report: &Report) -> Vec<(Kind, &str, i64, &str)> {
    let said = report.differences.iter();
    said.map(|it| (it.kind, it.record.as_str(), it.difference.cents(), it.cause.as_deref().unwrap_or("?"))).collect()
}

#[test]
fn pairs_that_agree_are_silent_and_added_up() {
    let bill = document(Kind::Bill, Some(leg("1", 700, "V")), Some(leg("a", 700, "V")));
    let payment = document(Kind::BillPayment, Some(paying("2", 500)), Some(paying("b", 500)));
    let report = report(vec![bill, payment], Some(-500));
    assert_eq!(report.differences, []);
    assert_eq!(report.clearing[0].amounts.billcom.cents(), -500);
    let owed: Vec<_> = report.parties.iter().map(|it| (it.name.as_deref(), it.amounts.quickbooks.cents())).collect();
    assert_eq!(owed, [(Some("Vendor V"), 200)]);
    let kinds = report.kinds.iter().filter(|it| it.documents > 0);
    let kinds: Vec<_> = kinds.map(|it| (it.kind, it.documents, it.amounts.billcom.cents())).collect();
    assert_eq!(kinds, [(Kind::Bill, 1, 700), (Kind::BillPayment, 1, 500)]);
}

#[test]
fn a_difference_is_named_once_as_document_and_once_in_its_total() {
    let report = report(vec![document(Kind::VendorCredit, Some(leg("1", 300, "V")), None)], None);
    assert_eq!(
        said(&report),
        [
            (Kind::VendorCredit, "vendor_credit 7", 300, "it waits"),
            (Kind::Vendor, "Vendor V", -300, "It comes from vendor_credit 7."),
        ]
    );
    assert_eq!(report.differences[0].key, Some((Side::QuickBooks, id("1"))));
}

#[test]
fn a_bill_under_another_vendor_moves_two_totals() {
    let report = report(vec![document(Kind::Bill, Some(leg("1", 500, "V")), Some(leg("a", 500, "W")))], None);
    let from = "It comes from bill 7.";
    assert_eq!(said(&report), [(Kind::Vendor, "Vendor V", 500, from), (Kind::Vendor, "Vendor W", -500, from)]);
}

#[test]
fn what_is_gone_or_only_announced_counts_for_nothing() {
    for standing in [Standing::Out, Standing::Announced] {
        let alone = Leg { standing, ..paying("a", 500) };
        let report = report(vec![document(Kind::BillPayment, None, Some(alone))], Some(0));
        assert_eq!((said(&report), report.parties.len()), (Vec::new(), 0));
    }
    let gone = Leg { standing: Standing::Out, ..leg("1", 500, "V") };
    let report = report(vec![document(Kind::Bill, Some(gone), Some(leg("a", 500, "V")))], None);
    assert_eq!(report.differences.len(), 2, "gone on one side only");
}

#[test]
fn a_clearing_account_holds_what_is_on_its_way() {
    let by_hand = "The account holds something other than payments whose money has not moved yet: an entry made by \
                   hand, or an opening balance.";
    let paid = || document(Kind::BillPayment, Some(paying("1", 500)), Some(paying("a", 500)));
    let account = "Money Out Clearing";
    assert_eq!(said(&report(vec![paid()], Some(-700))), [(Kind::Account, account, -200, by_hand)]);
    let elsewhere = document(Kind::BillPayment, Some(leg("1", 500, "V")), Some(paying("a", 500)));
    let named = "It comes from bill_payment 7.";
    assert_eq!(said(&report(vec![elsewhere], Some(0))), [(Kind::Account, account, 500, named)]);
    for scope in [Scope::Past, Scope::Private] {
        let alone = Document { scope, ..document(Kind::FundsTransfer, Some(paying("1", 900)), None) };
        assert_eq!(
            said(&report(vec![alone], Some(-900))),
            [(Kind::Account, account, -900, "It comes from funds_transfer 7.")]
        );
    }
}

#[test]
fn the_past_of_the_books_is_counted_and_not_compared() {
    let past = |kind, cents| Document { scope: Scope::Past, ..document(kind, Some(leg("1", cents, "V")), None) };
    let report = report(vec![past(Kind::Bill, 300), past(Kind::Bill, 400)], None);
    assert_eq!((report.differences.len(), report.parties.len()), (0, 0));
    let [left] = report.left_out.try_into().expect("one kind");
    assert_eq!((left.kind, left.documents, left.amounts.quickbooks.cents()), (Kind::Bill, 2, 700));
}

#[test]
fn sums_out_of_range_are_an_error() {
    let huge = || document(Kind::Bill, Some(leg("1", i64::MAX, "V")), Some(leg("a", i64::MAX, "V")));
    let ledgers = Ledgers { documents: vec![huge(), huge()], clearing: Vec::new() };
    assert!(compare(&ledgers, |_| None).is_err());
}

proptest! {
    /// The totals, and the clearing account, differ by exactly what the documents differ, whatever they are.
    #[test]
    fn totals_differ_by_what_documents_differ(
        rows in proptest::collection::vec((0..5_usize, 0..9_000_i64, 0..9_000_i64, 0..3_u8), 0..40),
    ) {
        let kinds = [Kind::Bill, Kind::VendorCredit, Kind::BillPayment, Kind::Invoice, Kind::InvoicePayment];
        let rows = rows.into_iter().map(|(kind, left, right, shape)| {
            let (here, there) = (Some(paying("1", left)), Some(paying("a", right)));
            match shape {
                0 => document(kinds[kind], here, there),
                1 => document(kinds[kind], here, None),
                _ => document(kinds[kind], None, there),
            }
        });
        let documents: Vec<Document> = rows.collect();
        let holds = documents.iter().map(|it| -it.amount(Side::QuickBooks).cents()).sum::<i64>();
        let differs = documents.iter().any(Document::differs);
        let report = report(documents, Some(holds));
        let sum = |wanted: &dyn Fn(&Difference) -> i64| report.differences.iter().map(wanted).sum::<i64>();
        let by_document = sum(&|it| weight(it.kind) * it.difference.cents());
        prop_assert_eq!(by_document, sum(&|it| if it.kind == Kind::Vendor { it.difference.cents() } else { 0 }));
        let in_clearing = sum(&|it| if it.kind == Kind::Account { it.difference.cents() } else { 0 });
        let weighted = |kind: Kind| weight(kind).abs();
        prop_assert_eq!(in_clearing, -sum(&|it| weighted(it.kind) * it.difference.cents()));
        prop_assert_eq!(report.differences.is_empty(), !differs);
    }
}
