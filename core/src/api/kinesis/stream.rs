//! Streams: made, described, changed, removed.

use std::collections::BTreeMap;

use super::{ARN, KinesisShard, WORD};
use crate::api::shape::{Open, Timestamp, enumeration, shape};

enumeration! {
    /// Where a data stream is in its life.
    pub enum KinesisStreamStatus {
        /// Being made.
        Creating = "CREATING",
        /// Being removed.
        Deleting = "DELETING",
        /// In use.
        Active = "ACTIVE",
        /// Its shards are being changed; it can be written and read.
        Updating = "UPDATING",
    }

    /// Who looks after the number of shards.
    pub enum KinesisStreamMode {
        /// The owner.
        Provisioned = "PROVISIONED",
        /// The service.
        OnDemand = "ON_DEMAND",
    }

    /// How a number of shards is reached.
    pub enum KinesisScalingType {
        /// By shards of one width.
        UniformScaling = "UNIFORM_SCALING",
    }

    /// How records are encrypted.
    pub enum KinesisEncryptionType {
        /// Not at all.
        None = "NONE",
        /// With a key of the account.
        Kms = "KMS",
    }
}

shape! {
    /// Who looks after the number of shards.
    pub struct KinesisStreamModeDetails {
        /// The mode.
        stream_mode: Open<KinesisStreamMode> = "StreamMode" [REQUIRED],
    }

    /// Makes a data stream. Errors: `ResourceInUseException` for a name that is taken, `LimitExceededException`, `InvalidArgumentException`.
    pub struct KinesisCreateStreamInput {
        /// Number of shards, of a provisioned stream.
        shard_count: i32 = "ShardCount" [range(1, KINESIS_COUNT_MAX)],
        /// Its name.
        stream_name: String = "StreamName" [REQUIRED, WORD, length(1, KINESIS_NAME_MAX_CHARS)],
        /// The mode; provisioned when absent.
        stream_mode_details: KinesisStreamModeDetails = "StreamModeDetails",
        /// Its tags.
        tags: BTreeMap<String, String> = "Tags" [length(1, KINESIS_TAG_MAP_MAX)],
    }

    /// Answer of CreateStream.
    pub struct KinesisCreateStreamOutput {
    }

    /// Removes a data stream and its records.
    ///
    /// Errors: `ResourceNotFoundException`, `InvalidArgumentException`.
    pub struct KinesisDeleteStreamInput {
        /// The stream, by name.
        stream_name: String = "StreamName" [WORD, length(1, KINESIS_NAME_MAX_CHARS)],
        /// Whether registered consumers go with it. There are none.
        enforce_consumer_deletion: bool = "EnforceConsumerDeletion",
        /// The stream, by ARN.
        stream_arn: String = "StreamARN" [ARN, length(1, KINESIS_ARN_MAX_CHARS)],
    }

    /// Answer of DeleteStream.
    pub struct KinesisDeleteStreamOutput {
    }

    /// Metrics of single shards that are told.
    pub struct KinesisEnhancedMetrics {
        /// Their names; none.
        shard_level_metrics: Vec<String> = "ShardLevelMetrics",
    }

    /// Describes a data stream and its shards.
    ///
    /// Errors: `ResourceNotFoundException`, `InvalidArgumentException`.
    pub struct KinesisDescribeStreamInput {
        /// At most this many shards, 1 to 10,000; 100 when absent.
        limit: i32 = "Limit" [range(1, KINESIS_PAGE_MAX)],
        /// Shards after this one.
        exclusive_start_shard_id: String = "ExclusiveStartShardId" [WORD, length(1, KINESIS_NAME_MAX_CHARS)],
        /// The stream, by name.
        stream_name: String = "StreamName" [WORD, length(1, KINESIS_NAME_MAX_CHARS)],
        /// The stream, by ARN.
        stream_arn: String = "StreamARN" [ARN, length(1, KINESIS_ARN_MAX_CHARS)],
    }

    /// A data stream as it stands.
    pub struct KinesisStreamDescription {
        /// Its name.
        stream_name: String = "StreamName",
        /// Its ARN.
        stream_arn: String = "StreamARN",
        /// Where it is in its life.
        stream_status: Open<KinesisStreamStatus> = "StreamStatus",
        /// Its mode.
        stream_mode_details: KinesisStreamModeDetails = "StreamModeDetails",
        /// A page of its shards.
        shards: Vec<KinesisShard> = "Shards",
        /// Whether there are more.
        has_more_shards: bool = "HasMoreShards",
        /// How long a record can be read, in hours.
        retention_period_hours: i32 = "RetentionPeriodHours",
        /// When it was made.
        stream_creation_timestamp: Timestamp = "StreamCreationTimestamp",
        /// Metrics of its shards: one entry with none.
        enhanced_monitoring: Vec<KinesisEnhancedMetrics> = "EnhancedMonitoring",
        /// Always `NONE`.
        encryption_type: Open<KinesisEncryptionType> = "EncryptionType",
    }

    /// Answer of DescribeStream.
    pub struct KinesisDescribeStreamOutput {
        /// The stream.
        stream_description: KinesisStreamDescription = "StreamDescription",
    }

    /// Describes a data stream without its shards.
    ///
    /// Errors: `ResourceNotFoundException`, `InvalidArgumentException`.
    pub struct KinesisDescribeStreamSummaryInput {
        /// The stream, by name.
        stream_name: String = "StreamName" [WORD, length(1, KINESIS_NAME_MAX_CHARS)],
        /// The stream, by ARN.
        stream_arn: String = "StreamARN" [ARN, length(1, KINESIS_ARN_MAX_CHARS)],
    }

    /// A data stream without its shards.
    pub struct KinesisStreamDescriptionSummary {
        /// Its name.
        stream_name: String = "StreamName",
        /// Its ARN.
        stream_arn: String = "StreamARN",
        /// Where it is in its life.
        stream_status: Open<KinesisStreamStatus> = "StreamStatus",
        /// Its mode.
        stream_mode_details: KinesisStreamModeDetails = "StreamModeDetails",
        /// How long a record can be read, in hours.
        retention_period_hours: i32 = "RetentionPeriodHours",
        /// When it was made.
        stream_creation_timestamp: Timestamp = "StreamCreationTimestamp",
        /// Metrics of its shards: one entry with none.
        enhanced_monitoring: Vec<KinesisEnhancedMetrics> = "EnhancedMonitoring",
        /// Always `NONE`.
        encryption_type: Open<KinesisEncryptionType> = "EncryptionType",
        /// Number of its open shards.
        open_shard_count: i32 = "OpenShardCount",
        /// Number of its registered consumers: 0.
        consumer_count: i32 = "ConsumerCount",
    }

    /// Answer of DescribeStreamSummary.
    pub struct KinesisDescribeStreamSummaryOutput {
        /// The stream.
        stream_description_summary: KinesisStreamDescriptionSummary = "StreamDescriptionSummary",
    }

    /// Lists data streams by name.
    ///
    /// Errors: `InvalidArgumentException`, `ExpiredNextTokenException`.
    pub struct KinesisListStreamsInput {
        /// At most this many, 1 to 10,000; 100 when absent.
        limit: i32 = "Limit" [range(1, KINESIS_PAGE_MAX)],
        /// Streams after this name.
        exclusive_start_stream_name: String = "ExclusiveStartStreamName" [WORD, length(1, KINESIS_NAME_MAX_CHARS)],
        /// Where the page before ended, good for 5 minutes.
        next_token: String = "NextToken" [length(1, KINESIS_TOKEN_MAX_CHARS)],
    }

    /// A data stream in a list.
    pub struct KinesisStreamSummary {
        /// Its name.
        stream_name: String = "StreamName",
        /// Its ARN.
        stream_arn: String = "StreamARN",
        /// Where it is in its life.
        stream_status: Open<KinesisStreamStatus> = "StreamStatus",
        /// Its mode.
        stream_mode_details: KinesisStreamModeDetails = "StreamModeDetails",
        /// When it was made.
        stream_creation_timestamp: Timestamp = "StreamCreationTimestamp",
    }

    /// Answer of ListStreams.
    pub struct KinesisListStreamsOutput {
        /// Their names.
        stream_names: Vec<String> = "StreamNames",
        /// Whether there are more.
        has_more_streams: bool = "HasMoreStreams",
        /// Where the next page starts, when there is more.
        next_token: String = "NextToken",
        /// The streams.
        stream_summaries: Vec<KinesisStreamSummary> = "StreamSummaries",
    }

    /// Keeps the records of a stream longer, those that are there included.
    ///
    /// Errors: `ResourceNotFoundException`, `ResourceInUseException`, `InvalidArgumentException`.
    pub struct KinesisIncreaseStreamRetentionPeriodInput {
        /// How long, in hours: 24 to 8,760, and no less than now.
        retention_period_hours: i32 = "RetentionPeriodHours" [REQUIRED, range(1, KINESIS_COUNT_MAX)],
        /// The stream, by name.
        stream_name: String = "StreamName" [WORD, length(1, KINESIS_NAME_MAX_CHARS)],
        /// The stream, by ARN.
        stream_arn: String = "StreamARN" [ARN, length(1, KINESIS_ARN_MAX_CHARS)],
    }

    /// Answer of IncreaseStreamRetentionPeriod.
    pub struct KinesisIncreaseStreamRetentionPeriodOutput {
    }

    /// Keeps the records of a stream less long, at once.
    ///
    /// Errors: `ResourceNotFoundException`, `ResourceInUseException`, `InvalidArgumentException`.
    pub struct KinesisDecreaseStreamRetentionPeriodInput {
        /// How long, in hours: 24 to 8,760, and no more than now.
        retention_period_hours: i32 = "RetentionPeriodHours" [REQUIRED, range(1, KINESIS_COUNT_MAX)],
        /// The stream, by name.
        stream_name: String = "StreamName" [WORD, length(1, KINESIS_NAME_MAX_CHARS)],
        /// The stream, by ARN.
        stream_arn: String = "StreamARN" [ARN, length(1, KINESIS_ARN_MAX_CHARS)],
    }

    /// Answer of DecreaseStreamRetentionPeriod.
    pub struct KinesisDecreaseStreamRetentionPeriodOutput {
    }

    /// Changes who looks after the number of shards.
    ///
    /// Errors: `ResourceNotFoundException`, `ResourceInUseException`, `InvalidArgumentException`.
    pub struct KinesisUpdateStreamModeInput {
        /// The stream.
        stream_arn: String = "StreamARN" [REQUIRED, ARN, length(1, KINESIS_ARN_MAX_CHARS)],
        /// The mode.
        stream_mode_details: KinesisStreamModeDetails = "StreamModeDetails" [REQUIRED],
    }

    /// Answer of UpdateStreamMode.
    pub struct KinesisUpdateStreamModeOutput {
    }

    /// Tells the limits of the account and what is used of them.
    pub struct KinesisDescribeLimitsInput {
    }

    /// Answer of DescribeLimits.
    pub struct KinesisDescribeLimitsOutput {
        /// Shards that there may be.
        shard_limit: i32 = "ShardLimit",
        /// Open shards that there are, of provisioned streams.
        open_shard_count: i32 = "OpenShardCount",
        /// On-demand streams that there are.
        on_demand_stream_count: i32 = "OnDemandStreamCount",
        /// On-demand streams that there may be.
        on_demand_stream_count_limit: i32 = "OnDemandStreamCountLimit",
    }
}
