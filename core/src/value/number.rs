//! Exact decimal numbers with the service's range: 38 significant digits, magnitudes 1E-130 to 9.99…E+125.
//!
//! A number is `coefficient × 10^exponent` in lowest terms, so equal numbers are equal structs and have one text.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use smallvec::SmallVec;

use crate::limits::{NUMBER_MAX_DIGITS, NUMBER_MAX_EXPONENT, NUMBER_MIN_EXPONENT};

/// An exact decimal. Never passes through a float.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Number {
    negative: bool,
    /// At most 38 digits, no trailing zero unless the number is zero.
    coefficient: u128,
    /// Power of ten of the coefficient's last digit; 0 for zero.
    exponent: i16,
}

/// Why a text is no number of this service. The wording lives in `api::message`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NumberError {
    /// The text is empty.
    Empty,
    /// The text is not a decimal number; the text as given.
    Malformed(String),
    /// More than 38 significant digits.
    TooManyDigits,
    /// Magnitude of 1E+126 or above.
    Overflow,
    /// Non-zero magnitude below 1E-130.
    Underflow,
}

impl Number {
    /// Zero.
    pub const ZERO: Number = Number { negative: false, coefficient: 0, exponent: 0 };

    /// Whether it is negative, its digits as a whole number without trailing zeros, and the power of ten of the last one.
    pub(crate) fn parts(&self) -> (bool, u128, i32) {
        (self.negative, self.coefficient, i32::from(self.exponent))
    }

    /// Builds a number in lowest terms and checks digits and range.
    fn checked(negative: bool, mut coefficient: u128, mut exponent: i32) -> Result<Number, NumberError> {
        if coefficient == 0 {
            return Ok(Number::ZERO);
        }
        while coefficient.is_multiple_of(10) {
            coefficient /= 10;
            exponent += 1;
        }
        let digits = digit_count(coefficient) as i32;
        if digits > NUMBER_MAX_DIGITS as i32 {
            return Err(NumberError::TooManyDigits);
        }
        let magnitude = exponent + digits - 1;
        if magnitude > NUMBER_MAX_EXPONENT {
            return Err(NumberError::Overflow);
        }
        if magnitude < NUMBER_MIN_EXPONENT {
            return Err(NumberError::Underflow);
        }
        Ok(Number { negative, coefficient, exponent: exponent as i16 })
    }

    /// Bytes this number counts in an item's size (facts B1): one, plus half the significant digits of each side of the
    /// decimal point rounded up, plus one for a minus sign. Zero is one byte.
    pub fn size(&self) -> usize {
        if self.coefficient == 0 {
            return 1;
        }
        let digits = digit_count(self.coefficient);
        let (whole, fraction) = if self.exponent >= 0 {
            (digits, 0)
        } else {
            let places = usize::from(self.exponent.unsigned_abs());
            if digits > places { (digits - places, places) } else { (0, digits) }
        };
        1 + whole.div_ceil(2) + fraction.div_ceil(2) + usize::from(self.negative)
    }

    /// The sum, exact.
    ///
    /// # Errors
    /// More than 38 significant digits, or out of range.
    pub fn checked_add(&self, other: &Number) -> Result<Number, NumberError> {
        if self.coefficient == 0 {
            return Ok(*other);
        }
        if other.coefficient == 0 {
            return Ok(*self);
        }
        let (high, low) = if self.exponent >= other.exponent { (self, other) } else { (other, self) };
        let shift = u32::from(high.exponent.abs_diff(low.exponent));
        // What 128 bits cannot hold has 39 digits. Behind a shift it ends in the lower operand's last digit, which is not zero, and the
        // lower operand is too small to take the 39th digit away; without a shift the coefficients' sum fits.
        let scaled = 10_u128.checked_pow(shift).and_then(|power| high.coefficient.checked_mul(power));
        let scaled = scaled.ok_or(NumberError::TooManyDigits)?;
        let (negative, coefficient) = if high.negative == low.negative {
            (high.negative, scaled.checked_add(low.coefficient).ok_or(NumberError::TooManyDigits)?)
        } else if scaled >= low.coefficient {
            (high.negative, scaled - low.coefficient)
        } else {
            (low.negative, low.coefficient - scaled)
        };
        Number::checked(negative, coefficient, i32::from(low.exponent))
    }

