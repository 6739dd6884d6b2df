//! Documents of XML, as the services write them that answer in it.

use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::{RestAnswer, header};

pub(super) type Xml = Writer<Vec<u8>>;

/// An answer that is a document.
pub(super) fn document(
    status: u16,
    content_type: &str,
    write: impl FnOnce(&mut Xml) -> io::Result<()>,
) -> RestAnswer {
    let mut writer = Writer::new(Vec::new());
    writer
        .write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))
        .and_then(|()| write(&mut writer))
        .expect("memory takes what is written");
    RestAnswer { status, headers: vec![header("content-type", content_type)], body: writer.into_inner() }
}

pub(super) fn text_element(writer: &mut Xml, name: &str, text: &str) -> io::Result<()> {
    writer.create_element(name).write_text_content(BytesText::new(text)).map(|_| ())
}
