//! Shards: listed, split, merged.

use super::{ARN, HASH_KEY, KinesisScalingType, WORD};
use crate::api::SequenceNumberRange;
use crate::api::shape::{Open, Timestamp, enumeration, shape};

enumeration! {
    /// Which shards to list.
    pub enum KinesisShardFilterType {
        /// Those after a shard.
        AfterShardId = "AFTER_SHARD_ID",
        /// Those that were open when the oldest record that can be read was written.
        AtTrimHorizon = "AT_TRIM_HORIZON",
        /// Those that were open then or later.
        FromTrimHorizon = "FROM_TRIM_HORIZON",
        /// Those that are open.
        AtLatest = "AT_LATEST",
        /// Those that were open at a moment.
        AtTimestamp = "AT_TIMESTAMP",
        /// Those that were open at a moment or later.
        FromTimestamp = "FROM_TIMESTAMP",
    }
}

shape! {
    /// The hash keys of a shard, both ends included.
    pub struct KinesisHashKeyRange {
        /// The least.
        starting_hash_key: String = "StartingHashKey",
        /// The greatest.
        ending_hash_key: String = "EndingHashKey",
    }

    /// A shard of a data stream.
    pub struct KinesisShard {
        /// Its id.
        shard_id: String = "ShardId",
        /// The shard it was split or merged from.
        parent_shard_id: String = "ParentShardId",
        /// The other one that it was merged from.
        adjacent_parent_shard_id: String = "AdjacentParentShardId",
        /// Its hash keys.
        hash_key_range: KinesisHashKeyRange = "HashKeyRange",
        /// Its sequence numbers; without an end while it is open.
        sequence_number_range: SequenceNumberRange = "SequenceNumberRange",
    }

    /// Chooses shards.
    pub struct KinesisShardFilter {
        /// How.
        filter_type: Open<KinesisShardFilterType> = "Type" [REQUIRED],
        /// The shard after which to begin.
        shard_id: String = "ShardId" [WORD, length(1, KINESIS_NAME_MAX_CHARS)],
        /// The moment in question.
        timestamp: Timestamp = "Timestamp",
    }

    /// Lists the shards of a data stream.
    ///
    /// Errors: `ResourceNotFoundException`, `ResourceInUseException`, `InvalidArgumentException`, `ExpiredNextTokenException`.
    pub struct KinesisListShardsInput {
        /// Where the page before ended, good for 5 minutes; nothing else is given beside it but `MaxResults`.
        next_token: String = "NextToken" [length(1, KINESIS_TOKEN_MAX_CHARS)],
        /// At most this many, 1 to 10,000; 1,000 when absent.
        max_results: i32 = "MaxResults" [range(1, KINESIS_PAGE_MAX)],
        /// Shards after this one.
        exclusive_start_shard_id: String = "ExclusiveStartShardId" [WORD, length(1, KINESIS_NAME_MAX_CHARS)],
        /// The stream, by name.
        stream_name: String = "StreamName" [WORD, length(1, KINESIS_NAME_MAX_CHARS)],
        /// When the stream was made, to tell it from another of its name.
        stream_creation_timestamp: Timestamp = "StreamCreationTimestamp",
        /// Which shards; all when absent.
        shard_filter: KinesisShardFilter = "ShardFilter",
        /// The stream, by ARN.
        stream_arn: String = "StreamARN" [ARN, length(1, KINESIS_ARN_MAX_CHARS)],
    }

    /// Answer of ListShards.
    pub struct KinesisListShardsOutput {
        /// The shards.
        shards: Vec<KinesisShard> = "Shards",
        /// Where the next page starts, when there is more.
        next_token: String = "NextToken",
    }

    /// Splits an open shard at a hash key: it closes, and two shards open.
    ///
    /// Errors: `ResourceNotFoundException`, `ResourceInUseException`, `InvalidArgumentException`, `LimitExceededException`.
    pub struct KinesisSplitShardInput {
        /// The least hash key of the upper child.
        new_starting_hash_key: String = "NewStartingHashKey" [REQUIRED, HASH_KEY],
        /// The stream, by name.
        stream_name: String = "StreamName" [WORD, length(1, KINESIS_NAME_MAX_CHARS)],
        /// The shard.
        shard_to_split: String = "ShardToSplit" [REQUIRED, WORD, length(1, KINESIS_NAME_MAX_CHARS)],
        /// The stream, by ARN.
        stream_arn: String = "StreamARN" [ARN, length(1, KINESIS_ARN_MAX_CHARS)],
    }

    /// Answer of SplitShard.
    pub struct KinesisSplitShardOutput {
    }

    /// Merges two open shards whose hash keys meet: they close, and one shard opens.
    ///
    /// Errors: `ResourceNotFoundException`, `ResourceInUseException`, `InvalidArgumentException`.
    pub struct KinesisMergeShardsInput {
        /// The shard with the lower hash keys.
        shard_to_merge: String = "ShardToMerge" [REQUIRED, WORD, length(1, KINESIS_NAME_MAX_CHARS)],
        /// The shard with the higher ones.
        adjacent_shard_to_merge: String = "AdjacentShardToMerge" [REQUIRED, WORD, length(1, KINESIS_NAME_MAX_CHARS)],
        /// The stream, by name.
        stream_name: String = "StreamName" [WORD, length(1, KINESIS_NAME_MAX_CHARS)],
        /// The stream, by ARN.
        stream_arn: String = "StreamARN" [ARN, length(1, KINESIS_ARN_MAX_CHARS)],
    }

    /// Answer of MergeShards.
    pub struct KinesisMergeShardsOutput {
    }

    /// Brings a stream to a number of shards of one width: open ones close, and so many open.
    ///
    /// Errors: `ResourceNotFoundException`, `ResourceInUseException`, `InvalidArgumentException`, `LimitExceededException`.
    pub struct KinesisUpdateShardCountInput {
        /// How it is reached.
        scaling_type: Open<KinesisScalingType> = "ScalingType" [REQUIRED],
        /// The stream, by name.
        stream_name: String = "StreamName" [WORD, length(1, KINESIS_NAME_MAX_CHARS)],
        /// The number, from half of what is open to the double.
        target_shard_count: i32 = "TargetShardCount" [REQUIRED, range(1, KINESIS_COUNT_MAX)],
        /// The stream, by ARN.
        stream_arn: String = "StreamARN" [ARN, length(1, KINESIS_ARN_MAX_CHARS)],
    }

    /// Answer of UpdateShardCount.
    pub struct KinesisUpdateShardCountOutput {
        /// The stream's name.
        stream_name: String = "StreamName",
        /// Shards that were open.
        current_shard_count: i32 = "CurrentShardCount",
        /// Shards that will be.
        target_shard_count: i32 = "TargetShardCount",
        /// The stream's ARN.
        stream_arn: String = "StreamARN",
    }
}
