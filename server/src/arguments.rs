//! The command line.

use clap::{Args, Parser, Subcommand, ValueEnum};
use serde::Serialize;

/// A DynamoDB-compatible table store whose change streams behave as Amazon DynamoDB Streams does.
#[derive(Debug, Parser)]
#[command(name = "streamtable", version)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Serve(Serve),
}

/// Serves a database over DynamoDB's HTTP protocol.
///
/// Point any client of DynamoDB and DynamoDB Streams at the printed address, with any region and any credentials. The server has no access
/// control: whoever reaches the address may do anything.
///
/// A manual clock is moved by a request like any other, with the target `Streamtable_20261120.AdvanceClock` and the body
/// `{"Milliseconds": 86400000}`; `Streamtable_20261120.DescribeClock` tells the time. SplitShard, RollShard and Maintain have the same prefix.
#[derive(Args, Debug)]
pub(crate) struct Serve {
    /// Address to listen on.
    #[arg(long, default_value = "127.0.0.1")]
    pub(crate) host: String,

    /// Port to listen on; 0 takes any free one. The first line on standard output tells which.
    #[arg(long, default_value_t = 8000)]
    pub(crate) port: u16,

    /// Keep the database in memory: it ends with the process. There is no other store yet, so this must be given.
    #[arg(long, required = true)]
    pub(crate) memory: bool,

    /// Milliseconds that open requests get to finish after a signal to end.
    #[arg(long, value_name = "MS", default_value_t = 5_000)]
    pub(crate) shutdown_grace: u64,

    #[command(flatten)]
    pub(crate) database: DatabaseOptions,
}

/// How the database behaves. Serialised, these are the options of `Database::open`, whose defaults stand in the core.
#[derive(Args, Debug, Serialize)]
#[command(next_help_heading = "Database")]
pub(crate) struct DatabaseOptions {
    /// Where the time comes from [default: system].
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) clock: Option<ClockMode>,

    /// Time at which a manual clock starts, epoch milliseconds [default: 1767225600000, 2026-01-01T00:00:00Z].
    #[arg(long, value_name = "MS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) now: Option<u64>,

    /// Makes every random choice repeatable.
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) seed: Option<u64>,

    /// Region named in ARNs [default: us-east-1].
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) region: Option<String>,

    /// Account named in ARNs [default: 000000000000].
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) account: Option<String>,

    /// Partitions, and so open shards, of a new table [default: 1].
    #[arg(long, value_name = "COUNT")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) partitions: Option<u64>,

    /// Milliseconds a table stays CREATING, UPDATING or DELETING [default: 0].
    #[arg(long, value_name = "MS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) control_plane_delay: Option<u64>,

    /// Milliseconds after which an open shard is replaced by a child; 0 is never [default: 14400000].
    #[arg(long, value_name = "MS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) shard_rollover: Option<u64>,
}

#[derive(Clone, Copy, Debug, Serialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ClockMode {
    /// The computer's clock.
    System,
    /// A clock that stands still until a request moves it.
    Manual,
}
