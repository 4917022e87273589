//! What the firm has on its first day.

use super::super::billcom::{Bank, Organization, Random};
use super::super::quickbooks::{CompanyFile, Now};
use super::{Done, FITS, Firm, Size, names};
use chrono::{DateTime, Utc};
use serde_json::json;

/// Every so many records of a list stand on both sides, in another spelling.
const ON_BOTH_EVERY: usize = 10;

impl Firm {
    /// Enters the lists on both sides. The books may hold other things already; the organisation gets its bank account and the
    /// settings of its clearing accounts.
    ///
    /// # Panics
    /// When a simulator refuses what people enter.
    pub fn found(
        seed: u64,
        size: Size,
        books: &mut CompanyFile,
        organization: &mut Organization,
        now: DateTime<Utc>,
    ) -> Self {
        let wall = books.setup.zone.at(now);
        books.person(wall).set_preferences(|preferences| preferences.class_tracking = true);
        add_accounts(size, books, wall, organization, now);
        let account = |name: &str| organization.accounts().into_iter().find(|it| it.name == name).map(|it| it.id);
        let (out, into) = (account("Money Out Clearing"), account("Money In Clearing"));
        let bank = Bank { name: "First Bank".to_owned(), account_id: account("Checking"), pays: true, receives: true };
        organization.preferences.money_out_clearing = out;
        organization.preferences.money_in_clearing = into;
        let bank = organization.person(now).connect_bank(&bank);
        add_vendors(size, books, wall, organization, now);
        add_customers(size, books, wall, organization, now);
        add_classes(size, books, wall, organization, now);
        add_items(size, books, wall);
        Self {
            size,
            random: Random::new(seed),
            day: 0,
            bank,
            bills: Vec::new(),
            credits: Vec::new(),
            paid: Vec::new(),
            quickbooks_invoices: Vec::new(),
            undeposited: Vec::new(),
            billcom_invoices: Vec::new(),
            receipts: Vec::new(),
            merges: Vec::new(),
            done: Done::default(),
        }
    }
}

/// On which sides the record of this place stands: QuickBooks, Bill.com.
const fn sides(index: usize) -> (bool, bool) {
    let both = index % ON_BOTH_EVERY == 3;
    (both || index.is_multiple_of(2), both || index % 2 == 1)
}

fn add_accounts(size: Size, books: &mut CompanyFile, wall: Now, organization: &mut Organization, now: DateTime<Utc>) {
    let count = size.accounts.max(names::ACCOUNTS.len());
    for index in 0..count {
        let (name, quickbooks, billcom) = match names::ACCOUNTS.get(index) {
            Some((name, quickbooks, billcom, _)) => ((*name).to_owned(), *quickbooks, *billcom),
            None => (names::account(index - names::ACCOUNTS.len()), "Expense", "7"),
        };
        // QuickBooks has what the ledger stands on; the rest is divided.
        let core = index < names::ACCOUNTS.len();
        if core || index.is_multiple_of(2) {
            books.person(wall).add_account(&name, quickbooks).expect(FITS);
        }
        if index < names::ACCOUNTS_ON_BOTH || !core && index % 2 == 1 {
            organization.person(now).create_account(&name, billcom, "").expect(FITS);
        }
    }
}

fn add_vendors(size: Size, books: &mut CompanyFile, wall: Now, organization: &mut Organization, now: DateTime<Utc>) {
    for index in 0..size.vendors {
        let name = names::vendor(index);
        let (quickbooks, billcom) = sides(index);
        let long = name.chars().count() > 41;
        if quickbooks && !long {
            let id = books.person(wall).add_vendor(&name).expect(FITS);
            let phone = names::phone(index);
            let kind = super::super::quickbooks::ListKind::Vendor;
            books.person(wall).set_field(kind, &id, "Phone", &phone).expect(FITS);
        }
        if billcom || long {
            let name = if quickbooks && !long { names::other_spelling(&name) } else { name };
            let fields = [
                ("name", json!(name)),
                ("address1", json!(format!("{index} Main Street"))),
                ("addressCity", json!("Bayshore")),
                ("email", json!(format!("billing{index}@example.com"))),
            ];
            organization.person(now).create("Vendor", &fields).expect(FITS);
        }
    }
}

fn add_customers(size: Size, books: &mut CompanyFile, wall: Now, organization: &mut Organization, now: DateTime<Utc>) {
    let (mut here, mut there) = (Vec::new(), Vec::new());
    for index in 0..size.customers {
        let name = names::customer(index);
        let (quickbooks, billcom) = sides(index);
        // A name that a vendor of QuickBooks may have is typed in Bill.com, where the lists are apart.
        let shared = index % 50 == 7;
        if quickbooks && !shared {
            here.push(books.person(wall).add_customer(&name).expect(FITS));
        }
        if billcom || shared {
            let spelled = if quickbooks && !shared { names::other_spelling(&name) } else { name };
            let id = organization.person(now).create_customer(&spelled, None).expect(FITS);
            if !quickbooks {
                there.push(id);
            }
        }
    }
    for index in 0..size.jobs {
        let name = names::job(index);
        // Every fifth one is below the job before the last.
        if index.is_multiple_of(2) {
            let parent = here[(index * 7 + usize::from(index % 5 == 4)) % here.len()].clone();
            let job = books.person(wall).add_job(&parent, &name).expect(FITS);
            if index.is_multiple_of(10) {
                books.person(wall).add_job(&job, &format!("{name} Annex")).expect(FITS);
            }
        } else {
            let parent = there[index * 7 % there.len()].clone();
            organization.person(now).create_customer(&name, Some(&parent)).expect(FITS);
        }
    }
}

fn add_classes(size: Size, books: &mut CompanyFile, wall: Now, organization: &mut Organization, now: DateTime<Utc>) {
    let (mut here, mut there): (Option<String>, Option<String>) = (None, None);
    for index in 0..size.classes {
        let name = names::class(index);
        if index.is_multiple_of(2) {
            let mut person = books.person(wall);
            let id = match here.as_ref().filter(|_| index % 3 == 1) {
                Some(parent) => person.add_sub_class(parent, &name).expect(FITS),
                None => person.add_class(&name).expect(FITS),
            };
            here = Some(id);
        } else {
            let mut fields = vec![("name", json!(name))];
            fields.extend(there.as_ref().filter(|_| index % 3 == 1).map(|id| ("parentDepartmentId", json!(id))));
            there = Some(organization.person(now).create("Department", &fields).expect(FITS));
        }
    }
}

fn add_items(size: Size, books: &mut CompanyFile, wall: Now) {
    let account = |books: &CompanyFile, name: &str| books.account(name).map(|account| account.id).unwrap_or_default();
    let (sales, services) = (account(books, "Sales"), account(books, "Services"));
    let materials = account(books, "Cost of Materials");
    for index in 0..size.items {
        let name = names::item(index);
        let mut person = books.person(wall);
        if index.is_multiple_of(3) {
            person.add_goods(&name, &sales, &materials).expect(FITS);
        } else {
            let price = format!("{}.{:02}", 20 + index, index * 5 % 100);
            person.add_service(&name, &services, &price).expect(FITS);
        }
    }
}
