//! What changed between two images of an item.

use json_patch::Patch;
use serde::ser::{Serialize, SerializeStruct, Serializer};
use serde_json::{Value, json};

use super::plain::{Numbers, Plain};
use crate::value::{Item, MapRef, PathElement, ValueRef};

/// One value that is not the same in two images.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Difference<'a> {
    /// Where it is. The first step is the name of an attribute.
    pub path: Vec<PathElement<'a>>,
    /// What was there; none where nothing was.
    pub from: Option<ValueRef<'a>>,
    /// What is there; none where nothing is.
    pub to: Option<ValueRef<'a>>,
}

impl Difference<'_> {
    /// The place as a JSON Pointer (RFC 6901), such as `/lines/0/count`.
    pub fn pointer(&self) -> String {
        let mut pointer = String::new();
        for step in &self.path {
            pointer.push('/');
            match step {
                PathElement::Name(name) => pointer.push_str(&name.replace('~', "~0").replace('/', "~1")),
                PathElement::Index(index) => pointer.push_str(&index.to_string()),
            }
        }
        pointer
    }
}

/// `{"Path": "/total", "From"?: {"N": "1"}, "To"?: {"N": "2"}}`
impl Serialize for Difference<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let ends = usize::from(self.from.is_some()) + usize::from(self.to.is_some());
        let mut written = serializer.serialize_struct("Difference", 1 + ends)?;
        written.serialize_field("Path", &self.pointer())?;
        if let Some(from) = &self.from {
            written.serialize_field("From", from)?;
        }
        if let Some(to) = &self.to {
            written.serialize_field("To", to)?;
        }
        written.end()
    }
}

/// The differences of two images, in order of their places; an image that is not there is one without attributes. Maps and lists are looked
/// into, lists place by place; everything else, sets included, differs as a whole.
pub fn differences<'a>(old: Option<&'a Item>, new: Option<&'a Item>) -> Vec<Difference<'a>> {
    let mut found = Vec::new();
    of_maps(&mut Vec::new(), old.map(Item::attributes), new.map(Item::attributes), &mut found);
    found
}

fn of_maps<'a>(
    path: &mut Vec<PathElement<'a>>,
    old: Option<MapRef<'a>>,
    new: Option<MapRef<'a>>,
    found: &mut Vec<Difference<'a>>,
) {
    let mut old = old.into_iter().flat_map(|map| map.iter()).peekable();
    let mut new = new.into_iter().flat_map(|map| map.iter()).peekable();
    // Names are in order in both.
    while let Some(name) = [old.peek(), new.peek()].into_iter().flatten().map(|(name, _)| *name).min() {
        let from = old.next_if(|(other, _)| *other == name).map(|(_, value)| value);
        let to = new.next_if(|(other, _)| *other == name).map(|(_, value)| value);
        path.push(PathElement::Name(name));
        of_values(path, from, to, found);
        path.pop();
    }
}

fn of_values<'a>(
    path: &mut Vec<PathElement<'a>>,
    from: Option<ValueRef<'a>>,
    to: Option<ValueRef<'a>>,
    found: &mut Vec<Difference<'a>>,
) {
    match (from, to) {
        (Some(ValueRef::M(old)), Some(ValueRef::M(new))) => of_maps(path, Some(old), Some(new), found),
        (Some(ValueRef::L(old)), Some(ValueRef::L(new))) => {
            let (mut old, mut new) = (old.iter(), new.iter());
            for index in 0..old.len().max(new.len()) {
                path.push(PathElement::Index(index));
                of_values(path, old.next(), new.next(), found);
                path.pop();
            }
        }
        (from, to) if from == to => {}
        (from, to) => found.push(Difference { path: path.clone(), from, to }),
    }
}

