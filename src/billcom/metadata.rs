//! What Bill.com says its records consist of, compared with what we rely on.
//!
//! `GetEntityMetadata` answers with the fields of each entity; its reply has no published schema (`billcom.md` 2.14). The names
//! are therefore looked for in every shape that is known or likely, and an answer in none of them proves nothing. The table
//! is written from the vendor's OpenAPI documents; where sources spell a name differently, any of the spellings will do.

use super::Entity;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The names of an entity's fields, as Bill.com gave them.
pub type FieldNames = BTreeMap<Entity, BTreeSet<String>>;

/// What every record has.
const EVERY: &[&str] = &["id"];

/// Fields that the ledger needs, those with several spellings as `one|other`.
fn needed(entity: Entity) -> &'static [&'static str] {
    match entity {
        Entity::CHART_OF_ACCOUNT => {
            &["name", "isActive", "accountNumber", "accountType", "parentChartOfAccountId", "mergedIntoId"]
        }
        Entity::DEPARTMENT => &["name", "isActive", "parentDepartmentId", "mergedIntoId"],
        Entity::ACTG_CLASS => &["name", "isActive", "parentActgClassId", "mergedIntoId"],
        Entity::LOCATION => &["name", "isActive", "parentLocationId|parentActgClassId", "mergedIntoId"],
        Entity::JOB => &["name", "isActive", "parentJobId", "mergedIntoId"],
        Entity::ITEM => &["name", "isActive", "type", "price", "chartOfAccountId", "parentItemId", "mergedIntoId"],
        Entity::PAYMENT_TERM => &["name", "netDue"],
        Entity::VENDOR => &[
            "name",
            "isActive",
            "companyName",
            "nameOnCheck",
            "accNumber",
            "address1",
            "addressCity",
            "addressState",
            "addressZip",
            "email",
            "phone",
            "description",
            "mergeIntoId|mergedIntoId",
        ],
        Entity::CUSTOMER => {
            &["name", "isActive", "parentCustomerId", "companyName", "billAddress1", "email", "phone", "mergedIntoId"]
        }
        Entity::BILL => &[
            "vendorId",
            "isActive",
            "invoiceNumber",
            "invoiceDate",
            "dueDate",
            "glPostingDate",
            "amount",
            "approvalStatus",
            "paymentStatus",
        ],
        Entity::VENDOR_CREDIT => &["vendorId", "isActive", "refNumber", "creditDate", "amount", "approvalStatus"],
        Entity::SENT_PAY => &[
            "vendorId",
            "processDate",
            "status",
            "amount",
            "isOnline",
            "chartOfAccountId",
            "syncReference",
            "toPrintCheck",
            "allowExport",
        ],
        Entity::BILL_PAY => &["billId", "sentPayId", "amount"],
        Entity::BILL_CREDIT => &["billId", "sentPayId", "vendorCreditId", "amount"],
        Entity::MONEY_MOVEMENT => &["name", "type", "amount", "processDate", "status", "bankAccountId"],
        Entity::BANK_ACCOUNT => &["bankName", "chartOfAccountId"],
        Entity::INVOICE => &["customerId", "isActive", "invoiceNumber", "invoiceDate", "dueDate", "amount"],
        Entity::RECEIVED_PAY => &["customerId", "status", "paymentDate", "depositToAccountId", "isOnline", "amount"],
        Entity::CREDIT_MEMO => &["customerId", "isActive", "refNumber", "creditDate", "status"],
        Entity::INVOICE_CREDIT => &["invoiceId", "creditMemoId", "amount"],
        _ => &[],
    }
}

/// The fields of an entity that Bill.com does not have, as far as its answer can be understood: `Bill.dueDate`.
#[must_use]
pub fn missing_fields(entity: Entity, known: &FieldNames) -> Vec<String> {
    let Some(names) = known.get(&entity) else { return Vec::new() };
    let has = |spellings: &str| spellings.split('|').any(|name| names.contains(name));
    let wanted = EVERY.iter().chain(needed(entity)).filter(|spellings| !has(spellings));
    wanted.map(|spellings| format!("{entity}.{}", spellings.replace('|', " or "))).collect()
}

