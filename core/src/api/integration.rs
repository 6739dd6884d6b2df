//! Shapes of what a table is connected to: contributor insights and Kinesis data streams. Both are kept and answered; nothing is delivered.

use super::shape::{Open, Timestamp, enumeration, shape};

enumeration! {
    /// What is to become of contributor insights.
    pub enum ContributorInsightsAction {
        /// On.
        Enable = "ENABLE",
        /// Off.
        Disable = "DISABLE",
    }

    /// Where contributor insights are.
    pub enum ContributorInsightsStatus {
        /// Being turned on.
        Enabling = "ENABLING",
        /// On.
        Enabled = "ENABLED",
        /// Being turned off.
        Disabling = "DISABLING",
        /// Off.
        Disabled = "DISABLED",
        /// Not possible.
        Failed = "FAILED",
    }

    /// What contributor insights look at.
    pub enum ContributorInsightsMode {
        /// Keys that are used and keys that are throttled.
        AccessedAndThrottledKeys = "ACCESSED_AND_THROTTLED_KEYS",
        /// Keys that are throttled.
        ThrottledKeys = "THROTTLED_KEYS",
    }

    /// Where a Kinesis destination is.
    pub enum DestinationStatus {
        /// Being turned on.
        Enabling = "ENABLING",
        /// On.
        Active = "ACTIVE",
        /// Being turned off.
        Disabling = "DISABLING",
        /// Off.
        Disabled = "DISABLED",
        /// Not possible.
        EnableFailed = "ENABLE_FAILED",
        /// Its precision is being changed.
        Updating = "UPDATING",
    }

    /// How exactly records tell their time.
    pub enum ApproximateCreationDateTimePrecision {
        /// To the millisecond.
        Millisecond = "MILLISECOND",
        /// To the microsecond.
        Microsecond = "MICROSECOND",
    }
}

