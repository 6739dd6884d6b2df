//! Projections: texts against items.

use super::*;

fn projected(text: &str, on: &str) -> Item {
    let request = Request::new("{}");
    request.projection(text).expect(text).apply(&item(on))
}

fn refused(text: &str) -> String {
    let request = Request::new("{}");
    message(request.projection(text))
}

#[test]
fn parts_stay_in_their_places() {
    let on = r#"{"p":{"S":"k"},"a":{"M":{"b":{"L":[{"N":"2"},{"N":"4"},{"M":{"x":{"S":"hi"},"y":{"S":"yo"}}}]},"c":{"N":"5"}}},"b":{"S":"hello"},
        "a.b":{"S":"dot"}}"#;
    for (text, expected) in [
        ("b", r#"{"b":{"S":"hello"}}"#),
        (" b ,#a.c", r#"{"b":{"S":"hello"},"a":{"M":{"c":{"N":"5"}}}}"#),
        ("a.b[0]", r#"{"a":{"M":{"b":{"L":[{"N":"2"}]}}}}"#),
        ("a.b[2].y", r#"{"a":{"M":{"b":{"L":[{"M":{"y":{"S":"yo"}}}]}}}}"#),
        ("a.b[1],a.b[0]", r#"{"a":{"M":{"b":{"L":[{"N":"2"},{"N":"4"}]}}}}"#),
        ("a.x, a.b[0], x, a.b[3].x", r#"{"a":{"M":{"b":{"L":[{"N":"2"}]}}}}"#),
    ] {
        assert_eq!(projected(text, on), item(expected), "{text}");
    }
    for text in ["x", "a.b[3]", "a.x", "a.x.y", "a.b.x", "a[0]", "a.b[0].x", "a.b[0][0]", "b.c"] {
        assert_eq!(projected(text, on), Item::empty(), "{text}");
    }
    assert_eq!(projected(&format!("a{}, b", ".b".repeat(31)), on), item(r#"{"b":{"S":"hello"}}"#));
    for (steps, levels) in [(".b".repeat(32), 33), ("[0]".repeat(1000), 1001)] {
        assert_eq!(
            refused(&format!("b, a{steps}")),
            format!(
                "Invalid ProjectionExpression: The document path has too many nesting elements; nesting levels: {levels}"
            )
        );
    }
}

#[test]
fn refusals() {
    let invalid = "Invalid ProjectionExpression: ";
    for (text, expected) in [
        ("", "The expression can not be empty;"),
        ("a,", "Syntax error; token: \"<EOF>\", near: \",\""),
        (",a", "Syntax error; token: \",\", near: \",a\""),
        ("a,,b", "Syntax error; token: \",\", near: \",,b\""),
        ("a b", "Syntax error; token: \"b\", near: \"a b\""),
        ("a, status", "Attribute name is a reserved keyword; reserved keyword: status"),
        ("#x", "An expression attribute name used in the document path is not defined; attribute name: #x"),
        (
            "a.b[0],a.b[0]",
            "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a, b, [0]], path two: [a, b, [0]]",
        ),
        (
            "a.b, a[1]",
            "Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [a, b], path two: [a, [1]]",
        ),
    ] {
        assert_eq!(refused(text), format!("{invalid}{expected}"), "{text}");
    }
    let request = Request::new("{}");
    let projection = request.projection("k.x, a").expect("valid");
    assert!(projection.refuse_steps_below_keys(&["k"]).is_err());
    assert!(projection.refuse_steps_below_keys(&["a"]).is_ok());
}
