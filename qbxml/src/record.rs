//! The records an answer can hold, in one list: adding an object is one file in `entity` and one
//! line here.

use crate::entity::{
    AccountRet, BillPaymentCheckRet, BillPaymentCreditCardRet, BillRet, BillToPayRet, CheckRet, ClassRet,
    CompanyActivityRet, CompanyRet, CreditMemoRet, CustomerRet, DataExtDefDelRet, DataExtDefRet, DataExtDelRet,
    DataExtRet, DateDrivenTermsRet, DepositRet, EmployeeRet, ErrorRecovery, HostRet, InvoiceRet, ItemDiscountRet,
    ItemFixedAssetRet, ItemGroupRet, ItemInventoryAssemblyRet, ItemInventoryRet, ItemNonInventoryRet,
    ItemOtherChargeRet, ItemPaymentRet, ItemSalesTaxGroupRet, ItemSalesTaxRet, ItemServiceRet, ItemSubtotalRet,
    JournalEntryRet, ListDelResult, ListDeletedRet, ListMergeResult, OtherNameRet, PaymentMethodRet, PreferencesRet,
    ReceivePaymentRet, ReceivePaymentToDepositRet, SalesTaxCodeRet, StandardTermsRet, TransactionRet, TransferRet,
    TxnDelResult, TxnDeletedRet, TxnVoidResult, VendorCreditRet, VendorRet,
};
use crate::error::{ReadError, WriteError};
use crate::schema::{Example, FieldSpec, Sequence, read_sequence};
use crate::version::QbXmlVersion;
use crate::wire::{Source, Unreadable, Writer};

/// A type that a record can be.
pub trait FromRecord: Sized {
    /// Takes the record if it is of this type.
    ///
    /// # Errors
    /// Gives back a record of another type.
    #[allow(clippy::result_large_err)] // The caller's own record comes back.
    fn from_record(record: Record) -> Result<Self, Record>;
}

/// A record type, as data: for documentation and tests.
#[derive(Clone, Copy)]
pub struct RecordEntry {
    /// Its element.
    pub element: &'static str,
    /// Its fields in order.
    pub fields: &'static [FieldSpec],
    /// Elements of the schema that are deliberately not read.
    pub skipped: &'static [&'static str],
    /// An example.
    pub example: fn(&mut Example) -> Record,
}

