//! The names of v2 entities, and what the vendor offers for each.
//!
//! The table below is the vendor's own (`billcom.md` 2, its OpenAPI documents); a test compares the two. What is not offered
//! is never sent. Four things that a ledger might want have no call at all: changing a payment, making a money movement,
//! restoring a credit, deleting a term. What could move money is not in the table either, so that it cannot be called.

use std::fmt;

/// The name of a v2 entity, exactly as it stands in paths (`Crud/Read/Vendor.json`) and in the field `entity`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Entity(&'static str);

/// What can be done with records of an entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Make one.
    Create,
    /// Read one with its child rows.
    Read,
    /// Read many, page by page.
    List,
    /// Change one.
    Update,
    /// Take one out of use.
    Delete,
    /// Bring one back into use.
    Undelete,
}

impl Verb {
    /// All of them.
    pub const ALL: &'static [Self] =
        &[Self::Create, Self::Read, Self::List, Self::Update, Self::Delete, Self::Undelete];

    /// The word as it stands in paths.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Create => "Create",
            Self::Read => "Read",
            Self::List => "List",
            Self::Update => "Update",
            Self::Delete => "Delete",
            Self::Undelete => "Undelete",
        }
    }
}

macro_rules! entities {
    ($($(#[$doc:meta])* $constant:ident = $name:literal;)+) => {
        impl Entity {
            $($(#[$doc])* pub const $constant: Self = Self($name);)+

            /// Every entity named here.
            pub const ALL: &'static [Self] = &[$(Self::$constant,)+];
        }
    };
}

entities! {
    /// The organisation itself; read only.
    ORGANIZATION = "Organization";
    /// An account of the chart of accounts.
    CHART_OF_ACCOUNT = "ChartOfAccount";
    /// A department; the home of QuickBooks classes (`billcom.md` 2.2).
    DEPARTMENT = "Department";
    /// An accounting class.
    ACTG_CLASS = "ActgClass";
    /// A location.
    LOCATION = "Location";
    /// A job.
    JOB = "Job";
    /// An item.
    ITEM = "Item";
    /// A payment term; has no stamps.
    PAYMENT_TERM = "PaymentTerm";
    /// A vendor.
    VENDOR = "Vendor";
    /// A bill with its lines.
    BILL = "Bill";
    /// A vendor credit with its lines.
    VENDOR_CREDIT = "VendorCredit";
    /// One payment to one vendor.
    SENT_PAY = "SentPay";
    /// The part of a payment that pays one bill.
    BILL_PAY = "BillPay";
    /// The part of a vendor credit that pays one bill.
    BILL_CREDIT = "BillCredit";
    /// Money that moved between a bank account and Bill.com.
    MONEY_MOVEMENT = "MoneyMovement";
    /// A bank account.
    BANK_ACCOUNT = "BankAccount";
    /// A customer, or a job below one.
    CUSTOMER = "Customer";
    /// An invoice with its lines.
    INVOICE = "Invoice";
    /// Money received, with its `InvoicePay` rows, which have no calls of their own. Its `Create` is `RecordARPayment`.
    RECEIVED_PAY = "ReceivedPay";
    /// A credit memo; has no stamps.
    CREDIT_MEMO = "CreditMemo";
    /// The use of a credit memo on an invoice.
    INVOICE_CREDIT = "InvoiceCredit";
}

impl Entity {
    /// The name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.0
    }

    /// Whether its records carry `updatedTime`. The two that do not are read whole and compared by content (`billcom.md` 3, hazard 8).
    #[must_use]
    pub fn has_stamps(self) -> bool {
        self != Self::PAYMENT_TERM && self != Self::CREDIT_MEMO
    }

    /// Whether its records have the states active and inactive, and lists can be asked for both.
    #[must_use]
    pub fn has_states(self) -> bool {
        !matches!(
            self,
            Self::ORGANIZATION
                | Self::PAYMENT_TERM
                | Self::SENT_PAY
                | Self::BILL_PAY
                | Self::MONEY_MOVEMENT
                | Self::RECEIVED_PAY
        )
    }

    /// Whether the vendor offers this for single records. `RecordARPayment` counts as the `Create` of received payments.
    #[must_use]
    pub fn offers(self, verb: Verb) -> bool {
        match self {
            Self::ORGANIZATION => matches!(verb, Verb::Read),
            Self::RECEIVED_PAY => matches!(verb, Verb::Read | Verb::List | Verb::Create),
            Self::SENT_PAY
            | Self::BILL_PAY
            | Self::BILL_CREDIT
            | Self::MONEY_MOVEMENT
            | Self::BANK_ACCOUNT
            | Self::INVOICE_CREDIT => matches!(verb, Verb::Read | Verb::List),
            Self::PAYMENT_TERM => !matches!(verb, Verb::Delete | Verb::Undelete),
            Self::VENDOR_CREDIT | Self::CREDIT_MEMO => !matches!(verb, Verb::Undelete),
            _ => true,
        }
    }

    /// Whether many can be made in one call (`Bulk/Crud/Create`).
    #[must_use]
    pub fn offers_bulk(self) -> bool {
        self.offers(Verb::Create) && self.offers(Verb::Delete)
    }

    /// The entity of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|entity| entity.0 == name)
    }
}

impl fmt::Display for Entity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_vendor_offers_is_what_its_documents_list() {
        let Some(folder) = std::env::var_os("COUNTERFOIL_REFERENCE") else {
            println!("skipped: COUNTERFOIL_REFERENCE is not set");
            return;
        };
        let mut paths = std::collections::BTreeSet::new();
        for entry in std::fs::read_dir(std::path::Path::new(&folder).join("billcom-openapi")).expect("documents") {
            let path = entry.expect("entry").path();
            if path.extension().is_some_and(|extension| extension == "json") {
                let text = std::fs::read_to_string(path).expect("document");
                let document: serde_json::Value = serde_json::from_str(&text).expect("JSON");
                paths.extend(document["paths"].as_object().expect("paths").keys().cloned());
            }
        }
        assert!(paths.len() > 150, "{} paths", paths.len());
        for &entity in Entity::ALL {
            for &verb in Verb::ALL {
                let path = match verb {
                    Verb::List => format!("/List/{entity}.json"),
                    Verb::Create if entity == Entity::RECEIVED_PAY => "/RecordARPayment.json".to_owned(),
                    _ => format!("/Crud/{}/{entity}.json", verb.word()),
                };
                assert_eq!(entity.offers(verb), paths.contains(&path), "{path}");
            }
            assert_eq!(entity.offers_bulk(), paths.contains(&format!("/Bulk/Crud/Create/{entity}.json")), "{entity}");
        }
    }
}
