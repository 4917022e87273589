//! The schema of qbXML requests as data, and the strict check against it.
//!
//! QuickBooks refuses a whole message set with 0x80040400, and without a reason, if one element is unknown to the
//! announced version, stands too early or too late, is missing, or holds a value of the wrong form (`qbxml.md` 1). The
//! check here does the same and does keep the reason, in [`SchemaBreak`], so that a failing test can show it.
//!
//! The tables themselves stand in the file of each object; they are cut down from the vendor's schema. This file knows
//! what a table means: order, occurrence, choices, types, lengths, since which version, and which elements exist only in
//! the editions of other countries (530). An over-long text is not a break but a *finding*, because QuickBooks answers it
//! per request with 3070.
//!
//! **Invariant:** the check never looks at the company file; the same request is valid or not whatever the books hold.

use chrono::NaiveDate;

use crate::sim::quickbooks::time;
use crate::sim::xml::Element;

/// A qbXML version, ordered: 13.0 is newer than 4.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(pub u16, pub u16);

impl Version {
    /// Reads `13.0`; a version with a country prefix such as `CA2.0` is unknown to a US company file.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (major, minor) = text.split_once('.')?;
        let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !plain(major) || !plain(minor) {
            return None;
        }
        Some(Self(major.parse().ok()?, minor.parse().ok()?))
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}.{}", self.0, self.1)
    }
}

/// Why a message set is refused whole.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {reason}")]
pub struct SchemaBreak {
    /// Where, as a path of element names.
    pub path: String,
    /// What is wrong there.
    pub reason: String,
}

/// What a valid request still holds that QuickBooks remarks on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Findings {
    /// The first text beyond its limit, with the element it stands in: 3070.
    pub(crate) too_long: Option<(String, String)>,
    /// The first element that only other countries' editions know: 530.
    pub(crate) foreign: Option<String>,
}

/// The type of an element (`qbxml.md` 4).
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    /// Text with a maximum length in characters, 0 for none.
    Text(usize),
    Id,
    Flag,
    Date,
    DateTime,
    Amount,
    /// PRICETYPE, QUANTYPE and PERCENTTYPE share one form.
    Number,
    Float,
    Integer,
    /// An integer of at least 1.
    Count,
    Guid,
    Word(&'static [&'static str]),
    Group(&'static [Node]),
    /// `ListID` and `FullName`, both optional; the number is the limit of the latter.
    Reference(usize),
    Choice(&'static [&'static [Node]]),
}

/// One place in a content model.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Node {
    /// Element name, empty for a choice.
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) required: bool,
    /// Most occurrences, 0 for any number.
    pub(crate) most: usize,
    pub(crate) since: Version,
    pub(crate) foreign: bool,
    /// The one attribute the element may carry (`defMacro`, `useMacro`).
    pub(crate) attribute: Option<&'static str>,
}

const fn node(name: &'static str, kind: Kind) -> Node {
    Node { name, kind, required: false, most: 1, since: Version(0, 0), foreign: false, attribute: None }
}

pub(crate) const fn text(name: &'static str, length_max: usize) -> Node {
    node(name, Kind::Text(length_max))
}
pub(crate) const fn id(name: &'static str) -> Node {
    node(name, Kind::Id)
}
pub(crate) const fn flag(name: &'static str) -> Node {
    node(name, Kind::Flag)
}
pub(crate) const fn date(name: &'static str) -> Node {
    node(name, Kind::Date)
}
pub(crate) const fn date_time(name: &'static str) -> Node {
    node(name, Kind::DateTime)
}
pub(crate) const fn amount(name: &'static str) -> Node {
    node(name, Kind::Amount)
}
pub(crate) const fn number(name: &'static str) -> Node {
    node(name, Kind::Number)
}
pub(crate) const fn float(name: &'static str) -> Node {
    node(name, Kind::Float)
}
pub(crate) const fn integer(name: &'static str) -> Node {
    node(name, Kind::Integer)
}
pub(crate) const fn count(name: &'static str) -> Node {
    node(name, Kind::Count)
}
pub(crate) const fn guid(name: &'static str) -> Node {
    node(name, Kind::Guid)
}
pub(crate) const fn word(name: &'static str, words: &'static [&'static str]) -> Node {
    node(name, Kind::Word(words))
}
pub(crate) const fn group(name: &'static str, children: &'static [Node]) -> Node {
    node(name, Kind::Group(children))
}
pub(crate) const fn reference(name: &'static str, full_name_max: usize) -> Node {
    node(name, Kind::Reference(full_name_max))
}
pub(crate) const fn address(name: &'static str) -> Node {
    node(name, Kind::Group(super::tables::ADDRESS))
}
pub(crate) const fn address_block(name: &'static str) -> Node {
    node(name, Kind::Group(super::tables::ADDRESS_BLOCK))
}
/// Exactly one of the branches; see [`Node::optional`] and [`Node::many`].
pub(crate) const fn one_of(branches: &'static [&'static [Node]]) -> Node {
    node("", Kind::Choice(branches)).required()
}

