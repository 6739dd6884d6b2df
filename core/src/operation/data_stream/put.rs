//! PutRecord, PutRecords.

use super::{invalid, name_of, named, not_found};
use crate::api::message::kinesis as text;
use crate::api::{
    KinesisEncryptionType, KinesisPutRecordInput, KinesisPutRecordOutput, KinesisPutRecordsInput,
    KinesisPutRecordsOutput, KinesisPutRecordsRequestEntry, KinesisPutRecordsResultEntry, Result, Shape,
    Valid,
};
use crate::engine::Call;
use crate::kinesis::{Appending, Given, hash_key, put_record as record_of};
use crate::limits::KINESIS_PUT_RECORDS_MAX_BYTES;
use crate::store::Batch;

/// A record to put, and its hash key.
struct Put<'a> {
    partition_key: &'a str,
    hash_key: u128,
    data: &'a [u8],
}

impl<'a> Put<'a> {
    /// # Errors
    /// `InvalidArgumentException` for a hash key that is too large.
    fn new(partition_key: &'a str, explicit: Option<&str>, data: &'a [u8]) -> Result<Put<'a>> {
        let hash_key = match explicit {
            None => hash_key(partition_key),
            Some(digits) => digits.parse().map_err(|_| invalid(text::hash_key_too_large(digits)))?,
        };
        Ok(Put { partition_key, hash_key, data })
    }
}

/// Where a record lies.
struct Landed {
    shard: String,
    sequence: String,
}

/// PutRecord.
pub(crate) fn put_record(
    call: &Call<'_>,
    input: &Valid<'_, KinesisPutRecordInput>,
) -> Result<KinesisPutRecordOutput> {
    let name = name_of(call, input.stream_name.as_deref(), input.stream_arn.as_deref())?;
    if let Some(digits) = &input.sequence_number_for_ordering {
        check_ordering(call, name, digits)?;
    }
    let record = Put::new(input.partition_key, input.explicit_hash_key.as_deref(), &input.data.0)?;
    let landed = put(call, name, &[record])?.pop().expect("one for each record");
    Ok(KinesisPutRecordOutput {
        shard_id: Some(landed.shard),
        sequence_number: Some(landed.sequence),
        encryption_type: Some(KinesisEncryptionType::None.into()),
    })
}

/// A number is only looked at: numbers of a shard rise with every record, whatever a caller asks for.
///
/// # Errors
/// `InvalidArgumentException` for a number that was never given out, or not yet.
fn check_ordering(call: &Call<'_>, stream: &str, digits: &str) -> Result<()> {
    let is_sound = match Given::parse(digits) {
        Some(Given::Long(number)) => number.written <= call.now() / 1000,
        Some(Given::Short { .. }) => true,
        None => false,
    };
    if is_sound { Ok(()) } else { Err(invalid(named(call, stream).ordering_invalid(digits))) }
}

/// PutRecords.
pub(crate) fn put_records(
    call: &Call<'_>,
    input: &Valid<'_, KinesisPutRecordsInput>,
) -> Result<KinesisPutRecordsOutput> {
    let name = name_of(call, input.stream_name.as_deref(), input.stream_arn.as_deref())?;
    let size = |entry: &KinesisPutRecordsRequestEntry| {
        let key = entry.partition_key.as_ref().map_or(0, String::len);
        key + entry.data.as_ref().map_or(0, |data| data.0.len())
    };
    if input.records.iter().map(size).sum::<usize>() > KINESIS_PUT_RECORDS_MAX_BYTES {
        return Err(invalid(text::records_too_large(KINESIS_PUT_RECORDS_MAX_BYTES)));
    }
    let mut records = Vec::with_capacity(input.records.len());
    for entry in input.records {
        let valid = entry.valid()?;
        records.push(Put::new(valid.partition_key, entry.explicit_hash_key.as_deref(), &valid.data.0)?);
    }
    let told = |landed: Landed| KinesisPutRecordsResultEntry {
        sequence_number: Some(landed.sequence),
        shard_id: Some(landed.shard),
        error_code: None,
        error_message: None,
    };
    Ok(KinesisPutRecordsOutput {
        failed_record_count: Some(0),
        records: Some(put(call, name, &records)?.into_iter().map(told).collect()),
        encryption_type: Some(KinesisEncryptionType::None.into()),
    })
}

/// Puts records into a stream, in one commit, in their order.
fn put(call: &Call<'_>, name: &str, records: &[Put<'_>]) -> Result<Vec<Landed>> {
    let stream = super::find(call, name, call.now()).ok_or_else(|| not_found(call, name))?;
    let mut state = stream.state.lock();
    // The time is read under the lock, so that records of a shard are in order of time, too.
    let now = call.now();
    if !state.is_usable(now) {
        return Err(not_found(call, name));
    }
    let mut batch = Batch::default();
    let mut appending = Appending::default();
    let mut landed = Vec::with_capacity(records.len());
    for record in records {
        let content = record_of(record.partition_key, record.data);
        let place = (record.hash_key, call.next_commit());
        let (shard, number) = appending.add(&state, &mut batch, place, now, content);
        landed.push(Landed { shard: shard.to_string(), sequence: number.to_string() });
    }
    call.store.commit(batch)?;
    appending.landed(&mut state);
    call.watches.note_data_stream(&stream.name);
    Ok(landed)
}
