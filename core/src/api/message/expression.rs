//! Texts about expressions and legacy conditions (facts B5).
//!
//! Functions whose text says what is wrong inside one expression return the part after `Invalid ConditionExpression: `; `invalid`
//! puts the two together.

use std::fmt::Display;

use super::Problem;
use crate::value::{AttributeType, Path};

const INVALID: &str = "One or more parameter values were invalid: ";

/// The parameters that say what placeholders stand for.
pub(crate) const NAMES: &str = "ExpressionAttributeNames";
pub(crate) const VALUES: &str = "ExpressionAttributeValues";

pub(crate) fn invalid(parameter: &str, problem: &str) -> Problem {
    Problem::Parameter(format!("Invalid {parameter}: {problem}"))
}

// The text as a whole.

pub(crate) fn empty() -> String {
    "The expression can not be empty;".into()
}

pub(crate) fn too_long(bytes: usize) -> String {
    format!("Expression size has exceeded the maximum allowed size; expression size: {bytes}")
}

/// Updates are told without their size.
pub(crate) fn update_too_long() -> String {
    "Expression size has exceeded the maximum allowed size;".into()
}

/// A path of so many levels.
pub(crate) fn path_too_deep(levels: usize) -> String {
    format!("The document path has too many nesting elements; nesting levels: {levels}")
}

pub(crate) fn too_many_operators(count: usize) -> String {
    format!("The expression contains too many operators; operator count: {count}")
}

pub(crate) fn syntax_error(token: &str, near: &str) -> String {
    format!("Syntax error; token: \"{token}\", near: \"{near}\"")
}

pub(crate) fn redundant_parentheses() -> String {
    "The expression has redundant parentheses;".into()
}

pub(crate) fn section_twice(section: &str) -> String {
    format!("The \"{section}\" section can only be used once in an update expression;")
}

// Names, values and paths.

pub(crate) fn reserved_word(word: &str) -> String {
    format!("Attribute name is a reserved keyword; reserved keyword: {word}")
}

pub(crate) fn undefined_name(placeholder: &str) -> String {
    format!(
        "An expression attribute name used in the document path is not defined; attribute name: {placeholder}"
    )
}

pub(crate) fn undefined_value(placeholder: &str) -> String {
    format!("An expression attribute value used in expression is not defined; attribute value: {placeholder}")
}

pub(crate) fn index_out_of_range(digits: &str) -> String {
    format!("List index is not within the allowable range; index: [{digits}]")
}

pub(crate) fn paths_overlap(one: &Path<'_>, two: &Path<'_>) -> String {
    format!(
        "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: {one}, path two: {two}"
    )
}

pub(crate) fn paths_conflict(one: &Path<'_>, two: &Path<'_>) -> String {
    format!(
        "Two document paths conflict with each other; must remove or rewrite one of these paths; path one: {one}, path two: {two}"
    )
}

// Operators and functions.

pub(crate) fn unknown_function(name: &str) -> String {
    format!("Invalid function name; function: {name}")
}

/// A function of another kind of expression; `place` is such as `a condition expression`.
pub(crate) fn function_not_allowed(place: &str, name: &str) -> String {
    format!("The function is not allowed in {place}; function: {name}")
}

pub(crate) fn function_misused(name: &str) -> String {
    format!("The function is not allowed to be used this way in an expression; function: {name}")
}

pub(crate) fn operand_count(function: &str, count: usize) -> String {
    format!(
        "Incorrect number of operands for operator or function; operator or function: {function}, number of operands: {count}"
    )
}

pub(crate) fn too_many_in_operands(count: usize) -> String {
    format!("The IN operator is provided with too many operands; number of operands: {count}")
}

pub(crate) fn operand_not_distinct(operator: &str, path: &Path<'_>) -> String {
    format!(
        "The first operand must be distinct from the remaining operands for this operator or function; operator: {operator}, first operand: {path}"
    )
}

pub(crate) fn operand_type(operator: &str, kind: AttributeType) -> String {
    format!(
        "Incorrect operand type for operator or function; operator or function: {operator}, operand type: {}",
        kind.name()
    )
}

/// `attribute_type` with something else than a value as its type.
pub(crate) fn operand_type_unknown(operator: &str) -> String {
    format!(
        "Incorrect operand type for operator or function; operator or function: {operator}, operand type: {{NS,SS,L,BS,N,M,B,BOOL,NULL,S}}"
    )
}