impl Node {
    pub(crate) const fn required(mut self) -> Self {
        self.required = true;
        self
    }
    pub(crate) const fn optional(mut self) -> Self {
        self.required = false;
        self
    }
    pub(crate) const fn many(mut self) -> Self {
        self.most = 0;
        self
    }
    pub(crate) const fn up_to(mut self, most: usize) -> Self {
        self.most = most;
        self
    }
    pub(crate) const fn since(mut self, major: u16, minor: u16) -> Self {
        self.since = Version(major, minor);
        self
    }
    pub(crate) const fn foreign(mut self) -> Self {
        self.foreign = true;
        self
    }
    pub(crate) const fn attribute(mut self, name: &'static str) -> Self {
        self.attribute = Some(name);
        self
    }
    fn allows_more(&self, found: usize) -> bool {
        self.most == 0 || found < self.most
    }
    /// What may stand inside, for groups and references.
    pub(crate) fn inside(&self) -> &'static [Self] {
        match self.kind {
            Kind::Group(children) => children,
            Kind::Reference(_) => super::tables::REFERENCE,
            _ => &[],
        }
    }
}

/// Checks the content of one request element against its table.
///
/// # Errors
/// [`SchemaBreak`] for the first deviation from the schema of that version.
pub(crate) fn check(content: &[Node], request: &Element, version: Version) -> Result<Findings, SchemaBreak> {
    let mut checker = Checker { version, path: vec![request.name.clone()], findings: Findings::default() };
    checker.sequence(content, request)?;
    Ok(checker.findings)
}

struct Checker {
    version: Version,
    path: Vec<String>,
    findings: Findings,
}

impl Checker {
    fn breaks<T>(&self, reason: String) -> Result<T, SchemaBreak> {
        Err(SchemaBreak { path: self.path.join("/"), reason })
    }

    fn sequence(&mut self, nodes: &[Node], parent: &Element) -> Result<(), SchemaBreak> {
        if !parent.text.trim().is_empty() {
            return self.breaks("text where only elements may stand".to_owned());
        }
        let mut position = 0;
        self.nodes(nodes, &parent.children, &mut position)?;
        match parent.children.get(position) {
            Some(extra) => self.breaks(format!("<{}> is unknown, too early, too late or too often", extra.name)),
            None => Ok(()),
        }
    }

    fn nodes(&mut self, nodes: &[Node], children: &[Element], position: &mut usize) -> Result<(), SchemaBreak> {
        let version = self.version;
        for node in nodes.iter().filter(|node| node.since <= version) {
            match node.kind {
                Kind::Choice(branches) => self.choice(node, branches, children, position)?,
                _ => self.occurrences(node, children, position)?,
            }
        }
        Ok(())
    }

    fn occurrences(&mut self, node: &Node, children: &[Element], position: &mut usize) -> Result<(), SchemaBreak> {
        let mut found = 0;
        while let Some(child) = children.get(*position) {
            if child.name != node.name || !node.allows_more(found) {
                break;
            }
            self.path.push(child.name.clone());
            self.element(node, child)?;
            self.path.pop();
            found += 1;
            *position += 1;
        }
        if found == 0 && node.required {
            return self.breaks(format!("<{}> is missing", node.name));
        }
        Ok(())
    }

