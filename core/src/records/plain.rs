//! Items as plain values: `{"id": "1", "total": 9.9}` instead of `{"id": {"S": "1"}, "total": {"N": "9.9"}}`.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde::{Deserialize, Deserializer};

use crate::api::shape::{Enumeration, enumeration};
use crate::value::{Binary, Item, MapRef, SetRef, ValueRef};

/// The name by which a serializer is told that a text is an exact decimal number.
const DECIMAL: &str = "Decimal";
/// The name by which a serializer is told that a text is a whole number, which a double may not hold.
const INTEGER: &str = "Integer";
/// The name by which a serializer is told that a list is a set.
const SET: &str = "Set";

/// Whole numbers up to this have an exact double, in every host: 2^53 - 1.
const SAFE_INTEGER: u64 = (1 << 53) - 1;

enumeration! {
    /// What numbers of items become. An item's number has up to 38 digits, which no binary number of a host holds.
    pub enum Numbers {
        /// The text that the item holds.
        Text = "text",
        /// An exact decimal number where the host has one (Python), else text.
        Decimal = "decimal",
        /// The nearest double.
        Float = "float",
        /// A whole number exactly, where the host can (in JSON up to 64 bits), anything else the nearest double.
        Native = "native",
    }
}

impl<'de> Deserialize<'de> for Numbers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Numbers, D::Error> {
        let name = String::deserialize(deserializer)?;
        Numbers::from_name(&name).ok_or_else(|| {
            let names: Vec<_> = Numbers::INFO.values.iter().map(|name| format!("`{name}`")).collect();
            serde::de::Error::custom(format!("numbers {name:?}; they are {}", names.join(", ")))
        })
    }
}

/// An item as plain values. Binary values are bytes, in JSON base64; sets are sets where the host has them, in JSON sorted lists; NULL is null.
#[derive(Clone, Debug)]
pub struct Plain {
    /// The item.
    pub item: Item,
    /// What its numbers become.
    pub numbers: Numbers,
}

impl Plain {
    /// As JSON.
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::to_value(self).expect("names are text, and numbers of items finite")
    }
}

impl Serialize for Plain {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        PlainMap(self.item.attributes(), self.numbers).serialize(serializer)
    }
}

/// One value as plain JSON.
pub fn plain_value(value: ValueRef<'_>, numbers: Numbers) -> serde_json::Value {
    serde_json::to_value(PlainValue(value, numbers)).expect("names are text, and numbers of items finite")
}

struct PlainMap<'a>(MapRef<'a>, Numbers);

impl Serialize for PlainMap<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in self.0.iter() {
            map.serialize_entry(name, &PlainValue(value, self.1))?;
        }
        map.end()
    }
}

struct PlainValue<'a>(ValueRef<'a>, Numbers);

impl Serialize for PlainValue<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let PlainValue(value, numbers) = *self;
        match value {
            ValueRef::S(text) => serializer.serialize_str(text),
            ValueRef::N(digits) => PlainNumber(digits, numbers).serialize(serializer),
            ValueRef::B(bytes) => Binary(bytes).serialize(serializer),
            ValueRef::Bool(value) => serializer.serialize_bool(value),
            ValueRef::Null => serializer.serialize_unit(),
            ValueRef::Ss(set) | ValueRef::Ns(set) | ValueRef::Bs(set) => {
                serializer.serialize_newtype_struct(SET, &PlainSet(value, set, numbers))
            }
            ValueRef::L(list) => {
                let mut seq = serializer.serialize_seq(Some(list.len()))?;
                for value in list.iter() {
                    seq.serialize_element(&PlainValue(value, numbers))?;
                }
                seq.end()
            }
            ValueRef::M(map) => PlainMap(map, numbers).serialize(serializer),
        }
    }
}

struct PlainSet<'a>(ValueRef<'a>, SetRef<'a>, Numbers);

