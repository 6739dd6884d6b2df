//! The C library as it is handed out: `include/`, `lib/`, `lib/pkgconfig/`, `share/`, an example, manual and licence.

use std::fs;
use std::path::{Path, PathBuf};

use super::archive::pack;
use crate::platform::{Platform, System};

/// What a program that links the static library has to link beside it, as `rustc --print native-static-libs` tells.
pub(crate) fn libs_private(platform: &Platform) -> &'static str {
    match platform.system {
        System::MacOs => "-liconv -lSystem -lc -lm",
        _ => "-lgcc_s -lutil -lrt -lpthread -lm -ldl -lc",
    }
}

const DESCRIPTION: &str = "An embeddable, DynamoDB-compatible table store whose change streams behave as Amazon DynamoDB Streams does.";

/// Packs the library that cargo built into `built` (such as `target/release`) as `streamtable-c-<version>-<target>.tar.gz` in `dist`, and
/// gives the path of the archive.
///
/// # Errors
/// The library was not built, the licence is missing, or a file cannot be written.
pub fn archive(
    root: &Path,
    built: &Path,
    platform: &Platform,
    epoch: u64,
    dist: &Path,
) -> Result<PathBuf, String> {
    let name = format!("streamtable-c-{}-{}", env!("CARGO_PKG_VERSION"), platform.triple);
    let prefix = dist.join(&name);
    if prefix.exists() {
        // What an earlier version left must not end up in this archive.
        fs::remove_dir_all(&prefix).map_err(|e| told(&prefix, e))?;
    }
    install(root, built, platform, &prefix)?;
    copy(&root.join("bindings-c/README.md"), &prefix.join("README.md"))?;
    example(root, &prefix)?;
    licence(root, &prefix)?;
    let packed = dist.join(format!("{name}.tar.gz"));
    pack(&prefix, epoch, &packed)?;
    fs::remove_dir_all(&prefix).map_err(|e| told(&prefix, e))?;
    Ok(packed)
}

/// Lays the library that cargo built into `built` out under `prefix`, as it lies on a machine where it is installed.
///
/// # Errors
/// The library was not built, or a file cannot be written.
pub fn install(root: &Path, built: &Path, platform: &Platform, prefix: &Path) -> Result<(), String> {
    if platform.system == System::Windows {
        return Err("the C library is not packaged on Windows yet; link the files in target/".to_owned());
    }
    let binding = root.join("bindings-c");
    let (include, lib, share) =
        (prefix.join("include"), prefix.join("lib"), prefix.join("share/streamtable"));
    let pkgconfig = lib.join("pkgconfig");
    for folder in [&include, &pkgconfig, &share] {
        fs::create_dir_all(folder).map_err(|e| told(folder, e))?;
    }
    for header in ["streamtable.h", "streamtable_operations.h"] {
        copy(&binding.join("include").join(header), &include.join(header))?;
    }
    copy(&binding.join("valgrind.supp"), &share.join("valgrind.supp"))?;
    copy(&built.join("libstreamtable_c.a"), &lib.join("libstreamtable.a"))?;
    shared(&binding, built, platform, &lib)?;
    let template = binding.join("streamtable.pc.in");
    let text = fs::read_to_string(&template).map_err(|e| told(&template, e))?;
    let text = text
        .replace("@DESCRIPTION@", DESCRIPTION)
        .replace("@VERSION@", env!("CARGO_PKG_VERSION"))
        .replace("@LIBS_PRIVATE@", libs_private(platform));
    let file = pkgconfig.join("streamtable.pc");
    fs::write(&file, text).map_err(|e| told(&file, e))
}

/// The shared library under the name programs ask for when they run, and the link they ask for when they are built.
fn shared(binding: &Path, built: &Path, platform: &Platform, lib: &Path) -> Result<(), String> {
    let version = abi_version(binding)?;
    let (source, versioned, link) = if platform.system == System::MacOs {
        ("libstreamtable_c.dylib", format!("libstreamtable.{version}.dylib"), "libstreamtable.dylib")
    } else {
        ("libstreamtable_c.so", format!("libstreamtable.so.{version}"), "libstreamtable.so")
    };
    copy(&built.join(source), &lib.join(&versioned))?;
    let link = lib.join(link);
    if link.is_symlink() {
        fs::remove_file(&link).map_err(|e| told(&link, e))?;
    }
    #[cfg(unix)]
    std::os::unix::fs::symlink(&versioned, &link).map_err(|e| told(&link, e))?;
    Ok(())
}

/// The Go program.
fn example(root: &Path, prefix: &Path) -> Result<(), String> {
    let (from, to) = (root.join("examples/go"), prefix.join("examples/go"));
    fs::create_dir_all(&to).map_err(|e| told(&to, e))?;
    for entry in fs::read_dir(&from).map_err(|e| told(&from, e))? {
        let path = entry.map_err(|e| told(&from, e))?.path();
        if let Some(name) = path.file_name().filter(|_| path.is_file()) {
            copy(&path, &to.join(name))?;
        }
    }
    Ok(())
}

/// The number the header tells.
fn abi_version(binding: &Path) -> Result<u32, String> {
    let header = binding.join("include/streamtable.h");
    let text = fs::read_to_string(&header).map_err(|e| told(&header, e))?;
    text.lines()
        .find_map(|line| line.strip_prefix("#define STREAMTABLE_ABI_VERSION "))
        .and_then(|number| number.trim().parse().ok())
        .ok_or_else(|| format!("{} does not define STREAMTABLE_ABI_VERSION", header.display()))
}

/// Every file of the root whose name begins with LICENSE.
fn licence(root: &Path, prefix: &Path) -> Result<(), String> {
    let mut found = false;
    for entry in fs::read_dir(root).map_err(|e| told(root, e))? {
        let path = entry.map_err(|e| told(root, e))?.path();
        if let Some(name) = path.file_name()
            && path.is_file()
            && name.to_string_lossy().starts_with("LICENSE")
        {
            copy(&path, &prefix.join(name))?;
            found = true;
        }
    }
    if found {
        Ok(())
    } else {
        Err(format!("{} has no LICENSE, which the archive must carry", root.display()))
    }
}

fn copy(from: &Path, to: &Path) -> Result<(), String> {
    fs::copy(from, to)
        .map(drop)
        .map_err(|e| format!("{} cannot be copied to {}: {e}", from.display(), to.display()))
}

fn told(path: &Path, cause: std::io::Error) -> String {
    format!("{}: {cause}", path.display())
}
