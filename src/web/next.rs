//! Where to go on after signing in: a path of ours, never an address of someone else.

use super::limits;

/// The sign-in page, with the way back.
pub(super) fn sign_in_path(next: Option<&str>) -> String {
    match next.filter(|next| *next != "/" && is_safe(next)) {
        Some(next) => format!("/sign-in?next={}", percent_encode(next)),
        None => "/sign-in".to_owned(),
    }
}

/// `next` when it is a path of ours, else the first page.
pub(super) fn or_home(next: &str) -> &str {
    if is_safe(next) { next } else { "/" }
}

/// One slash, then nothing that a browser could read as a host: browsers take `//host`, `/\host` and the same with tabs and
/// line ends in between for addresses of other hosts.
fn is_safe(next: &str) -> bool {
    let plain = |byte: u8| (0x21..=0x7E).contains(&byte) && byte != b'\\';
    next.starts_with('/') && !next.starts_with("//") && next.len() <= limits::NEXT_CHARS_MAX && next.bytes().all(plain)
}

/// Everything but letters, digits and `-._~/` as `%XX`, for a part of an address.
pub(super) fn percent_encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_ours_are_gone_to() {
        for safe in ["/", "/companies/acme", "/companies/acme/plan?part=live&x=%2F"] {
            assert_eq!(or_home(safe), safe);
        }
        let long = format!("/{}", "a".repeat(600));
        for hostile in [
            "",
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "javascript:alert(1)",
            "/a b",
            "/ä",
            &long,
        ] {
            assert_eq!(or_home(hostile), "/", "{hostile}");
        }
    }

    #[test]
    fn the_way_back_is_one_parameter() {
        assert_eq!(sign_in_path(Some("/companies/a?b=c&d")), "/sign-in?next=/companies/a%3Fb%3Dc%26d");
        assert_eq!(sign_in_path(Some("//evil")), "/sign-in");
        assert_eq!(sign_in_path(Some("/")), "/sign-in");
        assert_eq!(sign_in_path(None), "/sign-in");
    }
}
