//! A call on a database that has faults set: which of them happens to it, and what it does.

use std::collections::BTreeMap;
use std::time::Duration;

use smallvec::SmallVec;

use crate::api::{Error, FaultEffect, Result, TransactWriteItem};
use crate::engine::{Call, PlannedFault, Subject};
use crate::operation::disturbance;
use crate::registry::{CONTROL_TARGET, Request, Response};
use crate::stream::table_of;

/// Runs a request with the fault that is to happen to it. A delay of its answer is told as the moment of the clock before which nobody hears it.
#[cold]
pub(super) fn run(call: &Call<'_>, request: &Request, until: &mut Duration) -> Result<Response> {
    let mut subject = subject(request);
    if let Some((stream, shard)) = subject.iterator.and_then(|iterator| disturbance::shard_of(call, iterator))
    {
        subject.tables.push(table_of(stream));
        subject.shard = Some(shard);
    }
    let Some(chosen) = call.faults.choose(&subject) else { return request.run(call) };
    let at = call.now();
    let (answer, done) = disturb(call, request, &chosen.fault, until);
    call.faults.note(&chosen, &subject, at, done);
    answer
}

/// Runs a request with a fault; what that did, in words.
fn disturb(
    call: &Call<'_>,
    request: &Request,
    fault: &PlannedFault,
    until: &mut Duration,
) -> (Result<Response>, Option<String>) {
    match (fault.effect, &fault.error) {
        (FaultEffect::Fail | FaultEffect::ExpireIterator, Some(error)) => fail(call, request, fault, error),
        (FaultEffect::Delay, _) => {
            let mut answer = request.run(call);
            if call.clock.is_manual() {
                answer = disturbance::pass_time(call, fault.millis).and(answer);
            } else {
                *until = call.clock.elapsed() + Duration::from_millis(fault.millis);
            }
            (answer, Some(format!("{} ms later", fault.millis)))
        }
        (FaultEffect::TrimAhead, _) => trim(call, request, fault),
        (FaultEffect::RepeatDelivery, _) => {
            call.repeats.want(fault.records);
            let answer = request.run(call);
            let count = call.repeats.done();
            (answer, (count > 0).then(|| format!("{count} records delivered once more")))
        }
        _ => {
            let mut answer = request.run(call);
            let done = answer.as_mut().ok().and_then(|answer| change(call, request, fault, answer));
            (answer, done)
        }
    }
}

fn fail(
    call: &Call<'_>,
    request: &Request,
    fault: &PlannedFault,
    error: &Error,
) -> (Result<Response>, Option<String>) {
    let code = error.code().name();
    let detail = if fault.is_after {
        let came_of_it = request.run(call).map_or_else(|own| own.code().name(), |_| "its answer");
        format!("{code} in place of {came_of_it}")
    } else {
        code.to_owned()
    };
    (Err(error.clone()), Some(detail))
}

fn trim(call: &Call<'_>, request: &Request, fault: &PlannedFault) -> (Result<Response>, Option<String>) {
    let trimmed = match iterator(request) {
        Some(iterator) => disturbance::trim_ahead(call, fault, iterator),
        None => Ok(None),
    };
    match trimmed {
        Ok(done) => (request.run(call), done),
        Err(error) => (Err(error), None),
    }
}

fn change(call: &Call<'_>, request: &Request, fault: &PlannedFault, answer: &mut Response) -> Option<String> {
    match answer {
        Response::GetRecords(page) => disturbance::change_page(call, fault, iterator(request)?, page),
        Response::DescribeStream(answer) => disturbance::hide_children(call, fault, answer),
        _ => None,
    }
}

fn iterator(request: &Request) -> Option<&str> {
    match request {
        Request::GetRecords(input) => input.shard_iterator.as_deref(),
        _ => None,
    }
}

/// What a request tells of itself. What an iterator is about, its database knows.
pub(crate) fn subject(request: &Request) -> Subject<'_> {
    let info = request.info();
    let mut subject = Subject {
        operation: info.name,
        is_own: info.target_prefix == CONTROL_TARGET,
        tables: SmallVec::new(),
        shard: request.text_member("ShardId").map(str::to_owned),
        iterator: iterator(request),
    };
    subject.tables.extend(request.table_name());
    subject.tables.extend(several_tables(request).into_iter().map(table_of));
    subject.tables.sort_unstable();
    subject.tables.dedup();
    subject
}

/// The tables of a request that is about several.
fn several_tables(request: &Request) -> Vec<&str> {
    match request {
        Request::BatchGetItem(input) => keys(input.request_items.as_ref()),
        Request::BatchWriteItem(input) => keys(input.request_items.as_ref()),
        Request::TransactGetItems(input) => {
            let gets = input.transact_items.iter().flatten().filter_map(|item| item.get.as_ref());
            gets.filter_map(|get| get.table_name.as_deref()).collect()
        }
        Request::TransactWriteItems(input) => {
            input.transact_items.iter().flatten().filter_map(table_of_action).collect()
        }
        _ => Vec::new(),
    }
}

fn keys<V>(map: Option<&BTreeMap<String, V>>) -> Vec<&str> {
    map.into_iter().flat_map(|map| map.keys()).map(String::as_str).collect()
}

fn table_of_action(action: &TransactWriteItem) -> Option<&str> {
    let TransactWriteItem { condition_check, put, delete, update } = action;
    let named = condition_check.as_ref().map(|action| &action.table_name);
    let named = named.or_else(|| put.as_ref().map(|action| &action.table_name));
    let named = named.or_else(|| delete.as_ref().map(|action| &action.table_name));
    named.or_else(|| update.as_ref().map(|action| &action.table_name))?.as_deref()
}
