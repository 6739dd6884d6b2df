//! The query protocol, which services speak that are older than JSON: a request is a form that names its operation (`Action`), an answer is XML. Both are read
//! and written by the shapes of the operations, so there is nothing here about one of them.

use std::collections::BTreeMap;
use std::io;
use std::ops::Bound;

use quick_xml::Writer;
use quick_xml::events::BytesText;
use serde_json::{Map, Value};

use super::super::{OperationInfo, Request, Response, SNS_TARGET, operations};
use super::xml::{Xml, document, text_element};
use super::{Head, RestAnswer, header};
use crate::api::shape::{MemberInfo, StructInfo, TypeInfo};
use crate::api::{Error, ErrorCode, Result};

const NAMESPACE: &str = "http://sns.amazonaws.com/doc/2010-03-31/";
/// The version of the service that is here; services of this protocol share a path.
const VERSION: &str = "2010-03-31";
const FORM: &str = "application/x-www-form-urlencoded";

/// A request whose operation a form names.
#[derive(Debug)]
pub struct Form {
    /// What stands in the path, which counts as a part of the form.
    query: String,
}

/// Reads a head; none where it is of no form.
pub(super) fn route(head: &Head<'_>) -> Option<Form> {
    let (path, query) = head.target.split_once('?').unwrap_or((head.target, ""));
    let is_form = head.header("content-type").is_some_and(|given| {
        given.split(';').next().is_some_and(|essence| essence.trim().eq_ignore_ascii_case(FORM))
    });
    // The service takes GET, too; a page of another origin could send that without asking.
    let is_ours = path == "/" && head.method == "POST" && is_form;
    is_ours.then(|| Form { query: query.to_owned() })
}

type Fields = BTreeMap<String, String>;

impl Form {
    fn fields(&self, body: &[u8]) -> Option<Fields> {
        let body = std::str::from_utf8(body).ok()?;
        let pairs = self.query.split('&').chain(body.trim_end().split('&')).filter(|pair| !pair.is_empty());
        let decoded = pairs.map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Some((decoded(name)?, decoded(value)?))
        });
        decoded.collect()
    }

    fn read(&self, body: &[u8]) -> Result<(&'static OperationInfo, Fields)> {
        let fields = self.fields(body).ok_or_else(|| Error::bare(ErrorCode::Serialization))?;
        let action = fields.get("Action").map_or("", String::as_str);
        let is_version = fields.get("Version").is_none_or(|version| version == VERSION);
        let found = operations().iter().filter(|info| info.target_prefix == SNS_TARGET);
        let info = found.filter(|_| is_version).find(|info| info.action() == action);
        let unknown = || {
            let text = format!("The action {action} is not valid for this web service.");
            Error::new(ErrorCode::UnknownOperation, text)
        };
        Ok((info.ok_or_else(unknown)?, fields))
    }

    /// The operation; none where there is none of this kind here.
    pub fn info(&self, body: &[u8]) -> Option<&'static OperationInfo> {
        self.read(body).ok().map(|(info, _)| info)
    }

    /// The request of a form.
    ///
    /// # Errors
    /// `UnknownOperationException`, or `SerializationException` for what is no form or of another shape.
    pub fn request(&self, body: &[u8]) -> Result<Request> {
        let (info, fields) = self.read(body)?;
        let members = Value::Object(read_members(info.input, "", &fields));
        Request::from_json(info.name, members.to_string().as_bytes())
    }

    /// What the outcome is told as.
    pub fn answer(&self, outcome: Result<Response>, request_id: &str) -> RestAnswer {
        let told = outcome.and_then(|response| written(&response, request_id));
        let mut answer = told.unwrap_or_else(|error| refusal(&error, request_id));
        answer.headers.push(header("x-amzn-requestid", request_id));
        answer
    }
}

/// A part of a form without its escapes.
fn decoded(part: &str) -> Option<String> {
    super::unescaped(&part.replace('+', " "))
}

/// Whether a field is this one, or a part of it.
fn is_there(place: &str, fields: &Fields) -> bool {
    let begins = |(name, _): (&String, &String)| name.starts_with(&format!("{place}."));
    fields.contains_key(place)
        || fields
            .range::<str, _>((Bound::Included(format!("{place}.").as_str()), Bound::Unbounded))
            .next()
            .is_some_and(begins)
}

fn read_members(info: &StructInfo, before: &str, fields: &Fields) -> Map<String, Value> {
    let read = |member: &MemberInfo| {
        let place = format!("{before}{}", member.wire);
        Some((member.wire.to_owned(), read_value(&member.ty, &place, fields)?))
    };
    info.members.iter().filter_map(read).collect()
}

