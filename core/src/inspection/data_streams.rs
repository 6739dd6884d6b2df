//! Whether data streams are sound: open shards cover every hash key once, records rise in each shard and can be read.

use std::ops::Bound;
use std::sync::Arc;

use super::{Check, RECORDS_AT_ONCE_BYTES};
use crate::api::Result;
use crate::kinesis::{DataShard, DataStream, HashKeys, weight};
use crate::store::{Inspector, LogRecord};
use crate::value::Item;

impl Check<'_> {
    /// Looks at every data stream.
    ///
    /// # Errors
    /// As of the check.
    pub(super) fn data_streams(&mut self) -> Result<()> {
        let streams = self.db.engine().data_streams.all();
        self.report.streams += streams.len() as u64;
        let total = streams.len() as u64;
        for (done, stream) in streams.iter().enumerate() {
            self.progress("data streams", done as u64, total);
            let looked = self.data_stream(stream);
            self.accept(looked)?;
        }
        Ok(())
    }

    fn data_stream(&mut self, stream: &Arc<DataStream>) -> Result<()> {
        let state = stream.state.lock().clone();
        let mut open: Vec<HashKeys> =
            state.shards.values().filter(|shard| shard.closes_at.is_none()).map(|shard| shard.keys).collect();
        open.sort_unstable_by_key(|keys| keys.first);
        let meet = open.windows(2).all(|pair| pair[0].last.checked_add(1) == Some(pair[1].first));
        let ends = (open.first().map(|keys| keys.first), open.last().map(|keys| keys.last));
        if !meet || ends != (Some(0), Some(u128::MAX)) {
            self.finding(format!(
                "data stream {}: its open shards do not cover every hash key once",
                stream.name
            ));
        }
        for shard in state.shards.values() {
            self.data_shard(stream, shard, state.retention)?;
        }
        Ok(())
    }

    /// Follows the records of a shard.
    fn data_shard(&mut self, stream: &DataStream, shard: &DataShard, retention: u64) -> Result<()> {
        let shown = format!("shard {} of data stream {}", shard.id(), stream.name);
        let store = self.db.engine().store.clone();
        let (mut last, mut newest) = (None, 0);
        loop {
            let mut bytes = 0;
            let from = Bound::Excluded(last.unwrap_or(shard.start));
            let records = store.records(shard.log, from, retention, &mut |record| {
                // Never none: that would be the end.
                let is_first = bytes == 0;
                bytes += weight(record).max(1);
                is_first || bytes <= RECORDS_AT_ONCE_BYTES
            })?;
            if records.value.is_empty() {
                return Ok(());
            }
            for record in records.value {
                self.report.records += 1;
                // The first that is kept may be any.
                if last.is_some_and(|last| record.sequence.counter() != last.counter() + 1) {
                    self.finding(format!("{shown}: a record is missing before {}", record.sequence));
                }
                if record.at < newest {
                    self.finding(format!("{shown}: record {} is older than the one before", record.sequence));
                }
                if !is_sound(&record) {
                    self.finding(format!("{shown}: record {} cannot be read", record.sequence));
                }
                (last, newest) = (Some(record.sequence), record.at);
            }
        }
    }
}

fn is_sound(record: &LogRecord) -> bool {
    let parts = [&record.keys, &record.new_image, &record.old_image];
    record.keys.is_some() && parts.into_iter().flatten().all(|part| Item::is_sound(part.as_bytes()))
}
