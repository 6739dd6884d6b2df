//! The C binding: a few functions over `Database::call_json`, and none per operation, so that a new operation changes no symbol.
//!
//! | module | what it knows |
//! |---|---|
//! | `border` | what crosses and what must not: borrowed text, NULL, panics |
//! | `status` | the numbers functions answer with |
//! | `buffer` | text the library hands out |
//! | `database` | handles: open, call, close, free |
//! | `fork` | forks and snapshots |
//! | `start` | calls that are answered later |
//! | `control` | clock, shards, maintenance |
//! | `reader` | reading streams along their shards |
//! | `tool` | tools for items and records |
//! | `worker` | event source mappings, in the pull form |
//! | `about` | versions and the list of operations |
//!
//! The doc comments of everything public are the manual of the C header, which is generated from them.

pub mod about;
mod border;
pub mod buffer;
pub mod control;
pub mod database;
pub mod fork;
pub mod reader;
pub mod start;
pub mod status;
pub mod tool;
pub mod worker;
