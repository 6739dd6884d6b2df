//! Every limit of the service, once, with its unit in the name and its source.
//!
//! `facts` are the numbered sections of `docs/facts.md`; `model` is the service's published API model.

use std::time::Duration;

/// Significant digits of a number (facts B2).
pub const NUMBER_MAX_DIGITS: usize = 38;
/// Largest decimal exponent of a number's first digit (facts B2).
pub const NUMBER_MAX_EXPONENT: i32 = 125;
/// Smallest decimal exponent of a number's first digit (facts B2).
pub const NUMBER_MIN_EXPONENT: i32 = -130;

/// Size of an item, names and values (facts B1).
pub const ITEM_MAX_BYTES: usize = 409_600;
/// Levels of lists and maps, the attribute itself being level 1 (facts B4).
pub const NESTING_MAX_LEVELS: usize = 32;
/// Length of a partition key value (facts B3).
pub const PARTITION_KEY_MAX_BYTES: usize = 2_048;
/// Length of a sort key value (facts B3).
pub const SORT_KEY_MAX_BYTES: usize = 1_024;
/// Length of the name of a key attribute (facts B3).
pub const KEY_NAME_MAX_BYTES: usize = 255;
/// Length of the name of a table or index, at least (facts B3).
pub const NAME_MIN_CHARS: usize = 3;
/// Length of the name of a table or index, at most (facts B3).
pub const NAME_MAX_CHARS: usize = 255;
/// The alphabet of names of tables and indexes, as the service shows it (facts B3).
pub const NAME_PATTERN_SHOWN: &str = "[a-zA-Z0-9_.-]+";
/// Length of a `TableName`, which may be an ARN (facts B3).
pub const TABLE_ARN_MAX_CHARS: usize = 1_024;
/// Attributes of a table's key (facts B3).
pub const KEY_MAX_PARTS: usize = 2;
/// Partition attributes, and sort attributes, in the key of a global index (facts B10).
pub const INDEX_KEY_MAX_ATTRIBUTES: usize = 4;
/// Global indexes of a table (facts B10).
pub const GLOBAL_INDEXES_MAX: usize = 20;
/// Bytes of the items of one partition key, with their entries in local indexes, in a table that has some (facts B10).
pub const ITEM_COLLECTION_MAX_BYTES: u64 = 10 << 30;
/// Local indexes of a table (facts B10).
pub const LOCAL_INDEXES_MAX: usize = 5;
/// Attributes that the projection of one index names (facts B10).
pub const INDEX_ATTRIBUTES_MAX: usize = 20;
/// Attributes that the projections of all indexes of a table name (facts B10).
pub const TABLE_INDEX_ATTRIBUTES_MAX: usize = 100;

/// Length of each expression as sent (facts B5).
pub const EXPRESSION_MAX_BYTES: usize = 4_096;
/// Alternatives that `$or` may make of a pattern: a decision costs no more than this often the looking for its conditions (ours).
pub const PATTERN_ALTERNATIVES_MAX: usize = 100;
/// Levels of objects in a pattern: twice those of the deepest item, and some around (ours).
pub const PATTERN_DEPTH_MAX: usize = 100;
/// Ways tried to read the paths of a pattern in an event whose names have dots, where several would do (ours).
pub const PATTERN_READINGS_MAX: usize = 1_000;
/// Operators and functions of one expression (facts B5).
pub const EXPRESSION_MAX_OPERATORS: usize = 300;
/// Operands of one `IN` (facts B5).
pub const IN_MAX_OPERANDS: usize = 100;
/// Length of a `#name` or `:value` token (facts B5).
pub const PLACEHOLDER_MAX_BYTES: usize = 255;
/// All substitution variables of a request together (facts B5).
pub const SUBSTITUTIONS_MAX_BYTES: usize = 2 * 1024 * 1024;

/// Levels of a statement: parentheses, lists, structures, statements in statements, operators in a row. Ours: the service's parser has an end
/// that nobody has told.
pub const STATEMENT_MAX_LEVELS: usize = 100;
/// Length of a statement (model).
pub const STATEMENT_MAX_CHARS: usize = 8_192;
/// Runs of keys that one SELECT reads (facts B15).
pub const STATEMENT_MAX_READS: usize = 50;
/// Statements of one BatchExecuteStatement (model).
pub const BATCH_STATEMENTS_MAX: usize = 25;
/// Length of a `NextToken` (model).
pub const NEXT_TOKEN_MAX_CHARS: usize = 32_768;

