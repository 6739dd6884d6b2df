//! Shapes of the operations on single items.

use std::collections::BTreeMap;

use super::shape::{Open, enumeration, shape};
use crate::value::{Checked, Item, Value};

enumeration! {
    /// Which attributes a write answers with.
    pub enum ReturnValue {
        /// All, after the write.
        AllNew = "ALL_NEW",
        /// Those written, before the write.
        UpdatedOld = "UPDATED_OLD",
        /// All, before the write.
        AllOld = "ALL_OLD",
        /// None.
        None = "NONE",
        /// Those written, after the write.
        UpdatedNew = "UPDATED_NEW",
    }

    /// Whether a failed condition answers with the item.
    pub enum ReturnValuesOnConditionCheckFailure {
        /// The item as it was.
        AllOld = "ALL_OLD",
        /// Nothing.
        None = "NONE",
    }

    /// How much to tell of the capacity used.
    pub enum ReturnConsumedCapacity {
        /// The total and each table and index.
        Indexes = "INDEXES",
        /// The total.
        Total = "TOTAL",
        /// Nothing.
        None = "NONE",
    }

    /// Whether to tell the size of the item collection.
    pub enum ReturnItemCollectionMetrics {
        /// The size.
        Size = "SIZE",
        /// Nothing.
        None = "NONE",
    }

    /// How legacy conditions combine.
    pub enum ConditionalOperator {
        /// One must hold.
        Or = "OR",
        /// All must hold.
        And = "AND",
    }

    /// A legacy comparison.
    pub enum ComparisonOperator {
        /// In a list.
        In = "IN",
        /// Attribute absent.
        Null = "NULL",
        /// Between two values.
        Between = "BETWEEN",
        /// Less.
        Lt = "LT",
        /// Does not contain.
        NotContains = "NOT_CONTAINS",
        /// Equal.
        Eq = "EQ",
        /// Greater.
        Gt = "GT",
        /// Attribute present.
        NotNull = "NOT_NULL",
        /// Not equal.
        Ne = "NE",
        /// Less or equal.
        Le = "LE",
        /// Starts with.
        BeginsWith = "BEGINS_WITH",
        /// Greater or equal.
        Ge = "GE",
        /// Contains.
        Contains = "CONTAINS",
    }

    /// What a legacy update does with an attribute.
    pub enum AttributeAction {
        /// Adds to a number or set.
        Add = "ADD",
        /// Removes it, or members of a set.
        Delete = "DELETE",
        /// Replaces it.
        Put = "PUT",
    }
}

