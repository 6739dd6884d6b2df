//! What must hold of any bytes at the places where a caller's text comes in. `fuzz/` plays these with cargo-fuzz for as long as one likes; the
//! tests below play them for a moment with texts that a seeded generator bends.

use std::collections::BTreeMap;

use crate::api::{BillingMode, CreateTableInput, ErrorCode};
use crate::database::Database;
use crate::expression::{ExpressionKind, Request, Texts};
use crate::options::OpenOptions;
use crate::pattern::{Operators, Pattern};
use crate::store::Sequence;
use crate::stream::{IteratorKey, Position, ShardId, Token};
use crate::value::{AttributeType, Checked, Item, Number, NumberError};

const ITEM: &str = r#"{"pk":{"S":"a"},"a":{"M":{"b":{"L":[{"N":"1"},{"S":"x"},{"M":{"c":{"N":"2"}}}]}}},"n":{"N":"5"},
    "s":{"S":"hello"},"ss":{"SS":["x","y"]},"l":{"L":[{"N":"1"},{"N":"2"}]},"z":{"NULL":true}}"#;
const VALUES: &str = r#"{":n":{"N":"1"},":m":{"N":"-2.5"},":s":{"S":"x"},":ss":{"SS":["x","z"]},":l":{"L":[{"N":"9"}]},
    ":t":{"S":"N"},":b":{"B":"YQ=="}}"#;

/// An expression: one byte for its kind, and its text. It is refused or does what its kind does, and never more.
pub fn expression(data: &[u8]) {
    let Some((kind, text)) = data.split_first() else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    let names: BTreeMap<String, String> = [("#a", "a"), ("#b", "b"), ("#s", "size")]
        .map(|(key, name)| (key.to_owned(), name.to_owned()))
        .into();
    let values: Checked<Item> = Item::from_json(VALUES).expect("an item").into();
    let item = Item::from_json(ITEM).expect("an item");
    let mut texts = Texts::default();
    match kind % 5 {
        0 => texts.condition = Some((ExpressionKind::Condition, text)),
        1 => texts.condition = Some((ExpressionKind::Filter, text)),
        2 => texts.key_condition = Some(text),
        3 => texts.update = Some(text),
        _ => texts.projection = Some(text),
    }
    let request = Request { texts, names: Some(&names), values: Some(&values) };
    let Ok(expressions) = request.parse() else { return };
    if let Some(condition) = expressions.condition {
        assert_eq!(condition.holds(&item), condition.holds(&item), "{text}");
        condition.holds(&Item::empty());
    }
    if let Some(keys) = expressions.key_condition {
        let _ = keys.resolve(&[("pk", AttributeType::S)], &[("n", AttributeType::N)]);
    }
    if let Some(update) = expressions.update {
        let Ok(new) = update.apply(&item) else { return };
        assert!(new.size() <= item.size() + 64 * text.len(), "an update makes nothing of nothing");
        let json = serde_json::to_string(&new).expect("items can be written");
        assert_eq!(Item::from_json(&json).expect("what an update makes is an item"), new, "{text}");
    }
    if let Some(projection) = expressions.projection {
        assert!(projection.apply(&item).size() <= item.size(), "{text}");
    }
}

/// Operations whose requests are played: what they do stays in the database.
const OPERATIONS: [&str; 14] = [
    "CreateTable",
    "DescribeTable",
    "UpdateTable",
    "DeleteTable",
    "ListTables",
    "PutItem",
    "GetItem",
    "UpdateItem",
    "DeleteItem",
    "Query",
    "Scan",
    "BatchWriteItem",
    "BatchGetItem",
    "GetRecords",
];

/// A request as JSON: one byte for the operation, and the body. It is answered or refused, in JSON, and no defect is met.
pub fn json_door(data: &[u8]) {
    let Some((operation, body)) = data.split_first() else { return };
    let operation = OPERATIONS[usize::from(*operation) % OPERATIONS.len()];
    let database = Database::memory(OpenOptions::deterministic()).expect("a database in memory");
    let key = r#"[{"AttributeName":"pk","KeyType":"HASH"}]"#;
    let definitions = r#"[{"AttributeName":"pk","AttributeType":"S"}]"#;
    let create = CreateTableInput {
        table_name: Some("Tab".to_owned()),
        key_schema: Some(serde_json::from_str(key).expect("a key")),
        attribute_definitions: Some(serde_json::from_str(definitions).expect("its definition")),
        billing_mode: Some(BillingMode::PayPerRequest.into()),
        ..CreateTableInput::default()
    };
    database.call(create).expect("a table");
    match database.call_json(operation, body) {
        Ok(answer) => drop(serde_json::from_slice::<serde_json::Value>(&answer).expect("answers are JSON")),
        Err(error) => assert_ne!(error.code(), ErrorCode::InternalServer, "{operation}: {error}"),
    }
}

