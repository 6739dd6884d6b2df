//! Every claim about speed, as a ratio of two things measured in one run.
//!
//! One line a claim: `<name> <measured ratio> <limit> ok|short`, after a line with the host's load. Machines are shared and noisy: rounds of
//! the two sides are interleaved, each round gives a ratio, and the median of the ratios is what is printed. Time is the processor time of
//! the measuring thread, not the clock on the wall.

mod claim;
mod counting;
mod engine;
mod hosts;
mod sample;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;

use claim::Claim;

/// What is measured together: its name, and what measures it in the repository whose root it is given.
type Group = (&'static str, fn(&Path) -> Result<Vec<Claim>, String>);

const GROUPS: [Group; 4] =
    [("core", engine::claims), ("python", hosts::python), ("node", hosts::node), ("peer", hosts::peer)];

/// Measures every claim and prints one line each.
#[derive(Parser, Debug)]
struct Arguments {
    /// One JSON object on stdout instead of lines.
    #[arg(long)]
    json: bool,
    /// Only the claims with this text in their name.
    #[arg(long, default_value = "")]
    only: String,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let root = root();
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_else(|_| "unknown".into());
    let load = load.split(' ').take(3).collect::<Vec<_>>().join(" ");
    if !arguments.json {
        println!("load {load}");
    }
    let mut claims: Vec<Claim> = Vec::new();
    for (group, measure) in GROUPS {
        if !arguments.only.is_empty() && !arguments.only.starts_with(group) {
            continue;
        }
        match measure(&root) {
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
