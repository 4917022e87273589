//! All requests in one list: for schema checks, property tests, fuzzing, and for showing what was
//! sent.
//!
//! Adding a request is one line here.

use std::io::BufRead;

use thiserror::Error;

use crate::entity::{
    AccountAdd, AccountMod, AccountQuery, BillAdd, BillMod, BillPaymentCheckAdd, BillPaymentCheckMod,
    BillPaymentCheckQuery, BillPaymentCreditCardAdd, BillPaymentCreditCardQuery, BillQuery, BillToPayQuery, CheckAdd,
    CheckMod, CheckQuery, ClassAdd, ClassMod, ClassQuery, CompanyActivityQuery, CompanyQuery, CreditMemoAdd,
    CreditMemoMod, CreditMemoQuery, CustomerAdd, CustomerMod, CustomerQuery, DataExtAdd, DataExtDefAdd, DataExtDefDel,
    DataExtDefMod, DataExtDefQuery, DataExtDel, DataExtMod, DateDrivenTermsAdd, DepositAdd, DepositMod, DepositQuery,
    EntityQuery, HostQuery, InvoiceAdd, InvoiceMod, InvoiceQuery, ItemDiscountAdd, ItemDiscountMod, ItemFixedAssetAdd,
    ItemFixedAssetMod, ItemGroupAdd, ItemGroupMod, ItemInventoryAdd, ItemInventoryAssemblyAdd,
    ItemInventoryAssemblyMod, ItemInventoryMod, ItemNonInventoryAdd, ItemNonInventoryMod, ItemOtherChargeAdd,
    ItemOtherChargeMod, ItemPaymentAdd, ItemPaymentMod, ItemQuery, ItemSalesTaxAdd, ItemSalesTaxGroupAdd,
    ItemSalesTaxGroupMod, ItemSalesTaxMod, ItemServiceAdd, ItemServiceMod, ItemSubtotalAdd, ItemSubtotalMod,
    JournalEntryAdd, JournalEntryMod, JournalEntryQuery, ListDel, ListDeletedQuery, ListMerge, PaymentMethodAdd,
    PaymentMethodQuery, PreferencesQuery, ReceivePaymentAdd, ReceivePaymentMod, ReceivePaymentQuery,
    ReceivePaymentToDepositQuery, SalesTaxCodeAdd, SalesTaxCodeMod, SalesTaxCodeQuery, StandardTermsAdd, TermsQuery,
    TransactionQuery, TransferAdd, TransferMod, TransferQuery, TxnDel, TxnDeletedQuery, TxnVoid, VendorAdd,
    VendorCreditAdd, VendorCreditMod, VendorCreditQuery, VendorMod, VendorQuery,
};
use crate::error::{ReadError, WriteError};
use crate::message_set::MessageSet;
use crate::request::{BodyRequest, Request, RequestId, Returning, WrappedRequest};
use crate::request_reader::{RequestHead, RequestReader};
use crate::schema::{Content, Example, Kind};
use crate::version::QbXmlVersion;

/// A request type, as data.
#[derive(Clone, Copy)]
pub struct RequestEntry {
    /// The name without `Rq`.
    pub name: &'static str,
    /// The version that brought it.
    pub since: fn() -> QbXmlVersion,
    /// What stands inside its element: the fields, or those of its one body element.
    pub kind: Kind,
    /// Whether the fields stand in a body element named like the request.
    pub has_body: bool,
    /// Adds an example to a message set of the example's version.
    pub push_example: fn(&mut MessageSet, &RequestId, &mut Example) -> Result<(), WriteError>,
    read_and_push: fn(&mut dyn crate::wire::Source, &mut MessageSet, &RequestId) -> Result<(), CopyError>,
}

/// Why a request could not be copied into another message set.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CopyError {
    /// It could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// It is not valid there.
    #[error(transparent)]
    Write(#[from] WriteError),
}

const fn direct<Q: Request + Content>() -> RequestEntry {
    RequestEntry {
        name: Q::NAME,
        since: Q::since,
        kind: <Q as Content>::KIND,
        has_body: false,
        push_example: |set, id, ex| set.push(id, &<Q as Request>::example(ex)).map(|_| ()),
        read_and_push: |src, set, id| Ok(set.push(id, &<Q as Request>::read(src)?).map(|_| ())?),
    }
}

const fn wrapped<Q: WrappedRequest>() -> RequestEntry {
    RequestEntry { has_body: true, ..direct::<Q>() }
}

const fn body<Q: BodyRequest>() -> RequestEntry {
    RequestEntry {
        name: Q::NAME,
        since: Q::since,
        kind: <Q as Content>::KIND,
        has_body: true,
        push_example: |set, id, ex| set.push(id, &Returning::<Q>::example(ex)).map(|_| ()),
        read_and_push: |src, set, id| Ok(set.push(id, &Returning::<Q>::read(src)?).map(|_| ())?),
    }
}

