//! Payments to vendors, made in Bill.com: recorded or online, for several bills, with credits; cancelled and voided.

use super::super::billcom::{OfflinePayment, Organization, PaymentPlan};
use super::{FITS, Firm, Paid};
use chrono::{DateTime, Days, Utc};

impl Firm {
    pub(super) fn pay(&mut self, organization: &mut Organization, now: DateTime<Utc>) {
        for _ in 0..self.due(self.size.payments, self.done.payments) {
            if self.bills.is_empty() {
                break;
            }
            self.pay_one(organization, now);
        }
        if self.random.chance(350) {
            self.void_one(organization, now);
        }
        self.bills.retain(|bill| bill.open > 0);
        self.credits.retain(|credit| credit.left > 0);
    }

    /// Pays up to three bills of one vendor, now and then in part, with what is left of its credits.
    fn pay_one(&mut self, organization: &mut Organization, now: DateTime<Utc>) {
        let first = self.random.below(self.bills.len());
        let vendor = self.bills[first].vendor.clone();
        let count = self.random.below(3) + 1;
        let chosen: Vec<usize> = (0..self.bills.len())
            .filter(|at| self.bills[*at].vendor == vendor && self.bills[*at].open > 0)
            .take(count)
            .collect();
        let mut plan =
            PaymentPlan { vendor_id: vendor.clone(), date: now.date_naive(), bills: Vec::new(), credits: Vec::new() };
        let mut paid = Paid { id: String::new(), online: false, day: self.day, bills: Vec::new(), credits: Vec::new() };
        for at in chosen {
            let open = self.bills[at].open;
            let part = if self.random.chance(150) { open / 2 } else { open }.max(1);
            let credit = self.credit_for(&vendor, part);
            let bill = &mut self.bills[at];
            let mut cash = part;
            if let Some((place, cents)) = credit {
                let credit = &mut self.credits[place];
                credit.left -= cents;
                credit.used = true;
                cash -= cents;
                plan.credits.push((bill.id.clone(), credit.id.clone(), cents));
                paid.credits.push((credit.id.clone(), cents));
            }
            bill.open -= part;
            plan.bills.push((bill.id.clone(), cash));
            paid.bills.push((bill.id.clone(), bill.vendor.clone(), part));
        }
        if plan.bills.is_empty() {
            return;
        }
        paid.online = plan.bills.iter().any(|(_, cents)| *cents > 0) && self.random.chance(500);
        paid.id = self.enter_payment(plan, paid.online, organization, now);
        self.paid.push(paid);
        self.done.payments += 1;
    }

    /// A credit of the vendor that pays some of it, and how much.
    fn credit_for(&mut self, vendor: &str, part: i64) -> Option<(usize, i64)> {
        if !self.random.chance(400) {
            return None;
        }
        let place = self.credits.iter().position(|credit| credit.vendor == vendor && credit.left > 0)?;
        Some((place, self.credits[place].left.min(part)))
    }

    fn enter_payment(
        &mut self,
        mut plan: PaymentPlan,
        online: bool,
        organization: &mut Organization,
        now: DateTime<Utc>,
    ) -> String {
        if online {
            let ahead = u64::try_from(self.between(0, 3)).unwrap_or(0);
            plan.date = plan.date.checked_add_days(Days::new(ahead)).unwrap_or(plan.date);
            return organization.person(now).schedule(&plan, &self.bank).expect(FITS);
        }
        let checking = organization.accounts().into_iter().find(|it| it.name == "Checking").map(|it| it.id);
        let how = OfflinePayment {
            account_id: checking,
            reference: self.random.chance(800).then(|| format!("{}", 1_000 + self.done.payments)),
            to_print: self.random.chance(100),
            allow_export: None,
        };
        organization.person(now).record_payment(&plan, &how).expect(FITS)
    }

    /// Takes a payment back: a recorded one is void at once, one made online is cancelled before the pick-up and voided after.
    fn void_one(&mut self, organization: &mut Organization, now: DateTime<Utc>) {
        let day = self.day;
        // Neither what did not arrive yet, nor what used credits: those stay used in QuickBooks.
        let can: Vec<usize> =
            (0..self.paid.len()).filter(|at| self.paid[*at].day < day && self.paid[*at].credits.is_empty()).collect();
        let Some(at) = can.get(self.random.below(can.len())).copied() else { return };
        let paid = self.paid.swap_remove(at);
        let cancelled = paid.online && organization.person(now).cancel_payment(&paid.id).is_ok();
        if !cancelled {
            organization.person(now).void_payment(&paid.id, "0", "a mistake").expect(FITS);
            if paid.online {
                organization.back_office(now).decide_void(&paid.id, true).expect(FITS);
            }
        }
        self.done.voids += 1;
        // Those bills are paid some other way; they are nobody's business here any more.
    }
}
