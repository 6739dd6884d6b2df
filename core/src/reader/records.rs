//! Records one by one.

use std::sync::Arc;
use std::vec;

use super::{Checkpoint, Page, ReadOptions, Reader};
use crate::api::{Record, Result, RollShardInput, RollShardOutput, SplitShardInput, SplitShardOutput};
use crate::database::Database;
use crate::door::{Door, ask};
use crate::limits::RECORDS_PAGE_MAX;

/// A reader's records one by one, with the place after each. As the reader it holds no door.
#[derive(Clone, Debug)]
pub struct Cursor {
    reader: Reader,
    shard_id: Arc<str>,
    page: vec::IntoIter<Record>,
    /// The last record that was given, of the page at hand.
    last: Option<u128>,
    gaps: u64,
}

impl Cursor {
    /// Gives the records of a reader that has handed out none of its last page, or all.
    pub fn new(reader: Reader) -> Cursor {
        Cursor { reader, shard_id: Arc::from(""), page: Vec::new().into_iter(), last: None, gaps: 0 }
    }

    /// The next record of those that were read already.
    pub fn take(&mut self) -> Option<Record> {
        let record = self.page.next()?;
        self.last = Some(record.sequence_number);
        Some(record)
    }

    /// The shard of the record that was given last.
    pub fn shard_id(&self) -> &Arc<str> {
        &self.shard_id
    }

    /// Reads more records when those that were read are given. False when there are none now; a later call asks again.
    ///
    /// # Errors
    /// As [`Reader::next_page`].
    pub fn fill(&mut self, door: &dyn Door) -> Result<bool> {
        while self.page.len() == 0 {
            let Some(Page { shard_id, records, gap }) =
                self.reader.next_page(door, RECORDS_PAGE_MAX as usize)?
            else {
                return Ok(false);
            };
            self.gaps += u64::from(gap);
            (self.shard_id, self.page, self.last) = (shard_id, records.into_iter(), None);
        }
        Ok(true)
    }

    /// How often records were trimmed before they could be read ([`Trimmed::Skip`](super::Trimmed::Skip)).
    pub fn gaps(&self) -> u64 {
        self.gaps
    }

    /// Where to go on after the record that was given last.
    pub fn checkpoint(&self) -> Checkpoint {
        if self.page.len() == 0 { self.reader.checkpoint() } else { self.reader.checkpoint_within(self.last) }
    }

    /// The reader. It stands after all records that were read, given or not.
    pub fn reader(&self) -> &Reader {
        &self.reader
    }
}

/// A change stream behind a door.
///
/// ```
/// # use streamtable::api::*;
/// # use streamtable::{Database, OpenOptions, reader::ReadOptions};
/// # let db = Database::memory(OpenOptions::deterministic())?;
/// # let create = r#"{"TableName": "Orders", "BillingMode": "PAY_PER_REQUEST",
/// #     "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
/// #     "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
/// #     "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "KEYS_ONLY"}}"#;
/// # db.call_json("CreateTable", create.as_bytes())?;
/// # db.call_json("PutItem", br#"{"TableName": "Orders", "Item": {"id": {"S": "1"}}}"#)?;
/// let streams = db.call(ListStreamsInput::default())?.streams.expect("a list");
/// let stream = db.stream(streams[0].stream_arn.as_deref().expect("an ARN"));
/// let mut records = stream.records(ReadOptions::default())?;
/// for record in &mut records {
///     let record = record?;
///     println!("{}: {} {:?}", record.shard_id, record.record.event_name.name(), record.record.keys);
/// }
/// // Kept somewhere, and later:
/// let checkpoint = records.checkpoint().to_string();
/// assert_eq!(stream.records(ReadOptions::resume(checkpoint.parse()?))?.count(), 0);
/// # Ok::<(), streamtable::api::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Stream {
    door: Arc<dyn Door>,
    arn: String,
}

impl Stream {
    /// The stream of this ARN behind a door.
    pub fn new(door: Arc<dyn Door>, arn: impl Into<String>) -> Stream {
        Stream { door, arn: arn.into() }
    }

    /// Its ARN.
    pub fn arn(&self) -> &str {
        &self.arn
    }

    /// A reader of this stream, for those who read page by page.
    ///
    /// # Errors
    /// As [`Reader::open`].
    pub fn reader(&self, options: ReadOptions) -> Result<Reader> {
        Reader::open(&*self.door, &self.arn, options)
    }

    /// Splits the partition of an open shard, or the widest one: the shard closes and two children open, as the service does by itself.
    ///
    /// # Errors
    /// `ResourceNotFoundException` for a stream or shard that is not there, `ValidationException` for a shard that is closed, and for a
    /// stream that is turned off.
    pub fn split(&self, shard_id: Option<&str>) -> Result<SplitShardOutput> {
        let shard_id = shard_id.map(str::to_owned);
        ask(&*self.door, SplitShardInput { table_name: Some(self.arn.clone()), shard_id })
    }

    /// Closes an open shard, or all of them, each with one child in its place, as the service does every few hours.
    ///
    /// # Errors
    /// As [`Stream::split`].
    pub fn roll(&self, shard_id: Option<&str>) -> Result<RollShardOutput> {
        let shard_id = shard_id.map(str::to_owned);
        ask(&*self.door, RollShardInput { table_name: Some(self.arn.clone()), shard_id })
    }

    /// Its records up to what is there now: parents before their children, each shard in order.
    ///
    /// # Errors
    /// As [`Reader::open`].
    pub fn records(&self, options: ReadOptions) -> Result<Records> {
        Ok(Records { door: self.door.clone(), cursor: Cursor::new(self.reader(options)?) })
    }
}

/// A change record and where it is.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct StreamRecord {
    /// The shard that has it.
    pub shard_id: Arc<str>,
    /// The record.
    pub record: Record,
}

/// The records of a stream. After the last one that is there now it gives `None`, and goes on when there are more.
#[derive(Clone, Debug)]
pub struct Records {
    door: Arc<dyn Door>,
    cursor: Cursor,
}

impl Records {
    /// Where to go on after the record that was given last.
    pub fn checkpoint(&self) -> Checkpoint {
        self.cursor.checkpoint()
    }

    /// How often records were trimmed before they could be read ([`Trimmed::Skip`](super::Trimmed::Skip)).
    pub fn gaps(&self) -> u64 {
        self.cursor.gaps()
    }
}

impl Iterator for Records {
    type Item = Result<StreamRecord>;

    fn next(&mut self) -> Option<Result<StreamRecord>> {
        match self.cursor.fill(&*self.door) {
            Ok(true) => {}
            Ok(false) => return None,
            Err(error) => return Some(Err(error)),
        }
        let record = self.cursor.take()?;
        Some(Ok(StreamRecord { shard_id: self.cursor.shard_id().clone(), record }))
    }
}

impl Database {
    /// A change stream of this database, by its ARN (`LatestStreamArn` of a table).
    pub fn stream(&self, arn: impl Into<String>) -> Stream {
        Stream::new(Arc::new(self.clone()), arn)
    }
}
