//! Records: put and read.

use super::{ARN, HASH_KEY, KinesisEncryptionType, KinesisHashKeyRange, SEQUENCE, WORD};
use crate::api::ShardIteratorType;
use crate::api::shape::{Blob, Open, Timestamp, shape};

shape! {
    /// Puts a record into a data stream.
    ///
    /// Errors: `ResourceNotFoundException`, `InvalidArgumentException`, `ProvisionedThroughputExceededException`.
    pub struct KinesisPutRecordInput {
        /// A number that the record's is to be greater than, as an earlier PutRecord answered it.
        sequence_number_for_ordering: String = "SequenceNumberForOrdering" [SEQUENCE],
        /// Its MD5 hash is the record's hash key, which chooses the shard.
        partition_key: String = "PartitionKey" [REQUIRED, length(1, KINESIS_PARTITION_KEY_MAX_CHARS)],
        /// A hash key that is taken instead.
        explicit_hash_key: String = "ExplicitHashKey" [HASH_KEY],
        /// What the record says, at most 1 MiB.
        data: Blob = "Data" [REQUIRED, length(0, KINESIS_DATA_MAX_BYTES)],
        /// The stream, by name.
        stream_name: String = "StreamName" [WORD, length(1, KINESIS_NAME_MAX_CHARS)],
        /// The stream, by ARN.
        stream_arn: String = "StreamARN" [ARN, length(1, KINESIS_ARN_MAX_CHARS)],
    }

    /// Answer of PutRecord.
    pub struct KinesisPutRecordOutput {
        /// The shard.
        shard_id: String = "ShardId",
        /// Its place in the shard.
        sequence_number: String = "SequenceNumber",
        /// Always `NONE`.
        encryption_type: Open<KinesisEncryptionType> = "EncryptionType",
    }

    /// A record to put.
    pub struct KinesisPutRecordsRequestEntry {
        /// As in PutRecord.
        data: Blob = "Data" [REQUIRED, length(0, KINESIS_DATA_MAX_BYTES)],
        /// As in PutRecord.
        explicit_hash_key: String = "ExplicitHashKey" [HASH_KEY],
        /// As in PutRecord.
        partition_key: String = "PartitionKey" [REQUIRED, length(1, KINESIS_PARTITION_KEY_MAX_CHARS)],
    }

    /// Puts up to 500 records into a data stream.
    ///
    /// Errors: `ResourceNotFoundException`, `InvalidArgumentException`, `ProvisionedThroughputExceededException`.
    pub struct KinesisPutRecordsInput {
        /// The records, 10 MiB together with their partition keys.
        records: Vec<KinesisPutRecordsRequestEntry> = "Records" [REQUIRED, length(1, KINESIS_PUT_RECORDS_MAX)],
        /// The stream, by name.
        stream_name: String = "StreamName" [WORD, length(1, KINESIS_NAME_MAX_CHARS)],
        /// The stream, by ARN.
        stream_arn: String = "StreamARN" [ARN, length(1, KINESIS_ARN_MAX_CHARS)],
    }

    /// What became of one record.
    pub struct KinesisPutRecordsResultEntry {
        /// Its place in the shard.
        sequence_number: String = "SequenceNumber",
        /// The shard.
        shard_id: String = "ShardId",
        /// Why it was not put.
        error_code: String = "ErrorCode",
        /// The same, as text.
        error_message: String = "ErrorMessage",
    }

    /// Answer of PutRecords.
    pub struct KinesisPutRecordsOutput {
        /// How many were not put.
        failed_record_count: i32 = "FailedRecordCount",
        /// What became of each, in their order.
        records: Vec<KinesisPutRecordsResultEntry> = "Records",
        /// Always `NONE`.
        encryption_type: Open<KinesisEncryptionType> = "EncryptionType",
    }

    /// Issues an iterator, good for 5 minutes.
    ///
    /// Errors: `ResourceNotFoundException`, `InvalidArgumentException`.
    pub struct KinesisGetShardIteratorInput {
        /// The shard.
        shard_id: String = "ShardId" [REQUIRED, WORD, length(1, KINESIS_NAME_MAX_CHARS)],
        /// Where to start.
        shard_iterator_type: Open<ShardIteratorType> = "ShardIteratorType" [REQUIRED],
        /// The record to start at or after.
        starting_sequence_number: String = "StartingSequenceNumber" [SEQUENCE],
        /// The stream, by name.
        stream_name: String = "StreamName" [WORD, length(1, KINESIS_NAME_MAX_CHARS)],
        /// The moment to start at.
        timestamp: Timestamp = "Timestamp",
        /// The stream, by ARN.
        stream_arn: String = "StreamARN" [ARN, length(1, KINESIS_ARN_MAX_CHARS)],
    }

    /// Answer of GetShardIterator.
    pub struct KinesisGetShardIteratorOutput {
        /// The iterator, opaque.
        shard_iterator: String = "ShardIterator",
    }

    /// Reads records from an iterator on: at most 10,000 and 10 MiB.
    ///
    /// Errors: `ResourceNotFoundException`, `InvalidArgumentException`, `ExpiredIteratorException`, `ProvisionedThroughputExceededException`.
    pub struct KinesisGetRecordsInput {
        /// At most this many records, 1 to 10,000.
        limit: i32 = "Limit" [range(1, KINESIS_PAGE_MAX)],
        /// The iterator.
        shard_iterator: String = "ShardIterator" [REQUIRED, length(1, KINESIS_ITERATOR_MAX_CHARS)],
        /// The stream; the iterator knows it.
        stream_arn: String = "StreamARN" [ARN, length(1, KINESIS_ARN_MAX_CHARS)],
    }

    /// A record of a data stream.
    pub struct KinesisRecord {
        /// Its place in the shard.
        sequence_number: String = "SequenceNumber",
        /// When it was put.
        approximate_arrival_timestamp: Timestamp = "ApproximateArrivalTimestamp",
        /// What it says.
        data: Blob = "Data",
        /// Its partition key.
        partition_key: String = "PartitionKey",
        /// Always `NONE`.
        encryption_type: Open<KinesisEncryptionType> = "EncryptionType",
    }

    /// A shard that goes on where a closed one has ended.
    pub struct KinesisChildShard {
        /// Its id.
        shard_id: String = "ShardId",
        /// The shards it was split or merged from.
        parent_shards: Vec<String> = "ParentShards",
        /// Its hash keys.
        hash_key_range: KinesisHashKeyRange = "HashKeyRange",
    }

    /// Answer of GetRecords.
    pub struct KinesisGetRecordsOutput {
        /// The records, oldest first.
        records: Vec<KinesisRecord> = "Records",
        /// Where to go on; absent at the end of a closed shard.
        next_shard_iterator: String = "NextShardIterator",
        /// How far the last of them is behind now, in milliseconds; 0 where nothing is left to read.
        millis_behind_latest: i64 = "MillisBehindLatest",
        /// The shards that go on, at the end of a closed shard.
        child_shards: Vec<KinesisChildShard> = "ChildShards",
    }
}
