//! Texts of expressions against items: what they answer, and what they are refused with.

use std::collections::BTreeMap;

use super::{Condition, ExpressionKind, KeyCondition, Placeholders, Projection, SortCondition, Update};
use crate::api::Result;
use crate::value::{AttributeType, Checked, Item, ValueRef};

fn item(json: &str) -> Item {
    Item::from_json(json).expect("an item")
}

/// Placeholders used by most tests, none of which has to be used.
struct Request {
    names: BTreeMap<String, String>,
    values: Checked<Item>,
}

impl Request {
    fn new(values: &str) -> Request {
        let names = [("#a", "a"), ("#b", "b"), ("#c", "c"), ("#i", "[3]"), ("#size", "size")];
        Request {
            names: names.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
            values: Checked(Ok(item(values))),
        }
    }

    fn placeholders(&self) -> Placeholders<'_> {
        let values = self.values.0.as_ref().expect("values").attributes();
        Placeholders::new(Some(&self.names), (!values.is_empty()).then_some(&self.values), true)
            .expect("valid")
    }
}

const VALUES: &str = r#"{":s":{"S":"b"},":t":{"S":"c"},":n":{"N":"1"},":m":{"N":"2"},":bin":{"B":"YQ=="},":bool":{"BOOL":true},
    ":null":{"NULL":true},":ss":{"SS":["a","b"]},":ns":{"NS":["1","2"]},":bs":{"BS":["YQ=="]},":l":{"L":[{"N":"1"}]},
    ":map":{"M":{"x":{"N":"1"}}},":type":{"S":"N"},":bad":{"S":"DOG"}}"#;

fn message<T: std::fmt::Debug>(result: Result<T>) -> String {
    result.expect_err("must be refused").message().to_owned()
}

fn holds(text: &str, on: &Item) -> bool {
    let request = Request::new(VALUES);
    Condition::parse(ExpressionKind::Condition, text, &mut request.placeholders()).expect(text).holds(on)
}

/// The text after `Invalid ConditionExpression: `.
fn refused(text: &str) -> String {
    let request = Request::new(VALUES);
    let message = message(Condition::parse(ExpressionKind::Condition, text, &mut request.placeholders()));
    message.strip_prefix("Invalid ConditionExpression: ").expect("names the parameter").to_owned()
}

fn update(text: &str, values: &str, old: &Item) -> Result<Item> {
    let request = Request::new(values);
    Update::parse(text, &mut request.placeholders())?.apply(old)
}

fn updated(text: &str, values: &str, old: &str, new: &str) {
    assert_eq!(update(text, values, &item(old)).expect(text), item(new), "{text}");
}

fn update_refused(text: &str) -> String {
    let request = Request::new(VALUES);
    let message = message(Update::parse(text, &mut request.placeholders()));
    message.strip_prefix("Invalid UpdateExpression: ").expect("names the parameter").to_owned()
}

mod conditions {
    use super::*;

