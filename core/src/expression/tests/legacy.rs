//! Legacy parameters: translated and evaluated, and what they are refused with.

use super::super::legacy;
use super::*;
use crate::api::{
    AttributeValueUpdate, Condition as FilterEntry, ConditionalOperator, ExpectedAttributeValue,
};

type Map<T> = BTreeMap<String, T>;

fn read<T: serde::de::DeserializeOwned>(json: &str) -> Map<T> {
    serde_json::from_str(json).expect("readable")
}

fn on() -> Item {
    item(
        r#"{"s":{"S":"hello"},"n":{"N":"5"},"ss":{"SS":["a","b"]},"l":{"L":[{"N":"2"}]},"nul":{"NULL":true}}"#,
    )
}

fn expected(json: &str) -> Result<bool> {
    let entries: Map<ExpectedAttributeValue> = read(json);
    Ok(legacy::expected(Some(&entries), None)?.expect("given").holds(&on()))
}

fn one(operator: &str, name: &str, list: &str) -> Result<bool> {
    expected(&format!(r#"{{"{name}":{{"ComparisonOperator":"{operator}","AttributeValueList":[{list}]}}}}"#))
}

#[test]
fn comparisons() {
    for (operator, name, list, holds) in [
        ("EQ", "n", r#"{"N":"5.0"}"#, true),
        ("EQ", "l", r#"{"L":[{"N":"2"}]}"#, true),
        ("EQ", "q", r#"{"N":"5"}"#, false),
        ("NE", "n", r#"{"S":"5"}"#, true),
        ("NE", "q", r#"{"S":"5"}"#, true),
        ("LT", "n", r#"{"N":"10"}"#, true),
        ("LE", "n", r#"{"N":"5"}"#, true),
        ("GT", "n", r#"{"N":"5"}"#, false),
        ("GE", "s", r#"{"S":"hell"}"#, true),
        ("LT", "n", r#"{"S":"9"}"#, false),
        ("NULL", "q", "", true),
        ("NULL", "nul", "", false),
        ("NOT_NULL", "nul", "", true),
        ("CONTAINS", "s", r#"{"S":"ell"}"#, true),
        ("CONTAINS", "ss", r#"{"S":"b"}"#, true),
        ("CONTAINS", "l", r#"{"N":"2"}"#, true),
        ("NOT_CONTAINS", "ss", r#"{"S":"c"}"#, true),
        ("NOT_CONTAINS", "s", r#"{"S":"ell"}"#, false),
        ("NOT_CONTAINS", "q", r#"{"S":"c"}"#, false),
        ("BEGINS_WITH", "s", r#"{"S":"he"}"#, true),
        ("IN", "n", r#"{"N":"1"},{"N":"5"}"#, true),
        ("BETWEEN", "n", r#"{"N":"1"},{"N":"5"}"#, true),
        ("BETWEEN", "s", r#"{"S":"i"},{"S":"j"}"#, false),
    ] {
        assert_eq!(one(operator, name, list).expect(operator), holds, "{operator} {name}");
    }
}

#[test]
fn value_and_exists() {
    assert!(expected(r#"{"n":{"Value":{"N":"5"}}}"#).expect("valid"));
    assert!(expected(r#"{"n":{"Value":{"N":"5"},"Exists":true},"q":{"Exists":false}}"#).expect("valid"));
    assert!(!expected(r#"{"n":{"Exists":false}}"#).expect("valid"));
    assert!(expected("{}").expect("no condition holds of everything"));
}

#[test]
fn operators_combine() {
    let entries: Map<ExpectedAttributeValue> =
        read(r#"{"n":{"Value":{"N":"5"}},"s":{"Value":{"S":"other"}}}"#);
    let holds =
        |operator| legacy::expected(Some(&entries), operator).expect("valid").expect("given").holds(&on());
    assert!(!holds(None));
    assert!(!holds(Some(ConditionalOperator::And)));
    assert!(holds(Some(ConditionalOperator::Or)));
    assert_eq!(
        message(legacy::expected(None, Some(ConditionalOperator::Or))),
        "ConditionalOperator cannot be used without Filter or Expected"
    );
    let single: Map<FilterEntry> = read(r#"{"n":{"ComparisonOperator":"NULL"}}"#);
    assert_eq!(
        message(legacy::filter("ScanFilter", Some(&single), Some(ConditionalOperator::And))),
        "ConditionalOperator can only be used when Filter or Expected has two or more elements"
    );
}

#[test]
fn refused_conditions() {
    let invalid = |rest: &str| format!("One or more parameter values were invalid: {rest}");
    for (json, text) in [
        (r#"{"a":{}}"#, "Value must be provided when Exists is null for Attribute: a"),
        (r#"{"a":{"Exists":true}}"#, "Value must be provided when Exists is true for Attribute: a"),
        (
            r#"{"a":{"Exists":false,"Value":{"S":"x"}}}"#,
            "Value cannot be used when Exists is false for Attribute: a",
        ),
        (
            r#"{"a":{"Exists":false,"ComparisonOperator":"NULL"}}"#,
            "Exists and ComparisonOperator cannot be used together for Attribute: a",
        ),
        (
            r#"{"a":{"Value":{"S":"x"},"AttributeValueList":[]}}"#,
            "Value and AttributeValueList cannot be used together for Attribute: a",
        ),
        (
            r#"{"a":{"AttributeValueList":[{"S":"x"}]}}"#,
            "AttributeValueList can only be used with a ComparisonOperator for Attribute: a",
        ),
        (
            r#"{"a":{"ComparisonOperator":"EQ"}}"#,
            "Value or AttributeValueList must be used with ComparisonOperator: EQ for Attribute: a",
        ),
        (
            r#"{"a":{"ComparisonOperator":"NULL","Value":{"S":"x"}}}"#,
            "Invalid number of argument(s) for the NULL ComparisonOperator",
        ),
        (
            r#"{"a":{"ComparisonOperator":"IN","AttributeValueList":[{"S":"x"},{"N":"1"}]}}"#,
            "AttributeValues inside AttributeValueList must be of same type",
        ),
        (
            r#"{"a":{"ComparisonOperator":"LE","AttributeValueList":[{"L":[]}]}}"#,
            "ComparisonOperator LE is not valid for L AttributeValue type",
        ),
    ] {
        assert_eq!(message(expected(json)), invalid(text), "{json}");
    }
    assert_eq!(
        message(one("BETWEEN", "a", r#"{"S":"b"},{"S":"a"}"#)),
        "The BETWEEN condition was provided a range where the lower bound is greater than the upper bound"
    );
    assert_eq!(
        message(one("EQ", "a", r#"{"N":"x"}"#)),
        "The parameter cannot be converted to a numeric value: x"
    );
}

#[test]
fn filters_name_themselves() {
    let entries: Map<FilterEntry> = read(r#"{"k":{"ComparisonOperator":"NULL"}}"#);
    let filter = legacy::filter("QueryFilter", Some(&entries), None).expect("valid").expect("given");
    assert_eq!(
        message(filter.refuse_keys(&["k"])),
        "QueryFilter can only contain non-primary key attributes: Primary key attribute: k"
    );
}

#[test]
fn key_conditions() {
    let resolved = |json: &str| {
        let entries: Map<FilterEntry> = read(json);
        let keys = legacy::key_conditions(&entries)?;
        keys.resolve(&[("p", AttributeType::S)], &[("c", AttributeType::N)]).map(|range| format!("{range:?}"))
    };
    let p = r#""p":{"ComparisonOperator":"EQ","AttributeValueList":[{"S":"x"}]}"#;
    let c = |rest: &str| format!(r#"{{{p},"c":{{"ComparisonOperator":{rest}}}}}"#);
    assert!(
        resolved(&c(r#""BETWEEN","AttributeValueList":[{"N":"1"},{"N":"2"}]"#))
            .expect("valid")
            .contains("Between")
    );
    for operator in ["NULL", "NOT_NULL"] {
        assert_eq!(
            message(resolved(&c(&format!("\"{operator}\"")))),
            "Attempted conditional constraint is not an indexable operation"
        );
    }
    assert_eq!(
        message(resolved(&c(r#""NE","AttributeValueList":[{"N":"1"}]"#))),
        "Attempted conditional constraint is not an indexable operation"
    );
    assert_eq!(message(resolved("{}")), "Conditions can be of length 1 or 2 only");
    assert_eq!(
        message(resolved(r#"{"p":{"ComparisonOperator":"LE","AttributeValueList":[{"S":"x"}]}}"#)),
        "Query key condition not supported"
    );
    assert_eq!(
        message(resolved(r#"{"z":{"ComparisonOperator":"NULL"}}"#)),
        "Query condition missed key schema element: p"
    );
}

fn apply(json: &str, old: &str) -> Result<Item> {
    let entries: Map<AttributeValueUpdate> = read(json);
    legacy::attribute_updates(&entries)?.apply(&item(old))
}

#[test]
fn attribute_updates() {
    let old = r#"{"n":{"N":"5"},"ss":{"SS":["a","b"]},"l":{"L":[{"N":"1"}]},"s":{"S":"x"}}"#;
    let json = r#"{"n":{"Action":"ADD","Value":{"N":"2"}},"ss":{"Action":"DELETE","Value":{"SS":["a"]}},
        "l":{"Action":"ADD","Value":{"L":[{"N":"2"}]}},"s":{"Action":"DELETE"},"new":{"Value":{"S":"y"}},
        "more":{"Action":"ADD","Value":{"NS":["1"]}},"gone":{"Action":"DELETE","Value":{"NS":["1"]}}}"#;
    assert_eq!(
        apply(json, old).expect("valid"),
        item(
            r#"{"n":{"N":"7"},"ss":{"SS":["b"]},"l":{"L":[{"N":"1"},{"N":"2"}]},"new":{"S":"y"},"more":{"NS":["1"]}}"#
        )
    );
    let creates = |json: &str| {
        let entries: Map<AttributeValueUpdate> = read(json);
        legacy::attribute_updates(&entries).expect("valid").creates_item()
    };
    assert!(creates("{}"));
    assert!(creates(r#"{"a":{"Value":{"S":"x"}}}"#));
    assert!(!creates(r#"{"a":{"Action":"DELETE"}}"#));
}

#[test]
fn refused_updates() {
    let refused = |json: &str| message(apply(json, r#"{"a":{"SS":["x"]},"n":{"N":"1"}}"#));
    let invalid = "One or more parameter values were invalid: ";
    assert_eq!(
        refused(r#"{"a":{}}"#),
        format!("{invalid}Only DELETE action is allowed when no attribute value is specified")
    );
    assert_eq!(
        refused(r#"{"a":{"Action":"DELETE","Value":{"L":[]}}}"#),
        format!("{invalid}DELETE action with value is not supported for the type L")
    );
    assert_eq!(
        refused(r#"{"a":{"Action":"ADD","Value":{"BOOL":true}}}"#),
        format!("{invalid}ADD action is not supported for the type BOOL")
    );
    for json in [
        r#"{"a":{"Action":"DELETE","Value":{"NS":["1"]}}}"#,
        r#"{"a":{"Action":"ADD","Value":{"N":"1"}}}"#,
        r#"{"n":{"Action":"DELETE","Value":{"NS":["1"]}}}"#,
        r#"{"n":{"Action":"ADD","Value":{"L":[]}}}"#,
    ] {
        assert_eq!(refused(json), "Type mismatch for attribute to update", "{json}");
    }
}

#[test]
fn attributes_to_get() {
    let names = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
    let wanted = names(&["s", "n", "q"]);
    let projection = legacy::attributes_to_get(&wanted).expect("valid");
    assert_eq!(projection.apply(&on()), item(r#"{"s":{"S":"hello"},"n":{"N":"5"}}"#));
    assert_eq!(
        message(legacy::attributes_to_get(&names(&["a", "b", "a"]))),
        "One or more parameter values were invalid: Duplicate value in attribute name: a"
    );
}

#[test]
fn generations_do_not_mix() {
    let expressions = [("UpdateExpression", true), ("ConditionExpression", true)];
    assert_eq!(
        message(legacy::refuse_mixing(&[("AttributeUpdates", true), ("Expected", true)], &expressions)),
        "Can not use both expression and non-expression parameters in the same request: Non-expression parameters: \
         {AttributeUpdates, Expected} Expression parameters: {UpdateExpression, ConditionExpression}"
    );
    assert!(legacy::refuse_mixing(&[("AttributeUpdates", false), ("Expected", false)], &expressions).is_ok());
    assert!(legacy::refuse_mixing(&[("Expected", true)], &[("ConditionExpression", false)]).is_ok());
}
