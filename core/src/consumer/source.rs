//! What a mapping reads: a table's stream or a data stream.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::data_stream::{DataCheckpoint, DataReader};
use super::{Settings, SourceRecord, Start};
use crate::api::Result;
use crate::clock::Millis;
use crate::door::Door;
use crate::reader::{Checkpoint, ReadOptions, Reader, Trimmed};

/// Where a source is read.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum SourcePlace {
    DataStream(DataCheckpoint),
    Table(Checkpoint),
}

impl SourcePlace {
    /// The ARN of the stream that it is of.
    pub(super) fn stream(&self) -> &str {
        match self {
            SourcePlace::Table(checkpoint) => checkpoint.stream(),
            SourcePlace::DataStream(checkpoint) => &checkpoint.data_stream,
        }
    }
}

/// Some records of one shard, in their order.
#[derive(Debug)]
pub(super) struct SourcePage {
    pub(super) shard_id: Arc<str>,
    pub(super) records: Vec<SourceRecord>,
    /// Whether records were trimmed here that were not read.
    pub(super) gap: bool,
}

#[derive(Debug)]
pub(super) enum Source {
    Table(Reader),
    DataStream(DataReader),
}

/// Whether an ARN is one of a Kinesis data stream.
pub(super) fn is_data_stream(arn: &str) -> bool {
    arn.split(':').nth(2) == Some("kinesis")
}

impl Source {
    pub(super) fn open(
        door: &dyn Door,
        settings: &Settings,
        place: Option<SourcePlace>,
        now: Millis,
    ) -> Result<Source> {
        let arn = &settings.source_arn;
        let options = match place {
            Some(SourcePlace::DataStream(checkpoint)) => {
                return Ok(Source::DataStream(DataReader::resume(checkpoint)));
            }
            None if is_data_stream(arn) => {
                return DataReader::open(door, arn, settings.start, now).map(Source::DataStream);
            }
            Some(SourcePlace::Table(checkpoint)) => ReadOptions::resume(checkpoint),
            None => match settings.start {
                Start::TrimHorizon => ReadOptions::default(),
                Start::Latest => ReadOptions::latest(),
                Start::AtTimestamp(moment) => ReadOptions::since(moment),
            },
        };
        Reader::open(door, arn, options.trimmed(Trimmed::Skip)).map(Source::Table)
    }

    /// The next records of a shard that there is room for; none when each of those was asked and has no more. `room` is told whether the shard was
    /// read to its end: then it is left for its children when there is room.
    pub(super) fn next_page(
        &mut self,
        door: &dyn Door,
        room: impl Fn(&Arc<str>, bool) -> usize,
    ) -> Result<Option<SourcePage>> {
        match self {
            Source::Table(reader) => {
                let page = reader.next_page_where(door, |shard| room(shard.shard_id, shard.has_ended))?;
                Ok(page.map(|page| SourcePage {
                    records: page.records.into_iter().map(SourceRecord::Table).collect(),
                    shard_id: page.shard_id,
                    gap: page.gap,
                }))
            }
            Source::DataStream(reader) => {
                let page = reader.next_page(door, room)?;
                Ok(page.map(|(shard_id, records)| {
                    let of_shard = |record| SourceRecord::of_data_stream(record, &shard_id);
                    let records = records.into_iter().filter_map(of_shard).collect();
                    SourcePage { records, shard_id: shard_id.clone(), gap: false }
                }))
            }
        }
    }

    /// Asks every shard anew at the next call.
    pub(super) fn begin_round(&mut self) {
        match self {
            Source::Table(reader) => reader.begin_round(),
            Source::DataStream(reader) => reader.begin_round(),
        }
    }

    /// Goes on at the oldest record where only an iterator knew the place. Says whether there is such a place.
    pub(super) fn restart_unnamed(&mut self) -> bool {
        match self {
            Source::Table(reader) => reader.restart_unnamed(),
            Source::DataStream(_) => false,
        }
    }

    /// Each shard that is read, with whether it was read to its end, and whether it had no more when it was last asked.
    pub(super) fn shards(&self) -> Vec<(&Arc<str>, bool, bool)> {
        match self {
            Source::Table(reader) => {
                reader.shards().map(|shard| (shard.shard_id, shard.has_ended, shard.is_dry)).collect()
            }
            Source::DataStream(reader) => reader.shards().collect(),
        }
    }

    /// Where it is for one who has not done with all that was read.
    pub(super) fn place_before<'a>(
        &self,
        undone: impl IntoIterator<Item = (&'a str, String)>,
    ) -> SourcePlace {
        match self {
            Source::Table(reader) => SourcePlace::Table(reader.checkpoint_before(undone)),
            Source::DataStream(reader) => SourcePlace::DataStream(reader.checkpoint_before(undone)),
        }
    }

    /// Whether nothing more can come.
    pub(super) fn is_finished(&self) -> bool {
        match self {
            Source::Table(reader) => reader.is_finished(),
            Source::DataStream(_) => false,
        }
    }
}
