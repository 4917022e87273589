//! Bills and vendor credits, entered, edited and archived in Bill.com.

use super::super::billcom::{Organization, print_decimal};
use super::{FITS, Firm, OpenBill, OpenCredit, names};
use chrono::{DateTime, Days, Utc};
use rust_decimal::Decimal;
use serde_json::{Value, json};

/// Ids that lines are coded with.
struct Coding {
    accounts: Vec<String>,
    items: Vec<String>,
    departments: Vec<String>,
    customers: Vec<String>,
}

/// Cents as an amount.
fn amount(cents: i64) -> Value {
    print_decimal(Decimal::new(cents, 2))
}

impl Firm {
    pub(super) fn enter_payables(&mut self, organization: &mut Organization, now: DateTime<Utc>) {
        let coding = coding(organization);
        let vendors = self.vendors(organization);
        for _ in 0..self.due(self.size.bills, self.done.bills) {
            let vendor = self.random.pick(&vendors).clone();
            self.enter_bill(&vendor, &coding, organization, now);
        }
        for _ in 0..self.due(self.size.credits, self.done.credits) {
            let vendor = self.random.pick(&vendors).clone();
            self.enter_credit(&vendor, &coding, organization, now);
        }
        if self.random.chance(700) {
            self.edit_bill(&coding, organization, now);
        }
        if self.random.chance(250) {
            self.archive_bill(organization, now);
        }
        if self.random.chance(250) {
            self.edit_credit(&coding, organization, now);
        }
    }

    /// Vendors in use, without those that are being merged.
    fn vendors(&self, organization: &Organization) -> Vec<String> {
        let merging = |name: &str| {
            self.merges.iter().flat_map(|merge| &merge.names).any(|it| it.trim().eq_ignore_ascii_case(name.trim()))
        };
        let vendors = organization.vendors().into_iter().filter(|it| it.active && !merging(&it.name));
        vendors.map(|it| it.id).collect()
    }

    fn enter_bill(&mut self, vendor: &str, coding: &Coding, organization: &mut Organization, now: DateTime<Utc>) {
        let number = format!("V-{}", self.done.bills + 1);
        let (cents, lines) = self.lines("BillLineItem", coding);
        let fields = self.bill(vendor, &number, lines, now);
        let id = organization.person(now).create("Bill", &fields).expect(FITS);
        self.bills.push(OpenBill { id, vendor: vendor.to_owned(), number, cents, open: cents });
        self.done.bills += 1;
    }

    fn bill(&mut self, vendor: &str, number: &str, lines: Value, now: DateTime<Utc>) -> Vec<(&'static str, Value)> {
        let age = u64::try_from(self.between(0, 9)).unwrap_or(0);
        let date = now.date_naive().checked_sub_days(Days::new(age)).unwrap_or_default();
        let due = date.checked_add_days(Days::new(30)).unwrap_or_default();
        vec![
            ("vendorId", json!(vendor)),
            ("invoiceNumber", json!(number)),
            ("invoiceDate", json!(date.to_string())),
            ("dueDate", json!(due.to_string())),
            ("description", json!(format!("For {}", names::job(self.random.below(40))))),
            ("billLineItems", lines),
        ]
    }

    /// One to four lines: by account or by item, some of them negative, some for a customer or a department. What they add up to
    /// is never less than a dollar.
    fn lines(&mut self, entity: &str, coding: &Coding) -> (i64, Value) {
        let mut rows = Vec::new();
        let mut total = 0;
        for place in 0..self.between(1, 4) {
            let mut row = json!({"entity": entity, "description": format!("Part {}", place + 1)});
            let by_item = self.random.chance(200) && !coding.items.is_empty();
            let cents = if by_item {
                let (quantity, each) = (self.between(1, 12), self.between(100, 9_999));
                row["itemId"] = json!(self.random.pick(&coding.items));
                row["quantity"] = json!(quantity);
                row["unitPrice"] = amount(each);
                quantity * each
            } else {
                row["chartOfAccountId"] = json!(self.random.pick(&coding.accounts));
                let off = total > 5_000 && self.random.chance(150);
                if off { -self.between(1, 4_000) } else { self.between(100, 250_000) }
            };
            row["amount"] = amount(cents);
            if self.random.chance(400) {
                row["departmentId"] = json!(self.random.pick(&coding.departments));
            }
            if self.random.chance(200) {
                row["customerId"] = json!(self.random.pick(&coding.customers));
                row["jobBillable"] = json!(self.random.chance(500));
            }
            total += cents;
            rows.push(row);
        }
        (total, Value::Array(rows))
    }

