use super::*;
use crate::plan::ledgers::{Applied, Booking};
use proptest::prelude::*;

fn id(text: &str) -> NativeId {
    NativeId::new(text).expect("an id")
}

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).expect("a day")
}

fn today() -> NaiveDate {
    day(3, 2)
}

fn leg(of: &str, cents: i64, due: NaiveDate) -> Leg {
    Leg {
        id: id(of),
        standing: Standing::Booked,
        amount: Money::from_cents(cents),
        party: None,
        number: Some(of.to_owned()),
        date: Some(due),
        due: Some(due),
        open: None,
        approved: true,
        booked: Vec::new(),
        applied: Vec::new(),
    }
}

fn paying(of: &str, cents: i64, on: NaiveDate, bill: &str) -> Leg {
    let applied = vec![Applied { kind: Kind::Bill, id: id(bill), amount: Money::from_cents(cents) }];
    let booked = vec![Booking { account: id("CLEARING"), taken: true }];
    Leg { applied, booked, ..leg(of, cents, on) }
}

fn document(kind: Kind, quickbooks: Option<Leg>, billcom: Option<Leg>) -> Document {
    let title = quickbooks.as_ref().or(billcom.as_ref()).map(|leg| leg.id.to_string()).unwrap_or_default();
    Document { kind, title, scope: Scope::Compared, quickbooks, billcom, cause: None, problem: None }
}

fn account(name: &str, cents: i64, changes: &[(NaiveDate, i64)]) -> Account {
    let changes = changes.iter().map(|(day, cents)| (*day, Money::from_cents(*cents))).collect();
    Account { id: id(name), name: name.to_owned(), balance: Money::from_cents(cents), changes }
}

fn books(documents: Vec<Document>, clearing: Option<i64>) -> Books {
    let clearing = clearing.map(|cents| Clearing {
        account: id("CLEARING"),
        name: "Money Out Clearing".to_owned(),
        balance: Money::from_cents(cents),
    });
    Books {
        today: today(),
        accounts: vec![account("Checking", 100_000, &[]), account("Savings", 5_000, &[])],
        main: Some(id("Checking")),
        clearing: clearing.into_iter().collect(),
        documents,
    }
}

const WITH_ALL: Choice = Choice { days_back: 5, days_ahead: 90, unapproved: true };

fn made(books: &Books) -> Forecast {
    forecast(books, WITH_ALL).expect("small sums")
}

/// Source, cents and day of everything that counts.
fn counted(forecast: &Forecast) -> Vec<(Source, i64, NaiveDate)> {
    let flows = forecast.flows.iter();
    flows.filter_map(|flow| Some((flow.source, flow.amount.cents(), flow.counted_on?))).collect()
}

#[test]
fn open_documents_move_the_balance_on_their_days() {
    let bill = document(Kind::Bill, None, Some(leg("bill", 30_000, day(3, 10))));
    let invoice = document(Kind::Invoice, Some(leg("invoice", 12_000, day(3, 20))), None);
    let late = document(Kind::Bill, Some(leg("late", 500, day(2, 1))), None);
    let far = document(Kind::Bill, Some(leg("far", 999, day(12, 1))), None);
    let forecast = made(&books(vec![bill, invoice, late, far], None));
    assert_eq!(
        counted(&forecast),
        [(Source::Bill, -500, today()), (Source::Bill, -30_000, day(3, 10)), (Source::Invoice, 12_000, day(3, 20))]
    );
    let [total, checking, savings] = forecast.series.try_into().expect("three series");
    assert_eq!((total.days.len(), total.balance.cents()), (91, 105_000));
    let on = |series: &Series, wanted| series.days.iter().find(|it| it.day == wanted).expect("a day").balance.cents();
    assert_eq!([on(&total, today()), on(&total, day(3, 9))], [104_500, 104_500]);
    assert_eq!([on(&total, day(3, 10)), on(&total, day(5, 31))], [74_500, 86_500]);
    assert_eq!([on(&checking, day(5, 31)), on(&savings, day(5, 31))], [81_500, 5_000]);
}

