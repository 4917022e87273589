//! Items: twelve types in one stream, one side or two, accounts, stock, parts.

use super::*;
use crate::sim::quickbooks::ListKind;

/// A company that sells, stocks and taxes, and the accounts for it.
pub(super) struct Shop {
    pub(super) desk: Desk,
    pub(super) sales: String,
    pub(super) stock: String,
}

impl Shop {
    pub(super) fn new() -> Self {
        let mut desk = Desk::with_classes();
        let mut person = desk.file.person(at(0));
        person.set_preferences(|preferences| preferences.inventory = true);
        let sales = person.add_account("Sales", "Income").expect("new");
        person.add_account("Cost of Goods Sold", "CostOfGoodsSold").expect("new");
        let stock = person.add_account("Inventory Asset", "OtherCurrentAsset").expect("new");
        person.add_account("Trucks", "FixedAsset").expect("new");
        let agency = person.add_vendor("State Board of Equalization").expect("new");
        person.charge_sales_tax("San Tomas", "7.75", &agency).expect("new");
        Self { desk, sales, stock }
    }

    /// Makes one of each type, the sales tax being there already.
    pub(super) fn with_all_types() -> Self {
        let mut shop = Self::new();
        for (word, fields) in ALL_TYPES {
            let (code, response) = shop.desk.one(&item_add(word, fields));
            assert_eq!(code, 0, "{word}: {:?}", response.attribute("statusMessage"));
        }
        shop
    }

    fn id(&self, name: &str) -> String {
        self.desk.file.item(name).expect("the item").entry.id
    }
}

fn item_add(word: &str, fields: &str) -> String {
    format!("<{word}AddRq><{word}Add>{fields}</{word}Add></{word}AddRq>")
}

const STOCK_ACCOUNTS: &str = "<IncomeAccountRef><FullName>Sales</FullName></IncomeAccountRef><PurchaseCost>12.50</PurchaseCost><COGSAccountRef><FullName>Cost of Goods Sold</FullName></COGSAccountRef>";

const ALL_TYPES: &[(&str, &str)] = &[
    (
        "ItemService",
        "<Name>Installation</Name><SalesTaxCodeRef><FullName>Non</FullName></SalesTaxCodeRef><SalesOrPurchase><Desc>x</Desc><Price>35.00</Price><AccountRef><FullName>Sales</FullName></AccountRef></SalesOrPurchase>",
    ),
    (
        "ItemNonInventory",
        "<Name>Lumber</Name><SalesAndPurchase><SalesPrice>9.00</SalesPrice><IncomeAccountRef><FullName>Sales</FullName></IncomeAccountRef><PurchaseCost>4.00</PurchaseCost><ExpenseAccountRef><FullName>Repairs</FullName></ExpenseAccountRef><PrefVendorRef><FullName>C.U. Electric</FullName></PrefVendorRef></SalesAndPurchase>",
    ),
    (
        "ItemOtherCharge",
        "<Name>Freight</Name><SalesOrPurchase><PricePercent>5.0</PricePercent><AccountRef><FullName>Sales</FullName></AccountRef></SalesOrPurchase>",
    ),
    (
        "ItemInventory",
        "<Name>Hinge</Name><BarCode><BarCodeValue>4006381</BarCodeValue></BarCode><IncomeAccountRef><FullName>Sales</FullName></IncomeAccountRef><COGSAccountRef><FullName>Cost of Goods Sold</FullName></COGSAccountRef><AssetAccountRef><FullName>Inventory Asset</FullName></AssetAccountRef><QuantityOnHand>10</QuantityOnHand><TotalValue>125.00</TotalValue><InventoryDate>2026-01-01</InventoryDate>",
    ),
    (
        "ItemInventoryAssembly",
        "<Name>Door Kit</Name><IncomeAccountRef><FullName>Sales</FullName></IncomeAccountRef><COGSAccountRef><FullName>Cost of Goods Sold</FullName></COGSAccountRef><AssetAccountRef><FullName>Inventory Asset</FullName></AssetAccountRef><BuildPoint>5</BuildPoint><ItemInventoryAssemblyLine><ItemInventoryRef><FullName>Hinge</FullName></ItemInventoryRef><Quantity>2</Quantity></ItemInventoryAssemblyLine>",
    ),
    (
        "ItemFixedAsset",
        "<Name>Truck</Name><AcquiredAs>New</AcquiredAs><PurchaseDesc>Truck</PurchaseDesc><PurchaseDate>2020-01-02</PurchaseDate><PurchaseCost>30000.00</PurchaseCost><AssetAccountRef><FullName>Trucks</FullName></AssetAccountRef>",
    ),
    ("ItemSubtotal", "<Name>Subtotal</Name><ItemDesc>Subtotal</ItemDesc>"),
    (
        "ItemDiscount",
        "<Name>Rebate</Name><ItemDesc>10% off</ItemDesc><DiscountRatePercent>10.0</DiscountRatePercent><AccountRef><FullName>Sales</FullName></AccountRef>",
    ),
    (
        "ItemPayment",
        "<Name>Down Payment</Name><DepositToAccountRef><FullName>Checking</FullName></DepositToAccountRef>",
    ),
    ("ItemSalesTaxGroup", "<Name>Bay Area</Name><ItemSalesTaxRef><FullName>San Tomas</FullName></ItemSalesTaxRef>"),
    (
        "ItemGroup",
        "<Name>Door Set</Name><IsPrintItemsInGroup>false</IsPrintItemsInGroup><ItemGroupLine><ItemRef><FullName>Installation</FullName></ItemRef><Quantity>1</Quantity></ItemGroupLine><ItemGroupLine><ItemRef><FullName>Door Kit</FullName></ItemRef></ItemGroupLine>",
    ),
];

