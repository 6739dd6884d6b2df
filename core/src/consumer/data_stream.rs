//! Reading a Kinesis data stream along the lineages of its shards, which split and merge.
//!
//! A shard is read when those that it goes on from were read to their ends, or are listed no more. What is kept is the place in each shard that is
//! being read, and which of the listed shards were read to their ends.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::settings::Start;
use crate::api::{
    Error, ErrorCode, KinesisGetRecordsInput, KinesisGetShardIteratorInput, KinesisListShardsInput,
    KinesisRecord, KinesisShard, Result, ShardIteratorType, Timestamp,
};
use crate::clock::Millis;
use crate::door::{Door, ask};
use crate::limits::KINESIS_PAGE_MAX;

/// How often one read begins anew, because its iterator has expired, before it fails.
const ATTEMPTS: usize = 3;

/// A place in a shard, as data.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Place {
    /// At the oldest record that is left.
    Oldest,
    /// At the first record of a moment, seconds since 1970.
    Since(f64),
    /// After what was the newest record at a moment, seconds since 1970. Only the iterator knows it exactly.
    Newest { iterator: String, at: f64 },
    /// At a record.
    At(String),
    /// After a record.
    After(String),
}

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredTip {
    shard: String,
    place: Place,
}

/// Where a reader of a data stream is, as data.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DataCheckpoint {
    pub(super) data_stream: String,
    /// Where shards begin that nobody has read.
    beginning: Place,
    shards: Vec<StoredTip>,
    #[serde(skip_serializing_if = "BTreeSet::is_empty", default)]
    finished: BTreeSet<String>,
}

/// A shard that is being read.
#[derive(Debug)]
struct Tip {
    shard: Arc<str>,
    place: Place,
    iterator: Option<String>,
    has_ended: bool,
    is_dry: bool,
}

impl Tip {
    fn new(shard: &str, place: Place) -> Tip {
        let iterator = match &place {
            Place::Newest { iterator, .. } => Some(iterator.clone()),
            _ => None,
        };
        Tip { shard: shard.into(), place, iterator, has_ended: false, is_dry: false }
    }
}

/// Reads a data stream page by page.
#[derive(Debug)]
pub(super) struct DataReader {
    stream: String,
    beginning: Place,
    tips: Vec<Tip>,
    finished: BTreeSet<String>,
    turn: usize,
    /// Whether this round has looked for new shards.
    looked: bool,
}

impl DataReader {
    pub(super) fn open(door: &dyn Door, stream: &str, start: Start, now: Millis) -> Result<DataReader> {
        let beginning = match start {
            Start::AtTimestamp(moment) => Place::Since(Timestamp::from_millis(moment).0),
            Start::TrimHorizon | Start::Latest => Place::Oldest,
        };
        let mut reader = DataReader {
            stream: stream.to_owned(),
            beginning,
            tips: Vec::new(),
            finished: BTreeSet::new(),
            turn: 0,
            looked: false,
        };
        if start != Start::Latest {
            reader.look(door)?;
            return Ok(reader);
        }
        for shard in reader.list(door)? {
            let Some(id) = shard.shard_id else { continue };
            let range = shard.sequence_number_range;
            if range.is_some_and(|range| range.ending_sequence_number.is_some()) {
                reader.finished.insert(id);
                continue;
            }
            let iterator = reader.take_iterator(door, &id, ShardIteratorType::Latest, None, None)?;
            reader.tips.push(Tip::new(&id, Place::Newest { iterator, at: Timestamp::from_millis(now).0 }));
        }
        Ok(reader)
    }

    pub(super) fn resume(checkpoint: DataCheckpoint) -> DataReader {
        let DataCheckpoint { data_stream, beginning, shards, finished } = checkpoint;
        let tips = shards.into_iter().map(|tip| Tip::new(&tip.shard, tip.place)).collect();
        DataReader { stream: data_stream, beginning, tips, finished, turn: 0, looked: false }
    }

