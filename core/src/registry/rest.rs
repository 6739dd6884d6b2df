//! Requests whose operation is told by method and path, as Lambda's are: read into the shapes of the operations, and answered in the form of that
//! service. Whoever serves paths asks here, whether a socket or an SDK's client is before it.

mod form;
pub mod invoke;
mod object;
mod xml;

use serde_json::{Map, Value, json};

use self::form::Form;
use self::invoke::Invoke;
use self::object::Objects;
use super::{OperationInfo, Request, Response, operation};
use crate::api::shape::{MemberInfo, TypeInfo};
use crate::api::{Error, ErrorCode, Result};

/// How an operation is asked for.
#[derive(Debug)]
struct Route {
    method: &'static str,
    /// Parts of the path; a member of the input in braces takes any part.
    path: &'static [&'static str],
    /// Parameters of the query, and the members that they are.
    query: &'static [(&'static str, &'static str)],
    /// Status of the answer.
    status: u16,
    operation: &'static str,
}

const MAPPINGS: &[&str] = &["2015-03-31", "event-source-mappings"];
const MAPPING: &[&str] = &["2015-03-31", "event-source-mappings", "{UUID}"];
const FUNCTION: &[&str] = &["2015-03-31", "functions", "{FunctionName}", "configuration"];
const TAGS: &[&str] = &["2017-03-31", "tags", "{Resource}"];

/// Every route (Lambda's service model).
static ROUTES: &[Route] = &[
    Route { method: "POST", path: MAPPINGS, query: &[], status: 202, operation: "CreateEventSourceMapping" },
    Route {
        method: "GET",
        path: MAPPINGS,
        query: &[
            ("EventSourceArn", "EventSourceArn"),
            ("FunctionName", "FunctionName"),
            ("Marker", "Marker"),
            ("MaxItems", "MaxItems"),
        ],
        status: 200,
        operation: "ListEventSourceMappings",
    },
    Route { method: "GET", path: MAPPING, query: &[], status: 200, operation: "GetEventSourceMapping" },
    Route { method: "PUT", path: MAPPING, query: &[], status: 202, operation: "UpdateEventSourceMapping" },
    Route { method: "DELETE", path: MAPPING, query: &[], status: 202, operation: "DeleteEventSourceMapping" },
    Route {
        method: "GET",
        path: FUNCTION,
        query: &[("Qualifier", "Qualifier")],
        status: 200,
        operation: "LambdaGetFunctionConfiguration",
    },
    Route { method: "POST", path: TAGS, query: &[], status: 204, operation: "LambdaTagResource" },
    Route {
        method: "DELETE",
        path: TAGS,
        query: &[("tagKeys", "TagKeys")],
        status: 204,
        operation: "LambdaUntagResource",
    },
    Route { method: "GET", path: TAGS, query: &[], status: 200, operation: "LambdaListTags" },
];

/// What is looked at of a request besides its body.
#[derive(Clone, Copy, Debug)]
pub struct Head<'a> {
    /// The method.
    pub method: &'a str,
    /// The path, and after a `?` the query.
    pub target: &'a str,
    /// The headers, in their order; names in any case.
    pub headers: &'a [(String, String)],
}

/// A request that was told by its path.
#[derive(Debug)]
pub enum Routed {
    /// One of an operation of the registry.
    Operation(Routing),
    /// One of S3.
    Objects(Objects),
    /// One of a service that names operations in forms.
    Form(Form),
    /// One to invoke a function, which hosts do.
    Invoke(Invoke),
}

/// A request for an operation.
#[derive(Debug)]
pub struct Routing {
    route: &'static Route,
    /// Members that path and query give.
    given: Map<String, Value>,
}

/// An answer in the form of the service.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RestAnswer {
    /// HTTP status.
    pub status: u16,
    /// Its headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body: JSON, XML, what an object holds, or nothing.
    pub body: Vec<u8>,
}

/// The header that names an error.
const ERROR_TYPE: &str = "x-amzn-errortype";
/// The header of a body of JSON.
fn header(name: &str, value: impl Into<String>) -> (String, String) {
    (name.to_owned(), value.into())
}

fn json_type() -> (String, String) {
    header("content-type", "application/json")
}

