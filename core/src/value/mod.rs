//! Values: the ten attribute types, exact numbers, items as canonical bytes, document paths.
//!
//! ```text
//! host value ──door──► Builder ──► Item (canonical bytes) ──► ValueRef (borrowed view) ──door──► host value
//!                                     ▲        │
//!                     AttributeValue ─┘        └─► AttributeValue (owned tree, where an update builds new values)
//! ```

mod attribute;
mod builder;
mod door;
mod item;
pub(crate) mod key;
mod number;
mod path;
mod sound;

pub use attribute::AttributeValue;
pub use builder::{ValueFault, ValueProblem};
pub use door::Checked;
pub use item::{AttributeType, Item, ListRef, MapRef, SetRef, ValueRef};
pub use number::{Number, NumberError};
pub use path::{Path, PathElement};
