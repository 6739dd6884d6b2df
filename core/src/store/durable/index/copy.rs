//! Copying the index as it was at one point of the log.

use std::io;

use super::failed;
use super::manifest::Manifest;
use super::reading::Reading;
use super::run::{Run, file_name};
use crate::api::Result;
use crate::store::vfs::{Opened, Vfs};

/// Bytes copied at once.
const CHUNK_BYTES: usize = 1 << 20;

impl Reading {
    /// Copies this state of the index into the folder of another directory, which must be there; returns the bytes copied. The index may go
    /// on meanwhile: its files do not change, and those that it needs no more are read while they are open.
    ///
    /// # Errors
    /// Those of either disk.
    pub(in crate::store::durable) fn copy(&self, target: &dyn Vfs) -> Result<u64> {
        self.place_runs(target, |run| copy_run(run, target))
    }

    /// As [`Reading::copy`], for a directory that may have the files of the runs in common with this one: each is given to `link` by its
    /// name, and copied where that fails. Nobody may change the index meanwhile.
    ///
    /// # Errors
    /// Those of either disk.
    pub(in crate::store::durable) fn share(
        &self,
        target: &dyn Vfs,
        link: &dyn Fn(&str) -> io::Result<()>,
    ) -> Result<u64> {
        self.place_runs(target, |run| link(&file_name(run.id)).map(|()| 0).or_else(|_| copy_run(run, target)))
    }

    fn place_runs(&self, target: &dyn Vfs, place: impl Fn(&Run) -> io::Result<u64>) -> Result<u64> {
        let copied = self.view.all_runs().map(|run| place(run)).sum::<io::Result<u64>>();
        let copied = copied.map_err(failed)?;
        let next_run = self.view.all_runs().map(|run| run.id + 1).max().unwrap_or(1);
        Manifest::of(&self.view, next_run).write(target).map_err(failed)?;
        Ok(copied)
    }
}

fn copy_run(run: &Run, target: &dyn Vfs) -> io::Result<u64> {
    let file = target.open(&file_name(run.id), Opened::New)?;
    let mut buffer = vec![0; CHUNK_BYTES];
    let mut at = 0;
    while at < run.len {
        let left = usize::try_from(run.len - at).map_or(CHUNK_BYTES, |left| left.min(CHUNK_BYTES));
        run.file.read_at(&mut buffer[..left], at)?;
        file.write_at(&buffer[..left], at)?;
        at += left as u64;
    }
    file.sync()?;
    Ok(run.len)
}
