//! Secondary indexes: Query and Scan show what a plain list of the items does, and a check sees an entry that is not as its item.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Map, Value, json};

use super::{below, options};
use crate::database::Database;
use crate::database::simulated::SimulatedKeeping;
use crate::engine::Call;
use crate::entropy::Entropy;
use crate::inspection::verify;
use crate::store::{BaseRow, Batch, RowChange, Scratch, SimDisk};
use crate::table::{Space, Table};
use crate::transaction::key_of;
use crate::value::key::RowKey;
use crate::value::{Item, ValueRef};

const TABLE: &str = "Orders";
const KEEPING: SimulatedKeeping = SimulatedKeeping { checkpoint_bytes: 32 * 1024, background: false };
/// Attributes of keys and their types.
const KINDS: [(&str, &str); 6] = [("pk", "S"), ("sk", "S"), ("g", "S"), ("k", "B"), ("n", "N"), ("t", "S")];

/// What reads a table: itself or an index.
struct Source {
    name: Option<&'static str>,
    hash: &'static [&'static str],
    range: &'static [&'static str],
    /// What is shown beside the keys; none for all.
    shown: Option<&'static [&'static str]>,
}

const SOURCES: [Source; 5] = [
    Source { name: None, hash: &["pk"], range: &["sk"], shown: None },
    Source { name: Some("by-g"), hash: &["g"], range: &["n"], shown: Some(&["x"]) },
    Source { name: Some("several"), hash: &["g", "k"], range: &["n", "t"], shown: None },
    Source { name: Some("local"), hash: &["pk"], range: &["n"], shown: Some(&[]) },
    Source { name: Some("late"), hash: &["k"], range: &["t"], shown: None },
];

impl Source {
    fn definition(&self) -> Value {
        let element = |name: &&str, kind: &str| json!({"AttributeName": name, "KeyType": kind});
        let hash = self.hash.iter().map(|name| element(name, "HASH"));
        let keys: Vec<Value> = hash.chain(self.range.iter().map(|name| element(name, "RANGE"))).collect();
        let projection = match self.shown {
            None => json!({"ProjectionType": "ALL"}),
            Some([]) => json!({"ProjectionType": "KEYS_ONLY"}),
            Some(names) => json!({"ProjectionType": "INCLUDE", "NonKeyAttributes": names}),
        };
        json!({"IndexName": self.name, "KeySchema": keys, "Projection": projection})
    }

    fn keys(&self) -> impl Iterator<Item = &'static str> {
        self.hash.iter().chain(self.range).copied()
    }

    /// What is shown of an item; none where it is not there.
    fn entry(&self, item: &Map<String, Value>) -> Option<Map<String, Value>> {
        if !self.keys().all(|name| item.contains_key(name)) {
            return None;
        }
        let Some(names) = self.shown else { return Some(item.clone()) };
        let is_shown = |name: &str| {
            ["pk", "sk"].contains(&name) || self.keys().any(|key| key == name) || names.contains(&name)
        };
        Some(item.iter().filter(|(name, _)| is_shown(name)).map(|(n, v)| (n.clone(), v.clone())).collect())
    }

    fn shows(&self, attribute: &str) -> bool {
        self.shown.is_none_or(|names| names.contains(&attribute))
    }

    fn order(&self, a: &Value, b: &Value) -> Ordering {
        let differ = |name: &&&str| compare(&a[**name], &b[**name]) != Ordering::Equal;
        self.range.iter().find(differ).map_or(Ordering::Equal, |name| compare(&a[*name], &b[*name]))
    }
}

/// What orders a value: whole numbers by themselves, strings and binaries by their bytes.
fn rank(value: &Value) -> (i64, Vec<u8>) {
    let text = |kind: &str| value[kind].as_str();
    match (text("N"), text("B"), text("S")) {
        (Some(number), _, _) => (number.parse().expect("a number"), Vec::new()),
        (_, Some(bytes), _) => (0, BASE64.decode(bytes).expect("base64")),
        (.., text) => (0, text.expect("a key").as_bytes().to_vec()),
    }
}

fn compare(a: &Value, b: &Value) -> Ordering {
    rank(a).cmp(&rank(b))
}

