//! What those who read changes do with them, written once: plain values of items, differences and patches of images, events of AWS Lambda, and
//! events for their tests.
//!
//! ```text
//! Item ──► plain values, numbers as the caller wants them          Record ──► event of AWS Lambda
//! (old, new) ──► differences, JSON Patch (RFC 6902)                (old, new) ──► Record, as the service would have written it
//! ```
//! All of it is here as functions, and for hosts by name with data in and out ([`run`]).

mod differences;
mod lambda;
mod maker;
mod plain;
mod tools;

pub use differences::{Difference, differences, patch};
pub use lambda::lambda_event;
pub use maker::{Maker, MakerOptions};
pub use plain::{Numbers, Plain};
pub use tools::{Made, run, run_json};