#[test]
fn one_query_pages_through_all_types_in_their_order() {
    let mut shop = Shop::with_all_types();
    let start = "<ItemQueryRq iterator=\"Start\"><MaxReturned>5</MaxReturned></ItemQueryRq>";
    let (_, page) = shop.desk.one(start);
    let id = page.attribute("iteratorID").expect("an iterator").to_owned();
    let mut words: Vec<String> = page.children.iter().map(|ret| ret.name.clone()).collect();
    for remaining in ["2", "0"] {
        let go_on = start.replace("iterator=\"Start\"", &format!("iterator=\"Continue\" iteratorID=\"{id}\""));
        let (_, page) = shop.desk.one(&go_on);
        assert_eq!(page.attribute("iteratorRemainingCount"), Some(remaining));
        words.extend(page.children.iter().map(|ret| ret.name.clone()));
    }
    let expected: Vec<String> = ListKind::ITEMS.iter().map(|kind| format!("{}Ret", kind.word())).collect();
    assert_eq!(words, expected, "each once, by type");
    let (code, one) = shop.desk.one("<ItemDiscountQueryRq/>");
    assert_eq!((code, texts(&one, "Name")), (0, vec!["Rebate"]), "a query of one type sees that type only");
    assert_eq!(
        shop.desk.one("<ItemQueryRq><FullName>door set</FullName></ItemQueryRq>").1.children[0].name,
        "ItemGroupRet"
    );
    assert_eq!(shop.desk.refusal(&start.replace("\"Start\"", "\"Continue\" iteratorID=\"{0}\"")).0, 3391);
}

#[test]
fn names_are_shared_by_all_types_and_sub_items_keep_the_type() {
    let mut shop = Shop::with_all_types();
    let service = |name: &str, parent: &str| {
        let parent = if parent.is_empty() {
            String::new()
        } else {
            format!("<ParentRef><FullName>{parent}</FullName></ParentRef>")
        };
        let side = "<SalesOrPurchase><AccountRef><FullName>Sales</FullName></AccountRef></SalesOrPurchase>";
        item_add("ItemService", &format!("<Name>{name}</Name>{parent}{side}"))
    };
    assert_eq!(shop.desk.refusal(&service("lumber", "")).0, 3100, "a name of another type");
    assert_eq!(shop.desk.refusal(&service("Doors", "Lumber")).0, 3130, "a parent of another type");
    let (code, response) = shop.desk.one(&service("Doors", "Installation"));
    assert_eq!((code, response.children[0].text_of("FullName")), (0, Some("Installation:Doors")));
    assert_eq!(shop.desk.one(&service("Lumber", "Installation")).0, 0, "unique under its parent only");
    let (_, listed) = shop.desk.one("<ItemServiceQueryRq/>");
    assert_eq!(texts(&listed, "FullName"), ["Installation", "Installation:Doors", "Installation:Lumber"]);
}

