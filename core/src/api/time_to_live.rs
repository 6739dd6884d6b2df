//! Shapes of time to live.

use super::shape::{Open, enumeration, shape};

enumeration! {
    /// Whether items expire.
    pub enum TimeToLiveStatus {
        /// Being turned on.
        Enabling = "ENABLING",
        /// Being turned off.
        Disabling = "DISABLING",
        /// On.
        Enabled = "ENABLED",
        /// Off.
        Disabled = "DISABLED",
    }
}

shape! {
    /// Whether items expire, and by which attribute.
    pub struct TimeToLiveSpecification {
        /// Whether it is to be on.
        enabled: bool = "Enabled" [REQUIRED],
        /// The attribute whose number is an item's time, in epoch seconds.
        attribute_name: String = "AttributeName" [REQUIRED, length(1, TTL_NAME_MAX_CHARS)],
    }

    /// Turns time to live on or off. An item whose time is over, and was at most five years ago, is deleted by the database; its record is
    /// marked as the service's own. A change is refused for 31 minutes after the one before it.
    ///
    /// Errors: `ValidationException`, `ResourceNotFoundException`, `ResourceInUseException` while the table is created.
    pub struct UpdateTimeToLiveInput {
        /// Name or ARN of the table.
        table_name: String = "TableName" [REQUIRED, length(1, TABLE_ARN_MAX_CHARS)],
        /// What it is to be.
        time_to_live_specification: TimeToLiveSpecification = "TimeToLiveSpecification" [REQUIRED],
    }

    /// Answer of UpdateTimeToLive.
    pub struct UpdateTimeToLiveOutput {
        /// What was asked for.
        time_to_live_specification: TimeToLiveSpecification = "TimeToLiveSpecification",
    }

    /// Tells whether items of a table expire.
    ///
    /// Errors: `ResourceNotFoundException`; `ValidationException` while the table is created or deleted.
    pub struct DescribeTimeToLiveInput {
        /// Name or ARN of the table.
        table_name: String = "TableName" [REQUIRED, length(1, TABLE_ARN_MAX_CHARS)],
    }

    /// Time to live as it stands.
    pub struct TimeToLiveDescription {
        /// Whether items expire.
        time_to_live_status: Open<TimeToLiveStatus> = "TimeToLiveStatus",
        /// By which attribute; absent when they do not.
        attribute_name: String = "AttributeName",
    }

    /// Answer of DescribeTimeToLive.
    pub struct DescribeTimeToLiveOutput {
        /// Time to live as it stands.
        time_to_live_description: TimeToLiveDescription = "TimeToLiveDescription",
    }
}
