//! The command line.

use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand};
use streamtable_remote::Address;

use crate::access::AccessOptions;
use crate::forward::InvokeEndpoint;
use crate::inspector::{InspectorOptions, View};
use crate::limits::Limits;
use crate::options::DatabaseOptions;

/// A DynamoDB-compatible table store whose change streams behave as Amazon DynamoDB Streams does.
#[derive(Debug, Parser)]
#[command(name = "streamtable", version)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Serve(Box<Serve>),
    Verify(Verify),
    Compact(Compact),
    Copy(TableCopy),
    Backup(Backup),
    Clock(Clock),
    Restore(Restore),
    Repair(Repair),
    Tail(Tail),
    Inspect(Inspect),
    Export(TableExport),
    Import(TableImport),
    #[command(subcommand)]
    Records(Records),
}

/// Shows the changes of a table as they come: what happened to which item and when, and each value from what to what.
///
/// A server is followed until it ends, a directory, which nobody may have open, up to what is there. Changes are those of the table's newest
/// stream, so they show as much as that holds.
#[derive(Args, Debug)]
pub(crate) struct Tail {
    /// Directory of the database, or an address: http://127.0.0.1:8000, unix:///path.sock or dynamodb://eu-west-1.
    #[arg(value_name = "DIR|URL")]
    pub(crate) source: Source,

    /// Name of the table.
    #[arg(value_name = "TABLE")]
    pub(crate) table: String,

    /// Where to begin: `trim-horizon`, `latest`, or a moment in epoch milliseconds.
    #[arg(long, value_name = "WHERE", default_value = "trim-horizon")]
    pub(crate) from: From,

    /// Show records as GetRecords has them, one on a line.
    #[arg(long)]
    pub(crate) json: bool,

    /// End with what is there now.
    #[arg(long)]
    pub(crate) once: bool,
}

/// Copies tables from one database into another: their definitions, tags and items, and what changes meanwhile.
///
/// Definitions are keys, indexes, capacity, streams and time to live. Items are read in segments, consistently; then the changes that the table's stream
/// tells are done in the copy, and both sides are compared by count and digest. A table whose stream has no new images, or that has none, may not be
/// written to meanwhile.
#[derive(Args, Debug)]
pub(crate) struct TableCopy {
    /// Directory of the database, which nobody may have open, or an address: http://127.0.0.1:8000, unix:///path.sock or dynamodb://eu-west-1.
    #[arg(value_name = "FROM")]
    pub(crate) from: Source,

    /// The same, of the database to copy into.
    #[arg(value_name = "TO")]
    pub(crate) to: Source,

    /// Names of the tables; all when absent.
    #[arg(value_name = "TABLE")]
    pub(crate) tables: Vec<String>,

    /// How many segments of a table are read at a time.
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub(crate) segments: u32,

    /// File that keeps how far the copy has come: with it, what was left is gone on with.
    #[arg(long, value_name = "FILE")]
    pub(crate) state: Option<PathBuf>,

    /// Go on with what changes from then on, until the command is ended.
    #[arg(long)]
    pub(crate) follow: bool,
}

/// Shows a database in a browser: tables and items, streams with their shards and readers, mappings, and why a reader has not seen a record.
///
/// A directory, which nobody may have open, is only looked at. Of a server also commands can be given, and what is asked there are calls
/// like any other's: `serve --inspect` leaves no trace.
#[derive(Args, Debug)]
pub(crate) struct Inspect {
    /// Directory of the database, or the address of a running server, such as http://127.0.0.1:8000.
    #[arg(value_name = "DIR|URL")]
    pub(crate) source: Source,

    /// Take no commands.
    #[arg(long)]
    pub(crate) read: bool,

    #[command(flatten)]
    pub(crate) view: View,
}

/// Writes a table, as it is at one moment, into a folder: files and manifests as the service's exports to S3 have them.
///
/// Writers go on meanwhile. A table that is not restorable to a moment is made so for as long as it takes.
#[derive(Args, Debug)]
pub(crate) struct TableExport {
    /// Directory of the database, which nobody may have open, or an address: http://127.0.0.1:8000, unix:///path.sock or dynamodb://eu-west-1.
    #[arg(value_name = "DIR|URL")]
    pub(crate) source: Source,

    /// Name of the table.
    #[arg(value_name = "TABLE")]
    pub(crate) table: String,