shape! {
    /// Turns contributor insights of a table or index on or off. The setting is kept; there are no insights.
    ///
    /// Errors: `ValidationException`, `ResourceNotFoundException`.
    pub struct UpdateContributorInsightsInput {
        /// Name or ARN of the table.
        table_name: String = "TableName" [REQUIRED, length(1, TABLE_ARN_MAX_CHARS)],
        /// An index of it; the table itself when absent.
        index_name: String = "IndexName" [length(NAME_MIN_CHARS, NAME_MAX_CHARS), NAME_PATTERN],
        /// On or off.
        contributor_insights_action: Open<ContributorInsightsAction> = "ContributorInsightsAction" [REQUIRED],
        /// What to look at; `ACCESSED_AND_THROTTLED_KEYS` when absent.
        contributor_insights_mode: Open<ContributorInsightsMode> = "ContributorInsightsMode",
    }

    /// Answer of UpdateContributorInsights.
    pub struct UpdateContributorInsightsOutput {
        /// The table.
        table_name: String = "TableName",
        /// The index, if one was named.
        index_name: String = "IndexName",
        /// Where they are now.
        contributor_insights_status: Open<ContributorInsightsStatus> = "ContributorInsightsStatus",
        /// What they look at.
        contributor_insights_mode: Open<ContributorInsightsMode> = "ContributorInsightsMode",
    }

    /// Tells whether contributor insights of a table or index are on.
    ///
    /// Errors: `ResourceNotFoundException`.
    pub struct DescribeContributorInsightsInput {
        /// Name or ARN of the table.
        table_name: String = "TableName" [REQUIRED, length(1, TABLE_ARN_MAX_CHARS)],
        /// An index of it; the table itself when absent.
        index_name: String = "IndexName" [length(NAME_MIN_CHARS, NAME_MAX_CHARS), NAME_PATTERN],
    }

    /// Why contributor insights failed. They never do here.
    pub struct FailureException {
        /// Its name.
        exception_name: String = "ExceptionName",
        /// Its text.
        exception_description: String = "ExceptionDescription",
    }

    /// Answer of DescribeContributorInsights.
    pub struct DescribeContributorInsightsOutput {
        /// The table.
        table_name: String = "TableName",
        /// The index, if one was named.
        index_name: String = "IndexName",
        /// Names of the rules that the service would have made.
        contributor_insights_rule_list: Vec<String> = "ContributorInsightsRuleList",
        /// Where they are.
        contributor_insights_status: Open<ContributorInsightsStatus> = "ContributorInsightsStatus",
        /// When that was changed last.
        last_update_date_time: Timestamp = "LastUpdateDateTime",
        /// Never there.
        failure_exception: FailureException = "FailureException",
        /// What they look at.
        contributor_insights_mode: Open<ContributorInsightsMode> = "ContributorInsightsMode",
    }

    /// Lists the tables and indexes whose contributor insights are not off.
    ///
    /// Errors: `ResourceNotFoundException`.
    pub struct ListContributorInsightsInput {
        /// Name or ARN of a table; all tables when absent.
        table_name: String = "TableName" [length(1, TABLE_ARN_MAX_CHARS)],
        /// Where the last page ended.
        next_token: String = "NextToken",
        /// At most this many; 100 when absent.
        max_results: i32 = "MaxResults" [range(1, CONTRIBUTOR_INSIGHTS_PAGE_MAX)],
    }

    /// Contributor insights of a table or index.
    pub struct ContributorInsightsSummary {
        /// The table.
        table_name: String = "TableName",
        /// The index; absent for the table itself.
        index_name: String = "IndexName",
        /// Where they are.
        contributor_insights_status: Open<ContributorInsightsStatus> = "ContributorInsightsStatus",
        /// What they look at.
        contributor_insights_mode: Open<ContributorInsightsMode> = "ContributorInsightsMode",
    }

    /// Answer of ListContributorInsights.
    pub struct ListContributorInsightsOutput {
        /// Those that are not off, by table and index.
        contributor_insights_summaries: Vec<ContributorInsightsSummary> = "ContributorInsightsSummaries",
        /// Where the next page starts, when there is more.
        next_token: String = "NextToken",
    }

    /// How records are sent to a Kinesis data stream.
    pub struct EnableKinesisStreamingConfiguration {
        /// How exactly they tell their time; `MILLISECOND` when absent.
        approximate_creation_date_time_precision: Open<ApproximateCreationDateTimePrecision> = "ApproximateCreationDateTimePrecision",
    }

    /// Connects a table with a Kinesis data stream of this database, which then has each change in the commit that makes it.
    ///
    /// Errors: `ValidationException` when the destination is not in the state for it, `ResourceNotFoundException`.
    pub struct EnableKinesisStreamingDestinationInput {
        /// Name or ARN of the table.
        table_name: String = "TableName" [REQUIRED, length(1, TABLE_ARN_MAX_CHARS)],
        /// ARN of the Kinesis data stream.
        stream_arn: String = "StreamArn" [REQUIRED, length(STREAM_ARN_MIN_CHARS, STREAM_ARN_MAX_CHARS)],
        /// How records are sent.
        enable_kinesis_streaming_configuration: EnableKinesisStreamingConfiguration = "EnableKinesisStreamingConfiguration",
    }

    /// Answer of EnableKinesisStreamingDestination.
    pub struct EnableKinesisStreamingDestinationOutput {
        /// The table.
        table_name: String = "TableName",
        /// ARN of the Kinesis data stream.
        stream_arn: String = "StreamArn",
        /// Where the destination is now.
        destination_status: Open<DestinationStatus> = "DestinationStatus",
        /// How records are sent.
        enable_kinesis_streaming_configuration: EnableKinesisStreamingConfiguration = "EnableKinesisStreamingConfiguration",
    }

    /// Ends the connection of a table with a Kinesis data stream. The destination is kept; nothing more is delivered.
    ///
    /// Errors: `ValidationException` when the destination is not in the state for it, `ResourceNotFoundException`.
    pub struct DisableKinesisStreamingDestinationInput {
        /// Name or ARN of the table.
        table_name: String = "TableName" [REQUIRED, length(1, TABLE_ARN_MAX_CHARS)],
        /// ARN of the Kinesis data stream.
        stream_arn: String = "StreamArn" [REQUIRED, length(STREAM_ARN_MIN_CHARS, STREAM_ARN_MAX_CHARS)],
        /// Refused: an end has no configuration.
        enable_kinesis_streaming_configuration: EnableKinesisStreamingConfiguration = "EnableKinesisStreamingConfiguration",
    }

    /// Answer of DisableKinesisStreamingDestination.
    pub struct DisableKinesisStreamingDestinationOutput {
        /// The table.
        table_name: String = "TableName",
        /// ARN of the Kinesis data stream.
        stream_arn: String = "StreamArn",
        /// Where the destination is now.
        destination_status: Open<DestinationStatus> = "DestinationStatus",
        /// How records are sent.
        enable_kinesis_streaming_configuration: EnableKinesisStreamingConfiguration = "EnableKinesisStreamingConfiguration",
    }

    /// What is to change in how records are sent.
    pub struct UpdateKinesisStreamingConfiguration {
        /// How exactly they tell their time.
        approximate_creation_date_time_precision: Open<ApproximateCreationDateTimePrecision> = "ApproximateCreationDateTimePrecision",
    }

    /// Changes how records are sent to a Kinesis data stream.
    ///
    /// Errors: `ValidationException` when the destination is not active or nothing would change, `ResourceNotFoundException`.
    pub struct UpdateKinesisStreamingDestinationInput {
        /// Name or ARN of the table.
        table_name: String = "TableName" [REQUIRED, length(1, TABLE_ARN_MAX_CHARS)],
        /// ARN of the Kinesis data stream.
        stream_arn: String = "StreamArn" [REQUIRED, length(STREAM_ARN_MIN_CHARS, STREAM_ARN_MAX_CHARS)],
        /// What is to change.
        update_kinesis_streaming_configuration: UpdateKinesisStreamingConfiguration = "UpdateKinesisStreamingConfiguration",
    }

    /// Answer of UpdateKinesisStreamingDestination.
    pub struct UpdateKinesisStreamingDestinationOutput {
        /// The table.
        table_name: String = "TableName",
        /// ARN of the Kinesis data stream.
        stream_arn: String = "StreamArn",
        /// Where the destination is now.
        destination_status: Open<DestinationStatus> = "DestinationStatus",
        /// What is changing.
        update_kinesis_streaming_configuration: UpdateKinesisStreamingConfiguration = "UpdateKinesisStreamingConfiguration",
    }

    /// Tells which Kinesis data streams a table is or was connected with.
    ///
    /// Errors: `ResourceNotFoundException`.
    pub struct DescribeKinesisStreamingDestinationInput {
        /// Name or ARN of the table.
        table_name: String = "TableName" [REQUIRED, length(1, TABLE_ARN_MAX_CHARS)],
    }

    /// A Kinesis data stream that a table is or was connected with.
    pub struct KinesisDataStreamDestination {
        /// Its ARN.
        stream_arn: String = "StreamArn",
        /// Where the connection is.
        destination_status: Open<DestinationStatus> = "DestinationStatus",
        /// Why it failed. Never there.
        destination_status_description: String = "DestinationStatusDescription",
        /// How exactly records tell their time; `MILLISECOND` when absent.
        approximate_creation_date_time_precision: Open<ApproximateCreationDateTimePrecision> = "ApproximateCreationDateTimePrecision",
    }

    /// Answer of DescribeKinesisStreamingDestination.
    pub struct DescribeKinesisStreamingDestinationOutput {
        /// The table.
        table_name: String = "TableName",
        /// The destinations, the newest first.
        kinesis_data_stream_destinations: Vec<KinesisDataStreamDestination> = "KinesisDataStreamDestinations",
    }
}
