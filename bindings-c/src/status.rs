//! The numbers functions answer with.

use std::ffi::{CStr, c_char};

use streamtable::ErrorCode;

/// What a function answers with.
///
/// Numbers are never changed nor used again. Later versions add some: treat an unknown number of 100 or more as an error of the operation,
/// and any other unknown number as a failure of the call. The texts that belong to an error are in the buffer the call gave out.
#[repr(i32)]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Status {
    /// Done.
    Ok = 0,
    /// An argument that must not be NULL is NULL. Nothing was done.
    NullArgument = 1,
    /// A text argument is not UTF-8. Nothing was done.
    InvalidUtf8 = 2,
    /// A defect of the library, stopped before it could reach the caller. Please report it.
    Panic = 3,
    /// The database was closed by streamtable_close().
    Closed = 4,
    /// The database could not be opened: an unknown option, a value out of range, or a path that cannot be used.
    Open = 5,

    /// An error of the operation without a number of its own: its code is in the buffer, in "__type".
    OtherError = 100,
    /// ValidationException: a parameter breaks a rule.
    Validation = 101,
    /// SerializationException: the input is not JSON, or a member is not of the operation's type.
    Serialization = 102,
    /// UnknownOperationException: there is no operation of this name.
    UnknownOperation = 103,
    /// ConditionalCheckFailedException: the condition of a write is false; nothing was written.
    ConditionalCheckFailed = 104,
    /// ResourceNotFoundException: there is no such table, stream or shard.
    ResourceNotFound = 105,
    /// ResourceInUseException: the table is in a state that does not admit the change.
    ResourceInUse = 106,
    /// LimitExceededException: a limit of the service.
    LimitExceeded = 107,
    /// ExpiredIteratorException: the shard iterator is older than 15 minutes.
    ExpiredIterator = 108,
    /// TrimmedDataAccessException: the position is older than the stream's retention of 24 hours.
    TrimmedDataAccess = 109,
    /// InternalServerError: the operation failed for no fault of the caller.
    InternalServer = 110,
    /// The disk under the database is full, failed or forbidden.
    Storage = 111,
    /// What was stored cannot be read back as it was written.
    Corruption = 112,
    /// ThrottlingException: more calls than are admitted.
    Throttling = 113,
    /// ProvisionedThroughputExceededException: more capacity than the table has.
    ProvisionedThroughputExceeded = 114,
    /// TransactionCanceledException: the reasons are in the buffer, in "CancellationReasons".
    TransactionCanceled = 115,
    /// TransactionInProgressException: a transaction with the same token has not ended.
    TransactionInProgress = 116,
    /// TransactionConflictException: another transaction works on the item.
    TransactionConflict = 117,
    /// IdempotentParameterMismatchException: the token was used for another request.
    IdempotentParameterMismatch = 118,
    /// DuplicateItemException: a statement inserts an item whose key is taken.
    DuplicateItem = 119,
    /// AccessDeniedException: what the service refuses whoever asks.
    AccessDenied = 120,
    /// PolicyNotFoundException: the resource has no policy.
    PolicyNotFound = 121,
    /// TableNotFoundException: there is no such table to be replicated.
    TableNotFound = 122,
    /// GlobalTableNotFoundException: there is no such global table.
    GlobalTableNotFound = 123,
    /// ItemCollectionSizeLimitExceededException: the items of one partition key are too large together.
    ItemCollectionSizeLimitExceeded = 124,
    /// TableAlreadyExistsException: a table of the name of one to be restored is there.
    TableAlreadyExists = 125,
    /// TableInUseException: a table of that name is being restored.
    TableInUse = 126,
    /// BackupNotFoundException: there is no such backup.
    BackupNotFound = 127,
    /// BackupInUseException: the backup is being made or restored.
    BackupInUse = 128,
    /// PointInTimeRecoveryUnavailableException: the table is not restorable to a moment.
    PointInTimeRecoveryUnavailable = 129,
    /// InvalidRestoreTimeException: the table is not restorable to that moment.
    InvalidRestoreTime = 130,
    /// InvalidArgumentException: a parameter of a data stream is wrong.
    InvalidArgument = 131,
    /// ExpiredNextTokenException: the token of a list is older than 5 minutes.
    ExpiredNextToken = 132,
    /// InvalidParameterValueException: a parameter of an event source mapping is wrong.
    InvalidParameterValue = 133,
    /// ResourceConflictException: there is an event source mapping of the same stream and function, or another worker carries it out.
    ResourceConflict = 134,
    /// QueueDoesNotExist: there is no such queue.
    QueueDoesNotExist = 135,
    /// QueueNameExists: a queue of this name is set to something else.
    QueueNameExists = 136,
    /// ReceiptHandleIsInvalid: the receipt handle is none of the queue.
    ReceiptHandleIsInvalid = 137,
    /// MessageNotInflight: the message is not hidden.
    MessageNotInflight = 138,
    /// InvalidMessageContents: the message has characters that XML has not.
    InvalidMessageContents = 139,
    /// InvalidAttributeName: a queue has no attribute of this name.
    InvalidAttributeName = 140,
    /// InvalidAttributeValue: an attribute of a queue has no such value.
    InvalidAttributeValue = 141,
    /// EmptyBatchRequest: a batch without entries.
    EmptyBatchRequest = 142,
    /// TooManyEntriesInBatchRequest: a batch of more than 10 entries.
    TooManyEntriesInBatchRequest = 143,
    /// BatchEntryIdsNotDistinct: two entries of a batch have one name.
    BatchEntryIdsNotDistinct = 144,
    /// InvalidBatchEntryId: an entry of a batch has no sound name.
    InvalidBatchEntryId = 145,
    /// BatchRequestTooLong: the messages of a batch are too long together.
    BatchRequestTooLong = 146,
    /// ExportNotFoundException: there is no such export.
    ExportNotFound = 147,
    /// ExportConflictException: the token was used for another export.
    ExportConflict = 148,
    /// InvalidExportTimeException: the moment or time is none that can be exported.
    InvalidExportTime = 149,
    /// ImportNotFoundException: there is no such import.
    ImportNotFound = 150,
    /// ImportConflictException: the token was used for another import.
    ImportConflict = 151,
    /// NoSuchBucket: there is no such bucket.
    NoSuchBucket = 152,
    /// NoSuchKey: there is no such object.
    NoSuchKey = 153,
    /// BucketAlreadyOwnedByYou: there is a bucket of this name.
    BucketAlreadyOwnedByYou = 154,
    /// BucketNotEmpty: the bucket holds objects.
    BucketNotEmpty = 155,
    /// InvalidBucketName: no bucket can have this name.
    InvalidBucketName = 156,
    /// EntityTooLarge: the object is larger than objects may be.
    EntityTooLarge = 157,
    /// KeyTooLongError: the key is empty, or longer than keys may be.
    KeyTooLong = 158,
    /// UnrecognizedClientException: the key of the signature is none that the service knows.
    UnrecognizedClient = 159,
    /// InvalidSignatureException: the signature is not that of the request.
    InvalidSignature = 160,
    /// ExpiredTokenException: the credentials are older than they last.
    ExpiredToken = 161,
    /// RequestLimitExceeded: more than the account may use.
    RequestLimitExceeded = 162,
    /// EndpointUnreachableException: a database elsewhere cannot be reached; nothing was done there.
    Unreachable = 163,
    /// OutcomeUnknownException: the answer of a database elsewhere was lost, and the request may not be sent twice: it was
    /// carried out, or not.
    OutcomeUnknown = 164,
    /// CredentialsException: there are no credentials, or they cannot be got.
    Credentials = 165,
    /// NotFound: there is no such topic or subscription.
    NotFound = 166,
    /// InvalidParameter: a parameter of a topic, a subscription or a message is wrong.
    InvalidParameter = 167,
    /// ParameterValueInvalid: an attribute of a message is wrong.
    ParameterValueInvalid = 168,
    /// TagLimitExceeded: a topic would have more tags than it may.
    TagLimitExceeded = 169,
}

