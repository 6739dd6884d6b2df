//! Buckets: folders of a directory, whose objects have paths as their keys, or else rows (`kept.rs`).
//!
//! Nobody leaves the directory: no part of a key is empty or made of dots alone, and no link is followed. A file is written beside its place and
//! renamed, so that an object is there as a whole or not at all.

mod kept;

use std::collections::BTreeMap;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

pub(crate) use kept::{Bucket, BucketState, Buckets, ObjectEntry};

use crate::clock::{Millis, millis};
use crate::store::sync_directory;

/// What the service calls the failures that have a name there.
const NO_SUCH_BUCKET: &str = "S3NoSuchBucket";
const ACCESS_DENIED: &str = "S3AccessDenied";
/// Any other failure of the disk; the name is ours.
const UNAVAILABLE: &str = "S3Unavailable";

/// The ending of a file that is being written. Its name begins with a dot.
const PART: &str = ".part";

/// Why an object was not written or read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Failure {
    pub(crate) code: &'static str,
    pub(crate) message: String,
}

impl Failure {
    /// Of an object. Where the directory lies is nobody's business who can only send requests.
    fn of(key: &str, error: &io::Error) -> Failure {
        let code = match error.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::NotADirectory | io::ErrorKind::InvalidInput => {
                ACCESS_DENIED
            }
            _ => UNAVAILABLE,
        };
        Failure { code, message: format!("{key}: {error}") }
    }

    pub(crate) fn is_no_bucket(&self) -> bool {
        self.code == NO_SUCH_BUCKET
    }

    fn no_bucket() -> Failure {
        Failure { code: NO_SUCH_BUCKET, message: "The specified bucket does not exist".into() }
    }
}

/// The directory whose folders are the buckets of a database, if it has one.
#[derive(Clone, Debug, Default)]
pub(crate) struct BucketRoot(Option<PathBuf>);

impl BucketRoot {
    pub(crate) fn new(directory: Option<PathBuf>) -> BucketRoot {
        BucketRoot(directory)
    }

    /// Whether there is a directory.
    pub(crate) fn is_there(&self) -> bool {
        self.0.is_some()
    }

    /// Writes an object, in place of one of the same key.
    pub(crate) fn put(&self, bucket: &str, key: &str, bytes: &[u8]) -> Result<(), Failure> {
        let mut path = self.folder(bucket)?;
        let parts = parts(key).ok_or_else(|| no_path(key))?;
        let (name, folders) = parts.split_last().expect("a key has parts");
        let mut write = || {
            for folder in folders {
                path.push(folder);
                make_folder(&path)?;
            }
            let place = path.join(name);
            refuse_link(&place)?;
            let beside = path.join(format!(".{name}{PART}"));
            write_new(&beside, bytes)?;
            fs::rename(&beside, &place)?;
            sync_directory(&path)
        };
        write().map_err(|e| Failure::of(key, &e))
    }

