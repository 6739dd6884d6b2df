//! `streamtable tail`: the changes of a table as they come, for people.

use std::env;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use streamtable::api::{Enumeration, OperationType, Record};
use streamtable::records::{Difference, Numbers, Plain, differences, plain_value, write_line};
use streamtable::value::{PathElement, ValueRef};

use super::source::reader;
use crate::arguments::Tail;

/// How long a server is left alone when it had nothing new.
const PAUSE: Duration = Duration::from_millis(300);
/// Records read at once.
const PAGE: usize = 1_000;

pub(crate) fn run(arguments: &Tail) -> ExitCode {
    match follow(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("streamtable: {why}");
            ExitCode::FAILURE
        }
    }
}

fn follow(arguments: &Tail) -> Result<(), String> {
    let Tail { source, table, from, json, once } = arguments;
    let failed = |error: streamtable::Error| error.message().to_owned();
    let door = source.open_to_look().map_err(failed)?;
    let mut reader = reader(&*door, table, *from)?;
    let mut out = io::stdout().lock();
    let paint = Paint(out.is_terminal() && env::var_os("NO_COLOR").is_none());
    loop {
        while let Some(page) = reader.next_page(&*door, PAGE).map_err(failed)? {
            for record in &page.records {
                let written =
                    if *json { write_line(&mut out, record) } else { show(&mut out, record, paint) };
                if written.is_err() {
                    // Whoever has read it has seen enough.
                    return Ok(());
                }
            }
        }
        if out.flush().is_err() || *once || !source.is_live() || reader.is_finished() {
            return Ok(());
        }
        thread::sleep(PAUSE);
    }
}

/// Whether to colour.
#[derive(Clone, Copy)]
struct Paint(bool);

const GREEN: u8 = 32;
const YELLOW: u8 = 33;
const RED: u8 = 31;
const DIM: u8 = 2;

impl Paint {
    fn of(self, colour: u8, text: &str) -> String {
        if self.0 { format!("\x1b[{colour}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

/// A record: what happened to which item and when, and a line for each value that changed.
fn show(out: &mut dyn Write, record: &Record, paint: Paint) -> io::Result<()> {
    let colour = match record.event_name {
        OperationType::Insert => GREEN,
        OperationType::Remove => RED,
        _ => YELLOW,
    };
    let name = paint.of(colour, &format!("{:6}", record.event_name.name()));
    let keys = Plain { item: record.keys.clone(), numbers: Numbers::Text }.to_json();
    let who = if record.by_service { " by the service" } else { "" };
    writeln!(out, "{} {name} {keys}{who}", paint.of(DIM, &record.creation_time()))?;
    let is_whole = record.event_name != OperationType::Modify
        || (record.old_image.is_some() && record.new_image.is_some());
    for difference in differences(record.old_image.as_ref(), record.new_image.as_ref()) {
        if record.keys.get(difference.path.first().map_or("", name_of)).is_some() {
            continue;
        }
        writeln!(out, "    {}", line(&difference, is_whole, paint))?;
    }
    Ok(())
}

fn name_of<'a>(step: &PathElement<'a>) -> &'a str {
    match step {
        PathElement::Name(name) => name,
        PathElement::Index(_) => "",
    }
}

/// `/total: 9 → 10`, `+ /note: "new"`, `- /note: "old"`; `/total: 10` where the records hold one image only.
fn line(difference: &Difference<'_>, is_whole: bool, paint: Paint) -> String {
    let shown = |value: ValueRef<'_>| match value {
        // All digits, and no quotes.
        ValueRef::N(digits) => digits.to_owned(),
        other => plain_value(other, Numbers::Native).to_string(),
    };
    let place = difference.pointer();
    match (difference.from, difference.to) {
        (Some(from), Some(to)) => {
            format!("{place}: {} → {}", paint.of(RED, &shown(from)), paint.of(GREEN, &shown(to)))
        }
        (None, Some(to)) if is_whole => paint.of(GREEN, &format!("+ {place}: {}", shown(to))),
        (Some(from), None) if is_whole => paint.of(RED, &format!("- {place}: {}", shown(from))),
        (from, to) => format!("{place}: {}", from.or(to).map_or_else(String::new, shown)),
    }
}
