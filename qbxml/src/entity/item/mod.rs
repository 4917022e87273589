//! Items: what lines of transactions are made of. Twelve types, one list.
//!
//! [`ItemQuery`] returns all types in one stream; each is a record of its own ([`ItemRet`]), and
//! has its own Add and Mod. Items share one name space by full name; a full name has at most five
//! levels (recalled). Custom fields come only with `OwnerID` 0.

use crate::query::{ListSelection, ListWhere, Paging, qb_paged};
use crate::record::{FromRecord, Record};
use crate::request::qb_request;
use crate::schema::qb_struct;
use crate::types::{EditSequence, ListId, OwnerId, QbText};

mod assembly;
mod discount;
mod fixed_asset;
mod group;
mod inventory;
mod non_inventory;
mod other_charge;
mod parts;
mod payment;
mod sales_tax;
mod service;
mod subtotal;

pub use assembly::*;
pub use discount::*;
pub use fixed_asset::*;
pub use group::*;
pub use inventory::*;
pub use non_inventory::*;
pub use other_charge::*;
pub use parts::*;
pub use payment::*;
pub use sales_tax::*;
pub use service::*;
pub use subtotal::*;

qb_struct! {
    /// Asks for items of all types (`ItemQueryRq`), in pages if wanted.
    #[derive(Default)]
    pub struct ItemQuery [attributes paging: Paging] with rules {
        selection: ListSelection<ListWhere> = "(choice)",
        include_ret_element: Vec<QbText<50>> = "IncludeRetElement" since 4.0,
        owner_id: Vec<OwnerId> = "OwnerID" since 2.0,
    }
}

qb_request!(ItemQuery, "ItemQuery" => ItemRet, since 1.0, direct);
qb_paged!(ItemQuery);

/// An item of any type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ItemRet {
    /// Work.
    Service(Box<ItemServiceRet>),
    /// Goods not counted.
    NonInventory(Box<ItemNonInventoryRet>),
    /// Freight and fees.
    OtherCharge(Box<ItemOtherChargeRet>),
    /// Goods in stock.
    Inventory(Box<ItemInventoryRet>),
    /// Goods built from others.
    InventoryAssembly(Box<ItemInventoryAssemblyRet>),
    /// A thing owned.
    FixedAsset(Box<ItemFixedAssetRet>),
    /// A sum of lines.
    Subtotal(Box<ItemSubtotalRet>),
    /// Something off.
    Discount(Box<ItemDiscountRet>),
    /// Paid at once.
    Payment(Box<ItemPaymentRet>),
    /// A sales tax.
    SalesTax(Box<ItemSalesTaxRet>),
    /// Several sales taxes.
    SalesTaxGroup(Box<ItemSalesTaxGroupRet>),
    /// Several items at once.
    Group(Box<ItemGroupRet>),
}

impl FromRecord for ItemRet {
    fn from_record(record: Record) -> Result<Self, Record> {
        match record {
            Record::ItemService(item) => Ok(Self::Service(item)),
            Record::ItemNonInventory(item) => Ok(Self::NonInventory(item)),
            Record::ItemOtherCharge(item) => Ok(Self::OtherCharge(item)),
            Record::ItemInventory(item) => Ok(Self::Inventory(item)),
            Record::ItemInventoryAssembly(item) => Ok(Self::InventoryAssembly(item)),
            Record::ItemFixedAsset(item) => Ok(Self::FixedAsset(item)),
            Record::ItemSubtotal(item) => Ok(Self::Subtotal(item)),
            Record::ItemDiscount(item) => Ok(Self::Discount(item)),
            Record::ItemPayment(item) => Ok(Self::Payment(item)),
            Record::ItemSalesTax(item) => Ok(Self::SalesTax(item)),
            Record::ItemSalesTaxGroup(item) => Ok(Self::SalesTaxGroup(item)),
            Record::ItemGroup(item) => Ok(Self::Group(item)),
            other => Err(other),
        }
    }
}

impl ItemRet {
    /// Its id.
    #[must_use]
    pub const fn list_id(&self) -> Option<&ListId> {
        match self {
            Self::Service(item) => item.list_id.as_ref(),
            Self::NonInventory(item) => item.list_id.as_ref(),
            Self::OtherCharge(item) => item.list_id.as_ref(),
            Self::Inventory(item) => item.list_id.as_ref(),
            Self::InventoryAssembly(item) => item.list_id.as_ref(),
            Self::FixedAsset(item) => item.list_id.as_ref(),
            Self::Subtotal(item) => item.list_id.as_ref(),
            Self::Discount(item) => item.list_id.as_ref(),
            Self::Payment(item) => item.list_id.as_ref(),
            Self::SalesTax(item) => item.list_id.as_ref(),
            Self::SalesTaxGroup(item) => item.list_id.as_ref(),
            Self::Group(item) => item.list_id.as_ref(),
        }
    }

    /// Its state, for a Mod.
    #[must_use]
    pub const fn edit_sequence(&self) -> Option<&EditSequence> {
        match self {
            Self::Service(item) => item.edit_sequence.as_ref(),
            Self::NonInventory(item) => item.edit_sequence.as_ref(),
            Self::OtherCharge(item) => item.edit_sequence.as_ref(),
            Self::Inventory(item) => item.edit_sequence.as_ref(),
            Self::InventoryAssembly(item) => item.edit_sequence.as_ref(),
            Self::FixedAsset(item) => item.edit_sequence.as_ref(),
            Self::Subtotal(item) => item.edit_sequence.as_ref(),
            Self::Discount(item) => item.edit_sequence.as_ref(),
            Self::Payment(item) => item.edit_sequence.as_ref(),
            Self::SalesTax(item) => item.edit_sequence.as_ref(),
            Self::SalesTaxGroup(item) => item.edit_sequence.as_ref(),
            Self::Group(item) => item.edit_sequence.as_ref(),
        }
    }

    /// What references call it: its full name, or its name if its type has no parents.
    #[must_use]
    pub fn full_name(&self) -> Option<&str> {
        match self {
            Self::Service(item) => item.full_name.as_deref(),
            Self::NonInventory(item) => item.full_name.as_deref(),
            Self::OtherCharge(item) => item.full_name.as_deref(),
            Self::Inventory(item) => item.full_name.as_deref(),
            Self::InventoryAssembly(item) => item.full_name.as_deref(),
            Self::FixedAsset(item) => item.name.as_deref(),
            Self::Subtotal(item) => item.name.as_deref(),
            Self::Discount(item) => item.full_name.as_deref(),
            Self::Payment(item) => item.name.as_deref(),
            Self::SalesTax(item) => item.name.as_deref(),
            Self::SalesTaxGroup(item) => item.name.as_deref(),
            Self::Group(item) => item.name.as_deref(),
        }
    }

    /// Whether it is active.
    #[must_use]
    pub const fn is_active(&self) -> Option<bool> {
        match self {
            Self::Service(item) => item.is_active,
            Self::NonInventory(item) => item.is_active,
            Self::OtherCharge(item) => item.is_active,
            Self::Inventory(item) => item.is_active,
            Self::InventoryAssembly(item) => item.is_active,
            Self::FixedAsset(item) => item.is_active,
            Self::Subtotal(item) => item.is_active,
            Self::Discount(item) => item.is_active,
            Self::Payment(item) => item.is_active,
            Self::SalesTax(item) => item.is_active,
            Self::SalesTaxGroup(item) => item.is_active,
            Self::Group(item) => item.is_active,
        }
    }
}
