//! The commands that are no server: each takes its arguments and says how it ended.

pub(crate) mod backup;
mod buckets;
pub(crate) mod clock;
pub(crate) mod compact;
pub(crate) mod copy;
pub(crate) mod export;
pub(crate) mod import;
pub(crate) mod inspect;
mod place;
mod progress;
pub(crate) mod records;
pub(crate) mod repair;
pub(crate) mod restore;
mod size;
mod source;
pub(crate) mod tail;
pub(crate) mod verify;
