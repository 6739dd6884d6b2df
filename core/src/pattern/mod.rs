//! Event patterns: which events a function or a destination is given, as the filters of event source mappings say it.
//!
//! ```text
//! text ──compile──► alternatives of conditions {path, tests} ──matching──► yes or no
//!                                                    ▲
//!      Record (typed, not written as JSON) ──┬─ node ┘
//!      JSON (data of other sources)        ──┘
//! ```
//! A pattern is an object with the structure of the events it is for: names lead to lists, a list says what one value may be. All paths of a
//! pattern must be met, for each path one element of its list; `$or` gives alternatives. An event is looked at as its leaves, texts, numbers,
//! truth values and nulls, each under the names that lead to it, joined by dots; elements of an array lie under the path of the array, and
//! what is asked of several paths inside one array must be met by one element.

mod address;
mod compile;
mod matching;
mod node;
mod number;
mod operator;
mod record;
mod test;
#[cfg(test)]
mod tests;
mod text;

use std::fmt;

use serde_json::Value;

use crate::api::Record;
use test::Test;

/// Which operators a pattern may use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Operators {
    /// All that the matching engine of the service has.
    #[default]
    All,
    /// Only those that Lambda documents for event source mappings: values, `prefix`, `suffix`, `equals-ignore-case`, `anything-but` with values,
    /// `numeric`, `exists` and `$or`; and no text after the pattern.
    Documented,
}

/// A pattern, compiled.
#[derive(Clone, Debug)]
pub struct Pattern {
    conditions: Vec<Condition>,
    /// Places in `conditions`, all of which one alternative needs; ordered by path.
    alternatives: Vec<Vec<usize>>,
}

/// What is asked of the leaves at one path: one of them must pass a test.
#[derive(Clone, Debug)]
struct Condition {
    /// Names, joined by dots.
    path: String,
    tests: Vec<Test>,
    /// Also met if the event has no leaf at the path.
    or_absent: bool,
}

/// Why a text is no pattern, in our own words: the service says the same of all (`Invalid filter pattern definition.`).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PatternError {
    /// What is wrong.
    pub reason: String,
    /// Where in the text, in characters from 0.
    pub at: usize,
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, at character {}", self.reason, self.at)
    }
}

impl std::error::Error for PatternError {}

/// What is matched.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Event<'e> {
    /// A record of a table's stream, as a function is given it.
    Record {
        /// The record.
        record: &'e Record,
        /// ARN of its stream.
        stream_arn: &'e str,
    },
    /// Any other event.
    Json(&'e Value),
}

impl<'e> Event<'e> {
    /// A record of the stream with this ARN.
    pub fn record(record: &'e Record, stream_arn: &'e str) -> Event<'e> {
        Event::Record { record, stream_arn }
    }
}

impl<'e> From<&'e Value> for Event<'e> {
    fn from(value: &'e Value) -> Event<'e> {
        Event::Json(value)
    }
}

impl Pattern {
    /// Reads a pattern with any operator.
    ///
    /// # Errors
    /// What is wrong with the text, and where.
    pub fn compile(text: &str) -> Result<Pattern, PatternError> {
        Pattern::compile_with(text, Operators::All)
    }

    /// Reads a pattern with these operators.
    ///
    /// # Errors
    /// What is wrong with the text, and where.
    pub fn compile_with(text: &str, operators: Operators) -> Result<Pattern, PatternError> {
        compile::compile(text, operators)
    }

    /// Whether an event is as the pattern says.
    pub fn matches(&self, event: Event<'_>) -> bool {
        match event {
            Event::Record { record, stream_arn } => {
                matching::matches(self, record::RecordNode::Whole { record, stream_arn })
            }
            Event::Json(value) => matching::matches(self, value),
        }
    }
}

/// The filters of a mapping: an event passes if one of them matches, or if there are none.
#[derive(Clone, Debug, Default)]
pub struct Filters(Vec<Pattern>);

impl Filters {
    /// Reads the patterns of some filters.
    ///
    /// # Errors
    /// The place of the first text that is no pattern, from 0, and what is wrong with it.
    pub fn compile<T: AsRef<str>>(
        patterns: impl IntoIterator<Item = T>,
        operators: Operators,
    ) -> Result<Filters, (usize, PatternError)> {
        let compiled = patterns.into_iter().enumerate().map(|(place, text)| {
            Pattern::compile_with(text.as_ref(), operators).map_err(|error| (place, error))
        });
        compiled.collect::<Result<_, _>>().map(Filters)
    }

    /// Whether there are none, so that every event passes.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether an event passes.
    pub fn matches(&self, event: Event<'_>) -> bool {
        self.is_empty() || self.first_match(event).is_some()
    }

    /// The place of the first filter that matches, from 0.
    pub fn first_match(&self, event: Event<'_>) -> Option<usize> {
        self.0.iter().position(|pattern| pattern.matches(event))
    }
}
