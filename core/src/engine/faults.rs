//! Faults that are wanted: which calls are to meet which, and what was done to which call.
//!
//! A call looks at one number and goes on, unless it may be one that a fault is about.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use parking_lot::Mutex;
use smallvec::SmallVec;

use crate::api::{Error, Fault, FaultDescription, FaultEffect, Injection};
use crate::clock::Millis;
use crate::entropy::Entropy;
use crate::limits::FAULT_TRACE_MAX;

/// A fault after its check.
#[derive(Debug)]
pub(crate) struct PlannedFault {
    /// As it was set.
    pub(crate) given: Fault,
    pub(crate) effect: FaultEffect,
    /// Empty for all that are not the store's own.
    pub(crate) operations: Vec<&'static str>,
    /// The name of the table.
    pub(crate) table: Option<String>,
    /// What a call that fails is answered.
    pub(crate) error: Option<Error>,
    pub(crate) is_after: bool,
    pub(crate) millis: Millis,
    /// All where it is absent.
    pub(crate) records: Option<usize>,
}

/// What faults can tell calls apart by.
#[derive(Debug)]
pub(crate) struct Subject<'a> {
    pub(crate) operation: &'static str,
    /// Whether the operation is this store's own.
    pub(crate) is_own: bool,
    pub(crate) tables: SmallVec<[&'a str; 1]>,
    pub(crate) shard: Option<String>,
    pub(crate) iterator: Option<&'a str>,
}

/// A fault that is to happen to a call.
#[derive(Debug)]
#[must_use]
pub(crate) struct Chosen {
    pub(crate) fault: Arc<PlannedFault>,
    place: usize,
    /// Which script it is of: another may have been set since.
    script: u64,
}

/// What a call is to deliver once more, and what it did.
#[derive(Debug, Default)]
pub(crate) struct Repeats {
    wanted: AtomicUsize,
    done: AtomicUsize,
}

impl Repeats {
    /// Wants the newest records of each shard, so many or those of the call.
    pub(crate) fn want(&self, most: Option<usize>) {
        self.wanted.store(most.unwrap_or(OWN), Ordering::Relaxed);
    }

    /// How many records of a shard are wanted that got `own` from this call; 0 where nothing is.
    #[inline]
    pub(crate) fn wanted(&self, own: impl FnOnce() -> usize) -> usize {
        match self.wanted.load(Ordering::Relaxed) {
            OWN => own(),
            most => most,
        }
    }

    /// Notes that records were delivered once more.
    pub(crate) fn add(&self, count: usize) {
        self.done.fetch_add(count, Ordering::Relaxed);
    }

    /// How many were.
    pub(crate) fn done(&self) -> usize {
        self.done.load(Ordering::Relaxed)
    }
}

/// As many as the call itself delivers.
const OWN: usize = usize::MAX;

/// The faults of a database.
#[derive(Debug)]
pub(crate) struct Faults {
    /// The bits of the operations that faults are about; none without faults.
    concerned: AtomicU64,
    script: Mutex<Script>,
}

#[derive(Debug)]
struct Script {
    /// Counts the scripts.
    number: u64,
    seed: i64,
    chance: Entropy,
    rules: Vec<Rule>,
    trace: VecDeque<Injection>,
    /// How many entries the trace has had.
    traced: i64,
}

#[derive(Debug)]
struct Rule {
    fault: Arc<PlannedFault>,
    calls: i64,
    injected: i64,
}

impl Default for Faults {
    fn default() -> Faults {
        let chance = Entropy::seeded(0);
        let (rules, trace) = (Vec::new(), VecDeque::new());
        let script = Script { number: 0, seed: 0, chance, rules, trace, traced: 0 };
        Faults { concerned: AtomicU64::new(0), script: Mutex::new(script) }
    }
}

