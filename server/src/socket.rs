//! Where clients connect: a port, or a Unix socket that only its owner may use.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::Path;
#[cfg(unix)]
use std::path::PathBuf;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
#[cfg(unix)]
use tokio::net::{UnixListener, UnixStream};

/// Who may read and write a socket: its owner.
#[cfg(unix)]
const OWNER_ONLY: u32 = 0o600;

/// Takes connections.
#[derive(Debug)]
pub(crate) enum Listener {
    /// Of a port.
    Port(TcpListener),
    /// Of a socket in the file system, which goes with it.
    #[cfg(unix)]
    Socket(UnixListener, PathBuf),
}

/// A connection.
#[derive(Debug)]
pub(crate) enum Stream {
    /// Over TCP.
    Port(TcpStream),
    /// Over a Unix socket.
    #[cfg(unix)]
    Socket(UnixStream),
}

/// Who is at the other end.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Peer {
    /// An address.
    Address(SocketAddr),
    /// A process of the same user.
    #[cfg(unix)]
    Owner,
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Peer::Address(address) => address.fmt(f),
            #[cfg(unix)]
            Peer::Owner => f.write_str("unix"),
        }
    }
}

impl Listener {
    /// Listens on a port.
    ///
    /// # Errors
    /// The system's.
    pub(crate) async fn on_port(host: &str, port: u16) -> io::Result<Listener> {
        TcpListener::bind((host, port)).await.map(Listener::Port)
    }

    /// Listens on a socket, which is made. One that a server has left behind, to which nobody listens, is replaced.
    ///
    /// # Errors
    /// The system's; that somebody listens there, or that there is something else.
    #[cfg(unix)]
    pub(crate) fn on_socket(path: &Path) -> io::Result<Listener> {
        use std::os::unix::fs::{FileTypeExt, PermissionsExt};
        if let Ok(found) = std::fs::symlink_metadata(path) {
            if !found.file_type().is_socket() {
                return Err(io::Error::new(
                    io::ErrorKind::AlreadyExists,
                    "there is something else at this path",
                ));
            }
            match std::os::unix::net::UnixStream::connect(path) {
                Ok(_) => return Err(io::Error::new(io::ErrorKind::AddrInUse, "somebody listens there")),
                Err(e) if e.kind() == io::ErrorKind::ConnectionRefused => std::fs::remove_file(path)?,
                Err(e) => return Err(e),
            }
        }
        let listener = UnixListener::bind(path)?;
        // Who connects before this is another user is turned away by `accept`.
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(OWNER_ONLY))?;
        Ok(Listener::Socket(listener, path.to_owned()))
    }

    /// There are no such sockets here.
    #[cfg(not(unix))]
    pub(crate) fn on_socket(_path: &Path) -> io::Result<Listener> {
        Err(io::Error::new(io::ErrorKind::Unsupported, "this system has no Unix sockets"))
    }

    /// Where it listens, as an address that `open` takes.
    ///
    /// # Errors
    /// The system's.
    pub(crate) fn address(&self) -> io::Result<String> {
        match self {
            Listener::Port(listener) => Ok(format!("http://{}", listener.local_addr()?)),
            #[cfg(unix)]
            Listener::Socket(_, path) => Ok(format!("unix://{}", std::path::absolute(path)?.display())),
        }
    }

    /// The address by which it is decided whose requests are answered: a socket is as near as the loopback.
    ///
    /// # Errors
    /// The system's.
    pub(crate) fn nearness(&self) -> io::Result<SocketAddr> {
        match self {
            Listener::Port(listener) => listener.local_addr(),
            #[cfg(unix)]
            Listener::Socket(..) => Ok(SocketAddr::from(([127, 0, 0, 1], 0))),
        }
    }

    /// The next connection.
    ///
    /// # Errors
    /// The system's.
    pub(crate) async fn accept(&self) -> io::Result<(Stream, Peer)> {
        match self {
            Listener::Port(listener) => {
                let (stream, peer) = listener.accept().await?;
                // Answers are written whole; waiting for more to send would only delay them. A socket that refuses is merely slower.
                if let Err(cause) = stream.set_nodelay(true) {
                    eprintln!("streamtable: cannot set TCP_NODELAY: {cause}");
                }
                Ok((Stream::Port(stream), Peer::Address(peer)))
            }
            #[cfg(unix)]
            Listener::Socket(listener, _) => loop {
                let (stream, _) = listener.accept().await?;
                // Another user's connection ends here.
                if stream.peer_cred().is_ok_and(|peer| peer.uid() == rustix::process::geteuid().as_raw()) {
                    return Ok((Stream::Socket(stream), Peer::Owner));
                }
            },
        }
    }
}

#[cfg(unix)]
impl Drop for Listener {
    fn drop(&mut self) {
        if let Listener::Socket(_, path) = self
            && let Err(cause) = std::fs::remove_file(&*path)
        {
            eprintln!("streamtable: cannot remove {}: {cause}", path.display());
        }
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Stream::Port(stream) => Pin::new(stream).poll_read(cx, buffer),
            #[cfg(unix)]
            Stream::Socket(stream) => Pin::new(stream).poll_read(cx, buffer),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Stream::Port(stream) => Pin::new(stream).poll_write(cx, bytes),
            #[cfg(unix)]
            Stream::Socket(stream) => Pin::new(stream).poll_write(cx, bytes),
        }
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Stream::Port(stream) => Pin::new(stream).poll_write_vectored(cx, parts),
            #[cfg(unix)]
            Stream::Socket(stream) => Pin::new(stream).poll_write_vectored(cx, parts),
        }
    }

    fn is_write_vectored(&self) -> bool {
        match self {
            Stream::Port(stream) => stream.is_write_vectored(),
            #[cfg(unix)]
            Stream::Socket(stream) => stream.is_write_vectored(),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Stream::Port(stream) => Pin::new(stream).poll_flush(cx),
            #[cfg(unix)]
            Stream::Socket(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Stream::Port(stream) => Pin::new(stream).poll_shutdown(cx),
            #[cfg(unix)]
            Stream::Socket(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}
