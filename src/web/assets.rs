//! Style sheet, script and icon. Their addresses carry a hash of their content, so browsers may keep them for ever and
//! never show a new page with an old style.

use super::respond;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::sync::LazyLock;

/// One file.
struct Asset {
    path: String,
    media: &'static str,
    bytes: &'static [u8],
}

/// Where the pages find their files.
pub(super) struct Assets {
    style: Asset,
    script: Asset,
    icon: Asset,
}

/// The style sheet: one request for the browser, two files for us.
const STYLE: &str = concat!(include_str!("assets/app.css"), include_str!("assets/server.css"));

static ASSETS: LazyLock<Assets> = LazyLock::new(|| Assets {
    style: asset("app", "css", "text/css; charset=utf-8", STYLE.as_bytes()),
    script: asset("live", "js", "text/javascript; charset=utf-8", include_bytes!("assets/live.js")),
    icon: asset("icon", "svg", "image/svg+xml", include_bytes!("assets/icon.svg")),
});

/// The files of this build.
pub(super) fn assets() -> &'static Assets {
    &ASSETS
}

impl Assets {
    /// Path of the style sheet.
    pub(super) fn style(&self) -> &str {
        &self.style.path
    }

    /// Path of the script.
    pub(super) fn script(&self) -> &str {
        &self.script.path
    }

    /// Path of the icon.
    pub(super) fn icon(&self) -> &str {
        &self.icon.path
    }
}

fn asset(name: &str, extension: &str, media: &'static str, bytes: &'static [u8]) -> Asset {
    let mut hash = String::new();
    for byte in &Sha256::digest(bytes)[..8] {
        write!(hash, "{byte:02x}").expect("invariant: writing to a String does not fail");
    }
    Asset { path: format!("/assets/{name}.{hash}.{extension}"), media, bytes }
}

/// `GET /assets/{file}`.
pub(super) async fn get(request: HttpRequest) -> HttpResponse {
    let all = [&ASSETS.style, &ASSETS.script, &ASSETS.icon];
    let Some(asset) = all.into_iter().find(|asset| asset.path == request.path()) else {
        return respond::text(StatusCode::NOT_FOUND, "There is no such file.\n");
    };
    let mut response = respond::guarded(StatusCode::OK);
    response.insert_header((header::CONTENT_TYPE, HeaderValue::from_static(asset.media)));
    response.insert_header((header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")));
    response.body(asset.bytes)
}
