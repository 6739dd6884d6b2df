//! Expressions: text and legacy parameters become one syntax tree, which is evaluated against items.
//!
//! ```text
//! text ──lexer──► parser ──► Condition / Update / KeyCondition / Projection ──► against an Item
//!                   ▲                     ▲
//!        Placeholders (#n, :v)     legacy parameters (Expected, AttributeUpdates, …)
//! ```
//! The order an operation calls this room in is the order the service complains in (facts B12):
//!
//! 1. [`legacy::refuse_mixing`]; 2. [`Placeholders::new`]; 3. `parse` of each expression of the request, all with the same
//!    `Placeholders`; 4. [`Placeholders::finish`]; 5. the table is looked up; 6. what needs the key schema:
//!    [`Update::refuse_keys`], [`KeyCondition::resolve`], [`Condition::refuse_keys`]; 7. `holds`, `apply`.
//!
//! Everything borrows from the request: names from the texts, values from its one values item. Nothing is copied to be parsed.

use std::collections::BTreeMap;

use crate::api::Result;
use crate::value::{AttributeType, Checked, Item, ValueRef};

pub(crate) mod legacy;

/// Which parameter of the request an expression is; it names itself in messages.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ExpressionKind {
    Condition,
    Filter,
    KeyCondition,
    Update,
    Projection,
}

/// `ExpressionAttributeNames` and `ExpressionAttributeValues` of one request, and which of them its expressions used.
#[derive(Debug)]
pub(crate) struct Placeholders<'a> {
    names: Option<&'a BTreeMap<String, String>>,
    values: Option<&'a Item>,
}

impl<'a> Placeholders<'a> {
    /// # Errors
    /// Placeholders without any expression, empty maps, malformed keys, values that break a rule.
    pub(crate) fn new(
        names: Option<&'a BTreeMap<String, String>>,
        values: Option<&'a Checked<Item>>,
        any_expression: bool,
    ) -> Result<Placeholders<'a>> {
        let _ = (values, any_expression);
        Ok(Placeholders { names, values: None })
    }

    /// # Errors
    /// Names or values that no expression used.
    pub(crate) fn finish(&self) -> Result<()> {
        let _ = (self.names, self.values);
        unimplemented!()
    }
}

/// A condition or filter.
#[derive(Debug)]
pub(crate) struct Condition<'a>(&'a str);

impl<'a> Condition<'a> {
    pub(crate) fn parse(
        kind: ExpressionKind,
        text: &'a str,
        p: &mut Placeholders<'a>,
    ) -> Result<Condition<'a>> {
        let _ = (kind, p);
        Ok(Condition(text))
    }

    /// Whether the item (or [`Item::empty`] where there is none) satisfies the condition.
    pub(crate) fn holds(&self, item: &Item) -> Result<bool> {
        let _ = (item, self.0);
        unimplemented!()
    }

    /// # Errors
    /// "Filter Expression can only contain non-primary key attributes: Primary key attribute: k", for Query.
    pub(crate) fn refuse_keys(&self, keys: &[&str]) -> Result<()> {
        let _ = keys;
        unimplemented!()
    }
}

/// An update expression, or `AttributeUpdates`.
#[derive(Debug)]
pub(crate) struct Update<'a>(&'a str);

impl<'a> Update<'a> {
    pub(crate) fn parse(text: &'a str, p: &mut Placeholders<'a>) -> Result<Update<'a>> {
        let _ = p;
        Ok(Update(text))
    }

    /// # Errors
    /// "Cannot update attribute k. This attribute is part of the key".
    pub(crate) fn refuse_keys(&self, keys: &[&str]) -> Result<()> {
        let _ = (keys, self.0);
        unimplemented!()
    }

    /// Whether the update makes an item where there was none. One that only removes does not (facts A8).
    pub(crate) fn creates_item(&self) -> bool {
        unimplemented!()
    }

    /// The item after the update. `old` is the item before; where there was none, the key attributes alone.
    /// Every operand reads `old`.
    pub(crate) fn apply(&self, old: &Item) -> Result<Item> {
        let _ = old;
        unimplemented!()
    }

    /// For `UPDATED_OLD` and `UPDATED_NEW`: what the image before or after holds at the paths the update names; none where it
    /// holds nothing there.
    pub(crate) fn written_part(&self, image: &Item) -> Option<Item> {
        let _ = image;
        unimplemented!()
    }
}

/// A key condition as written: conditions on attributes, not yet matched with a key schema.
#[derive(Debug)]
pub(crate) struct KeyCondition<'a>(&'a str);

impl<'a> KeyCondition<'a> {
    pub(crate) fn parse(text: &'a str, p: &mut Placeholders<'a>) -> Result<KeyCondition<'a>> {
        let _ = p;
        Ok(KeyCondition(text))
    }

    /// # Errors
    /// Conditions that are not on exactly the key of the table or index, or with values of other types.
    pub(crate) fn resolve(
        &self,
        partition: (&str, AttributeType),
        sort: Option<(&str, AttributeType)>,
    ) -> Result<KeyRange<'a>> {
        let _ = (partition, sort, self.0);
        unimplemented!()
    }
}

/// What a query reads.
#[derive(Clone, Debug)]
pub(crate) struct KeyRange<'a> {
    pub(crate) partition: ValueRef<'a>,
    pub(crate) sort: Option<SortCondition<'a>>,
}

/// Which sort keys of the partition a query reads.
#[derive(Clone, Copy, Debug)]
pub(crate) enum SortCondition<'a> {
    Eq(ValueRef<'a>),
    Lt(ValueRef<'a>),
    Le(ValueRef<'a>),
    Gt(ValueRef<'a>),
    Ge(ValueRef<'a>),
    /// Both ends included.
    Between(ValueRef<'a>, ValueRef<'a>),
    BeginsWith(ValueRef<'a>),
}

impl SortCondition<'_> {
    /// Whether a sort key value satisfies the condition.
    pub(crate) fn holds(&self, value: ValueRef<'_>) -> bool {
        let _ = value;
        unimplemented!()
    }
}

/// A projection, or `AttributesToGet`.
#[derive(Debug)]
pub(crate) struct Projection<'a>(&'a str);

impl<'a> Projection<'a> {
    pub(crate) fn parse(text: &'a str, p: &mut Placeholders<'a>) -> Result<Projection<'a>> {
        let _ = p;
        Ok(Projection(text))
    }

    /// The parts of the item that the projection names; lists close their gaps.
    pub(crate) fn apply(&self, item: &Item) -> Item {
        let _ = (item, self.0);
        unimplemented!()
    }
}
