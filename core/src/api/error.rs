//! The one table of error codes, and the error every operation answers with.

use std::fmt;
use std::sync::OnceLock;

use serde::Deserialize;
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::message::{Problem, Speech, Wording, transact};
use crate::value::Item;

/// Declares the codes: variant, name on the wire, namespace of `__type`, HTTP status.
macro_rules! codes {
    ($($(#[doc = $doc:literal])* $variant:ident $name:literal $space:ident $status:literal)*) => {
        /// What went wrong, as the service names it.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        #[non_exhaustive]
        pub enum ErrorCode {
            $($(#[doc = $doc])* $variant,)*
        }

        impl ErrorCode {
            /// All codes.
            pub const ALL: &[ErrorCode] = &[$(ErrorCode::$variant),*];

            /// The code of this name.
            pub fn from_name(name: &str) -> Option<ErrorCode> {
                match name { $($name => Some(ErrorCode::$variant),)* _ => None }
            }

            /// The name on the wire, such as `ValidationException`.
            pub fn name(self) -> &'static str {
                match self { $(ErrorCode::$variant => $name,)* }
            }

            /// What stands before `#` in `__type` (facts A1).
            pub fn namespace(self) -> &'static str {
                match self { $(ErrorCode::$variant => $space,)* }
            }

            /// The HTTP status (facts A1: client errors are always 400).
            pub fn status(self) -> u16 {
                match self { $(ErrorCode::$variant => $status,)* }
            }
        }
    };
}

impl ErrorCode {
    /// What the header `x-amzn-query-error` says, by which clients of SQS know errors as they were called before JSON was spoken; nothing for
    /// the codes of other services.
    pub fn query_error(self) -> Option<String> {
        let name = match self {
            ErrorCode::QueueDoesNotExist => "AWS.SimpleQueueService.NonExistentQueue".to_owned(),
            ErrorCode::QueueNameExists => "QueueAlreadyExists".to_owned(),
            ErrorCode::MessageNotInflight
            | ErrorCode::EmptyBatchRequest
            | ErrorCode::TooManyEntriesInBatchRequest
            | ErrorCode::BatchEntryIdsNotDistinct
            | ErrorCode::InvalidBatchEntryId
            | ErrorCode::BatchRequestTooLong => format!("AWS.SimpleQueueService.{}", self.name()),
            code if code.namespace() == SQS => code.name().to_owned(),
            _ => return None,
        };
        Some(format!("{name};Sender"))
    }

    /// The name of the text on the wire.
    fn message_member(self) -> &'static str {
        match self {
            ErrorCode::TransactionCanceled
            | ErrorCode::TransactionInProgress
            | ErrorCode::IdempotentParameterMismatch => "Message",
            _ => "message",
        }
    }
}

const MODEL: &str = "com.amazonaws.dynamodb.v20120810";
const VALIDATE: &str = "com.amazon.coral.validate";
const SERVICE: &str = "com.amazon.coral.service";
const AVAILABILITY: &str = "com.amazon.coral.availability";
const KINESIS: &str = "com.amazonaws.kinesis.v20131202";
const LAMBDA: &str = "com.amazonaws.lambda";
const SQS: &str = "com.amazonaws.sqs";
const S3: &str = "com.amazonaws.s3";
const SNS: &str = "com.amazonaws.sns";
const OURS: &str = "streamtable";

codes! {
    /// A parameter breaks a rule.
    Validation "ValidationException" VALIDATE 400
    /// The input is not of the operation's shape.
    Serialization "SerializationException" SERVICE 400
    /// No such operation.
    UnknownOperation "UnknownOperationException" SERVICE 400
    /// A request without credentials (HTTP only).
    MissingAuthenticationToken "MissingAuthenticationTokenException" SERVICE 400
    /// The condition of a write is false.
    ConditionalCheckFailed "ConditionalCheckFailedException" MODEL 400
    /// An INSERT of an item that is there.
    DuplicateItem "DuplicateItemException" MODEL 400
    /// A transaction was not carried out; its reasons say why.
    TransactionCanceled "TransactionCanceledException" MODEL 400
    /// A transaction with the same token has not ended.
    TransactionInProgress "TransactionInProgressException" MODEL 400
    /// Another transaction works on the item.
    TransactionConflict "TransactionConflictException" MODEL 400
    /// The items of one partition key are too large together, in a table with local indexes.
    ItemCollectionSizeLimitExceeded "ItemCollectionSizeLimitExceededException" MODEL 400
    /// The token was used for another request.
    IdempotentParameterMismatch "IdempotentParameterMismatchException" MODEL 400
    /// No such table, stream or shard.
    ResourceNotFound "ResourceNotFoundException" MODEL 400
    /// The table is in a state that does not admit the change.
    ResourceInUse "ResourceInUseException" MODEL 400
    /// The resource is another account's.
    AccessDenied "AccessDeniedException" SERVICE 400
    /// There is no policy, or one of another revision.
    PolicyNotFound "PolicyNotFoundException" MODEL 400
    /// No such table, as the operations of backups tell it.
    TableNotFound "TableNotFoundException" MODEL 400
    /// A table of the name of one to be restored is there.
    TableAlreadyExists "TableAlreadyExistsException" MODEL 400
    /// A table of the name of one to be restored is being restored.
    TableInUse "TableInUseException" MODEL 400
    /// No such backup.
    BackupNotFound "BackupNotFoundException" MODEL 400
    /// The backup is being made or restored.
    BackupInUse "BackupInUseException" MODEL 400
    /// The table is not restorable to a moment.
    PointInTimeRecoveryUnavailable "PointInTimeRecoveryUnavailableException" MODEL 400
    /// The moment is none to which the table is restorable.
    InvalidRestoreTime "InvalidRestoreTimeException" MODEL 400
    /// No such export.
    ExportNotFound "ExportNotFoundException" MODEL 400
    /// The token was used for another export.
    ExportConflict "ExportConflictException" MODEL 400
    /// The moment or time is none that can be exported.
    InvalidExportTime "InvalidExportTimeException" MODEL 400
    /// No such import.
    ImportNotFound "ImportNotFoundException" MODEL 400
    /// The token was used for another import.
    ImportConflict "ImportConflictException" MODEL 400
    /// No such global table.
    GlobalTableNotFound "GlobalTableNotFoundException" MODEL 400
    /// A limit of the service.
    LimitExceeded "LimitExceededException" MODEL 400
    /// More calls than are admitted.
    Throttling "ThrottlingException" AVAILABILITY 400
    /// More capacity than the table has.
    ProvisionedThroughputExceeded "ProvisionedThroughputExceededException" MODEL 400
    /// The iterator is older than 15 minutes, or 5 where it is of a data stream.
    ExpiredIterator "ExpiredIteratorException" MODEL 400
    /// A parameter of a data stream is wrong.
    InvalidArgument "InvalidArgumentException" KINESIS 400
    /// A parameter of an event source mapping is wrong.
    InvalidParameterValue "InvalidParameterValueException" LAMBDA 400
    /// There is an event source mapping of the same stream and function, or a worker of the same mapping.
    ResourceConflict "ResourceConflictException" LAMBDA 400
    /// The token of a list is older than 5 minutes.
    ExpiredNextToken "ExpiredNextTokenException" KINESIS 400
    /// The position is older than the retention.
    TrimmedDataAccess "TrimmedDataAccessException" MODEL 400
    /// No such queue.
    QueueDoesNotExist "QueueDoesNotExist" SQS 400
    /// A queue of this name is set to something else.
    QueueNameExists "QueueNameExists" SQS 400
    /// The receipt handle is none of the queue.
    ReceiptHandleIsInvalid "ReceiptHandleIsInvalid" SQS 400
    /// The message is not hidden.
    MessageNotInflight "MessageNotInflight" SQS 400
    /// The message has characters that XML has not.
    InvalidMessageContents "InvalidMessageContents" SQS 400
    /// A queue has no attribute of this name.
    InvalidAttributeName "InvalidAttributeName" SQS 400
    /// An attribute of a queue has no such value.
    InvalidAttributeValue "InvalidAttributeValue" SQS 400
    /// A batch without entries.
    EmptyBatchRequest "EmptyBatchRequest" SQS 400
    /// A batch of more than 10 entries.
    TooManyEntriesInBatchRequest "TooManyEntriesInBatchRequest" SQS 400
    /// Two entries of a batch have one name.
    BatchEntryIdsNotDistinct "BatchEntryIdsNotDistinct" SQS 400
    /// An entry of a batch has no sound name.
    InvalidBatchEntryId "InvalidBatchEntryId" SQS 400
    /// The messages of a batch are too long together.
    BatchRequestTooLong "BatchRequestTooLong" SQS 400
    /// No such bucket.
    NoSuchBucket "NoSuchBucket" S3 400
    /// No such object.
    NoSuchKey "NoSuchKey" S3 400
    /// There is a bucket of this name.
    BucketAlreadyOwnedByYou "BucketAlreadyOwnedByYou" S3 400
    /// The bucket holds objects.
    BucketNotEmpty "BucketNotEmpty" S3 400
    /// No bucket can have this name.
    InvalidBucketName "InvalidBucketName" S3 400
    /// The object is larger than objects may be.
    EntityTooLarge "EntityTooLarge" S3 400
    /// The key is empty, or longer than keys may be.
    KeyTooLong "KeyTooLongError" S3 400
    /// The key of the signature is none that the service knows.
    UnrecognizedClient "UnrecognizedClientException" SERVICE 400
    /// The signature is not that of the request.
    InvalidSignature "InvalidSignatureException" SERVICE 400
    /// The credentials are older than they last.
    ExpiredToken "ExpiredTokenException" SERVICE 400
    /// More than the account may use.
    RequestLimitExceeded "RequestLimitExceeded" MODEL 400
    /// A database elsewhere cannot be reached: nothing was done there.
    Unreachable "EndpointUnreachableException" OURS 500
    /// The answer of a database elsewhere was lost, and the request may not be sent twice: it was carried out, or not.
    OutcomeUnknown "OutcomeUnknownException" OURS 500
    /// There are no credentials, or they cannot be got.
    Credentials "CredentialsException" OURS 400
    /// No such topic, or subscription.
    NotFound "NotFound" SNS 400
    /// A parameter of a topic, a subscription or a message is wrong.
    InvalidParameter "InvalidParameter" SNS 400
    /// An attribute of a message is wrong.
    ParameterValueInvalid "ParameterValueInvalid" SNS 400
    /// A topic with more tags than it may have.
    TagLimitExceeded "TagLimitExceeded" SNS 400
    /// A defect of this library.
    InternalServer "InternalServerError" MODEL 500
    /// The disk under the database is full, failed or forbidden.
    Storage "StorageException" OURS 500
    /// What was stored cannot be read back as it was written.
    Corruption "CorruptionException" OURS 500
    /// The database handle was closed.
    Closed "DatabaseClosedException" OURS 400
    /// The database cannot be opened or an option is wrong.
    Open "OpenException" OURS 400
}

/// The answer of an operation that failed: a code, what went wrong, and what is told besides.
#[derive(Clone, Debug)]
pub struct Error(Box<Inner>);

#[derive(Clone, Debug)]
struct Inner {
    code: ErrorCode,
    /// What went wrong; none where the service says nothing about it.
    problem: Option<Problem>,
    /// In whose words it is told.
    speech: Speech,
    /// The text, made when it is asked for.
    text: OnceLock<String>,
    item: Option<Item>,
    reasons: Vec<CancellationReason>,
}

/// Why one action of a transaction was not carried out, or that nothing was wrong with it.
#[derive(Clone, PartialEq, Debug, Default, serde::Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct CancellationReason {
    /// `None` where nothing was wrong; otherwise what was, such as `ConditionalCheckFailed`.
    pub code: String,
    /// The service's text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The item that `ReturnValuesOnConditionCheckFailure` asks for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<Item>,
}

