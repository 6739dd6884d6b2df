//! The platforms that packages are built for.

use crate::Result;
use crate::process::ask;

/// The newest version of the GNU C library that what is built may ask for: that of manylinux2014.
pub(crate) const GLIBC: (u32, u32) = (2, 17);
/// The oldest macOS that what is built runs on.
pub(crate) const MACOS: &str = "11.0";

/// What packages are built for.
const TARGETS: [&str; 8] = [
    "aarch64-apple-darwin",
    "aarch64-pc-windows-msvc",
    "aarch64-unknown-linux-gnu",
    "aarch64-unknown-linux-musl",
    "x86_64-apple-darwin",
    "x86_64-pc-windows-msvc",
    "x86_64-unknown-linux-gnu",
    "x86_64-unknown-linux-musl",
];

/// A target of the compiler, such as `x86_64-unknown-linux-gnu`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Platform {
    pub(crate) triple: String,
    pub(crate) system: System,
    /// Its processor, as Rust calls it.
    processor: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum System {
    /// Linux with the GNU C library.
    Gnu,
    /// Linux with musl.
    Musl,
    MacOs,
    Windows,
}

impl Platform {
    /// That of this machine.
    ///
    /// # Errors
    /// There is no compiler, or packages are not built for this machine.
    pub(crate) fn of_this_machine() -> Result<Platform> {
        let told = ask("rustc", &["-vV"]).ok_or("`rustc -vV` tells nothing")?;
        let host = told.lines().find_map(|line| line.strip_prefix("host: "));
        Platform::named(host.ok_or("`rustc -vV` does not name the host")?)
    }

    /// # Errors
    /// Packages are not built for this target.
    pub(crate) fn named(triple: &str) -> Result<Platform> {
        if !TARGETS.contains(&triple) {
            return Err(format!("packages are not built for {triple}, but for {}", TARGETS.join(", ")));
        }
        let (processor, rest) = triple.split_once('-').expect("a target names its processor first");
        let system = match rest {
            "unknown-linux-gnu" => System::Gnu,
            "unknown-linux-musl" => System::Musl,
            "apple-darwin" => System::MacOs,
            _ => System::Windows,
        };
        Ok(Platform { triple: triple.to_owned(), system, processor: processor.to_owned() })
    }

    pub(crate) fn is_linux(&self) -> bool {
        matches!(self.system, System::Gnu | System::Musl)
    }

    /// The name under which Node.js finds the addon.
    pub(crate) fn addon(&self) -> String {
        let processor = if self.processor == "aarch64" { "arm64" } else { "x64" };
        let system = match self.system {
            System::Gnu | System::Musl => "linux",
            System::MacOs => "darwin",
            System::Windows => "win32",
        };
        let library_of_c = if self.system == System::Musl { "-musl" } else { "" };
        format!("streamtable.{system}-{processor}{library_of_c}.node")
    }

    /// The name of a shared library.
    pub(crate) fn library(&self, name: &str) -> String {
        match self.system {
            System::Gnu | System::Musl => format!("lib{name}.so"),
            System::MacOs => format!("lib{name}.dylib"),
            System::Windows => format!("{name}.dll"),
        }
    }

    /// The name of a program.
    pub(crate) fn program(&self, name: &str) -> String {
        if self.system == System::Windows { format!("{name}.exe") } else { name.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Platform, System, TARGETS};

    #[test]
    fn a_release_builds_for_every_target_and_the_addons_of_all_are_looked_for() {
        let workflow = include_str!("../../.github/workflows/release.yml");
        let after = |mark: &'static str| workflow.split(mark).skip(1);
        let built: BTreeSet<&str> =
            after("{ target: ").map(|rest| rest.split(',').next().expect("a name")).collect();
        assert_eq!(built, BTreeSet::from(TARGETS));
        let loader = include_str!("../../bindings-node/lib/native.js");
        for target in TARGETS {
            let addon = Platform::named(target).expect("a platform").addon();
            assert!(loader.contains(&format!("require('../{addon}')")), "{addon}");
        }
    }

    #[test]
    fn files_have_the_names_that_are_looked_for() {
        let musl = Platform::named("aarch64-unknown-linux-musl").expect("a platform");
        assert_eq!(
            (musl.system, musl.addon()),
            (System::Musl, "streamtable.linux-arm64-musl.node".to_owned())
        );
        let windows = Platform::named("x86_64-pc-windows-msvc").expect("a platform");
        assert_eq!(windows.addon(), "streamtable.win32-x64.node");
        assert_eq!((windows.library("a"), windows.program("a")), ("a.dll".to_owned(), "a.exe".to_owned()));
        for unknown in ["riscv64gc-unknown-linux-gnu", "x86_64-unknown-freebsd", ""] {
            assert!(Platform::named(unknown).is_err(), "{unknown}");
        }
    }
}
