//! `/companies/{id}/billcom`: other credentials for Bill.com, tried before they are kept.

use super::{Frame, Head, Tab, ask, company_of};
use crate::engine::{CompanyView, EngineError};
use crate::web::error::PageError;
use crate::web::respond;
use crate::web::session::{Session, Submission};
use crate::web::site::Site;
use crate::web::view;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

#[derive(Template)]
#[template(path = "credentials.html")]
pub(in crate::web) struct CredentialsPage<'v> {
    frame: Frame,
    head: Head<'v>,
    user: &'v str,
    /// The field at fault, and what to do.
    refusal: Option<(&'static str, String)>,
}

impl<'v> CredentialsPage<'v> {
    pub(in crate::web) fn new(
        frame: Frame,
        view: &'v CompanyView,
        user: &'v str,
        refusal: Option<(&'static str, String)>,
    ) -> Self {
        Self { frame, head: Head::new(&view.summary, Tab::Settings), user, refusal }
    }

    fn is_at_fault(&self, field: &str) -> bool {
        self.refusal.as_ref().is_some_and(|(at, _)| *at == field)
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
    let page = CredentialsPage::new(Frame::of(&session, &request), &view, &view.billcom_user, None);
    Ok(respond::html(StatusCode::OK, page.render()?))
}

/// Tries them, and keeps them when Bill.com lets us in.
pub(in crate::web) async fn post(
    request: HttpRequest,
    submission: Submission,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    let company = company_of(&request);
    let fields = &submission.fields;
    let user = fields.filled("user").map(|user| user.trim().to_owned());
    let password = fields.filled("password").map(|secret| secret.to_owned().into());
    let dev_key = fields.filled("dev_key").map(|secret| secret.trim().to_owned().into());
    let engine = site.engine();
    match engine.try_credentials(&company, user.as_deref(), password.as_ref(), dev_key.as_ref()).await {
        Ok(_) => {}
        Err(EngineError::Credentials { field, sentence }) => {
            let wanted = company.clone();
            let view = ask(&site, move |engine| engine.company_page(&wanted)).await?;
            let typed = user.as_deref().unwrap_or(&view.billcom_user);
            let frame = Frame::of(&submission.session, &request);
            let page = CredentialsPage::new(frame, &view, typed, Some((field, sentence)));
            return Ok(respond::html(StatusCode::UNPROCESSABLE_ENTITY, page.render()?));
        }
        Err(error) => return Err(error.into()),
    }
    let (target, who) = (format!("/companies/{company}/settings?done=credentials"), submission.session.who());
    let keep = move |engine: &crate::engine::Engine| {
        engine.set_credentials(&company, user.as_deref(), password.as_ref(), dev_key.as_ref(), &who)
    };
    ask(&site, keep).await?;
    Ok(respond::see_other(&target))
}