fn definitions(names: &[&str]) -> Value {
    let used = KINDS.iter().filter(|(name, _)| names.contains(name));
    used.map(|(name, kind)| json!({"AttributeName": name, "AttributeType": kind})).collect()
}

/// A value out of few, so that items share keys and some are the beginning of others.
fn value(random: &Entropy, name: &str) -> Value {
    match name {
        "n" => json!({"N": (below(random, 6) as i64 - 2).to_string()}),
        "sk" => json!({"S": format!("s{}", below(random, 12))}),
        "k" => {
            let bytes: [&[u8]; 6] = [b"a", b"a\0", b"ab", b"\xFF", b"\xFF\xFF", b"\0"];
            json!({"B": BASE64.encode(bytes[below(random, 6) as usize])})
        }
        _ => {
            let texts = ["a", "a\u{0}", "ab", "b", "é"];
            json!({"S": texts[below(random, 5) as usize]})
        }
    }
}

/// A database and the list of its items.
struct Model {
    db: Database,
    items: BTreeMap<(String, String), Map<String, Value>>,
    has_late: bool,
}

fn call(db: &Database, operation: &str, input: &Value) -> Value {
    let answer = db.call_json(operation, input.to_string().as_bytes());
    let answer = answer.unwrap_or_else(|error| panic!("{operation} {input}: {error}"));
    serde_json::from_slice(&answer).expect("an answer is JSON")
}

fn sorted(entries: impl IntoIterator<Item = Value>) -> Vec<String> {
    let mut entries: Vec<String> = entries.into_iter().map(|entry| entry.to_string()).collect();
    entries.sort_unstable();
    entries
}

impl Model {
    fn new(db: Database) -> Model {
        let create = json!({
            "TableName": TABLE, "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": definitions(&["pk", "sk", "g", "k", "n", "t"]),
            "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            "GlobalSecondaryIndexes": [SOURCES[1].definition(), SOURCES[2].definition()],
            "LocalSecondaryIndexes": [SOURCES[3].definition()],
        });
        call(&db, "CreateTable", &create);
        Model { db, items: BTreeMap::new(), has_late: false }
    }

    fn write(&mut self, random: &Entropy) {
        let (pk, sk) = (value(random, "pk"), value(random, "sk"));
        let key = json!({"pk": pk, "sk": sk});
        let id = (pk["S"].to_string(), sk["S"].to_string());
        let mut given = Map::new();
        for name in ["g", "k", "n", "t", "x", "y"] {
            if below(random, 4) > 0 {
                given.insert(name.into(), value(random, name));
            }
        }
        match below(random, 6) {
            0 => {
                call(&self.db, "DeleteItem", &json!({"TableName": TABLE, "Key": key}));
                self.items.remove(&id);
            }
            1 | 2 => {
                let mut updates = Map::new();
                let mut item =
                    self.items.get(&id).cloned().unwrap_or_else(|| key.as_object().expect("a key").clone());
                for (name, value) in given {
                    if below(random, 4) == 0 {
                        item.remove(&name);
                        updates.insert(name, json!({"Action": "DELETE"}));
                    } else {
                        item.insert(name.clone(), value.clone());
                        updates.insert(name, json!({"Action": "PUT", "Value": value}));
                    }
                }
                // What only takes attributes away makes no item.
                let makes = updates.is_empty() || updates.values().any(|update| update["Action"] == "PUT");
                if makes || self.items.contains_key(&id) {
                    self.items.insert(id, item);
                }
                let input = json!({"TableName": TABLE, "Key": key, "AttributeUpdates": updates});
                call(&self.db, "UpdateItem", &input);
            }
            _ => {
                given.extend(key.as_object().expect("a key").clone());
                call(&self.db, "PutItem", &json!({"TableName": TABLE, "Item": given}));
                self.items.insert(id, given);
            }
        }
    }

    /// Makes or deletes the index that is not always there.
    fn turn_late(&mut self) {
        let action = match self.has_late {
            true => json!({"Delete": {"IndexName": "late"}}),
            false => json!({"Create": SOURCES[4].definition()}),
        };
        let input = json!({"TableName": TABLE, "AttributeDefinitions": definitions(&["k", "t"]), "GlobalSecondaryIndexUpdates": [action]});
        call(&self.db, "UpdateTable", &input);
        self.has_late = !self.has_late;
    }

