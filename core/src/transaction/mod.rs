//! Transactions: the one way from what requests ask to what the store keeps. A PutItem is a transaction of one intent.
//!
//! ```text
//! intents ──► locks (each partition once, in one order) ──► decide each under its lock ──► mutations ──► one commit
//! ```
//! All of it happens or nothing does: a reason against one intent is a reason against all.

mod build;
mod collections;
mod commit;
mod copying;
mod delivery;
mod history;
mod intent;
mod locking;

pub(crate) use build::{attach_space, build_step, detach_space};
pub(crate) use collections::{bytes_of, collection_bytes, key_of, with_entries};
pub(crate) use copying::{bring_in, copy_step};
pub(crate) use history::{moment, record};
pub(crate) use intent::{Action, Intent, Lifetime, Written};
pub(crate) use locking::lock_all;

use std::sync::Arc;

use self::collections::Growth;
pub(crate) use self::commit::Attached;
use self::commit::{Write, commit, commit_one};
use self::locking::{Locks, lock};
use crate::api::{Error, ErrorCode, Result};
use crate::engine::{Call, Meter};
use crate::stream::Cause;
use crate::table::{Access, Origin, Space, Usage, write_units};
use crate::value::Item;

/// Why a transaction did not happen.
#[derive(Debug)]
pub(crate) enum Refused {
    /// For reasons of single intents, in their order.
    Each(Vec<Option<Error>>),
    /// For a reason of none of them: a table that is gone, the store's.
    Whole(Error),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Refused {
        Refused::Whole(error)
    }
}

/// How intents that are run at once stand with each other.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Bond {
    /// Each pays for itself, and what there is no capacity for is left out.
    Batch,
    /// All of them or none; a transaction costs twice as much (facts B14).
    Transaction,
}

/// Runs one intent: what [`run`] does with several, without a list of anything.
///
/// # Errors
/// The intent's, or the store's; then nothing has changed.
pub(crate) fn write<'a>(call: &Call<'_>, intent: Intent<'a>) -> Result<Written<'a>> {
    let meter = meter(call, &intent);
    call.admit(&intent.table, meter.as_ref())?;
    let mut partition = lock(call, &intent)?;
    let before = call.store.get(intent.table.id, &intent.key)?;
    let decision = intent.decide(before.as_ref(), &partition.spaces, Origin::Update);
    let after =
        pay(call, &intent, meter.as_ref(), before.as_ref(), decision, &partition.spaces, Bond::Batch)?;
    let mut growth = Growth::default();
    growth.add(call, &partition.spaces, before.as_ref(), after.as_ref())?;
    let (written, table, mutation) = intent.settled(&partition.spaces, before, after);
    commit_one(call, &mut partition, &table, mutation, growth)?;
    Ok(written)
}

/// Runs intents of the database itself, which needs no capacity, no two of them for one row.
///
/// # Errors
/// As [`run_under`].
pub(crate) fn run<'a>(call: &Call<'_>, intents: Vec<Intent<'a>>) -> Result<Vec<Written<'a>>, Refused> {
    Ok(run_batch(call, intents)?.into_iter().flatten().collect())
}

/// Runs intents, no two of them for one row; none in the place of those that there is no capacity for.
///
/// # Errors
/// As [`run_under`], and what says that there is no capacity for any of them.
pub(crate) fn run_batch<'a>(
    call: &Call<'_>,
    intents: Vec<Intent<'a>>,
) -> Result<Vec<Option<Written<'a>>>, Refused> {
    run_all(call, intents, Attached::default(), Bond::Batch)
}

/// Runs intents, no two of them for one row, with what goes with them: the token they come under, whose turn the caller has, and what the
/// caller writes in the same commit. What they leave is in their order.
///
/// # Errors
/// The reasons against single intents, all of them, or one against the whole; then nothing has changed.
pub(crate) fn run_under<'a>(
    call: &Call<'_>,
    intents: Vec<Intent<'a>>,
    attached: Attached<'_>,
) -> Result<Vec<Written<'a>>, Refused> {
    Ok(run_all(call, intents, attached, Bond::Transaction)?.into_iter().flatten().collect())
}

