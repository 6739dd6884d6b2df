//! What the commands stand on: the repository, the programs of the machine, the virtual environment, the npm packages.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use crate::Result;
use crate::process::{Show, ask, succeed};

/// The pinned Python packages, complete: nothing is resolved.
const PYTHON_PACKAGES: &str = "xtask/requirements.txt";
/// Those that only packaging needs.
const PACKAGING_PACKAGES: &str = "xtask/requirements-package.txt";
/// Folders with a `package.json` and its lock file.
const NODE_PROJECTS: [&str; 3] = ["bindings-node", "examples/node", "inspect/tests"];

/// The repository and where things are in it.
#[derive(Clone, Debug)]
pub(crate) struct Workspace {
    /// The folder of the workspace's `Cargo.toml`.
    pub(crate) root: PathBuf,
    /// The one folder into which everything is built.
    pub(crate) target: PathBuf,
}

impl Workspace {
    /// Finds the repository this program was started from.
    pub(crate) fn find() -> Result<Workspace> {
        let here =
            env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| OsString::from(env!("CARGO_MANIFEST_DIR")));
        let root = Path::new(&here).parent().ok_or("xtask lies in no workspace")?.to_path_buf();
        let target = match env::var_os("CARGO_TARGET_DIR") {
            Some(folder) => root.join(folder),
            None => root.join("target"),
        };
        Ok(Workspace { root, target })
    }

    /// A program to be started in the root folder, with what every program here should know.
    pub(crate) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root).env("CARGO_TARGET_DIR", &self.target);
        // These belong to the cargo that started this program and would make inner builds differ from outer ones.
        for name in ["CARGO_MANIFEST_DIR", "CARGO_PKG_NAME", "CARGO_PKG_VERSION"] {
            command.env_remove(name);
        }
        command
    }

    /// `cargo`, the one that started this program.
    pub(crate) fn cargo(&self) -> Command {
        self.command(env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")))
    }

    /// The interpreter of the virtual environment.
    pub(crate) fn python(&self) -> Command {
        let mut command = self.command(self.tool("python"));
        // The virtual environment decides alone what can be imported.
        // What the tests expect does not depend on where somebody else's clients work.
        command.env_remove("PYTHONPATH").env_remove("PYTHONHOME").env_remove("AWS_DEFAULT_REGION");
        command.env("PYTHONDONTWRITEBYTECODE", "1");
        command
    }

    /// A program that cargo built.
    pub(crate) fn built(&self, release: bool, name: &str) -> PathBuf {
        self.target.join(if release { "release" } else { "debug" }).join(name)
    }

    /// A program that a Python package brings; without a name, their folder.
    pub(crate) fn tool(&self, name: &str) -> PathBuf {
        self.venv().join(if cfg!(windows) { "Scripts" } else { "bin" }).join(name)
    }

    fn venv(&self) -> PathBuf {
        self.root.join(".venv")
    }
}

/// A program the commands need.
struct Prerequisite {
    name: &'static str,
    /// Answers with its version, or nothing if it is missing or too old.
    find: fn() -> Option<String>,
    fix: &'static str,
}

const NEEDED: [Prerequisite; 5] = [
    Prerequisite {
        name: "Rust 1.90 or newer",
        find: || ask("rustc", &["--version"]).filter(|v| at_least(v, (1, 90))),
        fix: "install it with rustup (https://rustup.rs), then `rustup update stable`",
    },
    Prerequisite {
        name: "Python 3.10 or newer, with venv",
        find: || find_python().map(|(_, version)| version),
        fix: "Debian, Ubuntu: `sudo apt-get install python3 python3-venv`; macOS: `brew install python`",
    },
    Prerequisite {
        name: "Node.js 20 or newer",
        find: || ask("node", &["--version"]).filter(|v| at_least(v, (20, 0))),
        fix: "install it from https://nodejs.org or with your package manager",
    },
    Prerequisite {
        name: "npm",
        find: || ask("npm", &["--version"]),
        fix: "it comes with Node.js; Debian, Ubuntu: `sudo apt-get install npm`",
    },
    Prerequisite {
        name: "a C compiler (cc)",
        find: || ask("cc", &["--version"]).and_then(|text| text.lines().next().map(str::to_owned)),
        fix: "Debian, Ubuntu: `sudo apt-get install gcc libc6-dev`; macOS: `xcode-select --install`",
    },
];

/// Programs that only widen the tests, and what is left out without them.
const WANTED: [(&str, &str); 2] = [
    ("valgrind", "the C tests run without it (Debian, Ubuntu: `sudo apt-get install valgrind`)"),
    ("go", "the Go example is not run (https://go.dev/dl)"),
];

