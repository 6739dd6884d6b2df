//! A stream behind an endpoint that does what a distant one may do.

use std::collections::BTreeMap;
use std::sync::Arc;

use parking_lot::Mutex;

use crate::api::{
    DescribeStreamInput, DescribeStreamOutput, Error, ErrorCode, GetRecordsInput, GetRecordsOutput,
    GetShardIteratorInput, GetShardIteratorOutput, OperationType, Record, RecordOrigin, Result,
    SequenceNumberRange, Shard, ShardIteratorType, StreamDescription, StreamStatus, StreamViewType,
};
use crate::door::Door;
use crate::entropy::Entropy;
use crate::registry::{Request, Response};
use crate::value::Item;

/// Shards on a page of the list.
const PAGE: usize = 3;

/// A shard and how it behaves.
#[derive(Clone, Debug)]
pub(super) struct FakeShard {
    pub(super) id: &'static str,
    pub(super) parent: Option<&'static str>,
    pub(super) start: u128,
    pub(super) records: Vec<u128>,
    pub(super) closed: bool,
    /// How many descriptions of the stream leave it out yet.
    pub(super) unlisted: usize,
    /// How many in a row have left it out by chance.
    pub(super) left_out: usize,
    /// Records up to this one are trimmed.
    pub(super) trimmed: u128,
}

pub(super) fn shard(id: &'static str, parent: Option<&'static str>, records: &[u128]) -> FakeShard {
    let start = records[0] - 1;
    FakeShard {
        id,
        parent,
        start,
        records: records.to_vec(),
        closed: false,
        unlisted: 0,
        left_out: 0,
        trimmed: 0,
    }
}

#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) shards: Vec<FakeShard>,
    /// So many pages of records are empty before one is not.
    pub(super) empties: usize,
    /// Every iterator is good for so many uses at most; forever where there is none.
    pub(super) uses: Option<usize>,
    /// What GetShardIterator answers, if it fails.
    pub(super) refusal: Option<ErrorCode>,
    /// Whether DescribeStream passes over the filter.
    pub(super) ignores_filter: bool,
    pub(super) is_disabled: bool,
    /// Every description leaves out the children of a shard that is there by chance, but not more than three times in a row.
    pub(super) flicker: Option<Entropy>,
    pub(super) calls: usize,
    empty_so_far: usize,
    used: usize,
}

#[derive(Debug, Default)]
pub(super) struct Endpoint(pub(super) Mutex<State>);

pub(super) const ARN: &str = "arn:far";

impl Endpoint {
    pub(super) fn of(shards: impl IntoIterator<Item = FakeShard>) -> Endpoint {
        Endpoint(Mutex::new(State { shards: shards.into_iter().collect(), ..State::default() }))
    }

    /// Changes one shard.
    pub(super) fn change(&self, id: &str, change: impl FnOnce(&mut FakeShard)) {
        let mut state = self.0.lock();
        change(state.shards.iter_mut().find(|shard| shard.id == id).expect("a shard of this name"));
    }

    pub(super) fn add(&self, shard: FakeShard) {
        self.0.lock().shards.push(shard);
    }

    /// Takes a shard away, with its records.
    pub(super) fn remove(&self, id: &str) {
        self.0.lock().shards.retain(|shard| shard.id != id);
    }
}

impl Door for Endpoint {
    fn call(&self, request: Request) -> Result<Response> {
        let mut state = self.0.lock();
        state.calls += 1;
        assert!(state.calls < 100_000, "the reader goes round in circles");
        match request {
            Request::DescribeStream(input) => state.describe(&input).map(Response::DescribeStream),
            Request::GetShardIterator(input) => state.iterator(&input).map(Response::GetShardIterator),
            Request::GetRecords(input) => state.records(&input).map(Response::GetRecords),
            other => Err(Error::validation(format!("not of a stream: {other:?}"))),
        }
    }

    fn elapsed(&self) -> std::time::Duration {
        std::time::Duration::ZERO
    }
}