    fn choice(
        &mut self,
        node: &Node,
        branches: &[&'static [Node]],
        children: &[Element],
        position: &mut usize,
    ) -> Result<(), SchemaBreak> {
        let mut found = 0;
        while let Some(child) = children.get(*position) {
            let chosen = branches.iter().find(|branch| self.begins(branch, &child.name));
            match chosen {
                Some(branch) if node.allows_more(found) => {
                    self.nodes(branch, children, position)?;
                }
                _ => break,
            }
            found += 1;
        }
        let may_be_nothing = branches.iter().any(|branch| branch.iter().all(|node| self.may_be_absent(node)));
        if found == 0 && node.required && !may_be_nothing {
            let names: Vec<&str> = branches.iter().filter_map(|branch| branch.first()).map(|node| node.name).collect();
            return self.breaks(format!("one of {} is missing", names.join(", ")));
        }
        Ok(())
    }

    fn may_be_absent(&self, node: &Node) -> bool {
        !node.required || node.since > self.version
    }

    /// True if a branch may begin with an element of that name.
    fn begins(&self, nodes: &[Node], name: &str) -> bool {
        for node in nodes.iter().filter(|node| node.since <= self.version) {
            let matches = match node.kind {
                Kind::Choice(branches) => branches.iter().any(|branch| self.begins(branch, name)),
                _ => node.name == name,
            };
            if matches {
                return true;
            }
            if node.required {
                return false;
            }
        }
        false
    }

    fn element(&mut self, node: &Node, element: &Element) -> Result<(), SchemaBreak> {
        if !element.namespace.is_empty() {
            return self.breaks("a namespace, which qbXML does not have".to_owned());
        }
        if let Some((name, _)) = element.attributes.iter().find(|(name, _)| node.attribute != Some(name.as_str())) {
            return self.breaks(format!("unknown attribute {name}"));
        }
        if node.foreign && self.findings.foreign.is_none() {
            self.findings.foreign = Some(node.name.to_owned());
        }
        match node.kind {
            Kind::Group(_) => self.sequence(node.inside(), element),
            Kind::Reference(full_name_max) => {
                self.sequence(node.inside(), element)?;
                if let Some(full_name) = element.child("FullName") {
                    self.measure(full_name, full_name_max);
                }
                Ok(())
            }
            _ => self.value(node, element),
        }
    }

    fn value(&mut self, node: &Node, element: &Element) -> Result<(), SchemaBreak> {
        if let Some(child) = element.children.first() {
            return self.breaks(format!("<{}> inside a simple element", child.name));
        }
        if let Kind::Text(length_max) = node.kind {
            self.measure(element, length_max);
            return Ok(());
        }
        if element.attribute("useMacro").is_some() && element.text.is_empty() {
            return Ok(());
        }
        if has_form(node.kind, &element.text) {
            return Ok(());
        }
        self.breaks(format!("{:?} has not the form of its type", element.text))
    }

    fn measure(&mut self, element: &Element, length_max: usize) {
        let too_long = length_max > 0 && element.text.chars().count() > length_max;
        if too_long && self.findings.too_long.is_none() {
            self.findings.too_long = Some((element.text.clone(), element.name.clone()));
        }
    }
}

/// The lexical form of a type, as the patterns of the vendor's schema have it. Empty values pass where they do there.
pub(crate) fn has_form(kind: Kind, text: &str) -> bool {
    match kind {
        Kind::Id => text.chars().count() <= 36,
        Kind::Flag => matches!(text, "" | "true" | "false" | "1" | "0"),
        Kind::Date => text.is_empty() || is_date(text),
        Kind::DateTime => text.is_empty() || time::has_date_time_form(text),
        Kind::Amount => text.is_empty() || is_decimal(text, 13, 2, 2),
        Kind::Number => text.is_empty() || is_decimal(text, 10, 1, 5),
        Kind::Float => text.is_empty() || is_decimal(text, 20, 1, 20),
        Kind::Integer => text.parse::<i64>().is_ok(),
        Kind::Count => text.parse::<i64>().is_ok_and(|value| value >= 1),
        Kind::Guid => is_guid(text),
        Kind::Word(words) => words.contains(&text),
        Kind::Text(_) | Kind::Group(_) | Kind::Reference(_) | Kind::Choice(_) => true,
    }
}

fn is_date(text: &str) -> bool {
    text.len() == 10 && NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok()
}

/// Optional sign, 1 to `whole_max` digits, optionally a point and `places_min` to `places_max` digits.
fn is_decimal(text: &str, whole_max: usize, places_min: usize, places_max: usize) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, places) = match unsigned.split_once('.') {
        Some((whole, places)) => (whole, Some(places)),
        None => (unsigned, None),
    };
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let places_fit = places.is_none_or(|part| (places_min..=places_max).contains(&part.len()) && digits(part));
    (1..=whole_max).contains(&whole.len()) && digits(whole) && places_fit
}

