//! Texts about statements (facts B15). Some tell the place of a token: `at line:column:length`.

use std::fmt::Display;

use crate::value::AttributeType;

const INVALID: &str = "One or more parameter values were invalid: ";

/// What the parser cannot read; nothing is told where it is not even a token.
pub(crate) fn not_well_formed(problem: &str) -> String {
    format!("Statement wasn't well formed, can't be processed: {problem}")
}

/// A text with the place of a token, where there is one.
pub(crate) fn at(problem: String, place: Option<impl Display>) -> String {
    match place {
        Some(place) => format!("{problem} at {place}"),
        None => problem,
    }
}

/// In a transaction, what is wrong with one of its statements, counted from 0.
pub(crate) fn in_transaction(statement: usize, problem: &str) -> String {
    format!("Validation failed in TransactStatements[{statement}]: {problem}")
}

// What a statement may not be.

pub(crate) fn unsupported_operation(name: &str) -> String {
    format!("Unsupported operation: {name}")
}

pub(crate) fn several_items_inserted() -> String {
    "An INSERT puts one item".into()
}

pub(crate) fn one_operation_only() -> String {
    "An UPDATE changes an item with SET and REMOVE".into()
}

pub(crate) fn exists_outside_transaction() -> String {
    "EXISTS can only be used in ExecuteTransaction write requests.".into()
}

pub(crate) fn unsupported_clause(clause: &str) -> String {
    format!("Unsupported clause: {clause}")
}

pub(crate) fn unsupported_token(token: &str) -> String {
    format!("{token} cannot stand here")
}

pub(crate) fn aliasing() -> String {
    "Aliasing is not supported".into()
}

// Sources.

pub(crate) fn several_sources() -> String {
    "A SELECT reads one table or one index".into()
}

pub(crate) fn unexpected_source() -> String {
    "FROM must be followed by the name of a table".into()
}

pub(crate) fn source_not_one_table() -> String {
    "FROM clause may only contain a single table name in data manipulation statements".into()
}

pub(crate) fn source_too_long() -> String {
    "A path may contain at most 2 components in the FROM clause".into()
}

pub(crate) fn empty_component() -> String {
    "Path component cannot be an empty string".into()
}

pub(crate) fn not_on_an_index() -> String {
    "This operation is not supported on an index".into()
}

pub(crate) fn no_such_index() -> String {
    "The table does not have the specified index".into()
}

// Paths and columns.

pub(crate) fn unexpected_path_component() -> String {
    "Unexpected path component".into()
}

pub(crate) fn star_in_path() -> String {
    "A path cannot have a star".into()
}

pub(crate) fn index_out_of_range(index: &str) -> String {
    format!("List index is not within the allowable range; index: [{index}]")
}

pub(crate) fn column_twice(name: &str) -> String {
    format!("Duplicate identifiers in select clause: {name}")
}

pub(crate) fn select_value() -> String {
    "A SELECT answers items: VALUE cannot stand here".into()
}

// Literals. `path` is where in the literal, such as `root.a[0]`.

pub(crate) fn number_at(problem: &str, path: &str) -> String {
    format!("{problem} under {path}")
}

pub(crate) fn unsupported_type(name: &str, path: &str) -> String {
    format!("Unsupported data type: {name} under key {path}")
}

pub(crate) fn key_not_a_string(name: &str, path: &str) -> String {
    format!("The names of attributes must be strings, not {name}, under {path}")
}

pub(crate) fn key_twice(key: &str, path: &str) -> String {
    format!("The attribute {key} has two values under {path}")
}

pub(crate) fn empty_bag() -> String {
    "Empty bags are not supported".into()
}

pub(crate) fn mixed_bag() -> String {
    "Unsupported data type in Bag. DynamoDB only supports either numbers or strings in bags".into()
}

pub(crate) fn string_twice(members: &[&str]) -> String {
    format!("{INVALID}Input collection [{}] contains duplicates.", members.join(", "))
}

/// The exclamation mark is the service's, which tells the place of these and not of strings.
pub(crate) fn number_twice(members: &[&str], path: &str) -> String {
    format!("{INVALID}Input collection [{}] contains duplicates! under {path}", members.join(", "))
}

pub(crate) fn literal_too_deep(path: &str) -> String {
    format!("Nesting Levels have exceeded supported limits under {path}")
}

/// An item that an update nests too deeply.
pub(crate) fn too_deep() -> String {
    "Nesting Levels have exceeded supported limits".into()
}

pub(crate) fn item_not_a_struct() -> String {
    "An INSERT puts an item, such as {'name': value}".into()
}

pub(crate) fn insert_at() -> String {
    "An INSERT has no position: AT cannot stand here".into()
}

pub(crate) fn parameters_missing() -> String {
    "Number of parameters in request and statement don't match.".into()
}

// Conditions.

pub(crate) fn where_not_boolean() -> String {
    "WHERE must be followed by a condition".into()
}

pub(crate) fn connective_operands() -> String {
    "AND and OR join conditions".into()
}

pub(crate) fn not_operand() -> String {
    "NOT must be followed by a condition".into()
}

pub(crate) fn in_operands() -> String {
    "IN must be followed by a list of values".into()
}

