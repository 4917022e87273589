//! Field by field: what changed on each side since both agreed, and what follows.

use crate::entities::Partners;
use crate::entities::{Entity, FieldSpec, OnEdit, adapt_name, adapt_text, entity, same_text};
use crate::model::{FieldName, Fields, Kind, Reference, Settings, Side, Value};

/// What a merge of two linked records found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// What QuickBooks must be told: values of Bill.com, in its references.
    pub to_quickbooks: Fields,
    /// What QuickBooks must empty.
    pub clear_quickbooks: Vec<String>,
    /// What Bill.com must be told: values of QuickBooks, in its references.
    pub to_billcom: Fields,
    /// What Bill.com must empty.
    pub clear_billcom: Vec<String>,
    /// Fields whose bases move forward, because both sides say the same.
    pub agreed: Vec<&'static str>,
    /// Fields changed on both sides: label, QuickBooks' value, Bill.com's value, and who won.
    pub conflicts: Vec<(&'static str, String, String, Side)>,
    /// Fields that differ and do not travel: label, QuickBooks' value, Bill.com's value.
    pub differences: Vec<(&'static str, String, String)>,
}

impl Merged {
    /// Whether something must be written to a side.
    #[must_use]
    pub fn writes_to(&self, side: Side) -> bool {
        match side {
            Side::QuickBooks => !self.to_quickbooks.is_empty() || !self.clear_quickbooks.is_empty(),
            Side::BillCom => !self.to_billcom.is_empty() || !self.clear_billcom.is_empty(),
        }
    }

    /// What was to be told to a side is agreed instead.
    pub(super) fn agree(&mut self, name: &'static str, side: Side) {
        let (fields, cleared) = self.towards(side);
        let told = fields.has(name) || cleared.iter().any(|cleared| cleared == name);
        fields.set(name, None);
        cleared.retain(|cleared| cleared != name);
        if told {
            self.agreed.push(name);
        }
    }

    const fn towards(&mut self, side: Side) -> (&mut Fields, &mut Vec<String>) {
        match side {
            Side::QuickBooks => (&mut self.to_quickbooks, &mut self.clear_quickbooks),
            Side::BillCom => (&mut self.to_billcom, &mut self.clear_billcom),
        }
    }

    /// A side is told a value, or that there is none any more.
    pub(super) fn carry(&mut self, name: &'static str, value: Option<&Value>, to: Side) {
        let (fields, cleared) = self.towards(to);
        match value {
            Some(value) => fields.set(name, Some(value.clone())),
            None => cleared.push(name.to_owned()),
        }
    }
}

/// Both sides of a pair, now and when they last agreed.
#[derive(Clone, Copy, Debug)]
pub struct Pair<'a> {
    /// What QuickBooks says.
    pub quickbooks: &'a Fields,
    /// What Bill.com says.
    pub billcom: &'a Fields,
    /// What QuickBooks said when both agreed.
    pub quickbooks_base: &'a Fields,
    /// What Bill.com said when both agreed.
    pub billcom_base: &'a Fields,
}

