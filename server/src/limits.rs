//! What clients may take of the server: the flags, with their defaults.

use std::time::Duration;

use clap::{Args, value_parser};

const MIB: u64 = 1024 * 1024;

/// The least that `--in-flight` may be: room for a body and an answer of the largest sizes.
const IN_FLIGHT_MIN_BYTES: u64 = 32 * MIB;

/// What clients may take.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Limits")]
pub(crate) struct Limits {
    /// Connections served at a time. When there are as many, the one whose client has kept the server waiting longest is closed for a new one.
    #[arg(long, value_name = "NUMBER", default_value_t = 1_024, value_parser = value_parser!(u32).range(1..))]
    connections: u32,

    /// Bytes that requests being received and answers being sent may hold, together. When they hold as much, others wait, and those whose clients
    /// keep the server waiting are closed.
    #[arg(long, value_name = "BYTES", default_value_t = 256 * MIB, value_parser = value_parser!(u64).range(IN_FLIGHT_MIN_BYTES..))]
    in_flight: u64,

    /// Milliseconds after which a client that keeps the server waiting may be closed for another one, when there is no room for both.
    #[arg(long, value_name = "MS", default_value_t = 1_000)]
    evict_after: u64,

    /// Milliseconds that a client may take to send a request's line and headers, and for which a connection may be idle.
    #[arg(long, value_name = "MS", default_value_t = 120_000)]
    head_timeout: u64,

    /// Milliseconds that a client may take to send a request's body.
    #[arg(long, value_name = "MS", default_value_t = 120_000)]
    body_timeout: u64,

    /// Milliseconds for which a client may take nothing of its answer.
    #[arg(long, value_name = "MS", default_value_t = 30_000)]
    answer_timeout: u64,
}

impl Limits {
    pub(crate) fn connections(&self) -> usize {
        self.connections as usize
    }

    /// Bytes for the bodies of requests, and as many for answers.
    pub(crate) fn in_flight_each(&self) -> usize {
        usize::try_from(self.in_flight / 2).unwrap_or(usize::MAX)
    }

    pub(crate) fn evict_after(&self) -> Duration {
        Duration::from_millis(self.evict_after)
    }

    pub(crate) fn head_timeout(&self) -> Duration {
        Duration::from_millis(self.head_timeout)
    }

    pub(crate) fn body_timeout(&self) -> Duration {
        Duration::from_millis(self.body_timeout)
    }

    pub(crate) fn answer_timeout(&self) -> Duration {
        Duration::from_millis(self.answer_timeout)
    }
}
