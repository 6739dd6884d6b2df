//! Doing what a plan says while the disk may fail, and noting what was answered.

use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use streamtable::{Database, Error, ErrorCode};

use super::{idle, is_of_the_disk};
use crate::calls::Result;
use crate::history::History;
use crate::plan::{Lane, Plan, Step};
use crate::random::Random;

/// Steps that are tried after the database has failed: none of them may succeed.
const AFTER_FAILURE: usize = 5;

/// What came of a plan.
#[derive(Debug)]
pub(super) struct Played {
    pub(super) lanes: Vec<Lane>,
    /// With one writer, the steps in order, those in flight at the end.
    pub(super) order: Vec<(usize, usize)>,
    /// How many calls the disk made fail.
    pub(super) failed: usize,
}

/// Plays some of a plan.
///
/// # Errors
/// A call failed for another reason than the disk, or one succeeded after the database had failed, or one that failed has changed something.
pub(super) fn play(
    db: &Database,
    history: &History,
    plan: &Plan,
    threads: bool,
    random: &mut Random,
) -> Result<Played> {
    let steps = plan.lines() / 2;
    // Some go through to the end; the others stop anywhere.
    let most = if random.chance(30) { steps } else { random.below(steps + 1) };
    if threads { play_at_once(db, plan, most) } else { play_in_turns(db, history, plan, most, random) }
}

/// What a caller hears of a step; the disk's errors apart.
fn run(db: &Database, step: &Step) -> Result<Result<String, Error>> {
    match db.call_json(step.operation, step.input.to_string().as_bytes()) {
        Ok(_) => Ok(Ok("ok".to_owned())),
        Err(error) if matches!(error.code(), ErrorCode::Storage | ErrorCode::Corruption) => Ok(Err(error)),
        Err(error) => Ok(Ok(error.code().name().to_owned())),
    }
}

fn play_in_turns(
    db: &Database,
    history: &History,
    plan: &Plan,
    most: u64,
    random: &mut Random,
) -> Result<Played> {
    let mut played = Played { lanes: idle(plan), order: Vec::new(), failed: 0 };
    // What is certain at each moment, for a look at what a refused step has done: nothing.
    let mut certain = history.clone();
    let mut stopped = vec![false; plan.lanes.len()];
    for _ in 0..most {
        let open: Vec<usize> = (0..plan.lanes.len())
            .filter(|lane| !stopped[*lane] && played.lanes[*lane].begun < plan.lanes[*lane].len())
            .collect();
        if open.is_empty() {
            break;
        }
        let lane = open[random.below(open.len() as u64) as usize];
        let (number, state) = (played.lanes[lane].begun, &mut played.lanes[lane]);
        let step = &plan.lanes[lane][number];
        state.begun += 1;
        match run(db, step)? {
            Ok(outcome) => {
                state.answers.push(outcome);
                played.order.push((lane, number));
                certain.apply(step);
            }
            Err(error) => {
                is_of_the_disk(&error)?;
                played.failed += 1;
                stopped[lane] = true;
                if db.call_json("ListTables", b"{}").is_err() {
                    played.order.push((lane, number));
                    check_dead(db, plan, &played.lanes, error)?;
                    return Ok(played);
                }
                // It goes on, so what it refused has not happened, and will not have. Where the disk does not let one look now, the
                // look after the next opening tells.
                if !certain.changes_nothing(step) && certain.has_happened(db, step) == Ok(true) {
                    return Err(format!("{} {}: {error}; but it was done", step.operation, step.input));
                }
                state.begun -= 1;
            }
        }
    }
    Ok(played)
}

/// A database that has failed answers nothing more.
fn check_dead(db: &Database, plan: &Plan, lanes: &[Lane], error: Error) -> Result<()> {
    let next = plan.lanes.iter().zip(lanes).filter_map(|(steps, lane)| steps.get(lane.begun));
    for step in next.take(AFTER_FAILURE) {
        match run(db, step)? {
            Err(_) => {}
            Ok(outcome) => return Err(format!("after {error}, {} answered {outcome}", step.operation)),
        }
    }
    Ok(())
}

fn play_at_once(db: &Database, plan: &Plan, most: u64) -> Result<Played> {
    let left = AtomicU64::new(most);
    let lane = |steps: &[Step]| -> Result<(Lane, usize)> {
        let mut lane = Lane::default();
        for step in steps {
            let is_last =
                left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| n.checked_sub(1)).is_err();
            if is_last {
                break;
            }
            lane.begun += 1;
            match run(db, step)? {
                Ok(outcome) => lane.answers.push(outcome),
                Err(error) => {
                    is_of_the_disk(&error)?;
                    return Ok((lane, 1));
                }
            }
        }
        Ok((lane, 0))
    };
    let lanes = thread::scope(|scope| {
        let threads: Vec<_> = plan.lanes.iter().map(|steps| scope.spawn(|| lane(steps))).collect();
        let joined = threads.into_iter().map(|thread| thread.join());
        joined
            .map(|lane| lane.unwrap_or_else(|_| Err("a writer panicked".to_owned())))
            .collect::<Result<Vec<(Lane, usize)>>>()
    })?;
    let failed = lanes.iter().map(|(_, failed)| failed).sum();
    Ok(Played { lanes: lanes.into_iter().map(|(lane, _)| lane).collect(), order: Vec::new(), failed })
}