impl Serialize for PlainSet<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let PlainSet(of, set, numbers) = *self;
        match of {
            ValueRef::Ns(_) => serializer.collect_seq(set.texts().map(|digits| PlainNumber(digits, numbers))),
            ValueRef::Bs(_) => serializer.collect_seq(set.members().map(Binary)),
            _ => serializer.collect_seq(set.texts()),
        }
    }
}

/// A number in the plain decimal spelling of items.
struct PlainNumber<'a>(&'a str, Numbers);

impl PlainNumber<'_> {
    fn double<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(
            self.0.parse().expect("numbers of items are decimal, and far below the largest double"),
        )
    }

    fn native<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.contains('.') {
            return self.double(serializer);
        }
        let is_exact = serializer.is_human_readable();
        match (self.0.parse::<i64>(), self.0.parse::<u64>()) {
            (Ok(number), _) if is_exact || number.unsigned_abs() <= SAFE_INTEGER => {
                serializer.serialize_i64(number)
            }
            (_, Ok(number)) if is_exact => serializer.serialize_u64(number),
            _ if is_exact => self.double(serializer),
            _ => serializer.serialize_newtype_struct(INTEGER, self.0),
        }
    }
}

impl Serialize for PlainNumber<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.1 {
            Numbers::Text => serializer.serialize_str(self.0),
            Numbers::Decimal => serializer.serialize_newtype_struct(DECIMAL, self.0),
            Numbers::Float => self.double(serializer),
            Numbers::Native => self.native(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn plain(item: &Value, numbers: Numbers) -> Value {
        Plain { item: Item::from_json(&item.to_string()).expect("an item"), numbers }.to_json()
    }

    #[test]
    fn every_type_has_its_plain_form() {
        let item = json!({
            "s": {"S": "text"}, "n": {"N": "1.50"}, "b": {"B": "AP8="}, "t": {"BOOL": true}, "z": {"NULL": true},
            "ss": {"SS": ["b", "a"]}, "ns": {"NS": ["10", "9"]}, "bs": {"BS": ["AQ==", "AA=="]},
            "l": {"L": [{"N": "1"}, {"M": {}}]}, "m": {"M": {"k": {"L": []}}},
        });
        let expected = json!({
            "s": "text", "n": 1.5, "b": "AP8=", "t": true, "z": null, "ss": ["a", "b"], "ns": [9, 10], "bs": ["AA==", "AQ=="],
            "l": [1, {}], "m": {"k": []},
        });
        assert_eq!(plain(&item, Numbers::Native), expected);
    }

    #[test]
    fn numbers_are_as_exact_as_was_asked() {
        let digits = "12345678901234567890123456789.123456789";
        let cases = [
            ("1", json!("1"), json!(1.0), json!(1)),
            (
                "-9223372036854775808",
                json!("-9223372036854775808"),
                json!(-9.223_372_036_854_776e18),
                json!(i64::MIN),
            ),
            (
                "18446744073709551615",
                json!("18446744073709551615"),
                json!(1.844_674_407_370_955_2e19),
                json!(u64::MAX),
            ),
            (
                "18446744073709551616",
                json!("18446744073709551616"),
                json!(1.844_674_407_370_955_2e19),
                json!(1.844_674_407_370_955_2e19),
            ),
            ("0.1", json!("0.1"), json!(0.1), json!(0.1)),
            (digits, json!(digits), json!(1.234_567_890_123_456_8e28), json!(1.234_567_890_123_456_8e28)),
        ];
        for (number, text, float, native) in cases {
            let item = json!({"n": {"N": number}});
            assert_eq!(plain(&item, Numbers::Text)["n"], text);
            assert_eq!(plain(&item, Numbers::Decimal)["n"], text, "JSON has no decimals");
            assert_eq!(plain(&item, Numbers::Float)["n"], float);
            assert_eq!(plain(&item, Numbers::Native)["n"], native);
        }
    }
}
