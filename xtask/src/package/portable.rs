//! How what is handed out is built: optimised, without a path of this machine inside, and so that old systems can load it.
//!
//! Rust's own libraries are made for old systems; what asks for a new one is the linker, which takes the C library of the machine it runs on.
//! For Linux Zig links instead, which knows the interface of every version.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::binary;
use crate::Result;
use crate::environment::{Workspace, prepare_packaging};
use crate::platform::{GLIBC, MACOS, Platform, System};
use crate::process::{Show, ask, succeed};

/// A way to build.
#[derive(Debug)]
pub(super) struct Portable<'a> {
    pub(super) workspace: &'a Workspace,
    pub(super) platform: Platform,
    /// Folders of this machine, and what stands for them in what is built; the more special ones last.
    folders: Vec<(PathBuf, &'static str)>,
    /// Seconds since 1970, which the files in packages bear: those of the commit.
    epoch: u64,
}

/// What of C a package is linked with, where there is a choice.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Linking {
    /// That of the process that loads it.
    Loaded,
    /// Its own, where the platform allows it: then it runs anywhere.
    Own,
}

impl<'a> Portable<'a> {
    /// # Errors
    /// The tools cannot be installed.
    pub(super) fn new(workspace: &'a Workspace, platform: Platform) -> Result<Portable<'a>> {
        prepare_packaging(workspace)?;
        let sysroot = ask("rustc", &["--print", "sysroot"]).ok_or("`rustc --print sysroot` tells nothing")?;
        let mut folders = Vec::new();
        if let Some(home) = env::home_dir() {
            let cargo = env::var_os("CARGO_HOME").map_or_else(|| home.join(".cargo"), PathBuf::from);
            folders.extend([(home, "/home"), (cargo, "/cargo")]);
        }
        folders.push((PathBuf::from(sysroot), "/rust"));
        folders.extend([(workspace.root.clone(), "/streamtable"), (workspace.target.clone(), "/build")]);
        let committed =
            succeed(workspace.command("git").args(["log", "-1", "--format=%ct"]), Show::OnFailure);
        // Before 1980 there are no times in wheels.
        let epoch = committed.ok().and_then(|time| time.trim().parse().ok()).unwrap_or(315_532_800);
        Ok(Portable { workspace, platform, folders, epoch })
    }

    pub(super) fn epoch(&self) -> u64 {
        self.epoch
    }

    /// Puts what stands for folders of this machine into a text that tells them.
    ///
    /// # Errors
    /// It cannot be read or written.
    pub(super) fn conceal(&self, file: &Path) -> Result<()> {
        let explain = |e: std::io::Error| format!("{}: {e}", file.display());
        let text = fs::read_to_string(file).map_err(explain)?;
        fs::write(file, concealed(text, &self.folders)).map_err(explain)
    }

    /// Looks at what was built, a file or a folder.
    ///
    /// # Errors
    /// What keeps it from being handed out.
    pub(super) fn examine(&self, path: &Path) -> Result<()> {
        binary::examine(path, &self.platform, self.folders.iter().map(|(folder, _)| folder.as_path()))
    }

    /// Where cargo puts what it builds.
    pub(super) fn built(&self) -> PathBuf {
        self.workspace.target.join(&self.platform.triple).join("release")
    }

    /// Builds crates.
    pub(super) fn build(&self, packages: &[&str], linking: Linking) -> Result<()> {
        let mut cargo = if self.platform.is_linux() {
            let mut cargo = self.workspace.command(self.workspace.tool("cargo-zigbuild"));
            cargo.arg("zigbuild");
            cargo
        } else {
            let mut cargo = self.workspace.cargo();
            // The compiler puts symbols apart by itself there.
            cargo.arg("build").args(["--config", "profile.release.strip=\"symbols\""]);
            cargo.args(["--config", "profile.release.split-debuginfo=\"packed\""]);
            cargo
        };
        let target = match self.platform.system {
            System::Gnu => format!("{}.{}.{}", self.platform.triple, GLIBC.0, GLIBC.1),
            _ => self.platform.triple.clone(),
        };
        cargo.args(["--release", "--locked", "--target", &target]);
        for package in packages {
            cargo.args(["--package", package]);
        }
        succeed(self.set(&mut cargo, linking), Show::All).map(drop)
    }

    /// Builds the wheel into a folder, with its symbols where it is for Linux.
    pub(super) fn wheel(&self, folder: &Path) -> Result<()> {
        let mut maturin = self.workspace.python();
        maturin.args([
            "-m",
            "maturin",
            "build",
            "--release",
            "--locked",
            "--manifest-path",
            "bindings-python/Cargo.toml",
        ]);
        maturin.args(["--target", &self.platform.triple, "--out"]).arg(folder);
        match self.platform.system {
            System::Gnu => maturin.args(["--zig", "--strip", "false", "--compatibility", "manylinux2014"]),
            System::Musl => maturin.args(["--zig", "--strip", "false", "--compatibility", "musllinux_1_2"]),
            System::MacOs | System::Windows => &mut maturin,
        };
        succeed(self.set(&mut maturin, Linking::Loaded), Show::All).map(drop)
    }

    /// Tells a program that builds what it must know of it.
    fn set<'c>(&self, command: &'c mut Command, linking: Linking) -> &'c mut Command {
        let mut flags: Vec<OsString> = self
            .folders
            .iter()
            .map(|(folder, name)| {
                let mut flag = OsString::from("--remap-path-prefix=");
                flag.push(folder);
                flag.push("=");
                flag.push(name);
                flag
            })
            .collect();
        if self.platform.system == System::Musl && linking == Linking::Loaded {
            flags.push("-Ctarget-feature=-crt-static".into());
        }
        // Zig is found as a module of this interpreter.
        let tools = self.workspace.tool("");
        let others = env::var_os("PATH");
        let path = std::iter::once(tools).chain(others.iter().flat_map(env::split_paths));
        command
            .env("PATH", env::join_paths(path).expect("a path that was one before"))
            .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}".as_ref()))
            .env("MACOSX_DEPLOYMENT_TARGET", MACOS)
            .env("SOURCE_DATE_EPOCH", self.epoch.to_string())
    }
}

/// The more special folders first: they lie in the others.
fn concealed(text: String, folders: &[(PathBuf, &str)]) -> String {
    folders.iter().rev().fold(text, |text, (folder, name)| text.replace(&folder.display().to_string(), name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_in_another_one_is_told_by_its_own_name() {
        let folders = [("/one", "/user"), ("/one/two", "/streamtable"), ("/one/two/target", "/build")]
            .map(|(folder, name)| (PathBuf::from(folder), name));
        let text = "path+file:///one/two/core#a, /one/two/target/b, /one/c, /other".to_owned();
        assert_eq!(concealed(text, &folders), "path+file:///streamtable/core#a, /build/b, /user/c, /other");
    }
}
