//! Queries: filters, paging, iterators, metadata, and the choice of elements to return.
//!
//! Without an iterator `MaxReturned` cuts the answer off and nothing says so; with one the rest waits for
//! `iterator="Continue"`, but only for the session that started it (`qbxml.md` 3). IDs and names exclude all other
//! filters and answer 500 with what was found if some are missing. Lists return active records only unless asked.

use std::collections::{BTreeMap, VecDeque};

use super::answer::Outcome;
use super::list_query;
use super::lists::{ListKey, ListKind};
use super::objects;
use super::status::Status;
use super::text::folded;
use super::time::{Moment, Now, Zone};
use super::{Call, MissingId};
use crate::sim::xml::Element;

/// A record a query found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Hit {
    List(ListKey),
    Txn(String),
}

/// A query that was started and not finished.
#[derive(Debug, Clone)]
struct OpenQuery {
    session: u64,
    /// Request name and filters; a continuation must repeat them.
    fingerprint: String,
    used: i64,
    rest: VecDeque<Hit>,
}

/// All iterators of the running QuickBooks.
#[derive(Debug, Clone, Default)]
pub(crate) struct Iterators {
    open: BTreeMap<String, OpenQuery>,
    begun: u64,
}

impl Iterators {
    pub(crate) fn end_session(&mut self, session: u64) {
        self.open.retain(|_, iterator| iterator.session != session);
    }
}

/// The records a query selects: those found, and the first thing asked for by name that is not there.
pub(crate) struct Selection {
    pub(crate) hits: Vec<Hit>,
    pub(crate) missing: Option<String>,
    /// True if records were asked for by ID, reference or name.
    pub(crate) by_name: bool,
    pub(crate) missing_was_id: bool,
}

