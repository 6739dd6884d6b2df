//! Texts about filters, for tools: the service has one text for all that is wrong with a pattern.

use std::fmt;

use super::mapping::invalid_pattern;

/// Which filter is none, from 0, and why.
pub(crate) fn refused(place: usize, why: &dyn fmt::Display) -> String {
    format!("{} Filter {place}: {why}", invalid_pattern())
}
