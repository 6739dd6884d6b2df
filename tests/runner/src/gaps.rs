//! Known gaps: cases a target fails with its maintainers' knowledge. A list that names a case which does not exist, or
//! one that passes, is out of date and fails the run; a release has empty lists.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Gap {
    case: String,
    reason: String,
}

/// Case id to reason, from `<folder>/<target>.json`: a list of `{"case": …, "reason": …}`. No file is an empty list.
pub fn load(folder: &Path, target: &str) -> Result<BTreeMap<String, String>, String> {
    let path = folder.join(format!("{target}.json"));
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(e) => return Err(format!("{}: cannot be read: {e}", path.display())),
    };
    let list: Vec<Gap> = serde_json::from_str(&text).map_err(|e| format!("{}: {e}", path.display()))?;
    let mut gaps = BTreeMap::new();
    for Gap { case, reason } in list {
        if reason.trim().is_empty() {
            return Err(format!("{}: the gap \"{case}\" has no reason", path.display()));
        }
        if gaps.insert(case.clone(), reason).is_some() {
            return Err(format!("{}: the gap \"{case}\" is listed twice", path.display()));
        }
    }
    Ok(gaps)
}

/// The first listed case that does not exist.
pub fn unknown<'a>(gaps: &'a BTreeMap<String, String>, ids: &[String]) -> Option<&'a str> {
    gaps.keys().find(|case| !ids.contains(case)).map(String::as_str)
}