fn is_guid(text: &str) -> bool {
    if text == "0" {
        return true;
    }
    let Some(inner) = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) else {
        return false;
    };
    let lengths: Vec<usize> = inner.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12] && inner.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::xml::parse;

    const CONTENT: &[Node] = &[
        one_of(&[&[id("ListID").required().many()], &[count("MaxReturned"), word("Active", &["All", "Some"])]])
            .optional(),
        text("Name", 5).required().since(4, 0),
        amount("Amount").up_to(2),
        reference("ARef", 4).foreign(),
        one_of(&[&[text("B", 0).required()], &[text("C", 0).required()]]).optional().many(),
    ];

    fn run(inside: &str, version: Version) -> Result<Findings, SchemaBreak> {
        let document = parse(&format!("<Rq>{inside}</Rq>")).expect("test input is well formed");
        check(CONTENT, &document.root, version)
    }

    fn accepted(inside: &str) -> bool {
        run(inside, Version(13, 0)).is_ok()
    }

    #[test]
    fn order_and_occurrence_are_strict() {
        assert!(accepted("<Name>a</Name>"));
        assert!(accepted("<ListID>1</ListID><ListID>2</ListID><Name>a</Name><Amount>1</Amount><Amount>-2.50</Amount>"));
        assert!(accepted("<MaxReturned>1</MaxReturned><Active>All</Active><Name>a</Name>"));
        assert!(accepted("<Name>a</Name><C>1</C><B>2</B><C>3</C>"));
        assert!(!accepted(""), "a required element is missing");
        assert!(!accepted("<Amount>1</Amount><Name>a</Name>"), "too early");
        assert!(!accepted("<Name>a</Name><Name>b</Name>"), "too often");
        assert!(!accepted("<Name>a</Name><Amount>1</Amount><Amount>1</Amount><Amount>1</Amount>"), "too often");
        assert!(!accepted("<ListID>1</ListID><MaxReturned>1</MaxReturned><Name>a</Name>"), "two branches");
        assert!(!accepted("<Name>a</Name><Unknown/>"), "unknown");
        assert!(!accepted("stray<Name>a</Name>"), "stray text");
        assert!(!accepted("<Name>a<b/></Name>"), "element in text");
        assert!(!accepted("<Name x=\"1\">a</Name>"), "attribute");
        assert!(!accepted("<Name xmlns=\"urn:x\">a</Name>"), "namespace");
    }

    #[test]
    fn elements_begin_with_their_version() {
        assert!(run("<Name>a</Name>", Version(3, 0)).is_err(), "Name came with 4.0");
        assert!(run("<Amount>1</Amount>", Version(3, 0)).is_ok(), "before 4.0 it is not missed either");
    }

    #[test]
    fn values_have_the_form_of_their_type() {
        let forms: [(Kind, &[&str], &[&str]); 7] = [
            (
                Kind::Amount,
                &["", "10", "10.00", "-0.01", "+5", "9999999999999.99"],
                &["10.5", "1,000.00", "12.345", "1e3", ".50", "10000000000000"],
            ),
            (Kind::Number, &["1", "1.12345", "-2"], &["1.123456", "18.0%", "12345678901"]),
            (Kind::Date, &["2026-08-05", ""], &["2026-8-5", "2026-13-01", "05.08.2026", "2026-02-30"]),
            (Kind::Flag, &["true", "0", ""], &["True", "yes"]),
            (
                Kind::Guid,
                &["0", "{3F2504E0-4F89-41D3-9A0C-0305E82C3301}"],
                &["3F2504E0-4F89-41D3-9A0C-0305E82C3301", "{3G2504E0-4F89-41D3-9A0C-0305E82C3301}", ""],
            ),
            (Kind::Count, &["1", "500"], &["0", "-1", "x", ""]),
            (Kind::Word(&["All"]), &["All"], &["all", ""]),
        ];
        for (kind, good, bad) in forms {
            for text in good {
                assert!(has_form(kind, text), "{kind:?} {text:?}");
            }
            for text in bad {
                assert!(!has_form(kind, text), "{kind:?} {text:?}");
            }
        }
    }

    #[test]
    fn too_long_and_foreign_are_findings() {
        let findings =
            run("<Name>abcdef</Name><ARef><FullName>abcde</FullName></ARef>", Version(13, 0)).expect("valid");
        assert_eq!(findings.too_long, Some(("abcdef".to_owned(), "Name".to_owned())));
        assert_eq!(findings.foreign.as_deref(), Some("ARef"));
        assert_eq!(run("<Name>äöüßé</Name>", Version(13, 0)).expect("valid"), Findings::default());
    }

    #[test]
    fn versions_are_ordered_and_prefixed_ones_unknown() {
        assert!(Version::parse("13.0") > Version::parse("4.1"));
        assert_eq!(Version::parse("CA2.0"), None);
        assert_eq!(Version::parse("13"), None);
        assert_eq!(Version(13, 0).to_string(), "13.0");
    }
}
