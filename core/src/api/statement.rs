//! Shapes of the operations that run statements.

use super::item::{ConsumedCapacity, ReturnConsumedCapacity, ReturnValuesOnConditionCheckFailure};
use super::shape::{Open, shape};
use super::transact::ItemResponse;
use crate::value::{Checked, Item, Value};

shape! {
    /// Runs a statement of PartiQL: reads items, or writes one.
    ///
    /// Errors: `ValidationException`, `ResourceNotFoundException`, `ConditionalCheckFailedException`, `DuplicateItemException`,
    /// `ItemCollectionSizeLimitExceededException`.
    pub struct ExecuteStatementInput {
        /// The statement: INSERT, SELECT, UPDATE or DELETE.
        statement: String = "Statement" [REQUIRED, length(1, STATEMENT_MAX_CHARS)],
        /// The values of its `?`, in their order.
        parameters: Vec<Checked<Value>> = "Parameters" [length(1, NO_LIMIT)],
        /// Counts for capacity; reads always see every finished write here.
        consistent_read: bool = "ConsistentRead",
        /// Where the page starts: the last page's `NextToken`.
        next_token: String = "NextToken" [length(1, NEXT_TOKEN_MAX_CHARS)],
        /// How much to tell of the capacity used.
        return_consumed_capacity: Open<ReturnConsumedCapacity> = "ReturnConsumedCapacity",
        /// At most this many items are evaluated.
        limit: i32 = "Limit" [range(1, i64::MAX)],
        /// Whether a failed condition answers with the item.
        return_values_on_condition_check_failure: Open<ReturnValuesOnConditionCheckFailure> = "ReturnValuesOnConditionCheckFailure",
    }

    /// Answer of ExecuteStatement.
    pub struct ExecuteStatementOutput {
        /// The items read, or the one that RETURNING asks for; empty for other writes.
        items: Vec<Item> = "Items",
        /// Where the next page starts, when there may be more.
        next_token: String = "NextToken",
        /// Capacity used, if asked for.
        consumed_capacity: ConsumedCapacity = "ConsumedCapacity",
        /// The key of the last item evaluated, beside `NextToken`.
        last_evaluated_key: Item = "LastEvaluatedKey",
    }

    /// A statement of a batch.
    pub struct BatchStatementRequest {
        /// The statement; a SELECT names one item by its whole key.
        statement: String = "Statement" [REQUIRED, length(1, STATEMENT_MAX_CHARS)],
        /// The values of its `?`, in their order.
        parameters: Vec<Checked<Value>> = "Parameters" [length(1, NO_LIMIT)],
        /// Counts for capacity; reads always see every finished write here.
        consistent_read: bool = "ConsistentRead",
        /// Accepted; batches tell no item, as on the service.
        return_values_on_condition_check_failure: Open<ReturnValuesOnConditionCheckFailure> = "ReturnValuesOnConditionCheckFailure",
    }

    /// Runs up to 25 statements, each for itself: all reads, or all writes.
    ///
    /// Errors: `ValidationException`. What is wrong with one statement is told in its answer.
    pub struct BatchExecuteStatementInput {
        /// The statements.
        statements: Vec<BatchStatementRequest> = "Statements" [REQUIRED, length(1, BATCH_STATEMENTS_MAX)],
        /// How much to tell of the capacity used.
        return_consumed_capacity: Open<ReturnConsumedCapacity> = "ReturnConsumedCapacity",
    }

    /// Why a statement of a batch was not run.
    pub struct BatchStatementError {
        /// What was wrong, such as `ConditionalCheckFailed`.
        code: String = "Code",
        /// The service's text.
        message: String = "Message",
        /// Always absent, as on the service.
        item: Item = "Item",
    }

    /// Answer to a statement of a batch.
    pub struct BatchStatementResponse {
        /// Why it was not run.
        error: BatchStatementError = "Error",
        /// The table; absent where the statement was refused before it ran.
        table_name: String = "TableName",
        /// The item read, or the one that RETURNING asks for.
        item: Item = "Item",
    }

    /// Answer of BatchExecuteStatement.
    pub struct BatchExecuteStatementOutput {
        /// One for each statement, in their order.
        responses: Vec<BatchStatementResponse> = "Responses",
        /// Capacity used, by table, if asked for; absent where no statement ran.
        consumed_capacity: Vec<ConsumedCapacity> = "ConsumedCapacity",
    }

    /// A statement of a transaction.
    pub struct ParameterizedStatement {
        /// The statement; a SELECT names one item by its whole key. `EXISTS(SELECT …)` is a condition on an item.
        statement: String = "Statement" [REQUIRED, length(1, STATEMENT_MAX_CHARS)],
        /// The values of its `?`, in their order.
        parameters: Vec<Checked<Value>> = "Parameters" [length(1, NO_LIMIT)],
        /// Whether the reason of a failed condition has the item.
        return_values_on_condition_check_failure: Open<ReturnValuesOnConditionCheckFailure> = "ReturnValuesOnConditionCheckFailure",
    }

    /// Runs up to 100 statements on different items together: all reads, which see one moment, or all writes, all or nothing.
    ///
    /// Errors: `ValidationException`, `TransactionCanceledException`, `IdempotentParameterMismatchException`.
    pub struct ExecuteTransactionInput {
        /// The statements.
        transact_statements: Vec<ParameterizedStatement> = "TransactStatements" [REQUIRED, length(1, TRANSACTION_MAX)],
        /// A call with the same token within ten minutes does nothing more.
        client_request_token: String = "ClientRequestToken" [length(1, TOKEN_MAX_CHARS)],
        /// How much to tell of the capacity used.
        return_consumed_capacity: Open<ReturnConsumedCapacity> = "ReturnConsumedCapacity",
    }

    /// Answer of ExecuteTransaction.
    pub struct ExecuteTransactionOutput {
        /// What was found, in the order of the statements; empty for writes.
        responses: Vec<ItemResponse> = "Responses",
        /// Capacity used, by table, if asked for.
        consumed_capacity: Vec<ConsumedCapacity> = "ConsumedCapacity",
    }
}
