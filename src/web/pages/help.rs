//! `/help`: what every state, problem and code means, and what to do. The texts are the markdown files in `src/web/help`, which
//! read as well in the repository.
//!
//! A file is a topic: a heading, an introduction, and entries, each under a heading with its codes in backticks. The files are
//! compiled in and turned into HTML once. HTML within them is shown as text, so that nothing but markdown makes a page.

use super::Frame;
use crate::web::error::PageError;
use crate::web::respond;
use crate::web::session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use pulldown_cmark::{Event, Parser, html};
use serde::Deserialize;
use std::sync::LazyLock;

/// Topics in the order in which they are listed, and their text.
const SOURCES: [(&str, &str); 6] = [
    ("states", include_str!("../help/states.md")),
    ("problems", include_str!("../help/problems.md")),
    ("web-connector", include_str!("../help/web-connector.md")),
    ("hresults", include_str!("../help/hresults.md")),
    ("alerts", include_str!("../help/alerts.md")),
    ("signing-in", include_str!("../help/signing-in.md")),
];

/// Characters of a search that are looked at.
const SEARCH_CHARS_MAX: usize = 100;

static TOPICS: LazyLock<Vec<Topic>> =
    LazyLock::new(|| SOURCES.iter().map(|(slug, text)| Topic::read(slug, text)).collect());

/// One file.
struct Topic {
    slug: &'static str,
    title: &'static str,
    /// HTML of the introduction.
    intro: String,
    entries: Vec<Entry>,
}

/// One heading of a file.
struct Entry {
    /// What it is about; the first is its address.
    codes: Vec<&'static str>,
    title: &'static str,
    /// HTML.
    body: String,
    /// Lower case, for the search.
    words: String,
}

impl Topic {
    fn read(slug: &'static str, text: &'static str) -> Self {
        let mut parts = text.split("\n## ");
        let (head, intro) = parts.next().unwrap_or_default().split_once('\n').unwrap_or_default();
        let title = head.trim_start_matches('#').trim();
        Self { slug, title, intro: to_html(intro), entries: parts.map(Entry::read).collect() }
    }

    fn entry(&self, code: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.codes.iter().any(|known| known.eq_ignore_ascii_case(code)))
    }
}

impl Entry {
    fn read(part: &'static str) -> Self {
        let (heading, body) = part.split_once('\n').unwrap_or((part, ""));
        // `a` `b` Title: what stands between backticks is a code.
        let pieces: Vec<&str> = heading.split('`').collect();
        let codes = pieces.iter().skip(1).step_by(2).copied().collect();
        let title = pieces.last().copied().unwrap_or(heading).trim();
        Self { codes, title, body: to_html(body), words: part.to_lowercase() }
    }

    fn code(&self) -> &'static str {
        self.codes.first().copied().unwrap_or_default()
    }
}

fn to_html(markdown: &str) -> String {
    let events = Parser::new(markdown).map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        other => other,
    });
    let mut page = String::new();
    html::push_html(&mut page, events);
    page
}

/// The codes of QuickBooks that stand in a text and have an entry, for links.
pub(in crate::web) fn codes_in(text: &str) -> Vec<&'static str> {
    let known = TOPICS.iter().filter(|topic| topic.slug == "hresults").flat_map(|topic| &topic.entries);
    known.map(Entry::code).filter(|code| text.to_ascii_lowercase().contains(&code.to_ascii_lowercase())).collect()
}

#[derive(Template)]
#[template(path = "help.html")]
struct HelpPage<'v> {
    frame: Frame,
    topics: &'static [Topic],
    search: &'v str,
    found: Vec<(&'static Topic, &'static Entry)>,
}

#[derive(Template)]
#[template(path = "help_topic.html")]
struct TopicPage {
    frame: Frame,
    topic: &'static Topic,
}

#[derive(Template)]
#[template(path = "help_entry.html")]
struct EntryPage {
    frame: Frame,
    topic: &'static Topic,
    entry: &'static Entry,
}

/// All topics, or what a search found.
pub(in crate::web) async fn list(request: HttpRequest, session: Session) -> Result<HttpResponse, PageError> {
    #[derive(Deserialize)]
    struct Search {
        q: Option<String>,
    }
    let query = web::Query::<Search>::from_query(request.query_string()).ok();
    let search: String = query.and_then(|query| query.into_inner().q).unwrap_or_default();
    let search: String = search.trim().chars().take(SEARCH_CHARS_MAX).collect();
    let page =
        HelpPage { frame: Frame::of(&session, &request), topics: &TOPICS, search: &search, found: find(&search) };
    Ok(respond::html(StatusCode::OK, page.render()?))
}

