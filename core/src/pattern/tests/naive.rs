//! The meaning of patterns once more, as plainly as can be, and random patterns and events on which both must agree.
//!
//! The event becomes a list of all its leaves, each with its path and the elements it lies in; the pattern becomes lists of conditions; every
//! choice of one leaf for each condition is tried.

use std::collections::BTreeMap;

use rand_xoshiro::SplitMix64;
use rand_xoshiro::rand_core::{Rng, SeedableRng};
use serde_json::{Map, Value, json};

use super::Pattern;

/// A leaf: its path, its value, and for each array around it the element it lies in.
struct Flat {
    path: String,
    value: Value,
    elements: BTreeMap<usize, usize>,
}

fn flatten(
    value: &Value,
    path: &str,
    elements: &BTreeMap<usize, usize>,
    arrays: &mut usize,
    out: &mut Vec<Flat>,
) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                flatten(value, &path, elements, arrays, out);
            }
        }
        Value::Array(values) => {
            let own = *arrays;
            *arrays += 1;
            for (i, value) in values.iter().enumerate() {
                let mut inside = elements.clone();
                if value.is_object() || value.is_array() {
                    inside.insert(own, i);
                }
                flatten(value, path, &inside, arrays, out);
            }
        }
        leaf => out.push(Flat { path: path.to_owned(), value: leaf.clone(), elements: elements.clone() }),
    }
}

fn expand(
    pattern: &Map<String, Value>,
    path: &str,
    from: Vec<BTreeMap<String, Vec<Value>>>,
) -> Vec<BTreeMap<String, Vec<Value>>> {
    let mut all = from;
    for (name, value) in pattern {
        if name == "$or" {
            let before = all;
            let objects = value.as_array().expect("a list").iter();
            all = objects
                .flat_map(|object| expand(object.as_object().expect("an object"), path, before.clone()))
                .collect();
            continue;
        }
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        match value {
            Value::Object(inner) => all = expand(inner, &path, all),
            Value::Array(tests) => {
                for conditions in &mut all {
                    conditions.insert(path.clone(), tests.clone());
                }
            }
            _ => unreachable!("not generated"),
        }
    }
    all
}

fn passes(test: &Value, value: &Value) -> bool {
    let Value::Object(operator) = test else { return test == value };
    let (name, argument) = operator.iter().next().expect("an operator");
    let text = value.as_str();
    match (name.as_str(), argument) {
        ("exists", _) => argument == true,
        ("prefix", Value::String(prefix)) => text.is_some_and(|text| text.starts_with(prefix)),
        ("suffix", Value::String(suffix)) => text.is_some_and(|text| text.ends_with(suffix)),
        ("equals-ignore-case", Value::String(own)) => text.is_some_and(|text| text.eq_ignore_ascii_case(own)),
        ("anything-but", Value::Array(values)) => !values.contains(value),
        ("anything-but", one) => one != value,
        ("numeric", Value::Array(terms)) => value.as_i64().is_some_and(|value| {
            terms.chunks(2).all(|term| {
                let number = term[1].as_i64().expect("a whole number");
                match term[0].as_str() {
                    Some("=") => value == number,
                    Some("<") => value < number,
                    Some("<=") => value <= number,
                    Some(">") => value > number,
                    _ => value >= number,
                }
            })
        }),
        _ => unreachable!("not generated"),
    }
}

fn chosen(conditions: &[(&String, &Vec<Value>)], leaves: &[Flat], so_far: &BTreeMap<usize, usize>) -> bool {
    let Some(((path, tests), rest)) = conditions.split_first() else { return true };
    if tests.contains(&json!({"exists": false}))
        && leaves.iter().all(|leaf| leaf.path != **path)
        && chosen(rest, leaves, so_far)
    {
        return true;
    }
    leaves.iter().filter(|leaf| leaf.path == **path).any(|leaf| {
        let agrees = leaf.elements.iter().all(|(array, i)| so_far.get(array).is_none_or(|own| own == i));
        agrees && tests.iter().any(|test| passes(test, &leaf.value)) && {
            let mut so_far = so_far.clone();
            so_far.extend(&leaf.elements);
            chosen(rest, leaves, &so_far)
        }
    })
}

