//! `HostQuery`: which QuickBooks this is and which qbXML versions it understands.

use super::RequestType;
use crate::sim::quickbooks::Call;
use crate::sim::quickbooks::answer::Outcome;
use crate::sim::quickbooks::schema::{Node, flag, group};
use crate::sim::quickbooks::status::Status;
use crate::sim::quickbooks::tables::INCLUDE;
use crate::sim::xml::Element;

const QUERY: &[Node] = &[group("IncludeListMetaData", &[flag("IncludeMaxCapacity").required()]).since(6, 0), INCLUDE];

pub(crate) const REQUESTS: &[RequestType] = &[RequestType::new("HostQuery", QUERY, query)];

fn query(call: &mut Call<'_>) -> Result<Outcome, Status> {
    let setup = &call.file.setup;
    let mut fields = vec![
        Element::leaf("ProductName", &setup.product),
        Element::leaf("MajorVersion", &setup.major_version.to_string()),
        Element::leaf("MinorVersion", "0"),
        Element::leaf("Country", &setup.country),
    ];
    fields.extend(setup.versions.iter().map(|version| Element::leaf("SupportedQBXMLVersion", &version.to_string())));
    fields.push(Element::leaf("IsAutomaticLogin", "false"));
    fields.push(Element::leaf("QBFileMode", if setup.multi_user { "MultiUser" } else { "SingleUser" }));
    Ok(Outcome::of(vec![super::company::included(call.request, "HostRet", fields)]))
}
