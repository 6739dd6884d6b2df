//! A server of its own for each test, and a client that sees every byte.

#![allow(dead_code, reason = "each test file uses its part")]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::time::Duration;

/// A request that has no answer by then has none: without it, a defect would hang the tests.
const PATIENCE: Duration = Duration::from_secs(60);

/// The built program.
pub(crate) fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_streamtable"))
}

/// A running server on a free port. It ends with its value.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
    /// Kept open: a server whose output nobody reads must not fail for it.
    _stdout: BufReader<ChildStdout>,
}

impl Server {
    /// In memory, on a manual clock.
    pub(crate) fn start() -> Server {
        Server::with(&["--clock", "manual", "--seed", "1"])
    }

    pub(crate) fn with(arguments: &[&str]) -> Server {
        Server::at(&[&["--memory"], arguments].concat())
    }

    /// Where the arguments say.
    pub(crate) fn at(arguments: &[&str]) -> Server {
        let mut child = program()
            .args(["serve", "--port", "0"])
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut stdout = BufReader::new(child.stdout.take().expect("piped"));
        let mut line = String::new();
        stdout.read_line(&mut line).expect("a first line");
        let address = line.trim_end().strip_prefix("listening on http://").expect(&line);
        let address = address.parse().expect("an address");
        Server { child, address, _stdout: stdout }
    }

    pub(crate) fn connect(&self) -> Connection {
        Connection::to(self.address).expect("the server listens")
    }

    /// One request on a connection of its own.
    pub(crate) fn ask(&self, request: &Request) -> Answer {
        self.connect().ask(request)
    }

    /// Sends a signal by name.
    pub(crate) fn signal(&self, name: &str) {
        let status = Command::new("kill").args(["-s", name, &self.child.id().to_string()]).status();
        assert!(status.expect("kill is there").success());
    }

    /// Waits until nobody listens any more. Each try is a full connection attempt, so this does not spin.
    pub(crate) fn wait_until_deaf(&self) {
        while TcpStream::connect(self.address).is_ok() {
            std::thread::yield_now();
        }
    }

    /// Waits for the end.
    pub(crate) fn end(mut self) -> ExitStatus {
        self.child.wait().expect("the server ends")
    }

    pub(crate) fn is_running(&mut self) -> bool {
        self.child.try_wait().expect("a state").is_none()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A folder of its own for one test, empty at its beginning and removed at its end.
#[derive(Debug)]
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn of(test: &str) -> Folder {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
        if folder.exists() {
            std::fs::remove_dir_all(&folder).expect("what a test before left can be removed");
        }
        std::fs::create_dir_all(&folder).expect("the folder can be made");
        Folder(folder)
    }

    /// The path of something inside, as an argument.
    pub(crate) fn path(&self, name: &str) -> String {
        self.0.join(name).into_os_string().into_string().expect("UTF-8")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Clutter in the build folder is no reason to fail.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A request to be written.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) line: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    /// A request line without headers.
    pub(crate) fn of(method_and_path: &str) -> Request {
        Request { line: format!("{method_and_path} HTTP/1.1"), headers: Vec::new(), body: Vec::new() }
    }

    /// What an SDK sends.
    pub(crate) fn call(target: &str, body: &str) -> Request {
        Request::of("POST /")
            .header("Content-Type", "application/x-amz-json-1.0")
            .header("X-Amz-Target", target)
            .header("Authorization", "AWS4-HMAC-SHA256 Credential=anybody")
            .body(body)
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Request {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Without a header.
    pub(crate) fn without(mut self, name: &str) -> Request {
        self.headers.retain(|(known, _)| known != name);
        self
    }

    pub(crate) fn body(mut self, body: impl Into<Vec<u8>>) -> Request {
        self.body = body.into();
        self
    }

    /// Line and headers, with the length of the body.
    pub(crate) fn head(&self) -> String {
        let mut head = format!("{}\r\n", self.line);
        if !self.headers.iter().any(|(name, _)| name == "Host") {
            head.push_str("Host: localhost\r\n");
        }
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        let told = self.headers.iter().any(|(name, _)| {
            name.eq_ignore_ascii_case("Content-Length") || name.eq_ignore_ascii_case("Transfer-Encoding")
        });
        if !told && !self.body.is_empty() {
            head.push_str(&format!("Content-Length: {}\r\n", self.body.len()));
        }
        head.push_str("\r\n");
        head
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        [self.head().as_bytes(), &self.body].concat()
    }
}

/// A response that was read.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Names in lower case.
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("UTF-8")
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }

    /// Checks what every answer has: an id of the right form and the checksum of the body.
    pub(crate) fn check_frame(&self) {
        let id = self.header("x-amzn-requestid").expect("a request id");
        assert_eq!(id.len(), 52, "{id}");
        assert!(id.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase()), "{id}");
        assert_eq!(self.header("x-amz-crc32"), Some(crc32fast::hash(&self.body).to_string().as_str()));
        assert!(self.header("date").is_some());
        let sized = self.header("content-length").map(|length| length.parse() == Ok(self.body.len()));
        assert!(sized == Some(true) || self.header("transfer-encoding") == Some("chunked"), "{self:?}");
    }
}

