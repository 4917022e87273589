//! Where a bookkeeper finds a record in QuickBooks, in the words of its menus.

/// A place in QuickBooks.
pub(super) struct Place {
    /// The word of the kind.
    kind: &'static str,
    /// What QuickBooks calls it.
    pub(super) name: &'static str,
    /// The clicks.
    pub(super) clicks: &'static str,
    /// What to look for there: `name` for lists, `number` for documents, `date` for what has no number.
    pub(super) by: &'static str,
}

const fn place(kind: &'static str, name: &'static str, clicks: &'static str, by: &'static str) -> Place {
    Place { kind, name, clicks, by }
}

static PLACES: [Place; 12] = [
    place("account", "Account", "Lists, Chart of Accounts", "name"),
    place("class", "Class", "Lists, Class List", "name"),
    place("vendor", "Vendor", "Vendors, Vendor Center", "name"),
    place("customer", "Customer or job", "Customers, Customer Center", "name"),
    place("item", "Item", "Lists, Item List", "name"),
    place("invoice", "Invoice", "Edit, Find, Advanced: Transaction Type Invoice", "number"),
    place("invoice_payment", "Payment", "Edit, Find, Advanced: Transaction Type Payment", "date"),
    place("bill", "Bill", "Edit, Find, Advanced: Transaction Type Bill", "number"),
    place("vendor_credit", "Bill Credit", "Edit, Find, Advanced: Transaction Type Bill Credit", "number"),
    place("bill_payment", "Bill Pmt -Check", "Edit, Find, Advanced: Transaction Type Bill Payment", "number"),
    place("funds_transfer", "Transfer", "Edit, Find, Advanced: Transaction Type Transfer", "date"),
    place("reversal", "Journal", "Edit, Find, Advanced: Transaction Type Journal", "number"),
];

/// The place of a kind; none for kinds that are newer than this table.
pub(super) fn of(kind: &str) -> Option<&'static Place> {
    PLACES.iter().find(|place| place.kind == kind)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Kind;

    #[test]
    fn every_kind_has_its_place() {
        for kind in Kind::ALL.iter().filter(|kind| **kind != Kind::BankBalance) {
            let place = of(kind.word()).unwrap_or_else(|| panic!("no place for {kind}"));
            assert!(["name", "number", "date"].contains(&place.by) && !place.clicks.is_empty(), "{kind}");
        }
        assert!(of("planet").is_none());
    }
}
