//! The registry: every operation once. From these lines come the requests and answers of the door, and all that is generated.

mod info;
mod json;
mod misfit;
mod model;
pub mod rest;
#[cfg(test)]
mod round_trip;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use info::{ANY_OPERATION, Effect, OperationInfo};
use info::{BACKS_UP, COMPACTS, MAINTAINS, MOVES_TIME, READS, READS_MANY, REPLACES, WRITES, WRITES_MANY};
pub use misfit::{Expected, Found, Misfit, misfit, unknown_operation};
pub use model::model_json;

use crate::api::{self, Error, ErrorCode, Result, Shape, Valid};
use crate::engine::Call;
use crate::operation;
use crate::stream::table_of;

/// Target prefix of the table operations.
pub const TABLE_TARGET: &str = "DynamoDB_20120810";
/// Target prefix of the stream operations.
pub const STREAM_TARGET: &str = "DynamoDBStreams_20120810";
/// Target prefix of the operations of Kinesis Data Streams.
pub const KINESIS_TARGET: &str = "Kinesis_20131202";
/// Target prefix of the operations of Lambda. Over HTTP the service has paths for them ([`rest`]); the target serves those who have a door
/// and no paths.
pub const LAMBDA_TARGET: &str = "Lambda_20150331";
/// Target prefix of the operations of queues, which are those of SQS.
pub const SQS_TARGET: &str = "AmazonSQS";
/// Target prefix of the operations of buckets, which are those of S3. Over HTTP the service has paths for them ([`rest`]); the target serves those who have
/// a door and no paths.
pub const S3_TARGET: &str = "S3_20060301";
/// Target prefix of the operations of topics, which are those of SNS. Over HTTP the service has forms for them ([`rest`]); the target serves those who have
/// a door and no forms.
pub const SNS_TARGET: &str = "SNS_20100331";
/// Target prefix of the operations that are this store's own.
pub const CONTROL_TARGET: &str = "Streamtable_20261120";

mod sealed {
    /// Runs an operation inside; no other crate can add one.
    pub trait Run: super::Shape {
        type Answer;
        #[allow(private_interfaces, reason = "sealed: no one outside can call it")]
        fn run(input: super::Valid<'_, Self>, call: &super::Call<'_>) -> super::Result<Self::Answer>;
    }
}
pub(crate) use sealed::Run;

/// The input of an operation.
pub trait Input: sealed::Run<Answer = Self::Output> {
    /// What the operation answers.
    type Output;
    /// The operation's name.
    const OPERATION: &'static str;

    /// As a request for any operation.
    fn into_request(self) -> Request;

    /// The answer of this operation out of the answer of any; none where it is another's.
    fn answer_of(response: Response) -> Option<Self::Output>;
}

