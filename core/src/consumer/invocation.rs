//! An invocation of a function: the records, the event that says them, and what comes back.

use std::ops::Range;
use std::sync::Arc;

use serde::ser::{SerializeSeq, SerializeStruct};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use super::record::InEvent;
use super::trace::Mark;
use super::{Settings, SourceRecord};
use crate::clock::{Millis, label};

/// Names one attempt to invoke a function.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct InvocationId(pub u64);

/// Records of one shard in their order, shared with the pieces they are split into.
#[derive(Clone, Debug)]
pub(super) struct Batch {
    all: Arc<[SourceRecord]>,
    marks: Arc<[Mark]>,
    range: Range<usize>,
}

impl Batch {
    pub(super) fn new(records: Vec<SourceRecord>) -> Batch {
        let marks = records.iter().map(Mark::of).collect();
        Batch { range: 0..records.len(), all: records.into(), marks }
    }

    pub(super) fn records(&self) -> &[SourceRecord] {
        &self.all[self.range.clone()]
    }

    pub(super) fn marks(&self) -> (Arc<[Mark]>, Range<usize>) {
        (self.marks.clone(), self.range.clone())
    }

    pub(super) fn len(&self) -> usize {
        self.range.len()
    }

    /// The first `count` records, which this one loses.
    pub(super) fn split_front(&mut self, count: usize) -> Batch {
        let at = self.range.start + count;
        let front = Batch { range: self.range.start..at, ..self.clone() };
        self.range.start = at;
        front
    }
}

/// A tumbling window as an invocation is told of it.
#[derive(Clone, PartialEq, Debug)]
#[non_exhaustive]
pub struct WindowCall {
    /// Where it begins, epoch milliseconds.
    pub start: u64,
    /// Where it ends, epoch milliseconds: the first moment that is not in it.
    pub end: u64,
    /// What the function has answered last.
    pub state: Arc<Map<String, Value>>,
    /// Whether nothing more comes in this window.
    pub is_final: bool,
    /// Whether that is because the state has become too large.
    pub is_terminated_early: bool,
}

/// A function is to be invoked. What became of it is told by [`Consumer::complete`](super::Consumer::complete).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Invocation {
    /// Names this attempt.
    pub id: InvocationId,
    /// The request's identity: the same for each attempt at the same records.
    pub request_id: Arc<str>,
    /// The shard that has the records.
    pub shard_id: Arc<str>,
    /// 1 for the first attempt at these records.
    pub attempt: u32,
    /// The tumbling window, if the mapping has such.
    pub window: Option<WindowCall>,
    pub(super) batch: Batch,
    /// The event of a failure that is given to its function again, in place of that of the batch.
    pub(super) again: Option<Arc<[u8]>>,
    pub(super) settings: Arc<Settings>,
}

impl Invocation {
    /// One of an event that was kept.
    pub(super) fn again(
        id: InvocationId,
        request_id: &str,
        event: Vec<u8>,
        settings: Settings,
    ) -> Invocation {
        Invocation {
            id,
            request_id: request_id.into(),
            shard_id: "".into(),
            attempt: 1,
            window: None,
            batch: Batch::new(Vec::new()),
            again: Some(event.into()),
            settings: Arc::new(settings),
        }
    }

    /// The function's ARN.
    pub fn function_arn(&self) -> &str {
        &self.settings.function_arn
    }

    /// The records. None at the end of a tumbling window, and of a failure that is given to its function again: its event has them.
    pub fn records(&self) -> &[SourceRecord] {
        self.batch.records()
    }

    /// The event for the function, in the members and their order that Lambda has.
    pub fn event(&self) -> Event<'_> {
        Event {
            records: self.records(),
            shard_id: &self.shard_id,
            source_arn: &self.settings.source_arn,
            window: self.window.as_ref(),
        }
    }

    /// The event as compact JSON.
    pub fn event_json(&self) -> Vec<u8> {
        if let Some(event) = &self.again {
            return event.to_vec();
        }
        serde_json::to_vec(&self.event()).expect("an event is plain data")
    }
}

/// What a function is given: `{"Records": […]}`, in a tumbling window with `shardId`, `eventSourceARN`, `window`, `state`,
/// `isFinalInvokeForWindow` and `isWindowTerminatedEarly`.
#[derive(Clone, Copy, Debug)]
pub struct Event<'a> {
    pub(super) records: &'a [SourceRecord],
    pub(super) shard_id: &'a str,
    pub(super) source_arn: &'a str,
    pub(super) window: Option<&'a WindowCall>,
}

impl Serialize for Event<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let records = Records { records: self.records, source_arn: self.source_arn };
        let Some(window) = self.window else {
            let mut event = serializer.serialize_struct("Event", 1)?;
            event.serialize_field("Records", &records)?;
            return event.end();
        };
        let mut event = serializer.serialize_struct("Event", 7)?;
        event.serialize_field("Records", &records)?;
        event.serialize_field("shardId", self.shard_id)?;
        event.serialize_field("eventSourceARN", self.source_arn)?;
        event.serialize_field("window", &Bounds::of(window))?;
        event.serialize_field("state", &*window.state)?;
        event.serialize_field("isFinalInvokeForWindow", &window.is_final)?;
        event.serialize_field("isWindowTerminatedEarly", &window.is_terminated_early)?;
        event.end()
    }
}

struct Records<'a> {
    records: &'a [SourceRecord],
    source_arn: &'a str,
}

impl Serialize for Records<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut records = serializer.serialize_seq(Some(self.records.len()))?;
        for record in self.records {
            records.serialize_element(&InEvent { record, source_arn: self.source_arn })?;
        }
        records.end()
    }
}

/// `{"start":"…","end":"…"}`, to the second.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Bounds {
    start: String,
    end: String,
}

impl Bounds {
    pub(super) fn of(window: &WindowCall) -> Bounds {
        Bounds { start: seconds(window.start), end: seconds(window.end) }
    }
}

/// `2026-01-01T00:00:00Z`
pub(super) fn seconds(at: Millis) -> String {
    let with_millis = label(at);
    format!("{}Z", with_millis.split('.').next().unwrap_or(&with_millis))
}

/// What a function has answered.
#[derive(Clone, PartialEq, Debug)]
pub enum Response {
    /// Nothing.
    Nothing,
    /// A value.
    Value(Value),
    /// Something that is no JSON.
    Unreadable,
}

impl Response {
    /// The response that a text is: nothing for an empty one.
    pub fn from_json(text: &[u8]) -> Response {
        if text.is_empty() {
            return Response::Nothing;
        }
        serde_json::from_slice(text).map_or(Response::Unreadable, Response::Value)
    }
}

/// What became of an invocation.
#[derive(Clone, PartialEq, Debug)]
#[non_exhaustive]
pub enum Outcome {
    /// The function has answered.
    Success(Response),
    /// The function has thrown, or died.
    Error,
    /// The function has not answered in time.
    TimedOut,
    /// The function was not reached: it was throttled, is not there or may not be called. That is no attempt.
    NotInvoked {
        /// Why, for `LastProcessingResult`.
        reason: String,
    },
}
