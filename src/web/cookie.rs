//! The two cookies of the pages, written and read by hand: a name, a value of ours, fixed attributes.
//!
//! Over https and on this very machine the names carry the `__Host-` prefix and `Secure`: no other host, path or plain
//! connection can then plant one. On plain http under another name (a server in the office, reached as `http://books:8080`)
//! browsers refuse such cookies altogether, so there the plain names are used, and only there: a request is read under the one
//! name that fits it, so that a planted plain cookie never counts on a protected address.

use crate::limits::WEB_SESSION_LIFE_MAX;
use actix_web::HttpRequest;
use actix_web::http::header::{self, HeaderValue};

/// Which cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cookie {
    /// A person who signed in; lives as long as a session may at most.
    Session,
    /// A browser that is about to sign in; ties the form to it. Ends with the browser.
    Visitor,
}

/// Characters of a value of ours: 43 for 256 bits.
const VALUE_CHARS_MAX: usize = 64;

impl Cookie {
    const fn name(self, secure: bool) -> &'static str {
        match (self, secure) {
            (Self::Session, true) => "__Host-counterfoil",
            (Self::Session, false) => "counterfoil",
            (Self::Visitor, true) => "__Host-counterfoil-visitor",
            (Self::Visitor, false) => "counterfoil-visitor",
        }
    }

    /// The value that came with the request, when it looks like one of ours.
    pub(super) fn read(self, request: &HttpRequest, secure: bool) -> Option<&str> {
        let name = self.name(secure);
        let headers = request.headers().get_all(header::COOKIE).filter_map(|value| value.to_str().ok());
        let mut pairs = headers.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let value = pairs.find(|(key, _)| *key == name)?.1;
        is_ours(value).then_some(value)
    }

    /// `Set-Cookie` with this value.
    pub(super) fn set(self, value: &str, secure: bool) -> HeaderValue {
        let life = match self {
            // The server's own records decide; this only tidies the browser.
            Self::Session => format!("; Max-Age={}", WEB_SESSION_LIFE_MAX.as_secs()),
            Self::Visitor => String::new(),
        };
        self.header(value, &life, secure)
    }

    /// `Set-Cookie` that makes the browser forget it.
    pub(super) fn clear(self, secure: bool) -> HeaderValue {
        self.header("", "; Max-Age=0", secure)
    }

    fn header(self, value: &str, life: &str, secure: bool) -> HeaderValue {
        let name = self.name(secure);
        let protection = if secure { "; Secure" } else { "" };
        let text = format!("{name}={value}; Path=/{life}; HttpOnly; SameSite=Lax{protection}");
        HeaderValue::try_from(text).expect("invariant: names are constants and values base64url")
    }
}

/// base64url, not empty, not longer than what we write.
fn is_ours(value: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    !value.is_empty() && value.len() <= VALUE_CHARS_MAX && value.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn attributes_fit_the_connection() {
        let set = Cookie::Session.set("abc", true);
        assert_eq!(set, "__Host-counterfoil=abc; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax; Secure");
        assert_eq!(Cookie::Visitor.set("abc", false), "counterfoil-visitor=abc; Path=/; HttpOnly; SameSite=Lax");
        assert_eq!(Cookie::Session.clear(false), "counterfoil=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
    }

    #[test]
    fn a_cookie_is_read_under_the_name_that_fits_and_only_when_it_can_be_ours() {
        let request = TestRequest::default()
            .append_header(("cookie", "a=b; counterfoil=plain"))
            .append_header(("cookie", "__Host-counterfoil=guarded; __Host-counterfoil-visitor=x y"))
            .to_http_request();
        assert_eq!(Cookie::Session.read(&request, true), Some("guarded"));
        assert_eq!(Cookie::Session.read(&request, false), Some("plain"));
        assert_eq!(Cookie::Visitor.read(&request, true), None);
        assert!(!is_ours(""));
        assert!(!is_ours(&"a".repeat(65)));
    }
}