#[test]
fn whether_an_item_has_one_side_or_two_stays() {
    let mut shop = Shop::with_all_types();
    let both = item_add("ItemService", "<Name>X</Name><SalesOrPurchase/><SalesAndPurchase/>");
    assert_eq!(shop.desk.send_with("onError=\"stopOnError\"", "13.0", &both).expect_err("a choice").code, 0x8004_0400);
    let id = shop.id("Installation");
    let change = |desk: &Desk, inside: &str| {
        desk.list_mod(ListKind::ItemService, &id, &format!("<SalesOrPurchaseMod>{inside}</SalesOrPurchaseMod>"))
    };
    let (code, response) = shop.desk.one(&change(
        &shop.desk,
        "<Desc></Desc><PricePercent>3.5</PricePercent><ApplyAccountRefToExistingTxns>0</ApplyAccountRefToExistingTxns>",
    ));
    assert_eq!(code, 0);
    let side = response.children[0].child("SalesOrPurchase").expect("its side");
    let names: Vec<&str> = side.children.iter().map(|child| child.name.as_str()).collect();
    assert_eq!(names, ["PricePercent", "AccountRef"], "the account stays, the text is cleared, the price gives way");
    assert_eq!(side.child("AccountRef").and_then(|account| account.text_of("FullName")), Some("Sales"));
    let other = shop.desk.list_mod(
        ListKind::ItemService,
        &id,
        "<SalesAndPurchaseMod><PurchaseCost>1.00</PurchaseCost></SalesAndPurchaseMod>",
    );
    assert_eq!(shop.desk.refusal(&other).0, 3210);
    assert_eq!(shop.desk.refusal(&change(&shop.desk, "<AccountRef><ListID></ListID></AccountRef>")).0, 3150);
    let lumber = shop.desk.file.item("Lumber").expect("known");
    assert_eq!((lumber.cost.as_deref(), lumber.price.as_deref()), (Some("4.00"), Some("9.00")));
    assert_eq!((lumber.bought_to, lumber.sold_to), (Some(shop.desk.repairs.clone()), Some(shop.sales.clone())));
}

#[test]
fn accounts_are_needed_and_of_the_right_type() {
    let mut shop = Shop::new();
    let (code, text) = shop
        .desk
        .refusal(&item_add("ItemService", "<Name>X</Name><SalesOrPurchase><Price>1</Price></SalesOrPurchase>"));
    assert_eq!((code, text.as_str()), (3150, "There is a missing element: \"AccountRef\"."));
    let (code, text) = shop.desk.refusal(&item_add(
        "ItemService",
        "<Name>X</Name><SalesOrPurchase><AccountRef><FullName>Nowhere</FullName></AccountRef></SalesOrPurchase>",
    ));
    assert_eq!(code, 3140);
    assert!(
        text.starts_with("There is an invalid reference to QuickBooks Account \"Nowhere\" in the ItemService."),
        "{text}"
    );
    let stock = |asset: &str| item_add("ItemInventory", &format!("<Name>X</Name>{STOCK_ACCOUNTS}{asset}"));
    assert_eq!(shop.desk.refusal(&stock("")).0, 3150);
    assert_eq!(shop.desk.refusal(&stock("<AssetAccountRef><FullName>Checking</FullName></AssetAccountRef>")).0, 3140);
    shop.desk.file.person(at(9)).set_preferences(|preferences| preferences.inventory = false);
    assert_eq!(
        shop.desk.refusal(&stock("<AssetAccountRef><FullName>Inventory Asset</FullName></AssetAccountRef>")).0,
        3250
    );
    shop.desk.file.person(at(9)).set_preferences(|preferences| preferences.sales_tax = false);
    assert_eq!(shop.desk.refusal(&item_add("ItemSalesTax", "<Name>Y</Name>")).0, 3250);
    assert_eq!(shop.desk.refusal(&item_add("ItemService", "<Name>Z</Name><SalesTaxCodeRef><FullName>Tax</FullName></SalesTaxCodeRef><SalesOrPurchase><AccountRef><FullName>Sales</FullName></AccountRef></SalesOrPurchase>")).0, 3250);
}

