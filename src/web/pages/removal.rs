//! `/companies/{id}/remove`: removing a company, with a copy of all that is known about it taken first.

use super::{Frame, Head, Tab, ask, company_of};
use crate::engine::{Engine, SummaryView};
use crate::web::error::PageError;
use crate::web::limits;
use crate::web::respond;
use crate::web::session::{Session, Submission};
use crate::web::site::Site;
use crate::web::view;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use std::fs::File;
use std::io::Read;

#[derive(Template)]
#[template(path = "remove.html")]
pub(in crate::web) struct RemovePage<'v> {
    frame: Frame,
    head: Head<'v>,
    summary: &'v SummaryView,
    refusal: Option<&'static str>,
}

impl<'v> RemovePage<'v> {
    pub(in crate::web) fn new(frame: Frame, summary: &'v SummaryView, refusal: Option<&'static str>) -> Self {
        Self { frame, head: Head::new(summary, Tab::Settings), summary, refusal }
    }
}

/// The question.
pub(in crate::web) async fn get(
    request: HttpRequest,
    session: Session,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    let company = company_of(&request);
    let summary = ask(&site, move |engine| engine.summary(&company)).await?;
    let page = RemovePage::new(Frame::of(&session, &request), &summary, None);
    Ok(respond::html(StatusCode::OK, page.render()?))
}

/// The answer: the company's name, typed.
pub(in crate::web) async fn post(
    request: HttpRequest,
    submission: Submission,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    let (company, who) = (company_of(&request), submission.session.who());
    let wanted = company.clone();
    let summary = ask(&site, move |engine| engine.summary(&wanted)).await?;
    if submission.fields.get("name").trim() != summary.name.trim() {
        let why = "That is not the company’s name, so nothing was removed.";
        let page = RemovePage::new(Frame::of(&submission.session, &request), &summary, Some(why));
        return Ok(respond::html(StatusCode::UNPROCESSABLE_ENTITY, page.render()?));
    }
    ask(&site, move |engine| engine.remove(&company, &who)).await?;
    Ok(respond::see_other("/?done=removed"))
}

/// A copy of the company's file. For owners: it holds everything.
pub(in crate::web) async fn export(
    request: HttpRequest,
    session: Session,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    if !session.is_owner {
        return Err(PageError::OwnerOnly);
    }
    let company = company_of(&request);
    let disposition = format!("attachment; filename=\"counterfoil-{company}.db\"");
    let file = ask(&site, move |engine| copy(engine, &company)).await??;
    let stream = futures_util::stream::unfold(Some(file), |file| async move {
        let mut file = file?;
        let read = web::block(move || {
            let mut chunk = vec![0; limits::EXPORT_CHUNK_BYTES];
            let count = file.read(&mut chunk)?;
            chunk.truncate(count);
            Ok::<_, std::io::Error>((chunk, file))
        });
        match read.await {
            Ok(Ok((chunk, _))) if chunk.is_empty() => None,
            Ok(Ok((chunk, file))) => Some((Ok(web::Bytes::from(chunk)), Some(file))),
            // The connection ends in the middle, so the browser knows that the copy is not whole.
            Ok(Err(error)) => Some((Err(error), None)),
            Err(error) => Some((Err(std::io::Error::other(error)), None)),
        }
    });
    Ok(respond::guarded(StatusCode::OK)
        .insert_header((header::CONTENT_TYPE, HeaderValue::from_static("application/vnd.sqlite3")))
        .insert_header((
            header::CONTENT_DISPOSITION,
            HeaderValue::try_from(disposition).map_err(|_| PageError::NotFound)?,
        ))
        .streaming(stream))
}

/// A copy of the company's file under a name that is gone at once: it ends with its handle.
fn copy(engine: &Engine, company: &str) -> Result<Result<File, PageError>, crate::engine::EngineError> {
    let made = |error: std::io::Error| {
        tracing::error!(%error, "a copy of a company's file could not be made");
        PageError::Internal
    };
    let folder = match engine.work_folder() {
        Ok(folder) => folder,
        Err(error) => return Ok(Err(made(error))),
    };
    let path = folder.path().join("copy.db");
    engine.export(company, &path)?;
    Ok(File::open(&path).map_err(made))
}
