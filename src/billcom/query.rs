//! One page of a `List` call, as data.

use super::{Entity, Stamp, limits};
use serde_json::{Map, Value, json};

/// How a field is compared (`billcom.md` 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilterOp {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `in`: the value lists the choices, separated by commas.
    In,
    /// `nin`: none of the choices.
    NotIn,
}

impl FilterOp {
    /// The operator as v2 writes it.
    #[must_use]
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::In => "in",
            Self::NotIn => "nin",
        }
    }
}

/// A condition on a field that the vendor marks as filterable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// Which field.
    pub field: &'static str,
    /// How it is compared.
    pub op: FilterOp,
    /// With what, always as text.
    pub value: String,
}

/// One page of a list. All filters must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListQuery {
    /// What is listed.
    pub entity: Entity,
    /// How many rows are left out before the page begins.
    pub start: usize,
    /// Rows on the page, at most [`limits::PAGE_ROWS_MAX`]; more is cut to that.
    pub max: usize,
    /// Conditions.
    pub filters: Vec<Filter>,
    /// Field, and whether ascending.
    pub sort: Vec<(&'static str, bool)>,
    /// Whether child rows (lines, items) come along.
    pub nested: bool,
}

impl ListQuery {
    /// The first full page of an entity, with child rows, in no particular order.
    #[must_use]
    pub const fn all(entity: Entity) -> Self {
        Self { entity, start: 0, max: limits::PAGE_ROWS_MAX, filters: Vec::new(), sort: Vec::new(), nested: true }
    }

    /// With one more condition.
    #[must_use]
    pub fn with_filter(mut self, field: &'static str, op: FilterOp, value: impl Into<String>) -> Self {
        self.filters.push(Filter { field, op, value: value.into() });
        self
    }

    /// Only records stamped at or after `since`.
    #[must_use]
    pub fn updated_since(self, since: Stamp) -> Self {
        self.with_filter("updatedTime", FilterOp::GreaterOrEqual, since.to_string())
    }

    /// The `data` parameter of the call. Empty parts are left out; `asc` is a text, as the vendor's schema has it.
    #[must_use]
    pub fn data(&self) -> Value {
        let mut data = Map::new();
        data.insert("start".to_owned(), json!(self.start));
        data.insert("max".to_owned(), json!(self.max.clamp(1, limits::PAGE_ROWS_MAX)));
        if !self.filters.is_empty() {
            let filters = self.filters.iter();
            let filters = filters.map(|f| json!({"field": f.field, "op": f.op.sign(), "value": f.value}));
            data.insert("filters".to_owned(), filters.collect());
        }
        if !self.sort.is_empty() {
            let sort = self.sort.iter().map(|(field, ascending)| json!({"field": field, "asc": ascending.to_string()}));
            data.insert("sort".to_owned(), sort.collect());
        }
        if self.nested {
            data.insert("nested".to_owned(), Value::Bool(true));
        }
        Value::Object(data)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_written_as_the_vendor_shows_it() {
        let mut query = ListQuery::all(Entity::BILL).with_filter("isActive", FilterOp::In, "1,2");
        query.sort.push(("updatedTime", true));
        query.max = 100_000;
        let wanted = json!({
            "start": 0,
            "max": 999,
            "filters": [{"field": "isActive", "op": "in", "value": "1,2"}],
            "sort": [{"field": "updatedTime", "asc": "true"}],
            "nested": true,
        });
        assert_eq!(query.data(), wanted);
    }

    #[test]
    fn empty_parts_are_left_out() {
        let query = ListQuery { nested: false, ..ListQuery::all(Entity::VENDOR) };
        assert_eq!(query.data(), json!({"start": 0, "max": 999}));
    }
}
