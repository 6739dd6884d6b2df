//! CBOR (RFC 8949) as Kinesis speaks it: requests and answers of the JSON format, written otherwise.
//!
//! Bytes are byte strings and not base64. A moment is tag 1 with milliseconds since 1970 as a whole number, in which the service and its clients
//! differ from the standard, where tag 1 has seconds.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use minicbor::data::Type;
use minicbor::decode::Error;
use minicbor::{Decoder, Encoder};
use serde_json::Value;
use streamtable::unstable::shape::{StructInfo, TypeInfo};

/// The tag of a moment.
const MOMENT: u64 = 1;

/// How deep lists and maps may lie in each other. Requests have three levels.
const DEPTH_MAX: usize = 32;

/// A request as JSON: byte strings as base64, moments as seconds.
///
/// # Errors
/// What is no CBOR, or nothing that JSON can say.
pub(crate) fn to_json(body: &[u8]) -> Result<Vec<u8>, Error> {
    let mut reading = Reading { from: Decoder::new(body), json: Vec::with_capacity(body.len()) };
    if !body.is_empty() {
        reading.value(DEPTH_MAX)?;
    }
    if reading.from.position() < body.len() {
        return Err(Error::message("more than one value"));
    }
    Ok(reading.json)
}

struct Reading<'b> {
    from: Decoder<'b>,
    json: Vec<u8>,
}

impl Reading<'_> {
    fn value(&mut self, depth: usize) -> Result<(), Error> {
        let kind = self.from.datatype()?;
        match kind {
            Type::Bool => {
                let word: &[u8] = if self.from.bool()? { b"true" } else { b"false" };
                self.json.extend_from_slice(word);
            }
            Type::Null | Type::Undefined => {
                self.from.skip()?;
                self.json.extend_from_slice(b"null");
            }
            Type::U8 | Type::U16 | Type::U32 | Type::U64 => {
                let number = self.from.u64()?;
                self.write(&number)?;
            }
            Type::I8 | Type::I16 | Type::I32 | Type::I64 => {
                let number = self.from.i64()?;
                self.write(&number)?;
            }
            Type::F32 | Type::F64 => {
                let number = self.from.f64()?;
                self.write(&number)?;
            }
            Type::String | Type::StringIndef => self.text()?,
            Type::Bytes | Type::BytesIndef => {
                let mut bytes = Vec::new();
                for part in self.from.bytes_iter()? {
                    bytes.extend_from_slice(part?);
                }
                self.write(&STANDARD.encode(bytes))?;
            }
            Type::Tag => self.moment()?,
            Type::Array | Type::ArrayIndef => self.list(depth)?,
            Type::Map | Type::MapIndef => self.map(depth)?,
            _ => return Err(Error::type_mismatch(kind)),
        }
        Ok(())
    }

    fn write(&mut self, value: &impl serde::Serialize) -> Result<(), Error> {
        serde_json::to_writer(&mut self.json, value)
            .map_err(|_| Error::message("a value that JSON cannot say"))
    }

    fn text(&mut self) -> Result<(), Error> {
        let mut text = String::new();
        for part in self.from.str_iter()? {
            text.push_str(part?);
        }
        self.write(&text)
    }

    fn moment(&mut self) -> Result<(), Error> {
        if self.from.tag()?.as_u64() != MOMENT {
            return Err(Error::message("a tag that is of no moment"));
        }
        let millis = self.from.i64()?;
        self.write(&(millis as f64 / 1000.0))
    }

    fn list(&mut self, depth: usize) -> Result<(), Error> {
        let depth = depth.checked_sub(1).ok_or_else(|| Error::message("too deep"))?;
        let count = self.from.array()?;
        self.members(count, (b'[', b']'), |reading| reading.value(depth))
    }

    fn map(&mut self, depth: usize) -> Result<(), Error> {
        let depth = depth.checked_sub(1).ok_or_else(|| Error::message("too deep"))?;
        let count = self.from.map()?;
        self.members(count, (b'{', b'}'), |reading| {
            reading.text()?;
            reading.json.push(b':');
            reading.value(depth)
        })
    }

    /// The members of a list or map; without a count, up to the break.
    fn members(
        &mut self,
        count: Option<u64>,
        (open, close): (u8, u8),
        member: impl Fn(&mut Self) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.json.push(open);
        let mut nth = 0;
        loop {
            let is_over = match count {
                Some(count) => nth == count,
                None => self.from.datatype()? == Type::Break,
            };
            if is_over {
                break;
            }
            if nth > 0 {
                self.json.push(b',');
            }
            member(self)?;
            nth += 1;
        }
        if count.is_none() {
            self.from.skip()?;
        }
        self.json.push(close);
        Ok(())
    }
}

/// An answer in JSON as CBOR; the shape tells which texts are bytes and which numbers are moments. An error has none.
pub(crate) fn of_json(json: &[u8], shape: Option<&'static StructInfo>) -> Vec<u8> {
    let answer: Value = serde_json::from_slice(json).expect("answers are JSON");
    let mut out = Encoder::new(Vec::with_capacity(json.len()));
    write(&mut out, &answer, shape.map(TypeInfo::Struct));
    out.into_writer()
}

