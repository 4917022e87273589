//! What a record says about who made it.

use super::Entity;
use crate::model::Raw;

/// Why a record looks as if an accounting sync had made or touched it; none when it does not (`billcom.md` 2.3, 2.11, 2.12, 8).
///
/// `Invoice.quickbooksId` is in the vendor's documents without a word on who fills it, `Bill.quickbooksId` was only seen, so a
/// trace is a reason to ask and proves nothing.
#[must_use]
pub fn sync_trace(entity: Entity, row: &Raw) -> Option<&'static str> {
    let code = |field: &str, value: &str| row.text(field).as_deref() == Some(value);
    let linked = || row.reference("quickbooksId").is_ok_and(|id| id.is_some());
    match entity {
        Entity::VENDOR if code("creationSource", "7") => Some("A vendor was made by an accounting sync"),
        Entity::INVOICE if linked() => Some("An invoice carries the id of a QuickBooks transaction"),
        Entity::BILL if linked() => Some("A bill carries the id of a QuickBooks transaction"),
        Entity::RECEIVED_PAY if code("source", "1") => Some("A received payment comes from QuickBooks"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traces_are_found_in_the_four_places_and_nowhere_else() {
        let trace = |entity: Entity, field: &str, value: &str| {
            let mut row = Raw::default();
            row.set(field, value);
            sync_trace(entity, &row).is_some()
        };
        assert!(trace(Entity::VENDOR, "creationSource", "7") && !trace(Entity::VENDOR, "creationSource", "1"));
        assert!(trace(Entity::INVOICE, "quickbooksId", "1A2-99") && trace(Entity::BILL, "quickbooksId", "1A2-99"));
        assert!(
            !trace(Entity::INVOICE, "quickbooksId", "00000000000000000000") && !trace(Entity::BILL, "quickbooksId", "")
        );
        assert!(trace(Entity::RECEIVED_PAY, "source", "1") && !trace(Entity::BILL, "source", "1"));
    }
}
