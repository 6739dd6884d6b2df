//! Operations: validate, look up, act, answer. One function each; shapes are checked before they are called.

mod action;
pub(crate) mod batch;
pub(crate) mod control;
mod describe;
mod generations;
pub(crate) mod item;
mod lineage;
mod maintenance;
mod parameters;
pub(crate) mod query;
pub(crate) mod stream;
pub(crate) mod table;
pub(crate) mod time_to_live;
pub(crate) mod transact;

pub(crate) use maintenance::keep_up;
