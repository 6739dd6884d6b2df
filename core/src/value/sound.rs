//! Whether bytes are an item in canonical form, for whoever checks what a disk has kept. Everything else trusts items.

use super::item::{AttributeType, HEADER_BYTES, Item, read_u32};
use super::number::Number;

/// Levels that stored items can have; deeper bytes were never an item.
const LEVELS_MAX: usize = 64;

impl Item {
    /// Whether the bytes are what the builder would have made: every length right, names and sets in order, numbers in their one spelling,
    /// the size as it is counted.
    pub(crate) fn is_sound(bytes: &[u8]) -> bool {
        let Some((_, map)) = bytes.split_at_checked(HEADER_BYTES) else { return false };
        if !is_map(map, 0) {
            return false;
        }
        let item = Item::from_stored(bytes);
        let size: usize = item.attributes().iter().map(|(name, value)| name.len() + value.size()).sum();
        size == read_u32(bytes, 0)
    }
}

/// What is left to look at.
struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(taken)
    }

    fn u32(&mut self) -> Option<usize> {
        self.take(4).map(|bytes| read_u32(bytes, 0))
    }

    fn counted(&mut self) -> Option<&'a [u8]> {
        let len = self.u32()?;
        self.take(len)
    }

    fn name(&mut self) -> Option<&'a [u8]> {
        let len = self.take(2)?;
        self.take(usize::from(u16::from_le_bytes([len[0], len[1]])))
    }
}

fn is_map(bytes: &[u8], level: usize) -> bool {
    let mut rest = Rest(bytes);
    let mut read = || {
        let mut last: Option<&[u8]> = None;
        for _ in 0..rest.u32()? {
            let name = rest.name()?;
            if last >= Some(name) || std::str::from_utf8(name).is_err() {
                return None;
            }
            last = Some(name);
            value(&mut rest, level)?;
        }
        rest.0.is_empty().then_some(())
    };
    read().is_some()
}

fn is_list(bytes: &[u8], level: usize) -> bool {
    let mut rest = Rest(bytes);
    let mut read = || {
        for _ in 0..rest.u32()? {
            value(&mut rest, level)?;
        }
        rest.0.is_empty().then_some(())
    };
    read().is_some()
}

fn value(rest: &mut Rest<'_>, level: usize) -> Option<()> {
    let tag = rest.take(1)?[0];
    let payload = rest.counted()?;
    let is_text = |bytes: &[u8]| std::str::from_utf8(bytes).is_ok();
    let sound = match AttributeType::from_tag(tag)? {
        AttributeType::S => is_text(payload),
        AttributeType::N => number(payload).is_some(),
        AttributeType::B => true,
        AttributeType::Bool => matches!(payload, [0 | 1]),
        AttributeType::Null => payload.is_empty(),
        AttributeType::Ss => is_set(payload, |a, b| a < b) && members(payload)?.into_iter().all(is_text),
        AttributeType::Ns => {
            is_set(payload, |a, b| number(a) < number(b))
                && members(payload)?.into_iter().all(|member| number(member).is_some())
        }
        AttributeType::Bs => is_set(payload, |a, b| a < b),
        AttributeType::L => level < LEVELS_MAX && is_list(payload, level + 1),
        AttributeType::M => level < LEVELS_MAX && is_map(payload, level + 1),
    };
    sound.then_some(())
}

fn number(digits: &[u8]) -> Option<Number> {
    let text = std::str::from_utf8(digits).ok()?;
    let number: Number = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

fn members(payload: &[u8]) -> Option<Vec<&[u8]>> {
    let mut rest = Rest(payload);
    let count = rest.u32()?;
    let members: Option<Vec<&[u8]>> = (0..count).map(|_| rest.counted()).collect();
    members.filter(|members| rest.0.is_empty() && !members.is_empty())
}

fn is_set(payload: &[u8], rises: impl Fn(&[u8], &[u8]) -> bool) -> bool {
    members(payload).is_some_and(|members| members.windows(2).all(|pair| rises(pair[0], pair[1])))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ITEM: &str = r#"{"b": {"B": "AQI="}, "big": {"N": "-1.5"}, "flag": {"BOOL": true}, "id": {"S": "x"},
        "list": {"L": [{"NULL": true}, {"M": {"a": {"S": "y"}, "b": {"N": "7"}}}]}, "ns": {"NS": ["10", "9"]},
        "ss": {"SS": ["b", "a"]}, "bs": {"BS": ["AQ==", "Ag=="]}}"#;

    #[test]
    fn what_the_builder_makes_is_sound() {
        assert!(Item::is_sound(Item::from_json(ITEM).expect("an item").as_bytes()));
        assert!(Item::is_sound(Item::empty().as_bytes()));
    }

    #[test]
    fn other_bytes_are_not_and_never_panic() {
        let bytes = Item::from_json(ITEM).expect("an item").as_bytes().to_vec();
        for len in 0..bytes.len() {
            assert!(!Item::is_sound(&bytes[..len]), "the first {len} bytes");
        }
        let mut unsound = 0;
        for at in 0..bytes.len() {
            for bit in 0..8 {
                let mut flipped = bytes.clone();
                flipped[at] ^= 1 << bit;
                unsound += usize::from(!Item::is_sound(&flipped));
            }
        }
        // A flip inside a text gives another text; every other flip is seen.
        assert!(unsound > bytes.len() * 5, "{unsound} of {} flips seen", bytes.len() * 8);
    }
}
