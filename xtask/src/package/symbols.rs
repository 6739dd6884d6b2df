//! Symbols: what a debugger and a backtrace need, in files of their own beside what is handed out.

use std::path::{Path, PathBuf};

use super::portable::Portable;
use super::{copy, copy_all};
use crate::Result;
use crate::process::{Show, ask, succeed};

/// Puts the symbols of a shared library or program apart, as its platform does it.
pub(super) fn part(
    portable: &Portable<'_>,
    file: &Path,
    crate_name: &str,
    dist: &Path,
    package: &str,
) -> Result<()> {
    let folder = dist.join("symbols");
    if portable.platform.is_linux() {
        put_apart(portable, file, &folder, package)
    } else {
        collect(portable, crate_name, &folder)
    }
}

/// Moves the symbols of a file into one named after its package and target. A debugger finds it by the name that the file keeps of it.
pub(super) fn put_apart(portable: &Portable<'_>, file: &Path, folder: &Path, package: &str) -> Result<()> {
    let symbols = folder.join(format!("streamtable-{package}-{}.debug", portable.platform.triple));
    objcopy(portable, &["--only-keep-debug".as_ref(), file, &symbols])?;
    let link = format!("--add-gnu-debuglink={}", symbols.display());
    objcopy(portable, &["--strip-all".as_ref(), link.as_ref(), file])
}

/// Removes what is for debuggers from a static library: there is no file to find it in.
pub(super) fn remove(portable: &Portable<'_>, file: &Path) -> Result<()> {
    objcopy(portable, &["--strip-debug".as_ref(), file])
}

/// Takes what the compiler has put apart.
pub(super) fn collect(portable: &Portable<'_>, crate_name: &str, folder: &Path) -> Result<()> {
    let built = portable.built();
    let names = [
        format!("{crate_name}.pdb"),
        format!("{}.dSYM", portable.platform.library(crate_name)),
        format!("{crate_name}.dSYM"),
    ];
    let found = names.iter().find(|name| built.join(name).exists());
    let name = found.ok_or_else(|| format!("{} has no symbols of {crate_name}", built.display()))?;
    let to = folder.join(format!("{}-{name}", portable.platform.triple));
    if built.join(name).is_dir() { copy_all(&built.join(name), &to) } else { copy(&built.join(name), &to) }
}

/// The one of the compiler, which knows every processor.
fn objcopy(portable: &Portable<'_>, arguments: &[&Path]) -> Result<()> {
    let told =
        ask("rustc", &["--print", "target-libdir"]).ok_or("`rustc --print target-libdir` tells nothing")?;
    let program = Path::new(&told).parent().map(|folder| folder.join("bin/rust-objcopy"));
    let program: PathBuf = program.ok_or_else(|| format!("no programs beside {told}"))?;
    succeed(portable.workspace.command(program).args(arguments), Show::OnFailure).map(drop)
}
