//! Shapes of exports.

use super::shape::{Open, Timestamp, enumeration, shape};

enumeration! {
    /// How items are written.
    pub enum ExportFormat {
        /// JSON with types, as requests have it.
        DynamodbJson = "DYNAMODB_JSON",
        /// Ion's text form.
        Ion = "ION",
    }

    /// What is exported.
    pub enum ExportType {
        /// All items of a moment.
        FullExport = "FULL_EXPORT",
        /// The items that changed in a time.
        IncrementalExport = "INCREMENTAL_EXPORT",
    }

    /// What is told of an item that changed.
    pub enum ExportViewType {
        /// What it is after the time.
        NewImage = "NEW_IMAGE",
        /// What it was before, too.
        NewAndOldImages = "NEW_AND_OLD_IMAGES",
    }

    /// Where an export is in its life.
    pub enum ExportStatus {
        /// Being written.
        InProgress = "IN_PROGRESS",
        /// All is there.
        Completed = "COMPLETED",
        /// It could not be written.
        Failed = "FAILED",
    }

    /// Encryption of the objects. Kept and answered: nothing is encrypted.
    pub enum S3SseAlgorithm {
        /// The store's own key.
        Aes256 = "AES256",
        /// A key of the account.
        Kms = "KMS",
    }
}

shape! {
    /// Which time an incremental export is of: from 15 minutes to 24 hours.
    pub struct IncrementalExportSpecification {
        /// Changes from this moment on; required.
        export_from_time: Timestamp = "ExportFromTime",
        /// And before this one; the moment of the call when absent.
        export_to_time: Timestamp = "ExportToTime",
        /// What is told; `NEW_AND_OLD_IMAGES` when absent.
        export_view_type: Open<ExportViewType> = "ExportViewType",
    }

    /// Writes a table that is restorable to a moment, as it was at one, or what has changed in a time, into a folder of the directory that the
    /// option `buckets` names, in the service's layout: `AWSDynamoDB/<id>/manifest-summary.json`, `manifest-files.json`, `data/*.json.gz`. It is
    /// written in small steps beside writers, which go on after a restart.
    ///
    /// Errors: `ValidationException`, also without the option, `TableNotFoundException`, `PointInTimeRecoveryUnavailableException`,
    /// `InvalidExportTimeException`, `ExportConflictException` for a token that was used for another request, `AccessDeniedException`.
    pub struct ExportTableToPointInTimeInput {
        /// ARN of the table.
        table_arn: String = "TableArn" [REQUIRED, length(1, TABLE_ARN_MAX_CHARS)],
        /// The moment; that of the call when absent.
        export_time: Timestamp = "ExportTime",
        /// Makes a call repeatable: for 8 hours the same token answers the same export.
        client_token: String = "ClientToken" [TOKEN_PATTERN],
        /// The folder, which must be there.
        s3_bucket: String = "S3Bucket" [REQUIRED, length(0, BUCKET_MAX_CHARS), BUCKET_PATTERN],
        /// Account of its owner; kept and answered.
        s3_bucket_owner: String = "S3BucketOwner" [ACCOUNT_PATTERN],
        /// What stands in front of all paths.
        s3_prefix: String = "S3Prefix" [length(0, KEY_PREFIX_MAX_CHARS)],
        /// Encryption; `AES256` when absent. Kept and answered.
        s3_sse_algorithm: Open<S3SseAlgorithm> = "S3SseAlgorithm",
        /// The key, with `KMS`. Kept and answered.
        s3_sse_kms_key_id: String = "S3SseKmsKeyId" [length(1, KMS_KEY_MAX_CHARS)],
        /// How items are written; `DYNAMODB_JSON` when absent.
        export_format: Open<ExportFormat> = "ExportFormat",
        /// What is exported; `FULL_EXPORT` when absent.
        export_type: Open<ExportType> = "ExportType",
        /// The time of an incremental export.
        incremental_export_specification: IncrementalExportSpecification = "IncrementalExportSpecification",
    }

    /// An export as it stands.
    pub struct ExportDescription {
        /// Its ARN.
        export_arn: String = "ExportArn",
        /// Where it is in its life.
        export_status: Open<ExportStatus> = "ExportStatus",
        /// When it began.
        start_time: Timestamp = "StartTime",
        /// When it ended.
        end_time: Timestamp = "EndTime",
        /// Path of the summary, once it is there.
        export_manifest: String = "ExportManifest",
        /// The table.
        table_arn: String = "TableArn",
        /// Identity of the table.
        table_id: String = "TableId",
        /// The moment of a full export.
        export_time: Timestamp = "ExportTime",
        /// The token of the request.
        client_token: String = "ClientToken",
        /// The folder.
        s3_bucket: String = "S3Bucket",
        /// Account of its owner.
        s3_bucket_owner: String = "S3BucketOwner",
        /// What stands in front of all paths.
        s3_prefix: String = "S3Prefix",
        /// Encryption.
        s3_sse_algorithm: Open<S3SseAlgorithm> = "S3SseAlgorithm",
        /// The key.
        s3_sse_kms_key_id: String = "S3SseKmsKeyId",
        /// Why it failed: `S3NoSuchBucket`, `S3AccessDenied`, `S3Unavailable`.
        failure_code: String = "FailureCode",
        /// The same in words.
        failure_message: String = "FailureMessage",
        /// How items are written.
        export_format: Open<ExportFormat> = "ExportFormat",
        /// Summed size of the items, bytes; of an incremental export 10,000,000 at least.
        billed_size_bytes: i64 = "BilledSizeBytes",
        /// Number of the items.
        item_count: i64 = "ItemCount",
        /// What is exported, if the request said so.
        export_type: Open<ExportType> = "ExportType",
        /// The time of an incremental export.
        incremental_export_specification: IncrementalExportSpecification = "IncrementalExportSpecification",
    }

    /// Answer of ExportTableToPointInTime.
    pub struct ExportTableToPointInTimeOutput {
        /// The export.
        export_description: ExportDescription = "ExportDescription",
    }

    /// Describes an export that began or ended within 90 days.
    ///
    /// Errors: `ValidationException`, `ExportNotFoundException`, `AccessDeniedException` for one of another account.
    pub struct DescribeExportInput {
        /// ARN of the export.
        export_arn: String = "ExportArn" [REQUIRED, length(JOB_ARN_MIN_CHARS, JOB_ARN_MAX_CHARS)],
    }

    /// Answer of DescribeExport.
    pub struct DescribeExportOutput {
        /// The export.
        export_description: ExportDescription = "ExportDescription",
    }

    /// Lists exports, the newest first.
    ///
    /// Errors: `ValidationException`.
    pub struct ListExportsInput {
        /// ARN of a table that is there; all exports when absent.
        table_arn: String = "TableArn" [length(1, TABLE_ARN_MAX_CHARS)],
        /// At most this many, 1 to 25; 10 when absent.
        max_results: i32 = "MaxResults" [range(1, JOBS_PAGE_MAX)],
        /// Where the page begins.
        next_token: String = "NextToken",
    }

    /// An export in a list.
    pub struct ExportSummary {
        /// Its ARN.
        export_arn: String = "ExportArn",
        /// Where it is in its life.
        export_status: Open<ExportStatus> = "ExportStatus",
        /// What is exported.
        export_type: Open<ExportType> = "ExportType",
    }

    /// Answer of ListExports.
    pub struct ListExportsOutput {
        /// The exports.
        export_summaries: Vec<ExportSummary> = "ExportSummaries",
        /// Where the next page begins, when there is more.
        next_token: String = "NextToken",
    }
}
