//! Buckets of capacity: what a table, and each of its partitions, may still read and write (facts B14).
//!
//! A bucket fills at its rate, up to what it holds. A request is admitted while there is something in it and takes out what it has used when it
//! is done, be that more than was there: what a request will cost is not known before.

use std::collections::BTreeMap;

use parking_lot::Mutex;

use super::Access;
use crate::clock::Millis;
use crate::limits::{PARTITION_READ_UNITS, PARTITION_WRITE_UNITS, THROUGHPUT_BURST_SECONDS};

/// Whose capacity it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Owner {
    Table,
    /// A partition, by its first hash.
    Partition(u64),
}

/// The buckets of a table. Those that nobody has used are full, and not here.
#[derive(Debug, Default)]
pub(crate) struct Buckets(Mutex<BTreeMap<(Access, Owner), Bucket>>);

/// Thousandths of a unit, so that a rate in units a second is one in thousandths a millisecond, and nothing is rounded.
type Thousandths = i64;

#[derive(Clone, Copy, Debug)]
struct Bucket {
    /// Below zero after a request that used more than was there.
    level: Thousandths,
    filled: Millis,
}

/// How fast a bucket fills, in units a second, and how many seconds of that it holds.
#[derive(Clone, Copy, Debug)]
struct Rate {
    units: i64,
    seconds: i64,
}

impl Rate {
    fn most(self) -> Thousandths {
        self.units.saturating_mul(self.seconds).saturating_mul(1000)
    }
}

impl Buckets {
    /// Whether work in a partition is admitted, in a table with so many units a second.
    pub(crate) fn admit(&self, work: Access, units: i64, partition: u64, now: Millis) -> bool {
        let mut buckets = self.0.lock();
        rates(work, units, partition).iter().all(|(owner, rate)| {
            buckets.get_mut(&(work, *owner)).is_none_or(|bucket| {
                bucket.fill(*rate, now);
                bucket.level > 0
            })
        })
    }

    /// Takes out what the work has used.
    pub(crate) fn take(&self, work: Access, units: i64, partition: u64, now: Millis, used: f64) {
        // Units come in halves.
        let used = (used * 1000.0) as Thousandths;
        let mut buckets = self.0.lock();
        for (owner, rate) in rates(work, units, partition) {
            let bucket = buckets.entry((work, owner)).or_insert(Bucket { level: rate.most(), filled: now });
            bucket.fill(rate, now);
            bucket.level = bucket.level.saturating_sub(used);
        }
    }
}

fn rates(work: Access, units: i64, partition: u64) -> [(Owner, Rate); 2] {
    let of_partition = match work {
        Access::Read => PARTITION_READ_UNITS,
        Access::Write => PARTITION_WRITE_UNITS,
    };
    [
        (Owner::Table, Rate { units, seconds: THROUGHPUT_BURST_SECONDS }),
        (Owner::Partition(partition), Rate { units: of_partition, seconds: 1 }),
    ]
}

impl Bucket {
    fn fill(&mut self, rate: Rate, now: Millis) {
        let passed = i64::try_from(now.saturating_sub(self.filled)).unwrap_or(i64::MAX);
        self.level = self.level.saturating_add(rate.units.saturating_mul(passed)).min(rate.most());
        self.filled = self.filled.max(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_saves_up_to_five_minutes() {
        let buckets = Buckets::default();
        let admit = |now| buckets.admit(Access::Write, 2, 0, now);
        for _ in 0..600 {
            assert!(admit(0));
            buckets.take(Access::Write, 2, 0, 0, 1.0);
        }
        assert!(!admit(0), "600 units are all that it holds");
        assert!(admit(1), "and it fills by the millisecond");
        assert!(buckets.admit(Access::Read, 2, 0, 0), "reads have a bucket of their own");
        buckets.take(Access::Write, 2, 0, 3_600_000, 600.0);
        assert!(!admit(3_600_000), "an hour leaves no more than five minutes in it");
    }

    #[test]
    fn what_is_used_beyond_is_owed() {
        let buckets = Buckets::default();
        buckets.take(Access::Read, 1, 0, 0, 302.5);
        assert!(!buckets.admit(Access::Read, 1, 0, 2_500));
        assert!(buckets.admit(Access::Read, 1, 0, 2_501));
    }

    #[test]
    fn a_partition_has_a_second_of_its_own_rate() {
        let buckets = Buckets::default();
        buckets.take(Access::Write, 1_000_000, 7, 0, 1000.0);
        assert!(!buckets.admit(Access::Write, 1_000_000, 7, 0));
        assert!(buckets.admit(Access::Write, 1_000_000, 8, 0), "another partition");
        assert!(buckets.admit(Access::Write, 1_000_000, 7, 1));
    }
}
