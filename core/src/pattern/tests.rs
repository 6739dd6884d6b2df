//! What patterns mean, against a plain interpreter; which texts are none; what a decision costs.

mod naive;
mod refused;

use serde_json::json;

use super::{Filters, Operators, Pattern};
use crate::limits::{LAMBDA_PATTERN_MAX_CHARS, PATTERN_ALTERNATIVES_MAX};

fn matches(pattern: &str, event: &serde_json::Value) -> bool {
    Pattern::compile(pattern).unwrap_or_else(|error| panic!("{pattern}: {error}")).matches(event.into())
}

#[test]
fn filters_are_tried_in_order_and_none_pass_everything() {
    let filters = Filters::compile([r#"{"a":["x"]}"#, r#"{"b":["y"]}"#], Operators::All).expect("patterns");
    let (first, second, both, none) =
        (json!({"a": "x"}), json!({"b": "y"}), json!({"a": "x", "b": "y"}), json!({}));
    assert_eq!(
        [&first, &second, &both, &none].map(|e| filters.first_match(e.into())),
        [Some(0), Some(1), Some(0), None]
    );
    assert!(filters.matches((&both).into()) && !filters.matches((&none).into()));
    assert!(Filters::default().matches((&none).into()) && Filters::default().is_empty());
    let (place, error) = Filters::compile([r#"{"a":["x"]}"#, "[]"], Operators::All).expect_err("no pattern");
    assert_eq!((place, error.at), (1, 0));
}

#[test]
fn a_list_takes_the_place_of_one_before_it() {
    assert!(matches(r#"{"a":["x"],"a":["y"]}"#, &json!({"a": "y"})));
    assert!(!matches(r#"{"a":["x"],"a":["y"]}"#, &json!({"a": "x"})));
    assert!(!matches(r#"{"a":{"b":["x"]},"a":{"c":["y"]}}"#, &json!({"a": {"c": "y"}})));
    assert!(matches(r#"{"a":{"b":["x"]},"a.b":["y"]}"#, &json!({"a": {"b": "y"}})));
    // A list inside `$or` takes the place of one outside.
    let replaced = r#"{"a":["x"],"$or":[{"b":["y"]},{"a":["z"]}]}"#;
    assert!(matches(replaced, &json!({"a": "z"})) && matches(replaced, &json!({"a": "x", "b": "y"})));
    assert!(!matches(replaced, &json!({"a": "x"})));
    // And one behind `$or` that of those inside.
    assert!(matches(r#"{"$or":[{"b":["y"]},{"a":["z"]}],"a":["x"]}"#, &json!({"a": "x"})));
}

#[test]
fn numbers_are_compared_by_value_and_long_ones_by_text() {
    assert!(matches(r#"{"a":[300.0]}"#, &json!({"a": 300})) && matches(r#"{"a":[3e2]}"#, &json!({"a": 300})));
    let long = json!({"a": 9_007_199_254_740_993_i64});
    assert!(matches(r#"{"a":[9007199254740993]}"#, &long));
    assert!(!matches(r#"{"a":[9007199254740992]}"#, &long));
    assert!(!matches(r#"{"a":[9007199254740993.0]}"#, &long));
    assert!(!matches(r#"{"a":[{"numeric":[">",1]}]}"#, &long), "no double tells it");
    assert!(matches(r#"{"a":[{"numeric":["=",0.1]}]}"#, &json!({"a": 0.1})));
    assert!(matches(r#"{"a":[{"numeric":[">=",-1,"<",1]}]}"#, &json!({"a": -1})));
    assert!(!matches(r#"{"a":[{"numeric":[">=",-1,"<",1]}]}"#, &json!({"a": 1})));
}

#[test]
fn plain_elements_of_an_array_bind_nothing() {
    let event = json!({"a": ["x", {"b": "y", "c": ["z", "w"]}, {"b": "v"}]});
    assert!(matches(r#"{"a":["x"],"a.b":["v"]}"#, &event));
    assert!(matches(r#"{"a":["x"],"a.b":["y"],"a.c":["w"]}"#, &event));
    assert!(!matches(r#"{"a":{"b":["v"],"c":["w"]}}"#, &event), "of different elements");
    let nested = json!({"a": [["x", {"b": "y"}], ["z"]]});
    assert!(matches(r#"{"a":["z"]}"#, &nested) && matches(r#"{"a":["x"],"a.b":["y"]}"#, &nested));
    assert!(!matches(r#"{"a":["z"],"a.b":["y"]}"#, &nested), "of different inner arrays");
}

#[test]
fn names_with_dots_are_read_both_ways() {
    let event = json!({"a": [{"b": "x", "c": "y"}, {"b": "z"}], "a.b": "w"});
    assert!(matches(r#"{"a":{"b":["w"],"c":["y"]}}"#, &event), "a.b beside the array");
    assert!(matches(r#"{"a":{"b":["z"]}}"#, &event));
    assert!(!matches(r#"{"a":{"b":["z"],"c":["y"]}}"#, &event));
    assert!(
        !matches(r#"{"a.":["w"]}"#, &json!({"a": "w"}))
            && matches(r#"{"a.":["w"]}"#, &json!({"a": {"": "w"}}))
    );
    assert!(matches(r#"{"":["w"]}"#, &json!({"": "w"})));
}

#[test]
fn alternatives_are_bounded() {
    let doubling = |times: usize| {
        let pairs: Vec<String> =
            (0..times).map(|i| format!(r#""$or":[{{"a{i}":["x"]}},{{"b{i}":["x"]}}]"#)).collect();
        Pattern::compile(&format!("{{{}}}", pairs.join(",")))
    };
    assert_eq!(doubling(6).expect("64 alternatives").alternatives.len(), 64);
    let reason = doubling(7).expect_err("128 alternatives").reason;
    assert!(reason.contains(&PATTERN_ALTERNATIVES_MAX.to_string()), "{reason}");
    assert!(doubling(90).is_err(), "and no work for what is refused");
}

#[test]
fn texts_are_bounded() {
    let long = |letters: usize| Pattern::compile(&format!(r#"{{"a":["{}"]}}"#, "ä".repeat(letters)));
    assert!(long(LAMBDA_PATTERN_MAX_CHARS - 10).is_ok());
    assert!(long(LAMBDA_PATTERN_MAX_CHARS - 9).is_err());
    let deep =
        |levels: usize| Pattern::compile(&format!("{}[1]{}", r#"{"a":"#.repeat(levels), "}".repeat(levels)));
    assert!(deep(100).is_ok() && deep(101).is_err() && deep(400).is_err());
}

#[test]
fn names_that_could_be_read_in_many_ways_cost_a_bounded_number_of_readings() {
    // Each of the paths could go through `a`, `a.b` or `a.b.c`, whose arrays meet each by itself and no two together.
    let paths: Vec<String> = (0..16).map(|i| format!(r#""a.b.c.d{i}":["x"]"#)).collect();
    let elements: Vec<_> = (0..16).map(|i| json!({format!("d{i}"): "x"})).collect();
    let event = json!({"a": {"b": {"c": elements}}, "a.b": {"c": elements}, "a.b.c": elements});
    assert!(!matches(&format!("{{{}}}", paths.join(",")), &event));
    assert!(matches(&format!("{{{}}}", paths[..3].join(",")), &event), "three arrays meet three");
}
