//! Opening: a new directory is made, an old one is checked, and what the log has beyond the index is read into memory.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use parking_lot::{Mutex, RwLock};

use super::background::Background;
use super::cache::Cache;
use super::checkpoint::Checkpoints;
use super::failure::{cannot_open, damaged, not_locked, refuse};
use super::frame::{FORMAT, SEGMENT_HEADER_BYTES, SegmentHeader};
use super::index::{INDEX_FOLDER, Index};
use super::layer::{Contents, Layer};
use super::log::Log;
use super::place::Point;
use super::rebuild::rebuild;
use super::replay::{Replay, Replayed};
use super::segment::{LOG_FOLDER, Segments, file_name, segment_of};
use super::{DurableStore, Layers, LogState, Shared};
use crate::api::{ErrorCode, Result};
use crate::store::Durability;
use crate::store::vfs::{LOCK_FILE, Lock, Opened, Vfs};

pub(crate) const FORMAT_FILE: &str = "format";
const NEW_FORMAT_FILE: &str = "format.new";
/// Room of the first segment.
const FIRST_SEGMENT_BYTES: u32 = 1 << 20;
/// The share of the cache that keeps blocks of the index: 1 / 2, but enough to work with.
const INDEX_SHARE: u64 = 2;
const INDEX_CACHE_MIN_BYTES: u64 = 16 << 20;

/// How a store is kept.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) durability: Durability,
    /// How long `buffered` may leave written commits unsynced.
    pub(crate) sync_every: Duration,
    /// Memory for items and for blocks of the index.
    pub(crate) cache_bytes: u64,
    /// Log bytes in memory before they go to the index.
    pub(crate) checkpoint_bytes: u64,
    /// Whether threads behind do the work that no call waits for. Without them, the commit that finds it due does it.
    pub(crate) background: bool,
}

impl Settings {
    pub(super) fn index_cache_bytes(&self) -> usize {
        let bytes = (self.cache_bytes / INDEX_SHARE).max(INDEX_CACHE_MIN_BYTES);
        usize::try_from(bytes).unwrap_or(usize::MAX)
    }
}

impl DurableStore {
    /// Opens the database in a directory, or makes one. `new_id` is the identity of a new one.
    ///
    /// # Errors
    /// `OpenException` for a directory that cannot be used, `CorruptionException` for one that has lost something, `StorageException` for a
    /// disk that is full.
    pub(crate) fn open(
        vfs: Arc<dyn Vfs>,
        mut lock: Option<Lock>,
        settings: Settings,
        new_id: u128,
    ) -> Result<DurableStore> {
        let database = match read_format(&*vfs)? {
            Some(id) => id,
            None => {
                create(&vfs, new_id)?;
                new_id
            }
        };
        if let Some(lock) = &mut lock {
            lock.hold(FORMAT_FILE).map_err(not_locked)?;
        }
        let shared = Arc::new(assemble(vfs, lock, settings, database)?);
        let background = if shared.settings.background { Some(Background::start(&shared)?) } else { None };
        let log_bytes = shared.layers.read().active.read().log_bytes;
        shared.note_active(log_bytes);
        shared.request_checkpoint(log_bytes)?;
        Ok(DurableStore { shared, background: Mutex::new(background) })
    }
}

/// The identity in the format file; none where there is no database yet.
pub(super) fn read_format(vfs: &dyn Vfs) -> Result<Option<u128>> {
    let names = vfs.list("").map_err(|e| cannot_open("The directory cannot be read", &e))?;
    if !names.iter().any(|name| name == FORMAT_FILE) {
        let ours = [NEW_FORMAT_FILE, INDEX_FOLDER, LOCK_FILE, LOG_FOLDER];
        return match names.iter().find(|name| !ours.contains(&name.as_str())) {
            None => Ok(None),
            Some(other) => Err(refuse(format!(
                "The directory holds no streamtable database, but other files such as {other}: name an empty or a new directory"
            ))),
        };
    }
    let unreadable = |e: io::Error| cannot_open("The format file cannot be read", &e);
    let file = vfs.open(FORMAT_FILE, Opened::Reading).map_err(unreadable)?;
    let mut bytes = vec![0; usize::try_from(file.len().map_err(unreadable)?.min(4096)).unwrap_or(4096)];
    file.read_at(&mut bytes, 0).map_err(unreadable)?;
    parse_format(&bytes).map(Some)
}

