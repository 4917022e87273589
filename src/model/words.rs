//! Words as the beginning of a sentence.

/// The same with a capital: "vendor credit" as "Vendor credit".
#[must_use]
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// An error's text as a sentence: "the password is short" as "The password is short."
#[must_use]
pub fn sentence(text: &str) -> String {
    format!("{}.", capital(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_has_a_capital_and_an_end() {
        assert_eq!(capital("vendor credit"), "Vendor credit");
        assert_eq!(capital("élan"), "Élan");
        assert_eq!(capital(""), "");
        assert_eq!(sentence("the password is short"), "The password is short.");
        assert_eq!(sentence(""), ".");
    }
}
