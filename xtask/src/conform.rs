//! `cargo xtask conform <target>`: the conformance cases through one door.

use clap::ValueEnum;

use crate::Result;
use crate::build::Profile;
use crate::environment::Workspace;
use crate::process::{Finished, Show, run, succeed};

/// A door of the library.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Target {
    Rust,
    Python,
    Node,
    C,
    Http,
    Remote,
    RemotePython,
    RemoteC,
}

impl Target {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Target::Rust => "rust",
            Target::Python => "python",
            Target::Node => "node",
            Target::C => "c",
            Target::Http => "http",
            Target::Remote => "remote",
            Target::RemotePython => "remote-python",
            Target::RemoteC => "remote-c",
        }
    }
}

/// Builds the C driver, the only one that cargo does not build.
pub(crate) fn build_c_driver(workspace: &Workspace) -> Result<()> {
    succeed(workspace.command("sh").arg("tests/drivers/build-c.sh"), Show::OnFailure).map(|_| ())
}

/// Arguments of the runner that have databases speak the texts before the present ones.
pub(crate) fn classic() -> Vec<String> {
    ["--wording", "classic"].map(str::to_owned).to_vec()
}

/// Plays the cases to a target; `arguments` go to the runner (`--case <text>`, `--json`).
pub(crate) fn play(workspace: &Workspace, target: Target, arguments: &[String]) -> Result<Finished> {
    if matches!(target, Target::C | Target::RemoteC) {
        build_c_driver(workspace)?;
    }
    let runner = workspace.built(Profile::Debug.is_release(), "conform");
    run(workspace.command(runner).args(["--target", target.name()]).args(arguments), Show::All)
}
