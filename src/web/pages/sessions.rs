//! `/companies/{id}/sessions`: visits of the Web Connector, what was said in one, and one message set word for word.

use super::{Frame, Head, Tab, ask, company_of, page_or_part};
use crate::engine::{Engine, ExchangeTextView, SessionView, SummaryView, TranscriptView};
use crate::web::error::PageError;
use crate::web::form::Fields;
use crate::web::limits;
use crate::web::respond;
use crate::web::session::Session;
use crate::web::site::Site;
use crate::web::view;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

#[derive(Template)]
#[template(path = "sessions.html", blocks = ["live"])]
pub(in crate::web) struct SessionsPage<'v> {
    frame: Frame,
    head: Head<'v>,
    sessions: &'v [SessionView],
    older: Option<i64>,
}

impl<'v> SessionsPage<'v> {
    pub(in crate::web) fn new(frame: Frame, summary: &'v SummaryView, sessions: &'v [SessionView]) -> Self {
        let older = sessions.last().filter(|_| sessions.len() >= limits::SESSION_ROWS).map(|session| session.id);
        Self { frame, head: Head::new(summary, Tab::History), sessions, older }
    }
}

#[derive(Template)]
#[template(path = "session.html")]
pub(in crate::web) struct SessionPage<'v> {
    frame: Frame,
    head: Head<'v>,
    view: &'v TranscriptView,
}

impl<'v> SessionPage<'v> {
    pub(in crate::web) fn new(frame: Frame, summary: &'v SummaryView, view: &'v TranscriptView) -> Self {
        Self { frame, head: Head::new(summary, Tab::History), view }
    }
}

#[derive(Template)]
#[template(path = "exchange.html")]
pub(in crate::web) struct ExchangePage<'v> {
    frame: Frame,
    head: Head<'v>,
    view: &'v ExchangeTextView,
}

impl<'v> ExchangePage<'v> {
    pub(in crate::web) fn new(frame: Frame, summary: &'v SummaryView, view: &'v ExchangeTextView) -> Self {
        Self { frame, head: Head::new(summary, Tab::History), view }
    }

    /// As much of a text as a page shows.
    fn beginning<'t>(&self, text: &'t str) -> &'t str {
        let mut end = text.len().min(limits::TRANSCRIPT_SHOWN_BYTES);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        &text[..end]
    }

    /// Whether a text is longer than that.
    const fn is_long(&self, text: &str) -> bool {
        text.len() > limits::TRANSCRIPT_SHOWN_BYTES
    }
}

/// The list.
pub(in crate::web) async fn list(
    request: HttpRequest,
    session: Session,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    let company = company_of(&request);
    let before = Fields::of_query(&request).get("before").parse().ok();
    let load = move |engine: &Engine| {
        Ok((engine.summary(&company)?, engine.sessions(&company, before, limits::SESSION_ROWS)?))
    };
    let (summary, sessions) = ask(&site, load).await?;
    let page = SessionsPage::new(Frame::of(&session, &request), &summary, &sessions);
    page_or_part(&request, || page.render(), || page.as_live().render())
}

fn number(request: &HttpRequest, name: &str) -> Result<i64, PageError> {
    request.match_info().query(name).parse().map_err(|_| PageError::NotFound)
}

/// One session.
pub(in crate::web) async fn show(
    request: HttpRequest,
    session: Session,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    let (company, wanted) = (company_of(&request), number(&request, "session")?);
    let load = move |engine: &Engine| Ok((engine.summary(&company)?, engine.transcript(&company, wanted)?));
    let (summary, view) = ask(&site, load).await?;
    let page = SessionPage::new(Frame::of(&session, &request), &summary, &view);
    Ok(respond::html(StatusCode::OK, page.render()?))
}

/// One message set; with `?file=request` or `?file=answer` its text alone.
pub(in crate::web) async fn exchange(
    request: HttpRequest,
    session: Session,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    let (company, wanted) = (company_of(&request), number(&request, "session")?);
    let attempt = number(&request, "exchange")?;
    let load = move |engine: &Engine| Ok((engine.summary(&company)?, engine.exchange(&company, wanted, attempt)?));
    let (summary, view) = ask(&site, load).await?;
    match Fields::of_query(&request).get("file") {
        "request" => file(&format!("request-{attempt}.txt"), view.request),
        "answer" => file(&format!("answer-{attempt}.txt"), view.answer.ok_or(PageError::NotFound)?),
        _ => {
            let page = ExchangePage::new(Frame::of(&session, &request), &summary, &view);
            Ok(respond::html(StatusCode::OK, page.render()?))
        }
    }
}

fn file(name: &str, text: String) -> Result<HttpResponse, PageError> {
    let disposition =
        HeaderValue::try_from(format!("attachment; filename=\"{name}\"")).map_err(|_| PageError::NotFound)?;
    Ok(respond::guarded(StatusCode::OK)
        .insert_header((header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8")))
        .insert_header((header::CONTENT_DISPOSITION, disposition))
        .body(text))
}
