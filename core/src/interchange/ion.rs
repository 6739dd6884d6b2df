//! Items as Ion's text form has them, a line each. Sets are lists with an annotation; numbers are decimals, which are exact.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::ItemChange;
use crate::value::{Item, MapRef, Number, ValueRef};

/// Least power of ten that is written as a fraction and not as an exponent.
const FRACTION_MIN: i32 = -6;

/// The line of an item.
pub(crate) fn write_ion_item(item: &Item, out: &mut Vec<u8>) {
    out.extend_from_slice(b"$ion_1_0 {Item:");
    write_struct(&item.attributes(), out);
    out.extend_from_slice(b"}\n");
}

/// The line of a change.
pub(crate) fn write_ion_change(change: &ItemChange, out: &mut Vec<u8>) {
    out.extend_from_slice(b"$ion_1_0 {Record:{Keys:");
    write_struct(&change.keys.attributes(), out);
    out.extend_from_slice(format!(",Metadata:{{WriteTimestampMicros:{}.}}", change.micros).as_bytes());
    for (name, image) in [("OldImage", &change.old_image), ("NewImage", &change.new_image)] {
        if let Some(image) = image {
            out.push(b',');
            out.extend_from_slice(name.as_bytes());
            out.push(b':');
            write_struct(&image.attributes(), out);
        }
    }
    out.extend_from_slice(b"}}\n");
}

fn write_struct(map: &MapRef<'_>, out: &mut Vec<u8>) {
    out.push(b'{');
    for (at, (name, value)) in map.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        write_symbol(name, out);
        out.push(b':');
        write_value(&value, out);
    }
    out.push(b'}');
}

fn write_value(value: &ValueRef<'_>, out: &mut Vec<u8>) {
    match value {
        ValueRef::S(text) => write_string(text, out),
        ValueRef::N(_) => write_decimal(&value.number().expect("N holds a number"), out),
        ValueRef::B(bytes) => write_blob(bytes, out),
        ValueRef::Bool(true) => out.extend_from_slice(b"true"),
        ValueRef::Bool(false) => out.extend_from_slice(b"false"),
        ValueRef::Null => out.extend_from_slice(b"null"),
        ValueRef::Ss(set) => write_set("SS", set.texts(), write_string, out),
        ValueRef::Ns(set) => write_set("NS", set.texts(), write_number_text, out),
        ValueRef::Bs(set) => write_set("BS", set.members(), write_blob, out),
        ValueRef::L(list) => write_list(list.iter(), |value, out| write_value(&value, out), out),
        ValueRef::M(map) => write_struct(map, out),
    }
}

fn write_set<T>(
    kind: &str,
    members: impl Iterator<Item = T>,
    write: impl Fn(T, &mut Vec<u8>),
    out: &mut Vec<u8>,
) {
    out.extend_from_slice(b"$dynamodb_");
    out.extend_from_slice(kind.as_bytes());
    out.extend_from_slice(b"::");
    write_list(members, write, out);
}

fn write_list<T>(members: impl Iterator<Item = T>, write: impl Fn(T, &mut Vec<u8>), out: &mut Vec<u8>) {
    out.push(b'[');
    for (at, member) in members.enumerate() {
        if at > 0 {
            out.push(b',');
        }
        write(member, out);
    }
    out.push(b']');
}

/// A text of JSON is one of Ion.
fn write_string(text: &str, out: &mut Vec<u8>) {
    serde_json::to_writer(out, text).expect("a text is plain data");
}

fn write_blob(bytes: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(b"{{");
    out.extend_from_slice(STANDARD.encode(bytes).as_bytes());
    out.extend_from_slice(b"}}");
}

fn write_number_text(text: &str, out: &mut Vec<u8>) {
    write_decimal(&text.parse().expect("stored numbers are in canonical form"), out);
}

fn write_decimal(number: &Number, out: &mut Vec<u8>) {
    let (is_negative, coefficient, exponent) = number.parts();
    if is_negative {
        out.push(b'-');
    }
    let digits = coefficient.to_string();
    let text = match exponent {
        0 => format!("{digits}."),
        FRACTION_MIN..0 => {
            let places = exponent.unsigned_abs() as usize;
            let digits = format!("{digits:0>width$}", width = places + 1);
            let (whole, fraction) = digits.split_at(digits.len() - places);
            format!("{whole}.{fraction}")
        }
        _ => format!("{digits}d{exponent}"),
    };
    out.extend_from_slice(text.as_bytes());
}

/// A name, in quotes where it could be taken for something else.
fn write_symbol(name: &str, out: &mut Vec<u8>) {
    let is_letter = |b: u8| b.is_ascii_alphabetic() || b == b'_' || b == b'$';
    let is_identifier = name.bytes().next().is_some_and(is_letter)
        && name.bytes().all(|b| is_letter(b) || b.is_ascii_digit());
    // `$7` is a symbol by its number.
    let is_number = name.strip_prefix('$').is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()));
    if is_identifier && !is_number && !["null", "true", "false", "nan"].contains(&name) {
        out.extend_from_slice(name.as_bytes());
        return;
    }
    out.push(b'\'');
    for letter in name.chars() {
        match letter {
            '\'' | '\\' => {
                out.push(b'\\');
                out.push(letter as u8);
            }
            letter if letter.is_ascii_control() => {
                out.extend_from_slice(format!("\\x{:02x}", letter as u32).as_bytes());
            }
            letter => out.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    out.push(b'\'');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(json: &str) -> String {
        let mut out = Vec::new();
        write_ion_item(&Item::from_json(json).expect("an item"), &mut out);
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn an_item_is_written_as_the_guide_shows_it() {
        let item = r#"{"Authors": {"SS": ["Author1", "Author2"]}, "Dimensions": {"S": "8.5 x 11.0 x 1.5"}, "Id": {"N": "103"},
            "InPublication": {"BOOL": false}, "PageCount": {"N": "600"}, "Price": {"N": "2000"}}"#;
        assert_eq!(
            written(item),
            "$ion_1_0 {Item:{Authors:$dynamodb_SS::[\"Author1\",\"Author2\"],Dimensions:\"8.5 x 11.0 x 1.5\",Id:103.,\
             InPublication:false,PageCount:6d2,Price:2d3}}\n"
        );
    }

    #[test]
    fn numbers_names_and_bytes() {
        let item = r#"{"a b": {"N": "-1.25"}, "it's": {"N": "0.00001"}, "null": {"N": "0"}, "$1": {"N": "1E-20"}, "é": {"NULL": true},
            "b": {"B": "aGk="}, "l": {"L": [{"NS": ["2", "10"]}, {"BS": ["aGk="]}, {"M": {}}]}, "\n": {"BOOL": true}}"#;
        assert_eq!(
            written(item),
            "$ion_1_0 {Item:{'\\x0a':true,'$1':1d-20,'a b':-1.25,b:{{aGk=}},'it\\'s':0.00001,\
             l:[$dynamodb_NS::[2.,1d1],$dynamodb_BS::[{{aGk=}}],{}],'null':0.,'é':null}}\n"
        );
    }
}
