//! What one action of a request wants with one row.

use std::sync::Arc;

use crate::api::message::{table as text, value as value_text};
use crate::api::{Error, ErrorCode, Result};
use crate::expression::{Condition, Update};
use crate::limits::ITEM_MAX_BYTES;
use crate::stream::{Cause, Mutation};
use crate::table::{IndexKind, Origin, Space, Table, check_index_keys};
use crate::value::key::RowKey;
use crate::value::{Item, Number};

/// What becomes of a row.
#[derive(Debug)]
pub(crate) enum Action<'a> {
    /// This item takes its place.
    Put(&'a Item),
    /// An update of the item, or of one that has only the key; without an update, the item or that one.
    Update { key: &'a Item, update: Option<Update<'a>> },
    /// It goes.
    Delete,
    /// It goes, if it has expired.
    Expire(&'a Lifetime<'a>),
    /// It stays.
    Check,
}

/// What it takes to have expired: a number in an attribute, in a range.
#[derive(Debug)]
pub(crate) struct Lifetime<'a> {
    pub(crate) attribute: &'a str,
    /// Times before this one are too long ago to count.
    pub(crate) from: Number,
    /// Times before this one are over.
    pub(crate) until: Number,
}

impl Lifetime<'_> {
    fn is_over(&self, item: &Item) -> bool {
        let time = item.get(self.attribute).and_then(|value| value.number());
        time.is_some_and(|time| self.from <= time && time < self.until)
    }
}

/// An action on a row, and the condition it stands under.
#[derive(Debug)]
pub(crate) struct Intent<'a> {
    pub(crate) table: Arc<Table>,
    pub(crate) key: RowKey,
    pub(crate) condition: Option<Condition<'a>>,
    /// Whether a failed condition answers with the item.
    pub(crate) answers_item: bool,
    pub(crate) action: Action<'a>,
    pub(crate) cause: Cause,
}

/// An item before and after an action.
#[derive(Debug)]
pub(crate) struct Written<'a> {
    pub(crate) action: Action<'a>,
    pub(crate) before: Option<Item>,
    pub(crate) after: Option<Item>,
    /// The spaces that were kept up with it; none where the table has none.
    pub(crate) spaces: Option<Arc<[Arc<Space>]>>,
}

impl<'a> Intent<'a> {
    /// What becomes of the row, given what it is. `updates` is in whose words an update is refused.
    ///
    /// # Errors
    /// `ConditionalCheckFailedException`, with the item if the request asks for it; `ValidationException` for an update that cannot be
    /// applied or makes the item too large, and for a value that the key of an index cannot have.
    pub(super) fn decide(
        &self,
        before: Option<&Item>,
        spaces: &[Arc<Space>],
        updates: Origin,
    ) -> Result<Option<Item>> {
        if let (Action::Put(item), false) = (&self.action, spaces.is_empty()) {
            // Wrong of the request alone, whatever the row is.
            check_index_keys(spaces, &self.table.schema, None, item, Origin::Put)?;
            require_room(spaces, item, value_text::item_too_large)?;
        }
        self.require(before)?;
        match &self.action {
            Action::Put(item) => Ok(Some((*item).clone())),
            Action::Update { key, update } => {
                let after = updated(update.as_ref(), key, before)?;
                if let (Some(after), false) = (&after, spaces.is_empty()) {
                    check_index_keys(spaces, &self.table.schema, before, after, updates)?;
                    require_room(spaces, after, value_text::item_to_update_too_large)?;
                }
                Ok(after)
            }
            Action::Delete => Ok(None),
            Action::Expire(lifetime) => Ok(before.filter(|item| !lifetime.is_over(item)).cloned()),
            Action::Check => Ok(before.cloned()),
        }
    }

    fn require(&self, before: Option<&Item>) -> Result<()> {
        let Some(condition) = &self.condition else { return Ok(()) };
        let holds = match before {
            Some(item) => condition.holds(item),
            None => condition.holds(&Item::empty()),
        };
        if holds {
            return Ok(());
        }
        let item = before.filter(|_| self.answers_item).cloned();
        Err(Error::new(ErrorCode::ConditionalCheckFailed, text::condition_failed()).with_item(item))
    }

    /// What is told of the decided action, and what is written to which table.
    pub(super) fn settled(
        self,
        spaces: &Arc<[Arc<Space>]>,
        before: Option<Item>,
        after: Option<Item>,
    ) -> (Written<'a>, Arc<Table>, Mutation) {
        let spaces = (!spaces.is_empty()).then(|| spaces.clone());
        let written = Written { action: self.action, before: before.clone(), after: after.clone(), spaces };
        (written, self.table, Mutation { key: self.key, before, after, cause: self.cause })
    }
}

/// The entry of an item in a local index counts with the item, for each index (facts B1).
fn require_room(spaces: &[Arc<Space>], item: &Item, too_large: fn() -> String) -> Result<()> {
    let entry = |space: &Arc<Space>| match &space.index {
        Some(index) if index.kind == IndexKind::Local && index.key.has_place(item) => index.entry_size(item),
        _ => 0,
    };
    let most = spaces.iter().map(entry).max().unwrap_or(0);
    if item.size() + most > ITEM_MAX_BYTES { Err(Error::validation(too_large())) } else { Ok(()) }
}

/// The item after an update; none when there was none and the update makes none (facts A8).
fn updated(update: Option<&Update<'_>>, key: &Item, before: Option<&Item>) -> Result<Option<Item>> {
    let after = match (update, before) {
        (None, before) => before.unwrap_or(key).clone(),
        (Some(update), Some(before)) => update.apply(before)?,
        // There is nothing to remove from, so nothing can be wrong with the paths either.
        (Some(update), None) if !update.creates_item() => return Ok(None),
        (Some(update), None) => update.apply(key)?,
    };
    if after.size() > ITEM_MAX_BYTES {
        return Err(Error::validation(value_text::item_to_update_too_large()));
    }
    Ok(Some(after))
}