/// Two lines and their checksum; a later format may add lines before the last.
fn format_text(id: u128) -> String {
    let lines = format!("streamtable database, format {FORMAT}\nid {id:032x}\n");
    format!("{lines}crc32 {:08x}\n", crc32fast::hash(lines.as_bytes()))
}

fn parse_format(bytes: &[u8]) -> Result<u128> {
    let damaged = || damaged("The format file is damaged");
    let text = std::str::from_utf8(bytes).map_err(|_| damaged())?;
    let (lines, crc) = text.rsplit_once("crc32 ").ok_or_else(damaged)?;
    if crc.trim_end() != format!("{:08x}", crc32fast::hash(lines.as_bytes())) {
        return Err(damaged());
    }
    let version = lines.lines().next().and_then(|line| line.strip_prefix("streamtable database, format "));
    let version: u32 = version.and_then(|version| version.parse().ok()).ok_or_else(damaged)?;
    if version != FORMAT {
        return Err(refuse(format!(
            "The database has format {version}; this version of streamtable reads format {FORMAT}. {}",
            if version > FORMAT {
                "Open it with the version that wrote it, or a later one"
            } else {
                "Open it once with an earlier version that reads both formats"
            }
        )));
    }
    let id = lines.lines().find_map(|line| line.strip_prefix("id "));
    id.and_then(|id| u128::from_str_radix(id, 16).ok()).ok_or_else(damaged)
}

/// Whether a directory without a format file holds no more than what a creation that was cut off has left: the first segment, empty, and
/// perhaps an index. Anything else is a database whose format file was lost.
fn is_unfinished(vfs: &dyn Vfs) -> io::Result<bool> {
    let names = vfs.list("")?;
    let has = |wanted: &str| names.iter().any(|name| name == wanted);
    if !has(LOG_FOLDER) {
        return Ok(!has(INDEX_FOLDER));
    }
    let first = file_name(1);
    match &vfs.list(LOG_FOLDER)?[..] {
        // Without a segment there is nothing to lose, whatever else is there.
        [] => Ok(true),
        [only] if first.ends_with(&format!("/{only}")) => {
            let file = vfs.open(&first, Opened::Existing)?;
            let header = u64::from(SEGMENT_HEADER_BYTES);
            let len = file.len()?.clamp(header, u64::from(FIRST_SEGMENT_BYTES)) - header;
            if len == 0 {
                return Ok(true);
            }
            let mut rest = vec![0; usize::try_from(len).expect("a segment's length")];
            file.read_at(&mut rest, header)?;
            Ok(rest.iter().all(|byte| *byte == 0))
        }
        _ => Ok(false),
    }
}

/// Makes a database. The format file comes last: without it there is none, and the next opening starts over.
fn create(vfs: &Arc<dyn Vfs>, id: u128) -> Result<()> {
    let failed = |e: io::Error| cannot_open("The database cannot be made", &e);
    if !is_unfinished(&**vfs).map_err(failed)? {
        return Err(damaged("The file format is missing"));
    }
    vfs.create_folder(LOG_FOLDER).map_err(failed)?;
    for name in vfs.list(LOG_FOLDER).map_err(failed)? {
        vfs.remove(&format!("{LOG_FOLDER}/{name}")).map_err(failed)?;
    }
    match vfs.remove(NEW_FORMAT_FILE) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(failed(e)),
        _ => {}
    }
    let segments = Segments::new(vfs.clone());
    let first = segments.create(1, FIRST_SEGMENT_BYTES).map_err(failed)?;
    let header = SegmentHeader { segment: 1, database: id, previous_end: 0 };
    first.file.write_at(&header.to_bytes(), 0).and_then(|()| first.file.sync()).map_err(failed)?;
    let end = Point { segment: 1, offset: SEGMENT_HEADER_BYTES };
    let (nothing, segments) = (Contents { end, ..Contents::default() }, [(end.segment, end.offset)].into());
    Index::create(vfs, &nothing, &segments)?;
    let format = vfs.open(NEW_FORMAT_FILE, Opened::New).map_err(failed)?;
    format.write_at(format_text(id).as_bytes(), 0).and_then(|()| format.sync()).map_err(failed)?;
    vfs.sync_folder("").map_err(failed)?;
    vfs.rename(NEW_FORMAT_FILE, FORMAT_FILE).and_then(|()| vfs.sync_folder("")).map_err(failed)
}

