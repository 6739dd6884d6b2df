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
mod history;
mod intent;
mod locking;

pub(crate) use build::{attach_space, build_step, detach_space};
pub(crate) use collections::{bytes_of, collection_bytes, key_of, with_entries};
pub(crate) use copying::copy_step;
pub(crate) use history::record;
pub(crate) use intent::{Action, Intent, Lifetime, Written};
pub(crate) use locking::lock_all;

use self::collections::Growth;
use self::commit::{Write, commit, commit_one};
use self::locking::{Locks, lock};
use crate::api::{Error, Result};
use crate::engine::{Call, Meter, Token};
use crate::stream::Cause;
use crate::table::{Access, write_units};
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

/// Runs one intent: what [`run`] does with several, without a list of anything.
///
/// # Errors
/// The intent's, or the store's; then nothing has changed.
pub(crate) fn write<'a>(call: &Call<'_>, intent: Intent<'a>) -> Result<Written<'a>> {
    let meter = admit(call, &intent)?;
    let mut partition = lock(call, &intent)?;
    let before = call.store.get(intent.table.id, &intent.key)?;
    let after = intent.decide(before.as_ref(), &partition.spaces);
    charge(call, &intent, meter, before.as_ref(), &after);
    let after = after?;
    let mut growth = Growth::default();
    growth.add(call, &partition.spaces, before.as_ref(), after.as_ref())?;
    let (written, table, mutation) = intent.settled(&partition.spaces, before, after);
    commit_one(call, &mut partition, &table, mutation, growth)?;
    Ok(written)
}

/// Runs intents, no two of them for one row, as [`run_under`] does, without a token.
pub(crate) fn run<'a>(call: &Call<'_>, intents: Vec<Intent<'a>>) -> Result<Vec<Written<'a>>, Refused> {
    run_under(call, intents, None)
}

/// Runs intents, no two of them for one row, and remembers the token they come under, whose turn the caller has. What they leave is in
/// their order.
///
/// # Errors
/// The reasons against single intents, all of them, or one against the whole; then nothing has changed.
pub(crate) fn run_under<'a>(
    call: &Call<'_>,
    intents: Vec<Intent<'a>>,
    token: Option<&Token>,
) -> Result<Vec<Written<'a>>, Refused> {
    let meters = admit_all(call, &intents)?;
    let mut locks = Locks::take(call, &intents)?;
    let mut decided = Vec::with_capacity(intents.len());
    let mut writes = Vec::with_capacity(intents.len());
    let count = intents.len();
    let mut against: Vec<(usize, Error)> = Vec::new();
    let mut growth = Growth::default();
    for (at, intent) in intents.into_iter().enumerate() {
        let before = call.store.get(intent.table.id, &intent.key)?;
        let lock = locks.of_intent(at);
        let spaces = &locks.partition(lock).spaces;
        let decided_after = intent.decide(before.as_ref(), spaces);
        charge(call, &intent, meters[at], before.as_ref(), &decided_after);
        let admitted = decided_after.and_then(|after| {
            growth.add(call, spaces, before.as_ref(), after.as_ref())?;
            Ok(after)
        });
        match admitted {
            Ok(after) => {
                let (written, table, mutation) = intent.settled(spaces, before, after);
                decided.push(written);
                writes.push(Write { table, lock, mutation });
            }
            Err(reason) => against.push((at, reason)),
        }
    }
    if !against.is_empty() {
        let mut reasons = vec![None; count];
        for (at, reason) in against {
            reasons[at] = Some(reason);
        }
        return Err(Refused::Each(reasons));
    }
    commit(call, &mut locks, writes, growth, token)?;
    Ok(decided)
}

/// As [`admit`], for all of them: what one has no capacity for is a reason against all.
fn admit_all(call: &Call<'_>, intents: &[Intent<'_>]) -> Result<Vec<Option<Meter>>, Refused> {
    let mut meters = Vec::with_capacity(intents.len());
    for (at, intent) in intents.iter().enumerate() {
        meters.push(admit(call, intent).map_err(|error| {
            let mut reasons = vec![None; intents.len()];
            reasons[at] = Some(error);
            Refused::Each(reasons)
        })?);
    }
    Ok(meters)
}

/// Whether the table has capacity left for what a caller wants; what the database does by itself costs none.
fn admit(call: &Call<'_>, intent: &Intent<'_>) -> Result<Option<Meter>> {
    match intent.cause {
        Cause::User => call.admit(&intent.table, Access::Write, intent.key.hash()),
        Cause::Service => Ok(None),
    }
}

/// Takes the capacity of what was decided, also where the condition was false (facts B14).
fn charge(
    call: &Call<'_>,
    intent: &Intent<'_>,
    meter: Option<Meter>,
    before: Option<&Item>,
    after: &Result<Option<Item>>,
) {
    let size = |item: Option<&Item>| item.map_or(0, Item::size);
    let after = after.as_ref().ok().and_then(Option::as_ref);
    call.charge(&intent.table, meter, write_units(size(before), size(after)));
}
