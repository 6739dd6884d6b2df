//! Event source mappings and functions as the catalog has kept them.

use crate::api::Result;
use crate::mapping::{Mappings, restore_function, restore_mapping, restore_progress};
use crate::store::unsound;

/// The entries of the catalog, each with its name.
#[derive(Debug, Default)]
pub(super) struct MappingEntries {
    mappings: Vec<(String, String, u64)>,
    progress: Vec<(String, String, u64)>,
    functions: Vec<(String, String)>,
}

impl MappingEntries {
    /// Adds an entry.
    ///
    /// # Errors
    /// `CorruptionException` for the name of a mapping without a number.
    pub(super) fn add(&mut self, name: String, text: String) -> Result<()> {
        let number = || name.split_once('/').and_then(|(_, id)| id.parse().ok());
        let numbered = || number().ok_or_else(|| unsound(&name, "the name has no number"));
        if name.starts_with("function/") {
            self.functions.push((name, text));
        } else if name.starts_with("mapping-progress/") {
            let id = numbered()?;
            self.progress.push((name, text, id));
        } else {
            let id = numbered()?;
            self.mappings.push((name, text, id));
        }
        Ok(())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.mappings.is_empty() && self.progress.is_empty() && self.functions.is_empty()
    }

    /// What they say, and the largest number among them.
    ///
    /// # Errors
    /// `CorruptionException` for entries that cannot be read, or progress of no mapping.
    pub(super) fn restore(self) -> Result<(Mappings, u64)> {
        let mut known = Mappings::default();
        for (name, text, id) in self.mappings {
            known.all.insert(id, restore_mapping(&name, &text, id)?);
        }
        for (name, text, id) in self.progress {
            let mapping = known.all.get_mut(&id);
            let mapping = mapping.ok_or_else(|| unsound(&name, "there is no mapping of its number"))?;
            mapping.progress = restore_progress(&name, &text)?;
        }
        for (name, text) in self.functions {
            let function = restore_function(&name, &text)?;
            known.functions.insert(function.name.clone(), function);
        }
        let newest = known.all.keys().next_back().copied().unwrap_or(0);
        Ok((known, newest))
    }
}
