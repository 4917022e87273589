//! Addresses: ten canonical fields, and an aggregate of qbXML that is replaced as a whole (`qbxml.md` 7, recalled).

use super::{Write, quickbooks};
use crate::model::Fields;
use qbxml::entity::{Address, AddressRet};
use qbxml::{Change, QbText};

/// The canonical names of the parts of an address: five lines, city, state, postal code, country, note.
///
/// Line 5 and the note have no place in Bill.com. They are read only to be sent back when an address is replaced.
pub(super) struct AddressNames(pub(super) [&'static str; 10]);

impl AddressNames {
    /// The parts that travel.
    fn carried(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.0.iter().enumerate().filter(|(place, _)| ![4, 9].contains(place)).map(|(_, name)| *name)
    }

    /// Reads an address of QuickBooks.
    pub(super) fn read(&self, fields: &mut Fields, address: Option<&AddressRet>) {
        let Some(address) = address else { return };
        let parts = [
            &address.addr1,
            &address.addr2,
            &address.addr3,
            &address.addr4,
            &address.addr5,
            &address.city,
            &address.state,
            &address.postal_code,
            &address.country,
            &address.note,
        ];
        for (name, part) in self.0.iter().zip(parts) {
            fields.set_text(*name, part.as_deref());
        }
    }

    /// The address of a new record; none when it has no part.
    pub(super) fn add(&self, fields: &Fields) -> Option<Address> {
        self.carried().any(|name| fields.has(name)).then(|| self.address(fields, false))
    }

    /// The address of a changed record: every line that stays is sent along, an emptied one as an empty element.
    pub(super) fn change(&self, write: &Write<'_>) -> Change<Address> {
        if self.carried().any(|name| write.touches(name)) {
            return Change::Set(self.address(&write.result(), true));
        }
        Change::Keep
    }

    fn address(&self, fields: &Fields, whole: bool) -> Address {
        fn line<const MAX: usize>(fields: &Fields, name: &str, whole: bool) -> Option<QbText<MAX>> {
            quickbooks::text(fields, name).or_else(|| whole.then(QbText::default))
        }
        let [line1, line2, line3, line4, line5, city, state, postal_code, country, note] = self.0;
        Address {
            addr1: line(fields, line1, whole),
            addr2: line(fields, line2, whole),
            addr3: line(fields, line3, whole),
            addr4: line(fields, line4, whole),
            addr5: quickbooks::text(fields, line5),
            city: line(fields, city, whole),
            state: line(fields, state, whole),
            postal_code: line(fields, postal_code, whole),
            country: line(fields, country, whole),
            note: quickbooks::text(fields, note),
        }
    }
}
