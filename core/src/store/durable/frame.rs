//! The log, byte by byte: a commit is a frame, a frame is a run of changes. All integers are little-endian.
//!
//! ```text
//! segment = header 64 | frame … | zeros up to the reserved length
//! header  = "streamtl" | format u32 | segment u32 | database u128 | previous segment's end u32 | reserved u32 | crc32 u32 | zeros
//! frame   = magic u32 | length u32 | lsn u64 | synced u64 | crc32 of payload u32 | crc32 of the 28 bytes before u32 | payload | zeros to 16
//! payload = change …
//! change  = 1 | table u64 | before | key length u16 | image length u32 | key | image                     row put
//!         | 2 | table u64 | before | key length u16 | key                                                row deleted
//!         | 3 | log u64 | sequence u128 | at u64 | event u8 | cause u8 | part keys | part new | part old  record
//!         | 4 | name length u16 | text length u32 | name | text                                          meta set
//!         | 5 | name length u16 | name                                                                    meta forgotten
//!         | 6 | table u64                                                                                 rows removed
//!         | 7 | log u64                                                                                   log removed
//!         | 8 | log u64 | sequence u128                                                                   records removed up to
//!         | 9 | table u64 | segment u32 | offset u32 | key length u16 | image length u32 | key | image    row moved from there
//!         | 10 | table u64 | before | size u32 | key length u16 | reference length u32 | key | reference      derived row put
//!         | 13 | at u64 | commit u64                                                                  the newest of all that was committed
//!         | 14 | log u64 | last u128 | trimmed u128                                                   the ends of a log
//! before  = size u32 | segment u32                                                                      what a row was
//! reference = table u64 | row key                                                                       the row whose item it shows
//! part    = 0                                                                                             none
//!         | 1 | length u32 | image                                                                        written here
//!         | 2 | offset u32 | length u32                                                                   an image of this payload
//!         | 3 | place                                                                                     an image of an older frame
//! ```
//! `lsn` is the frame's own point, so that no stale bytes pass for a frame. `synced` is the point up to which the log was safe when the
//! frame was made: a damaged frame below some later frame's `synced` was lost by the disk, above it only never finished.
//! `before` is the size of the item plus one and the segment in which the row lies, zeros where there was none. A derived row counts with the
//! size of the item it shows; one that is only moved says that nothing was there and nothing is. Kinds 13 and 14 tell again, before a
//! segment is removed, what may be known from it alone; and so do 2, 4, 5, 6 and 7 (`carry.rs`).
//!
//! A row's image stands once: its record points at it, and so does the record of the next change, whose old image it is.

use crate::api::OperationType;
use crate::clock::{Millis, millis};
use crate::limits::RETENTION;
use crate::store::{HighWater, LogId, LogRecord, Lsn, MetaChange, Removal, Sequence, TableId};
use crate::value::Item;

use super::index::Head;
use super::place::{Base, PLACE_BYTES, Place, Point};

pub(super) const SEGMENT_HEADER_BYTES: u32 = 64;
pub(super) const FRAME_HEADER_BYTES: usize = 32;
pub(super) const FRAME_ALIGNMENT: usize = 16;
const SEGMENT_MAGIC: &[u8; 8] = b"streamtl";
const FRAME_MAGIC: u32 = 0x6d72_6673;
/// Flags of a record: the service has made the change; a retention that is not the usual one follows.
const BY_SERVICE: u8 = 1;
const UNUSUAL_RETENTION: u8 = 2;
/// The version of everything in the directory.
pub(super) const FORMAT: u32 = 1;

/// The head of a segment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct SegmentHeader {
    pub(super) segment: u32,
    pub(super) database: u128,
    /// Where the segment before this one ends.
    pub(super) previous_end: u32,
}

impl SegmentHeader {
    pub(super) fn to_bytes(self) -> [u8; SEGMENT_HEADER_BYTES as usize] {
        let mut bytes = [0; SEGMENT_HEADER_BYTES as usize];
        bytes[..8].copy_from_slice(SEGMENT_MAGIC);
        bytes[8..12].copy_from_slice(&FORMAT.to_le_bytes());
        bytes[12..16].copy_from_slice(&self.segment.to_le_bytes());
        bytes[16..32].copy_from_slice(&self.database.to_le_bytes());
        bytes[32..36].copy_from_slice(&self.previous_end.to_le_bytes());
        let crc = crc32fast::hash(&bytes[..40]);
        bytes[40..44].copy_from_slice(&crc.to_le_bytes());
        bytes
    }

