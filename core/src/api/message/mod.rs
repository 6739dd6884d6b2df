//! Every text the store answers with, in one place, one file per subject.
//!
//! The service has two generations of wording (facts B12). What differs between them is data ([`Problem`]) until its text is asked for.

pub(crate) mod backup;
pub(crate) mod batch;
pub(crate) mod expression;
pub(crate) mod fault;
pub(crate) mod filter;
pub(crate) mod index;
pub(crate) mod kinesis;
pub(crate) mod mapping;
pub(crate) mod object;
mod problem;
pub(crate) mod queue;
pub(crate) mod reader;
pub(crate) mod settings;
pub(crate) mod shape;
pub(crate) mod statement;
pub(crate) mod table;
pub(crate) mod topic;
pub(crate) mod transact;
pub(crate) mod transfer;
pub(crate) mod value;

pub use problem::Wording;
pub(crate) use problem::{Problem, Speech, Violation};