/// Merges two linked records field by field. The setting `conflict_winner` decides where both sides changed the same field
/// and both may travel.
#[must_use]
pub fn merge(entity: &dyn Entity, pair: Pair<'_>, settings: &Settings, partners: &Partners) -> Merged {
    let (rules, winner) = (entity.rules(settings), settings.conflict_winner);
    let mut merged = Merged::default();
    for spec in entity.fields() {
        let (quickbooks, billcom) = (pair.quickbooks.get(spec.name), pair.billcom.get(spec.name));
        let quickbooks_changed = quickbooks != pair.quickbooks_base.get(spec.name);
        let billcom_changed = billcom != pair.billcom_base.get(spec.name);
        if !quickbooks_changed && !billcom_changed {
            continue;
        }
        if equivalent(spec, quickbooks, billcom, partners) {
            merged.agreed.push(spec.name);
            continue;
        }
        let from = match (quickbooks_changed, billcom_changed) {
            (true, false) => Side::QuickBooks,
            (false, true) => Side::BillCom,
            _ => {
                let winner = conflict_winner(rules.quickbooks.edited, rules.billcom.edited, winner);
                merged.conflicts.push((spec.label, show(quickbooks), show(billcom), winner));
                winner
            }
        };
        let (value, rule) = match from {
            Side::QuickBooks => (quickbooks, rules.quickbooks.edited),
            Side::BillCom => (billcom, rules.billcom.edited),
        };
        match rule {
            OnEdit::Update => merged.carry(spec.name, value, from.other()),
            // Nobody edited it: whom it names was merged, which is a matter of those two.
            OnEdit::Difference
                if from == Side::BillCom && is_merger(partners, pair.billcom_base.get(spec.name), value) => {}
            OnEdit::Difference => merged.differences.push((spec.label, show(quickbooks), show(billcom))),
            OnEdit::Ignore => {}
        }
    }
    merged
}

fn is_merger(partners: &Partners, before: Option<&Value>, now: Option<&Value>) -> bool {
    matches!((before, now), (Some(Value::Ref(before)), Some(Value::Ref(now))) if partners.merged_in_billcom(before, now))
}

/// Where only one side's edits travel, that side wins; otherwise the setting decides.
fn conflict_winner(quickbooks: OnEdit, billcom: OnEdit, setting: Side) -> Side {
    match (quickbooks, billcom) {
        (OnEdit::Update, OnEdit::Difference | OnEdit::Ignore) => Side::QuickBooks,
        (OnEdit::Difference | OnEdit::Ignore, OnEdit::Update) => Side::BillCom,
        _ => setting,
    }
}

fn show(value: Option<&Value>) -> String {
    value.map_or_else(|| "nothing".to_owned(), ToString::to_string)
}

/// The bases of two records that have just been recognised as the same.
///
/// A field that both sides hold alike is agreed. A part of the identity keeps each side's spelling. Where edits travel
/// only one way, both sides' versions are taken as they are: recognising a bill must not rewrite it. Every other field
/// has no base, so that the next merge fills the empty side, or lets the winner decide and leaves an event.
#[must_use]
pub fn new_bases(
    entity: &dyn Entity,
    quickbooks: &Fields,
    billcom: &Fields,
    settings: &Settings,
    partners: &Partners,
) -> (Fields, Fields) {
    let rules = entity.rules(settings);
    let both_travel = rules.quickbooks.edited == OnEdit::Update && rules.billcom.edited == OnEdit::Update;
    let (mut quickbooks_base, mut billcom_base) = (Fields::new(), Fields::new());
    for spec in entity.fields() {
        let (left, right) = (quickbooks.get(spec.name), billcom.get(spec.name));
        if !both_travel || spec.identity || equivalent(spec, left, right, partners) {
            quickbooks_base.set(spec.name, left.cloned());
            billcom_base.set(spec.name, right.cloned());
        }
    }
    for spec in entity.fields().iter().filter(|spec| spec.identity) {
        let (Some(left), Some(right)) = (quickbooks.reference(spec.name), billcom.reference(spec.name)) else {
            continue;
        };
        // What Bill.com merged before anybody knew that both are the same is news to QuickBooks.
        let Some(id) = partners.of(Side::QuickBooks, left) else { continue };
        let before = Reference { kind: left.kind, id: id.clone() };
        if partners.merged_in_billcom(&before, right) {
            billcom_base.set(spec.name, Some(Value::Ref(before)));
        }
    }
    for name in entity.kept() {
        billcom_base.set(*name, billcom.get(name).cloned());
    }
    (quickbooks_base, billcom_base)
}