impl Faults {
    /// Whether one of them may be about an operation.
    #[inline]
    pub(crate) fn may_be_about(&self, operation: &str) -> bool {
        match self.concerned.load(Ordering::Relaxed) {
            0 => false,
            concerned => concerned & bit_of(operation) != 0,
        }
    }

    /// Puts faults in the place of those there are.
    pub(crate) fn set(&self, seed: i64, faults: Vec<PlannedFault>) {
        let mut script = self.script.lock();
        script.number += 1;
        let is_on = !faults.is_empty();
        script.rules =
            faults.into_iter().map(|fault| Rule { fault: Arc::new(fault), calls: 0, injected: 0 }).collect();
        if is_on {
            (script.seed, script.chance) = (seed, Entropy::seeded(seed.cast_unsigned()));
            script.trace.clear();
            script.traced = 0;
        }
        let concerned = script.rules.iter().fold(0, |all, rule| all | rule.fault.concerned());
        self.concerned.store(concerned, Ordering::Relaxed);
    }

    /// The fault that is to happen to a call: the first that is due. [`Faults::note`] says what came of it.
    pub(crate) fn choose(&self, subject: &Subject<'_>) -> Option<Chosen> {
        let mut script = self.script.lock();
        let Script { number, chance, rules, .. } = &mut *script;
        for (place, rule) in rules.iter_mut().enumerate() {
            if rule.fault.is_about(subject) && rule.is_due(chance) {
                rule.injected += 1;
                return Some(Chosen { fault: rule.fault.clone(), place, script: *number });
            }
        }
        None
    }

    /// Notes what a chosen fault did; none where it found nothing to do, and is as good as before.
    pub(crate) fn note(&self, chosen: &Chosen, subject: &Subject<'_>, at: Millis, done: Option<String>) {
        let mut script = self.script.lock();
        if script.number != chosen.script {
            return;
        }
        let Some(detail) = done else {
            script.rules[chosen.place].injected -= 1;
            return;
        };
        script.traced += 1;
        let entry = Injection {
            number: Some(script.traced),
            at: Some(at.try_into().unwrap_or(i64::MAX)),
            fault: i32::try_from(chosen.place).ok(),
            name: chosen.fault.given.name.clone(),
            effect: Some(chosen.fault.effect.into()),
            operation: Some(subject.operation.to_owned()),
            table_names: Some(subject.tables.iter().map(|table| (*table).to_owned()).collect()),
            shard_id: subject.shard.clone(),
            detail: Some(detail),
        };
        if script.trace.len() == FAULT_TRACE_MAX.unsigned_abs() as usize {
            script.trace.pop_front();
        }
        script.trace.push_back(entry);
    }

    /// Seed, faults, and of the trace what comes after a number, at most so many entries.
    pub(crate) fn describe(&self, after: i64, limit: usize) -> (i64, Vec<FaultDescription>, Vec<Injection>) {
        let script = self.script.lock();
        let faults = script.rules.iter().map(|rule| FaultDescription {
            fault: Some(rule.fault.given.clone()),
            calls: Some(rule.calls),
            injected: Some(rule.injected),
        });
        let trace = script.trace.iter().filter(|entry| entry.number > Some(after)).take(limit);
        (script.seed, faults.collect(), trace.cloned().collect())
    }
}

/// One of 64 bits. Some operations share one: then more calls are looked at closely than need be.
fn bit_of(operation: &str) -> u64 {
    let sum = operation.bytes().fold(0, |sum: u8, byte| sum.wrapping_mul(31).wrapping_add(byte));
    1 << (sum % 64)
}

impl PlannedFault {
    /// The bits of the operations that it is about.
    fn concerned(&self) -> u64 {
        match &self.operations[..] {
            [] => u64::MAX,
            operations => operations.iter().fold(0, |all, operation| all | bit_of(operation)),
        }
    }

