//! `CompanyQuery` and `CompanyActivityQuery`: who the company is, what an application has stored at it, and when it was
//! last restored from a backup.
//!
//! Private data comes back only for the OwnerIDs the query names (`qbxml.md` 6); the Web Connector keeps its `FileID` and
//! `AppLock` there (`qbwc.md` 5).

use super::RequestType;
use crate::sim::quickbooks::Call;
use crate::sim::quickbooks::answer::Outcome;
use crate::sim::quickbooks::schema::Node;
use crate::sim::quickbooks::status::Status;
use crate::sim::quickbooks::tables::{INCLUDE, OWNER};
use crate::sim::xml::Element;

const QUERY: &[Node] = &[INCLUDE, OWNER];
const ACTIVITY_QUERY: &[Node] = &[INCLUDE];

pub(crate) const REQUESTS: &[RequestType] = &[
    RequestType::new("CompanyQuery", QUERY, query),
    RequestType::new("CompanyActivityQuery", ACTIVITY_QUERY, query_activity).since(2, 0),
];

fn query(call: &mut Call<'_>) -> Result<Outcome, Status> {
    let books = &call.file.books;
    let name = &books.company_name;
    let copy = Element::group("AccountantCopy", vec![Element::leaf("AccountantCopyExists", "false")]);
    let mut fields = vec![
        Element::leaf("IsSampleCompany", if books.is_sample { "true" } else { "false" }),
        Element::leaf("CompanyName", name),
        Element::leaf("LegalCompanyName", name),
        Element::leaf("FirstMonthFiscalYear", "January"),
        Element::leaf("FirstMonthIncomeTaxYear", "January"),
        Element::leaf("CompanyType", "General Business"),
        Element::leaf("TaxForm", "OtherOrNone"),
        copy,
    ];
    for owner in call.request.children_named("OwnerID") {
        let own = books.company_data.iter().filter(|((who, _), _)| who.eq_ignore_ascii_case(&owner.text));
        fields.extend(own.map(|((_, key), value)| data_ext(&owner.text, key, value)));
    }
    Ok(Outcome::of(vec![included(call.request, "CompanyRet", fields)]))
}

fn data_ext(owner: &str, name: &str, value: &str) -> Element {
    Element::group(
        "DataExtRet",
        vec![
            Element::leaf("OwnerID", owner),
            Element::leaf("DataExtName", name),
            Element::leaf("DataExtType", "STR255TYPE"),
            Element::leaf("DataExtValue", value),
        ],
    )
}

fn query_activity(call: &mut Call<'_>) -> Result<Outcome, Status> {
    let zone = &call.file.setup.zone;
    let stamps =
        [("LastRestoreTime", call.file.books.last_restore), ("LastCondenseTime", call.file.books.last_condense)];
    let fields = stamps.into_iter().filter_map(|(name, time)| time.map(|time| Element::leaf(name, &zone.stamp(time))));
    Ok(Outcome::of(vec![included(call.request, "CompanyActivityRet", fields.collect())]))
}

/// An answer's element with the choice of `IncludeRetElement` applied.
pub(crate) fn included(request: &Element, name: &str, mut fields: Vec<Element>) -> Element {
    let wanted: Vec<&str> = request.children_named("IncludeRetElement").map(|wanted| wanted.text.as_str()).collect();
    fields.retain(|field| wanted.is_empty() || wanted.contains(&field.name.as_str()));
    Element::group(name, fields)
}
