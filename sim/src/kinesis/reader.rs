//! A reader of a data stream that goes along while it is written to and reshaped, as its client libraries do: parents before children, each shard
//! from where it was.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use streamtable::{Database, ErrorCode};

use super::lineage::{children_of, list, page_records, parents, text};
use super::model::DataStream;
use crate::calls::{Result, call, now};
use crate::random::Random;

/// How far it is in a shard.
#[derive(Debug, Default)]
struct Progress {
    iterator: Option<Value>,
    /// Number of the last record.
    last: Option<String>,
    is_done: bool,
}

/// One reader of one stream.
#[derive(Debug)]
pub(super) struct Reader {
    stream: String,
    shards: BTreeMap<String, Progress>,
    /// The data of each partition key, in the order in which it came.
    seen: BTreeMap<String, Vec<String>>,
    random: Random,
}

impl Reader {
    pub(super) fn new(stream: &DataStream, random: &mut Random) -> Reader {
        Reader {
            stream: stream.name().to_owned(),
            shards: BTreeMap::new(),
            seen: BTreeMap::new(),
            random: random.fork(),
        }
    }

    /// Looks for shards, and reads a page of each that it may read; says whether anything came.
    ///
    /// # Errors
    /// An operation failed, or the end of a shard names children that nobody lists.
    pub(super) fn read(&mut self, db: &Database) -> Result<bool> {
        let listed = list(db, &self.stream)?;
        let ids = listed.iter().map(|shard| text(shard, "ShardId")).collect::<Result<Vec<String>>>()?;
        let mut came = false;
        for (id, told) in ids.iter().zip(&listed) {
            // A parent that is not listed has nothing to read any more.
            let is_done = |id: &String| self.shards.get(id).is_some_and(|shard| shard.is_done);
            let waits = parents(told).iter().any(|parent| ids.contains(parent) && !is_done(parent));
            if !waits && !is_done(id) {
                came |= self.read_shard(db, id)?;
            }
        }
        Ok(came)
    }

    fn read_shard(&mut self, db: &Database, id: &str) -> Result<bool> {
        let shard = self.shards.entry(id.to_owned()).or_default();
        // Where its iterator expires, and now and then by itself, it begins behind the last record.
        let kept = shard.iterator.take().filter(|_| self.random.chance(70));
        let iterator = match kept {
            Some(iterator) => iterator,
            None => iterator(db, &self.stream, id, shard.last.as_deref())?,
        };
        let limit = 1 + self.random.below(20);
        let input = json!({"ShardIterator": iterator, "Limit": limit});
        let page = match db.call_json("KinesisGetRecords", input.to_string().as_bytes()) {
            Ok(page) => page,
            // It comes again without it.
            Err(error) if error.code() == ErrorCode::ExpiredIterator => return Ok(true),
            // It was listed, and all of it has grown too old since.
            Err(error) if error.code() == ErrorCode::ResourceNotFound => {
                shard.is_done = true;
                return Ok(false);
            }
            Err(error) => return Err(format!("KinesisGetRecords {input}: {error}")),
        };
        let page: Value = serde_json::from_slice(&page).map_err(|e| format!("a page is no JSON: {e}"))?;
        let records = page_records(&page)?;
        let came = !records.is_empty();
        for record in records {
            shard.last = Some(record.number);
            self.seen.entry(record.key).or_default().push(record.data);
        }
        match &page["NextShardIterator"] {
            Value::Null if children_of(&page).is_empty() => {
                return Err(format!("{id} has ended, and nothing goes on where it did"));
            }
            Value::Null => shard.is_done = true,
            next => shard.iterator = Some(next.clone()),
        }
        // The end of a shard lets its children be read.
        Ok(came || shard.is_done || page["MillisBehindLatest"] != 0)
    }

    /// Reads what is left, and holds what it has seen against what was put.
    ///
    /// # Errors
    /// A law that was broken, or an operation that failed.
    pub(super) fn check(&mut self, db: &Database, stream: &DataStream) -> Result<()> {
        while self.read(db)? {}
        stream.check_seen(&self.seen, now(db)?).map_err(|why| format!("{}: {why}", self.stream))
    }
}

fn iterator(db: &Database, stream: &str, shard: &str, last: Option<&str>) -> Result<Value> {
    let mut input = json!({"StreamName": stream, "ShardId": shard, "ShardIteratorType": "TRIM_HORIZON"});
    if let Some(last) = last {
        input["ShardIteratorType"] = "AFTER_SEQUENCE_NUMBER".into();
        input["StartingSequenceNumber"] = last.into();
    }
    Ok(call(db, "KinesisGetShardIterator", &input)?["ShardIterator"].clone())
}