/// Data evaluated for one page of Query or Scan (facts B9).
pub const PAGE_MAX_BYTES: usize = 1024 * 1024;
/// Segments of a parallel scan (facts B9).
pub const SEGMENTS_MAX: i64 = 1_000_000;
/// Names on one page of ListTables (facts B13).
pub const LIST_TABLES_MAX: i64 = 100;

/// Size of one request body over HTTP (facts A1).
pub const REQUEST_MAX_BYTES: usize = 16 * 1024 * 1024;

/// Members of one list or map of a request and of all lists and maps in it, outside of attribute values. Ours: nobody needs as many, and
/// a list of empty structures takes sixty times the memory that it takes in a request.
pub const COLLECTION_MAX_MEMBERS: usize = 20_000;
/// Values of one map (an item, a key, `:value`s) as they are kept. Ours: what the service admits stays below it, unless it is made of tens
/// of thousands of numbers such as 1E125, which count 2 bytes and are 126 digits long, or of a million empty strings.
pub const ENCODED_MAX_BYTES: usize = 7 * 1024 * 1024;
/// Text of the broken constraints that one answer tells of; the others are counted. Ours: a request can break millions.
pub const VIOLATIONS_MAX_BYTES: usize = 64 * 1024;
/// A value as the text of one broken constraint repeats it. Ours, for the same reason.
pub const ECHO_MAX_BYTES: usize = 8 * 1024;

/// Requests of one BatchWriteItem (facts B8).
pub const BATCH_WRITE_MAX: usize = 25;
/// Keys of one BatchGetItem (facts B8).
pub const BATCH_GET_MAX: usize = 100;
/// Item sizes that fill an answer of BatchGetItem (facts B8).
pub const BATCH_MAX_BYTES: usize = 16 * 1024 * 1024;

/// Actions of one transaction (facts B7).
pub const TRANSACTION_MAX: usize = 100;
/// What a transaction asks to be written, and what one reads (facts B7).
pub const TRANSACTION_MAX_BYTES: usize = 4 * 1024 * 1024;
/// Length of a `ClientRequestToken` (model).
pub const TOKEN_MAX_CHARS: usize = 36;
/// How long a token is good for (facts B7).
pub const TOKEN_LIFETIME: Duration = Duration::from_secs(10 * 60);

