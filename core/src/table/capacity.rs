//! Consumed capacity (facts B14).

use crate::api::{Capacity, ConsumedCapacity, Open, ReturnConsumedCapacity};
use crate::limits::{READ_UNIT_BYTES, WRITE_UNIT_BYTES};

/// Units of a read of so many bytes.
pub(crate) fn read_units(bytes: usize, consistent: bool) -> f64 {
    let units = bytes.div_ceil(READ_UNIT_BYTES).max(1) as f64;
    if consistent { units } else { units / 2.0 }
}

/// Units of a write that found and left items of these sizes.
pub(crate) fn write_units(before: usize, after: usize) -> f64 {
    before.max(after).div_ceil(WRITE_UNIT_BYTES).max(1) as f64
}

/// What capacity is used for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Access {
    Read,
    Write,
}

/// As [`consumed`], for a transaction, which says what the units were used for.
pub(crate) fn transacted(
    asked: Option<&Open<ReturnConsumedCapacity>>,
    table: &str,
    units: f64,
    access: Access,
) -> Option<ConsumedCapacity> {
    let mut told = consumed(asked, table, units)?;
    let (read, write) = match access {
        Access::Read => (Some(units), None),
        Access::Write => (None, Some(units)),
    };
    (told.read_capacity_units, told.write_capacity_units) = (read, write);
    if let Some(part) = &mut told.table {
        (part.read_capacity_units, part.write_capacity_units) = (read, write);
    }
    Some(told)
}

/// The answer's member, if the request asks for it.
pub(crate) fn consumed(
    asked: Option<&Open<ReturnConsumedCapacity>>,
    table: &str,
    units: f64,
) -> Option<ConsumedCapacity> {
    let table_part = match asked?.known()? {
        ReturnConsumedCapacity::None => return None,
        ReturnConsumedCapacity::Total => None,
        ReturnConsumedCapacity::Indexes => {
            Some(Capacity { capacity_units: Some(units), ..Capacity::default() })
        }
    };
    Some(ConsumedCapacity {
        table_name: Some(table.to_owned()),
        capacity_units: Some(units),
        table: table_part,
        ..ConsumedCapacity::default()
    })
}