/// The value of a place; none where the form says nothing of it. What is of another type stays text, which is refused in its place.
fn read_value(ty: &TypeInfo, place: &str, fields: &Fields) -> Option<Value> {
    if !is_there(place, fields) {
        return None;
    }
    let text = || fields.get(place).cloned().map(Value::String);
    match ty {
        TypeInfo::List(inner) => {
            let elements = numbered(&format!("{place}.member."), fields);
            Some(elements.iter().filter_map(|element| read_value(inner, element, fields)).collect())
        }
        TypeInfo::Map(inner) => {
            let mut read = Map::new();
            for entry in numbered(&format!("{place}.entry."), fields) {
                // Models call them either way.
                let name = ["key", "Name"].iter().find_map(|name| fields.get(&format!("{entry}.{name}")));
                let value = ["value", "Value"]
                    .iter()
                    .find_map(|name| read_value(inner, &format!("{entry}.{name}"), fields));
                if let (Some(name), Some(value)) = (name, value) {
                    read.insert(name.clone(), value);
                }
            }
            Some(Value::Object(read))
        }
        TypeInfo::Struct(info) => Some(Value::Object(read_members(info, &format!("{place}."), fields))),
        TypeInfo::Boolean => match fields.get(place).map(String::as_str) {
            Some("true") => Some(Value::Bool(true)),
            Some("false") => Some(Value::Bool(false)),
            _ => text(),
        },
        TypeInfo::Integer | TypeInfo::Long => {
            let number = fields.get(place).and_then(|text| text.parse::<i64>().ok());
            number.map(Value::from).or_else(text)
        }
        _ => text(),
    }
}

/// The numbered parts behind a place, in the order of their numbers.
fn numbered(before: &str, fields: &Fields) -> Vec<String> {
    let later = fields.range::<str, _>((Bound::Included(before), Bound::Unbounded));
    let own = later.map_while(|(name, _)| name.strip_prefix(before));
    let mut numbers: Vec<(u32, &str)> = own
        .filter_map(|rest| {
            let number = rest.split('.').next()?;
            Some((number.parse().ok()?, number))
        })
        .collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers.into_iter().map(|(_, number)| format!("{before}{number}")).collect()
}

/// An answer by its shape. Operations that tell nothing have no result.
///
/// # Errors
/// `InternalServerError` for an answer that cannot be written, which is a defect.
fn written(response: &Response, request_id: &str) -> Result<RestAnswer> {
    let info = super::super::operation(response.operation()).expect("answers are of operations");
    let members: Value = serde_json::from_slice(&response.to_json()?).expect("it was written just now");
    let action = info.action();
    Ok(document(200, "text/xml", |writer| {
        let root = writer.create_element(format!("{action}Response")).with_attribute(("xmlns", NAMESPACE));
        root.write_inner_content(|writer| {
            let is_plain = info.output.members.is_empty();
            if !is_plain || info.name.ends_with("Resource") {
                write(writer, &format!("{action}Result"), &TypeInfo::Struct(info.output), &members)?;
            }
            writer
                .create_element("ResponseMetadata")
                .write_inner_content(|writer| text_element(writer, "RequestId", request_id))?;
            Ok(())
        })?;
        Ok(())
    }))
}

fn write(writer: &mut Writer<Vec<u8>>, name: &str, ty: &TypeInfo, value: &Value) -> io::Result<()> {
    match (ty, value) {
        (TypeInfo::Struct(info), value) => {
            writer.create_element(name).write_inner_content(|writer| {
                for member in info.members {
                    if let Some(value) = value.get(member.wire) {
                        write(writer, member.wire, &member.ty, value)?;
                    }
                }
                Ok(())
            })?;
        }
        (TypeInfo::List(inner), Value::Array(elements)) => {
            writer.create_element(name).write_inner_content(|writer| {
                elements.iter().try_for_each(|element| write(writer, "member", inner, element))
            })?;
        }
        (TypeInfo::Map(inner), Value::Object(entries)) => {
            writer.create_element(name).write_inner_content(|writer| {
                entries.iter().try_for_each(|(key, value)| write_entry(writer, inner, key, value))
            })?;
        }
        (_, Value::String(text)) => text_element(writer, name, text)?,
        (_, other) => text_element(writer, name, &other.to_string())?,
    }
    Ok(())
}

fn write_entry(writer: &mut Xml, ty: &TypeInfo, key: &str, value: &Value) -> io::Result<()> {
    writer.create_element("entry").write_inner_content(|writer| {
        writer.create_element("key").write_text_content(BytesText::new(key))?;
        write(writer, "value", ty, value)
    })?;
    Ok(())
}

