//! `/companies/{id}/records`: any vendor, bill or invoice by name, number or amount; and one record in full.

use super::{Frame, Head, Tab, ask, company_of, page_or_part};
use crate::engine::{Engine, EngineError, RecordQuery, RecordView, RecordsView, SummaryView};
use crate::model::Kind;
use crate::web::error::PageError;
use crate::web::find_words::{self, Place};
use crate::web::form::Fields;
use crate::web::limits;
use crate::web::next::percent_encode;
use crate::web::respond;
use crate::web::session::Session;
use crate::web::site::Site;
use crate::web::view;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

#[derive(Template)]
#[template(path = "records.html", blocks = ["live"])]
pub(in crate::web) struct RecordsPage<'v> {
    frame: Frame,
    head: Head<'v>,
    query: &'v RecordQuery,
    view: &'v RecordsView,
    kinds: &'static [Kind],
}

impl<'v> RecordsPage<'v> {
    pub(in crate::web) fn new(
        frame: Frame,
        summary: &'v SummaryView,
        query: &'v RecordQuery,
        view: &'v RecordsView,
    ) -> Self {
        Self { frame, head: Head::new(summary, Tab::Records), query, view, kinds: Kind::ALL }
    }

    /// Whether anything is looked for at all.
    fn is_filtered(&self) -> bool {
        let query = self.query;
        [&query.text, &query.kind, &query.side, &query.state].iter().any(|part| !part.is_empty())
    }

    /// The address of the next page, if there is one.
    fn next_address(&self) -> Option<String> {
        let (query, part) = (self.query, percent_encode);
        let skip = self.view.next?;
        Some(format!(
            "/companies/{}/records?q={}&kind={}&side={}&state={}&skip={}",
            self.head.id,
            part(&query.text),
            part(&query.kind),
            part(&query.side),
            part(&query.state),
            skip
        ))
    }
}

#[derive(Template)]
#[template(path = "record.html")]
pub(in crate::web) struct RecordPage<'v> {
    frame: Frame,
    head: Head<'v>,
    view: &'v RecordView,
    place: Option<&'static Place>,
}

impl<'v> RecordPage<'v> {
    pub(in crate::web) fn new(frame: Frame, summary: &'v SummaryView, view: &'v RecordView) -> Self {
        let place = find_words::of(&view.record.kind);
        Self { frame, head: Head::new(summary, Tab::Records), view, place }
    }

    /// How many fields mean different things on the two sides.
    fn differing(&self) -> u64 {
        self.view.fields.iter().filter(|field| field.differs).count() as u64
    }

    /// The address behind which Bill.com's own page stands, if the record is there.
    fn billcom_address(&self) -> Option<String> {
        let id = self.view.sides[1].id.as_ref()?;
        let kind = &self.view.record.kind;
        Some(format!("/companies/{}/records/billcom/{kind}/{}/open", self.head.id, percent_encode(id)))
    }
}

/// The list.
pub(in crate::web) async fn list(
    request: HttpRequest,
    session: Session,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    let company = company_of(&request);
    let fields = Fields::of_query(&request);
    let bounded = |name: &str| fields.get(name).chars().take(limits::NEXT_CHARS_MAX).collect::<String>();
    let query = RecordQuery {
        text: bounded("q"),
        kind: bounded("kind"),
        side: bounded("side"),
        state: bounded("state"),
        skip: fields.get("skip").parse().unwrap_or(0),
    };
    let wanted = query.clone();
    let load = move |engine: &Engine| Ok((engine.summary(&company)?, engine.records(&company, &wanted)?));
    let (summary, view) = ask(&site, load).await?;
    let page = RecordsPage::new(Frame::of(&session, &request), &summary, &query, &view);
    page_or_part(&request, || page.render(), || page.as_live().render())
}

/// Side, kind and id of the address.
fn record_of(request: &HttpRequest) -> [String; 3] {
    ["side", "kind", "record"].map(|part| request.match_info().query(part).to_owned())
}

/// One record.
pub(in crate::web) async fn show(
    request: HttpRequest,
    session: Session,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    let (company, [side, kind, id]) = (company_of(&request), record_of(&request));
    let load = move |engine: &Engine| Ok((engine.summary(&company)?, engine.record(&company, &side, &kind, &id)?));
    let (summary, view) = ask(&site, load).await?;
    let page = RecordPage::new(Frame::of(&session, &request), &summary, &view);
    Ok(respond::html(StatusCode::OK, page.render()?))
}

/// On to Bill.com's own page of a record. Asks Bill.com where that is, so only our own pages may lead here.
pub(in crate::web) async fn open(
    request: HttpRequest,
    _session: Session,
    site: web::Data<Site>,
) -> Result<HttpResponse, PageError> {
    if !site.is_same_origin(&request) {
        return Err(PageError::StaleForm);
    }
    let (company, [side, kind, id]) = (company_of(&request), record_of(&request));
    if side != "billcom" {
        return Err(PageError::NotFound);
    }
    let url = site.engine().billcom_page(&company, &kind, &id).await?;
    let address = HeaderValue::try_from(url.as_str()).ok().filter(|_| url.starts_with("https://"));
    let refused = || EngineError::BadAction("Bill.com gave an address that is none".to_owned());
    let address = address.ok_or_else(refused)?;
    Ok(respond::guarded(StatusCode::SEE_OTHER).insert_header((header::LOCATION, address)).finish())
}
