//! Operations: validate, look up, act, answer. One function each; shapes are checked before they are called.

pub(crate) mod account;
mod action;
pub(crate) mod backup;
pub(crate) mod batch;
mod collection;
pub(crate) mod continuous_backups;
pub(crate) mod control;
pub(crate) mod data_stream;
mod describe;
mod describe_index;
mod distinct;
pub(crate) mod disturbance;
mod encryption;
pub(crate) mod export;
pub(crate) mod faults;
mod generations;
pub(crate) mod global_tables;
pub(crate) mod import;
mod index;
mod index_update;
pub(crate) mod insights;
pub(crate) mod inspect_records;
pub(crate) mod item;
mod jobs;
mod keys;
pub(crate) mod kinesis;
mod lineage;
mod maintenance;
pub(crate) mod mapping;
mod new_table;
pub(crate) mod object;
pub(crate) mod observation;
mod parameters;
mod policy_document;
pub(crate) mod query;
pub(crate) mod queue;
mod ranges;
mod reading;
mod resource_arn;
pub(crate) mod resource_policy;
pub(crate) mod statement;
pub(crate) mod stream;
pub(crate) mod table;
pub(crate) mod tags;
mod throughput;
pub(crate) mod time_to_live;
pub(crate) mod topic;
pub(crate) mod transact;

pub(crate) use maintenance::keep_up;

/// A count, or a moment, as operations tell it.
pub(crate) fn counted(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