    /// Folder that stands for the bucket, made if it is not there. Of a server, the name of a folder in what it was given as --buckets.
    #[arg(value_name = "BUCKET")]
    pub(crate) bucket: PathBuf,

    /// What stands in front of all paths in the bucket.
    #[arg(long, value_name = "PREFIX")]
    pub(crate) prefix: Option<String>,

    /// How items are written.
    #[arg(long, value_enum, default_value = "json")]
    pub(crate) format: ExportFormat,

    /// The table as it was at this moment, in epoch milliseconds, if it was restorable to it.
    #[arg(long, value_name = "MOMENT", conflicts_with = "since")]
    pub(crate) at: Option<u64>,

    /// Only what has changed from this moment on, in epoch milliseconds, 15 minutes to 24 hours ago.
    #[arg(long, value_name = "MOMENT")]
    pub(crate) since: Option<u64>,
}

/// Formats of exports.
#[derive(clap::ValueEnum, Clone, Copy, Debug)]
pub(crate) enum ExportFormat {
    /// JSON with types, a line for each item.
    Json,
    /// Ion's text form.
    Ion,
}

/// Makes a table of files in a folder: an export's, the service's own included, or rows of text.
///
/// Items that are wrong are left out and counted; the status is 1 then.
#[derive(Args, Debug)]
pub(crate) struct TableImport {
    /// Directory of the database, which nobody may have open, or an address: http://127.0.0.1:8000, unix:///path.sock or dynamodb://eu-west-1.
    #[arg(value_name = "DIR|URL")]
    pub(crate) source: Source,

    /// Name of the new table.
    #[arg(value_name = "TABLE")]
    pub(crate) table: String,

    /// Folder that stands for the bucket. Of a server, the name of a folder in what it was given as --buckets.
    #[arg(value_name = "BUCKET")]
    pub(crate) bucket: PathBuf,

    /// The key: one attribute or two, each with its type, such as `id:S` or `at:N`.
    #[arg(long, value_name = "NAME:TYPE", required = true, num_args = 1..=2)]
    pub(crate) key: Vec<String>,

    /// What the paths of the files begin with, such as an export's data/ folder; all files when absent.
    #[arg(long, value_name = "PREFIX")]
    pub(crate) prefix: Option<String>,

    /// How items stand in the files.
    #[arg(long, value_enum, default_value = "json")]
    pub(crate) format: ImportFormat,

    /// How the files are packed; exports are, with gzip.
    #[arg(long, value_enum, default_value = "none")]
    pub(crate) compression: ImportCompression,

    /// What stands between columns of CSV.
    #[arg(long, value_name = "LETTER")]
    pub(crate) delimiter: Option<String>,

    /// Names of the columns of CSV, with commas between them; those in the first row of each file when absent.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub(crate) headers: Option<Vec<String>>,
}

/// Formats of imports.
#[derive(clap::ValueEnum, Clone, Copy, Debug)]
pub(crate) enum ImportFormat {
    /// JSON with types, a line for each item.
    Json,
    /// Ion's text form.
    Ion,
    /// Rows under headers.
    Csv,
}

/// Packing of imports.
#[derive(clap::ValueEnum, Clone, Copy, Debug)]
pub(crate) enum ImportCompression {
    None,
    Gzip,
    Zstd,
}

/// Takes change records out of a stream, or into a table, as JSON Lines: one record on a line, as GetRecords has it.
#[derive(Subcommand, Debug)]
pub(crate) enum Records {
    Export(Export),
    Apply(Apply),
}

/// Writes the records of a table's newest stream as JSON Lines, up to what is there now.
#[derive(Args, Debug)]
pub(crate) struct Export {
    /// Directory of the database, which nobody may have open, or an address: http://127.0.0.1:8000, unix:///path.sock or dynamodb://eu-west-1.
    #[arg(value_name = "DIR|URL")]
    pub(crate) source: Source,

    /// Name of the table.
    #[arg(value_name = "TABLE")]
    pub(crate) table: String,

    /// Where to begin: `trim-horizon`, `latest`, or a moment in epoch milliseconds.
    #[arg(long, value_name = "WHERE", default_value = "trim-horizon")]
    pub(crate) from: From,