    /// An unpaid bill gets other lines, and perhaps another amount.
    fn edit_bill(&mut self, coding: &Coding, organization: &mut Organization, now: DateTime<Utc>) {
        let unpaid: Vec<usize> =
            (0..self.bills.len()).filter(|at| self.bills[*at].open == self.bills[*at].cents).collect();
        let Some(at) = unpaid.get(self.random.below(unpaid.len())).copied() else { return };
        let (cents, lines) = self.lines("BillLineItem", coding);
        let bill = self.bills[at].clone();
        let fields = self.bill(&bill.vendor, &bill.number, lines, now);
        organization.person(now).edit("Bill", &bill.id, &fields).expect(FITS);
        self.bills[at].cents = cents;
        self.bills[at].open = cents;
        self.done.edits += 1;
    }

    /// A bill that nobody owes after all.
    fn archive_bill(&mut self, organization: &mut Organization, now: DateTime<Utc>) {
        let unpaid: Vec<usize> =
            (0..self.bills.len()).filter(|at| self.bills[*at].open == self.bills[*at].cents).collect();
        let Some(at) = unpaid.get(self.random.below(unpaid.len())).copied() else { return };
        let bill = self.bills.swap_remove(at);
        organization.person(now).archive("Bill", &bill.id).expect(FITS);
        self.done.voids += 1;
    }

    fn credit(vendor: &str, number: &str, lines: Value, now: DateTime<Utc>) -> Vec<(&'static str, Value)> {
        vec![
            ("vendorId", json!(vendor)),
            ("refNumber", json!(number)),
            ("creditDate", json!(now.date_naive().to_string())),
            ("vendorCreditLineItems", lines),
        ]
    }

    fn enter_credit(&mut self, vendor: &str, coding: &Coding, organization: &mut Organization, now: DateTime<Utc>) {
        let number = format!("C-{}", self.done.credits + 1);
        let (cents, lines) = self.lines("VendorCreditLineItem", coding);
        let fields = Self::credit(vendor, &number, lines, now);
        let id = organization.person(now).create("VendorCredit", &fields).expect(FITS);
        self.credits.push(OpenCredit { id, vendor: vendor.to_owned(), number, left: cents, used: false });
        self.done.credits += 1;
    }

    /// A credit that was not used is changed, or taken back.
    fn edit_credit(&mut self, coding: &Coding, organization: &mut Organization, now: DateTime<Utc>) {
        let unused: Vec<usize> = (0..self.credits.len()).filter(|at| !self.credits[*at].used).collect();
        let Some(at) = unused.get(self.random.below(unused.len())).copied() else { return };
        if self.random.chance(300) {
            let credit = self.credits.swap_remove(at);
            organization.person(now).archive("VendorCredit", &credit.id).expect(FITS);
            self.done.voids += 1;
            return;
        }
        let (cents, lines) = self.lines("VendorCreditLineItem", coding);
        let credit = self.credits[at].clone();
        let fields = Self::credit(&credit.vendor, &credit.number, lines, now);
        organization.person(now).edit("VendorCredit", &credit.id, &fields).expect(FITS);
        self.credits[at].left = cents;
        self.done.edits += 1;
    }
}

/// What lines can be coded with: records in use.
fn coding(organization: &Organization) -> Coding {
    let of = |entity: &str| -> Vec<String> {
        let entries = organization.entries(entity).into_iter().filter(|entry| entry.active);
        entries.map(|entry| entry.id).collect()
    };
    // Costs and expenses.
    let accounts = organization.accounts().into_iter().filter(|it| it.active && matches!(it.kind.as_str(), "4" | "7"));
    Coding {
        accounts: accounts.map(|account| account.id).collect(),
        items: of("Item"),
        departments: of("Department"),
        customers: of("Customer"),
    }
}
