//! Splitting partitions by rule, where a database is opened with one: what is used and what grows is noted, and a split falls due.

use super::Call;
use crate::table::{Access, Table};

impl Call<'_> {
    /// Notes that units were used for rows of a hash in a partition, which is named by its first hash.
    pub(super) fn note_use(&self, table: &Table, work: Access, (partition, hash): (u64, u64), used: f64) {
        let now = self.now();
        if table.loads.used(self.choices.split, partition, (work, used), hash, now) {
            self.split_due(table, partition);
        }
    }

    /// Notes that the rows of a hash have grown by so many bytes, or shrunk. Nothing is done without a rule about sizes.
    #[inline]
    pub(crate) fn note_growth(&self, table: &Table, hash: u64, by: i64) {
        if self.choices.split.bytes > 0 && by != 0 {
            self.grew(table, hash, by);
        }
    }

    #[cold]
    fn grew(&self, table: &Table, hash: u64, by: i64) {
        let partition = table.partition_of(hash).range;
        if table.loads.grew(self.choices.split, partition, by, table.size_bytes()) {
            self.split_due(table, partition.first);
        }
    }

    fn split_due(&self, table: &Table, partition: u64) {
        if let Some(table) = self.engine.catalog.holder(&table.name).filter(|holder| holder.id == table.id) {
            self.schedule.split(&table, partition, self.now());
        }
    }
}