impl Status {
    const ALL: &[Status] = &[
        Status::Ok,
        Status::NullArgument,
        Status::InvalidUtf8,
        Status::Panic,
        Status::Closed,
        Status::Open,
        Status::OtherError,
        Status::Validation,
        Status::Serialization,
        Status::UnknownOperation,
        Status::ConditionalCheckFailed,
        Status::ResourceNotFound,
        Status::ResourceInUse,
        Status::LimitExceeded,
        Status::ExpiredIterator,
        Status::TrimmedDataAccess,
        Status::InternalServer,
        Status::Storage,
        Status::Corruption,
        Status::Throttling,
        Status::ProvisionedThroughputExceeded,
        Status::TransactionCanceled,
        Status::TransactionInProgress,
        Status::TransactionConflict,
        Status::IdempotentParameterMismatch,
        Status::DuplicateItem,
        Status::AccessDenied,
        Status::PolicyNotFound,
        Status::TableNotFound,
        Status::GlobalTableNotFound,
        Status::ItemCollectionSizeLimitExceeded,
        Status::TableAlreadyExists,
        Status::TableInUse,
        Status::BackupNotFound,
        Status::BackupInUse,
        Status::PointInTimeRecoveryUnavailable,
        Status::InvalidRestoreTime,
        Status::InvalidArgument,
        Status::ExpiredNextToken,
        Status::InvalidParameterValue,
        Status::ResourceConflict,
        Status::QueueDoesNotExist,
        Status::QueueNameExists,
        Status::ReceiptHandleIsInvalid,
        Status::MessageNotInflight,
        Status::InvalidMessageContents,
        Status::InvalidAttributeName,
        Status::InvalidAttributeValue,
        Status::EmptyBatchRequest,
        Status::TooManyEntriesInBatchRequest,
        Status::BatchEntryIdsNotDistinct,
        Status::InvalidBatchEntryId,
        Status::BatchRequestTooLong,
        Status::ExportNotFound,
        Status::ExportConflict,
        Status::InvalidExportTime,
        Status::ImportNotFound,
        Status::ImportConflict,
        Status::NoSuchBucket,
        Status::NoSuchKey,
        Status::BucketAlreadyOwnedByYou,
        Status::BucketNotEmpty,
        Status::InvalidBucketName,
        Status::EntityTooLarge,
        Status::KeyTooLong,
        Status::UnrecognizedClient,
        Status::InvalidSignature,
        Status::ExpiredToken,
        Status::RequestLimitExceeded,
        Status::Unreachable,
        Status::OutcomeUnknown,
        Status::Credentials,
        Status::NotFound,
        Status::InvalidParameter,
        Status::ParameterValueInvalid,
        Status::TagLimitExceeded,
    ];