fn refusal(error: &Error, request_id: &str) -> RestAnswer {
    let code = error.code();
    let (status, name) = match code {
        ErrorCode::NotFound => (404, code.name()),
        ErrorCode::ResourceNotFound => (404, "ResourceNotFound"),
        ErrorCode::UnknownOperation => (400, "InvalidAction"),
        ErrorCode::Serialization => (400, "MalformedQueryString"),
        ErrorCode::MissingAuthenticationToken => (403, "MissingAuthenticationToken"),
        ErrorCode::Throttling => (429, "Throttled"),
        code if code.status() >= 500 => (500, "InternalError"),
        code => (400, code.name()),
    };
    let fault = if status >= 500 { "Receiver" } else { "Sender" };
    let mut answer = document(status, "text/xml", |writer| {
        let root = writer.create_element("ErrorResponse").with_attribute(("xmlns", NAMESPACE));
        root.write_inner_content(|writer| {
            writer.create_element("Error").write_inner_content(|writer| {
                text_element(writer, "Type", fault)?;
                text_element(writer, "Code", name)?;
                text_element(writer, "Message", error.message())
            })?;
            text_element(writer, "RequestId", request_id)
        })?;
        Ok(())
    });
    answer.headers.push(header(super::ERROR_TYPE, name));
    answer
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn form(target: &str) -> Form {
        let headers = [("Content-Type".to_owned(), format!("{FORM}; charset=utf-8"))];
        route(&Head { method: "POST", target, headers: &headers }).expect("a form")
    }

    fn read(body: &str) -> Value {
        let request = form("/").request(body.as_bytes()).expect("of the shape");
        json!([request.operation(), request])
    }

    #[test]
    fn fields_are_members_by_the_shapes() {
        let body = "Action=CreateTopic&Version=2010-03-31&Name=a+b%2B&Attributes.entry.1.key=DisplayName&Attributes.entry.1.value=x\
                    &Tags.member.2.Key=second&Tags.member.2.Value=&Tags.member.10.Key=tenth&Tags.member.10.Value=v";
        let members = json!({
            "Name": "a b+",
            "Attributes": {"DisplayName": "x"},
            "Tags": [{"Key": "second", "Value": ""}, {"Key": "tenth", "Value": "v"}],
        });
        assert_eq!(read(body), json!(["SnsCreateTopic", members]));
        let body = "Action=Publish&Message=m&MessageAttributes.entry.1.Name=n&MessageAttributes.entry.1.Value.DataType=Binary\
                    &MessageAttributes.entry.1.Value.BinaryValue=AQ%3D%3D";
        let attribute = json!({"DataType": "Binary", "BinaryValue": "AQ=="});
        assert_eq!(
            read(body),
            json!(["SnsPublish", {"Message": "m", "MessageAttributes": {"n": attribute}}])
        );
        let body = "Action=Subscribe&TopicArn=t&Protocol=sqs&ReturnSubscriptionArn=true";
        let members = json!({"TopicArn": "t", "Protocol": "sqs", "ReturnSubscriptionArn": true});
        assert_eq!(read(body), json!(["SnsSubscribe", members]));
        // What the path says counts, too, and an empty list is a list.
        let request = form("/?Action=TagResource&ResourceArn=a").request(b"Tags=").expect("of the shape");
        assert_eq!(json!(request), json!({"ResourceArn": "a", "Tags": []}));
    }

    #[test]
    fn what_is_no_form_of_ours_is_refused() {
        for (body, code) in [
            ("Action=SendMessage&Version=2012-11-05", ErrorCode::UnknownOperation),
            ("Action=Publish&Version=2012-11-05", ErrorCode::UnknownOperation),
            ("", ErrorCode::UnknownOperation),
            ("Action=%zz", ErrorCode::Serialization),
            ("Action=Subscribe&ReturnSubscriptionArn=maybe", ErrorCode::Serialization),
        ] {
            let error = form("/").request(body.as_bytes()).expect_err(body);
            assert_eq!(error.code(), code, "{body}");
        }
        assert!(form("/").request(&[0xff]).is_err());
        assert!(route(&Head { method: "POST", target: "/", headers: &[] }).is_none());
    }

    #[test]
    fn answers_and_errors_are_xml_by_the_shapes() {
        let told = |outcome: Result<Response>| {
            let answer = form("/").answer(outcome, "r");
            (answer.status, String::from_utf8(answer.body).expect("text"))
        };
        let declared = r#"<?xml version="1.0" encoding="UTF-8"?>"#;
        let response =
            Response::from_json("SnsListTopics", br#"{"Topics": [{"TopicArn": "a<b"}], "NextToken": "n"}"#);
        let expected = format!(
            "{declared}<ListTopicsResponse xmlns=\"{NAMESPACE}\"><ListTopicsResult><Topics><member><TopicArn>a&lt;b</TopicArn></member></Topics>\
             <NextToken>n</NextToken></ListTopicsResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></ListTopicsResponse>"
        );
        assert_eq!(told(response), (200, expected));
        let error = Error::new(ErrorCode::NotFound, "Topic does not exist");
        let expected = format!(
            "{declared}<ErrorResponse xmlns=\"{NAMESPACE}\"><Error><Type>Sender</Type><Code>NotFound</Code><Message>Topic does not exist</Message></Error>\
             <RequestId>r</RequestId></ErrorResponse>"
        );
        assert_eq!(told(Err(error)), (404, expected));
    }
}