#[test]
fn what_is_on_hand_at_first_is_posted() {
    let mut shop = Shop::with_all_types();
    let (_, response) = shop.desk.one("<ItemInventoryQueryRq/>");
    let ret = &response.children[0];
    let text = |name: &str| ret.text_of(name);
    assert_eq!(
        (text("QuantityOnHand"), text("AverageCost"), text("QuantityOnOrder")),
        (Some("10"), Some("12.50"), Some("0"))
    );
    assert_eq!((text("TotalValue"), text("BarCodeValue"), text("InventoryDate")), (None, Some("4006381"), None));
    let stock = shop.desk.file.account("Inventory Asset").expect("known");
    assert_eq!((stock.id.as_str(), stock.balance_cents), (shop.stock.as_str(), 12_500));
    let id = shop.id("Hinge");
    assert_eq!(shop.desk.one(&shop.desk.list_mod(ListKind::ItemInventory, &id, "<SalesPrice>20.00</SalesPrice>")).0, 0);
    assert_eq!(shop.desk.file.account("Inventory Asset").expect("known").balance_cents, 12_500, "once only");
    assert_eq!(shop.desk.file.trial_balance(), 0);
}

#[test]
fn an_item_is_no_part_of_itself_and_parts_cannot_be_deleted() {
    let mut shop = Shop::with_all_types();
    let kit = shop.id("Door Kit");
    let line = "<ItemInventoryAssemblyLine><ItemInventoryRef><FullName>Door Kit</FullName></ItemInventoryRef></ItemInventoryAssemblyLine>";
    assert_eq!(shop.desk.refusal(&shop.desk.list_mod(ListKind::ItemInventoryAssembly, &kit, line)).0, 3140);
    let in_group = item_add(
        "ItemGroup",
        "<Name>Outer</Name><ItemGroupLine><ItemRef><FullName>Door Set</FullName></ItemRef></ItemGroupLine>",
    );
    assert_eq!(shop.desk.refusal(&in_group).0, 3140);
    let del = format!("<ListDelRq><ListDelType>ItemInventoryAssembly</ListDelType><ListID>{kit}</ListID></ListDelRq>");
    assert_eq!(shop.desk.refusal(&del).0, 3160, "a group holds it");
    let set = shop.id("Door Set");
    let (code, response) =
        shop.desk.one(&shop.desk.list_mod(ListKind::ItemGroup, &set, "<ClearItemsInGroup>true</ClearItemsInGroup>"));
    assert_eq!((code, response.children[0].child("ItemGroupLine")), (0, None));
    assert_eq!(shop.desk.one(&del).0, 0);
    assert_eq!(shop.desk.refusal(&del.replace("Assembly<", "<")).0, 3120, "gone, and never one of that type");
    let gone = "<ListDeletedQueryRq><ListDelType>ItemInventoryAssembly</ListDelType></ListDeletedQueryRq>";
    assert_eq!(texts(&shop.desk.one(gone).1, "FullName"), ["Door Kit"]);
}

#[test]
fn items_of_a_class_are_found_by_it() {
    let mut shop = Shop::with_all_types();
    let class = shop.desk.file.person(at(9)).add_class("East").expect("new");
    let id = shop.id("Freight");
    shop.desk
        .file
        .person(at(9))
        .set_reference(ListKind::ItemOtherCharge, &id, "ClassRef", Some(&class))
        .expect("known");
    let query = "<ItemOtherChargeQueryRq><ClassFilter><FullName>East</FullName></ClassFilter></ItemOtherChargeQueryRq>";
    assert_eq!(texts(&shop.desk.one(query).1, "Name"), ["Freight"]);
    assert_eq!(shop.desk.one(&query.replace("OtherCharge", "Service")).0, 1);
    let on_all = "<ItemQueryRq><ClassFilter><FullName>East</FullName></ClassFilter></ItemQueryRq>";
    assert_eq!(
        shop.desk.send_with("onError=\"stopOnError\"", "13.0", on_all).expect_err("not there").code,
        0x8004_0400
    );
}
