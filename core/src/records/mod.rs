//! What those who read changes do with them, written once: plain values of items, differences and patches of images, events of AWS Lambda, and
//! events for their tests.
//!
//! ```text
//! Item ──► plain values, numbers as the caller wants them          Record ──► event of AWS Lambda
//! (old, new) ──► differences, JSON Patch (RFC 6902)                (old, new) ──► Record, as the service would have written it
//! Record ──► a line of JSON ──► Record ──► a table, each record once
//! ```
//! All of it is here as functions, and for hosts by name with data in and out ([`run`]).

mod apply;
mod differences;
mod lambda;
mod lines;
mod maker;
mod plain;
mod tools;

pub use apply::{Applied, Applier, Replay};
pub use differences::{Difference, differences, patch};
pub use lambda::{LambdaRecord, lambda_event};
pub use lines::{read_lines, write_line};
pub use maker::{Maker, MakerOptions};
pub use plain::{Numbers, Plain, plain_value};
pub use tools::{Made, run, run_json};
