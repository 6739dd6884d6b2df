//! Answers as text for the host's own JSON parser, which builds objects faster than calls into the host can
//! (`docs/decisions/0004-node-conversion.md` has the measurements).
//!
//! JSON has no bytes, no dates, no sets and no large integers. Where one belongs, the text holds what it is made of (the length of the bytes, the
//! seconds of the date, the list of members, the digits), the *mends* tell the place, and `lib/answer.js` puts the real thing there. The mends are
//! themselves JSON: `[[0,"Table","CreationDateTime"],[1,"Item","a","B"]]`, 0 for a date, 1 for bytes, 2 for a BigInt and 3 for a set; the bytes
//! follow each other in the order of the mends, and what is in a set is mended before it.

use std::fmt;
use std::io::Write as _;

use serde::ser::{self, Serialize, Serializer};

/// What the core names its moments by.
const TIMESTAMP: &str = "Timestamp";
/// And whole numbers that a double may not hold.
const INTEGER: &str = "Integer";
/// And sets.
const SET: &str = "Set";

/// Why an answer cannot be written. The core's answers always can; this exists for the trait.
#[derive(Debug)]
pub struct AnswerError(String);

impl fmt::Display for AnswerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for AnswerError {}

impl ser::Error for AnswerError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        AnswerError(message.to_string())
    }
}

type Result<T> = std::result::Result<T, AnswerError>;

/// An answer in the making.
#[derive(Debug, Default)]
pub struct Answer {
    text: Vec<u8>,
    mends: Vec<u8>,
    bytes: Vec<u8>,
    path: Vec<Step>,
}

/// One step of the way to the value being written.
#[derive(Debug)]
enum Step {
    /// A member: where its quoted name stands in the text.
    Name { start: usize, end: usize },
    /// An element of a list.
    Index(usize),
}

#[derive(Clone, Copy, Debug)]
enum Mend {
    Date = 0,
    Bytes = 1,
    Integer = 2,
    Set = 3,
}

impl Answer {
    /// Writes a value.
    pub(crate) fn of(value: &impl Serialize) -> Result<Answer> {
        let mut answer = Answer { text: Vec::with_capacity(256), ..Answer::default() };
        value.serialize(&mut answer)?;
        Ok(answer)
    }

    /// The JSON text; always UTF-8.
    pub(crate) fn text(&self) -> &[u8] {
        &self.text
    }

    /// The mends as JSON text without the enclosing brackets; empty when JSON says it all.
    pub(crate) fn mends(&self) -> &[u8] {
        &self.mends
    }

    /// All bytes, one after the other.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    fn mend(&mut self, mend: Mend) {
        self.mends.extend_from_slice(if self.mends.is_empty() { b"[" } else { b",[" });
        self.mends.push(b'0' + mend as u8);
        for step in &self.path {
            self.mends.push(b',');
            match *step {
                Step::Name { start, end } => self.mends.extend_from_slice(&self.text[start..end]),
                Step::Index(index) => number(&mut self.mends, index),
            }
        }
        self.mends.push(b']');
    }

    fn quoted(&mut self, text: &str) -> Result<()> {
        let plain = text.bytes().all(|byte| byte >= b' ' && byte != b'"' && byte != b'\\');
        if plain {
            self.text.push(b'"');
            self.text.extend_from_slice(text.as_bytes());
            self.text.push(b'"');
            return Ok(());
        }
        serde_json::to_writer(&mut self.text, text).map_err(ser::Error::custom)
    }
}

fn number(out: &mut Vec<u8>, value: impl fmt::Display) {
    write!(out, "{value}").expect("writing to memory cannot fail");
}

macro_rules! integers {
    ($($method:ident $ty:ty)*) => {$(
        fn $method(self, value: $ty) -> Result<()> {
            number(&mut self.text, value);
            Ok(())
        }
    )*};
}

impl<'a> Serializer for &'a mut Answer {
    type Ok = ();
    type Error = AnswerError;
    type SerializeSeq = Collection<'a>;
    type SerializeTuple = Collection<'a>;
    type SerializeTupleStruct = Collection<'a>;
    type SerializeTupleVariant = Collection<'a>;
    type SerializeMap = Collection<'a>;
    type SerializeStruct = Collection<'a>;
    type SerializeStructVariant = Collection<'a>;

    integers! {
        serialize_i8 i8 serialize_i16 i16 serialize_i32 i32 serialize_i64 i64
        serialize_u8 u8 serialize_u16 u16 serialize_u32 u32 serialize_u64 u64
    }

    fn serialize_bool(self, value: bool) -> Result<()> {
        self.text.extend_from_slice(if value { b"true" } else { b"false" });
        Ok(())
    }

    fn serialize_f32(self, value: f32) -> Result<()> {
        self.serialize_f64(f64::from(value))
    }

    fn serialize_f64(self, value: f64) -> Result<()> {
        if !value.is_finite() {
            return Err(AnswerError(format!("{value} has no JSON form")));
        }
        // Rust prints the shortest digits that read back the same, as JSON wants them.
        number(&mut self.text, value);
        Ok(())
    }

