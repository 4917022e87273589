//! `/companies/{id}/settings`: every setting with what it means. The list and the values come from the engine; the words are here.

use super::{Frame, Head, Tab, ask, company_of};
use crate::engine::{CompanyView, Engine, EngineError, Suggestions};
use crate::model::BadSetting;
use crate::web::error::PageError;
use crate::web::form::Fields;
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
    /// Why what was typed cannot be.
    refusal: Option<&'v str>,
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

    /// The list of what can be chosen from, for a setting that names a record of QuickBooks.
    fn list(&self) -> Option<&'static str> {
        match self.key {
            "default_item" => Some("items"),
            key if key.ends_with("_account") || key.ends_with("_clearing") => Some("accounts"),
            _ => None,
        }
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
    view: &'v CompanyView,
    groups: Vec<Group<'v>>,
    refusal: Option<&'v Refusal>,
    choices: &'v Suggestions,
}

/// The setting at fault, and why.
pub(in crate::web) type Refusal = (String, String);

impl<'v> SettingsPage<'v> {
    /// `typed` are values that were sent and refused: they are shown again in place of the stored ones.
    pub(in crate::web) fn new(
        frame: Frame,
        view: &'v CompanyView,
        typed: &'v [(String, String)],
        refusal: Option<&'v Refusal>,
        choices: &'v Suggestions,
    ) -> Self {
        let mut groups: Vec<Group<'v>> = Vec::new();
        for (key, stored) in &view.settings {
            let words = setting_words::of(key);
            let value = typed.iter().find(|(name, _)| name == key).map_or(stored, |(_, value)| value);
            let refusal = refusal.filter(|(at, _)| at == key).map(|(_, why)| why.as_str());
            let row = Row { key, value, words, refusal };
            let title = words.map_or("Others", |words| words.group);
            match groups.iter_mut().find(|group| group.title == title) {
                Some(group) => group.rows.push(row),
                None => groups.push(Group { title, rows: vec![row] }),
            }
        }
        Self { frame, head: Head::new(&view.summary, Tab::Settings), view, groups, refusal, choices }
    }
}

/// The form.
pub(in crate::web) async fn get(
    request: HttpRequest,
    session: Session,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    let company = company_of(&request);
    let load = move |engine: &Engine| Ok((engine.company_page(&company)?, engine.suggestions(&company)?));
    let (view, choices) = ask(&site, load).await?;
    let page = SettingsPage::new(Frame::of(&session, &request), &view, &[], None, &choices);
    Ok(respond::html(StatusCode::OK, page.render()?))
}

/// The settings that a form names.
pub(super) fn typed(fields: &Fields) -> Vec<(String, String)> {
    fields.with_prefix("set.").map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}

/// What was typed. Only what differs is set, so that the history names what a person changed.
pub(in crate::web) async fn post(
    request: HttpRequest,
    submission: Submission,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    let company = company_of(&request);
    let target = format!("/companies/{company}/settings?done=saved");
    let typed = typed(&submission.fields);
    let (wanted, sent, who) = (company.clone(), typed.clone(), submission.session.who());
    let (view, refusal) = ask(&site, move |engine| save(engine, &company, &sent, &who)).await?;
    let Some(refusal) = refusal else { return Ok(respond::see_other(&target)) };
    let choices = ask(&site, move |engine| engine.suggestions(&wanted)).await?;
    let page = SettingsPage::new(Frame::of(&submission.session, &request), &view, &typed, Some(&refusal), &choices);
    Ok(respond::html(StatusCode::UNPROCESSABLE_ENTITY, page.render()?))
}

/// The company, and why its settings were refused where they were.
pub(super) fn save(
    engine: &Engine,
    company: &str,
    sent: &[(String, String)],
    who: &str,
) -> Result<(CompanyView, Option<Refusal>), EngineError> {
    let view = engine.company_page(company)?;
    let changed: Vec<_> = sent.iter().filter(|pair| !view.settings.contains(pair)).cloned().collect();
    if changed.is_empty() {
        return Ok((view, None));
    }
    match engine.set(company, &changed, who) {
        Ok(()) => Ok((view, None)),
        Err(EngineError::Setting(error)) => {
            let key = match &error {
                BadSetting::BadValue { key, .. } => (*key).to_owned(),
                BadSetting::UnknownKey { key, .. } => key.clone(),
            };
            Ok((view, Some((key, crate::model::sentence(&error.to_string())))))
        }
        Err(error) => Err(error),
    }
}
