//! The input tape: what `lib/tape.js` writes down about a value, read as a serde format.
//!
//! A value arrives as three plain pieces: one text with every string of the value in order, one array of 32-bit words that says what stands
//! where, and one run of bytes with every binary. Reading lends the strings to the visitor, and no call into the engine of the host happens on
//! the way. `docs/decisions/0004-node-conversion.md` has the measurements behind this.
//!
//! ```text
//! word = payload << 4 | tag
//!   0 null   1 false   2 true
//!   3 whole    payload is the number (signed)
//!   4 number   two more words: low and high half of the double
//!   5 text     payload is the length in UTF-16 units
//!   6 bytes    payload is the length
//!   7 list     payload is the count; the elements follow
//!   8 map      payload is the count; name (a text word) and value follow, alternating
//!   9 long     two more words: low and high half of a signed 64-bit number
//!  10 ulong    two more words: low and high half of an unsigned 64-bit number
//! ```

use std::fmt;

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

/// Levels a value may have. `lib/tape.js` stops at the same depth, so this is met by a defect only.
const MAX_LEVELS: usize = 160;

/// Why a tape cannot be read on.
#[derive(Debug)]
pub(crate) struct TapeError(String);

impl fmt::Display for TapeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for TapeError {}

impl de::Error for TapeError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        TapeError(message.to_string())
    }
}

type Result<T> = std::result::Result<T, TapeError>;

/// A tape and the places reading has come to.
#[derive(Debug)]
pub(crate) struct Tape<'de> {
    words: &'de [i32],
    text: &'de str,
    bytes: &'de [u8],
    /// Every character is one byte and one UTF-16 unit, so lengths need no counting.
    ascii: bool,
    levels: usize,
    broken_text: bool,
}

impl<'de> Tape<'de> {
    /// `units` is the length of `text` in UTF-16 units, as the writer of the tape counted it.
    pub(crate) fn new(words: &'de [i32], text: &'de str, units: usize, bytes: &'de [u8]) -> Tape<'de> {
        Tape { words, text, bytes, ascii: text.len() == units, levels: 0, broken_text: false }
    }

    /// Whether reading met half of a surrogate pair, which no UTF-8 text can hold.
    pub(crate) fn broken_text(&self) -> bool {
        self.broken_text
    }

    fn word(&mut self) -> Result<i32> {
        let (&word, rest) = self.words.split_first().ok_or_else(|| TapeError("tape ends early".into()))?;
        self.words = rest;
        Ok(word)
    }

    fn long(&mut self) -> Result<u64> {
        let low = self.word()? as u32;
        let high = self.word()? as u32;
        Ok(u64::from(high) << 32 | u64::from(low))
    }

    fn text(&mut self, units: usize) -> Result<&'de str> {
        let end = if self.ascii { Some(units) } else { end_of(self.text, units) };
        match end.and_then(|end| self.text.split_at_checked(end)) {
            Some((text, rest)) => {
                self.text = rest;
                Ok(text)
            }
            None => {
                self.broken_text = true;
                Err(TapeError("half of a surrogate pair".into()))
            }
        }
    }

    fn bytes(&mut self, length: usize) -> Result<&'de [u8]> {
        let (bytes, rest) =
            self.bytes.split_at_checked(length).ok_or_else(|| TapeError("bytes end early".into()))?;
        self.bytes = rest;
        Ok(bytes)
    }

    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if self.levels == MAX_LEVELS {
            return Err(TapeError("nested too deep".into()));
        }
        self.levels += 1;
        let value = read(self)?;
        self.levels -= 1;
        Ok(value)
    }
}

/// Where the first `units` UTF-16 units of `text` end, if a character ends there.
fn end_of(text: &str, units: usize) -> Option<usize> {
    let mut left = units;
    let mut end = 0;
    let mut letters = text.chars();
    while left > 0 {
        let letter = letters.next()?;
        left = left.checked_sub(letter.len_utf16())?;
        end += letter.len_utf8();
    }
    Some(end)
}

const NULL: i32 = 0;
const FALSE: i32 = 1;
const TRUE: i32 = 2;
const WHOLE: i32 = 3;
const NUMBER: i32 = 4;
const TEXT: i32 = 5;
const BYTES: i32 = 6;
const LIST: i32 = 7;
const MAP: i32 = 8;
const LONG: i32 = 9;
const ULONG: i32 = 10;

fn tag_of(word: i32) -> i32 {
    word & 15
}

/// Lengths and counts are never negative on a tape of ours; a negative one reads as longer than any tape.
fn count_of(word: i32) -> usize {
    (word as u32 >> 4) as usize
}

impl<'de> Deserializer<'de> for &mut Tape<'de> {
    type Error = TapeError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        let word = self.word()?;
        match tag_of(word) {
            NULL => visitor.visit_unit(),
            FALSE => visitor.visit_bool(false),
            TRUE => visitor.visit_bool(true),
            WHOLE => visitor.visit_i64(i64::from(word >> 4)),
            NUMBER => visitor.visit_f64(f64::from_bits(self.long()?)),
            TEXT => visitor.visit_borrowed_str(self.text(count_of(word))?),
            BYTES => visitor.visit_borrowed_bytes(self.bytes(count_of(word))?),
            LIST => self.nested(|tape| visitor.visit_seq(Members { tape, left: count_of(word) })),
            MAP => self.nested(|tape| visitor.visit_map(Members { tape, left: count_of(word) })),
            LONG => visitor.visit_i64(self.long()? as i64),
            ULONG => visitor.visit_u64(self.long()?),
            _ => Err(TapeError("no such tag".into())),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.words.first() {
            Some(&word) if tag_of(word) == NULL => {
                self.words = &self.words[1..];
                visitor.visit_none()
            }
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value> {
        visitor.visit_newtype_struct(self)
    }

    /// Variants without content, by name; that is all the enums that options have.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        match self.words.first() {
            Some(&word) if tag_of(word) == TEXT => {
                self.words = &self.words[1..];
                visitor.visit_enum(BorrowedStrDeserializer::new(self.text(count_of(word))?))
            }
            _ => self.deserialize_any(visitor),
        }
    }

    fn is_human_readable(&self) -> bool {
        false
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct
        identifier ignored_any
    }
}

struct Members<'t, 'de> {
    tape: &'t mut Tape<'de>,
    left: usize,
}

impl Members<'_, '_> {
    fn next(&mut self) -> bool {
        let more = self.left > 0;
        self.left = self.left.saturating_sub(1);
        more
    }

    /// What a collection may reserve in advance: each member takes a word at least, so a count beyond that is no promise.
    fn hint(&self) -> Option<usize> {
        Some(self.left.min(self.tape.words.len()))
    }
}

impl<'de> SeqAccess<'de> for Members<'_, 'de> {
    type Error = TapeError;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>> {
        if self.next() { seed.deserialize(&mut *self.tape).map(Some) } else { Ok(None) }
    }

    fn size_hint(&self) -> Option<usize> {
        self.hint()
    }
}

impl<'de> MapAccess<'de> for Members<'_, 'de> {
    type Error = TapeError;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>> {
        if self.next() { seed.deserialize(&mut *self.tape).map(Some) } else { Ok(None) }
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value> {
        seed.deserialize(&mut *self.tape)
    }

    fn size_hint(&self) -> Option<usize> {
        self.hint()
    }
}
