//! Proof that packages can be installed: each is, in an empty folder, and used there.

use std::fs;
use std::path::Path;

use super::{c, npm, only, renew};
use crate::Result;
use crate::build::{self, Profile};
use crate::environment::{Workspace, write};
use crate::platform::Platform;
use crate::process::{Show, succeed};
use crate::tally::Tally;

/// Builds every package without optimisation, for this machine alone, installs each into an empty folder and uses it there.
pub(crate) fn check(workspace: &Workspace) -> Result<Tally> {
    let (folder, platform) = (workspace.target.join("package/trial"), Platform::of_this_machine()?);
    renew(&folder)?;
    let mut maturin = workspace.python();
    maturin.args([
        "-m",
        "maturin",
        "build",
        "--quiet",
        "--manifest-path",
        "bindings-python/Cargo.toml",
        "--out",
    ]);
    succeed(maturin.arg(&folder), Show::OnFailure)?;
    use_wheel(workspace, &only(&folder, "whl")?)?;
    let addons = folder.join("addons");
    fs::create_dir_all(&addons).map_err(|e| format!("{}: {e}", addons.display()))?;
    let addon = build::library(workspace, Profile::Debug, "streamtable_node");
    fs::copy(&addon, addons.join(platform.addon())).map_err(|e| format!("{}: {e}", addon.display()))?;
    use_npm(workspace, &npm(workspace, &addons, &folder)?)?;
    let built = workspace.target.join("debug");
    use_c(workspace, &c::archive(&workspace.root, &built, &platform, 0, &folder)?)?;
    Ok(Tally { passed: 3, failed: 0 })
}

/// A program for each language that puts an item and finds it in the stream.
const USE_PYTHON: &str = include_str!("use.py");

/// An empty folder to install something into.
fn room(workspace: &Workspace, name: &str) -> Result<std::path::PathBuf> {
    let room = workspace.target.join("package/rooms").join(name);
    renew(&room).map(|()| room)
}

/// Installs a wheel where nothing else is, and uses it.
pub(super) fn use_wheel(workspace: &Workspace, wheel: &Path) -> Result<()> {
    let room = &room(workspace, "python")?;
    succeed(workspace.python().args(["-m", "venv"]).arg(room), Show::OnFailure)?;
    let python = room.join(if cfg!(windows) { "Scripts/python" } else { "bin/python" });
    let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index"];
    succeed(workspace.command(&python).args(install).arg(wheel), Show::OnFailure)?;
    let program = room.join("use.py");
    write(&program, USE_PYTHON)?;
    // Started in its own folder, so that nothing of the source tree can be imported by accident.
    succeed(workspace.command(&python).arg(&program).current_dir(room), Show::OnFailure).map(|_| ())
}

const USE_NODE: &str = include_str!("use.mjs");

/// Installs a tarball where nothing else is, and uses it.
pub(super) fn use_npm(workspace: &Workspace, tarball: &Path) -> Result<()> {
    let room = &room(workspace, "node")?;
    write(&room.join("package.json"), "{\"private\": true}\n")?;
    write(&room.join("use.mjs"), USE_NODE)?;
    let mut install = workspace.command("npm");
    install
        .args(["install", "--offline", "--no-audit", "--no-fund", "--silent"])
        .arg(tarball)
        .current_dir(room);
    succeed(&mut install, Show::OnFailure)?;
    succeed(workspace.command("node").arg("use.mjs").current_dir(room), Show::OnFailure).map(|_| ())
}

const USE_C: &str = include_str!("use.c");

/// Unpacks the archive and links with it through its pkg-config file, or by hand where there is no pkg-config.
pub(super) fn use_c(workspace: &Workspace, archive: &Path) -> Result<()> {
    let room = &room(workspace, "c")?;
    let mut tar = workspace.command("tar");
    succeed(tar.args(["-xzf"]).arg(archive).args(["--strip-components=1", "-C"]).arg(room), Show::OnFailure)?;
    write(&room.join("use.c"), USE_C)?;
    let mut cc = workspace.command("cc");
    cc.args([
        "-std=c99",
        "-pedantic",
        "-Wall",
        "-Wextra",
        "-Werror",
        "-Iinclude",
        "use.c",
        "-Llib",
        "-lstreamtable",
    ]);
    succeed(cc.args(["-o", "use"]).current_dir(room), Show::OnFailure)?;
    let mut program = workspace.command(room.join("use"));
    succeed(program.current_dir(room).env("LD_LIBRARY_PATH", room.join("lib")), Show::OnFailure)?;
    use_manual(workspace, room)
}

/// Copies the program of the manual and the lines that link it, as a reader does, and runs what comes of them; under valgrind, if that is there.
fn use_manual(workspace: &Workspace, room: &Path) -> Result<()> {
    let manual = fs::read_to_string(room.join("README.md")).map_err(|e| format!("the manual: {e}"))?;
    write(&room.join("program.c"), fenced(&manual, "c")?)?;
    if !is_there(workspace, "pkg-config") {
        return Ok(());
    }
    let lines = fenced(&manual, "text")?.replace("$PWD/streamtable", "$PWD");
    let mut shell = workspace.command("sh");
    succeed(shell.args(["-ec", &lines]).current_dir(room), Show::OnFailure)?;
    for name in ["program", "program-static"] {
        let program = room.join(name);
        let mut run = if is_there(workspace, "valgrind") {
            let mut valgrind = workspace.command("valgrind");
            let suppressions =
                format!("--suppressions={}", room.join("share/streamtable/valgrind.supp").display());
            valgrind.args(["--quiet", "--error-exitcode=9", "--leak-check=full", "--show-leak-kinds=all"]);
            valgrind.args(["--errors-for-leak-kinds=all", &suppressions]).arg(&program);
            valgrind
        } else {
            workspace.command(&program)
        };
        succeed(run.current_dir(room), Show::OnFailure)?;
    }
    Ok(())
}

/// The first block of a text that is fenced as this language.
fn fenced<'a>(text: &'a str, language: &str) -> Result<&'a str> {
    let begin = format!("```{language}\n");
    let block = text.split_once(&begin).and_then(|(_, rest)| Some(rest.split_once("```")?.0));
    block.ok_or_else(|| format!("the manual has no block of {language}"))
}

fn is_there(workspace: &Workspace, program: &str) -> bool {
    workspace.command(program).arg("--version").output().is_ok_and(|output| output.status.success())
}
