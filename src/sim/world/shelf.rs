//! Both books side by side, in one form: what the checkers compare.
//!
//! Records are recognised by a **token**: everything that people enter in a world bears one at the front of its name or
//! number (`V12 Acme Tools`, `B7`), which nobody changes later. What has none, such as the accounts of a new file, goes by
//! its whole name. So checkers can tell which record is which without asking the server.
//!
//! **Invariant:** only the simulators' books are read here.

use crate::model::Kind;
use crate::sim::billcom::{InvoiceView, Organization};
use crate::sim::quickbooks::{CompanyFile, ListEntry, ListKind, Txn, TxnKind};
use std::collections::BTreeMap;

/// A record of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) kind: Kind,
    pub(super) token: String,
    pub(super) id: String,
    pub(super) active: bool,
    /// It went up in another one.
    pub(super) merged: bool,
    pub(super) fields: BTreeMap<&'static str, String>,
}

/// A transaction that travels one way at most and is numbered by people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Paper {
    pub(super) kind: Kind,
    pub(super) token: String,
    pub(super) id: String,
    /// It counts: neither void nor archived.
    pub(super) stands: bool,
    /// Token of the vendor or customer.
    pub(super) party: String,
    pub(super) cents: i64,
    pub(super) memo: String,
    /// Cents of each line, sorted; of lines of nothing, none.
    pub(super) lines: Vec<i64>,
}

/// A field that is compared: our name, its path in QuickBooks, its name in Bill.com.
pub(super) type FieldNames = (&'static str, &'static str, &'static str);

const OF_NAMES: &[FieldNames] = &[
    ("phone", "Phone", "phone"),
    ("email", "Email", "email"),
    ("account_number", "AccountNumber", "accNumber"),
    ("notes", "Notes", "description"),
];

/// A kind of list: its lists in QuickBooks, its entity in Bill.com, and the fields that people edit.
pub(super) struct ListSort {
    pub(super) kind: Kind,
    pub(super) quickbooks: &'static [ListKind],
    pub(super) billcom: &'static str,
    pub(super) fields: &'static [FieldNames],
}

/// All kinds of lists.
pub(super) const LISTS: &[ListSort] = &[
    ListSort {
        kind: Kind::Account,
        quickbooks: &[ListKind::Account],
        billcom: "ChartOfAccount",
        fields: &[("description", "Desc", "description")],
    },
    ListSort { kind: Kind::Class, quickbooks: &[ListKind::Class], billcom: "Department", fields: &[] },
    ListSort { kind: Kind::Vendor, quickbooks: &[ListKind::Vendor], billcom: "Vendor", fields: OF_NAMES },
    ListSort { kind: Kind::Customer, quickbooks: &[ListKind::Customer], billcom: "Customer", fields: OF_NAMES },
    ListSort { kind: Kind::Item, quickbooks: ListKind::ITEMS, billcom: "Item", fields: &[] },
];

/// The sort of a kind.
pub(super) fn sort_of(kind: Kind) -> &'static ListSort {
    LISTS.iter().find(|sort| sort.kind == kind).expect("invariant: lists are asked for by their kinds")
}

/// The token at the front of a name or number, or all of it in small letters.
pub(super) fn token_of(text: &str) -> String {
    let text = text.trim();
    let first = text.split([' ', '-']).next().unwrap_or_default().to_ascii_uppercase();
    let mut signs = first.chars();
    let bears = signs.next().is_some_and(|sign| sign.is_ascii_uppercase())
        && first.len() > 1
        && signs.all(|sign| sign.is_ascii_digit());
    if bears { first } else { text.to_lowercase() }
}

/// Whether people gave it a token.
pub(super) fn is_token(text: &str) -> bool {
    text.starts_with(|sign: char| sign.is_ascii_uppercase())
}

/// All lists of a company file.
pub(super) fn lists_in_quickbooks(file: &CompanyFile) -> Vec<Entry> {
    let mut entries = Vec::new();
    for sort in LISTS {
        for kind in sort.quickbooks {
            entries.extend(file.entries(*kind).iter().map(|entry| in_quickbooks(sort, entry)));
        }
    }
    entries
}

fn in_quickbooks(sort: &ListSort, entry: &ListEntry) -> Entry {
    let shown = |(name, path, _): &FieldNames| Some((*name, entry.field(path)?.to_owned()));
    let mut fields: BTreeMap<_, _> = sort.fields.iter().filter_map(shown).collect();
    fields.insert("name", entry.name.clone());
    Entry {
        kind: sort.kind,
        token: token_of(&entry.name),
        id: entry.id.clone(),
        active: entry.active,
        merged: false,
        fields,
    }
}

