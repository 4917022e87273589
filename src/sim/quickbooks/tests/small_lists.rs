//! Terms, ways to pay, tax codes, kinds, representatives, and the preferences they hang on.

use super::*;
use crate::sim::quickbooks::ListKind;

#[test]
fn date_driven_terms_share_names_with_the_others() {
    let mut desk = Desk::new();
    let add = |name: &str| {
        format!(
            "<DateDrivenTermsAddRq><DateDrivenTermsAdd><Name>{name}</Name><DayOfMonthDue>15</DayOfMonthDue></DateDrivenTermsAdd></DateDrivenTermsAddRq>"
        )
    };
    assert_eq!(desk.one(&add("15th")).0, 0);
    let standard = "<StandardTermsAddRq><StandardTermsAdd><Name>15TH</Name></StandardTermsAdd></StandardTermsAddRq>";
    assert_eq!(desk.refusal(standard).0, 3100);
    let change = "<StandardTermsModRq/>";
    assert_eq!(desk.send_with("onError=\"stopOnError\"", "16.0", change).expect_err("there is none").code, 0x8004_0400);
    let id = desk.file.entry(ListKind::DateDrivenTerms, "15th").expect("known").id;
    let vendor = desk.vendor.clone();
    desk.file.person(at(5)).set_terms(ListKind::Vendor, &vendor, &id).expect("known");
    let del = format!("<ListDelRq><ListDelType>DateDrivenTerms</ListDelType><ListID>{id}</ListID></ListDelRq>");
    assert_eq!(desk.refusal(&del).0, 3160, "a vendor has them");
}

#[test]
fn ways_to_pay_are_filtered_by_type() {
    let mut desk = Desk::new();
    for (name, kind) in [("Visa", "Visa"), ("Cash", "Cash"), ("Wire", "Other")] {
        let add = format!(
            "<PaymentMethodAddRq><PaymentMethodAdd><Name>{name}</Name><PaymentMethodType>{kind}</PaymentMethodType></PaymentMethodAdd></PaymentMethodAddRq>"
        );
        assert_eq!(desk.one(&add).0, 0);
    }
    let query = "<PaymentMethodQueryRq><PaymentMethodType>Visa</PaymentMethodType><PaymentMethodType>Cash</PaymentMethodType></PaymentMethodQueryRq>";
    assert_eq!(texts(&desk.one(query).1, "Name"), ["Cash", "Visa"]);
    assert_eq!(desk.send_with("onError=\"stopOnError\"", "6.0", query).expect_err("since 7.0").code, 0x8004_0400);
}

#[test]
fn representatives_go_by_their_initials() {
    let mut desk = Desk::new();
    desk.file.person(at(0)).add_name(ListKind::Employee, "Jane Doe").expect("new");
    let add = "<SalesRepAddRq><SalesRepAdd><Initial>JD</Initial><SalesRepEntityRef><FullName>Jane Doe</FullName></SalesRepEntityRef></SalesRepAdd></SalesRepAddRq>";
    let (code, response) = desk.one(add);
    let ret = &response.children[0];
    assert_eq!((code, ret.text_of("Initial"), ret.text_of("Name")), (0, Some("JD"), None));
    assert_eq!(desk.refusal(&add.replace("JD", "jd")).0, 3100);
    assert_eq!(desk.refusal(&add.replace("JD", "TOOLNG")).0, 3070);
    let id = ret.text_of("ListID").expect("an ID").to_owned();
    assert_eq!(desk.one(&desk.list_mod(ListKind::SalesRep, &id, "<Initial>JX</Initial>")).0, 0);
    let customer = "<CustomerAddRq><CustomerAdd><Name>N</Name><SalesRepRef><FullName>jx</FullName></SalesRepRef></CustomerAdd></CustomerAddRq>";
    let (_, response) = desk.one(customer);
    assert_eq!(response.children[0].child("SalesRepRef").and_then(|rep| rep.text_of("FullName")), Some("JX"));
}