macro_rules! registry {
    ($($target:ident {
        $($name:ident $input:ident => $output:ident $($path:ident)::+, $effect:ident $([$($error:ident)*])?;)*
    })*) => {
        /// A request for any operation.
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        #[allow(clippy::large_enum_variant, reason = "requests live for one call and are never stored")]
        pub enum Request {
            $($(#[doc = concat!("A request for ", stringify!($name), ".")] $name(api::$input),)*)*
        }

        /// The answer of any operation.
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        #[allow(clippy::large_enum_variant, reason = "answers live for one call and are never stored")]
        pub enum Response {
            $($(#[doc = concat!("The answer of ", stringify!($name), ".")] $name(api::$output),)*)*
        }

        /// The operations, as they are numbered.
        enum Ordinal {
            $($($name,)*)*
        }

        static OPERATIONS: &[OperationInfo] = &[$($(
            OperationInfo {
                name: stringify!($name),
                target_prefix: $target,
                input: <api::$input as Shape>::INFO,
                output: <api::$output as Shape>::INFO,
                effect: $effect,
                errors: &[$($(ErrorCode::$error),*)?],
            },
        )*)*];

        $($(
            impl Run for api::$input {
                type Answer = api::$output;
                #[allow(private_interfaces, reason = "sealed: no one outside can call it")]
                fn run(input: Valid<'_, Self>, call: &Call<'_>) -> Result<api::$output> {
                    operation::$($path)::+(call, &input)
                }
            }

            impl Input for api::$input {
                type Output = api::$output;
                const OPERATION: &'static str = stringify!($name);

                fn into_request(self) -> Request {
                    Request::$name(self)
                }

                fn answer_of(response: Response) -> Option<Self::Output> {
                    match response {
                        Response::$name(output) => Some(output),
                        _ => None,
                    }
                }
            }
        )*)*

        impl Request {
            /// Reads the input of an operation from any format.
            ///
            /// # Errors
            /// `UnknownOperationException`, or `SerializationException` for input of another shape.
            pub fn decode<'de, D: Deserializer<'de>>(operation: &str, deserializer: D) -> Result<Request> {
                match operation {
                    $($(stringify!($name) => api::typed::decode(deserializer).map(Request::$name),)*)*
                    _ => Err(Error::bare(ErrorCode::UnknownOperation)),
                }
            }

            /// Reads the input of an operation from a format that answers each asked-for type with a value of just that type or an error:
            /// no value is looked at twice. None for everything else, which [`Request::decode`] finds the words for.
            pub fn decode_exact<'de, D: Deserializer<'de>>(operation: &str, deserializer: D) -> Option<Request> {
                match operation {
                    $($(stringify!($name) => api::typed::decode_exact(deserializer).map(Request::$name),)*)*
                    _ => None,
                }
            }

            /// The operation's name.
            pub fn operation(&self) -> &'static str {
                match self { $($(Request::$name(_) => stringify!($name),)*)* }
            }

            /// What is known of its operation.
            pub fn info(&self) -> &'static OperationInfo {
                &OPERATIONS[match self { $($(Request::$name(_) => Ordinal::$name as usize,)*)* }]
            }

            /// A member of the input that is text, by its name on the wire; none where it is absent, or the input has none of this name.
            pub fn text_member(&self, wire: &str) -> Option<&str> {
                match self { $($(Request::$name(input) => input.text_member(wire),)*)* }
            }

            pub(crate) fn run(&self, call: &Call<'_>) -> Result<Response> {
                match self { $($(Request::$name(input) => run(call, input).map(Response::$name),)*)* }
            }
        }

        /// Writes the input alone: the operation's name goes beside it.
        impl Serialize for Request {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self { $($(Request::$name(input) => input.serialize(serializer),)*)* }
            }
        }

        impl Response {
            /// Reads the answer of an operation from any format.
            ///
            /// # Errors
            /// The deserializer's, for an answer of another shape or an operation that there is not.
            pub fn decode<'de, D: Deserializer<'de>>(operation: &str, deserializer: D) -> Result<Response, D::Error> {
                match operation {
                    $($(stringify!($name) => api::$output::deserialize(deserializer).map(Response::$name),)*)*
                    _ => Err(serde::de::Error::custom(format!("no operation is called {operation:?}"))),
                }
            }

            /// The name of the operation that was answered.
            pub fn operation(&self) -> &'static str {
                match self { $($(Response::$name(_) => stringify!($name),)*)* }
            }
        }

        /// Writes the output alone: who asked knows which operation it is of.
        impl Serialize for Response {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self { $($(Response::$name(output) => output.serialize(serializer),)*)* }
            }
        }
    };
}

