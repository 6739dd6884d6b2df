//! What answers tell of item collections: of writes to tables with local indexes, if it is asked for (facts B10).

use std::collections::BTreeMap;

use super::parameters::checked;
use crate::api::{ItemCollectionMetrics, Open, Result, ReturnItemCollectionMetrics};
use crate::engine::Call;
use crate::transaction::{Written, collection_bytes};
use crate::value::{Checked, Item};

const GIGABYTE: u64 = 1 << 30;

/// The collection of the item that was written, whose key is in `item`.
///
/// # Errors
/// The store's.
pub(super) fn metrics(
    call: &Call<'_>,
    asked: Option<&Open<ReturnItemCollectionMetrics>>,
    item: &Checked<Item>,
    written: &Written<'_>,
) -> Result<Option<ItemCollectionMetrics>> {
    let Some(spaces) = written.spaces.as_deref().filter(|_| is_asked(asked)) else { return Ok(None) };
    let item = checked(item)?;
    let Some(bytes) = collection_bytes(call, spaces, item)? else { return Ok(None) };
    let sizes = spaces.iter().find(|space| space.is_sizes).expect("it has told a size");
    let gigabytes = (bytes / GIGABYTE) as f64;
    Ok(Some(ItemCollectionMetrics {
        item_collection_key: Some(item.project(&[sizes.definition.partition[0].name.as_str()])),
        size_estimate_range_gb: Some(vec![gigabytes, gigabytes + 1.0]),
    }))
}

fn is_asked(asked: Option<&Open<ReturnItemCollectionMetrics>>) -> bool {
    asked.and_then(Open::known) == Some(ReturnItemCollectionMetrics::Size)
}

/// The collections of several writes, each once, by table.
#[derive(Default)]
pub(super) struct Collections(BTreeMap<String, Vec<ItemCollectionMetrics>>);

impl Collections {
    /// Adds that of a write, if there is one.
    ///
    /// # Errors
    /// The store's.
    pub(super) fn add(
        &mut self,
        call: &Call<'_>,
        asked: Option<&Open<ReturnItemCollectionMetrics>>,
        (table, item): (&str, &Checked<Item>),
        written: &Written<'_>,
    ) -> Result<()> {
        let Some(metrics) = metrics(call, asked, item, written)? else { return Ok(()) };
        let of_table = self.0.entry(table.to_owned()).or_default();
        if !of_table.contains(&metrics) {
            of_table.push(metrics);
        }
        Ok(())
    }

    /// The answer's member.
    pub(super) fn answer(self) -> Option<BTreeMap<String, Vec<ItemCollectionMetrics>>> {
        (!self.0.is_empty()).then_some(self.0)
    }
}