    /// File to make; standard output when absent.
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// Replays records into a table: new images are put, removed items deleted.
///
/// Each record is applied once, and never after a later one of its item, however often and from wherever it comes: beside the table a second
/// one, TABLE.applied, keeps the sequence number of each item's last record. Records must hold new images. Ends at the first that cannot be
/// applied.
#[derive(Args, Debug)]
pub(crate) struct Apply {
    /// Directory of the database, which nobody may have open, or an address: http://127.0.0.1:8000, unix:///path.sock or dynamodb://eu-west-1.
    #[arg(value_name = "DIR|URL")]
    pub(crate) source: Source,

    /// Name of the table, which is there.
    #[arg(value_name = "TABLE")]
    pub(crate) table: String,

    /// File of records; standard input when absent.
    #[arg(value_name = "FILE")]
    pub(crate) input: Option<PathBuf>,
}

/// Where a table is.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    /// In a directory.
    Directory(PathBuf),
    /// Elsewhere, at this address.
    Server(String),
}

impl std::str::FromStr for Source {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Source, std::convert::Infallible> {
        Ok(match Address::is_one(text) {
            true => Source::Server(text.to_owned()),
            false => Source::Directory(PathBuf::from(text)),
        })
    }
}

/// Where reading begins.
#[derive(Clone, Copy, Debug)]
pub(crate) enum From {
    /// With the oldest record.
    TrimHorizon,
    /// With what is written from now on.
    Latest,
    /// With the first record of this time, epoch milliseconds.
    At(u64),
}

impl std::str::FromStr for From {
    type Err = String;

    fn from_str(text: &str) -> Result<From, String> {
        match text {
            "trim-horizon" => Ok(From::TrimHorizon),
            "latest" => Ok(From::Latest),
            _ => {
                let wrong = |_| "it is `trim-horizon`, `latest`, or epoch milliseconds".to_owned();
                text.parse().map(From::At).map_err(wrong)
            }
        }
    }
}

/// Checks a database: its checksums, rows against indexes, streams against tables, and the laws of the streams.
///
/// Repairs nothing, and changes nothing in the directory, which may lie where nobody can write.
/// Progress goes to standard error, the findings to standard output, one on a line. The status is 0 if all is well, 1 if something was found,
/// 2 if the database could not be checked. A database that is open elsewhere has to be closed first.
#[derive(Args, Debug)]
pub(crate) struct Verify {
    /// Directory of the database.
    #[arg(value_name = "DIR")]
    pub(crate) directory: PathBuf,
}

/// Makes the index of a database anew from its log.
///
/// Opening does so by itself where it finds the index damaged or missing; this does it in any case, for damage that only reading finds. The log
/// has everything, so nothing is lost. Progress goes to standard error. A database that is open elsewhere has to be closed first.
#[derive(Args, Debug)]
pub(crate) struct Repair {
    /// Directory of the database.
    #[arg(value_name = "DIR")]
    pub(crate) directory: PathBuf,
}

/// Gives the disk back what deleted items and trimmed records have left behind.
///
/// An open database does so by itself, by and by; this does it now and thoroughly, on a database that nobody has open.
#[derive(Args, Debug)]
pub(crate) struct Compact {
    /// Directory of the database.
    #[arg(value_name = "DIR")]
    pub(crate) directory: PathBuf,
}

/// Copies a database into a new directory.
///
/// The copy opens like any database. A database that a server has open is backed up by that server, while it goes on: name its address with
/// --endpoint instead of the directory. The server must have been started with --backups FOLDER, and DEST is then a name in that folder.
#[derive(Args, Debug)]
#[command(
    allow_missing_positional = true,
    override_usage = "streamtable backup DIR DEST\n       streamtable backup --endpoint URL DEST"
)]
pub(crate) struct Backup {
    /// Address of a running server, such as http://127.0.0.1:8000, that is to back itself up.
    #[arg(long, value_name = "URL", conflicts_with = "directory")]
    pub(crate) endpoint: Option<String>,

    /// Directory of the database.
    #[arg(value_name = "DIR", required_unless_present = "endpoint")]
    pub(crate) directory: Option<PathBuf>,

    /// Directory to make.
    #[arg(value_name = "DEST")]
    pub(crate) destination: PathBuf,
}

/// Makes a database of a backup.
///
/// The backup is checked on the way and stays as it is.
#[derive(Args, Debug)]
pub(crate) struct Restore {
    /// The backup.
    #[arg(value_name = "BACKUP")]
    pub(crate) backup: PathBuf,

