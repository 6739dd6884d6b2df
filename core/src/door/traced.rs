//! `Traced`: every call is a span of the crate `tracing`.

use std::sync::Arc;
use std::time::Duration;

use tracing::{Level, Span, field, span};

use super::{Door, Pending};
use crate::api::Result;
use crate::registry::{Request, Response};

/// A door whose calls are spans named `call`, of the target `streamtable` and the level DEBUG, with the fields `operation` and `table`, and
/// `error` with its code when the answer is one. A span begins when a call starts and closes when its answer is told. Without a subscriber that
/// wants them a call costs one look.
///
/// ```
/// use streamtable::api::ListTablesInput;
/// use streamtable::door::{Traced, ask};
/// use streamtable::{Database, OpenOptions};
///
/// let door = Traced::new(Database::memory(OpenOptions::deterministic())?);
/// ask(&door, ListTablesInput::default())?;
/// # Ok::<(), streamtable::Error>(())
/// ```
#[derive(Debug)]
pub struct Traced<D> {
    door: Arc<D>,
}

impl<D: Door> Traced<D> {
    /// Makes the calls of `door` spans.
    pub fn new(door: D) -> Traced<D> {
        Traced { door: Arc::new(door) }
    }
}

fn span_of(request: &Request) -> Span {
    let span = span!(
        target: "streamtable",
        Level::DEBUG,
        "call",
        operation = request.operation(),
        table = field::Empty,
        error = field::Empty
    );
    if let Some(table) = request.table_name().filter(|_| !span.is_disabled()) {
        span.record("table", table);
    }
    span
}

fn told(span: &Span, answer: &Result<Response>) {
    if let Err(error) = answer {
        span.record("error", error.code().name());
    }
}

impl<D: Door + 'static> Door for Traced<D> {
    fn call(&self, request: Request) -> Result<Response> {
        let span = span_of(&request);
        let answer = span.in_scope(|| self.door.call(request));
        told(&span, &answer);
        answer
    }

    fn start(&self, request: Request) -> Pending {
        let span = span_of(&request);
        let pending = span.in_scope(|| self.door.start(request));
        pending.map(move |answer| {
            told(&span, &answer);
            answer
        })
    }

    fn elapsed(&self) -> Duration {
        self.door.elapsed()
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::{Debug, Write as _};
    use std::sync::atomic::{AtomicU64, Ordering};

    use parking_lot::Mutex;
    use tracing::field::{Field, Visit};
    use tracing::span::{Attributes, Id, Record};
    use tracing::{Event, Metadata, Subscriber};

    use super::*;
    use crate::database::Database;
    use crate::options::OpenOptions;

    /// Writes down what becomes of spans.
    #[derive(Default)]
    struct Notes {
        spans: AtomicU64,
        told: Arc<Mutex<String>>,
    }

    struct Line<'a>(&'a mut String);

    impl Visit for Line<'_> {
        fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
            write!(self.0, " {}={value:?}", field.name()).expect("a text takes all");
        }
    }

    impl Subscriber for Notes {
        fn enabled(&self, metadata: &Metadata<'_>) -> bool {
            metadata.target() == "streamtable"
        }

        fn new_span(&self, span: &Attributes<'_>) -> Id {
            let mut told = self.told.lock();
            told.push_str(span.metadata().name());
            span.record(&mut Line(&mut told));
            Id::from_u64(self.spans.fetch_add(1, Ordering::Relaxed) + 1)
        }

        fn record(&self, _: &Id, values: &Record<'_>) {
            values.record(&mut Line(&mut self.told.lock()));
        }

        fn record_follows_from(&self, _: &Id, _: &Id) {}

        fn event(&self, _: &Event<'_>) {}

        fn enter(&self, _: &Id) {
            self.told.lock().push_str(" begun");
        }

        fn exit(&self, _: &Id) {}

        fn try_close(&self, _: Id) -> bool {
            self.told.lock().push_str(" closed\n");
            true
        }
    }

    #[test]
    fn calls_are_spans_with_their_table_and_error() {
        let notes = Notes::default();
        let told = notes.told.clone();
        tracing::subscriber::with_default(notes, || {
            let door = Traced::new(Database::memory(OpenOptions::deterministic()).expect("sound options"));
            let request =
                |operation, body: &str| Request::from_json(operation, body.as_bytes()).expect("sound");
            door.call(request("ListTables", "{}")).expect("no tables");
            let pending = door.start(request("DescribeTable", r#"{"TableName": "Orders"}"#));
            assert!(pending.wait().is_err());
        });
        let expected = "call operation=\"ListTables\" begun closed\n\
            call operation=\"DescribeTable\" table=\"Orders\" begun error=\"ResourceNotFoundException\" closed\n";
        assert_eq!(*told.lock(), expected);
    }
}
