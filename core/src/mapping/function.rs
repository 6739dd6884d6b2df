//! Functions: names, and where they are.

use std::collections::BTreeMap;

/// A function that mappings may name.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Function {
    pub(crate) name: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) versions: Vec<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) aliases: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) endpoint: Option<String>,
    /// In seconds.
    pub(crate) timeout: i32,
    /// In mebibytes.
    pub(crate) memory: i32,
}

impl Function {
    /// Whether a qualifier is one of its versions or aliases.
    pub(crate) fn has(&self, qualifier: &str) -> bool {
        qualifier == "$LATEST"
            || self.versions.iter().any(|version| version == qualifier)
            || self.aliases.contains_key(qualifier)
    }

    /// The version that a qualifier means.
    pub(crate) fn version<'a>(&'a self, qualifier: Option<&'a str>) -> &'a str {
        let given = qualifier.unwrap_or("$LATEST");
        self.aliases.get(given).map_or(given, String::as_str)
    }
}
