//! Texts about backups and tables that are restored (facts B17).

use crate::clock::{Millis, label};

pub(super) const INVALID_REQUEST: &str = "Invalid Request: ";
pub(super) const INVALID_VALUES: &str = "One or more parameter values were invalid: ";

// ---- backups

pub(crate) fn table_not_found(name: &str) -> String {
    format!("Table not found: {name}")
}

pub(crate) fn not_found(arn: &str) -> String {
    format!("Backup not found: {arn}")
}

pub(crate) fn no_backup_arn() -> String {
    "Invalid Backup ARN".into()
}

pub(crate) fn arn_not_valid() -> String {
    format!("{INVALID_REQUEST}BackupArn is not valid")
}

pub(crate) fn being_made(arn: &str) -> String {
    format!("Backup is being created: {arn}")
}

pub(crate) fn being_restored(arn: &str) -> String {
    format!("Backup is being used to restore table: {arn}")
}

pub(crate) fn being_restored_elsewhere(arn: &str) -> String {
    format!("Backup is being used to restore another table: {arn}")
}

pub(crate) fn of_the_system(arn: &str, expires_at: Millis) -> String {
    format!(
        "{INVALID_REQUEST}User is not allowed to delete the system backup with arn {arn}. It will automatically expire on {}",
        label(expires_at)
    )
}

pub(crate) fn time_range_inverted() -> String {
    format!("{INVALID_VALUES}Time range lower bound must be less than or equal to upper bound")
}

pub(crate) fn starting_backup_elsewhere() -> String {
    format!("{INVALID_REQUEST}The supplied ExclusiveStartBackupArn does not match the region")
}

// ---- tables at a moment

pub(crate) fn recovery_is_off(table: &str) -> String {
    format!("Point in time recovery is not enabled for table '{table}'")
}

pub(crate) fn two_moments() -> String {
    format!(
        "{INVALID_REQUEST}Both RestoreDateTime and UseLatestRestorableTime cannot be set for point-in-time restore request. Please specify \
         either RestoreDateTime time or UseLatestRestorableTime"
    )
}

pub(crate) fn no_moment() -> String {
    format!(
        "{INVALID_REQUEST}Either one of RestoreDateTime or UseLatestRestorableTime must be specified, but not both"
    )
}

pub(crate) fn moment_out_of_range(at: Millis, earliest: Millis, latest: Millis) -> String {
    format!(
        "RestoreDateTime '{}' must be within EarliestRestorableDateTime '{}' and LatestRestorableDateTime '{}'",
        to_the_second(at),
        to_the_second(earliest),
        to_the_second(latest)
    )
}

pub(super) fn to_the_second(at: Millis) -> String {
    let label = label(at);
    let (seconds, _) = label.rsplit_once('.').expect("labels have milliseconds");
    format!("{seconds}Z")
}

pub(crate) fn two_sources() -> String {
    format!("{INVALID_VALUES}Must provide exactly one of: sourceTableArn, sourceTableName")
}

pub(crate) fn no_source_arn() -> String {
    format!("{INVALID_VALUES}sourceTableArn is not a valid ARN")
}

// ---- tables that are restored

pub(crate) fn target_exists(name: &str) -> String {
    format!("Table already exists: {name}")
}

pub(crate) fn target_being_restored(name: &str, backup: Option<&str>) -> String {
    match backup {
        Some(arn) => format!("Table: {name} is already being restored from backup: {arn}"),
        None => format!("Table: {name} is already being restored"),
    }
}

/// What CreateTable says of a table that is being restored.
pub(crate) fn name_being_restored(name: &str) -> String {
    format!("Table is being used: {name}")
}

pub(crate) fn of_another_region() -> String {
    format!("{INVALID_REQUEST}sseSpecificationOverride must be provided for cross-region restores")
}

pub(crate) fn units_while_on_demand(is_asked_for: bool, index: Option<&str>) -> String {
    let rule = if is_asked_for {
        "if BillingMode is overridden to PAY_PER_REQUEST"
    } else {
        "unless BillingMode is PROVISIONED"
    };
    let index = index.map_or_else(String::new, |index| format!(" for index {index}"));
    format!("{INVALID_REQUEST}Cannot override ProvisionedThroughput {rule}{index}")
}

pub(crate) fn units_needed(index: Option<&str>) -> String {
    let index = index.map_or_else(String::new, |index| format!(" for index {index}"));
    format!(
        "{INVALID_REQUEST}Must override ProvisionedThroughput if BillingMode is overridden to PROVISIONED{index}"
    )
}

pub(crate) fn index_units_needed(index: &str) -> String {
    format!("{INVALID_REQUEST}Must specify provisioned throughput for index {index}")
}

pub(crate) fn ceiling_while_provisioned(member: &str) -> String {
    format!(
        "{INVALID_REQUEST}Cannot override {member} for OnDemandThroughput unless BillingModeOverride is PAY_PER_REQUEST"
    )
}

pub(crate) fn ceiling_out_of_range(member: &str) -> String {
    format!("{INVALID_REQUEST}Requested {member} for OnDemandThroughput is outside of valid range")
}

pub(crate) fn no_such_index(index: &str) -> String {
    format!(
        "{INVALID_REQUEST}Index {index} does not match a secondary index that existed in the source table and cannot be created during the \
         restore operation"
    )
}