    /// The keys of a bucket that begin with a text, in the order of their bytes: at most `most`, and none where there are more.
    pub(crate) fn list(
        &self,
        bucket: &str,
        prefix: &str,
        most: usize,
    ) -> Result<Option<Vec<String>>, Failure> {
        let mut path = self.folder(bucket)?;
        // Where the text ends a folder, all keys are below that.
        let folder = prefix.rfind('/').map_or("", |at| &prefix[..=at]);
        if !folder.is_empty() {
            let folders = folder.strip_suffix('/').and_then(parts);
            let Some(folders) = folders else { return Ok(Some(Vec::new())) };
            for part in folders {
                path.push(part);
                match fs::symlink_metadata(&path) {
                    Ok(found) if found.is_dir() => {}
                    Ok(_) => return Ok(Some(Vec::new())),
                    Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Some(Vec::new())),
                    Err(e) => return Err(Failure::of(folder, &e)),
                }
            }
        }
        let mut keys = Vec::new();
        let mut folders = vec![(path, folder.to_owned())];
        while let Some((path, folder)) = folders.pop() {
            look_into(&path, &folder, prefix, &mut keys, &mut folders)
                .map_err(|e| Failure::of(&folder, &e))?;
            if keys.len() > most {
                return Ok(None);
            }
        }
        keys.sort_unstable();
        Ok(Some(keys))
    }

    /// An object, to be read.
    pub(crate) fn open(&self, bucket: &str, key: &str) -> Result<File, Failure> {
        let mut path = self.folder(bucket)?;
        let parts = parts(key).ok_or_else(|| no_path(key))?;
        let mut open = || {
            let (name, folders) = parts.split_last().expect("a key has parts");
            for folder in folders {
                path.push(folder);
                if !fs::symlink_metadata(&path)?.is_dir() {
                    return Err(io::ErrorKind::NotADirectory.into());
                }
            }
            let place = path.join(name);
            refuse_link(&place)?;
            File::open(&place)
        };
        open().map_err(|e| Failure::of(key, &e))
    }

    /// What is told of an object; none where there is none. What tells it from others is made of its size and its time: reading it would cost what it holds.
    pub(crate) fn look(&self, bucket: &str, key: &str) -> Result<Option<ObjectEntry>, Failure> {
        let Some(path) = self.file(bucket, key)? else { return Ok(None) };
        let found = fs::symlink_metadata(path).map_err(|e| Failure::of(key, &e))?;
        Ok(Some(ObjectEntry {
            key: key.to_owned(),
            size: found.len(),
            etag: etag(&found),
            content_type: None,
            modified_at: millis(written_at(&found)),
            metadata: BTreeMap::new(),
        }))
    }

    /// What an object holds; none where that is more than `most` bytes.
    pub(crate) fn read(&self, bucket: &str, key: &str, most: usize) -> Result<Option<Vec<u8>>, Failure> {
        let mut body = Vec::new();
        let file = self.open(bucket, key)?;
        file.take(most as u64 + 1).read_to_end(&mut body).map_err(|e| Failure::of(key, &e))?;
        Ok((body.len() <= most).then_some(body))
    }

    /// Removes an object, and the folders that are empty then, so that no path is left of what is gone.
    pub(crate) fn remove(&self, bucket: &str, key: &str) -> Result<(), Failure> {
        let Some(path) = self.file(bucket, key)? else { return Ok(()) };
        let root = self.folder(bucket)?;
        fs::remove_file(&path).map_err(|e| Failure::of(key, &e))?;
        let mut folder = path.parent();
        while let Some(path) = folder.filter(|path| *path != root) {
            // Another object in it, or one that is just being written there, keeps it.
            if fs::remove_dir(path).is_err() {
                break;
            }
            folder = path.parent();
        }
        Ok(())
    }

    /// Makes a bucket; false where it is there.
    pub(crate) fn make(&self, bucket: &str) -> Result<bool, Failure> {
        let directory = self.0.as_ref().ok_or_else(Failure::no_bucket)?;
        match fs::create_dir(directory.join(bucket)) {
            Ok(()) => sync_directory(directory).map(|()| true).map_err(|e| Failure::of(bucket, &e)),
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            Err(e) => Err(Failure::of(bucket, &e)),
        }
    }

    /// Removes a bucket; false where it holds something.
    pub(crate) fn remove_bucket(&self, bucket: &str) -> Result<bool, Failure> {
        match fs::remove_dir(self.folder(bucket)?) {
            Ok(()) => Ok(true),
            Err(e) if e.kind() == io::ErrorKind::DirectoryNotEmpty => Ok(false),
            Err(e) => Err(Failure::of(bucket, &e)),
        }
    }

    /// The buckets by name, and when each was made or last had something put in or taken out.
    pub(crate) fn buckets(&self) -> Result<Vec<(String, Millis)>, Failure> {
        let directory = self.0.as_ref().ok_or_else(Failure::no_bucket)?;
        let read = || {
            let mut found = Vec::new();
            for entry in fs::read_dir(directory)? {
                let entry = entry?;
                let kind = entry.metadata()?;
                if let (Ok(name), true) = (entry.file_name().into_string(), kind.is_dir()) {
                    found.push((name, millis(written_at(&kind))));
                }
            }
            found.sort_unstable();
            Ok(found)
        };
        read().map_err(|e: io::Error| Failure::of("", &e))
    }

    /// The path of an object's file; none where there is none.
    fn file(&self, bucket: &str, key: &str) -> Result<Option<PathBuf>, Failure> {
        let mut path = self.folder(bucket)?;
        let parts = parts(key).ok_or_else(|| no_path(key))?;
        for (index, part) in parts.iter().enumerate() {
            path.push(part);
            let found = match fs::symlink_metadata(&path) {
                Ok(found) => found,
                Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
                Err(e) => return Err(Failure::of(key, &e)),
            };
            let is_last = index + 1 == parts.len();
            // Links are neither.
            if !(if is_last { found.is_file() } else { found.is_dir() }) {
                return Ok(None);
            }
        }
        Ok(Some(path))
    }

    /// The folder of a bucket.
    pub(crate) fn folder(&self, bucket: &str) -> Result<PathBuf, Failure> {
        let directory = self.0.as_ref().ok_or_else(Failure::no_bucket)?;
        if !is_plain(bucket) {
            return Err(Failure::no_bucket());
        }
        let path = directory.join(bucket);
        match fs::symlink_metadata(&path) {
            Ok(found) if found.is_dir() => Ok(path),
            Ok(_) => Err(Failure::no_bucket()),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Err(Failure::no_bucket()),
            Err(e) => Err(Failure::of(bucket, &e)),
        }
    }
}

