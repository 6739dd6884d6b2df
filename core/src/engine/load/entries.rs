//! The entries of a catalog as the store has them, by kind.

use super::super::state::{STATE, StoredState};
use super::mappings::MappingEntries;
use crate::api::Result;
use crate::store::{LogId, TableId, read_meta, unsound};

/// The catalog's entries by kind: name, text, and the number in the name.
#[derive(Default)]
pub(super) struct Entries {
    pub(super) state: Option<StoredState>,
    pub(super) tables: Vec<(String, String, TableId)>,
    pub(super) streams: Vec<(String, String)>,
    pub(super) shards: Vec<(String, String, LogId)>,
    pub(super) spaces: Vec<(String, String, TableId)>,
    pub(super) backups: Vec<(String, String, TableId)>,
    pub(super) exports: Vec<(String, String, TableId)>,
    pub(super) imports: Vec<(String, String, TableId)>,
    pub(super) copies: Vec<(String, String, TableId)>,
    pub(super) tokens: Vec<(String, String, TableId)>,
    /// Where notes for late indexes are.
    pub(super) recent: Option<TableId>,
    pub(super) data_streams: Vec<(String, String)>,
    pub(super) data_shards: Vec<(String, String, LogId)>,
    pub(super) mappings: MappingEntries,
    pub(super) queues: Vec<(String, String)>,
    pub(super) buckets: Vec<(String, String)>,
    pub(super) topics: Vec<(String, String)>,
    pub(super) subscriptions: Vec<(String, String)>,
}

impl Entries {
    pub(super) fn read(rows: Vec<(String, String)>) -> Result<Entries> {
        let mut entries = Entries::default();
        for (name, text) in rows {
            let number = |id: &str| id.parse().map_err(|_| unsound(&name, "the name has no number"));
            match name.split_once('/') {
                None if name == STATE => entries.state = Some(read_meta(&name, &text)?),
                Some(("table", id)) => {
                    let id = TableId(number(id)?);
                    entries.tables.push((name, text, id));
                }
                Some(("space", id)) => {
                    let id = TableId(number(id)?);
                    entries.spaces.push((name, text, id));
                }
                Some(("backup", id)) => {
                    let id = TableId(number(id)?);
                    entries.backups.push((name, text, id));
                }
                Some(("export", id)) => {
                    let id = TableId(number(id)?);
                    entries.exports.push((name, text, id));
                }
                Some(("import", id)) => {
                    let id = TableId(number(id)?);
                    entries.imports.push((name, text, id));
                }
                Some(("copy", id)) => {
                    let id = TableId(number(id)?);
                    entries.copies.push((name, text, id));
                }
                Some(("tokens", id)) => {
                    let id = TableId(number(id)?);
                    entries.tokens.push((name, text, id));
                }
                Some(("recent", id)) => entries.recent = Some(TableId(number(id)?)),
                Some(("queue", _)) => entries.queues.push((name, text)),
                Some(("bucket", _)) => entries.buckets.push((name, text)),
                Some(("topic", _)) => entries.topics.push((name, text)),
                Some(("subscription", _)) => entries.subscriptions.push((name, text)),
                Some(("stream", _)) => entries.streams.push((name, text)),
                Some(("kinesis", _)) => entries.data_streams.push((name, text)),
                Some(("kinesis-shard", id)) => {
                    let id = LogId(number(id)?);
                    entries.data_shards.push((name, text, id));
                }
                Some(("mapping" | "mapping-progress" | "function", _)) => entries.mappings.add(name, text)?,
                Some(("shard", id)) => {
                    let id = LogId(number(id)?);
                    entries.shards.push((name, text, id));
                }
                _ => return Err(unsound(&name, "this version knows no such entry")),
            }
        }
        Ok(entries)
    }

    pub(super) fn is_empty(&self) -> bool {
        let kept = [&self.backups, &self.exports, &self.imports, &self.copies, &self.tokens];
        let numbered = [&self.tables, &self.spaces].into_iter().chain(kept);
        let logs = [&self.shards, &self.data_shards];
        let topics = [&self.topics, &self.subscriptions];
        let named =
            [&self.streams, &self.data_streams, &self.queues, &self.buckets].into_iter().chain(topics);
        numbered.into_iter().all(Vec::is_empty)
            && logs.iter().all(|rows| rows.is_empty())
            && named.into_iter().all(Vec::is_empty)
            && self.mappings.is_empty()
    }
}
