//! Statements against the operations they stand for: two databases of the same seed, one asked in statements, the other in expressions, give the
//! same answers, hold the same items and have the same records, whatever is asked.

use serde_json::{Map, Value, json};

use super::{below, options};
use crate::database::Database;
use crate::entropy::Entropy;

/// A part of a request in both languages, and the values it names.
struct Both {
    statement: String,
    expression: String,
    values: Vec<Value>,
}

impl Both {
    fn new(statement: impl Into<String>, expression: impl Into<String>) -> Both {
        Both { statement: statement.into(), expression: expression.into(), values: Vec::new() }
    }

    /// Parts side by side. `{}` stands for them, in their order.
    fn of(statement: &str, expression: &str, parts: Vec<Both>) -> Both {
        let mut whole = Both::new(statement, expression);
        for part in parts {
            whole.statement = whole.statement.replacen("{}", &part.statement, 1);
            whole.expression = whole.expression.replacen("{}", &part.expression, 1);
            whole.values.extend(part.values);
        }
        whole
    }
}

/// Makes requests. Values have names of their own, `:v0`, `:v1`, in the order in which they were made.
struct Requests {
    random: Entropy,
    made: u64,
}

impl Requests {
    fn below(&self, end: usize) -> usize {
        usize::try_from(below(&self.random, end as u64)).expect("small")
    }

    fn one<'w>(&self, words: &[&'w str]) -> &'w str {
        words[self.below(words.len())]
    }

    fn value(&mut self) -> Both {
        let (literal, value) = match self.below(9) {
            0 => ("'x'", json!({"S": "x"})),
            1 => ("'xy'", json!({"S": "xy"})),
            2 => ("1", json!({"N": "1"})),
            3 => ("-2.50", json!({"N": "-2.5"})),
            4 => ("2e1", json!({"N": "20"})),
            5 => ("true", json!({"BOOL": true})),
            6 => ("NULL", json!({"NULL": true})),
            7 => ("[1, 'x']", json!({"L": [{"N": "1"}, {"S": "x"}]})),
            _ => ("<<'x', 'y'>>", json!({"SS": ["x", "y"]})),
        };
        self.named(literal, value)
    }

    fn named(&mut self, literal: &str, value: Value) -> Both {
        let name = format!(":v{}", self.made);
        self.made += 1;
        Both { statement: literal.to_owned(), expression: name, values: vec![value] }
    }

    fn path(&self) -> Both {
        let path = self.one(&["aa", "bb", "nn", "mm", "mm.xx", "mm.yy", "ll", "ll[0]", "ll[1]", "ss"]);
        Both::new(path, path)
    }

    fn operand(&mut self) -> Both {
        match self.below(5) {
            0 => Both::of("size({})", "size({})", vec![self.path()]),
            1 | 2 => self.value(),
            _ => self.path(),
        }
    }

    fn condition(&mut self, depth: usize) -> Both {
        if depth > 0 {
            let word = self.one(&["AND", "OR"]);
            let joined = format!("({{}}) {word} ({{}})");
            match self.below(5) {
                0 | 1 => {
                    let parts = vec![self.condition(depth - 1), self.condition(depth - 1)];
                    return Both::of(&joined, &joined, parts);
                }
                2 => return Both::of("NOT ({})", "NOT ({})", vec![self.condition(depth - 1)]),
                _ => {}
            }
        }
        match self.below(10) {
            0 => Both::of("{} IS MISSING", "attribute_not_exists({})", vec![self.path()]),
            1 => Both::of("attribute_exists({})", "attribute_exists({})", vec![self.path()]),
            2 => {
                let kind = self.one(&["S", "N", "BOOL", "NULL", "M", "L", "SS"]);
                let named = self.named(&format!("'{kind}'"), json!({"S": kind}));
                Both::of("attribute_type({}, {})", "attribute_type({}, {})", vec![self.path(), named])
            }
            3 => Both::of("begins_with({}, {})", "begins_with({}, {})", vec![self.path(), self.operand()]),
            4 => Both::of("contains({}, {})", "contains({}, {})", vec![self.path(), self.operand()]),
            5 => {
                let parts = vec![self.path(), self.operand(), self.operand()];
                Both::of("{} BETWEEN {} AND {}", "{} BETWEEN {} AND {}", parts)
            }
            6 => {
                let parts = vec![self.path(), self.value(), self.operand()];
                Both::of(self.one(&["{} IN [{}, {}]", "{} IN ({}, {})"]), "{} IN ({}, {})", parts)
            }
            _ => {
                let operator = self.one(&["=", "<>", "<", "<=", ">", ">="]);
                let compared = format!("{{}} {operator} {{}}");
                Both::of(&compared, &compared, vec![self.operand(), self.operand()])
            }
        }
    }

    fn assigned(&mut self) -> Both {
        match self.below(7) {
            0 => Both::of("nn + {}", "nn + {}", vec![self.named("3", json!({"N": "3"}))]),
            1 => Both::of("nn - {}", "nn - {}", vec![self.named("0.5", json!({"N": "0.5"}))]),
            2 => {
                let parts = vec![self.path(), self.value()];
                Both::of("if_not_exists({}, {})", "if_not_exists({}, {})", parts)
            }
            3 => {
                let list = self.named("['z']", json!({"L": [{"S": "z"}]}));
                Both::of("list_append(ll, {})", "list_append(ll, {})", vec![list])
            }
            4 => self.path(),
            _ => self.value(),
        }
    }

    fn update(&mut self) -> Both {
        let set = Both::of("SET {} = {}", "SET {} = {}", vec![self.path(), self.assigned()]);
        match self.below(4) {
            0 => Both::of("REMOVE {}", "REMOVE {}", vec![self.path()]),
            1 => Both::of("{} REMOVE {}", "{} REMOVE {}", vec![set, self.path()]),
            2 => {
                let parts = vec![set, self.path(), self.assigned()];
                Both::of("{} SET {} = {}", "{}, {} = {}", parts)
            }
            _ => set,
        }
    }

    fn key(&self) -> (&'static str, usize) {
        (self.one(&["k", "l", "m"]), self.below(4))
    }
}

