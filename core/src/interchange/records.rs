//! Reading the items of a file one after the other, however long it is.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, BufRead, BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::read::MultiGzDecoder;
use serde::Deserialize;

use super::ion_text::read_ion_item;
use crate::api::message::Problem;
use crate::api::{Error, ScalarAttributeType};
use crate::value::{AttributeValue, Checked, Item, ValueProblem};

/// Bytes of one record, at most. An item of 400 KB has a few MB where each letter is an escape.
const RECORD_MAX_BYTES: u64 = 8 << 20;

/// How a file is packed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Compression {
    None,
    Gzip,
    Zstandard,
}

/// How items stand in a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum ItemFormat {
    /// A line `{"Item": {…}}` each.
    Json,
    /// A line of Ion each.
    Ion,
    /// Rows under their headers.
    Csv {
        delimiter: u8,
        /// None where the first row of the file has them.
        headers: Option<Vec<String>>,
        /// Types of the columns that are no texts.
        types: BTreeMap<String, ScalarAttributeType>,
    },
}

/// Why a record is no item.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Wrong {
    pub(crate) message: String,
    /// Whether what follows cannot be read, either.
    pub(crate) is_end: bool,
}

impl Wrong {
    fn record(message: impl Into<String>) -> Wrong {
        Wrong { message: message.into(), is_end: false }
    }

    fn end(message: impl fmt::Display) -> Wrong {
        Wrong { message: message.to_string(), is_end: true }
    }
}

/// The records of a file.
pub(crate) struct Records {
    source: Source,
    /// Bytes that were read of the file, packed as it is.
    packed: Arc<AtomicU64>,
    /// Bytes that one record has taken so far.
    taken: Arc<AtomicU64>,
    is_over: bool,
}

enum Source {
    Lines { lines: Box<dyn BufRead + Send>, is_ion: bool },
    Rows { rows: Box<csv::Reader<Box<dyn Read + Send>>>, columns: Columns },
}

/// The columns of rows.
struct Columns {
    /// None until the first row is read, where that has them.
    names: Option<Vec<String>>,
    types: BTreeMap<String, ScalarAttributeType>,
}

impl fmt::Debug for Records {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Records").field("packed", &self.packed).finish_non_exhaustive()
    }
}

/// Counts what is read, and ends in an error beyond a number.
struct Counted<R> {
    inner: R,
    count: Arc<AtomicU64>,
    most: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        let count = self.count.fetch_add(read as u64, Ordering::Relaxed) + read as u64;
        if count > self.most {
            return Err(io::Error::other("a record is too long"));
        }
        Ok(read)
    }
}

impl Records {
    /// Reads a file from its beginning.
    pub(crate) fn new(
        file: impl Read + Send + 'static,
        compression: Compression,
        format: &ItemFormat,
    ) -> Records {
        let (packed, taken) = (Arc::<AtomicU64>::default(), Arc::<AtomicU64>::default());
        let file = BufReader::new(Counted { inner: file, count: packed.clone(), most: u64::MAX });
        let plain: Box<dyn Read + Send> = match compression {
            Compression::None => Box::new(file),
            Compression::Gzip => {
                Box::new(Unpacked::new(file, |file| Ok(Box::new(MultiGzDecoder::new(file)))))
            }
            Compression::Zstandard => Box::new(Unpacked::new(file, |file| {
                let decoder = ruzstd::decoding::StreamingDecoder::new(file).map_err(io::Error::other)?;
                Ok(Box::new(decoder))
            })),
        };
        let plain = Counted { inner: plain, count: taken.clone(), most: RECORD_MAX_BYTES };
        let source = match format {
            ItemFormat::Json => Source::Lines { lines: Box::new(BufReader::new(plain)), is_ion: false },
            ItemFormat::Ion => Source::Lines { lines: Box::new(BufReader::new(plain)), is_ion: true },
            ItemFormat::Csv { delimiter, headers, types } => {
                let mut builder = csv::ReaderBuilder::new();
                builder.delimiter(*delimiter).has_headers(false).flexible(true);
                let rows = Box::new(builder.from_reader(Box::new(plain) as Box<dyn Read + Send>));
                Source::Rows { rows, columns: Columns { names: headers.clone(), types: types.clone() } }
            }
        };
        Records { source, packed, taken, is_over: false }
    }

    /// Bytes of the file that were read.
    pub(crate) fn bytes(&self) -> u64 {
        self.packed.load(Ordering::Relaxed)
    }

    /// The next record; none at the end.
    pub(crate) fn next(&mut self) -> Option<Result<Item, Wrong>> {
        if self.is_over {
            return None;
        }
        self.taken.store(0, Ordering::Relaxed);
        let next = match &mut self.source {
            Source::Lines { lines, is_ion } => next_line(lines, *is_ion),
            Source::Rows { rows, columns } => next_row(rows, columns),
        };
        self.is_over = matches!(&next, None | Some(Err(Wrong { is_end: true, .. })));
        next
    }
}

