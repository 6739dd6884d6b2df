//! UpdateTimeToLive, DescribeTimeToLive, and the deletion of items whose time is over (facts B11).
//!
//! ```text
//! UpdateTimeToLive ──► a space in the order of the times ◄── every commit      the schedule has the moment of its first row
//!                                  │
//!                       expire: its rows up to now ──► intents ──► records with the service's identity
//! ```
//! Whether an item has expired is decided under the lock of its row: an update that comes before it cancels the deletion.

use std::ops::Bound;
use std::sync::Arc;

use super::lineage;
use crate::api::message::settings as text;
use crate::api::message::table as table_text;
use crate::api::{
    DescribeTimeToLiveInput, DescribeTimeToLiveOutput, Enumeration, Error, ErrorCode, Result, TableStatus,
    TimeToLiveDescription, TimeToLiveStatus, UpdateTimeToLiveInput, UpdateTimeToLiveOutput, Valid,
};
use crate::clock::{Millis, millis};
use crate::engine::Call;
use crate::limits::{TTL_CHANGE_INTERVAL, TTL_PAST_MAX};
use crate::store::{Budget, RowRange};
use crate::stream::Cause;
use crate::table::{Expiring, Space, SpaceDefinition, SpaceState, State, Table};
use crate::transaction::{self, Action, Intent, Lifetime, Refused};
use crate::value::{AttributeValue, Item, Number};

/// What one commit deletes.
const STEP: Budget = Budget { rows: 64, bytes: 1 << 20 };

/// UpdateTimeToLive.
pub(crate) fn update(
    call: &Call<'_>,
    input: &Valid<'_, UpdateTimeToLiveInput>,
) -> Result<UpdateTimeToLiveOutput> {
    let now = call.now();
    let asked = input.time_to_live_specification;
    let table = call.catalog.for_control(input.table_name, now)?;
    match table.status(now) {
        TableStatus::Creating => {
            return Err(Error::new(ErrorCode::ResourceInUse, text::table_being_created(&table.name)));
        }
        TableStatus::Deleting => {
            let message = table_text::table_not_found(&table.name);
            return Err(Error::new(ErrorCode::ResourceNotFound, message));
        }
        _ => {}
    }
    let mut state = table.state.write();
    check_change(&state, asked.enabled, asked.attribute_name, now)?;
    let mut next = state.clone();
    next.features.time_to_live.changed_at = Some(now);
    if asked.enabled {
        enable(call, &table, &mut state, next, asked.attribute_name)?;
    } else {
        disable(call, &table, &mut state, next)?;
    }
    Ok(UpdateTimeToLiveOutput { time_to_live_specification: (**input).time_to_live_specification.clone() })
}

/// What is asked for must be another state than there is; only then it matters how long ago the last change was (facts B11).
fn check_change(state: &State, enable: bool, attribute: &str, now: Millis) -> Result<()> {
    let current = &state.features.time_to_live;
    let refuse = |message: String| Err(Error::validation(message));
    match &current.live {
        Some(live) if live.attribute != attribute => return refuse(text::ttl_elsewhere(&live.attribute)),
        Some(_) if enable => return refuse(text::ttl_enabled()),
        None if !enable => return refuse(text::ttl_disabled()),
        _ => {}
    }
    if current.changed_at.is_some_and(|at| now < at + millis(TTL_CHANGE_INTERVAL)) {
        return refuse(text::ttl_changed_recently());
    }
    Ok(())
}

fn enable(
    call: &Call<'_>,
    table: &Arc<Table>,
    state: &mut State,
    mut next: State,
    attribute: &str,
) -> Result<()> {
    let order = SpaceDefinition::expiry(attribute);
    let space = Space::new(call.next_table_id(), table.id, order, SpaceState::Building(None));
    let space = Arc::new(space);
    next.features.time_to_live.live = Some(Expiring::new(attribute, space.id));
    transaction::attach_space(call, table, &space, vec![table.entry(&next, None)], call.now())?;
    lineage::show(call, table, state, next);
    if space.is_complete() {
        call.schedule.expiring(table, &space, 0);
    }
    Ok(())
}

fn disable(call: &Call<'_>, table: &Table, state: &mut State, mut next: State) -> Result<()> {
    let live = next.features.time_to_live.live.take().expect("it was on");
    let spaces = table.spaces();
    let space = spaces.iter().find(|space| space.id == live.space()).expect("what is on has its space");
    transaction::detach_space(call, table, space, vec![table.entry(&next, None)])?;
    lineage::show(call, table, state, next);
    Ok(())
}

