//! Merging runs: several of like size become one, step by step, while the index is read and grows.
//!
//! Runs are in tiers, each four times the size of the one below. When four runs of a tier lie beside each other at the newer end, they and
//! everything newer become one run of the next tier. So each entry is written once per tier, and a look asks few runs.

use std::collections::BTreeSet;
use std::io;
use std::ops::Bound;
use std::sync::Arc;

use super::cursor::Merged;
use super::keys::{ROW, record_parts, table_of};
use super::run::{Run, RunWriter};
use super::{Family, Head, Reading};
use crate::api::Result;
use crate::store::LogId;
use crate::store::vfs::Vfs;

/// Entries of the lowest tier.
const TIER_ENTRIES: u64 = 8192;
/// Runs of a tier that become one.
const TIER_RUNS: usize = 4;

fn tier(entries: u64) -> u32 {
    (entries / TIER_ENTRIES).max(1).ilog(TIER_RUNS as u64)
}

/// How many of the newest runs are to become one; none while each tier has few.
pub(super) fn worth_merging(entries: &[u64]) -> Option<usize> {
    let tiers: Vec<u32> = entries.iter().map(|entries| tier(*entries)).collect();
    let suffix = |highest: u32| tiers.iter().rev().take_while(|tier| **tier <= highest).count();
    let full = |highest: &u32| {
        let newest = &tiers[tiers.len() - suffix(*highest)..];
        newest.iter().filter(|tier| *tier == highest).count() >= TIER_RUNS
    };
    let candidates: BTreeSet<u32> = tiers.iter().copied().collect();
    candidates.into_iter().rev().find(full).map(suffix)
}

/// A merge under way.
#[derive(Debug)]
pub(super) struct Merging {
    pub(super) family: Family,
    pub(super) inputs: Vec<Arc<Run>>,
    /// Whether nothing is older than the inputs: what was removed need not be remembered then.
    oldest: bool,
    /// Removed tables whose rows no run has when this is done.
    pub(super) gone: BTreeSet<u64>,
    merged: Merged,
    pub(super) output: u64,
    writer: RunWriter,
    /// The end of the log whose records are being read.
    head: Option<(LogId, Option<Head>)>,
}

/// What a step has led to.
#[derive(Debug)]
pub(super) enum Stepped {
    More(Box<Merging>),
    /// All is in the new run; none where nothing is left.
    Done(Option<Run>),
}

impl Merging {
    /// `newest` of the runs of a family become one.
    pub(super) fn start(
        vfs: &Arc<dyn Vfs>,
        reading: &Reading,
        family: Family,
        newest: usize,
        output: u64,
    ) -> io::Result<Merging> {
        let runs = reading.view.runs(family);
        let inputs = runs[runs.len() - newest..].to_vec();
        let oldest = inputs.len() == runs.len();
        let gone = if oldest && family == Family::Rows { reading.view.gone() } else { BTreeSet::new() };
        let merged = Merged::new(&inputs, None, Bound::Unbounded, false)?;
        let expected = inputs.iter().map(|run| run.entries).sum();
        let writer = RunWriter::create(vfs, output, family.is_filtered().then_some(expected))?;
        Ok(Merging { family, inputs, oldest, gone, merged, output, writer, head: None })
    }

    /// Goes on for some entries. `reading` is the newest there is: what it says is dead stays dead.
    pub(super) fn step(mut self, reading: &Reading, most: u64) -> Result<Stepped> {
        let gone = reading.view.gone();
        for _ in 0..most {
            let Merging { merged, writer, head, oldest, family, .. } = &mut self;
            let copied = merged.next(None, |key, value| -> Result<()> {
                let dead = match family {
                    Family::Rows => {
                        key[0] == ROW && table_of(key).is_some_and(|table| gone.contains(&table.0))
                    }
                    Family::Records => is_dead_record(reading, head, key)?,
                };
                if !dead && (value.is_some() || !*oldest) {
                    writer.add(key, value).map_err(super::failed)?;
                }
                Ok(())
            });
            match copied.map_err(super::failed)? {
                Some(copied) => copied?,
                None => {
                    let is_empty = self.writer.entries() == 0;
                    let run =
                        if is_empty { None } else { Some(self.writer.finish().map_err(super::failed)?) };
                    return Ok(Stepped::Done(run));
                }
            }
        }
        Ok(Stepped::More(Box::new(self)))
    }
}

/// Whether a record was removed, alone or with its log.
fn is_dead_record(reading: &Reading, head: &mut Option<(LogId, Option<Head>)>, key: &[u8]) -> Result<bool> {
    let (log, sequence) = record_parts(key)?;
    let known = match head {
        Some((known, head)) if *known == log => *head,
        _ => head.insert((log, reading.head(log)?)).1,
    };
    Ok(known.is_none_or(|head| head.trimmed >= Some(sequence)))
}

#[cfg(test)]
mod tests {
    use super::{TIER_ENTRIES, worth_merging};

    #[test]
    fn four_of_a_tier_become_one_with_all_that_is_newer() {
        let merge =
            |sizes: &[u64]| worth_merging(&sizes.iter().map(|size| size * TIER_ENTRIES).collect::<Vec<_>>());
        assert_eq!(merge(&[]), None);
        assert_eq!(merge(&[1, 1, 1]), None);
        assert_eq!(merge(&[1, 1, 1, 1]), Some(4));
        assert_eq!(merge(&[100, 1, 1, 1, 1]), Some(4));
        assert_eq!(merge(&[100, 4, 5, 6, 7, 1, 2]), Some(6), "the higher tier takes the lower one along");
        assert_eq!(merge(&[4, 1, 4, 4, 4]), Some(5), "small runs between large ones go with them");
        assert_eq!(merge(&[1, 1, 1, 100]), None);
    }

    #[test]
    fn the_number_of_runs_grows_with_the_logarithm_of_the_entries() {
        let (mut runs, mut written, mut most) = (Vec::new(), 0, 0);
        for _ in 0..4096 {
            runs.push(TIER_ENTRIES);
            while let Some(newest) = worth_merging(&runs) {
                let merged: u64 = runs.drain(runs.len() - newest..).sum();
                written += merged;
                runs.push(merged);
            }
            most = most.max(runs.len());
        }
        assert!(most <= 19, "{most} runs");
        assert!(written <= 4096 * TIER_ENTRIES * 6, "{} times", written / (4096 * TIER_ENTRIES));
    }
}
