//! Every claim about speed, as a ratio of two things measured in one run.
//!
//! One line a claim: `<name> <measured ratio> <limit> ok|short`, after a line with the host's load. Machines are shared and noisy: rounds of
//! the two sides are interleaved, each round gives a ratio, and the median of the ratios is what is printed. Time is processor time, not the
//! clock on the wall, but for what waits for a disk: that runs at real-time priority, and what is measured against fixed times is said in
//! milliseconds.

mod bare;
mod claim;
mod consuming;
mod counting;
mod durable;
mod engine;
mod expressions;
mod filters;
mod forks;
mod hosts;
mod http;
mod sample;
mod scheduling;
mod streams;
mod tables;
mod transactions;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;

use claim::Claim;

/// What is to be measured.
#[derive(Debug)]
struct Scope {
    /// The root of the repository this program was built in.
    root: PathBuf,
    /// Whether to measure what takes long and much space.
    large: bool,
    /// What the names of the claims that are asked for begin with.
    only: String,
}

impl Scope {
    /// Whether a claim is asked for, or what its name begins with.
    fn has(&self, name: &str) -> bool {
        name.starts_with(&self.only) || self.only.starts_with(name)
    }
}

/// What is measured together: its name, and what measures it.
type Group = (&'static str, fn(&Scope) -> Result<Vec<Claim>, String>);

const GROUPS: [Group; 7] = [
    ("core", engine::claims),
    ("streams", streams::claims),
    ("durable", durable::claims),
    ("http", http::claims),
    ("python", hosts::python),
    ("node", hosts::node),
    ("peer", hosts::peer),
];

/// Measures every claim and prints one line each.
#[derive(Parser, Debug)]
struct Arguments {
    /// One JSON object on stdout instead of lines.
    #[arg(long)]
    json: bool,
    /// Only the group of this name, such as `durable`, or the part of it whose claims' names begin so, such as `durable.sync`.
    #[arg(long, default_value = "")]
    only: String,
    /// Also measure with 3,000,000 items: some minutes, and 10 GB of disk.
    #[arg(long)]
    large: bool,
    /// Part of a measurement: write to this directory and die.
    #[arg(long, hide = true, requires = "puts")]
    write_and_die: Option<PathBuf>,
    #[arg(long, hide = true)]
    puts: Option<usize>,
    /// Part of a measurement: be a server that answers the bytes of this file.
    #[arg(long, hide = true)]
    bare_server: Option<PathBuf>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if let (Some(data), Some(puts)) = (&arguments.write_and_die, arguments.puts) {
        durable::write_and_die(data, puts);
    }
    if let Some(answer) = &arguments.bare_server {
        return match bare::serve(answer) {
            Ok(()) => ExitCode::SUCCESS,
            Err(problem) => {
                eprintln!("the bare server cannot run: {problem}");
                ExitCode::FAILURE
            }
        };
    }
    let scope = Scope { root: root(), large: arguments.large, only: arguments.only.clone() };
    if !GROUPS.iter().any(|(group, _)| scope.has(group)) {
        let groups: Vec<&str> = GROUPS.iter().map(|(group, _)| *group).collect();
        eprintln!("no group {:?}; there are {}", scope.only, groups.join(", "));
        return ExitCode::FAILURE;
    }
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_else(|_| "unknown".into());
    let load = load.split(' ').take(3).collect::<Vec<_>>().join(" ");
    if !arguments.json {
        println!("load {load}");
    }
    let mut claims: Vec<Claim> = Vec::new();
    for (group, measure) in GROUPS {
        if !scope.has(group) {
            continue;
        }
        match measure(&scope) {
            Ok(measured) => {
                for claim in measured {
                    if !arguments.json {
                        println!("{claim}");
                    }
                    claims.push(claim);
                }
            }
            Err(problem) => {
                eprintln!("{group} could not be measured: {problem}");
                return ExitCode::FAILURE;
            }
        }
    }
    if arguments.json {
        let claims: Vec<serde_json::Value> = claims.iter().map(Claim::to_json).collect();
        println!("{}", serde_json::json!({ "load": load, "claims": claims }));
    }
    ExitCode::SUCCESS
}

/// The root of the repository this program was built in.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the crate lies in the repository").to_path_buf()
}