    /// Reads all pages, each of at most `limit` items that are looked at.
    fn pages(&self, operation: &str, input: &Value, limit: u64) -> Vec<Value> {
        let mut input = input.clone();
        input["Limit"] = limit.into();
        let mut entries = Vec::new();
        loop {
            let page = call(&self.db, operation, &input);
            let items = page["Items"].as_array().expect("items");
            let scanned = page["ScannedCount"].as_u64().expect("a count");
            assert!(
                items.len() as u64 <= scanned && scanned <= limit && page["Count"] == items.len(),
                "{page}"
            );
            entries.extend(items.iter().cloned());
            if page["LastEvaluatedKey"].is_null() {
                return entries;
            }
            assert_eq!(scanned, limit, "no page is smaller for nothing: {page}");
            input["ExclusiveStartKey"] = page["LastEvaluatedKey"].clone();
        }
    }

    /// Reads all pages of a statement.
    fn statement(&self, statement: &str, values: &[Value], limit: u64) -> Vec<Value> {
        let mut input = json!({"Statement": statement, "Parameters": values, "Limit": limit});
        let mut entries = Vec::new();
        loop {
            let page = call(&self.db, "ExecuteStatement", &input);
            entries.extend(page["Items"].as_array().expect("items").iter().cloned());
            if page["NextToken"].is_null() {
                return entries;
            }
            input["NextToken"] = page["NextToken"].clone();
        }
    }

    /// Reads one partition of a source by some condition, by a Query and by a statement; returns how many items are there.
    fn query(&self, random: &Entropy, source: &Source) -> usize {
        let mut expected: Vec<Value> =
            self.items.values().filter_map(|item| source.entry(item)).map(Value::Object).collect();
        let terms = terms(random, source);
        for Term { name, operator, values } in &terms {
            expected.retain(|entry| holds(&entry[*name], operator, values));
        }
        let is_forward = below(random, 2) == 0;
        let (expression, names, values) = expression_of(&terms);
        let mut input = json!({
            "TableName": TABLE, "ScanIndexForward": is_forward, "KeyConditionExpression": expression,
            "ExpressionAttributeNames": names, "ExpressionAttributeValues": values,
        });
        if let Some(name) = source.name {
            input["IndexName"] = name.into();
        }
        let is_filtered = source.shows("x") && below(random, 3) == 0;
        if is_filtered {
            expected.retain(|entry| !entry["x"].is_null());
            input["FilterExpression"] = "attribute_exists(x)".into();
        }
        let shown = self.pages("Query", &input, 1_000);
        assert_eq!(sorted(shown.clone()), sorted(expected), "{input}");
        let wrong = if is_forward { Ordering::Greater } else { Ordering::Less };
        assert!(shown.windows(2).all(|pair| source.order(&pair[0], &pair[1]) != wrong), "{input}: {shown:?}");
        assert_eq!(self.pages("Query", &input, 1 + below(random, 4)), shown, "{input}");
        if source.hash.len() == 1 && source.range.len() == 1 {
            let (mut statement, values) = statement_of(source, &terms);
            if is_filtered {
                statement += " AND attribute_exists(x)";
            }
            statement +=
                &format!(" ORDER BY {} {}", source.range[0], if is_forward { "ASC" } else { "DESC" });
            let answered = self.statement(&statement, &values, 1 + below(random, 5));
            assert_eq!(answered, shown, "{statement} {values:?}");
        }
        shown.len()
    }

    fn scan(&self, random: &Entropy, source: &Source) {
        let mut input = json!({"TableName": TABLE});
        if let Some(name) = source.name {
            input["IndexName"] = name.into();
        }
        let expected = self.items.values().filter_map(|item| source.entry(item)).map(Value::Object);
        let shown = self.pages("Scan", &input, 1 + below(random, 20));
        assert_eq!(sorted(shown.clone()), sorted(expected), "{input}");
        let segments = 1 + below(random, 4);
        input["TotalSegments"] = segments.into();
        let mut parts = Vec::new();
        for segment in 0..segments {
            input["Segment"] = segment.into();
            parts.extend(self.pages("Scan", &input, 7));
        }
        assert_eq!(sorted(parts), sorted(shown));
    }