impl CancellationReason {
    /// Nothing was wrong with the action.
    pub fn none() -> CancellationReason {
        CancellationReason { code: "None".into(), ..CancellationReason::default() }
    }

    /// Another transaction works on the item. A database does not answer it, because transactions wait for each other; a program can be tried
    /// against it with [`Faulty`](crate::door::Faulty).
    pub fn conflict() -> CancellationReason {
        CancellationReason {
            code: "TransactionConflict".into(),
            message: Some(transact::conflict()),
            item: None,
        }
    }
}

/// The result of an operation.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error with the service's text.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Error {
        Error::of(code, Some(Problem::Told(message.into())))
    }

    /// An error the service answers without a text.
    pub fn bare(code: ErrorCode) -> Error {
        Error::of(code, None)
    }

    /// A `ValidationException`.
    pub(crate) fn validation(problem: impl Into<Problem>) -> Error {
        Error::of(ErrorCode::Validation, Some(problem.into()))
    }

    /// A `TransactionCanceledException` for these reasons, one for each action of the transaction.
    pub fn canceled(reasons: Vec<CancellationReason>) -> Error {
        let message = transact::canceled(reasons.iter().map(|reason| reason.code.as_str()));
        Error::new(ErrorCode::TransactionCanceled, message).with_reasons(reasons)
    }

    fn of(code: ErrorCode, problem: Option<Problem>) -> Error {
        let (speech, text) = (Speech::default(), OnceLock::new());
        Error(Box::new(Inner { code, problem, speech, text, item: None, reasons: Vec::new() }))
    }

    /// Adds the item that `ReturnValuesOnConditionCheckFailure` asks for.
    pub fn with_item(mut self, item: Option<Item>) -> Error {
        self.0.item = item;
        self
    }

    /// Adds why the actions of a transaction were not carried out, one for each.
    pub fn with_reasons(mut self, reasons: Vec<CancellationReason>) -> Error {
        self.0.reasons = reasons;
        self
    }

    /// Has it told in the words of a database, about an operation.
    pub(crate) fn word(&mut self, wording: Wording, operation: &'static str) {
        self.0.speech = Speech { wording, operation };
        self.0.text = OnceLock::new();
    }

    /// What went wrong.
    pub fn code(&self) -> ErrorCode {
        self.0.code
    }

    /// The service's text; empty where it answers none.
    pub fn message(&self) -> &str {
        self.text().unwrap_or("")
    }

    fn text(&self) -> Option<&str> {
        let Inner { problem, speech, text, .. } = &*self.0;
        match problem.as_ref()? {
            Problem::Told(told) => Some(told),
            problem => Some(text.get_or_init(|| problem.text(*speech))),
        }
    }

    /// The item a failed condition was checked against, if asked for.
    pub fn item(&self) -> Option<&Item> {
        self.0.item.as_ref()
    }

    /// Why the actions of a transaction were not carried out, one for each in their order; empty for other errors.
    pub fn cancellation_reasons(&self) -> &[CancellationReason] {
        &self.0.reasons
    }

    /// What is told besides code and text. Every host makes members of its error of it.
    pub fn details(&self) -> Details<'_> {
        Details(self)
    }

    /// `__type` on the wire: namespace, `#`, name; of Kinesis the name alone.
    pub fn wire_type(&self) -> String {
        if self.0.speech.is_kinesis() || matches!(self.0.code.namespace(), KINESIS | LAMBDA) {
            return self.0.code.name().to_owned();
        }
        format!("{}#{}", self.0.code.namespace(), self.0.code.name())
    }

    /// The error body of the HTTP protocol.
    pub fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("errors are plain data")
    }

    /// Reads the error body of the HTTP protocol. A body that is none, and a code that is not known here, are an `InternalServerError` that
    /// says so.
    pub fn from_json(body: &[u8]) -> Error {
        #[derive(Deserialize)]
        struct Told {
            #[serde(rename = "__type")]
            kind: String,
            #[serde(alias = "Message")]
            message: Option<String>,
            #[serde(rename = "Item")]
            item: Option<Item>,
            #[serde(rename = "CancellationReasons", default)]
            reasons: Vec<CancellationReason>,
        }
        let told: Told = match serde_json::from_slice(body) {
            Ok(told) => told,
            Err(e) => return Error::new(ErrorCode::InternalServer, format!("That is no error: {e}")),
        };
        let name = told.kind.rsplit('#').next().unwrap_or(&told.kind);
        let error = match (ErrorCode::from_name(name), told.message) {
            (Some(code), message) => Error::of(code, message.map(Problem::Told)),
            (None, message) => {
                let message = message.unwrap_or_else(|| "without a text".to_owned());
                Error::new(ErrorCode::InternalServer, format!("{name}: {message}"))
            }
        };
        error.with_item(told.item).with_reasons(told.reasons)
    }
}