/// The entries that hold every word of a search.
fn find(search: &str) -> Vec<(&'static Topic, &'static Entry)> {
    let words: Vec<String> = search.split_whitespace().map(str::to_lowercase).collect();
    if words.is_empty() {
        return Vec::new();
    }
    let all = TOPICS.iter().flat_map(|topic| topic.entries.iter().map(move |entry| (topic, entry)));
    all.filter(|(_, entry)| words.iter().all(|word| entry.words.contains(word))).collect()
}

fn topic_of(request: &HttpRequest) -> Result<&'static Topic, PageError> {
    let slug = request.match_info().query("topic");
    TOPICS.iter().find(|topic| topic.slug == slug).ok_or(PageError::NotFound)
}

/// One topic.
pub(in crate::web) async fn topic(request: HttpRequest, session: Session) -> Result<HttpResponse, PageError> {
    let page = TopicPage { topic: topic_of(&request)?, frame: Frame::of(&session, &request) };
    Ok(respond::html(StatusCode::OK, page.render()?))
}

/// One entry.
pub(in crate::web) async fn entry(request: HttpRequest, session: Session) -> Result<HttpResponse, PageError> {
    let topic = topic_of(&request)?;
    let entry = topic.entry(request.match_info().query("entry")).ok_or(PageError::NotFound)?;
    let page = EntryPage { topic, entry, frame: Frame::of(&session, &request) };
    Ok(respond::html(StatusCode::OK, page.render()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ProblemCode;
    use std::collections::BTreeSet;

    fn codes(slug: &str) -> BTreeSet<String> {
        let topic = TOPICS.iter().find(|topic| topic.slug == slug).expect("a topic");
        topic.entries.iter().flat_map(|entry| &entry.codes).map(|code| (*code).to_owned()).collect()
    }

    #[test]
    fn every_problem_and_nothing_else_has_an_entry() {
        let known: BTreeSet<String> = ProblemCode::ALL.iter().map(|code| code.word().to_owned()).collect();
        assert_eq!(codes("problems"), known);
    }

    #[test]
    fn every_state_has_an_entry() {
        use crate::engine::StateWord;
        let all = [
            StateWord::UpToDate,
            StateWord::Syncing,
            StateWord::WaitingForQuickbooks,
            StateWord::NeedsYou,
            StateWord::Paused,
            StateWord::Stopped,
        ];
        for state in all {
            assert_eq!(serde_json::to_value(state).expect("JSON"), state.word());
        }
        let words = all.map(|state| state.word().to_owned());
        assert_eq!(codes("states"), BTreeSet::from(words));
    }

    #[test]
    fn every_code_of_quickbooks_has_an_entry() {
        let known: BTreeSet<String> = qbwc::HResult::known().map(|code| code.to_string()).collect();
        assert_eq!(codes("hresults"), known);
        assert_eq!(codes_in("it said 0x8004040a, then 0x80040408 and 0xdeadbeef"), ["0x80040408", "0x8004040A"]);
    }

    #[test]
    fn every_message_of_the_web_connector_has_an_entry() {
        // 1000 to 1048 are the vendor's list, in which 1047 is absent; the others are known from reports.
        let listed = (1000..=1048).filter(|number| *number != 1047).chain([1051, 1065, 1080, 1085]);
        let known: BTreeSet<String> = listed.map(|number| format!("QBWC{number}")).collect();
        assert_eq!(codes("web-connector"), known);
    }

    #[test]
    fn entries_are_whole_and_links_lead_somewhere() {
        for topic in TOPICS.iter() {
            assert!(!topic.title.is_empty() && topic.intro.starts_with("<p>"), "{}", topic.slug);
            for entry in &topic.entries {
                assert!(!entry.codes.is_empty() && !entry.title.is_empty() && entry.body.len() > 40, "{}", entry.title);
                for link in entry.body.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
                    let mut path = link.strip_prefix("/help/").expect("a page of help").split('/');
                    let slug = path.next().expect("a topic");
                    let topic = TOPICS.iter().find(|topic| topic.slug == slug).expect("a topic that exists");
                    assert!(path.next().is_none_or(|code| topic.entry(code).is_some()), "{link}");
                }
            }
        }
    }

    #[test]
    fn markdown_makes_pages_and_html_does_not() {
        let page = to_html("a *b* <script>alert(1)</script>\n\n<img src=x onerror=y>\n");
        assert!(page.contains("<em>b</em>") && !page.contains("<script") && !page.contains("<img"), "{page}");
    }

    #[test]
    fn a_search_finds_what_holds_every_word() {
        let found = |search: &str| find(search).into_iter().map(|(_, entry)| entry.code()).collect::<Vec<_>>();
        assert_eq!(found("QBWC1039"), ["QBWC1039"]);
        assert!(found("dialog close").contains(&"0x80040414"));
        assert!(found("").is_empty() && found("xyzzy").is_empty());
    }
}
