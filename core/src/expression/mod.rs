//! Expressions: text and legacy parameters become one syntax tree, which is evaluated against items.
//!
//! ```text
//! text ──lexer──► parser ──► Condition / Update / KeyCondition / Projection ──► against an Item
//!                   ▲                     ▲
//!        Placeholders (#n, :v)     legacy parameters (Expected, AttributeUpdates, …)
//! ```
//! The order in which an operation calls this room is the order in which the service complains (facts B12):
//!
//! 1. [`legacy::refuse_mixing`]; 2. [`Placeholders::new`]; 3. `parse` of each expression of the request, all with the same
//!    `Placeholders`, or the functions of [`legacy`]; 4. [`Placeholders::finish`]; 5. the table is looked up; 6. what needs its key:
//!    [`Update::refuse_keys`], [`KeyCondition::resolve`], [`Condition::refuse_keys`] and the `refuse_steps_below_keys`; 7. `holds`,
//!    `apply`.
//!
//! Everything borrows from the request: names from the texts, values from its values item. Nothing is copied to be parsed.
//!
//! ```text
//! Placeholders::new(names, values, any_expression) -> Result<Placeholders>         finish(self) -> Result<()>
//! Condition::parse(kind, text, &mut placeholders) -> Result<Condition>             holds(&item) -> bool    (Item::empty() for none)
//!                                                                                  refuse_keys(&keys), refuse_steps_below_keys(&keys)
//! Update::parse(text, &mut placeholders) -> Result<Update>                         apply(&old) -> Result<Item>
//!     creates_item() -> bool   written_part(&image) -> Option<Item>                refuse_keys(&keys), refuse_steps_below_keys(&keys)
//! KeyCondition::parse(text, &mut placeholders) -> Result<KeyCondition>             resolve(partition, sort) -> Result<KeyRange>
//! Projection::parse(text, &mut placeholders) -> Result<Projection>                 apply(&item) -> Item, refuse_steps_below_keys(&keys)
//! legacy::{expected, filter, key_conditions, attribute_updates, attributes_to_get, refuse_mixing}
//! ```

mod apply;
mod checks;
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

pub(crate) use condition::{Condition, attributes_of};
pub(crate) use faults::{Fault, Faults};
pub(crate) use key_condition::{KeyCondition, KeyPart, KeyRange, SortCondition, check_key_length};
pub(crate) use placeholders::Placeholders;
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