/// Reads the answer. Entities whose part is in no known shape are left out.
pub(crate) fn read(data: &Value, asked: &[Entity]) -> FieldNames {
    let names = asked.iter().filter_map(|&entity| Some((entity, names_in(data.get(entity.name())?)?)));
    names.collect()
}

/// The names in `{name: {…}}`, in `[{"name": name}]` or `[name]`, and in the same below `fields`.
fn names_in(part: &Value) -> Option<BTreeSet<String>> {
    let part = part.get("fields").filter(|fields| fields.is_object() || fields.is_array()).unwrap_or(part);
    let names: BTreeSet<String> = match part {
        Value::Object(fields) if fields.values().all(Value::is_object) => fields.keys().cloned().collect(),
        Value::Array(fields) => fields.iter().filter_map(name_of).collect(),
        _ => return None,
    };
    // A list without the one field that everything has is a list of something else.
    names.contains("id").then_some(names)
}

fn name_of(field: &Value) -> Option<String> {
    let name =
        field.as_str().or_else(|| ["name", "field", "fieldName"].iter().find_map(|key| field.get(key)?.as_str()));
    name.map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn names_are_found_in_every_shape_and_nothing_is_concluded_from_another() {
        let facts = json!({"readonly": false});
        for shape in [
            json!({"Department": {"fields": {"id": facts, "name": facts}}}),
            json!({"Department": {"id": facts, "name": facts}}),
            json!({"Department": [{"name": "id"}, {"name": "name"}]}),
            json!({"Department": {"fields": ["id", "name"]}}),
            json!({"Department": [{"fieldName": "id", "type": "x"}, {"fieldName": "name"}]}),
        ] {
            let known = read(&shape, &[Entity::DEPARTMENT, Entity::JOB]);
            let missing = missing_fields(Entity::DEPARTMENT, &known);
            assert_eq!(
                missing,
                ["Department.isActive", "Department.parentDepartmentId", "Department.mergedIntoId"],
                "{shape}"
            );
            assert!(missing_fields(Entity::JOB, &known).is_empty(), "not told, not missing");
        }
        for odd in [json!(null), json!({"Department": 3}), json!({"Department": {"count": 12}}), json!([1])] {
            assert!(read(&odd, &[Entity::DEPARTMENT]).is_empty(), "{odd}");
        }
    }

    #[test]
    fn one_of_two_spellings_is_enough() {
        let names = |merged: &str| {
            let all = needed(Entity::VENDOR)
                .iter()
                .flat_map(|name| name.split('|'))
                .filter(|name| !name.starts_with("merge"));
            let all = all.chain(["id", merged]).map(str::to_owned).collect();
            FieldNames::from([(Entity::VENDOR, all)])
        };
        assert!(missing_fields(Entity::VENDOR, &names("mergeIntoId")).is_empty());
        assert!(missing_fields(Entity::VENDOR, &names("mergedIntoId")).is_empty());
        assert_eq!(missing_fields(Entity::VENDOR, &names("x")), ["Vendor.mergeIntoId or mergedIntoId"]);
    }

    /// Every name of the table stands in the vendor's own description of the entity.
    #[test]
    fn the_table_holds_the_vendors_names() {
        let Some(folder) = std::env::var_os("COUNTERFOIL_REFERENCE") else {
            println!("skipped: COUNTERFOIL_REFERENCE is not set");
            return;
        };
        let path = std::path::Path::new(&folder).join("billcom-samples/v2-entities.json");
        let all: Value = serde_json::from_slice(&std::fs::read(path).expect("entities")).expect("JSON");
        for &entity in Entity::ALL {
            let fields = all["entities"][entity.name()]["fields"].as_array().expect("fields");
            let of_vendor = fields.iter().filter(|field| field["source"] == "V");
            let names = of_vendor.filter_map(|field| field["name"].as_str().map(str::to_owned)).collect();
            let missing = missing_fields(entity, &FieldNames::from([(entity, names)]));
            assert_eq!(missing, Vec::<String>::new());
        }
    }
}
