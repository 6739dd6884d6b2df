//! What a data stream says, read over the public operations alone, and the laws of its shards.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use streamtable::Database;

use super::model::HashKeys;
use crate::calls::{Result, call};

/// A record as it is read.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub(super) number: String,
    /// Epoch seconds.
    pub(super) at: f64,
    pub(super) key: String,
    pub(super) data: String,
}

/// A shard and what it said.
#[derive(Clone, Debug)]
pub(super) struct Shard {
    pub(super) id: String,
    pub(super) index: u32,
    pub(super) parents: Vec<String>,
    pub(super) keys: HashKeys,
    pub(super) starting: String,
    /// Of a closed one.
    pub(super) ending: Option<String>,
    pub(super) records: Vec<Told>,
    /// As the end of a closed one names them.
    children: Vec<String>,
}

/// Every shard with its records, in the order of their ids.
pub(super) fn read(db: &Database, stream: &str) -> Result<Vec<Shard>> {
    list(db, stream)?.iter().map(|shard| read_shard(db, stream, shard)).collect()
}

/// Every shard as ListShards tells it.
pub(super) fn list(db: &Database, stream: &str) -> Result<Vec<Value>> {
    let mut shards = Vec::new();
    let mut input = json!({"StreamName": stream, "MaxResults": 3});
    loop {
        let page = call(db, "KinesisListShards", &input)?;
        shards.extend(page["Shards"].as_array().ok_or_else(|| format!("no shards in {page}"))?.clone());
        if page["NextToken"].is_null() {
            return Ok(shards);
        }
        input = json!({"NextToken": page["NextToken"], "MaxResults": 3});
    }
}

fn read_shard(db: &Database, stream: &str, told: &Value) -> Result<Shard> {
    let id = text(told, "ShardId")?;
    let digits = id.strip_prefix("shardId-").and_then(|digits| digits.parse().ok());
    let index: u32 = digits.ok_or_else(|| format!("{id} is no id"))?;
    let key = |name: &str| {
        let digits = told["HashKeyRange"][name].as_str().and_then(|digits| digits.parse().ok());
        digits.ok_or_else(|| format!("no {name} in {told}"))
    };
    let parents = parents(told);
    let range = &told["SequenceNumberRange"];
    let ending = range["EndingSequenceNumber"].as_str().map(str::to_owned);
    let from = json!({"StreamName": stream, "ShardId": id, "ShardIteratorType": "TRIM_HORIZON"});
    let mut iterator = call(db, "KinesisGetShardIterator", &from)?["ShardIterator"].clone();
    let (mut records, mut children) = (Vec::new(), Vec::new());
    while !iterator.is_null() {
        let page = call(db, "KinesisGetRecords", &json!({"ShardIterator": iterator, "Limit": 50}))?;
        let found = page_records(&page)?;
        let is_empty = found.is_empty();
        records.extend(found);
        iterator = page["NextShardIterator"].clone();
        children = children_of(&page);
        if ending.is_none() {
            match (iterator.is_null(), is_empty) {
                (true, _) => return Err(format!("{id}: it is open, but its iterators end")),
                (false, true) => break,
                (false, false) => {}
            }
        }
    }
    let starting = text(range, "StartingSequenceNumber")?;
    let keys = (key("StartingHashKey")?, key("EndingHashKey")?);
    Ok(Shard { id, index, parents, keys, starting, ending, records, children })
}

pub(super) fn parents(told: &Value) -> Vec<String> {
    let names = ["ParentShardId", "AdjacentParentShardId"];
    names.iter().filter_map(|name| told[*name].as_str().map(str::to_owned)).collect()
}

pub(super) fn children_of(page: &Value) -> Vec<String> {
    let children = page["ChildShards"].as_array().into_iter().flatten();
    children.filter_map(|child| child["ShardId"].as_str().map(str::to_owned)).collect()
}

pub(super) fn page_records(page: &Value) -> Result<Vec<Told>> {
    let records = page["Records"].as_array().ok_or_else(|| format!("no records in {page}"))?;
    records
        .iter()
        .map(|record| {
            let data = STANDARD.decode(text(record, "Data")?).map_err(|e| format!("{record}: {e}"))?;
            let data = String::from_utf8(data).map_err(|e| format!("{record}: {e}"))?;
            let at = record["ApproximateArrivalTimestamp"].as_f64();
            Ok(Told {
                number: text(record, "SequenceNumber")?,
                at: at.ok_or_else(|| format!("{record} has no time"))?,
                key: text(record, "PartitionKey")?,
                data,
            })
        })
        .collect()
}

pub(super) fn text(object: &Value, name: &str) -> Result<String> {
    object[name].as_str().map(str::to_owned).ok_or_else(|| format!("no {name} in {object}"))
}

