//! What is said when the files of a database cannot be used.

use std::io;

use super::segment::file_name;
use crate::api::{Error, ErrorCode};
use crate::store::vfs::LockError;

pub(super) fn refuse(message: String) -> Error {
    Error::new(ErrorCode::Open, message)
}

pub(super) fn cannot_open(what: &str, error: &io::Error) -> Error {
    refuse(format!("{what}: {error}"))
}

pub(super) fn damaged(message: &str) -> Error {
    Error::new(
        ErrorCode::Corruption,
        format!("{message}. Restore a backup, or open a copy to see what is left."),
    )
}

/// A segment that opening cannot read.
pub(super) fn unreadable_segment(segment: u32, error: &io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => {
            damaged(&format!("The file {} is damaged: {error}", file_name(segment)))
        }
        io::ErrorKind::NotFound => damaged(&format!("The file {} is missing", file_name(segment))),
        _ => {
            Error::new(ErrorCode::Storage, format!("The file {} cannot be used: {error}", file_name(segment)))
        }
    }
}

/// The directory is someone else's for now, or cannot be locked.
pub(super) fn not_locked(error: LockError) -> Error {
    match error {
        LockError::Held { holder, .. } => refuse(format!(
            "it is open already ({}). One process opens a database at a time; the server lets many use it",
            holder.as_deref().unwrap_or("by another process")
        )),
        LockError::Io(e) => refuse(in_words(&e)),
    }
}

/// The usual ways in which a directory cannot be used, and what to do.
pub(super) fn in_words(error: &io::Error) -> String {
    let hint = match error.kind() {
        io::ErrorKind::PermissionDenied => "; this process may not write there",
        io::ErrorKind::ReadOnlyFilesystem => "; copy the database to where it can be written",
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => "; a database is a directory",
        _ => "",
    };
    format!("{error}{hint}")
}
