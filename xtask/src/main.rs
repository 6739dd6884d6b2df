//! The commands of this repository: `cargo xtask --help`.

#![allow(unreachable_pub, reason = "nobody links a program; `pub` says what a module offers to the others")]

mod bench;
mod build;
mod check;
mod compare;
mod conform;
mod crash;
mod ctest;
mod demo;
mod doc_examples;
mod environment;
// `gen` is a reserved word of the language, but the name everybody looks for as a folder.
#[path = "gen/mod.rs"]
mod generate;
mod package;
mod platform;
mod process;
mod progress;
mod rules;
mod suite;
mod tally;
mod use_cases;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::build::Profile;
use crate::conform::Target;
use crate::environment::Workspace;
use crate::process::Show;
use crate::progress::Progress;

/// What a command comes to; the error is what a person reads.
type Result<T, E = String> = std::result::Result<T, E>;

/// Builds, tests, shows and measures streamtable.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Options {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Sets up, builds, and loads a real data set from Python, Node and C; each shows what its stream says.
    Demo,
    /// Sets up, then tests everything. The last line is `N passed, N failed`.
    Test {
        /// Only steps with this text in their name (and what they stand on).
        #[arg(value_name = "STEP")]
        only: Vec<String>,
        /// Print the names of the steps; run nothing.
        #[arg(long)]
        list: bool,
    },
    /// Checks the source without running it: rules of the house, generated files, format, lints.
    Check,
    /// Prints stubs, types, the C header and the operation reference from the registry.
    Gen {
        /// Write nothing; fail if a file is stale.
        #[arg(long)]
        check: bool,
    },
    /// Plays the conformance cases to one target.
    Conform {
        target: Target,
        /// Arguments of the runner, such as `--store reopen`, `--case iterators` or `--json`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Measures every claim about speed, in release builds.
    Bench(bench::Measurement),
    /// Kills writers at random moments and checks that nothing they were told is lost.
    Crash(crash::Rounds),
    /// Builds what is handed out into `dist/`: wheel, addon and npm tarball, C archive, server. Looks at each and uses it.
    Package(package::Order),
}

fn main() -> ExitCode {
    let options = Options::parse();
    let result = Workspace::find().and_then(|workspace| perform(&workspace, options.task));
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            if !why.is_empty() {
                eprintln!("\n{why}");
            }
            ExitCode::FAILURE
        }
    }
}

fn perform(workspace: &Workspace, task: Task) -> Result<()> {
    match task {
        Task::Demo => demo::show(workspace),
        Task::Test { list: true, .. } => {
            suite::list();
            Ok(())
        }
        Task::Test { only, list: false } => suite::run_all(workspace, &only),
        Task::Check => check_all(workspace),
        Task::Gen { check: true } => generate::check(&workspace.root),
        Task::Gen { check: false } => generate::write_all(&workspace.root),
        Task::Conform { target, arguments } => conform_one(workspace, target, &arguments),
        Task::Bench(asked) => bench::measure(workspace, &asked),
        Task::Crash(rounds) => crash::run_rounds(workspace, &rounds),
        Task::Package(order) => package_all(workspace, &order),
    }
}

fn check_all(workspace: &Workspace) -> Result<()> {
    let mut progress = Progress::new(check::CHECKS.len());
    let mut failed = 0;
    for (name, run) in check::CHECKS {
        // Each complaint is of use on its own, so one does not hide the next.
        failed += u32::from(progress.step(name, || run(workspace)).is_err());
    }
    if failed == 0 { Ok(()) } else { Err(format!("{failed} checks failed")) }
}

/// The steps every command that runs something begins with.
fn prepare(workspace: &Workspace, progress: &mut Progress) -> Result<()> {
    progress.step("Look what the machine has", environment::check_prerequisites)?;
    progress.step("Prepare the virtual environment", || environment::prepare_python(workspace))?;
    progress.step("Install the npm packages", || environment::prepare_node(workspace))
}

fn set_up(workspace: &Workspace, progress: &mut Progress, profile: Profile) -> Result<()> {
    prepare(workspace, progress)?;
    progress.step("Build the library, its bindings and the server", || {
        build::everything(workspace, profile, Show::All)
    })
}

fn conform_one(workspace: &Workspace, target: Target, arguments: &[String]) -> Result<()> {
    let mut progress = Progress::new(6);
    set_up(workspace, &mut progress, Profile::Debug)?;
    let play = |arguments: &[String]| {
        let finished = conform::play(workspace, target, arguments)?;
        if finished.success { Ok(()) } else { Err(format!("the runner ended with {}", finished.status)) }
    };
    progress.step(format!("Conformance: {}", target.name()), || play(arguments))?;
    progress.step(format!("Conformance: {}, in the classic wording", target.name()), || {
        play(&[arguments, &conform::classic()].concat())
    })
}

fn package_all(workspace: &Workspace, order: &package::Order) -> Result<()> {
    let mut progress = Progress::new(2);
    progress.step("Prepare the virtual environment", || environment::prepare_python(workspace))?;
    progress.step("Make the packages", || package::make(workspace, order))
}
