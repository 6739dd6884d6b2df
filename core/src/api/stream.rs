//! Shapes of the stream operations.

use super::record::Record;
use super::shape::{Open, Timestamp, enumeration, shape};
use super::table::{KeySchemaElement, StreamViewType};

enumeration! {
    /// Where a stream is in its life.
    pub enum StreamStatus {
        /// Being turned on.
        Enabling = "ENABLING",
        /// Recording.
        Enabled = "ENABLED",
        /// Being turned off.
        Disabling = "DISABLING",
        /// Off; its records stay readable for 24 hours.
        Disabled = "DISABLED",
    }

    /// Where an iterator starts in its shard.
    pub enum ShardIteratorType {
        /// After a record.
        AfterSequenceNumber = "AFTER_SEQUENCE_NUMBER",
        /// After the newest record.
        Latest = "LATEST",
        /// At a record.
        AtSequenceNumber = "AT_SEQUENCE_NUMBER",
        /// At the oldest record.
        TrimHorizon = "TRIM_HORIZON",
        /// At the first record of a moment or after it.
        AtTimestamp = "AT_TIMESTAMP",
    }

    /// Which shards to describe.
    pub enum ShardFilterType {
        /// The children of a shard.
        ChildShards = "CHILD_SHARDS",
    }
}

shape! {
    /// Lists streams, live and closed, by table name and label.
    pub struct ListStreamsInput {
        /// Streams of this table only, of all its incarnations.
        table_name: String = "TableName" [length(NAME_MIN_CHARS, NAME_MAX_CHARS), NAME_PATTERN],
        /// At most this many, 1 to 100.
        limit: i32 = "Limit" [range(1, STREAM_PAGE_MAX)],
        /// Streams after this one.
        exclusive_start_stream_arn: String = "ExclusiveStartStreamArn" [length(STREAM_ARN_MIN_CHARS, STREAM_ARN_MAX_CHARS)],
    }

    /// A stream in a list.
    pub struct Stream {
        /// Its ARN.
        stream_arn: String = "StreamArn",
        /// Its table.
        table_name: String = "TableName",
        /// Its label.
        stream_label: String = "StreamLabel",
    }

    /// Answer of ListStreams.
    pub struct ListStreamsOutput {
        /// The streams.
        streams: Vec<Stream> = "Streams",
        /// Where the next page starts, when this one is full.
        last_evaluated_stream_arn: String = "LastEvaluatedStreamArn",
    }

    /// Chooses shards.
    pub struct ShardFilter {
        /// How.
        filter_type: Open<ShardFilterType> = "Type" [REQUIRED],
        /// The shard in question.
        shard_id: String = "ShardId" [REQUIRED, length(SHARD_ID_MIN_CHARS, SHARD_ID_MAX_CHARS)],
    }

    /// Describes a stream and its shards.
    ///
    /// Errors: `ValidationException`, `ResourceNotFoundException`.
    pub struct DescribeStreamInput {
        /// The stream.
        stream_arn: String = "StreamArn" [REQUIRED, length(STREAM_ARN_MIN_CHARS, STREAM_ARN_MAX_CHARS)],
        /// At most this many shards, 1 to 100.
        limit: i32 = "Limit" [range(1, STREAM_PAGE_MAX)],
        /// Shards after this one.
        exclusive_start_shard_id: String = "ExclusiveStartShardId" [length(SHARD_ID_MIN_CHARS, SHARD_ID_MAX_CHARS)],
        /// Which shards.
        shard_filter: ShardFilter = "ShardFilter",
    }

    /// The sequence numbers of a shard.
    pub struct SequenceNumberRange {
        /// Where the shard starts.
        starting_sequence_number: String = "StartingSequenceNumber",
        /// Where it ends; absent while it is open.
        ending_sequence_number: String = "EndingSequenceNumber",
    }

    /// A shard.
    pub struct Shard {
        /// Its identity.
        shard_id: String = "ShardId",
        /// Its sequence numbers.
        sequence_number_range: SequenceNumberRange = "SequenceNumberRange",
        /// The shard it continues.
        parent_shard_id: String = "ParentShardId",
    }

    /// A stream as it stands.
    pub struct StreamDescription {
        /// Its ARN.
        stream_arn: String = "StreamArn",
        /// Its label: the moment it was turned on.
        stream_label: String = "StreamLabel",
        /// Where it is in its life.
        stream_status: Open<StreamStatus> = "StreamStatus",
        /// What its records hold.
        stream_view_type: Open<StreamViewType> = "StreamViewType",
        /// When it was turned on.
        creation_request_date_time: Timestamp = "CreationRequestDateTime",
        /// Its table.
        table_name: String = "TableName",
        /// Its table's key.
        key_schema: Vec<KeySchemaElement> = "KeySchema",
        /// A page of its shards.
        shards: Vec<Shard> = "Shards",
        /// Where the next page starts, when there is more.
        last_evaluated_shard_id: String = "LastEvaluatedShardId",
    }

    /// Answer of DescribeStream.
    pub struct DescribeStreamOutput {
        /// The stream.
        stream_description: StreamDescription = "StreamDescription",
    }

    /// Issues an iterator, good for 15 minutes.
    ///
    /// Errors: `ValidationException`, `ResourceNotFoundException`, `TrimmedDataAccessException`.
    pub struct GetShardIteratorInput {
        /// The stream.
        stream_arn: String = "StreamArn" [REQUIRED, length(STREAM_ARN_MIN_CHARS, STREAM_ARN_MAX_CHARS)],
        /// The shard.
        shard_id: String = "ShardId" [REQUIRED, length(SHARD_ID_MIN_CHARS, SHARD_ID_MAX_CHARS)],
        /// Where to start.
        shard_iterator_type: Open<ShardIteratorType> = "ShardIteratorType" [REQUIRED],
        /// The record to start at or after.
        sequence_number: String = "SequenceNumber" [length(SEQUENCE_MIN_DIGITS, SEQUENCE_MAX_DIGITS)],
        /// The moment to start at, not in the future.
        timestamp: Timestamp = "Timestamp",
    }

    /// Answer of GetShardIterator.
    pub struct GetShardIteratorOutput {
        /// The iterator, opaque.
        shard_iterator: String = "ShardIterator",
    }

    /// Reads records from an iterator on.
    ///
    /// Errors: `ValidationException`, `ResourceNotFoundException`, `ExpiredIteratorException`, `TrimmedDataAccessException`.
    pub struct GetRecordsInput {
        /// The iterator.
        shard_iterator: String = "ShardIterator" [REQUIRED, length(1, ITERATOR_MAX_CHARS)],
        /// At most this many records, 1 to 1,000.
        limit: i32 = "Limit" [range(1, RECORDS_PAGE_MAX)],
    }

    /// Answer of GetRecords.
    pub struct GetRecordsOutput {
        /// The records, oldest first.
        records: Vec<Record> = "Records",
        /// Where to go on; absent at the end of a closed shard.
        next_shard_iterator: String = "NextShardIterator",
    }
}
