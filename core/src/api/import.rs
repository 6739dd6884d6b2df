//! Shapes of imports.

use super::index::GlobalSecondaryIndex;
use super::shape::{Open, Timestamp, enumeration, shape};
use super::table::{
    AttributeDefinition, BillingMode, KeySchemaElement, OnDemandThroughput, ProvisionedThroughput,
    SseSpecification,
};

enumeration! {
    /// How items stand in files.
    pub enum InputFormat {
        /// JSON with types, a line `{"Item": {…}}` each.
        DynamodbJson = "DYNAMODB_JSON",
        /// Ion's text form, a line each.
        Ion = "ION",
        /// Rows under headers. Columns are texts, but those of keys.
        Csv = "CSV",
    }

    /// How files are packed.
    pub enum InputCompressionType {
        /// Zstandard.
        Zstd = "ZSTD",
        /// Not at all.
        None = "NONE",
        /// gzip.
        Gzip = "GZIP",
    }

    /// Where an import is in its life.
    pub enum ImportStatus {
        /// Items are coming in.
        InProgress = "IN_PROGRESS",
        /// All items are in the table.
        Completed = "COMPLETED",
        /// Never there: nothing cancels an import.
        Cancelling = "CANCELLING",
        /// Never there.
        Cancelled = "CANCELLED",
        /// Some items are not in the table, or none.
        Failed = "FAILED",
    }
}

