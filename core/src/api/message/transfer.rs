//! Texts about exports and imports (facts B18).

use super::backup::{INVALID_REQUEST, INVALID_VALUES, to_the_second};
use crate::clock::Millis;

// ---- exports

pub(crate) fn no_table_arn() -> String {
    format!("{INVALID_VALUES}tableArn is not a valid ARN")
}

pub(crate) fn table_arn_invalid() -> String {
    format!("{INVALID_REQUEST}Table ARN is invalid.")
}

pub(crate) fn specification_without_type() -> String {
    format!(
        "{INVALID_REQUEST}Export Type expected to be Incremental Export when incremental export specification is provided"
    )
}

pub(crate) fn specification_of_full() -> String {
    format!(
        "{INVALID_REQUEST}When Export Type is Full Export , Incremental Export Specification should not be provided"
    )
}

pub(crate) fn specification_missing() -> String {
    format!(
        "{INVALID_REQUEST}Incremental Export Specification expected when export type is set as Incremental Export"
    )
}

pub(crate) fn from_missing() -> String {
    format!("{INVALID_REQUEST}ExportFromTime must be provided in IncrementalExportSpecification")
}

pub(crate) fn key_without_kms() -> String {
    format!("{INVALID_REQUEST}KMS Key Id is not supported for this encryption type")
}

pub(crate) fn export_time_invalid() -> String {
    "Export Time is invalid".into()
}

pub(crate) fn export_time_unavailable() -> String {
    "Point in Time Recovery is not available for specified export time".into()
}

pub(crate) fn from_before_table(from: Millis) -> String {
    let from = to_the_second(from);
    format!("Incremental export period from time cannot be less than the table creation time : {from}")
}

pub(crate) fn to_in_future(to: Millis) -> String {
    let to = to_the_second(to);
    format!("Incremental export period to time cannot be greater than the current time : {to}")
}

pub(crate) fn time_too_short() -> String {
    "Difference between export period from time and export period to time is less than 15 minutes".into()
}

pub(crate) fn time_too_long() -> String {
    "Difference between export period from time and export period to time is greater than 24 hours".into()
}

// ---- imports

pub(crate) fn options_of_another_format(format: &str) -> String {
    format!("{INVALID_REQUEST}Unsupported InputFormatOptions for the given input format: {format}.")
}

/// The service's own words, and what its logs would say first.
pub(crate) fn items_failed(first: &str) -> String {
    format!(
        "Some of the items failed validation checks and were not imported. Please check CloudWatch error logs for more details. There are no \
         logs here; the first was {first}"
    )
}

/// Ours.
pub(crate) fn too_many_objects(most: usize) -> String {
    format!("More than {most} objects have keys that begin so")
}

// ---- both

/// `kind` is `Export` or `Import`.
pub(crate) fn conflict(kind: &str) -> String {
    format!("{kind} conflict: Duplicate request detected with conflicting parameters")
}

pub(crate) fn no_job_arn(kind: &str) -> String {
    format!("Invalid {kind} ARN")
}

pub(crate) fn job_not_found(kind: &str, arn: &str) -> String {
    format!("{kind} not found: {kind} not found: {arn}")
}

pub(crate) fn job_elsewhere(kind: &str) -> String {
    format!("{kind} not found: Invalid {} arn", kind.to_lowercase())
}

pub(crate) fn token_invalid(token: &str) -> String {
    format!("{INVALID_REQUEST}Provided nextToken is invalid: {token}")
}

/// Ours.
pub(crate) fn no_buckets() -> String {
    "Nothing stands for S3 here: open the database with the option buckets, a directory whose folders are the buckets".into()
}

/// Ours.
pub(crate) fn prefix_no_path() -> String {
    "S3Prefix is the path of a folder here: none of its parts is empty or made of dots alone, and none has a backslash or a colon".into()
}