fn naive(pattern: &Value, event: &Value) -> bool {
    let mut leaves = Vec::new();
    flatten(event, "", &BTreeMap::new(), &mut 0, &mut leaves);
    let alternatives = expand(pattern.as_object().expect("an object"), "", vec![BTreeMap::new()]);
    alternatives
        .iter()
        .any(|conditions| chosen(&conditions.iter().collect::<Vec<_>>(), &leaves, &BTreeMap::new()))
}

struct Maker(SplitMix64);

impl Maker {
    fn below(&mut self, below: usize) -> usize {
        self.0.next_u64() as usize % below
    }

    fn one_of<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }

    fn name(&mut self) -> String {
        self.one_of(&["a", "b", "a", "b", "c", "a.b", "b.a", "a.b.c"]).to_owned()
    }

    fn leaf(&mut self) -> Value {
        self.one_of(&[
            json!("x"),
            json!("xy"),
            json!("Y"),
            json!("yx"),
            json!(1),
            json!(2),
            json!(true),
            json!(null),
            json!("1"),
        ])
    }

    fn event(&mut self, depth: usize) -> Value {
        match self.below(if depth == 0 { 1 } else { 5 }) {
            0 => self.leaf(),
            1 | 2 => self.object(depth),
            _ => Value::Array((0..self.below(4)).map(|_| self.event(depth - 1)).collect()),
        }
    }

    fn object(&mut self, depth: usize) -> Value {
        let members = 1 + self.below(3);
        Value::Object((0..members).map(|_| (self.name(), self.event(depth - 1))).collect())
    }

    fn test(&mut self) -> Value {
        match self.below(12) {
            0 => json!({"exists": true}),
            1 => json!({"exists": false}),
            2 => json!({"prefix": self.one_of(&["x", "", "y"])}),
            3 => json!({"suffix": self.one_of(&["x", "y"])}),
            4 => json!({"equals-ignore-case": self.one_of(&["XY", "y"])}),
            5 => json!({"anything-but": self.one_of(&[json!("x"), json!(1), json!(["x", "Y"])])}),
            6 => {
                json!({"numeric": self.one_of(&[json!([">", 1]), json!([">=", 1, "<", 2]), json!(["=", 2]), json!(["<=", 1])])})
            }
            _ => self.leaf(),
        }
    }

    fn pattern(&mut self, depth: usize) -> Value {
        let mut members = Map::new();
        for _ in 0..1 + self.below(3) {
            if depth > 0 && self.below(6) == 0 {
                members.insert("$or".to_owned(), json!([self.pattern(depth - 1), self.pattern(depth - 1)]));
                continue;
            }
            let value = if depth > 0 && self.below(2) == 0 {
                self.pattern(depth - 1)
            } else {
                Value::Array((0..1 + self.below(3)).map(|_| self.test()).collect())
            };
            members.insert(self.name(), value);
        }
        Value::Object(members)
    }
}

#[test]
fn patterns_match_what_a_plain_interpreter_says() {
    let mut maker = Maker(SplitMix64::seed_from_u64(7));
    let mut matched = 0;
    for round in 0..30_000 {
        let (pattern, event) = (maker.pattern(3), maker.object(4));
        let Ok(compiled) = Pattern::compile(&pattern.to_string()) else { continue };
        let (own, plain) = (compiled.matches((&event).into()), naive(&pattern, &event));
        assert_eq!(own, plain, "round {round}: {pattern} on {event}");
        matched += usize::from(own);
    }
    assert!(matched > 1_000, "{matched} is too few to say anything");
}
