//! Pieces that the tables of several types of items share.

use crate::sim::quickbooks::schema::{Node, date, flag, group, number, one_of, reference, text};
use crate::sim::quickbooks::tables::{
    ACTIVE, BY_FULL_NAME, BY_ID, BY_NAME, DATA_EXT_RET, FROM, MAX_RETURNED, TO, TREE_FILTER,
};

/// The filters of a query over items that may have a class.
pub(super) const CLASSED_FILTERS: Node = one_of(&[
    BY_ID,
    BY_FULL_NAME,
    &[MAX_RETURNED, ACTIVE, FROM, TO, BY_NAME, group("ClassFilter", TREE_FILTER).since(12, 0)],
])
.optional();

const BAR_CODE: &[Node] = &[text("BarCodeValue", 50), flag("AssignEvenIfUsed"), flag("AllowOverride")];
/// A bar code as requests give it, since 12.0; answers hold its value only.
pub(super) const BARCODE_GIVEN: Node = group("BarCode", BAR_CODE).since(12, 0);

/// `DataExtRet`, since 2.0.
pub(super) const DATA_EXT: Node = group("DataExtRet", DATA_EXT_RET).many().since(2, 0);

/// A price, or a percentage of the line above, or neither.
const PRICE: Node = one_of(&[&[number("Price").required()], &[number("PricePercent").required()]]).optional();

const SALES_OR_PURCHASE: &[Node] = &[text("Desc", 4095), PRICE, reference("AccountRef", 159)];

const SALES_AND_PURCHASE: &[Node] = &[
    text("SalesDesc", 4095),
    number("SalesPrice"),
    reference("IncomeAccountRef", 159),
    text("PurchaseDesc", 4095),
    number("PurchaseCost"),
    reference("PurchaseTaxCodeRef", 3).since(6, 0).foreign(),
    reference("ExpenseAccountRef", 159),
    reference("PrefVendorRef", 41),
];

const SALES_OR_PURCHASE_MOD: &[Node] = &[
    text("Desc", 4095),
    PRICE,
    reference("AccountRef", 159).since(7, 0),
    flag("ApplyAccountRefToExistingTxns").since(7, 0),
];

const SALES_AND_PURCHASE_MOD: &[Node] = &[
    text("SalesDesc", 4095),
    number("SalesPrice"),
    reference("IncomeAccountRef", 159).since(7, 0),
    flag("ApplyIncomeAccountRefToExistingTxns").since(7, 0),
    text("PurchaseDesc", 4095),
    number("PurchaseCost"),
    reference("PurchaseTaxCodeRef", 3).since(6, 0).foreign(),
    reference("ExpenseAccountRef", 159).since(7, 0),
    flag("ApplyExpenseAccountRefToExistingTxns").since(7, 0),
    reference("PrefVendorRef", 41),
];

/// One side or both: what is only sold or only bought, or what is bought to be sold.
pub(super) const SIDES: Node = one_of(&[
    &[group("SalesOrPurchase", SALES_OR_PURCHASE).required()],
    &[group("SalesAndPurchase", SALES_AND_PURCHASE).required()],
]);

/// The same in a Mod.
pub(super) const SIDES_MOD: Node = one_of(&[
    &[group("SalesOrPurchaseMod", SALES_OR_PURCHASE_MOD).required()],
    &[group("SalesAndPurchaseMod", SALES_AND_PURCHASE_MOD).required()],
]);

/// Inside `ItemInventoryAssemblyLine`.
pub(super) const ASSEMBLY_LINE: &[Node] = &[reference("ItemInventoryRef", 159).required(), number("Quantity")];

/// Inside `ItemGroupLine`.
pub(super) const GROUP_LINE: &[Node] =
    &[reference("ItemRef", 0), number("Quantity"), text("UnitOfMeasure", 31).since(7, 0)];

/// Inside `FixedAssetSalesInfo`.
pub(super) const SALE: &[Node] =
    &[text("SalesDesc", 50).required(), date("SalesDate").required(), number("SalesPrice"), number("SalesExpense")];

/// `AcquiredAs`.
pub(super) const ACQUIRED_AS: &[&str] = &["New", "Old"];

/// `SpecialItemType`.
pub(super) const SPECIAL_ITEM: &[&str] = &["FinanceCharge", "ReimbursableExpenseGroup", "ReimbursableExpenseSubtotal"];
