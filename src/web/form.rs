//! Forms: a short list of names and values, bounded, whatever else the client calls it.

use super::error::PageError;
use super::limits;
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use futures_util::StreamExt;

/// The fields of a form in the order they came. No `Debug`: one of them may be a password.
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    /// The first value of this name, empty when there is none.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// The same, none when it is absent or empty.
    pub(super) fn filled(&self, name: &str) -> Option<&str> {
        Some(self.get(name)).filter(|value| !value.is_empty())
    }

    /// All values of this name, in the order they came.
    pub(super) fn all<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// What stands behind the question mark of an address; nothing when it cannot be read.
    pub(super) fn of_query(request: &HttpRequest) -> Self {
        let pairs = web::Query::<Vec<(String, String)>>::from_query(request.query_string());
        Self(pairs.map(web::Query::into_inner).unwrap_or_default())
    }

    /// All fields whose name starts with `prefix`, without it.
    pub(super) fn with_prefix<'f>(&'f self, prefix: &'f str) -> impl Iterator<Item = (&'f str, &'f str)> {
        self.0.iter().filter_map(move |(key, value)| Some((key.strip_prefix(prefix)?, value.as_str())))
    }
}

/// Reads the body as a form.
///
/// # Errors
/// [`PageError::BadForm`].
pub(super) async fn read(request: &HttpRequest, payload: Payload) -> Result<Fields, PageError> {
    let bytes = read_bytes(request, payload).await.ok_or(PageError::BadForm)?;
    let media = request.headers().get(actix_web::http::header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let is_form = media.is_some_and(|media| media.starts_with("application/x-www-form-urlencoded"));
    if !is_form {
        return Err(PageError::BadForm);
    }
    let text = std::str::from_utf8(&bytes).map_err(|_| PageError::BadForm)?;
    let pairs = web::Query::<Vec<(String, String)>>::from_query(text).map_err(|_| PageError::BadForm)?;
    Ok(Fields(pairs.into_inner()))
}

/// The body, of at most [`limits::FORM_BYTES_MAX`] bytes and within [`limits::BODY_IDLE_MAX`].
pub(super) async fn read_bytes(request: &HttpRequest, mut payload: Payload) -> Option<Vec<u8>> {
    let mut payload = web::Payload::from_request(request, &mut payload).await.ok()?;
    let collect = async {
        let mut bytes = Vec::new();
        while let Some(chunk) = payload.next().await {
            let chunk = chunk.ok()?;
            if bytes.len() + chunk.len() > limits::FORM_BYTES_MAX {
                return None;
            }
            bytes.extend_from_slice(&chunk);
        }
        Some(bytes)
    };
    tokio::time::timeout(limits::BODY_IDLE_MAX, collect).await.ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    async fn parse(media: &'static str, body: impl Into<web::Bytes>) -> Result<Fields, PageError> {
        let (request, payload) =
            TestRequest::post().insert_header(("content-type", media)).set_payload(body.into()).to_http_parts();
        read(&request, payload).await
    }

    #[actix_web::test]
    async fn fields_are_found_by_name_and_prefix() {
        let fields = parse("application/x-www-form-urlencoded", "a=1&set.x=%20+y&set.z=&a=2").await.expect("a form");
        assert_eq!((fields.get("a"), fields.get("b")), ("1", ""));
        assert_eq!(fields.filled("set.z"), None);
        assert_eq!(fields.with_prefix("set.").collect::<Vec<_>>(), [("x", "  y"), ("z", "")]);
    }

    #[actix_web::test]
    async fn what_is_no_form_of_ours_is_refused() {
        assert!(parse("application/json", "{}").await.is_err());
        assert!(parse("application/x-www-form-urlencoded", vec![b'a'; limits::FORM_BYTES_MAX + 1]).await.is_err());
        assert!(parse("application/x-www-form-urlencoded", vec![0xFF, b'=']).await.is_err());
    }
}
