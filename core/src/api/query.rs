//! Shapes of Query and Scan.

use std::collections::BTreeMap;

use super::item::{Condition, ConditionalOperator, ConsumedCapacity, ReturnConsumedCapacity};
use super::shape::{Open, enumeration, shape};
use crate::value::{Checked, Item};

enumeration! {
    /// What a page answers with.
    pub enum Select {
        /// The attributes of the projection.
        SpecificAttributes = "SPECIFIC_ATTRIBUTES",
        /// Numbers only.
        Count = "COUNT",
        /// All attributes.
        AllAttributes = "ALL_ATTRIBUTES",
        /// All attributes of an index.
        AllProjectedAttributes = "ALL_PROJECTED_ATTRIBUTES",
    }
}

shape! {
    /// Reads the items of one partition key, of the table or of an index, in sort-key order.
    ///
    /// Errors: `ValidationException`, `ResourceNotFoundException`.
    pub struct QueryInput {
        /// Name or ARN of the table.
        table_name: String = "TableName" [REQUIRED, length(1, TABLE_ARN_MAX_CHARS), TABLE_LENGTH, TABLE_PATTERN],
        /// The index to read.
        index_name: String = "IndexName" [length(NAME_MIN_CHARS, NAME_MAX_CHARS), NAME_PATTERN],
        /// What to answer with.
        select: Open<Select> = "Select",
        /// Legacy list of attributes to answer with.
        attributes_to_get: Vec<String> = "AttributesToGet" [length(1, NO_LIMIT)],
        /// At most this many items are evaluated.
        limit: i32 = "Limit" [range(1, i64::MAX)],
        /// Counts for capacity; reads always see every finished write here.
        consistent_read: bool = "ConsistentRead",
        /// Legacy key conditions, by attribute.
        key_conditions: BTreeMap<String, Condition> = "KeyConditions",
        /// Legacy filter, by attribute.
        query_filter: BTreeMap<String, Condition> = "QueryFilter",
        /// How the legacy filters combine.
        conditional_operator: Open<ConditionalOperator> = "ConditionalOperator",
        /// Ascending (default) or descending sort keys.
        scan_index_forward: bool = "ScanIndexForward",
        /// Where the page starts: the last page's `LastEvaluatedKey`.
        exclusive_start_key: Checked<Item> = "ExclusiveStartKey",
        /// How much to tell of the capacity used.
        return_consumed_capacity: Open<ReturnConsumedCapacity> = "ReturnConsumedCapacity",
        /// Which parts to answer with.
        projection_expression: String = "ProjectionExpression",
        /// Which of the evaluated items to answer with.
        filter_expression: String = "FilterExpression",
        /// Which keys to evaluate.
        key_condition_expression: String = "KeyConditionExpression",
        /// `#name` placeholders.
        expression_attribute_names: BTreeMap<String, String> = "ExpressionAttributeNames",
        /// `:value` placeholders.
        expression_attribute_values: Checked<Item> = "ExpressionAttributeValues",
    }

    /// Answer of Query.
    pub struct QueryOutput {
        /// The items; absent when only numbers were asked for.
        items: Vec<Item> = "Items",
        /// Number of items answered with.
        count: i32 = "Count",
        /// Number of items evaluated.
        scanned_count: i32 = "ScannedCount",
        /// Where the next page starts, when there may be more.
        last_evaluated_key: Item = "LastEvaluatedKey",
        /// Capacity used, if asked for.
        consumed_capacity: ConsumedCapacity = "ConsumedCapacity",
    }

    /// Reads all items of a table or an index, or of one segment of it.
    ///
    /// Errors: `ValidationException`, `ResourceNotFoundException`.
    pub struct ScanInput {
        /// Name or ARN of the table.
        table_name: String = "TableName" [REQUIRED, length(1, TABLE_ARN_MAX_CHARS), TABLE_LENGTH, TABLE_PATTERN],
        /// The index to read.
        index_name: String = "IndexName" [length(NAME_MIN_CHARS, NAME_MAX_CHARS), NAME_PATTERN],
        /// Legacy list of attributes to answer with.
        attributes_to_get: Vec<String> = "AttributesToGet" [length(1, NO_LIMIT)],
        /// At most this many items are evaluated.
        limit: i32 = "Limit" [range(1, i64::MAX)],
        /// What to answer with.
        select: Open<Select> = "Select",
        /// Legacy filter, by attribute.
        scan_filter: BTreeMap<String, Condition> = "ScanFilter",
        /// How the legacy filters combine.
        conditional_operator: Open<ConditionalOperator> = "ConditionalOperator",
        /// Where the page starts: the last page's `LastEvaluatedKey`.
        exclusive_start_key: Checked<Item> = "ExclusiveStartKey",
        /// How much to tell of the capacity used.
        return_consumed_capacity: Open<ReturnConsumedCapacity> = "ReturnConsumedCapacity",
        /// Number of segments the table is cut into.
        total_segments: i32 = "TotalSegments" [range(1, SEGMENTS_MAX)],
        /// The segment to read, from 0.
        segment: i32 = "Segment" [range(0, SEGMENTS_MAX - 1)],
        /// Which parts to answer with.
        projection_expression: String = "ProjectionExpression",
        /// Which of the evaluated items to answer with.
        filter_expression: String = "FilterExpression",
        /// `#name` placeholders.
        expression_attribute_names: BTreeMap<String, String> = "ExpressionAttributeNames",
        /// `:value` placeholders.
        expression_attribute_values: Checked<Item> = "ExpressionAttributeValues",
        /// Counts for capacity; reads always see every finished write here.
        consistent_read: bool = "ConsistentRead",
    }

    /// Answer of Scan.
    pub struct ScanOutput {
        /// The items; absent when only numbers were asked for.
        items: Vec<Item> = "Items",
        /// Number of items answered with.
        count: i32 = "Count",
        /// Number of items evaluated.
        scanned_count: i32 = "ScannedCount",
        /// Where the next page starts, when there may be more.
        last_evaluated_key: Item = "LastEvaluatedKey",
        /// Capacity used, if asked for.
        consumed_capacity: ConsumedCapacity = "ConsumedCapacity",
    }
}
