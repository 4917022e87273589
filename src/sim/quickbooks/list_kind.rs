//! The kinds of lists a company file has, and which of them share names and IDs.

/// The kinds of list objects the simulator knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ListKind {
    /// The chart of accounts.
    Account,
    /// Vendors.
    Vendor,
    /// Customers and jobs.
    Customer,
    /// Employees, by name only.
    Employee,
    /// Other names.
    OtherName,
    /// Classes.
    Class,
    /// Terms of a number of days.
    StandardTerms,
    /// Terms of a day of the month.
    DateDrivenTerms,
    /// Items for work done.
    ItemService,
    /// Items for goods that are not counted.
    ItemNonInventory,
    /// Items for freight, fees and the like.
    ItemOtherCharge,
    /// Items for goods that are counted.
    ItemInventory,
    /// Items put together from others.
    ItemInventoryAssembly,
    /// Items for things the company keeps.
    ItemFixedAsset,
    /// Lines that add up those above.
    ItemSubtotal,
    /// Lines that take something off.
    ItemDiscount,
    /// Lines for a payment made at once.
    ItemPayment,
    /// One sales tax of one agency.
    ItemSalesTax,
    /// Several sales taxes as one.
    ItemSalesTaxGroup,
    /// Several items as one.
    ItemGroup,
    /// Whether something is taxable.
    SalesTaxCode,
    /// Ways to pay.
    PaymentMethod,
    /// Kinds of vendors.
    VendorType,
    /// Kinds of customers.
    CustomerType,
    /// Kinds of jobs, by name only.
    JobType,
    /// Sales representatives, by their initials.
    SalesRep,
    /// Ways to ship.
    ShipMethod,
    /// Sentences to customers.
    CustomerMsg,
    /// Currencies, by name only.
    Currency,
}

/// Lists that draw their IDs from one pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Family {
    Names,
    Terms,
    Items,
    Other(ListKind),
}

/// Every kind with the word QuickBooks uses for it, as in `ListDelType` and in its messages.
const WORDS: &[(ListKind, &str)] = &[
    (ListKind::Account, "Account"),
    (ListKind::Vendor, "Vendor"),
    (ListKind::Customer, "Customer"),
    (ListKind::Employee, "Employee"),
    (ListKind::OtherName, "OtherName"),
    (ListKind::Class, "Class"),
    (ListKind::StandardTerms, "StandardTerms"),
    (ListKind::DateDrivenTerms, "DateDrivenTerms"),
    (ListKind::ItemService, "ItemService"),
    (ListKind::ItemNonInventory, "ItemNonInventory"),
    (ListKind::ItemOtherCharge, "ItemOtherCharge"),
    (ListKind::ItemInventory, "ItemInventory"),
    (ListKind::ItemInventoryAssembly, "ItemInventoryAssembly"),
    (ListKind::ItemFixedAsset, "ItemFixedAsset"),
    (ListKind::ItemSubtotal, "ItemSubtotal"),
    (ListKind::ItemDiscount, "ItemDiscount"),
    (ListKind::ItemPayment, "ItemPayment"),
    (ListKind::ItemSalesTax, "ItemSalesTax"),
    (ListKind::ItemSalesTaxGroup, "ItemSalesTaxGroup"),
    (ListKind::ItemGroup, "ItemGroup"),
    (ListKind::SalesTaxCode, "SalesTaxCode"),
    (ListKind::PaymentMethod, "PaymentMethod"),
    (ListKind::VendorType, "VendorType"),
    (ListKind::CustomerType, "CustomerType"),
    (ListKind::JobType, "JobType"),
    (ListKind::SalesRep, "SalesRep"),
    (ListKind::ShipMethod, "ShipMethod"),
    (ListKind::CustomerMsg, "CustomerMsg"),
    (ListKind::Currency, "Currency"),
];

impl ListKind {
    /// The twelve types of items, in the order in which `ItemQuery` answers them.
    pub const ITEMS: &'static [Self] = &[
        Self::ItemService,
        Self::ItemNonInventory,
        Self::ItemOtherCharge,
        Self::ItemInventory,
        Self::ItemInventoryAssembly,
        Self::ItemFixedAsset,
        Self::ItemSubtotal,
        Self::ItemDiscount,
        Self::ItemPayment,
        Self::ItemSalesTax,
        Self::ItemSalesTaxGroup,
        Self::ItemGroup,
    ];

    /// The word QuickBooks uses for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        WORDS.iter().find(|(kind, _)| *kind == self).map_or("", |(_, word)| word)
    }

    /// The kind that `ListDelType` or `ListMergeType` names, if the simulator has it.
    pub(crate) fn of_word(word: &str) -> Option<Self> {
        WORDS.iter().find(|(_, known)| *known == word).map(|(kind, _)| *kind)
    }

    /// Place among the types of items; 0 for other lists.
    pub(crate) fn item_rank(self) -> usize {
        Self::ITEMS.iter().position(|kind| *kind == self).map_or(0, |rank| rank + 1)
    }

    pub(crate) fn family(self) -> Family {
        match self {
            Self::Vendor | Self::Customer | Self::Employee | Self::OtherName => Family::Names,
            Self::StandardTerms | Self::DateDrivenTerms => Family::Terms,
            kind if kind.item_rank() > 0 => Family::Items,
            other => Family::Other(other),
        }
    }

    /// The longest name in characters (`qbxml.md` 4, "Lengths").
    #[must_use]
    pub fn name_length_max(self) -> usize {
        match self {
            Self::SalesTaxCode => 3,
            Self::SalesRep => 5,
            Self::ShipMethod => 15,
            Self::Vendor | Self::Customer | Self::Employee | Self::OtherName => 41,
            Self::Currency => 64,
            Self::CustomerMsg => 101,
            _ => 31,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_found_by_its_word() {
        for (kind, word) in WORDS {
            assert_eq!((kind.word(), ListKind::of_word(word)), (*word, Some(*kind)));
        }
        assert_eq!(ListKind::of_word("ToDo"), None);
    }

    #[test]
    fn items_are_one_family_in_the_order_of_their_types() {
        assert_eq!(ListKind::ITEMS.len(), 12);
        assert!(ListKind::ITEMS.is_sorted());
        assert!(ListKind::ITEMS.iter().all(|kind| kind.family() == Family::Items && kind.word().starts_with("Item")));
        assert_eq!(ListKind::Class.family(), Family::Other(ListKind::Class));
    }
}
