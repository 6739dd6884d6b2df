//! Texts that are no patterns, and where they go wrong.

use super::{Operators, Pattern};

#[test]
fn texts_that_are_no_patterns_are_refused_where_they_go_wrong() {
    for (text, at, reason) in [
        ("{}", 0, "an object of a pattern is not empty"),
        (r#"{"dynamodb":{}}"#, 12, "an object of a pattern is not empty"),
        ("[]", 0, "a pattern is an object"),
        (r#""x""#, 0, "a pattern is an object"),
        ("", 0, "EOF while parsing a value"),
        ("not-json", 1, "expected ident"),
        (r#"{"a":["x"]"#, 9, "EOF while parsing an object"),
        (r#"{"eventName":"INSERT"}"#, 13, r#""eventName" leads to an object or a list"#),
        (r#"{"eventName":[]}"#, 13, "a list of a pattern is not empty"),
        (r#"{"eventName":[{"Prefix":"x"}]}"#, 14, r#"there is no operator "Prefix""#),
        (
            r#"{"eventName":[{"prefix":"a","suffix":"b"}]}"#,
            14,
            "an object in a list names one operator, not more",
        ),
        (r#"{"eventName":[["INSERT"]]}"#, 14, "a list of a pattern holds values and operators, not lists"),
        (r#"{"a":[{"regex":".*"}]}"#, 6, r#"there is no operator "regex""#),
        (r#"{"a":5}"#, 5, r#""a" leads to an object or a list"#),
        (r#"{"a":[{}]}"#, 6, "an object in a list names an operator"),
        (r#"{"é":[{"anything-but":[]}]}"#, 22, "`anything-but` takes at least one value"),
        (r#"{"a":[{"anything-but":["a",1]}]}"#, 27, "`anything-but` takes texts or numbers, not both"),
        (r#"{"a":[{"anything-but":null}]}"#, 22, "`anything-but` takes texts, numbers or an operator"),
        (
            r#"{"a":[{"anything-but":9007199254740993}]}"#,
            22,
            "the number has more digits than a double tells",
        ),
        (
            r#"{"a":[{"anything-but":{"prefix":""}}]}"#,
            32,
            r#""prefix" in `anything-but` takes no empty text"#,
        ),
        (r#"{"a":[{"anything-but":{"exists":"x"}}]}"#, 32, r#"`anything-but` takes no operator "exists""#),
        (r#"{"a":[{"prefix":1}]}"#, 16, r#""prefix" takes a text"#),
        (r#"{"a":[{"exists":"true"}]}"#, 16, "`exists` is true or false"),
        (r#"{"a":[{"equals-ignore-case":1}]}"#, 28, r#""equals-ignore-case" takes a text"#),
        (r#"{"a":[{"suffix":["x"]}]}"#, 16, r#""suffix" takes a text"#),
        (r#"{"a":[{"prefix":{"wildcard":"x"}}]}"#, 28, r#""prefix" takes no operator "wildcard""#),
        (r#"{"a":[{"numeric":[">"]}]}"#, 17, "`numeric` has comparisons and numbers in turn"),
        (r#"{"a":[{"numeric":[">",5,">",1]}]}"#, 17, "the second comparison of `numeric` is < or <="),
        (
            r#"{"a":[{"numeric":["<",5,">",1]}]}"#,
            24,
            "`numeric` has one comparison, or a lower and an upper one",
        ),
        (r#"{"a":[{"numeric":["=","5"]}]}"#, 22, "this must be a number"),
        (r#"{"a":[{"numeric":["=",1e400]}]}"#, 22, "the number has more digits than a double tells"),
        (r#"{"a":[{"numeric":["!=",5]}]}"#, 17, r#"`numeric` has no comparison "!=""#),
        (r#"{"a":[{"numeric":5}]}"#, 17, r#"`numeric` takes a list such as [">", 0, "<=", 5]"#),
        (r#"{"a":[{"numeric":[">",10,"<",5]}]}"#, 17, "the lower end of `numeric` is below the upper one"),
        (r#"{"a":[{"numeric":[">=",5,"<=",5]}]}"#, 17, "the lower end of `numeric` is below the upper one"),
        (r#"{"a":[{"cidr":"10.0.0.0/33"}]}"#, 14, "a network of version 4 has fewer than 32 bits"),
        (r#"{"a":[{"cidr":"10.0.0.0"}]}"#, 14, "a network is an address, `/` and a number of bits"),
        (r#"{"a":[{"wildcard":"a**b"}]}"#, 18, "two `*` may not stand side by side"),
        (r#"{"a":[{"wildcard":"a\\b"}]}"#, 18, "`\\` stands before `*` or `\\` only"),
        (r#"{"$or":[{"a":["x"]}]}"#, 7, "`$or` has at least 2 objects"),
        (r#"{"$or":{"a":["x"]}}"#, 7, "`$or` leads to a list of objects"),
        (r#"{"$or":[{"a":["x"]},"y"]}"#, 20, "`$or` has objects only"),
        (r#"{"$or":[{"prefix":["x"]},{"b":["y"]}]}"#, 18, r#""prefix" inside `$or` is a reserved name"#),
        (r#"{"$or":[{"a":{"=":["x"]}},{"b":["y"]}]}"#, 18, r#""=" inside `$or` is a reserved name"#),
    ] {
        let error = Pattern::compile(text).expect_err(text);
        assert_eq!((error.reason.as_str(), error.at), (reason, at), "{text}");
    }
}

#[test]
fn odd_texts_are_patterns() {
    for text in [
        r#"{"a":[{"exactly":"x"}]}"#,
        r#"{"a":["x"],"a":["y"]}"#,
        r#"{"a":[{"wildcard":""}]}"#,
        r#"{"a":["x"]} trailing"#,
        r#"{"prefix":["x"]}"#,
        " \n{\"a\":[\"x\"]}",
    ] {
        assert!(Pattern::compile(text).is_ok(), "{text}");
    }
}

#[test]
fn what_lambda_does_not_document_can_be_refused() {
    for text in [
        r#"{"a":[{"anything-but":{"prefix":"x"}}]}"#,
        r#"{"a":[{"wildcard":"x*"}]}"#,
        r#"{"a":[{"cidr":"10.0.0.0/8"}]}"#,
        r#"{"a":[{"exactly":"x"}]}"#,
        r#"{"a":[{"prefix":{"equals-ignore-case":"x"}}]}"#,
        r#"{"a":["x"]} trailing"#,
    ] {
        assert!(Pattern::compile(text).is_ok(), "{text}");
        assert!(Pattern::compile_with(text, Operators::Documented).is_err(), "{text}");
    }
    let documented = r#"{"a":["x",5,true,null,{"prefix":"x"},{"suffix":"x"},{"equals-ignore-case":"x"},{"anything-but":["x"]},
        {"numeric":[">",1]},{"exists":false}],"$or":[{"b":[""]},{"c":[1]}]}"#;
    assert!(Pattern::compile_with(documented, Operators::Documented).is_ok());
}
