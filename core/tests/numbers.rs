//! Our decimals against a well-known library's, on many drawn numbers.

use std::str::FromStr;

use bigdecimal::BigDecimal;
use rand_xoshiro::SplitMix64;
use rand_xoshiro::rand_core::{Rng, SeedableRng};
use streamtable::value::{Number, NumberError};

/// A sequence of numbers that is the same at every run.
struct Draw(SplitMix64);

impl Draw {
    fn below(&mut self, bound: u64) -> u64 {
        self.0.next_u64() % bound
    }

    /// A decimal of up to 40 digits and an exponent around the limits or around nothing.
    fn decimal(&mut self) -> String {
        let most = if self.below(4) == 0 { 40 } else { 12 };
        let digits = 1 + self.below(most);
        let mut text: String = (0..digits).map(|_| char::from(b'0' + self.below(10) as u8)).collect();
        if self.below(2) == 0 {
            let place = self.below(digits);
            text.insert(place as usize, '.');
        }
        let sign = if self.below(2) == 0 { "-" } else { "" };
        let exponent = match self.below(4) {
            0 => format!("E{}", self.below(290) as i64 - 145),
            1 => format!("e{}", self.below(20) as i64 - 10),
            _ => String::new(),
        };
        format!("{sign}{text}{exponent}")
    }
}

#[test]
fn values_order_and_sums_agree() {
    let mut draw = Draw(SplitMix64::seed_from_u64(7));
    let (mut sums, mut kept) = (0, Vec::new());
    for _ in 0..20_000 {
        let text = draw.decimal();
        let Ok(number) = Number::from_str(&text) else { continue };
        let exact = BigDecimal::from_str(&text).expect("the library reads what we read");
        assert_eq!(BigDecimal::from_str(&number.to_string()).expect("plain"), exact, "{text}");
        assert_eq!(Number::from_str(&number.to_string()), Ok(number), "our own text reads back: {text}");
        kept.push((number, exact));
    }
    for pair in kept.windows(2) {
        let [(a, x), (b, y)] = pair else { unreachable!("windows of two") };
        assert_eq!(a.cmp(b), x.cmp(y), "{a} and {b}");
        match a.checked_add(b) {
            Ok(sum) => {
                sums += 1;
                assert_eq!(BigDecimal::from_str(&sum.to_string()).expect("plain"), x + y, "{a} + {b}");
            }
            Err(NumberError::TooManyDigits) => {
                assert!((x + y).normalized().digits() > 38, "{a} + {b} fits");
            }
            Err(error) => panic!("{a} + {b}: {error:?}"),
        }
    }
    assert!(kept.len() > 10_000 && sums > 1_000, "the draw covers both outcomes: {} {sums}", kept.len());
}
