//! `Builder`: writes canonical bytes in one pass, sorting each level as it closes and counting the item's size.
//!
//! A value that breaks a rule of the service does not stop the pass: the first problem is kept and the rest of the input is still
//! read, because the service reports such problems after the shape errors of the whole request (facts B12).

use smallvec::SmallVec;

use super::attribute::AttributeValue;
use super::item::{AttributeType, HEADER_BYTES, Item, ListRef, ValueRef, encoded_size};
use super::number::{Number, NumberError, is_plain_integer, stored_text_size};
use super::set::SetScope;
use crate::limits::{ENCODED_MAX_BYTES, NESTING_MAX_LEVELS};

/// A rule of attribute values that the input breaks. The wording lives in `api::message`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ValueProblem {
    /// An `AttributeValue` without any type.
    NoType,
    /// An `AttributeValue` with two types.
    SeveralTypes,
    /// A number text that is none.
    Number(NumberError),
    /// An empty SS, NS or BS.
    EmptySet(AttributeType),
    /// A set with a member twice; the first of the members as given, for the message.
    DuplicateInSet(AttributeType, Vec<String>),
    /// `{"NULL": false}`.
    NullIsFalse,
    /// Lists and maps nested deeper than 32 levels.
    TooDeep,
    /// An attribute name of no bytes.
    EmptyName,
    /// An attribute name above 65,535 bytes.
    LongName,
    /// Values of more than [`ENCODED_MAX_BYTES`] together.
    TooLarge,
}

/// What is wrong with the name of an attribute: 1 to 65,535 bytes are admitted (facts B3).
pub(crate) fn name_problem(name: &str) -> Option<ValueProblem> {
    match name.len() {
        0 => Some(ValueProblem::EmptyName),
        bytes if bytes > usize::from(u16::MAX) => Some(ValueProblem::LongName),
        _ => None,
    }
}

/// The first broken rule, and the top-level name it stands under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueFault {
    /// The attribute (or `:value`) that holds the problem.
    pub name: String,
    /// The broken rule.
    pub problem: ValueProblem,
}

/// Writes one item, front to back.
#[derive(Debug)]
pub(crate) struct Builder {
    pub(super) bytes: Vec<u8>,
    entries: Vec<Entry>,
    levels: usize,
    top_name: String,
    fault: Option<ValueFault>,
}

/// An open map: where its count stands and which waiting entries are its own.
#[derive(Debug)]
pub(crate) struct MapScope {
    count_at: usize,
    first: usize,
}

/// An open entry of a map.
#[derive(Debug)]
pub(crate) struct EntryScope {
    start: usize,
    name_len: u16,
}

/// An open value whose length is not known yet.
#[derive(Debug)]
pub(crate) struct Frame {
    length_at: usize,
}

/// A finished entry of the map being written, waiting to be put in order.
#[derive(Clone, Copy, Debug)]
struct Entry {
    start: u32,
    end: u32,
    size: u32,
    name_len: u16,
}

impl Builder {
    /// A builder with nothing written.
    pub(super) fn new() -> Builder {
        Builder::with_capacity(512)
    }

    /// As [`Builder::new`], for about this many bytes.
    pub(crate) fn with_capacity(bytes: usize) -> Builder {
        let mut bytes = Vec::with_capacity(bytes);
        bytes.extend_from_slice(&[0; HEADER_BYTES]);
        Builder { bytes, entries: Vec::with_capacity(16), levels: 0, top_name: String::new(), fault: None }
    }

    /// The finished item, whose top-level map had this size, or the first broken rule.
    pub(crate) fn finish(mut self, size: usize) -> Result<Item, ValueFault> {
        match self.fault {
            Some(fault) => Err(fault),
            None => {
                self.bytes[..HEADER_BYTES].copy_from_slice(&length(size));
                if self.bytes.capacity() > LARGE_BYTES {
                    // Not the item, its copy and the room that was left, all at once.
                    self.bytes.shrink_to_fit();
                }
                Ok(Item::from_canonical(&self.bytes))
            }
        }
    }

    /// Notes a broken rule; only the first counts.
    pub(super) fn note(&mut self, problem: ValueProblem) {
        if self.fault.is_none() {
            self.fault = Some(ValueFault { name: self.top_name.clone(), problem });
        }
    }

