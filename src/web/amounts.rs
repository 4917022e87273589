//! Amounts as people read them. View models hold them as plain texts: `-1234.50`.

/// `-1234.50` as `−1,234.50`, with a real minus sign. A text that is no amount is shown as it is.
pub(super) fn shown(amount: &str) -> String {
    let (sign, digits) = amount.strip_prefix('-').map_or(("", amount), |digits| ("\u{2212}", digits));
    let (whole, cents) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() || !whole.bytes().chain(cents.bytes()).all(|byte| byte.is_ascii_digit()) {
        return amount.to_owned();
    }
    let mut grouped = String::with_capacity(amount.len() + whole.len() / 3 + 3);
    grouped.push_str(sign);
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if !cents.is_empty() {
        grouped.push('.');
        grouped.push_str(cents);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read_well() {
        for (amount, read) in [
            ("0.00", "0.00"),
            ("999.99", "999.99"),
            ("1000.00", "1,000.00"),
            ("-1234567.05", "\u{2212}1,234,567.05"),
            ("12", "12"),
            ("much", "much"),
            ("-", "-"),
        ] {
            assert_eq!(shown(amount), read);
        }
    }
}