/// The JSON Patch (RFC 6902) that makes the plain values of the old image into those of the new one: applied to them it gives just those. An
/// image that is not there is a document that is not there: `add` and `remove` of the whole.
pub fn patch(old: Option<&Item>, new: Option<&Item>, numbers: Numbers) -> Patch {
    let plain = |item: &Item| Plain { item: item.clone(), numbers }.to_json();
    let whole = |operation: Value| {
        serde_json::from_value(Value::Array(vec![operation])).expect("an operation of RFC 6902")
    };
    match (old.map(plain), new.map(plain)) {
        (None, None) => Patch::default(),
        (None, Some(new)) => whole(json!({"op": "add", "path": "", "value": new})),
        (Some(_), None) => whole(json!({"op": "remove", "path": ""})),
        (Some(old), Some(new)) => json_patch::diff(&old, &new),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::Entropy;

    fn item(value: &Value) -> Item {
        Item::from_json(&value.to_string()).expect("an item")
    }

    fn told(old: &Value, new: &Value) -> Value {
        let (old, new) = (item(old), item(new));
        serde_json::to_value(differences(Some(&old), Some(&new))).expect("JSON")
    }

    #[test]
    fn differences_say_where_from_and_to() {
        let old = json!({
            "a": {"N": "1.0"}, "gone": {"S": "x"}, "l": {"L": [{"N": "1"}, {"N": "2"}, {"N": "3"}]},
            "m": {"M": {"k/~": {"S": "old"}, "same": {"NULL": true}}}, "set": {"SS": ["a", "b"]}, "t": {"M": {}},
        });
        let new = json!({
            "a": {"N": "1"}, "l": {"L": [{"N": "1"}, {"N": "4"}]}, "m": {"M": {"k/~": {"S": "new"}, "same": {"NULL": true}}},
            "new": {"BOOL": false}, "set": {"SS": ["b", "c"]}, "t": {"L": []},
        });
        let expected = json!([
            {"Path": "/gone", "From": {"S": "x"}},
            {"Path": "/l/1", "From": {"N": "2"}, "To": {"N": "4"}},
            {"Path": "/l/2", "From": {"N": "3"}},
            {"Path": "/m/k~1~0", "From": {"S": "old"}, "To": {"S": "new"}},
            {"Path": "/new", "To": {"BOOL": false}},
            {"Path": "/set", "From": {"SS": ["a", "b"]}, "To": {"SS": ["b", "c"]}},
            {"Path": "/t", "From": {"M": {}}, "To": {"L": []}},
        ]);
        assert_eq!(told(&old, &new), expected);
        assert_eq!(told(&old, &old), json!([]));
        let image = item(&json!({"id": {"S": "1"}}));
        assert_eq!(differences(None, Some(&image))[0].to, Some(ValueRef::S("1")));
        assert_eq!(differences(Some(&image), None)[0].to, None);
    }

    /// A random image of some depth.
    fn random(entropy: &Entropy, depth: u64) -> Value {
        let below = |bound: u64| entropy.next() % bound;
        match below(if depth == 0 { 4 } else { 7 }) {
            0 => json!({"N": (below(40) as f64 / 4.0).to_string()}),
            1 => json!({"S": format!("text/{}~", below(4))}),
            2 => json!({"SS": [format!("a{}", below(2)), "b"]}),
            3 => json!({"NULL": true}),
            4 => json!({"L": (0..below(4)).map(|_| random(entropy, depth - 1)).collect::<Vec<_>>()}),
            _ => json!({ "M": random_map(entropy, depth - 1) }),
        }
    }

    fn random_map(entropy: &Entropy, depth: u64) -> Value {
        let names = (0..entropy.next() % 4).map(|_| format!("n/{}~", entropy.next() % 5));
        Value::Object(names.map(|name| (name, random(entropy, depth))).collect())
    }

    #[test]
    fn a_patch_makes_the_old_image_into_the_new_one() {
        let entropy = Entropy::seeded(1);
        for round in 0..2_000 {
            let (old, new) = (item(&random_map(&entropy, 3)), item(&random_map(&entropy, 3)));
            for numbers in [Numbers::Text, Numbers::Native] {
                let plain = |item: &Item| Plain { item: item.clone(), numbers }.to_json();
                let mut document = plain(&old);
                let patch = patch(Some(&old), Some(&new), numbers);
                json_patch::patch(&mut document, &patch).expect("it fits");
                assert_eq!(document, plain(&new), "round {round}: {patch:?}");
                assert_eq!(patch.0.is_empty(), plain(&old) == plain(&new));
            }
            assert_eq!(differences(Some(&old), Some(&new)).is_empty(), old == new);
        }
    }

    #[test]
    fn what_is_not_there_is_added_and_removed_as_a_whole() {
        let image = item(&json!({"id": {"S": "1"}}));
        let told = |old, new| serde_json::to_value(patch(old, new, Numbers::Text)).expect("JSON");
        assert_eq!(told(None, Some(&image)), json!([{"op": "add", "path": "", "value": {"id": "1"}}]));
        assert_eq!(told(Some(&image), None), json!([{"op": "remove", "path": ""}]));
        assert_eq!(told(None, None), json!([]));
    }
}