/// All lists of an organisation.
pub(super) fn lists_in_billcom(organization: &Organization) -> Vec<Entry> {
    let mut entries = Vec::new();
    for sort in LISTS {
        for found in organization.entries(sort.billcom) {
            let shown = |(name, _, field): &FieldNames| Some((*name, found.fields.get(field)?.clone()));
            let mut fields: BTreeMap<_, _> =
                sort.fields.iter().filter_map(shown).filter(|(_, text)| !text.is_empty() && text != "null").collect();
            fields.insert("name", found.name.clone());
            let set = |name: &str| found.fields.get(name).is_some_and(|id| !id.is_empty() && id != "null");
            let merged = set("mergeIntoId") || set("mergedIntoId");
            let token = token_of(&found.name);
            entries.push(Entry { kind: sort.kind, token, id: found.id, active: found.active, merged, fields });
        }
    }
    entries
}

/// Tokens of one kind by id: lists of QuickBooks that share no names may share ids.
pub(super) fn tokens(entries: &[Entry], kind: Kind) -> BTreeMap<&str, &str> {
    let of_kind = entries.iter().filter(|entry| entry.kind == kind);
    of_kind.map(|entry| (entry.id.as_str(), entry.token.as_str())).collect()
}

/// Bills, vendor credits and invoices of a company file.
pub(super) fn papers_in_quickbooks(file: &CompanyFile, lists: &[Entry]) -> Vec<Paper> {
    let (vendors, customers) = (tokens(lists, Kind::Vendor), tokens(lists, Kind::Customer));
    let sorts = [
        (Kind::Bill, TxnKind::Bill, &vendors),
        (Kind::VendorCredit, TxnKind::VendorCredit, &vendors),
        (Kind::Invoice, TxnKind::Invoice, &customers),
    ];
    let mut papers = Vec::new();
    for (kind, txn_kind, tokens) in sorts {
        papers.extend(file.txns(txn_kind).into_iter().map(|txn| paper(kind, &txn, tokens)));
    }
    papers
}

fn paper(kind: Kind, txn: &Txn, tokens: &BTreeMap<&str, &str>) -> Paper {
    let party = txn.party_id.as_deref().and_then(|id| tokens.get(id)).copied().unwrap_or_default();
    let mut lines: Vec<i64> = txn.lines.iter().map(|line| line.cents).filter(|cents| *cents != 0).collect();
    lines.sort_unstable();
    Paper {
        kind,
        token: token_of(txn.ref_number.as_deref().unwrap_or_default()),
        id: txn.id.clone(),
        stands: txn.total_cents != 0,
        party: party.to_owned(),
        cents: txn.total_cents,
        memo: txn.memo.clone().unwrap_or_default(),
        lines,
    }
}

/// The same of an organisation.
pub(super) fn papers_in_billcom(organization: &Organization, lists: &[Entry]) -> Vec<Paper> {
    let (vendors, customers) = (tokens(lists, Kind::Vendor), tokens(lists, Kind::Customer));
    let vendor = |id: &str| vendors.get(id).copied().unwrap_or_default().to_owned();
    let customer = |id: &str| customers.get(id).copied().unwrap_or_default().to_owned();
    let sorted = |mut lines: Vec<i64>| {
        lines.retain(|cents| *cents != 0);
        lines.sort_unstable();
        lines
    };
    let bills = organization.bills().into_iter().map(|bill| Paper {
        kind: Kind::Bill,
        token: token_of(&bill.number),
        stands: bill.state == "1",
        party: vendor(&bill.vendor_id),
        cents: bill.cents,
        memo: String::new(),
        lines: sorted(bill.lines.iter().map(|line| line.cents).collect()),
        id: bill.id,
    });
    let credits = organization.credits().into_iter().map(|credit| Paper {
        kind: Kind::VendorCredit,
        token: token_of(&credit.number),
        stands: credit.active,
        party: vendor(&credit.partner_id),
        cents: credit.cents,
        memo: String::new(),
        lines: vec![credit.cents],
        id: credit.id,
    });
    let lines = |invoice: &InvoiceView| sorted(invoice.lines.iter().map(|line| line.cents).collect());
    let invoices = organization.invoices().into_iter().map(|invoice| Paper {
        kind: Kind::Invoice,
        token: token_of(&invoice.number),
        stands: invoice.state == "1",
        party: customer(&invoice.customer_id),
        cents: invoice.cents,
        memo: String::new(),
        lines: lines(&invoice),
        id: invoice.id,
    });
    bills.chain(credits).chain(invoices).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_stand_at_the_front_whatever_follows() {
        assert_eq!(token_of("V12 r0 Acme Tools"), "V12");
        assert_eq!(token_of("  v12  R0 acme (V)"), "V12");
        assert_eq!(token_of("B7-0001"), "B7");
        assert_eq!(token_of("Accounts Payable"), "accounts payable");
        assert!(is_token("V12") && !is_token("checking"));
    }
}
