//! Account: QuickBooks `Account`, Bill.com `ChartOfAccount` (`billcom.md` 2.1). Travels both ways.
//!
//! Identity: the account number, or the name below the same parent. An account of another type is never taken for the
//! same one without asking: the type decides what a posting means.

use super::{
    AnyRequest, Ask, BillComHome, DeletedTypes, Entity, FieldSpec, Likeness, NotExpressible, OnEdit, OnGone, OnNew,
    Partners, Reading, Rules, SideRules, Write, adapt_name, quickbooks, squash, tree,
};
use crate::model::{Fields, Kind, Life, Money, NativeId, Raw, RawError, RecordKey, Settings, Side, Sighting, Value};
use qbxml::entity::{AccountAdd, AccountMod, AccountQuery, AccountWhere};
use qbxml::query::ListSelection;
use qbxml::types::{AccountType, ActiveStatus};
use qbxml::{Change, QbText, Record};

/// See the module.
#[derive(Debug)]
pub(super) struct Account;

const NAME_MAX: usize = 31;
const NUMBER_MAX: usize = 7;

static FIELDS: &[FieldSpec] = &[
    FieldSpec::name(NAME_MAX),
    FieldSpec::text("number", "Number", NUMBER_MAX),
    FieldSpec::text("type", "Type", 0),
    FieldSpec::text("description", "Description", 200),
    FieldSpec::value("parent", "Parent").identity(),
    FieldSpec::value("active", "Active"),
];

/// Bill.com's codes, and QuickBooks' words for them (`billcom.md` 2.1).
const TYPES: &[(&str, AccountType)] = &[
    ("1", AccountType::AccountsPayable),
    ("2", AccountType::AccountsReceivable),
    ("3", AccountType::Bank),
    ("4", AccountType::CostOfGoodsSold),
    ("5", AccountType::CreditCard),
    ("6", AccountType::Equity),
    ("7", AccountType::Expense),
    ("8", AccountType::FixedAsset),
    ("9", AccountType::Income),
    ("10", AccountType::LongTermLiability),
    ("11", AccountType::OtherAsset),
    ("12", AccountType::OtherCurrentAsset),
    ("13", AccountType::OtherCurrentLiability),
    ("14", AccountType::OtherExpense),
    ("15", AccountType::OtherIncome),
    ("16", AccountType::NonPosting),
];

/// The canonical word of a type Bill.com does not know; its code there is 0.
const UNSPECIFIED: &str = "Unspecified";

fn type_from_code(code: &str) -> String {
    let known = TYPES.iter().find(|(known, _)| *known == code);
    known.map_or_else(
        || if code == "0" { UNSPECIFIED.to_owned() } else { format!("code {code}") },
        |(_, word)| word.to_string(),
    )
}

fn code_of_type(word: &str) -> &'static str {
    TYPES.iter().find(|(_, known)| known.as_str() == word).map_or("0", |(code, _)| code)
}

fn type_for_quickbooks(fields: &Fields) -> Result<AccountType, NotExpressible> {
    let word = fields.text("type").unwrap_or(UNSPECIFIED);
    match TYPES.iter().find(|(_, known)| known.as_str() == word) {
        Some((_, AccountType::NonPosting)) => Err(NotExpressible::Reason(
            "QuickBooks makes its non-posting accounts itself. Give the account another type in Bill.com.",
        )),
        Some((_, known)) => Ok(known.clone()),
        None => Err(NotExpressible::Reason("The account has no type that QuickBooks knows. Choose one in Bill.com.")),
    }
}

/// The number, when QuickBooks can hold all of it: a cut number is no identity.
fn whole_number(fields: &Fields) -> Option<String> {
    let number = fields.text("number")?.trim();
    (number.chars().count() <= NUMBER_MAX).then(|| squash(number, NUMBER_MAX))
}

impl Entity for Account {
    fn kind(&self) -> Kind {
        Kind::Account
    }

    fn rules(&self, _settings: &Settings) -> Rules {
        let both = SideRules { new: OnNew::Create, edited: OnEdit::Update, gone: OnGone::Deactivate };
        Rules { quickbooks: both, billcom: both }
    }

