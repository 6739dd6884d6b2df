//! What partitions bear, where a database is opened to split them by rule: how large each is, and how many units are read from and written to
//! it.
//!
//! Sizes are estimates that follow every write: when a database is opened, and when a partition is split, what is there is taken to be spread
//! evenly over the hashes, since to know it better would take reading all of it.

use std::collections::BTreeMap;

use parking_lot::Mutex;

use super::{Access, HashRange};
use crate::clock::Millis;

/// When a partition is split; 0 is never.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct SplitRule {
    pub(crate) bytes: u64,
    /// A second.
    pub(crate) write_units: u32,
    /// A second.
    pub(crate) read_units: u32,
    /// For how long units have to be used at that rate.
    pub(crate) after: Millis,
}

impl SplitRule {
    /// Whether partitions are split by what is read and written.
    pub(crate) fn is_by_use(self) -> bool {
        self.write_units > 0 || self.read_units > 0
    }

    fn units(self, work: Access) -> u32 {
        match work {
            Access::Read => self.read_units,
            Access::Write => self.write_units,
        }
    }
}

/// The loads of a table's partitions, by their first hashes. Those that nothing is known of are not here.
#[derive(Debug, Default)]
pub(crate) struct Loads(Mutex<BTreeMap<u64, Load>>);

#[derive(Clone, Copy, Debug, Default)]
struct Load {
    /// None where no write was seen.
    bytes: Option<i64>,
    reads: Option<Run>,
    writes: Option<Run>,
    /// Whether it was said that the partition is to be split: once is enough.
    is_due: bool,
}

/// Units that were used since a moment.
#[derive(Clone, Copy, Debug)]
struct Run {
    since: Millis,
    /// In thousandths, so that halves add up.
    thousandths: u64,
    /// Of the rows that they were used for.
    hash: u64,
    /// Whether they were used for others, too: a partition gains nothing by being split for a single hash.
    is_several: bool,
}

impl Loads {
    /// Notes that units were used for rows of a hash; says whether the partition is to be split for that.
    pub(crate) fn used(
        &self,
        rule: SplitRule,
        partition: u64,
        (work, used): (Access, f64),
        hash: u64,
        now: Millis,
    ) -> bool {
        let limit = u64::from(rule.units(work));
        if limit == 0 {
            return false;
        }
        let mut loads = self.0.lock();
        let load = loads.entry(partition).or_default();
        let run = match work {
            Access::Read => &mut load.reads,
            Access::Write => &mut load.writes,
        };
        let begun = Run { since: now, thousandths: 0, hash, is_several: false };
        let whole = run.get_or_insert(begun);
        whole.thousandths += (used * 1000.0) as u64;
        // A scan is of the whole partition, and names its first hash.
        whole.is_several |= whole.hash != hash || hash == partition;
        let passed = now.saturating_sub(whole.since);
        if passed < rule.after.max(1) {
            return false;
        }
        let is_hot = whole.is_several && whole.thousandths >= limit.saturating_mul(passed);
        *run = None;
        is_hot && !std::mem::replace(&mut load.is_due, true)
    }

    /// Notes that a partition has grown by so many bytes, or shrunk, in a table that has `whole` bytes by now; says whether the partition is to
    /// be split for its size.
    pub(crate) fn grew(&self, rule: SplitRule, partition: HashRange, by: i64, whole: i64) -> bool {
        let mut loads = self.0.lock();
        let load = loads.entry(partition.first).or_default();
        let grown = match load.bytes {
            None => share(whole, partition),
            Some(bytes) => bytes.saturating_add(by),
        };
        load.bytes = Some(grown);
        let is_large = by > 0 && u64::try_from(grown).is_ok_and(|grown| grown > rule.bytes);
        is_large && !std::mem::replace(&mut load.is_due, true)
    }

    /// Takes the size of a partition from that of its table, which is opened; says whether the partition is to be split for it.
    pub(crate) fn opened(&self, rule: SplitRule, partition: HashRange, whole: i64) -> bool {
        let bytes = share(whole, partition);
        let is_due = rule.bytes > 0 && u64::try_from(bytes).is_ok_and(|bytes| bytes > rule.bytes);
        let load = Load { bytes: Some(bytes), is_due, ..Load::default() };
        if rule.bytes > 0 {
            self.0.lock().insert(partition.first, load);
        }
        is_due
    }