    fn sample() -> Item {
        item(
            r#"{"s":{"S":"bcd"},"n":{"N":"1"},"bin":{"B":"YWI="},"yes":{"BOOL":true},"nul":{"NULL":true},
                "ss":{"SS":["a","b"]},"ns":{"NS":["1","2"]},"bs":{"BS":["YQ=="]},
                "l":{"L":[{"N":"1"},{"S":"x"},{"SS":["a","b"]}]},"m":{"M":{"x":{"N":"5"},"y":{"L":[{"N":"7"}]}}},"two":{"N":"2"}}"#,
        )
    }

    #[test]
    fn comparisons() {
        for (text, expected) in [
            ("n = :n", true),
            (":n = n", true),
            ("n = :s", false),
            ("n <> :s", true),
            ("n <> :n", false),
            ("s < :t", true),
            ("s > :s", true),
            ("n <= :n", true),
            ("n >= :m", false),
            ("bin > :bin", true),
            ("s < :n", false),
            ("l < :n", false),
            ("two > n", true),
            ("ss = :ss", true),
            ("m = :map", false),
            ("l[0] = m.z", false),
            ("m.x > m.y[0]", false),
            ("m.y[0] > m.x", true),
            ("n BETWEEN :n AND :m", true),
            ("two BETWEEN n AND n", false),
            ("s between :s and :t", true),
            ("n IN (:s, :n)", true),
            ("n in (two)", false),
        ] {
            assert_eq!(holds(text, &sample()), expected, "{text}");
        }
    }

    #[test]
    fn what_is_absent_only_differs() {
        for (text, expected) in [
            ("q = z", false),
            ("q <> z", true),
            ("q <> :n", true),
            ("q < z", false),
            ("q >= :n", false),
            ("q BETWEEN :n AND :m", false),
            ("q IN (z)", false),
            ("contains(q, :s)", false),
            ("begins_with(q, :s)", false),
            ("attribute_type(q, :type)", false),
            ("size(q) = :n", false),
            ("attribute_exists(q)", false),
            ("attribute_not_exists(q)", true),
            ("NOT q = :n", true),
            ("attribute_exists(m.x)", true),
            ("attribute_exists(m.x.y)", false),
            ("attribute_exists(l[3])", false),
        ] {
            assert_eq!(holds(text, &sample()), expected, "{text}");
            assert_eq!(holds("attribute_not_exists(s)", &Item::empty()), true);
        }
    }

    #[test]
    fn functions() {
        for (text, expected) in [
            ("attribute_type(n, :type)", true),
            ("attribute_type(s, :type)", false),
            ("attribute_type(:n, :type)", true),
            ("begins_with(s, :s)", true),
            ("begins_with(bin, :bin)", true),
            ("begins_with(n, :s)", false),
            ("begins_with(:s, s)", false),
            ("contains(s, :t)", true),
            ("contains(bin, :bin)", true),
            ("contains(ss, :s)", true),
            ("contains(ns, :n)", true),
            ("contains(bs, :bin)", true),
            ("contains(l, :n)", true),
            ("contains(l, :ss)", true),
            ("contains(l, :t)", false),
            ("contains(s, :n)", false),
            ("size(s) > :m", true),
            ("size(ss) = :m", true),
            ("size(l) = size(ss)", false),
            ("size(m) = two", true),
            ("size(n) = :n", false),
            ("size(yes) = :n", false),
            ("size(bin) = :m", true),
            ("size(ss) = :s", false),
            ("contains(ns, size(ss))", true),
            ("size (:ss) BETWEEN :n AND :m", true),
        ] {
            assert_eq!(holds(text, &sample()), expected, "{text}");
        }
    }

    #[test]
    fn size_of_a_string_counts_its_bytes() {
        assert!(holds("size(s) = :m", &item(r#"{"s":{"S":"é"}}"#)));
    }

    #[test]
    fn not_binds_tighter_than_and_and_tighter_than_or() {
        for (text, expected) in [
            ("n = :n OR n = :n AND n = :m", true),
            ("(n = :n OR n = :n) AND n = :m", false),
            ("NOT n = :n AND n = :m", false),
            ("NOT (n = :n AND n = :m)", true),
            ("NOT NOT NOT NOT n = :n", true),
            ("NOT NOT NOT n = :n", false),
            ("two BETWEEN n AND two AND n = :n", true),
            ("(n = :n OR n = :m) AND (n = :n AND (n = :m OR n = :n))", true),
            ("(n) = (:n)", true),
            ("(size(ss)) = :m", true),
            ("(m.y)[0] > :n", true),
            ("(attribute_exists(n)) AND (attribute_not_exists(q))", true),
            ("NoT n = :m aNd n = :n", true),
        ] {
            assert_eq!(holds(text, &sample()), expected, "{text}");
        }
    }

    #[test]
    fn syntax_errors_show_the_token_and_its_neighbours() {
        for (text, token, near) in [
            ("a", "<EOF>", "a"),
            ("a > 4", "4", "> 4"),
            ("things are not", "are", "things are not"),
            ("a = :n b", "b", ":n b"),
            ("attribute_exists(user-id)", "-", "user-id"),
            ("_a = :n", "_", "_a"),
            ("a = :n AND", "<EOF>", "AND"),
            ("a in b, c", "b", "in b,"),
            ("a in ()", ")", "()"),
            ("a in (b,c,)", ")", ",)"),
            ("a > between", "between", "> between"),
            ("a[x] > b", "x", "[x]"),
            ("b[:n] > a", ":n", "[:n]"),
            ("ü > a", "ü", "ü >"),
            ("size(a).b > a", ".", ").b"),
            ("(size(a))[0] > a", "[", ")[0"),
            ("(a)between(b.(c.d))and(c)", "(", ".(c"),
            ("(a) AND b = :n", "AND", ") AND b"),
            ("a = :n)", ")", ":n)"),
            ("(((", "<EOF>", "("),
            ("   ", "<EOF>", ""),
            ("a = (b = c)", "=", "b = c"),
            ("a != :n", "!", "a !="),
        ] {
            assert_eq!(
                refused(text),
                format!("Syntax error; token: \"{token}\", near: \"{near}\""),
                "{text}"
            );
        }
        assert_eq!(refused(""), "The expression can not be empty;");
    }

    #[test]
    fn redundant_parentheses() {
        for text in [
            "((attribute_not_exists(pk)))",
            "a=a and a > ((b))",
            "(a)between(((b.c)).d)and(c)",
            "a=a AND ((a=a AND a=a)) AND a=a",
            "((a = :n)) AND b = :n",
        ] {
            assert_eq!(refused(text), "The expression has redundant parentheses;", "{text}");
        }
        assert!(!holds("((n = :m) AND (n = :n))", &sample()));
    }

    #[test]
    fn functions_in_wrong_places() {
        for (text, function) in [
            ("attribute_exists(a) > b", "attribute_exists"),
            ("size(contains(a, b)) > a", "contains"),
            ("size(things)", "size"),
            ("NOT size(things)", "size"),
            ("a between b and attribute_exists(c)", "attribute_exists"),
            ("a in (b, attribute_exists(c))", "attribute_exists"),
        ] {
            let expected = format!(
                "The function is not allowed to be used this way in an expression; function: {function}"
            );
            assert_eq!(refused(text), expected, "{text}");
        }
        assert_eq!(refused("attRIbute_exIsts(a, b)"), "Invalid function name; function: attRIbute_exIsts");
        assert_eq!(
            refused("if_not_exists(a, b) = :n"),
            "The function is not allowed in a condition expression; function: if_not_exists"
        );
    }

    #[test]
    fn names_and_values() {
        for (text, expected) in [
            (":n < abOrT", "Attribute name is a reserved keyword; reserved keyword: abOrT"),
            ("a.data = :n", "Attribute name is a reserved keyword; reserved keyword: data"),
            (
                "attribute_exists(#x.y, :n) and a=a",
                "An expression attribute name used in the document path is not defined; attribute name: #x",
            ),
            (
                "begins_with(:x, #y, #z)",
                "An expression attribute value used in expression is not defined; attribute value: :x",
            ),
            ("a[99999999999] = :n", "List index is not within the allowable range; index: [99999999999]"),
        ] {
            assert_eq!(refused(text), expected, "{text}");
        }
    }

    #[test]
    fn operands() {
        let types = |operator: &str, kind: &str| {
            format!(
                "Incorrect operand type for operator or function; operator or function: {operator}, operand type: {kind}"
            )
        };
        for (text, expected) in [
            ("a < :bool", types("<", "BOOL")),
            (":l >= a", types(">=", "L")),
            ("a BETWEEN :null AND :n", types("BETWEEN", "NULL")),
            ("begins_with(a, :n)", types("begins_with", "N")),
            ("begins_with(a, size(a))", types("begins_with", "N")),
            ("size(:bool) > a", types("size", "BOOL")),
            ("size(size(a)) > :n", types("size", "N")),
            ("attribute_type(a, :n)", types("attribute_type", "N")),
            ("attribute_type(a, b)", types("attribute_type", "{NS,SS,L,BS,N,M,B,BOOL,NULL,S}")),
            (
                "attribute_type(a, :bad)",
                "Invalid attribute type name found; type: DOG, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}".into(),
            ),
            (
                "attribute_exists(:n)",
                "Operator or function requires a document path; operator or function: attribute_exists".into(),
            ),
            (
                "contains(a)",
                "Incorrect number of operands for operator or function; operator or function: contains, number of operands: 1"
                    .into(),
            ),
            (
                "size(a, b) = :n",
                "Incorrect number of operands for operator or function; operator or function: size, number of operands: 2"
                    .into(),
            ),
            (
                "a BETWEEN :n AND :s",
                "The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: \
                 AttributeValue: {N:1}, upper bound operand: AttributeValue: {S:b}"
                    .into(),
            ),
            (
                "a BETWEEN :t AND :s",
                "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound \
                 operand: AttributeValue: {S:c}, upper bound operand: AttributeValue: {S:b}"
                    .into(),
            ),
        ] {
            assert_eq!(refused(text), expected, "{text}");
        }
        assert!(!holds("a IN (:n, :bool)", &sample()));
    }

    #[test]
    fn first_operand_must_be_distinct() {
        for (text, operator, path) in [
            ("a = #a", "=", "[a]"),
            ("a <> a", "<>", "[a]"),
            ("((a=a) OR (a=a))", "=", "[a]"),
            ("contains(ab.bc[1].a, ab.bc[1].#a)", "contains", "[ab, bc, [1], a]"),
            ("begins_with(a.b, a.b)", "begins_with", "[a, b]"),
        ] {
            assert_eq!(
                refused(text),
                format!(
                    "The first operand must be distinct from the remaining operands for this operator or function; \
                     operator: {operator}, first operand: {path}"
                ),
                "{text}"
            );
        }
        assert!(holds(":n = :n", &sample()));
    }

    #[test]
    fn problems_are_reported_in_the_services_order() {
        for (text, start) in [
            ("((dog(abort)))", "The expression has redundant"),
            ("dog(abort)", "Invalid function name"),
            ("size(abort)", "The function is not allowed to be used"),
            ("attribute_exists(#x, views)", "Attribute name is a reserved"),
            ("a = a AND #x = :n", "The first operand must be distinct"),
            ("#x = :n AND a = a", "An expression attribute name"),
        ] {
            assert!(refused(text).starts_with(start), "{text}: {}", refused(text));
        }
    }

    #[test]
    fn limits() {
        let too_many = "The expression contains too many operators; operator count: 301";
        let nested = |depth: usize| format!("a<b {}{}", "or (a<b ".repeat(depth), ")".repeat(depth));
        assert!(!holds(&nested(149), &Item::empty()));
        assert_eq!(refused(&nested(150)), too_many);
        assert_eq!(refused(&nested(454)), too_many);
        assert_eq!(refused(&format!("a<b {}", "or a<b ".repeat(150))), too_many);
        assert_eq!(refused(&format!("{}a<b", "not ".repeat(1000))), too_many);
        assert!(!holds(
            &format!("{}n = :n", "NOT (".repeat(299))
                .replace("n = :n", &format!("n = :n{}", ")".repeat(299))),
            &sample()
        ));
        assert_eq!(
            refused(&"a".repeat(4097)),
            "Expression size has exceeded the maximum allowed size; expression size: 4097"
        );
        let list = vec![":n"; 101].join(",");
        assert_eq!(
            refused(&format!("a IN ({list})")),
            "The IN operator is provided with too many operands; number of operands: 101"
        );
        assert!(holds(&format!("n IN ({})", vec![":n"; 100].join(",")), &sample()));
    }

    #[test]
    fn hostile_depth_is_answered_as_the_service_answers() {
        assert_eq!(refused(&"(".repeat(4096)), "Syntax error; token: \"<EOF>\", near: \"(\"");
        assert_eq!(
            refused(&format!("{}a<b{}", "(".repeat(2046), ")".repeat(2046))),
            "The expression has redundant parentheses;"
        );
        assert_eq!(
            refused(&format!("a < {}b{}", "f(".repeat(1355), ")".repeat(1355))),
            "Invalid function name; function: f"
        );
        assert!(
            refused(&format!("a < {}b{}", "size(".repeat(680), ")".repeat(680)))
                .contains("too many operators")
        );
        assert!(refused(&"NOT(".repeat(1024)).starts_with("Syntax error"));
        assert!(refused(&"f(".repeat(2048)).starts_with("Syntax error"));
        assert!(refused(&format!("a = {}", "(".repeat(4092))).starts_with("Syntax error"));
        assert!(!holds(&format!("attribute_exists(a{})", "[0]".repeat(1300)), &sample()));
        assert!(!holds(&format!("attribute_exists(a{})", ".b".repeat(2000)), &sample()));
    }

    #[test]
    fn no_text_makes_the_parser_panic() {
        let pieces = [
            "(", ")", "a", "#a", ":n", "=", "<", "AND", "OR", "NOT", "IN", "BETWEEN", ",", ".", "[", "]",
            "0", "size", "contains", "+", "_", "é", "#", ":", "SET", "REMOVE", " ",
        ];
        let mut state: u64 = 1;
        for _ in 0..20_000 {
            let mut text = String::new();
            for _ in 0..12 {
                // Numerical Recipes' generator: the test needs variety, not quality.
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                text.push_str(pieces[(state >> 33) as usize % pieces.len()]);
                text.push(' ');
            }
            let request = Request::new(VALUES);
            if let Ok(condition) =
                Condition::parse(ExpressionKind::Filter, &text, &mut request.placeholders())
            {
                condition.holds(&sample());
            }
            if let Ok(update) = Update::parse(&text, &mut request.placeholders()) {
                let _ = update.apply(&sample());
            }
            let _ = Projection::parse(&text, &mut request.placeholders()).map(|p| p.apply(&sample()));
            let _ = KeyCondition::parse(&text, &mut request.placeholders());
        }
    }

    #[test]
    fn filters_keep_away_from_keys() {
        let request = Request::new(VALUES);
        let parse = |text| {
            Condition::parse(ExpressionKind::Filter, text, &mut request.placeholders()).expect("valid")
        };
        assert_eq!(
            message(parse("q = :n AND size(a) > :n").refuse_keys(&["a"])),
            "Filter Expression can only contain non-primary key attributes: Primary key attribute: a"
        );
        assert!(parse("q = :n").refuse_keys(&["a"]).is_ok());
        assert_eq!(
            message(parse("attribute_exists(#a[0])").refuse_steps_below_keys(&["a"])),
            "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: a"
        );
        assert!(parse("attribute_exists(a) AND b.c = :n").refuse_steps_below_keys(&["a"]).is_ok());
    }
}

mod updates {
    use super::*;

    #[test]
    fn set() {
        updated(
            "SET b = :v",
            r#"{":v":{"S":"x"}}"#,
            r#"{"p":{"S":"1"}}"#,
            r#"{"p":{"S":"1"},"b":{"S":"x"}}"#,
        );
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
        updated(
            "SET a = b, b = a",
            "{}",
            r#"{"a":{"N":"1"},"b":{"N":"2"}}"#,
            r#"{"a":{"N":"2"},"b":{"N":"1"}}"#,
        );
    }

    #[test]
    fn nested_paths() {
        let old = r#"{"a":{"M":{"x":{"N":"3"},"c":{"M":{"y":{"N":"3"}}}}},"b":{"M":{"x":{"N":"1"},"y":{"N":"2"}}}}"#;
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
        updated(
            "REMOVE a.q, b[7], c",
            "{}",
            r#"{"a":{"M":{}},"b":{"L":[]}}"#,
            r#"{"a":{"M":{}},"b":{"L":[]}}"#,
        );
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
        let deep = format!("SET a{} = :n", ".b".repeat(2000));
        assert_eq!(failed(&deep, old), path);
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
        for text in ["SET n = n - :tiny", "ADD n :tiny"] {
            assert_eq!(
                failed(text, r#"{"n":{"N":"1"}}"#),
                "Attempting to store more than 38 significant digits in a Number",
                "{text}"
            );
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
            update_refused(&format!("SET a = {}", "if_not_exists(a,".repeat(250)))
                .starts_with("Syntax error")
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
        let parse = |text| Update::parse(text, &mut request.placeholders()).expect("valid");
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
        let creates = |text| Update::parse(text, &mut request.placeholders()).expect("valid").creates_item();
        assert!(creates("SET a = :n"));
        assert!(creates("REMOVE a ADD b :n"));
        assert!(!creates("REMOVE a"));
        assert!(!creates("REMOVE a DELETE b :ss"));
    }

    #[test]
    fn written_parts() {
        let request = Request::new(VALUES);
        let part = |text, image: &str| {
            Update::parse(text, &mut request.placeholders()).expect("valid").written_part(&item(image))
        };
        let image = r#"{"p":{"S":"k"},"a":{"M":{"b":{"S":"dog"},"c":{"L":[{"N":"1"},{"N":"2"},{"N":"3"}]}}},"d":{"S":"cat"}}"#;
        assert_eq!(
            part("SET a.c[1] = :n, a.b = :n", image),
            Some(item(r#"{"a":{"M":{"b":{"S":"dog"},"c":{"L":[{"N":"2"}]}}}}"#))
        );
        assert_eq!(part("SET d = :n, q = :n", image), Some(item(r#"{"d":{"S":"cat"}}"#)));
        assert_eq!(
            part("REMOVE a.c[1], a.c[3]", image),
            Some(item(r#"{"a":{"M":{"c":{"L":[{"N":"2"}]}}}}"#))
        );
        assert_eq!(part("SET a.x = :n", image), None);
        assert_eq!(part("SET a.c[100] = :n", image), None);
    }
}

mod projections {
    use super::*;

    fn projected(text: &str, on: &str) -> Item {
        let request = Request::new("{}");
        Projection::parse(text, &mut request.placeholders()).expect(text).apply(&item(on))
    }

    fn refused(text: &str) -> String {
        let request = Request::new("{}");
        message(Projection::parse(text, &mut request.placeholders()))
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
        assert_eq!(projected(&format!("a{}, b", ".b".repeat(1000)), on), item(r#"{"b":{"S":"hello"}}"#));
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
            (
                "#x",
                "An expression attribute name used in the document path is not defined; attribute name: #x",
            ),
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
        let projection = Projection::parse("k.x, a", &mut request.placeholders()).expect("valid");
        assert!(projection.refuse_steps_below_keys(&["k"]).is_err());
        assert!(projection.refuse_steps_below_keys(&["a"]).is_ok());
    }
}

mod keys {
    use super::*;

    const HASH: (&str, AttributeType) = ("p", AttributeType::S);
    const RANGE: Option<(&str, AttributeType)> = Some(("c", AttributeType::N));

    fn refused(text: &str) -> String {
        let request = Request::new(VALUES);
        let parsed = KeyCondition::parse(text, &mut request.placeholders());
        message(parsed.and_then(|keys| keys.resolve(HASH, RANGE).map(|range| format!("{range:?}"))))
    }

    fn resolves(text: &str, check: impl Fn(ValueRef<'_>, Option<SortCondition<'_>>) -> bool) {
        let request = Request::new(VALUES);
        let keys = KeyCondition::parse(text, &mut request.placeholders()).expect(text);
        let range = keys.resolve(HASH, RANGE).expect(text);
        assert!(check(range.partition, range.sort), "{text}: {range:?}");
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
        let keys =
            KeyCondition::parse("p = :s AND begins_with(c, :t)", &mut request.placeholders()).expect("valid");
        let range = keys.resolve(HASH, Some(("c", AttributeType::S))).expect("valid");
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
            ("p = :s AND p = :s", "KeyConditionExpressions must only contain one condition per key".into()),
            ("p = :s AND c = :n AND q = :n", "Conditions can be of length 1 or 2 only".into()),
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
        let parse = |text| KeyCondition::parse(text, &mut request.placeholders()).expect("valid");
        assert_eq!(
            message(parse("p = :e").resolve(HASH, None)),
            "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: p"
        );
        assert!(message(parse("p = :long").resolve(HASH, None)).contains("Size of hashkey has exceeded"));
        assert_eq!(
            message(parse("p = :e AND q = :e").resolve(HASH, None)),
            "Query key condition not supported"
        );
    }
}
