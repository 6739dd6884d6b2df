//! `cargo xtask test`: everything, the quickest first.

use std::env;

use crate::build::{self, Profile};
use crate::check::CHECKS;
use crate::conform::{self, Target};
use crate::environment::{self, Workspace};
use crate::process::{Finished, Show, run};
use crate::progress::Progress;
use crate::tally::{Reporter, Tally, read};
use crate::{Result, crash, ctest, demo, doc_examples, package, use_cases};

/// One step of the run.
struct Step {
    name: &'static str,
    what: &'static str,
    /// Whether the steps after it make no sense without it.
    essential: bool,
    run: fn(&Workspace) -> Result<Tally>,
}

const fn setup(name: &'static str, what: &'static str, run: fn(&Workspace) -> Result<Tally>) -> Step {
    Step { name, what, essential: true, run }
}

const fn test(name: &'static str, what: &'static str, run: fn(&Workspace) -> Result<Tally>) -> Step {
    Step { name, what, essential: false, run }
}

/// Seeds and rounds of the simulator in a run of everything; longer runs are for a night.
const SIM_ARGUMENTS: [&str; 4] = ["--seed", "1", "--rounds", "40"];

fn steps() -> Vec<Step> {
    let mut steps = vec![
        setup("prerequisites", "Look what the machine has", |_| done(environment::check_prerequisites())),
        setup("python-packages", "Prepare the virtual environment", |w| done(environment::prepare_python(w))),
        setup("node-packages", "Install the npm packages", |w| done(environment::prepare_node(w))),
    ];
    for (name, run) in CHECKS {
        steps.push(test(name, "Check the source", run));
    }
    steps.extend([
        test("unit", "Unit tests of every crate", unit_tests),
        setup("build", "Build the library, its bindings, the server and the drivers", |w| {
            done(build::everything(w, Profile::Debug, Show::All))
        }),
        test("conform-rust", "Conformance: Rust", |w| conformance(w, Target::Rust)),
        test("conform-rust-durable", "Conformance: Rust, every database in a directory", |w| {
            conformance_on(w, Target::Rust, "durable")
        }),
        test("conform-rust-reopen", "Conformance: Rust, opened anew before every step", |w| {
            conformance_on(w, Target::Rust, "reopen")
        }),
        test("conform-rust-classic", "Conformance: Rust, in the classic wording", |w| {
            counted(Reporter::Conform, &conform::play(w, Target::Rust, &conform::classic())?)
        }),
        test("conform-python", "Conformance: Python", |w| conformance(w, Target::Python)),
        test("conform-node", "Conformance: Node", |w| conformance(w, Target::Node)),
        test("conform-c", "Conformance: C", |w| conformance(w, Target::C)),
        test("conform-http", "Conformance: HTTP", |w| conformance(w, Target::Http)),
        test("conform-remote", "Conformance: a server through the door to databases elsewhere", |w| {
            conformance(w, Target::Remote)
        }),
        test("conform-remote-python", "Conformance: a server, from Python", |w| {
            conformance(w, Target::RemotePython)
        }),
        test("conform-remote-c", "Conformance: a server, from C", |w| conformance(w, Target::RemoteC)),
        test("python", "Tests of the Python binding", python_tests),
        test("node", "Tests of the Node binding", node_tests),
        test("inspector", "Tests of the inspector's page, in a browser where there is one", inspector_tests),
        test("c", "Tests of the C library: C99, C++, sanitizers, valgrind, Go", |_| {
            ctest::run().map(|()| Tally::ONE)
        }),
        test("sim", "Simulator: seeded workloads against the laws", simulate),
        test("sim-disturbed", "Simulator: calls that are disturbed, and what readers make of it", |w| {
            simulate_with(w, "--disturbed")
        }),
        test("sim-histories", "Simulator: one order explains what threads were told", |w| {
            simulate_with(w, "--histories")
        }),
        test("sim-data-streams", "Simulator: data streams that split, merge and grow old", |w| {
            simulate_with(w, "--data-streams")
        }),
        test("sim-mappings", "Simulator: event source mappings whose workers die", |w| {
            simulate_with(w, "--mappings")
        }),
        test("sim-disk", "Simulator: disks that lose power, fill up and fail", |w| {
            simulate_with(w, "--disk")
        }),
        test("crash", "Crash test: writers are killed, and nothing is lost", crash_test),
        test("docs", "Examples in the documents", doc_examples::run_all),
        test("use-cases", "Use cases of event source mappings, in Python and Node", use_cases::run_all),
        test("demo", "The demo", demo::check),
        test("package", "Packages, each installed into an empty folder", package::trial::check),
    ]);
    steps
}

/// Names and descriptions of the steps.
pub(crate) fn list() {
    for step in steps() {
        println!("{:20} {}", step.name, step.what);
    }
}

