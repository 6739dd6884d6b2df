//! placeholder
#![forbid(unsafe_code)]
pub mod api;
#[allow(dead_code, unused_imports)] // Until operations call it.
mod expression;
pub mod limits;
pub mod value;
