//! The kinds of transactions a company file has, and what sets them apart.

/// The kinds of transactions the simulator knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TxnKind {
    /// A vendor's bill.
    Bill,
    /// What a vendor owes back.
    VendorCredit,
    /// A cheque that pays bills.
    BillPaymentCheck,
    /// A card charge that pays bills.
    BillPaymentCreditCard,
    /// Money moved between two accounts.
    Transfer,
    /// Money brought to the bank, from received payments or straight from accounts.
    Deposit,
    /// A cheque that pays no bill.
    Check,
    /// What a customer is charged.
    Invoice,
    /// What a customer is given back.
    CreditMemo,
    /// Money a customer paid.
    ReceivePayment,
    /// A booking by hand.
    JournalEntry,
}

impl TxnKind {
    /// All kinds.
    pub const ALL: &'static [Self] = &[
        Self::Bill,
        Self::VendorCredit,
        Self::BillPaymentCheck,
        Self::BillPaymentCreditCard,
        Self::Transfer,
        Self::Deposit,
        Self::Check,
        Self::Invoice,
        Self::CreditMemo,
        Self::ReceivePayment,
        Self::JournalEntry,
    ];

    /// The word QuickBooks uses for it, as in `TxnDelType`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Bill => "Bill",
            Self::VendorCredit => "VendorCredit",
            Self::BillPaymentCheck => "BillPaymentCheck",
            Self::BillPaymentCreditCard => "BillPaymentCreditCard",
            Self::Transfer => "Transfer",
            Self::Deposit => "Deposit",
            Self::Check => "Check",
            Self::Invoice => "Invoice",
            Self::CreditMemo => "CreditMemo",
            Self::ReceivePayment => "ReceivePayment",
            Self::JournalEntry => "JournalEntry",
        }
    }

    /// True if it does nothing but settle what others left open.
    pub(crate) fn is_payment(self) -> bool {
        matches!(self, Self::BillPaymentCheck | Self::BillPaymentCreditCard | Self::ReceivePayment)
    }
}