/// Notes the files and folders of a folder whose keys may begin with a text. Links are neither.
fn look_into(
    path: &Path,
    folder: &str,
    prefix: &str,
    keys: &mut Vec<String>,
    folders: &mut Vec<(PathBuf, String)>,
) -> io::Result<()> {
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        // What is not UTF-8 is no key.
        let Ok(name) = entry.file_name().into_string() else { continue };
        let kind = entry.file_type()?;
        let key = format!("{folder}{name}");
        if kind.is_dir() {
            let key = key + "/";
            if key.starts_with(prefix) || prefix.starts_with(&key) {
                folders.push((entry.path(), key));
            }
        } else if kind.is_file() && key.starts_with(prefix) && !is_part(&name) {
            keys.push(key);
        }
    }
    Ok(())
}

/// How long after the beginning of the epoch a file was written; nothing where the system does not know.
fn written_at(found: &Metadata) -> Duration {
    let at = found.modified().ok();
    at.and_then(|at| at.duration_since(UNIX_EPOCH).ok()).unwrap_or(Duration::ZERO)
}

fn etag(found: &Metadata) -> String {
    format!("{:x}-{:x}", written_at(found).as_nanos(), found.len())
}

fn is_part(name: &str) -> bool {
    name.starts_with('.') && name.ends_with(PART)
}

/// The parts of a key; none where it has no place below a bucket.
fn parts(key: &str) -> Option<Vec<&str>> {
    key.split('/').map(|part| is_plain(part).then_some(part)).collect()
}

/// Whether a key has a place below a bucket.
pub(crate) fn is_path(key: &str) -> bool {
    parts(key).is_some()
}

fn is_plain(part: &str) -> bool {
    part.chars().any(|letter| letter != '.') && !part.contains(['/', '\\', ':', '\0'])
}

fn no_path(key: &str) -> Failure {
    Failure { code: ACCESS_DENIED, message: format!("{key:?} is not the path of a file") }
}

fn make_folder(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_dir() => Ok(()),
        Ok(_) => Err(io::ErrorKind::NotADirectory.into()),
        Err(e) if e.kind() == io::ErrorKind::NotFound => fs::create_dir(path),
        Err(e) => Err(e),
    }
}

fn refuse_link(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_file() => Ok(()),
        Ok(_) => Err(io::ErrorKind::InvalidInput.into()),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(e) => Err(e),
    }
}

fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
        _ => {}
    }
    // What is there now is not ours, and may be a link.
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Scratch;

    fn root() -> (Scratch, BucketRoot) {
        let scratch = Scratch::new("bucket");
        fs::create_dir_all(scratch.path().join("b")).expect("a folder");
        let root = BucketRoot::new(Some(scratch.path().to_owned()));
        (scratch, root)
    }

    fn code(failed: Result<impl std::fmt::Debug, Failure>) -> &'static str {
        failed.expect_err("it is refused").code
    }

    #[test]
    fn nothing_is_written_outside_a_bucket() {
        let (scratch, root) = root();
        for key in ["../x", "a/../../x", "/x", "a//b", "", ".", "..", "a/.", "a\\b", "c:x", "a\0b"] {
            assert_eq!(code(root.put("b", key, b"")), ACCESS_DENIED, "{key:?}");
            assert_eq!(code(root.open("b", key)), ACCESS_DENIED, "{key:?}");
            assert_eq!(root.list("b", &format!("{key}/"), 9), Ok(Some(Vec::new())), "{key:?}");
        }
        for bucket in ["..", ".", "", "b/c", "b\\c", "other"] {
            assert_eq!(code(root.put(bucket, "x", b"")), NO_SUCH_BUCKET, "{bucket:?}");
        }
        assert_eq!(code(BucketRoot::default().put("b", "x", b"")), NO_SUCH_BUCKET);
        let names: Vec<_> = fs::read_dir(scratch.path()).expect("a folder").collect();
        assert_eq!(names.len(), 1, "the bucket alone");
    }

    #[cfg(unix)]
    #[test]
    fn no_link_is_followed() {
        use std::os::unix::fs::symlink;

        let (scratch, root) = root();
        let outside = Scratch::new("outside");
        fs::create_dir_all(outside.path()).expect("a folder");
        fs::write(outside.path().join("secret"), b"secret").expect("a file");
        let bucket = scratch.path().join("b");
        symlink(outside.path(), bucket.join("folder")).expect("a link");
        symlink(outside.path().join("secret"), bucket.join("file")).expect("a link");
        symlink(outside.path(), scratch.path().join("linked")).expect("a link");
        for key in ["folder/x", "folder/secret", "file"] {
            assert_eq!(code(root.put("b", key, b"changed")), ACCESS_DENIED, "{key}");
            assert_eq!(code(root.open("b", key)), ACCESS_DENIED, "{key}");
        }
        assert_eq!(code(root.put("linked", "x", b"")), NO_SUCH_BUCKET);
        assert_eq!(root.list("b", "", 9), Ok(Some(Vec::new())));
        assert_eq!(root.list("b", "folder/", 9), Ok(Some(Vec::new())));
        assert_eq!(fs::read(outside.path().join("secret")).expect("a file"), b"secret");
        assert_eq!(fs::read_dir(outside.path()).expect("a folder").count(), 1);
    }

    #[test]
    fn objects_are_looked_at_read_and_removed() {
        let (scratch, root) = root();
        root.put("b", "a/b/c", b"12345").expect("a file");
        root.put("b", "a/d", b"").expect("a file");
        let told = root.look("b", "a/b/c").expect("a bucket").expect("an object");
        assert_eq!((told.key.as_str(), told.size), ("a/b/c", 5));
        for none in ["a", "a/b", "a/d/e", "none", "a/.d.part"] {
            assert_eq!(root.look("b", none), Ok(None), "{none}");
            assert_eq!(root.remove("b", none), Ok(()), "{none}");
        }
        assert_eq!(root.read("b", "a/b/c", 5), Ok(Some(b"12345".to_vec())));
        assert_eq!(root.read("b", "a/b/c", 4), Ok(None), "it holds more");
        root.remove("b", "a/b/c").expect("a bucket");
        assert!(!scratch.path().join("b/a/b").exists(), "an empty folder is no object");
        assert_eq!(root.remove_bucket("b"), Ok(false), "a/d is there");
        root.remove("b", "a/d").expect("a bucket");
        assert_eq!(root.remove_bucket("b"), Ok(true));
        assert_eq!(root.buckets(), Ok(Vec::new()));
        assert_eq!(root.make("b"), Ok(true));
        assert_eq!(root.make("b"), Ok(false));
        assert_eq!(root.buckets().map(|found| found.len()), Ok(1));
    }

    #[cfg(unix)]
    #[test]
    fn no_link_is_removed_or_looked_at() {
        let (scratch, root) = root();
        let outside = Scratch::new("beside");
        fs::create_dir_all(outside.path()).expect("a folder");
        fs::write(outside.path().join("secret"), b"secret").expect("a file");
        std::os::unix::fs::symlink(outside.path(), scratch.path().join("b/folder")).expect("a link");
        for key in ["folder/secret", "folder"] {
            assert_eq!(root.look("b", key), Ok(None), "{key}");
            assert_eq!(root.remove("b", key), Ok(()), "{key}");
        }
        assert!(outside.path().join("secret").exists());
    }

    #[test]
    fn keys_are_listed_by_what_they_begin_with() {
        let (scratch, root) = root();
        for key in ["data/1.json", "data2/x.json", "data.bak", "data/deep/2.json", "other"] {
            root.put("b", key, key.as_bytes()).expect("a file");
        }
        fs::write(scratch.path().join("b/data/.3.json.part"), b"half").expect("a file");
        let list = |prefix| root.list("b", prefix, 9).expect("a bucket").expect("few");
        assert_eq!(list("data"), ["data.bak", "data/1.json", "data/deep/2.json", "data2/x.json"]);
        assert_eq!(list("data/"), ["data/1.json", "data/deep/2.json"]);
        assert_eq!(list("data/1.json"), ["data/1.json"]);
        assert_eq!(list("none/"), [""; 0]);
        assert_eq!(list("").len(), 5);
        assert_eq!(root.list("b", "data", 3), Ok(None), "there are more");
    }
}