/// What a request asks for; none where there is no such path.
pub fn route(head: &Head<'_>) -> Option<Routed> {
    if let Some(objects) = object::route(head) {
        return Some(Routed::Objects(objects));
    }
    if let Some(form) = form::route(head) {
        return Some(Routed::Form(form));
    }
    let (path, query) = head.target.split_once('?').unwrap_or((head.target, ""));
    let path = path.strip_prefix('/')?;
    let parts: Vec<&str> = path.strip_suffix('/').unwrap_or(path).split('/').collect();
    if let (["2015-03-31", "functions", name, "invocations"], "POST") = (&parts[..], head.method) {
        let qualifier = parameters(query).find(|(name, _)| *name == "Qualifier");
        let qualifier = qualifier.and_then(|(_, value)| unescaped(value));
        return Some(Routed::Invoke(Invoke::new(unescaped(name)?, qualifier, head)));
    }
    ROUTES.iter().filter(|route| route.method == head.method).find_map(|route| {
        let info = route.info();
        let mut given = path_members(route.path, &parts)?;
        for (name, value) in parameters(query) {
            let member = route.query.iter().find(|(wire, _)| *wire == name).map(|(_, member)| *member);
            let Some(info) =
                member.and_then(|member| info.input.members.iter().find(|info| info.wire == member))
            else {
                continue;
            };
            add(&mut given, info, unescaped(value)?);
        }
        Some(Routed::Operation(Routing { route, given }))
    })
}

fn parameters(query: &str) -> impl Iterator<Item = (&str, &str)> {
    query.split('&').filter_map(|pair| pair.split_once('='))
}

/// What a path gives; none where it is not of the route.
fn path_members(route: &[&str], parts: &[&str]) -> Option<Map<String, Value>> {
    let mut given = Map::new();
    if route.len() != parts.len() {
        return None;
    }
    for (expected, part) in route.iter().zip(parts) {
        match expected.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            Some(name) => {
                given.insert(name.to_owned(), Value::String(unescaped(part)?));
            }
            None if expected == part => {}
            None => return None,
        }
    }
    Some(given)
}

/// A parameter of the query as its member has it. One that comes several times is a list.
fn add(given: &mut Map<String, Value>, info: &MemberInfo, text: String) {
    match info.ty {
        TypeInfo::List(_) => {
            let list = given.entry(info.wire).or_insert_with(|| Value::Array(Vec::new()));
            if let Value::Array(list) = list {
                list.push(Value::String(text));
            }
        }
        TypeInfo::Integer | TypeInfo::Long => {
            // What is no number is refused as text in its place.
            let value = text.parse::<i64>().map_or(Value::String(text), Value::from);
            given.insert(info.wire.to_owned(), value);
        }
        _ => {
            given.insert(info.wire.to_owned(), Value::String(text));
        }
    }
}

/// A part of a URL without its escapes; none for escapes that are none, or bytes that are no text.
fn unescaped(part: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = match byte {
            b'%' => {
                let digits = std::str::from_utf8(after.get(..2)?).ok()?;
                bytes.push(u8::from_str_radix(digits, 16).ok()?);
                &after[2..]
            }
            byte => {
                bytes.push(byte);
                after
            }
        };
    }
    String::from_utf8(bytes).ok()
}

impl Route {
    fn info(&self) -> &'static OperationInfo {
        operation(self.operation).expect("routes name operations")
    }
}

impl Routed {
    /// The operation of the database; none where it is not the database that answers, or where there is none of this kind here.
    pub fn info(&self, body: &[u8]) -> Option<&'static OperationInfo> {
        match self {
            Routed::Operation(routing) => Some(routing.info()),
            Routed::Objects(objects) => objects.info(),
            Routed::Form(form) => form.info(body),
            Routed::Invoke(_) => None,
        }
    }

    /// The request for the database, of what it answers, and what its outcome is told as.
    ///
    /// # Errors
    /// As those of the kinds of requests: to be told as the outcome is.
    pub fn request(&self, body: &[u8]) -> Result<Request> {
        match self {
            Routed::Operation(routing) => routing.request(body),
            Routed::Objects(objects) => objects.request(body),
            Routed::Form(form) => form.request(body),
            Routed::Invoke(_) => Err(Error::bare(ErrorCode::UnknownOperation)),
        }
    }

    /// What the outcome is told as; some services tell the name of a request in the answer's body.
    pub fn answer(&self, outcome: Result<Response>, request_id: &str) -> RestAnswer {
        match self {
            Routed::Operation(routing) => routing.answer(outcome),
            Routed::Objects(objects) => objects.answer(outcome),
            Routed::Form(form) => form.answer(outcome, request_id),
            Routed::Invoke(_) => outcome.map_or_else(|error| refusal(&error), |_| RestAnswer::empty(202)),
        }
    }
}

