//! What crosses the door: inputs, outputs and errors of every operation, as data.

mod error;
pub(crate) mod message;

pub use error::{Error, ErrorCode, Result};