impl State {
    fn describe(&mut self, input: &DescribeStreamInput) -> Result<DescribeStreamOutput> {
        let after = input.exclusive_start_shard_id.as_deref();
        let parent = input.shard_filter.as_ref().and_then(|filter| filter.shard_id.as_deref());
        let parent = parent.filter(|_| !self.ignores_filter);
        let drawn: BTreeMap<&str, bool> = self
            .shards
            .iter()
            .map(|shard| (shard.id, self.flicker.as_ref().is_some_and(|chance| chance.happens(0.5))))
            .collect();
        for shard in &mut self.shards {
            let is_left_out = shard.parent.is_some_and(|parent| drawn.get(parent) == Some(&true));
            shard.left_out = if is_left_out && shard.left_out < 3 { shard.left_out + 1 } else { 0 };
        }
        let is_listed = |shard: &&FakeShard| shard.unlisted == 0 && shard.left_out == 0;
        let mut listed: Vec<&FakeShard> = self.shards.iter().filter(is_listed).collect();
        listed.sort_by_key(|shard| shard.id);
        listed.retain(|shard| after.is_none_or(|after| shard.id > after));
        listed.retain(|shard| parent.is_none_or(|parent| shard.parent == Some(parent)));
        let more = listed.len() > PAGE;
        listed.truncate(PAGE);
        let last = listed.last().filter(|_| more).map(|shard| shard.id.to_owned());
        let shards = listed.into_iter().map(FakeShard::shown).collect();
        self.shards.iter_mut().for_each(|shard| shard.unlisted = shard.unlisted.saturating_sub(1));
        let status = if self.is_disabled { StreamStatus::Disabled } else { StreamStatus::Enabled };
        Ok(DescribeStreamOutput {
            stream_description: Some(StreamDescription {
                stream_status: Some(status.into()),
                shards: Some(shards),
                last_evaluated_shard_id: last,
                ..StreamDescription::default()
            }),
        })
    }

    fn shard(&self, id: &str) -> Result<&FakeShard> {
        let found = self.shards.iter().find(|shard| shard.id == id);
        found.ok_or_else(|| Error::new(ErrorCode::ResourceNotFound, format!("no shard {id}")))
    }

    fn iterator(&mut self, input: &GetShardIteratorInput) -> Result<GetShardIteratorOutput> {
        if let Some(code) = self.refusal {
            return Err(Error::bare(code));
        }
        let id = input.shard_id.as_deref().expect("given");
        let shard = self.shard(id)?;
        let number =
            || input.sequence_number.as_ref().and_then(|n| n.parse::<u128>().ok()).expect("a number");
        // The next record that may be read.
        let next = match input.shard_iterator_type.as_ref().and_then(|kind| kind.known()).expect("known") {
            ShardIteratorType::TrimHorizon => shard.trimmed + 1,
            ShardIteratorType::Latest => shard.records.last().map_or(0, |last| last + 1),
            ShardIteratorType::AtSequenceNumber => number(),
            ShardIteratorType::AfterSequenceNumber => number() + 1,
            ShardIteratorType::AtTimestamp => panic!("no moments here"),
        };
        if next <= shard.trimmed {
            return Err(Error::bare(ErrorCode::TrimmedDataAccess));
        }
        self.used = 0;
        Ok(GetShardIteratorOutput { shard_iterator: Some(format!("{id}|{next}")) })
    }

    fn records(&mut self, input: &GetRecordsInput) -> Result<GetRecordsOutput> {
        self.used += 1;
        if self.uses.is_some_and(|uses| self.used > uses) {
            return Err(Error::bare(ErrorCode::ExpiredIterator));
        }
        let iterator = input.shard_iterator.as_deref().expect("given");
        let (id, next) = iterator.split_once('|').expect("one of ours");
        let next: u128 = next.parse().expect("a number");
        self.empty_so_far += 1;
        let is_empty = self.empty_so_far <= self.empties;
        let shard = self.shard(id)?;
        if next <= shard.trimmed {
            return Err(Error::bare(ErrorCode::TrimmedDataAccess));
        }
        if is_empty {
            let again = Some(iterator.to_owned());
            return Ok(GetRecordsOutput { records: Some(Vec::new()), next_shard_iterator: again });
        }
        let left = shard.records.iter().filter(|number| **number >= next).count();
        let found: Vec<Record> =
            shard.records.iter().filter(|number| **number >= next).take(2).map(|n| record(*n)).collect();
        let next = found.last().map_or(next, |last| last.sequence_number + 1);
        let over = shard.closed && found.len() == left;
        let next_shard_iterator = (!over).then(|| format!("{id}|{next}"));
        self.empty_so_far = 0;
        Ok(GetRecordsOutput { records: Some(found), next_shard_iterator })
    }
}

impl FakeShard {
    fn shown(&self) -> Shard {
        Shard {
            shard_id: Some(self.id.to_owned()),
            parent_shard_id: self.parent.map(str::to_owned),
            sequence_number_range: Some(SequenceNumberRange {
                starting_sequence_number: Some(self.start.to_string()),
                ending_sequence_number: self.records.last().filter(|_| self.closed).map(u128::to_string),
            }),
        }
    }
}

fn record(number: u128) -> Record {
    Record {
        origin: Arc::new(RecordOrigin { region: "far".into(), view: StreamViewType::KeysOnly }),
        event_id: number,
        event_name: OperationType::Insert,
        created_at: 0,
        keys: Item::empty(),
        new_image: None,
        old_image: None,
        sequence_number: number,
        by_service: false,
    }
}
