//! `crash`: kills writers at random moments and checks that a database in a directory has lost nothing. See `docs/testing.md`.

mod hosts;
mod site;
mod writer;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::hosts::Choice;
use crate::site::Site;

#[derive(Debug, Parser)]
#[command(name = "crash", version, args_conflicts_with_subcommands = true)]
struct Options {
    #[command(flatten)]
    rounds: Rounds,
    #[command(subcommand)]
    part: Option<Part>,
}

/// Kills writers at random moments; checks each time that what they were told is there.
#[derive(Args, Debug)]
struct Rounds {
    /// How many writers to kill.
    #[arg(long, default_value_t = 10)]
    rounds: u64,
    /// Seed of the first directory; each further directory takes the next number.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Language of the writers. `mixed` is Rust, with one round in five in Python and one in Node.js where they are built.
    #[arg(long, value_enum, default_value_t = Choice::Mixed)]
    host: Choice,
    /// What an answer promises.
    #[arg(long, value_enum, default_value_t = Durability::Sync)]
    durability: Durability,
    /// Where the directories are made, on a real disk; `crash` in cargo's target folder when absent.
    #[arg(long)]
    folder: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Part {
    /// The writer: plays a plan until it is killed.
    #[command(hide = true)]
    Write { plan: PathBuf },
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Durability {
    Sync,
    Buffered,
}

impl Durability {
    fn name(self) -> &'static str {
        match self {
            Durability::Sync => "sync",
            Durability::Buffered => "buffered",
        }
    }
}

fn main() -> ExitCode {
    let options = Options::parse();
    let outcome = match options.part {
        Some(Part::Write { plan }) => writer::write(&plan).map(|()| 0),
        None => run(&options.rounds),
    };
    match outcome {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

/// Plays the rounds, some to a directory; says how many failed.
fn run(options: &Rounds) -> sim::calls::Result<u64> {
    let folder = options.folder.clone().unwrap_or_else(default_folder);
    let hosts = hosts::available(options.host)?;
    let (mut done, mut failed, mut answered, mut seed) = (0, 0, 0, options.seed);
    while done < options.rounds {
        let most = options.rounds - done;
        let mut site = Site::new(&folder, seed, options.durability.name(), &hosts)?;
        let mut rounds = 0;
        for round in 0..site.rounds().min(most) {
            rounds += 1;
            match site.round(round) {
                Ok(report) => {
                    answered += report.answered;
                    println!("{:>4} {report}", done + rounds);
                }
                Err(why) => {
                    failed += 1;
                    let again = format!(
                        "cargo xtask crash --seed {seed} --rounds {rounds} --durability {}",
                        options.durability.name()
                    );
                    println!("FAILED {why}\n  the directory is kept: {}\n  again: {again}", site.keep());
                    break;
                }
            }
        }
        done += rounds;
        seed = seed.wrapping_add(1);
        site.end()?;
    }
    println!("{answered} calls were answered before their writers died");
    println!("{} passed, {failed} failed", done - failed);
    Ok(failed)
}

/// Beside this program, which cargo has built into its target folder: a real disk, where a temporary folder may be memory.
fn default_folder() -> PathBuf {
    let program = std::env::current_exe().ok();
    let target = program.as_deref().and_then(Path::parent).and_then(Path::parent);
    target.map_or_else(|| root().join("target"), Path::to_path_buf).join("crash")
}

/// The root of the repository this program was built in.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the crate lies in the repository").to_path_buf()
}
