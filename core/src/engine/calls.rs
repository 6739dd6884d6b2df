//! What a database remembers of the calls it has answered, where it is opened to: their counts, and the latest of them.

use std::collections::VecDeque;
use std::time::Duration;

use parking_lot::Mutex;

use super::metrics::{Contents, Metrics};
use crate::api::Error;
use crate::clock::Millis;
use crate::limits::{CALL_MESSAGE_MAX_CHARS, TABLE_ARN_MAX_CHARS};

/// A call that has ended.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EndedCall<'a> {
    pub(crate) operation: &'static str,
    pub(crate) table: Option<&'a str>,
    pub(crate) answer: Result<Contents, &'a Error>,
    pub(crate) at: Millis,
    pub(crate) duration: Duration,
}

/// What is kept of a call.
#[derive(Clone, Debug)]
pub(crate) struct Traced {
    pub(crate) number: u64,
    pub(crate) at: Millis,
    pub(crate) operation: &'static str,
    pub(crate) table: Option<Box<str>>,
    pub(crate) duration: Duration,
    /// The code and its text.
    pub(crate) error: Option<(&'static str, Box<str>)>,
}

impl Traced {
    fn of(call: &EndedCall<'_>, number: u64) -> Traced {
        let error = call.answer.err().map(|error| {
            let message = error.message().chars().take(CALL_MESSAGE_MAX_CHARS).collect::<String>();
            (error.code().name(), message.into_boxed_str())
        });
        let table = call.table.filter(|table| table.len() <= TABLE_ARN_MAX_CHARS).map(Box::from);
        let EndedCall { at, operation, duration, .. } = *call;
        Traced { number, at, operation, table, duration, error }
    }
}

/// The calls of a database. They are of this opening: neither kept nor forked.
#[derive(Debug)]
pub(crate) struct Calls {
    pub(crate) metrics: Option<Metrics>,
    pub(crate) trace: Option<Trace>,
}

impl Calls {
    /// None where nobody asks for any: then a call costs nothing more.
    pub(crate) fn new(metrics: bool, traced: usize) -> Option<Box<Calls>> {
        let metrics = metrics.then(Metrics::default);
        let trace = (traced > 0).then(|| Trace { most: traced, latest: Mutex::default() });
        (metrics.is_some() || trace.is_some()).then(|| Box::new(Calls { metrics, trace }))
    }

    pub(crate) fn note(&self, call: &EndedCall<'_>) {
        if let Some(metrics) = &self.metrics {
            metrics.add(call.operation, call.table, call.answer, call.duration);
        }
        if let Some(trace) = &self.trace {
            trace.note(call);
        }
    }
}

/// The latest calls.
#[derive(Debug)]
pub(crate) struct Trace {
    /// How many are kept.
    most: usize,
    latest: Mutex<Latest>,
}

#[derive(Debug, Default)]
struct Latest {
    /// The number of the newest.
    number: u64,
    calls: VecDeque<Traced>,
}

impl Trace {
    fn note(&self, call: &EndedCall<'_>) {
        let mut latest = self.latest.lock();
        latest.number += 1;
        if latest.calls.len() >= self.most {
            latest.calls.pop_front();
        }
        let traced = Traced::of(call, latest.number);
        latest.calls.push_back(traced);
    }

    /// The calls after a number, the oldest first, and how many of those after it are forgotten.
    pub(crate) fn after(&self, number: u64, limit: usize) -> (Vec<Traced>, u64) {
        let latest = self.latest.lock();
        let forgotten = latest.number - latest.calls.len() as u64;
        let skip = usize::try_from(number.saturating_sub(forgotten)).unwrap_or(usize::MAX);
        (latest.calls.iter().skip(skip).take(limit).cloned().collect(), forgotten.saturating_sub(number))
    }
}
