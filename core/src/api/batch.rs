//! Shapes of the operations on several items at once, none of which depends on another.

use std::collections::BTreeMap;

use super::item::{
    ConsumedCapacity, ItemCollectionMetrics, ReturnConsumedCapacity, ReturnItemCollectionMetrics,
};
use super::shape::{Open, shape};
use crate::value::{Checked, Item};

shape! {
    /// An item to be written.
    pub struct PutRequest {
        /// The item, at most 400 KB.
        item: Checked<Item> = "Item" [REQUIRED],
    }

    /// An item to be deleted.
    pub struct DeleteRequest {
        /// The whole key.
        key: Checked<Item> = "Key" [REQUIRED],
    }

    /// One of two: a put or a deletion.
    pub struct WriteRequest {
        /// A put.
        put_request: PutRequest = "PutRequest",
        /// A deletion.
        delete_request: DeleteRequest = "DeleteRequest",
    }

    /// Writes and deletes up to 25 items of any tables, at one moment; where tables are throttled, what there is no capacity for is left to another request.
    ///
    /// Errors: `ValidationException`, `ResourceNotFoundException`, `ItemCollectionSizeLimitExceededException`.
    pub struct BatchWriteItemInput {
        /// What to do, by name or ARN of the table.
        request_items: BTreeMap<String, Vec<WriteRequest>> = "RequestItems" [REQUIRED],
        /// How much to tell of the capacity used.
        return_consumed_capacity: Open<ReturnConsumedCapacity> = "ReturnConsumedCapacity",
        /// Whether to tell the sizes of item collections, in tables with local indexes.
        return_item_collection_metrics: Open<ReturnItemCollectionMetrics> = "ReturnItemCollectionMetrics",
    }

    /// Answer of BatchWriteItem.
    pub struct BatchWriteItemOutput {
        /// What is to be sent again, because there is no capacity for it now.
        unprocessed_items: BTreeMap<String, Vec<WriteRequest>> = "UnprocessedItems",
        /// The item collections that were written to, by table, if asked for, in tables with local indexes.
        item_collection_metrics: BTreeMap<String, Vec<ItemCollectionMetrics>> = "ItemCollectionMetrics",
        /// Capacity used, by table, if asked for.
        consumed_capacity: Vec<ConsumedCapacity> = "ConsumedCapacity",
    }

    /// Items of one table to be read.
    pub struct KeysAndAttributes {
        /// Their keys.
        keys: Vec<Checked<Item>> = "Keys" [REQUIRED, length(1, 100)],
        /// Legacy: names of top-level attributes to answer.
        attributes_to_get: Vec<String> = "AttributesToGet" [length(1, NO_LIMIT)],
        /// Whether the newest write must be seen; here it always is.
        consistent_read: bool = "ConsistentRead",
        /// What to answer of each item.
        projection_expression: String = "ProjectionExpression",
        /// `#name` placeholders.
        expression_attribute_names: BTreeMap<String, String> = "ExpressionAttributeNames",
    }

    /// Reads up to 100 items of any tables, and up to 16 MB of them.
    ///
    /// Errors: `ValidationException`, `ResourceNotFoundException`.
    pub struct BatchGetItemInput {
        /// What to read, by name or ARN of the table.
        request_items: BTreeMap<String, KeysAndAttributes> = "RequestItems" [REQUIRED],
        /// How much to tell of the capacity used.
        return_consumed_capacity: Open<ReturnConsumedCapacity> = "ReturnConsumedCapacity",
    }

    /// Answer of BatchGetItem.
    pub struct BatchGetItemOutput {
        /// The items that are there, by table as the request named it, in the order of their keys in the request.
        responses: BTreeMap<String, Vec<Item>> = "Responses",
        /// What is to be asked for again, because the answer is full.
        unprocessed_keys: BTreeMap<String, KeysAndAttributes> = "UnprocessedKeys",
        /// Capacity used, by table, if asked for.
        consumed_capacity: Vec<ConsumedCapacity> = "ConsumedCapacity",
    }
}
