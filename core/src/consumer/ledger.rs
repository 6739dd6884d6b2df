//! What all lanes of a consumer write into: counts, failures, the trace, and what is not durable yet.

use std::sync::Arc;
use std::time::Duration;

use super::failure::{Condition, Failure};
use super::invocation::{Batch, WindowCall};
use super::response::Failing;
use super::trace::{Became, Trace};
use super::{Counts, Settings};
use crate::clock::{Millis, millis};
use crate::entropy::Entropy;

/// Counts the changes of what is to be durable.
pub(super) type Generation = u64;

/// Records that are given up.
pub(super) struct GivenUp<'a> {
    pub(super) condition: Condition,
    pub(super) shard_id: &'a Arc<str>,
    pub(super) request_id: Arc<str>,
    pub(super) invoke_count: u32,
    pub(super) failing: Option<Failing>,
    pub(super) batch: Batch,
    pub(super) window: Option<WindowCall>,
}

#[derive(Debug)]
pub(super) struct Ledger {
    pub(super) settings: Arc<Settings>,
    pub(super) now: Millis,
    pub(super) counts: Counts,
    pub(super) trace: Trace,
    pub(super) last_result: String,
    /// Failures that are not durable yet, each with the change that it is part of.
    pub(super) failures: Vec<(Generation, Failure)>,
    /// The newest change.
    pub(super) generation: Generation,
    /// The newest change that is durable.
    pub(super) saved: Generation,
    pub(super) entropy: Entropy,
    /// How many attempts there were to invoke the function, of every lane.
    pub(super) calls: u64,
}

impl Ledger {
    pub(super) fn new(settings: Arc<Settings>, last_result: String, seed: u64) -> Ledger {
        Ledger {
            trace: Trace::new(settings.traced_records),
            settings,
            now: 0,
            counts: Counts::default(),
            last_result,
            failures: Vec::new(),
            generation: 0,
            saved: 0,
            entropy: Entropy::seeded(seed),
            calls: 0,
        }
    }

    /// Something that is to be durable has changed.
    pub(super) fn change(&mut self) -> Generation {
        self.generation += 1;
        self.generation
    }

    pub(super) fn request_id(&self) -> Arc<str> {
        self.entropy.uuid().into()
    }

    /// Until when to wait after so many failures in a row.
    pub(super) fn back_off(&self, failures: u32) -> Millis {
        let back_off = self.settings.back_off;
        let doubled =
            back_off.first.saturating_mul(1_u32.checked_shl(failures.saturating_sub(1)).unwrap_or(u32::MAX));
        let wait = doubled.min(back_off.most).as_secs_f64();
        // From -1 to 1.
        let chance = (self.entropy.next() >> 11) as f64 / (1_u64 << 52) as f64 - 1.0;
        let wait = Duration::try_from_secs_f64(wait * (1.0 + chance * back_off.jitter.clamp(0.0, 1.0)));
        self.now.saturating_add(wait.map_or(Millis::MAX, millis))
    }

    pub(super) fn note(&mut self, shard_id: &Arc<str>, batch: &Batch, became: Became) {
        self.trace.note(self.now, shard_id, batch.marks(), became);
    }

    /// Gives records up: they count as settled, and the destination is told.
    pub(super) fn give_up(&mut self, given_up: GivenUp<'_>) {
        let GivenUp { condition, shard_id, request_id, invoke_count, failing, batch, window } = given_up;
        let failure = Failure {
            condition,
            shard_id: shard_id.clone(),
            request_id,
            invoke_count,
            at: self.now,
            unique: self.entropy.uuid(),
            failing,
            batch,
            window,
            settings: self.settings.clone(),
        };
        let destination = failure.destination().map(Arc::from);
        if destination.is_none() {
            self.counts.dropped_event_count += failure.records().len() as u64;
        }
        let became = match condition {
            Condition::RetryAttemptsExhausted => Became::Discarded { destination },
            Condition::RecordAgeExceeded => Became::Expired { destination },
        };
        self.note(shard_id, &failure.batch, became);
        let generation = self.change();
        self.failures.push((generation, failure));
    }
}
