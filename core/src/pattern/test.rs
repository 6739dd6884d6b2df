//! What one leaf of an event must be.

use super::address::{Network, address};
use super::node::Leaf;
use super::text::{Folded, Wildcard};
use std::net::IpAddr;

/// A test of one leaf. Types never mix: texts are no numbers.
#[derive(Clone, Debug)]
pub(super) enum Test {
    /// Any leaf, null too.
    Present,
    Null,
    Bool(bool),
    Text(String),
    /// A text that is this address, however it is written.
    Address(IpAddr),
    Network(Network),
    /// A number of this value, or of this text if a double does not tell it.
    Number {
        value: Option<f64>,
        text: String,
    },
    Range {
        from: Option<Bound>,
        to: Option<Bound>,
    },
    Prefix(String),
    Suffix(String),
    Folded(Folded),
    FoldedPrefix(Folded),
    FoldedSuffix(Folded),
    Wildcard(Wildcard),
    /// Any leaf that passes none of these.
    NoneOf(Vec<Test>),
}

/// One end of a range of numbers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bound {
    pub(super) value: f64,
    /// Whether the end itself is outside.
    pub(super) open: bool,
}

impl Test {
    pub(super) fn passes(&self, leaf: &Leaf<'_>) -> bool {
        match (self, leaf) {
            (Test::Present, _) | (Test::Null, Leaf::Null) => true,
            (Test::NoneOf(tests), leaf) => !tests.iter().any(|test| test.passes(leaf)),
            (Test::Bool(own), Leaf::Bool(value)) => own == value,
            (Test::Number { value, text }, Leaf::Number(number)) => match (value, number.value()) {
                (Some(own), Some(value)) => *own == value,
                (None, None) => number.text() == *text,
                _ => false,
            },
            (Test::Range { from, to }, Leaf::Number(number)) => number.value().is_some_and(|value| {
                from.is_none_or(|end| end.value < value || !end.open && end.value == value)
                    && to.is_none_or(|end| value < end.value || !end.open && end.value == value)
            }),
            (test, Leaf::Text(text)) => test.passes_text(text),
            _ => false,
        }
    }

    fn passes_text(&self, text: &str) -> bool {
        match self {
            Test::Text(own) => own == text,
            Test::Address(own) => address(text) == Some(*own),
            Test::Network(network) => address(text).is_some_and(|address| network.has(address)),
            Test::Prefix(prefix) => text.starts_with(prefix.as_str()),
            Test::Suffix(suffix) => text.ends_with(suffix.as_str()),
            Test::Folded(folded) => folded.equals(text),
            Test::FoldedPrefix(folded) => folded.is_prefix_of(text),
            Test::FoldedSuffix(folded) => folded.is_suffix_of(text),
            Test::Wildcard(wildcard) => wildcard.matches(text),
            _ => false,
        }
    }
}
