//! What a shape's check finds: where, and what. Finding costs no more than a request of its size may.

use std::fmt::{self, Write as _};

use crate::api::error::Error;
use crate::api::message::shape::{self as text, Rule};
use crate::api::message::{Problem, Violation};
use crate::limits::{ECHO_MAX_BYTES, VIOLATIONS_MAX_BYTES};

/// Where in a request a value stands. Written out only where something is wrong.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    above: Option<&'a Place<'a>>,
    step: Step<'a>,
}

#[derive(Clone, Copy, Debug)]
enum Step<'a> {
    /// The request itself.
    Whole,
    /// A member of a structure, by its name on the wire.
    Member(&'a str),
    /// An element of a list, from 0.
    Element(usize),
    /// The value of a map's entry.
    Entry(&'a str),
}

impl<'a> Place<'a> {
    /// The request itself.
    pub const WHOLE: Place<'static> = Place { above: None, step: Step::Whole };

    /// The member named `wire` of the structure that stands here.
    pub(crate) fn member(&'a self, wire: &'a str) -> Place<'a> {
        Place { above: Some(self), step: Step::Member(wire) }
    }

    /// The element at `index`, from 0, of the list that stands here.
    pub(crate) fn element(&'a self, index: usize) -> Place<'a> {
        Place { above: Some(self), step: Step::Element(index) }
    }

    /// The value named `name` of the map that stands here.
    pub(crate) fn entry(&'a self, name: &'a str) -> Place<'a> {
        Place { above: Some(self), step: Step::Entry(name) }
    }
}

/// As the service writes it: `keySchema.1.member.keyType`.
impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(above) = self.above
            && !matches!(above.step, Step::Whole)
        {
            write!(f, "{above}.")?;
        }
        match self.step {
            Step::Whole => Ok(()),
            Step::Member(wire) => text::write_member(f, wire),
            Step::Element(index) => write!(f, "{}.member", index + 1),
            Step::Entry(name) => write!(f, "{name}.member"),
        }
    }
}

/// The broken constraints of a request: all are counted, and the first ones told, as far as [`VIOLATIONS_MAX_BYTES`] go.
#[derive(Debug, Default)]
pub struct Violations {
    count: usize,
    told: Vec<Violation>,
    bytes: usize,
}

impl Violations {
    /// One more: a `rule` broken at a place by a value that `echo` repeats, or by null.
    pub(crate) fn add(
        &mut self,
        place: &Place<'_>,
        rule: Rule,
        echo: Option<&dyn Fn(&mut Echo) -> fmt::Result>,
    ) {
        self.count += 1;
        if self.bytes > VIOLATIONS_MAX_BYTES {
            return;
        }
        let mut shown = Echo::default();
        // A place can hold names of the caller's, of any length.
        let cut = write!(shown, "{place}").is_err();
        let place = shown.finish(cut);
        let value = echo.map(|echo| {
            let mut shown = Echo::default();
            let cut = echo(&mut shown).is_err();
            shown.finish(cut)
        });
        self.bytes += text::violation_text(&place, value.as_deref(), &rule).len();
        self.told.push(Violation { place, value, rule });
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The error that tells of them.
    pub(crate) fn into_error(self) -> Error {
        Error::validation(Problem::Violations { count: self.count, told: self.told })
    }
}

/// A value as a message repeats it: its first [`ECHO_MAX_BYTES`]. Writing more is an error, so that whoever writes stops.
#[derive(Debug, Default)]
pub struct Echo(String);

impl fmt::Write for Echo {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        let mut fits = part.len().min(ECHO_MAX_BYTES - self.0.len());
        while !part.is_char_boundary(fits) {
            fits -= 1;
        }
        self.0.push_str(&part[..fits]);
        if fits < part.len() { Err(fmt::Error) } else { Ok(()) }
    }
}

impl Echo {
    fn finish(mut self, cut: bool) -> String {
        if cut {
            self.0.push_str("...");
        }
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_read_as_the_service_writes_them() {
        let list = Place::WHOLE.member("KeySchema");
        let element = list.element(0);
        assert_eq!(element.member("KeyType").to_string(), "keySchema.1.member.keyType");
        let map = Place::WHOLE.member("Expected");
        let entry = map.entry("a");
        assert_eq!(entry.member("ComparisonOperator").to_string(), "expected.a.member.comparisonOperator");
    }

    #[test]
    fn all_are_counted_and_the_first_are_told() {
        let mut violations = Violations::default();
        let place = Place::WHOLE.member("Limit");
        for _ in 0..100_000 {
            violations.add(&place, Rule::NotNull, None);
        }
        let message = violations.into_error().message().to_owned();
        assert!(message.starts_with("100000 validation errors detected: Value null at 'limit' failed"));
        assert!(message.len() < 2 * VIOLATIONS_MAX_BYTES, "{}", message.len());
    }

    #[test]
    fn long_values_are_cut_between_characters() {
        let mut violations = Violations::default();
        let long = "ä".repeat(ECHO_MAX_BYTES);
        violations.add(&Place::WHOLE, Rule::NotNull, Some(&|out| out.write_str(&long)));
        let message = violations.into_error().message().to_owned();
        assert!(message.contains("ä...' at ''"), "{}", &message[message.len() - 80..]);
        assert!(message.len() < ECHO_MAX_BYTES + 200, "{}", message.len());
    }
}
