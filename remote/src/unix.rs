//! HTTP over a Unix socket.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, LazyBuffers, NextTimeout, Transport,
};
use ureq::{Agent, Error};

use crate::transport::Telling;

/// An agent all of whose connections lead to one socket.
pub(crate) fn agent(config: Config, path: &Path) -> Agent {
    Agent::with_parts(config, Telling(Socket(path.to_owned())), Nowhere)
}

/// Names lead nowhere: there is one socket.
#[derive(Debug)]
struct Nowhere;

impl Resolver for Nowhere {
    fn resolve(
        &self,
        _uri: &Uri,
        _config: &Config,
        _timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let mut addresses = self.empty();
        // Nobody connects to it; there has to be one.
        addresses.push(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)));
        Ok(addresses)
    }
}

#[derive(Debug)]
struct Socket(PathBuf);

impl Connector for Socket {
    type Out = Connection;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        _chained: Option<()>,
    ) -> Result<Option<Connection>, Error> {
        let stream = UnixStream::connect(&self.0).map_err(Error::Io)?;
        let buffers =
            LazyBuffers::new(details.config.input_buffer_size(), details.config.output_buffer_size());
        Ok(Some(Connection { stream, buffers }))
    }
}

#[derive(Debug)]
struct Connection {
    stream: UnixStream,
    buffers: LazyBuffers,
}

/// The time that is left; none is no end.
fn left(timeout: NextTimeout) -> Option<Duration> {
    timeout.not_zero().map(|time| *time)
}

/// What a socket says of a time that is over, as ureq says it.
fn told(error: io::Error, timeout: NextTimeout) -> Error {
    match error.kind() {
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => Error::Timeout(timeout.reason),
        _ => Error::Io(error),
    }
}

impl Transport for Connection {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        self.stream.set_write_timeout(left(timeout))?;
        self.stream.write_all(&self.buffers.output()[..amount]).map_err(|e| told(e, timeout))
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.stream.set_read_timeout(left(timeout))?;
        let amount = self.stream.read(self.buffers.input_append_buf()).map_err(|e| told(e, timeout))?;
        self.buffers.input_appended(amount);
        Ok(amount > 0)
    }

    fn is_open(&mut self) -> bool {
        // Nothing is to be read between two exchanges: what is there is the end, or what nobody asked for.
        let is_quiet = |stream: &mut UnixStream| -> io::Result<bool> {
            stream.set_nonblocking(true)?;
            let found = stream.read(&mut [0]);
            stream.set_nonblocking(false)?;
            Ok(found.is_err_and(|e| e.kind() == io::ErrorKind::WouldBlock))
        };
        is_quiet(&mut self.stream).unwrap_or(false)
    }
}
