//! The texts of the catalog: JSON, with nothing unknown inside.

use std::fmt;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::MetaChange;
use crate::api::{Error, ErrorCode, Result};

impl MetaChange {
    /// Keeps something under a name.
    pub(crate) fn keep<T: Serialize>(name: String, stored: &T) -> MetaChange {
        let text = serde_json::to_string(stored).expect("stored structures are plain data");
        MetaChange { name, text: Some(text) }
    }

    /// Forgets a name.
    pub(crate) fn forget(name: String) -> MetaChange {
        MetaChange { name, text: None }
    }
}

/// Reads what was kept under a name.
///
/// # Errors
/// `CorruptionException` for a text of another form, with unknown members, or without those it needs.
pub(crate) fn read_meta<T: DeserializeOwned>(name: &str, text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| unsound(name, error))
}

/// What is kept under a name contradicts itself or the rest of the catalog.
pub(crate) fn unsound(name: &str, what: impl fmt::Display) -> Error {
    Error::new(ErrorCode::Corruption, format!("The catalog's entry {name} cannot be used: {what}"))
}
