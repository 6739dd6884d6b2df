//! A directory that is looked at and not changed: what is written stays in memory, and goes with it.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, ErrorKind};
use std::sync::Arc;

use parking_lot::{Mutex, RwLock};

use super::{Opened, Vfs, VfsFile};

/// Bytes of a file that are kept in memory together.
const BLOCK: u64 = 4096;

/// Shows a directory, and keeps what is done to it to itself.
#[derive(Debug)]
pub(crate) struct Overlay {
    below: Arc<dyn Vfs>,
    names: Mutex<Names>,
}

#[derive(Debug, Default)]
struct Names {
    /// Files that were opened, made or renamed; none where one was removed. The others are as they are below.
    files: BTreeMap<String, Option<Arc<OverlayFile>>>,
    folders: BTreeSet<String>,
}

impl Overlay {
    pub(crate) fn over(below: Arc<dyn Vfs>) -> Overlay {
        Overlay { below, names: Mutex::default() }
    }

    fn find(&self, names: &mut Names, name: &str) -> io::Result<Arc<OverlayFile>> {
        match names.files.get(name) {
            Some(Some(file)) => Ok(file.clone()),
            Some(None) => Err(failure(ErrorKind::NotFound, name)),
            None => {
                let file = Arc::new(OverlayFile::over(self.below.open(name, Opened::Reading)?)?);
                names.files.insert(name.to_owned(), Some(file.clone()));
                Ok(file)
            }
        }
    }
}

fn failure(kind: ErrorKind, name: &str) -> io::Error {
    io::Error::new(kind, format!("{name}: {kind}"))
}

impl Vfs for Overlay {
    fn open(&self, name: &str, how: Opened) -> io::Result<Arc<dyn VfsFile>> {
        let mut names = self.names.lock();
        let found = self.find(&mut names, name);
        if how != Opened::New {
            return Ok(found?);
        }
        match found {
            Ok(_) => Err(failure(ErrorKind::AlreadyExists, name)),
            Err(e) if e.kind() == ErrorKind::NotFound => {
                let file = Arc::new(OverlayFile::default());
                names.files.insert(name.to_owned(), Some(file.clone()));
                Ok(file)
            }
            Err(e) => Err(e),
        }
    }

    fn list(&self, folder: &str) -> io::Result<Vec<String>> {
        let names = self.names.lock();
        let below = match self.below.list(folder) {
            Err(e) if e.kind() == ErrorKind::NotFound && names.folders.contains(folder) => Vec::new(),
            below => below?,
        };
        let mut all: BTreeSet<String> = below.into_iter().collect();
        let made = names.folders.iter().map(|name| (name, true));
        for (name, is_there) in names.files.iter().map(|(name, file)| (name, file.is_some())).chain(made) {
            let (parent, name) = name.rsplit_once('/').unwrap_or(("", name));
            match is_there {
                _ if parent != folder => {}
                true => drop(all.insert(name.to_owned())),
                false => drop(all.remove(name)),
            }
        }
        Ok(all.into_iter().collect())
    }

    fn create_folder(&self, name: &str) -> io::Result<()> {
        self.names.lock().folders.insert(name.to_owned());
        Ok(())
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        let mut names = self.names.lock();
        let file = self.find(&mut names, from)?;
        names.files.insert(from.to_owned(), None);
        names.files.insert(to.to_owned(), Some(file));
        Ok(())
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        let mut names = self.names.lock();
        self.find(&mut names, name)?;
        names.files.insert(name.to_owned(), None);
        Ok(())
    }

    fn sync_folder(&self, _folder: &str) -> io::Result<()> {
        Ok(())
    }
}

/// A file of which some blocks are in memory.
#[derive(Debug, Default)]
struct OverlayFile {
    below: Option<Arc<dyn VfsFile>>,
    content: RwLock<Content>,
}

#[derive(Debug, Default)]
struct Content {
    len: u64,
    /// Bytes that still show what lies below; beyond them are zeros.
    shown: u64,
    blocks: BTreeMap<u64, Box<[u8]>>,
}

impl OverlayFile {
    fn over(below: Arc<dyn VfsFile>) -> io::Result<OverlayFile> {
        let len = below.len()?;
        let content = Content { len, shown: len, blocks: BTreeMap::new() };
        Ok(OverlayFile { below: Some(below), content: RwLock::new(content) })
    }

    /// Fills `part` with what lies below.
    fn read_below(&self, content: &Content, part: &mut [u8], at: u64) -> io::Result<()> {
        let shown = content.shown.saturating_sub(at).min(part.len() as u64) as usize;
        part[shown..].fill(0);
        match &self.below {
            Some(below) if shown > 0 => below.read_at(&mut part[..shown], at),
            _ => Ok(()),
        }
    }
}

/// The parts of a range, each within a block: the block, where in it, and how many bytes.
fn parts(at: u64, len: usize) -> impl Iterator<Item = (u64, usize, usize)> {
    let mut at = at;
    let end = at + len as u64;
    std::iter::from_fn(move || {
        let (block, start) = (at / BLOCK, at % BLOCK);
        let count = (BLOCK - start).min(end - at);
        at += count;
        (count > 0).then_some((block, start as usize, count as usize))
    })
}

impl VfsFile for OverlayFile {
    fn len(&self) -> io::Result<u64> {
        Ok(self.content.read().len)
    }

