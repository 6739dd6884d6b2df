//! What a transaction costs, against the same writes alone, and what a token adds.

use std::hint::black_box;

use streamtable::Database;
use streamtable::api::{Put, TransactWriteItem, TransactWriteItemsInput};
use streamtable::value::Item;

use crate::claim::{Bound, Claim, interleaved, micros};
use crate::engine::{items, time_puts};
use crate::sample::{TABLE, database};

const ROUNDS: usize = 7;
/// Puts of one transaction.
const ACTIONS: usize = 4;

fn input(items: &[Item], token: Option<String>) -> TransactWriteItemsInput {
    let action = |item: &Item| {
        let put = Put { table_name: Some(TABLE.into()), item: Some(item.clone().into()), ..Put::default() };
        TransactWriteItem { put: Some(put), ..TransactWriteItem::default() }
    };
    let transact_items = Some(items.iter().map(action).collect());
    TransactWriteItemsInput { transact_items, client_request_token: token, ..Default::default() }
}

/// One transaction, in microseconds, over all the items; requests are built before the clock starts.
fn time(db: &Database, items: &[Item], token: impl Fn(usize) -> Option<String>) -> f64 {
    let inputs: Vec<_> =
        items.chunks_exact(ACTIONS).enumerate().map(|(n, chunk)| input(chunk, token(n))).collect();
    let count = inputs.len() as f64;
    let run = |input| drop(black_box(db.call(input).expect("a transaction")));
    micros(|| inputs.into_iter().for_each(run)) / count
}

pub(crate) fn against_puts(name: String) -> Claim {
    let (together, alone) = (database(), database());
    let (mut revision, mut revision_alone) = (0, 0);
    let (ratio, ours, theirs) = interleaved(
        ROUNDS,
        || {
            revision += 1;
            time(&together, &items(revision), |_| None)
        },
        || {
            revision_alone += 1;
            ACTIONS as f64 * time_puts(&alone, items(revision_alone))
        },
    );
    let detail = format!("transaction {ours:.2} us, {ACTIONS} puts {theirs:.2} us");
    Claim { name, ratio, bound: Bound::AtMost, limit: 2.5, detail }
}

pub(crate) fn token_against_none(name: String) -> Claim {
    let (with, without) = (database(), database());
    let (mut revision, mut revision_without) = (0, 0);
    let (ratio, ours, theirs) = interleaved(
        ROUNDS,
        || {
            revision += 1;
            // As long as those of the SDKs.
            time(&with, &items(revision), |n| Some(format!("{revision:08}-0000-4000-8000-{n:012}")))
        },
        || {
            revision_without += 1;
            time(&without, &items(revision_without), |_| None)
        },
    );
    let detail = format!("with a token {ours:.2} us, without {theirs:.2} us");
    Claim { name, ratio, bound: Bound::AtMost, limit: 2.0, detail }
}