/// Two numbers, apart by a comma. What can be read keeps its value, and order and arithmetic agree.
pub fn number(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (left, right) = text.split_once(',').unwrap_or((text, "1"));
    let (Some(left), Some(right)) = (one_number(left), one_number(right)) else { return };
    let mut keys = [Vec::new(), Vec::new()];
    left.write_key_bytes(&mut keys[0]);
    right.write_key_bytes(&mut keys[1]);
    assert_eq!(keys[0].cmp(&keys[1]), left.cmp(&right), "{text}");
    assert_eq!(left.checked_add(&right), right.checked_add(&left), "{text}");
    if let Ok(sum) = left.checked_add(&right) {
        assert_eq!(sum.checked_sub(&right).unwrap_or(left), left, "{text}");
        assert_eq!(sum.cmp(&left), right.cmp(&Number::ZERO), "{text}");
    }
}

fn one_number(text: &str) -> Option<Number> {
    match text.parse::<Number>() {
        Ok(number) => {
            let plain = number.to_string();
            assert_eq!(plain.parse::<Number>().as_ref(), Ok(&number), "{text}");
            assert!((1..=22).contains(&number.size()), "{text}");
            Some(number)
        }
        Err(NumberError::Malformed(told)) => {
            assert_eq!(told, text);
            None
        }
        Err(_) => None,
    }
}

/// A shard iterator: three bytes that change one that was sealed, or a text that never was. Only what was sealed opens.
pub fn iterator(data: &[u8]) {
    let key = IteratorKey(11, 12);
    let arn = "arn:aws:dynamodb:us-east-1:000000000000:table/Tab/stream/2026-01-01T00:00:00.000";
    let token = Token {
        shard: ShardId { created_at: 1_767_225_600_000, suffix: 7 },
        position: Position::At(Sequence(9)),
        reader: 3,
        issued_at: 1_767_225_600_000,
    };
    let sealed = key.seal(arn, &token);
    if let Ok(text) = std::str::from_utf8(data) {
        assert!(text == sealed || key.open(text, token.issued_at).is_err(), "{text}");
    }
    let [high, low, byte, ..] = data else { return };
    let mut changed = sealed.clone().into_bytes();
    let at = usize::from(u16::from_be_bytes([*high, *low])) % changed.len();
    changed[at] = *byte;
    let Ok(changed) = String::from_utf8(changed) else { return };
    match key.open(&changed, token.issued_at) {
        Ok((opened, read)) => assert_eq!((changed.as_str(), opened, read), (sealed.as_str(), arn, token)),
        Err(_) => assert_ne!(changed, sealed),
    }
}

/// A pattern of events: it is refused or matches one way, with all operators and with fewer, and no event takes long.
pub fn pattern(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let event = serde_json::json!({"a": {"b": ["x", {"c": 1, "d": ["y", null]}, {"c": 2}], "e": "10.0.3.7"}, "a.b": {"c": 3}, "f": true});
    match (Pattern::compile(text), Pattern::compile_with(text, Operators::Documented)) {
        (Ok(all), documented) => {
            let matched = all.matches((&event).into());
            if let Ok(documented) = documented {
                assert_eq!(documented.matches((&event).into()), matched, "{text}");
            }
        }
        (Err(error), documented) => {
            assert!(error.at <= text.chars().count(), "{error}");
            assert!(documented.is_err(), "{text}");
        }
    }
}

#[cfg(test)]
mod tests {
    use rand_xoshiro::SplitMix64;
    use rand_xoshiro::rand_core::{Rng, SeedableRng};

    use super::*;
    use crate::limits::ITEM_MAX_BYTES;

