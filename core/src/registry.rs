//! The registry: every operation once. From these lines come the requests and answers of the door, and all that is generated.

use serde::{Deserializer, Serialize, Serializer};

use crate::api::shape::{Constraint, MemberInfo, StructInfo, TypeInfo};
use crate::api::{self, Error, ErrorCode, Result, Shape, Valid};
use crate::engine::Call;
use crate::operation;

/// An operation as data.
#[derive(Debug)]
pub struct OperationInfo {
    /// Name, such as `PutItem`.
    pub name: &'static str,
    /// What stands before the dot of `X-Amz-Target`.
    pub target_prefix: &'static str,
    /// What it takes.
    pub input: &'static StructInfo,
    /// What it answers.
    pub output: &'static StructInfo,
}

/// Target prefix of the table operations.
pub const TABLE_TARGET: &str = "DynamoDB_20120810";
/// Target prefix of the stream operations.
pub const STREAM_TARGET: &str = "DynamoDBStreams_20120810";
/// Target prefix of the operations that are this store's own.
pub const CONTROL_TARGET: &str = "Streamtable_20261120";

mod sealed {
    /// Runs an operation inside; no other crate can add one.
    pub trait Run: super::Shape {
        type Answer;
        #[allow(private_interfaces, reason = "sealed: no one outside can call it")]
        fn run(input: super::Valid<'_, Self>, call: &super::Call<'_>) -> super::Result<Self::Answer>;
    }
}
pub(crate) use sealed::Run;

/// The input of an operation.
pub trait Input: sealed::Run<Answer = Self::Output> {
    /// What the operation answers.
    type Output;
    /// The operation's name.
    const OPERATION: &'static str;

    /// As a request for any operation.
    fn into_request(self) -> Request;

    /// The answer of this operation out of the answer of any; none where it is another's.
    fn answer_of(response: Response) -> Option<Self::Output>;
}

macro_rules! registry {
    ($($target:ident { $($name:ident $input:ident => $output:ident $($path:ident)::+;)* })*) => {
        /// A request for any operation.
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        #[allow(clippy::large_enum_variant, reason = "requests live for one call and are never stored")]
        pub enum Request {
            $($(#[doc = concat!("A request for ", stringify!($name), ".")] $name(api::$input),)*)*
        }

        /// The answer of any operation.
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        #[allow(clippy::large_enum_variant, reason = "answers live for one call and are never stored")]
        pub enum Response {
            $($(#[doc = concat!("The answer of ", stringify!($name), ".")] $name(api::$output),)*)*
        }

        static OPERATIONS: &[OperationInfo] = &[$($(
            OperationInfo {
                name: stringify!($name),
                target_prefix: $target,
                input: <api::$input as Shape>::INFO,
                output: <api::$output as Shape>::INFO,
            },
        )*)*];

        $($(
            impl Run for api::$input {
                type Answer = api::$output;
                #[allow(private_interfaces, reason = "sealed: no one outside can call it")]
                fn run(input: Valid<'_, Self>, call: &Call<'_>) -> Result<api::$output> {
                    operation::$($path)::+(call, &input)
                }
            }

            impl Input for api::$input {
                type Output = api::$output;
                const OPERATION: &'static str = stringify!($name);

                fn into_request(self) -> Request {
                    Request::$name(self)
                }

                fn answer_of(response: Response) -> Option<Self::Output> {
                    match response {
                        Response::$name(output) => Some(output),
                        _ => None,
                    }
                }
            }
        )*)*

        impl Request {
            /// Reads the input of an operation from any format.
            ///
            /// # Errors
            /// `UnknownOperationException`, or `SerializationException` for input of another shape.
            pub fn decode<'de, D: Deserializer<'de>>(operation: &str, deserializer: D) -> Result<Request> {
                match operation {
                    $($(stringify!($name) => api::typed::decode(deserializer).map(Request::$name),)*)*
                    _ => Err(Error::bare(ErrorCode::UnknownOperation)),
                }
            }

            /// Reads the input of an operation from a format that answers each asked-for type with a value of just that type or an error:
            /// no value is looked at twice. None for everything else, which [`Request::decode`] finds the words for.
            pub fn decode_exact<'de, D: Deserializer<'de>>(operation: &str, deserializer: D) -> Option<Request> {
                match operation {
                    $($(stringify!($name) => api::typed::decode_exact(deserializer).map(Request::$name),)*)*
                    _ => None,
                }
            }

            /// The operation's name.
            pub fn operation(&self) -> &'static str {
                match self { $($(Request::$name(_) => stringify!($name),)*)* }
            }

            pub(crate) fn run(&self, call: &Call<'_>) -> Result<Response> {
                match self { $($(Request::$name(input) => run(call, input).map(Response::$name),)*)* }
            }
        }

        impl Serialize for Response {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self { $($(Response::$name(output) => output.serialize(serializer),)*)* }
            }
        }
    };
}

registry! {
    TABLE_TARGET {
        CreateTable CreateTableInput => CreateTableOutput table::create;
        DescribeTable DescribeTableInput => DescribeTableOutput table::describe_table;
        UpdateTable UpdateTableInput => UpdateTableOutput table::update;
        DeleteTable DeleteTableInput => DeleteTableOutput table::delete;
        ListTables ListTablesInput => ListTablesOutput table::list;
        PutItem PutItemInput => PutItemOutput item::put;
        GetItem GetItemInput => GetItemOutput item::get;
        UpdateItem UpdateItemInput => UpdateItemOutput item::update;
        DeleteItem DeleteItemInput => DeleteItemOutput item::delete;
        BatchWriteItem BatchWriteItemInput => BatchWriteItemOutput batch::write;
        BatchGetItem BatchGetItemInput => BatchGetItemOutput batch::get;
        Query QueryInput => QueryOutput query::query;
        Scan ScanInput => ScanOutput query::scan;
    }
    STREAM_TARGET {
        ListStreams ListStreamsInput => ListStreamsOutput stream::list;
        DescribeStream DescribeStreamInput => DescribeStreamOutput stream::describe;
        GetShardIterator GetShardIteratorInput => GetShardIteratorOutput stream::shard_iterator;
        GetRecords GetRecordsInput => GetRecordsOutput stream::records;
    }
    CONTROL_TARGET {
        AdvanceClock AdvanceClockInput => AdvanceClockOutput control::advance_clock;
        DescribeClock DescribeClockInput => DescribeClockOutput control::describe_clock;
        SplitShard SplitShardInput => SplitShardOutput control::split_shard;
        RollShard RollShardInput => RollShardOutput control::roll_shard;
        Maintain MaintainInput => MaintainOutput control::maintain;
        Backup BackupInput => BackupOutput control::backup;
        Compact CompactInput => CompactOutput control::compact;
    }
}

/// Checks a request's shape, then runs it.
pub(crate) fn run<R: Run>(call: &Call<'_>, input: &R) -> Result<R::Answer> {
    R::run(input.valid()?, call)
}

/// Every operation, in the order of the registry.
pub fn operations() -> &'static [OperationInfo] {
    OPERATIONS
}

/// The operation of this name.
pub fn operation(name: &str) -> Option<&'static OperationInfo> {
    OPERATIONS.iter().find(|operation| operation.name == name)
}

