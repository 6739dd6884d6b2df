//! Operations: validate, look up, act, answer. One function each; shapes are checked before they are called.

pub(crate) mod account;
mod action;
pub(crate) mod batch;
mod collection;
pub(crate) mod continuous_backups;
pub(crate) mod control;
mod describe;
mod describe_index;
pub(crate) mod disturbance;
mod encryption;
pub(crate) mod faults;
mod generations;
pub(crate) mod global_tables;
mod index;
mod index_update;
pub(crate) mod insights;
pub(crate) mod item;
mod keys;
pub(crate) mod kinesis;
mod lineage;
mod maintenance;
mod parameters;
mod policy_document;
pub(crate) mod query;
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
pub(crate) mod transact;

pub(crate) use maintenance::keep_up;
