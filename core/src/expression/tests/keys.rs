//! Key conditions: texts against keys.

use super::*;

const HASH: (&str, AttributeType) = ("p", AttributeType::S);
const RANGE: (&str, AttributeType) = ("c", AttributeType::N);

fn refused(text: &str) -> String {
    let request = Request::new(VALUES);
    let parsed = request.key_condition(text);
    message(parsed.and_then(|keys| keys.resolve(&[HASH], &[RANGE]).map(|range| format!("{range:?}"))))
}

fn resolves(text: &str, check: impl Fn(ValueRef<'_>, Option<SortCondition<'_>>) -> bool) {
    let request = Request::new(VALUES);
    let keys = request.key_condition(text).expect(text);
    let range = keys.resolve(&[HASH], &[RANGE]).expect(text);
    assert!(check(range.partition[0], range.sort), "{text}: {range:?}");
}

#[test]
fn ranges() {
    use SortCondition::{Between, Eq, Ge, Gt, Le, Lt};
    use ValueRef::{N, S};
    resolves("p = :s", |p, s| p == S("b") && s.is_none());
    resolves(":s = p AND c = :n", |p, s| p == S("b") && matches!(s, Some(Eq(N("1")))));
    resolves("c < :n and p=:s", |_, s| matches!(s, Some(Lt(N("1")))));
    resolves("(p = :s AND (:n < c))", |_, s| matches!(s, Some(Gt(N("1")))));
    resolves("p = :s AND :n <= c", |_, s| matches!(s, Some(Ge(N("1")))));
    resolves("p = :s AND c <= :n", |_, s| matches!(s, Some(Le(N("1")))));
    resolves("(p = :s) aNd (c bEtWeEn :n AND :m)", |_, s| matches!(s, Some(Between(N("1"), N("2")))));
    let request = Request::new(VALUES);
    let keys = request.key_condition("p = :s AND begins_with(c, :t)").expect("valid");
    let range = keys.resolve(&[HASH], &[("c", AttributeType::S)]).expect("valid");
    let sort = range.sort.expect("a sort condition");
    assert!(sort.holds(S("cat")) && !sort.holds(S("dog")));
}

#[test]
fn sort_conditions_hold() {
    let (one, two) = (ValueRef::N("1"), ValueRef::N("2"));
    assert!(SortCondition::Between(one, two).holds(ValueRef::N("1.5")));
    assert!(!SortCondition::Between(one, two).holds(ValueRef::N("10")));
    assert!(SortCondition::Gt(two).holds(ValueRef::N("10")) && !SortCondition::Gt(two).holds(two));
    assert!(SortCondition::Le(two).holds(two) && SortCondition::Eq(one).holds(one));
}

