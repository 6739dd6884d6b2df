//! The access log: a line of JSON for each request, written behind the answers.
//!
//! Whoever reads the log slowly slows no request: lines that find no room are left out, and the next one says how many were.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use hyper::StatusCode;
use hyper::header::{HOST, HeaderName, ORIGIN, USER_AGENT};
use hyper::http::request::Parts;
use serde_json::{Map, Value};

use crate::socket::Peer;

/// Lines that may wait to be written.
const LINES_MAX: usize = 4_096;

/// Characters that a line quotes of a header or of a path.
const QUOTED_MAX_CHARS: usize = 512;

/// How long the end of the log is waited for when the server ends.
const END_TIMEOUT: Duration = Duration::from_secs(1);

/// Where lines go.
#[derive(Debug)]
pub(crate) struct AccessLog {
    lines: SyncSender<Message>,
    omitted: AtomicU64,
}

#[derive(Debug)]
enum Message {
    Line(Vec<u8>),
    /// All lines before this one are to be written, and that to be told.
    End(mpsc::Sender<()>),
}

/// A request that was answered.
#[derive(Debug)]
pub(crate) struct Entry<'a> {
    pub(crate) head: &'a Parts,
    pub(crate) peer: Peer,
    pub(crate) began: Instant,
    pub(crate) id: Option<&'a str>,
    pub(crate) status: StatusCode,
    pub(crate) error: Option<&'a str>,
    /// Bytes of the body, as it came.
    pub(crate) received: usize,
    /// Bytes of the answer's body, as it goes.
    pub(crate) sent: usize,
}

impl AccessLog {
    /// A log at the end of a file, which is made if it is not there; `-` is the standard output.
    ///
    /// # Errors
    /// The file system's.
    pub(crate) fn open(path: &Path) -> io::Result<AccessLog> {
        let file: Box<dyn Write + Send> = match path.as_os_str() == "-" {
            true => Box::new(io::stdout()),
            false => Box::new(File::options().append(true).create(true).open(path)?),
        };
        AccessLog::into(file, LINES_MAX)
    }

    fn into(file: Box<dyn Write + Send>, lines_max: usize) -> io::Result<AccessLog> {
        let (lines, waiting) = mpsc::sync_channel(lines_max);
        thread::Builder::new().name("streamtable-log".into()).spawn(move || {
            if let Err(cause) = write(BufWriter::new(file), &waiting) {
                eprintln!("streamtable: the access log ends here: {cause}");
            }
        })?;
        Ok(AccessLog { lines, omitted: AtomicU64::new(0) })
    }

    /// Notes a request that was answered.
    pub(crate) fn note(&self, entry: &Entry<'_>) {
        let omitted = self.omitted.swap(0, Ordering::Relaxed);
        let mut line = entry.line(omitted).to_string().into_bytes();
        line.push(b'\n');
        if self.lines.try_send(Message::Line(line)).is_err() {
            self.omitted.fetch_add(omitted + 1, Ordering::Relaxed);
        }
    }

    /// Waits until all that was noted is written, if somebody takes it.
    pub(crate) fn end(&self) {
        let (tell, told) = mpsc::channel();
        if self.lines.try_send(Message::End(tell)).is_ok() {
            // Who does not take the lines in time does without the last ones.
            let _: Result<(), mpsc::RecvTimeoutError> = told.recv_timeout(END_TIMEOUT);
        }
    }
}

fn write(mut file: impl Write, waiting: &Receiver<Message>) -> io::Result<()> {
    while let Ok(first) = waiting.recv() {
        let mut next = Some(first);
        while let Some(message) = next {
            match message {
                Message::Line(line) => file.write_all(&line)?,
                Message::End(tell) => {
                    file.flush()?;
                    // Whoever asked may have given up.
                    let _: Result<(), mpsc::SendError<()>> = tell.send(());
                }
            }
            next = waiting.try_recv().ok();
        }
        file.flush()?;
    }
    Ok(())
}