    /// Reads something of everything; returns how many items queries have found.
    fn check(&self, random: &Entropy) -> usize {
        let sources = &SOURCES[..if self.has_late { 5 } else { 4 }];
        let mut found = 0;
        for source in sources {
            found += (0..4).map(|_| self.query(random, source)).sum::<usize>();
            self.scan(random, source);
        }
        found
    }
}

/// A condition on an attribute of a key.
struct Term {
    name: &'static str,
    operator: &'static str,
    values: Vec<Value>,
}

/// Conditions on the key of a source: all of its partition, and a front of its order.
fn terms(random: &Entropy, source: &Source) -> Vec<Term> {
    let equal = below(random, source.range.len() as u64 + 1) as usize;
    let whole = source.hash.iter().chain(&source.range[..equal]);
    let mut terms: Vec<Term> =
        whole.map(|name| Term { name, operator: "=", values: vec![value(random, name)] }).collect();
    if let Some(name) = source.range.get(equal) {
        let mut two = [value(random, name), value(random, name)];
        two.sort_by(compare);
        let [low, high] = two;
        let (operator, values) = match below(random, 7) {
            0 => ("<", vec![low]),
            1 => ("<=", vec![low]),
            2 => (">", vec![low]),
            3 => (">=", vec![low]),
            4 => ("BETWEEN", vec![low, high]),
            5 if *name != "n" => ("begins_with", vec![low]),
            _ => return terms,
        };
        terms.push(Term { name, operator, values });
    }
    terms
}

fn holds(value: &Value, operator: &str, operands: &[Value]) -> bool {
    let order = compare(value, &operands[0]);
    match operator {
        "=" => order.is_eq(),
        "<" => order.is_lt(),
        "<=" => order.is_le(),
        ">" => order.is_gt(),
        ">=" => order.is_ge(),
        "BETWEEN" => order.is_ge() && compare(value, &operands[1]).is_le(),
        "begins_with" => rank(value).1.starts_with(&rank(&operands[0]).1),
        _ => unreachable!("no other is made"),
    }
}

/// The text of a condition, given how its attribute and its values are written.
fn written(operator: &str, name: &str, value: impl Fn(usize) -> String) -> String {
    match operator {
        "BETWEEN" => format!("{name} BETWEEN {} AND {}", value(0), value(1)),
        "begins_with" => format!("begins_with({name}, {})", value(0)),
        _ => format!("{name} {operator} {}", value(0)),
    }
}

/// Conditions as an expression, its names and its values.
fn expression_of(terms: &[Term]) -> (String, Value, Value) {
    let (mut parts, mut names, mut placed) = (Vec::new(), Map::new(), Map::new());
    for Term { name, operator, values } in terms {
        names.insert(format!("#{name}"), json!(name));
        for (at, value) in values.iter().enumerate() {
            placed.insert(format!(":{name}{at}"), value.clone());
        }
        parts.push(written(operator, &format!("#{name}"), |at| format!(":{name}{at}")));
    }
    (parts.join(" AND "), Value::Object(names), Value::Object(placed))
}

/// Conditions as a statement, and its parameters.
fn statement_of(source: &Source, terms: &[Term]) -> (String, Vec<Value>) {
    let parts: Vec<String> =
        terms.iter().map(|term| written(term.operator, term.name, |_| "?".into())).collect();
    let index = source.name.map_or(String::new(), |name| format!(".\"{name}\""));
    let values = terms.iter().flat_map(|term| term.values.clone()).collect();
    (format!("SELECT * FROM \"{TABLE}\"{index} WHERE {}", parts.join(" AND ")), values)
}

#[test]
fn indexes_show_what_a_plain_list_of_the_items_does() {
    let mut found = 0;
    for seed in 0..6 {
        let mut model = Model::new(Database::memory(options(3)).expect("sound options"));
        let random = Entropy::seeded(seed);
        for round in 0..12 {
            (0..25).for_each(|_| model.write(&random));
            if round % 3 == 1 {
                model.turn_late();
            }
            found += model.check(&random);
        }
    }
    assert!(found > 500, "queries found {found} items");
}

