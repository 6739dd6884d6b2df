//! Throttling of tables and global indexes, where a database is opened with it: provisioned ones by their units, those on demand by their ceilings.

use smallvec::SmallVec;

use super::Call;
use crate::api::message::table as text;
use crate::api::{BillingMode, Error, ErrorCode, OnDemandThroughput, Result};
use crate::table::{Access, IndexKind, IndexState, Owner, Rate, Settings, Table, Usage};

/// What meters work: read before partitions are locked, because a table comes before them in the order of locks. Nearly always there is none,
/// which is then quick to hand on.
#[derive(Clone, Debug)]
pub(crate) struct Meter(Box<Metered>);

/// The buckets that work takes out of.
#[derive(Clone, Debug)]
struct Metered {
    work: Access,
    mode: BillingMode,
    /// Of the table and the partition, or of the index that is read.
    own: SmallVec<[(Owner, Rate); 2]>,
    /// Of the global indexes of a table that is written to.
    indexes: Vec<(Owner, Rate)>,
    /// The first hash of the partition and the hash of the rows, where the use of partitions is noted.
    noted: Option<(u64, u64)>,
}

impl Call<'_> {
    /// What meters work on the rows of a hash; none where nothing does.
    #[inline]
    pub(crate) fn meter(&self, table: &Table, work: Access, hash: u64) -> Option<Meter> {
        let is_noted = self.choices.split.is_by_use();
        let is_metered = (is_noted || self.choices.throttling) && !self.is_look;
        is_metered.then(|| self.meter_of(table, work, hash, is_noted))
    }

    fn meter_of(&self, table: &Table, work: Access, hash: u64, is_noted: bool) -> Meter {
        let noted = is_noted.then(|| (table.partition_of(hash).range.first, hash));
        if !self.choices.throttling {
            let (mode, own, indexes) = (BillingMode::PayPerRequest, SmallVec::new(), Vec::new());
            return Meter(Box::new(Metered { work, mode, own, indexes, noted }));
        }
        let state = table.state.read();
        let Settings { billing_mode: mode, units, on_demand_throughput, .. } = &state.settings;
        let rate = rate(*mode, *units, on_demand_throughput.as_ref(), work);
        let mut own: SmallVec<_> = rate.map(|rate| (Owner::Table, rate)).into_iter().collect();
        if *mode == BillingMode::Provisioned {
            let partition = Owner::Partition(table.partition_of(hash).range.first);
            own.push((partition, Rate::of_partition(work)));
        }
        let is_written = |index: &&IndexState| work == Access::Write && index.index.kind == IndexKind::Global;
        let indexes = state.indexes_at(self.now()).filter(is_written);
        let indexes = indexes.filter_map(|index| bucket(index, *mode, work)).collect();
        Meter(Box::new(Metered { work, mode: *mode, own, indexes, noted }))
    }

    /// What meters reads of a global index.
    pub(crate) fn index_meter(&self, table: &Table, name: &str) -> Option<Meter> {
        if !self.choices.throttling || self.is_look {
            return None;
        }
        let state = table.state.read();
        let mode = state.settings.billing_mode;
        let index = state.indexes_at(self.now()).find(|index| index.index.name == name)?;
        let own = bucket(index, mode, Access::Read).into_iter().collect();
        let metered = Metered { work: Access::Read, mode, own, indexes: Vec::new(), noted: None };
        Some(Meter(Box::new(metered)))
    }

    /// Whether there is capacity left for work.
    ///
    /// # Errors
    /// `ProvisionedThroughputExceededException` when the table, its partition or its index has nothing left; `ThrottlingException` for those on
    /// demand.
    #[inline]
    pub(crate) fn admit(&self, table: &Table, meter: Option<&Meter>) -> Result<()> {
        meter.map_or(Ok(()), |Meter(meter)| self.admit_metered(table, meter))
    }

    fn admit_metered(&self, table: &Table, meter: &Metered) -> Result<()> {
        let now = self.now();
        let empty = meter.own.iter().find(|bucket| !table.buckets.has_some(meter.work, bucket, now));
        empty.map_or(Ok(()), |(owner, _)| Err(meter.refusal(owner)))
    }

    /// Whether there is capacity left for the entries that a write changes.
    ///
    /// # Errors
    /// As [`Call::admit`].
    pub(crate) fn admit_entries(&self, table: &Table, meter: Option<&Meter>, usage: &Usage) -> Result<()> {
        let Some(Meter(meter)) = meter else { return Ok(()) };
        let now = self.now();
        let mut used = meter.indexes.iter().filter(|(owner, _)| units_of(owner, usage) > 0.0);
        let empty = used.find(|bucket| !table.buckets.has_some(meter.work, bucket, now));
        empty.map_or(Ok(()), |(owner, _)| Err(meter.refusal(owner)))
    }

    /// Takes out of the capacity what admitted work has used.
    #[inline]
    pub(crate) fn charge(&self, table: &Table, meter: Option<&Meter>, usage: &Usage) {
        if let Some(Meter(meter)) = meter {
            self.charge_metered(table, meter, usage);
        }
    }

    fn charge_metered(&self, table: &Table, meter: &Metered, usage: &Usage) {
        let now = self.now();
        for bucket in &meter.own {
            let units =
                if let Owner::Index(_) = bucket.0 { units_of(&bucket.0, usage) } else { usage.of_own() };
            table.buckets.take(meter.work, bucket, now, units);
        }
        for bucket in &meter.indexes {
            let units = units_of(&bucket.0, usage);
            if units > 0.0 {
                table.buckets.take(meter.work, bucket, now, units);
            }
        }
        if let Some(noted) = meter.noted {
            self.note_use(table, meter.work, noted, usage.of_own());
        }
    }
}

impl Metered {
    fn refusal(&self, empty: &Owner) -> Error {
        match (self.mode, empty) {
            (BillingMode::PayPerRequest, _) => Error::new(ErrorCode::Throttling, text::ceiling_exceeded()),
            (BillingMode::Provisioned, Owner::Index(_)) => {
                Error::new(ErrorCode::ProvisionedThroughputExceeded, text::index_throughput_exceeded())
            }
            (BillingMode::Provisioned, _) => {
                Error::new(ErrorCode::ProvisionedThroughputExceeded, text::throughput_exceeded())
            }
        }
    }
}

/// Units used of an index.
fn units_of(owner: &Owner, usage: &Usage) -> f64 {
    match owner {
        Owner::Index(name) => usage.of_global(name),
        Owner::Table | Owner::Partition(_) => 0.0,
    }
}

fn bucket(index: &IndexState, mode: BillingMode, work: Access) -> Option<(Owner, Rate)> {
    let rate = rate(mode, index.units, index.on_demand_throughput.as_ref(), work)?;
    Some((Owner::Index(index.index.name.clone()), rate))
}

/// How fast capacity comes back: that which is provisioned, or the ceiling of what is on demand, if it has one.
fn rate(
    mode: BillingMode,
    units: (i64, i64),
    ceilings: Option<&OnDemandThroughput>,
    work: Access,
) -> Option<Rate> {
    let of = |(read, write): (i64, i64)| if work == Access::Read { read } else { write };
    if mode == BillingMode::Provisioned {
        return Some(Rate::provisioned(of(units)));
    }
    let ceiling = |units: Option<i64>| units.unwrap_or(-1);
    let ceilings = ceilings?;
    let most = of((ceiling(ceilings.max_read_request_units), ceiling(ceilings.max_write_request_units)));
    // -1 is no ceiling.
    (most > 0).then(|| Rate::ceiling(most))
}