/// Records on one page of GetRecords (facts A6).
pub const RECORDS_PAGE_MAX: i64 = 1_000;
/// Summed `SizeBytes` of one page of GetRecords (facts A6).
pub const RECORDS_PAGE_MAX_BYTES: usize = 1024 * 1024;
/// Shards on one page of DescribeStream, streams on one page of ListStreams (facts A3, A4).
pub const STREAM_PAGE_MAX: i64 = 100;
/// Calls of ListStreams a second (AWS API Reference: ListStreams).
pub const LIST_STREAMS_PER_SECOND: i64 = 5;
/// Calls of DescribeStream a second (AWS API Reference: DescribeStream).
pub const DESCRIBE_STREAM_PER_SECOND: i64 = 10;
/// Calls of GetRecords a second on one shard: two readers of five each (facts A6).
pub const GET_RECORDS_PER_SECOND: i64 = 10;
/// Summed `SizeBytes` that are read of one shard a second (facts A6).
pub const SHARD_READ_BYTES_PER_SECOND: i64 = 2 * 1024 * 1024;
/// Length of a stream's ARN, at least (facts A2.3).
pub const STREAM_ARN_MIN_CHARS: usize = 37;
/// Length of a stream's ARN, at most (facts A2.3).
pub const STREAM_ARN_MAX_CHARS: usize = 1_024;
/// Length of a shard's id, at least (facts A4).
pub const SHARD_ID_MIN_CHARS: usize = 28;
/// Length of a shard's id, at most (facts A4).
pub const SHARD_ID_MAX_CHARS: usize = 65;
/// Digits of a sequence number, at least (facts A7.4).
pub const SEQUENCE_MIN_DIGITS: usize = 21;
/// Digits of a sequence number, at most (facts A7.4).
pub const SEQUENCE_MAX_DIGITS: usize = 40;
/// Length of a shard iterator (facts A5).
pub const ITERATOR_MAX_CHARS: usize = 2_048;
/// Life of a shard iterator from its issue (facts A5).
pub const ITERATOR_LIFETIME: Duration = Duration::from_secs(15 * 60);
/// Regions that a database has beside the one it was made in, at most (our choice): the service has fewer than forty.
pub const REGIONS_MAX: usize = 64;
/// Life of a stream record, and of a disabled stream (facts A9).
pub const RETENTION: Duration = Duration::from_secs(24 * 60 * 60);
/// Length of an ARN of a resource (model).
pub const RESOURCE_ARN_MAX_CHARS: usize = 1_283;
/// Tags of one table (DDB-TABLE-108 of aws-controllers-k8s, seen on the service).
pub const TAGS_MAX: usize = 50;
/// Length of the name of a tag (model).
pub const TAG_KEY_MAX_CHARS: usize = 128;
/// Length of the value of a tag (model).
pub const TAG_VALUE_MAX_CHARS: usize = 256;
/// Length of a resource policy (AWS API Reference: PutResourcePolicy).
pub const POLICY_MAX_BYTES: usize = 20_480;
/// Length of the id of a revision (model).
pub const REVISION_ID_MAX_CHARS: usize = 255;
/// Days that a table can be restorable back (model), and what is meant where none are named.
pub const RECOVERY_PERIOD_MAX_DAYS: i64 = 35;
/// How far the last restorable moment is behind (DDB-TABLE-085 of aws-controllers-k8s, seen on the service).
pub const RECOVERY_LAG: Duration = Duration::from_secs(300);
/// Length of the ARN of a backup, at least (model).
pub const BACKUP_ARN_MIN_CHARS: usize = 37;
/// Length of the ARN of a backup, at most (model).
pub const BACKUP_ARN_MAX_CHARS: usize = 1_024;
/// Backups on one page of ListBackups (model).
pub const BACKUPS_PAGE_MAX: i64 = 100;
/// How long the service keeps the backup that it makes of a table that is deleted (DDB-BACKUP-015 of aws-controllers-k8s, seen on the service).
pub const SYSTEM_BACKUP_LIFETIME: Duration = Duration::from_secs(35 * 24 * 60 * 60);
/// How long a table's history is written into one period. Ours: a day more than is asked for is kept at most.
pub const HISTORY_PERIOD: Duration = Duration::from_secs(24 * 60 * 60);
/// Entries on one page of ListContributorInsights (model).
pub const CONTRIBUTOR_INSIGHTS_PAGE_MAX: i64 = 100;
/// Reads or writes a second of all tables of an account, as the service gives a new one (DDB-TABLE-131, likewise).
pub const ACCOUNT_MAX_UNITS: i64 = 80_000;
/// Reads or writes a second of one table, likewise.
pub const TABLE_MAX_UNITS: i64 = 40_000;
/// How long an endpoint holds that DescribeEndpoints tells (AWS API Reference).
pub const ENDPOINT_CACHE: Duration = Duration::from_secs(24 * 60 * 60);

/// Length of the name of the attribute by which items expire (facts B11).
pub const TTL_NAME_MAX_CHARS: usize = 255;
/// How long ago a time may be for its item to expire (facts B11).
pub const TTL_PAST_MAX: Duration = Duration::from_secs(5 * 365 * 24 * 60 * 60);
/// Between two changes of a table's time to live (facts B11: refused after 1,811 seconds, accepted after 1,872).
pub const TTL_CHANGE_INTERVAL: Duration = Duration::from_secs(31 * 60);
/// How long after its time an item is deleted on the system's clock. Ours, within what the service promises.
pub const TTL_DELAY: Duration = Duration::from_secs(60);
/// Age at which an open shard is replaced by a child (facts A4).
pub const SHARD_ROLLOVER: Duration = Duration::from_secs(4 * 60 * 60);
/// How far the system's clock may be behind the newest time a database knows, at opening. Time daemons step a clock by less, and a database
/// waits that out standing still; a clock further back is set wrong, and waiting for it would stop time for records and iterators.
pub const CLOCK_BEHIND_MAX: Duration = Duration::from_secs(5 * 60);

