//! `cargo xtask bench`: every claim about speed, here or against another commit.

use std::path::Path;

use clap::Args;
use serde_json::Value;

use crate::build::{self, Profile};
use crate::compare::{Comparison, Figures};
use crate::environment::{self, Workspace};
use crate::process::{Show, run, succeed};
use crate::progress::Progress;
use crate::{Result, compare};

/// What to measure.
#[derive(Args, Debug)]
pub(crate) struct Measurement {
    /// One JSON object instead of lines.
    #[arg(long, conflicts_with = "against")]
    json: bool,
    /// Only the group of this name, such as `durable`, or the part of it whose claims' names begin so, such as `durable.sync`.
    #[arg(long, default_value = "", hide_default_value = true, value_name = "GROUP")]
    only: String,
    /// Also measure with 3,000,000 items: some minutes, and 10 GB of disk.
    #[arg(long)]
    large: bool,
    /// Measure another commit in turns with this tree and compare line by line. The commit is built in a worktree of its own under
    /// `target/against`. Fails if a line is worse.
    #[arg(long, value_name = "COMMIT")]
    against: Option<String>,
    /// How many times each side is measured.
    #[arg(long, default_value_t = 3, requires = "against", value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// By how many percent the median quotient of a line may be worse.
    #[arg(long, default_value_t = 5.0, requires = "against", value_name = "PERCENT")]
    tolerance: f64,
}

impl Measurement {
    /// Whether a group of claims is asked for, wholly or in part.
    fn has(&self, group: &str) -> bool {
        group.starts_with(&self.only) || self.only.starts_with(group)
    }

    fn has_python(&self) -> bool {
        self.has("python") || self.has("peer")
    }

    /// The extension modules that are measured.
    fn modules(&self) -> Vec<&'static str> {
        let modules = [(self.has_python(), build::PYTHON), (self.has("node"), build::NODE)];
        modules.into_iter().filter(|(is_asked, _)| *is_asked).map(|(_, package)| package).collect()
    }

    /// Makes a tree ready to be measured.
    fn build(&self, workspace: &Workspace) -> Result<()> {
        if self.has_python() {
            environment::prepare_python(workspace)?;
        }
        if self.has("node") {
            environment::prepare_node(workspace)?;
        }
        let mut programs = self.modules();
        programs.extend(self.has("http").then_some(build::SERVER));
        build::what_is_measured(workspace, &programs)
    }

    /// The arguments of the program that measures.
    fn arguments(&self, json: bool) -> Vec<&str> {
        let mut arguments = vec!["--only", &self.only];
        arguments.extend(json.then_some("--json"));
        arguments.extend(self.large.then_some("--large"));
        arguments
    }
}

/// Measures what is asked for, optimised, and leaves the extension modules in the source tree as tests expect them.
///
/// # Errors
/// Something cannot be built or measured; a line is worse than at the commit it was to be compared with.
pub(crate) fn measure(workspace: &Workspace, asked: &Measurement) -> Result<()> {
    environment::check_prerequisites()?;
    let measured = match &asked.against {
        Some(commit) => measure_against(workspace, commit, asked),
        None => measure_here(workspace, asked),
    };
    // Quietly: what the program said, one JSON object if asked for, stays the last thing on standard output.
    build::extension_modules(workspace, Profile::Debug, &asked.modules())?;
    measured
}

fn measure_here(workspace: &Workspace, asked: &Measurement) -> Result<()> {
    asked.build(workspace)?;
    let program = workspace.built(true, "benches");
    let finished = run(workspace.command(program).args(asked.arguments(asked.json)), Show::All)?;
    if finished.success { Ok(()) } else { Err(format!("the benchmarks ended with {}", finished.status)) }
}

fn measure_against(workspace: &Workspace, commit: &str, asked: &Measurement) -> Result<()> {
    let other = checked_out(workspace, commit)?;
    let mut progress = Progress::new(2 + asked.rounds as usize);
    progress.step(format!("Build {commit}"), || asked.build(&other))?;
    progress.step("Build this tree", || asked.build(workspace))?;
    let mut comparison = Comparison::default();
    for round in 1..=asked.rounds {
        progress.step(format!("Round {round}"), || {
            // The sides take turns at being first, so that a machine that slows down favours neither.
            let (now, then) = if round % 2 == 1 {
                let now = figures(workspace, asked)?;
                (now, figures(&other, asked)?)
            } else {
                let then = figures(&other, asked)?;
                (figures(workspace, asked)?, then)
            };
            comparison.add(&now, &then);
            Ok(())
        })?;
    }
    println!("\nthis tree against {commit}, {} rounds", asked.rounds);
    let tolerance = asked.tolerance / 100.0;
    print!("{}", comparison.table(tolerance));
    match comparison.worse(tolerance) {
        0 => Ok(()),
        lines => Err(format!("{lines} lines are worse by more than {} %", asked.tolerance)),
    }
}

/// A tree of another commit, with a target folder of its own. It stays where it is for the next comparison, which then builds only what
/// differs.
fn checked_out(workspace: &Workspace, commit: &str) -> Result<Workspace> {
    let git = |root: &Path, arguments: &[&str]| {
        let mut git = workspace.command("git");
        git.current_dir(root).args(arguments);
        succeed(&mut git, Show::OnFailure)
    };
    let revision = format!("{commit}^{{commit}}");
    let hash = git(&workspace.root, &["rev-parse", "--verify", &revision])?;
    let (hash, folder) = (hash.trim(), workspace.target.join("against"));
    let root = folder.join("source");
    if root.join(".git").exists() {
        git(&root, &["checkout", "--quiet", "--force", "--detach", hash])?;
    } else {
        // Forced, because the worktree may be known to git still when the target folder is gone.
        let place = root.to_string_lossy();
        git(&workspace.root, &["worktree", "add", "--quiet", "--force", "--detach", &place, hash])?;
    }
    Ok(Workspace { root, target: folder.join("target") })
}

/// One run of a tree's own measuring program.
fn figures(workspace: &Workspace, asked: &Measurement) -> Result<Figures> {
    let program = workspace.built(true, "benches");
    let output = succeed(workspace.command(program).args(asked.arguments(true)), Show::OnFailure)?;
    // What the program says on its other output may stand around the object.
    let object = output.lines().rev().find_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut figures = object
        .and_then(|object| compare::figures(&object))
        .ok_or_else(|| format!("no figures in what the benchmarks said:\n{output}"))?;
    // A group is measured whole where the program knows no parts of it.
    figures.retain(|name, _| name.starts_with(&asked.only));
    Ok(figures)
}
