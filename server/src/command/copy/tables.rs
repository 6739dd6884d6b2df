//! Definitions of tables: what a table is described as, made into what creates one.

use std::thread;
use std::time::Duration;

use serde_json::{Map, Value, json};
use streamtable::ErrorCode;
use streamtable::door::Door;

use super::{about, call};

/// Between two looks at whether a table can be used.
const PAUSE: Duration = Duration::from_millis(200);

/// The names of all tables.
///
/// # Errors
/// What to tell a person.
pub(super) fn all(door: &dyn Door) -> Result<Vec<String>, String> {
    let mut names = Vec::new();
    let mut after = Value::Null;
    loop {
        let page = call(door, "ListTables", &json!({"ExclusiveStartTableName": after}))
            .map_err(about("ListTables"))?;
        names.extend(
            page["TableNames"].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned),
        );
        after = page["LastEvaluatedTableName"].clone();
        if after.is_null() {
            return Ok(names);
        }
    }
}

/// Creates a table as another database has it: keys, indexes, capacity, stream, time to live, tags.
///
/// # Errors
/// What to tell a person; among others that there is such a table.
pub(super) fn create(from: &dyn Door, to: &dyn Door, table: &str) -> Result<(), String> {
    let failed = about(table);
    let described = call(from, "DescribeTable", &json!({"TableName": table})).map_err(&failed)?;
    let described = &described["Table"];
    let tags = call(from, "ListTagsOfResource", &json!({"ResourceArn": described["TableArn"]}));
    // Some databases have no tags.
    let tags = tags.ok().map_or(Value::Null, |told| told["Tags"].clone());
    let made = call(to, "CreateTable", &definition(table, described, tags));
    made.map_err(|error| match error.code() {
        ErrorCode::ResourceInUse => format!(
            "{table}: there is such a table; a copy is gone on with by the --state that it was begun with"
        ),
        _ => failed(error),
    })?;
    let is_active = |told: &Value| told["Table"]["TableStatus"] == "ACTIVE";
    while !is_active(&call(to, "DescribeTable", &json!({"TableName": table})).map_err(&failed)?) {
        thread::sleep(PAUSE);
    }
    let expiry = call(from, "DescribeTimeToLive", &json!({"TableName": table})).map_err(&failed)?;
    let expiry = &expiry["TimeToLiveDescription"];
    if matches!(expiry["TimeToLiveStatus"].as_str(), Some("ENABLED" | "ENABLING")) {
        let specification = json!({"Enabled": true, "AttributeName": expiry["AttributeName"]});
        let input = json!({"TableName": table, "TimeToLiveSpecification": specification});
        call(to, "UpdateTimeToLive", &input).map_err(&failed)?;
    }
    Ok(())
}

/// What creates a table that is described so.
fn definition(table: &str, described: &Value, tags: Value) -> Value {
    let is_on_demand = described["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST";
    let mut made = Map::new();
    made.insert("TableName".into(), table.into());
    made.insert("BillingMode".into(), if is_on_demand { "PAY_PER_REQUEST" } else { "PROVISIONED" }.into());
    for name in ["AttributeDefinitions", "KeySchema", "StreamSpecification"] {
        add(&mut made, name, described[name].clone());
    }
    let throughput = |of: &Value| match is_on_demand {
        true => Value::Null,
        false => picked(&of["ProvisionedThroughput"], &["ReadCapacityUnits", "WriteCapacityUnits"]),
    };
    add(&mut made, "ProvisionedThroughput", throughput(described));
    for name in ["LocalSecondaryIndexes", "GlobalSecondaryIndexes"] {
        let indexes = described[name].as_array().map(|indexes| {
            let index = |index: &Value| {
                let mut made = picked(index, &["IndexName", "KeySchema", "Projection"]);
                if name == "GlobalSecondaryIndexes"
                    && let Value::Object(made) = &mut made
                {
                    add(made, "ProvisionedThroughput", throughput(index));
                }
                made
            };
            indexes.iter().map(index).collect()
        });
        add(&mut made, name, indexes.unwrap_or(Value::Null));
    }
    if tags.as_array().is_some_and(|tags| !tags.is_empty()) {
        made.insert("Tags".into(), tags);
    }
    Value::Object(made)
}

fn add(made: &mut Map<String, Value>, name: &str, value: Value) {
    if !value.is_null() {
        made.insert(name.to_owned(), value);
    }
}

/// Of an object, these members.
fn picked(of: &Value, names: &[&str]) -> Value {
    let mut made = Map::new();
    names.iter().for_each(|name| add(&mut made, name, of[*name].clone()));
    Value::Object(made)
}