#[test]
fn indexes_are_whole_after_a_lost_process() {
    for seed in 0..3 {
        let mut disk = SimDisk::new(seed);
        let random = Entropy::seeded(seed);
        let mut model = Model::new(Database::simulated(&disk, options(2), KEEPING).expect("a new database"));
        for round in 0..6 {
            (0..25).for_each(|_| model.write(&random));
            if round % 2 == 1 {
                model.turn_late();
            }
            let left = disk.crash(&mut || random.next());
            let Model { db, items, has_late } = model;
            drop(db);
            disk = left;
            let db = Database::simulated(&disk, options(2), KEEPING).expect("what is left opens");
            model = Model { db, items, has_late };
            model.check(&random);
        }
    }
}

/// What a check finds wrong with a database in a directory, on which something was done.
fn findings(work: &dyn Fn(Model) -> Database) -> Vec<String> {
    let scratch = Scratch::new("entries");
    let path = scratch.path().join("data");
    let db = work(Model::new(Database::open(&path, options(2)).expect("a new database")));
    db.close().expect("a sound disk");
    let report = verify(&path, &mut |_| {}).expect("it can be looked at");
    report.findings.iter().map(ToString::to_string).collect()
}

#[test]
fn a_check_finds_nothing_wrong_with_what_writes_have_left() {
    let found = findings(&|mut model| {
        let random = Entropy::seeded(9);
        for _ in 0..4 {
            (0..40).for_each(|_| model.write(&random));
            model.turn_late();
        }
        model.db
    });
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn a_check_compares_entries_with_items() {
    let harmed = |harm: fn(&Call<'_>, &Table, &Item) -> Vec<RowChange>| {
        findings(&|model| {
            let item = json!({"pk": {"S": "p"}, "sk": {"S": "s"}, "g": {"S": "a"}, "n": {"N": "1"}});
            call(&model.db, "PutItem", &json!({"TableName": TABLE, "Item": item}));
            let engine = model.db.engine();
            let call = Call::new(&engine);
            let table = call.catalog.for_data(TABLE, call.now()).expect("a table");
            let row = RowKey::new(ValueRef::S("p"), Some(ValueRef::S("s")));
            let item = call.store.get(table.id, &row).expect("readable").expect("it was put");
            let rows = harm(&call, &table, &item).into();
            call.store.commit(Batch { rows, ..Batch::default() }).expect("a sound disk");
            model.db.clone()
        })
    };
    let missing = harmed(|_, table, item| vec![entry_change(table, item, true)]);
    assert!(
        missing.iter().any(|what| what.contains("index by-g of table Orders: 0 entries, but 1")),
        "{missing:?}"
    );
    let twice = harmed(|_, table, item| vec![entry_change(table, item, false)]);
    assert!(twice.iter().any(|what| what.contains("not where its item belongs")), "{twice:?}");
    let resized = harmed(|call, table, item| {
        let spaces = table.spaces();
        let sizes = spaces.iter().find(|space| space.is_sizes).expect("there is a local index");
        let key = key_of(sizes, item);
        let before = call.store.get(sizes.id, &key).expect("readable");
        vec![RowChange { table: sizes.id, key, before, after: None, of: None }]
    });
    assert!(resized.iter().any(|what| what.contains("sizes of 1 item collections are wrong")), "{resized:?}");
}

/// Takes the item's entry out of an index, or puts another one where none belongs.
fn entry_change(table: &Table, item: &Item, takes: bool) -> RowChange {
    let spaces = table.spaces();
    let is_by_g = |space: &&Arc<Space>| space.index.as_ref().is_some_and(|index| index.name == "by-g");
    let space = spaces.iter().find(is_by_g).expect("the index has a space");
    let row = table.schema.row_key(item).expect("a key");
    let of = Some(BaseRow::new(table.id, &row));
    let (key, before, after) = match takes {
        true => (space.definition.place(item, &row).expect("it has its key"), Some(item.clone()), None),
        false => (RowKey::derived(&[ValueRef::S("other")], &[], &row), None, Some(item.clone())),
    };
    RowChange { table: space.id, key, before, after, of }
}
