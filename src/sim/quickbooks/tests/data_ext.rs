//! Data extensions: definitions, values, and who gets to see them.

use super::items::Shop;
use super::*;
use crate::sim::quickbooks::ListKind;

const OWNER: &str = "{6B063959-81B0-4622-85D6-F548C8CCB517}";

fn define(owner: &str, name: &str, kind: &str, objects: &[&str]) -> String {
    let objects: String = objects.iter().map(|object| format!("<AssignToObject>{object}</AssignToObject>")).collect();
    format!(
        "<DataExtDefAddRq><DataExtDefAdd><OwnerID>{owner}</OwnerID><DataExtName>{name}</DataExtName><DataExtType>{kind}</DataExtType>{objects}</DataExtDefAdd></DataExtDefAddRq>"
    )
}

fn on_vendor(verb: &str, owner: &str, vendor: &str, value: &str) -> String {
    let value = if verb == "Del" { String::new() } else { format!("<DataExtValue>{value}</DataExtValue>") };
    format!(
        "<DataExt{verb}Rq><DataExt{verb}><OwnerID>{owner}</OwnerID><DataExtName>BillComID</DataExtName><ListDataExtType>Vendor</ListDataExtType><ListObjRef><ListID>{vendor}</ListID></ListObjRef>{value}</DataExt{verb}></DataExt{verb}Rq>"
    )
}

#[test]
fn values_are_seen_by_those_who_name_the_owner() {
    let mut desk = Desk::new();
    let vendor = desk.vendor.clone();
    let add = on_vendor("Add", OWNER, &vendor, "00n01ABC");
    assert_eq!(desk.refusal(&add).0, 3121, "not defined");
    let (code, response) = desk.one(&define(OWNER, "BillComID", "STR255TYPE", &["Bill", "Vendor"]));
    assert_eq!((code, response.children[0].text_of("DataExtID")), (0, Some("1")));
    assert_eq!(desk.refusal(&define(OWNER, "billcomid", "INTTYPE", &["Vendor"])).0, 3100);
    let (code, response) = desk.one(&add);
    assert_eq!((code, response.children[0].text_of("DataExtValue")), (0, Some("00n01ABC")));
    let value = |response: &Element| {
        response.children[0].child("DataExtRet").and_then(|ret| ret.text_of("DataExtValue")).map(str::to_owned)
    };
    let seen = |desk: &mut Desk, owner: &str| value(&desk.one(&format!("<VendorQueryRq>{owner}</VendorQueryRq>")).1);
    assert_eq!(seen(&mut desk, ""), None);
    assert_eq!(seen(&mut desk, "<OwnerID>{00000000-0000-0000-0000-000000000000}</OwnerID>"), None);
    let mine = format!("<OwnerID>{}</OwnerID>", OWNER.to_lowercase());
    assert_eq!(seen(&mut desk, &mine).as_deref(), Some("00n01ABC"));
    let named = format!("<IncludeRetElement>Name</IncludeRetElement>{mine}");
    assert_eq!(seen(&mut desk, &named), None, "not among the elements wanted");
    let both = format!("<IncludeRetElement>DataExtRet</IncludeRetElement>{mine}");
    assert_eq!(seen(&mut desk, &both).as_deref(), Some("00n01ABC"));
    assert_eq!(desk.refusal(&on_vendor("Add", OWNER, &vendor, &"x".repeat(256))).0, 3070);
    assert_eq!(desk.one(&on_vendor("Mod", OWNER, &vendor, "changed")).0, 0);
    assert_eq!(seen(&mut desk, &mine).as_deref(), Some("changed"));
    assert_eq!(desk.one(&on_vendor("Del", OWNER, &vendor, "")).0, 0);
    assert_eq!(seen(&mut desk, &mine), None);
    assert_eq!(desk.refusal(&on_vendor("Mod", OWNER, &vendor, "late")).0, 3120);
}