/// A packed file. It is looked at when it is read first; without content it has nothing in it.
struct Unpacked<R> {
    file: Option<R>,
    open: fn(R) -> io::Result<Box<dyn Read + Send>>,
    plain: Option<Box<dyn Read + Send>>,
}

impl<R: BufRead> Unpacked<R> {
    fn new(file: R, open: fn(R) -> io::Result<Box<dyn Read + Send>>) -> Unpacked<R> {
        Unpacked { file: Some(file), open, plain: None }
    }
}

impl<R: BufRead> Read for Unpacked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Some(mut file) = self.file.take()
            && !file.fill_buf()?.is_empty()
        {
            self.plain = Some((self.open)(file)?);
        }
        self.plain.as_mut().map_or(Ok(0), |plain| plain.read(buffer))
    }
}

fn next_line(lines: &mut dyn BufRead, is_ion: bool) -> Option<Result<Item, Wrong>> {
    let mut line = Vec::new();
    loop {
        line.clear();
        match lines.read_until(b'\n', &mut line) {
            Ok(0) => return None,
            Ok(_) if line.trim_ascii().is_empty() => {}
            Ok(_) => break,
            Err(e) => return Some(Err(Wrong::end(e))),
        }
    }
    let Ok(line) = std::str::from_utf8(&line) else { return Some(Err(Wrong::end("it is not UTF-8"))) };
    Some(if is_ion { ion_item(line) } else { json_item(line) })
}

fn json_item(line: &str) -> Result<Item, Wrong> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Line {
        #[serde(rename = "Item")]
        item: Checked<Item>,
    }
    let Line { item } = serde_json::from_str(line).map_err(|e| match e.classify() {
        serde_json::error::Category::Data => Wrong::record(e.to_string()),
        _ => Wrong::end(e),
    })?;
    item.0.map_err(|fault| told(fault.problem))
}

fn ion_item(line: &str) -> Result<Item, Wrong> {
    let members = read_ion_item(line).map_err(Wrong::end)?;
    item_of(&members)
}

fn item_of(members: &BTreeMap<String, AttributeValue>) -> Result<Item, Wrong> {
    let item = Item::new(members.iter().map(|(name, value)| (name.as_str(), value)));
    item.map_err(|fault| told(fault.problem))
}

fn told(problem: ValueProblem) -> Wrong {
    Wrong::record(Error::validation(Problem::Value(problem)).message())
}

fn next_row(
    rows: &mut csv::Reader<Box<dyn Read + Send>>,
    columns: &mut Columns,
) -> Option<Result<Item, Wrong>> {
    let mut row = csv::StringRecord::new();
    loop {
        match rows.read_record(&mut row) {
            Ok(false) => return None,
            Err(e) => return Some(Err(Wrong::end(e))),
            Ok(true) => {}
        }
        match &columns.names {
            Some(names) => return Some(columns.item(names, &row)),
            None => columns.names = Some(row.iter().map(str::to_owned).collect()),
        }
    }
}