    /// Directory of the new database. It must be empty, or not be there.
    #[arg(value_name = "DIR")]
    pub(crate) directory: PathBuf,
}

/// Tells the time of a database, or sets it.
///
/// This is the way out for a database that has seen a time that was wrong, so that it does not open with the right one. Nobody may have it
/// open.
///
/// Set back, all items stay as they are. A shard that has change records of later times loses its records, as if they had been trimmed: a
/// reader that had not come to its end gets TrimmedDataAccessException and begins anew. Set forward, it is as if time had passed.
#[derive(Args, Debug)]
pub(crate) struct Clock {
    /// Directory of the database.
    #[arg(value_name = "DIR")]
    pub(crate) directory: PathBuf,

    /// Time to set, epoch milliseconds, or `now` for the computer's.
    #[arg(long, value_name = "MOMENT")]
    pub(crate) set: Option<Moment>,
}

/// A point in time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Moment {
    /// The computer's time.
    Now,
    /// Epoch milliseconds.
    At(u64),
}

impl std::str::FromStr for Moment {
    type Err = String;

    fn from_str(text: &str) -> Result<Moment, String> {
        match text {
            "now" => Ok(Moment::Now),
            _ => text.parse().map(Moment::At).map_err(|_| "it is epoch milliseconds, or `now`".to_owned()),
        }
    }
}

/// Serves a database over DynamoDB's HTTP protocol.
///
/// Point any client of DynamoDB and DynamoDB Streams at the printed address, with any region and any credentials: whoever reaches the
/// address may do anything, but for web pages. With --access-key, requests have to be signed.
///
/// With a directory the database is kept there, and made if there is none. One process at a time has it open.
///
/// A manual clock is moved by a request like any other, with the target `Streamtable_20261120.AdvanceClock` and the body
/// `{"Milliseconds": 86400000}`; `Streamtable_20261120.DescribeClock` tells the time. SplitShard, RollShard, Maintain,
/// Backup and Compact have the same prefix.
#[derive(Args, Debug)]
pub(crate) struct Serve {
    /// Address to listen on.
    #[arg(long, default_value = "127.0.0.1")]
    pub(crate) host: String,

    /// Port to listen on; 0 takes any free one. The first line on standard output tells which.
    #[arg(long, default_value_t = 8000)]
    pub(crate) port: u16,

    /// Unix socket to listen on instead, which is made for its owner alone. Clients open it as unix://PATH.
    #[arg(long, value_name = "PATH", conflicts_with_all = ["host", "port"])]
    pub(crate) socket: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) place: Place,

    /// Folder, which is there, into which requests may have backups written (`Streamtable_20261120.Backup`). Without it they are refused: whoever reaches the
    /// address could otherwise fill any folder.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) backups: Option<PathBuf>,

    /// Address of functions, such as `http://127.0.0.1:9000`, to which invocations may be handed on; given again for each, or `any` for all. Without it none
    /// are: whoever reaches the server could otherwise have it send requests to wherever it can reach.
    #[arg(long, value_name = "URL")]
    pub(crate) invoke_endpoint: Vec<InvokeEndpoint>,

    /// Milliseconds that open requests get to finish after a signal to end. Closing the database gets what is left of them, and a second at least.
    #[arg(long, value_name = "MS", default_value_t = 5_000)]
    pub(crate) shutdown_grace: u64,

    /// File at whose end each request is noted as a line of JSON; `-` for standard output.
    #[arg(long, value_name = "FILE")]
    pub(crate) access_log: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) inspector: InspectorOptions,

    #[command(flatten)]
    pub(crate) access: AccessOptions,

    #[command(flatten)]
    pub(crate) limits: Limits,

    #[command(flatten)]
    pub(crate) database: DatabaseOptions,
}

/// Where the database is: just one of these.
#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
pub(crate) struct Place {
    /// Directory of the database.
    #[arg(value_name = "DIR")]
    positional: Option<PathBuf>,

    /// The same, for those who like names.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,

    /// Keep the database in memory: it ends with the process.
    #[arg(long)]
    memory: bool,
}

impl Place {
    /// The directory; none for a database in memory.
    pub(crate) fn directory(&self) -> Option<&Path> {
        self.positional.as_deref().or(self.data.as_deref())
    }
}