fn request(body: Value, both: &[&Both]) -> Value {
    let mut body = body;
    let mut values = Map::new();
    for both in both {
        // The names of a part are in its text, in the order of its values.
        let names = both.expression.split(|c: char| !c.is_ascii_alphanumeric() && c != ':');
        let names: Vec<&str> = names.filter(|name| name.starts_with(":v")).collect();
        assert_eq!(names.len(), both.values.len(), "{}", both.expression);
        values.extend(names.into_iter().map(str::to_owned).zip(both.values.iter().cloned()));
    }
    if !values.is_empty() {
        body["ExpressionAttributeValues"] = Value::Object(values);
    }
    body
}

fn create(db: &Database) {
    let table = json!({
        "TableName": "Things", "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}, {"AttributeName": "sk", "AttributeType": "N"}],
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    });
    db.call_json("CreateTable", table.to_string().as_bytes()).expect("a new table");
}

/// What is answered: the items, or the code of the error.
fn ask(db: &Database, operation: &str, body: &Value) -> Result<Vec<Value>, &'static str> {
    let answer = db.call_json(operation, body.to_string().as_bytes()).map_err(|error| error.code().name())?;
    let mut answer: Value = serde_json::from_slice(&answer).expect("an answer");
    Ok(match (answer["Items"].take(), answer["Attributes"].take()) {
        (Value::Array(items), _) => items,
        (_, Value::Null) => Vec::new(),
        (_, item) => vec![item],
    })
}

/// The records of the only shard, without what no two writes share.
fn records(db: &Database) -> Vec<Value> {
    let call = |operation: &str, body: Value| -> Value {
        let answer = db.call_json(operation, body.to_string().as_bytes()).expect("an answer");
        serde_json::from_slice(&answer).expect("an answer")
    };
    let arn = call("ListStreams", json!({"TableName": "Things"}))["Streams"][0]["StreamArn"].clone();
    let shard =
        call("DescribeStream", json!({"StreamArn": arn}))["StreamDescription"]["Shards"][0]["ShardId"]
            .clone();
    let first = json!({"StreamArn": arn, "ShardId": shard, "ShardIteratorType": "TRIM_HORIZON"});
    let mut iterator = call("GetShardIterator", first)["ShardIterator"].clone();
    let mut records = Vec::new();
    loop {
        let mut page = call("GetRecords", json!({"ShardIterator": iterator}));
        let Value::Array(found) = page["Records"].take() else { panic!("no records") };
        if found.is_empty() {
            return records;
        }
        records.extend(found.into_iter().map(|record| {
            let change = &record["dynamodb"];
            json!([record["eventName"], change["Keys"], change["OldImage"], change["NewImage"]])
        }));
        iterator = page["NextShardIterator"].take();
    }
}

