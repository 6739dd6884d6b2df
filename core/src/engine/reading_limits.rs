//! The service's limits on readers of streams, where a database is opened with them (facts A3, A4, A6).

use std::collections::BTreeMap;

use parking_lot::Mutex;

use super::Call;
use crate::api::message::table as text;
use crate::api::{Error, ErrorCode, Result};
use crate::clock::Millis;
use crate::limits::{
    DESCRIBE_STREAM_PER_SECOND, GET_RECORDS_PER_SECOND, LIST_STREAMS_PER_SECOND, SHARD_READ_BYTES_PER_SECOND,
};
use crate::store::LogId;
use crate::table::{Bucket, Rate};

/// Of shards that were read within the last second, beyond which full buckets are thrown away.
const SHARDS_KEPT: usize = 1_024;

const LISTING: Rate = Rate::ceiling(LIST_STREAMS_PER_SECOND);
const DESCRIBING: Rate = Rate::ceiling(DESCRIBE_STREAM_PER_SECOND);
const CALLS: Rate = Rate::ceiling(GET_RECORDS_PER_SECOND);
const BYTES: Rate = Rate::ceiling(SHARD_READ_BYTES_PER_SECOND);

/// What readers may still do. Buckets that nobody has used are full, and not here.
#[derive(Debug, Default)]
pub(crate) struct ReadingLimits(Mutex<Buckets>);

#[derive(Debug, Default)]
struct Buckets {
    listing: Option<Bucket>,
    describing: Option<Bucket>,
    /// Calls and bytes of each shard.
    shards: BTreeMap<LogId, (Bucket, Bucket)>,
}

impl ReadingLimits {
    fn admit_read(&self, shard: LogId, now: Millis) -> bool {
        let mut buckets = self.0.lock();
        if buckets.shards.len() >= SHARDS_KEPT {
            buckets
                .shards
                .retain(|_, (calls, bytes)| !calls.is_full(CALLS, now) || !bytes.is_full(BYTES, now));
        }
        let (calls, bytes) = buckets
            .shards
            .entry(shard)
            .or_insert_with(|| (Bucket::full(CALLS, now), Bucket::full(BYTES, now)));
        bytes.has_some(BYTES, now) && calls.take_one(CALLS, now)
    }

    fn charge_read(&self, shard: LogId, bytes: usize, now: Millis) {
        if let Some((_, bucket)) = self.0.lock().shards.get_mut(&shard) {
            bucket.take(BYTES, now, bytes as f64);
        }
    }
}

impl Call<'_> {
    /// Admits a call of ListStreams.
    ///
    /// # Errors
    /// `ThrottlingException`.
    pub(crate) fn admit_listing(&self) -> Result<()> {
        self.admit_call(LISTING, |buckets| &mut buckets.listing)
    }

    /// Admits a call of DescribeStream.
    ///
    /// # Errors
    /// `ThrottlingException`.
    pub(crate) fn admit_describing(&self) -> Result<()> {
        self.admit_call(DESCRIBING, |buckets| &mut buckets.describing)
    }

    fn admit_call(&self, rate: Rate, of: impl FnOnce(&mut Buckets) -> &mut Option<Bucket>) -> Result<()> {
        if !self.choices.reader_limits || self.is_look {
            return Ok(());
        }
        let now = self.now();
        let mut buckets = self.reading_limits.0.lock();
        if of(&mut buckets).get_or_insert_with(|| Bucket::full(rate, now)).take_one(rate, now) {
            return Ok(());
        }
        Err(Error::new(ErrorCode::Throttling, text::rate_exceeded()))
    }

    /// Admits a call of GetRecords on a shard.
    ///
    /// # Errors
    /// `LimitExceededException`.
    pub(crate) fn admit_read(&self, shard: LogId) -> Result<()> {
        if !self.choices.reader_limits || self.reading_limits.admit_read(shard, self.now()) {
            return Ok(());
        }
        Err(Error::new(ErrorCode::LimitExceeded, text::too_many_readers()))
    }

    /// Takes what a page of a shard has out of what may be read of it.
    pub(crate) fn charge_read(&self, shard: LogId, bytes: usize) {
        if self.choices.reader_limits {
            self.reading_limits.charge_read(shard, bytes, self.now());
        }
    }
}