    /// None for bytes that are no such header.
    pub(super) fn from_bytes(bytes: &[u8; SEGMENT_HEADER_BYTES as usize]) -> Option<SegmentHeader> {
        let mut reader = Reader(bytes);
        let is_ours = reader.take(8)? == SEGMENT_MAGIC && reader.u32()? == FORMAT;
        let header =
            SegmentHeader { segment: reader.u32()?, database: reader.u128()?, previous_end: reader.u32()? };
        reader.u32()?;
        let sound = reader.u32()? == crc32fast::hash(&bytes[..40]);
        (is_ours && sound).then_some(header)
    }
}

/// The head of a frame.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct FrameHeader {
    pub(super) len: u32,
    pub(super) point: Point,
    pub(super) synced: Lsn,
    pub(super) crc: u32,
}

impl FrameHeader {
    /// Bytes of the whole frame, padded.
    pub(super) fn frame_bytes(payload: usize) -> usize {
        (FRAME_HEADER_BYTES + payload).next_multiple_of(FRAME_ALIGNMENT)
    }

    pub(super) fn to_bytes(self) -> [u8; FRAME_HEADER_BYTES] {
        let mut bytes = [0; FRAME_HEADER_BYTES];
        bytes[..4].copy_from_slice(&FRAME_MAGIC.to_le_bytes());
        bytes[4..8].copy_from_slice(&self.len.to_le_bytes());
        bytes[8..16].copy_from_slice(&self.point.lsn().0.to_le_bytes());
        bytes[16..24].copy_from_slice(&self.synced.0.to_le_bytes());
        bytes[24..28].copy_from_slice(&self.crc.to_le_bytes());
        let crc = crc32fast::hash(&bytes[..28]);
        bytes[28..].copy_from_slice(&crc.to_le_bytes());
        bytes
    }

    /// The head of a frame that lies at `point`; none for other bytes.
    pub(super) fn at(point: Point, bytes: &[u8]) -> Option<FrameHeader> {
        let mut reader = Reader(bytes);
        let is_frame = reader.u32()? == FRAME_MAGIC;
        let len = reader.u32()?;
        let is_here = reader.u64()? == point.lsn().0;
        let header = FrameHeader { len, point, synced: Lsn(reader.u64()?), crc: reader.u32()? };
        let sound = reader.u32()? == crc32fast::hash(&bytes[..28]);
        (is_frame && is_here && sound).then_some(header)
    }
}

/// What a change of a row replaces.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Before {
    /// The size of its item; none where there was no row, or where it is told again that there is none.
    pub(super) size: Option<u32>,
    /// The segment in which it lies; none where there was no row.
    pub(super) segment: Option<u32>,
}

/// An image as a record refers to it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Part {
    /// Bytes of this payload, from an offset.
    Here { offset: u32, len: u32, crc: u32 },
    /// An image that lies in the log already.
    There(Place),
}

impl Part {
    /// The image's place, once its payload has one.
    pub(super) fn place(self, payload: Point) -> Place {
        match self {
            Part::Here { offset, len, crc } => {
                let point = Point { offset: payload.offset + offset, ..payload };
                Place { point, len, crc }
            }
            Part::There(place) => place,
        }
    }
}

/// The images of a record.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Parts {
    pub(super) keys: Option<Part>,
    pub(super) new: Option<Part>,
    pub(super) old: Option<Part>,
}

/// A payload being written.
#[derive(Debug, Default)]
pub(super) struct Payload {
    pub(super) bytes: Vec<u8>,
}

impl Payload {
    /// Returns where the image stands.
    pub(super) fn put(&mut self, table: TableId, before: Before, key: &[u8], image: &Item) -> Part {
        self.bytes.push(1);
        self.u64(table.0);
        self.before(before);
        self.key_and_len(key, Some(image));
        self.bytes.extend_from_slice(key);
        self.image(image)
    }

