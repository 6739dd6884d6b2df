//! Consumed capacity (facts B14).

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{EntryChange, IndexKind, Space};
use crate::api::{Capacity, ConsumedCapacity, Open, ReturnConsumedCapacity};
use crate::limits::{READ_UNIT_BYTES, WRITE_UNIT_BYTES};
use crate::value::Item;

/// Units of a read of so many bytes.
pub(crate) fn read_units(bytes: usize, consistent: bool) -> f64 {
    let units = bytes.div_ceil(READ_UNIT_BYTES).max(1) as f64;
    if consistent { units } else { units / 2.0 }
}

/// Units of a write that found and left items of these sizes.
pub(crate) fn write_units(before: usize, after: usize) -> f64 {
    before.max(after).div_ceil(WRITE_UNIT_BYTES).max(1) as f64
}

/// Units that a request used of a table and of its indexes.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Usage {
    pub(crate) table: f64,
    /// Of the indexes that were used, by name.
    global: BTreeMap<String, f64>,
    local: BTreeMap<String, f64>,
}

impl Usage {
    pub(crate) fn of_table(units: f64) -> Usage {
        Usage { table: units, ..Usage::default() }
    }

    /// Of a write, and of the indexes whose entries it changes: one that stays as it was costs nothing.
    pub(crate) fn of_write(before: Option<&Item>, after: Option<&Item>, spaces: &[Arc<Space>]) -> Usage {
        let size = |item: Option<&Item>| item.map_or(0, Item::size);
        let mut usage = Usage::of_table(write_units(size(before), size(after)));
        for index in spaces.iter().filter_map(|space| space.index.as_ref()) {
            let units = match index.change(before, after) {
                None => continue,
                Some(EntryChange::InPlace(old, new)) => write_units(old, new),
                Some(EntryChange::Moved(old, new)) => write_units(old, 0) + write_units(new, 0),
            };
            usage.add_index(index.kind, &index.name, units);
        }
        usage
    }

    pub(crate) fn add_index(&mut self, kind: IndexKind, name: &str, units: f64) {
        let indexes = match kind {
            IndexKind::Global => &mut self.global,
            IndexKind::Local => &mut self.local,
        };
        *indexes.entry(name.to_owned()).or_default() += units;
    }

    /// Adds what another request of the same table used.
    pub(crate) fn add(&mut self, other: &Usage) {
        self.table += other.table;
        for (kind, indexes) in [(IndexKind::Global, &other.global), (IndexKind::Local, &other.local)] {
            for (name, units) in indexes {
                self.add_index(kind, name, *units);
            }
        }
    }

    /// Twice as much: what a transaction uses (facts B14).
    pub(crate) fn doubled(mut self) -> Usage {
        self.table *= 2.0;
        self.global.values_mut().chain(self.local.values_mut()).for_each(|units| *units *= 2.0);
        self
    }

    /// Units that the table pays, for itself and its local indexes.
    pub(crate) fn of_own(&self) -> f64 {
        self.table + self.local.values().sum::<f64>()
    }

    /// Units of a global index.
    pub(crate) fn of_global(&self, name: &str) -> f64 {
        self.global.get(name).copied().unwrap_or(0.0)
    }

    /// Units of the table and all indexes.
    pub(crate) fn total(&self) -> f64 {
        self.table + self.global.values().sum::<f64>() + self.local.values().sum::<f64>()
    }
}

/// What capacity is used for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Access {
    Read,
    Write,
}

/// As [`consumed_by`], for a transaction, which says what the units were used for.
pub(crate) fn transacted(
    asked: Option<&Open<ReturnConsumedCapacity>>,
    table: &str,
    usage: Usage,
    access: Access,
) -> Option<ConsumedCapacity> {
    let mut told = consumed_by(asked, table, || usage)?;
    let used = |units: Option<f64>| match access {
        Access::Read => (units, None),
        Access::Write => (None, units),
    };
    (told.read_capacity_units, told.write_capacity_units) = used(told.capacity_units);
    let indexes = [&mut told.global_secondary_indexes, &mut told.local_secondary_indexes];
    let indexes = indexes.into_iter().flatten().flat_map(|indexes| indexes.values_mut());
    for part in told.table.iter_mut().chain(indexes) {
        (part.read_capacity_units, part.write_capacity_units) = used(part.capacity_units);
    }
    Some(told)
}

/// The answer's member about a request that used a table alone, if the request asks for it.
pub(crate) fn consumed(
    asked: Option<&Open<ReturnConsumedCapacity>>,
    table: &str,
    units: f64,
) -> Option<ConsumedCapacity> {
    consumed_by(asked, table, || Usage::of_table(units))
}

/// The answer's member, if the request asks for it.
pub(crate) fn consumed_by(
    asked: Option<&Open<ReturnConsumedCapacity>>,
    table: &str,
    usage: impl FnOnce() -> Usage,
) -> Option<ConsumedCapacity> {
    let told = match asked?.known()? {
        ReturnConsumedCapacity::None => return None,
        ReturnConsumedCapacity::Total => None,
        ReturnConsumedCapacity::Indexes => Some(()),
    };
    let usage = usage();
    let part = |units: f64| Capacity { capacity_units: Some(units), ..Capacity::default() };
    let parts = |units: &BTreeMap<String, f64>| {
        let parts = units.iter().map(|(name, units)| (name.clone(), part(*units)));
        (!units.is_empty()).then(|| parts.collect())
    };
    Some(ConsumedCapacity {
        table_name: Some(table.to_owned()),
        capacity_units: Some(usage.total()),
        table: told.map(|()| part(usage.table)),
        global_secondary_indexes: told.and_then(|()| parts(&usage.global)),
        local_secondary_indexes: told.and_then(|()| parts(&usage.local)),
        ..ConsumedCapacity::default()
    })
}
