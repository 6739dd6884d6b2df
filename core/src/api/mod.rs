//! What crosses the door: inputs, outputs and errors of every operation, as data.

mod batch;
mod continuous_backups;
mod control;
mod error;
mod integration;
mod item;
pub(crate) mod message;
mod query;
mod record;
mod replica;
mod resource;
pub(crate) mod shape;
mod statement;
mod stream;
mod table;
mod time_to_live;
mod transact;
pub(crate) mod typed;

pub use batch::*;
pub use continuous_backups::*;
pub use control::*;
pub use error::{CancellationReason, Details, Error, ErrorCode, Result};
pub use integration::*;
pub use item::*;
pub use message::Wording;
pub use query::*;
pub use record::{OperationType, Record, RecordOrigin};
pub use replica::*;
pub use resource::*;
pub use shape::{Enumeration, Open, Shape, Timestamp, Valid};
pub use statement::*;
pub use stream::*;
pub use table::*;
pub use time_to_live::*;
pub use transact::*;
