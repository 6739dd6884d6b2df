//! Conditions and filters: texts against items.

use rand_xoshiro::SplitMix64;
use rand_xoshiro::rand_core::{Rng, SeedableRng};

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
    }
    assert!(holds("attribute_not_exists(s)", &Item::empty()));
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
fn size_of_a_string_counts_utf16_units() {
    // 𝄞 takes two of them.
    let sized = item(r#"{"s":{"S":"é𝄞"},"three":{"N":"3"}}"#);
    assert!(holds("size(s) = three", &sized));
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
        assert_eq!(refused(text), format!("Syntax error; token: \"{token}\", near: \"{near}\""), "{text}");
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
        let expected =
            format!("The function is not allowed to be used this way in an expression; function: {function}");
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
        &format!("{}n = :n", "NOT (".repeat(299)).replace("n = :n", &format!("n = :n{}", ")".repeat(299))),
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
        refused(&format!("a < {}b{}", "size(".repeat(680), ")".repeat(680))).contains("too many operators")
    );
    assert!(refused(&"NOT(".repeat(1024)).starts_with("Syntax error"));
    assert!(refused(&"f(".repeat(2048)).starts_with("Syntax error"));
    assert!(refused(&format!("a = {}", "(".repeat(4092))).starts_with("Syntax error"));
    assert!(!holds(&format!("attribute_exists(a{})", "[0]".repeat(31)), &sample()));
    for (steps, levels) in [("[0]".repeat(32), 33), ("[0]".repeat(1300), 1301), (".b".repeat(2000), 2001)] {
        assert_eq!(
            refused(&format!("attribute_exists(a{steps})")),
            format!("The document path has too many nesting elements; nesting levels: {levels}")
        );
    }
}

/// A host may call from a thread with little stack; the deepest texts that are allowed and those that are not must do with it.
#[test]
fn deep_texts_need_little_stack() {
    let work = || {
        let nested = format!("n = :n {}{}", "AND (n = :n ".repeat(149), ")".repeat(149));
        assert!(holds(&nested, &sample()));
        assert!(holds(&format!("{}n = :n{}", "NOT (".repeat(298), ")".repeat(298)), &sample()));
        for text in ["(", "NOT(", "f(", "size(", "a=b AND (", "a IN (("] {
            refused(&text.repeat(4096 / text.len()));
        }
        refused(&format!("{}a<b{}", "NOT(".repeat(800), ")".repeat(800)));
        refused(&format!("a < {}b{}", "size(".repeat(680), ")".repeat(680)));
        let chain = format!("SET a = {}:n{}", "if_not_exists(a,".repeat(230), ")".repeat(230));
        assert!(update(&chain, VALUES, &Item::empty()).is_ok());
    };
    std::thread::Builder::new()
        .stack_size(256 * 1024)
        .spawn(work)
        .expect("a thread")
        .join()
        .expect("no overflow");
}

#[test]
fn no_text_makes_the_parser_panic() {
    let pieces = [
        "(", ")", "a", "#a", ":n", "=", "<", "AND", "OR", "NOT", "IN", "BETWEEN", ",", ".", "[", "]", "0",
        "size", "contains", "+", "_", "é", "#", ":", "SET", "REMOVE", " ",
    ];
    let mut random = SplitMix64::seed_from_u64(1);
    for _ in 0..20_000 {
        let mut text = String::new();
        for _ in 0..12 {
            text.push_str(pieces[random.next_u64() as usize % pieces.len()]);
            text.push(' ');
        }
        let request = Request::new(VALUES);
        if let Ok(condition) = request.condition(&text) {
            condition.holds(&sample());
        }
        if let Ok(update) = request.update(&text) {
            let _ = update.apply(&sample());
        }
        let _ = request.projection(&text).map(|p| p.apply(&sample()));
        let _ = request.key_condition(&text);
    }
}

#[test]
fn filters_keep_away_from_keys() {
    let request = Request::new(VALUES);
    let parse = |text| request.condition(text).expect("valid");
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
