//! Records of every kind of source, as one machine sees them.

use std::fmt;
use std::hash::Hasher;
use std::io;
use std::str::FromStr;
use std::sync::Arc;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};
use siphasher::sip::SipHasher13;

use crate::api::{Blob, KinesisRecord, Record, Timestamp};
use crate::clock::Millis;
use crate::pattern::{Event, Filters};
use crate::records::LambdaRecord;

/// A place in a shard: a decimal number of up to 76 digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct SequenceNumber {
    /// The digits above the lowest 38.
    high: u128,
    low: u128,
}

/// Digits in the lower part of a number.
const LOW_DIGITS: usize = 38;
const LOW_END: u128 = 10_u128.pow(38);

impl SequenceNumber {
    /// The next number.
    pub(super) fn next(self) -> SequenceNumber {
        let low = self.low + 1;
        SequenceNumber { high: self.high + low / LOW_END, low: low % LOW_END }
    }
}

impl From<u128> for SequenceNumber {
    fn from(number: u128) -> SequenceNumber {
        SequenceNumber { high: number / LOW_END, low: number % LOW_END }
    }
}

impl fmt::Display for SequenceNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.high {
            0 => write!(f, "{}", self.low),
            high => write!(f, "{high}{:0LOW_DIGITS$}", self.low),
        }
    }
}

impl FromStr for SequenceNumber {
    type Err = NotANumber;

    /// # Errors
    /// For text that no sequence number is written as.
    fn from_str(text: &str) -> Result<SequenceNumber, NotANumber> {
        let is_plain = text.bytes().all(|digit| digit.is_ascii_digit()) && !text.starts_with('0');
        if text.is_empty() || text.len() > 2 * LOW_DIGITS || !is_plain {
            return Err(NotANumber);
        }
        let (high, low) = text.split_at(text.len().saturating_sub(LOW_DIGITS));
        let part = |digits: &str| digits.parse().map_err(|_| NotANumber);
        Ok(SequenceNumber { high: if high.is_empty() { 0 } else { part(high)? }, low: part(low)? })
    }
}

impl Serialize for SequenceNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A text is no sequence number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NotANumber;

/// A record of a source.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum SourceRecord {
    /// Of a table's stream.
    Table(Record),
    /// Of a Kinesis data stream.
    DataStream(DataRecord),
}

/// A record of a Kinesis data stream.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct DataRecord {
    /// The shard that has it.
    pub shard_id: Arc<str>,
    /// Its place in the shard.
    pub sequence_number: SequenceNumber,
    /// When it was put, epoch milliseconds.
    pub arrived_at: u64,
    /// Its partition key.
    pub partition_key: String,
    /// What it says.
    pub data: Blob,
}

impl SourceRecord {
    /// A record as GetRecords of Kinesis has it; none without the members that each has.
    pub(super) fn of_data_stream(record: KinesisRecord, shard_id: &Arc<str>) -> Option<SourceRecord> {
        Some(SourceRecord::DataStream(DataRecord {
            shard_id: shard_id.clone(),
            sequence_number: record.sequence_number?.parse().ok()?,
            arrived_at: (record.approximate_arrival_timestamp?.0 * 1000.0).round() as u64,
            partition_key: record.partition_key?,
            data: record.data?,
        }))
    }

    /// Its place in the shard.
    pub fn sequence_number(&self) -> SequenceNumber {
        match self {
            SourceRecord::Table(record) => record.sequence_number.into(),
            SourceRecord::DataStream(record) => record.sequence_number,
        }
    }

    /// When it was written, epoch milliseconds. Streams of tables tell whole seconds.
    pub fn created_at(&self) -> u64 {
        match self {
            SourceRecord::Table(record) => record.created_at,
            SourceRecord::DataStream(record) => record.arrived_at,
        }
    }

    /// `eventID`.
    pub fn event_id(&self) -> String {
        match self {
            SourceRecord::Table(record) => record.event_id(),
            SourceRecord::DataStream(record) => format!("{}:{}", record.shard_id, record.sequence_number),
        }
    }

    /// How old it is by the service's measure, which knows whole seconds of a change's creation.
    pub(super) fn age(&self, now: Millis) -> Millis {
        match self {
            SourceRecord::Table(record) => now.saturating_sub(record.created_at / 1000 * 1000),
            SourceRecord::DataStream(record) => now.saturating_sub(record.arrived_at),
        }
    }

    /// Whether filters let it pass. Data that is no JSON is matched by none.
    pub(super) fn passes(&self, filters: &Filters, source_arn: &str) -> bool {
        match self {
            _ if filters.is_empty() => true,
            SourceRecord::Table(record) => filters.matches(Event::record(record, source_arn)),
            SourceRecord::DataStream(record) => serde_json::from_slice(&record.data.0)
                .is_ok_and(|data: Value| filters.matches(Event::from(&json!({ "data": data })))),
        }
    }

