//! Numbers as patterns compare them: those that a double tells exactly are compared by value, all others by their text.

/// The value of a number of JSON, if the shortest text of the double nearest to it is the same number.
pub(super) fn exact(text: &str) -> Option<f64> {
    let value: f64 = text.parse().ok().filter(|value: &f64| value.is_finite())?;
    (decimal(text)? == decimal(&format!("{value:e}"))?).then_some(value)
}

/// Sign, digits without zeros at either end, and the power of ten of the last of them. Nothing for what is no number of JSON.
fn decimal(text: &str) -> Option<(bool, String, i64)> {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (negative, mantissa) = mantissa.strip_prefix('-').map_or((false, mantissa), |rest| (true, rest));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let mut power = exponent.parse::<i64>().ok()?.checked_sub(i64::try_from(fraction.len()).ok()?)?;
    let kept = digits.trim_end_matches('0');
    power = power.checked_add(i64::try_from(digits.len() - kept.len()).ok()?)?;
    let kept = kept.trim_start_matches('0');
    if kept.is_empty() {
        return Some((false, String::new(), 0));
    }
    Some((negative, kept.to_owned(), power))
}

#[cfg(test)]
mod tests {
    use super::exact;

    #[test]
    fn a_double_tells_what_has_few_digits() {
        for (text, value) in
            [("0", 0.0), ("-0", 0.0), ("0.1", 0.1), ("3.018e2", 301.8), ("1E+2", 100.0), ("300.00", 300.0)]
        {
            assert_eq!(exact(text), Some(value), "{text}");
        }
        assert_eq!(exact("9007199254740992"), Some(9_007_199_254_740_992.0));
        for text in ["9007199254740993", "1e400", "0.10000000000000000001", "1e99999999999999999999"] {
            assert_eq!(exact(text), None, "{text}");
        }
    }
}
