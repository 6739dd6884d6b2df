//! Archives that are the same, byte for byte, for the same files.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use flate2::{Compression, GzBuilder};

use crate::Result;
use crate::environment::entries;

/// Packs a folder as `.tar.gz`, under its own name: in the order of names, with one time and no owner.
///
/// # Errors
/// A file cannot be read or written.
pub(super) fn pack(folder: &Path, epoch: u64, to: &Path) -> Result<()> {
    let explain = |e: io::Error| format!("{}: {e}", to.display());
    // No time and no name of a file in its head.
    let gzip = GzBuilder::new().write(File::create(to).map_err(explain)?, Compression::best());
    let mut tar = tar::Builder::new(gzip);
    let name = folder.file_name().ok_or_else(|| format!("{} has no name", folder.display()))?;
    add(&mut tar, folder, Path::new(name), epoch)?;
    let gzip = tar.into_inner().map_err(explain)?;
    gzip.finish().and_then(|mut file| file.flush()).map_err(explain)
}

fn add(tar: &mut tar::Builder<impl Write>, path: &Path, name: &Path, epoch: u64) -> Result<()> {
    let explain = |e: io::Error| format!("{}: {e}", path.display());
    let about = fs::symlink_metadata(path).map_err(explain)?;
    let mut header = tar::Header::new_gnu();
    header.set_mtime(epoch);
    if about.is_dir() {
        header.set_entry_type(tar::EntryType::Directory);
        header.set_mode(0o755);
        header.set_size(0);
        tar.append_data(&mut header, name, io::empty()).map_err(explain)?;
        let inside = entries(path)?;
        return inside.iter().try_for_each(|entry| {
            add(tar, entry, &name.join(entry.file_name().expect("an entry has a name")), epoch)
        });
    }
    if about.is_symlink() {
        header.set_entry_type(tar::EntryType::Symlink);
        header.set_mode(0o777);
        header.set_size(0);
        return tar.append_link(&mut header, name, fs::read_link(path).map_err(explain)?).map_err(explain);
    }
    header.set_mode(if is_program(&about, path) { 0o755 } else { 0o644 });
    header.set_size(about.len());
    tar.append_data(&mut header, name, File::open(path).map_err(explain)?).map_err(explain)
}

#[cfg(unix)]
fn is_program(about: &fs::Metadata, _: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    about.permissions().mode() & 0o100 != 0
}

#[cfg(not(unix))]
fn is_program(_: &fs::Metadata, path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "exe")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_depends_on_names_and_contents_alone() {
        let scratch = std::env::temp_dir().join(format!("streamtable-archive-{}", std::process::id()));
        let packed = ["first", "second"].map(|time| {
            let folder = scratch.join(time).join("thing");
            fs::create_dir_all(folder.join("inside")).expect("a folder");
            // Made in another order each time.
            let mut names = ["b", "inside/a", "a"];
            if time == "second" {
                names.reverse();
            }
            names.iter().for_each(|name| fs::write(folder.join(name), *name).expect("a file"));
            let to = scratch.join(format!("{time}.tar.gz"));
            pack(&folder, 1_000_000_000, &to).expect("packed");
            fs::read(&to).expect("a file")
        });
        fs::remove_dir_all(&scratch).expect("ours");
        assert!(packed[0].starts_with(&[0x1f, 0x8b]) && packed[0] == packed[1]);
    }
}
