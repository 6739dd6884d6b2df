//! Every text the store answers with, in one place, one file per subject.
//!
//! The service has two generations of wording (facts B12); this is the older one, in force in most regions. A second generation
//! replaces these functions, not their callers.

pub(crate) mod batch;
pub(crate) mod expression;
pub(crate) mod reader;
pub(crate) mod shape;
pub(crate) mod table;
pub(crate) mod value;
