//! streamtable: an embeddable, DynamoDB-compatible table store whose change streams behave as Amazon DynamoDB Streams does.
//!
//! ```text
//! consumer     event source mappings: batches of records to a function, as Lambda hands them out
//! records      what readers make of records: plain values, differences, events
//! reader       records of a stream along its lineages, with checkpoints
//! door         where requests go
//! database     open, call, close         options: how               registry: every operation once
//! operation    validate, look up, act, answer
//! transaction  intents, locks, decisions, one commit: the one way to the store
//! table        definitions, partitions, catalog, keys, capacity
//! queue        queues: messages in order of when they can be received
//! topic        topics and their subscriptions
//! kinesis      data streams: shards of hash keys, their records, what tables deliver
//! mapping      event source mappings and functions, as they are kept
//! stream       shards with lineage, records by view, sealed iterators
//! store        rows, logs and catalog: in memory, in layers that forks share; or in a directory
//! statement    PartiQL: from text to conditions, updates and reads
//! pattern      event patterns: which records a function is given
//! expression   conditions, updates, key conditions, projections
//! api          shapes, errors, messages: what crosses the door
//! value        items as canonical bytes, exact numbers, paths
//! clock, entropy, limits, locks, monitor, workers
//! ```
//! A room knows those below it and nobody above.
//!
//! ```
//! use streamtable::api::*;
//! use streamtable::value::Item;
//! use streamtable::{Database, OpenOptions};
//!
//! let db = Database::memory(OpenOptions::deterministic())?;
//! let create = r#"{"TableName": "Orders", "BillingMode": "PAY_PER_REQUEST",
//!     "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
//!     "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
//!     "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"}}"#;
//! db.call_json("CreateTable", create.as_bytes())?;
//! let item = Item::from_json(r#"{"id": {"S": "1"}, "total": {"N": "9.90"}}"#).expect("an item");
//! db.call(PutItemInput { table_name: Some("Orders".into()), item: Some(item.into()), ..Default::default() })?;
//! let streams = db.call(ListStreamsInput::default())?.streams.expect("a list");
//! assert_eq!(streams[0].table_name.as_deref(), Some("Orders"));
//! # Ok::<(), streamtable::api::Error>(())
//! ```

#![forbid(unsafe_code)]
#![deny(missing_docs)]

pub mod api;
mod bucket;
mod clock;
pub mod consumer;
mod database;
pub mod door;
mod engine;
mod entropy;
mod expression;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
mod inspection;
mod interchange;
mod kinesis;
mod limits;
mod locks;
mod mapping;
mod monitor;
mod operation;
mod options;
pub mod pattern;
mod queue;
pub mod reader;
pub mod records;
mod registry;
mod statement;
mod store;
mod stream;
mod table;
#[cfg(test)]
mod tests;
mod topic;
mod transaction;
pub mod value;
mod workers;

pub use api::{Error, ErrorCode, Result, Wording};
pub use database::{Database, Snapshot, Ticket};
pub use engine::Watch;
pub use inspection::{Finding, Progress, Report, read_clock, repair, restore, set_clock, verify};
pub use options::{ClockMode, OpenOptions};
pub use pattern::{Filters, Pattern};
pub use reader::{Checkpoint, ReadOptions, Reader};
pub use registry::{Input, Request, Response};
pub use store::Durability;

/// What this project's bindings, server and tools stand on: shapes as data, the registry of operations, limits. It follows the needs of those and
/// may change with any version, unlike the rest of the crate.
pub mod unstable {
    /// Every operation as data.
    pub mod registry {
        pub use crate::registry::*;
    }
    /// Structures as data, and how they are declared.
    pub mod shape {
        pub use crate::api::shape::*;
    }
    /// The options of opening as data.
    pub mod options {
        pub use crate::options::{OPTIONS, OptionInfo, OptionType, OptionValue, Unit};
    }
    /// Chance, for what stands around a database.
    pub mod entropy {
        pub use crate::entropy::{Entropy, secret};
    }
    /// Moments as texts.
    pub mod time {
        pub use crate::clock::label;
    }
    /// Limits, each with its unit and source.
    pub mod limits {
        pub use crate::limits::*;
    }
}

/// A disk whose faults a simulation plans, and databases on it.
#[cfg(feature = "simulation")]
pub mod simulation {
    pub use crate::database::simulated::SimulatedKeeping;
    pub use crate::store::{DiskCall, DiskFault, SimDisk};
}