    fn fields(&self) -> &'static [FieldSpec] {
        FIELDS
    }

    fn title(&self, fields: &Fields) -> String {
        let name = fields.text("name").unwrap_or("without a name");
        fields.text("number").map_or_else(|| name.to_owned(), |number| format!("{number} {name}"))
    }

    fn keys(&self, fields: &Fields) -> Vec<String> {
        let name = tree::name_key(fields, NAME_MAX);
        let number = whole_number(fields).map(|number| format!("number:{number}"));
        name.into_iter().chain(number).collect()
    }

    fn compare(&self, quickbooks: &Fields, billcom: &Fields, partners: &Partners) -> Likeness {
        let same_number = whole_number(quickbooks).is_some() && whole_number(quickbooks) == whole_number(billcom);
        if !(same_number || tree::same_place(quickbooks, billcom, NAME_MAX, partners)) {
            return Likeness::Different;
        }
        if quickbooks.text("type") == billcom.text("type") { Likeness::Same } else { Likeness::Doubtful }
    }

    fn parent(&self) -> Option<&'static str> {
        Some("parent")
    }

    fn homes(&self, _settings: &Settings) -> &'static [BillComHome] {
        const { &[BillComHome::flat("ChartOfAccount")] }
    }

    fn read_billcom(&self, raw: &Raw, _settings: &Settings) -> Result<Sighting, RawError> {
        let mut fields = Fields::new();
        fields.set_text("name", raw.text("name"));
        fields.set_text("number", raw.text("accountNumber"));
        fields.set_text("type", Some(type_from_code(raw.text("accountType").as_deref().unwrap_or("0"))));
        fields.set_text("description", raw.text("description"));
        fields.set("parent", tree::pointer(Kind::Account, raw.reference("parentChartOfAccountId")?));
        fields.set("active", Some(Value::Flag(raw.is_active())));
        Ok(Sighting {
            key: RecordKey::new(Side::BillCom, Kind::Account, raw.id()?),
            version: raw.text("updatedTime").unwrap_or_default(),
            fields,
            life: Life::Alive,
            merged_into: raw.reference("mergedIntoId")?,
            hold: None,
            mark: None,
            line_ids: Vec::new(),
        })
    }

    fn write_billcom(&self, write: &Write<'_>) -> Raw {
        let mut raw = super::billcom::begin("ChartOfAccount", write);
        super::billcom::put_text(&mut raw, write, "name", "name");
        super::billcom::put_text(&mut raw, write, "number", "accountNumber");
        super::billcom::put_text(&mut raw, write, "description", "description");
        super::billcom::put_reference(&mut raw, write, "parent", "parentChartOfAccountId");
        if let Some(word) = write.fields.text("type") {
            raw.set("accountType", code_of_type(word));
        }
        raw
    }

    fn ask_quickbooks(&self, ask: &Ask) -> Result<Box<dyn AnyRequest>, NotExpressible> {
        let everything = AccountWhere { active_status: Some(ActiveStatus::All), ..AccountWhere::default() };
        let selection = match ask {
            Ask::Changed { .. } | Ask::Continue { .. } => {
                ListSelection::Where(AccountWhere { from_modified_date: Reading::of(ask)?.since, ..everything })
            }
            Ask::ById(id) => ListSelection::ListIds(vec![quickbooks::list_id(id)?]),
            Ask::Like(fields) => ListSelection::Where(AccountWhere {
                name: quickbooks::named(fields.text("name"), NAME_MAX),
                ..everything
            }),
            Ask::Named(name) => {
                ListSelection::Where(AccountWhere { name: quickbooks::named(Some(name), NAME_MAX), ..everything })
            }
        };
        Ok(Box::new(AccountQuery { selection, ..AccountQuery::default() }))
    }

    fn page_max(&self) -> Option<u32> {
        None
    }

    fn read_quickbooks(&self, record: &Record) -> Option<(Sighting, String)> {
        let Record::Account(ret) = record else { return None };
        let id = quickbooks::native(ret.list_id.as_ref()?.as_str())?;
        let mut fields = Fields::new();
        fields.set_text("name", ret.name.as_deref());
        fields.set_text("number", ret.account_number.as_deref());
        fields.set_text("type", ret.account_type.as_ref().map(AccountType::as_str));
        fields.set_text("description", ret.desc.as_deref());
        fields.set("parent", quickbooks::reference(Kind::Account, ret.parent_ref.as_ref()));
        fields.set("active", Some(Value::Flag(ret.is_active.unwrap_or(true))));
        let sighting = Sighting {
            key: RecordKey::new(Side::QuickBooks, Kind::Account, id),
            version: quickbooks::version(ret.edit_sequence.as_ref()),
            fields,
            life: Life::Alive,
            merged_into: None,
            hold: None,
            mark: None,
            line_ids: Vec::new(),
        };
        Some((sighting, quickbooks::stamp(ret.time_modified.as_ref())))
    }

    fn write_quickbooks(&self, write: &Write<'_>) -> Result<Box<dyn AnyRequest>, NotExpressible> {
        let name = |fields: &Fields| QbText::clean(&adapt_name(fields.text("name").unwrap_or_default(), NAME_MAX)).0;
        let Some(current) = write.current else {
            let fields = write.fields;
            let mut add = AccountAdd::new(name(fields), type_for_quickbooks(fields)?);
            add.parent_ref = quickbooks::list_ref(fields.reference("parent"))?;
            add.account_number = quickbooks::text(fields, "number");
            add.desc = quickbooks::text(fields, "description");
            return Ok(Box::new(add));
        };
        let mut change = AccountMod::new(quickbooks::list_id(&current.key.id)?, quickbooks::edit_sequence(current)?);
        if write.touches("name") {
            change.name = Change::Set(name(write.fields));
        }
        if let Some(active) = write.fields.flag("active") {
            change.is_active = Change::Set(active);
        }
        if write.touches("parent") {
            change.parent_ref = Change::to(quickbooks::list_ref(write.fields.reference("parent"))?);
        }
        if write.touches("type") {
            change.account_type = Change::Set(type_for_quickbooks(write.fields)?);
        }
        change.account_number = quickbooks::change(write, "number");
        change.desc = quickbooks::change(write, "description");
        Ok(Box::new(change))
    }

    fn deleted_types(&self) -> DeletedTypes {
        DeletedTypes::List(&["Account"])
    }
}

