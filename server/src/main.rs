//! The command line: `streamtable serve` offers a database over DynamoDB's HTTP protocol.
//!
//! The server frames and nothing else: the operation is what `X-Amz-Target` names, the body goes to `Database::call_json` as it is, and
//! every rule about tables and streams stands in the core.
//!
//! | module | what it knows |
//! |---|---|
//! | `arguments` | the command line |
//! | `listen` | sockets, signals, limits on connections, the end |
//! | `receive` | reading a request's body without trusting its length |
//! | `protocol` | which request is which operation, and what is answered to those that are none |
//! | `answer` | status, headers, checksum and request id of an answer |

mod answer;
mod arguments;
mod listen;
mod protocol;
mod receive;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command};

fn main() -> ExitCode {
    let Command::Serve(serve) = Arguments::parse().command;
    match listen::run(&serve) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("streamtable: {failure}");
            ExitCode::FAILURE
        }
    }
}
