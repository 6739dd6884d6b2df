//! Events as patterns see them: objects, arrays and leaves; and JSON as such.

use std::borrow::Cow;

use serde_json::Value;

use super::number::exact;

/// A part of an event.
pub(super) trait Node: Copy {
    /// What it is.
    fn view(&self) -> View<'_>;

    /// The member of an object with this name.
    fn member(self, name: &str) -> Option<Self>;

    /// Tells the members of an object with these names, each with the place of its name.
    fn members(self, names: &[&str], mut tell: impl FnMut(usize, Self)) {
        for (place, name) in names.iter().enumerate() {
            if let Some(member) = self.member(name) {
                tell(place, member);
            }
        }
    }

    /// Whether an element of an array is as asked.
    fn any_element(self, is_so: impl FnMut(Self) -> bool) -> bool;
}

/// What a part of an event is.
#[derive(Debug)]
pub(super) enum View<'e> {
    Object,
    Array,
    Leaf(Leaf<'e>),
}

/// A value with nothing inside.
#[derive(Debug)]
pub(super) enum Leaf<'e> {
    Text(Cow<'e, str>),
    Number(Figure<'e>),
    Bool(bool),
    Null,
}

/// A number of an event.
#[derive(Debug)]
pub(super) enum Figure<'e> {
    /// One that a double tells exactly.
    Exact(f64),
    Json(&'e serde_json::Number),
}

impl Figure<'_> {
    /// The value, if a double tells it exactly.
    pub(super) fn value(&self) -> Option<f64> {
        match self {
            Figure::Exact(value) => Some(*value),
            Figure::Json(number) => exact(&number.to_string()),
        }
    }

    pub(super) fn text(&self) -> String {
        match self {
            Figure::Exact(value) => value.to_string(),
            Figure::Json(number) => number.to_string(),
        }
    }
}

impl Node for &Value {
    fn view(&self) -> View<'_> {
        match self {
            Value::Object(_) => View::Object,
            Value::Array(_) => View::Array,
            Value::String(text) => View::Leaf(Leaf::Text(Cow::Borrowed(text))),
            Value::Number(number) => View::Leaf(Leaf::Number(Figure::Json(number))),
            Value::Bool(value) => View::Leaf(Leaf::Bool(*value)),
            Value::Null => View::Leaf(Leaf::Null),
        }
    }

    fn member(self, name: &str) -> Option<Self> {
        self.get(name)
    }

    fn any_element(self, is_so: impl FnMut(Self) -> bool) -> bool {
        self.as_array().is_some_and(|elements| elements.iter().any(is_so))
    }
}
