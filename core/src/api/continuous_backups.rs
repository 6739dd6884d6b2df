//! Shapes of continuous backups.

use super::shape::{Open, Timestamp, enumeration, shape};

enumeration! {
    /// Whether a table can be backed up.
    pub enum ContinuousBackupsStatus {
        /// It can.
        Enabled = "ENABLED",
        /// It cannot.
        Disabled = "DISABLED",
    }

    /// Whether a table can be restored to a moment.
    pub enum PointInTimeRecoveryStatus {
        /// It can.
        Enabled = "ENABLED",
        /// It cannot.
        Disabled = "DISABLED",
    }
}

shape! {
    /// Whether a table is to be restorable to a moment.
    pub struct PointInTimeRecoverySpecification {
        /// Whether it is.
        point_in_time_recovery_enabled: bool = "PointInTimeRecoveryEnabled" [REQUIRED],
        /// How many days back; 35 when absent.
        recovery_period_in_days: i32 = "RecoveryPeriodInDays" [range(1, RECOVERY_PERIOD_MAX_DAYS)],
    }

    /// Sets whether a table is to be restorable to a moment of the last days. While it is, what each write replaces is kept for so long, and a day
    /// more at most. Turning it off forgets that.
    ///
    /// Errors: `ValidationException`, `TableNotFoundException`.
    pub struct UpdateContinuousBackupsInput {
        /// Name or ARN of the table.
        table_name: String = "TableName" [REQUIRED, length(1, TABLE_ARN_MAX_CHARS)],
        /// What it is to be.
        point_in_time_recovery_specification: PointInTimeRecoverySpecification = "PointInTimeRecoverySpecification" [REQUIRED],
    }

    /// Whether a table can be restored to a moment.
    pub struct PointInTimeRecoveryDescription {
        /// Whether it can.
        point_in_time_recovery_status: Open<PointInTimeRecoveryStatus> = "PointInTimeRecoveryStatus",
        /// How many days back; absent when it cannot.
        recovery_period_in_days: i32 = "RecoveryPeriodInDays",
        /// The first of the moments.
        earliest_restorable_date_time: Timestamp = "EarliestRestorableDateTime",
        /// The last of the moments.
        latest_restorable_date_time: Timestamp = "LatestRestorableDateTime",
    }

    /// Continuous backups of a table as they stand.
    pub struct ContinuousBackupsDescription {
        /// Whether it can be backed up: always.
        continuous_backups_status: Open<ContinuousBackupsStatus> = "ContinuousBackupsStatus",
        /// Whether it can be restored to a moment.
        point_in_time_recovery_description: PointInTimeRecoveryDescription = "PointInTimeRecoveryDescription",
    }

    /// Answer of UpdateContinuousBackups.
    pub struct UpdateContinuousBackupsOutput {
        /// Continuous backups as they stand.
        continuous_backups_description: ContinuousBackupsDescription = "ContinuousBackupsDescription",
    }

    /// Tells whether a table is set to be restorable to a moment.
    ///
    /// Errors: `TableNotFoundException`.
    pub struct DescribeContinuousBackupsInput {
        /// Name or ARN of the table.
        table_name: String = "TableName" [REQUIRED, length(1, TABLE_ARN_MAX_CHARS)],
    }

    /// Answer of DescribeContinuousBackups.
    pub struct DescribeContinuousBackupsOutput {
        /// Continuous backups as they stand.
        continuous_backups_description: ContinuousBackupsDescription = "ContinuousBackupsDescription",
    }
}