shape! {
    /// A legacy condition of a write.
    pub struct ExpectedAttributeValue {
        /// The value to compare with.
        value: Checked<Value> = "Value",
        /// Whether the attribute exists.
        exists: bool = "Exists",
        /// The comparison.
        comparison_operator: Open<ComparisonOperator> = "ComparisonOperator",
        /// The values to compare with.
        attribute_value_list: Vec<Checked<Value>> = "AttributeValueList",
    }

    /// A legacy condition of a read.
    pub struct Condition {
        /// The values to compare with.
        attribute_value_list: Vec<Checked<Value>> = "AttributeValueList",
        /// The comparison.
        comparison_operator: Open<ComparisonOperator> = "ComparisonOperator" [REQUIRED],
    }

    /// A legacy update of one attribute.
    pub struct AttributeValueUpdate {
        /// The value.
        value: Checked<Value> = "Value",
        /// What to do with it; `PUT` when absent.
        action: Open<AttributeAction> = "Action",
    }

    /// Capacity used by a table or index.
    pub struct Capacity {
        /// Read units.
        read_capacity_units: f64 = "ReadCapacityUnits",
        /// Write units.
        write_capacity_units: f64 = "WriteCapacityUnits",
        /// Units together.
        capacity_units: f64 = "CapacityUnits",
    }

    /// Capacity used by an operation.
    pub struct ConsumedCapacity {
        /// The table, as the request named it.
        table_name: String = "TableName",
        /// Units together.
        capacity_units: f64 = "CapacityUnits",
        /// Read units, in transactions.
        read_capacity_units: f64 = "ReadCapacityUnits",
        /// Write units, in transactions.
        write_capacity_units: f64 = "WriteCapacityUnits",
        /// The table's part.
        table: Capacity = "Table",
        /// The parts of local indexes, by name.
        local_secondary_indexes: BTreeMap<String, Capacity> = "LocalSecondaryIndexes",
        /// The parts of global indexes, by name.
        global_secondary_indexes: BTreeMap<String, Capacity> = "GlobalSecondaryIndexes",
    }

    /// The items of one partition key in a table with local indexes, and their entries there.
    pub struct ItemCollectionMetrics {
        /// The partition key.
        item_collection_key: Item = "ItemCollectionKey",
        /// Whole gigabytes between which the size lies: at least, at most.
        size_estimate_range_gb: Vec<f64> = "SizeEstimateRangeGB",
    }

    /// Writes a whole item, replacing the one with the same key.
    ///
    /// Errors: `ValidationException`, `ResourceNotFoundException`, `ConditionalCheckFailedException`,
    /// `ItemCollectionSizeLimitExceededException`.
    pub struct PutItemInput {
        /// Name or ARN of the table.
        table_name: String = "TableName" [REQUIRED, length(1, TABLE_ARN_MAX_CHARS), TABLE_LENGTH, TABLE_PATTERN],
        /// The item, at most 400 KB.
        item: Checked<Item> = "Item" [REQUIRED],
        /// Legacy conditions, by attribute.
        expected: BTreeMap<String, ExpectedAttributeValue> = "Expected",
        /// `NONE` or `ALL_OLD`.
        return_values: Open<ReturnValue> = "ReturnValues",
        /// How much to tell of the capacity used.
        return_consumed_capacity: Open<ReturnConsumedCapacity> = "ReturnConsumedCapacity",
        /// Whether to tell the size of the item collection, in a table with local indexes.
        return_item_collection_metrics: Open<ReturnItemCollectionMetrics> = "ReturnItemCollectionMetrics",
        /// How the legacy conditions combine.
        conditional_operator: Open<ConditionalOperator> = "ConditionalOperator",
        /// What must hold of the item as it is.
        condition_expression: String = "ConditionExpression",
        /// `#name` placeholders.
        expression_attribute_names: BTreeMap<String, String> = "ExpressionAttributeNames",
        /// `:value` placeholders.
        expression_attribute_values: Checked<Item> = "ExpressionAttributeValues",
        /// Whether a failed condition answers with the item.
        return_values_on_condition_check_failure: Open<ReturnValuesOnConditionCheckFailure> = "ReturnValuesOnConditionCheckFailure",
    }

    /// Answer of PutItem.
    pub struct PutItemOutput {
        /// The replaced item, if asked for and there was one.
        attributes: Item = "Attributes",
        /// Capacity used, if asked for.
        consumed_capacity: ConsumedCapacity = "ConsumedCapacity",
        /// The item collection that was written to, if asked for, in a table with local indexes.
        item_collection_metrics: ItemCollectionMetrics = "ItemCollectionMetrics",
    }

    /// Reads an item.
    ///
    /// Errors: `ValidationException`, `ResourceNotFoundException`.
    pub struct GetItemInput {
        /// Name or ARN of the table.
        table_name: String = "TableName" [REQUIRED, length(1, TABLE_ARN_MAX_CHARS), TABLE_LENGTH, TABLE_PATTERN],
        /// The whole key.
        key: Checked<Item> = "Key" [REQUIRED],
        /// Legacy list of attributes to answer with.
        attributes_to_get: Vec<String> = "AttributesToGet" [length(1, NO_LIMIT)],
        /// Whether the read must see every finished write. It always does here; it counts for capacity.
        consistent_read: bool = "ConsistentRead",
        /// How much to tell of the capacity used.
        return_consumed_capacity: Open<ReturnConsumedCapacity> = "ReturnConsumedCapacity",
        /// Which parts to answer with.
        projection_expression: String = "ProjectionExpression",
        /// `#name` placeholders.
        expression_attribute_names: BTreeMap<String, String> = "ExpressionAttributeNames",
    }

    /// Answer of GetItem.
    pub struct GetItemOutput {
        /// The item; absent when there is none.
        item: Item = "Item",
        /// Capacity used, if asked for.
        consumed_capacity: ConsumedCapacity = "ConsumedCapacity",
    }

    /// Changes parts of an item, creating it when absent.
    ///
    /// Errors: `ValidationException`, `ResourceNotFoundException`, `ConditionalCheckFailedException`,
    /// `ItemCollectionSizeLimitExceededException`.
    pub struct UpdateItemInput {
        /// Name or ARN of the table.
        table_name: String = "TableName" [REQUIRED, length(1, TABLE_ARN_MAX_CHARS), TABLE_LENGTH, TABLE_PATTERN],
        /// The whole key.
        key: Checked<Item> = "Key" [REQUIRED],
        /// Legacy updates, by attribute.
        attribute_updates: BTreeMap<String, AttributeValueUpdate> = "AttributeUpdates",
        /// Legacy conditions, by attribute.
        expected: BTreeMap<String, ExpectedAttributeValue> = "Expected",
        /// How the legacy conditions combine.
        conditional_operator: Open<ConditionalOperator> = "ConditionalOperator",
        /// Which attributes to answer with.
        return_values: Open<ReturnValue> = "ReturnValues",
        /// How much to tell of the capacity used.
        return_consumed_capacity: Open<ReturnConsumedCapacity> = "ReturnConsumedCapacity",
        /// Whether to tell the size of the item collection, in a table with local indexes.
        return_item_collection_metrics: Open<ReturnItemCollectionMetrics> = "ReturnItemCollectionMetrics",
        /// What to change.
        update_expression: String = "UpdateExpression",
        /// What must hold of the item as it is.
        condition_expression: String = "ConditionExpression",
        /// `#name` placeholders.
        expression_attribute_names: BTreeMap<String, String> = "ExpressionAttributeNames",
        /// `:value` placeholders.
        expression_attribute_values: Checked<Item> = "ExpressionAttributeValues",
        /// Whether a failed condition answers with the item.
        return_values_on_condition_check_failure: Open<ReturnValuesOnConditionCheckFailure> = "ReturnValuesOnConditionCheckFailure",
    }

    /// Answer of UpdateItem.
    pub struct UpdateItemOutput {
        /// The attributes asked for, when there are any.
        attributes: Item = "Attributes",
        /// Capacity used, if asked for.
        consumed_capacity: ConsumedCapacity = "ConsumedCapacity",
        /// The item collection that was written to, if asked for, in a table with local indexes.
        item_collection_metrics: ItemCollectionMetrics = "ItemCollectionMetrics",
    }

    /// Deletes an item. Deleting what is not there is no error.
    ///
    /// Errors: `ValidationException`, `ResourceNotFoundException`, `ConditionalCheckFailedException`,
    /// `ItemCollectionSizeLimitExceededException`.
    pub struct DeleteItemInput {
        /// Name or ARN of the table.
        table_name: String = "TableName" [REQUIRED, length(1, TABLE_ARN_MAX_CHARS), TABLE_LENGTH, TABLE_PATTERN],
        /// The whole key.
        key: Checked<Item> = "Key" [REQUIRED],
        /// Legacy conditions, by attribute.
        expected: BTreeMap<String, ExpectedAttributeValue> = "Expected",
        /// How the legacy conditions combine.
        conditional_operator: Open<ConditionalOperator> = "ConditionalOperator",
        /// `NONE` or `ALL_OLD`.
        return_values: Open<ReturnValue> = "ReturnValues",
        /// How much to tell of the capacity used.
        return_consumed_capacity: Open<ReturnConsumedCapacity> = "ReturnConsumedCapacity",
        /// Whether to tell the size of the item collection, in a table with local indexes.
        return_item_collection_metrics: Open<ReturnItemCollectionMetrics> = "ReturnItemCollectionMetrics",
        /// What must hold of the item as it is.
        condition_expression: String = "ConditionExpression",
        /// `#name` placeholders.
        expression_attribute_names: BTreeMap<String, String> = "ExpressionAttributeNames",
        /// `:value` placeholders.
        expression_attribute_values: Checked<Item> = "ExpressionAttributeValues",
        /// Whether a failed condition answers with the item.
        return_values_on_condition_check_failure: Open<ReturnValuesOnConditionCheckFailure> = "ReturnValuesOnConditionCheckFailure",
    }

    /// Answer of DeleteItem.
    pub struct DeleteItemOutput {
        /// The deleted item, if asked for and there was one.
        attributes: Item = "Attributes",
        /// Capacity used, if asked for.
        consumed_capacity: ConsumedCapacity = "ConsumedCapacity",
        /// The item collection that was written to, if asked for, in a table with local indexes.
        item_collection_metrics: ItemCollectionMetrics = "ItemCollectionMetrics",
    }
}