/// Puts the parts of a store together from what is in its directory.
fn assemble(vfs: Arc<dyn Vfs>, lock: Option<Lock>, settings: Settings, database: u128) -> Result<Shared> {
    let (index, index_damage) = match Index::open(vfs.clone(), settings.index_cache_bytes()) {
        // No damage to the index costs data: the log has it all.
        Err(error) if error.code() == ErrorCode::Corruption => {
            rebuild(&vfs, database, &mut |_, _| {})?;
            let damage = error.message().to_owned();
            (Index::open(vfs.clone(), settings.index_cache_bytes())?, Some(damage))
        }
        other => (other?, None),
    };
    let reader = index.reader();
    let applied = reader.applied();
    let segments = Arc::new(Segments::new(vfs.clone()));
    let later = open_segments(&*vfs, &segments, &reader.segments(), applied)?;
    let mut replay = Replay::new(&segments, database, applied);
    let Replayed { contents, heads: replayed, segment, end } = replay.run(&later)?;
    let mut logs: BTreeMap<_, _> = reader
        .heads()?
        .into_iter()
        .map(|(log, head)| (log, LogState { head, ..LogState::default() }))
        .collect();
    for change in replayed {
        change.note(&mut logs);
    }
    let mut high_water = reader.high_water();
    high_water.at = high_water.at.max(contents.high_water.at);
    high_water.commit = high_water.commit.max(contents.high_water.commit);
    drop(reader);
    let log = Log::new(segments.clone(), settings.durability, database, segment, end.offset);
    let layers = Layers { active: Arc::new(Layer::new(contents)), frozen: None };
    let cache_bytes = settings.cache_bytes - settings.cache_bytes / INDEX_SHARE;
    Ok(Shared {
        vfs,
        log,
        segments,
        layers: RwLock::new(layers),
        index_damage,
        index: RwLock::new(Some(index)),
        cache: Cache::new(cache_bytes),
        logs: RwLock::new(logs),
        checkpoints: Checkpoints::default(),
        references: RwLock::new(()),
        now: AtomicU64::new(high_water.at),
        high_water,
        lock: Mutex::new(lock),
        settings,
    })
}

/// The segments in the folder of the log.
pub(super) fn segments_present(vfs: &dyn Vfs) -> Result<BTreeSet<u32>> {
    let names = vfs.list(LOG_FOLDER).map_err(|e| match e.kind() {
        io::ErrorKind::NotFound => damaged("The folder log is missing"),
        _ => cannot_open("The folder log cannot be read", &e),
    })?;
    Ok(names.iter().filter_map(|name| segment_of(name)).collect())
}

/// Opens the segments the index knows, and answers the ids of those it does not know yet. Leftovers of removed segments are removed.
fn open_segments(
    vfs: &dyn Vfs,
    segments: &Segments,
    known: &BTreeMap<u32, super::index::Use>,
    applied: Point,
) -> Result<BTreeSet<u32>> {
    let present = segments_present(vfs)?;
    for (id, used) in known {
        if !present.contains(id) {
            return Err(damaged(&format!("The file {} is missing", super::segment::file_name(*id))));
        }
        let name = super::segment::file_name(*id);
        let segment =
            segments.open(*id).map_err(|e| cannot_open(&format!("The file {name} cannot be opened"), &e))?;
        if segment.capacity < used.end {
            let message =
                format!("The file {name} is {} bytes long; {} were written", segment.capacity, used.end);
            return Err(damaged(&message));
        }
        if *id < applied.segment {
            segment.seal(used.end);
        }
    }
    for id in present.iter().filter(|id| **id < applied.segment && !known.contains_key(id)) {
        segments.remove(*id).map_err(|e| cannot_open("A removed segment of the log is in the way", &e))?;
    }
    Ok(present.into_iter().filter(|id| *id > applied.segment).collect())
}
