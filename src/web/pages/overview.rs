//! `/`: all companies, each with its word; searched, filtered and sorted by the address, so that a view can be kept as a bookmark.

use super::{Frame, ask, page_or_part};
use crate::engine::{StateWord, SummaryView};
use crate::web::error::PageError;
use crate::web::form::Fields;
use crate::web::limits;
use crate::web::next::percent_encode;
use crate::web::respond;
use crate::web::session::Session;
use crate::web::site::Site;
use crate::web::view;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

/// All words, the most urgent first.
const STATES: [StateWord; 6] = [
    StateWord::Stopped,
    StateWord::NeedsYou,
    StateWord::WaitingForQuickbooks,
    StateWord::Syncing,
    StateWord::Paused,
    StateWord::UpToDate,
];

/// A word to filter by, with how many companies have it.
struct Choice {
    state: StateWord,
    word: &'static str,
    count: u64,
    is_chosen: bool,
}

/// What is looked for.
struct Wanted {
    text: String,
    state: String,
    sort: String,
    page: usize,
}

#[derive(Template)]
#[template(path = "overview.html", blocks = ["live"])]
struct Overview<'v> {
    frame: Frame,
    total: u64,
    companies: &'v [SummaryView],
    choices: Vec<Choice>,
    wanted: Wanted,
    found: u64,
    summary: String,
    next: Option<String>,
}

/// The handler.
pub(in crate::web) async fn get(
    request: HttpRequest,
    session: Session,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    let all = ask(&site, |engine| engine.summaries()).await?;
    if all.is_empty() && session.is_owner {
        let is_removed = Fields::of_query(&request).get("done") == "removed";
        return Ok(respond::see_other(if is_removed { "/add-company?done=removed" } else { "/add-company" }));
    }
    let query = Fields::of_query(&request);
    let wanted = Wanted {
        text: query.get("q").trim().chars().take(crate::limits::SEARCH_CHARS_MAX).collect(),
        state: query.get("state").to_owned(),
        sort: query.get("sort").to_owned(),
        page: query.get("page").parse().unwrap_or(0),
    };
    let summary = summary(&all);
    let choices = choices(&all, &wanted.state);
    let total = all.len() as u64;
    let found = chosen(all, &wanted);
    let from = wanted.page.saturating_mul(limits::COMPANY_ROWS).min(found.len());
    let shown = &found[from..found.len().min(from + limits::COMPANY_ROWS)];
    let next = (from + limits::COMPANY_ROWS < found.len()).then(|| address(&wanted, wanted.page + 1));
    let page = Overview {
        frame: Frame::of(&session, &request),
        total,
        companies: shown,
        choices,
        wanted,
        found: found.len() as u64,
        summary,
        next,
    };
    page_or_part(&request, || page.render(), || page.as_live().render())
}

fn address(wanted: &Wanted, page: usize) -> String {
    let part = |text: &str| percent_encode(text);
    format!("/?q={}&state={}&sort={}&page={page}", part(&wanted.text), part(&wanted.state), part(&wanted.sort))
}

fn choices(companies: &[SummaryView], chosen: &str) -> Vec<Choice> {
    let count = |state| companies.iter().filter(|company| company.state == state).count() as u64;
    let choice = |state| Choice { state, word: state.word(), count: count(state), is_chosen: state.word() == chosen };
    STATES.into_iter().map(choice).filter(|choice| choice.count > 0 || choice.is_chosen).collect()
}

/// The companies that fit, in the order wanted: whoever needs a person first, or by name, or by last contact.
fn chosen(mut companies: Vec<SummaryView>, wanted: &Wanted) -> Vec<SummaryView> {
    let text = wanted.text.to_lowercase();
    companies.retain(|company| {
        (text.is_empty() || company.name.to_lowercase().contains(&text) || company.company.contains(&text))
            && (wanted.state.is_empty() || company.state.word() == wanted.state)
    });
    match wanted.sort.as_str() {
        // The engine gives them by name.
        "name" => {}
        "contact" => companies.sort_by(|left, right| left.last_contact.cmp(&right.last_contact)),
        "problems" => companies.sort_by_key(|company| std::cmp::Reverse(company.problems)),
        _ => companies.sort_by_key(|company| urgency(company.state)),
    }
    companies
}

/// The place of a word among those that want attention.
fn urgency(state: StateWord) -> usize {
    STATES.iter().position(|known| *known == state).unwrap_or(STATES.len())
}

/// `12 companies: 1 needs you, 11 up to date.`
fn summary(companies: &[SummaryView]) -> String {
    let mut parts = Vec::new();
    for state in STATES {
        let words = match state {
            StateWord::Stopped => "stopped",
            StateWord::NeedsYou => "need you",
            StateWord::WaitingForQuickbooks => "waiting for QuickBooks",
            StateWord::Syncing => "syncing",
            StateWord::Paused => "paused",
            StateWord::UpToDate => "up to date",
        };
        match companies.iter().filter(|company| company.state == state).count() {
            0 => {}
            1 if state == StateWord::NeedsYou => parts.push("1 needs you".to_owned()),
            count => parts.push(format!("{} {words}", view::number(count as u64))),
        }
    }
    format!("{}: {}.", view::counted(companies.len() as u64, "company", "companies"), parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::tests::sample;

    fn wanted(text: &str, state: &str, sort: &str) -> Wanted {
        Wanted { text: text.to_owned(), state: state.to_owned(), sort: sort.to_owned(), page: 0 }
    }

    fn companies() -> Vec<SummaryView> {
        let states = [StateWord::UpToDate, StateWord::NeedsYou, StateWord::UpToDate];
        let named = |(at, state)| SummaryView { state, name: format!("Company {at}"), ..sample::summary() };
        states.into_iter().enumerate().map(named).collect()
    }

    #[test]
    fn the_summary_counts_what_needs_a_person_first() {
        assert_eq!(summary(&companies()), "3 companies: 1 needs you, 2 up to date.");
        assert_eq!(chosen(companies(), &wanted("", "", ""))[0].state, StateWord::NeedsYou);
    }

    #[test]
    fn companies_are_found_by_a_part_of_their_name_and_by_their_word() {
        assert_eq!(chosen(companies(), &wanted("PANY 2", "", "")).len(), 1);
        assert_eq!(chosen(companies(), &wanted("", "up_to_date", "name")).len(), 2);
        assert_eq!(chosen(companies(), &wanted("2", "needs_you", "")).len(), 0);
        let counts: Vec<_> = choices(&companies(), "").iter().map(|choice| choice.count).collect();
        assert_eq!(counts, [1, 2], "words that nobody has are not offered");
        assert_eq!(address(&wanted("a&b", "", "name"), 1), "/?q=a%26b&state=&sort=name&page=1");
    }
}
