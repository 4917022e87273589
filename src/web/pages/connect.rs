//! `/companies/{id}/setup`: how QuickBooks is connected, the `.qwc` file, a new password, new ids.

use super::{Frame, Head, Tab, ask, company_of, page_or_part};
use crate::engine::CompanyView;
use crate::web::error::PageError;
use crate::web::respond;
use crate::web::session::{Session, Submission};
use crate::web::site::Site;
use crate::web::view;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

#[derive(Template)]
#[template(path = "connect.html", blocks = ["live"])]
pub(in crate::web) struct ConnectPage<'v> {
    frame: Frame,
    head: Head<'v>,
    view: &'v CompanyView,
    /// A password that was just made; shown this once.
    password: Option<&'v str>,
}

impl<'v> ConnectPage<'v> {
    pub(in crate::web) fn new(frame: Frame, view: &'v CompanyView, password: Option<&'v str>) -> Self {
        Self { frame, head: Head::new(&view.summary, Tab::Connect), view, password }
    }
}

/// The page.
pub(in crate::web) async fn get(
    request: HttpRequest,
    session: Session,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    let company = company_of(&request);
    let view = ask(&site, move |engine| engine.company_page(&company)).await?;
    let page = ConnectPage::new(Frame::of(&session, &request), &view, None);
    page_or_part(&request, || page.render(), || page.as_live().render())
}

/// The `.qwc` file, the same on every download.
pub(in crate::web) async fn download(
    request: HttpRequest,
    _session: Session,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    file(&request, &site, false).await
}

/// The `.qwc` file with fresh ids: the way out when QuickBooks says that another application holds them (QBWC1039).
pub(in crate::web) async fn new_ids(
    request: HttpRequest,
    _submission: Submission,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    file(&request, &site, true).await
}

async fn file(request: &HttpRequest, site: &Site, rotate_ids: bool) -> Result<HttpResponse, PageError> {
    let company = company_of(request);
    let file = ask(site, move |engine| engine.qwc(&company, rotate_ids, false)).await?;
    let disposition = format!("attachment; filename=\"{}\"", safe_file_name(&file.file_name));
    let disposition = HeaderValue::try_from(disposition).map_err(|_| PageError::Internal)?;
    Ok(respond::guarded(StatusCode::OK)
        .insert_header((header::CONTENT_TYPE, HeaderValue::from_static(qbwc::qwc::MIME)))
        .insert_header((header::CONTENT_DISPOSITION, disposition))
        .body(file.xml))
}

/// Letters, digits and `-._`; everything else becomes `-`.
fn safe_file_name(name: &str) -> String {
    let safe = |character: char| character.is_ascii_alphanumeric() || "-._".contains(character);
    name.chars().map(|character| if safe(character) { character } else { '-' }).collect()
}

/// Makes a new password and shows it. The answer to the form itself: a password does not belong into an address.
pub(in crate::web) async fn new_password(
    request: HttpRequest,
    submission: Submission,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    let company = company_of(&request);
    let load =
        move |engine: &crate::engine::Engine| Ok((engine.qwc(&company, false, true)?, engine.company_page(&company)?));
    let (file, view) = ask(&site, load).await?;
    let page = ConnectPage::new(Frame::of(&submission.session, &request), &view, file.password.as_deref());
    Ok(respond::html(StatusCode::OK, page.render()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_cannot_break_out_of_its_header() {
        assert_eq!(safe_file_name("acme\"\r\nSet-Cookie: x.qwc"), "acme---Set-Cookie--x.qwc");
        assert_eq!(safe_file_name("counterfoil-acme_1.qwc"), "counterfoil-acme_1.qwc");
    }
}
