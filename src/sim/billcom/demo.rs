//! A plausible organisation for the demo: a landscaping firm that pays its bills through Bill.com.
//!
//! About half of the vendors and most accounts have the names that the simulated company file gives them, so that the
//! first sync has something to link; the rest are new to the other side.

use super::people::{BillDraft, LineDraft};
use super::random::Random;
use super::session::SignInKind;
use super::{Identity, KeyUsage, Organization};
use chrono::{DateTime, Days, NaiveDate, Utc};
use serde_json::{Value, json};

/// Name, type, number.
const ACCOUNTS: &[(&str, &str, &str)] = &[
    ("Checking", "3", "10100"),
    ("Accounts Payable", "1", "20000"),
    ("Job Materials", "4", "54300"),
    ("Subcontractors", "4", "54500"),
    ("Office Supplies", "7", "63000"),
    ("Professional Fees", "7", "63600"),
    ("Rent", "7", "63900"),
    ("Tools and Machinery", "7", "64800"),
    ("Insurance", "7", "62100"),
    ("Safety Equipment", "7", "64100"),
    ("Software Subscriptions", "7", "63700"),
];

/// Name, city, account, usual amount in cents.
const VENDORS: &[(&str, &str, &str, i64)] = &[
    ("Bayside Nursery", "Bayshore", "Job Materials", 86_250),
    ("Irrigation Depot", "Bayshore", "Job Materials", 31_875),
    ("Stone & Slate Supply", "East Bayshore", "Job Materials", 58_990),
    ("Reyes Properties", "Bayshore", "Rent", 245_000),
    ("Fay Bookkeeping", "Bayshore", "Professional Fees", 45_000),
    ("Mendoza Tree Service", "Middlefield", "Subcontractors", 190_000),
    ("Paper & Pen Office Supply", "Bayshore", "Office Supplies", 8_635),
    ("Muñoz Bewässerung GmbH", "San Tomas", "Job Materials", 74_310),
    ("Alder Creek Compost", "Middlefield", "Job Materials", 27_640),
    ("Northgate Signs", "San Tomas", "Office Supplies", 38_900),
    ("Sunrise Fencing Co.", "East Bayshore", "Subcontractors", 164_750),
    ("Harbor Safety Outfitters", "Bayshore", "Safety Equipment", 21_495),
    ("Fieldbook Scheduling", "San Tomas", "Software Subscriptions", 7_900),
];

/// Vendors that turn up later, in this order; then numbered ones.
const NEWCOMERS: &[(&str, &str)] = &[
    ("Old Mill Lumber", "Job Materials"),
    ("Quick Copy Center", "Office Supplies"),
    ("Teal & Daughters Plumbing", "Subcontractors"),
    ("Ridge Road Gravel", "Job Materials"),
    ("Lindqvist Law Group", "Professional Fees"),
];

pub(super) const FITS: &str = "invariant: the tables of the demo fit the rules";

/// Makes the firm. The same seed and day always give the same organisation.
///
/// Sign-in: token `Counterfoil` with value `practice-token`, developer key `practice-developer-key`.
///
/// # Panics
/// Never: the tables above fit the rules of the simulator, which a test checks.
#[must_use]
pub fn demo(seed: u64, today: NaiveDate) -> Organization {
    let identity = Identity {
        name: "Larch Street Landscaping".to_owned(),
        accounting_software: None,
        developer_key: "practice-developer-key".to_owned(),
    };
    let founded = at_nine(today, 60);
    let mut organization = Organization::new(identity, seed, founded, KeyUsage::shared());
    organization.allow("Counterfoil", "practice-token", SignInKind::SyncToken);
    add_lists(&mut organization, founded);
    let mut random = Random::new(seed ^ 0xB111);
    for back in (2..=40).rev().step_by(2) {
        let vendor = random.below(VENDORS.len());
        enter_bill(&mut organization, at_nine(today, back), VENDORS[vendor].0, &mut random);
    }
    organization
}

