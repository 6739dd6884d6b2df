//! The addon of the npm package `streamtable`: values in, an operation run, answers out. Everything a person calls is in `lib/`.
//!
//! ```text
//! lib/*.js ── tape ──► tape.rs ──► Request ──► streamtable::Database ──► Response ──► answer.rs ── text ──► lib/*.js
//! ```
//! Nothing here runs code of the host in the middle of a call: values are written down before, and put together after. A panic ends at
//! `outcome::guarded` as an `InternalServerError`.

mod tape;
mod text;

// What the host calls and what it gets.
pub mod answer;
pub mod database;
pub mod floor;
pub mod outcome;
pub mod reader;
pub mod records;
pub mod rest;
pub mod sdk;
pub mod settling;
pub mod shapes;
pub mod tools;
pub mod worker;
