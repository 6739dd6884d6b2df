//! Random expressions: what is parsed, printed and parsed again is the same, and an update does to a random item what a plain model does.

use rand_xoshiro::SplitMix64;
use rand_xoshiro::rand_core::{Rng, SeedableRng};

use super::super::tree::{Action, Assigned, Call, Change, Literal, Node, Operand};
use super::*;
use crate::value::{AttributeValue, Number, Path, PathElement};

/// Numbers from a seed.
struct Draw(SplitMix64);

impl Draw {
    fn below(&mut self, below: usize) -> usize {
        self.0.next_u64() as usize % below
    }

    fn one_of<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        texts[self.below(texts.len())]
    }

    fn path(&mut self) -> String {
        let mut path = self.one_of(&["aa", "bb", "#a", "#size"]).to_owned();
        for _ in 0..self.below(3) {
            path.push_str(self.one_of(&[".cc", "[0]", "[1]", ".#b"]));
        }
        path
    }

    fn comparison(&mut self) -> String {
        let path = self.path();
        match self.below(7) {
            0 => format!("attribute_exists({path})"),
            1 => format!("attribute_type({path}, :type)"),
            2 => format!("begins_with({path}, :s)"),
            3 => format!("contains({path}, :n)"),
            4 => format!("{path} BETWEEN :n AND :m"),
            5 => format!("{path} IN (:s, :n, :map)"),
            _ => {
                let left = if self.below(3) == 0 { format!("size({path})") } else { path };
                format!("{left} {} :n", self.one_of(&["=", "<>", "<", "<=", ">", ">="]))
            }
        }
    }

    fn condition(&mut self, depth: usize) -> String {
        if depth == 0 || self.below(4) == 0 {
            return self.comparison();
        }
        let (left, right) = (self.condition(depth - 1), self.condition(depth - 1));
        match self.below(4) {
            0 => format!("{left} AND {right}"),
            1 => format!("{left} OR {right}"),
            2 => format!("NOT {left}"),
            _ => format!("({left} or {right}) and not ({right} AND {left})"),
        }
    }
}

// Printing.

fn print_path(path: &Path<'_>) -> String {
    let name = |name: &str| if name == "size" { "#size".to_owned() } else { name.to_owned() };
    let mut out = name(path.root);
    for step in &path.rest {
        match step {
            PathElement::Name(step) => out.push_str(&format!(".{}", name(step))),
            PathElement::Index(index) => out.push_str(&format!("[{index}]")),
        }
    }
    out
}

fn print_value(literal: &Literal<'_>) -> String {
    let Literal::Placed(place, _) = literal else { unreachable!("expressions have places") };
    let values = item(VALUES);
    values.attributes().iter().nth(*place).expect("one of the request").0.to_owned()
}

fn print_call(call: &Call<'_>) -> String {
    let operands: Vec<String> = call.operands.iter().map(print_operand).collect();
    format!("{}({})", call.function.name(), operands.join(", "))
}

fn print_operand(operand: &Operand<'_>) -> String {
    match operand {
        Operand::Path(path) => print_path(path),
        Operand::Value(literal) => print_value(literal),
        Operand::Call(call) => print_call(call),
        Operand::Condition(_) | Operand::Undefined => unreachable!("everything is defined, and a text"),
    }
}

/// In parentheses where it is more than one condition.
fn print_part(node: &Node<'_>) -> String {
    let text = print_node(node);
    if matches!(node, Node::And(_) | Node::Or(_)) { format!("({text})") } else { text }
}