pub(crate) fn missing_compared() -> String {
    "MISSING can only stand behind IS".into()
}

pub(crate) fn is_operand() -> String {
    "IS must follow an attribute or a value".into()
}

pub(crate) fn is_type(name: &str) -> String {
    format!("IS cannot ask for the type {name}")
}

pub(crate) fn condition_operator(symbol: &str) -> String {
    format!("Unsupported operator in Condition Expression. Operator: {symbol}")
}

pub(crate) fn unrecognized_function(name: &str) -> String {
    format!("Unrecognized function: {name}")
}

/// The order of the types is the service's here, and another one in expressions.
pub(crate) fn unknown_type_name(name: &str) -> String {
    format!("Invalid attribute type name found; type: {name}, valid types: {{N,BS,L,B,NULL,M,S,SS,NS,BOOL}}")
}

// Updates.

pub(crate) fn update_operator(symbol: &str) -> String {
    format!("An update cannot have the operator {symbol}")
}

/// `function` is `ADD` or `DELETE`, here as below.
pub(crate) fn set_function_arguments(function: &str) -> String {
    format!("SET_{function} must have exactly two arguments")
}

pub(crate) fn set_function_target(function: &str) -> String {
    format!("The first argument to SET_{function} must equal the assignment value")
}

pub(crate) fn set_function_value(function: &str) -> String {
    format!("The second argument to SET_{function} must be a value with type SET")
}

pub(crate) fn returning_in_insert() -> String {
    "An INSERT has no RETURNING".into()
}

/// `asked` is such as `MODIFIED OLD *`.
pub(crate) fn returning_in_delete(asked: &str) -> String {
    format!(
        "Invalid returning clause: RETURNING {asked}. Only RETURNING ALL OLD * is allowed in DELETE statements."
    )
}

pub(crate) fn returning_several() -> String {
    "RETURNING has one element".into()
}

pub(crate) fn returning_column() -> String {
    "RETURNING answers items: OLD and NEW must be followed by a star".into()
}

pub(crate) fn returning_in_transaction() -> String {
    "RETURNING clause is not supported in ExecuteTransaction.".into()
}

// Keys.

pub(crate) fn key_incomplete() -> String {
    "Where clause does not contain a mandatory equality on all key attributes".into()
}

pub(crate) fn key_twice_different(name: &str) -> String {
    format!("Multiple conditions on same key {name}. Only single item Update/Insert/Delete are supported")
}

pub(crate) fn key_type(name: &str) -> String {
    format!("Key attribute's data type should match its data type in table's schema: Key {name}")
}

pub(crate) fn key_kind(name: &str, kind: AttributeType) -> String {
    format!("Key value must be of type S, N, or B. Key name: {name}, Key type: {}", kind.name())
}

pub(crate) fn key_path(name: &str) -> String {
    format!(
        "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key {name}"
    )
}

/// `operation` is `ExecuteTransaction` or `BatchExecuteStatement`.
pub(crate) fn select_without_key(operation: &str) -> String {
    format!("Select statements within {operation} must specify the primary key in the where clause.")
}

pub(crate) fn exists_without_condition() -> String {
    "EXISTS() must contain a single item read with additional condition".into()
}

pub(crate) fn item_exists() -> String {
    "Duplicate primary key exists in table".into()
}

// Reads.

pub(crate) fn overlapping_ranges() -> String {
    "Overlapping conditions with range keys are not supported in where clause".into()
}

pub(crate) fn too_many_reads() -> String {
    "Too many decomposed read operations for a given query.".into()
}

pub(crate) fn order_without_where() -> String {
    "Must have WHERE clause in the statement when using ORDER BY clause.".into()
}

pub(crate) fn order_without_key() -> String {
    "Must have at least one non-optional hash key condition in WHERE clause when using ORDER BY clause."
        .into()
}

pub(crate) fn order_by_other(name: &str) -> String {
    format!("Attribute {name} in ORDER BY clause must be part of the primary key")
}

pub(crate) fn order_by_expression() -> String {
    "ORDER BY takes the names of key attributes".into()
}

pub(crate) fn order_without_partition() -> String {
    "Must have hash key in ORDER BY clause when more than one hash key condition specified in WHERE clause."
        .into()
}

pub(crate) fn invalid_next_token() -> String {
    "Invalid NextToken".into()
}

pub(crate) fn other_next_token() -> String {
    "NextToken does not match request".into()
}

pub(crate) fn consistent_read() -> String {
    "Strongly consistent read is not supported on Global Secondary Indexes".into()
}

/// The service says tables where it means indexes.
pub(crate) fn multi_attribute_index() -> String {
    "PartiQL statements cannot be executed on tables with multi-attribute HASH keys or multi-attribute RANGE keys."
        .into()
}

// Several statements.

pub(crate) fn mixed_batch() -> String {
    "Read and write requests together in the same batch is not supported.".into()
}

pub(crate) fn mixed_transaction() -> String {
    "ExecuteTransaction API does not support both read and write operations in the same request.".into()
}

pub(crate) fn index_in_transaction() -> String {
    "Reads on indices are not supported within transactions.".into()
}
