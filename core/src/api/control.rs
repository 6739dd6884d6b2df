//! Shapes of the operations that are this store's own: the clock, the shards, the files.

use super::shape::shape;

shape! {
    /// Moves the manual clock forward, running whatever falls due on the way, in order.
    ///
    /// Errors: `ValidationException` when the database runs on the system clock.
    pub struct AdvanceClockInput {
        /// How far, in milliseconds.
        milliseconds: i64 = "Milliseconds" [REQUIRED, range(0, 3_155_760_000_000)],
    }

    /// Answer of AdvanceClock.
    pub struct AdvanceClockOutput {
        /// The new time, epoch milliseconds.
        now: i64 = "Now",
    }

    /// Tells the database's time.
    pub struct DescribeClockInput {
    }

    /// Answer of DescribeClock.
    pub struct DescribeClockOutput {
        /// The time, epoch milliseconds.
        now: i64 = "Now",
        /// `manual` or `system`.
        mode: String = "Mode",
    }

    /// Splits a partition: its shard closes and two children open.
    ///
    /// Errors: `ResourceNotFoundException` for an unknown table or shard, `ValidationException` for a shard that is closed or a
    /// stream that is turned off.
    pub struct SplitShardInput {
        /// Name or ARN of the table, or ARN of its stream.
        table_name: String = "TableName" [REQUIRED, length(1, TABLE_ARN_MAX_CHARS)],
        /// The open shard whose partition to split; the widest partition when absent.
        shard_id: String = "ShardId" [length(SHARD_ID_MIN_CHARS, SHARD_ID_MAX_CHARS)],
    }

    /// Closes a shard and opens one child in its place.
    ///
    /// Errors: as SplitShard; `ValidationException` also when the table has no stream.
    pub struct RollShardInput {
        /// Name or ARN of the table, or ARN of its stream.
        table_name: String = "TableName" [REQUIRED, length(1, TABLE_ARN_MAX_CHARS)],
        /// The open shard to replace; every open shard of the table when absent.
        shard_id: String = "ShardId" [length(SHARD_ID_MIN_CHARS, SHARD_ID_MAX_CHARS)],
    }

    /// Which shards followed which.
    pub struct ShardSuccession {
        /// The closed shard.
        parent_shard_id: String = "ParentShardId",
        /// The shards opened in its place.
        child_shard_ids: Vec<String> = "ChildShardIds",
    }

    /// Answer of SplitShard.
    pub struct SplitShardOutput {
        /// The closed shard; absent when the table has no stream.
        parent_shard_id: String = "ParentShardId",
        /// The shards opened in its place.
        child_shard_ids: Vec<String> = "ChildShardIds",
        /// Partitions of the table now.
        partition_count: i32 = "PartitionCount",
    }

    /// Answer of RollShard.
    pub struct RollShardOutput {
        /// What was replaced by what.
        successions: Vec<ShardSuccession> = "Successions",
    }

    /// Does the background work that is due now.
    pub struct MaintainInput {
    }

    /// Answer of Maintain: what was done.
    pub struct MaintainOutput {
        /// Shards replaced because of their age.
        shards_rolled: i64 = "ShardsRolled",
        /// Partitions split because of their size or use.
        partitions_split: i64 = "PartitionsSplit",
        /// Records given back because of their age.
        records_trimmed: i64 = "RecordsTrimmed",
        /// Shards without records given back.
        shards_removed: i64 = "ShardsRemoved",
        /// Streams given back.
        streams_removed: i64 = "StreamsRemoved",
        /// Deleted tables given back.
        tables_removed: i64 = "TablesRemoved",
        /// Items deleted because their time was over.
        items_expired: i64 = "ItemsExpired",
    }

    /// Copies the database, as it is at one moment, into a directory that is made; calls go on meanwhile. The copy opens like any database.
    ///
    /// Errors: `ValidationException` for a database in memory, or a directory that holds something; `StorageException` when it cannot be
    /// written.
    pub struct BackupInput {
        /// The directory to make. A path that is not absolute begins where the process of the database runs.
        directory: String = "Directory" [REQUIRED, length(1, PATH_MAX_CHARS)],
    }

    /// Answer of Backup.
    pub struct BackupOutput {
        /// Size of the copy.
        bytes: i64 = "Bytes",
    }

    /// Gives the disk back what deleted items and trimmed records have left behind, now and thoroughly.
    ///
    /// Errors: `ValidationException` for a database in memory.
    pub struct CompactInput {
    }

    /// Answer of Compact.
    pub struct CompactOutput {
        /// Size of the files before.
        bytes_before: i64 = "BytesBefore",
        /// Size of the files now.
        bytes_after: i64 = "BytesAfter",
    }
}
