//! Event source mappings: made, described, changed, removed.

use std::collections::BTreeMap;

use super::{ARN, DESTINATION, FUNCTION};
use crate::api::shape::{Open, Timestamp, enumeration, shape};

enumeration! {
    /// Where a mapping begins to read.
    pub enum LambdaStartingPosition {
        /// After what is there.
        Latest = "LATEST",
        /// At a moment, of Kinesis data streams.
        AtTimestamp = "AT_TIMESTAMP",
        /// At the oldest record that can be read.
        TrimHorizon = "TRIM_HORIZON",
    }

    /// What is counted of a mapping.
    pub enum LambdaMappingMetric {
        /// Records: polled, filtered out, handed over, failed, dropped, delivered to a destination.
        EventCount = "EventCount",
        /// Errors, of other sources.
        ErrorCount = "ErrorCount",
        /// Figures of Kafka, of other sources.
        KafkaMetrics = "KafkaMetrics",
    }
}

shape! {
    /// A pattern that records are held against.
    pub struct LambdaFilter {
        /// The pattern, JSON.
        pattern: String = "Pattern" [length(0, LAMBDA_PATTERN_MAX_CHARS)],
    }

    /// Which records are handed over: those that any of the patterns matches.
    pub struct LambdaFilterCriteria {
        /// The patterns.
        filters: Vec<LambdaFilter> = "Filters",
    }

    /// Where what was processed is told of. Mappings have no such place.
    pub struct LambdaOnSuccess {
        /// Its ARN.
        destination: String = "Destination" [DESTINATION, length(0, LAMBDA_DESTINATION_MAX_CHARS)],
    }

    /// Where what was given up is told of.
    pub struct LambdaOnFailure {
        /// The ARN of a queue, a topic or a bucket; empty for none.
        destination: String = "Destination" [DESTINATION, length(0, LAMBDA_DESTINATION_MAX_CHARS)],
    }

    /// Where batches are told of after they have been settled.
    pub struct LambdaDestinationConfig {
        /// Not of mappings.
        on_success: LambdaOnSuccess = "OnSuccess",
        /// Of those that were given up.
        on_failure: LambdaOnFailure = "OnFailure",
    }

    /// How many calls may run at once, of queues.
    pub struct LambdaScalingConfig {
        /// Their number.
        maximum_concurrency: i32 = "MaximumConcurrency" [range(2, 1000)],
    }

    /// What is counted.
    pub struct LambdaMetricsConfig {
        /// The figures.
        metrics: Vec<Open<LambdaMappingMetric>> = "Metrics" [length(0, 3)],
    }

    /// Hands the records of a stream to a function, in batches.
    ///
    /// Errors: `InvalidParameterValueException`, `ResourceConflictException` for a mapping of the same stream and function.
    pub struct CreateEventSourceMappingInput {
        /// The stream, of a table or of Kinesis.
        event_source_arn: String = "EventSourceArn" [ARN, length(0, LAMBDA_ARN_MAX_CHARS)],
        /// The function, by name or ARN, with its version or alias or without.
        function_name: String = "FunctionName" [REQUIRED, FUNCTION, length(1, LAMBDA_FUNCTION_NAME_MAX_CHARS)],
        /// Whether it works at once; true when absent.
        enabled: bool = "Enabled",
        /// Records of a batch at most; 100 when absent.
        batch_size: i32 = "BatchSize" [range(1, LAMBDA_BATCH_MAX_RECORDS)],
        /// Which records are handed over; all when absent.
        filter_criteria: LambdaFilterCriteria = "FilterCriteria",
        /// How long a batch is gathered, in seconds.
        maximum_batching_window_in_seconds: i32 = "MaximumBatchingWindowInSeconds" [range(0, LAMBDA_WINDOW_MAX_SECONDS)],
        /// Batches of a shard at once.
        parallelization_factor: i32 = "ParallelizationFactor" [range(1, LAMBDA_LANES_MAX)],
        /// Where reading begins.
        starting_position: Open<LambdaStartingPosition> = "StartingPosition",
        /// The moment of `AT_TIMESTAMP`.
        starting_position_timestamp: Timestamp = "StartingPositionTimestamp",
        /// Where batches that were given up are told of.
        destination_config: LambdaDestinationConfig = "DestinationConfig",
        /// How old a record may get, in seconds; -1 for as old as the stream keeps it.
        maximum_record_age_in_seconds: i32 = "MaximumRecordAgeInSeconds" [range(-1, LAMBDA_RECORD_AGE_MAX_SECONDS)],
        /// Whether a batch that failed is cut in halves.
        bisect_batch_on_function_error: bool = "BisectBatchOnFunctionError",
        /// How often a batch is tried again; -1 for as long as its records live.
        maximum_retry_attempts: i32 = "MaximumRetryAttempts" [range(-1, LAMBDA_RETRIES_MAX)],
        /// Its tags.
        tags: BTreeMap<String, String> = "Tags",
        /// The length of windows with a state, in seconds; 0 for none.
        tumbling_window_in_seconds: i32 = "TumblingWindowInSeconds" [range(0, LAMBDA_TUMBLING_MAX_SECONDS)],
        /// What the function's answer may say: `ReportBatchItemFailures`, or nothing.
        function_response_types: Vec<String> = "FunctionResponseTypes" [length(0, 1)],
        /// Of queues.
        scaling_config: LambdaScalingConfig = "ScalingConfig",
        /// A key for the patterns. They are not encrypted here.
        kms_key_arn: String = "KMSKeyArn" [length(0, LAMBDA_ARN_MAX_CHARS)],
        /// What is counted.
        metrics_config: LambdaMetricsConfig = "MetricsConfig",
    }

    /// Changes a mapping. What is absent stays as it is.
    ///
    /// Errors: `ResourceNotFoundException`, `ResourceInUseException` while another change is under way, `InvalidParameterValueException`,
    /// `ResourceConflictException`.
    pub struct UpdateEventSourceMappingInput {
        /// The mapping.
        uuid: String = "UUID" [REQUIRED, length(36, 36)],
        /// Another function.
        function_name: String = "FunctionName" [FUNCTION, length(1, LAMBDA_FUNCTION_NAME_MAX_CHARS)],
        /// Whether it works.
        enabled: bool = "Enabled",
        /// Records of a batch at most.
        batch_size: i32 = "BatchSize" [range(1, LAMBDA_BATCH_MAX_RECORDS)],
        /// Which records are handed over; all where it has no patterns.
        filter_criteria: LambdaFilterCriteria = "FilterCriteria",
        /// How long a batch is gathered, in seconds.
        maximum_batching_window_in_seconds: i32 = "MaximumBatchingWindowInSeconds" [range(0, LAMBDA_WINDOW_MAX_SECONDS)],
        /// Where batches that were given up are told of.
        destination_config: LambdaDestinationConfig = "DestinationConfig",
        /// How old a record may get, in seconds; -1 for as old as the stream keeps it.
        maximum_record_age_in_seconds: i32 = "MaximumRecordAgeInSeconds" [range(-1, LAMBDA_RECORD_AGE_MAX_SECONDS)],
        /// Whether a batch that failed is cut in halves.
        bisect_batch_on_function_error: bool = "BisectBatchOnFunctionError",
        /// How often a batch is tried again; -1 for as long as its records live.
        maximum_retry_attempts: i32 = "MaximumRetryAttempts" [range(-1, LAMBDA_RETRIES_MAX)],
        /// Batches of a shard at once.
        parallelization_factor: i32 = "ParallelizationFactor" [range(1, LAMBDA_LANES_MAX)],
        /// The length of windows with a state, in seconds; 0 for none.
        tumbling_window_in_seconds: i32 = "TumblingWindowInSeconds" [range(0, LAMBDA_TUMBLING_MAX_SECONDS)],
        /// What the function's answer may say.
        function_response_types: Vec<String> = "FunctionResponseTypes" [length(0, 1)],
        /// Of queues.
        scaling_config: LambdaScalingConfig = "ScalingConfig",
        /// A key for the patterns. They are not encrypted here.
        kms_key_arn: String = "KMSKeyArn" [length(0, LAMBDA_ARN_MAX_CHARS)],
        /// What is counted.
        metrics_config: LambdaMetricsConfig = "MetricsConfig",
    }

    /// A mapping, as it is told.
    pub struct EventSourceMappingConfiguration {
        /// Its identity.
        uuid: String = "UUID",
        /// Where reading began.
        starting_position: Open<LambdaStartingPosition> = "StartingPosition",
        /// The moment of `AT_TIMESTAMP`.
        starting_position_timestamp: Timestamp = "StartingPositionTimestamp",
        /// Records of a batch at most.
        batch_size: i32 = "BatchSize",
        /// How long a batch is gathered, in seconds.
        maximum_batching_window_in_seconds: i32 = "MaximumBatchingWindowInSeconds",
        /// Batches of a shard at once.
        parallelization_factor: i32 = "ParallelizationFactor",
        /// The stream.
        event_source_arn: String = "EventSourceArn",
        /// Which records are handed over; absent for all.
        filter_criteria: LambdaFilterCriteria = "FilterCriteria",
        /// The function, with the version or alias that was given.
        function_arn: String = "FunctionArn",
        /// When it was changed; to the minute where it is told later.
        last_modified: Timestamp = "LastModified",
        /// What became of the last batch.
        last_processing_result: String = "LastProcessingResult",
        /// `Creating`, `Enabling`, `Enabled`, `Disabling`, `Disabled`, `Updating` or `Deleting`.
        state: String = "State",
        /// Why it is in this state.
        state_transition_reason: String = "StateTransitionReason",
        /// Where batches that were given up are told of.
        destination_config: LambdaDestinationConfig = "DestinationConfig",
        /// How old a record may get, in seconds; -1 for as old as the stream keeps it.
        maximum_record_age_in_seconds: i32 = "MaximumRecordAgeInSeconds",
        /// Whether a batch that failed is cut in halves.
        bisect_batch_on_function_error: bool = "BisectBatchOnFunctionError",
        /// How often a batch is tried again; -1 for as long as its records live.
        maximum_retry_attempts: i32 = "MaximumRetryAttempts",
        /// The length of windows with a state, in seconds; 0 for none.
        tumbling_window_in_seconds: i32 = "TumblingWindowInSeconds",
        /// What the function's answer may say.
        function_response_types: Vec<String> = "FunctionResponseTypes",
        /// The key that was given.
        kms_key_arn: String = "KMSKeyArn",
        /// Its ARN.
        event_source_mapping_arn: String = "EventSourceMappingArn",
        /// What is counted.
        metrics_config: LambdaMetricsConfig = "MetricsConfig",
    }

    /// Tells of a mapping.
    ///
    /// Errors: `ResourceNotFoundException`.
    pub struct GetEventSourceMappingInput {
        /// The mapping.
        uuid: String = "UUID" [REQUIRED, length(36, 36)],
    }

    /// Removes a mapping.
    ///
    /// Errors: `ResourceNotFoundException`, `ResourceInUseException` while another change is under way.
    pub struct DeleteEventSourceMappingInput {
        /// The mapping.
        uuid: String = "UUID" [REQUIRED, length(36, 36)],
    }

    /// Lists mappings in the order in which they were made, a hundred at a time at most.
    pub struct ListEventSourceMappingsInput {
        /// Those of a stream.
        event_source_arn: String = "EventSourceArn" [ARN, length(0, LAMBDA_ARN_MAX_CHARS)],
        /// Those of a function, exactly as it is qualified.
        function_name: String = "FunctionName" [FUNCTION, length(1, LAMBDA_FUNCTION_NAME_MAX_CHARS)],
        /// What the page before told.
        marker: String = "Marker",
        /// At most this many.
        max_items: i32 = "MaxItems" [range(1, 10_000)],
    }

    /// Answer of ListEventSourceMappings.
    pub struct ListEventSourceMappingsOutput {
        /// For the next page; absent on the last one.
        next_marker: String = "NextMarker",
        /// The mappings.
        event_source_mappings: Vec<EventSourceMappingConfiguration> = "EventSourceMappings",
    }
}
