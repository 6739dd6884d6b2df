//! Mappings and functions as the catalog keeps them.
//!
//! ```text
//! mapping/<number>             as it is told, enabled or not, last change, tags, revision
//! mapping-progress/<number>    checkpoint, how often it was settled, last result
//! function/<name>              versions, aliases, endpoint, time-out, memory
//! ```

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Function, Mapping, MappingChange, Progress};
use crate::api::{EventSourceMappingConfiguration, Result};
use crate::clock::Millis;
use crate::store::{MetaChange, read_meta, unsound};

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredMapping {
    configuration: EventSourceMappingConfiguration,
    is_enabled: bool,
    change: MappingChange,
    until: Millis,
    modified_at: Millis,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    tags: BTreeMap<String, String>,
    revision: u64,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredProgress {
    #[serde(skip_serializing_if = "Option::is_none")]
    checkpoint: Option<String>,
    settlements: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<String>,
}

impl Mapping {
    /// The catalog's entry, how far it has come aside.
    pub(crate) fn entry(&self) -> MetaChange {
        let stored = StoredMapping {
            configuration: self.configuration.clone(),
            is_enabled: self.is_enabled,
            change: self.change,
            until: self.until,
            modified_at: self.modified_at,
            tags: self.tags.clone(),
            revision: self.revision,
        };
        MetaChange::keep(format!("mapping/{}", self.id), &stored)
    }
}

impl Progress {
    /// The catalog's entry for the mapping of a number.
    pub(crate) fn entry(&self, id: u64) -> MetaChange {
        let Progress { checkpoint, settlements, result } = self.clone();
        MetaChange::keep(progress_name(id), &StoredProgress { checkpoint, settlements, result })
    }
}

fn progress_name(id: u64) -> String {
    format!("mapping-progress/{id}")
}

/// Removes all that is kept of a mapping.
pub(crate) fn removed_entries(id: u64) -> [MetaChange; 2] {
    [MetaChange::forget(format!("mapping/{id}")), MetaChange::forget(progress_name(id))]
}

impl Function {
    fn meta_name(&self) -> String {
        format!("function/{}", self.name)
    }

    /// The catalog's entry.
    pub(crate) fn entry(&self) -> MetaChange {
        MetaChange::keep(self.meta_name(), self)
    }

    /// Removes the entry.
    pub(crate) fn removed_entry(&self) -> MetaChange {
        MetaChange::forget(self.meta_name())
    }
}

/// Reads the entry of the mapping of a number.
///
/// # Errors
/// `CorruptionException` for a text of another form.
pub(crate) fn restore_mapping(name: &str, text: &str, id: u64) -> Result<Mapping> {
    let stored: StoredMapping = read_meta(name, text)?;
    let EventSourceMappingConfiguration { uuid, event_source_arn, function_arn, .. } = &stored.configuration;
    if uuid.is_none() || event_source_arn.is_none() || function_arn.is_none() {
        return Err(unsound(name, "it has no identity, stream or function"));
    }
    Ok(Mapping {
        id,
        configuration: stored.configuration,
        is_enabled: stored.is_enabled,
        change: stored.change,
        until: stored.until,
        modified_at: stored.modified_at,
        tags: stored.tags,
        revision: stored.revision,
        progress: Progress::default(),
    })
}

/// Reads how far a mapping has come.
///
/// # Errors
/// As [`restore_mapping`].
pub(crate) fn restore_progress(name: &str, text: &str) -> Result<Progress> {
    let StoredProgress { checkpoint, settlements, result } = read_meta(name, text)?;
    Ok(Progress { checkpoint, settlements, result })
}

/// Reads the entry of a function.
///
/// # Errors
/// As [`restore_mapping`].
pub(crate) fn restore_function(name: &str, text: &str) -> Result<Function> {
    read_meta(name, text)
}