/// Runs the steps whose name contains one of `only` (all if there is none), and what they stand on.
///
/// # Errors
/// A step failed. The last line says how many tests passed and failed.
pub(crate) fn run_all(workspace: &Workspace, only: &[String]) -> Result<()> {
    let chosen: Vec<Step> = steps()
        .into_iter()
        .filter(|step| {
            step.essential || only.is_empty() || only.iter().any(|part| step.name.contains(part.as_str()))
        })
        .collect();
    let mut progress = Progress::new(chosen.len());
    let mut total = Tally::default();
    let mut failures = Vec::new();
    for step in &chosen {
        let what = format!("{} ({})", step.what, step.name);
        // A step that counts failed tests has failed, even where its program forgot to say so.
        let result = progress.step(what, || match (step.run)(workspace) {
            Ok(tally) if tally.failed > 0 => {
                total += tally;
                Err(format!("{} tests failed", tally.failed))
            }
            Ok(tally) => {
                total += tally;
                Ok(())
            }
            Err(why) => {
                total.failed += 1;
                Err(why)
            }
        });
        if let Err(why) = result {
            failures.push(format!("{}: {why}", step.name));
            if step.essential {
                println!("\nThe steps after this one need it; they were not run.");
                break;
            }
        }
    }
    println!("\nThe run took {:.0} s.", progress.seconds());
    for failure in &failures {
        println!("FAILED {failure}");
    }
    println!("{} passed, {} failed", total.passed, total.failed);
    if failures.is_empty() { Ok(()) } else { Err(String::new()) }
}

/// A step of the set-up counts as no test, but its failure does.
fn done(result: Result<()>) -> Result<Tally> {
    result.map(|()| Tally::default())
}

/// Reads the counts of a test program. One that counts nothing has tested nothing, whatever its status.
fn counted(reporter: Reporter, finished: &Finished) -> Result<Tally> {
    let tally = read(reporter, &finished.output);
    match (finished.success, tally) {
        (true, Tally { passed: 0, failed: 0 }) => Err("it ran no test".to_owned()),
        (false, Tally { failed: 0, .. }) => Err(format!("it ended with {}", finished.status)),
        _ => Ok(tally),
    }
}

fn unit_tests(workspace: &Workspace) -> Result<Tally> {
    let finished =
        run(workspace.cargo().args(["test", "--workspace", "--quiet", "--no-fail-fast"]), Show::All)?;
    counted(Reporter::Cargo, &finished)
}

/// In memory, but for the cases that need a directory: those run through every door.
fn conformance(workspace: &Workspace, target: Target) -> Result<Tally> {
    conformance_on(workspace, target, "memory")
}

fn conformance_on(workspace: &Workspace, target: Target, store: &str) -> Result<Tally> {
    let arguments = ["--store".to_owned(), store.to_owned()];
    counted(Reporter::Conform, &conform::play(workspace, target, &arguments)?)
}

fn python_tests(workspace: &Workspace) -> Result<Tally> {
    // The options of pyproject.toml are for people; a second `-q` would leave out the line with the counts.
    let arguments = [
        "-m",
        "pytest",
        "-o",
        "addopts=",
        "-q",
        "-p",
        "no:cacheprovider",
        "bindings-python/tests",
        "tests/model",
    ];
    counted(Reporter::Pytest, &run(workspace.python().args(arguments), Show::All)?)
}

fn node_tests(workspace: &Workspace) -> Result<Tally> {
    let mut command = workspace.command("npm");
    command.args(["test", "--silent"]).current_dir(workspace.root.join("bindings-node"));
    counted(Reporter::Node, &run(&mut command, Show::All)?)
}

fn inspector_tests(workspace: &Workspace) -> Result<Tally> {
    let npm = |arguments: &[&str]| {
        let mut command = workspace.command("npm");
        command.args(arguments).current_dir(workspace.root.join("inspect/tests"));
        run(&mut command, Show::All)
    };
    counted(Reporter::Node, &npm(&["test", "--silent"])?)
}

fn simulate(workspace: &Workspace) -> Result<Tally> {
    let program = workspace.built(false, &format!("sim{}", env::consts::EXE_SUFFIX));
    counted(Reporter::Conform, &run(workspace.command(program).args(SIM_ARGUMENTS), Show::All)?)
}

fn simulate_with(workspace: &Workspace, worlds: &str) -> Result<Tally> {
    let program = workspace.built(false, &format!("sim{}", env::consts::EXE_SUFFIX));
    let command = &mut workspace.command(program);
    counted(Reporter::Conform, &run(command.arg(worlds).args(SIM_ARGUMENTS), Show::All)?)
}

fn crash_test(workspace: &Workspace) -> Result<Tally> {
    let rounds = crash::ROUNDS.to_string();
    counted(Reporter::Conform, &crash::play(workspace, &["--rounds", &rounds, "--seed", "1"])?)
}
