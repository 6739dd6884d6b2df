//! Records as JSON Lines: one record on a line, in the form in which GetRecords answers it.

use std::io::{self, BufRead, Write};

use crate::api::{Error, ErrorCode, Record, Result};

/// Writes a record as a line.
///
/// # Errors
/// The writer's.
pub fn write_line(out: &mut dyn Write, record: &Record) -> io::Result<()> {
    serde_json::to_writer(&mut *out, record)?;
    out.write_all(b"\n")
}

/// The records of lines; empty lines are passed over. What else their objects have, such as the `eventSourceARN` of AWS Lambda, is not looked at.
/// After an error there are no more.
pub fn read_lines(input: impl BufRead) -> impl Iterator<Item = Result<Record>> {
    let mut is_over = false;
    let read = input.lines().enumerate().filter_map(|(at, line)| {
        let line = match line {
            Ok(line) if line.trim().is_empty() => return None,
            Ok(line) => line,
            Err(e) => return Some(Err(Error::new(ErrorCode::Storage, format!("line {}: {e}", at + 1)))),
        };
        let failed = |e| Error::new(ErrorCode::Serialization, format!("line {}: {e}", at + 1));
        Some(serde_json::from_str(&line).map_err(failed))
    });
    read.take_while(move |read| !std::mem::replace(&mut is_over, read.is_err()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::{Maker, MakerOptions};
    use crate::value::Item;

    #[test]
    fn what_is_written_is_read() {
        let image = Item::from_json(r#"{"id": {"B": "AP8="}, "n": {"N": "1.5"}}"#).expect("an item");
        let mut maker = Maker::new(MakerOptions::new(["id"]));
        let changes = [(None, Some(&image)), (Some(&image), None)];
        let records = changes.map(|(old, new)| maker.change(old, new).expect("sound").expect("a change"));
        let mut text = Vec::new();
        records.iter().for_each(|record| write_line(&mut text, record).expect("memory"));
        text.extend_from_slice(b"\n");
        let read: Result<Vec<Record>> = read_lines(&text[..]).collect();
        assert_eq!(read.expect("records"), records);
        text.extend_from_slice(b"{\"eventID\": 1}\n{}\n");
        let read: Vec<_> = read_lines(&text[..]).collect();
        assert_eq!(read.len(), 3, "nothing comes after what cannot be read");
        let error = read[2].as_ref().expect_err("no record");
        assert_eq!(error.code(), ErrorCode::Serialization);
        assert!(error.message().starts_with("line 4: "), "{}", error.message());
    }
}
