//! Event source mappings and functions as a database knows them: what was asked for, the state on the clock, and how far each mapping has
//! come. Who carries them out stands above (`consumer`).
//!
//! ```text
//! Creating, Enabling ──► Enabled        Updating ──► as before
//! Creating, Disabling ──► Disabled      Deleting ──► gone
//! ```
//! One lock guards all of them: changes and settlements are rare beside the writes that they follow.

mod function;
mod stored;

use std::collections::BTreeMap;

pub(crate) use function::Function;
pub(crate) use stored::{removed_entries, restore_function, restore_mapping, restore_progress};

use crate::api::EventSourceMappingConfiguration;
use crate::clock::Millis;
use crate::store::NewestCommit;
use crate::stream::Place;

/// What exists.
#[derive(Debug)]
pub(crate) struct Mappings {
    /// By their number, which is the order in which they were made.
    pub(crate) all: BTreeMap<u64, Mapping>,
    /// By name.
    pub(crate) functions: BTreeMap<String, Function>,
    /// Rises with each change, settlements aside; of this opening alone.
    pub(crate) version: u64,
    /// How often the database was restored or reset since it was opened.
    pub(crate) restores: u64,
    /// The newest commit that changed any of it.
    pub(crate) changed: NewestCommit,
}

/// One mapping.
#[derive(Clone, Debug)]
pub(crate) struct Mapping {
    pub(crate) id: u64,
    /// As it is told, but for state, times and results.
    pub(crate) configuration: EventSourceMappingConfiguration,
    pub(crate) is_enabled: bool,
    pub(crate) change: MappingChange,
    /// Until when the change shows as running.
    pub(crate) until: Millis,
    pub(crate) modified_at: Millis,
    pub(crate) tags: BTreeMap<String, String>,
    pub(crate) revision: u64,
    pub(crate) progress: Progress,
}

/// How far a mapping has come.
#[derive(Clone, Debug, Default)]
pub(crate) struct Progress {
    /// The text of whoever carries it out; none before the first settlement.
    pub(crate) checkpoint: Option<String>,
    pub(crate) settlements: u64,
    /// What became of the last batch; none before the first.
    pub(crate) result: Option<String>,
}

/// The last change of a mapping.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum MappingChange {
    Create,
    Enable,
    Disable,
    Update,
    Delete,
}

impl Mapping {
    pub(crate) fn state(&self, now: Millis) -> &'static str {
        if self.is_changing(now) || self.change == MappingChange::Delete {
            return self.change.shown();
        }
        if self.is_enabled { "Enabled" } else { "Disabled" }
    }

    /// Whether its last change is under way.
    pub(crate) fn is_changing(&self, now: Millis) -> bool {
        now < self.until
    }

    /// Whether it was removed.
    pub(crate) fn is_gone(&self, now: Millis) -> bool {
        self.change == MappingChange::Delete && !self.is_changing(now)
    }

    pub(crate) fn uuid(&self) -> &str {
        self.configuration.uuid.as_deref().expect("every mapping has one from its making on")
    }

    /// The ARN of its stream.
    pub(crate) fn source(&self) -> &str {
        self.configuration.event_source_arn.as_deref().expect("every mapping has one from its making on")
    }

    /// The ARN of its function, with the qualifier that was given.
    pub(crate) fn function(&self) -> &str {
        self.configuration.function_arn.as_deref().expect("every mapping has one from its making on")
    }
}

impl MappingChange {
    /// The state while it is under way.
    pub(crate) fn shown(self) -> &'static str {
        match self {
            MappingChange::Create => "Creating",
            MappingChange::Enable => "Enabling",
            MappingChange::Disable => "Disabling",
            MappingChange::Update => "Updating",
            MappingChange::Delete => "Deleting",
        }
    }
}

impl Default for Mappings {
    fn default() -> Mappings {
        let (all, functions) = (BTreeMap::new(), BTreeMap::new());
        Mappings { all, functions, version: 1, restores: 0, changed: NewestCommit::default() }
    }
}

impl Mappings {
    /// The mapping of an identity, unless it is gone.
    pub(crate) fn find(&self, uuid: &str, now: Millis) -> Option<&Mapping> {
        self.all.values().find(|mapping| mapping.uuid() == uuid && !mapping.is_gone(now))
    }

    /// Those that are not gone.
    pub(crate) fn present(&self, now: Millis) -> impl Iterator<Item = &Mapping> {
        self.all.values().filter(move |mapping| !mapping.is_gone(now))
    }

    /// Those that are gone and not forgotten.
    pub(crate) fn gone(&self, now: Millis) -> Vec<u64> {
        self.all.values().filter(|mapping| mapping.is_gone(now)).map(|mapping| mapping.id).collect()
    }
}

impl Place {
    /// A mapping.
    pub(crate) fn mapping_arn(&self, uuid: &str) -> String {
        format!("arn:aws:lambda:{}:{}:event-source-mapping:{uuid}", self.region, self.account)
    }

    /// A function without a qualifier.
    pub(crate) fn function_arn(&self, name: &str) -> String {
        format!("arn:aws:lambda:{}:{}:function:{name}", self.region, self.account)
    }
}
