//! What is told of an operation, besides its shapes, to those who serve it: no host keeps a list of operations of its own.

use crate::api::ErrorCode;
use crate::api::shape::StructInfo;

/// An operation as data.
#[derive(Debug)]
#[non_exhaustive]
pub struct OperationInfo {
    /// Name, such as `PutItem`; with `Kinesis`, `Lambda`, `Sqs`, `Sns` or `S3` before it where another service has one of the same name, or might.
    pub name: &'static str,
    /// What stands before the dot of `X-Amz-Target`.
    pub target_prefix: &'static str,
    /// What it takes.
    pub input: &'static StructInfo,
    /// What it answers.
    pub output: &'static StructInfo,
    /// What a call does, and how long it may take.
    pub effect: Effect,
    /// The codes it answers besides those that any operation may answer ([`ANY_OPERATION`]).
    pub errors: &'static [ErrorCode],
}

impl OperationInfo {
    /// Its name in its service, which stands after the dot of `X-Amz-Target`: without `Kinesis`, `Lambda`, `Sqs`, `Sns` or `S3`, which tell the operations of
    /// these services from others of their names.
    pub fn action(&self) -> &'static str {
        let prefix = ["Kinesis", "Lambda", "Sqs", "Sns", "S3"]
            .into_iter()
            .find_map(|prefix| self.name.strip_prefix(prefix));
        prefix.unwrap_or(self.name)
    }

    /// Whether a call can leave nothing behind ([`Database::look`](crate::Database::look)): it changes nothing, and nobody becomes a reader of a
    /// shard by it.
    pub fn is_look(&self) -> bool {
        let makes_readers = ["GetShardIterator", "GetRecords"].contains(&self.action());
        !self.effect.writes && !self.effect.may_block && !makes_readers
    }
}

/// The codes that any operation may answer.
pub const ANY_OPERATION: &[ErrorCode] = &[
    ErrorCode::Validation,
    ErrorCode::Serialization,
    ErrorCode::Throttling,
    ErrorCode::InternalServer,
    ErrorCode::Storage,
    ErrorCode::Corruption,
    ErrorCode::Closed,
];

/// What a call of an operation does, and how long it may take.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Effect {
    /// Whether it may change what later calls see: items, tables, streams, the clock.
    pub writes: bool,
    /// Whether it may take as long as the database is large.
    pub may_block: bool,
    /// Whether it goes through many items, so that a request can be made to take it seconds: pages under filters, batches, transactions,
    /// statements. The others take microseconds, a full page of records a few milliseconds.
    pub many: bool,
    /// Whether a call whose answer was lost may be sent again: the second one changes nothing more and answers what the first would have.
    pub may_repeat: bool,
    /// The member of the input that names a directory on the machine of the database; who serves strangers decides which ones they may name.
    pub directory: Option<&'static str>,
}

/// Looks and changes nothing.
pub(super) const READS: Effect =
    Effect { writes: false, may_block: false, many: false, may_repeat: true, directory: None };
/// Changes something.
pub(super) const WRITES: Effect =
    Effect { writes: true, may_block: false, many: false, may_repeat: false, directory: None };
/// Looks at many items and changes nothing.
pub(super) const READS_MANY: Effect = Effect { many: true, ..READS };
/// Changes many items.
pub(super) const WRITES_MANY: Effect = Effect { many: true, ..WRITES };
/// Puts something in the place of what was there.
pub(super) const REPLACES: Effect = Effect { may_repeat: true, ..WRITES };
/// Moves time, and does all that falls due on the way.
pub(super) const MOVES_TIME: Effect = Effect { may_block: true, ..WRITES };
/// Does background work now: shards that are too old are replaced.
pub(super) const MAINTAINS: Effect = Effect { may_block: true, may_repeat: true, ..WRITES };
/// Works on the files, and changes nothing that a call sees.
pub(super) const COMPACTS: Effect = Effect { may_block: true, ..READS };
/// Writes a directory that must be empty, so that a second call is refused.
pub(super) const BACKS_UP: Effect =
    Effect { may_block: true, may_repeat: false, directory: Some("Directory"), ..READS };
