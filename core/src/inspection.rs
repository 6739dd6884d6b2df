//! Signatures of the inspection that the durable store brings; this file goes when that comes.
use std::fmt;
use std::path::Path;

use crate::api::{Error, ErrorCode, Result};

/// How far.
#[derive(Clone, Debug)]
pub struct Progress {
    /// What.
    pub stage: &'static str,
    /// Done.
    pub done: u64,
    /// Of.
    pub total: u64,
}
/// A finding.
#[derive(Clone, Debug)]
pub struct Finding;
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("finding")
    }
}
/// A report.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Report {
    /// .
    pub findings: Vec<Finding>,
    /// .
    pub rows: u64,
    /// .
    pub records: u64,
    /// .
    pub tables: u64,
    /// .
    pub streams: u64,
    /// .
    pub bytes: u64,
}
/// .
pub fn verify(path: &Path, _progress: &mut dyn FnMut(Progress)) -> Result<Report> {
    Err(Error::new(ErrorCode::Open, format!("Cannot open {}", path.display())))
}
/// .
pub fn restore(from: &Path, _to: &Path) -> Result<()> {
    Err(Error::new(ErrorCode::Open, format!("Cannot open {}", from.display())))
}
