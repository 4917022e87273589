//! QuickBooks' clock, as it is on real machines: local time with an offset that may be wrong, clocks that change in spring and
//! autumn, that are set back, and that move to another time zone. No change is missed, and a quiet company is not read again
//! and again.

use crate::harness::{Office, Setup};
use crate::review::kit::{books, picture};
use chrono::{Duration, TimeZone as _, Utc};
use counterfoil::sim::quickbooks::{ListKind, OffsetHabit, Zone};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

const VENDORS: usize = 4;

/// Something that happens in the office.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// Time passes, in minutes.
    Wait(i64),
    /// Somebody changes a vendor in QuickBooks.
    Edit(usize),
    /// The machine is in this time zone from now on: minutes east of Greenwich in winter.
    Move(i32),
    /// The Web Connector comes by.
    Update,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (1_i64..400).prop_map(Step::Wait),
        3 => (0..VENDORS).prop_map(Step::Edit),
        1 => prop::sample::select(vec![-300, -360, -420, -480]).prop_map(Step::Move),
        3 => Just(Step::Update),
    ]
}

/// An office in step, some hours before an instant, on US Eastern time.
fn office_before(hours: i64, year_month_day: (i32, u32, u32), habit: OffsetHabit) -> Office {
    let (year, month, day) = year_month_day;
    let mut company = books();
    company.setup.zone = Zone { habit, ..Zone::default() };
    let mut office = Office::new(Setup { books: company, ..Setup::default() });
    let begin = Utc.with_ymd_and_hms(year, month, day, 7, 0, 0).single().expect("an instant") - Duration::hours(hours);
    office.clock.advance(begin - office.now());
    for number in 0..VENDORS {
        let now = office.wall_clock();
        let mut books = office.books.lock().expect("books");
        books.person(now).add_vendor(&format!("Vendor {number}")).expect("vendor");
    }
    office.settle(6);
    office
}

fn edit(office: &Office, which: usize, phone: &str) {
    let now = office.wall_clock();
    let mut books = office.books.lock().expect("books");
    let id = books.vendor(&format!("Vendor {which}")).expect("vendor").id;
    books.person(now).set_field(ListKind::Vendor, &id, "Phone", phone).expect("edit");
}

fn phone_at_billcom(office: &Office, which: usize) -> Option<String> {
    let vendors = office.organization().vendors();
    let vendor = vendors.into_iter().find(|vendor| vendor.name == format!("Vendor {which}")).expect("vendor");
    vendor.fields.get("phone").cloned().filter(|phone| !phone.is_empty())
}

fn nothing_is_missed(office: &mut Office, steps: &[Step]) -> Result<(), TestCaseError> {
    let mut phones = [const { None }; VENDORS];
    for (number, step) in steps.iter().enumerate() {
        match *step {
            Step::Wait(minutes) => office.clock.advance(Duration::minutes(minutes)),
            Step::Edit(which) => {
                let phone = format!("555-{number:04}");
                edit(office, which, &phone);
                phones[which] = Some(phone);
            }
            Step::Move(minutes) => office.books.lock().expect("books").setup.zone.standard_minutes = minutes,
            Step::Update => {
                office.work();
                office.update();
            }
        }
    }
    office.clock.advance(Duration::minutes(20));
    office.settle(6);
    for (which, phone) in phones.iter().enumerate() {
        prop_assert_eq!(&phone_at_billcom(office, which), phone, "vendor {}: {}", which, picture(office));
    }
    Ok(())
}

#[test]
fn no_change_is_missed_whatever_the_clock_does() {
    // Winter, the night in March, summer, and the night in November.
    let days = prop::sample::select(vec![(2026, 3, 4), (2026, 3, 8), (2026, 7, 1), (2026, 11, 1)]);
    let habits = prop::sample::select(vec![OffsetHabit::AlwaysStandard, OffsetHabit::Correct]);
    let strategy = (days, habits, 0_i64..6, prop::collection::vec(step(), 1..24));
    let mut runner = TestRunner::new(Config { cases: 24, max_shrink_iters: 60, ..Config::default() });
    let result = runner
        .run(&strategy, |(day, habit, hours, steps)| nothing_is_missed(&mut office_before(hours, day, habit), &steps));
    result.unwrap_or_else(|error| panic!("{error}"));
}

/// Records that the last session has read.
fn read_last(office: &Office) -> usize {
    let history = office.engine().history(&office.company, None, 20).expect("history");
    let ended = history.iter().find(|event| event.text.starts_with("Update ended")).expect("a session").text.clone();
    let words: Vec<_> = ended.split(' ').collect();
    words.iter().position(|word| word.starts_with("record")).and_then(|at| words[at - 1].parse().ok()).unwrap_or(0)
}

#[test]
fn a_quiet_company_is_not_read_again_and_again() {
    for habit in [OffsetHabit::AlwaysStandard, OffsetHabit::Correct] {
        let mut office = office_before(0, (2026, 7, 1), habit);
        let mut read = Vec::new();
        for _ in 0..24 {
            office.clock.advance(Duration::minutes(20));
            office.work();
            office.update();
            read.push(read_last(&office));
        }
        assert!(read.iter().rev().take(8).all(|records| *records == 0), "{habit:?}: {read:?}");
        // And what is changed then is seen.
        edit(&office, 1, "555-0001");
        office.clock.advance(Duration::minutes(20));
        office.settle(4);
        assert_eq!(phone_at_billcom(&office, 1).as_deref(), Some("555-0001"));
    }
}