/// Asks what the bank accounts hold. A balance changes without the account being edited (`qbxml.md` 10, recalled), so they are
/// always all asked for.
///
/// # Errors
/// [`NotExpressible`] when the question cannot be put in qbXML.
pub fn ask_balances() -> Result<Box<dyn AnyRequest>, NotExpressible> {
    let banks = AccountWhere { account_type: vec![AccountType::Bank], ..AccountWhere::default() };
    Ok(Box::new(AccountQuery { selection: ListSelection::Where(banks), ..AccountQuery::default() }))
}

/// The book balance of a bank account; none when the record is no such account.
#[must_use]
pub fn read_balance(record: &Record) -> Option<(NativeId, Money)> {
    let Record::Account(ret) = record else { return None };
    let id = quickbooks::native(ret.list_id.as_ref()?.as_str())?;
    let bank = ret.account_type.as_ref() == Some(&AccountType::Bank);
    bank.then_some((id, quickbooks::money(ret.balance.as_ref()?)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Reference;

    #[test]
    fn every_type_of_quickbooks_has_a_code_and_comes_back() {
        for word in AccountType::ALL {
            let code = code_of_type(word.as_str());
            assert_ne!(code, "0", "{word}");
            assert_eq!(type_from_code(code), word.as_str());
        }
    }

    #[test]
    fn another_type_is_never_the_same_account_without_asking() {
        let account =
            |kind: &str| Fields::new().with("name", Value::Text("Fees".into())).with("type", Value::Text(kind.into()));
        let partners = Partners::default();
        assert_eq!(Account.compare(&account("Expense"), &account("Expense"), &partners), Likeness::Same);
        assert_eq!(Account.compare(&account("Expense"), &account("Bank"), &partners), Likeness::Doubtful);
    }

    #[test]
    fn a_child_is_its_name_below_its_parent() {
        let id = |text: &str| NativeId::new(text).expect("id");
        let child = |parent: &str| {
            let parent = Reference { kind: Kind::Account, id: id(parent) };
            Fields::new()
                .with("name", Value::Text("Fuel".into()))
                .with("type", Value::Text("Expense".into()))
                .with("parent", Value::Ref(parent))
        };
        let mut partners = Partners::default();
        assert_eq!(Account.compare(&child("q1"), &child("b1"), &partners), Likeness::Different);
        partners.insert(Kind::Account, &id("q1"), &id("b1"));
        assert_eq!(Account.compare(&child("q1"), &child("b1"), &partners), Likeness::Same);
    }
}
