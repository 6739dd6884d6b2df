//! A call on a database that disturbs calls or remembers them.

use std::time::Duration;

use super::disturbed;
use crate::api::Result;
use crate::engine::{Call, Contents, EndedCall};
use crate::registry::{Request, Response};

/// Operations that look at what is remembered: they leave nothing there themselves.
const LOOKS: [&str; 4] = ["InspectStream", "InspectRecords", "DescribeMetrics", "DescribeCalls"];

/// Runs a request as [`disturbed::run`] where faults are set, and remembers it where that is asked for and the request is one of the user's.
#[cold]
pub(super) fn run(
    call: &Call<'_>,
    request: &Request,
    is_of_user: bool,
    until: &mut Duration,
) -> Result<Response> {
    let operation = request.operation();
    let calls = call.calls.as_ref().filter(|_| is_of_user && !LOOKS.contains(&operation));
    let began = calls.map(|_| call.clock.elapsed());
    let is_disturbed = call.faults.may_be_about(operation);
    let answer = if is_disturbed { disturbed::run(call, request, until) } else { request.run(call) };
    if let Some((calls, began)) = calls.zip(began) {
        calls.note(&EndedCall {
            operation,
            table: request.table_name(),
            answer: answer.as_ref().map(contents),
            at: call.now(),
            duration: call.clock.elapsed().saturating_sub(began),
        });
    }
    answer
}

/// What an answer has in it that is counted.
pub(crate) fn contents(answer: &Response) -> Contents {
    let items = |count: Option<i32>| u64::try_from(count.unwrap_or(0)).unwrap_or(0);
    match answer {
        Response::Query(page) => Contents { items: items(page.count), ..Contents::default() },
        Response::Scan(page) => Contents { items: items(page.count), ..Contents::default() },
        Response::GetRecords(page) => {
            let records = page.records.iter().flatten();
            let bytes = records.clone().map(|record| record.size_bytes() as u64).sum();
            Contents { records: records.count() as u64, bytes, ..Contents::default() }
        }
        _ => Contents::default(),
    }
}
