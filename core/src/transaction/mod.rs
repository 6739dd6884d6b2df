//! Transactions: the one way from what requests ask to what the store keeps. A PutItem is a transaction of one intent.
//!
//! ```text
//! intents ──► locks (each partition once, in one order) ──► decide each under its lock ──► mutations ──► one commit
//! ```
//! All of it happens or nothing does: a reason against one intent is a reason against all.

mod build;
mod commit;
mod intent;
mod locking;

pub(crate) use build::{attach_space, build_step, detach_space};
pub(crate) use intent::{Action, Intent, Lifetime, Written};
pub(crate) use locking::lock_all;

use self::commit::{Write, commit, commit_one};
use self::locking::{Locks, lock};
use crate::api::{Error, Result};
use crate::engine::{Call, Token};

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
    let mut partition = lock(call, &intent)?;
    let before = call.store.get(intent.table.id, &intent.key)?;
    let after = intent.decide(before.as_ref())?;
    let (written, table, mutation) = intent.settled(before, after);
    commit_one(call, &mut partition, &table, mutation)?;
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
    let mut locks = Locks::take(call, &intents)?;
    let mut decided = Vec::with_capacity(intents.len());
    let mut writes = Vec::with_capacity(intents.len());
    let count = intents.len();
    let mut against: Vec<(usize, Error)> = Vec::new();
    for (at, intent) in intents.into_iter().enumerate() {
        let before = call.store.get(intent.table.id, &intent.key)?;
        match intent.decide(before.as_ref()) {
            Ok(after) => {
                let (written, table, mutation) = intent.settled(before, after);
                decided.push(written);
                writes.push(Write { table, lock: locks.of_intent(at), mutation });
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
    commit(call, &mut locks, writes, token)?;
    Ok(decided)
}
