//! `/companies/{id}/settings`: every setting with what it means. The list and the values come from the engine; the words are here.

use super::{Frame, Head, Tab, ask, company_of};
use crate::engine::CompanyView;
use crate::engine::{Engine, EngineError};
use crate::web::error::PageError;
use crate::web::respond;
use crate::web::session::{Session, Submission};
use crate::web::setting_words::{self, Choice, Words};
use crate::web::site::Site;
use crate::web::view;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

/// One setting as the form shows it.
struct Row<'v> {
    key: &'v str,
    value: &'v str,
    words: Option<&'static Words>,
}

impl Row<'_> {
    fn label(&self) -> &str {
        self.words.map_or(self.key, |words| words.label)
    }

    fn help(&self) -> &'static str {
        self.words.map_or("", |words| words.help)
    }

    fn choices(&self) -> &'static [Choice] {
        self.words.map_or(&[], |words| words.choices)
    }

    fn input(&self) -> &'static str {
        if self.key == "start_date" { "date" } else { "text" }
    }
}

/// Settings that belong together.
struct Group<'v> {
    title: &'static str,
    rows: Vec<Row<'v>>,
}

#[derive(Template)]
#[template(path = "settings.html")]
pub(in crate::web) struct SettingsPage<'v> {
    frame: Frame,
    head: Head<'v>,
    groups: Vec<Group<'v>>,
    refusal: Option<String>,
}

impl<'v> SettingsPage<'v> {
    /// `typed` are values that were sent and refused: they are shown again in place of the stored ones.
    pub(in crate::web) fn new(
        frame: Frame,
        view: &'v CompanyView,
        typed: &'v [(String, String)],
        refusal: Option<String>,
    ) -> Self {
        let mut groups: Vec<Group<'v>> = Vec::new();
        for (key, stored) in &view.settings {
            let words = setting_words::of(key);
            let value = typed.iter().find(|(name, _)| name == key).map_or(stored, |(_, value)| value);
            let row = Row { key, value, words };
            let title = words.map_or("Others", |words| words.group);
            match groups.iter_mut().find(|group| group.title == title) {
                Some(group) => group.rows.push(row),
                None => groups.push(Group { title, rows: vec![row] }),
            }
        }
        Self { frame, head: Head::new(&view.status, Tab::Settings), groups, refusal }
    }
}

/// The form.
pub(in crate::web) async fn get(
    request: HttpRequest,
    session: Session,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    let company = company_of(&request);
    let view = ask(&site, move |engine| engine.company_page(&company)).await?;
    let page = SettingsPage::new(Frame::of(&session, &request), &view, &[], None);
    Ok(respond::html(StatusCode::OK, page.render()?))
}

/// What was typed. Only what differs is set, so that the history names what a person changed.
pub(in crate::web) async fn post(
    request: HttpRequest,
    submission: Submission,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    let company = company_of(&request);
    let typed: Vec<_> =
        submission.fields.with_prefix("set.").map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
    let (target, sent, who) = (company.clone(), typed.clone(), submission.session.who());
    let (view, refusal) = ask(&site, move |engine| save(engine, &company, &sent, &who)).await?;
    if refusal.is_none() {
        return Ok(respond::see_other(&format!("/companies/{target}/settings?done=saved")));
    }
    let page = SettingsPage::new(Frame::of(&submission.session, &request), &view, &typed, refusal);
    Ok(respond::html(StatusCode::UNPROCESSABLE_ENTITY, page.render()?))
}

/// The company, and why its settings were refused where they were.
fn save(
    engine: &Engine,
    company: &str,
    sent: &[(String, String)],
    who: &str,
) -> Result<(CompanyView, Option<String>), EngineError> {
    let view = engine.company_page(company)?;
    let changed: Vec<_> = sent.iter().filter(|pair| !view.settings.contains(pair)).cloned().collect();
    if changed.is_empty() {
        return Ok((view, None));
    }
    match engine.set(company, &changed, who) {
        Ok(()) => Ok((view, None)),
        Err(EngineError::Setting(error)) => Ok((view, Some(error.to_string()))),
        Err(error) => Err(error),
    }
}
