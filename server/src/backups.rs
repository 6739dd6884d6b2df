//! Where requests may have backups written. Whoever reaches the server could otherwise fill any folder that it may write to.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use streamtable::{Error, ErrorCode, Request};

/// The folder of backups, if one was named at the start.
#[derive(Debug, Default)]
pub(crate) struct Backups(Option<Folder>);

#[derive(Debug)]
struct Folder {
    /// As it was named.
    named: PathBuf,
    /// Where that was at the start: a link that is bent later leads nowhere else.
    place: PathBuf,
}

impl Backups {
    /// Backups below this folder, or none at all.
    ///
    /// # Errors
    /// Where it is not there, no folder, or nothing can be made in it.
    pub(crate) fn below(folder: Option<&Path>) -> io::Result<Backups> {
        let Some(named) = folder else { return Ok(Backups(None)) };
        let place = fs::canonicalize(named)?;
        let probe = place.join(format!(".streamtable-{}", std::process::id()));
        fs::create_dir(&probe)?;
        fs::remove_dir(&probe)?;
        Ok(Backups(Some(Folder { named: named.to_owned(), place })))
    }

    /// Moves the directory that a request names into the folder, or refuses it. What is looked at is what the operation will be given. What that
    /// refuses anyway passes as it is.
    ///
    /// # Errors
    /// `ValidationException` for a directory anywhere else.
    pub(crate) fn admit(&self, request: &mut Request) -> Result<(), Error> {
        match request.directory_mut() {
            Some(directory) if !directory.is_empty() => *directory = self.admitted(directory)?,
            _ => {}
        }
        Ok(())
    }

    fn admitted(&self, given: &str) -> Result<String, Error> {
        let folder = self.0.as_ref().ok_or_else(|| {
            refused("This server writes no backups on request; start it with --backups FOLDER to allow them there")
        })?;
        let name = folder.name_in(Path::new(given)).ok_or_else(|| {
            refused(format!(
                "Backups go into the folder that --backups names; give a name in it, not {given:?}"
            ))
        })?;
        let inside = folder.place.join(name);
        if fs::symlink_metadata(&inside).is_ok_and(|found| found.is_symlink()) {
            return Err(refused(format!("{given:?} is a link, and backups follow none")));
        }
        let inside = inside.into_os_string().into_string();
        inside.map_err(|path| refused(format!("{} is not UTF-8", path.display())))
    }
}

impl Folder {
    /// The one name that a path adds to the folder. A path that is not absolute begins in it.
    fn name_in<'a>(&self, given: &'a Path) -> Option<&'a Path> {
        let inside = if given.is_absolute() {
            given.strip_prefix(&self.named).or_else(|_| given.strip_prefix(&self.place)).ok()?
        } else {
            given
        };
        let mut parts = inside.components();
        match (parts.next(), parts.next()) {
            (Some(Component::Normal(_)), None) => Some(inside),
            _ => None,
        }
    }
}

fn refused(message: impl Into<String>) -> Error {
    Error::new(ErrorCode::Validation, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(body: &str) -> Request {
        Request::from_json("Backup", body.as_bytes()).expect("a request")
    }

    fn admitted(backups: &Backups, directory: &str) -> Result<String, String> {
        let mut request = request(&serde_json::json!({ "Directory": directory }).to_string());
        backups.admit(&mut request).map_err(|error| error.message().to_owned())?;
        Ok(request.directory_mut().expect("it names one").clone())
    }

    #[test]
    fn a_backup_goes_into_the_folder_and_nowhere_else() {
        let scratch = tempfile::tempdir().expect("a folder");
        let folder = fs::canonicalize(scratch.path()).expect("a folder");
        let backups = Backups::below(Some(&folder)).expect("a folder");
        let monday = folder.join("monday").into_os_string().into_string().expect("UTF-8");
        assert_eq!(admitted(&backups, "monday").as_ref(), Ok(&monday));
        assert_eq!(admitted(&backups, &monday).as_ref(), Ok(&monday));
        let beside = format!("{}2/x", folder.display());
        let out = format!("{}/../etc", folder.display());
        for wrong in [
            "..",
            "../b2",
            &out,
            "/etc",
            &folder.display().to_string(),
            "/",
            ".",
            "a/../..",
            "a/b",
            "./..",
            &beside,
        ] {
            assert!(admitted(&backups, wrong).is_err(), "{wrong}");
        }
        assert!(admitted(&Backups::default(), "monday").expect_err("no folder").contains("--backups"));
        assert_eq!(fs::read_dir(&folder).expect("a folder").count(), 0, "looking leaves nothing behind");
    }

    #[test]
    fn a_folder_that_cannot_be_written_to_is_none() {
        let scratch = tempfile::tempdir().expect("a folder");
        let file = scratch.path().join("file");
        fs::write(&file, "no folder").expect("a file");
        for wrong in [file, scratch.path().join("missing")] {
            assert!(Backups::below(Some(&wrong)).is_err(), "{}", wrong.display());
        }
    }

    #[test]
    fn what_is_wrong_anyway_is_for_the_operation() {
        for body in ["{}", "{\"Directory\": \"\"}"] {
            assert_eq!(Backups::default().admit(&mut request(body)), Ok(()), "{body}");
        }
        let mut other = Request::from_json("ListTables", b"{}").expect("a request");
        assert_eq!(Backups::default().admit(&mut other), Ok(()));
    }
}