/// A connection, byte by byte.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: BufReader<TcpStream>,
}

impl Connection {
    pub(crate) fn to(address: SocketAddr) -> std::io::Result<Connection> {
        let stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        stream.set_nodelay(true)?;
        Ok(Connection { stream: BufReader::new(stream) })
    }

    pub(crate) fn send(&mut self, bytes: &[u8]) {
        self.stream.get_mut().write_all(bytes).expect("the server reads");
    }

    /// Ends what is said, not what is heard.
    pub(crate) fn say_no_more(&self) {
        self.stream.get_ref().shutdown(std::net::Shutdown::Write).expect("an open connection");
    }

    /// Sends as much as the server takes.
    pub(crate) fn send_if_wanted(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.stream.get_mut().write_all(bytes)
    }

    pub(crate) fn ask(&mut self, request: &Request) -> Answer {
        self.send(&request.bytes());
        let with_body = !request.line.starts_with("HEAD ");
        self.answer(with_body).expect("an answer")
    }

    /// Reads one response; `None` at the end of the connection.
    pub(crate) fn read(&mut self) -> Option<Answer> {
        self.answer(true)
    }

    fn answer(&mut self, with_body: bool) -> Option<Answer> {
        let line = self.line()?;
        let status = line.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.get(..3)).expect(&line);
        let status = status.parse().expect("a status");
        let mut headers = BTreeMap::new();
        loop {
            let line = self.line().expect("the headers end");
            let Some((name, value)) = line.split_once(": ") else {
                assert_eq!(line, "");
                break;
            };
            let earlier = headers.insert(name.to_ascii_lowercase(), value.to_owned());
            assert_eq!(earlier, None, "{name} came twice");
        }
        let mut body = Vec::new();
        if with_body && headers.get("transfer-encoding").is_some_and(|coding| coding == "chunked") {
            self.chunks(&mut body);
        } else if let Some(length) = headers.get("content-length").filter(|_| with_body) {
            body.resize(length.parse().expect("a length"), 0);
            self.stream.read_exact(&mut body).expect("the whole body");
        }
        Some(Answer { status, headers, body })
    }

    fn chunks(&mut self, body: &mut Vec<u8>) {
        loop {
            let size = self.line().expect("a chunk");
            let size = usize::from_str_radix(&size, 16).expect("a size");
            let begin = body.len();
            body.resize(begin + size, 0);
            self.stream.read_exact(&mut body[begin..]).expect("the whole chunk");
            assert_eq!(self.line().as_deref(), Some(""));
            if size == 0 {
                return;
            }
        }
    }

    /// A line without its end; `None` when the connection is over, by whatever means.
    fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        match self.stream.read_line(&mut line) {
            Ok(0) => None,
            Ok(_) => Some(line.strip_suffix("\r\n").expect("CR LF").to_owned()),
            Err(e) if e.kind() == std::io::ErrorKind::ConnectionReset => None,
            Err(e) => panic!("{e}"),
        }
    }
}
