//! Which command is the driver of which target, and where the suite lies.

use clap::ValueEnum;
use std::path::{Path, PathBuf};
use std::{env, fmt};

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Target {
    Rust,
    Python,
    Node,
    C,
    Http,
    Remote,
    RemotePython,
    RemoteC,
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Target::Rust => "rust",
            Target::Python => "python",
            Target::Node => "node",
            Target::C => "c",
            Target::Http => "http",
            Target::Remote => "remote",
            Target::RemotePython => "remote-python",
            Target::RemoteC => "remote-c",
        })
    }
}

impl Target {
    /// The command that starts the driver. `tests` is the folder of the suite.
    ///
    /// # Errors
    /// A driver that has to be built and is not there, with the command that builds it.
    pub fn command(self, tests: &Path) -> Result<Vec<String>, String> {
        let drivers = tests.join("drivers");
        let script = |name: &str| drivers.join(name).display().to_string();
        match self {
            Target::Rust => built("driver-rust", "cargo build -p conformance-drivers").map(|path| vec![path]),
            Target::C => built("driver-c", "sh tests/drivers/build-c.sh").map(|path| vec![path]),
            Target::Http => {
                let driver = built("driver-http", "cargo build -p conformance-drivers")?;
                Ok(vec![driver, built("streamtable", "cargo build -p streamtable-server")?])
            }
            Target::Remote => {
                let driver = built("driver-remote", "cargo build -p conformance-drivers")?;
                Ok(vec![driver, built("streamtable", "cargo build -p streamtable-server")?])
            }
            Target::RemotePython => Target::Python.elsewhere(self, tests),
            Target::RemoteC => Target::C.elsewhere(self, tests),
            Target::Python => {
                let own = tests.with_file_name(".venv").join("bin/python");
                let python = if own.exists() { own.display().to_string() } else { "python3".to_owned() };
                Ok(vec![python, script("driver.py")])
            }
            Target::Node => Ok(vec!["node".to_owned(), script("driver.mjs")]),
        }
    }
}

impl Target {
    /// The command that starts this target's driver on databases of a server.
    fn elsewhere(self, named: Target, tests: &Path) -> Result<Vec<String>, String> {
        let driver = built("driver-elsewhere", "cargo build -p conformance-drivers")?;
        let server = built("streamtable", "cargo build -p streamtable-server")?;
        let mut command = vec![driver, server, named.to_string()];
        command.extend(self.command(tests)?);
        Ok(command)
    }
}

/// A program that cargo puts beside this one.
fn built(name: &str, command: &str) -> Result<String, String> {
    let here = env::current_exe().map_err(|e| format!("where this program lies is unknown: {e}"))?;
    let path = here.with_file_name(format!("{name}{}", env::consts::EXE_SUFFIX));
    if path.exists() {
        Ok(path.display().to_string())
    } else {
        Err(format!("{} is not there; build it with `{command}`", path.display()))
    }
}

/// The folder of the suite: `tests` in the working directory or in one above it.
pub fn find_tests() -> Result<PathBuf, String> {
    let here = env::current_dir().map_err(|e| format!("the working directory is unknown: {e}"))?;
    here.ancestors()
        .map(|folder| folder.join("tests"))
        .find(|folder| folder.join("FORMAT.md").exists())
        .ok_or_else(|| format!("no tests/FORMAT.md in {} or above it; give --tests <folder>", here.display()))
}