/// Checks that the machine has what is needed.
///
/// # Errors
/// Every missing program, each with the command that installs it.
pub(crate) fn check_prerequisites() -> Result<()> {
    let mut missing = Vec::new();
    for wanted in &NEEDED {
        match (wanted.find)() {
            Some(version) => println!("  {:32} {version}", wanted.name),
            None => missing.push(format!("  {} is missing: {}", wanted.name, wanted.fix)),
        }
    }
    for (program, what_is_left_out) in WANTED {
        optional(program, what_is_left_out);
    }
    if missing.is_empty() { Ok(()) } else { Err(missing.join("\n")) }
}

/// Whether an optional program is there; says what is left out if not.
pub(crate) fn optional(program: &str, what_is_left_out: &str) -> bool {
    let version = if program == "go" { "version" } else { "--version" };
    let found = ask(program, &[version]).is_some();
    if !found {
        println!("  {program} is not installed: {what_is_left_out}");
    }
    found
}

/// Whether the first `major.minor` in `text` is at least `wanted`.
fn at_least(text: &str, wanted: (u32, u32)) -> bool {
    version_in(text).is_some_and(|found| found >= wanted)
}

fn version_in(text: &str) -> Option<(u32, u32)> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let mut parts = text[start..].split(|c: char| !c.is_ascii_digit());
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// The newest Python on the path that can make virtual environments: its name and version.
fn find_python() -> Option<(String, String)> {
    let names = ["python3.14", "python3.13", "python3.12", "python3.11", "python3.10", "python3", "python"];
    names.iter().find_map(|name| {
        let version =
            ask(name, &["-c", "import sys, venv, ensurepip; print('%d.%d.%d' % sys.version_info[:3])"])?;
        at_least(&version, (3, 10)).then(|| ((*name).to_owned(), version))
    })
}

/// Makes the virtual environment and installs the pinned packages, unless they are there already.
pub(crate) fn prepare_python(workspace: &Workspace) -> Result<()> {
    let wanted = read(&workspace.root, PYTHON_PACKAGES)?;
    let stamp = workspace.venv().join("installed.txt");
    if is_stamped(&stamp, &wanted) {
        println!("  .venv is up to date");
        return Ok(());
    }
    let (python, _) = find_python().ok_or("no Python 3.10 or newer with venv")?;
    let venv = workspace.venv();
    succeed(workspace.command(python).args(["-m", "venv", "--clear"]).arg(&venv), Show::OnFailure)?;
    install(workspace, PYTHON_PACKAGES)?;
    write(&stamp, &wanted)
}

/// Installs what packaging needs besides, unless it is there already.
pub(crate) fn prepare_packaging(workspace: &Workspace) -> Result<()> {
    let wanted = read(&workspace.root, PACKAGING_PACKAGES)?;
    let stamp = workspace.venv().join("installed-package.txt");
    if is_stamped(&stamp, &wanted) {
        return Ok(());
    }
    install(workspace, PACKAGING_PACKAGES)?;
    write(&stamp, &wanted)
}

fn install(workspace: &Workspace, requirements: &str) -> Result<()> {
    let install =
        ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--requirement"];
    succeed(workspace.python().args(install).arg(requirements), Show::All).map(drop)
}

/// Installs the locked npm packages, unless they are there already.
pub(crate) fn prepare_node(workspace: &Workspace) -> Result<()> {
    for project in NODE_PROJECTS {
        let folder = workspace.root.join(project);
        if !folder.join("package.json").exists() {
            return Err(format!("{project}/package.json is not there"));
        }
        let wanted = read(&folder, "package-lock.json")?;
        let stamp = folder.join("node_modules/installed.json");
        if is_stamped(&stamp, &wanted) {
            println!("  {project}/node_modules is up to date");
            continue;
        }
        let arguments = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
        succeed(workspace.command("npm").args(arguments).current_dir(&folder), Show::All)?;
        write(&stamp, &wanted)?;
    }
    Ok(())
}

fn is_stamped(stamp: &Path, wanted: &str) -> bool {
    fs::read_to_string(stamp).is_ok_and(|found| found == wanted)
}

pub(crate) fn read(folder: &Path, name: &str) -> Result<String> {
    let path = folder.join(name);
    fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))
}

/// What lies in a folder, in the order of names.
pub(crate) fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let explain = |e: std::io::Error| format!("{}: {e}", folder.display());
    let entries = fs::read_dir(folder).map_err(explain)?.map(|entry| entry.map(|entry| entry.path()));
    let mut paths = entries.collect::<std::io::Result<Vec<PathBuf>>>().map_err(explain)?;
    paths.sort();
    Ok(paths)
}

pub(crate) fn write(path: &Path, text: &str) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    }
    fs::write(path, text).map_err(|e| format!("{}: {e}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::{at_least, version_in};

    #[test]
    fn versions_are_found_in_what_programs_print() {
        assert_eq!(version_in("rustc 1.95.0 (59807616e 2026-04-14)"), Some((1, 95)));
        assert_eq!(version_in("v20.20.2"), Some((20, 20)));
        assert_eq!(version_in("none"), None);
        assert!(at_least("3.10.4", (3, 10)) && !at_least("3.9.18", (3, 10)) && !at_least("?", (0, 0)));
    }
}
