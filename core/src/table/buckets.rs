//! Buckets of capacity: what a table, each of its partitions, and each of its global indexes may still read and write (facts B14).
//!
//! A bucket fills at its rate, up to what it holds. A request is admitted while there is something in it and takes out what it has used when it
//! is done, be that more than was there: what a request will cost is not known before.

use std::collections::BTreeMap;

use parking_lot::Mutex;

use super::Access;
use crate::clock::Millis;
use crate::limits::{PARTITION_READ_UNITS, PARTITION_WRITE_UNITS, THROUGHPUT_BURST_SECONDS};

/// Whose capacity it is.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Owner {
    Table,
    /// A partition, by its first hash.
    Partition(u64),
    /// A global index, by its name.
    Index(String),
}

/// The buckets of a table. Those that nobody has used are full, and not here.
#[derive(Debug, Default)]
pub(crate) struct Buckets(Mutex<BTreeMap<(Access, Owner), Bucket>>);

/// Thousandths of a unit, so that a rate in units a second is one in thousandths a millisecond, and nothing is rounded.
type Thousandths = i64;

/// What may still be used. It fills with time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bucket {
    /// Below zero after a request that used more than was there.
    level: Thousandths,
    filled: Millis,
}

/// How fast a bucket fills, in units a second, and how many seconds of that it holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Rate {
    units: i64,
    seconds: i64,
}

impl Rate {
    /// Of provisioned units, which are saved up.
    pub(crate) fn provisioned(units: i64) -> Rate {
        Rate { units, seconds: THROUGHPUT_BURST_SECONDS }
    }

    /// Of the most units a second that a table on demand is to use.
    pub(crate) const fn ceiling(units: i64) -> Rate {
        Rate { units, seconds: 1 }
    }

    /// Of a partition.
    pub(crate) fn of_partition(work: Access) -> Rate {
        let units = match work {
            Access::Read => PARTITION_READ_UNITS,
            Access::Write => PARTITION_WRITE_UNITS,
        };
        Rate { units, seconds: 1 }
    }

    fn most(self) -> Thousandths {
        self.units.saturating_mul(self.seconds).saturating_mul(1000)
    }
}

impl Buckets {
    /// Whether there is something in a bucket.
    pub(crate) fn has_some(&self, work: Access, (owner, rate): &(Owner, Rate), now: Millis) -> bool {
        let mut buckets = self.0.lock();
        buckets.get_mut(&(work, owner.clone())).is_none_or(|bucket| bucket.has_some(*rate, now))
    }

    /// Takes out what work has used.
    pub(crate) fn take(&self, work: Access, (owner, rate): &(Owner, Rate), now: Millis, used: f64) {
        let mut buckets = self.0.lock();
        let bucket = buckets.entry((work, owner.clone())).or_insert_with(|| Bucket::full(*rate, now));
        bucket.take(*rate, now, used);
    }
}

impl Bucket {
    pub(crate) fn full(rate: Rate, now: Millis) -> Bucket {
        Bucket { level: rate.most(), filled: now }
    }

    pub(crate) fn is_full(&mut self, rate: Rate, now: Millis) -> bool {
        self.fill(rate, now);
        self.level == rate.most()
    }

    /// Whether there is something in it.
    pub(crate) fn has_some(&mut self, rate: Rate, now: Millis) -> bool {
        self.fill(rate, now);
        self.level > 0
    }

    /// Takes one unit out, if there is one.
    pub(crate) fn take_one(&mut self, rate: Rate, now: Millis) -> bool {
        self.fill(rate, now);
        let has_one = self.level >= 1000;
        if has_one {
            self.level -= 1000;
        }
        has_one
    }

    /// Takes units out, be it more than there are.
    pub(crate) fn take(&mut self, rate: Rate, now: Millis, units: f64) {
        self.fill(rate, now);
        // Units come in halves.
        self.level = self.level.saturating_sub((units * 1000.0) as Thousandths);
    }

    fn fill(&mut self, rate: Rate, now: Millis) {
        let passed = i64::try_from(now.saturating_sub(self.filled)).unwrap_or(i64::MAX);
        self.level = self.level.saturating_add(rate.units.saturating_mul(passed)).min(rate.most());
        self.filled = self.filled.max(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_table(units: i64) -> (Owner, Rate) {
        (Owner::Table, Rate::provisioned(units))
    }

    #[test]
    fn a_table_saves_up_to_five_minutes() {
        let (buckets, own) = (Buckets::default(), of_table(2));
        let has_some = |now| buckets.has_some(Access::Write, &own, now);
        for _ in 0..600 {
            assert!(has_some(0));
            buckets.take(Access::Write, &own, 0, 1.0);
        }
        assert!(!has_some(0), "600 units are all that it holds");
        assert!(has_some(1), "and it fills by the millisecond");
        assert!(buckets.has_some(Access::Read, &own, 0), "reads have a bucket of their own");
        buckets.take(Access::Write, &own, 3_600_000, 600.0);
        assert!(!has_some(3_600_000), "an hour leaves no more than five minutes in it");
    }

    #[test]
    fn what_is_used_beyond_is_owed() {
        let (buckets, own) = (Buckets::default(), of_table(1));
        buckets.take(Access::Read, &own, 0, 302.5);
        assert!(!buckets.has_some(Access::Read, &own, 2_500));
        assert!(buckets.has_some(Access::Read, &own, 2_501));
    }

    #[test]
    fn a_partition_and_an_index_have_their_own() {
        let buckets = Buckets::default();
        let partition = |first| (Owner::Partition(first), Rate::of_partition(Access::Write));
        buckets.take(Access::Write, &partition(7), 0, 1000.0);
        assert!(!buckets.has_some(Access::Write, &partition(7), 0));
        assert!(buckets.has_some(Access::Write, &partition(8), 0), "another partition");
        assert!(buckets.has_some(Access::Write, &partition(7), 1));
        let index = |name: &str| (Owner::Index(name.to_owned()), Rate::ceiling(1));
        buckets.take(Access::Write, &index("a"), 0, 1.0);
        assert!(!buckets.has_some(Access::Write, &index("a"), 0), "a ceiling saves a second");
        assert!(buckets.has_some(Access::Write, &index("b"), 0));
    }
}
