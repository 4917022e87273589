//! The form of what is kept and of what is answered, both by the tables of [`super::schema`].
//!
//! [`canonical`] turns what a request says into what QuickBooks keeps of it; [`arrange`] puts what is kept into the order, and
//! cuts it to the elements, that an answer of the announced version has.

use super::schema::{Kind, Node, Version};
use super::text::stored;
use crate::sim::xml::Element;

/// Finds the node of that name among the nodes, looking into choices.
fn find(nodes: &'static [Node], name: &str) -> Option<&'static Node> {
    nodes.iter().find_map(|node| match node.kind {
        Kind::Choice(branches) => branches.iter().find_map(|branch| find(branch, name)),
        _ => (node.name == name).then_some(node),
    })
}

/// The aggregate inside a request (`VendorAdd`) in the form in which QuickBooks keeps it; empty if it is not there.
pub(crate) fn given(content: &'static [Node], request: &Element, name: &str) -> Element {
    let inside = match find(content, name).map(|node| node.kind) {
        Some(Kind::Group(inside)) => inside,
        _ => &[],
    };
    request.child(name).map_or_else(Element::default, |given| canonical(inside, given))
}

/// The form in which QuickBooks keeps a value it was given: text made to fit Windows-1252 and trimmed, amounts with two
/// places, booleans as words. Elements of other countries' editions are dropped.
fn canonical(nodes: &'static [Node], element: &Element) -> Element {
    let children = element.children.iter().filter_map(|child| {
        let node = find(nodes, &child.name)?;
        if node.foreign {
            return None;
        }
        let mut kept = match node.kind {
            Kind::Group(inside) => canonical(inside, child),
            Kind::Reference(_) => canonical(super::tables::REFERENCE, child),
            kind => Element::leaf(&child.name, &kept_value(kind, &child.text)),
        };
        kept.attributes.clone_from(&child.attributes);
        Some(kept)
    });
    Element::group(&element.name, children.collect())
}

fn kept_value(kind: Kind, text: &str) -> String {
    match kind {
        Kind::Text(_) | Kind::Id => stored(text),
        Kind::Flag => match text {
            "1" => "true".to_owned(),
            "0" => "false".to_owned(),
            other => other.to_owned(),
        },
        Kind::Amount => super::money::parse(text).map_or_else(String::new, super::money::format),
        _ => text.strip_prefix('+').unwrap_or(text).to_owned(),
    }
}

/// Puts elements into the order of a table and leaves out what the announced version does not know. This is how every
/// answer gets its order.
pub(crate) fn arrange(nodes: &'static [Node], elements: &[Element], version: Version) -> Vec<Element> {
    let mut arranged = Vec::with_capacity(elements.len());
    for node in nodes.iter().filter(|node| node.since <= version) {
        match node.kind {
            Kind::Choice(branches) => {
                let of_choice =
                    elements.iter().filter(|element| branches.iter().any(|b| find(b, &element.name).is_some()));
                for element in of_choice {
                    let inside = branches.iter().find_map(|branch| find(branch, &element.name));
                    arranged
                        .extend(inside.filter(|node| node.since <= version).map(|node| placed(node, element, version)));
                }
            }
            _ => {
                let named = elements.iter().filter(|element| element.name == node.name);
                arranged.extend(named.map(|element| placed(node, element, version)));
            }
        }
    }
    arranged
}

fn placed(node: &Node, element: &Element, version: Version) -> Element {
    match node.kind {
        Kind::Group(_) | Kind::Reference(_) => {
            Element::group(&element.name, arrange(node.inside(), &element.children, version))
        }
        _ => element.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::quickbooks::schema::{amount, flag, group, id, one_of, reference, text};

    const CONTENT: &[Node] = &[
        text("Name", 5).since(4, 0),
        amount("Amount"),
        reference("ARef", 4).foreign(),
        group("G", &[flag("B"), flag("A")]),
        one_of(&[&[id("X")], &[id("Y")]]).optional().many(),
    ];

    fn leaves(names: &[&str]) -> Vec<Element> {
        names.iter().map(|name| Element::leaf(name, "x")).collect()
    }

    #[test]
    fn arranging_restores_the_order_and_cuts_to_the_version() {
        let mut elements = leaves(&["Y", "Amount", "X", "Name", "Other"]);
        elements.push(Element::group("G", leaves(&["A", "B"])));
        let names =
            |version| -> Vec<String> { arrange(CONTENT, &elements, version).into_iter().map(|e| e.name).collect() };
        assert_eq!(names(Version(13, 0)), ["Name", "Amount", "G", "Y", "X"], "a choice keeps its own order");
        assert_eq!(names(Version(3, 0)), ["Amount", "G", "Y", "X"]);
        let group = &arrange(CONTENT, &elements, Version(13, 0))[2];
        assert_eq!(group.children.iter().map(|child| child.name.as_str()).collect::<Vec<_>>(), ["B", "A"]);
    }

    #[test]
    fn values_are_kept_in_one_form() {
        let given = Element::group(
            "R",
            vec![
                Element::leaf("Name", " a "),
                Element::leaf("Amount", "+10"),
                Element::group("ARef", vec![Element::leaf("ListID", "1-1")]),
                Element::group("G", vec![Element::leaf("B", "1")]),
            ],
        );
        let kept = canonical(CONTENT, &given);
        assert_eq!((kept.text_of("Name"), kept.text_of("Amount")), (Some("a"), Some("10.00")));
        assert!(kept.child("ARef").is_none(), "elements of other countries are dropped");
        assert_eq!(kept.child("G").and_then(|group| group.text_of("B")), Some("true"));
    }
}
