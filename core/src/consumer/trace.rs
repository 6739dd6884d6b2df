//! What became of the records that were read last.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;

use serde::{Serialize, Serializer};

use super::{SequenceNumber, SourceRecord};
use crate::clock::Millis;

/// What names a record.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Mark {
    number: SequenceNumber,
    /// 0 where the sequence number is a part of it.
    event_id: u128,
}

impl Mark {
    pub(super) fn of(record: &SourceRecord) -> Mark {
        let event_id = match record {
            SourceRecord::Table(record) => record.event_id,
            SourceRecord::DataStream(_) => 0,
        };
        Mark { number: record.sequence_number(), event_id }
    }
}

/// One thing that became of a record.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(tag = "what", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Became {
    /// No filter of the mapping matches it: it is passed over for good.
    Filtered,
    /// It was written before the mapping began.
    TooEarly,
    /// The function was invoked with it.
    Invoked {
        /// The request.
        #[serde(serialize_with = "text")]
        request_id: Arc<str>,
        /// 1 for the first attempt.
        attempt: u32,
    },
    /// The function has done with it.
    Succeeded,
    /// The function has failed.
    Failed {
        /// How, in a word: `thrown`, `timed_out`, `response`, `no_progress`, `no_state`, `too_large`, `writes`.
        how: &'static str,
    },
    /// The function has reported this record or one before it as failed; it comes again.
    Reported,
    /// Its batch failed and was split in two.
    Bisected,
    /// The function was not reached.
    NotInvoked {
        /// Why.
        #[serde(serialize_with = "text")]
        reason: Arc<str>,
    },
    /// It was given up after the last attempt.
    Discarded {
        /// Where the record of the failure goes.
        #[serde(serialize_with = "text_if_any")]
        destination: Option<Arc<str>>,
    },
    /// It was given up because it was too old.
    Expired {
        /// Where the record of the failure goes.
        #[serde(serialize_with = "text_if_any")]
        destination: Option<Arc<str>>,
    },
    /// It grew older than the source keeps records, before the function had done with it.
    Trimmed,
}

/// One thing that became of a record, and when.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[non_exhaustive]
pub struct Explanation {
    /// When, epoch milliseconds.
    pub at: u64,
    /// The shard that has the record.
    #[serde(serialize_with = "text")]
    pub shard_id: Arc<str>,
    /// Its place in the shard.
    pub sequence_number: SequenceNumber,
    /// What became of it.
    #[serde(flatten)]
    pub became: Became,
}

pub(super) fn text<S: Serializer>(text: &Arc<str>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(text)
}

fn text_if_any<S: Serializer>(text: &Option<Arc<str>>, serializer: S) -> Result<S::Ok, S::Error> {
    text.as_deref().serialize(serializer)
}

#[derive(Debug)]
struct Entry {
    at: Millis,
    shard_id: Arc<str>,
    marks: Arc<[Mark]>,
    range: Range<usize>,
    became: Became,
}

/// The last entries, of a bounded number of records. A batch is one entry, which shares its list of records with the others of this batch.
#[derive(Debug)]
pub(super) struct Trace {
    entries: VecDeque<Entry>,
    records: usize,
    most: usize,
}

impl Trace {
    pub(super) fn new(most: usize) -> Trace {
        Trace { entries: VecDeque::new(), records: 0, most }
    }

    pub(super) fn keep(&mut self, most: usize) {
        self.most = most;
    }

    /// Notes what became of some records of a page.
    pub(super) fn note_page(&mut self, at: Millis, shard_id: &Arc<str>, marks: Vec<Mark>, became: Became) {
        let all = 0..marks.len();
        self.note(at, shard_id, (marks.into(), all), became);
    }

    pub(super) fn note(
        &mut self,
        at: Millis,
        shard_id: &Arc<str>,
        (marks, range): (Arc<[Mark]>, Range<usize>),
        became: Became,
    ) {
        if self.most == 0 || range.is_empty() {
            return;
        }
        self.records += range.len();
        self.entries.push_back(Entry { at, shard_id: shard_id.clone(), marks, range, became });
        while self.records > self.most && self.entries.len() > 1 {
            self.records -= self.entries.pop_front().expect("more than one").range.len();
        }
    }

    /// What became of a record, the first first. It is named by its sequence number or its `eventID`.
    pub(super) fn explain(&self, record: &str) -> Vec<Explanation> {
        // The `eventID` of a record of a data stream is its shard, a colon and its sequence number.
        let number = record.rsplit(':').next().unwrap_or(record).parse::<SequenceNumber>().ok();
        let event_id =
            Some(record).filter(|id| id.len() == 32).and_then(|id| u128::from_str_radix(id, 16).ok());
        let is_it = |mark: &Mark| {
            number == Some(mark.number) || (event_id == Some(mark.event_id) && mark.event_id != 0)
        };
        let found = self.entries.iter().filter_map(|entry| {
            let mark = entry.marks[entry.range.clone()].iter().find(|mark| is_it(mark))?;
            Some(Explanation {
                at: entry.at,
                shard_id: entry.shard_id.clone(),
                sequence_number: mark.number,
                became: entry.became.clone(),
            })
        });
        found.collect()
    }
}
