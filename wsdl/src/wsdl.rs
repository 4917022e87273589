//! The service description that `?wsdl` serves.
//!
//! The Web Connector never reads it (`qbwc.md` 2.1); it exists for tools and people. It describes the interactive
//! poll under both names and leaves out `getServerVersion`, which is understood but is no part of the contract.

use crate::text::escape_attribute_into;

/// The description, with a placeholder as service address.
pub const WSDL: &str = include_str!("../QBWebConnectorSvc.wsdl");

/// The placeholder, with its quotes.
const PLACEHOLDER: &str = "\"http://localhost/qbwc\"";

/// The description of the service at `service_url`.
#[must_use]
pub fn wsdl(service_url: &str) -> String {
    let mut address = String::from("\"");
    escape_attribute_into(&mut address, service_url);
    address.push('"');
    WSDL.replace(PLACEHOLDER, &address)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::{NAMESPACE, OperationName};
    use roxmltree::{Document, Node};

    const XSD: &str = "http://www.w3.org/2001/XMLSchema";
    const SOAP: &str = "http://schemas.xmlsoap.org/wsdl/soap/";

    fn described() -> Vec<OperationName> {
        OperationName::ALL.into_iter().filter(|&name| name != OperationName::GetServerVersion).collect()
    }

    /// The element declaration of the schema with this name, and its children.
    fn declared(document: &Document<'_>, element: &str) -> Vec<(String, String, String)> {
        let top = |node: &Node<'_, '_>| {
            node.has_tag_name((XSD, "element"))
                && node.attribute("name") == Some(element)
                && node.parent().is_some_and(|parent| parent.has_tag_name((XSD, "schema")))
        };
        let declaration = document.descendants().find(top).unwrap_or_else(|| panic!("{element} is declared"));
        let attribute = |node: &Node<'_, '_>, name| node.attribute(name).unwrap_or_default().to_owned();
        declaration
            .descendants()
            .filter(|node| *node != declaration && node.has_tag_name((XSD, "element")))
            .map(|node| (attribute(&node, "name"), attribute(&node, "type"), attribute(&node, "minOccurs")))
            .collect()
    }

    #[test]
    fn it_agrees_with_the_table_of_operations() {
        let document = Document::parse(WSDL).expect("well-formed");
        for name in described() {
            let parameters = declared(&document, name.as_str());
            let wanted: Vec<_> = name.parameters().iter().map(|parameter| parameter.name).collect();
            assert_eq!(parameters.iter().map(|(name, ..)| name.as_str()).collect::<Vec<_>>(), wanted, "{name}");
            for (parameter, kind, least) in parameters {
                let number = parameter.starts_with("qbXML") && parameter.ends_with("Vers");
                assert_eq!(
                    (kind.as_str(), least.as_str()),
                    if number { ("s:int", "1") } else { ("s:string", "0") },
                    "{parameter}"
                );
            }
            let result = declared(&document, &format!("{name}Response"));
            let kind = match name {
                OperationName::Authenticate => ("tns:ArrayOfString", "0"),
                OperationName::ReceiveResponseXml => ("s:int", "1"),
                _ => ("s:string", "0"),
            };
            assert_eq!(result, [(format!("{name}Result"), kind.0.to_owned(), kind.1.to_owned())]);
        }
    }

    #[test]
    fn every_operation_has_messages_a_port_and_a_binding() {
        let document = Document::parse(WSDL).expect("well-formed");
        let all = |tag: &str| document.descendants().filter(|node| node.tag_name().name() == tag).collect::<Vec<_>>();
        assert_eq!(all("message").len(), 2 * described().len());
        let operations = |parent: &str| {
            let of_parent = |node: &Node<'_, '_>| node.parent().is_some_and(|node| node.tag_name().name() == parent);
            let nodes = document.descendants().filter(|node| node.tag_name().name() == "operation").filter(of_parent);
            nodes.filter_map(|node| node.attribute("name").map(str::to_owned)).collect::<Vec<_>>()
        };
        let names: Vec<_> = described().into_iter().map(|name| name.as_str().to_owned()).collect();
        assert_eq!(operations("portType"), names);
        assert_eq!(operations("binding"), names);
        let actions: Vec<_> = document
            .descendants()
            .filter(|node| node.has_tag_name((SOAP, "operation")))
            .filter_map(|node| node.attribute("soapAction"))
            .collect();
        assert_eq!(actions, names.iter().map(|name| format!("{NAMESPACE}{name}")).collect::<Vec<_>>());
    }

    #[test]
    fn the_address_is_filled_in_and_escaped() {
        assert_eq!(WSDL.matches(PLACEHOLDER).count(), 1);
        let url = "https://sync.example.com/qbwc/acme?a=\"1\"&b=<2>";
        let text = wsdl(url);
        let document = Document::parse(&text).expect("well-formed");
        let address = document.descendants().find(|node| node.has_tag_name((SOAP, "address"))).expect("an address");
        assert_eq!(address.attribute("location"), Some(url));
    }
}