/// Faults that are set at once. Ours.
pub const FAULTS_MAX: usize = 100;
/// Operations that a fault names. Ours.
pub const FAULT_OPERATIONS_MAX: usize = 100;
/// Length of the name of a fault. Ours.
pub const FAULT_NAME_MAX_CHARS: usize = 255;
/// Calls that a fault leaves alone or happens to, and numbers of the trace. Ours: JSON's readers are exact so far.
pub const FAULT_COUNT_MAX: i64 = (1 << 53) - 1;
/// How long a fault delays, hides or holds back, milliseconds: a year. Ours.
pub const FAULT_MAX_MILLIS: i64 = 366 * 86_400_000;
/// Entries of the trace of faults that are kept. Ours.
pub const FAULT_TRACE_MAX: i64 = 1_000;
/// Readers of a shard whose last calls are remembered. Ours: the service throttles beyond two.
pub const SHARD_READERS_SEEN: usize = 16;
/// Calls on one page of DescribeCalls. Ours.
pub const CALLS_PAGE_MAX: i64 = 1_000;
/// Numbers of calls. Ours: JSON's readers are exact so far.
pub const CALL_NUMBER_MAX: i64 = (1 << 53) - 1;
/// Characters of an error's text that are kept with a call. Ours.
pub const CALL_MESSAGE_MAX_CHARS: usize = 1_000;
/// Calls that a database remembers, at most. Ours.
pub const CALL_TRACE_MAX: u64 = 1_000_000;

/// Length of the path of a directory (`PATH_MAX` of Linux, the shortest of the systems).
pub const PATH_MAX_CHARS: usize = 4_096;

/// Provisioned capacity that a table saves, in seconds of it (facts B14).
pub const THROUGHPUT_BURST_SECONDS: i64 = 300;
/// Read capacity units a second of one partition (facts B14).
pub const PARTITION_READ_UNITS: i64 = 3_000;
/// Write capacity units a second of one partition (facts B14).
pub const PARTITION_WRITE_UNITS: i64 = 1_000;
/// Item bytes in one read capacity unit (facts B14).
pub const READ_UNIT_BYTES: usize = 4_096;
/// Item bytes in one write capacity unit (facts B14).
pub const WRITE_UNIT_BYTES: usize = 1_024;

