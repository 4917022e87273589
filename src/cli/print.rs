//! What commands print: tables for people, JSON for scripts.
//!
//! **Invariant:** no control character of a name or memo from outside reaches a terminal. Colour is never used, so that
//! a state is never told by colour alone.

use super::CliError;
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::io::{self, Write};

/// What a command has to say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Printed {
    /// The result, for standard output.
    pub(super) out: String,
    /// What must not get into the result, for standard error.
    pub(super) aside: String,
}

impl Printed {
    /// A text for people.
    pub(super) fn text(out: impl Into<String>) -> Self {
        Self { out: out.into(), aside: String::new() }
    }

    /// A result for scripts.
    pub(super) fn json(value: &impl Serialize) -> Result<Self, CliError> {
        let text = serde_json::to_string_pretty(value)
            .map_err(|error| CliError::failed("the result could not be written as JSON").because(&error))?;
        Ok(Self::text(text + "\n"))
    }

    /// Prints it. A reader that went away (`… | head`) has seen enough.
    pub(super) fn print(self) -> Result<(), CliError> {
        if !self.aside.is_empty() {
            // Standard error that is closed has nobody to complain to.
            let _closed = io::stderr().write_all(self.aside.as_bytes());
        }
        let mut stdout = io::stdout().lock();
        match stdout.write_all(self.out.as_bytes()).and_then(|()| stdout.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(CliError::failed("the result could not be printed").because(&error))
            }
            _ => Ok(()),
        }
    }
}

/// Says on standard error what went wrong.
pub(super) fn complain(text: &str) {
    // Standard error that is closed has nobody to complain to.
    let _closed = writeln!(io::stderr(), "counterfoil: {text}");
}

/// A text from outside, on one line: control characters become spaces.
pub(super) fn clean(text: &str) -> String {
    let invisible = |character: char| {
        character.is_control()
            || matches!(character, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().map(|character| if invisible(character) { ' ' } else { character }).collect()
}

/// Columns under their headings, as wide as they need to be; the last one may run on. Empty for no rows.
pub(super) fn table<const N: usize>(headings: [&str; N], rows: &[[String; N]]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let rows: Vec<[String; N]> = rows.iter().map(|row| row.each_ref().map(|cell| clean(cell))).collect();
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.chain([headings[column].chars().count()]).max().unwrap_or(0)
    };
    let widths: [usize; N] = std::array::from_fn(width);
    let line = |cells: [&str; N]| {
        let padded: Vec<String> = cells.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        padded.join("  ").trim_end().to_owned() + "\n"
    };
    let mut text = line(headings);
    for row in &rows {
        text.push_str(&line(row.each_ref().map(String::as_str)));
    }
    text
}

/// Names and values, the values below each other.
pub(super) fn pairs(pairs: &[(&str, String)]) -> String {
    let width = pairs.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    pairs.iter().map(|(name, value)| format!("{name:width$}  {}", clean(value)).trim_end().to_owned() + "\n").collect()
}

/// A stored time as people read it, to the second.
pub(super) fn time(rfc3339: Option<&str>) -> String {
    let Some(text) = rfc3339 else { return "never".to_owned() };
    let parsed = DateTime::parse_from_rfc3339(text).map(|time| time.with_timezone(&Utc));
    parsed.map_or_else(|_| text.to_owned(), |time| time.format("%Y-%m-%d %H:%M:%S UTC").to_string())
}

/// `1 problem`, `2 problems`.
pub(super) fn count(number: usize, one: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {one}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_by_characters() {
        let rows = [["Müller".to_owned(), "1".to_owned()], ["Al".to_owned(), "a longer text".to_owned()]];
        assert_eq!(table(["NAME", "WHAT"], &rows), "NAME    WHAT\nMüller  1\nAl      a longer text\n");
        assert_eq!(table(["NAME"], &[]), "");
    }

    #[test]
    fn nothing_from_outside_commands_the_terminal() {
        let rows = [["\u{1b}[2J\u{7}evil\r\n\u{202e}".to_owned()]];
        let text = table(["NAME"], &rows);
        assert_eq!(text.chars().filter(|character| character.is_control()).count(), 2, "two line ends: {text:?}");
        assert_eq!(pairs(&[("a", "x\u{1b}y".to_owned()), ("long", String::new())]), "a     x y\nlong\n");
    }

    #[test]
    fn times_are_shown_in_utc_and_unknown_ones_as_they_are() {
        assert_eq!(time(Some("2026-11-22T23:10:00.123+01:00")), "2026-11-22 22:10:00 UTC");
        assert_eq!(time(None), "never");
        assert_eq!(time(Some("soon")), "soon");
    }

    #[test]
    fn json_ends_with_a_line_end() {
        let printed = Printed::json(&serde_json::json!({ "token": "x" })).expect("json");
        assert_eq!(printed.out, "{\n  \"token\": \"x\"\n}\n");
    }
}