/// Lets some time pass: usually a new bill, sometimes a new vendor, an approval or an edit. `step` counts the calls and
/// decides what happens, together with the seed.
///
/// # Panics
/// Never, as above.
pub fn tick(organization: &mut Organization, seed: u64, step: u64, now: DateTime<Utc>) {
    let mut random = Random::new(seed ^ step.wrapping_mul(0x9E37_79B9));
    let names: Vec<String> = organization.vendors().into_iter().filter(|it| it.active).map(|it| it.name).collect();
    if step % 5 == 3 {
        meet_newcomer(organization, now);
    } else if step % 4 == 2 {
        let open = organization.bills().into_iter().find(|bill| bill.approval != "3" && bill.state == "1");
        if let Some(bill) = open {
            organization.person(now).approve(&bill.id).expect(FITS);
        }
    } else if step % 7 == 6 {
        let vendors: Vec<String> = organization.vendors().into_iter().filter(|it| it.active).map(|it| it.id).collect();
        let phone = format!("415-555-{:04}", random.below(10_000));
        organization
            .person(now)
            .edit("Vendor", random.pick::<String>(&vendors), &[("phone", json!(phone))])
            .expect(FITS);
    } else {
        let name = random.pick(&names).clone();
        enter_bill(organization, now, &name, &mut random);
    }
}

pub(super) fn at_nine(today: NaiveDate, days_back: u64) -> DateTime<Utc> {
    let day = today.checked_sub_days(Days::new(days_back)).unwrap_or(today);
    day.and_hms_opt(9, 0, 0).unwrap_or_default().and_utc()
}

fn add_lists(organization: &mut Organization, now: DateTime<Utc>) {
    for (name, days) in [("Net 15", 15), ("Net 30", 30)] {
        organization.person(now).create("PaymentTerm", &[("name", json!(name)), ("netDue", json!(days))]).expect(FITS);
    }
    for name in ["Design", "Maintenance"] {
        organization.person(now).create("Department", &[("name", json!(name))]).expect(FITS);
    }
    for (name, kind, number) in ACCOUNTS {
        organization.person(now).create_account(name, kind, number).expect(FITS);
    }
    for (index, (name, city, _, _)) in VENDORS.iter().enumerate() {
        let fields: [(&str, Value); 7] = [
            ("name", json!(name)),
            ("nameOnCheck", json!(name)),
            ("address1", json!(format!("{} Main Street", 100 + 17 * index))),
            ("addressCity", json!(city)),
            ("addressState", json!("CA")),
            ("addressZip", json!(format!("{}", 94_320 + index))),
            ("email", json!(format!("billing{index}@example.com"))),
        ];
        organization.person(now).create("Vendor", &fields).expect(FITS);
    }
}

/// A bill of a vendor, for about its usual amount, now and then with a second line.
fn enter_bill(organization: &mut Organization, now: DateTime<Utc>, vendor: &str, random: &mut Random) {
    let (account, usual) = usual(vendor);
    let vendors = organization.vendors();
    let vendor_id = vendors.into_iter().find(|it| it.name == vendor).map(|it| it.id).expect(FITS);
    let account_id = organization.accounts().into_iter().find(|it| it.name == account).map(|it| it.id);
    let number = format!("{}{:05}", vendor.chars().next().unwrap_or('B'), 10_000 + organization.count("Bill") * 7);
    let date = now.date_naive();
    let cents = usual + i64::try_from(random.below(5_000)).unwrap_or(0);
    let line = |cents, description: &str| LineDraft {
        cents,
        account_id: account_id.clone(),
        department_id: None,
        description: description.to_owned(),
    };
    let mut lines = vec![line(cents, account)];
    if random.chance(300) {
        lines.push(line(1_500 + i64::try_from(random.below(2_000)).unwrap_or(0), "Delivery"));
    }
    let due = date.checked_add_days(Days::new(30)).unwrap_or(date);
    organization.person(now).create_bill(&BillDraft { vendor_id, number, date, due, lines }).expect(FITS);
}

fn usual(vendor: &str) -> (&'static str, i64) {
    let known = VENDORS.iter().find(|(name, ..)| *name == vendor).map(|(_, _, account, cents)| (*account, *cents));
    let newcomer = || NEWCOMERS.iter().find(|(name, _)| *name == vendor).map(|(_, account)| (*account, 42_000));
    known.or_else(newcomer).unwrap_or(("Office Supplies", 12_500))
}

fn meet_newcomer(organization: &mut Organization, now: DateTime<Utc>) {
    let taken: Vec<String> = organization.vendors().into_iter().map(|it| it.name).collect();
    let fresh = NEWCOMERS.iter().map(|(name, _)| (*name).to_owned()).find(|name| !taken.contains(name));
    let name = fresh.unwrap_or_else(|| format!("Garden Contractor {}", taken.len()));
    organization.person(now).create_vendor(&name).expect(FITS);
}