impl Entry<'_> {
    fn line(&self, omitted: u64) -> Value {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
        let mut line = Map::new();
        let mut add = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                line.insert(name.to_owned(), value);
            }
        };
        let number = |n: u128| Some(u64::try_from(n).unwrap_or(u64::MAX).into());
        add("time", number(now.as_millis()));
        add("requestId", self.id.map(Value::from));
        add("peer", Some(self.peer.to_string().into()));
        add("method", Some(self.head.method.as_str().into()));
        add("path", Some(quoted(self.head.uri.path()).into()));
        add("target", self.header(&HeaderName::from_static("x-amz-target")));
        add("host", self.header(&HOST));
        add("origin", self.header(&ORIGIN));
        add("userAgent", self.header(&USER_AGENT));
        add("status", Some(self.status.as_u16().into()));
        add("error", self.error.map(Value::from));
        add("requestBytes", Some(self.received.into()));
        add("answerBytes", Some(self.sent.into()));
        add("microseconds", number(self.began.elapsed().as_micros()));
        add("omitted", (omitted > 0).then(|| omitted.into()));
        line.into()
    }

    fn header(&self, name: &HeaderName) -> Option<Value> {
        let value = self.head.headers.get(name)?;
        Some(quoted(&String::from_utf8_lossy(value.as_bytes())).into())
    }
}

fn quoted(text: &str) -> String {
    text.chars().take(QUOTED_MAX_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Condvar, Mutex};

    use hyper::Request;

    use super::*;

    /// A reader who takes nothing until told to.
    #[derive(Clone, Default)]
    struct Slow(Arc<Taking>);

    #[derive(Default)]
    struct Taking {
        /// Whether anything is taken, and what was.
        state: Mutex<(bool, Vec<u8>)>,
        told: Condvar,
    }

    impl Write for Slow {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let Taking { state, told } = &*self.0;
            let mut state =
                told.wait_while(state.lock().expect("no panic"), |(takes, _)| !*takes).expect("no panic");
            state.1.extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn note(log: &AccessLog, path: &str) {
        let (head, ()) = Request::get(path).body(()).expect("a request").into_parts();
        let peer = Peer::Address(([127, 0, 0, 1], 5).into());
        let (status, began) = (StatusCode::OK, Instant::now());
        log.note(&Entry {
            head: &head,
            peer,
            began,
            id: Some("ID"),
            status,
            error: None,
            received: 1,
            sent: 2,
        });
    }

    #[test]
    fn nobody_waits_for_a_reader_who_is_slow() {
        const LINES: usize = 4;
        let slow = Slow::default();
        let log = AccessLog::into(Box::new(slow.clone()), LINES).expect("a thread");
        for i in 0..100 {
            note(&log, &format!("/{i}"));
        }
        {
            let Taking { state, told } = &*slow.0;
            state.lock().expect("no panic").0 = true;
            told.notify_all();
        }
        // There is room again as soon as one line was taken.
        while log.omitted.load(Ordering::Relaxed) > 0 {
            note(&log, "/last");
            thread::yield_now();
        }
        while log.lines.try_send(Message::Line(Vec::new())).is_err() {
            thread::yield_now();
        }
        log.end();
        let text = String::from_utf8(slow.0.state.lock().expect("no panic").1.clone()).expect("UTF-8");
        let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        assert_eq!((&lines[0]["path"], &lines[0]["peer"]), (&"/0".into(), &"127.0.0.1:5".into()));
        let omitted: u64 = lines.iter().filter_map(|line| line["omitted"].as_u64()).sum();
        // Lines that tell how many were left out have no path.
        let tried = lines.iter().filter(|line| line["path"].is_string() && line["path"] != "/last").count();
        assert!(tried <= LINES + 1, "{tried} were kept");
        assert!(omitted >= 100 - tried as u64, "{omitted} of 100 were left out, {tried} kept");
    }

    #[test]
    fn what_a_client_sends_is_quoted_in_part() {
        let (head, ()) = Request::get("/")
            .header("host", "\"x\" ".repeat(1_000))
            .body(())
            .expect("a request")
            .into_parts();
        let peer = Peer::Address(([127, 0, 0, 1], 5).into());
        let entry = Entry {
            head: &head,
            peer,
            began: Instant::now(),
            id: None,
            status: StatusCode::BAD_REQUEST,
            error: Some("ValidationException"),
            received: 0,
            sent: 0,
        };
        let line = entry.line(0);
        assert_eq!(line["host"].as_str().map(str::len), Some(QUOTED_MAX_CHARS));
        assert_eq!(
            (&line["error"], &line["status"], line.get("omitted")),
            (&"ValidationException".into(), &400.into(), None)
        );
    }
}
