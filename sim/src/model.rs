//! What a table must hold after each write, worked out without the store: a few attributes in plain Rust.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::random::Random;

/// Key of an item: partition key and, in tables that have one, sort key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    pub partition: String,
    pub sort: Option<i64>,
}

impl Key {
    /// As the store takes it.
    pub fn json(&self) -> Value {
        match self.sort {
            None => json!({"pk": {"S": self.partition}}),
            Some(sort) => json!({"pk": {"S": self.partition}, "sk": {"N": sort.to_string()}}),
        }
    }
}

/// What the records of a stream show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    KeysOnly,
    NewImage,
    OldImage,
    NewAndOldImages,
}

impl View {
    pub const ALL: [View; 4] = [View::NewAndOldImages, View::NewImage, View::OldImage, View::KeysOnly];

    /// One of the four.
    pub fn draw(random: &mut Random) -> View {
        View::ALL[random.below(View::ALL.len() as u64) as usize]
    }

    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            View::KeysOnly => "KEYS_ONLY",
            View::NewImage => "NEW_IMAGE",
            View::OldImage => "OLD_IMAGE",
            View::NewAndOldImages => "NEW_AND_OLD_IMAGES",
        }
    }

    /// Whether records show the item as it was.
    pub fn has_old(self) -> bool {
        matches!(self, View::OldImage | View::NewAndOldImages)
    }

    /// Whether records show the item as it became.
    pub fn has_new(self) -> bool {
        matches!(self, View::NewImage | View::NewAndOldImages)
    }
}

/// The attribute that says when an item expires.
pub const EXPIRY: &str = "expires";

/// The other attributes of an item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    pub count: Option<i64>,
    pub text: Option<String>,
    pub tags: BTreeSet<String>,
    /// When it expires, epoch seconds.
    pub expires: Option<u64>,
}

impl Contents {
    /// The first millisecond at which it is not there any more.
    pub fn gone_at(&self) -> Option<u64> {
        self.expires.map(|seconds| seconds * 1000 + 1)
    }

    /// The whole item as the store shows it.
    pub fn image(&self, key: &Key) -> Value {
        let Value::Object(mut image) = key.json() else { unreachable!("a key is a map") };
        self.write(&mut image, |tags| tags.iter().cloned().collect());
        Value::Object(image)
    }

    /// The whole item written in another way that means the same: a number with trailing zeros, a set in another order.
    pub fn disguised(&self, key: &Key) -> Value {
        let Value::Object(mut image) = key.json() else { unreachable!("a key is a map") };
        self.write(&mut image, |tags| tags.iter().rev().cloned().collect());
        if let Some(count) = self.count {
            image.insert("count".to_owned(), json!({"N": format!("{count}.00")}));
        }
        Value::Object(image)
    }

    fn write(&self, image: &mut Map<String, Value>, order: impl Fn(&BTreeSet<String>) -> Vec<String>) {
        if let Some(count) = self.count {
            image.insert("count".to_owned(), json!({"N": count.to_string()}));
        }
        if let Some(text) = &self.text {
            image.insert("text".to_owned(), json!({"M": {"value": {"S": text}, "empty": {"L": []}}}));
        }
        if let Some(seconds) = self.expires {
            image.insert(EXPIRY.to_owned(), json!({"N": seconds.to_string()}));
        }
        if !self.tags.is_empty() {
            image.insert("tags".to_owned(), json!({"SS": order(&self.tags)}));
        }
    }
}

/// One change that must have left exactly one record.
#[derive(Clone, Debug)]
pub struct Change {
    /// The time of the write, epoch milliseconds.
    pub at: u64,
    pub before: Option<Value>,
    pub after: Option<Value>,
}

/// A table as it must be, and what its present stream must hold.
#[derive(Clone, Debug, Default)]
pub struct Model {
    pub items: BTreeMap<Key, Contents>,
    /// The changes of each key since the stream was enabled, in order. Nothing while there is no stream.
    pub changes: BTreeMap<Key, Vec<Change>>,
}

impl Model {
    /// Notes that an item became `after`; says whether that is a change.
    pub fn set(&mut self, key: &Key, after: Option<Contents>, at: u64, has_stream: bool) -> bool {
        let before = self.items.get(key).cloned();
        if before == after {
            return false;
        }
        if has_stream {
            let image = |contents: &Option<Contents>| contents.as_ref().map(|c| c.image(key));
            let change = Change { at, before: image(&before), after: image(&after) };
            self.changes.entry(key.clone()).or_default().push(change);
        }
        match after {
            Some(contents) => self.items.insert(key.clone(), contents),
            None => self.items.remove(key),
        };
        true
    }

    /// Notes what has expired until a moment, each item at its own.
    pub fn expire(&mut self, now: u64, has_stream: bool) {
        let due = |contents: &Contents| contents.gone_at().filter(|at| *at <= now);
        let gone: Vec<(Key, u64)> =
            self.items.iter().filter_map(|(key, contents)| Some((key.clone(), due(contents)?))).collect();
        for (key, at) in gone {
            self.set(&key, None, at, has_stream);
        }
    }

    /// Takes over the keys of another model, which has none of ours.
    pub fn absorb(&mut self, other: Model) {
        self.items.extend(other.items);
        self.changes.extend(other.changes);
    }
}

/// A table and what must be true of it.
#[derive(Clone, Debug)]
pub struct Table {
    pub name: String,
    pub has_sort_key: bool,
    /// What the records of its present stream show, or of the one it last had.
    pub view: View,
    /// Stream that takes the changes now.
    pub stream: Option<String>,
    pub model: Model,
    /// Streams that were disabled: ARN, and the changes each must show until they are too old.
    pub closed: Vec<ClosedStream>,
}

/// A stream that takes no more changes.
#[derive(Clone, Debug)]
pub struct ClosedStream {
    pub arn: String,
    pub closed_at: u64,
    pub view: View,
    pub model: Model,
}
