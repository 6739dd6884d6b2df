//! `streamtable copy`: tables from one database into another, whatever doors lead to them.
//!
//! ```text
//! for each table   place in its stream ──► definition ──► items, in segments ──► changes since that place ──► compared
//! ```
//! Every change of an item that a scan may have missed is among the changes that are done after it; doing those again that it has not missed
//! changes nothing in the end, because each puts the whole item.

mod changes;
mod items;
mod kept;
mod tables;

use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use streamtable::door::Door;
use streamtable::{Error, Request};

use self::items::Digest;
use self::kept::{Kept, State};
use crate::arguments::TableCopy;

/// How long a source is left alone that had nothing new.
const PAUSE: Duration = Duration::from_millis(500);
/// How often a table is compared that others write to meanwhile.
const COMPARISONS: usize = 3;

pub(crate) fn run(arguments: &TableCopy) -> ExitCode {
    match copied(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("streamtable: {why}");
            ExitCode::FAILURE
        }
    }
}

/// Runs an operation through any door, as JSON.
///
/// # Errors
/// The operation's.
fn call(door: &dyn Door, operation: &str, input: &Value) -> Result<Value, Error> {
    let request = Request::from_json(operation, input.to_string().as_bytes())?;
    let answer = door.call(request)?.to_json()?;
    Ok(serde_json::from_slice(&answer).expect("an answer is written as JSON"))
}

/// What to tell a person of an error, and about which table it is.
fn about(table: &str) -> impl Fn(Error) -> String + '_ {
    move |error| format!("{table}: {}: {}", error.code().name(), error.message())
}

fn copied(arguments: &TableCopy) -> Result<(), String> {
    let TableCopy { from, to, tables, segments, state, follow } = arguments;
    let told = |error: Error| error.message().to_owned();
    let (from, to) = (from.open_to_look().map_err(told)?, to.open().map_err(told)?);
    let mut kept = Kept::read(state.as_deref())?;
    let tables = if tables.is_empty() { tables::all(&*from)? } else { tables.clone() };
    for table in &tables {
        copy(&*from, &*to, table, *segments, &mut kept)?;
    }
    if !*follow {
        return Ok(());
    }
    eprintln!("following the changes of {} tables", tables.len());
    loop {
        for table in &tables {
            changes::catch_up(&*from, &*to, table, &mut kept)?;
        }
        thread::sleep(PAUSE);
    }
}

/// Copies a table, or goes on where it was left.
fn copy(from: &dyn Door, to: &dyn Door, table: &str, segments: u32, kept: &mut Kept) -> Result<(), String> {
    if kept.of(table).is_none() {
        let place = changes::place(from, table)?;
        tables::create(from, to, table)?;
        kept.set(table, State { segments: vec![json!({}); segments as usize], place })?;
    }
    let count = items::copy(from, to, table, kept)?;
    let has_stream = kept.of(table).is_some_and(|state| state.place.is_some());
    let mut changes = 0;
    for _ in 0..COMPARISONS {
        changes += changes::catch_up(from, to, table, kept)?;
        let (source, target) = (Digest::of(from, table)?, Digest::of(to, table)?);
        if source == target {
            let since = if has_stream { format!(", {changes} changes since") } else { String::new() };
            eprintln!("{table}: {count} items copied{since}; {source} on both sides");
            return Ok(());
        }
        if !has_stream {
            break;
        }
    }
    if has_stream {
        eprintln!(
            "{table}: {count} items copied, {changes} changes since; it is written to, and was not found equal"
        );
        return Ok(());
    }
    Err(format!("{table}: the copy is another than the table, which has no stream that tells its changes"))
}
