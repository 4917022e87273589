//! Addresses: as fields, and as the printed block.

use crate::schema::qb_struct;
use crate::types::QbText;

qb_struct! {
    /// An address in a request. At most five lines fit on paper, city line included.
    ///
    /// In a Mod it is replaced as a whole (`qbxml.md` 7, recalled): send every line that is to
    /// stay.
    #[derive(Default)]
    pub struct Address {
        addr1: Option<QbText<41>> = "Addr1",
        addr2: Option<QbText<41>> = "Addr2",
        addr3: Option<QbText<41>> = "Addr3",
        addr4: Option<QbText<41>> = "Addr4" since 2.0,
        addr5: Option<QbText<41>> = "Addr5" since 6.0,
        city: Option<QbText<31>> = "City",
        state: Option<QbText<21>> = "State",
        postal_code: Option<QbText<13>> = "PostalCode",
        country: Option<QbText<31>> = "Country",
        note: Option<QbText<41>> = "Note" since 6.0,
    }
}

qb_struct! {
    /// An address as QuickBooks returns it.
    #[derive(Default)]
    pub struct AddressRet {
        addr1: Option<String> = "Addr1" max 41,
        addr2: Option<String> = "Addr2" max 41,
        addr3: Option<String> = "Addr3" max 41,
        addr4: Option<String> = "Addr4" max 41 since 2.0,
        addr5: Option<String> = "Addr5" max 41 since 6.0,
        city: Option<String> = "City" max 31,
        state: Option<String> = "State" max 21,
        postal_code: Option<String> = "PostalCode" max 13,
        country: Option<String> = "Country" max 31,
        note: Option<String> = "Note" max 41 since 6.0,
    }
}

qb_struct! {
    /// The lines of an address as they are printed, made by QuickBooks.
    #[derive(Default)]
    pub struct AddressBlockRet {
        addr1: Option<String> = "Addr1" max 41,
        addr2: Option<String> = "Addr2" max 41,
        addr3: Option<String> = "Addr3" max 41,
        addr4: Option<String> = "Addr4" max 41,
        addr5: Option<String> = "Addr5" max 41,
    }
}

qb_struct! {
    /// One of a customer's shipping addresses, with a name (`ShipToAddress`, at most 50).
    pub struct ShipToAddress new(name: QbText<41>) {
        name: QbText<41> = "Name",
        addr1: Option<QbText<41>> = "Addr1",
        addr2: Option<QbText<41>> = "Addr2",
        addr3: Option<QbText<41>> = "Addr3",
        addr4: Option<QbText<41>> = "Addr4",
        addr5: Option<QbText<41>> = "Addr5",
        city: Option<QbText<31>> = "City",
        state: Option<QbText<21>> = "State",
        postal_code: Option<QbText<13>> = "PostalCode",
        country: Option<QbText<31>> = "Country",
        note: Option<QbText<41>> = "Note",
        default_ship_to: Option<bool> = "DefaultShipTo",
    }
}

qb_struct! {
    /// One of a customer's shipping addresses, as QuickBooks returns it (`ShipToAddress`).
    #[derive(Default)]
    pub struct ShipToAddressRet {
        name: Option<String> = "Name" max 41,
        addr1: Option<String> = "Addr1" max 41,
        addr2: Option<String> = "Addr2" max 41,
        addr3: Option<String> = "Addr3" max 41,
        addr4: Option<String> = "Addr4" max 41,
        addr5: Option<String> = "Addr5" max 41,
        city: Option<String> = "City" max 31,
        state: Option<String> = "State" max 21,
        postal_code: Option<String> = "PostalCode" max 13,
        country: Option<String> = "Country" max 31,
        note: Option<String> = "Note" max 41,
        default_ship_to: Option<bool> = "DefaultShipTo",
    }
}