    /// Where it is for one who has not done with all that it was handed: in each shard that is told, at the record of this sequence number.
    pub(super) fn checkpoint_before<'a>(
        &self,
        undone: impl IntoIterator<Item = (&'a str, String)>,
    ) -> DataCheckpoint {
        let tips = self.tips.iter();
        let mut shards: Vec<StoredTip> =
            tips.map(|tip| StoredTip { shard: tip.shard.to_string(), place: tip.place.clone() }).collect();
        for (shard, number) in undone {
            if let Some(tip) = shards.iter_mut().find(|tip| tip.shard == shard) {
                tip.place = Place::At(number);
            }
        }
        DataCheckpoint {
            data_stream: self.stream.clone(),
            beginning: self.beginning.clone(),
            shards,
            finished: self.finished.clone(),
        }
    }

    /// Each shard with whether it has ended, and whether it had no more when it was last asked.
    pub(super) fn shards(&self) -> impl Iterator<Item = (&Arc<str>, bool, bool)> {
        self.tips.iter().map(|tip| (&tip.shard, tip.has_ended, tip.is_dry))
    }

    /// Asks every shard anew at the next call.
    pub(super) fn begin_round(&mut self) {
        self.tips.iter_mut().for_each(|tip| tip.is_dry = false);
        self.looked = false;
    }

    /// The next records of a shard that there is room for; none when each of those was asked and has no more. `room` is told whether the shard was
    /// read to its end: then it is left when there is room.
    pub(super) fn next_page(
        &mut self,
        door: &dyn Door,
        room: impl Fn(&Arc<str>, bool) -> usize,
    ) -> Result<Option<(Arc<str>, Vec<KinesisRecord>)>> {
        loop {
            let count = self.tips.len();
            let next = (0..count).map(|n| (self.turn + n) % count).find_map(|at| {
                let tip = &self.tips[at];
                let most = if tip.is_dry { 0 } else { room(&tip.shard, tip.has_ended) };
                (most > 0).then_some((at, most))
            });
            let Some((at, most)) = next else {
                if !std::mem::replace(&mut self.looked, true) && self.look(door)? {
                    continue;
                }
                return Ok(None);
            };
            if self.tips[at].has_ended {
                let left = self.tips.remove(at);
                self.finished.insert(left.shard.to_string());
                self.look(door)?;
                continue;
            }
            self.turn = at + 1;
            if let Some(records) = self.read(door, at, most)? {
                return Ok(Some((self.tips[at].shard.clone(), records)));
            }
        }
    }

    /// Reads a shard. None when it has nothing more for now, or has ended.
    fn read(&mut self, door: &dyn Door, at: usize, most: usize) -> Result<Option<Vec<KinesisRecord>>> {
        let limit = i32::try_from(most.min(KINESIS_PAGE_MAX as usize)).ok();
        for attempt in 1.. {
            let iterator = match self.iterator_of(door, at) {
                Ok(iterator) => iterator,
                Err(error) => return self.pass_if_gone(door, at, error),
            };
            let input = KinesisGetRecordsInput {
                limit,
                shard_iterator: Some(iterator),
                stream_arn: Some(self.stream.clone()),
            };
            let tip = &mut self.tips[at];
            let output = match ask(door, input) {
                Ok(output) => output,
                Err(error) if error.code() == ErrorCode::ExpiredIterator && attempt <= ATTEMPTS => {
                    if let Place::Newest { at, .. } = tip.place {
                        tip.place = Place::Since(at);
                    }
                    tip.iterator = None;
                    continue;
                }
                Err(error) => return self.pass_if_gone(door, at, error),
            };
            let records = output.records.ok_or_else(|| strange("GetRecords answered without records"))?;
            tip.has_ended = output.next_shard_iterator.is_none();
            tip.iterator = output.next_shard_iterator;
            if let Some(last) = records.last().and_then(|record| record.sequence_number.clone()) {
                tip.place = Place::After(last);
            } else if let (Place::Newest { iterator, .. }, Some(next)) = (&mut tip.place, &tip.iterator) {
                iterator.clone_from(next);
            }
            tip.is_dry = records.is_empty() && !tip.has_ended;
            return Ok((!records.is_empty()).then_some(records));
        }
        Ok(None)
    }

