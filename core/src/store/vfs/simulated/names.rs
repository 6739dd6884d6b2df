//! Names of files and folders, and which of them a power loss may take.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, ErrorKind};

use super::Random;

pub(super) type FileId = u64;

/// What a directory holds.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    pub(super) files: BTreeMap<String, FileId>,
    folders: BTreeSet<String>,
}

/// What was done to a directory.
#[derive(Clone, Debug)]
pub(super) enum NameChange {
    File(String, FileId),
    Folder(String),
    Rename { from: String, to: String },
    Remove(String),
}

impl NameChange {
    /// The folder whose sync makes it safe.
    fn folder(&self) -> &str {
        match self {
            NameChange::File(name, _) | NameChange::Folder(name) | NameChange::Remove(name) => {
                folder_of(name)
            }
            NameChange::Rename { to, .. } => folder_of(to),
        }
    }
}

fn folder_of(name: &str) -> &str {
    name.rsplit_once('/').map_or("", |(folder, _)| folder)
}

impl Names {
    fn apply(&mut self, change: &NameChange) {
        match change {
            NameChange::File(name, file) => {
                self.files.insert(name.clone(), *file);
            }
            NameChange::Folder(name) => {
                self.folders.insert(name.clone());
            }
            NameChange::Rename { from, to } => {
                if let Some(file) = self.files.remove(from) {
                    self.files.insert(to.clone(), file);
                }
            }
            NameChange::Remove(name) => {
                self.files.remove(name);
            }
        }
    }

    fn has_folder(&self, name: &str) -> bool {
        name.is_empty() || self.folders.contains(name)
    }

    fn check_folder(&self, name: &str) -> io::Result<()> {
        if self.has_folder(name) {
            Ok(())
        } else if self.files.contains_key(name) {
            Err(failure(ErrorKind::NotADirectory, name))
        } else {
            Err(failure(ErrorKind::NotFound, name))
        }
    }

    /// A name that may be given to a new file or folder.
    pub(super) fn check_new(&self, name: &str) -> io::Result<()> {
        self.check_folder(folder_of(name))?;
        if self.files.contains_key(name) || self.has_folder(name) {
            return Err(failure(ErrorKind::AlreadyExists, name));
        }
        Ok(())
    }

    pub(super) fn file(&self, name: &str) -> io::Result<FileId> {
        match self.files.get(name) {
            Some(file) => Ok(*file),
            None if self.has_folder(name) => Err(failure(ErrorKind::IsADirectory, name)),
            None => Err(failure(ErrorKind::NotFound, name)),
        }
    }

    pub(super) fn list(&self, folder: &str) -> io::Result<Vec<String>> {
        self.check_folder(folder)?;
        let names = self.files.keys().chain(&self.folders).filter(|name| folder_of(name) == folder);
        let mut names: Vec<_> =
            names.map(|name| name.rsplit('/').next().unwrap_or(name).to_owned()).collect();
        names.sort_unstable();
        Ok(names)
    }
}

/// A directory with its folders.
#[derive(Clone, Debug, Default)]
pub(super) struct Directory {
    /// As programs see it.
    pub(super) now: Names,
    /// As it is for certain after a power loss.
    safe: Names,
    changes: Vec<NameChange>,
}

impl Directory {
    pub(super) fn change(&mut self, change: NameChange) {
        self.now.apply(&change);
        self.changes.push(change);
    }

    pub(super) fn create_folder(&mut self, name: &str) -> io::Result<()> {
        if self.now.has_folder(name) {
            return Ok(());
        }
        match self.now.check_new(name) {
            Err(e) if e.kind() == ErrorKind::AlreadyExists => Err(failure(ErrorKind::NotADirectory, name)),
            other => other.map(|()| self.change(NameChange::Folder(name.to_owned()))),
        }
    }

    pub(super) fn rename(&mut self, from: &str, to: &str) -> io::Result<()> {
        self.now.file(from)?;
        self.now.check_folder(folder_of(to))?;
        if self.now.has_folder(to) {
            return Err(failure(ErrorKind::IsADirectory, to));
        }
        // Which of two folders makes it safe would be a question that no store of ours has to ask.
        if folder_of(from) != folder_of(to) {
            return Err(failure(ErrorKind::Unsupported, to));
        }
        self.change(NameChange::Rename { from: from.to_owned(), to: to.to_owned() });
        Ok(())
    }

    pub(super) fn remove(&mut self, name: &str) -> io::Result<()> {
        self.now.file(name)?;
        self.change(NameChange::Remove(name.to_owned()));
        Ok(())
    }

    pub(super) fn sync(&mut self, folder: &str) -> io::Result<()> {
        self.now.check_folder(folder)?;
        let safe = &mut self.safe;
        self.changes.retain(|change| {
            let other = change.folder() != folder;
            if !other {
                safe.apply(change);
            }
            other
        });
        Ok(())
    }

    /// The directory after a power loss: of each folder, some of the first unsynced changes; nothing in a folder that is gone.
    pub(super) fn crash(&self, random: Random<'_>) -> Directory {
        let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
        for change in &self.changes {
            *counts.entry(change.folder()).or_insert(0) += 1;
        }
        counts.values_mut().for_each(|count| *count = random() % (*count + 1));
        let mut names = self.safe.clone();
        for change in &self.changes {
            if let Some(left) = counts.get_mut(change.folder())
                && *left > 0
            {
                *left -= 1;
                names.apply(change);
            }
        }
        let Names { files, folders } = &mut names;
        // In order, so that parents go first.
        let all = std::mem::take(folders);
        for folder in all {
            let parent = folder_of(&folder);
            if parent.is_empty() || folders.contains(parent) {
                folders.insert(folder);
            }
        }
        files.retain(|name, _| folder_of(name).is_empty() || folders.contains(folder_of(name)));
        Directory { now: names.clone(), safe: names, changes: Vec::new() }
    }

    /// Whether a file has a name, or may have one after a power loss.
    pub(super) fn names(&self, file: FileId) -> bool {
        let named = |names: &Names| names.files.values().any(|named| *named == file);
        named(&self.now)
            || named(&self.safe)
            || self
                .changes
                .iter()
                .any(|change| matches!(change, NameChange::File(_, named) if *named == file))
    }
}

pub(super) fn failure(kind: ErrorKind, name: &str) -> io::Error {
    io::Error::new(kind, format!("{kind} on the simulated disk: {name:?}"))
}
