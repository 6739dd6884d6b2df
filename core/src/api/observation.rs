//! Shapes of the operations that tell what a database sees: the state of streams and their readers, counts of calls, the calls themselves.

use super::record::Record;
use super::shape::{Open, Timestamp, shape};
use super::stream::{SequenceNumberRange, StreamStatus};
use super::table::StreamViewType;
use crate::value::{Checked, Item};

shape! {
    /// DescribeStream, with what the service keeps to itself: how many records each shard has, how old they are, and who reads them. Looking
    /// changes nothing.
    ///
    /// Errors: `ResourceNotFoundException` for an unknown stream.
    pub struct InspectStreamInput {
        /// The stream.
        stream_arn: String = "StreamArn" [REQUIRED, length(STREAM_ARN_MIN_CHARS, STREAM_ARN_MAX_CHARS)],
        /// At most so many shards, 1 to 100; 100 when absent.
        limit: i32 = "Limit" [range(1, STREAM_PAGE_MAX)],
        /// The shard after which to begin.
        exclusive_start_shard_id: String = "ExclusiveStartShardId" [length(SHARD_ID_MIN_CHARS, SHARD_ID_MAX_CHARS)],
    }

    /// A record, by its place.
    pub struct RecordPlace {
        /// Its sequence number.
        sequence_number: String = "SequenceNumber",
        /// When it was written, epoch milliseconds.
        at: i64 = "At",
    }

    /// Somebody who reads a shard: an iterator and those that its pages led to. Known by its calls since the database was opened, until 15
    /// minutes have passed without one, or the shard is read to its end; the last 16 of a shard.
    pub struct ShardReader {
        /// Tells the readers of a database apart.
        number: i64 = "Number",
        /// When it last called GetRecords, epoch milliseconds.
        read_at: i64 = "ReadAt",
        /// How old its iterator is, milliseconds: it expires at 900,000.
        iterator_age_millis: i64 = "IteratorAgeMillis",
        /// How many records its calls were answered.
        records_read: i64 = "RecordsRead",
        /// How many of the shard's records it has not read.
        records_behind: i64 = "RecordsBehind",
        /// How old the oldest of these is, milliseconds; 0 without any.
        millis_behind: i64 = "MillisBehind",
        /// Whether records were trimmed that it has not read: its next call fails.
        is_trimmed: bool = "IsTrimmed",
    }

    /// A shard as it stands.
    pub struct ShardState {
        /// Its id.
        shard_id: String = "ShardId",
        /// The shard it continues.
        parent_shard_id: String = "ParentShardId",
        /// As DescribeStream has it.
        sequence_number_range: SequenceNumberRange = "SequenceNumberRange",
        /// Whether records are still written to it.
        is_open: bool = "IsOpen",
        /// When it was opened, epoch milliseconds.
        opened_at: i64 = "OpenedAt",
        /// When it was closed, epoch milliseconds.
        closed_at: i64 = "ClosedAt",
        /// The first hash of partition keys that it takes, 20 digits.
        starting_hash: String = "StartingHash",
        /// The last one.
        ending_hash: String = "EndingHash",
        /// Records that can be read.
        record_count: i64 = "RecordCount",
        /// The oldest of them.
        oldest: RecordPlace = "Oldest",
        /// The newest of them.
        newest: RecordPlace = "Newest",
        /// Who reads it.
        readers: Vec<ShardReader> = "Readers",
    }

    /// Answer of InspectStream.
    pub struct InspectStreamOutput {
        /// The stream.
        stream_arn: String = "StreamArn",
        /// Its label.
        stream_label: String = "StreamLabel",
        /// Its table.
        table_name: String = "TableName",
        /// As DescribeStream has it.
        stream_status: Open<StreamStatus> = "StreamStatus",
        /// What its records hold.
        stream_view_type: Open<StreamViewType> = "StreamViewType",
        /// When it was turned on.
        creation_request_date_time: Timestamp = "CreationRequestDateTime",
        /// How long its records can be read, milliseconds.
        retention_millis: i64 = "RetentionMillis",
        /// Its shards, in the order of their ids.
        shards: Vec<ShardState> = "Shards",
        /// Where to go on; absent at the end.
        last_evaluated_shard_id: String = "LastEvaluatedShardId",
    }

    /// Looks at the records of a shard: a range of them from either end, and of these those that have a key or match an event pattern. Unlike
    /// GetRecords it takes no iterator, so that nobody becomes a reader by it. What was trimmed is not told.
    ///
    /// Errors: `ResourceNotFoundException` for an unknown stream or shard; `ValidationException` for a key of other attributes than the
    /// table's, and a text that is no pattern.
    pub struct InspectRecordsInput {
        /// The stream.
        stream_arn: String = "StreamArn" [REQUIRED, length(STREAM_ARN_MIN_CHARS, STREAM_ARN_MAX_CHARS)],
        /// The shard.
        shard_id: String = "ShardId" [REQUIRED, length(SHARD_ID_MIN_CHARS, SHARD_ID_MAX_CHARS)],
        /// Only records after this number.
        after_sequence_number: String = "AfterSequenceNumber" [length(SEQUENCE_MIN_DIGITS, SEQUENCE_MAX_DIGITS)],
        /// Only records before this number.
        before_sequence_number: String = "BeforeSequenceNumber" [length(SEQUENCE_MIN_DIGITS, SEQUENCE_MAX_DIGITS)],
        /// Whether to look at the newest records of the range; at the oldest when absent.
        newest: bool = "Newest",
        /// How many records to look at, 1 to 1,000; 100 when absent. Together they have at most 1 MB, or are one.
        limit: i32 = "Limit" [range(1, RECORDS_PAGE_MAX)],
        /// Only records of the item with this key.
        key: Checked<Item> = "Key",
        /// Only records that match this event pattern, as a filter of an event source mapping says it.
        pattern: String = "Pattern" [length(0, LAMBDA_PATTERN_MAX_CHARS)],
    }

    /// Answer of InspectRecords.
    pub struct InspectRecordsOutput {
        /// The records, the oldest first.
        records: Vec<Record> = "Records",
        /// How many records were looked at.
        examined_count: i64 = "ExaminedCount",
        /// How many records of the range were not looked at.
        remaining_count: i64 = "RemainingCount",
        /// How many records after `AfterSequenceNumber`, or of all, were trimmed.
        trimmed_count: i64 = "TrimmedCount",
        /// The oldest that was looked at.
        first_examined: RecordPlace = "FirstExamined",
        /// The newest that was looked at.
        last_examined: RecordPlace = "LastExamined",
    }

    /// Tells what calls came to, under the names that Amazon CloudWatch has for it, since the database was opened with the option `metrics`.
    ///
    /// Errors: `ValidationException` without that option.
    pub struct DescribeMetricsInput {
    }

    /// How long calls took, milliseconds on the database's clock: on a manual one 0, unless it was moved by them.
    pub struct CallLatency {
        /// How many calls.
        sample_count: i64 = "SampleCount",
        /// All together.
        sum: f64 = "Sum",
        /// The shortest.
        minimum: f64 = "Minimum",
        /// The longest.
        maximum: f64 = "Maximum",
    }

    /// What the calls of one operation on one table came to.
    pub struct CallCounts {
        /// The operation.
        operation: String = "Operation",
        /// The table that the calls name, by name or ARN as they do. Absent for calls that name several or none, and refused ones whose table
        /// no call before them was answered for.
        table_name: String = "TableName",
        /// Calls that succeeded.
        successful_request_latency: CallLatency = "SuccessfulRequestLatency",
        /// Calls refused for what they asked, but for those of the next three.
        user_errors: i64 = "UserErrors",
        /// Calls refused for being too many.
        throttled_requests: i64 = "ThrottledRequests",
        /// Calls whose condition was false, also in a transaction.
        conditional_check_failed_requests: i64 = "ConditionalCheckFailedRequests",
        /// Calls that met a transaction.
        transaction_conflict: i64 = "TransactionConflict",
        /// Calls that failed for no fault of theirs.
        system_errors: i64 = "SystemErrors",
        /// Items that Query and Scan answered.
        returned_item_count: i64 = "ReturnedItemCount",
        /// Records that GetRecords answered.
        returned_records_count: i64 = "ReturnedRecordsCount",
        /// Their sizes, `SizeBytes`.
        returned_bytes: i64 = "ReturnedBytes",
    }

    /// Answer of DescribeMetrics.
    pub struct DescribeMetricsOutput {
        /// The counts, in the order of operations and tables.
        metrics: Vec<CallCounts> = "Metrics",
    }

    /// Tells the latest calls, as many as the option `call_trace` says. Who asks again with the last number told follows them.
    ///
    /// Errors: `ValidationException` without that option.
    pub struct DescribeCallsInput {
        /// What comes after this number.
        after_number: i64 = "AfterNumber" [range(0, CALL_NUMBER_MAX)],
        /// At most so many, the oldest first; 1,000 when absent.
        limit: i32 = "Limit" [range(1, CALLS_PAGE_MAX)],
    }

    /// A call that has ended.
    pub struct TracedCall {
        /// Counts the calls of this opening from 1.
        number: i64 = "Number",
        /// When it was answered, epoch milliseconds.
        at: i64 = "At",
        /// The operation.
        operation: String = "Operation",
        /// The table that it names.
        table_name: String = "TableName",
        /// How long it took, milliseconds on the database's clock, without waiting for a disk.
        millis: f64 = "Millis",
        /// The code that it was refused with.
        error: String = "Error",
        /// The text that came with the code, its first 1,000 characters.
        message: String = "Message",
    }

    /// Answer of DescribeCalls.
    pub struct DescribeCallsOutput {
        /// The calls.
        calls: Vec<TracedCall> = "Calls",
        /// How many of those after `AfterNumber` were forgotten before this one asked.
        missed: i64 = "Missed",
    }
}
