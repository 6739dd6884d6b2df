//! What is only buffered may be lost by a power cut, but only from its end: what is left is all that happened up to some moment.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use streamtable::Database;

use super::playing::Played;
use crate::calls::{Result, call};
use crate::history::History;
use crate::model::Key;
use crate::plan::{Effect, Plan};

/// Finds the moment and takes over what happened up to it; says how many steps were lost.
///
/// # Errors
/// There is no such moment.
pub(super) fn settle(history: &mut History, db: &Database, plan: &Plan, played: &Played) -> Result<usize> {
    let steps = || played.order.iter().map(|(lane, number)| &plan.lanes[*lane][*number]);
    let mut candidate = history.clone();
    let found = items(db, &candidate)?;
    let mut different = differences(&candidate, &found);
    let mut moments = Vec::new();
    if different.is_empty() {
        moments.push(0);
    }
    for (n, step) in steps().enumerate() {
        candidate.apply(step);
        if let Effect::Item { table, key, .. } = &step.effect {
            let place = (*table, key.clone());
            let expected = candidate.tables[*table].model.items.get(key).map(|contents| contents.image(key));
            if found.get(&place) == expected.as_ref() {
                different.remove(&place);
            } else {
                different.insert(place);
            }
        }
        if different.is_empty() {
            moments.push(n + 1);
        }
    }
    let mut why = "the items are those of no moment".to_owned();
    for moment in moments.into_iter().rev() {
        let mut candidate = history.clone();
        steps().take(moment).for_each(|step| candidate.apply(step));
        match candidate.clone().check(db) {
            Ok(()) => {
                *history = candidate;
                return Ok(played.order.len() - moment);
            }
            Err(broken) => why = format!("the items are those after {moment} steps, but {broken}"),
        }
    }
    Err(why)
}

type Place = (usize, Key);

/// Every item there is, by what the history calls its key.
fn items(db: &Database, history: &History) -> Result<BTreeMap<Place, Value>> {
    let mut items = BTreeMap::new();
    for (n, table) in history.tables.iter().enumerate() {
        let mut input = json!({"TableName": table.name, "ConsistentRead": true});
        loop {
            let page = call(db, "Scan", &input)?;
            for item in page["Items"].as_array().ok_or("a scan without items")? {
                items.insert((n, key(item)?), item.clone());
            }
            if page["LastEvaluatedKey"].is_null() {
                break;
            }
            input["ExclusiveStartKey"] = page["LastEvaluatedKey"].clone();
        }
    }
    Ok(items)
}

fn key(item: &Value) -> Result<Key> {
    let partition = item["pk"]["S"].as_str().ok_or_else(|| format!("{item} has no key"))?.to_owned();
    let sort = item["sk"]["N"].as_str().map(|n| n.parse().map_err(|_| format!("{item} has another key")));
    Ok(Key { partition, sort: sort.transpose()? })
}

fn differences(history: &History, found: &BTreeMap<Place, Value>) -> BTreeSet<Place> {
    let mut expected = BTreeMap::new();
    for (n, table) in history.tables.iter().enumerate() {
        expected
            .extend(table.model.items.iter().map(|(key, contents)| ((n, key.clone()), contents.image(key))));
    }
    let places: BTreeSet<&Place> = expected.keys().chain(found.keys()).collect();
    places.into_iter().filter(|place| expected.get(*place) != found.get(*place)).cloned().collect()
}
