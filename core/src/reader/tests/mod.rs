//! Readers over databases in memory, and over an endpoint that lags, loses shards and answers empty pages.

mod endpoint;
mod local;
mod remote;

use super::{Cursor, ReadOptions, Reader};
use crate::api::Record;
use crate::door::Door;

/// Opens a reader that must open.
fn open(door: &dyn Door, arn: &str, options: ReadOptions) -> Reader {
    Reader::open(door, arn, options).expect("the reader opens")
}

/// All that is left now, each with its shard.
fn drain(door: &dyn Door, cursor: &mut Cursor) -> Vec<(String, Record)> {
    let mut found = Vec::new();
    while cursor.fill(door).expect("the stream is read") {
        let record = cursor.take().expect("filled");
        found.push((cursor.shard_id().to_string(), record));
    }
    found
}

/// All that a new reader reads.
fn read(door: &dyn Door, arn: &str, options: ReadOptions) -> Vec<(String, Record)> {
    drain(door, &mut Cursor::new(open(door, arn, options)))
}