#[test]
fn values_stand_at_transactions_lines_and_the_company_too() {
    let mut desk = Desk::new();
    let bill = desk.bill("1", 1_000);
    desk.one(&define(OWNER, "Mark", "INTTYPE", &["Bill", "Company"]));
    let add = |holder: &str, value: &str| {
        format!(
            "<DataExtAddRq><DataExtAdd><OwnerID>{OWNER}</OwnerID><DataExtName>Mark</DataExtName>{holder}<DataExtValue>{value}</DataExtValue></DataExtAdd></DataExtAddRq>"
        )
    };
    let on_bill = format!("<TxnDataExtType>Bill</TxnDataExtType><TxnID>{bill}</TxnID>");
    let (code, text) = desk.refusal(&add(&on_bill, "seven"));
    assert_eq!(
        (code, text.as_str()),
        (3085, "There was an error when converting the number \"seven\" in the field \"DataExtValue\".")
    );
    assert_eq!(desk.one(&add(&on_bill, "7")).0, 0);
    let line = desk.file.bill(&bill).expect("known").lines[0].id.clone();
    assert_eq!(desk.one(&add(&format!("{on_bill}<TxnLineID>{line}</TxnLineID>"), "8")).0, 0);
    let query = format!("<BillQueryRq><IncludeLineItems>1</IncludeLineItems><OwnerID>{OWNER}</OwnerID></BillQueryRq>");
    let (_, response) = desk.one(&query);
    let value =
        |element: &Element| element.child("DataExtRet").and_then(|ret| ret.text_of("DataExtValue")).map(str::to_owned);
    let ret = &response.children[0];
    assert_eq!(value(ret).as_deref(), Some("7"));
    assert_eq!(ret.child("ExpenseLineRet").and_then(value).as_deref(), Some("8"));
    assert_eq!(desk.one(&add("<OtherDataExtType>Company</OtherDataExtType>", "9")).0, 0);
    assert_eq!(desk.file.company_data(OWNER, "Mark"), Some("9"));
    let vendor =
        format!("<ListDataExtType>Vendor</ListDataExtType><ListObjRef><ListID>{}</ListID></ListObjRef>", desk.vendor);
    assert_eq!(desk.refusal(&add(&vendor, "1")).0, 3210, "not assigned to vendors");
    assert_eq!(desk.refusal(&add("<TxnDataExtType>Check</TxnDataExtType><TxnID>1-1</TxnID>", "1")).0, 3120);
}

#[test]
fn items_are_one_kind_of_object_and_values_go_with_their_record() {
    let mut shop = Shop::with_all_types();
    shop.desk.one(&define("0", "Shelf", "STR255TYPE", &["Item"]));
    let change = |name: &str| {
        format!(
            "<DataExtModRq><DataExtMod><OwnerID>0</OwnerID><DataExtName>Shelf</DataExtName><ListDataExtType>Item</ListDataExtType><ListObjRef><FullName>{name}</FullName></ListObjRef><DataExtValue>A1</DataExtValue></DataExtMod></DataExtModRq>"
        )
    };
    assert_eq!(shop.desk.one(&change("Freight")).0, 0, "a custom field is set by a Mod as well");
    assert_eq!(shop.desk.refusal(&change("Nowhere")).0, 3140);
    let query = "<ItemQueryRq><FullName>Freight</FullName><OwnerID>0</OwnerID></ItemQueryRq>";
    let shown =
        |desk: &mut Desk| desk.one(query).1.children.first().is_some_and(|ret| ret.child("DataExtRet").is_some());
    assert!(shown(&mut shop.desk));
    let rename = "<DataExtDefModRq><DataExtDefMod><OwnerID>0</OwnerID><DataExtName>Shelf</DataExtName><DataExtNewName>Rack</DataExtNewName><AssignToObject>Vendor</AssignToObject></DataExtDefMod></DataExtDefModRq>";
    assert_eq!(shop.desk.one(rename).0, 0);
    assert!(shown(&mut shop.desk), "values follow the new name");
    let defined = |desk: &mut Desk, filter: &str| {
        texts(&desk.one(&format!("<DataExtDefQueryRq>{filter}</DataExtDefQueryRq>")).1, "DataExtName").join(" ")
    };
    assert_eq!(defined(&mut shop.desk, "<AssignToObject>Vendor</AssignToObject>"), "Rack");
    assert_eq!(defined(&mut shop.desk, &format!("<OwnerID>{OWNER}</OwnerID>")), "");
    let id = shop.desk.file.item("Freight").expect("known").entry.id;
    shop.desk.file.person(at(90)).delete(ListKind::ItemOtherCharge, &id).expect("unused");
    let undefine = "<DataExtDefDelRq><OwnerID>0</OwnerID><DataExtName>Rack</DataExtName></DataExtDefDelRq>";
    assert_eq!(shop.desk.one(undefine).0, 0);
    assert_eq!(shop.desk.refusal(undefine).0, 3121);
}

#[test]
fn loaded_values_wait_for_their_owner() {
    let mut desk = Desk::new();
    let vendor = format!(
        "<QBXML><QBXMLMsgsRs><VendorQueryRs><VendorRet><ListID>80000055-1</ListID><TimeCreated>2020-01-01T00:00:00-05:00</TimeCreated><TimeModified>2020-01-01T00:00:00-05:00</TimeModified><EditSequence>1</EditSequence><Name>Loaded</Name><DataExtRet><OwnerID>{OWNER}</OwnerID><DataExtName>K</DataExtName><DataExtType>STR255TYPE</DataExtType><DataExtValue>v</DataExtValue></DataExtRet></VendorRet></VendorQueryRs></QBXMLMsgsRs></QBXML>"
    );
    assert_eq!(desk.file.load(&vendor).expect("a good answer"), 1);
    let query = "<VendorQueryRq><FullName>Loaded</FullName></VendorQueryRq>";
    assert!(desk.one(query).1.children[0].child("DataExtRet").is_none());
    let owned = query.replace("</VendorQueryRq>", &format!("<OwnerID>{OWNER}</OwnerID></VendorQueryRq>"));
    assert!(desk.one(&owned).1.children[0].child("DataExtRet").is_some());
}
