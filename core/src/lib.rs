//! placeholder
#![forbid(unsafe_code)]
pub mod api;
pub mod limits;
pub mod value;