    /// A row that shows another one's item. `size` is that of the item, none where the row is only moved. Returns where the reference stands.
    pub(super) fn derived(
        &mut self,
        table: TableId,
        before: Before,
        size: Option<usize>,
        key: &[u8],
        base: &Base,
    ) -> Part {
        let reference = base.to_bytes();
        self.bytes.push(10);
        self.u64(table.0);
        self.before(before);
        self.u32(size.map_or(0, |size| size + 1));
        let key_len = u16::try_from(key.len()).expect("a row key is at most some thousand bytes");
        self.bytes.extend_from_slice(&key_len.to_le_bytes());
        self.u32(reference.len());
        self.bytes.extend_from_slice(key);
        self.written(&reference)
    }

    pub(super) fn delete(&mut self, table: TableId, before: Before, key: &[u8]) {
        self.bytes.push(2);
        self.u64(table.0);
        self.before(before);
        self.key_and_len(key, None);
        self.bytes.extend_from_slice(key);
    }

    /// `new` and `old` say where images are that need not be written again.
    pub(super) fn record(
        &mut self,
        log: LogId,
        record: &LogRecord,
        retention: Millis,
        new: Option<Part>,
        old: Option<Part>,
    ) -> Parts {
        self.bytes.push(3);
        self.u64(log.0);
        self.bytes.extend_from_slice(&record.sequence.0.to_le_bytes());
        self.u64(record.at);
        self.bytes.push(event_byte(record.name));
        let is_usual = retention == millis(RETENTION);
        let by_service = if record.by_service { BY_SERVICE } else { 0 };
        self.bytes.push(by_service | if is_usual { 0 } else { UNUSUAL_RETENTION });
        if !is_usual {
            self.u64(retention);
        }
        Parts {
            keys: self.part(record.keys.as_ref(), None),
            new: self.part(record.new_image.as_ref(), new),
            old: self.part(record.old_image.as_ref(), old),
        }
    }

    pub(super) fn meta(&mut self, change: &MetaChange) {
        self.bytes.push(if change.text.is_some() { 4 } else { 5 });
        let len = u16::try_from(change.name.len()).expect("names of meta are short");
        self.bytes.extend_from_slice(&len.to_le_bytes());
        if let Some(text) = &change.text {
            self.u32(text.len());
        }
        self.bytes.extend_from_slice(change.name.as_bytes());
        self.bytes.extend_from_slice(change.text.as_deref().unwrap_or("").as_bytes());
    }

    pub(super) fn removal(&mut self, removal: Removal) {
        match removal {
            Removal::Rows(table) => {
                self.bytes.push(6);
                self.u64(table.0);
            }
            Removal::Log(log) => {
                self.bytes.push(7);
                self.u64(log.0);
            }
            Removal::Records(log, upto) => {
                self.bytes.push(8);
                self.u64(log.0);
                self.bytes.extend_from_slice(&upto.0.to_le_bytes());
            }
            Removal::Later(at) => {
                self.bytes.push(12);
                self.u64(at);
            }
        }
    }

    /// Returns where the image stands now.
    pub(super) fn moved(&mut self, table: TableId, from: Point, key: &[u8], image: &Item) -> Part {
        self.bytes.push(9);
        self.u64(table.0);
        self.bytes.extend_from_slice(&from.segment.to_le_bytes());
        self.bytes.extend_from_slice(&from.offset.to_le_bytes());
        self.key_and_len(key, Some(image));
        self.bytes.extend_from_slice(key);
        self.image(image)
    }

    /// The last frame of a segment says where the log goes on.
    pub(super) fn continued(next: u32) -> Payload {
        let mut payload = Payload { bytes: Vec::with_capacity(LINK_BYTES) };
        payload.bytes.push(11);
        payload.bytes.extend_from_slice(&next.to_le_bytes());
        payload
    }

    fn part(&mut self, image: Option<&Item>, known: Option<Part>) -> Option<Part> {
        let Some(image) = image else {
            self.bytes.push(0);
            return None;
        };
        match known {
            Some(Part::Here { offset, len, .. }) => {
                self.bytes.push(2);
                self.bytes.extend_from_slice(&offset.to_le_bytes());
                self.bytes.extend_from_slice(&len.to_le_bytes());
                known
            }
            Some(Part::There(place)) => {
                self.bytes.push(3);
                self.bytes.extend_from_slice(&place.to_bytes());
                known
            }
            None => {
                self.bytes.push(1);
                self.u32(image.as_bytes().len());
                Some(self.image(image))
            }
        }
    }

    fn image(&mut self, image: &Item) -> Part {
        self.written(image.as_bytes())
    }