    /// Whether it was said that the partition is to be split, and that was not done.
    pub(crate) fn is_due(&self, partition: u64) -> bool {
        self.0.lock().get(&partition).is_some_and(|load| load.is_due)
    }

    /// A partition was split: each part has the same share of what it had, and its own use from now on.
    pub(crate) fn split(&self, partition: u64, parts: &[HashRange]) {
        let mut loads = self.0.lock();
        let Some(Load { bytes: Some(bytes), .. }) = loads.remove(&partition) else { return };
        let count = i64::try_from(parts.len()).unwrap_or(i64::MAX).max(1);
        for part in parts {
            loads.insert(part.first, Load { bytes: Some(bytes / count), ..Load::default() });
        }
    }
}

/// The part of a table's bytes that falls to a partition where they are spread evenly.
fn share(whole: i64, partition: HashRange) -> i64 {
    let part = i128::from(whole) * (i128::from(partition.span()) + 1) / (i128::from(u64::MAX) + 1);
    i64::try_from(part).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: SplitRule = SplitRule { bytes: 1000, write_units: 10, read_units: 30, after: 5_000 };

    #[test]
    fn a_rate_has_to_last() {
        let loads = Loads::default();
        let write = |hash, now, units| loads.used(RULE, 0, (Access::Write, units), hash, now);
        assert!(!write(1, 0, 1_000.0), "no time has passed");
        assert!(!write(2, 4_999, 1.0));
        assert!(write(3, 5_000, 1.0), "1002 units in 5 seconds are more than 10 a second");
        assert!(loads.is_due(0));
        assert!(!write(1, 6_000, 1_000.0) && !write(2, 11_000, 1_000.0), "it was said");
    }

    #[test]
    fn a_rate_is_of_its_own_run() {
        let loads = Loads::default();
        let write = |hash, now, units| loads.used(RULE, 0, (Access::Write, units), hash, now);
        assert!(!write(1, 6_000, 49.0));
        assert!(!write(2, 11_000, 0.5), "49.5 units in 5 seconds are less");
        assert!(!write(1, 20_000, 49.5));
        assert!(write(2, 25_000, 0.5), "50 are as many");
    }

    #[test]
    fn a_pause_thins_the_rate() {
        let loads = Loads::default();
        let write = |hash, now, units| loads.used(RULE, 0, (Access::Write, units), hash, now);
        assert!(!write(1, 0, 100.0));
        assert!(!write(2, 60_000, 100.0), "200 units in a minute");
    }

    #[test]
    fn one_hash_is_not_split_and_a_scan_is_of_all() {
        let loads = Loads::default();
        let read = |hash, now| loads.used(RULE, 7, (Access::Read, 1_000.0), hash, now);
        assert!(!read(9, 0) && !read(9, 5_000));
        assert!(!read(7, 10_000));
        assert!(read(7, 15_000));
    }

    #[test]
    fn what_has_no_rule_is_not_counted() {
        let loads = Loads::default();
        let rule = SplitRule { write_units: 0, ..RULE };
        assert!(!loads.used(rule, 0, (Access::Write, 1e9), 1, 0));
        assert!(loads.0.lock().is_empty());
    }

    #[test]
    fn sizes_follow_writes_and_are_shared_out() {
        let loads = Loads::default();
        let [low, high] = [0, 1].map(|index| HashRange::ALL.part(index, 2));
        assert!(!loads.grew(RULE, low, 100, 2000), "half of what the table has by now");
        assert!(!loads.is_due(low.first));
        assert!(loads.grew(RULE, low, 1, 2001));
        assert!(!loads.grew(RULE, low, 1, 2002), "it was said");
        assert!(!loads.grew(RULE, low, -1, 2000), "shrinking splits nothing");
        assert!(!loads.grew(RULE, high, 5, 400));
        let quarters = [0, 1].map(|index| HashRange::ALL.part(index, 4));
        loads.split(low.first, &quarters);
        assert!(!loads.is_due(low.first));
        assert!(!loads.grew(RULE, quarters[1], 499, 9999));
        assert!(loads.grew(RULE, quarters[1], 2, 9999));
    }
}