/// Whether two values say the same, each in its side's words: text as QuickBooks would keep it, references by their pairs.
#[must_use]
pub fn equivalent(spec: &FieldSpec, quickbooks: Option<&Value>, billcom: Option<&Value>, partners: &Partners) -> bool {
    match (quickbooks, billcom) {
        (None, None) => true,
        (Some(Value::Text(left)), Some(Value::Text(right))) => {
            same_text(left, right, spec.quickbooks_chars_max)
                || spec.is_name && *left == adapt_name(right, spec.quickbooks_chars_max)
        }
        (None, Some(Value::Text(right))) => same_text("", right, spec.quickbooks_chars_max),
        (Some(Value::Ref(left)), Some(Value::Ref(right))) => {
            left.kind == right.kind && partners.of(Side::QuickBooks, left) == Some(&right.id)
        }
        (Some(Value::Number(left)), Some(Value::Number(right))) => left == right,
        (Some(Value::Lines(left)), Some(Value::Lines(right))) => {
            left.len() == right.len()
                && left.iter().zip(right).all(|(left, right)| equal_lines(spec.line, left, right, partners))
        }
        (left, right) => left == right,
    }
}

fn equal_lines(specs: &[FieldSpec], left: &Fields, right: &Fields, partners: &Partners) -> bool {
    specs.iter().all(|spec| equivalent(spec, left.get(spec.name), right.get(spec.name), partners))
}

/// The document with every reference turned to the other side's id.
///
/// # Errors
/// The references that have no partner yet.
pub fn translate(fields: &Fields, from: Side, partners: &Partners) -> Result<Fields, Vec<Reference>> {
    let mut missing = Vec::new();
    let translated = translate_into(fields, from, partners, &mut missing);
    if missing.is_empty() { Ok(translated) } else { Err(missing) }
}

fn translate_into(fields: &Fields, from: Side, partners: &Partners, missing: &mut Vec<Reference>) -> Fields {
    let mut translated = Fields::new();
    for (name, value) in fields.iter() {
        let value = match value {
            Value::Ref(reference) => match partners.of(from, reference) {
                Some(id) => Value::Ref(Reference { kind: reference.kind, id: id.clone() }),
                None => {
                    missing.push(reference.clone());
                    continue;
                }
            },
            Value::Lines(lines) => {
                Value::Lines(lines.iter().map(|line| translate_into(line, from, partners, missing)).collect())
            }
            other => other.clone(),
        };
        translated.set(FieldName::stored(name.as_str().to_owned()), Some(value));
    }
    translated
}

