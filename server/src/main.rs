//! The command line: `streamtable serve` offers a database over DynamoDB's HTTP protocol; the other commands look after its files.
//!
//! The server frames and nothing else: the operation is what `X-Amz-Target` names, the body goes to the database as it is, and every
//! rule about tables, streams and operations stands in the core.
//!
//! | module | what it knows |
//! |---|---|
//! | `arguments` | the command line |
//! | `access` | who may call: under which names, and from which web pages |
//! | `signature` | signatures of requests |
//! | `limits` | what clients may take: the flags |
//! | `traffic` | places of connections, memory for what is on its way, and who makes room |
//! | `wire` | a connection's bytes: whether they get anywhere |
//! | `options` | the flags that are options of the database |
//! | `command` | verify, repair, compact, copy, backup, restore, clock, records, tail, inspect, export, import: a file each |
//! | `inspector` | the flags of the inspector, which is a crate of its own |
//! | `listen` | connections, signals, the end |
//! | `socket` | where clients connect: a port, a Unix socket |
//! | `server` | what happens to a request |
//! | `log` | the access log |
//! | `receive` | reading a request's body without trusting its length |
//! | `coding` | packed requests and answers |
//! | `forward` | invocations of functions behind an endpoint |
//! | `protocol` | which request is which operation, and what is answered to those that are none |
//! | `metrics` | what calls came to, for Prometheus |
//! | `backups` | where requests may have backups written |
//! | `answer` | status, headers, checksum and request id of an answer |

mod access;
mod answer;
mod arguments;
mod backups;
mod cbor;
mod coding;
mod command;
mod forward;
mod inspector;
mod limits;
mod listen;
mod log;
mod metrics;
mod options;
mod protocol;
mod receive;
mod regions;
mod server;
mod signature;
mod socket;
mod traffic;
mod wire;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command};

fn main() -> ExitCode {
    let serve = match Arguments::parse().command {
        Command::Serve(serve) => serve,
        Command::Verify(arguments) => return command::verify::run(&arguments),
        Command::Copy(arguments) => return command::copy::run(&arguments),
        Command::Compact(arguments) => return command::compact::run(&arguments),
        Command::Backup(arguments) => return command::backup::run(&arguments),
        Command::Repair(arguments) => return command::repair::run(&arguments),
        Command::Clock(arguments) => return command::clock::run(&arguments),
        Command::Restore(arguments) => return command::restore::run(&arguments),
        Command::Tail(arguments) => return command::tail::run(&arguments),
        Command::Inspect(arguments) => return command::inspect::run(&arguments),
        Command::Export(arguments) => return command::export::run(&arguments),
        Command::Import(arguments) => return command::import::run(&arguments),
        Command::Records(arguments) => return command::records::run(&arguments),
    };
    match listen::run(&serve) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("streamtable: {failure}");
            ExitCode::FAILURE
        }
    }
}
