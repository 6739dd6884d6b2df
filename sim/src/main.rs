//! `sim`: seeded workloads over the core, checked by the laws of tables and streams. See `docs/testing.md`.

use std::process::ExitCode;

use clap::Parser;
use sim::disk::{self, Done, Manner};
use sim::{disturbed, histories, kinesis, mappings, world};

/// Plays random worlds and holds the laws against them.
#[derive(Debug, Parser)]
#[command(name = "sim", version)]
struct Options {
    /// Seed of the first round; each further round takes the next number.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many worlds to play.
    #[arg(long, default_value_t = 100)]
    rounds: u64,
    /// Writers in each world; by default from one to four, drawn from the seed.
    #[arg(long, value_parser = clap::value_parser!(u8).range(1..=64))]
    threads: Option<u8>,
    /// Worlds on a disk that loses power, fills up and fails, instead of worlds in memory.
    #[arg(long, conflicts_with = "threads")]
    disk: bool,
    /// Worlds whose calls are disturbed by scripts of faults.
    #[arg(long, conflicts_with_all = ["disk", "histories"])]
    disturbed: bool,
    /// Worlds of a Kinesis data stream.
    #[arg(long, conflicts_with_all = ["disk", "histories", "disturbed"])]
    data_streams: bool,
    /// Worlds of event source mappings, whose workers die and whose disk loses power.
    #[arg(long, conflicts_with_all = ["disk", "histories", "disturbed", "data_streams", "threads"])]
    mappings: bool,
    /// Histories of two items under threads, each of which one order of its calls must explain.
    #[arg(long, conflicts_with = "disk")]
    histories: bool,
    /// Instead of faults drawn from seeds: each of so many first calls of each kind to a disk fails, once and for good, one short world each.
    #[arg(long, conflicts_with_all = ["threads", "disk", "rounds"])]
    faults: Option<u64>,
}

fn main() -> ExitCode {
    let options = Options::parse();
    if options.disk {
        return play_disks(&options);
    }
    if let Some(most) = options.faults {
        return play_faults(options.seed, most);
    }
    let (flag, least): (&str, u64) = match &options {
        Options { disturbed: true, .. } => ("--disturbed ", 1),
        Options { mappings: true, .. } => ("--mappings ", 1),
        Options { data_streams: true, .. } => ("--data-streams ", 1),
        // One thread alone does one call after another.
        Options { histories: true, .. } => ("--histories ", 2),
        _ => ("", 1),
    };
    let mut failed = 0;
    for round in 0..options.rounds {
        let seed = options.seed.wrapping_add(round);
        let threads = options.threads.map_or((least + seed % 4) as usize, usize::from);
        let played = match flag {
            "--disturbed " => twice(seed, threads, disturbed::play),
            "--mappings " => mappings::play(seed).map(|_| ()),
            "--data-streams " => twice(seed, threads, kinesis::world::play),
            "--histories " => histories::play(seed, threads),
            _ => twice(seed, threads, world::play),
        };
        if let Err(why) = played {
            failed += 1;
            println!(
                "FAILED {why}\n  again: cargo run -p sim -- {flag}--seed {seed} --rounds 1{}",
                if options.mappings { String::new() } else { format!(" --threads {threads}") }
            );
        }
    }
    println!("{} passed, {failed} failed", options.rounds - failed);
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn play_disks(options: &Options) -> ExitCode {
    let (mut failed, mut total) = (0, Done::default());
    for round in 0..options.rounds {
        let seed = options.seed.wrapping_add(round);
        match disk::play(seed, Manner::of(seed)) {
            Ok(done) => total.add(done),
            Err(why) => {
                failed += 1;
                println!("FAILED {why}\n  again: cargo run -p sim -- --disk --seed {seed} --rounds 1");
            }
        }
    }
    println!("{total}");
    println!("{} passed, {failed} failed", options.rounds - failed);
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn play_faults(seed: u64, most: u64) -> ExitCode {
    let faults = disk::every_fault(most);
    let (mut failed, mut total) = (0, Done::default());
    for fault in &faults {
        match disk::play_fault(seed, fault.clone()) {
            Ok(done) => total.add(done),
            Err(why) => {
                failed += 1;
                println!(
                    "FAILED {why}\n  with {fault:?}\n  again: cargo run -p sim -- --faults {most} --seed {seed}"
                );
            }
        }
    }
    println!("{total}");
    println!("{} passed, {failed} failed", faults.len() - failed);
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// One world. With a single writer the whole history is determined by the seed: it is played twice and must be the same.
fn twice(
    seed: u64,
    threads: usize,
    play: fn(u64, usize) -> sim::calls::Result<String>,
) -> sim::calls::Result<()> {
    let first = play(seed, threads)?;
    if threads == 1 && play(seed, threads)? != first {
        return Err("the same seed gave another history".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use sim::world;

    use super::twice;

    #[test]
    fn worlds_with_one_and_with_several_writers_keep_the_laws() {
        for seed in 1..=6 {
            twice(seed, 1 + (seed % 3) as usize, world::play).expect("the laws hold");
        }
    }
}