/// A document as QuickBooks will keep it: what stands for the record until it is shown.
#[must_use]
pub fn as_kept(kind: Kind, fields: Fields) -> Fields {
    let Some(entity) = entity(kind) else { return fields };
    let mut kept = fields.clone();
    for spec in entity.fields() {
        if let Some(text) = fields.text(spec.name) {
            let adapted = if spec.is_name {
                adapt_name(text, spec.quickbooks_chars_max)
            } else {
                adapt_text(text, spec.quickbooks_chars_max)
            };
            kept.set(spec.name, Some(Value::Text(adapted)));
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn settings(winner: Side) -> Settings {
        let day = chrono::NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day");
        Settings { conflict_winner: winner, ..Settings::defaults(day) }
    }

    const NAMES: &[&str] = &["name", "company_name", "phone", "fax", "email", "city", "notes"];

    fn vendor() -> &'static dyn Entity {
        entity(Kind::Vendor).expect("vendors travel")
    }

    /// A vendor of short texts that QuickBooks keeps as they are; a field may be empty.
    fn record() -> impl Strategy<Value = Fields> {
        proptest::collection::vec(proptest::option::of("[a-c]{1,2}"), NAMES.len()).prop_map(|texts| {
            let mut fields = Fields::new();
            for (name, text) in NAMES.iter().zip(texts) {
                fields.set_text(*name, text);
            }
            fields
        })
    }

    /// What a side says once it was told something.
    fn told(mut fields: Fields, news: &Fields, cleared: &[String]) -> Fields {
        for (name, value) in news.iter() {
            fields.set(name.clone(), Some(value.clone()));
        }
        for name in cleared {
            fields.set(FieldName::stored(name.clone()), None);
        }
        fields
    }

    proptest! {
        /// Whatever happened on both sides: telling each side what the merge says leaves both alike, and nothing to tell.
        #[test]
        fn one_merge_brings_both_sides_together(base in record(), quickbooks in record(), billcom in record(), wins in any::<bool>()) {
            let winner = if wins { Side::QuickBooks } else { Side::BillCom };
            let partners = Partners::default();
            let pair = Pair { quickbooks: &quickbooks, billcom: &billcom, quickbooks_base: &base, billcom_base: &base };
            let merged = merge(vendor(), pair, &settings(winner), &partners);
            let left = told(quickbooks.clone(), &merged.to_quickbooks, &merged.clear_quickbooks);
            let right = told(billcom.clone(), &merged.to_billcom, &merged.clear_billcom);
            prop_assert_eq!(&left, &right);
            let after = Pair { quickbooks: &left, billcom: &right, quickbooks_base: &left, billcom_base: &right };
            prop_assert_eq!(merge(vendor(), after, &settings(winner), &partners), Merged::default());
        }

        /// A field that only one side changed is never decided by the other, whoever wins conflicts.
        #[test]
        fn a_change_on_one_side_is_never_overwritten(base in record(), billcom in record(), wins in any::<bool>()) {
            let winner = if wins { Side::QuickBooks } else { Side::BillCom };
            let pair = Pair { quickbooks: &base, billcom: &billcom, quickbooks_base: &base, billcom_base: &base };
            let merged = merge(vendor(), pair, &settings(winner), &Partners::default());
            prop_assert!(!merged.writes_to(Side::BillCom) && merged.conflicts.is_empty());
            prop_assert_eq!(told(base.clone(), &merged.to_quickbooks, &merged.clear_quickbooks), billcom);
        }

        /// Recognising two records as the same loses no value that stands on one side only.
        #[test]
        fn recognising_a_record_fills_what_is_empty(quickbooks in record(), billcom in record()) {
            let partners = Partners::default();
            let (left_base, right_base) = new_bases(vendor(), &quickbooks, &billcom, &settings(Side::QuickBooks), &partners);
            let pair = Pair { quickbooks: &quickbooks, billcom: &billcom, quickbooks_base: &left_base, billcom_base: &right_base };
            let merged = merge(vendor(), pair, &settings(Side::QuickBooks), &partners);
            for name in NAMES.iter().filter(|name| **name != "name") {
                let left = told(quickbooks.clone(), &merged.to_quickbooks, &merged.clear_quickbooks);
                let wanted = quickbooks.get(name).or(billcom.get(name));
                prop_assert_eq!(left.get(name), wanted, "{}", name);
            }
            prop_assert!(merged.clear_quickbooks.is_empty() && merged.clear_billcom.is_empty(), "nothing is emptied");
            prop_assert!(!merged.to_quickbooks.has("name") && !merged.to_billcom.has("name"), "each side keeps its spelling");
        }
    }

    #[test]
    fn edits_of_bills_in_quickbooks_never_travel() {
        let bill = entity(Kind::Bill).expect("bills travel");
        let base = Fields::new().with("memo", Value::Text("as agreed".into()));
        let edited = Fields::new().with("memo", Value::Text("by hand".into()));
        let pair = Pair { quickbooks: &edited, billcom: &base, quickbooks_base: &base, billcom_base: &base };
        let merged = merge(bill, pair, &settings(Side::QuickBooks), &Partners::default());
        assert!(!merged.writes_to(Side::BillCom) && !merged.writes_to(Side::QuickBooks));
        assert_eq!(merged.differences, [("Memo", "by hand".to_owned(), "as agreed".to_owned())]);
    }
}
