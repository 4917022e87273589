//! The names of v2 entities.

use std::fmt;

/// The name of a v2 entity, exactly as it stands in paths (`Crud/Read/Vendor.json`) and in the field `entity`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Entity(&'static str);

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
    /// Money received.
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
