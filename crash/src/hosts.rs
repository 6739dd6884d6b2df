//! The languages a writer is written in.

use std::path::Path;
use std::process::Command;

use clap::ValueEnum;
use sim::calls::Result;

use crate::root;

/// What the caller asks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Choice {
    Mixed,
    Rust,
    Python,
    Node,
}

/// A language.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Host {
    Rust,
    Python,
    Node,
}

impl Host {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Host::Rust => "rust",
            Host::Python => "python",
            Host::Node => "node",
        }
    }

    /// The writer, about to be started with a plan.
    ///
    /// # Errors
    /// This program does not know where it is.
    pub(crate) fn writer(self, plan: &Path) -> Result<Command> {
        let mut command = match self {
            Host::Rust => {
                let this = std::env::current_exe().map_err(|e| format!("where is this program? {e}"))?;
                let mut command = Command::new(this);
                command.arg("write");
                command
            }
            Host::Python => {
                let mut command = Command::new(root().join(".venv/bin/python"));
                command.arg(root().join("crash/hosts/writer.py"));
                command.env_remove("PYTHONPATH").env_remove("PYTHONHOME").env("PYTHONDONTWRITEBYTECODE", "1");
                command
            }
            Host::Node => {
                let mut command = Command::new("node");
                command.arg(root().join("crash/hosts/writer.mjs"));
                command
            }
        };
        command.arg(plan);
        Ok(command)
    }

    /// Whether what it needs is built.
    fn is_built(self) -> bool {
        let holds = |folder: &str, ending: &str| {
            let entries = std::fs::read_dir(root().join(folder)).into_iter().flatten().flatten();
            entries.into_iter().any(|entry| entry.file_name().to_string_lossy().ends_with(ending))
        };
        match self {
            Host::Rust => true,
            Host::Python => {
                root().join(".venv/bin/python").exists()
                    && holds("bindings-python/python/streamtable", ".abi3.so")
            }
            Host::Node => holds("bindings-node", ".node"),
        }
    }
}

/// The languages of rounds in turn.
///
/// # Errors
/// The one that was asked for is not built.
pub(crate) fn available(choice: Choice) -> Result<Vec<Host>> {
    let only = |host: Host| match host.is_built() {
        true => Ok(vec![host]),
        false => Err(format!("the binding for {} is not built: `cargo xtask crash` builds it", host.name())),
    };
    match choice {
        Choice::Rust => only(Host::Rust),
        Choice::Python => only(Host::Python),
        Choice::Node => only(Host::Node),
        Choice::Mixed => {
            let others = [Host::Python, Host::Node].map(|host| {
                if host.is_built() {
                    return host;
                }
                println!("The binding for {} is not built; its rounds are played in Rust", host.name());
                Host::Rust
            });
            Ok(vec![Host::Rust, others[0], Host::Rust, others[1], Host::Rust])
        }
    }
}