    /// The difference, exact.
    ///
    /// # Errors
    /// As [`Number::checked_add`].
    pub fn checked_sub(&self, other: &Number) -> Result<Number, NumberError> {
        self.checked_add(&other.negated())
    }

    /// How many whole thousandths are in it; none for negative numbers and for those with more than 64 bits can count.
    pub(crate) fn whole_thousandths(&self) -> Option<u64> {
        if self.negative {
            return None;
        }
        let power = i32::from(self.exponent) + 3;
        let factor = 10_u128.checked_pow(power.unsigned_abs());
        let thousandths = match factor {
            Some(factor) if power >= 0 => self.coefficient.checked_mul(factor)?,
            Some(factor) => self.coefficient / factor,
            None if power < 0 || self.coefficient == 0 => 0,
            None => return None,
        };
        u64::try_from(thousandths).ok()
    }

    /// So many thousandths.
    pub(crate) fn of_thousandths(count: u64) -> Number {
        Number::checked(false, u128::from(count), -3).expect("20 digits are in range")
    }

    fn negated(&self) -> Number {
        Number { negative: !self.negative && self.coefficient != 0, ..*self }
    }

    /// Bytes whose unsigned order is the numeric order, for sort keys.
    ///
    /// One sign byte (0 negative, 1 zero, 2 positive); then the decimal magnitude as a biased big-endian u16 and the digits
    /// two to a byte plus one, ended by 0; all inverted for negatives.
    pub fn write_key_bytes(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&stored_key_bytes(self.to_string().as_bytes()));
    }

    /// The plain decimal text (no exponent), the only spelling the store keeps and returns.
    fn write_text(&self, out: &mut String) {
        if self.negative {
            out.push('-');
        }
        let digits = self.coefficient.to_string();
        if self.exponent >= 0 {
            out.push_str(&digits);
            out.extend(std::iter::repeat_n('0', self.exponent as usize));
            return;
        }
        let places = usize::from(self.exponent.unsigned_abs());
        if digits.len() > places {
            let (whole, fraction) = digits.split_at(digits.len() - places);
            out.push_str(whole);
            out.push('.');
            out.push_str(fraction);
        } else {
            out.push_str("0.");
            out.extend(std::iter::repeat_n('0', places - digits.len()));
            out.push_str(&digits);
        }
    }
}

/// True for texts that are already in the stored spelling, the common case of small whole numbers.
pub(crate) fn is_plain_integer(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text).as_bytes();
    match digits {
        [] => false,
        [b'0'] => !text.starts_with('-'),
        [b'1'..=b'9', rest @ ..] => rest.len() < NUMBER_MAX_DIGITS && rest.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

/// The size of a number in its stored spelling, without building it.
pub(crate) fn stored_text_size(text: &str) -> usize {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (1, rest),
        None => (0, text),
    };
    if digits == "0" {
        return 1;
    }
    match digits.split_once('.') {
        None => 1 + digits.trim_end_matches('0').len().div_ceil(2) + negative,
        Some(("0", fraction)) => 1 + fraction.trim_start_matches('0').len().div_ceil(2) + negative,
        Some((whole, fraction)) => 1 + whole.len().div_ceil(2) + fraction.len().div_ceil(2) + negative,
    }
}

/// The digits before the point and those behind it. Most numbers have none and few digits, so a search that starts slowly does not pay.
fn at_point(unsigned: &[u8]) -> (&[u8], &[u8]) {
    match unsigned.iter().position(|byte| *byte == b'.') {
        Some(at) => (&unsigned[..at], &unsigned[at + 1..]),
        None => (unsigned, &[]),
    }
}

