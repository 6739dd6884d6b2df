//! Random writes as data: what to call, what must come of it. Whoever plays them, here or in another process, they are the same.

use serde_json::{Value, json};
use streamtable::ErrorCode;

use crate::model::{Contents, Key};
use crate::random::Random;

/// How much the items hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sizes {
    /// A few bytes: collisions and writes that change nothing are frequent.
    Tiny,
    /// Mostly some hundred bytes, now and then pages of text.
    Mixed,
    /// Up to the 400 KB an item may have.
    Large,
}

/// A write that was drawn and not yet made.
#[derive(Clone, Debug)]
pub struct Write {
    pub operation: &'static str,
    pub input: Value,
    /// The item after it; as before where its condition is false.
    pub after: Option<Contents>,
    /// Whether its condition is false.
    pub refused: bool,
}

impl Write {
    /// What a caller hears: `ok`, or the name of the error.
    pub fn outcome(&self) -> &'static str {
        if self.refused { ErrorCode::ConditionalCheckFailed.name() } else { "ok" }
    }

    /// The write as an action of a transaction.
    pub fn action(&self) -> Value {
        let name = self.operation.strip_suffix("Item").expect("it writes an item");
        json!({ name: self.input })
    }
}

/// A key of the few that belong to a writer: with one writer for a key, the order of its changes is known.
pub fn draw_key(writer: usize, has_sort_key: bool, random: &mut Random) -> Key {
    let partition = format!("writer-{writer}-{}", random.below(5));
    let sort = has_sort_key.then(|| random.below(3) as i64);
    Key { partition, sort }
}

/// Draws a write to an item that is `before` now.
pub fn draw_write(
    table: &str,
    key: &Key,
    before: Option<&Contents>,
    sizes: Sizes,
    random: &mut Random,
) -> Write {
    let put = |contents: Contents| Write {
        operation: "PutItem",
        input: json!({"TableName": table, "Item": contents.image(key)}),
        after: Some(contents),
        refused: false,
    };
    match (random.below(9), before) {
        // The same item again, written differently: no change.
        (2, Some(contents)) => {
            let input = json!({"TableName": table, "Item": contents.disguised(key)});
            Write { operation: "PutItem", input, after: before.cloned(), refused: false }
        }
        (0..=2, _) => put(draw_contents(sizes, random)),
        (7, _) => Write {
            operation: "DeleteItem",
            input: json!({"TableName": table, "Key": key.json()}),
            after: None,
            refused: false,
        },
        // A condition that is false: nothing happens.
        (8, _) => {
            let condition =
                if before.is_some() { "attribute_not_exists(pk)" } else { "attribute_exists(pk)" };
            let item = draw_contents(sizes, random).image(key);
            let input = json!({"TableName": table, "Item": item, "ConditionExpression": condition});
            Write { operation: "PutItem", input, after: before.cloned(), refused: true }
        }
        (update, _) => draw_update(table, key, before, update, random),
    }
}

fn draw_update(table: &str, key: &Key, before: Option<&Contents>, which: u64, random: &mut Random) -> Write {
    let mut after = before.cloned();
    let (expression, values) = match which {
        3 => {
            let count = random.below(4) as i64;
            after.get_or_insert_default().count = Some(count);
            ("SET #count = :c", json!({":c": {"N": count.to_string()}}))
        }
        4 => {
            let by = random.below(3) as i64 - 1;
            let contents = after.get_or_insert_default();
            contents.count = Some(contents.count.unwrap_or(0) + by);
            ("ADD #count :by", json!({":by": {"N": by.to_string()}}))
        }
        // Removing from an item that is not there does not make one.
        5 => {
            if let Some(contents) = &mut after {
                contents.text = None;
            }
            ("REMOVE #text", Value::Null)
        }
        _ => {
            let tag = format!("tag-{}", random.below(3));
            let values = json!({":t": {"SS": [tag]}});
            if random.chance(60) {
                after.get_or_insert_default().tags.insert(tag);
                ("ADD #tags :t", values)
            } else {
                if let Some(contents) = &mut after {
                    contents.tags.remove(&tag);
                }
                ("DELETE #tags :t", values)
            }
        }
    };
    let mut input = json!({"TableName": table, "Key": key.json(), "UpdateExpression": expression});
    if !values.is_null() {
        input["ExpressionAttributeValues"] = values;
    }
    for (placeholder, name) in [("#count", "count"), ("#text", "text"), ("#tags", "tags")] {
        if expression.contains(placeholder) {
            input["ExpressionAttributeNames"] = json!({ placeholder: name });
        }
    }
    Write { operation: "UpdateItem", input, after, refused: false }
}

fn draw_contents(sizes: Sizes, random: &mut Random) -> Contents {
    let some = |random: &mut Random| random.chance(60);
    Contents {
        count: some(random).then(|| random.below(4) as i64),
        text: some(random).then(|| draw_text(sizes, random)),
        tags: (0..random.below(3)).map(|n| format!("tag-{n}")).collect(),
        expires: None,
    }
}

fn draw_text(sizes: Sizes, random: &mut Random) -> String {
    let bytes = match sizes {
        Sizes::Tiny => return "x".repeat(random.below(3) as usize),
        Sizes::Mixed if random.chance(90) => random.below(400),
        Sizes::Mixed => random.below(20_000),
        Sizes::Large => 50_000 + random.below(350_000 - 400),
    } as usize;
    // No two texts are alike anywhere: a piece of another item in the place of this one is noticed.
    let mut text = String::with_capacity(bytes + 20);
    let (name, mut piece) = (random.draw(), 0_u64);
    while text.len() < bytes {
        text.push_str(&format!("{name:016x}.{piece:x} "));
        piece += 1;
    }
    text.truncate(bytes);
    text
}
