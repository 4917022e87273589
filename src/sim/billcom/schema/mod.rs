//! What the vendor says about each entity, as data.
//!
//! The simulator knows entities only through these tables; another entity is another table. They are written from the
//! vendor's OpenAPI documents and share nothing with the client.

mod banking;
mod lists;
mod organization;
mod payables;
mod payments;
mod receivables;

pub(crate) use banking::{BANK_ACCOUNT, CARD_ACCOUNT, MONEY_MOVEMENT};
pub(crate) use payables::{BILL, VENDOR_CREDIT};
pub(crate) use payments::{BILL_CREDIT, BILL_PAY, SENT_PAY, VOID_REQUEST};
pub(crate) use receivables::{CREDIT_MEMO, INVOICE, INVOICE_CREDIT, RECEIVED_PAY, RP_CONV_FEE};

/// The target of an id whose entity is not simulated: any id of the right shape will do.
pub(crate) const ANY: &str = "";

/// The type of a field.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Type {
    /// A text; empty and null are the same.
    Text,
    /// A reference to a record of the named entity.
    Id(&'static str),
    /// A text that holds one of these numbers; any number when the list is empty.
    Code(&'static [&'static str]),
    /// An instant.
    Time,
    /// A calendar date.
    Date,
    /// An amount with two places.
    Money,
    /// Any other number.
    Number,
    /// Yes or no.
    Flag,
    /// Child records.
    Rows(&'static Table),
    /// Records of their own that name this one in the given field; printed like child records.
    Linked(&'static Table, &'static str),
    /// A summary object that only replies carry.
    Summary,
}

/// A field of an entity.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) kind: Type,
    /// May stand in a Create or Update; otherwise it is ignored there.
    pub(crate) written: bool,
    /// May be filtered by.
    pub(crate) filtered: bool,
    pub(crate) needed_to_create: bool,
    pub(crate) needed_to_update: bool,
    /// Stands in replies.
    pub(crate) printed: bool,
    /// Characters of a text. The vendor's v2 documents name none: these are those of its v3 documents and of its file
    /// import (`billcom.md` 2.1, 2.3 to 2.5, 2.11).
    pub(crate) characters_max: usize,
    /// An amount or a flag that Read prints as a text and List does not; so the vendor's documents say, captures do not.
    pub(crate) text_in_read: bool,
}

/// Characters of any other text: the longest that the vendor names anywhere, a description.
const CHARACTERS_MAX: usize = 4_000;

impl Field {
    const fn new(name: &'static str, kind: Type) -> Self {
        let (written, filtered, needed) = (false, false, false);
        Self {
            name,
            kind,
            written,
            filtered,
            needed_to_create: needed,
            needed_to_update: needed,
            printed: true,
            characters_max: CHARACTERS_MAX,
            text_in_read: false,
        }
    }

    const fn text_in_read(mut self) -> Self {
        self.text_in_read = true;
        self
    }

    const fn at_most(mut self, characters: usize) -> Self {
        self.characters_max = characters;
        self
    }

    const fn written(mut self) -> Self {
        self.written = true;
        self
    }

    const fn filtered(mut self) -> Self {
        self.filtered = true;
        self
    }

    const fn needed_to_create(mut self) -> Self {
        self.needed_to_create = true;
        self
    }

    const fn needed(mut self) -> Self {
        self.needed_to_create = true;
        self.needed_to_update = true;
        self
    }

    const fn unprinted(mut self) -> Self {
        self.printed = false;
        self
    }
}

const fn text(name: &'static str) -> Field {
    Field::new(name, Type::Text)
}

const fn id(name: &'static str, target: &'static str) -> Field {
    Field::new(name, Type::Id(target))
}

const fn code(name: &'static str, codes: &'static [&'static str]) -> Field {
    Field::new(name, Type::Code(codes))
}

const fn time(name: &'static str) -> Field {
    Field::new(name, Type::Time)
}

const fn date(name: &'static str) -> Field {
    Field::new(name, Type::Date)
}

const fn money(name: &'static str) -> Field {
    Field::new(name, Type::Money)
}

const fn number(name: &'static str) -> Field {
    Field::new(name, Type::Number)
}

const fn flag(name: &'static str) -> Field {
    Field::new(name, Type::Flag)
}

const fn rows(name: &'static str, table: &'static Table) -> Field {
    Field::new(name, Type::Rows(table))
}

const fn linked(name: &'static str, table: &'static Table, by: &'static str) -> Field {
    Field::new(name, Type::Linked(table, by))
}

const fn summary(name: &'static str) -> Field {
    Field::new(name, Type::Summary)
}

/// An entity. `entity`, `id`, `isActive`, `createdTime` and `updatedTime` are not listed among the fields: the simulator keeps them itself.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) name: &'static str,
    /// How its ids begin; empty for rows that have none.
    pub(crate) prefix: &'static str,
    pub(crate) verbs: &'static [&'static str],
    /// Whether records carry `createdTime` and `updatedTime`.
    pub(crate) stamped: bool,
    /// The values of `isActive`; none when the entity has no such field.
    pub(crate) states: &'static [&'static str],
    pub(crate) fields: &'static [Field],
}

impl Table {
    /// Every entity that has calls of its own.
    pub(crate) const ALL: &'static [&'static Self] = &[
        &organization::ORGANIZATION,
        &lists::CHART_OF_ACCOUNT,
        &lists::DEPARTMENT,
        &lists::ACTG_CLASS,
        &lists::LOCATION,
        &lists::JOB,
        &lists::EMPLOYEE,
        &lists::ITEM,
        &lists::PAYMENT_TERM,
        &lists::CUSTOMER,
        &lists::CUSTOMER_CONTACT,
        &payables::VENDOR,
        &BILL,
        &VENDOR_CREDIT,
        &SENT_PAY,
        &BILL_PAY,
        &BILL_CREDIT,
        &BANK_ACCOUNT,
        &CARD_ACCOUNT,
        &MONEY_MOVEMENT,
        &INVOICE,
        &CREDIT_MEMO,
        &INVOICE_CREDIT,
        &RECEIVED_PAY,
        &RP_CONV_FEE,
    ];

    /// The entity of this name.
    pub(crate) fn named(name: &str) -> Option<&'static Self> {
        Self::ALL.iter().copied().find(|table| table.name == name)
    }

    /// The field of this name.
    pub(crate) fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The field with the child records.
    pub(crate) fn child(&self) -> Option<(&'static str, &'static Self)> {
        self.fields.iter().find_map(|field| match field.kind {
            Type::Rows(table) => Some((field.name, table)),
            _ => None,
        })
    }

    /// The field in which a child record names its parent.
    pub(crate) fn pointer_to(&self, parent: &Self) -> Option<&'static str> {
        let points = |field: &&Field| !field.written && matches!(field.kind, Type::Id(target) if target == parent.name);
        self.fields.iter().find(points).map(|field| field.name)
    }

    /// Whether the entity offers the verb.
    pub(crate) fn offers(&self, verb: &str) -> bool {
        self.verbs.contains(&verb)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_hold_together() {
        for table in Table::ALL {
            assert_eq!(table.prefix.len(), 3, "{}", table.name);
            for field in table.fields {
                let twins = table.fields.iter().filter(|other| other.name == field.name).count();
                assert_eq!(twins, 1, "{}.{}", table.name, field.name);
                if let Type::Id(target) = field.kind {
                    assert!(
                        target == ANY || Table::named(target).is_some(),
                        "{}.{} → {target}",
                        table.name,
                        field.name
                    );
                }
                assert!(field.written || !field.needed_to_create, "{}.{}", table.name, field.name);
            }
        }
    }
}
