//! The books as text, for people who practise: what a look into QuickBooks would show.

use super::CompanyFile;
use super::list_kind::ListKind;
use super::money;
use super::txn_kind::TxnKind;

/// What is listed of the lists: the kinds that travel.
const LISTS: &[ListKind] = &[ListKind::Account, ListKind::Class, ListKind::Vendor, ListKind::Customer];

impl CompanyFile {
    /// One line for each account, class, vendor, customer, item and transaction, separated by tabs, in the order of the alphabet. Ids
    /// are left out: two equal lines are what a person would call a duplicate.
    #[must_use]
    pub fn listing(&self) -> String {
        let lists = LISTS.iter().chain(ListKind::ITEMS).flat_map(|kind| self.entries(*kind));
        let records = lists.map(|entry| {
            let state = if entry.active { "" } else { "\tinactive" };
            format!("{}\t{}{state}\n", entry.kind.word(), entry.full_name)
        });
        let txns = TxnKind::ALL.iter().flat_map(|kind| self.txns(*kind)).map(|txn| {
            let party = txn.party_id.as_deref().and_then(|id| self.name_of(id)).unwrap_or_default();
            let number = txn.ref_number.as_deref().unwrap_or_default();
            format!("{}\t{}\t{party}\t{number}\t{}\n", txn.kind.word(), txn.date, money::format(txn.total_cents))
        });
        let mut lines: Vec<String> = records.chain(txns).collect();
        lines.sort();
        lines.concat()
    }

    /// The name of a vendor, customer, employee or other name.
    fn name_of(&self, id: &str) -> Option<String> {
        let kinds = [ListKind::Vendor, ListKind::Customer, ListKind::Employee, ListKind::OtherName];
        let lists = &self.books.lists;
        kinds.iter().find_map(|kind| lists.get(*kind, id)).map(|record| lists.full_name(record))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{BillDraft, BillDraftLine, CompanyFile};
    use chrono::{NaiveDate, NaiveDateTime};

    #[test]
    fn a_record_is_a_line_and_a_duplicate_two_equal_ones() {
        let mut company = CompanyFile::new("Acme", 1);
        let date = NaiveDate::from_ymd_opt(2026, 11, 24).expect("date");
        let mut person = company.person(NaiveDateTime::from(date));
        person.add_account("Accounts Payable", "AccountsPayable").expect("added");
        let vendor = person.add_vendor("Oak & Son").expect("added");
        let account = person.add_account("Rent", "Expense").expect("added");
        let lines = vec![BillDraftLine { account_id: account, cents: 123_450, memo: String::new() }];
        let bill = BillDraft { vendor_id: vendor, date, ref_number: "A-1".to_owned(), memo: String::new(), lines };
        person.add_bill(&bill).expect("added");
        let bills = |company: &CompanyFile| {
            let listing = company.listing();
            listing.lines().filter(|line| *line == "Bill\t2026-11-24\tOak & Son\tA-1\t1234.50").count()
        };
        assert_eq!(bills(&company), 1, "{}", company.listing());
        assert!(company.listing().contains("Vendor\tOak & Son\n"));
        company.person(NaiveDateTime::from(date)).add_bill(&bill).expect("QuickBooks lets people do that");
        assert_eq!(bills(&company), 2);
    }
}
