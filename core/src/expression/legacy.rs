//! The parameters from before expressions, translated into the same trees.

use crate::api::Result;
use crate::value::ValueRef;

use super::{Condition, KeyCondition, Projection, Update};

/// One entry of `Expected`, `QueryFilter`, `ScanFilter` or `KeyConditions`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Comparison<'a> {
    /// `ComparisonOperator`, as sent.
    pub(crate) operator: Option<&'a str>,
    /// `AttributeValueList`.
    pub(crate) list: Option<Vec<ValueRef<'a>>>,
    /// `Value` (`Expected` only).
    pub(crate) value: Option<ValueRef<'a>>,
    /// `Exists` (`Expected` only).
    pub(crate) exists: Option<bool>,
}

/// One entry of `AttributeUpdates`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AttributeUpdate<'a> {
    /// `PUT` (also when absent), `ADD` or `DELETE`.
    pub(crate) action: Option<&'a str>,
    pub(crate) value: Option<ValueRef<'a>>,
}

/// Refuses requests with both generations of parameters: each given as its name and whether it is present, in the order the
/// service lists them.
///
/// # Errors
/// "Can not use both expression and non-expression parameters in the same request: …".
pub(crate) fn refuse_mixing(legacy: &[(&str, bool)], expressions: &[(&str, bool)]) -> Result<()> {
    let _ = (legacy, expressions);
    unimplemented!()
}

/// `Expected` with `ConditionalOperator` (`AND` when absent).
pub(crate) fn expected<'a>(
    entries: impl IntoIterator<Item = (&'a str, Comparison<'a>)>,
    operator: Option<&str>,
) -> Result<Condition<'a>> {
    let _ = (entries, operator);
    unimplemented!()
}

/// `QueryFilter` or `ScanFilter` with `ConditionalOperator`.
pub(crate) fn filter<'a>(
    entries: impl IntoIterator<Item = (&'a str, Comparison<'a>)>,
    operator: Option<&str>,
) -> Result<Condition<'a>> {
    let _ = (entries, operator);
    unimplemented!()
}

/// `KeyConditions`.
pub(crate) fn key_conditions<'a>(
    entries: impl IntoIterator<Item = (&'a str, Comparison<'a>)>,
) -> Result<KeyCondition<'a>> {
    let _ = entries;
    unimplemented!()
}

/// `AttributeUpdates`.
pub(crate) fn attribute_updates<'a>(
    entries: impl IntoIterator<Item = (&'a str, AttributeUpdate<'a>)>,
) -> Result<Update<'a>> {
    let _ = entries;
    unimplemented!()
}

/// `AttributesToGet`.
pub(crate) fn attributes_to_get<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<Projection<'a>> {
    let _ = names;
    unimplemented!()
}