    fn written(&mut self, bytes: &[u8]) -> Part {
        let offset = u32::try_from(self.bytes.len()).expect("a payload is far below 4 GiB");
        self.bytes.extend_from_slice(bytes);
        let len = u32::try_from(bytes.len()).expect("an item is far below 4 GiB");
        Part::Here { offset, len, crc: crc32fast::hash(bytes) }
    }

    fn key_and_len(&mut self, key: &[u8], image: Option<&Item>) {
        let len = u16::try_from(key.len()).expect("a row key is at most 3,082 bytes");
        self.bytes.extend_from_slice(&len.to_le_bytes());
        if let Some(image) = image {
            self.u32(image.as_bytes().len());
        }
    }

    pub(super) fn high_water(&mut self, newest: HighWater) {
        self.bytes.push(13);
        self.u64(newest.at);
        self.u64(newest.commit);
    }

    pub(super) fn head(&mut self, log: LogId, head: Head) {
        self.bytes.push(14);
        self.u64(log.0);
        for end in [head.last, head.trimmed] {
            let number = end.map_or(0, |sequence| sequence.0);
            self.bytes.extend_from_slice(&number.to_le_bytes());
        }
    }

    fn before(&mut self, before: Before) {
        self.u32(before.size.map_or(0, |size| size as usize + 1));
        self.u32(before.segment.unwrap_or(0) as usize);
    }

    fn u32(&mut self, number: usize) {
        let number = u32::try_from(number).expect("sizes in a payload are far below 4 GiB");
        self.bytes.extend_from_slice(&number.to_le_bytes());
    }

    fn u64(&mut self, number: u64) {
        self.bytes.extend_from_slice(&number.to_le_bytes());
    }
}

pub(super) fn event_byte(name: OperationType) -> u8 {
    match name {
        OperationType::Insert => 1,
        OperationType::Modify => 2,
        OperationType::Remove => 3,
    }
}

pub(super) fn event_of(byte: u8) -> Option<OperationType> {
    [OperationType::Insert, OperationType::Modify, OperationType::Remove]
        .into_iter()
        .find(|name| event_byte(*name) == byte)
}

/// Length of the payload that says where the log goes on.
pub(super) const LINK_BYTES: usize = 5;

/// A change as read back. Images are named by their place in the payload.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Change<'a> {
    Put {
        table: TableId,
        before: Before,
        key: &'a [u8],
        image: Part,
    },
    Delete {
        table: TableId,
        before: Before,
        key: &'a [u8],
    },
    Record {
        log: LogId,
        sequence: Sequence,
        at: u64,
        name: OperationType,
        by_service: bool,
        retention: Millis,
        parts: Parts,
    },
    Meta {
        name: &'a str,
        text: Option<&'a str>,
    },
    Removal(Removal),
    Moved {
        table: TableId,
        from: Point,
        key: &'a [u8],
        image: Part,
    },
    Derived {
        table: TableId,
        before: Before,
        size: Option<u32>,
        key: &'a [u8],
        base: Base,
        reference: Part,
    },
    HighWater(HighWater),
    Head {
        log: LogId,
        head: Head,
    },
    /// The log goes on in another segment.
    Continued(u32),
}

/// Reads the changes of a payload, which has passed its checksum. None where it is no run of changes after all.
pub(super) fn changes(payload: &[u8]) -> Option<Vec<Change<'_>>> {
    let mut reader = Reader(payload);
    let mut changes = Vec::with_capacity(2);
    while !reader.0.is_empty() {
        changes.push(change(payload, &mut reader)?);
    }
    Some(changes)
}

/// A record of a change; its kind has been read.
fn record_change<'a>(payload: &'a [u8], reader: &mut Reader<'a>) -> Option<Change<'a>> {
    let (log, sequence) = (LogId(reader.u64()?), Sequence(reader.u128()?));
    let (at, name, flags) = (reader.u64()?, event_of(reader.u8()?)?, reader.u8()?);
    let retention = if flags & UNUSUAL_RETENTION == 0 { millis(RETENTION) } else { reader.u64()? };
    let (keys, new, old) = (reader.part(payload)?, reader.part(payload)?, reader.part(payload)?);
    let parts = Parts { keys, new, old };
    Some(Change::Record { log, sequence, at, name, by_service: flags & BY_SERVICE != 0, retention, parts })
}