/// Length of the name of a data stream, or of the id of one of its shards (model of Kinesis, as are those below without another source).
pub const KINESIS_NAME_MAX_CHARS: usize = 128;
/// Length of the ARN of a data stream.
pub const KINESIS_ARN_MAX_CHARS: usize = 2_048;
/// Shards, streams or records on one page.
pub const KINESIS_PAGE_MAX: i64 = 10_000;
/// Shards on one page of DescribeStream, and streams on one of ListStreams, where the request names no number (AWS API Reference).
pub const KINESIS_PAGE_USUAL: usize = 100;
/// Shards on one page of ListShards, likewise.
pub const KINESIS_SHARDS_PAGE_USUAL: usize = 1_000;
/// Whole numbers that the model bounds on one side only: what 32 bits hold.
pub const KINESIS_COUNT_MAX: i64 = i32::MAX as i64;
/// Tags of one request.
pub const KINESIS_TAG_MAP_MAX: usize = 200;
/// Length of the token of a list.
pub const KINESIS_TOKEN_MAX_CHARS: usize = 1_048_576;
/// Length of the name of a queue, and of that of an entry of a batch (SQS API reference).
pub const QUEUE_NAME_MAX_CHARS: usize = 80;
/// Queues on one page of a list (SQS API reference).
pub const QUEUES_PAGE_MAX: i32 = 1_000;
/// Entries of one batch (SQS API reference).
pub const QUEUE_BATCH_MAX: usize = 10;
/// Bytes of the messages of one batch (SQS developer guide: quotas).
pub const QUEUE_BATCH_MAX_BYTES: usize = 1_048_576;
/// Attributes of one message (SQS developer guide: quotas).
pub const QUEUE_MESSAGE_ATTRIBUTES_MAX: usize = 10;
/// Length of an iterator of a data stream.
pub const KINESIS_ITERATOR_MAX_CHARS: usize = 512;
/// Length of a partition key.
pub const KINESIS_PARTITION_KEY_MAX_CHARS: usize = 256;
/// Size of a record's data, while a stream is not set to larger records (AWS API Reference: MaxRecordSizeInKiB).
pub const KINESIS_DATA_MAX_BYTES: usize = 1_048_576;
/// Records of one PutRecords.
pub const KINESIS_PUT_RECORDS_MAX: usize = 500;
/// Size of the records of one PutRecords, data and partition keys (AWS API Reference).
pub const KINESIS_PUT_RECORDS_MAX_BYTES: usize = 10 * 1024 * 1024;
/// Size of the records on one page of GetRecords (AWS API Reference).
pub const KINESIS_RECORDS_PAGE_MAX_BYTES: usize = 10 * 1024 * 1024;
/// How long an iterator of a data stream is good, and the token of a list of its shards (AWS API Reference).
pub const KINESIS_ITERATOR_LIFETIME: Duration = Duration::from_secs(5 * 60);
/// How long records of a data stream can be read, in hours, at least and where nothing else is said (AWS API Reference).
pub const KINESIS_RETENTION_MIN_HOURS: i32 = 24;
/// How long, at most.
pub const KINESIS_RETENTION_MAX_HOURS: i32 = 8_760;
/// Open shards of the provisioned streams of one account, as the service gives in its largest regions (AWS service quotas).
pub const KINESIS_SHARDS_MAX: usize = 20_000;
/// On-demand streams of one account, likewise.
pub const KINESIS_ON_DEMAND_STREAMS_MAX: i32 = 50;
/// Shards of a new on-demand stream (AWS developer guide).
pub const KINESIS_ON_DEMAND_SHARDS: u32 = 4;
/// Largest number of shards that UpdateShardCount is given.
pub const KINESIS_TARGET_SHARDS_MAX: i32 = 10_000;
/// Length of an ARN in Lambda's requests (Lambda's service model).
pub const LAMBDA_ARN_MAX_CHARS: usize = 10_000;
/// Length of a function's name or ARN in a mapping (Lambda's service model).
pub const LAMBDA_FUNCTION_NAME_MAX_CHARS: usize = 256;
/// The same with a qualifier (Lambda's service model).
pub const LAMBDA_FUNCTION_REFERENCE_MAX_CHARS: usize = 256;
/// Length of a version's or an alias's name (Lambda's service model).
pub const LAMBDA_QUALIFIER_MAX_CHARS: usize = 128;
/// Bytes of the payload of an invocation that nobody waits for (AWS Lambda quotas).
pub const LAMBDA_EVENT_PAYLOAD_MAX_BYTES: usize = 1024 * 1024;
/// Bytes of a function's answer (AWS Lambda quotas; the number is that of the service's message).
pub const LAMBDA_ANSWER_MAX_BYTES: usize = 6_291_556;
/// Length of the ARN of a destination (Lambda's service model).
pub const LAMBDA_DESTINATION_MAX_CHARS: usize = 350;
/// Length of a pattern of a filter (Lambda's service model).
pub const LAMBDA_PATTERN_MAX_CHARS: usize = 4_096;
/// Filters of a mapping (AWS Lambda developer guide: event filtering; the quota can be raised to 10).
pub const LAMBDA_FILTERS_MAX: usize = 10;
/// Records of a batch.
pub const LAMBDA_BATCH_MAX_RECORDS: i64 = 10_000;
/// How long a batch is gathered at most, in seconds.
pub const LAMBDA_WINDOW_MAX_SECONDS: i64 = 300;
/// Batches of one shard at once.
pub const LAMBDA_LANES_MAX: i64 = 10;
/// The greatest age of a record that a mapping is told, in seconds: seven days.
pub const LAMBDA_RECORD_AGE_MAX_SECONDS: i64 = 604_800;
/// The least one.
pub const LAMBDA_RECORD_AGE_MIN_SECONDS: i32 = 60;
/// How often a batch is tried again at most, where that is bounded.
pub const LAMBDA_RETRIES_MAX: i64 = 10_000;
/// The longest window with a state, in seconds.
pub const LAMBDA_TUMBLING_MAX_SECONDS: i64 = 900;
/// Mappings on one page of a list, whatever is asked for (AWS Lambda API reference).
pub const LAMBDA_PAGE_MAX: usize = 100;
/// Mappings and functions of one database: all of them are told at once to those who carry them out.
pub const LAMBDA_MAPPINGS_MAX: usize = 20_000;
/// Records of one invocation of a function, where a mapping of a stream says nothing (AWS Lambda developer guide).
pub const LAMBDA_BATCH_DEFAULT: u32 = 100;
/// Size of the event of one invocation, as JSON (AWS Lambda quotas).
pub const LAMBDA_PAYLOAD_MAX_BYTES: usize = 6 * 1024 * 1024;
/// Size of the state of a tumbling window, as JSON (AWS Lambda developer guide).
pub const LAMBDA_WINDOW_STATE_MAX_BYTES: usize = 1024 * 1024;