#[test]
fn kinds_nest_and_plain_names_do_not() {
    let mut desk = Desk::new();
    let kind = |list: &str, fields: &str| format!("<{list}AddRq><{list}Add>{fields}</{list}Add></{list}AddRq>");
    assert_eq!(desk.one(&kind("CustomerType", "<Name>Trade</Name>")).0, 0);
    let (_, below) =
        desk.one(&kind("CustomerType", "<Name>Retail</Name><ParentRef><FullName>Trade</FullName></ParentRef>"));
    assert_eq!(below.children[0].text_of("FullName"), Some("Trade:Retail"));
    for (list, longest) in [("ShipMethod", 15), ("CustomerMsg", 101), ("VendorType", 31)] {
        assert_eq!(desk.one(&kind(list, &format!("<Name>{}</Name>", "x".repeat(longest)))).0, 0, "{list}");
        assert_eq!(desk.refusal(&kind(list, &format!("<Name>{}</Name>", "x".repeat(longest + 1)))).0, 3070, "{list}");
        assert_eq!(desk.one(&format!("<{list}QueryRq/>")).1.children.len(), 1, "{list}");
    }
    assert_eq!(
        desk.file.person(at(5)).add_name(ListKind::ShipMethod, "sixteen letters!").expect_err("long").code,
        3070
    );
}

#[test]
fn sales_tax_is_switched_on_with_its_codes() {
    let mut desk = Desk::new();
    let add = "<SalesTaxCodeAddRq><SalesTaxCodeAdd><Name>OOS</Name><IsTaxable>0</IsTaxable></SalesTaxCodeAdd></SalesTaxCodeAddRq>";
    assert_eq!(desk.refusal(add).0, 3250);
    let preferences = |desk: &mut Desk| desk.one("<PreferencesQueryRq/>").1.children.remove(0);
    assert!(preferences(&mut desk).child("SalesTaxPreferences").is_none());
    let agency = desk.vendor.clone();
    desk.file.person(at(1)).charge_sales_tax("San Tomas", "7.75", &agency).expect("free names");
    assert_eq!(desk.one(add).0, 0);
    assert_eq!(texts(&desk.one("<SalesTaxCodeQueryRq/>").1, "Name"), ["Non", "OOS", "Tax"]);
    let group = preferences(&mut desk);
    let group = group.child("SalesTaxPreferences").expect("on");
    let full_name = |name: &str| group.child(name).and_then(|reference| reference.text_of("FullName"));
    assert_eq!(full_name("DefaultItemSalesTaxRef"), Some("San Tomas"));
    assert_eq!(full_name("DefaultTaxableSalesTaxCodeRef"), Some("Tax"));
    assert_eq!(full_name("DefaultNonTaxableSalesTaxCodeRef"), Some("Non"));
    let id = desk.file.entry(ListKind::SalesTaxCode, "OOS").expect("known").id;
    assert_eq!(desk.refusal(&desk.list_mod(ListKind::SalesTaxCode, &id, "<IsTaxable></IsTaxable>")).0, 3190);
    assert_eq!(desk.one(&desk.list_mod(ListKind::SalesTaxCode, &id, "<Desc>Out of state</Desc>")).0, 0);
    let customer = "<CustomerAddRq><CustomerAdd><Name>N</Name><SalesTaxCodeRef><FullName>oos</FullName></SalesTaxCodeRef><ItemSalesTaxRef><FullName>San Tomas</FullName></ItemSalesTaxRef></CustomerAdd></CustomerAddRq>";
    assert_eq!(desk.one(customer).0, 0);
    let inventory = |desk: &mut Desk| {
        preferences(desk)
            .child("PurchasesAndVendorsPreferences")
            .and_then(|group| group.text_of("IsUsingInventory"))
            .map(str::to_owned)
    };
    assert_eq!(inventory(&mut desk).as_deref(), Some("false"));
    desk.file.person(at(2)).set_preferences(|preferences| preferences.inventory = true);
    assert_eq!(inventory(&mut desk).as_deref(), Some("true"));
}