#[test]
fn statements_do_what_the_other_operations_do() {
    let (mut done, mut refused) = (0, 0);
    for seed in 0..4 {
        let dbs = [0, 1].map(|_| Database::memory(options(1)).expect("a database"));
        dbs.iter().for_each(create);
        let mut requests = Requests { random: Entropy::seeded(seed), made: 0 };
        for round in 0..700 {
            let (statement, operation, body) = step(&mut requests);
            let told = ask(&dbs[0], "ExecuteStatement", &json!({"Statement": statement}));
            let expected = ask(&dbs[1], operation, &body).map_err(|code| match operation {
                "PutItem" if code == "ConditionalCheckFailedException" => "DuplicateItemException",
                _ => code,
            });
            if expected.is_ok() {
                done += 1
            } else {
                refused += 1
            };
            assert_eq!(told, expected, "seed {seed}, round {round}: {statement}\n{operation} {body}");
        }
        let all = dbs.each_ref().map(|db| ask(db, "Scan", &json!({"TableName": "Things"})));
        assert_eq!(all[0], all[1], "seed {seed}");
        let [records, expected] = dbs.each_ref().map(records);
        assert!(records.len() > 100, "seed {seed}: {} records", records.len());
        assert_eq!(records, expected, "seed {seed}");
    }
    assert!(done > 1_000 && refused > 200, "{done} done, {refused} refused");
}

/// A statement, and the operation it stands for.
fn step(requests: &mut Requests) -> (String, &'static str, Value) {
    let (pk, sk) = requests.key();
    let key = json!({"pk": {"S": pk}, "sk": {"N": sk.to_string()}});
    let condition = requests.condition(2);
    let Both { statement: filter, expression, .. } = &condition;
    match requests.below(8) {
        0 | 1 => {
            let (nn, aa) = (requests.below(9), requests.value());
            let statement = format!(
                "INSERT INTO Things VALUE {{'pk': '{pk}', 'sk': {sk}, 'aa': {}, 'nn': {nn}, 'mm': {{'xx': 1}}, 'll': [1, 2]}}",
                aa.statement
            );
            let item = json!({
                "pk": {"S": pk}, "sk": {"N": sk.to_string()}, "aa": aa.values[0], "nn": {"N": nn.to_string()},
                "mm": {"M": {"xx": {"N": "1"}}}, "ll": {"L": [{"N": "1"}, {"N": "2"}]},
            });
            let body = json!({"TableName": "Things", "Item": item, "ConditionExpression": "attribute_not_exists(pk)"});
            (statement, "PutItem", body)
        }
        2..=4 => {
            let update = requests.update();
            let returning = ["ALL OLD", "ALL NEW", "MODIFIED OLD", "MODIFIED NEW"];
            let at = requests.below(4);
            let is_conditional = requests.below(2) == 0;
            let (and, only) = match is_conditional {
                true => (format!(" AND ({filter})"), format!("attribute_exists(pk) AND ({expression})")),
                false => (String::new(), "attribute_exists(pk)".to_owned()),
            };
            let statement = format!(
                "UPDATE Things {} WHERE pk = '{pk}' AND sk = {sk}{and} RETURNING {} *",
                update.statement, returning[at]
            );
            let values = ["ALL_OLD", "ALL_NEW", "UPDATED_OLD", "UPDATED_NEW"][at];
            let body = json!({
                "TableName": "Things", "Key": key, "UpdateExpression": update.expression, "ConditionExpression": only,
                "ReturnValues": values,
            });
            let parts: &[&Both] = if is_conditional { &[&update, &condition] } else { &[&update] };
            (statement, "UpdateItem", request(body, parts))
        }
        5 => {
            let statement = format!(
                "DELETE FROM Things WHERE sk = {sk} AND ({filter}) AND pk = '{pk}' RETURNING ALL OLD *"
            );
            let only = format!("attribute_not_exists(pk) OR ({expression})");
            let body = json!({"TableName": "Things", "Key": key, "ConditionExpression": only, "ReturnValues": "ALL_OLD"});
            (statement, "DeleteItem", request(body, &[&condition]))
        }
        6 => {
            let statement = format!("SELECT * FROM Things WHERE {filter}");
            (
                statement,
                "Scan",
                request(json!({"TableName": "Things", "FilterExpression": expression}), &[&condition]),
            )
        }
        _ => {
            let operator = requests.one(&["<", "<=", ">", ">=", "="]);
            let order = requests.one(&["", "ASC", "DESC"]);
            let statement = format!(
                "SELECT * FROM Things WHERE pk = '{pk}' AND sk {operator} {sk} AND ({filter}) ORDER BY sk {order}"
            );
            let named = Both {
                statement: String::new(),
                expression: format!("pk = :vp AND sk {operator} :vs"),
                values: vec![json!({"S": pk}), json!({"N": sk.to_string()})],
            };
            let body = json!({
                "TableName": "Things", "KeyConditionExpression": named.expression, "FilterExpression": expression,
                "ScanIndexForward": order != "DESC",
            });
            (statement, "Query", request(body, &[&named, &condition]))
        }
    }
}
