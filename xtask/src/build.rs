//! Building what the other commands use: one cargo call for everything, then each extension module put where its language looks.

use std::fs;
use std::path::{Path, PathBuf};

use crate::Result;
use crate::environment::{Workspace, write};
use crate::platform::Platform;
use crate::process::{Show, succeed};

/// How cargo is told to build.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Profile {
    Debug,
    Release,
}

impl Profile {
    pub(crate) fn is_release(self) -> bool {
        self == Profile::Release
    }

    /// The argument for cargo, if it needs one.
    pub(crate) fn argument(self) -> Option<&'static str> {
        self.is_release().then_some("--release")
    }
}

/// The packages of the extension modules.
pub(crate) const PYTHON: &str = "streamtable-python";
pub(crate) const NODE: &str = "streamtable-node";
pub(crate) const SERVER: &str = "streamtable-server";

const EVERY_CRATE: &str = "--workspace";

/// Builds every crate and installs the extension modules into the source trees of the bindings.
pub(crate) fn everything(workspace: &Workspace, profile: Profile, show: Show) -> Result<()> {
    build_and_place(workspace, profile, &[EVERY_CRATE], show)
}

/// Builds the benchmarks and what they load or start, optimised, and installs extension modules likewise.
pub(crate) fn what_is_measured(workspace: &Workspace, programs: &[&str]) -> Result<()> {
    let packages = [&["benches"], programs].concat();
    build_and_place(workspace, Profile::Release, &chosen(&packages), Show::OnFailure)
}

/// Builds extension modules and installs them likewise.
pub(crate) fn extension_modules(workspace: &Workspace, profile: Profile, modules: &[&str]) -> Result<()> {
    if modules.is_empty() {
        return Ok(());
    }
    build_and_place(workspace, profile, &chosen(modules), Show::OnFailure)
}

/// Builds what the crash test kills, and installs the extension modules likewise.
pub(crate) fn what_is_killed(workspace: &Workspace) -> Result<()> {
    build_and_place(workspace, Profile::Debug, &chosen(&["crash", PYTHON, NODE]), Show::OnFailure)
}

fn build_and_place(workspace: &Workspace, profile: Profile, packages: &[&str], show: Show) -> Result<()> {
    succeed(workspace.cargo().arg("build").args(packages).args(profile.argument()), show)?;
    let builds = |package| packages.contains(&EVERY_CRATE) || packages.contains(&package);
    if builds(PYTHON) {
        place_python(workspace, profile)?;
    }
    if builds(NODE) {
        place_node(workspace, profile)?;
    }
    Ok(())
}

/// The arguments by which cargo builds these packages only.
fn chosen<'a>(packages: &[&'a str]) -> Vec<&'a str> {
    packages.iter().flat_map(|package| ["-p", package]).collect()
}

/// Puts the extension module into the Python package and the package onto the path of the virtual environment: an import then
/// always finds what was built last, without a wheel in between.
fn place_python(workspace: &Workspace, profile: Profile) -> Result<()> {
    let package = workspace.root.join("bindings-python/python");
    copy(&library(workspace, profile, "_streamtable"), &package.join("streamtable/_streamtable.abi3.so"))?;
    let ask = "import sysconfig; print(sysconfig.get_path('purelib'))";
    let site = succeed(workspace.python().args(["-c", ask]), Show::OnFailure)?;
    let site = Path::new(site.trim());
    write(&site.join("streamtable-source.pth"), &format!("{}\n", package.display()))?;
    // What an installed wheel says of itself: pytest finds the plugin by it.
    let version = env!("CARGO_PKG_VERSION");
    let about = site.join(format!("streamtable-{version}.dist-info"));
    write(
        &about.join("METADATA"),
        &format!("Metadata-Version: 2.1\nName: streamtable\nVersion: {version}\n"),
    )?;
    write(&about.join("entry_points.txt"), "[pytest11]\nstreamtable = streamtable.pytest_plugin\n")
}

/// Puts the addon beside the JavaScript that loads it.
fn place_node(workspace: &Workspace, profile: Profile) -> Result<()> {
    let name = Path::new("bindings-node").join(Platform::of_this_machine()?.addon());
    let addon = workspace.root.join(name);
    copy(&library(workspace, profile, "streamtable_node"), &addon)
}

/// The path of a shared library that cargo built.
pub(crate) fn library(workspace: &Workspace, profile: Profile, name: &str) -> PathBuf {
    let prefix = std::env::consts::DLL_PREFIX;
    let suffix = std::env::consts::DLL_SUFFIX;
    workspace.built(profile.is_release(), &format!("{prefix}{name}{suffix}"))
}

/// Copies beside the destination and renames: a process that has the old file mapped keeps it whole.
fn copy(from: &Path, to: &Path) -> Result<()> {
    let explain = |e: std::io::Error| format!("{} cannot be copied to {}: {e}", from.display(), to.display());
    let beside = to.with_extension("new");
    fs::copy(from, &beside).map_err(explain)?;
    fs::rename(&beside, to).map_err(explain)
}