    fn serialize_char(self, value: char) -> Result<()> {
        self.quoted(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<()> {
        self.quoted(value)
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<()> {
        self.mend(Mend::Bytes);
        self.bytes.extend_from_slice(value);
        number(&mut self.text, value.len());
        Ok(())
    }

    fn serialize_none(self) -> Result<()> {
        self.serialize_unit()
    }

    fn serialize_some<T: ?Sized + Serialize>(self, value: &T) -> Result<()> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<()> {
        self.text.extend_from_slice(b"null");
        Ok(())
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<()> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _name: &'static str, _index: u32, variant: &'static str) -> Result<()> {
        self.quoted(variant)
    }

    fn serialize_newtype_struct<T: ?Sized + Serialize>(self, name: &'static str, value: &T) -> Result<()> {
        value.serialize(&mut *self)?;
        match name {
            TIMESTAMP => self.mend(Mend::Date),
            INTEGER => self.mend(Mend::Integer),
            SET => self.mend(Mend::Set),
            _ => {}
        }
        Ok(())
    }

    fn serialize_newtype_variant<T: ?Sized + Serialize>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<()> {
        let mut one = Collection::open(self, b'{', b'}');
        one.name(variant)?;
        one.value(value)?;
        one.close()
    }

    fn serialize_seq(self, _len: Option<usize>) -> Result<Collection<'a>> {
        Ok(Collection::list(self))
    }

    fn serialize_tuple(self, _len: usize) -> Result<Collection<'a>> {
        Ok(Collection::list(self))
    }

    fn serialize_tuple_struct(self, _name: &'static str, _len: usize) -> Result<Collection<'a>> {
        Ok(Collection::list(self))
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _len: usize,
    ) -> Result<Collection<'a>> {
        Err(AnswerError(format!("variant {variant} has no form here")))
    }

    fn serialize_map(self, _len: Option<usize>) -> Result<Collection<'a>> {
        Ok(Collection::open(self, b'{', b'}'))
    }

    fn serialize_struct(self, _name: &'static str, _len: usize) -> Result<Collection<'a>> {
        Ok(Collection::open(self, b'{', b'}'))
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _len: usize,
    ) -> Result<Collection<'a>> {
        Err(AnswerError(format!("variant {variant} has no form here")))
    }

    fn is_human_readable(&self) -> bool {
        false
    }
}

/// A list or map being written; its step is the last of the path.
#[derive(Debug)]
pub struct Collection<'a> {
    answer: &'a mut Answer,
    first: bool,
    last: u8,
}

impl<'a> Collection<'a> {
    fn open(answer: &'a mut Answer, first: u8, last: u8) -> Collection<'a> {
        answer.text.push(first);
        answer.path.push(Step::Name { start: 0, end: 0 });
        Collection { answer, first: true, last }
    }

    fn list(answer: &'a mut Answer) -> Collection<'a> {
        answer.text.push(b'[');
        answer.path.push(Step::Index(0));
        Collection { answer, first: true, last: b']' }
    }

    fn comma(&mut self) {
        if !self.first {
            self.answer.text.push(b',');
        }
        self.first = false;
    }

    fn name(&mut self, name: &str) -> Result<()> {
        self.comma();
        let start = self.answer.text.len();
        self.answer.quoted(name)?;
        self.named(start)
    }

    /// A name was written from `start` on; the value comes next.
    fn named(&mut self, start: usize) -> Result<()> {
        let end = self.answer.text.len();
        if self.answer.text.get(start) != Some(&b'"') {
            return Err(AnswerError("names of members are text".into()));
        }
        self.answer.text.push(b':');
        if let Some(step) = self.answer.path.last_mut() {
            *step = Step::Name { start, end };
        }
        Ok(())
    }

    fn value<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<()> {
        value.serialize(&mut *self.answer)
    }

    fn element<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<()> {
        self.comma();
        self.value(value)?;
        if let Some(Step::Index(index)) = self.answer.path.last_mut() {
            *index += 1;
        }
        Ok(())
    }

    fn close(self) -> Result<()> {
        self.answer.text.push(self.last);
        self.answer.path.pop();
        Ok(())
    }
}

macro_rules! lists {
    ($($name:ident :: $method:ident)*) => {$(
        impl ser::$name for Collection<'_> {
            type Ok = ();
            type Error = AnswerError;

            fn $method<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<()> {
                self.element(value)
            }

            fn end(self) -> Result<()> {
                self.close()
            }
        }
    )*};
}
lists! {
    SerializeSeq::serialize_element SerializeTuple::serialize_element
    SerializeTupleStruct::serialize_field SerializeTupleVariant::serialize_field
}

impl ser::SerializeMap for Collection<'_> {
    type Ok = ();
    type Error = AnswerError;

    fn serialize_key<T: ?Sized + Serialize>(&mut self, key: &T) -> Result<()> {
        self.comma();
        let start = self.answer.text.len();
        key.serialize(&mut *self.answer)?;
        self.named(start)
    }

    fn serialize_value<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<()> {
        self.value(value)
    }

    fn end(self) -> Result<()> {
        self.close()
    }
}

macro_rules! structures {
    ($($name:ident)*) => {$(
        impl ser::$name for Collection<'_> {
            type Ok = ();
            type Error = AnswerError;

            fn serialize_field<T: ?Sized + Serialize>(&mut self, name: &'static str, value: &T) -> Result<()> {
                self.name(name)?;
                self.value(value)
            }

            fn end(self) -> Result<()> {
                self.close()
            }
        }
    )*};
}
structures! { SerializeStruct SerializeStructVariant }
