//! Keys of the index: what they are made of, and back.

use super::damaged;
use crate::api::Result;
use crate::store::{LogId, Sequence, TableId};

/// Kinds of keys in the runs of rows.
pub(super) const ROW: u8 = 1;
pub(super) const HEAD: u8 = 2;
pub(super) const META: u8 = 3;
pub(super) const TOTALS: u8 = 4;

pub(super) fn table_key(table: TableId, key: &[u8]) -> Vec<u8> {
    [&[ROW][..], &table.0.to_be_bytes(), key].concat()
}

pub(super) fn head_key(log: LogId) -> Vec<u8> {
    [&[HEAD][..], &log.0.to_be_bytes()].concat()
}

pub(super) fn meta_key(name: &str) -> Vec<u8> {
    [&[META][..], name.as_bytes()].concat()
}

pub(super) fn totals_key(table: TableId) -> Vec<u8> {
    [&[TOTALS][..], &table.0.to_be_bytes()].concat()
}

pub(super) fn record_key(log: LogId, sequence: Sequence) -> Vec<u8> {
    [&log.0.to_be_bytes()[..], &sequence.0.to_be_bytes()].concat()
}

/// The number after the kind of a key.
pub(super) fn number_of(key: &[u8]) -> Option<u64> {
    key.get(1..9).map(|bytes| u64::from_be_bytes(bytes.try_into().expect("eight bytes")))
}

pub(super) fn table_of(key: &[u8]) -> Option<TableId> {
    number_of(key).map(TableId)
}

pub(super) fn record_parts(key: &[u8]) -> Result<(LogId, Sequence)> {
    let parts = key.split_first_chunk::<8>().and_then(|(log, rest)| {
        Some((LogId(u64::from_be_bytes(*log)), Sequence(u128::from_be_bytes(rest.try_into().ok()?))))
    });
    parts.ok_or_else(|| damaged("a record has a key that is none"))
}