/// Runs a query: selects, pages and renders.
///
/// # Errors
/// A [`Status`] of 1000 and above; nothing found is an outcome, not an error.
pub(crate) fn run(
    call: &mut Call<'_>,
    select: impl Fn(&Call<'_>) -> Result<Selection, Status>,
    render: impl Fn(&Call<'_>, &Hit) -> Option<Element>,
) -> Result<Outcome, Status> {
    let (hits, iterator, total, selection) = match call.request.attribute("iterator") {
        Some("Continue") => {
            let (hits, iterator) = go_on(call)?;
            let total = hits.len() + iterator.0;
            (hits, Some(iterator), total, None)
        }
        Some("Stop") => {
            let id = call.request.attribute("iteratorID").unwrap_or("");
            let stopped = call.file.iterators.open.remove(id);
            stopped.filter(|it| it.session == call.session.number).ok_or_else(|| Status::bad_iterator(id))?;
            return Ok(Outcome::of(Vec::new()));
        }
        starting => {
            let mut selection = select(call)?;
            let hits = std::mem::take(&mut selection.hits);
            let total = hits.len();
            let most = max_returned(call.request).unwrap_or(usize::MAX);
            match starting {
                Some("Start") => {
                    let (hits, iterator) = begin(call, hits, most);
                    (hits, Some(iterator), total, Some(selection))
                }
                _ => (hits.into_iter().take(most).collect(), None, total, Some(selection)),
            }
        }
    };
    let mut outcome = Outcome::of(Vec::new());
    let meta = call.request.attribute("metaData").unwrap_or("NoMetaData");
    if meta != "NoMetaData" {
        outcome.ret_count = Some(total);
    }
    if meta != "MetaDataOnly" {
        let rendered = hits.iter().filter_map(|hit| Some(objects::data_ext::shown(call, hit, render(call, hit)?)));
        outcome.body = rendered.map(|ret| only_included(call.request, ret)).collect();
    }
    outcome.iterator = iterator;
    if let Some(selection) = selection {
        outcome.status = status(call, &selection, total)?;
    }
    Ok(outcome)
}

fn status(call: &Call<'_>, selection: &Selection, total: usize) -> Result<Status, Status> {
    if let Some(missing) = &selection.missing {
        if selection.missing_was_id && call.file.setup.habits.missing_id == MissingId::Error3120 {
            return Err(Status::no_such_object(missing));
        }
        return Ok(Status::incomplete(missing));
    }
    Ok(if total == 0 { Status::nothing_found() } else { Status::ok() })
}

fn max_returned(request: &Element) -> Option<usize> {
    request.text_of("MaxReturned")?.parse().ok()
}

fn fingerprint(request: &Element) -> String {
    let filters: Vec<&Element> = request.children.iter().filter(|child| child.name != "MaxReturned").collect();
    format!("{} {filters:?}", request.name)
}

fn begin(call: &mut Call<'_>, hits: Vec<Hit>, most: usize) -> (Vec<Hit>, (usize, String)) {
    let mut rest: VecDeque<Hit> = hits.into();
    let page: Vec<Hit> = rest.drain(..most.min(rest.len())).collect();
    let iterators = &mut call.file.iterators;
    iterators.begun += 1;
    let id = guid(call.file.seed ^ iterators.begun.rotate_left(32));
    let remaining = rest.len();
    if remaining > 0 {
        let used = call.file.setup.zone.unix(call.now);
        let (session, fingerprint) = (call.session.number, fingerprint(call.request));
        iterators.open.insert(id.clone(), OpenQuery { session, fingerprint, used, rest });
    }
    (page, (remaining, id))
}

fn go_on(call: &mut Call<'_>) -> Result<(Vec<Hit>, (usize, String)), Status> {
    let id = call.request.attribute("iteratorID").ok_or_else(Status::bad_iterator_attribute)?.to_owned();
    let now = call.file.setup.zone.unix(call.now);
    let idle_max = call.file.setup.habits.iterator_seconds_max;
    let most = max_returned(call.request).ok_or_else(Status::bad_iterator_attribute)?;
    let wanted = fingerprint(call.request);
    let open = &mut call.file.iterators.open;
    let iterator = open
        .get_mut(&id)
        .filter(|it| it.session == call.session.number && it.fingerprint == wanted)
        .filter(|it| idle_max.is_none_or(|seconds| now - it.used <= seconds))
        .ok_or_else(|| Status::bad_iterator(&id))?;
    iterator.used = now;
    let page: Vec<Hit> = iterator.rest.drain(..most.min(iterator.rest.len())).collect();
    let remaining = iterator.rest.len();
    if remaining == 0 {
        open.remove(&id);
    }
    Ok((page, (remaining, id)))
}

/// A GUID that depends on its seed only (splitmix64 twice).
pub(crate) fn guid(seed: u64) -> String {
    let mix = |step: u64| {
        let mut word = seed.wrapping_add(step.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    };
    let (high, low) = (mix(1), mix(2));
    format!(
        "{{{:08x}-{:04x}-{:04x}-{:04x}-{:012x}}}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xffff,
        low >> 48,
        low & 0xffff_ffff_ffff
    )
}

/// `IncludeRetElement`: only the named children at the top level, wrong names without a word.
pub(crate) fn only_included(request: &Element, mut ret: Element) -> Element {
    let wanted: Vec<&str> = request.children_named("IncludeRetElement").map(|wanted| wanted.text.as_str()).collect();
    if !wanted.is_empty() {
        ret.children.retain(|child| wanted.contains(&child.name.as_str()));
    }
    ret
}

/// Runs a query over one or several lists.
pub(crate) fn lists(call: &mut Call<'_>, kinds: &[ListKind]) -> Result<Outcome, Status> {
    run(
        call,
        |call| list_query::select(call, kinds),
        |call, hit| {
            let Hit::List(key) = hit else { return None };
            let record = call.file.books.lists.at(key)?;
            Some(objects::render_list(&call.file.books, &call.file.setup.zone, record, call.version))
        },
    )
}

/// A span of time, open where a bound is missing.
pub(crate) struct Span {
    from: Option<Moment>,
    to: Option<Moment>,
}

impl Span {
    /// Reads two optional bounds.
    ///
    /// # Errors
    /// 3020 for a date that does not exist or lies outside 1970 to 2038, 3030 if the bounds are the wrong way round.
    pub(crate) fn read(parent: &Element, from: &str, to: &str) -> Result<Self, Status> {
        let bound = |name: &str| match parent.text_of(name).filter(|text| !text.is_empty()) {
            None => Ok(None),
            Some(text) => Moment::parse(text).map(Some).ok_or_else(|| Status::bad_date(text, name)),
        };
        let span = Self { from: bound(from)?, to: bound(to)? };
        match (&span.from, &span.to) {
            (Some(from), Some(to)) if from.is_after(to) => Err(Status::bad_date_range()),
            _ => Ok(span),
        }
    }

    pub(crate) fn holds(&self, zone: &Zone, now: Now) -> bool {
        self.from.as_ref().is_none_or(|from| zone.is_from(now, from))
            && self.to.as_ref().is_none_or(|to| zone.is_until(now, to))
    }
}

/// `NameFilter`, `NameRangeFilter` and their twins for numbers.
pub(crate) enum TextFilter<'a> {
    Match { criterion: &'a str, text: String },
    Range { from: Option<String>, to: Option<String> },
}

impl<'a> TextFilter<'a> {
    /// Reads the filter for `Name` or `RefNumber`.
    ///
    /// # Errors
    /// 3031 if the range is the wrong way round.
    pub(crate) fn read(request: &'a Element, of: &str) -> Result<Option<Self>, Status> {
        if let Some(filter) = request.child(&format!("{of}Filter")) {
            let criterion = filter.text_of("MatchCriterion").unwrap_or("StartsWith");
            return Ok(Some(Self::Match { criterion, text: folded(filter.text_of(of).unwrap_or("")) }));
        }
        let filter_name = format!("{of}RangeFilter");
        let Some(filter) = request.child(&filter_name) else {
            return Ok(None);
        };
        let bound = |name: &str| filter.text_of(name).filter(|text| !text.is_empty()).map(folded);
        let (from, to) = (bound(&format!("From{of}")), bound(&format!("To{of}")));
        match (&from, &to) {
            (Some(low), Some(high)) if low > high => Err(Status::bad_range(&filter_name)),
            _ => Ok(Some(Self::Range { from, to })),
        }
    }

    pub(crate) fn takes(&self, text: &str) -> bool {
        let text = folded(text);
        match self {
            Self::Match { criterion, text: wanted } => match *criterion {
                "Contains" => text.contains(wanted.as_str()),
                "EndsWith" => text.ends_with(wanted.as_str()),
                _ => text.starts_with(wanted.as_str()),
            },
            Self::Range { from, to } => {
                from.as_ref().is_none_or(|from| text >= *from)
                    && to.as_ref().is_none_or(|to| text <= *to || text.starts_with(to.as_str()))
            }
        }
    }
}
