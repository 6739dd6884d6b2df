//! Tags of data streams.

use std::collections::BTreeMap;

use super::{ARN, RESOURCE, WORD};
use crate::api::Tag;
use crate::api::shape::shape;

shape! {
    /// Tags a data stream; tags of these names are replaced.
    ///
    /// Errors: `ResourceNotFoundException`, `InvalidArgumentException`.
    pub struct KinesisAddTagsToStreamInput {
        /// The tags.
        tags: BTreeMap<String, String> = "Tags" [REQUIRED, length(1, KINESIS_TAG_MAP_MAX)],
        /// The stream, by name.
        stream_name: String = "StreamName" [WORD, length(1, KINESIS_NAME_MAX_CHARS)],
        /// The stream, by ARN.
        stream_arn: String = "StreamARN" [ARN, length(1, KINESIS_ARN_MAX_CHARS)],
    }

    /// Answer of AddTagsToStream.
    pub struct KinesisAddTagsToStreamOutput {
    }

    /// Takes tags away.
    ///
    /// Errors: `ResourceNotFoundException`, `InvalidArgumentException`.
    pub struct KinesisRemoveTagsFromStreamInput {
        /// Their names.
        tag_keys: Vec<String> = "TagKeys" [REQUIRED, length(1, TAGS_MAX)],
        /// The stream, by name.
        stream_name: String = "StreamName" [WORD, length(1, KINESIS_NAME_MAX_CHARS)],
        /// The stream, by ARN.
        stream_arn: String = "StreamARN" [ARN, length(1, KINESIS_ARN_MAX_CHARS)],
    }

    /// Answer of RemoveTagsFromStream.
    pub struct KinesisRemoveTagsFromStreamOutput {
    }

    /// Lists the tags of a data stream by name.
    ///
    /// Errors: `ResourceNotFoundException`, `InvalidArgumentException`.
    pub struct KinesisListTagsForStreamInput {
        /// At most this many, 1 to 50.
        limit: i32 = "Limit" [range(1, 50)],
        /// Tags after this name.
        exclusive_start_tag_key: String = "ExclusiveStartTagKey" [length(1, TAG_KEY_MAX_CHARS)],
        /// The stream, by name.
        stream_name: String = "StreamName" [WORD, length(1, KINESIS_NAME_MAX_CHARS)],
        /// The stream, by ARN.
        stream_arn: String = "StreamARN" [ARN, length(1, KINESIS_ARN_MAX_CHARS)],
    }

    /// Answer of ListTagsForStream.
    pub struct KinesisListTagsForStreamOutput {
        /// The tags.
        tags: Vec<Tag> = "Tags",
        /// Whether there are more.
        has_more_tags: bool = "HasMoreTags",
    }

    /// Tags a data stream by its ARN.
    ///
    /// Errors: `ResourceNotFoundException`, `InvalidArgumentException`.
    pub struct KinesisTagResourceInput {
        /// The tags.
        tags: BTreeMap<String, String> = "Tags" [REQUIRED, length(1, KINESIS_TAG_MAP_MAX)],
        /// The stream.
        resource_arn: String = "ResourceARN" [REQUIRED, RESOURCE, length(1, KINESIS_ARN_MAX_CHARS)],
    }

    /// Answer of TagResource.
    pub struct KinesisTagResourceOutput {
    }

    /// Takes tags away from a data stream by its ARN.
    ///
    /// Errors: `ResourceNotFoundException`, `InvalidArgumentException`.
    pub struct KinesisUntagResourceInput {
        /// Their names.
        tag_keys: Vec<String> = "TagKeys" [REQUIRED, length(1, TAGS_MAX)],
        /// The stream.
        resource_arn: String = "ResourceARN" [REQUIRED, RESOURCE, length(1, KINESIS_ARN_MAX_CHARS)],
    }

    /// Answer of UntagResource.
    pub struct KinesisUntagResourceOutput {
    }

    /// Lists the tags of a data stream by its ARN.
    ///
    /// Errors: `ResourceNotFoundException`, `InvalidArgumentException`.
    pub struct KinesisListTagsForResourceInput {
        /// The stream.
        resource_arn: String = "ResourceARN" [REQUIRED, RESOURCE, length(1, KINESIS_ARN_MAX_CHARS)],
    }

    /// Answer of ListTagsForResource.
    pub struct KinesisListTagsForResourceOutput {
        /// The tags.
        tags: Vec<Tag> = "Tags",
    }
}
