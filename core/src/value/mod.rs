//! Values: the ten attribute types, exact numbers, items as canonical bytes, document paths.
//!
//! ```text
//! host value ──door──► Builder ──► Item (canonical bytes) ──► ValueRef (borrowed view) ──door──► host value
//!                         ▲                  ▲                       │
//!     what an update     ─┘  AttributeValue ─┘ (owned tree)          └─► AttributeValue
//!     copies or makes
//! ```

mod attribute;
mod builder;
mod door;
mod item;
pub(crate) mod key;
mod lookup;
mod mapping;
mod number;
mod path;
mod set;
mod sound;
#[cfg(test)]
pub(crate) mod steps;

pub use attribute::AttributeValue;
pub(crate) use builder::{Builder, name_problem};
pub use builder::{ValueFault, ValueProblem};
pub(crate) use door::Binary;
pub use door::{Checked, Value};
pub(crate) use door::{read_binary, write_binary};
pub(crate) use item::RawValue;
pub use item::{AttributeType, Item, ListRef, MapRef, SetRef, ValueRef};
pub(crate) use lookup::Lookup;
pub use mapping::{MappingError, binary_set, from_item, number_set, string_set, to_item};
pub use number::{Number, NumberError};
pub use path::{Path, PathElement};
pub(crate) use set::MergedSets;