    /// A shard that is not there any more has ended. When the stream is gone as a whole, that is the error.
    fn pass_if_gone(
        &mut self,
        door: &dyn Door,
        at: usize,
        error: Error,
    ) -> Result<Option<Vec<KinesisRecord>>> {
        let listed =
            if error.code() == ErrorCode::ResourceNotFound { self.list(door)? } else { return Err(error) };
        if listed.iter().any(|shard| shard.shard_id.as_deref() == Some(&*self.tips[at].shard)) {
            return Err(error);
        }
        (self.tips[at].has_ended, self.tips[at].iterator) = (true, None);
        Ok(None)
    }

    fn iterator_of(&mut self, door: &dyn Door, at: usize) -> Result<String> {
        let tip = &self.tips[at];
        if let Some(iterator) = &tip.iterator {
            return Ok(iterator.clone());
        }
        let (kind, number, moment) = match &tip.place {
            Place::Oldest => (ShardIteratorType::TrimHorizon, None, None),
            Place::Since(moment) | Place::Newest { at: moment, .. } => {
                (ShardIteratorType::AtTimestamp, None, Some(*moment))
            }
            Place::At(number) => (ShardIteratorType::AtSequenceNumber, Some(number.clone()), None),
            Place::After(number) => (ShardIteratorType::AfterSequenceNumber, Some(number.clone()), None),
        };
        self.take_iterator(door, &tip.shard, kind, number, moment)
    }

    fn take_iterator(
        &self,
        door: &dyn Door,
        shard: &str,
        kind: ShardIteratorType,
        number: Option<String>,
        moment: Option<f64>,
    ) -> Result<String> {
        let input = KinesisGetShardIteratorInput {
            shard_id: Some(shard.to_owned()),
            shard_iterator_type: Some(kind.into()),
            starting_sequence_number: number,
            timestamp: moment.map(Timestamp),
            stream_arn: Some(self.stream.clone()),
            stream_name: None,
        };
        let iterator = ask(door, input)?.shard_iterator;
        iterator.ok_or_else(|| strange("GetShardIterator answered without an iterator"))
    }

    fn list(&self, door: &dyn Door) -> Result<Vec<KinesisShard>> {
        let mut shards = Vec::new();
        let mut next = None;
        loop {
            let is_first = next.is_none();
            let input = KinesisListShardsInput {
                stream_arn: Some(self.stream.clone()).filter(|_| is_first),
                next_token: next,
                ..KinesisListShardsInput::default()
            };
            let output = ask(door, input)?;
            shards.extend(output.shards.into_iter().flatten());
            next = output.next_token;
            if next.is_none() {
                return Ok(shards);
            }
        }
    }

    /// Looks for shards that can be read now. Says whether there are any.
    fn look(&mut self, door: &dyn Door) -> Result<bool> {
        let listed = self.list(door)?;
        let ids: BTreeSet<&str> = listed.iter().filter_map(|shard| shard.shard_id.as_deref()).collect();
        self.finished.retain(|shard| ids.contains(&**shard));
        let before = self.tips.len();
        for shard in &listed {
            let Some(id) = shard.shard_id.as_deref() else { continue };
            let parents = [&shard.parent_shard_id, &shard.adjacent_parent_shard_id];
            let mut parents = parents.into_iter().filter_map(|parent| parent.as_deref());
            let is_known = self.finished.contains(id) || self.tips.iter().any(|tip| *tip.shard == *id);
            if !is_known && parents.all(|parent| self.finished.contains(parent) || !ids.contains(parent)) {
                self.tips.push(Tip::new(id, self.beginning.clone()));
            }
        }
        Ok(self.tips.len() > before)
    }
}

/// An answer that no endpoint may give.
fn strange(what: &str) -> Error {
    Error::new(ErrorCode::InternalServer, what)
}