    /// Whether one more value may stand here; notes the fault when it may not.
    pub(super) fn may_nest(&mut self) -> bool {
        if self.levels > NESTING_MAX_LEVELS {
            self.note(ValueProblem::TooDeep);
        }
        self.levels <= NESTING_MAX_LEVELS
    }

    /// Whether more has been written than any map of values may have; what follows is not kept, and the fault says why.
    pub(super) fn is_full(&mut self) -> bool {
        let full = self.bytes.len() > ENCODED_MAX_BYTES;
        if full {
            self.note(ValueProblem::TooLarge);
        }
        full
    }

    /// Starts `count | entries`.
    pub(crate) fn open_map(&mut self) -> MapScope {
        let count_at = self.bytes.len();
        self.bytes.extend_from_slice(&[0; 4]);
        MapScope { count_at, first: self.entries.len() }
    }

    pub(crate) fn open_entry(&mut self, name: &str) -> EntryScope {
        if self.levels == 0 {
            self.top_name.clear();
            self.top_name.push_str(name);
        }
        if let Some(problem) = name_problem(name) {
            self.note(problem);
        }
        let name_len = u16::try_from(name.len()).unwrap_or(0);
        let start = self.bytes.len();
        self.bytes.extend_from_slice(&name_len.to_le_bytes());
        self.bytes.extend_from_slice(&name.as_bytes()[..usize::from(name_len)]);
        self.levels += 1;
        EntryScope { start, name_len }
    }

    pub(crate) fn close_entry(&mut self, scope: EntryScope, value_size: usize) {
        self.levels -= 1;
        let EntryScope { start, name_len } = scope;
        self.finish_entry(start, name_len, value_size);
    }

    fn finish_entry(&mut self, start: usize, name_len: u16, value_size: usize) {
        self.entries.push(Entry {
            start: short(start),
            end: short(self.bytes.len()),
            size: short(usize::from(name_len) + value_size),
            name_len,
        });
    }

    /// Takes an open entry back, with what was written of its value.
    pub(crate) fn abandon_entry(&mut self, scope: EntryScope) {
        self.levels -= 1;
        self.bytes.truncate(scope.start);
    }

    /// Copies an entry that is canonical already.
    pub(crate) fn copy_entry(&mut self, name: &[u8], encoded: &[u8]) {
        let start = self.bytes.len();
        let name_len = u16::try_from(name.len()).expect("stored names fit their length");
        self.bytes.extend_from_slice(&name_len.to_le_bytes());
        self.bytes.extend_from_slice(name);
        self.bytes.extend_from_slice(encoded);
        self.finish_entry(start, name_len, encoded_size(encoded));
    }

    /// Copies entries of a map, canonical already, one behind the other.
    pub(crate) fn copy_entries(&mut self, encoded: &[u8]) {
        self.bytes.extend_from_slice(encoded);
    }

    /// Ends a map whose entries were written in the order of their names, so many.
    pub(crate) fn close_ordered_map(&mut self, scope: MapScope, count: usize) {
        let MapScope { count_at, first } = scope;
        self.entries.truncate(first);
        self.bytes[count_at..count_at + 4].copy_from_slice(&length(count));
    }

    /// Puts the map's entries in name order, the last of equal names winning as in any JSON object. Returns how many there are
    /// and the summed size of names and values.
    pub(crate) fn close_map(&mut self, scope: MapScope) -> (usize, usize) {
        let MapScope { count_at, first } = scope;
        let bytes = &self.bytes;
        let name = |e: &Entry| &bytes[e.start as usize + 2..][..usize::from(e.name_len)];
        let in_order = self.entries[first..].windows(2).all(|pair| name(&pair[0]) < name(&pair[1]));
        if !in_order {
            let mut kept: Vec<Entry> = Vec::with_capacity(self.entries.len() - first);
            self.entries[first..].sort_by(|a, b| name(a).cmp(name(b)));
            for entry in &self.entries[first..] {
                match kept.last_mut() {
                    Some(last) if name(last) == name(entry) => *last = *entry,
                    _ => kept.push(*entry),
                }
            }
            let mut ordered = Vec::with_capacity(self.bytes.len() - count_at);
            for entry in &kept {
                ordered.extend_from_slice(&self.bytes[entry.start as usize..entry.end as usize]);
            }
            self.bytes.truncate(count_at + 4);
            self.bytes.extend_from_slice(&ordered);
            self.entries.truncate(first);
            self.entries.extend_from_slice(&kept);
        }
        let closed = &self.entries[first..];
        let totals = (closed.len(), closed.iter().map(|e| e.size as usize).sum());
        self.entries.truncate(first);
        self.bytes[count_at..count_at + 4].copy_from_slice(&length(totals.0));
        totals
    }