registry! {
    TABLE_TARGET {
        CreateTable CreateTableInput => CreateTableOutput table::create, WRITES [ResourceInUse LimitExceeded];
        DescribeTable DescribeTableInput => DescribeTableOutput table::describe_table, READS [ResourceNotFound];
        UpdateTable UpdateTableInput => UpdateTableOutput table::update, WRITES_MANY [ResourceNotFound ResourceInUse LimitExceeded];
        DeleteTable DeleteTableInput => DeleteTableOutput table::delete, WRITES [ResourceNotFound ResourceInUse LimitExceeded];
        ListTables ListTablesInput => ListTablesOutput table::list, READS;
        UpdateTimeToLive UpdateTimeToLiveInput => UpdateTimeToLiveOutput time_to_live::update, WRITES [ResourceNotFound ResourceInUse];
        DescribeTimeToLive DescribeTimeToLiveInput => DescribeTimeToLiveOutput time_to_live::describe, READS [ResourceNotFound];
        TagResource TagResourceInput => TagResourceOutput tags::tag, WRITES [ResourceNotFound ResourceInUse AccessDenied];
        UntagResource UntagResourceInput => UntagResourceOutput tags::untag, WRITES [ResourceNotFound ResourceInUse AccessDenied];
        ListTagsOfResource ListTagsOfResourceInput => ListTagsOfResourceOutput tags::list, READS [ResourceNotFound AccessDenied];
        PutResourcePolicy PutResourcePolicyInput => PutResourcePolicyOutput resource_policy::put, WRITES [ResourceNotFound ResourceInUse PolicyNotFound];
        GetResourcePolicy GetResourcePolicyInput => GetResourcePolicyOutput resource_policy::get, READS [ResourceNotFound PolicyNotFound];
        DeleteResourcePolicy DeleteResourcePolicyInput => DeleteResourcePolicyOutput resource_policy::delete, WRITES [ResourceNotFound ResourceInUse PolicyNotFound];
        DescribeLimits DescribeLimitsInput => DescribeLimitsOutput account::limits, READS;
        DescribeEndpoints DescribeEndpointsRequest => DescribeEndpointsResponse account::endpoints, READS;
        CreateBackup CreateBackupInput => CreateBackupOutput backup::create, WRITES [TableNotFound];
        DescribeBackup DescribeBackupInput => DescribeBackupOutput backup::describe, READS [BackupNotFound AccessDenied];
        DeleteBackup DeleteBackupInput => DeleteBackupOutput backup::delete, WRITES [BackupNotFound BackupInUse AccessDenied];
        ListBackups ListBackupsInput => ListBackupsOutput backup::list, READS [AccessDenied];
        RestoreTableFromBackup RestoreTableFromBackupInput => RestoreTableFromBackupOutput backup::from_backup, WRITES_MANY [TableAlreadyExists TableInUse BackupNotFound BackupInUse AccessDenied];
        RestoreTableToPointInTime RestoreTableToPointInTimeInput => RestoreTableToPointInTimeOutput backup::to_moment, WRITES_MANY [TableAlreadyExists TableNotFound TableInUse InvalidRestoreTime PointInTimeRecoveryUnavailable];
        ExportTableToPointInTime ExportTableToPointInTimeInput => ExportTableToPointInTimeOutput export::begin, WRITES_MANY [TableNotFound PointInTimeRecoveryUnavailable InvalidExportTime ExportConflict AccessDenied];
        DescribeExport DescribeExportInput => DescribeExportOutput export::describe, READS [ExportNotFound AccessDenied];
        ListExports ListExportsInput => ListExportsOutput export::list, READS;
        ImportTable ImportTableInput => ImportTableOutput import::begin, WRITES_MANY [ResourceInUse LimitExceeded ImportConflict];
        DescribeImport DescribeImportInput => DescribeImportOutput import::describe, READS [ImportNotFound AccessDenied];
        ListImports ListImportsInput => ListImportsOutput import::list, READS;
        UpdateContinuousBackups UpdateContinuousBackupsInput => UpdateContinuousBackupsOutput continuous_backups::update, WRITES [TableNotFound];
        DescribeContinuousBackups DescribeContinuousBackupsInput => DescribeContinuousBackupsOutput continuous_backups::describe, READS [TableNotFound];
        UpdateContributorInsights UpdateContributorInsightsInput => UpdateContributorInsightsOutput insights::update, WRITES [ResourceNotFound];
        DescribeContributorInsights DescribeContributorInsightsInput => DescribeContributorInsightsOutput insights::describe, READS [ResourceNotFound];
        ListContributorInsights ListContributorInsightsInput => ListContributorInsightsOutput insights::list, READS [ResourceNotFound];
        DescribeKinesisStreamingDestination DescribeKinesisStreamingDestinationInput => DescribeKinesisStreamingDestinationOutput kinesis::describe, READS [ResourceNotFound];
        EnableKinesisStreamingDestination EnableKinesisStreamingDestinationInput => EnableKinesisStreamingDestinationOutput kinesis::enable, WRITES [ResourceNotFound];
        DisableKinesisStreamingDestination DisableKinesisStreamingDestinationInput => DisableKinesisStreamingDestinationOutput kinesis::disable, WRITES [ResourceNotFound];
        UpdateKinesisStreamingDestination UpdateKinesisStreamingDestinationInput => UpdateKinesisStreamingDestinationOutput kinesis::update, WRITES [ResourceNotFound];
        ListGlobalTables ListGlobalTablesInput => ListGlobalTablesOutput global_tables::list, READS;
        CreateGlobalTable CreateGlobalTableInput => CreateGlobalTableOutput global_tables::create, READS;
        UpdateGlobalTable UpdateGlobalTableInput => UpdateGlobalTableOutput global_tables::update, READS;
        DescribeGlobalTable DescribeGlobalTableInput => DescribeGlobalTableOutput global_tables::describe, READS [GlobalTableNotFound];
        DescribeGlobalTableSettings DescribeGlobalTableSettingsInput => DescribeGlobalTableSettingsOutput global_tables::describe_settings, READS [GlobalTableNotFound];
        UpdateGlobalTableSettings UpdateGlobalTableSettingsInput => UpdateGlobalTableSettingsOutput global_tables::update_settings, READS [GlobalTableNotFound];
        DescribeTableReplicaAutoScaling DescribeTableReplicaAutoScalingInput => DescribeTableReplicaAutoScalingOutput global_tables::describe_scaling, READS [ResourceNotFound];
        UpdateTableReplicaAutoScaling UpdateTableReplicaAutoScalingInput => UpdateTableReplicaAutoScalingOutput global_tables::update_scaling, READS [ResourceNotFound];
        PutItem PutItemInput => PutItemOutput item::put, WRITES [ResourceNotFound ConditionalCheckFailed ItemCollectionSizeLimitExceeded ProvisionedThroughputExceeded];
        GetItem GetItemInput => GetItemOutput item::get, READS [ResourceNotFound ProvisionedThroughputExceeded];
        UpdateItem UpdateItemInput => UpdateItemOutput item::update, WRITES [ResourceNotFound ConditionalCheckFailed ItemCollectionSizeLimitExceeded ProvisionedThroughputExceeded];
        DeleteItem DeleteItemInput => DeleteItemOutput item::delete, WRITES [ResourceNotFound ConditionalCheckFailed ItemCollectionSizeLimitExceeded ProvisionedThroughputExceeded];
        BatchWriteItem BatchWriteItemInput => BatchWriteItemOutput batch::write, WRITES_MANY [ResourceNotFound ItemCollectionSizeLimitExceeded ProvisionedThroughputExceeded];
        BatchGetItem BatchGetItemInput => BatchGetItemOutput batch::get, READS_MANY [ResourceNotFound ProvisionedThroughputExceeded];
        TransactWriteItems TransactWriteItemsInput => TransactWriteItemsOutput transact::write, WRITES_MANY [ResourceNotFound TransactionCanceled TransactionInProgress IdempotentParameterMismatch ProvisionedThroughputExceeded];
        TransactGetItems TransactGetItemsInput => TransactGetItemsOutput transact::get, READS_MANY [ResourceNotFound TransactionCanceled ProvisionedThroughputExceeded];
        Query QueryInput => QueryOutput query::query, READS_MANY [ResourceNotFound ProvisionedThroughputExceeded];
        Scan ScanInput => ScanOutput query::scan, READS_MANY [ResourceNotFound ProvisionedThroughputExceeded];
        ExecuteStatement ExecuteStatementInput => ExecuteStatementOutput statement::execute, WRITES_MANY [ResourceNotFound ConditionalCheckFailed DuplicateItem ItemCollectionSizeLimitExceeded ProvisionedThroughputExceeded];
        BatchExecuteStatement BatchExecuteStatementInput => BatchExecuteStatementOutput statement::batch, WRITES_MANY;
        ExecuteTransaction ExecuteTransactionInput => ExecuteTransactionOutput statement::transaction, WRITES_MANY [TransactionCanceled TransactionInProgress IdempotentParameterMismatch ProvisionedThroughputExceeded];
    }
    STREAM_TARGET {
        ListStreams ListStreamsInput => ListStreamsOutput stream::list, READS [ResourceNotFound];
        DescribeStream DescribeStreamInput => DescribeStreamOutput stream::describe, READS [ResourceNotFound];
        GetShardIterator GetShardIteratorInput => GetShardIteratorOutput stream::shard_iterator, READS [ResourceNotFound TrimmedDataAccess];
        GetRecords GetRecordsInput => GetRecordsOutput stream::records, READS [ResourceNotFound LimitExceeded ExpiredIterator TrimmedDataAccess];
    }
    KINESIS_TARGET {
        KinesisCreateStream KinesisCreateStreamInput => KinesisCreateStreamOutput data_stream::create, WRITES [ResourceInUse LimitExceeded InvalidArgument];
        KinesisDeleteStream KinesisDeleteStreamInput => KinesisDeleteStreamOutput data_stream::delete, WRITES [ResourceNotFound InvalidArgument];
        KinesisDescribeStream KinesisDescribeStreamInput => KinesisDescribeStreamOutput data_stream::describe, READS [ResourceNotFound InvalidArgument];
        KinesisDescribeStreamSummary KinesisDescribeStreamSummaryInput => KinesisDescribeStreamSummaryOutput data_stream::summary, READS [ResourceNotFound InvalidArgument];
        KinesisListStreams KinesisListStreamsInput => KinesisListStreamsOutput data_stream::list, READS [InvalidArgument ExpiredNextToken];
        KinesisListShards KinesisListShardsInput => KinesisListShardsOutput data_stream::list_shards, READS [ResourceNotFound ResourceInUse InvalidArgument ExpiredNextToken];
        KinesisSplitShard KinesisSplitShardInput => KinesisSplitShardOutput data_stream::split, WRITES [ResourceNotFound ResourceInUse InvalidArgument LimitExceeded];
        KinesisMergeShards KinesisMergeShardsInput => KinesisMergeShardsOutput data_stream::merge, WRITES [ResourceNotFound ResourceInUse InvalidArgument];
        KinesisUpdateShardCount KinesisUpdateShardCountInput => KinesisUpdateShardCountOutput data_stream::update_shard_count, WRITES_MANY [ResourceNotFound ResourceInUse InvalidArgument LimitExceeded];
        KinesisIncreaseStreamRetentionPeriod KinesisIncreaseStreamRetentionPeriodInput => KinesisIncreaseStreamRetentionPeriodOutput data_stream::increase_retention, WRITES [ResourceNotFound ResourceInUse InvalidArgument];
        KinesisDecreaseStreamRetentionPeriod KinesisDecreaseStreamRetentionPeriodInput => KinesisDecreaseStreamRetentionPeriodOutput data_stream::decrease_retention, WRITES [ResourceNotFound ResourceInUse InvalidArgument];
        KinesisUpdateStreamMode KinesisUpdateStreamModeInput => KinesisUpdateStreamModeOutput data_stream::update_mode, WRITES [ResourceNotFound ResourceInUse InvalidArgument];
        KinesisPutRecord KinesisPutRecordInput => KinesisPutRecordOutput data_stream::put_record, WRITES [ResourceNotFound InvalidArgument ProvisionedThroughputExceeded];
        KinesisPutRecords KinesisPutRecordsInput => KinesisPutRecordsOutput data_stream::put_records, WRITES_MANY [ResourceNotFound InvalidArgument ProvisionedThroughputExceeded];
        KinesisGetShardIterator KinesisGetShardIteratorInput => KinesisGetShardIteratorOutput data_stream::shard_iterator, READS [ResourceNotFound InvalidArgument];
        KinesisGetRecords KinesisGetRecordsInput => KinesisGetRecordsOutput data_stream::records, READS [ResourceNotFound InvalidArgument ExpiredIterator ProvisionedThroughputExceeded];
        KinesisAddTagsToStream KinesisAddTagsToStreamInput => KinesisAddTagsToStreamOutput data_stream::add_tags, WRITES [ResourceNotFound InvalidArgument];
        KinesisRemoveTagsFromStream KinesisRemoveTagsFromStreamInput => KinesisRemoveTagsFromStreamOutput data_stream::remove_tags, WRITES [ResourceNotFound InvalidArgument];
        KinesisListTagsForStream KinesisListTagsForStreamInput => KinesisListTagsForStreamOutput data_stream::list_tags, READS [ResourceNotFound InvalidArgument];
        KinesisTagResource KinesisTagResourceInput => KinesisTagResourceOutput data_stream::tag, WRITES [ResourceNotFound InvalidArgument];
        KinesisUntagResource KinesisUntagResourceInput => KinesisUntagResourceOutput data_stream::untag, WRITES [ResourceNotFound InvalidArgument];
        KinesisListTagsForResource KinesisListTagsForResourceInput => KinesisListTagsForResourceOutput data_stream::tags_of_resource, READS [ResourceNotFound InvalidArgument];
        KinesisDescribeLimits KinesisDescribeLimitsInput => KinesisDescribeLimitsOutput data_stream::limits, READS;
    }
    LAMBDA_TARGET {
        CreateEventSourceMapping CreateEventSourceMappingInput => EventSourceMappingConfiguration mapping::create, WRITES [InvalidParameterValue ResourceConflict];
        GetEventSourceMapping GetEventSourceMappingInput => EventSourceMappingConfiguration mapping::get, READS [ResourceNotFound];
        ListEventSourceMappings ListEventSourceMappingsInput => ListEventSourceMappingsOutput mapping::list, READS [InvalidParameterValue];
        UpdateEventSourceMapping UpdateEventSourceMappingInput => EventSourceMappingConfiguration mapping::update, WRITES [ResourceNotFound ResourceInUse InvalidParameterValue ResourceConflict];
        DeleteEventSourceMapping DeleteEventSourceMappingInput => EventSourceMappingConfiguration mapping::delete, WRITES [ResourceNotFound ResourceInUse];
        LambdaGetFunctionConfiguration LambdaGetFunctionConfigurationInput => LambdaFunctionConfiguration mapping::configuration, READS [ResourceNotFound InvalidParameterValue];
        LambdaTagResource LambdaTagResourceInput => LambdaTagResourceOutput mapping::tag, REPLACES [ResourceNotFound InvalidParameterValue];
        LambdaUntagResource LambdaUntagResourceInput => LambdaUntagResourceOutput mapping::untag, REPLACES [ResourceNotFound];
        LambdaListTags LambdaListTagsInput => LambdaListTagsOutput mapping::list_tags, READS [ResourceNotFound];
    }
    SQS_TARGET {
        SqsCreateQueue SqsCreateQueueInput => SqsCreateQueueOutput queue::create, REPLACES [QueueNameExists InvalidAttributeName InvalidAttributeValue InvalidParameterValue];
        SqsGetQueueUrl SqsGetQueueUrlInput => SqsGetQueueUrlOutput queue::url, READS [QueueDoesNotExist];
        SqsGetQueueAttributes SqsGetQueueAttributesInput => SqsGetQueueAttributesOutput queue::get_attributes, READS [QueueDoesNotExist InvalidAttributeName];
        SqsSetQueueAttributes SqsSetQueueAttributesInput => SqsSetQueueAttributesOutput queue::set_attributes, REPLACES [QueueDoesNotExist InvalidAttributeName InvalidAttributeValue];
        SqsListQueues SqsListQueuesInput => SqsListQueuesOutput queue::list, READS [InvalidParameterValue];
        SqsDeleteQueue SqsDeleteQueueInput => SqsDeleteQueueOutput queue::delete, WRITES [QueueDoesNotExist];
        SqsPurgeQueue SqsPurgeQueueInput => SqsPurgeQueueOutput queue::purge, WRITES [QueueDoesNotExist];
        SqsSendMessage SqsSendMessageInput => SqsSendMessageOutput queue::send, WRITES [QueueDoesNotExist InvalidMessageContents InvalidParameterValue];
        SqsSendMessageBatch SqsSendMessageBatchInput => SqsSendMessageBatchOutput queue::send_batch, WRITES [QueueDoesNotExist EmptyBatchRequest TooManyEntriesInBatchRequest BatchEntryIdsNotDistinct InvalidBatchEntryId BatchRequestTooLong];
        SqsReceiveMessage SqsReceiveMessageInput => SqsReceiveMessageOutput queue::receive, WRITES [QueueDoesNotExist InvalidParameterValue];
        SqsDeleteMessage SqsDeleteMessageInput => SqsDeleteMessageOutput queue::delete_message, REPLACES [QueueDoesNotExist ReceiptHandleIsInvalid];
        SqsDeleteMessageBatch SqsDeleteMessageBatchInput => SqsDeleteMessageBatchOutput queue::delete_message_batch, REPLACES [QueueDoesNotExist EmptyBatchRequest TooManyEntriesInBatchRequest BatchEntryIdsNotDistinct InvalidBatchEntryId];
        SqsChangeMessageVisibility SqsChangeMessageVisibilityInput => SqsChangeMessageVisibilityOutput queue::change_visibility, WRITES [QueueDoesNotExist ReceiptHandleIsInvalid MessageNotInflight InvalidParameterValue];
        SqsChangeMessageVisibilityBatch SqsChangeMessageVisibilityBatchInput => SqsChangeMessageVisibilityBatchOutput queue::change_visibility_batch, WRITES [QueueDoesNotExist EmptyBatchRequest TooManyEntriesInBatchRequest BatchEntryIdsNotDistinct InvalidBatchEntryId];
    }
    S3_TARGET {
        S3CreateBucket S3CreateBucketInput => S3CreateBucketOutput object::create_bucket, WRITES [InvalidBucketName BucketAlreadyOwnedByYou];
        S3ListBuckets S3ListBucketsInput => S3ListBucketsOutput object::list_buckets, READS;
        S3HeadBucket S3HeadBucketInput => S3HeadBucketOutput object::head_bucket, READS [NoSuchBucket];
        S3DeleteBucket S3DeleteBucketInput => S3DeleteBucketOutput object::delete_bucket, WRITES [NoSuchBucket BucketNotEmpty];
        S3PutObject S3PutObjectInput => S3PutObjectOutput object::put, REPLACES [NoSuchBucket EntityTooLarge KeyTooLong InvalidArgument];
        S3GetObject S3GetObjectInput => S3GetObjectOutput object::get, READS [NoSuchBucket NoSuchKey EntityTooLarge];
        S3HeadObject S3HeadObjectInput => S3HeadObjectOutput object::head, READS [NoSuchBucket NoSuchKey];
        S3DeleteObject S3DeleteObjectInput => S3DeleteObjectOutput object::delete, REPLACES [NoSuchBucket];
        S3ListObjectsV2 S3ListObjectsV2Input => S3ListObjectsV2Output object::list, READS [NoSuchBucket InvalidArgument];
    }
    SNS_TARGET {
        SnsCreateTopic SnsCreateTopicInput => SnsCreateTopicOutput topic::create, WRITES [InvalidParameter TagLimitExceeded];
        SnsDeleteTopic SnsDeleteTopicInput => SnsDeleteTopicOutput topic::delete, REPLACES [InvalidParameter];
        SnsListTopics SnsListTopicsInput => SnsListTopicsOutput topic::list, READS [InvalidParameter];
        SnsGetTopicAttributes SnsGetTopicAttributesInput => SnsGetTopicAttributesOutput topic::get_attributes, READS [NotFound InvalidParameter];
        SnsSetTopicAttributes SnsSetTopicAttributesInput => SnsSetTopicAttributesOutput topic::set_attributes, REPLACES [NotFound InvalidParameter];
        SnsSubscribe SnsSubscribeInput => SnsSubscribeOutput topic::subscribe, WRITES [NotFound InvalidParameter];
        SnsUnsubscribe SnsUnsubscribeInput => SnsUnsubscribeOutput topic::unsubscribe, REPLACES [InvalidParameter];
        SnsListSubscriptions SnsListSubscriptionsInput => SnsListSubscriptionsOutput topic::list_all, READS [InvalidParameter];
        SnsListSubscriptionsByTopic SnsListSubscriptionsByTopicInput => SnsListSubscriptionsByTopicOutput topic::list_of_topic, READS [NotFound InvalidParameter];
        SnsGetSubscriptionAttributes SnsGetSubscriptionAttributesInput => SnsGetSubscriptionAttributesOutput topic::get_subscription_attributes, READS [NotFound InvalidParameter];
        SnsSetSubscriptionAttributes SnsSetSubscriptionAttributesInput => SnsSetSubscriptionAttributesOutput topic::set_subscription_attributes, REPLACES [NotFound InvalidParameter];
        SnsPublish SnsPublishInput => SnsPublishOutput topic::publish, WRITES_MANY [NotFound InvalidParameter ParameterValueInvalid];
        SnsPublishBatch SnsPublishBatchInput => SnsPublishBatchOutput topic::publish_batch, WRITES_MANY [NotFound InvalidParameter ParameterValueInvalid EmptyBatchRequest TooManyEntriesInBatchRequest BatchEntryIdsNotDistinct InvalidBatchEntryId BatchRequestTooLong];
        SnsTagResource SnsTagResourceInput => SnsTagResourceOutput topic::tag, REPLACES [ResourceNotFound InvalidParameter TagLimitExceeded];
        SnsUntagResource SnsUntagResourceInput => SnsUntagResourceOutput topic::untag, REPLACES [ResourceNotFound InvalidParameter];
        SnsListTagsForResource SnsListTagsForResourceInput => SnsListTagsForResourceOutput topic::list_tags, READS [ResourceNotFound InvalidParameter];
    }
    CONTROL_TARGET {
        RegisterFunction RegisterFunctionInput => RegisterFunctionOutput mapping::register, REPLACES [InvalidParameterValue];
        DeregisterFunction DeregisterFunctionInput => DeregisterFunctionOutput mapping::deregister, WRITES [ResourceNotFound InvalidParameterValue];
        ListRegisteredFunctions ListRegisteredFunctionsInput => ListRegisteredFunctionsOutput mapping::list_functions, READS;
        DescribeMappings DescribeMappingsInput => DescribeMappingsOutput mapping::describe_all, READS;
        SettleMapping SettleMappingInput => SettleMappingOutput mapping::settle, WRITES [ResourceNotFound ResourceConflict TransactionCanceled ProvisionedThroughputExceeded];
        AdvanceClock AdvanceClockInput => AdvanceClockOutput control::advance_clock, MOVES_TIME;
        DescribeClock DescribeClockInput => DescribeClockOutput control::describe_clock, READS;
        SplitShard SplitShardInput => SplitShardOutput control::split_shard, WRITES [ResourceNotFound];
        RollShard RollShardInput => RollShardOutput control::roll_shard, WRITES [ResourceNotFound];
        Maintain MaintainInput => MaintainOutput control::maintain, MAINTAINS;
        SetFaults SetFaultsInput => SetFaultsOutput faults::set, REPLACES;
        DescribeFaults DescribeFaultsInput => DescribeFaultsOutput faults::describe, READS;
        InspectStream InspectStreamInput => InspectStreamOutput observation::inspect_stream, READS [ResourceNotFound];
        InspectRecords InspectRecordsInput => InspectRecordsOutput inspect_records::inspect_records, READS_MANY [ResourceNotFound];
        DescribeMetrics DescribeMetricsInput => DescribeMetricsOutput observation::metrics, READS;
        DescribeCalls DescribeCallsInput => DescribeCallsOutput observation::calls, READS;
        Backup BackupInput => BackupOutput control::backup, BACKS_UP;
        Compact CompactInput => CompactOutput control::compact, COMPACTS;
    }
}

