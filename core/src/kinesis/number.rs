//! Sequence numbers as the service writes them: 56 digits, which are 47 hexadecimal ones (facts A15).
//!
//! ```text
//! 2 | shard opened, seconds: 9 | shard: 1 | place in the shard: 16 | 00 | written, seconds: 9 | shard: 8 | version: 1
//! ```
//! So numbers rise along a shard, and those of a child, which opens in a later second, are above its parents'. Version 2 is the one that is
//! written; version 1 and the short form of the service's first year are known when they are read.

use std::fmt;

use crate::clock::Millis;

/// The place of the end of a closed shard.
pub(crate) const END: u64 = i64::MAX as u64;
/// The first digit of the short form, `1` before 31 hexadecimal digits.
const SHORT: u128 = 1 << 124;
/// Seconds that are no time any more.
const SHORT_SECONDS_END: u128 = 16_025_175_000;
const VERSION: u64 = 2;

/// What a number says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Number {
    /// When its shard was opened, epoch seconds.
    pub(crate) opened: u64,
    pub(crate) shard: u32,
    /// Rises by one with each record of the shard.
    pub(crate) place: u64,
    /// When it was written, epoch seconds.
    pub(crate) written: u64,
}

impl Number {
    /// The number of a place of a shard.
    pub(crate) fn new(opened: u64, shard: u32, place: u64, written: Millis) -> Number {
        Number { opened, shard, place, written: written / 1000 }
    }

    /// As three parts of 64 bits, the highest first.
    fn parts(self) -> [u64; 3] {
        let Number { opened, shard, place, written } = self;
        let digit = u64::from(shard & 0xf);
        [
            (2 << 56) | (opened << 20) | (digit << 16) | (place >> 48),
            (place << 16) | (written >> 28),
            (written << 36) | (u64::from(shard) << 4) | VERSION,
        ]
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const CHUNK: u64 = 10_000_000_000_000_000_000;
        let mut parts = self.parts();
        let mut chunks = [0; 3];
        for chunk in &mut chunks {
            let mut rest = 0;
            for part in &mut parts {
                let value = (rest << 64) | u128::from(*part);
                *part = (value / u128::from(CHUNK)) as u64;
                rest = value % u128::from(CHUNK);
            }
            *chunk = rest as u64;
        }
        write!(f, "{}{:019}{:019}", chunks[2], chunks[1], chunks[0])
    }
}

/// A number that somebody gives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Given {
    /// In the form that is written now, or the one before.
    Long(Number),
    /// In the short form: its shard, and the number as the service repeats it.
    Short { shard: u32, shown: u128 },
}

impl Given {
    /// Reads digits; none for a number that the service never wrote.
    pub(crate) fn parse(digits: &str) -> Option<Given> {
        let parts = wide(digits)?;
        let [high, middle, low] = parts;
        if high == 0 {
            return Given::short((u128::from(middle) << 64) | u128::from(low));
        }
        let version = low & 0xf;
        if high >> 56 != 2 || !(1..=VERSION).contains(&version) {
            return None;
        }
        let number = Number {
            opened: (high >> 20) & 0xf_ffff_ffff,
            shard: ((low >> 4) & 0xffff_ffff) as u32,
            place: (high << 48) | (middle >> 16),
            written: ((middle & 0xff) << 28) | (low >> 36),
        };
        let is_sound = number.shard <= i32::MAX as u32 && number.place <= END;
        is_sound.then_some(Given::Long(number))
    }

    fn short(value: u128) -> Option<Given> {
        let shown = SHORT | (value & (SHORT - 1));
        let seconds = (shown >> 88) & 0xf_ffff_ffff;
        let given = Given::Short { shard: (shown & 0xffff) as u32, shown };
        (seconds < SHORT_SECONDS_END).then_some(given)
    }
}

/// A decimal number in three parts of 64 bits, the highest first; none where it has more.
fn wide(digits: &str) -> Option<[u64; 3]> {
    let mut parts = [0_u64; 3];
    for digit in digits.bytes() {
        let mut carry = u128::from(digit.checked_sub(b'0').filter(|digit| *digit < 10)?);
        for part in parts.iter_mut().rev() {
            let value = u128::from(*part) * 10 + carry;
            *part = value as u64;
            carry = value >> 64;
        }
        if carry != 0 {
            return None;
        }
    }
    Some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_56_digits_and_come_back() {
        for (opened, shard, place) in [(0, 0, 0), (1_767_225_600, 3, 77), (0xf_ffff_ffff, 0x7fff_ffff, END)] {
            let number = Number::new(opened, shard, place, opened * 1000);
            let text = number.to_string();
            assert_eq!(text.len(), 56, "{text}");
            assert!(text.starts_with("49") || opened > 1 << 35, "{text}");
            assert_eq!(Given::parse(&text), Some(Given::Long(number)));
        }
    }

    /// The distance between shards that were opened together, as a public suite has seen it on the service.
    #[test]
    fn shards_of_one_moment_are_as_far_apart_as_on_the_service() {
        let of =
            |shard| wide(&Number::new(1_500_000_000, shard, 0, 1_500_000_000_000).to_string()).expect("fits");
        let distance = wide("22300745198530623141535718272648361505980432").expect("fits");
        let [low, high] = [of(0), of(1)];
        let mut borrow = 0;
        for at in (0..3).rev() {
            let difference = i128::from(high[at]) - i128::from(low[at]) - borrow;
            borrow = i128::from(difference < 0);
            assert_eq!(difference.rem_euclid(1 << 64) as u64, distance[at]);
        }
    }

    #[test]
    fn numbers_rise_with_time_and_place() {
        let numbers = [(10, 9, END), (11, 0, 0), (11, 0, 1), (11, 0, 1 << 40)];
        let texts: Vec<String> = numbers
            .iter()
            .map(|(opened, shard, place)| Number::new(*opened, *shard, *place, 99_000).to_string())
            .collect();
        assert!(texts.is_sorted(), "{texts:?}");
    }

    #[test]
    fn what_was_never_written_is_none() {
        // Hexadecimal: 2 0…0 of other versions, another first digit, a place and a shard that are too high.
        for digits in [
            "49039857307708443467467104868809893875799651909875269632",
            "49039857307708443467467104868809893875799651909875269636",
            "73559785961562665201200657303214840813699477864812904449",
            &"9".repeat(58),
            &"9".repeat(129),
            "26227199374822427428162556223570313216",
        ] {
            assert_eq!(Given::parse(digits), None, "{digits}");
        }
        let short = Given::Short { shard: 0, shown: 21_267_647_932_558_653_966_460_912_964_485_513_216 };
        assert_eq!(Given::parse("0"), Some(short));
    }
}
