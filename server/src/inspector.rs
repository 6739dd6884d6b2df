//! The flags of the inspector, and its start.

use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use clap::{Args, ValueEnum};
use streamtable::Database;
use streamtable_inspect::{Inspector, Options};

/// Whether viewers may change anything.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Mode {
    /// They see everything and may do everything.
    Full,
    /// They see everything and change nothing.
    Read,
}

/// Which values viewers see.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Values {
    /// All of them.
    All,
    /// Of items, those of keys.
    Keys,
}

/// What viewers see, and how they come to it.
#[derive(Args, Debug)]
pub(crate) struct View {
    /// Port of the inspector's page; any free one by default. The address is printed with the key that opens it.
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    inspect_port: u16,

    /// Address on which the page is offered. Whoever reaches another than a loopback address sees, with the key, everything.
    #[arg(long, value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    inspect_listen: IpAddr,

    /// Name under which browsers may ask for the page, beside loopback names; may be given several times.
    #[arg(long, value_name = "NAME")]
    inspect_host: Vec<String>,

    /// Attribute whose values are not shown, at any depth of items; may be given several times.
    #[arg(long, value_name = "NAME")]
    inspect_mask: Vec<String>,

    /// Which values of items are shown.
    #[arg(long, value_name = "WHICH", value_enum, default_value_t = Values::All)]
    inspect_values: Values,
}

impl View {
    /// The options of an inspector.
    pub(crate) fn options(&self, mode: Mode) -> Options {
        let mut options = Options::default();
        options.address = SocketAddr::new(self.inspect_listen, self.inspect_port);
        options.hosts.clone_from(&self.inspect_host);
        options.is_read_only = mode == Mode::Read;
        options.mask.names = self.inspect_mask.iter().cloned().collect();
        options.mask.is_keys_only = self.inspect_values == Values::Keys;
        options
    }
}

/// The inspector of a server.
#[derive(Args, Debug)]
#[command(next_help_heading = "Inspector")]
pub(crate) struct InspectorOptions {
    /// Show the database in a browser: tables, streams with their shards and readers, mappings, and why a reader has not seen a record. With
    /// `=read` it takes no commands.
    #[arg(long, value_name = "MODE", value_enum, num_args = 0..=1, require_equals = true, default_missing_value = "full")]
    inspect: Option<Mode>,

    #[command(flatten)]
    view: View,
}

impl InspectorOptions {
    /// Starts the inspector, if it is wanted.
    ///
    /// # Errors
    /// The system's.
    pub(crate) fn start(&self, database: &Database) -> io::Result<Option<Inspector>> {
        self.inspect.map(|mode| Inspector::of(database, self.view.options(mode))).transpose()
    }
}

/// The line that tells where an inspector is.
///
/// # Errors
/// Those of writing to standard output.
pub(crate) fn announce(inspector: &Inspector) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "inspect at {}", inspector.url())?;
    out.flush()
}