impl Columns {
    fn item(&self, names: &[String], row: &csv::StringRecord) -> Result<Item, Wrong> {
        if row.len() != names.len() {
            let (cells, columns) = (row.len(), names.len());
            return Err(Wrong::record(format!("a row of {cells} columns under {columns} headers")));
        }
        let mut members = BTreeMap::new();
        for (name, cell) in names.iter().zip(row) {
            let value = match self.types.get(name) {
                None | Some(ScalarAttributeType::S) => AttributeValue::S(cell.to_owned()),
                Some(ScalarAttributeType::N) => {
                    let number = cell.trim().parse();
                    AttributeValue::N(number.map_err(|problem| told(ValueProblem::Number(problem)))?)
                }
                Some(ScalarAttributeType::B) => {
                    let bytes = STANDARD.decode(cell);
                    AttributeValue::B(bytes.map_err(|_| Wrong::record(format!("{name} is not base64")))?)
                }
            };
            if members.insert(name.clone(), value).is_some() {
                return Err(Wrong::end(format!("two columns have the header {name}")));
            }
        }
        item_of(&members)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::write::GzEncoder;

    use super::*;

    fn csv(delimiter: u8, headers: Option<&[&str]>) -> ItemFormat {
        let headers = headers.map(|names| names.iter().map(|name| (*name).to_owned()).collect());
        let types = BTreeMap::from([("n".to_owned(), ScalarAttributeType::N)]);
        ItemFormat::Csv { delimiter, headers, types }
    }

    fn all(bytes: &[u8], compression: Compression, format: &ItemFormat) -> (Vec<String>, u64) {
        let mut records = Records::new(io::Cursor::new(bytes.to_vec()), compression, format);
        let mut told = Vec::new();
        while let Some(record) = records.next() {
            told.push(match record {
                Ok(item) => serde_json::to_string(&item).expect("plain data"),
                Err(Wrong { is_end, .. }) => if is_end { "end" } else { "wrong" }.to_owned(),
            });
        }
        (told, records.bytes())
    }

    #[test]
    fn a_line_that_is_no_json_ends_the_file_and_one_that_is_no_item_does_not() {
        let text = "{\"Item\":{\"a\":{\"S\":\"1\"}}}\n\n{\"Other\":{}}\n{\"Item\":{\"a\":{\"SS\":[]}}}\r\n {\"Item\": {}}\nnothing\n{\"Item\":{}}";
        let (told, bytes) = all(text.as_bytes(), Compression::None, &ItemFormat::Json);
        assert_eq!(told, [r#"{"a":{"S":"1"}}"#, "wrong", "wrong", "{}", "end"]);
        assert_eq!(bytes, text.len() as u64);
    }

    #[test]
    fn rows_have_headers_of_their_own_or_those_that_are_given() {
        let rows = "id,n,\"a b\"\n1,07,\"x, \"\"y\"\"\"\n2,z,\n3,4\n5,6,\n";
        let (told, _) = all(rows.as_bytes(), Compression::None, &csv(b',', None));
        let first = r#"{"a b":{"S":"x, \"y\""},"id":{"S":"1"},"n":{"N":"7"}}"#;
        let last = r#"{"a b":{"S":""},"id":{"S":"5"},"n":{"N":"6"}}"#;
        assert_eq!(told, [first, "wrong", "wrong", last]);
        let (told, _) = all(b"1|2\n", Compression::None, &csv(b'|', Some(&["id", "n"])));
        assert_eq!(told, [r#"{"id":{"S":"1"},"n":{"N":"2"}}"#]);
        assert_eq!(all(b"id,id\n1,2\n3,4\n", Compression::None, &csv(b',', None)).0, ["end"]);
        assert_eq!(all(b"id\n\xff\n1\n", Compression::None, &csv(b',', None)).0, ["end"]);
    }

    #[test]
    fn packed_files_are_unpacked_and_others_are_not() {
        let line = b"{\"Item\":{\"a\":{\"S\":\"1\"}}}\n";
        let mut gzip = GzEncoder::new(Vec::new(), flate2::Compression::default());
        gzip.write_all(line).expect("memory");
        let packed = gzip.finish().expect("memory");
        let item = [r#"{"a":{"S":"1"}}"#];
        assert_eq!(
            all(&packed, Compression::Gzip, &ItemFormat::Json),
            (vec![item[0].to_owned()], packed.len() as u64)
        );
        let twice = [packed.as_slice(), &packed].concat();
        assert_eq!(all(&twice, Compression::Gzip, &ItemFormat::Json).0.len(), 2, "members follow each other");
        assert_eq!(
            all(&packed[..packed.len() - 9], Compression::Gzip, &ItemFormat::Json)
                .0
                .last()
                .map(String::as_str),
            Some("end")
        );
        for compression in [Compression::Gzip, Compression::Zstandard] {
            assert_eq!(all(line, compression, &ItemFormat::Json).0, ["end"], "it is not packed");
            assert!(all(b"", compression, &ItemFormat::Json).0.is_empty(), "nothing is in nothing");
        }
        let zstandard = [0x28, 0xb5, 0x2f, 0xfd, 0x20, 0x19, 0xc9, 0x00, 0x00];
        let zstandard = [zstandard.as_slice(), line].concat();
        assert_eq!(
            all(&zstandard, Compression::Zstandard, &ItemFormat::Json).0,
            item,
            "a frame with one raw block"
        );
        assert_eq!(all(&packed, Compression::None, &ItemFormat::Json).0, ["end"]);
    }

    #[test]
    fn a_record_without_end_is_not_read_into_memory() {
        /// Quotes and letters for ever.
        struct Endless;
        impl Read for Endless {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                buffer.fill(b'"');
                Ok(buffer.len())
            }
        }
        for format in [ItemFormat::Json, ItemFormat::Ion, csv(b',', None)] {
            let mut records = Records::new(Endless, Compression::None, &format);
            assert!(
                records.next().is_some_and(|record| record.is_err_and(|wrong| wrong.is_end)),
                "{format:?}"
            );
            assert!(records.bytes() <= RECORD_MAX_BYTES + (1 << 20), "{} bytes were read", records.bytes());
            assert!(records.next().is_none());
        }
    }
}
