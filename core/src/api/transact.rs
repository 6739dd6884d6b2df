//! Shapes of transactions: several items at once, all or nothing.

use std::collections::BTreeMap;

use super::item::{
    ConsumedCapacity, ItemCollectionMetrics, ReturnConsumedCapacity, ReturnItemCollectionMetrics,
    ReturnValuesOnConditionCheckFailure,
};
use super::shape::{Open, shape};
use crate::value::{Checked, Item};

shape! {
    /// A condition on an item that the transaction leaves as it is.
    pub struct ConditionCheck {
        /// The whole key.
        key: Checked<Item> = "Key" [REQUIRED],
        /// Name or ARN of the table.
        table_name: String = "TableName" [REQUIRED, length(1, TABLE_ARN_MAX_CHARS), TABLE_LENGTH, TABLE_PATTERN],
        /// What must hold of the item as it is.
        condition_expression: String = "ConditionExpression" [REQUIRED],
        /// `#name` placeholders.
        expression_attribute_names: BTreeMap<String, String> = "ExpressionAttributeNames",
        /// `:value` placeholders.
        expression_attribute_values: Checked<Item> = "ExpressionAttributeValues",
        /// Whether the reason of a failed condition has the item.
        return_values_on_condition_check_failure: Open<ReturnValuesOnConditionCheckFailure> = "ReturnValuesOnConditionCheckFailure",
    }

    /// An item to be written, replacing what is there.
    pub struct Put {
        /// The item, at most 400 KB.
        item: Checked<Item> = "Item" [REQUIRED],
        /// Name or ARN of the table.
        table_name: String = "TableName" [REQUIRED, length(1, TABLE_ARN_MAX_CHARS), TABLE_LENGTH, TABLE_PATTERN],
        /// What must hold of the item as it is.
        condition_expression: String = "ConditionExpression",
        /// `#name` placeholders.
        expression_attribute_names: BTreeMap<String, String> = "ExpressionAttributeNames",
        /// `:value` placeholders.
        expression_attribute_values: Checked<Item> = "ExpressionAttributeValues",
        /// Whether the reason of a failed condition has the item.
        return_values_on_condition_check_failure: Open<ReturnValuesOnConditionCheckFailure> = "ReturnValuesOnConditionCheckFailure",
    }

    /// An item to be changed, or made from its key if it is not there.
    pub struct Update {
        /// The whole key.
        key: Checked<Item> = "Key" [REQUIRED],
        /// What to change.
        update_expression: String = "UpdateExpression" [REQUIRED],
        /// Name or ARN of the table.
        table_name: String = "TableName" [REQUIRED, length(1, TABLE_ARN_MAX_CHARS), TABLE_LENGTH, TABLE_PATTERN],
        /// What must hold of the item as it is.
        condition_expression: String = "ConditionExpression",
        /// `#name` placeholders.
        expression_attribute_names: BTreeMap<String, String> = "ExpressionAttributeNames",
        /// `:value` placeholders.
        expression_attribute_values: Checked<Item> = "ExpressionAttributeValues",
        /// Whether the reason of a failed condition has the item.
        return_values_on_condition_check_failure: Open<ReturnValuesOnConditionCheckFailure> = "ReturnValuesOnConditionCheckFailure",
    }

    /// An item to be deleted. Deleting what is not there is no error.
    pub struct Delete {
        /// The whole key.
        key: Checked<Item> = "Key" [REQUIRED],
        /// Name or ARN of the table.
        table_name: String = "TableName" [REQUIRED, length(1, TABLE_ARN_MAX_CHARS), TABLE_LENGTH, TABLE_PATTERN],
        /// What must hold of the item as it is.
        condition_expression: String = "ConditionExpression",
        /// `#name` placeholders.
        expression_attribute_names: BTreeMap<String, String> = "ExpressionAttributeNames",
        /// `:value` placeholders.
        expression_attribute_values: Checked<Item> = "ExpressionAttributeValues",
        /// Whether the reason of a failed condition has the item.
        return_values_on_condition_check_failure: Open<ReturnValuesOnConditionCheckFailure> = "ReturnValuesOnConditionCheckFailure",
    }

    /// One action of a transaction: one of the four.
    pub struct TransactWriteItem {
        /// A condition without a change.
        condition_check: ConditionCheck = "ConditionCheck",
        /// A put.
        put: Put = "Put",
        /// A deletion.
        delete: Delete = "Delete",
        /// An update.
        update: Update = "Update",
    }

    /// Up to 100 writes and conditions on different items of any tables, 4 MB together: all of them happen, at one moment, or none.
    ///
    /// Errors: `ValidationException`, `ResourceNotFoundException`; `TransactionCanceledException`, whose reasons say which action is
    /// the cause; `IdempotentParameterMismatchException`.
    pub struct TransactWriteItemsInput {
        /// Makes the call safe to repeat: within ten minutes of the first, calls with the same token change nothing more.
        client_request_token: String = "ClientRequestToken" [length(1, TOKEN_MAX_CHARS)],
        /// How much to tell of the capacity used.
        return_consumed_capacity: Open<ReturnConsumedCapacity> = "ReturnConsumedCapacity",
        /// Whether to tell the sizes of item collections, in tables with local indexes.
        return_item_collection_metrics: Open<ReturnItemCollectionMetrics> = "ReturnItemCollectionMetrics",
        /// The actions.
        transact_items: Vec<TransactWriteItem> = "TransactItems" [REQUIRED, length(1, TRANSACTION_MAX)],
    }

    /// Answer of TransactWriteItems.
    pub struct TransactWriteItemsOutput {
        /// The item collections that were written to, by table, if asked for, in tables with local indexes; nothing where the token says that all
        /// was done before.
        item_collection_metrics: BTreeMap<String, Vec<ItemCollectionMetrics>> = "ItemCollectionMetrics",
        /// Capacity used, by table, if asked for: of writes, or of reads where the token says that all was done before.
        consumed_capacity: Vec<ConsumedCapacity> = "ConsumedCapacity",
    }

    /// An item to be read.
    pub struct Get {
        /// The whole key.
        key: Checked<Item> = "Key" [REQUIRED],
        /// Name or ARN of the table.
        table_name: String = "TableName" [REQUIRED, length(1, TABLE_ARN_MAX_CHARS), TABLE_LENGTH, TABLE_PATTERN],
        /// What to answer of the item.
        projection_expression: String = "ProjectionExpression",
        /// `#name` placeholders.
        expression_attribute_names: BTreeMap<String, String> = "ExpressionAttributeNames",
    }

    /// One action of a reading transaction.
    pub struct TransactGetItem {
        /// What to read.
        get: Get = "Get" [REQUIRED],
    }

    /// Reads up to 100 different items of any tables, 4 MB together, as all of them are at one moment.
    ///
    /// Errors: `ValidationException`, `ResourceNotFoundException`, `TransactionCanceledException`.
    pub struct TransactGetItemsInput {
        /// How much to tell of the capacity used.
        return_consumed_capacity: Open<ReturnConsumedCapacity> = "ReturnConsumedCapacity",
        /// What to read.
        transact_items: Vec<TransactGetItem> = "TransactItems" [REQUIRED, length(1, TRANSACTION_MAX)],
    }

    /// What one action found.
    pub struct ItemResponse {
        /// The item, if there is one.
        item: Item = "Item",
    }

    /// Answer of TransactGetItems.
    pub struct TransactGetItemsOutput {
        /// Capacity used, by table, if asked for.
        consumed_capacity: Vec<ConsumedCapacity> = "ConsumedCapacity",
        /// What was found, in the order of the request.
        responses: Vec<ItemResponse> = "Responses",
    }
}
