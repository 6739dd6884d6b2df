//! Statements by the thousand: what is read can be written and read again, and nothing makes the room panic.

mod print;
mod random;

use self::random::Texts;
use super::plan::Reads;
use super::{Compiled, Parameters, Statement, keys};
use crate::value::{AttributeType, AttributeValue, Checked, Value};

const KEYS: [(&str, AttributeType); 2] = [("pk", AttributeType::S), ("sk", AttributeType::N)];

fn parameters() -> Vec<Value> {
    let values = [
        AttributeValue::S("x".into()),
        AttributeValue::N("1".parse().expect("a number")),
        AttributeValue::Null,
        AttributeValue::L(vec![AttributeValue::Bool(true)]),
        AttributeValue::Ss(["a".to_owned()].into()),
    ];
    values.into_iter().map(|value| Checked::from(value).0.expect("sound")).collect()
}

/// The tree without the places of its tokens and the numbers of its parameters: a tree is written with WHERE in one place, and without what the
/// parser reads over.
fn shape(statement: &Statement) -> String {
    let mut text = format!("{statement:?}");
    for (start, end, kept) in [("Some(Span {", "})", "None"), ("Parameter(", ")", "Parameter")] {
        let mut parts = text.split(start);
        let mut shape = parts.next().expect("there is one").to_owned();
        for part in parts {
            let (_, rest) = part.split_once(end).expect("it ends");
            shape.push_str(kept);
            shape.push_str(rest);
        }
        text = shape;
    }
    text
}

/// Everything that happens to a statement before any item is looked at; whether it came to the end.
fn work(source: &str, values: &[&Value]) -> bool {
    let Ok(statement) = Statement::parse(source) else { return false };
    match statement.compile(Parameters(values)) {
        Ok(Compiled::Select(selection)) => Reads::of(selection.filter.as_ref(), &KEYS).is_ok(),
        Ok(Compiled::Check { filter, .. }) => keys::of_check(filter, &KEYS).is_ok(),
        Ok(Compiled::Update { filter, .. } | Compiled::Delete { filter, .. }) => {
            keys::of_write(filter, &KEYS).is_ok()
        }
        Ok(Compiled::Insert { .. }) => true,
        Err(_) => false,
    }
}

#[test]
fn what_is_read_can_be_written_and_read_again() {
    let texts = Texts::seeded(1);
    for round in 0..4_000 {
        let source = texts.statement();
        let first = Statement::parse(&source).unwrap_or_else(|error| panic!("{round}: {source}: {error}"));
        let written = first.to_string();
        let second = Statement::parse(&written).unwrap_or_else(|error| panic!("{round}: {written}: {error}"));
        assert_eq!(shape(&first), shape(&second), "{round}: {source}\n{written}");
        assert_eq!(written, second.to_string(), "{round}: {source}");
    }
}

#[test]
fn no_text_makes_the_parser_or_the_compiler_panic() {
    let parameters = parameters();
    let values: Vec<&Value> = parameters.iter().cycle().take(40).collect();
    let texts = Texts::seeded(2);
    let mut sound = 0;
    for _ in 0..6_000 {
        work(&texts.rubbish(), &values);
        let mut source = texts.statement();
        sound += usize::from(work(&source, &values));
        for _ in 0..2 {
            source = texts.broken(&source);
            work(&source, &values);
        }
    }
    assert!(sound > 40, "only {sound} statements were sound");
}

/// What nests, in one of the ways in which a text can nest, is refused or done with the stack of a small thread.
#[test]
fn depth_is_bounded_whatever_nests() {
    let parameters = parameters();
    let values: Vec<&Value> = parameters.iter().collect();
    let nestings = [
        ("SELECT * FROM t WHERE ", "(", "pk = 'x'", ")"),
        ("SELECT * FROM t WHERE ", "NOT ", "pk = 'x'", ""),
        ("SELECT * FROM t WHERE pk = ", "- ", "1", ""),
        ("SELECT * FROM t WHERE pk = ", "-", "?", ""),
        ("SELECT * FROM t WHERE pk = ", "[", "1", "]"),
        ("SELECT * FROM t WHERE pk = ", "<<", "1", ">>"),
        ("SELECT * FROM t WHERE pk = ", "{'a':", "1", "}"),
        ("SELECT * FROM t WHERE ", "size(", "pk", ")"),
        ("SELECT * FROM t WHERE pk", "[a", "[0]", "]"),
        ("SELECT * FROM t WHERE ", "a < ", "1", ""),
        ("SELECT * FROM t WHERE a", " + 1", " = 2", ""),
        ("SELECT * FROM t WHERE a", " IS NULL", " IS NULL", ""),
        ("SELECT * FROM t WHERE a = 1", " AND a = 1", "", ""),
        ("SELECT * FROM t WHERE a = 1", " OR a = 1", "", ""),
        ("SELECT * FROM t WHERE a = 1", " AND a = 1 OR b = 1", "", ""),
        ("", "(SELECT * FROM t WHERE a = ", "1", ")"),
        ("", "SELECT * FROM t WHERE a = ", "1", ""),
        ("SELECT a", ".b", " FROM t", ""),
        ("SELECT a", "[0]", " FROM t", ""),
        ("UPDATE t ", "SET a = 1 ", "WHERE pk = 'x'", ""),
    ];
    let run = move || {
        for (head, open, middle, close) in nestings {
            for times in [1, 20, 99, 100, 101, 400, 8_000] {
                let room = 8_000_usize.saturating_sub(head.len() + middle.len());
                let times = times.min(room / (open.len() + close.len()));
                work(&format!("{head}{}{middle}{}", open.repeat(times), close.repeat(times)), &values);
            }
        }
    };
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(1 << 20).spawn_scoped(scope, run);
        thread.expect("a thread").join().expect("no panic");
    });
}