/// Every request this crate can write.
pub const REQUESTS: &[RequestEntry] = &[
    direct::<HostQuery>(),
    direct::<CompanyQuery>(),
    direct::<CompanyActivityQuery>(),
    direct::<PreferencesQuery>(),
    direct::<AccountQuery>(),
    body::<AccountAdd>(),
    body::<AccountMod>(),
    direct::<ClassQuery>(),
    body::<ClassAdd>(),
    body::<ClassMod>(),
    direct::<VendorQuery>(),
    body::<VendorAdd>(),
    body::<VendorMod>(),
    direct::<CustomerQuery>(),
    body::<CustomerAdd>(),
    body::<CustomerMod>(),
    direct::<ItemQuery>(),
    body::<ItemServiceAdd>(),
    body::<ItemServiceMod>(),
    body::<ItemNonInventoryAdd>(),
    body::<ItemNonInventoryMod>(),
    body::<ItemOtherChargeAdd>(),
    body::<ItemOtherChargeMod>(),
    body::<ItemInventoryAdd>(),
    body::<ItemInventoryMod>(),
    body::<ItemInventoryAssemblyAdd>(),
    body::<ItemInventoryAssemblyMod>(),
    body::<ItemFixedAssetAdd>(),
    body::<ItemFixedAssetMod>(),
    body::<ItemSubtotalAdd>(),
    body::<ItemSubtotalMod>(),
    body::<ItemDiscountAdd>(),
    body::<ItemDiscountMod>(),
    body::<ItemPaymentAdd>(),
    body::<ItemPaymentMod>(),
    body::<ItemSalesTaxAdd>(),
    body::<ItemSalesTaxMod>(),
    body::<ItemSalesTaxGroupAdd>(),
    body::<ItemSalesTaxGroupMod>(),
    body::<ItemGroupAdd>(),
    body::<ItemGroupMod>(),
    direct::<TermsQuery>(),
    body::<StandardTermsAdd>(),
    body::<DateDrivenTermsAdd>(),
    direct::<PaymentMethodQuery>(),
    body::<PaymentMethodAdd>(),
    direct::<SalesTaxCodeQuery>(),
    body::<SalesTaxCodeAdd>(),
    body::<SalesTaxCodeMod>(),
    direct::<EntityQuery>(),
    direct::<BillQuery>(),
    body::<BillAdd>(),
    body::<BillMod>(),
    direct::<BillPaymentCheckQuery>(),
    body::<BillPaymentCheckAdd>(),
    body::<BillPaymentCheckMod>(),
    direct::<BillPaymentCreditCardQuery>(),
    body::<BillPaymentCreditCardAdd>(),
    direct::<BillToPayQuery>(),
    direct::<VendorCreditQuery>(),
    body::<VendorCreditAdd>(),
    body::<VendorCreditMod>(),
    direct::<TransferQuery>(),
    body::<TransferAdd>(),
    body::<TransferMod>(),
    direct::<DepositQuery>(),
    body::<DepositAdd>(),
    body::<DepositMod>(),
    direct::<CheckQuery>(),
    body::<CheckAdd>(),
    body::<CheckMod>(),
    direct::<InvoiceQuery>(),
    body::<InvoiceAdd>(),
    body::<InvoiceMod>(),
    direct::<ReceivePaymentQuery>(),
    body::<ReceivePaymentAdd>(),
    body::<ReceivePaymentMod>(),
    direct::<CreditMemoQuery>(),
    body::<CreditMemoAdd>(),
    body::<CreditMemoMod>(),
    direct::<JournalEntryQuery>(),
    body::<JournalEntryAdd>(),
    body::<JournalEntryMod>(),
    direct::<ReceivePaymentToDepositQuery>(),
    direct::<TransactionQuery>(),
    direct::<ListDeletedQuery>(),
    direct::<TxnDeletedQuery>(),
    direct::<ListDel>(),
    direct::<ListMerge>(),
    direct::<TxnDel>(),
    direct::<TxnVoid>(),
    wrapped::<DataExtAdd>(),
    wrapped::<DataExtMod>(),
    wrapped::<DataExtDel>(),
    direct::<DataExtDefQuery>(),
    body::<DataExtDefAdd>(),
    body::<DataExtDefMod>(),
    direct::<DataExtDefDel>(),
];

impl<R: BufRead> RequestReader<R> {
    /// Copies the request just entered into another message set, through its type. `false`: this
    /// crate has no such request, and it was read over.
    ///
    /// # Errors
    /// It cannot be read, or is not valid in the other set.
    pub fn copy_into(&mut self, head: &RequestHead, id: &RequestId, set: &mut MessageSet) -> Result<bool, CopyError> {
        let Some(entry) = REQUESTS.iter().find(|entry| entry.name == head.name) else {
            self.skip()?;
            return Ok(false);
        };
        (entry.read_and_push)(self.source(), set, id)?;
        self.settled()?;
        Ok(true)
    }
}
