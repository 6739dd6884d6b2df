//! Expressions: text and legacy parameters become one syntax tree, which is evaluated against items.
//!
//! ```text
//! text ──lexer──► parser ──► Condition / Update / KeyCondition / Projection ──► against an Item
//!                   ▲                     ▲
//!        Placeholders (#n, :v)     legacy parameters (Expected, AttributeUpdates, …)
//! ```
//! The order in which an operation calls this room is the order in which the service complains (facts B12):
//!
//! 1. [`legacy::refuse_mixing`]; 2. the expressions of the request together, by [`Request::parse`] or from those that are kept
//!    (`engine/expressions.rs`), and the functions of [`legacy`]; 3. [`Expressions::all_used`]; 4. the table is looked up; 5. what needs its
//!    key: [`Update::refuse_keys`], `KeyCondition::resolve`, [`Condition::refuse_keys`] and the `refuse_steps_below_keys`; 6. `holds`,
//!    `apply`.
//!
//! Trees have the places of values and not the values, so one serves all requests with the same texts; those of legacy parameters and of
//! statements borrow from the request, values too.
//!
//! ```text
//! Request {texts, names, values}      parse() -> Result<Expressions>
//! Condition       holds(&item) -> bool    (Item::empty() for none)      refuse_keys(&keys), refuse_steps_below_keys(&keys)
//! Update          apply(&old) -> Result<Item>                           refuse_keys(&keys), refuse_steps_below_keys(&keys)
//!                 creates_item() -> bool   written_part(&image) -> Option<Item>
//! KeyCondition    resolve(partition, sort) -> Result<KeyRange>
//! Projection      apply(&item) -> Item, refuse_steps_below_keys(&keys)
//! legacy::{expected, filter, key_conditions, attribute_updates, attributes_to_get, refuse_mixing}
//! ```

mod apply;
mod checks;
mod compiled;
mod condition;
mod evaluate;
mod faults;
mod key_condition;
pub(crate) mod legacy;
mod lexer;
mod parser;
mod paths;
mod placeholders;
mod projection;
mod reserved;
pub(crate) mod tree;
mod update;

#[cfg(test)]
mod tests;

pub(crate) use compiled::{Compiled, Expressions, Request, Texts};
pub(crate) use condition::{Condition, attributes_of};
pub(crate) use faults::{Fault, Faults};
pub(crate) use key_condition::{KeyPart, KeyRange, SortCondition, check_key_length};
pub(crate) use projection::Projection;
pub(crate) use update::Update;

use crate::api::Error;
use crate::api::message::expression as text;

/// Which parameter of the request an expression is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ExpressionKind {
    Condition,
    Filter,
    KeyCondition,
    Update,
    Projection,
}

impl ExpressionKind {
    /// The parameter's name.
    pub(crate) fn parameter(self) -> &'static str {
        match self {
            ExpressionKind::Condition => "ConditionExpression",
            ExpressionKind::Filter => "FilterExpression",
            ExpressionKind::KeyCondition => "KeyConditionExpression",
            ExpressionKind::Update => "UpdateExpression",
            ExpressionKind::Projection => "ProjectionExpression",
        }
    }

    /// Where a function of another kind is not allowed, as the service says it.
    fn place(self) -> &'static str {
        match self {
            ExpressionKind::Update => "an update expression",
            _ => "a condition expression",
        }
    }

    /// Words that are never names here, whatever their case.
    fn keywords(self) -> &'static [&'static str] {
        match self {
            ExpressionKind::Update => &["SET", "REMOVE", "ADD", "DELETE"],
            ExpressionKind::Projection => &[],
            _ => &["AND", "OR", "NOT", "BETWEEN", "IN"],
        }
    }

    fn is_condition(self) -> bool {
        matches!(self, ExpressionKind::Condition | ExpressionKind::Filter | ExpressionKind::KeyCondition)
    }

    fn invalid(self, problem: &str) -> Error {
        Error::validation(text::invalid(self.parameter(), problem))
    }
}