/// Declares the records: variant, type, whether it lives on the heap (so that `Record` stays
/// small), element.
macro_rules! records {
    ($($(#[$meta:meta])* $variant:ident($ty:ident $($boxed:ident)?) = $element:literal,)*) => {
        /// One record of an answer.
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Record {
            $(
                #[doc = concat!("`", $element, "`.")]
                $(#[$meta])*
                $variant(records!(@type $ty $($boxed)?)),
            )*
            /// A record of a kind that is not in our tables. It was read over and counted.
            Unknown {
                /// Its element.
                name: String,
            },
            /// A record in which a value could not be read. Nothing of it is guessed.
            Unreadable {
                /// Its element.
                name: String,
                /// What and where.
                problem: Unreadable,
            },
        }

        $(
            impl FromRecord for $ty {
                fn from_record(record: Record) -> Result<Self, Record> {
                    match record {
                        Record::$variant(value) => Ok(records!(@unbox value $($boxed)?)),
                        other => Err(other),
                    }
                }
            }
        )*

        /// Reads the record element just entered; `None` if its name is not in the list (nothing
        /// was read then).
        pub(crate) fn read_record(src: &mut dyn Source) -> Result<Option<Record>, ReadError> {
            $(
                if src.name() == $element {
                    let value: $ty = read_sequence(src)?;
                    return Ok(Some(Record::$variant(value.into())));
                }
            )*
            Ok(None)
        }

        impl Record {
            /// Its element, such as `VendorRet`.
            #[must_use]
            pub fn element(&self) -> &str {
                match self {
                    $(Self::$variant(_) => $element,)*
                    Self::Unknown { name } | Self::Unreadable { name, .. } => name,
                }
            }

            /// The record as XML, as far as it was understood: for showing it. `None` for unknown
            /// and unreadable ones.
            ///
            /// # Errors
            /// A text in it has characters that XML cannot carry.
            pub fn to_xml(&self) -> Result<Option<String>, WriteError> {
                let mut w = Writer::new(QbXmlVersion::V16);
                match self {
                    $(
                        Self::$variant(value) => {
                            w.open($element);
                            value.write_fields(&mut w)?;
                            w.close($element);
                        }
                    )*
                    Self::Unknown { .. } | Self::Unreadable { .. } => return Ok(None),
                }
                Ok(Some(w.text().to_owned()))
            }
        }

        /// Every record this crate can read.
        pub const RECORDS: &[RecordEntry] = &[
            $(RecordEntry {
                element: $element,
                fields: <$ty as Sequence>::FIELDS,
                skipped: <$ty as Sequence>::SKIPPED,
                example: |ex| Record::$variant(<$ty as Sequence>::example_fields(ex).into()),
            }),*
        ];
    };
    (@type $ty:ident) => { $ty };
    (@type $ty:ident boxed) => { Box<$ty> };
    (@unbox $value:ident) => { $value };
    (@unbox $value:ident boxed) => { *$value };
}

records! {
    Host(HostRet boxed) = "HostRet",
    Company(CompanyRet boxed) = "CompanyRet",
    CompanyActivity(CompanyActivityRet) = "CompanyActivityRet",
    Preferences(PreferencesRet boxed) = "PreferencesRet",
    Account(AccountRet boxed) = "AccountRet",
    Class(ClassRet boxed) = "ClassRet",
    Vendor(VendorRet boxed) = "VendorRet",
    Customer(CustomerRet boxed) = "CustomerRet",
    Employee(EmployeeRet boxed) = "EmployeeRet",
    OtherName(OtherNameRet boxed) = "OtherNameRet",
    ItemService(ItemServiceRet boxed) = "ItemServiceRet",
    ItemNonInventory(ItemNonInventoryRet boxed) = "ItemNonInventoryRet",
    ItemOtherCharge(ItemOtherChargeRet boxed) = "ItemOtherChargeRet",
    ItemInventory(ItemInventoryRet boxed) = "ItemInventoryRet",
    ItemInventoryAssembly(ItemInventoryAssemblyRet boxed) = "ItemInventoryAssemblyRet",
    ItemFixedAsset(ItemFixedAssetRet boxed) = "ItemFixedAssetRet",
    ItemSubtotal(ItemSubtotalRet boxed) = "ItemSubtotalRet",
    ItemDiscount(ItemDiscountRet boxed) = "ItemDiscountRet",
    ItemPayment(ItemPaymentRet boxed) = "ItemPaymentRet",
    ItemSalesTax(ItemSalesTaxRet boxed) = "ItemSalesTaxRet",
    ItemSalesTaxGroup(ItemSalesTaxGroupRet boxed) = "ItemSalesTaxGroupRet",
    ItemGroup(ItemGroupRet boxed) = "ItemGroupRet",
    StandardTerms(StandardTermsRet boxed) = "StandardTermsRet",
    DateDrivenTerms(DateDrivenTermsRet boxed) = "DateDrivenTermsRet",
    PaymentMethod(PaymentMethodRet boxed) = "PaymentMethodRet",
    SalesTaxCode(SalesTaxCodeRet boxed) = "SalesTaxCodeRet",
    Bill(BillRet boxed) = "BillRet",
    BillPaymentCheck(BillPaymentCheckRet boxed) = "BillPaymentCheckRet",
    BillPaymentCreditCard(BillPaymentCreditCardRet boxed) = "BillPaymentCreditCardRet",
    BillToPay(BillToPayRet boxed) = "BillToPayRet",
    VendorCredit(VendorCreditRet boxed) = "VendorCreditRet",
    Transfer(TransferRet boxed) = "TransferRet",
    Deposit(DepositRet boxed) = "DepositRet",
    Check(CheckRet boxed) = "CheckRet",
    Invoice(InvoiceRet boxed) = "InvoiceRet",
    ReceivePayment(ReceivePaymentRet boxed) = "ReceivePaymentRet",
    ReceivePaymentToDeposit(ReceivePaymentToDepositRet boxed) = "ReceivePaymentToDepositRet",
    CreditMemo(CreditMemoRet boxed) = "CreditMemoRet",
    JournalEntry(JournalEntryRet boxed) = "JournalEntryRet",
    Transaction(TransactionRet boxed) = "TransactionRet",
    ListDeleted(ListDeletedRet boxed) = "ListDeletedRet",
    TxnDeleted(TxnDeletedRet boxed) = "TxnDeletedRet",
    DataExt(DataExtRet boxed) = "DataExtRet",
    DataExtDel(DataExtDelRet boxed) = "DataExtDelRet",
    DataExtDef(DataExtDefRet boxed) = "DataExtDefRet",
    DataExtDefDel(DataExtDefDelRet boxed) = "DataExtDefDelRet",
    /// The outcome of our own deletion: the fields of `ListDelRs`, which stand in the response
    /// without a record element.
    ListDel(ListDelResult boxed) = "ListDelRs",
    /// The outcome of a merge: the fields of `ListMergeRs`, which stand in the response without a
    /// record element.
    ListMerge(ListMergeResult boxed) = "ListMergeRs",
    /// The outcome of our own deletion: the fields of `TxnDelRs`, which stand in the response
    /// without a record element.
    TxnDel(TxnDelResult boxed) = "TxnDelRs",
    /// The outcome of a void: the fields of `TxnVoidRs`, which stand in the response without a
    /// record element.
    TxnVoid(TxnVoidResult boxed) = "TxnVoidRs",
    /// What a status check returns instead of the object: its ids and edit sequence.
    ErrorRecovery(ErrorRecovery boxed) = "ErrorRecovery",
}

/// Whether a response holds its fields directly, without a record element.
pub(crate) fn is_flat(response: &str) -> bool {
    matches!(response, "ListDelRs" | "ListMergeRs" | "TxnDelRs" | "TxnVoidRs")
}