/// The significant digits of a number in its stored spelling, in two runs, and the power of ten of the first. None of zero.
fn significant(unsigned: &[u8]) -> Option<([&[u8]; 2], i32)> {
    let (whole, fraction) = at_point(unsigned);
    if whole != b"0" {
        // Zeros at the end are significant in front of a fraction alone, and no fraction ends with one.
        let zeros =
            if fraction.is_empty() { whole.iter().rev().take_while(|d| **d == b'0').count() } else { 0 };
        return Some(([&whole[..whole.len() - zeros], fraction], whole.len() as i32 - 1));
    }
    let zeros = fraction.iter().take_while(|digit| **digit == b'0').count();
    (!fraction.is_empty()).then(|| ([&fraction[zeros..], &[][..]], -1 - zeros as i32))
}

/// What [`Number::write_key_bytes`] writes: sign, magnitude, two digits a byte, an end.
pub(crate) type NumberKey = SmallVec<[u8; NUMBER_KEY_BYTES]>;

/// Enough for 38 digits.
const NUMBER_KEY_BYTES: usize = 24;

/// As [`Number::write_key_bytes`], of a number in its stored spelling, without building it.
pub(crate) fn stored_key_bytes(stored: &[u8]) -> NumberKey {
    let mut bytes = [0; NUMBER_KEY_BYTES];
    let unsigned = stored.strip_prefix(b"-");
    let Some((runs, magnitude)) = significant(unsigned.unwrap_or(stored)) else {
        bytes[0] = 1;
        return NumberKey::from_buf_and_len(bytes, 1);
    };
    bytes[0] = if unsigned.is_some() { 0 } else { 2 };
    bytes[1..3].copy_from_slice(&((magnitude + 1000) as u16).to_be_bytes());
    let mut digits = 0;
    for run in runs {
        for digit in run {
            let digit = digit - b'0';
            bytes[3 + digits / 2] += if digits % 2 == 0 { digit * 10 + 1 } else { digit };
            digits += 1;
        }
    }
    // The byte behind them is the end.
    let length = 4 + digits.div_ceil(2);
    if unsigned.is_some() {
        bytes[1..length].iter_mut().for_each(|byte| *byte = !*byte);
    }
    NumberKey::from_buf_and_len(bytes, length)
}

/// The length of [`stored_key_bytes`].
pub(crate) fn stored_key_len(stored: &[u8]) -> usize {
    let unsigned = stored.strip_prefix(b"-").unwrap_or(stored);
    significant(unsigned).map_or(1, |(runs, _)| 4 + (runs[0].len() + runs[1].len()).div_ceil(2))
}

/// The numeric order of two numbers in their stored spelling, without reading them.
pub(crate) fn compare_stored(a: &str, b: &str) -> Ordering {
    match (a.as_bytes(), b.as_bytes()) {
        ([b'-', a @ ..], [b'-', b @ ..]) => compare_magnitudes(b, a),
        ([b'-', ..], _) => Ordering::Less,
        (_, [b'-', ..]) => Ordering::Greater,
        (a, b) => compare_magnitudes(a, b),
    }
}

/// No leading zeros before the point and none at the end behind it: more digits before it are more, and then the first that differs
/// decides.
fn compare_magnitudes(a: &[u8], b: &[u8]) -> Ordering {
    let (whole_a, fraction_a) = at_point(a);
    let (whole_b, fraction_b) = at_point(b);
    whole_a
        .len()
        .cmp(&whole_b.len())
        .then_with(|| whole_a.cmp(whole_b))
        .then_with(|| fraction_a.cmp(fraction_b))
}

impl FromStr for Number {
    type Err = NumberError;