pub(crate) fn clause_operand_type(clause: &str, kind: AttributeType) -> String {
    let kind = match kind {
        AttributeType::S => "STRING",
        AttributeType::N => "NUMBER",
        AttributeType::B => "BINARY",
        AttributeType::Bool => "BOOLEAN",
        AttributeType::Null => "NULL",
        AttributeType::L => "LIST",
        AttributeType::M => "MAP",
        AttributeType::Ss => "STRING_SET",
        AttributeType::Ns => "NUMBER_SET",
        AttributeType::Bs => "BINARY_SET",
    };
    format!(
        "Incorrect operand type for operator or function; operator: {clause}, operand type: {kind}, typeSet: ALLOWED_FOR_{clause}_OPERAND"
    )
}

pub(crate) fn needs_path(function: &str) -> String {
    format!("Operator or function requires a document path; operator or function: {function}")
}

pub(crate) fn unknown_type_name(name: &str) -> String {
    format!("Invalid attribute type name found; type: {name}, valid types: {{B,NULL,SS,BOOL,L,BS,N,NS,S,M}}")
}

/// Bounds as `N:1`.
pub(crate) fn between_types(lower: &str, upper: &str) -> String {
    format!(
        "The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: AttributeValue: {{{lower}}}, upper bound operand: AttributeValue: {{{upper}}}"
    )
}

/// Bounds as `N:1`.
pub(crate) fn between_order(lower: &str, upper: &str) -> String {
    format!(
        "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {{{lower}}}, upper bound operand: AttributeValue: {{{upper}}}"
    )
}

// Placeholders of the whole request. `parameter` is `ExpressionAttributeNames` or `ExpressionAttributeValues`.

pub(crate) fn placeholders_without_expression(parameter: &str) -> Problem {
    Problem::Parameter(format!("{parameter} can only be specified when using expressions"))
}

pub(crate) fn placeholders_empty(parameter: &str) -> Problem {
    Problem::Parameter(format!("{parameter} must not be empty"))
}

pub(crate) fn placeholder_key(parameter: &str, key: &str) -> Problem {
    Problem::Parameter(format!("{parameter} contains invalid key: Syntax error; key: \"{key}\""))
}

pub(crate) fn placeholder_value(parameter: &str, problem: &str, key: &str) -> String {
    format!("{parameter} contains invalid value: {problem} for key {key}")
}

pub(crate) fn placeholders_too_large(bytes: usize, limit: usize) -> Problem {
    Problem::Parameter(format!(
        "The combined size of ExpressionAttributeNames and ExpressionAttributeValues exceeds the maximum allowed size; size: {bytes}, maximum: {limit}"
    ))
}

pub(crate) fn placeholders_unused(parameter: &str, keys: &[&str]) -> Problem {
    Problem::Parameter(format!(
        "Value provided in {parameter} unused in expressions: keys: {{{}}}",
        keys.join(", ")
    ))
}

// Updates at run time.

pub(crate) fn missing_operand() -> String {
    "The provided expression refers to an attribute that does not exist in the item".into()
}

pub(crate) fn invalid_update_path() -> String {
    "The document path provided in the update expression is invalid for update".into()
}

pub(crate) fn update_operand_type() -> String {
    "An operand in the update expression has an incorrect data type".into()
}

pub(crate) fn legacy_update_type() -> String {
    "Type mismatch for attribute to update".into()
}

// Keys.

pub(crate) fn key_not_scalar(name: &str) -> String {
    format!(
        "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: {name}"
    )
}

pub(crate) fn filter_on_key(parameter: &str, name: &str) -> String {
    format!("{parameter} can only contain non-primary key attributes: Primary key attribute: {name}")
}

pub(crate) fn key_condition_operator(operator: &str) -> String {
    format!("Invalid operator used in KeyConditionExpression: {operator}")
}

pub(crate) fn key_condition_first_operand(operator: &str) -> String {
    format!(
        "Invalid condition in KeyConditionExpression: {operator} operator must have the key attribute as its first operand"
    )
}

pub(crate) fn key_condition_several_names() -> String {
    "Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition".into()
}

pub(crate) fn key_condition_no_name() -> String {
    "Invalid condition in KeyConditionExpression: No key attribute specified".into()
}

