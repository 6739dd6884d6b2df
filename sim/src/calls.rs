//! Operations that must succeed.

use serde_json::{Value, json};
use streamtable::Database;

/// What went wrong, in words.
pub type Result<T, E = String> = std::result::Result<T, E>;

/// Runs an operation that must succeed.
pub fn call(db: &Database, operation: &str, input: &Value) -> Result<Value> {
    let answer = db
        .call_json(operation, input.to_string().as_bytes())
        .map_err(|error| format!("{operation} {input}: {error}"))?;
    serde_json::from_slice(&answer).map_err(|e| format!("{operation} {input}: its answer is no JSON: {e}"))
}

/// The database's time, epoch milliseconds.
pub fn now(db: &Database) -> Result<u64> {
    let answer = call(db, "DescribeClock", &json!({}))?;
    answer["Now"].as_u64().ok_or_else(|| format!("DescribeClock tells no time: {answer}"))
}