    fn is_about(&self, subject: &Subject<'_>) -> bool {
        let Fault { shard_id, shard_iterator, .. } = &self.given;
        let is_operation = match &self.operations[..] {
            [] => !subject.is_own,
            operations => operations.contains(&subject.operation),
        };
        is_operation
            && self.table.as_deref().is_none_or(|table| subject.tables.contains(&table))
            && (shard_id.is_none() || *shard_id == subject.shard)
            && shard_iterator.as_deref().is_none_or(|iterator| subject.iterator == Some(iterator))
    }
}

impl Rule {
    /// Counts a call, and says whether the fault happens to it.
    fn is_due(&mut self, chance: &Entropy) -> bool {
        self.calls += 1;
        let Fault { skip, times, probability, .. } = self.fault.given;
        self.calls > skip.unwrap_or(0)
            && times.is_none_or(|times| self.injected < times)
            && probability.is_none_or(|probability| chance.happens(probability))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(given: Fault) -> PlannedFault {
        PlannedFault {
            given,
            effect: FaultEffect::Delay,
            operations: Vec::new(),
            table: None,
            error: None,
            is_after: false,
            millis: 1,
            records: None,
        }
    }

    fn call(operation: &'static str) -> Subject<'static> {
        Subject { operation, is_own: false, tables: SmallVec::new(), shard: None, iterator: None }
    }

    #[test]
    fn what_did_nothing_is_not_used_up() {
        let faults = Faults::default();
        faults.set(0, vec![fault(Fault { times: Some(1), ..Fault::default() })]);
        let first = faults.choose(&call("GetRecords")).expect("due");
        assert!(faults.choose(&call("GetRecords")).is_none(), "it is being done to another call");
        faults.note(&first, &call("GetRecords"), 0, None);
        let second = faults.choose(&call("GetRecords")).expect("due again");
        faults.note(&second, &call("GetRecords"), 0, Some("done".into()));
        assert!(faults.choose(&call("GetRecords")).is_none());
        let (_, told, trace) = faults.describe(0, 10);
        assert_eq!((told[0].calls, told[0].injected, trace.len()), (Some(4), Some(1), 1));
    }

    #[test]
    fn calls_that_no_fault_is_about_are_told_from_the_others() {
        let faults = Faults::default();
        let about = |operations| PlannedFault { operations, ..fault(Fault::default()) };
        for (given, expected) in [
            (vec![], [false, false, false]),
            (vec![about(vec!["DescribeStream"])], [false, false, true]),
            (vec![about(vec!["DescribeStream"]), about(vec!["PutItem"])], [true, false, true]),
            (vec![about(Vec::new())], [true, true, true]),
        ] {
            faults.set(0, given);
            let told =
                ["PutItem", "GetItem", "DescribeStream"].map(|operation| faults.may_be_about(operation));
            assert_eq!(told, expected);
        }
    }

    #[test]
    fn the_trace_is_bounded_and_paged() {
        let faults = Faults::default();
        faults.set(0, vec![fault(Fault::default())]);
        for _ in 0..FAULT_TRACE_MAX + 5 {
            let chosen = faults.choose(&call("PutItem")).expect("always");
            faults.note(&chosen, &call("PutItem"), 0, Some("done".into()));
        }
        let numbers = |after, limit| -> Vec<i64> {
            faults.describe(after, limit).2.iter().filter_map(|entry| entry.number).collect()
        };
        assert_eq!(numbers(0, 2), [6, 7]);
        assert_eq!(numbers(1_003, 9), [1_004, 1_005]);
        assert_eq!(numbers(0, usize::MAX).len(), 1_000);
    }

    #[test]
    fn a_script_that_was_replaced_is_told_nothing() {
        let faults = Faults::default();
        faults.set(0, vec![fault(Fault::default())]);
        let chosen = faults.choose(&call("PutItem")).expect("always");
        faults.set(0, Vec::new());
        faults.note(&chosen, &call("PutItem"), 0, Some("done".into()));
        assert!(faults.describe(0, 10).2.is_empty());
        assert!(!faults.may_be_about("PutItem") && faults.choose(&call("PutItem")).is_none());
    }
}