impl<'a> Head<'a> {
    /// The value of a header, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&'a str> {
        let found = self.headers.iter().find(|(given, _)| given.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

impl RestAnswer {
    /// What is refused since there is too much of it.
    pub fn throttled() -> RestAnswer {
        refusal(&Error::new(ErrorCode::Throttling, "Rate Exceeded."))
    }

    fn empty(status: u16) -> RestAnswer {
        RestAnswer { status, headers: Vec::new(), body: Vec::new() }
    }
}

impl Routing {
    /// The operation.
    pub fn info(&self) -> &'static OperationInfo {
        self.route.info()
    }

    /// The request of a body. What path and query say counts before what the body says.
    ///
    /// # Errors
    /// `SerializationException` for a body that is no object, or a member of another type.
    pub fn request(&self, body: &[u8]) -> Result<Request> {
        let mut members: Map<String, Value> = if body.is_empty() {
            Map::new()
        } else {
            serde_json::from_slice(body).map_err(|_| Error::bare(ErrorCode::Serialization))?
        };
        members.extend(self.given.clone());
        Request::from_json(self.route.operation, Value::Object(members).to_string().as_bytes())
    }

    /// What the outcome is told as.
    pub fn answer(&self, outcome: Result<Response>) -> RestAnswer {
        let told = outcome.and_then(|response| {
            let status = self.route.status;
            if status == 204 {
                return Ok(RestAnswer::empty(status));
            }
            Ok(RestAnswer { status, headers: vec![json_type()], body: response.to_json()? })
        });
        told.unwrap_or_else(|error| refusal(&error))
    }
}

/// An error in the form of the service: its name is a header, and the body says whose fault it is.
pub fn refusal(error: &Error) -> RestAnswer {
    let code = error.code();
    let status = match code {
        ErrorCode::ResourceNotFound => 404,
        ErrorCode::ResourceConflict => 409,
        ErrorCode::Throttling | ErrorCode::ProvisionedThroughputExceeded => 429,
        code => code.status(),
    };
    let (kind, error_type) = match code {
        _ if status >= 500 => ("Service", "ServiceException"),
        _ if status == 429 => ("User", "TooManyRequestsException"),
        code => ("User", code.name()),
    };
    let member = match code {
        ErrorCode::ResourceNotFound | ErrorCode::ResourceInUse => "Message",
        _ if status >= 500 => "Message",
        _ => "message",
    };
    let body = json!({ "Type": kind, member: error.message() }).to_string().into_bytes();
    RestAnswer { status, headers: vec![json_type(), header(ERROR_TYPE, error_type)], body }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(method: &str, target: &str, body: &str) -> Option<Value> {
        let Routed::Operation(routing) = route(&Head { method, target, headers: &[] })? else { return None };
        let request = routing.request(body.as_bytes()).expect("of the shape");
        Some(json!([request.operation(), request]))
    }

    #[test]
    fn paths_queries_and_bodies_are_members() {
        let mappings = "/2015-03-31/event-source-mappings";
        let create = read("POST", &format!("{mappings}/"), r#"{"FunctionName": "f", "BatchSize": 3}"#);
        assert_eq!(create, Some(json!(["CreateEventSourceMapping", {"FunctionName": "f", "BatchSize": 3}])));
        let get = read("GET", &format!("{mappings}/a%2Db"), "");
        assert_eq!(get, Some(json!(["GetEventSourceMapping", {"UUID": "a-b"}])));
        let update = read("PUT", &format!("{mappings}/u"), r#"{"UUID": "another", "Enabled": false}"#);
        assert_eq!(update, Some(json!(["UpdateEventSourceMapping", {"UUID": "u", "Enabled": false}])));
        let list = read("GET", &format!("{mappings}?FunctionName=f%3A1&MaxItems=7&other=x"), "");
        assert_eq!(list, Some(json!(["ListEventSourceMappings", {"FunctionName": "f:1", "MaxItems": 7}])));
        let untag = read("DELETE", "/2017-03-31/tags/arn%3Aaws%3Alambda?tagKeys=a&tagKeys=b%20c", "");
        let members = json!({"Resource": "arn:aws:lambda", "TagKeys": ["a", "b c"]});
        assert_eq!(untag, Some(json!(["LambdaUntagResource", members])));
        for (method, target) in [("GET", "/"), ("PATCH", mappings), ("GET", "/2015-03-31/functions")] {
            assert!(read(method, target, "").is_none(), "{method} {target}");
        }
        assert!(read("GET", &format!("{mappings}/%zz"), "").is_none());
    }

    #[test]
    fn errors_have_the_form_of_the_service() {
        let error = Error::new(ErrorCode::ResourceNotFound, "gone");
        let told = refusal(&error);
        assert_eq!((told.status, error_type(&told)), (404, Some("ResourceNotFoundException")));
        assert_eq!(told.body, br#"{"Message":"gone","Type":"User"}"#);
        assert_eq!(error_type(&refusal(&Error::bare(ErrorCode::Storage))), Some("ServiceException"));
    }

    fn error_type(told: &RestAnswer) -> Option<&str> {
        told.headers.iter().find(|(name, _)| *name == ERROR_TYPE).map(|(_, value)| value.as_str())
    }

    #[test]
    fn every_operation_of_lambda_has_a_path() {
        for info in
            super::super::operations().iter().filter(|info| info.target_prefix == super::super::LAMBDA_TARGET)
        {
            assert!(ROUTES.iter().any(|route| route.operation == info.name), "{}", info.name);
        }
        for route in ROUTES {
            let members = route.info().input.members;
            for (_, member) in route.query {
                assert!(members.iter().any(|info| info.wire == *member), "{member}");
            }
        }
    }
}