#[test]
fn what_is_paid_or_credited_is_not_due_again() {
    let bill = document(Kind::Bill, Some(leg("q", 10_000, day(3, 10))), Some(leg("b", 10_000, day(3, 10))));
    let part = document(Kind::BillPayment, None, Some(paying("p", 4_000, day(2, 20), "b")));
    let by_hand = document(Kind::BillPayment, Some(paying("h", 7_000, day(2, 20), "q")), None);
    let due = |documents: Vec<Document>| counted(&made(&books(documents, None)));
    assert_eq!(due(vec![bill.clone(), part.clone()]), [(Source::Bill, -6_000, day(3, 10))]);
    assert_eq!(due(vec![bill.clone(), part, by_hand]), [(Source::Bill, -3_000, day(3, 10))], "the higher one counts");
    let gone = Leg { standing: Standing::Out, ..paying("p", 4_000, day(2, 20), "b") };
    let gone = document(Kind::BillPayment, None, Some(gone));
    assert_eq!(due(vec![bill, gone]), [(Source::Bill, -10_000, day(3, 10))]);
}

#[test]
fn quickbooks_knows_of_payments_that_nobody_reads() {
    let says = |open: i64| Some(Leg { open: Some(Money::from_cents(open)), ..leg("q", 10_000, day(3, 10)) });
    let due = |document: Document| counted(&made(&books(vec![document], None)));
    assert_eq!(due(document(Kind::Invoice, says(2_500), None)), [(Source::Invoice, 2_500, day(3, 10))]);
    assert_eq!(due(document(Kind::Bill, says(0), None)), []);
    let both = document(Kind::Bill, says(0), Some(leg("b", 10_000, day(3, 10))));
    assert_eq!(due(both), [(Source::Bill, -10_000, day(3, 10))], "Bill.com still asks for it");
}

#[test]
fn the_side_that_manages_a_document_has_the_word() {
    let gone = |of: &str| Some(Leg { standing: Standing::Out, ..leg(of, 10_000, day(3, 10)) });
    let stands = |of: &str| Some(leg(of, 10_000, day(3, 10)));
    let due = |document: Document| made(&books(vec![document], None)).flows.len();
    assert_eq!(due(document(Kind::Bill, gone("q"), stands("b"))), 1);
    assert_eq!(due(document(Kind::Bill, stands("q"), gone("b"))), 0);
    assert_eq!(due(document(Kind::Invoice, gone("q"), stands("b"))), 0);
    assert_eq!(due(document(Kind::Invoice, stands("q"), gone("b"))), 1);
}

#[test]
fn unapproved_bills_are_a_question_of_what_if() {
    let bill = Leg { approved: false, ..leg("b", 10_000, day(3, 10)) };
    let books = books(vec![document(Kind::Bill, None, Some(bill))], None);
    assert_eq!(counted(&made(&books)).len(), 1);
    let without = forecast(&books, Choice { unapproved: false, ..WITH_ALL }).expect("small sums");
    assert_eq!((counted(&without).len(), without.flows.len()), (0, 1), "it is shown all the same");
    assert_eq!(without.series[0].days[90].balance.cents(), 105_000);
}

#[test]
fn scheduled_payments_leave_on_their_day_and_the_rest_of_clearing_at_once() {
    let both = |of: &str, on| {
        let leg = paying(of, 3_000, on, "elsewhere");
        document(Kind::BillPayment, Some(leg.clone()), Some(leg))
    };
    let documents = vec![both("past", day(2, 27)), both("coming", day(3, 9))];
    let forecast = made(&books(documents.clone(), Some(-6_000)));
    assert_eq!(
        counted(&forecast),
        [(Source::Clearing, -3_000, today()), (Source::Payment, -3_000, day(3, 9))],
        "what is booked on clearing leaves the bank once"
    );
    assert_eq!(forecast.series[0].days[90].balance.cents(), 99_000);
    // Not in QuickBooks yet, so its clearing account does not hold it.
    let alone = vec![document(Kind::BillPayment, None, Some(paying("coming", 3_000, day(3, 9), "x")))];
    assert_eq!(counted(&made(&books(alone, Some(0)))), [(Source::Payment, -3_000, day(3, 9))]);
    // Taken from a bank account that counts it already.
    let cheque =
        Leg { booked: vec![Booking { account: id("Checking"), taken: true }], ..paying("c", 9, day(3, 9), "x") };
    let cheque = vec![document(Kind::BillPayment, Some(cheque.clone()), Some(cheque))];
    assert_eq!(counted(&made(&books(cheque, Some(0)))), []);
}

#[test]
fn announced_receipts_come_in() {
    let leg = Leg { standing: Standing::Announced, ..leg("r", 4_000, day(3, 4)) };
    let forecast = made(&books(vec![document(Kind::InvoicePayment, None, Some(leg))], None));
    assert_eq!(counted(&forecast), [(Source::Receipt, 4_000, day(3, 4))]);
}

