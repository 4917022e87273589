//! `/add-company`: the first step of a new company. Bill.com's credentials, tried at once; then `/companies/{id}/begin`: a few
//! settings with defaults that fit what was found. The other steps are the pages that stay: QuickBooks setup, and the plan.

use super::{Frame, Head, Tab, ask, company_of};
use crate::engine::{BillComFound, Engine, EngineError, NewBillCom, SummaryView};
use crate::web::error::PageError;
use crate::web::form::Fields;
use crate::web::respond;
use crate::web::session::{Session, Submission};
use crate::web::setting_words::{self, Words};
use crate::web::site::Site;
use crate::web::view;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

/// Bill.com's addresses: the real one, and the one to test with.
const PRODUCTION: &str = "https://api.bill.com/api/v2";
const SANDBOX: &str = "https://api-sandbox.bill.com/api/v2";

/// Settings that are asked for at the beginning; the others have good defaults.
const FIRST_SETTINGS: [&str; 5] = ["start_date", "bills", "payments", "class_dimension", "conflict_winner"];

/// What was typed, without the secrets: a page never shows them again.
#[derive(Default)]
pub(in crate::web) struct Typed {
    system: String,
    url: String,
    org: String,
    user: String,
    name: String,
}

#[derive(Template)]
#[template(path = "add.html")]
pub(in crate::web) struct AddPage {
    frame: Frame,
    typed: Typed,
    /// The field at fault, and what to do.
    refusal: Option<(&'static str, String)>,
}

impl AddPage {
    pub(in crate::web) fn new(frame: Frame, typed: Typed, refusal: Option<(&'static str, String)>) -> Self {
        Self { frame, typed, refusal }
    }

    fn is_at_fault(&self, field: &str) -> bool {
        self.refusal.as_ref().is_some_and(|(at, _)| *at == field)
    }
}

#[derive(Template)]
#[template(path = "begin.html")]
pub(in crate::web) struct BeginPage<'v> {
    frame: Frame,
    head: Head<'v>,
    rows: Vec<(&'static Words, String)>,
    refusal: Option<String>,
}

impl<'v> BeginPage<'v> {
    pub(in crate::web) fn new(
        frame: Frame,
        summary: &'v SummaryView,
        settings: &[(String, String)],
        refusal: Option<String>,
    ) -> Self {
        let rows = FIRST_SETTINGS.iter().filter_map(|key| {
            let value = settings.iter().find(|(known, _)| known == key)?.1.clone();
            Some((setting_words::of(key)?, value))
        });
        Self { frame, head: Head::new(summary, Tab::Connect), rows: rows.collect(), refusal }
    }
}

/// The form.
pub(in crate::web) async fn get(request: HttpRequest, session: Session) -> Result<HttpResponse, PageError> {
    if !session.is_owner {
        return Err(PageError::OwnerOnly);
    }
    let page = AddPage::new(Frame::of(&session, &request), Typed::default(), None);
    Ok(respond::html(StatusCode::OK, page.render()?))
}

/// Tries the credentials; when Bill.com lets us in, the company is there, in preview.
pub(in crate::web) async fn post(
    request: HttpRequest,
    submission: Submission,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    let fields = &submission.fields;
    let new = typed_billcom(fields);
    let found = match site.engine().try_billcom(&new).await {
        Ok(found) => found,
        Err(error) => return refused(&request, &submission, error),
    };
    let given = fields.get("name").trim().to_owned();
    let name = Some(given).filter(|name| !name.is_empty()).or(found.organization.clone());
    let Some(name) = name else {
        let why = "Bill.com does not tell the organisation’s name. Give the company one.".to_owned();
        return show(&request, &submission, ("name", why));
    };
    let added = ask(&site, move |engine| add(engine, new, name, &found)).await;
    match added {
        Ok(id) => Ok(respond::see_other(&format!("/companies/{id}/begin?done=added"))),
        Err(PageError::Engine(EngineError::BadCompany(why))) => {
            show(&request, &submission, ("name", crate::model::sentence(&why)))
        }
        Err(error) => Err(error),
    }
}

fn add(engine: &Engine, new: NewBillCom, name: String, found: &BillComFound) -> Result<String, EngineError> {
    let settings = found.settings.iter().map(|(key, value, _)| ((*key).to_owned(), (*value).to_owned())).collect();
    Ok(engine.add_company(&new.company(name, settings))?.id)
}

fn typed_billcom(fields: &Fields) -> NewBillCom {
    let text = |name: &str| fields.get(name).trim().to_owned();
    let url = match fields.get("system") {
        "production" => PRODUCTION.to_owned(),
        "sandbox" => SANDBOX.to_owned(),
        _ => text("url"),
    };
    NewBillCom {
        url,
        org: text("org"),
        user: text("user"),
        password: fields.get("password").to_owned().into(),
        dev_key: text("dev_key").into(),
    }
}

fn refused(request: &HttpRequest, submission: &Submission, error: EngineError) -> Result<HttpResponse, PageError> {
    match error {
        EngineError::Credentials { field, sentence } => show(request, submission, (field, sentence)),
        error => Err(error.into()),
    }
}

fn show(
    request: &HttpRequest,
    submission: &Submission,
    refusal: (&'static str, String),
) -> Result<HttpResponse, PageError> {
    let text = |name: &str| submission.fields.get(name).to_owned();
    let typed =
        Typed { system: text("system"), url: text("url"), org: text("org"), user: text("user"), name: text("name") };
    let page = AddPage::new(Frame::of(&submission.session, request), typed, Some(refusal));
    Ok(respond::html(StatusCode::UNPROCESSABLE_ENTITY, page.render()?))
}

/// The first settings.
pub(in crate::web) async fn begin(
    request: HttpRequest,
    session: Session,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    let company = company_of(&request);
    let view = ask(&site, move |engine| engine.company_page(&company)).await?;
    let page = BeginPage::new(Frame::of(&session, &request), &view.summary, &view.settings, None);
    Ok(respond::html(StatusCode::OK, page.render()?))
}

/// Keeps them and goes on to QuickBooks.
pub(in crate::web) async fn save(
    request: HttpRequest,
    submission: Submission,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    let company = company_of(&request);
    let target = format!("/companies/{company}/setup");
    let typed = super::settings::typed(&submission.fields);
    let (sent, who) = (typed.clone(), submission.session.who());
    let (view, refusal) = ask(&site, move |engine| super::settings::save(engine, &company, &sent, &who)).await?;
    let Some(refusal) = refusal else { return Ok(respond::see_other(&target)) };
    let page = BeginPage::new(Frame::of(&submission.session, &request), &view.summary, &typed, Some(refusal.1));
    Ok(respond::html(StatusCode::UNPROCESSABLE_ENTITY, page.render()?))
}