/// The registry as JSON: operations, shapes, members, types and constraints, for tools in other languages.
pub fn model_json() -> String {
    let operations: Vec<serde_json::Value> = OPERATIONS
        .iter()
        .map(|operation| {
            serde_json::json!({
                "name": operation.name,
                "target": operation.target_prefix,
                "input": structure(operation.input),
                "output": structure(operation.output),
            })
        })
        .collect();
    serde_json::json!({ "operations": operations }).to_string()
}

fn structure(info: &StructInfo) -> serde_json::Value {
    let members: serde_json::Map<String, serde_json::Value> =
        info.members.iter().map(|m| (m.wire.to_owned(), member(m))).collect();
    serde_json::json!({ "name": info.name, "doc": info.doc.trim(), "members": members })
}

fn member(info: &MemberInfo) -> serde_json::Value {
    let mut out =
        serde_json::json!({ "doc": info.doc.trim(), "type": ty(&info.ty), "required": info.required() });
    for constraint in info.constraints {
        match constraint {
            Constraint::Required => {}
            Constraint::Length { min, max } => out["length"] = serde_json::json!([min, max]),
            Constraint::Range { min, max } => out["range"] = serde_json::json!([min, max]),
            Constraint::Pattern { shown, .. } => out["pattern"] = serde_json::json!(shown),
        }
    }
    out
}

fn ty(info: &TypeInfo) -> serde_json::Value {
    match info {
        TypeInfo::String => "string".into(),
        TypeInfo::Integer => "integer".into(),
        TypeInfo::Long => "long".into(),
        TypeInfo::Double => "double".into(),
        TypeInfo::Boolean => "boolean".into(),
        TypeInfo::Timestamp => "timestamp".into(),
        TypeInfo::AttributeValue => "attributeValue".into(),
        TypeInfo::Item => "item".into(),
        TypeInfo::Enum(info) => serde_json::json!({ "enum": info.values, "name": info.name }),
        TypeInfo::List(member) => serde_json::json!({ "list": ty(member) }),
        TypeInfo::Map(member) => serde_json::json!({ "map": ty(member) }),
        TypeInfo::Struct(info) => serde_json::json!({ "structure": structure(info) }),
    }
}
