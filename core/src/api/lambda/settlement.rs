//! What those who carry mappings out ask a database: which there are and how far they have come, and that they have come further.

use super::EventSourceMappingConfiguration;
use crate::api::TransactWriteItem;
use crate::api::shape::shape;

shape! {
    /// A mapping, and how far it has come.
    pub struct MappingDescription {
        /// The mapping as GetEventSourceMapping tells it.
        configuration: EventSourceMappingConfiguration = "Configuration",
        /// Rises with each change of the mapping, settlements aside.
        revision: i64 = "Revision",
        /// How far it has come, as SettleMapping was told; absent before the first time.
        checkpoint: String = "Checkpoint",
        /// How often that was.
        settlements: i64 = "Settlements",
    }

    /// Tells of all mappings, if anything of them or of the functions has changed.
    pub struct DescribeMappingsInput {
        /// What the caller knows; all are told when absent.
        known_version: i64 = "KnownVersion",
    }

    /// Answer of DescribeMappings.
    pub struct DescribeMappingsOutput {
        /// Rises with each change of a mapping or function, settlements aside.
        version: i64 = "Version",
        /// How often the database was restored or reset since it was opened: what was read before may never have been.
        restores: i64 = "Restores",
        /// When the next change of a mapping comes into force that is under way, epoch milliseconds; absent without any.
        changes_at: i64 = "ChangesAt",
        /// The mappings, in the order in which they were made; absent where the caller knows them.
        mappings: Vec<MappingDescription> = "Mappings",
    }

    /// A batch that was given up.
    pub struct MappingFailure {
        /// The ARN of the queue, topic or bucket that is told.
        destination: String = "Destination" [REQUIRED, length(1, LAMBDA_DESTINATION_MAX_CHARS)],
        /// What it is told: JSON.
        document: String = "Document" [REQUIRED],
        /// The name of the object, of a bucket.
        key: String = "Key",
    }

    /// Keeps how far a mapping has come, delivers the failures, and does the handler's writes, all in one commit or not at all.
    ///
    /// Errors: `ResourceNotFoundException`; `ResourceConflictException` where another worker has settled in between;
    /// `TransactionCanceledException` for the writes.
    pub struct SettleMappingInput {
        /// The mapping.
        uuid: String = "UUID" [REQUIRED],
        /// How often it had been settled, as the caller knows it.
        settlements: i64 = "Settlements" [REQUIRED],
        /// How far it has come.
        checkpoint: String = "Checkpoint" [REQUIRED],
        /// What became of the last batch.
        last_processing_result: String = "LastProcessingResult",
        /// Batches that were given up.
        failures: Vec<MappingFailure> = "Failures",
        /// Writes that belong to what was processed, as in TransactWriteItems.
        transact_items: Vec<TransactWriteItem> = "TransactItems" [length(0, TRANSACTION_MAX)],
    }

    /// Answer of SettleMapping.
    pub struct SettleMappingOutput {
        /// How often it was settled now.
        settlements: i64 = "Settlements",
        /// Failures that could not be delivered, since there is no such destination.
        undelivered: i32 = "Undelivered",
    }
}