fn print_node(node: &Node<'_>) -> String {
    let joined = |parts: &[Node<'_>], by: &str| parts.iter().map(print_part).collect::<Vec<_>>().join(by);
    match node {
        Node::And(parts) => joined(parts, " AND "),
        Node::Or(parts) => joined(parts, " OR "),
        Node::Not(inner) => format!("NOT {}", print_part(inner)),
        Node::Compare(comparator, left, right) => {
            format!("{} {} {}", print_operand(left), comparator.symbol(), print_operand(right))
        }
        Node::Between(operands) => {
            let [value, lower, upper] = operands.each_ref().map(print_operand);
            format!("{value} BETWEEN {lower} AND {upper}")
        }
        Node::In(value, list) => {
            let list: Vec<String> = list.iter().map(print_operand).collect();
            format!("{} IN ({})", print_operand(value), list.join(", "))
        }
        Node::Call(call) => print_call(call),
    }
}

fn print_update(actions: &[Action<'_>]) -> String {
    let print = |action: &Action<'_>| {
        let path = print_path(&action.path);
        match &action.change {
            Change::Set(Assigned::Operand(operand)) => (0, format!("{path} = {}", print_operand(operand))),
            Change::Set(Assigned::Sum(left, right)) => {
                (0, format!("{path} = {} + {}", print_operand(left), print_operand(right)))
            }
            Change::Set(Assigned::Difference(left, right)) => {
                (0, format!("{path} = {} - {}", print_operand(left), print_operand(right)))
            }
            Change::Remove => (1, path),
            Change::Add(value) => (2, format!("{path} {}", print_value(value))),
            Change::Delete(value) => (3, format!("{path} {}", print_value(value))),
        }
    };
    let printed: Vec<(usize, String)> = actions.iter().map(print).collect();
    let section = |(at, word): (usize, &str)| {
        let texts: Vec<&str> =
            printed.iter().filter(|(of, _)| *of == at).map(|(_, text)| text.as_str()).collect();
        (!texts.is_empty()).then(|| format!("{word} {}", texts.join(", ")))
    };
    ["SET", "REMOVE", "ADD", "DELETE"]
        .into_iter()
        .enumerate()
        .filter_map(section)
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn conditions_are_what_they_are_printed_as() {
    let mut draw = Draw(SplitMix64::seed_from_u64(1));
    let request = Request::new(VALUES);
    for _ in 0..3_000 {
        let text = draw.condition(4);
        // The few that are too long, or have too many operators, are of no interest here.
        let Ok(first) = request.condition(&text) else {
            assert!(text.len() > 600, "{text}");
            continue;
        };
        let printed = print_node(first.root());
        let second = request.condition(&printed).expect(&printed);
        assert_eq!(format!("{:?}", first.root()), format!("{:?}", second.root()), "{text}\n{printed}");
        assert_eq!(print_node(second.root()), printed, "{text}");
    }
}

// Updates.

impl Draw {
    /// A place below a root, mostly one that is there: the roots differ, so that paths stand apart.
    fn place(&mut self, root: &str, model: &Attributes) -> String {
        let mut place = root.to_owned();
        let mut value = model.get(root);
        while self.below(3) > 0 {
            let is_new = self.below(8) == 0;
            match value {
                Some(AttributeValue::M(map)) if !is_new && !map.is_empty() => {
                    let (name, below) = map.iter().nth(self.below(map.len())).expect("one of them");
                    place.push_str(&format!(".{name}"));
                    value = Some(below);
                }
                Some(AttributeValue::M(_)) => return format!("{place}.q"),
                Some(AttributeValue::L(list)) if !is_new && !list.is_empty() => {
                    let index = self.below(list.len());
                    place.push_str(&format!("[{index}]"));
                    value = list.get(index);
                }
                Some(AttributeValue::L(_)) => return format!("{place}[7]"),
                _ if self.below(6) == 0 => return format!("{place}.x"),
                _ => return place,
            }
        }
        place
    }

    fn operand(&mut self, model: &Attributes) -> String {
        let root = self.one_of(&["p", "q", "r", "t"]);
        match self.below(8) {
            0 => self.place(root, model),
            1 => format!("if_not_exists({}, :n)", self.place(root, model)),
            2 => format!("list_append(if_not_exists(none, :l), {})", self.one_of(&[":l", "l"])),
            3 => format!("{} + :m", self.one_of(&["n", "n", "p"])),
            4 => ":n - :m".to_owned(),
            _ => self.one_of(&[":n", ":s", ":l", ":map", ":ss", ":null"]).to_owned(),
        }
    }

    fn update(&mut self, model: &Attributes) -> String {
        let mut sections: [Vec<String>; 4] = Default::default();
        for root in ["p", "q", "r", "t"] {
            let place = self.place(root, model);
            match self.below(14) {
                0..=2 => sections[0].push(format!("{place} = {}", self.operand(model))),
                3 => sections[1].push(place),
                4 => sections[2].push(format!("{place} {}", self.one_of(&[":n", ":m", ":ss"]))),
                5 => sections[3].push(format!("{place} {}", self.one_of(&[":ss", ":ns"]))),
                _ => {}
            }
        }
        let section = |(actions, word): (Vec<String>, &str)| {
            (!actions.is_empty()).then(|| format!("{word} {}", actions.join(", ")))
        };
        let words = ["SET", "REMOVE", "ADD", "DELETE"];
        let text: Vec<String> = sections.into_iter().zip(words).filter_map(section).collect();
        text.join(" ")
    }

    fn value(&mut self, depth: usize) -> AttributeValue {
        match self.below(if depth == 0 { 4 } else { 6 }) {
            0 => AttributeValue::from(self.below(100) as i64 - 50),
            1 => AttributeValue::from(self.one_of(&["x", "b", ""])),
            2 => AttributeValue::Ss(vec!["a".to_owned(), "c".to_owned()]),
            3 => AttributeValue::Null,
            4 => AttributeValue::L((0..self.below(4)).map(|_| self.value(depth - 1)).collect()),
            _ => {
                let names = ["x", "y", "z", "l"];
                let count = self.below(5);
                AttributeValue::M(
                    names[..count].iter().map(|name| ((*name).to_owned(), self.value(depth - 1))).collect(),
                )
            }
        }
    }
}

type Attributes = BTreeMap<String, AttributeValue>;

/// What happens at a place of the model.
enum Step {
    Put(AttributeValue),
    Drop,
}

fn found<'m>(attributes: &'m Attributes, path: &Path<'_>) -> Option<&'m AttributeValue> {
    path.rest.iter().try_fold(attributes.get(path.root)?, |value, step| match (value, step) {
        (AttributeValue::M(map), PathElement::Name(name)) => map.get(*name),
        (AttributeValue::L(list), PathElement::Index(index)) => list.get(*index),
        _ => None,
    })
}

fn number_of(value: AttributeValue) -> Option<Number> {
    match value {
        AttributeValue::N(number) => Some(number),
        _ => None,
    }
}

fn value_of(literal: &Literal<'_>) -> AttributeValue {
    let values = item(VALUES);
    let values: Vec<ValueRef<'_>> = values.attributes().iter().map(|(_, value)| value).collect();
    literal.value(&values).into()
}

fn model_operand(old: &Attributes, operand: &Operand<'_>) -> Option<AttributeValue> {
    match operand {
        Operand::Path(path) => found(old, path).cloned(),
        Operand::Value(literal) => Some(value_of(literal)),
        Operand::Call(call) if call.function.name() == "if_not_exists" => {
            model_operand(old, &call.operands[0]).or_else(|| model_operand(old, &call.operands[1]))
        }
        Operand::Call(call) => {
            match (model_operand(old, &call.operands[0])?, model_operand(old, &call.operands[1])?) {
                (AttributeValue::L(list), AttributeValue::L(more)) => {
                    Some(AttributeValue::L([list, more].concat()))
                }
                _ => None,
            }
        }
        Operand::Condition(_) | Operand::Undefined => None,
    }
}

fn model_step(old: &Attributes, action: &Action<'_>) -> Option<Step> {
    let operand = |operand| model_operand(old, operand);
    let current = found(old, &action.path);
    Some(match &action.change {
        Change::Remove => Step::Drop,
        Change::Set(Assigned::Operand(value)) => Step::Put(operand(value)?),
        Change::Set(Assigned::Sum(left, right)) => Step::Put(AttributeValue::N(
            number_of(operand(left)?)?.checked_add(&number_of(operand(right)?)?).ok()?,
        )),
        Change::Set(Assigned::Difference(left, right)) => Step::Put(AttributeValue::N(
            number_of(operand(left)?)?.checked_sub(&number_of(operand(right)?)?).ok()?,
        )),
        Change::Add(value) => Step::Put(match (current, value_of(value)) {
            (None, value) => value,
            (Some(AttributeValue::N(one)), AttributeValue::N(more)) => {
                AttributeValue::N(one.checked_add(&more).ok()?)
            }
            (Some(AttributeValue::Ss(set)), AttributeValue::Ss(more)) => {
                let new = more.into_iter().filter(|member| !set.contains(member));
                AttributeValue::Ss(set.iter().cloned().chain(new).collect())
            }
            _ => return None,
        }),
        Change::Delete(value) => match (current, value_of(value)) {
            (None, _) => Step::Drop,
            (Some(AttributeValue::Ss(set)), AttributeValue::Ss(less)) => {
                let left: Vec<String> = set.iter().filter(|member| !less.contains(member)).cloned().collect();
                if left.is_empty() { Step::Drop } else { Step::Put(AttributeValue::Ss(left)) }
            }
            _ => return None,
        },
    })
}

/// Does a step at a place; none where there is no such place. Each root has one step, so positions do not move under another.
fn model_apply(attributes: &mut Attributes, path: &Path<'_>, step: Step) -> Option<()> {
    let Some((last, way)) = path.rest.split_last() else {
        match step {
            Step::Put(value) => drop(attributes.insert(path.root.to_owned(), value)),
            Step::Drop => drop(attributes.remove(path.root)),
        }
        return Some(());
    };
    let parent = way.iter().try_fold(attributes.get_mut(path.root)?, |value, step| match (value, step) {
        (AttributeValue::M(map), PathElement::Name(name)) => map.get_mut(*name),
        (AttributeValue::L(list), PathElement::Index(index)) => list.get_mut(*index),
        _ => None,
    })?;
    match (parent, last, step) {
        (AttributeValue::M(map), PathElement::Name(name), Step::Put(value)) => {
            drop(map.insert((*name).to_owned(), value))
        }
        (AttributeValue::M(map), PathElement::Name(name), Step::Drop) => drop(map.remove(*name)),
        (AttributeValue::L(list), PathElement::Index(index), Step::Put(value)) => {
            match list.get_mut(*index) {
                Some(element) => *element = value,
                None => list.push(value),
            }
        }
        (AttributeValue::L(list), PathElement::Index(index), Step::Drop) => {
            if *index < list.len() {
                list.remove(*index);
            }
        }
        _ => return None,
    }
    Some(())
}

#[test]
fn updates_do_what_a_plain_model_does() {
    let mut draw = Draw(SplitMix64::seed_from_u64(3));
    let request = Request::new(VALUES);
    let (mut applied, mut refused) = (0, 0);
    for _ in 0..20_000 {
        let mut model: Attributes = BTreeMap::new();
        model.insert("n".to_owned(), AttributeValue::from(5));
        model.insert("l".to_owned(), AttributeValue::L(vec![AttributeValue::Null]));
        for name in ["p", "q", "r", "t"] {
            if draw.below(5) > 0 {
                model.insert(name.to_owned(), draw.value(2));
            }
        }
        let text = draw.update(&model);
        if text.is_empty() {
            continue;
        }
        let old = Item::new(model.iter().map(|(name, value)| (name.as_str(), value))).expect("an item");
        let Ok(update) = request.update(&text) else { continue };
        let printed = print_update(update.actions());
        let again = request.update(&printed).expect(&printed);
        assert_eq!(format!("{:?}", update.actions()), format!("{:?}", again.actions()), "{text}\n{printed}");

        let before = model.clone();
        let modelled = update.actions().iter().try_for_each(|action| {
            let step = model_step(&before, action)?;
            model_apply(&mut model, &action.path, step)
        });
        match (update.apply(&old), modelled) {
            (Ok(new), Some(())) => {
                let expected =
                    Item::new(model.iter().map(|(name, value)| (name.as_str(), value))).expect("an item");
                assert_eq!(new, expected, "{text} on {old:?}");
                applied += 1;
            }
            (Err(_), None) => refused += 1,
            (done, modelled) => panic!("{text} on {old:?}: {done:?}, but the model {modelled:?}"),
        }
    }
    assert!(applied > 3_000 && refused > 3_000, "{applied} applied, {refused} refused");
}