/// Checks a request's shape, then runs it.
pub(crate) fn run<R: Run>(call: &Call<'_>, input: &R) -> Result<R::Answer> {
    R::run(input.valid()?, call)
}

/// Every operation, in the order of the registry.
pub fn operations() -> &'static [OperationInfo] {
    OPERATIONS
}

/// The operation of this name.
pub fn operation(name: &str) -> Option<&'static OperationInfo> {
    OPERATIONS.iter().find(|operation| operation.name == name)
}

/// The operation that an `X-Amz-Target` names: its prefix, a dot, its name in its service.
pub fn by_target(target: &str) -> Option<&'static OperationInfo> {
    let (prefix, name) = target.split_once('.')?;
    OPERATIONS.iter().find(|known| known.target_prefix == prefix && known.action() == name)
}

impl Request {
    /// The directory that it names on the machine of the database ([`Effect::directory`]), if it names one: who serves strangers looks at it, and
    /// may put another one in its place.
    pub fn directory_mut(&mut self) -> Option<&mut String> {
        match self {
            Request::Backup(input) => input.directory.as_mut(),
            _ => None,
        }
    }

    /// The name of the table it is about, where the request says so: `TableName`, or the table of a `StreamArn`. A shard iterator is opaque.
    pub fn table_name(&self) -> Option<&str> {
        let given = self.text_member("TableName").or_else(|| self.text_member("StreamArn"))?;
        Some(table_of(given))
    }
}
