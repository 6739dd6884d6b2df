//! Document paths such as `a.b[3].c`, after placeholders are substituted.

use std::fmt;

use super::item::{Item, ValueRef};

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PathElement {
    /// A map member.
    Name(String),
    /// A list element, from 0.
    Index(usize),
}

/// A document path: a top-level attribute name and the steps below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// The top-level attribute.
    pub root: String,
    /// Steps below it.
    pub rest: Vec<PathElement>,
}

impl Path {
    /// A path that is one top-level attribute.
    pub fn top_level(name: impl Into<String>) -> Path {
        Path { root: name.into(), rest: Vec::new() }
    }

    /// The value at this path, if the item has one.
    pub fn resolve<'a>(&self, item: &'a Item) -> Option<ValueRef<'a>> {
        let mut value = item.get(&self.root)?;
        for step in &self.rest {
            value = match (step, value) {
                (PathElement::Name(name), ValueRef::M(map)) => map.get(name)?,
                (PathElement::Index(index), ValueRef::L(list)) => list.get(*index)?,
                _ => return None,
            };
        }
        Some(value)
    }
}

/// As the service shows a path in its messages: `[a, b, [3]]`.
impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}", self.root)?;
        for step in &self.rest {
            match step {
                PathElement::Name(name) => write!(f, ", {name}")?,
                PathElement::Index(index) => write!(f, ", [{index}]")?,
            }
        }
        f.write_str("]")
    }
}