    fn from_str(text: &str) -> Result<Number, NumberError> {
        if text.is_empty() {
            return Err(NumberError::Empty);
        }
        let parts = split(text).ok_or_else(|| NumberError::Malformed(text.to_owned()))?;
        // The exponent is added to digit positions; far outside the range its exact value no longer matters.
        let mut exponent = parts.exponent.clamp(-100_000, 100_000) as i32;
        let fraction = parts.fraction.trim_end_matches('0');
        let mut significant: Vec<u8> = Vec::with_capacity(parts.whole.len() + fraction.len());
        significant.extend(parts.whole.bytes().chain(fraction.bytes()).skip_while(|d| *d == b'0'));
        if significant.is_empty() {
            return zero_with_exponent(exponent, parts.fraction.len(), parts.has_exponent);
        }
        exponent = exponent.saturating_sub(i32::try_from(fraction.len()).unwrap_or(i32::MAX));
        while significant.last() == Some(&b'0') {
            significant.pop();
            exponent = exponent.saturating_add(1);
        }
        let magnitude = exponent.saturating_add(i32::try_from(significant.len()).unwrap_or(i32::MAX)) - 1;
        if significant.len() > NUMBER_MAX_DIGITS {
            return Err(NumberError::TooManyDigits);
        }
        if magnitude > NUMBER_MAX_EXPONENT {
            return Err(NumberError::Overflow);
        }
        if magnitude < NUMBER_MIN_EXPONENT {
            return Err(NumberError::Underflow);
        }
        let coefficient = significant.iter().fold(0_u128, |sum, d| sum * 10 + u128::from(d - b'0'));
        Ok(Number { negative: parts.negative, coefficient, exponent: exponent as i16 })
    }
}

/// The service rejects `0e126` and `0e-131` although they are zero, and accepts `0.0e126` (facts B2): it looks at the power
/// of ten of the last written digit.
fn zero_with_exponent(exponent: i32, fraction: usize, written: bool) -> Result<Number, NumberError> {
    let last = i64::from(exponent) - fraction as i64;
    if written && last > i64::from(NUMBER_MAX_EXPONENT) {
        return Err(NumberError::Overflow);
    }
    if written && last < i64::from(NUMBER_MIN_EXPONENT) {
        return Err(NumberError::Underflow);
    }
    Ok(Number::ZERO)
}

struct Parts<'a> {
    negative: bool,
    whole: &'a str,
    fraction: &'a str,
    exponent: i64,
    has_exponent: bool,
}

