//! Many lookups in one item, in time that does not grow with their product: the first few read along, later ones ask an index of the map
//! or list, made when it is first needed.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use super::item::{Item, ListRef, MapRef, ValueRef};
use super::path::{Path, PathElement};

/// Lookups that read along before indexes are made: most expressions have fewer, and pay nothing for those that have more.
const READING_ALONG: usize = 8;

/// Looks values up in an item.
#[derive(Debug)]
pub(crate) struct Lookup<'i> {
    item: &'i Item,
    asked: Cell<usize>,
    /// Where the entries or elements of maps and lists start, by the address of their bytes.
    indexes: RefCell<BTreeMap<usize, Vec<u32>>>,
}

impl<'i> Lookup<'i> {
    pub(crate) fn new(item: &'i Item) -> Lookup<'i> {
        Lookup { item, asked: Cell::new(0), indexes: RefCell::new(BTreeMap::new()) }
    }

    /// The value of a top-level attribute.
    pub(crate) fn attribute(&self, name: &str) -> Option<ValueRef<'i>> {
        self.member(self.item.attributes(), name)
    }

    /// The value at a path, if the item has one.
    pub(crate) fn at(&self, path: &Path<'_>) -> Option<ValueRef<'i>> {
        let mut value = self.attribute(path.root)?;
        for step in &path.rest {
            value = match (step, value) {
                (PathElement::Name(name), ValueRef::M(map)) => self.member(map, name)?,
                (PathElement::Index(index), ValueRef::L(list)) => self.element(list, *index)?,
                _ => return None,
            };
        }
        Some(value)
    }

    fn member(&self, map: MapRef<'i>, name: &str) -> Option<ValueRef<'i>> {
        if self.reads_along() {
            return map.get(name);
        }
        let mut indexes = self.indexes.borrow_mut();
        let starts = indexes.entry(map.0.as_ptr() as usize).or_insert_with(|| map.starts());
        let found = starts.binary_search_by(|start| map.entry_at(*start).0.cmp(name.as_bytes())).ok()?;
        Some(ValueRef::encoded(map.entry_at(starts[found]).1))
    }

    fn element(&self, list: ListRef<'i>, index: usize) -> Option<ValueRef<'i>> {
        if self.reads_along() {
            return list.get(index);
        }
        let mut indexes = self.indexes.borrow_mut();
        let starts = indexes.entry(list.0.as_ptr() as usize).or_insert_with(|| list.starts());
        starts.get(index).map(|start| list.element_at(*start))
    }

    fn reads_along(&self) -> bool {
        let asked = self.asked.get();
        self.asked.set(asked + 1);
        asked < READING_ALONG
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indexes_find_what_reading_along_finds() {
        let item = Item::from_json(
            r#"{"a":{"N":"1"},"l":{"L":[{"S":"x"},{"L":[]},{"M":{"k":{"S":"y"}}}]},"m":{"M":{"a":{"N":"2"},"b":{"M":{}}}}}"#,
        )
        .expect("an item");
        use PathElement::{Index, Name};
        let rests: [&[PathElement<'_>]; 9] = [
            &[],
            &[Name("a")],
            &[Name("b"), Name("a")],
            &[Index(0)],
            &[Index(2), Name("k")],
            &[Index(2), Index(0)],
            &[Index(3)],
            &[Index(1), Index(0)],
            &[Name("0")],
        ];
        let lookup = Lookup::new(&item);
        for _ in 0..3 {
            for root in ["a", "l", "m", "", "z"] {
                for rest in rests {
                    let path = Path { root, rest: rest.to_vec() };
                    assert_eq!(lookup.at(&path), Lookup::new(&item).at(&path), "{path}");
                }
            }
        }
        assert!(!lookup.indexes.borrow().is_empty());
    }
}