    /// The status that stands for a code of the core.
    pub(crate) fn of(code: ErrorCode) -> Status {
        match code {
            ErrorCode::Closed => Status::Closed,
            ErrorCode::Open => Status::Open,
            ErrorCode::Validation => Status::Validation,
            ErrorCode::Serialization => Status::Serialization,
            ErrorCode::UnknownOperation => Status::UnknownOperation,
            ErrorCode::ConditionalCheckFailed => Status::ConditionalCheckFailed,
            ErrorCode::ResourceNotFound => Status::ResourceNotFound,
            ErrorCode::ResourceInUse => Status::ResourceInUse,
            ErrorCode::LimitExceeded => Status::LimitExceeded,
            ErrorCode::ExpiredIterator => Status::ExpiredIterator,
            ErrorCode::TrimmedDataAccess => Status::TrimmedDataAccess,
            ErrorCode::InternalServer => Status::InternalServer,
            ErrorCode::Storage => Status::Storage,
            ErrorCode::Corruption => Status::Corruption,
            ErrorCode::Throttling => Status::Throttling,
            ErrorCode::ProvisionedThroughputExceeded => Status::ProvisionedThroughputExceeded,
            ErrorCode::TransactionCanceled => Status::TransactionCanceled,
            ErrorCode::TransactionInProgress => Status::TransactionInProgress,
            ErrorCode::TransactionConflict => Status::TransactionConflict,
            ErrorCode::IdempotentParameterMismatch => Status::IdempotentParameterMismatch,
            ErrorCode::DuplicateItem => Status::DuplicateItem,
            ErrorCode::AccessDenied => Status::AccessDenied,
            ErrorCode::PolicyNotFound => Status::PolicyNotFound,
            ErrorCode::TableNotFound => Status::TableNotFound,
            ErrorCode::GlobalTableNotFound => Status::GlobalTableNotFound,
            ErrorCode::ItemCollectionSizeLimitExceeded => Status::ItemCollectionSizeLimitExceeded,
            ErrorCode::TableAlreadyExists => Status::TableAlreadyExists,
            ErrorCode::TableInUse => Status::TableInUse,
            ErrorCode::BackupNotFound => Status::BackupNotFound,
            ErrorCode::BackupInUse => Status::BackupInUse,
            ErrorCode::PointInTimeRecoveryUnavailable => Status::PointInTimeRecoveryUnavailable,
            ErrorCode::InvalidRestoreTime => Status::InvalidRestoreTime,
            ErrorCode::InvalidArgument => Status::InvalidArgument,
            ErrorCode::ExpiredNextToken => Status::ExpiredNextToken,
            ErrorCode::InvalidParameterValue => Status::InvalidParameterValue,
            ErrorCode::ResourceConflict => Status::ResourceConflict,
            ErrorCode::QueueDoesNotExist => Status::QueueDoesNotExist,
            ErrorCode::QueueNameExists => Status::QueueNameExists,
            ErrorCode::ReceiptHandleIsInvalid => Status::ReceiptHandleIsInvalid,
            ErrorCode::MessageNotInflight => Status::MessageNotInflight,
            ErrorCode::InvalidMessageContents => Status::InvalidMessageContents,
            ErrorCode::InvalidAttributeName => Status::InvalidAttributeName,
            ErrorCode::InvalidAttributeValue => Status::InvalidAttributeValue,
            ErrorCode::EmptyBatchRequest => Status::EmptyBatchRequest,
            ErrorCode::TooManyEntriesInBatchRequest => Status::TooManyEntriesInBatchRequest,
            ErrorCode::BatchEntryIdsNotDistinct => Status::BatchEntryIdsNotDistinct,
            ErrorCode::InvalidBatchEntryId => Status::InvalidBatchEntryId,
            ErrorCode::BatchRequestTooLong => Status::BatchRequestTooLong,
            ErrorCode::ExportNotFound => Status::ExportNotFound,
            ErrorCode::ExportConflict => Status::ExportConflict,
            ErrorCode::InvalidExportTime => Status::InvalidExportTime,
            ErrorCode::ImportNotFound => Status::ImportNotFound,
            ErrorCode::ImportConflict => Status::ImportConflict,
            ErrorCode::NoSuchBucket => Status::NoSuchBucket,
            ErrorCode::NoSuchKey => Status::NoSuchKey,
            ErrorCode::BucketAlreadyOwnedByYou => Status::BucketAlreadyOwnedByYou,
            ErrorCode::BucketNotEmpty => Status::BucketNotEmpty,
            ErrorCode::InvalidBucketName => Status::InvalidBucketName,
            ErrorCode::EntityTooLarge => Status::EntityTooLarge,
            ErrorCode::KeyTooLong => Status::KeyTooLong,
            ErrorCode::UnrecognizedClient => Status::UnrecognizedClient,
            ErrorCode::InvalidSignature => Status::InvalidSignature,
            ErrorCode::ExpiredToken => Status::ExpiredToken,
            ErrorCode::RequestLimitExceeded => Status::RequestLimitExceeded,
            ErrorCode::Unreachable => Status::Unreachable,
            ErrorCode::OutcomeUnknown => Status::OutcomeUnknown,
            ErrorCode::Credentials => Status::Credentials,
            ErrorCode::NotFound => Status::NotFound,
            ErrorCode::InvalidParameter => Status::InvalidParameter,
            ErrorCode::ParameterValueInvalid => Status::ParameterValueInvalid,
            ErrorCode::TagLimitExceeded => Status::TagLimitExceeded,
            _ => Status::OtherError,
        }
    }