fn run_all<'a>(
    call: &Call<'_>,
    intents: Vec<Intent<'a>>,
    attached: Attached<'_>,
    bond: Bond,
) -> Result<Vec<Option<Written<'a>>>, Refused> {
    let meters: Vec<Option<Meter>> = intents.iter().map(|intent| meter(call, intent)).collect();
    let mut reasons = Reasons::of(intents.len());
    if bond == Bond::Transaction {
        for (at, (intent, meter)) in intents.iter().zip(&meters).enumerate() {
            if let Err(reason) = call.admit(&intent.table, meter.as_ref()) {
                reasons.against(at, reason);
            }
        }
        reasons.refuse()?;
    }
    let mut locks = Locks::take(call, &intents)?;
    let mut decided = Vec::with_capacity(intents.len());
    let mut writes = Vec::with_capacity(intents.len());
    let mut growth = Growth::default();
    // Why what was left out of a batch was.
    let mut throttled = None;
    for (at, intent) in intents.into_iter().enumerate() {
        let before = call.store.get(intent.table.id, &intent.key)?;
        let lock = locks.of_intent(at);
        let spaces = &locks.partition(lock).spaces;
        let meter = meters[at].as_ref();
        let decision = intent.decide(before.as_ref(), spaces, Origin::TransactedUpdate);
        let admitted = if bond == Bond::Batch { call.admit(&intent.table, meter) } else { Ok(()) };
        let paid = admitted.and_then(|()| {
            let after = pay(call, &intent, meter, before.as_ref(), decision, spaces, bond)?;
            growth.add(call, spaces, before.as_ref(), after.as_ref())?;
            Ok(after)
        });
        match paid {
            Ok(after) => {
                let (written, table, mutation) = intent.settled(spaces, before, after);
                decided.push(Some(written));
                writes.push(Write { table, lock, mutation });
            }
            Err(reason) if bond == Bond::Batch && is_throttling(&reason) => {
                decided.push(None);
                throttled = Some(reason);
            }
            Err(reason) => reasons.against(at, reason),
        }
    }
    reasons.refuse()?;
    if let (Some(reason), true) = (throttled, writes.is_empty()) {
        return Err(Refused::Whole(reason));
    }
    commit(call, &mut locks, writes, growth, attached)?;
    Ok(decided)
}

/// What speaks against single intents.
struct Reasons {
    count: usize,
    against: Vec<(usize, Error)>,
}

impl Reasons {
    fn of(count: usize) -> Reasons {
        Reasons { count, against: Vec::new() }
    }

    fn against(&mut self, at: usize, reason: Error) {
        self.against.push((at, reason));
    }

    /// # Errors
    /// All of them, if there are any.
    fn refuse(&mut self) -> Result<(), Refused> {
        if self.against.is_empty() {
            return Ok(());
        }
        let mut reasons = vec![None; self.count];
        for (at, reason) in self.against.drain(..) {
            reasons[at] = Some(reason);
        }
        Err(Refused::Each(reasons))
    }
}

fn is_throttling(error: &Error) -> bool {
    matches!(error.code(), ErrorCode::ProvisionedThroughputExceeded | ErrorCode::Throttling)
}

/// What meters what a caller wants; what the database does by itself costs nothing.
fn meter(call: &Call<'_>, intent: &Intent<'_>) -> Option<Meter> {
    match intent.cause {
        Cause::User => call.meter(&intent.table, Access::Write, intent.key.hash()),
        Cause::Service => None,
    }
}

/// Takes the capacity of what was decided, also where the condition was false (facts B14), and gives the decision back.
///
/// # Errors
/// That of the decision; or that an index whose entry it changes has no capacity, which costs nothing.
fn pay(
    call: &Call<'_>,
    intent: &Intent<'_>,
    meter: Option<&Meter>,
    before: Option<&Item>,
    decision: Result<Option<Item>>,
    spaces: &[Arc<Space>],
    bond: Bond,
) -> Result<Option<Item>> {
    if meter.is_none() {
        return decision;
    }
    let usage = match &decision {
        Ok(after) => Usage::of_write(before, after.as_ref(), spaces),
        Err(_) => Usage::of_table(write_units(before.map_or(0, Item::size), 0)),
    };
    call.admit_entries(&intent.table, meter, &usage)?;
    let usage = if bond == Bond::Transaction { usage.doubled() } else { usage };
    call.charge(&intent.table, meter, &usage);
    decision
}
