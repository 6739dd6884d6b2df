//! The law of what a table delivers to a data stream: each change of an item once, in order, whatever else is done to the table or the stream.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use streamtable::Database;

use super::lineage;
use super::model::DataStream;
use crate::calls::{Result, call};
use crate::laws::{key_text, records};
use crate::model::{Table, View};
use crate::random::Random;

const NAME: &str = "feed";
const ARN: &str = "arn:aws:kinesis:us-east-1:000000000000:stream/feed";

/// Old and new image of each change, by key; null for none.
type Images = BTreeMap<String, Vec<Change>>;
type Change = (Value, Value);

/// A data stream, and the table that delivers to it, by its place among the tables.
#[derive(Clone, Debug)]
pub struct Delivering {
    stream: DataStream,
    table: usize,
}

impl Delivering {
    /// Makes the data stream, and has a table deliver to it from now on.
    ///
    /// # Errors
    /// An operation failed.
    pub fn draw(db: &Database, tables: &[Table], random: &mut Random) -> Result<Delivering> {
        let stream = DataStream::create(db, NAME, random)?.delivered_to();
        let table = random.below(tables.len() as u64) as usize;
        let name = &tables[table].name;
        call(db, "EnableKinesisStreamingDestination", &json!({"TableName": name, "StreamArn": ARN}))?;
        let told = call(db, "DescribeKinesisStreamingDestination", &json!({"TableName": name}))?;
        match told["KinesisDataStreamDestinations"][0]["DestinationStatus"].as_str() {
            Some("ACTIVE") => Ok(Delivering { stream, table }),
            _ => Err(format!("{name} does not deliver: {told}")),
        }
    }

    /// The data stream.
    pub fn stream(&self) -> &DataStream {
        &self.stream
    }

    /// The same, to be told what was done to it.
    pub fn stream_mut(&mut self) -> &mut DataStream {
        &mut self.stream
    }

    /// Splits, merges, or keeps records for another time.
    ///
    /// # Errors
    /// An operation failed.
    pub fn reshape(&mut self, db: &Database, random: &mut Random) -> Result<()> {
        let (operation, input, act) = self.stream.draw_change(random);
        call(db, operation, &input)?;
        self.stream.apply(&act, crate::calls::now(db)?);
        Ok(())
    }

    /// What was delivered of each item goes on from change to change, up to the item as it is; and it ends with all that the stream of the table has of
    /// the item.
    ///
    /// # Errors
    /// A difference, or an operation that failed.
    pub fn check(&self, db: &Database, tables: &[Table]) -> Result<()> {
        let table = &tables[self.table];
        self.stream.check(db)?;
        let delivered = delivered(db, &table.name)?;
        check_chains(&delivered, table)?;
        let Some(arn) = table.stream.as_ref().filter(|_| table.view == View::NewAndOldImages) else {
            return Ok(());
        };
        for (key, changes) in images(records(db, arn)?) {
            let found = delivered.get(&key).map_or(&[][..], Vec::as_slice);
            if !found.ends_with(&changes) {
                return Err(format!(
                    "{} {key}: the stream has {changes:?}, and delivered was {found:?}",
                    table.name
                ));
            }
        }
        Ok(())
    }
}

fn check_chains(delivered: &Images, table: &Table) -> Result<()> {
    let items: BTreeMap<String, Value> = table
        .model
        .items
        .iter()
        .map(|(key, contents)| (key_text(&key.json()), contents.image(key)))
        .collect();
    for (key, changes) in delivered {
        if let Some(pair) = changes.windows(2).find(|pair| pair[0].1 != pair[1].0) {
            return Err(format!("{} {key}: {pair:?} were delivered one after the other", table.name));
        }
        let (last, item) = (changes.last().map(|change| &change.1), items.get(key));
        if last != Some(item.unwrap_or(&Value::Null)) {
            return Err(format!("{} {key}: it is {item:?}, and delivered was {last:?} at last", table.name));
        }
    }
    Ok(())
}

fn images(records: Vec<Value>) -> Images {
    let mut images = Images::new();
    for mut record in records {
        let change = &mut record["dynamodb"];
        let pair = (change["OldImage"].take(), change["NewImage"].take());
        images.entry(key_text(&change["Keys"])).or_default().push(pair);
    }
    images
}

/// What the data stream has of a table. A shard has a higher id than its parents, so that of each item the order is kept.
fn delivered(db: &Database, table: &str) -> Result<Images> {
    let mut changes = Vec::new();
    for record in lineage::read(db, NAME)?.into_iter().flat_map(|shard| shard.records) {
        let change: Value =
            serde_json::from_str(&record.data).map_err(|e| format!("{record:?} is no change: {e}"))?;
        if change["tableName"] != table {
            return Err(format!("{table} alone delivers, and {change} is there"));
        }
        changes.push(change);
    }
    Ok(images(changes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Contents, Key};
    use crate::world::create;
    use streamtable::OpenOptions;

    #[test]
    fn a_change_that_is_lost_doubled_or_misplaced_is_noticed() {
        let db = Database::memory(OpenOptions::deterministic()).expect("sound options");
        let mut table = create(&db, "table-0", false, None).expect("a table");
        let delivering =
            Delivering::draw(&db, std::slice::from_ref(&table), &mut Random::new(1)).expect("it delivers");
        let key = Key { partition: "writer-0-0".to_owned(), sort: None };
        for count in [1, 2] {
            let contents = Contents { count: Some(count), ..Contents::default() };
            let put = json!({"TableName": "table-0", "Item": contents.image(&key)});
            call(&db, "PutItem", &put).expect("written");
            table.model.set(&key, Some(contents), 0, false);
        }
        let tables = [table];
        delivering.check(&db, &tables).expect("both changes are there");
        let delivered = delivered(&db, "table-0").expect("it is read");
        let changes = delivered.values().next().expect("one item").clone();
        let broken = |alter: &dyn Fn(&mut Vec<Change>)| {
            let mut other = changes.clone();
            alter(&mut other);
            let other = delivered.keys().cloned().zip([other]).collect();
            check_chains(&other, &tables[0]).err()
        };
        assert_eq!(broken(&|_| {}), None);
        assert!(broken(&|changes| drop(changes.pop())).expect("the last is lost").contains("at last"));
        let doubled = |changes: &mut Vec<Change>| changes.push(changes[1].clone());
        assert!(broken(&doubled).expect("one comes twice").contains("one after the other"));
        assert!(broken(&|changes| changes.swap(0, 1)).is_some(), "another order");
        // And the stream of the table shows what the data stream must have.
        call(&db, "DeleteItem", &json!({"TableName": "table-0", "Key": key.json()})).expect("deleted");
        assert!(delivering.check(&db, &tables).is_err(), "nobody knows that the item has gone");
    }
}
