//! A reader that goes along with a stream while it is written to, over the public operations alone: it sees each change once, per key in order.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use streamtable::reader::Trimmed;
use streamtable::{Database, ReadOptions, Reader};

use crate::calls::Result;
use crate::laws;
use crate::model::{Key, Model, Table, View};

/// Records that it takes at once.
const PAGE: usize = 20;

/// One reader of one stream, from its beginning on.
#[derive(Debug)]
pub struct Follower {
    reader: Reader,
    identities: BTreeSet<String>,
    /// What it was given since the last check.
    records: Vec<Value>,
    /// How many changes of each key it was held against.
    checked: BTreeMap<Key, usize>,
}

impl Follower {
    /// A reader at the beginning of a stream. Where it comes too late for a record, it goes on with what is left.
    ///
    /// # Errors
    /// An operation failed.
    pub fn open(db: &Database, arn: &str) -> Result<Follower> {
        let options = ReadOptions::default().trimmed(Trimmed::Skip);
        let reader = Reader::open(db, arn, options).map_err(|e| format!("{arn}: no reader: {e}"))?;
        Ok(Follower { reader, identities: BTreeSet::new(), records: Vec::new(), checked: BTreeMap::new() })
    }

    /// Reads a page; false when there is none now.
    ///
    /// # Errors
    /// An operation failed, or a record came twice.
    pub fn read(&mut self, db: &Database) -> Result<bool> {
        let page = self.reader.next_page(db, PAGE).map_err(|e| format!("a reader fails: {e}"))?;
        let Some(page) = page else { return Ok(false) };
        for record in page.records {
            let record = serde_json::to_value(record).map_err(|e| format!("a record is no JSON: {e}"))?;
            if !self.identities.insert(record["eventID"].to_string()) {
                return Err(format!("a reader is given {record} twice"));
            }
            self.records.push(record);
        }
        Ok(true)
    }

    /// Reads what is left.
    ///
    /// # Errors
    /// As [`Follower::read`].
    pub fn catch_up(&mut self, db: &Database) -> Result<()> {
        self.reader.begin_round();
        while self.read(db)? {}
        Ok(())
    }

    /// What it was given since the last check, or since this was asked.
    pub fn take(&mut self) -> Vec<Value> {
        std::mem::take(&mut self.records)
    }

    /// Reads what is left, and holds what came since the last check against the changes since then that were young enough to be read.
    ///
    /// # Errors
    /// A change that did not come, a record of none, or one in another order.
    pub fn check(&mut self, db: &Database, view: View, model: &Model, now: u64) -> Result<()> {
        self.catch_up(db)?;
        let mut new = Model::default();
        for (key, changes) in &model.changes {
            let checked = self.checked.insert(key.clone(), changes.len()).unwrap_or(0);
            new.changes.insert(key.clone(), changes[checked..].to_vec());
        }
        let records = self.take();
        let mut histories: BTreeMap<String, Vec<&Value>> = BTreeMap::new();
        for record in &records {
            histories.entry(laws::key_text(&record["dynamodb"]["Keys"])).or_default().push(record);
        }
        laws::check_histories(&histories, view, &new, now)
            .map_err(|why| format!("{}: a reader that goes along: {why}", self.reader.stream()))
    }
}

/// The readers of all streams of a world, by ARN.
#[derive(Debug, Default)]
pub struct Followers(BTreeMap<String, Follower>);

impl Followers {
    /// The reader of a stream.
    ///
    /// # Errors
    /// An operation failed.
    pub fn of(&mut self, db: &Database, arn: &str) -> Result<&mut Follower> {
        if !self.0.contains_key(arn) {
            self.0.insert(arn.to_owned(), Follower::open(db, arn)?);
        }
        Ok(self.0.get_mut(arn).expect("inserted above"))
    }

    /// Lets each read what is left of its stream, and holds what they saw against what must be true.
    ///
    /// # Errors
    /// A law that was broken, or an operation that failed.
    pub fn check(&mut self, db: &Database, tables: &[Table], now: u64) -> Result<()> {
        for table in tables {
            if let Some(arn) = &table.stream {
                self.of(db, arn)?.check(db, table.view, &table.model, now)?;
            }
            for closed in &table.closed {
                self.of(db, &closed.arn)?.check(db, closed.view, &closed.model, now)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::calls::{call, now};
    use crate::model::Contents;
    use crate::world::create;
    use streamtable::OpenOptions;

    #[test]
    fn a_reader_that_misses_a_change_or_is_given_one_too_many_is_noticed() {
        let db = Database::memory(OpenOptions::deterministic()).expect("sound options");
        let mut table =
            create(&db, "table-0", false, Some(View::NewAndOldImages)).expect("a table with a stream");
        let arn = table.stream.clone().expect("it has one");
        let at = now(&db).expect("a time");
        let key = Key { partition: "writer-0-0".to_owned(), sort: None };
        let put = |model: Option<&mut Model>, count| {
            let contents = Contents { count: Some(count), ..Contents::default() };
            call(&db, "PutItem", &json!({"TableName": "table-0", "Item": contents.image(&key)}))
                .expect("written");
            model.map(|model| model.set(&key, Some(contents), at, true));
        };
        let mut follower = Follower::open(&db, &arn).expect("it reads");
        put(Some(&mut table.model), 1);
        follower.check(&db, table.view, &table.model, at).expect("one change, one record");
        put(None, 2);
        let why = follower.check(&db, table.view, &table.model, at).expect_err("nobody knows of it");
        assert!(why.contains("1 records for 0 changes"), "{why}");
        table.model.changes.get_mut(&key).expect("noted").push(crate::model::Change {
            at,
            before: None,
            after: None,
        });
        let why = follower.check(&db, table.view, &table.model, at).expect_err("it never comes");
        assert!(why.contains("0 records for 1 changes"), "{why}");
    }
}