/// Length of the name of a bucket (model of DynamoDB, as are those below without another source).
pub const BUCKET_MAX_CHARS: usize = 255;
/// Length of what stands in front of the paths of an export, or of the objects of an import.
pub const KEY_PREFIX_MAX_CHARS: usize = 1_024;
/// Length of the name of a key of encryption.
pub const KMS_KEY_MAX_CHARS: usize = 2_048;
/// Least length of the ARN of an export or import.
pub const JOB_ARN_MIN_CHARS: usize = 37;
/// Most of it.
pub const JOB_ARN_MAX_CHARS: usize = 1_024;
/// Exports or imports on one page, at most.
pub const JOBS_PAGE_MAX: i64 = 25;
/// Exports or imports on one page where no number is named (DDB-IMPORT-016, facts B18).
pub const JOBS_PAGE: usize = 10;
/// Least length of the token of a list of imports.
pub const IMPORT_TOKEN_MIN_CHARS: usize = 112;
/// Most of it.
pub const IMPORT_TOKEN_MAX_CHARS: usize = 1_024;
/// How long exports and imports are told of after their end (AWS API Reference: ListExports).
pub const JOB_LIFETIME: Duration = Duration::from_secs(90 * 86_400);
/// How long the token of an export or import answers the same one (AWS API Reference: ExportTableToPointInTime).
pub const JOB_TOKEN_LIFETIME: Duration = Duration::from_secs(8 * 3_600);
/// Least time of an incremental export (DDB-EXPORT-004, facts B18).
pub const EXPORT_TIME_MIN: Duration = Duration::from_secs(15 * 60);
/// Most time of an incremental export (AWS Developer Guide: Requesting a table export).
pub const EXPORT_TIME_MAX: Duration = Duration::from_secs(24 * 3_600);
/// Bytes that an incremental export is billed for, at least (DDB-EXPORT-019, facts B18).
pub const INCREMENTAL_EXPORT_BYTES_MIN: u64 = 10_000_000;
/// Letters of the name of a topic (SNS API reference: CreateTopic).
pub const TOPIC_NAME_MAX_CHARS: usize = 256;
/// Bytes of a message with its attributes, and of the messages of a batch (SNS API reference: Publish, PublishBatch).
pub const TOPIC_MESSAGE_MAX_BYTES: usize = 262_144;
/// Letters of a subject (SNS API reference: Publish).
pub const TOPIC_SUBJECT_MAX_CHARS: usize = 100;
/// Topics or subscriptions on a page of a list (SNS API reference: ListTopics).
pub const TOPICS_PAGE_MAX: usize = 100;
/// Bytes of the key of an object (S3 user guide: object key naming).
pub const OBJECT_KEY_MAX_BYTES: usize = 1_024;
/// Bytes that an object may hold. Ours: as many as a request over HTTP.
pub const OBJECT_MAX_BYTES: usize = REQUEST_MAX_BYTES;
/// Bytes of what is kept of an object by name (S3 user guide: user-defined metadata).
pub const OBJECT_METADATA_MAX_BYTES: usize = 2 * 1024;
/// Objects and common prefixes on a page of a list (S3 API reference: ListObjectsV2).
pub const OBJECTS_PAGE_MAX: i32 = 1_000;
/// Objects of one import (AWS Developer Guide: Import format quotas and validation).
pub const IMPORT_OBJECTS_MAX: usize = 50_000;
/// Columns that a list of headers names.
pub const CSV_HEADERS_MAX: usize = 255;