fn write(out: &mut Encoder<Vec<u8>>, value: &Value, ty: Option<TypeInfo>) {
    let done = match (value, ty) {
        (Value::Null, _) => out.null().map(drop),
        (Value::Bool(is), _) => out.bool(*is).map(drop),
        (Value::Number(seconds), Some(TypeInfo::Timestamp)) => {
            let millis = seconds.as_f64().map_or(0.0, |seconds| (seconds * 1000.0).round());
            out.tag(minicbor::data::Tag::new(MOMENT)).and_then(|out| out.i64(millis as i64)).map(drop)
        }
        (Value::Number(number), _) => match (number.as_i64(), number.as_u64()) {
            (Some(whole), _) => out.i64(whole).map(drop),
            (None, Some(whole)) => out.u64(whole).map(drop),
            (None, None) => out.f64(number.as_f64().expect("a number of 64 bits")).map(drop),
        },
        (Value::String(text), Some(TypeInfo::Blob)) => {
            out.bytes(&STANDARD.decode(text).expect("bytes are base64 in JSON")).map(drop)
        }
        (Value::String(text), _) => out.str(text).map(drop),
        (Value::Array(list), _) => {
            let inner = match ty {
                Some(TypeInfo::List(inner)) => Some(*inner),
                _ => None,
            };
            let begun = out.array(list.len() as u64).map(drop);
            list.iter().for_each(|value| write(out, value, inner));
            begun
        }
        (Value::Object(members), _) => {
            let begun = out.map(members.len() as u64).map(drop);
            for (name, value) in members {
                write(out, &Value::String(name.clone()), None);
                write(out, value, inner_of(ty, name));
            }
            begun
        }
    };
    done.expect("a vector takes all that is written");
}

/// The type of a member of a structure or map.
fn inner_of(ty: Option<TypeInfo>, name: &str) -> Option<TypeInfo> {
    match ty? {
        TypeInfo::Struct(info) => {
            info.members.iter().find(|member| member.wire == name).map(|member| member.ty)
        }
        TypeInfo::Map(inner) => Some(*inner),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use streamtable::unstable::registry;

    use super::*;

    fn read(bytes: &[u8]) -> Option<Value> {
        to_json(bytes).ok().map(|json| serde_json::from_slice(&json).expect("JSON"))
    }

    #[test]
    fn what_comes_in_pieces_is_what_comes_whole() {
        // {"a": [1, -2, true, null, 1.5], "b": h'00ff'}, with counts and without.
        let whole = b"\xa2\x61a\x85\x01\x21\xf5\xf6\xfb\x3f\xf8\0\0\0\0\0\0\x61b\x42\x00\xff";
        let pieces =
            b"\xbf\x7f\x61a\xff\x9f\x01\x21\xf5\xf6\xfa\x3f\xc0\0\0\xff\x61b\x5f\x41\x00\x41\xff\xff\xff";
        let said = json!({"a": [1, -2, true, null, 1.5], "b": "AP8="});
        assert_eq!(read(whole), Some(said.clone()));
        assert_eq!(read(pieces), Some(said));
        assert_eq!(read(b"\xbf\xff"), Some(json!({})));
    }

    #[test]
    fn a_moment_is_milliseconds() {
        assert_eq!(read(b"\xc1\x19\x05\xdc"), Some(json!(1.5)));
        assert_eq!(read(b"\xc0\x19\x05\xdc"), None, "another tag");
    }

    #[test]
    fn what_is_not_sound_is_refused() {
        let deep = [vec![0x81; DEPTH_MAX + 1], vec![0x01]].concat();
        let bad: [&[u8]; 10] = [
            b"\xa1\x61a",
            b"\xa1\x01\x01",
            b"\x61\xff",
            b"\xff",
            b"\x9f\x01",
            b"\x01\x01",
            b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff",
            b"\x5b\xff\xff\xff\xff\xff\xff\xff\xff",
            b"\xf9\x3c\x00",
            &deep,
        ];
        for bytes in bad {
            assert_eq!(read(bytes), None, "{bytes:?}");
        }
        assert!(read(&deep[1..]).is_some(), "as deep as may be");
    }

    #[test]
    fn answers_have_bytes_and_moments_where_their_shape_has_them() {
        let shape = registry::operation("KinesisGetRecords").expect("an operation").output;
        let json = br#"{"Records":[{"ApproximateArrivalTimestamp":1767225600.25,"Data":"AP8=","PartitionKey":"k"}],"MillisBehindLatest":0}"#;
        let bytes = of_json(json, Some(shape));
        let mut wanted = b"\xa2\x67Records\x81\xa3\x78\x1bApproximateArrivalTimestamp\xc1\x1b".to_vec();
        wanted.extend_from_slice(&1_767_225_600_250_u64.to_be_bytes());
        wanted.extend_from_slice(b"\x64Data\x42\x00\xff\x6cPartitionKey\x61k\x72MillisBehindLatest\x00");
        let told = |bytes: &[u8]| read(bytes).expect("sound");
        assert_eq!(told(&bytes), told(&wanted));
        assert_eq!(bytes.len(), wanted.len(), "the same kinds of values");
        let error = of_json(br#"{"__type":"X","message":"m"}"#, None);
        assert_eq!(told(&error), json!({"__type": "X", "message": "m"}));
    }
}
