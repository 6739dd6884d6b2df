//! What rows were before they changed, kept so that a table can be seen as it was at a moment.
//!
//! ```text
//! history key = moment u64 BE | commit u64 BE | row key          ──► the row before; a tombstone where there was none
//! ```
//! While a table records, each commit adds one entry for each row that it changes, all of one commit with one stamp. Undone backwards, from the
//! present to a cut, they turn rows that were read at any times after the cut into what all rows were at it. So a table is copied without a pause
//! for anybody: rows that do not change meanwhile are what they were, and of those that do the history tells what they were.
//!
//! Entries lie in *periods*, tables without a name that begin one after the other, and go as a whole.

use serde::{Deserialize, Serialize};

use crate::clock::Millis;
use crate::store::TableId;
use crate::value::key::RowKey;
use crate::value::{AttributeValue, Item, ValueRef};

/// A place in the order of a table's commits: those up to it are before, the others after.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Cut {
    /// Epoch milliseconds.
    pub(crate) time: Millis,
    /// The count of commits, which tells apart what happens in one millisecond.
    pub(crate) commit: u64,
}

/// Bytes of the stamp in front of a history key.
const STAMP_BYTES: usize = 16;

impl Cut {
    /// After everything that happens in a millisecond.
    pub(crate) fn end_of(time: Millis) -> Cut {
        Cut { time, commit: u64::MAX }
    }

    /// The stamp in a history key.
    pub(crate) fn read(key: &[u8]) -> Option<Cut> {
        let (time, rest) = key.split_first_chunk()?;
        let (commit, _) = rest.split_first_chunk()?;
        Some(Cut { time: u64::from_be_bytes(*time), commit: u64::from_be_bytes(*commit) })
    }

    /// What all entries after the cut are greater than, and none before it.
    pub(crate) fn bytes(self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(STAMP_BYTES);
        bytes.extend_from_slice(&self.time.to_be_bytes());
        bytes.extend_from_slice(&self.commit.to_be_bytes());
        bytes
    }

    /// As [`Cut::bytes`], where entries of the commit at the cut itself are before it, too.
    pub(crate) fn end_bytes(self) -> Vec<u8> {
        match self.commit.checked_add(1) {
            Some(commit) => Cut { commit, ..self }.bytes(),
            None => Cut { time: self.time.saturating_add(1), commit: 0 }.bytes(),
        }
    }

    /// Where the entry of a row stands.
    fn key(self, row: &RowKey) -> RowKey {
        let mut bytes = self.bytes();
        bytes.extend_from_slice(row.as_bytes());
        RowKey::from_bytes(&bytes)
    }
}

/// The name of a tombstone's only attribute, a set: every item has an attribute that is none, its key.
const TOMBSTONE: &str = "none";

/// What stands in a history about a row.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Past {
    /// It was this.
    Was(Item),
    /// There was none.
    Nothing(RowKey),
}

impl Past {
    /// The entry of a row that was `before`, for a commit with this stamp.
    pub(crate) fn entry(stamp: Cut, row: &RowKey, before: Option<&Item>) -> (RowKey, Item) {
        let past = before.cloned().unwrap_or_else(|| {
            let key = AttributeValue::Bs(vec![row.as_bytes().to_vec()]);
            Item::new([(TOMBSTONE, &key)]).expect("one attribute is an item")
        });
        (stamp.key(row), past)
    }

    /// Reads an entry.
    pub(crate) fn read(entry: Item) -> Past {
        match entry.get(TOMBSTONE) {
            Some(ValueRef::Bs(set)) if entry.attributes().len() == 1 => {
                Past::Nothing(RowKey::from_bytes(set.members().next().expect("sets have members")))
            }
            _ => Past::Was(entry),
        }
    }
}

/// A run of a table's history, from its beginning to that of the next one.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Period {
    rows: u64,
    pub(crate) begun_at: Millis,
}

impl Period {
    pub(crate) fn new(rows: TableId, begun_at: Millis) -> Period {
        Period { rows: rows.0, begun_at }
    }

    /// Where its entries are.
    pub(crate) fn rows(&self) -> TableId {
        TableId(self.rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_in_the_order_of_their_commits() {
        let (a, b) = (RowKey::new(ValueRef::S("a"), None), RowKey::new(ValueRef::S("b"), None));
        let key = |time, commit, row: &RowKey| Past::entry(Cut { time, commit }, row, None).0;
        let keys = [key(1, 9, &b), key(2, 3, &a), key(2, 4, &b), key(256, 1, &a)];
        assert!(keys.is_sorted(), "{keys:?}");
        let cut = Cut { time: 2, commit: 3 };
        let is_after = |key: &RowKey| key.as_bytes() >= cut.end_bytes().as_slice();
        assert_eq!(keys.each_ref().map(is_after), [false, false, true, true]);
        let is_after = |key: &RowKey| key.as_bytes() >= Cut::end_of(2).end_bytes().as_slice();
        assert_eq!(keys.each_ref().map(is_after), [false, false, false, true]);
    }

    #[test]
    fn what_was_and_what_was_not_are_told_apart() {
        let row = RowKey::new(ValueRef::S("a"), None);
        let item = Item::new([("id", &AttributeValue::S("a".into()))]).expect("an item");
        let stamp = Cut { time: 1, commit: 1 };
        assert_eq!(Past::read(Past::entry(stamp, &row, Some(&item)).1), Past::Was(item));
        let like = AttributeValue::Bs(vec![b"a".to_vec()]);
        let like = Item::new([("id", &AttributeValue::S("a".into())), (TOMBSTONE, &like)]).expect("an item");
        assert_eq!(Past::read(Past::entry(stamp, &row, Some(&like)).1), Past::Was(like));
        assert_eq!(Past::read(Past::entry(stamp, &row, None).1), Past::Nothing(row));
    }
}