/// Numbers and times rise in each shard, and lie inside it; children begin above their parents' ends, and are where those say they are; the open shards
/// have each hash key once.
pub(super) fn check(shards: &[Shard]) -> Result<()> {
    let by_id: BTreeMap<&str, &Shard> = shards.iter().map(|shard| (shard.id.as_str(), shard)).collect();
    for shard in shards {
        check_numbers(shard)?;
        for parent in shard.parents.iter().filter_map(|parent| by_id.get(parent.as_str())) {
            match &parent.ending {
                None => return Err(format!("{}: its parent {} is open", shard.id, parent.id)),
                Some(ending) if shard.starting <= *ending => {
                    return Err(format!(
                        "{} starts at {}, its parent ends at {ending}",
                        shard.id, shard.starting
                    ));
                }
                Some(_) => {}
            }
            if !parent.children.contains(&shard.id) {
                return Err(format!("{} is no child by the end of its parent {}", shard.id, parent.id));
            }
        }
        let is_child = |id: &String| by_id.get(id.as_str()).is_some_and(|c| c.parents.contains(&shard.id));
        if let Some(other) = shard.children.iter().find(|id| !is_child(id)) {
            return Err(format!("{other} is a child by the end of {} alone", shard.id));
        }
    }
    let mut open: Vec<HashKeys> = shards.iter().filter(|s| s.ending.is_none()).map(|s| s.keys).collect();
    open.sort_unstable();
    let ends = (open.first().map(|keys| keys.0), open.last().map(|keys| keys.1));
    let is_whole = open.windows(2).all(|pair| pair[0].1.checked_add(1) == Some(pair[1].0));
    if ends == (Some(0), Some(u128::MAX)) && is_whole {
        Ok(())
    } else {
        Err(format!("the open shards have not each hash key once: {open:?}"))
    }
}

fn check_numbers(shard: &Shard) -> Result<()> {
    let mut last: Option<&Told> = None;
    for record in &shard.records {
        // All numbers have 56 digits, so that their texts are in their order.
        if record.number.len() != 56 {
            return Err(format!("{}: {} has not 56 digits", shard.id, record.number));
        }
        if last.is_some_and(|last| record.number <= last.number || record.at < last.at) {
            return Err(format!("{}: {record:?} does not come after {last:?}", shard.id));
        }
        if record.number <= shard.starting || shard.ending.as_ref().is_some_and(|end| record.number >= *end) {
            return Err(format!("{}: {} lies outside its shard", shard.id, record.number));
        }
        last = Some(record);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(n: u32) -> String {
        format!("{n:056}")
    }

    fn told(n: u32, at: f64) -> Told {
        Told { number: number(n), at, key: "k".to_owned(), data: n.to_string() }
    }

    fn shard(index: u32, parents: &[u32], keys: HashKeys, starting: u32, ending: Option<u32>) -> Shard {
        let id = |index: &u32| format!("shardId-{index:012}");
        Shard {
            id: id(&index),
            index,
            parents: parents.iter().map(id).collect(),
            keys,
            starting: number(starting),
            ending: ending.map(number),
            records: Vec::new(),
            children: Vec::new(),
        }
    }

    /// A shard that was split in two, with records in it and in one of its children.
    fn sound() -> [Shard; 3] {
        let mut parent = shard(0, &[], (0, u128::MAX), 1, Some(9));
        parent.records = vec![told(2, 1.0), told(3, 1.0), told(5, 2.0)];
        parent.children = vec!["shardId-000000000001".to_owned(), "shardId-000000000002".to_owned()];
        let mut child = shard(1, &[0], (0, 99), 10, None);
        child.records = vec![told(11, 2.5)];
        [parent, child, shard(2, &[0], (100, u128::MAX), 10, None)]
    }

    #[test]
    fn shards_that_cannot_be_are_noticed() {
        check(&sound()).expect("sound");
        let broken = |alter: &dyn Fn(&mut [Shard; 3])| {
            let mut shards = sound();
            alter(&mut shards);
            check(&shards).expect_err("it is broken")
        };
        assert!(broken(&|s| s[0].records.swap(0, 1)).contains("does not come after"));
        assert!(broken(&|s| s[0].records[2].at = 0.5).contains("does not come after"));
        assert!(broken(&|s| s[0].records[2].number = number(9)).contains("outside"));
        assert!(broken(&|s| s[1].records[0].number = number(10)).contains("outside"));
        assert!(broken(&|s| s[1].starting = number(9)).contains("its parent ends"));
        assert!(broken(&|s| s[0].ending = None).contains("is open"));
        assert!(broken(&|s| drop(s[0].children.pop())).contains("is no child by the end"));
        assert!(broken(&|s| s[2].parents.clear()).contains("alone"));
        assert!(broken(&|s| s[2].keys.0 = 101).contains("each hash key once"));
        assert!(broken(&|s| s[1].keys.1 = 100).contains("each hash key once"));
    }
}
