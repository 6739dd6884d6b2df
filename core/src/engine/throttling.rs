//! Throttling of provisioned tables, where a database is opened with it.

use super::Call;
use crate::api::message::table as text;
use crate::api::{BillingMode, Error, ErrorCode, Result};
use crate::table::{Access, Table};

/// Whose capacity admitted work uses: read before partitions are locked, because a table comes before them in the order of locks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Meter {
    work: Access,
    /// Of the table, a second.
    units: i64,
    /// Its first hash.
    partition: u64,
}

impl Call<'_> {
    /// Admits work on the rows of a hash; none where nothing is metered.
    ///
    /// # Errors
    /// `ProvisionedThroughputExceededException` when the table, or the partition of the hash, has nothing left.
    pub(crate) fn admit(&self, table: &Table, work: Access, hash: u64) -> Result<Option<Meter>> {
        if !self.choices.throttling {
            return Ok(None);
        }
        let (mode, (read, write)) = {
            let state = table.state.read();
            (state.settings.billing_mode, state.settings.units)
        };
        if mode != BillingMode::Provisioned {
            return Ok(None);
        }
        let units = if work == Access::Read { read } else { write };
        let partition = table.partition_of(hash).range.first;
        if table.buckets.admit(work, units, partition, self.now()) {
            return Ok(Some(Meter { work, units, partition }));
        }
        Err(Error::new(ErrorCode::ProvisionedThroughputExceeded, text::throughput_exceeded()))
    }

    /// Takes out of the capacity what admitted work has used.
    pub(crate) fn charge(&self, table: &Table, meter: Option<Meter>, used: f64) {
        if let Some(Meter { work, units, partition }) = meter {
            table.buckets.take(work, units, partition, self.now(), used);
        }
    }
}