    fn read_at(&self, buffer: &mut [u8], at: u64) -> io::Result<()> {
        let content = self.content.read();
        if at.checked_add(buffer.len() as u64).is_none_or(|end| end > content.len) {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        // In one call where nothing of it was written: most of what is read is.
        let first = at / BLOCK;
        let last = (at + buffer.len() as u64).div_ceil(BLOCK);
        if content.blocks.range(first..last.max(first)).next().is_none() {
            return self.read_below(&content, buffer, at);
        }
        let mut left = buffer;
        for (block, start, count) in parts(at, left.len()) {
            let (part, rest) = left.split_at_mut(count);
            match content.blocks.get(&block) {
                Some(bytes) => part.copy_from_slice(&bytes[start..start + count]),
                None => self.read_below(&content, part, block * BLOCK + start as u64)?,
            }
            left = rest;
        }
        Ok(())
    }

    fn write_at(&self, bytes: &[u8], at: u64) -> io::Result<()> {
        if bytes.is_empty() {
            return Ok(());
        }
        let mut content = self.content.write();
        let mut left = bytes;
        for (block, start, count) in parts(at, bytes.len()) {
            if !content.blocks.contains_key(&block) {
                let mut fresh = vec![0; BLOCK as usize].into_boxed_slice();
                self.read_below(&content, &mut fresh, block * BLOCK)?;
                content.blocks.insert(block, fresh);
            }
            let kept = content.blocks.get_mut(&block).expect("just made sure");
            kept[start..start + count].copy_from_slice(&left[..count]);
            left = &left[count..];
        }
        content.len = content.len.max(at + bytes.len() as u64);
        Ok(())
    }

    fn allocate(&self, len: u64) -> io::Result<()> {
        let mut content = self.content.write();
        content.len = content.len.max(len);
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let mut content = self.content.write();
        if len < content.len {
            content.shown = content.shown.min(len);
            content.blocks.split_off(&len.div_ceil(BLOCK));
            if let Some(last) = content.blocks.get_mut(&(len / BLOCK)) {
                last[(len % BLOCK) as usize..].fill(0);
            }
        }
        content.len = len;
        Ok(())
    }

    fn sync(&self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::DiskVfs;
    use super::super::scratch::Scratch;
    use super::*;
    use crate::entropy::Entropy;

    #[test]
    fn what_is_done_shows_and_the_directory_stays_as_it_is() {
        let scratch = Scratch::new("overlay");
        fs::create_dir(scratch.path().join("log")).unwrap();
        for (name, text) in [("one", "first"), ("log/a", "bread"), ("log/b", "butter")] {
            fs::write(scratch.path().join(name), text).unwrap();
        }
        let overlay = Overlay::over(Arc::new(DiskVfs::new(scratch.path())));
        overlay.open("one", Opened::Existing).unwrap().write_at(b"th", 7).unwrap();
        overlay.open("two", Opened::New).unwrap().write_at(b"new", 0).unwrap();
        overlay.rename("log/a", "log/c").unwrap();
        overlay.remove("log/b").unwrap();
        overlay.create_folder("more").unwrap();
        let kind = |how: io::Result<Arc<dyn VfsFile>>| how.unwrap_err().kind();
        assert_eq!(kind(overlay.open("one", Opened::New)), ErrorKind::AlreadyExists);
        assert_eq!(kind(overlay.open("log/b", Opened::Existing)), ErrorKind::NotFound);
        assert_eq!(overlay.list("log").unwrap(), ["c"]);
        assert_eq!(overlay.list("").unwrap(), ["log", "more", "one", "two"]);
        assert_eq!(overlay.list("more").unwrap(), [""; 0]);
        let file = overlay.open("one", Opened::Existing).unwrap();
        let mut buffer = [1; 9];
        file.read_at(&mut buffer, 0).unwrap();
        assert_eq!(&buffer, b"first\0\0th");
        assert_eq!(fs::read(scratch.path().join("one")).unwrap(), b"first");
        let below = DiskVfs::new(scratch.path());
        assert_eq!(
            (below.list("").unwrap(), below.list("log").unwrap()),
            (vec!["log".into(), "one".into()], vec!["a".into(), "b".into()])
        );
    }

    #[test]
    fn bytes_are_those_of_a_file() {
        let scratch = Scratch::new("overlay-bytes");
        let mut model: Vec<u8> = (0..10_000u32).map(|n| n as u8).collect();
        fs::write(scratch.path().join("a"), &model).unwrap();
        let overlay = Overlay::over(Arc::new(DiskVfs::new(scratch.path())));
        let file = overlay.open("a", Opened::Existing).unwrap();
        let chance = Entropy::seeded(1);
        let below = |end: usize| chance.next() as usize % end.max(1);
        for _ in 0..500 {
            match below(8) {
                0 => {
                    let len = below(20_000);
                    file.set_len(len as u64).unwrap();
                    model.resize(len, 0);
                }
                1 => {
                    let len = below(20_000);
                    file.allocate(len as u64).unwrap();
                    model.resize(model.len().max(len), 0);
                }
                _ => {
                    let (at, len) = (below(20_000), below(9_000));
                    let bytes = vec![below(256) as u8; len];
                    file.write_at(&bytes, at as u64).unwrap();
                    if len > 0 {
                        model.resize(model.len().max(at + len), 0);
                        model[at..at + len].copy_from_slice(&bytes);
                    }
                }
            }
            assert_eq!(file.len().unwrap(), model.len() as u64);
            let from = below(model.len());
            let mut found = vec![1; model.len() - from];
            file.read_at(&mut found, from as u64).unwrap();
            assert_eq!(found, model[from..]);
            assert_eq!(
                file.read_at(&mut [0; 2], (model.len() as u64).saturating_sub(1)).unwrap_err().kind(),
                ErrorKind::UnexpectedEof
            );
        }
    }
}