#[test]
fn conditions_no_key_answers() {
    let operator = |name: &str| format!("Invalid operator used in KeyConditionExpression: {name}");
    for (text, expected) in [
        ("p = :s OR c = :n", operator("OR")),
        ("NOT c = :n AND p = :s", operator("NOT")),
        ("NOT NOT p = :s", operator("NOT")),
        ("p = :s AND c <> :n", operator("<>")),
        ("p = :s AND c IN (:n)", operator("IN")),
        ("p = :s AND attribute_exists(c)", operator("attribute_exists")),
        ("contains(c, :n)", operator("contains")),
        (
            ":n BETWEEN c AND p",
            "Invalid condition in KeyConditionExpression: BETWEEN operator must have the key attribute as its first operand".into(),
        ),
        (
            "begins_with(:s, p)",
            "Invalid condition in KeyConditionExpression: begins_with operator must have the key attribute as its first operand".into(),
        ),
        ("size(p) > :n", "KeyConditionExpressions cannot contain nested operations".into()),
        ("p = c", "Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition".into()),
        ("p = :s AND c.x = :n", "KeyConditionExpressions cannot have conditions on nested attributes".into()),
        (":s = :t", "Invalid condition in KeyConditionExpression: No key attribute specified".into()),
        ("p = :s AND p = :s", "Invalid KeyConditionExpression: KeyConditionExpressions must only contain one condition per key".into()),
        (
            "p = :s AND c = :n AND q = :n",
            "The number of query conditions (3) exceeds the number of key attributes defined in the schema (2)".into(),
        ),
        ("p < :s", "Query key condition not supported".into()),
        ("c = :n", "Query condition missed key schema element: p".into()),
        ("p = :s AND q = :n", "Query condition missed key schema element: c".into()),
        (
            "p = :n",
            "One or more parameter values were invalid: Condition parameter type does not match schema type".into(),
        ),
        (
            "p = :s AND c > :s",
            "One or more parameter values were invalid: Condition parameter type does not match schema type".into(),
        ),
        (
            "p = :s AND begins_with(c, :n)",
            "Invalid KeyConditionExpression: Incorrect operand type for operator or function; operator or function: begins_with, operand type: N".into(),
        ),
        ("((p = :s)) AND c = :n", "Invalid KeyConditionExpression: The expression has redundant parentheses;".into()),
        ("", "Invalid KeyConditionExpression: The expression can not be empty;".into()),
    ] {
        assert_eq!(refused(text), expected, "{text}");
    }
}

#[test]
fn values_no_key_has() {
    let long = "x".repeat(2049);
    let values = format!(r#"{{":e":{{"S":""}},":long":{{"S":"{long}"}}}}"#);
    let request = Request::new(&values);
    let parse = |text| request.key_condition(text).expect("valid");
    assert_eq!(
        message(parse("p = :e").resolve(&[HASH], &[])),
        "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: p"
    );
    assert!(message(parse("p = :long").resolve(&[HASH], &[])).contains("Size of hashkey has exceeded"));
    assert_eq!(
        message(parse("p = :e AND q = :e").resolve(&[HASH], &[])),
        "Query key condition not supported"
    );
}

#[test]
fn several_attributes() {
    let (partition, sort) = (
        [("p", AttributeType::S), ("q", AttributeType::S)],
        [("a", AttributeType::N), ("b", AttributeType::N), ("c", AttributeType::N)],
    );
    let request = Request::new(VALUES);
    let check = |text: &str| {
        let keys = request.key_condition(text).expect(text);
        keys.resolve(&partition, &sort).map(|range| {
            let sort = range.sort.map(|sort| format!("{sort:?}"));
            (range.partition.len(), range.equal.len(), sort.unwrap_or_else(|| "none".into()))
        })
    };
    assert_eq!(check("q = :s AND p = :t").expect("in any order"), (2, 0, "none".into()));
    let (count, equal, sort_condition) =
        check("p = :s AND q = :s AND b > :n AND a = :m").expect("a condition on the last");
    assert_eq!((count, equal), (2, 1));
    assert!(sort_condition.starts_with("Gt"), "{sort_condition}");
    let gap = |names: &str, present: &str| {
        format!(
            "RANGE key attributes {names} must have equality conditions specified in the query because a condition is present on key \
             attribute {present}"
        )
    };
    for (text, expected) in [
        ("p = :s", "Query condition missed key schema element: q".to_owned()),
        ("p = :s AND q > :s", "Query key condition not supported".to_owned()),
        ("p = :s AND q = :s AND b = :n", gap("a", "b")),
        ("p = :s AND q = :s AND a > :n AND b = :n", gap("a", "b")),
        ("p = :s AND q = :s AND c = :n", gap("a, b", "c")),
        ("p = :s AND q = :s AND z = :n", "Query condition missed key schema element: a".to_owned()),
        (
            "p = :s AND q = :s AND a = :n AND b = :n AND c = :n AND z = :n",
            "The number of query conditions (6) exceeds the number of key attributes defined in the schema (5)".to_owned(),
        ),
    ] {
        assert_eq!(message(check(text)), expected, "{text}");
    }
}