    /// The name: the code after `#` in `__type` of the error text that goes with it.
    pub(crate) fn name(self) -> &'static CStr {
        match self {
            Status::Ok => c"OK",
            Status::NullArgument => c"NullArgumentException",
            Status::InvalidUtf8 => c"InvalidUtf8Exception",
            Status::Panic => c"PanicException",
            Status::Closed => c"DatabaseClosedException",
            Status::Open => c"OpenException",
            Status::OtherError => c"OtherError",
            Status::Validation => c"ValidationException",
            Status::Serialization => c"SerializationException",
            Status::UnknownOperation => c"UnknownOperationException",
            Status::ConditionalCheckFailed => c"ConditionalCheckFailedException",
            Status::ResourceNotFound => c"ResourceNotFoundException",
            Status::ResourceInUse => c"ResourceInUseException",
            Status::LimitExceeded => c"LimitExceededException",
            Status::ExpiredIterator => c"ExpiredIteratorException",
            Status::TrimmedDataAccess => c"TrimmedDataAccessException",
            Status::InternalServer => c"InternalServerError",
            Status::Storage => c"StorageException",
            Status::Corruption => c"CorruptionException",
            Status::Throttling => c"ThrottlingException",
            Status::ProvisionedThroughputExceeded => c"ProvisionedThroughputExceededException",
            Status::TransactionCanceled => c"TransactionCanceledException",
            Status::TransactionInProgress => c"TransactionInProgressException",
            Status::TransactionConflict => c"TransactionConflictException",
            Status::IdempotentParameterMismatch => c"IdempotentParameterMismatchException",
            Status::DuplicateItem => c"DuplicateItemException",
            Status::AccessDenied => c"AccessDeniedException",
            Status::PolicyNotFound => c"PolicyNotFoundException",
            Status::TableNotFound => c"TableNotFoundException",
            Status::GlobalTableNotFound => c"GlobalTableNotFoundException",
            Status::ItemCollectionSizeLimitExceeded => c"ItemCollectionSizeLimitExceededException",
            Status::TableAlreadyExists => c"TableAlreadyExistsException",
            Status::TableInUse => c"TableInUseException",
            Status::BackupNotFound => c"BackupNotFoundException",
            Status::BackupInUse => c"BackupInUseException",
            Status::PointInTimeRecoveryUnavailable => c"PointInTimeRecoveryUnavailableException",
            Status::InvalidRestoreTime => c"InvalidRestoreTimeException",
            Status::InvalidArgument => c"InvalidArgumentException",
            Status::ExpiredNextToken => c"ExpiredNextTokenException",
            Status::InvalidParameterValue => c"InvalidParameterValueException",
            Status::ResourceConflict => c"ResourceConflictException",
            Status::QueueDoesNotExist => c"QueueDoesNotExist",
            Status::QueueNameExists => c"QueueNameExists",
            Status::ReceiptHandleIsInvalid => c"ReceiptHandleIsInvalid",
            Status::MessageNotInflight => c"MessageNotInflight",
            Status::InvalidMessageContents => c"InvalidMessageContents",
            Status::InvalidAttributeName => c"InvalidAttributeName",
            Status::InvalidAttributeValue => c"InvalidAttributeValue",
            Status::EmptyBatchRequest => c"EmptyBatchRequest",
            Status::TooManyEntriesInBatchRequest => c"TooManyEntriesInBatchRequest",
            Status::BatchEntryIdsNotDistinct => c"BatchEntryIdsNotDistinct",
            Status::InvalidBatchEntryId => c"InvalidBatchEntryId",
            Status::BatchRequestTooLong => c"BatchRequestTooLong",
            Status::ExportNotFound => c"ExportNotFoundException",
            Status::ExportConflict => c"ExportConflictException",
            Status::InvalidExportTime => c"InvalidExportTimeException",
            Status::ImportNotFound => c"ImportNotFoundException",
            Status::ImportConflict => c"ImportConflictException",
            Status::NoSuchBucket => c"NoSuchBucket",
            Status::NoSuchKey => c"NoSuchKey",
            Status::BucketAlreadyOwnedByYou => c"BucketAlreadyOwnedByYou",
            Status::BucketNotEmpty => c"BucketNotEmpty",
            Status::InvalidBucketName => c"InvalidBucketName",
            Status::EntityTooLarge => c"EntityTooLarge",
            Status::KeyTooLong => c"KeyTooLongError",
            Status::UnrecognizedClient => c"UnrecognizedClientException",
            Status::InvalidSignature => c"InvalidSignatureException",
            Status::ExpiredToken => c"ExpiredTokenException",
            Status::RequestLimitExceeded => c"RequestLimitExceeded",
            Status::Unreachable => c"EndpointUnreachableException",
            Status::OutcomeUnknown => c"OutcomeUnknownException",
            Status::Credentials => c"CredentialsException",
            Status::NotFound => c"NotFound",
            Status::InvalidParameter => c"InvalidParameter",
            Status::ParameterValueInvalid => c"ParameterValueInvalid",
            Status::TagLimitExceeded => c"TagLimitExceeded",
        }
    }
}

