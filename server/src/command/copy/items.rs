//! Items: read in segments, written in batches; and whether two tables have the same.

use std::fmt;
use std::sync::mpsc::{self, SyncSender};
use std::thread;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use streamtable::door::Door;

use super::kept::Kept;
use super::{about, call};

/// Items of one BatchWriteItem.
const BATCH: usize = 25;
/// How often what was not processed is sent again, each time after a page of others could have been.
const ATTEMPTS: usize = 100;

/// A page that was written: its segment, the key after which that goes on, and how many items it had.
type Written = (usize, Value, usize);

/// Copies what is left of a table's items. Gives how many there were.
///
/// # Errors
/// What to tell a person; what was copied is kept.
pub(super) fn copy(from: &dyn Door, to: &dyn Door, table: &str, kept: &mut Kept) -> Result<usize, String> {
    let mut state = kept.of(table).cloned().ok_or_else(|| format!("{table}: no state is kept"))?;
    let total = state.segments.len();
    let left: Vec<(usize, Value)> =
        state.segments.iter().cloned().enumerate().filter(|(_, after)| !after.is_null()).collect();
    // One page for each segment waits for its place to be kept.
    let (tell, told) = mpsc::sync_channel::<Result<Written, String>>(total);
    thread::scope(|scope| {
        for (segment, after) in left {
            let tell = tell.clone();
            scope.spawn(move || {
                if let Err(why) = copy_segment(from, to, table, (segment, total), after, &tell) {
                    // Nobody listens any more where another segment has failed.
                    let _: Result<(), mpsc::SendError<_>> = tell.send(Err(why));
                }
            });
        }
        drop(tell);
        let mut count = 0;
        for written in told {
            let (segment, after, items) = written?;
            state.segments[segment] = after;
            count += items;
            kept.set(table, state.clone())?;
        }
        Ok(count)
    })
}

fn copy_segment(
    from: &dyn Door,
    to: &dyn Door,
    table: &str,
    (segment, total): (usize, usize),
    mut after: Value,
    tell: &SyncSender<Result<Written, String>>,
) -> Result<(), String> {
    loop {
        let page = scan(from, table, Some((segment, total)), &after)?;
        let items = page["Items"].as_array().map_or(&[][..], Vec::as_slice);
        for batch in items.chunks(BATCH) {
            write(to, table, batch)?;
        }
        after = page["LastEvaluatedKey"].clone();
        if tell.send(Ok((segment, after.clone(), items.len()))).is_err() || after.is_null() {
            return Ok(());
        }
    }
}

/// A page of a table, read consistently.
fn scan(door: &dyn Door, table: &str, of: Option<(usize, usize)>, after: &Value) -> Result<Value, String> {
    let mut input = json!({"TableName": table, "ConsistentRead": true});
    if let Some((segment, total)) = of {
        (input["Segment"], input["TotalSegments"]) = (segment.into(), total.into());
    }
    if after.as_object().is_some_and(|key| !key.is_empty()) {
        input["ExclusiveStartKey"] = after.clone();
    }
    call(door, "Scan", &input).map_err(about(table))
}

fn write(to: &dyn Door, table: &str, items: &[Value]) -> Result<(), String> {
    let puts: Vec<Value> = items.iter().map(|item| json!({"PutRequest": {"Item": item}})).collect();
    let mut left = json!({ table: puts });
    for _ in 0..ATTEMPTS {
        let told = call(to, "BatchWriteItem", &json!({"RequestItems": left})).map_err(about(table))?;
        left = told["UnprocessedItems"].clone();
        if left.as_object().is_none_or(serde_json::Map::is_empty) {
            return Ok(());
        }
    }
    Err(format!("{table}: the target has no capacity for what is written"))
}

/// What a table holds, in whatever order: how many items, and the sum of their hashes.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Digest {
    items: u64,
    sum: u128,
}

impl Digest {
    /// Reads a table.
    ///
    /// # Errors
    /// What to tell a person.
    pub(super) fn of(door: &dyn Door, table: &str) -> Result<Digest, String> {
        let mut digest = Digest::default();
        let mut after = json!({});
        while !after.is_null() {
            let page = scan(door, table, None, &after)?;
            for item in page["Items"].as_array().into_iter().flatten() {
                // Members are sorted, sets are in their order.
                let hash = Sha256::digest(item.to_string());
                let part = hash.first_chunk().copied().map_or(0, u128::from_be_bytes);
                digest.sum = digest.sum.wrapping_add(part);
                digest.items += 1;
            }
            after = page["LastEvaluatedKey"].clone();
        }
        Ok(digest)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} items with the digest {:032x}", self.items, self.sum)
    }
}
