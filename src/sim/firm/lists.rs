//! What people do to the lists: edit, rename, move below another parent, take out of use and back, merge.

use super::super::billcom::Organization;
use super::super::quickbooks::{CompanyFile, LEVELS_MAX, ListKind};
use super::{FITS, Firm, Merge, names};
use chrono::{DateTime, Utc};
use serde_json::json;
use std::collections::BTreeMap;

/// A list that people tend on both sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum List {
    Account,
    Class,
    Vendor,
    Customer,
}

impl List {
    const fn kind(self) -> ListKind {
        match self {
            Self::Account => ListKind::Account,
            Self::Class => ListKind::Class,
            Self::Vendor => ListKind::Vendor,
            Self::Customer => ListKind::Customer,
        }
    }

    const fn entity(self) -> &'static str {
        match self {
            Self::Account => "ChartOfAccount",
            Self::Class => "Department",
            Self::Vendor => "Vendor",
            Self::Customer => "Customer",
        }
    }
}

/// A record that stands on both sides under one name.
#[derive(Clone, Debug)]
struct Known {
    quickbooks: String,
    billcom: String,
    name: String,
    /// How deep it lies in QuickBooks: 1 for one that is below nobody.
    level: usize,
}

/// A name as it is compared: case and the number of spaces do not count.
fn squashed(name: &str) -> String {
    name.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Records in use that have the same name on both sides, nobody else's, and nothing below them; without the accounts that the
/// ledger stands on.
fn known(list: List, books: &CompanyFile, organization: &Organization) -> Vec<Known> {
    let here = books.entries(list.kind());
    let has_children: Vec<_> = here.iter().filter_map(|entry| entry.parent.clone()).collect();
    let core = |name: &str| list == List::Account && names::ACCOUNTS.iter().any(|(core, ..)| *core == name);
    let mut there: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for entry in organization.entries(list.entity()).into_iter().filter(|entry| entry.active) {
        there.entry(squashed(&entry.name)).or_default().push(entry.id);
    }
    let mut alike: BTreeMap<String, usize> = BTreeMap::new();
    for entry in here.iter().filter(|entry| entry.active) {
        *alike.entry(squashed(&entry.name)).or_default() += 1;
    }
    let wanted = here.iter().filter(|it| it.active && !core(&it.name) && !has_children.contains(&it.id));
    wanted
        .filter_map(|entry| {
            let name = squashed(&entry.name);
            let only = there.get(&name).filter(|ids| ids.len() == 1)?.first()?;
            (alike.get(&name) == Some(&1)).then(|| Known {
                quickbooks: entry.id.clone(),
                billcom: only.clone(),
                name: entry.name.clone(),
                level: entry.full_name.split(':').count(),
            })
        })
        .collect()
}

impl Firm {
    /// Two or three changes a day, of which some are merges.
    pub(super) fn tend_lists(&mut self, books: &mut CompanyFile, organization: &mut Organization, now: DateTime<Utc>) {
        if self.day == 0 {
            return;
        }
        for list in [List::Vendor, List::Customer, List::Class, List::Account] {
            if !self.random.chance(600) {
                continue;
            }
            let busy: Vec<_> = self.merges.iter().flat_map(|merge| merge.names.clone()).collect();
            let mut known = known(list, books, organization);
            known.retain(|known| !busy.contains(&known.name));
            let Some(one) = Self::draw(&mut self.random, &mut known) else { continue };
            match self.random.below(6) {
                0 => self.rename(list, &one, books, organization, now),
                1 => {
                    if let Some(other) = Self::draw(&mut self.random, &mut known) {
                        self.merge(list, one, other, books, organization, now);
                    }
                }
                2 if list == List::Class => {
                    // Nothing is below the one that moves, so that it ends one level below the other.
                    known.retain(|other| other.level < LEVELS_MAX);
                    if let Some(other) = Self::draw(&mut self.random, &mut known) {
                        let wall = books.setup.zone.at(now);
                        let mut person = books.person(wall);
                        person.move_under(ListKind::Class, &one.quickbooks, Some(&other.quickbooks)).expect(FITS);
                        self.done.edits += 1;
                    }
                }
                3 if list == List::Vendor => self.rest(&one, organization, now),
                _ => self.edit(list, &one, books, organization, now),
            }
        }
        self.wake(organization, now);
    }

    fn rename(
        &mut self,
        list: List,
        one: &Known,
        books: &mut CompanyFile,
        organization: &mut Organization,
        now: DateTime<Utc>,
    ) {
        let own: String = one.name.chars().take(30).collect();
        let name = format!("{} r{}", own.trim(), self.day);
        if self.random.chance(500) {
            let wall = books.setup.zone.at(now);
            books.person(wall).rename(list.kind(), &one.quickbooks, &name).expect(FITS);
        } else {
            organization.person(now).rename(list.entity(), &one.billcom, &name).expect(FITS);
        }
        self.done.edits += 1;
    }

    fn edit(
        &mut self,
        list: List,
        one: &Known,
        books: &mut CompanyFile,
        organization: &mut Organization,
        now: DateTime<Utc>,
    ) {
        let phone = names::phone(self.random.below(10_000));
        let here = self.random.chance(500);
        let wall = books.setup.zone.at(now);
        match (list, here) {
            (List::Vendor | List::Customer, true) => {
                books.person(wall).set_field(list.kind(), &one.quickbooks, "Phone", &phone).expect(FITS);
            }
            (List::Vendor | List::Customer, false) => {
                organization.person(now).edit(list.entity(), &one.billcom, &[("phone", json!(phone))]).expect(FITS);
            }
            (List::Account, true) => {
                let text = format!("Ask {phone}");
                books.person(wall).set_field(list.kind(), &one.quickbooks, "Desc", &text).expect(FITS);
            }
            _ => return,
        }
        self.done.edits += 1;
    }

    /// A vendor that is owed nothing goes out of use for a while.
    fn rest(&mut self, one: &Known, organization: &mut Organization, now: DateTime<Utc>) {
        let owed = self.bills.iter().any(|bill| bill.vendor == one.billcom)
            || self.credits.iter().any(|credit| credit.vendor == one.billcom)
            || self.paid.iter().any(|paid| paid.bills.iter().any(|(_, vendor, _)| *vendor == one.billcom));
        if !owed {
            organization.person(now).archive("Vendor", &one.billcom).expect(FITS);
            self.done.edits += 1;
        }
    }

    /// Now and then one comes back.
    fn wake(&mut self, organization: &mut Organization, now: DateTime<Utc>) {
        if !self.random.chance(200) {
            return;
        }
        let resting = organization.vendors().into_iter().find(|it| !it.active && it.merged_into.is_none());
        if let Some(vendor) = resting {
            organization.person(now).restore("Vendor", &vendor.id).expect(FITS);
            self.done.edits += 1;
        }
    }

    /// Two records turn out to be one: they are merged where that is noticed first, and on the other side the next day.
    fn merge(
        &mut self,
        list: List,
        loser: Known,
        winner: Known,
        books: &mut CompanyFile,
        organization: &mut Organization,
        now: DateTime<Utc>,
    ) {
        let wall = books.setup.zone.at(now);
        let in_quickbooks = self.random.chance(500);
        let done = if in_quickbooks {
            books.person(wall).merge(list.kind(), &loser.quickbooks, &winner.quickbooks).is_ok()
        } else {
            self.merge_in_billcom(list, &loser.billcom, &winner.billcom, organization, now)
        };
        if done {
            let (loser_id, winner_id) =
                if in_quickbooks { (loser.billcom, winner.billcom) } else { (loser.quickbooks, winner.quickbooks) };
            let names = [loser.name, winner.name];
            self.merges.push(Merge { list, loser: loser_id, winner: winner_id, in_quickbooks, names });
        }
    }

    fn merge_in_billcom(
        &mut self,
        list: List,
        loser: &str,
        winner: &str,
        organization: &mut Organization,
        now: DateTime<Utc>,
    ) -> bool {
        if organization.person(now).merge(list.entity(), loser, winner).is_err() {
            return false;
        }
        let bills = self.bills.iter_mut().map(|bill| &mut bill.vendor);
        let credits = self.credits.iter_mut().map(|credit| &mut credit.vendor);
        let paid = self.paid.iter_mut().flat_map(|paid| &mut paid.bills).map(|(_, vendor, _)| vendor);
        for vendor in bills.chain(credits).chain(paid).filter(|vendor| *vendor == loser) {
            winner.clone_into(vendor);
        }
        true
    }

    /// What was merged on one side yesterday is merged on the other.
    pub(super) fn merge_on_the_other_side(
        &mut self,
        books: &mut CompanyFile,
        organization: &mut Organization,
        now: DateTime<Utc>,
    ) {
        let wall = books.setup.zone.at(now);
        for merge in std::mem::take(&mut self.merges) {
            let done = if merge.in_quickbooks {
                self.merge_in_billcom(merge.list, &merge.loser, &merge.winner, organization, now)
            } else {
                books.person(wall).merge(merge.list.kind(), &merge.loser, &merge.winner).is_ok()
            };
            assert!(done, "{FITS}: {merge:?}");
            self.done.merges += 1;
        }
    }
}