/// The name of a status, such as "ConditionalCheckFailedException"; "Unknown" for a number this version does not know. The text lives as long
/// as the program. Never NULL.
#[unsafe(no_mangle)]
pub extern "C" fn streamtable_status_name(status: i32) -> *const c_char {
    let known = Status::ALL.iter().find(|known| **known as i32 == status);
    known.map_or(c"Unknown", |known| known.name()).as_ptr()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    /// The numbers programs were compiled with. A line may be added, none changed or removed.
    const PUBLISHED: &[(i32, &str)] = &[
        (0, "OK"),
        (1, "NullArgumentException"),
        (2, "InvalidUtf8Exception"),
        (3, "PanicException"),
        (4, "DatabaseClosedException"),
        (5, "OpenException"),
        (100, "OtherError"),
        (101, "ValidationException"),
        (102, "SerializationException"),
        (103, "UnknownOperationException"),
        (104, "ConditionalCheckFailedException"),
        (105, "ResourceNotFoundException"),
        (106, "ResourceInUseException"),
        (107, "LimitExceededException"),
        (108, "ExpiredIteratorException"),
        (109, "TrimmedDataAccessException"),
        (110, "InternalServerError"),
        (111, "StorageException"),
        (112, "CorruptionException"),
        (113, "ThrottlingException"),
        (114, "ProvisionedThroughputExceededException"),
        (115, "TransactionCanceledException"),
        (116, "TransactionInProgressException"),
        (117, "TransactionConflictException"),
        (118, "IdempotentParameterMismatchException"),
        (119, "DuplicateItemException"),
        (120, "AccessDeniedException"),
        (121, "PolicyNotFoundException"),
        (122, "TableNotFoundException"),
        (123, "GlobalTableNotFoundException"),
        (124, "ItemCollectionSizeLimitExceededException"),
        (125, "TableAlreadyExistsException"),
        (126, "TableInUseException"),
        (127, "BackupNotFoundException"),
        (128, "BackupInUseException"),
        (129, "PointInTimeRecoveryUnavailableException"),
        (130, "InvalidRestoreTimeException"),
        (131, "InvalidArgumentException"),
        (132, "ExpiredNextTokenException"),
        (133, "InvalidParameterValueException"),
        (134, "ResourceConflictException"),
        (135, "QueueDoesNotExist"),
        (136, "QueueNameExists"),
        (137, "ReceiptHandleIsInvalid"),
        (138, "MessageNotInflight"),
        (139, "InvalidMessageContents"),
        (140, "InvalidAttributeName"),
        (141, "InvalidAttributeValue"),
        (142, "EmptyBatchRequest"),
        (143, "TooManyEntriesInBatchRequest"),
        (144, "BatchEntryIdsNotDistinct"),
        (145, "InvalidBatchEntryId"),
        (146, "BatchRequestTooLong"),
        (147, "ExportNotFoundException"),
        (148, "ExportConflictException"),
        (149, "InvalidExportTimeException"),
        (150, "ImportNotFoundException"),
        (151, "ImportConflictException"),
        (152, "NoSuchBucket"),
        (153, "NoSuchKey"),
        (154, "BucketAlreadyOwnedByYou"),
        (155, "BucketNotEmpty"),
        (156, "InvalidBucketName"),
        (157, "EntityTooLarge"),
        (158, "KeyTooLongError"),
        (159, "UnrecognizedClientException"),
        (160, "InvalidSignatureException"),
        (161, "ExpiredTokenException"),
        (162, "RequestLimitExceeded"),
        (163, "EndpointUnreachableException"),
        (164, "OutcomeUnknownException"),
        (165, "CredentialsException"),
        (166, "NotFound"),
        (167, "InvalidParameter"),
        (168, "ParameterValueInvalid"),
        (169, "TagLimitExceeded"),
    ];

    #[test]
    fn numbers_and_names_are_those_published() {
        let now: Vec<(i32, &str)> =
            Status::ALL.iter().map(|s| (*s as i32, s.name().to_str().expect("ASCII"))).collect();
        assert_eq!(now, PUBLISHED);
        let distinct: HashSet<i32> = now.iter().map(|(number, _)| *number).collect();
        assert_eq!(distinct.len(), now.len());
    }

    #[test]
    fn every_code_of_the_core_has_a_status_of_its_name() {
        for &code in ErrorCode::ALL {
            let status = Status::of(code);
            if code == ErrorCode::MissingAuthenticationToken {
                // Only HTTP asks for credentials.
                assert_eq!(status, Status::OtherError);
            } else {
                assert_eq!(status.name().to_str(), Ok(code.name()));
            }
        }
    }

    #[test]
    fn unknown_numbers_have_a_name_too() {
        for number in [-1, 6, 99, 170, i32::MAX, i32::MIN] {
            // SAFETY: the function gives out static text.
            assert_eq!(unsafe { CStr::from_ptr(streamtable_status_name(number)) }, c"Unknown");
        }
    }
}
