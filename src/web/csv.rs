//! Comma-separated values as spreadsheets read them (RFC 4180), without letting a cell become a formula.
//!
//! A spreadsheet computes what begins with `=`, `+`, `-` or `@`, and a vendor's name may begin with whatever somebody typed. Such a
//! cell gets an apostrophe in front, which spreadsheets take as "this is text". Numbers of ours carry none.

/// One line, ended as the RFC wants it.
pub(super) fn row(cells: &[&str]) -> String {
    let mut line = String::new();
    for (place, cell) in cells.iter().enumerate() {
        if place > 0 {
            line.push(',');
        }
        push_cell(&mut line, cell);
    }
    line.push_str("\r\n");
    line
}

fn push_cell(line: &mut String, cell: &str) {
    let is_number = cell.parse::<i64>().is_ok();
    // Blanks in front of the sign do not keep every spreadsheet from computing.
    let first = cell.trim_start().chars().next();
    let computes = !is_number && (matches!(first, Some('=' | '+' | '-' | '@')) || cell.starts_with(['\t', '\r', '\n']));
    line.push('"');
    if computes {
        line.push('\'');
    }
    line.push_str(&cell.replace('"', "\"\""));
    line.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_never_computed() {
        assert_eq!(row(&["a", "b \"c\", d", "12", "-12"]), "\"a\",\"b \"\"c\"\", d\",\"12\",\"-12\"\r\n");
        for hostile in ["=cmd|'/c calc'!A0", "+1+1", "-1+1", "@SUM(A1)", " =1", "\t=1", "\r=1", "\n=1"] {
            let line = row(&[hostile]);
            assert!(line.starts_with("\"'"), "{line}");
        }
    }
}