    /// Starts `tag | len | payload`.
    pub(crate) fn open_value(&mut self, kind: AttributeType) -> Frame {
        self.bytes.push(kind as u8);
        let length_at = self.bytes.len();
        self.bytes.extend_from_slice(&[0; 4]);
        Frame { length_at }
    }

    pub(crate) fn close_value(&mut self, frame: Frame) {
        let at = frame.length_at;
        let len = self.bytes.len() - at - 4;
        self.bytes[at..at + 4].copy_from_slice(&length(len));
    }

    /// Where a value can be taken back to, when its input turns out to name two types.
    pub(crate) fn mark(&self) -> usize {
        self.bytes.len()
    }

    pub(crate) fn rewind(&mut self, mark: usize) {
        self.bytes.truncate(mark);
    }

    /// Starts a list: `count` follows when it is known.
    pub(crate) fn open_list(&mut self) -> usize {
        self.levels += 1;
        let count_at = self.bytes.len();
        self.bytes.extend_from_slice(&[0; 4]);
        count_at
    }

    pub(crate) fn close_list(&mut self, count_at: usize, count: usize) {
        self.levels -= 1;
        self.bytes[count_at..count_at + 4].copy_from_slice(&length(count));
    }

    /// Copies a value out of an item; returns its size.
    pub(crate) fn copy(&mut self, value: ValueRef<'_>) -> usize {
        if self.levels + value.depth() > NESTING_MAX_LEVELS {
            self.note(ValueProblem::TooDeep);
        }
        self.copy_sibling(value)
    }

    /// As [`Builder::copy`], for a value that stands as deep where it comes from.
    pub(crate) fn copy_sibling(&mut self, value: ValueRef<'_>) -> usize {
        self.leaf(value.kind(), value.payload());
        value.size()
    }

    /// Writes the elements of several lists as one; returns its size.
    pub(crate) fn joined(&mut self, lists: &[ListRef<'_>]) -> usize {
        let frame = self.open_value(AttributeType::L);
        let count_at = self.open_list();
        let mut size = 0;
        for element in lists.iter().flat_map(ListRef::iter) {
            size += 1 + self.copy(element);
        }
        self.close_list(count_at, lists.iter().map(ListRef::len).sum());
        self.close_value(frame);
        3 + size
    }

    fn leaf(&mut self, kind: AttributeType, payload: &[u8]) {
        self.bytes.push(kind as u8);
        self.bytes.extend_from_slice(&length(payload.len()));
        self.bytes.extend_from_slice(payload);
    }

    pub(super) fn string(&mut self, text: &str) -> usize {
        self.leaf(AttributeType::S, text.as_bytes());
        text.len()
    }

    pub(super) fn binary(&mut self, bytes: &[u8]) -> usize {
        self.leaf(AttributeType::B, bytes);
        bytes.len()
    }

    pub(super) fn boolean(&mut self, value: bool) -> usize {
        self.leaf(AttributeType::Bool, &[u8::from(value)]);
        1
    }

    pub(crate) fn null(&mut self, value: bool) -> usize {
        if !value {
            self.note(ValueProblem::NullIsFalse);
        }
        self.leaf(AttributeType::Null, &[]);
        1
    }

    /// Writes a number as spelled by the caller.
    pub(super) fn number(&mut self, text: &str) -> usize {
        if is_plain_integer(text) {
            self.leaf(AttributeType::N, text.as_bytes());
            return stored_text_size(text);
        }
        match text.parse::<Number>() {
            Ok(number) => self.exact(&number),
            Err(error) => {
                self.note(ValueProblem::Number(error));
                self.leaf(AttributeType::N, b"0");
                1
            }
        }
    }

    /// Writes a number; returns its size.
    pub(crate) fn exact(&mut self, number: &Number) -> usize {
        self.leaf(AttributeType::N, number.to_string().as_bytes());
        number.size()
    }

    /// Writes an owned value; returns its size.
    pub(super) fn tree(&mut self, value: &AttributeValue) -> usize {
        if !self.may_nest() {
            return 0;
        }
        match value {
            AttributeValue::S(text) => self.string(text),
            AttributeValue::N(number) => self.exact(number),
            AttributeValue::B(bytes) => self.binary(bytes),
            AttributeValue::Bool(value) => self.boolean(*value),
            AttributeValue::Null => self.null(true),
            AttributeValue::Ss(members) => self.set(AttributeType::Ss, members.iter().map(String::as_bytes)),
            AttributeValue::Bs(members) => self.set(AttributeType::Bs, members.iter().map(Vec::as_slice)),
            AttributeValue::Ns(numbers) => {
                let mut set = SetScope::open(self, AttributeType::Ns);
                numbers.iter().for_each(|number| set.member(self, number.to_string().as_bytes()));
                set.close(self)
            }
            AttributeValue::L(values) => {
                let frame = self.open_value(AttributeType::L);
                let count_at = self.open_list();
                let size: usize = values.iter().map(|v| 1 + self.tree(v)).sum();
                self.close_list(count_at, values.len());
                self.close_value(frame);
                3 + size
            }
            AttributeValue::M(entries) => {
                let frame = self.open_value(AttributeType::M);
                let (count, size) = self.tree_map(entries.iter().map(|(name, value)| (name.as_str(), value)));
                self.close_value(frame);
                3 + count + size
            }
        }
    }

    pub(super) fn set<'m>(&mut self, kind: AttributeType, members: impl Iterator<Item = &'m [u8]>) -> usize {
        let mut set = SetScope::open(self, kind);
        members.for_each(|member| set.member(self, member));
        set.close(self)
    }