fn change<'a>(payload: &'a [u8], reader: &mut Reader<'a>) -> Option<Change<'a>> {
    Some(match reader.u8()? {
        1 => {
            let (table, before) = (TableId(reader.u64()?), reader.before()?);
            let (key_len, image_len) = (reader.u16()?, reader.u32()?);
            let key = reader.take(key_len.into())?;
            Change::Put { table, before, key, image: reader.image(payload, image_len)? }
        }
        2 => {
            let (table, before) = (TableId(reader.u64()?), reader.before()?);
            let key_len = reader.u16()?;
            Change::Delete { table, before, key: reader.take(key_len.into())? }
        }
        3 => record_change(payload, reader)?,
        4 => {
            let (name_len, text_len) = (reader.u16()?, reader.u32()?);
            let name = std::str::from_utf8(reader.take(name_len.into())?).ok()?;
            Change::Meta { name, text: Some(std::str::from_utf8(reader.take(text_len as usize)?).ok()?) }
        }
        5 => {
            let name_len = reader.u16()?;
            Change::Meta { name: std::str::from_utf8(reader.take(name_len.into())?).ok()?, text: None }
        }
        6 => Change::Removal(Removal::Rows(TableId(reader.u64()?))),
        7 => Change::Removal(Removal::Log(LogId(reader.u64()?))),
        8 => Change::Removal(Removal::Records(LogId(reader.u64()?), Sequence(reader.u128()?))),
        9 => {
            let table = TableId(reader.u64()?);
            let from = Point { segment: reader.u32()?, offset: reader.u32()? };
            let (key_len, image_len) = (reader.u16()?, reader.u32()?);
            let key = reader.take(key_len.into())?;
            Change::Moved { table, from, key, image: reader.image(payload, image_len)? }
        }
        10 => {
            let table = TableId(reader.u64()?);
            let (before, size) = (reader.before()?, reader.u32()?.checked_sub(1));
            let (key_len, reference_len) = (reader.u16()?, reader.u32()?);
            let key = reader.take(key_len.into())?;
            let base = Base::from_bytes(reader.0.get(..reference_len as usize)?)?;
            let reference = reader.image(payload, reference_len)?;
            Change::Derived { table, before, size, key, base, reference }
        }
        13 => Change::HighWater(HighWater { at: reader.u64()?, commit: reader.u64()? }),
        14 => {
            let log = LogId(reader.u64()?);
            let some = |number: u128| Some(Sequence(number)).filter(|sequence| sequence.0 > 0);
            Change::Head { log, head: Head { last: some(reader.u128()?), trimmed: some(reader.u128()?) } }
        }
        11 => Change::Continued(reader.u32()?),
        12 => Change::Removal(Removal::Later(reader.u64()?)),
        _ => return None,
    })
}

/// What is left to read.
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(taken)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    pub(super) fn u8(&mut self) -> Option<u8> {
        self.array::<1>().map(|[byte]| byte)
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_le_bytes)
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    pub(super) fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_le_bytes)
    }

    pub(super) fn u128(&mut self) -> Option<u128> {
        self.array().map(u128::from_le_bytes)
    }

    pub(super) fn place(&mut self) -> Option<Place> {
        self.array::<PLACE_BYTES>().map(|bytes| Place::from_bytes(&bytes))
    }

    fn before(&mut self) -> Option<Before> {
        let (size, segment) = (self.u32()?, self.u32()?);
        Some(Before { size: size.checked_sub(1), segment: Some(segment).filter(|segment| *segment > 0) })
    }

    /// An image that starts here.
    fn image(&mut self, payload: &[u8], len: u32) -> Option<Part> {
        let offset = u32::try_from(payload.len() - self.0.len()).ok()?;
        let crc = crc32fast::hash(self.take(len as usize)?);
        Some(Part::Here { offset, len, crc })
    }

    fn part(&mut self, payload: &[u8]) -> Option<Option<Part>> {
        Some(match self.u8()? {
            0 => None,
            1 => {
                let len = self.u32()?;
                Some(self.image(payload, len)?)
            }
            2 => {
                let (offset, len) = (self.u32()?, self.u32()?);
                let end = (offset as usize).checked_add(len as usize)?;
                let crc = crc32fast::hash(payload.get(offset as usize..end)?);
                Some(Part::Here { offset, len, crc })
            }
            3 => Some(Part::There(self.place()?)),
            _ => return None,
        })
    }
}