/// DescribeTimeToLive.
pub(crate) fn describe(
    call: &Call<'_>,
    input: &Valid<'_, DescribeTimeToLiveInput>,
) -> Result<DescribeTimeToLiveOutput> {
    let now = call.now();
    let table = call.catalog.for_control(input.table_name, now)?;
    let status = table.status(now);
    if matches!(status, TableStatus::Creating | TableStatus::Deleting) {
        return Err(Error::validation(text::ttl_not_described(status.name())));
    }
    let state = table.state.read();
    let live = state.features.time_to_live.live.as_ref();
    let status = if live.is_some() { TimeToLiveStatus::Enabled } else { TimeToLiveStatus::Disabled };
    Ok(DescribeTimeToLiveOutput {
        time_to_live_description: Some(TimeToLiveDescription {
            time_to_live_status: Some(status.into()),
            attribute_name: live.map(|live| live.attribute.clone()),
        }),
    })
}

/// Deletes the items of a table that have expired and were not to be deleted before `since`; returns how many that were.
///
/// # Errors
/// The store's; what was deleted before stays deleted, and the rest stays due.
pub(super) fn expire(
    call: &Call<'_>,
    table: &Arc<Table>,
    space: &Arc<Space>,
    since: Millis,
) -> Result<usize> {
    // A write that brings an earlier time in from here on is heard again.
    call.schedule.expiry_done(space);
    let mut deleted = 0;
    match expire_since(call, table, space, since, &mut deleted) {
        Ok(next) => {
            if let Some(next) = next {
                call.schedule.expiring(table, space, next);
            }
            Ok(deleted)
        }
        Err(error) => {
            call.schedule.expiring(table, space, since);
            Err(error)
        }
    }
}

/// Returns when the next item is to be deleted.
fn expire_since(
    call: &Call<'_>,
    table: &Arc<Table>,
    space: &Space,
    since: Millis,
    deleted: &mut usize,
) -> Result<Option<Millis>> {
    let delay = call.choices.expiry_delay;
    let Some(time) = call.now().checked_sub(delay) else { return Ok(Some(delay)) };
    let oldest = time.saturating_sub(millis(TTL_PAST_MAX));
    let (from, until) = (Number::of_thousandths(oldest), Number::of_thousandths(time));
    // The row that is due at a moment has a time just before it.
    let first = Number::of_thousandths(oldest.max(since.saturating_sub(delay + 1)));
    let end = front(&until);
    let (start, to) = (Bound::Included(front(&first)), Bound::Excluded(end.clone()));
    let mut range = RowRange { from: start, to, descending: false };
    loop {
        // Held so that nobody turns it off between the look at the rows and their deletion.
        let state = table.state.read();
        let Some(live) = state.features.time_to_live.live.as_ref().filter(|live| live.space() == space.id)
        else {
            return Ok(None);
        };
        let page = call.store.rows(space.id, &range, STEP)?;
        let lifetime = Lifetime { attribute: &live.attribute, from, until };
        *deleted += delete(call, table, &lifetime, &page.items)?;
        // Without a last key, that was all.
        let Some(last) = page.last else { break };
        range.from = Bound::Excluded(last);
    }
    let ahead = RowRange { from: Bound::Included(end), to: Bound::Unbounded, descending: false };
    let next = call.store.rows(space.id, &ahead, Budget { rows: 1, ..STEP })?;
    Ok(next
        .items
        .first()
        .and_then(|item| space.definition.expires_at(item))
        .map(|at| at.saturating_add(delay)))
}

/// Deletes those of some items that have expired as they are now; returns how many that were.
fn delete(call: &Call<'_>, table: &Arc<Table>, lifetime: &Lifetime<'_>, items: &[Item]) -> Result<usize> {
    let mut intents: Vec<Intent<'_>> = Vec::with_capacity(items.len());
    for item in items {
        intents.push(Intent {
            table: table.clone(),
            key: table.schema.row_key(item)?,
            condition: None,
            answers_item: false,
            action: Action::Expire(lifetime),
            cause: Cause::Service,
        });
    }
    match transaction::run(call, intents) {
        Ok(written) => {
            Ok(written.iter().filter(|written| written.before.is_some() && written.after.is_none()).count())
        }
        Err(Refused::Whole(error)) => Err(error),
        Err(Refused::Each(_)) => unreachable!("nothing speaks against what has no condition"),
    }
}

/// Where rows begin with a time in the order of expiry.
fn front(time: &Number) -> Vec<u8> {
    let name = "time";
    let item = Item::new([(name, &AttributeValue::N(*time))]).expect("a number has a place in an item");
    SpaceDefinition::front([], item.get(name).expect("just put there"))
}
