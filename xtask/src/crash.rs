//! `cargo xtask crash`: writers are killed at random moments, and nothing that they were told is lost.

use std::env;

use clap::{Args, ValueEnum};

use crate::build;
use crate::environment::{self, Workspace};
use crate::process::{Finished, Show, run, succeed};
use crate::{Result, progress::Progress};

/// What to play.
#[derive(Args, Debug)]
pub(crate) struct Rounds {
    /// How many writers to kill.
    #[arg(long, default_value_t = 10)]
    rounds: u64,
    /// Seed of the first directory; each further directory takes the next number.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Language of the writers.
    #[arg(long, value_enum, default_value_t = Host::Mixed)]
    host: Host,
    /// What an answer promises. Also what is only buffered survives the end of its process.
    #[arg(long, value_enum, default_value_t = Durability::Sync)]
    durability: Durability,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Host {
    /// Rust, with one round in five in Python and one in Node.js.
    Mixed,
    Rust,
    Python,
    Node,
}

impl Host {
    fn name(self) -> &'static str {
        match self {
            Host::Mixed => "mixed",
            Host::Rust => "rust",
            Host::Python => "python",
            Host::Node => "node",
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Durability {
    Sync,
    Buffered,
}

/// Rounds in a run of everything; longer runs are for a night.
pub(crate) const ROUNDS: u64 = 10;

/// Builds the writers that are needed, and plays.
///
/// # Errors
/// Something was lost, or could not be built.
pub(crate) fn run_rounds(workspace: &Workspace, rounds: &Rounds) -> Result<()> {
    if rounds.host == Host::Rust {
        succeed(workspace.cargo().args(["build", "-p", "crash"]), Show::All)?;
    } else {
        let mut progress = Progress::new(3);
        progress.step("Prepare the virtual environment", || environment::prepare_python(workspace))?;
        progress.step("Install the npm packages", || environment::prepare_node(workspace))?;
        progress.step("Build the writers", || build::what_is_killed(workspace))?;
    }
    let durability = match rounds.durability {
        Durability::Sync => "sync",
        Durability::Buffered => "buffered",
    };
    let finished = play(
        workspace,
        &[
            "--rounds",
            &rounds.rounds.to_string(),
            "--seed",
            &rounds.seed.to_string(),
            "--host",
            rounds.host.name(),
            "--durability",
            durability,
        ],
    )?;
    if finished.success { Ok(()) } else { Err(format!("the crash test ended with {}", finished.status)) }
}

/// Plays with what is built.
///
/// # Errors
/// The program cannot be started.
pub(crate) fn play(workspace: &Workspace, arguments: &[&str]) -> Result<Finished> {
    let program = workspace.built(false, &format!("crash{}", env::consts::EXE_SUFFIX));
    run(workspace.command(program).args(arguments), Show::All)
}