    /// Bends texts, from a seed.
    struct Bender {
        random: SplitMix64,
        texts: &'static [&'static str],
        pieces: &'static [&'static str],
    }

    impl Bender {
        fn below(&mut self, below: usize) -> usize {
            self.random.next_u64() as usize % below.max(1)
        }

        fn next(&mut self) -> Vec<u8> {
            let mut bytes = self.texts[self.below(self.texts.len())].as_bytes().to_vec();
            for _ in 0..self.below(6) {
                let (from, to) = (self.below(bytes.len() + 1), self.below(bytes.len() + 1));
                let (from, to) = (from.min(to), from.max(to).min(from.min(to) + 12));
                let piece = match self.below(4) {
                    0 => bytes[from..to].to_vec(),
                    1 => vec![self.below(256) as u8],
                    2 => Vec::new(),
                    _ => self.pieces[self.below(self.pieces.len())].as_bytes().to_vec(),
                };
                bytes.splice(from..to, piece);
            }
            bytes
        }
    }

    fn play(
        texts: &'static [&'static str],
        pieces: &'static [&'static str],
        times: usize,
        target: fn(&[u8]),
    ) {
        let mut bender = Bender { random: SplitMix64::seed_from_u64(1), texts, pieces };
        for _ in 0..times {
            let mut data = vec![bender.below(256) as u8];
            data.extend(bender.next());
            target(&data);
            target(&data[1..]);
        }
    }

    #[test]
    fn expressions() {
        play(
            &[
                "attribute_exists(a) AND (n > :n OR NOT contains(s, :s))",
                "n BETWEEN :m AND :n AND s IN (:s, :t)",
                "pk = :s AND begins_with(n, :s)",
                "SET a.b[0] = if_not_exists(q, :n) + :m, l = list_append(l, :l) REMOVE s ADD n :n DELETE ss :ss",
                "#a.#b[1], l[0], s",
                "size(#s) >= :n AND attribute_type(n, :t)",
            ],
            &[
                "(", ")", " AND ", " NOT ", "[0]", ".b", "#a", ":n", ":l", "SET ", "REMOVE ", ", ", "size(",
                "<>", " = ", "a",
            ],
            20_000,
            expression,
        );
    }

    #[test]
    fn requests() {
        play(
            &[
                r#"{"TableName":"Tab","Item":{"pk":{"S":"a"},"v":{"L":[{"N":"1"},{"BOOL":true}]}},"ReturnValues":"ALL_OLD"}"#,
                r#"{"TableName":"Tab","Key":{"pk":{"S":"a"}},"UpdateExpression":"SET v = :v","ExpressionAttributeValues":{":v":{"NS":["1","2"]}}}"#,
                r#"{"TableName":"Tab","KeyConditionExpression":"pk = :p","ExpressionAttributeValues":{":p":{"S":"a"}},"Limit":1}"#,
                r#"{"RequestItems":{"Tab":[{"PutRequest":{"Item":{"pk":{"S":"b"}}}}]},"ReturnConsumedCapacity":"TOTAL"}"#,
                r#"{"TableName":"Two","KeySchema":[{"AttributeName":"k","KeyType":"HASH"}],"AttributeDefinitions":[{"AttributeName":"k","AttributeType":"B"}]}"#,
                r#"{"TableName":"Tab","ScanFilter":{"v":{"ComparisonOperator":"IN","AttributeValueList":[{"S":"x"}]}},"Segment":0,"TotalSegments":2}"#,
            ],
            &[
                "{",
                "}",
                "[",
                "]",
                "\"",
                ":",
                ",",
                "null",
                "1e400",
                "\\u0000",
                "{\"S\":\"\"}",
                "\"M\"",
                "true",
                "-1",
            ],
            1_500,
            json_door,
        );
    }

    #[test]
    fn numbers() {
        play(
            &[
                "1,2",
                "-0.001,1e-130",
                "9.99e125,1",
                "123456789012345678901234567890,0.5",
                "0e5,-0",
                "1E+38,-1",
                "5",
            ],
            &["0", "9", "e", "-", ".", ",", "1e", "E-", "00000000", "99999999999999999999"],
            40_000,
            number,
        );
    }

    #[test]
    fn patterns() {
        play(
            &[
                r#"{"a":{"b":["x",{"prefix":"y"}]},"f":[true,null,{"exists":false}]}"#,
                r#"{"a":{"b":{"c":[{"numeric":[">",0,"<=",5]}],"d":[{"anything-but":["z"]}]}}}"#,
                r#"{"$or":[{"f":[true]},{"a.b":{"c":[3.0]}}],"a":{"e":[{"cidr":"10.0.0.0/8"}]}}"#,
                r#"{"a":{"e":[{"wildcard":"10.*\\*"},{"suffix":{"equals-ignore-case":".7"}},{"anything-but":{"prefix":"9"}}]}}"#,
            ],
            &[
                "{",
                "}",
                "[",
                "]",
                "\"",
                ":",
                ",",
                "\"$or\":[",
                ".",
                "*",
                "\\u00e9",
                "9007199254740993",
                "-0",
                "1e400",
                "{\"exists\":true}",
            ],
            20_000,
            pattern,
        );
    }

    #[test]
    fn iterators() {
        play(
            &[
                "arn:aws:dynamodb:us-east-1:000000000000:table/Tab/stream/2026-01-01T00:00:00.000|1|AAAAAAAAAAAB",
                "|1|",
                "",
            ],
            &["|", "1", "A", "==", "/", "arn:"],
            20_000,
            iterator,
        );
    }

    #[test]
    fn items_stay_within_their_limit() {
        // What the targets hold true is worth something only if their item is a sound one.
        assert!(Item::from_json(ITEM).expect("an item").size() < ITEM_MAX_BYTES);
    }
}
