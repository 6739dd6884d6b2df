//! Document paths such as `a.b[3].c`, after placeholders are substituted.

use std::fmt;

/// One step of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PathElement<'a> {
    /// A map member.
    Name(&'a str),
    /// A list element, from 0.
    Index(usize),
}

/// A document path: a top-level attribute name and the steps below it. Names borrow from the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path<'a> {
    /// The top-level attribute.
    pub root: &'a str,
    /// Steps below it.
    pub rest: Vec<PathElement<'a>>,
}

impl<'a> Path<'a> {
    /// A path that is one top-level attribute.
    pub fn top_level(name: &'a str) -> Path<'a> {
        Path { root: name, rest: Vec::new() }
    }
}

/// As the service shows a path in its messages: `[a, b, [3]]`.
impl fmt::Display for Path<'_> {
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