    /// Which of so many lanes it goes through: records of one item go through the same.
    pub(super) fn lane(&self, lanes: usize) -> usize {
        if lanes == 1 {
            return 0;
        }
        let mut hasher = SipHasher13::new_with_keys(0, 0);
        match self {
            SourceRecord::Table(record) => hasher.write(record.keys.as_bytes()),
            SourceRecord::DataStream(record) => hasher.write(record.partition_key.as_bytes()),
        }
        (hasher.finish() % lanes as u64) as usize
    }

    /// How many bytes it has at most as a part of an event. A byte of an item becomes 16 at most: one that is a value with its tag.
    pub(super) fn size_bound(&self, source_arn: &str) -> usize {
        const BESIDE_ITEMS: usize = 1024;
        match self {
            SourceRecord::Table(record) => {
                let images = [Some(&record.keys), record.new_image.as_ref(), record.old_image.as_ref()];
                let items: usize = images.into_iter().flatten().map(|item| item.as_bytes().len()).sum();
                BESIDE_ITEMS + source_arn.len() + 16 * items
            }
            SourceRecord::DataStream(record) => {
                let texts = record.partition_key.len() + record.shard_id.len() + source_arn.len();
                BESIDE_ITEMS + 6 * texts + record.data.0.len().div_ceil(3) * 4
            }
        }
    }

    /// How many bytes it has as a part of an event.
    pub(super) fn size(&self, source_arn: &str) -> usize {
        let mut counted = Counted(0);
        serde_json::to_writer(&mut counted, &InEvent { record: self, source_arn }).expect("nothing can fail");
        counted.0
    }
}

/// Counts what is written.
struct Counted(usize);

impl io::Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A record as a part of an event.
pub(super) struct InEvent<'a> {
    pub(super) record: &'a SourceRecord,
    pub(super) source_arn: &'a str,
}

impl Serialize for InEvent<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.record {
            SourceRecord::Table(record) => {
                LambdaRecord { record, stream_arn: self.source_arn }.serialize(serializer)
            }
            SourceRecord::DataStream(record) => {
                let mut arn = self.source_arn.split(':').skip(3);
                let (region, account) = (arn.next().unwrap_or(""), arn.next().unwrap_or(""));
                let mut members = serializer.serialize_struct("Record", 8)?;
                members.serialize_field("kinesis", &Kinesis(record))?;
                members.serialize_field("eventSource", "aws:kinesis")?;
                members.serialize_field("eventVersion", "1.0")?;
                members.serialize_field("eventID", &self.record.event_id())?;
                members.serialize_field("eventName", "aws:kinesis:record")?;
                members.serialize_field(
                    "invokeIdentityArn",
                    &format!("arn:aws:iam::{account}:role/lambda-role"),
                )?;
                members.serialize_field("awsRegion", region)?;
                members.serialize_field("eventSourceARN", self.source_arn)?;
                members.end()
            }
        }
    }
}

/// The `kinesis` member.
struct Kinesis<'a>(&'a DataRecord);

impl Serialize for Kinesis<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let record = self.0;
        let mut members = serializer.serialize_struct("Kinesis", 5)?;
        members.serialize_field("kinesisSchemaVersion", "1.0")?;
        members.serialize_field("partitionKey", &record.partition_key)?;
        members.serialize_field("sequenceNumber", &record.sequence_number)?;
        members.serialize_field("data", &record.data)?;
        members.serialize_field("approximateArrivalTimestamp", &Timestamp::from_millis(record.arrived_at))?;
        members.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_in_the_order_of_their_values() {
        let texts = [
            "1",
            "9",
            "10",
            "99999999999999999999999999999999999999",
            "100000000000000000000000000000000000000",
            "49590338271490256608559692538361571095921575989136588898",
        ];
        let numbers: Vec<SequenceNumber> = texts.iter().map(|text| text.parse().expect("a number")).collect();
        assert!(numbers.is_sorted());
        let written: Vec<String> = numbers.iter().map(SequenceNumber::to_string).collect();
        assert_eq!(written, texts);
        assert_eq!(SequenceNumber::from(u128::MAX).to_string(), u128::MAX.to_string());
        assert_eq!(numbers[0].next().to_string(), "2");
        assert_eq!(SequenceNumber::from(LOW_END - 1).next(), SequenceNumber::from(LOW_END));
        for text in ["", "-1", "+1", "1.0", "01", "x", &"9".repeat(77)] {
            assert_eq!(text.parse::<SequenceNumber>(), Err(NotANumber), "{text}");
        }
    }
}
