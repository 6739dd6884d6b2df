//! Updates: texts against items.

use super::*;

#[test]
fn set() {
    updated("SET b = :v", r#"{":v":{"S":"x"}}"#, r#"{"p":{"S":"1"}}"#, r#"{"p":{"S":"1"},"b":{"S":"x"}}"#);
    updated(
        "  sEt b=a,#c = (a) ",
        "{}",
        r#"{"a":{"N":"1"}}"#,
        r#"{"a":{"N":"1"},"b":{"N":"1"},"c":{"N":"1"}}"#,
    );
    updated("SET a = a + :v", r#"{":v":{"N":"0.1"}}"#, r#"{"a":{"N":"0.2"}}"#, r#"{"a":{"N":"0.3"}}"#);
    updated("SET a = :v - a", r#"{":v":{"N":"7"}}"#, r#"{"a":{"N":"2"}}"#, r#"{"a":{"N":"5"}}"#);
    updated("SET a = ((a)+(:v))", r#"{":v":{"N":"7"}}"#, r#"{"a":{"N":"2"}}"#, r#"{"a":{"N":"9"}}"#);
    updated(
        "SET a = if_not_exists(a, :v)",
        r#"{":v":{"N":"7"}}"#,
        r#"{"a":{"N":"2"}}"#,
        r#"{"a":{"N":"2"}}"#,
    );
    updated("SET b = if_not_exists(c, :v)+:v", r#"{":v":{"N":"7"}}"#, "{}", r#"{"b":{"N":"14"}}"#);
    updated(
        "SET a = if_not_exists(b, if_not_exists(c, :v))",
        r#"{":v":{"N":"7"}}"#,
        r#"{"c":{"N":"1"}}"#,
        r#"{"a":{"N":"1"},"c":{"N":"1"}}"#,
    );
    updated(
        "SET a = list_append(if_not_exists(a, :v), :v)",
        r#"{":v":{"L":[{"N":"7"}]}}"#,
        "{}",
        r#"{"a":{"L":[{"N":"7"},{"N":"7"}]}}"#,
    );
    updated("SET #b = :v", r#"{":v":{"M":{}}}"#, r#"{"b":{"N":"1"}}"#, r#"{"b":{"M":{}}}"#);
}

#[test]
fn operands_read_the_item_as_it_was() {
    updated(
        "SET x = :v, y = x",
        r#"{":v":{"N":"4"}}"#,
        r#"{"x":{"N":"1"}}"#,
        r#"{"x":{"N":"4"},"y":{"N":"1"}}"#,
    );
    updated("REMOVE a SET b = a", "{}", r#"{"a":{"N":"1"}}"#, r#"{"b":{"N":"1"}}"#);
    updated("SET a = b, b = a", "{}", r#"{"a":{"N":"1"},"b":{"N":"2"}}"#, r#"{"a":{"N":"2"},"b":{"N":"1"}}"#);
}

#[test]
fn nested_paths() {
    let old =
        r#"{"a":{"M":{"x":{"N":"3"},"c":{"M":{"y":{"N":"3"}}}}},"b":{"M":{"x":{"N":"1"},"y":{"N":"2"}}}}"#;
    updated(
        "SET a.b = :v, a.c.d = :v, b.x = :v REMOVE a.x, b.y",
        r#"{":v":{"N":"9"}}"#,
        old,
        r#"{"a":{"M":{"b":{"N":"9"},"c":{"M":{"y":{"N":"3"},"d":{"N":"9"}}}}},"b":{"M":{"x":{"N":"9"}}}}"#,
    );
    updated(
        "SET a.c[1].x.y[1] = :v",
        r#"{":v":{"N":"9"}}"#,
        r#"{"a":{"M":{"c":{"L":[{"S":"hi"},{"M":{"x":{"M":{"y":{"L":[{"N":"3"},{"N":"5"}]}}}}}]}}}}"#,
        r#"{"a":{"M":{"c":{"L":[{"S":"hi"},{"M":{"x":{"M":{"y":{"L":[{"N":"3"},{"N":"9"}]}}}}}]}}}}"#,
    );
    updated("REMOVE a.x", "{}", r#"{"a":{"M":{"x":{"N":"1"}}}}"#, r#"{"a":{"M":{}}}"#);
    updated("REMOVE a[0]", "{}", r#"{"a":{"L":[{"N":"1"}]}}"#, r#"{"a":{"L":[]}}"#);
    updated("REMOVE a.q, b[7], c", "{}", r#"{"a":{"M":{}},"b":{"L":[]}}"#, r#"{"a":{"M":{}},"b":{"L":[]}}"#);
}

#[test]
fn list_positions_are_those_before_the_update() {
    let list = |values: &[u32]| {
        let elements: Vec<String> = values.iter().map(|v| format!(r#"{{"N":"{v}"}}"#)).collect();
        format!(r#"{{"a":{{"L":[{}]}}}}"#, elements.join(","))
    };
    let values = r#"{":v":{"N":"17"},":w":{"N":"18"},":x":{"N":"19"}}"#;
    let old = list(&[2, 3, 4, 5, 6, 7]);
    updated("REMOVE a[1] SET a[3] = :v", values, &old, &list(&[2, 4, 17, 6, 7]));
    updated("SET a[3] = :v REMOVE a[1]", values, &old, &list(&[2, 4, 17, 6, 7]));
    updated("REMOVE a[5], a[0], a[2], a[99]", values, &old, &list(&[3, 5, 6]));
    updated("SET a[84] = :v, a[37] = :w, a[17] = :x", values, &list(&[1]), &list(&[1, 19, 18, 17]));
    updated("SET a[9] = :v REMOVE a[0], a[10]", values, &list(&[1, 2]), &list(&[2, 17]));
    updated("ADD a[0] :v", values, &list(&[1, 2]), &list(&[18, 2]));
}

#[test]
fn add_and_delete() {
    updated("ADD a :v", r#"{":v":{"N":"4"}}"#, r#"{"a":{"N":"3"}}"#, r#"{"a":{"N":"7"}}"#);
    updated("ADD a :v", r#"{":v":{"N":"4"}}"#, "{}", r#"{"a":{"N":"4"}}"#);
    updated(
        "ADD a :v",
        r#"{":v":{"SS":["b","c"]}}"#,
        r#"{"a":{"SS":["a","b"]}}"#,
        r#"{"a":{"SS":["a","b","c"]}}"#,
    );
    updated(
        "ADD a.x :v",
        r#"{":v":{"NS":["2","10"]}}"#,
        r#"{"a":{"M":{"x":{"NS":["1","2.0"]}}}}"#,
        r#"{"a":{"M":{"x":{"NS":["1","2","10"]}}}}"#,
    );
    updated("ADD a :v", r#"{":v":{"BS":["YQ=="]}}"#, "{}", r#"{"a":{"BS":["YQ=="]}}"#);
    updated(
        "DELETE a :v",
        r#"{":v":{"SS":["b","z"]}}"#,
        r#"{"a":{"SS":["a","b"]}}"#,
        r#"{"a":{"SS":["a"]}}"#,
    );
    updated(
        "DELETE a :v",
        r#"{":v":{"NS":["1.0"]}}"#,
        r#"{"a":{"NS":["1"]},"b":{"N":"1"}}"#,
        r#"{"b":{"N":"1"}}"#,
    );
    updated(
        "DELETE a.x :v",
        r#"{":v":{"BS":["YQ=="]}}"#,
        r#"{"a":{"M":{"x":{"BS":["YQ=="]}}}}"#,
        r#"{"a":{"M":{}}}"#,
    );
    updated("DELETE a :v", r#"{":v":{"SS":["b"]}}"#, r#"{"b":{"N":"1"}}"#, r#"{"b":{"N":"1"}}"#);
}

#[test]
fn no_op_updates_give_the_same_item() {
    for (text, old) in [
        ("SET a = :n", r#"{"a":{"N":"1"}}"#),
        ("ADD a :z", r#"{"a":{"N":"5"}}"#),
        ("REMOVE b", r#"{"a":{"N":"5"}}"#),
        ("DELETE s :ss", r#"{"s":{"SS":["q"]}}"#),
        ("SET m.x = m.x", r#"{"m":{"M":{"x":{"NS":["1","2"]},"y":{"B":"YQ=="}}}}"#),
    ] {
        let values = r#"{":n":{"N":"1.0"},":z":{"N":"0"},":ss":{"SS":["a"]}}"#;
        updated(text, values, old, old);
    }
}

fn failed(text: &str, old: &str) -> String {
    let values = r#"{":n":{"N":"1"},":s":{"S":"x"},":l":{"L":[]},":ns":{"NS":["1"]},":ss":{"SS":["1"]},
        ":big":{"N":"9E125"},":tiny":{"N":"1E-100"}}"#;
    message(update(text, values, &item(old)))
}

#[test]
fn run_time_errors() {
    let missing = "The provided expression refers to an attribute that does not exist in the item";
    for text in [
        "SET c = z",
        "SET z = z",
        "SET c = list_append(z, :l)",
        "SET c = :n + z",
        "SET c = if_not_exists(z, y)",
        "SET a.c = z",
    ] {
        assert_eq!(failed(text, r#"{"a":{"M":{}}}"#), missing, "{text}");
    }
    let path = "The document path provided in the update expression is invalid for update";
    let old = r#"{"a":{"S":"hello"},"b":{"L":[{"S":"hi"}]},"c":{"M":{}}}"#;
    for text in [
        "SET a.c = :n",
        "SET b.c = :n",
        "SET x.c = :n",
        "REMOVE a.c",
        "REMOVE b.c",
        "REMOVE x.c",
        "SET a[0] = :n",
        "SET x[0] = :n",
        "REMOVE a[0]",
        "REMOVE x[0]",
        "REMOVE c[0]",
        "SET b[1].x = :n",
        "SET c.x.y = :n",
        "DELETE x.a :ss",
        "ADD x.a :n",
        "DELETE b.x :ss",
        "ADD c[1] :n",
        "REMOVE c.x.y",
    ] {
        assert_eq!(failed(text, old), path, "{text}");
    }
    let kind = "An operand in the update expression has an incorrect data type";
    for text in [
        "ADD a :n",
        "ADD b :ns",
        "ADD a :ss",
        "DELETE a :ss",
        "DELETE s :ns",
        "ADD s :ns",
        "SET e = a + :n",
        "SET e = :n - b",
        "SET e = list_append(a, :l)",
        "SET e = list_append(:l, s)",
        "ADD n :ss",
        "DELETE n :ns",
    ] {
        assert_eq!(
            failed(text, r#"{"a":{"S":"x"},"b":{"L":[]},"s":{"SS":["1"]},"n":{"N":"1"}}"#),
            kind,
            "{text}"
        );
    }
}

#[test]
fn arithmetic_out_of_range() {
    for text in ["SET n = n + :big", "ADD n :big"] {
        assert!(failed(text, r#"{"n":{"N":"9E125"}}"#).starts_with("Number overflow."), "{text}");
    }
    // Too many digits are told like too large a number.
    for text in ["SET n = n - :tiny", "ADD n :tiny"] {
        assert!(failed(text, r#"{"n":{"N":"1"}}"#).starts_with("Number overflow."), "{text}");
    }
}

#[test]
fn nesting_too_deep() {
    let deep = |n: usize| format!("{}{{\"S\":\"x\"}}{}", r#"{"L":["#.repeat(n), "]}".repeat(n));
    let values = format!(r#"{{":v":{}}}"#, deep(31));
    assert!(update("SET a = :v", &values, &Item::empty()).is_ok());
    assert!(
        message(update("SET m.x = :v", &values, &item(r#"{"m":{"M":{}}}"#)))
            .starts_with("Nesting Levels have exceeded")
    );
}

#[test]
fn syntax_errors() {
    for (text, token, near) in [
        ("INVALID SYNTAX HERE", "INVALID", "INVALID SYNTAX"),
        ("SET _123 = :n", "_", "SET _123"),
        ("set a", "<EOF>", "a"),
        ("set a=set", "set", "=set"),
        ("remove a = b", "=", "a = b"),
        ("add a b", "b", "a b"),
        ("delete a if_not_exists(b)", "if_not_exists", "a if_not_exists("),
        ("set :s = b", ":s", "set :s ="),
        ("set a = b / c", "/", "b / c"),
        ("set a[1] = \"eight\"", "\"", "= \"eight"),
        ("set (a = b)", "(", "set (a"),
        ("set a = b + c + d", "+", "c + d"),
        ("set a = (b.c).d + e", ".", ").d"),
        ("set a = (b + c) + d", "+", ") + d"),
        ("set a = if_not_exists(a, :n+:n)", "+", ":n+:n"),
        ("set a = :n,", "<EOF>", ","),
        ("set a[:n] = :n", ":n", "[:n]"),
        ("remove a b", "b", "a b"),
        ("set hi-there = :n", "-", "hi-there"),
    ] {
        assert_eq!(
            update_refused(text),
            format!("Syntax error; token: \"{token}\", near: \"{near}\""),
            "{text}"
        );
    }
    assert_eq!(update_refused(""), "The expression can not be empty;");
    assert!(update_refused(&format!("SET a = {}", "(".repeat(4000))).starts_with("Syntax error"));
    assert!(
        update_refused(&format!("SET a = {}", "if_not_exists(a,".repeat(250))).starts_with("Syntax error")
    );
}

#[test]
fn problems_of_the_text() {
    let cases: &[(&str, &str)] = &[
        ("set abOrt = :x set c = :n", "Attribute name is a reserved keyword; reserved keyword: abOrt"),
        ("set #x = if_not_exist(:x) set c = d", "Invalid function name; function: if_not_exist"),
        ("set a = size(b)", "The function is not allowed in an update expression; function: size"),
        (
            "set a = list_append(list_append(:l, :l), :l)",
            "The function is not allowed to be used this way in an expression; function: list_append",
        ),
        ("set a = #x set c = :x", "The \"SET\" section can only be used once in an update expression;"),
        (
            "remove #x set a = b remove e",
            "The \"REMOVE\" section can only be used once in an update expression;",
        ),
        (
            "ADD a :n SET b = :n ADD c :n",
            "The \"ADD\" section can only be used once in an update expression;",
        ),
        (
            "SET #x = if_not_exists(:x)",
            "An expression attribute name used in the document path is not defined; attribute name: #x",
        ),
        (
            "SET #a = if_not_exists(:x)",
            "An expression attribute value used in expression is not defined; attribute value: :x",
        ),
        (
            "add a.b :s",
            "Incorrect operand type for operator or function; operator: ADD, operand type: STRING, typeSet: ALLOWED_FOR_ADD_OPERAND",
        ),
        (
            "delete a :n",
            "Incorrect operand type for operator or function; operator: DELETE, operand type: NUMBER, typeSet: ALLOWED_FOR_DELETE_OPERAND",
        ),
        (
            "set a = list_append(c)",
            "Incorrect number of operands for operator or function; operator or function: list_append, number of operands: 1",
        ),
        (
            "set a = if_not_exists(:n, c)",
            "Operator or function requires a document path; operator or function: if_not_exists",
        ),
        (
            "set a = list_append(a, :s)",
            "Incorrect operand type for operator or function; operator or function: list_append, operand type: S",
        ),
        (
            "set a = a + :s",
            "Incorrect operand type for operator or function; operator or function: +, operand type: S",
        ),
        (
            "set a = :bin - a",
            "Incorrect operand type for operator or function; operator or function: -, operand type: B",
        ),
        ("set a = ((b))", "The expression has redundant parentheses;"),
    ];
    for (text, expected) in cases {
        assert_eq!(update_refused(text), *expected, "{text}");
    }
}

#[test]
fn overlaps_and_conflicts() {
    for (text, kind, one, two) in [
        ("set a = b remove a, c", "overlap", "[a]", "[a]"),
        ("set #c[3].#i = a, #c[3] = a", "overlap", "[c, [3], [3]]", "[c, [3]]"),
        ("remove c, #c.a", "overlap", "[c]", "[c, a]"),
        ("set d[1] = a, d.b = a, c[1].a = a, #c = b", "overlap", "[c, [1], a]", "[c]"),
        ("SET a.b = :n, a.b.c.d.e = :n", "overlap", "[a, b]", "[a, b, c, d, e]"),
        ("set #c[3].#i = a, #c.#i[3] = a", "conflict", "[c, [3], [3]]", "[c, [3], [3]]"),
        ("remove a.#c set a[1] = b", "conflict", "[a, c]", "[a, [1]]"),
    ] {
        assert_eq!(
            update_refused(text),
            format!(
                "Two document paths {kind} with each other; must remove or rewrite one of these paths; path one: {one}, path two: {two}"
            ),
            "{text}"
        );
    }
}

#[test]
fn keys_cannot_be_updated() {
    let request = Request::new(VALUES);
    let parse = |text| request.update(text).expect("valid");
    assert_eq!(
        message(parse("remove d set b = :n, a = :n").refuse_keys(&["a", "k"])),
        "One or more parameter values were invalid: Cannot update attribute a. This attribute is part of the key"
    );
    assert!(parse("add a.b :n").refuse_keys(&["a"]).is_err());
    assert!(parse("set b = a").refuse_keys(&["a"]).is_ok());
    assert!(parse("set b = if_not_exists(a.x, :n)").refuse_steps_below_keys(&["a"]).is_err());
}

#[test]
fn what_makes_an_item() {
    let request = Request::new(VALUES);
    let creates = |text| request.update(text).expect("valid").creates_item();
    assert!(creates("SET a = :n"));
    assert!(creates("REMOVE a ADD b :n"));
    assert!(!creates("REMOVE a"));
    assert!(!creates("REMOVE a DELETE b :ss"));
}

#[test]
fn written_parts() {
    let request = Request::new(VALUES);
    let part = |text, image: &str| request.update(text).expect("valid").written_part(&item(image));
    let image = r#"{"p":{"S":"k"},"a":{"M":{"b":{"S":"dog"},"c":{"L":[{"N":"1"},{"N":"2"},{"N":"3"}]}}},"d":{"S":"cat"}}"#;
    assert_eq!(
        part("SET a.c[1] = :n, a.b = :n", image),
        Some(item(r#"{"a":{"M":{"b":{"S":"dog"},"c":{"L":[{"N":"2"}]}}}}"#))
    );
    assert_eq!(part("SET d = :n, q = :n", image), Some(item(r#"{"d":{"S":"cat"}}"#)));
    assert_eq!(part("REMOVE a.c[1], a.c[3]", image), Some(item(r#"{"a":{"M":{"c":{"L":[{"N":"2"}]}}}}"#)));
    assert_eq!(part("SET a.x = :n", image), None);
    assert_eq!(part("SET a.c[100] = :n", image), None);
}
