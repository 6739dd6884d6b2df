//! The one table of error codes, and the error every operation answers with.

use std::fmt;

use serde::ser::{Serialize, SerializeMap, Serializer};

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

const MODEL: &str = "com.amazonaws.dynamodb.v20120810";
const VALIDATE: &str = "com.amazon.coral.validate";
const SERVICE: &str = "com.amazon.coral.service";
const AVAILABILITY: &str = "com.amazon.coral.availability";
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
    /// A transaction was not carried out; its reasons say why.
    TransactionCanceled "TransactionCanceledException" MODEL 400
    /// No such table, stream or shard.
    ResourceNotFound "ResourceNotFoundException" MODEL 400
    /// The table is in a state that does not admit the change.
    ResourceInUse "ResourceInUseException" MODEL 400
    /// A limit of the service.
    LimitExceeded "LimitExceededException" MODEL 400
    /// More calls than are admitted.
    Throttling "ThrottlingException" AVAILABILITY 400
    /// More capacity than the table has.
    ProvisionedThroughputExceeded "ProvisionedThroughputExceededException" MODEL 400
    /// The iterator is older than 15 minutes.
    ExpiredIterator "ExpiredIteratorException" MODEL 400
    /// The position is older than the retention.
    TrimmedDataAccess "TrimmedDataAccessException" MODEL 400
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

/// The answer of an operation that failed.
#[derive(Clone, Debug, PartialEq)]
pub struct Error(Box<Inner>);

#[derive(Clone, Debug, PartialEq)]
struct Inner {
    code: ErrorCode,
    message: Option<String>,
    item: Option<Item>,
}

/// The result of an operation.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error with the service's text.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Error {
        Error(Box::new(Inner { code, message: Some(message.into()), item: None }))
    }

    /// An error the service answers without a text.
    pub fn bare(code: ErrorCode) -> Error {
        Error(Box::new(Inner { code, message: None, item: None }))
    }

    /// A `ValidationException`.
    pub fn validation(message: impl Into<String>) -> Error {
        Error::new(ErrorCode::Validation, message)
    }

    /// Adds the item that `ReturnValuesOnConditionCheckFailure` asks for.
    pub fn with_item(mut self, item: Option<Item>) -> Error {
        self.0.item = item;
        self
    }

    /// What went wrong.
    pub fn code(&self) -> ErrorCode {
        self.0.code
    }

    /// The service's text; empty where it answers none.
    pub fn message(&self) -> &str {
        self.0.message.as_deref().unwrap_or("")
    }

    /// The item a failed condition was checked against, if asked for.
    pub fn item(&self) -> Option<&Item> {
        self.0.item.as_ref()
    }

    /// `__type` on the wire: namespace, `#`, name.
    pub fn wire_type(&self) -> String {
        format!("{}#{}", self.0.code.namespace(), self.0.code.name())
    }

    /// The error body of the HTTP protocol.
    pub fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("errors are plain data")
    }
}

/// `{"__type": …, "message": …, "Item"?: …}`
impl Serialize for Error {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("__type", &self.wire_type())?;
        if let Some(message) = &self.0.message {
            map.serialize_entry("message", message)?;
        }
        if let Some(item) = &self.0.item {
            map.serialize_entry("Item", item)?;
        }
        map.end()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.code.name())?;
        match &self.0.message {
            Some(message) => write!(f, ": {message}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {}