pub(crate) fn key_condition_nested_attribute() -> String {
    "KeyConditionExpressions cannot have conditions on nested attributes".into()
}

pub(crate) fn key_condition_nested_operation() -> String {
    "KeyConditionExpressions cannot contain nested operations".into()
}

pub(crate) fn key_condition_twice() -> Problem {
    let classic = "KeyConditionExpressions must only contain one condition per key";
    Problem::Reworded {
        classic: classic.into(),
        current: format!("Invalid KeyConditionExpression: {classic}"),
    }
}

/// More conditions of an expression than the key has attributes.
pub(crate) fn key_condition_surplus(conditions: usize, key: usize) -> Problem {
    Problem::Reworded {
        classic: key_condition_count(),
        current: format!(
            "The number of query conditions ({conditions}) exceeds the number of key attributes defined in the schema ({key})"
        ),
    }
}

pub(crate) fn key_condition_count() -> String {
    "Conditions can be of length 1 or 2 only".into()
}

pub(crate) fn key_condition_missed(name: &str) -> String {
    format!("Query condition missed key schema element: {name}")
}

pub(crate) fn key_condition_not_supported() -> String {
    "Query key condition not supported".into()
}

pub(crate) fn key_condition_not_indexable() -> String {
    "Attempted conditional constraint is not an indexable operation".into()
}

pub(crate) fn key_condition_type() -> String {
    format!("{INVALID}Condition parameter type does not match schema type")
}

// Legacy parameters.

pub(crate) fn both_generations(legacy: &[&str], expressions: &[&str]) -> Problem {
    Problem::Parameter(format!(
        "Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {{{}}} Expression parameters: {{{}}}",
        legacy.join(", "),
        expressions.join(", ")
    ))
}

pub(crate) fn operator_without_conditions() -> String {
    "ConditionalOperator cannot be used without Filter or Expected".into()
}

pub(crate) fn operator_with_one_condition() -> String {
    "ConditionalOperator can only be used when Filter or Expected has two or more elements".into()
}

/// `one` and `other` are members of a legacy condition, such as `Exists` and `ComparisonOperator`.
pub(crate) fn legacy_members_together(one: &str, other: &str, name: &str) -> String {
    format!("{INVALID}{one} and {other} cannot be used together for Attribute: {name}")
}

pub(crate) fn legacy_list_without_operator(name: &str) -> String {
    format!("{INVALID}AttributeValueList can only be used with a ComparisonOperator for Attribute: {name}")
}

pub(crate) fn legacy_operator_without_value(operator: &str, name: &str) -> String {
    format!(
        "{INVALID}Value or AttributeValueList must be used with ComparisonOperator: {operator} for Attribute: {name}"
    )
}

/// `exists` is what `Exists` says, `null` when it is absent.
pub(crate) fn legacy_value_missing(exists: &impl Display, name: &str) -> String {
    format!("{INVALID}Value must be provided when Exists is {exists} for Attribute: {name}")
}

pub(crate) fn legacy_value_not_allowed(name: &str) -> String {
    format!("{INVALID}Value cannot be used when Exists is false for Attribute: {name}")
}

pub(crate) fn legacy_argument_count(operator: &str) -> String {
    format!("{INVALID}Invalid number of argument(s) for the {operator} ComparisonOperator")
}

pub(crate) fn legacy_mixed_types() -> String {
    format!("{INVALID}AttributeValues inside AttributeValueList must be of same type")
}

pub(crate) fn legacy_operand_type(operator: &str, kind: AttributeType) -> String {
    format!("{INVALID}ComparisonOperator {operator} is not valid for {} AttributeValue type", kind.name())
}

pub(crate) fn legacy_between_order() -> String {
    "The BETWEEN condition was provided a range where the lower bound is greater than the upper bound".into()
}

pub(crate) fn legacy_update_without_value() -> String {
    format!("{INVALID}Only DELETE action is allowed when no attribute value is specified")
}

pub(crate) fn legacy_delete_type(kind: AttributeType) -> String {
    format!("{INVALID}DELETE action with value is not supported for the type {}", kind.name())
}

pub(crate) fn legacy_add_type(kind: AttributeType) -> String {
    format!("{INVALID}ADD action is not supported for the type {}", kind.name())
}

pub(crate) fn legacy_name_twice(name: &str) -> String {
    format!("{INVALID}Duplicate value in attribute name: {name}")
}
