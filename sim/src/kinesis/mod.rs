//! Kinesis data streams: what one must hold, what readers see of it, what tables deliver, and worlds of them.

mod deliveries;
mod lineage;
mod model;
mod reader;
pub mod world;

pub use deliveries::Delivering;
pub use model::{Act, DataStream};