    /// Writes the entries of an owned map; returns their number and summed size.
    pub(super) fn tree_map<'a>(
        &mut self,
        entries: impl Iterator<Item = (&'a str, &'a AttributeValue)>,
    ) -> (usize, usize) {
        let scope = self.open_map();
        for (name, value) in entries {
            let entry = self.open_entry(name);
            let size = self.tree(value);
            self.close_entry(entry, size);
        }
        self.close_map(scope)
    }
}

impl Item {
    /// Encodes named values.
    ///
    /// # Errors
    /// The first rule of the service that a value breaks: empty or repeated set members, depth, names.
    pub fn new<'a>(
        attributes: impl IntoIterator<Item = (&'a str, &'a AttributeValue)>,
    ) -> Result<Item, ValueFault> {
        let mut builder = Builder::new();
        let (_, size) = builder.tree_map(attributes.into_iter());
        builder.finish(size)
    }

    /// An item of just the named attributes, those that exist. The names are few: each attribute is compared with all of them.
    pub fn project<N: AsRef<str>>(&self, names: &[N]) -> Item {
        self.only(|name| names.iter().any(|n| n.as_ref().as_bytes() == name))
    }

    /// As [`Item::project`], for any number of names, sorted.
    pub(crate) fn project_sorted(&self, names: &[&str]) -> Item {
        self.only(|name| names.binary_search_by(|n| n.as_bytes().cmp(name)).is_ok())
    }

    /// Entries are copied as they are, in the order they already have. Most such items are keys, and short.
    fn only(&self, is_named: impl Fn(&[u8]) -> bool) -> Item {
        let mut bytes: SmallVec<[u8; 128]> = SmallVec::new();
        bytes.extend_from_slice(&[0; HEADER_BYTES + 4]);
        let (mut count, mut size) = (0, 0);
        for (name, value) in self.attributes().raw_entries().filter(|(name, _)| is_named(name)) {
            let name_len = u16::try_from(name.len()).expect("stored names fit their length");
            bytes.extend_from_slice(&name_len.to_le_bytes());
            bytes.extend_from_slice(name);
            bytes.extend_from_slice(value);
            count += 1;
            size += name.len() + encoded_size(value);
        }
        bytes[..HEADER_BYTES].copy_from_slice(&length(size));
        bytes[HEADER_BYTES..HEADER_BYTES + 4].copy_from_slice(&length(count));
        Item::from_canonical(&bytes)
    }
}

/// From here on an item is worth a reallocation.
const LARGE_BYTES: usize = 1024 * 1024;

/// Lengths are stored in 32 bits; input is bounded far below (16 MiB a request), so a longer one is a defect of ours.
fn short(len: usize) -> u32 {
    u32::try_from(len).expect("requests are bounded below 4 GiB")
}

pub(super) fn length(len: usize) -> [u8; 4] {
    short(len).to_le_bytes()
}