fn split(text: &str) -> Option<Parts<'_>> {
    let (negative, unsigned) = match text.as_bytes()[0] {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => (&unsigned[..at], Some(&unsigned[at + 1..])),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits_only = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if (whole.is_empty() && fraction.is_empty()) || !digits_only(whole) || !digits_only(fraction) {
        return None;
    }
    let value = match exponent {
        None => 0,
        Some(written) => {
            let (sign, digits) = match written.as_bytes().first()? {
                b'-' => ("-", &written[1..]),
                b'+' => ("", &written[1..]),
                _ => ("", written),
            };
            if digits.is_empty() || !digits_only(digits) {
                return None;
            }
            // An exponent beyond 64 bits is none (facts B2).
            format!("{sign}{digits}").parse::<i64>().ok()?
        }
    };
    Some(Parts { negative, whole, fraction, exponent: value, has_exponent: exponent.is_some() })
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::with_capacity(40);
        self.write_text(&mut text);
        f.write_str(&text)
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Number {
        Number::checked(value < 0, u128::from(value.unsigned_abs()), 0).expect("19 digits are in range")
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Number) -> Ordering {
        match (self.signum(), other.signum()) {
            (a, b) if a != b => a.cmp(&b),
            (0, _) => Ordering::Equal,
            (sign, _) => {
                let by_magnitude = self.cmp_magnitude(other);
                if sign < 0 { by_magnitude.reverse() } else { by_magnitude }
            }
        }
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Number) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Number {
    fn signum(&self) -> i8 {
        match (self.coefficient, self.negative) {
            (0, _) => 0,
            (_, true) => -1,
            (_, false) => 1,
        }
    }

    fn cmp_magnitude(&self, other: &Number) -> Ordering {
        let (a, b) = (digit_count(self.coefficient) as i32, digit_count(other.coefficient) as i32);
        let tops = (i32::from(self.exponent) + a).cmp(&(i32::from(other.exponent) + b));
        // Same highest digit: line the coefficients up; both have at most 38 digits, so the shorter one scaled still fits.
        tops.then_with(|| match a.cmp(&b) {
            Ordering::Less => (self.coefficient * 10_u128.pow((b - a) as u32)).cmp(&other.coefficient),
            _ => self.coefficient.cmp(&(other.coefficient * 10_u128.pow((a - b) as u32))),
        })
    }
}

fn digit_count(coefficient: u128) -> usize {
    coefficient.checked_ilog10().map_or(1, |log| log as usize + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousandths_are_counted_where_64_bits_can() {
        let cases = [
            ("0", Some(0)),
            ("1767225660", Some(1_767_225_660_000)),
            ("1.0019", Some(1_001)),
            ("0.0009", Some(0)),
            ("1E-130", Some(0)),
            ("18446744073709551.615", Some(u64::MAX)),
            ("18446744073709551.616", None),
            ("9E125", None),
            ("-1", None),
        ];
        for (text, count) in cases {
            let number: Number = text.parse().expect(text);
            assert_eq!(number.whole_thousandths(), count, "{text}");
        }
        for count in [0, 1, 1_500, u64::MAX] {
            assert_eq!(Number::of_thousandths(count).whole_thousandths(), Some(count));
        }
    }

    fn number(text: &str) -> Number {
        text.parse().expect("a number")
    }

    #[test]
    fn spellings_become_one_text() {
        for (given, kept) in [
            ("1.0", "1"),
            ("0042.1200", "42.12"),
            ("1.5E2", "150"),
            ("-0", "0"),
            ("1e-3", "0.001"),
            ("+7", "7"),
            (".5", "0.5"),
            ("5.", "5"),
            ("0.0e126", "0"),
        ] {
            assert_eq!(number(given).to_string(), kept);
        }
        assert_eq!(number("1E125").to_string(), format!("1{}", "0".repeat(125)));
    }

    #[test]
    fn refuses_what_the_service_refuses() {
        let refused = |t: &str| t.parse::<Number>().expect_err(t);
        assert_eq!(refused(""), NumberError::Empty);
        for text in ["a", "1e", "--1", "1.2.3", "NaN", " 1", "1_0", "e5", "."] {
            assert_eq!(refused(text), NumberError::Malformed(text.into()));
        }
        assert_eq!(refused(&"1".repeat(39)), NumberError::TooManyDigits);
        assert_eq!(refused("1E126"), NumberError::Overflow);
        assert_eq!(refused("1E-131"), NumberError::Underflow);
        assert_eq!(refused("0e126"), NumberError::Overflow);
        assert_eq!(refused("0e-131"), NumberError::Underflow);
        assert_eq!(refused("1e9223372036854775807"), NumberError::Overflow);
        assert_eq!(refused("1e-9223372036854775808"), NumberError::Underflow);
        let beyond = "1e9223372036854775808";
        assert_eq!(refused(beyond), NumberError::Malformed(beyond.into()));
    }

    #[test]
    fn sizes_of_the_measured_literals() {
        for (text, size) in [
            ("0", 1),
            ("-0", 1),
            ("1", 2),
            ("12", 2),
            ("123", 3),
            ("1234", 3),
            ("100", 2),
            ("1010", 3),
            ("0.0000001", 2),
            ("1E125", 2),
            ("1E-100", 2),
            ("1.5", 3),
            ("15", 2),
            ("1.234", 4),
            ("3.14159", 5),
            ("123456", 4),
            ("100.5", 4),
            ("0.15", 2),
            ("-42", 3),
            ("12345678901234567890123456789012345678", 20),
        ] {
            assert_eq!(number(text).size(), size, "{text}");
            assert_eq!(stored_text_size(&number(text).to_string()), size, "{text}");
        }
    }

    #[test]
    fn sums_are_exact() {
        let add = |a: &str, b: &str| number(a).checked_add(&number(b)).map(|n| n.to_string());
        assert_eq!(add("0.1", "0.2").as_deref(), Ok("0.3"));
        assert_eq!(add("5", "-5").as_deref(), Ok("0"));
        let nines = "9".repeat(38);
        assert_eq!(add(&nines, "1"), Ok(format!("1{}", "0".repeat(38))));
        assert_eq!(add(&nines, "0.1"), Err(NumberError::TooManyDigits));
        assert_eq!(add("1E38", "-1"), Ok(nines.clone()));
        assert_eq!(add(&format!("{nines}E88"), &format!("{nines}E88")), Err(NumberError::TooManyDigits));
        assert_eq!(add("9E125", "9E125"), Err(NumberError::Overflow));
        assert_eq!(add("1E125", "1E-130"), Err(NumberError::TooManyDigits));
        // Around the largest of 128 bits, 340282366920938463463374607431768211455.
        let threes = "34028236692093846346337460743176821145";
        assert_eq!(add(&format!("{threes}0"), "-1"), Err(NumberError::TooManyDigits));
        assert_eq!(add(&format!("{threes}0"), "10"), Ok("340282366920938463463374607431768211460".into()));
        assert_eq!(add(&format!("{threes}0"), "6"), Err(NumberError::TooManyDigits));
        assert_eq!(add(&format!("{threes}0"), "5"), Err(NumberError::TooManyDigits));
        assert_eq!(add(&format!("{nines}0"), "1"), Err(NumberError::TooManyDigits));
        assert_eq!(add(&format!("1{}", "0".repeat(38)), "-9.9"), Err(NumberError::TooManyDigits));
        assert_eq!(add(&nines, &nines), Err(NumberError::TooManyDigits));
        let sub = |a: &str, b: &str| number(a).checked_sub(&number(b)).map(|n| n.to_string());
        assert_eq!(sub("1", "3").as_deref(), Ok("-2"));
    }

    #[test]
    fn key_bytes_keep_the_order() {
        let sorted = [
            "-1E125", "-100", "-12.5", "-12", "-1", "-0.5", "-1E-130", "0", "1E-130", "0.5", "1", "9", "10",
            "12", "12.5", "100", "1E125",
        ];
        let key = |t: &str| {
            let mut out = Vec::new();
            number(t).write_key_bytes(&mut out);
            out
        };
        for pair in sorted.windows(2) {
            assert!(key(pair[0]) < key(pair[1]), "{pair:?}");
            assert!(number(pair[0]) < number(pair[1]), "{pair:?}");
            let texts = [pair[0], pair[1]].map(|text| number(text).to_string());
            assert!(compare_stored(&texts[0], &texts[1]).is_lt(), "{pair:?}");
            assert!(compare_stored(&texts[1], &texts[0]).is_gt(), "{pair:?}");
        }
        for text in sorted {
            assert_eq!(stored_key_len(number(text).to_string().as_bytes()), key(text).len(), "{text}");
        }
    }

    #[test]
    fn key_bytes_never_change() {
        let magnitude = |power: i32| ((power + 1000) as u16).to_be_bytes();
        for (text, sign, power, digits) in [
            ("7", 2, 0, &[71][..]),
            ("1200", 2, 3, &[13]),
            ("12.5", 2, 1, &[13, 51]),
            ("100.5", 2, 2, &[11, 6]),
            ("0.00305", 2, -3, &[31, 51]),
            ("-12.5", 0, 1, &[13, 51]),
        ] {
            let mut expected = [&magnitude(power)[..], digits, &[0]].concat();
            if sign == 0 {
                expected.iter_mut().for_each(|byte| *byte = !*byte);
            }
            expected.insert(0, sign);
            assert_eq!(stored_key_bytes(text.as_bytes()).as_slice(), expected, "{text}");
        }
        assert_eq!(stored_key_bytes(b"0").as_slice(), [1]);
    }
}
