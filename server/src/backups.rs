//! Where requests may have backups written. The server has no access control, so whoever reaches it could otherwise fill any folder that
//! it may write to.

use std::path::{Component, Path, PathBuf};

use serde_json::Value;
use streamtable::{Error, ErrorCode};

/// The folder of backups, if one was named at the start.
#[derive(Debug)]
pub(crate) struct Backups(Option<PathBuf>);

impl Backups {
    pub(crate) fn below(folder: Option<PathBuf>) -> Backups {
        Backups(folder)
    }

    /// The body of a request with its directory, the value of `member`, in the folder; or the refusal. What the operation refuses anyway
    /// passes as it is.
    pub(crate) fn admit(&self, member: &str, body: &[u8]) -> Result<Vec<u8>, Error> {
        let Ok(Value::Object(mut members)) = serde_json::from_slice(body) else { return Ok(body.to_vec()) };
        let Some(Value::String(given)) = members.get(member) else { return Ok(body.to_vec()) };
        if given.is_empty() {
            return Ok(body.to_vec());
        }
        let folder = self.0.as_ref().ok_or_else(|| {
            refused("This server writes no backups on request; start it with --backups FOLDER to allow them there")
        })?;
        let inside = folder.join(name_in(folder, Path::new(given)).ok_or_else(|| {
            refused(format!("Backups go into {}; give a name in it, not {given:?}", folder.display()))
        })?);
        let inside = inside
            .into_os_string()
            .into_string()
            .map_err(|path| refused(format!("{} is not UTF-8", path.display())))?;
        members.insert(member.to_owned(), Value::String(inside));
        Ok(Value::Object(members).to_string().into_bytes())
    }
}

/// The one name that a path adds to the folder. A path that is not absolute begins in it.
fn name_in<'a>(folder: &Path, given: &'a Path) -> Option<&'a Path> {
    let inside = if given.is_absolute() { given.strip_prefix(folder).ok()? } else { given };
    let mut parts = inside.components();
    match (parts.next(), parts.next()) {
        (Some(Component::Normal(_)), None) => Some(inside),
        _ => None,
    }
}

fn refused(message: impl Into<String>) -> Error {
    Error::new(ErrorCode::Validation, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admitted(folder: Option<&str>, directory: &str) -> Result<String, String> {
        let body = serde_json::json!({ "Directory": directory }).to_string();
        let admitted = Backups::below(folder.map(PathBuf::from)).admit("Directory", body.as_bytes());
        let body = admitted.map_err(|error| error.message().to_owned())?;
        let body: Value = serde_json::from_slice(&body).expect("JSON");
        Ok(body["Directory"].as_str().expect("a text").to_owned())
    }

    #[test]
    fn a_backup_goes_into_the_folder_and_nowhere_else() {
        assert_eq!(admitted(Some("/b"), "monday"), Ok("/b/monday".to_owned()));
        assert_eq!(admitted(Some("/b"), "/b/monday"), Ok("/b/monday".to_owned()));
        for wrong in ["..", "../b2", "/b/../etc", "/etc", "/b", "/", ".", "a/../..", "a/b", "./..", "/bb/x"] {
            assert!(admitted(Some("/b"), wrong).is_err(), "{wrong}");
        }
        assert!(admitted(None, "monday").expect_err("no folder").contains("--backups"));
    }

    #[test]
    fn what_is_wrong_anyway_is_for_the_operation() {
        let backups = Backups::below(None);
        for body in ["", "{", "[]", "{}", "{\"Directory\": 5}", "{\"Directory\": \"\"}"] {
            assert_eq!(backups.admit("Directory", body.as_bytes()), Ok(body.as_bytes().to_vec()), "{body}");
        }
    }
}