shape! {
    /// Where the files are.
    pub struct S3BucketSource {
        /// Account of the owner; the database's own when absent. Kept and answered.
        s3_bucket_owner: String = "S3BucketOwner" [ACCOUNT_PATTERN],
        /// A folder of the directory that the option `buckets` names.
        s3_bucket: String = "S3Bucket" [REQUIRED, length(0, BUCKET_MAX_CHARS), BUCKET_PATTERN],
        /// What the paths of the files begin with; all files when absent.
        s3_key_prefix: String = "S3KeyPrefix" [length(0, KEY_PREFIX_MAX_CHARS)],
    }

    /// How rows are read.
    pub struct CsvOptions {
        /// What stands between columns: one of `,` `;` `:` `|`, a tab, a space; a comma when absent.
        delimiter: String = "Delimiter" [length(1, 1), DELIMITER_PATTERN],
        /// Names of the columns; those in the first row of each file when absent.
        header_list: Vec<String> = "HeaderList" [length(1, CSV_HEADERS_MAX)],
    }

    /// How files are read.
    pub struct InputFormatOptions {
        /// Of CSV.
        csv: CsvOptions = "Csv",
    }

    /// The new table.
    pub struct TableCreationParameters {
        /// Its name, 3 to 255 of `a-z A-Z 0-9 _ . -`.
        table_name: String = "TableName" [REQUIRED, length(NAME_MIN_CHARS, NAME_MAX_CHARS), NAME_PATTERN],
        /// Types of the attributes in keys of the table and of its indexes, and of no others.
        attribute_definitions: Vec<AttributeDefinition> = "AttributeDefinitions" [REQUIRED],
        /// Partition key, and sort key if there is one.
        key_schema: Vec<KeySchemaElement> = "KeySchema" [REQUIRED, length(1, KEY_MAX_PARTS)],
        /// How capacity is paid for; `PROVISIONED` when absent.
        billing_mode: Open<BillingMode> = "BillingMode",
        /// Capacity of a provisioned table.
        provisioned_throughput: ProvisionedThroughput = "ProvisionedThroughput",
        /// Ceilings of an on-demand table.
        on_demand_throughput: OnDemandThroughput = "OnDemandThroughput",
        /// Encryption at rest; kept and answered.
        sse_specification: SseSpecification = "SSESpecification",
        /// Indexes with keys of their own, at most 20.
        global_secondary_indexes: Vec<GlobalSecondaryIndex> = "GlobalSecondaryIndexes",
    }

    /// Makes a table of files in a folder of the directory that the option `buckets` names: an export's, or any of the formats. The table is there
    /// at once, and is `CREATING` until all files are read, in small steps that go on after a restart. A file that is wrong at one place is left
    /// there; an item that is wrong is left out; both are counted, and the import then ends as `FAILED`, with all other items in the table.
    ///
    /// Errors: `ValidationException`, also without the option, `ResourceInUseException` for a table that is there, `LimitExceededException`,
    /// `ImportConflictException` for a token that was used for another table.
    pub struct ImportTableInput {
        /// Makes a call repeatable: for 8 hours the same token answers the same import, as long as no table has the name.
        client_token: String = "ClientToken" [TOKEN_PATTERN],
        /// Where the files are.
        s3_bucket_source: S3BucketSource = "S3BucketSource" [REQUIRED],
        /// How items stand in them.
        input_format: Open<InputFormat> = "InputFormat" [REQUIRED],
        /// How they are read.
        input_format_options: InputFormatOptions = "InputFormatOptions",
        /// How they are packed, all of them; `NONE` when absent.
        input_compression_type: Open<InputCompressionType> = "InputCompressionType",
        /// The new table.
        table_creation_parameters: TableCreationParameters = "TableCreationParameters" [REQUIRED],
    }

    /// An import as it stands.
    pub struct ImportTableDescription {
        /// Its ARN.
        import_arn: String = "ImportArn",
        /// Where it is in its life.
        import_status: Open<ImportStatus> = "ImportStatus",
        /// The table; also where none was made.
        table_arn: String = "TableArn",
        /// Identity of the table.
        table_id: String = "TableId",
        /// The token of the request.
        client_token: String = "ClientToken",
        /// Where the files are.
        s3_bucket_source: S3BucketSource = "S3BucketSource",
        /// Number of items, and of places in files, that could not be read.
        error_count: i64 = "ErrorCount",
        /// How items stand in files.
        input_format: Open<InputFormat> = "InputFormat",
        /// How files are read, if the request said so.
        input_format_options: InputFormatOptions = "InputFormatOptions",
        /// How files are packed.
        input_compression_type: Open<InputCompressionType> = "InputCompressionType",
        /// The table as it was asked for.
        table_creation_parameters: TableCreationParameters = "TableCreationParameters",
        /// When it began.
        start_time: Timestamp = "StartTime",
        /// When it ended.
        end_time: Timestamp = "EndTime",
        /// Bytes of files that were read so far.
        processed_size_bytes: i64 = "ProcessedSizeBytes",
        /// Items that were read so far, wrong ones included.
        processed_item_count: i64 = "ProcessedItemCount",
        /// Items that were written so far. Of several with one key the last one is left.
        imported_item_count: i64 = "ImportedItemCount",
        /// Why it failed: `ItemValidationError`, `S3NoSuchBucket`, `S3AccessDenied`, `S3Unavailable`, `LimitExceeded`.
        failure_code: String = "FailureCode",
        /// The same in words, with the first item that is wrong.
        failure_message: String = "FailureMessage",
    }

    /// Answer of ImportTable.
    pub struct ImportTableOutput {
        /// The import.
        import_table_description: ImportTableDescription = "ImportTableDescription",
    }

    /// Describes an import that began or ended within 90 days.
    ///
    /// Errors: `ValidationException`, `ImportNotFoundException`, `AccessDeniedException` for one of another account.
    pub struct DescribeImportInput {
        /// ARN of the import.
        import_arn: String = "ImportArn" [REQUIRED, length(JOB_ARN_MIN_CHARS, JOB_ARN_MAX_CHARS)],
    }

    /// Answer of DescribeImport.
    pub struct DescribeImportOutput {
        /// The import.
        import_table_description: ImportTableDescription = "ImportTableDescription",
    }

    /// Lists imports, the newest first.
    ///
    /// Errors: `ValidationException`.
    pub struct ListImportsInput {
        /// ARN of a table, also of one that is gone; all imports when absent.
        table_arn: String = "TableArn" [length(1, TABLE_ARN_MAX_CHARS)],
        /// At most this many, 1 to 25; 10 when absent.
        page_size: i32 = "PageSize" [range(1, JOBS_PAGE_MAX)],
        /// Where the page begins.
        next_token: String = "NextToken" [length(IMPORT_TOKEN_MIN_CHARS, IMPORT_TOKEN_MAX_CHARS), LIST_TOKEN_PATTERN],
    }

    /// An import in a list.
    pub struct ImportSummary {
        /// Its ARN.
        import_arn: String = "ImportArn",
        /// Where it is in its life.
        import_status: Open<ImportStatus> = "ImportStatus",
        /// The table.
        table_arn: String = "TableArn",
        /// Where the files are.
        s3_bucket_source: S3BucketSource = "S3BucketSource",
        /// How items stand in them.
        input_format: Open<InputFormat> = "InputFormat",
        /// When it began.
        start_time: Timestamp = "StartTime",
        /// When it ended.
        end_time: Timestamp = "EndTime",
    }

    /// Answer of ListImports.
    pub struct ListImportsOutput {
        /// The imports.
        import_summary_list: Vec<ImportSummary> = "ImportSummaryList",
        /// Where the next page begins, when there is more.
        next_token: String = "NextToken",
    }
}
