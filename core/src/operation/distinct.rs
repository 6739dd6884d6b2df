//! Whether rows that a request names are all different.

use smallvec::SmallVec;

use crate::store::TableId;
use crate::value::key::RowKey;

/// Whether one of some rows is there twice.
pub(super) fn has_one_twice<'a>(rows: impl Iterator<Item = (TableId, &'a RowKey)>) -> bool {
    // In the order of their digests: keys of one partition differ at their ends alone. Whoever makes digests equal gets the order of the keys.
    let mut rows: SmallVec<[(u64, TableId, &RowKey); 8]> =
        rows.map(|(table, key)| (key.digest(), table, key)).collect();
    rows.sort_unstable();
    rows.windows(2).any(|pair| pair[0] == pair[1])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::ValueRef;

    #[test]
    fn only_equal_rows_of_one_table_are_the_same() {
        let texts: Vec<String> = (0..60).map(|n| "k".repeat(n)).collect();
        let keys: Vec<RowKey> =
            texts.iter().map(|text| RowKey::new(ValueRef::S("p"), Some(ValueRef::S(text)))).collect();
        let copies = keys.clone();
        let rows = |tables: std::ops::Range<u64>| {
            let keys = &keys;
            tables.flat_map(move |table| keys.iter().map(move |key| (TableId(table), key)))
        };
        assert!(!has_one_twice(rows(0..3)));
        for copy in &copies {
            assert!(has_one_twice(rows(0..3).chain([(TableId(1), copy)])));
            assert!(!has_one_twice(rows(0..3).chain([(TableId(3), copy)])));
        }
    }
}
