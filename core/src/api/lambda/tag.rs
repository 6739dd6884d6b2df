//! Tags of event source mappings.

use std::collections::BTreeMap;

use super::TAGGABLE;
use crate::api::shape::shape;

shape! {
    /// Tags a mapping; tags of these names are replaced.
    ///
    /// Errors: `ResourceNotFoundException`, `InvalidParameterValueException`.
    pub struct LambdaTagResourceInput {
        /// The ARN of the mapping.
        resource: String = "Resource" [REQUIRED, TAGGABLE, length(1, LAMBDA_ARN_MAX_CHARS)],
        /// The tags.
        tags: BTreeMap<String, String> = "Tags" [REQUIRED],
    }

    /// Answer of TagResource.
    pub struct LambdaTagResourceOutput {
    }

    /// Takes tags away from a mapping.
    ///
    /// Errors: `ResourceNotFoundException`.
    pub struct LambdaUntagResourceInput {
        /// The ARN of the mapping.
        resource: String = "Resource" [REQUIRED, TAGGABLE, length(1, LAMBDA_ARN_MAX_CHARS)],
        /// Their names.
        tag_keys: Vec<String> = "TagKeys" [REQUIRED],
    }

    /// Answer of UntagResource.
    pub struct LambdaUntagResourceOutput {
    }

    /// Lists the tags of a mapping.
    ///
    /// Errors: `ResourceNotFoundException`.
    pub struct LambdaListTagsInput {
        /// The ARN of the mapping.
        resource: String = "Resource" [REQUIRED, TAGGABLE, length(1, LAMBDA_ARN_MAX_CHARS)],
    }

    /// Answer of ListTags.
    pub struct LambdaListTagsOutput {
        /// The tags.
        tags: BTreeMap<String, String> = "Tags",
    }
}