#[test]
fn history_keeps_a_balance_until_it_changes() {
    let mut books = books(Vec::new(), None);
    books.accounts = vec![
        account("A", 1, &[(day(1, 1), 700), (day(2, 27), 500)]),
        account("B", 2, &[(day(2, 28), 40), (today(), 2)]),
    ];
    let forecast = made(&books);
    let cents = |series: &Series| series.history.iter().map(|(_, balance)| balance.cents()).collect::<Vec<_>>();
    let [total, first, second] = forecast.series.try_into().expect("three series");
    assert_eq!(first.history[0].0, day(2, 25));
    assert_eq!(cents(&first), [700, 700, 500, 500, 500]);
    assert_eq!(cents(&second), [40, 40], "from the first day that is known");
    assert_eq!(cents(&total), [700, 700, 500, 540, 540]);
}

#[test]
fn without_a_main_account_money_counts_in_the_total_only() {
    let mut books = books(vec![document(Kind::Bill, None, Some(leg("b", 100, day(3, 3))))], None);
    books.main = None;
    let forecast = made(&books);
    assert_eq!(forecast.flows[0].account, None);
    assert_eq!(forecast.series[0].days[1].money_out.cents(), 100);
    assert!(forecast.series[1..].iter().all(|series| series.days[1].money_out.is_zero()));
    books.accounts.truncate(1);
    assert_eq!(made(&books).flows[0].account, Some(id("Checking")), "an only account is the one");
}

#[test]
fn sums_out_of_range_are_an_error() {
    let huge = || document(Kind::Invoice, Some(leg("q", i64::MAX, day(3, 3))), None);
    assert!(forecast(&books(vec![huge(), huge()], None), WITH_ALL).is_err());
}

prop_compose! {
    /// A bill or an invoice of either side, with a part of it paid.
    fn any_document()(
        is_bill in any::<bool>(),
        at_billcom in any::<bool>(),
        approved in any::<bool>(),
        cents in 0..100_000_i64,
        part in 0..100_000_i64,
        offset in 0..200_u64,
        at in 0..1_000_000_u32,
    ) -> [Document; 2] {
        let due = day(1, 1).checked_add_days(Days::new(offset)).expect("a day");
        let name = at.to_string();
        let own = Leg { approved, ..leg(&name, cents, due) };
        let kind = if is_bill { Kind::Bill } else { Kind::Invoice };
        let payment = Leg {
            applied: vec![Applied { kind, id: id(&name), amount: Money::from_cents(part) }],
            ..leg("p", part, day(1, 1))
        };
        let payment_kind = if is_bill { Kind::BillPayment } else { Kind::InvoicePayment };
        if at_billcom {
            [document(kind, None, Some(own)), document(payment_kind, None, Some(payment))]
        } else {
            [document(kind, Some(own), None), document(payment_kind, Some(payment), None)]
        }
    }
}

proptest! {
    /// Every evening is the one before and what moved; the last is the beginning and all that counts; the accounts together
    /// are the total.
    #[test]
    fn nothing_is_lost_between_two_days(
        rows in proptest::collection::vec(any_document(), 0..30),
        clearing in -50_000..50_000_i64,
        unapproved in any::<bool>(),
    ) {
        let books = books(rows.into_iter().flatten().collect(), Some(clearing));
        let forecast = forecast(&books, Choice { unapproved, ..WITH_ALL }).expect("small sums");
        for series in &forecast.series {
            let mut before = series.balance.cents();
            for day in &series.days {
                before += day.money_in.cents() - day.money_out.cents();
                prop_assert_eq!(day.balance.cents(), before);
            }
        }
        let last = |series: &Series| series.days[90].balance.cents();
        let moved: i64 = counted(&forecast).iter().map(|(_, cents, _)| cents).sum();
        prop_assert_eq!(last(&forecast.series[0]), 105_000 + moved);
        prop_assert_eq!(last(&forecast.series[0]), last(&forecast.series[1]) + last(&forecast.series[2]));
        for flow in &forecast.flows {
            prop_assert!(flow.amount.is_negative() == matches!(flow.source, Source::Bill) || flow.source == Source::Clearing);
            prop_assert!(flow.counted_on.is_none_or(|day| day >= today()));
            prop_assert!(flow.approved || unapproved || flow.counted_on.is_none());
        }
    }

    /// More is never due than was billed.
    #[test]
    fn no_more_is_due_than_was_billed(row in any_document()) {
        let billed = row[0].on(Side::QuickBooks).or(row[0].on(Side::BillCom)).expect("a leg").amount;
        let flows = made(&books(row.to_vec(), None)).flows;
        prop_assert!(flows.iter().all(|flow| flow.amount.abs() <= billed));
    }
}