/// Errors are equal that tell the same.
impl PartialEq for Error {
    fn eq(&self, other: &Error) -> bool {
        self.0.code == other.0.code
            && self.text() == other.text()
            && self.0.item == other.0.item
            && self.0.reasons == other.0.reasons
    }
}

/// What an error tells besides code and text, as a map: `Item` and `CancellationReasons`, where there are any.
#[derive(Clone, Copy, Debug)]
pub struct Details<'a>(&'a Error);

impl Details<'_> {
    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.0.item().is_none() && self.0.cancellation_reasons().is_empty()
    }

    fn entries<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        if let Some(item) = self.0.item() {
            map.serialize_entry("Item", item)?;
        }
        match self.0.cancellation_reasons() {
            [] => Ok(()),
            reasons => map.serialize_entry("CancellationReasons", reasons),
        }
    }
}

impl Serialize for Details<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        self.entries(&mut map)?;
        map.end()
    }
}

/// `{"__type": …, "message": …}` and the details; three codes have `Message`, as the service's model has it (facts A1).
impl Serialize for Error {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("__type", &self.wire_type())?;
        if let Some(message) = self.text() {
            map.serialize_entry(self.0.code.message_member(), message)?;
        }
        self.details().entries(&mut map)?;
        map.end()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.code.name())?;
        match self.text() {
            Some(message) => write!(f, ": {message}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    fn item() -> Item {
        Item::from_json(r#"{"id": {"S": "a"}}"#).expect("an item")
    }

    #[test]
    fn errors_are_read_as_they_are_written() {
        let reasons = vec![
            CancellationReason { code: "None".into(), ..Default::default() },
            CancellationReason {
                code: "ConditionalCheckFailed".into(),
                message: Some("The conditional request failed".into()),
                item: Some(item()),
            },
        ];
        let cases = [
            Error::bare(ErrorCode::Serialization),
            Error::new(ErrorCode::ConditionalCheckFailed, "The conditional request failed")
                .with_item(Some(item())),
            Error::new(ErrorCode::TransactionCanceled, "Transaction cancelled").with_reasons(reasons),
        ];
        for error in cases {
            assert_eq!(Error::from_json(&error.to_json()), error);
        }
    }

    #[test]
    fn what_is_not_known_is_an_internal_error_that_says_so() {
        let told = Error::from_json(br#"{"__type": "x#NewException", "Message": "of tomorrow"}"#);
        assert_eq!((told.code(), told.message()), (ErrorCode::InternalServer, "NewException: of tomorrow"));
        assert_eq!(Error::from_json(b"<html>").code(), ErrorCode::InternalServer);
    }

    #[test]
    fn every_code_has_a_name_of_its_own() {
        for &code in ErrorCode::ALL {
            assert_eq!(ErrorCode::from_name(code.name()), Some(code));
        }
    }

    #[test]
    fn the_text_is_made_in_the_wording_that_is_asked_for() {
        let mut error = Error::validation(Problem::Parameter("a text".into()));
        assert_eq!(error.message(), "a text");
        error.word(Wording::Current, "PutItem");
        assert_eq!(error.message(), "1 validation error detected: a text");
        error.word(Wording::Classic, "PutItem");
        assert_eq!(error.message(), "a text");
    }
}
