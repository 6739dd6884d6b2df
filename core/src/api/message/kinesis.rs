//! Texts of Kinesis Data Streams (facts A15).

use std::fmt::Display;

/// A stream, as texts name it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Named<'a> {
    pub(crate) stream: &'a str,
    pub(crate) account: &'a str,
}

impl Named<'_> {
    fn place(self) -> String {
        format!("stream {} under account {}", self.stream, self.account)
    }

    pub(crate) fn not_found(self) -> String {
        format!("Stream {} under account {} not found.", self.stream, self.account)
    }

    pub(crate) fn exists(self) -> String {
        format!("Stream {} under account {} already exists.", self.stream, self.account)
    }

    pub(crate) fn not_active(self, status: &str) -> String {
        format!("Stream {} under account {} not ACTIVE, instead in state {status}", self.stream, self.account)
    }

    pub(crate) fn is_on_demand(self) -> String {
        format!(
            "Request is invalid. Stream {} under account {} is in On-Demand mode.",
            self.stream, self.account
        )
    }

    /// Of operations that change shards.
    pub(crate) fn no_shard(self, shard: impl Display) -> String {
        format!("Could not find shard {shard} in {}.", self.place())
    }

    /// Of operations that read.
    pub(crate) fn shard_does_not_exist(self, shard: impl Display) -> String {
        format!("Shard {shard} in {} does not exist", self.place())
    }

    pub(crate) fn shard_is_closed(self, shard: impl Display) -> String {
        format!("Shard {shard} in {} is not in an open state", self.place())
    }

    pub(crate) fn not_adjacent(self, lower: impl Display, upper: impl Display) -> String {
        format!(
            "Shards {lower} and {upper} in {} are not an adjacent pair of shards eligible for merging",
            self.place()
        )
    }

    pub(crate) fn hash_key_outside(self, key: &str, shard: impl Display, keys: (u128, u128)) -> String {
        format!(
            "NewStartingHashKey {key} used in SplitShard() on shard {shard} in {} is not both greater than one plus the shard's \
             StartingHashKey {} and less than the shard's EndingHashKey {}.",
            self.place(),
            keys.0,
            keys.1
        )
    }

    pub(crate) fn ordering_invalid(self, number: &str) -> String {
        format!("ExclusiveMinimumSequenceNumber {number} used in PutRecord on {} is invalid.", self.place())
    }

    pub(crate) fn starting_number_invalid(
        self,
        number: impl Display,
        shard: impl Display,
        is_foreign: bool,
    ) -> String {
        let why = if is_foreign { " because it did not come from this stream" } else { "" };
        format!(
            "StartingSequenceNumber {number} used in GetShardIterator on shard {shard} in {} is invalid{why}.",
            self.place()
        )
    }

    pub(crate) fn retention_shorter(self, asked: i32, now: i32) -> String {
        format!(
            "Requested retention period ({asked} hours) for stream {} can not be shorter than existing retention period ({now} hours). \
             Use DecreaseRetentionPeriod API.",
            self.stream
        )
    }

    pub(crate) fn retention_longer(self, asked: i32, now: i32) -> String {
        format!(
            "Requested retention period ({asked} hours) for stream {} can not be longer than existing retention period ({now} hours). \
             Use IncreaseRetentionPeriod API.",
            self.stream
        )
    }
}

pub(crate) fn no_name() -> String {
    "Either StreamName or StreamARN is required.".into()
}

pub(crate) fn names_differ() -> String {
    "The StreamName and the StreamARN do not name the same stream.".into()
}

pub(crate) fn retention_too_short(asked: i32, least: i32) -> String {
    format!(
        "Minimum allowed retention period is {least} hours. Requested retention period ({asked} hours) is too short."
    )
}

pub(crate) fn retention_too_long(asked: i32, most: i32) -> String {
    format!(
        "Maximum allowed retention period is {most} hours. Requested retention period ({asked} hours) is too long."
    )
}

pub(crate) fn starting_number_mismatch(encoded: impl Display, used: impl Display) -> String {
    format!(
        "Invalid StartingSequenceNumber. It encodes {encoded}, while it was used in a call to a shard with {used}"
    )
}

/// A sequence number is given exactly when the type of the iterator needs one.
pub(crate) fn starting_number_needed(kind: &str, is_given: bool) -> String {
    let told = if is_given { "also a" } else { "no" };
    format!(
        "Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or (2) TRIM_HORIZON or LATEST and \
         no StartingSequenceNumber. Request specified {kind} and {told} StartingSequenceNumber."
    )
}

pub(crate) fn timestamp_needed() -> String {
    "Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. Current request has no timestamp parameter.".into()
}

pub(crate) fn timestamp_in_future(given: f64, now: u64) -> String {
    format!(
        "The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. timestampInMillis: {given:.0}, \
         currentTimestampInMillis: {now}"
    )
}

pub(crate) fn iterator_invalid() -> String {
    "Invalid ShardIterator.".into()
}

pub(crate) fn iterator_expired(created: &str, now: &str, tolerated: u64) -> String {
    format!(
        "Iterator expired. The iterator was created at time {created} while right now it is {now} which is further in the future than the \
         tolerated delay of {tolerated} milliseconds."
    )
}

pub(crate) fn hash_key_too_large(key: &str) -> String {
    format!(
        "Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was {key}"
    )
}

pub(crate) fn records_too_large(most: usize) -> String {
    format!("Records size exceeds {} MB limit", most / (1024 * 1024))
}

pub(crate) fn token_invalid() -> String {
    "Invalid NextToken.".into()
}

pub(crate) fn token_expired() -> String {
    "The NextToken has expired.".into()
}

pub(crate) fn token_beside(member: &str) -> String {
    format!("NextToken and {member} cannot be provided together.")
}

pub(crate) fn filter_needs(kind: &str, member: &str) -> String {
    format!("{member} must be provided when ShardFilter type is {kind}.")
}

pub(crate) fn too_many_shards(place: (&str, &str), open: usize, limit: usize, more: usize) -> String {
    let (account, region) = place;
    format!(
        "This request would exceed the shard limit for the account {account} in {region}. Current shard count for the account: {open}. Limit: \
         {limit}. Number of additional shards that would have resulted from this request: {more}. Refer to the AWS Service Limits page \
         (http://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html) for current limits and how to request higher limits."
    )
}

pub(crate) fn target_above_limit(limit: i32, open: usize, target: i32) -> String {
    format!(
        "Target shard count or number of open shards cannot be greater than {limit}. Current open shard count: {open}, Target shard count: \
         {target}"
    )
}

pub(crate) fn target_above_double(open: usize, target: i32) -> String {
    format!(
        "UpdateShardCount cannot scale up over double your current open shard count. Current open shard count: {open}, Target shard count: \
         {target}"
    )
}

pub(crate) fn target_below_half(open: usize, target: i32) -> String {
    format!(
        "UpdateShardCount cannot scale down below half your current open shard count. Current open shard count: {open}, Target shard count: \
         {target}"
    )
}

pub(crate) fn count_of_on_demand() -> String {
    "ShardCount must not be specified for streams in ON_DEMAND mode.".into()
}

pub(crate) fn count_needed() -> String {
    "ShardCount must be specified for streams in PROVISIONED mode.".into()
}

pub(crate) fn mode_is_set(mode: &str) -> String {
    format!("The stream is already in {mode} mode.")
}

pub(crate) fn too_many_tags(most: usize) -> String {
    format!("A stream cannot have more than {most} tags.")
}
