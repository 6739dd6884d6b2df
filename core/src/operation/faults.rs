//! SetFaults and DescribeFaults: faults are checked here, chosen by [`crate::engine::Faults`] and done by `database/disturbed.rs`.

use crate::api::message::{fault as text, table, transact};
use crate::api::{
    CancellationReason, DescribeFaultsInput, DescribeFaultsOutput, Enumeration, Error, ErrorCode, Fault,
    FaultEffect, FaultError, FaultMoment, Open, Result, SetFaultsInput, SetFaultsOutput, Shape, Valid,
};
use crate::engine::{Call, Faults, PlannedFault};
use crate::limits::FAULT_TRACE_MAX;
use crate::stream::table_of;

/// What is never disturbed, so that a script can always be ended.
const UNTOUCHABLE: [&str; 2] = ["SetFaults", "DescribeFaults"];

/// Finds the operation of a name.
pub(crate) type OperationNamed = fn(&str) -> Option<&'static str>;

/// SetFaults.
pub(crate) fn set(call: &Call<'_>, input: &Valid<'_, SetFaultsInput>) -> Result<SetFaultsOutput> {
    call.faults.set(input.seed.unwrap_or(0), planned(input, call.choices.operation_named)?);
    Ok(SetFaultsOutput {})
}

/// The faults of a script after their check; operations are known by their names.
///
/// # Errors
/// `ValidationException` for one that contradicts itself.
pub(crate) fn planned(input: &Valid<'_, SetFaultsInput>, named: OperationNamed) -> Result<Vec<PlannedFault>> {
    input.faults.iter().enumerate().map(|(at, fault)| plan(named, at, fault)).collect()
}

/// DescribeFaults.
pub(crate) fn describe(
    call: &Call<'_>,
    input: &Valid<'_, DescribeFaultsInput>,
) -> Result<DescribeFaultsOutput> {
    Ok(told_of(&call.faults, input))
}

/// What there is to tell of faults.
pub(crate) fn told_of(faults: &Faults, input: &Valid<'_, DescribeFaultsInput>) -> DescribeFaultsOutput {
    // The check has refused others.
    let limit = input.limit.map_or(FAULT_TRACE_MAX, i64::from).unsigned_abs() as usize;
    let (seed, faults, trace) = faults.describe(input.after_number.unwrap_or(0), limit);
    DescribeFaultsOutput { seed: Some(seed), faults: Some(faults), trace: Some(trace) }
}

/// A fault after its check.
///
/// # Errors
/// `ValidationException` for one that contradicts itself.
fn plan(known: OperationNamed, at: usize, fault: &Fault) -> Result<PlannedFault> {
    let effect = fault.valid()?.effect;
    if fault.probability.is_some_and(|probability| !(0.0..=1.0).contains(&probability)) {
        return Err(Error::validation(text::probability(at)));
    }
    check_members(at, effect, fault)?;
    let mut operations = named(known, at, fault)?;
    let about: &[&'static str] = match effect {
        FaultEffect::Fail | FaultEffect::Delay | FaultEffect::RepeatDelivery => &[],
        FaultEffect::HideChildren => &["DescribeStream"],
        _ => &["GetRecords"],
    };
    if !about.is_empty() {
        if let Some(other) = operations.iter().find(|operation| !about.contains(operation)) {
            return Err(Error::validation(text::operation_without_effect(
                at,
                effect.name(),
                other,
                about[0],
            )));
        }
        operations = about.to_vec();
    }
    Ok(PlannedFault {
        effect,
        operations,
        table: fault.table_name.as_deref().map(|given| table_of(given).to_owned()),
        error: match &fault.error {
            Some(error) => Some(told(at, error)?),
            None => (effect == FaultEffect::ExpireIterator).then(|| usual(ErrorCode::ExpiredIterator)),
        },
        is_after: fault.moment.as_ref().and_then(Open::known) == Some(FaultMoment::After),
        millis: fault.milliseconds.map_or(0, i64::unsigned_abs),
        records: fault.records.map(|records| records.unsigned_abs() as usize),
        given: fault.clone(),
    })
}

/// Checks that a fault has the members that its effect needs, and none that it passes over.
fn check_members(at: usize, effect: FaultEffect, fault: &Fault) -> Result<()> {
    use FaultEffect::{Delay, Fail, HideChildren, HoldBackRecords, RepeatDelivery, RepeatRecords, TrimAhead};
    let members = [
        ("Error", fault.error.is_some(), effect == Fail, effect == Fail),
        ("Moment", fault.moment.is_some(), effect == Fail, false),
        (
            "Milliseconds",
            fault.milliseconds.is_some(),
            matches!(effect, Delay | HideChildren | HoldBackRecords),
            matches!(effect, Delay | HideChildren | HoldBackRecords),
        ),
        (
            "Records",
            fault.records.is_some(),
            matches!(effect, TrimAhead | RepeatRecords | RepeatDelivery),
            false,
        ),
    ];
    for (member, is_there, is_used, is_required) in members {
        if is_there && !is_used {
            return Err(Error::validation(text::member_unused(at, effect.name(), member)));
        }
        if is_required && !is_there {
            return Err(Error::validation(text::member_required(at, effect.name(), member)));
        }
    }
    Ok(())
}

/// The operations that a fault names.
fn named(known: OperationNamed, at: usize, fault: &Fault) -> Result<Vec<&'static str>> {
    let names = fault.operations.iter().flatten().map(|given| {
        let known = known(given).ok_or_else(|| Error::validation(text::unknown_operation(at, given)))?;
        if UNTOUCHABLE.contains(&known) {
            return Err(Error::validation(text::untouchable_operation(at, known)));
        }
        Ok(known)
    });
    names.collect()
}

/// The error that calls are told, with the service's text where the fault has none.
fn told(at: usize, given: &FaultError) -> Result<Error> {
    let name = given.valid()?.code;
    let code = ErrorCode::from_name(name).ok_or_else(|| Error::validation(text::unknown_code(at, name)))?;
    if given.cancellation_reasons.is_some() != (code == ErrorCode::TransactionCanceled) {
        return Err(Error::validation(text::reasons_and_code(at, name)));
    }
    let error = match &given.cancellation_reasons {
        Some(codes) => Error::canceled(codes.iter().map(|code| reason(code)).collect()),
        None => usual(code),
    };
    Ok(match &given.message {
        Some(message) => {
            Error::new(code, message.as_str()).with_reasons(error.cancellation_reasons().to_vec())
        }
        None => error,
    })
}

fn reason(code: &str) -> CancellationReason {
    match code {
        "None" => CancellationReason::none(),
        "TransactionConflict" => CancellationReason::conflict(),
        "ConditionalCheckFailed" => {
            CancellationReason { code: code.to_owned(), message: Some(table::condition_failed()), item: None }
        }
        _ => CancellationReason { code: code.to_owned(), ..CancellationReason::default() },
    }
}

/// What the service says with a code, where it always says the same.
fn usual(code: ErrorCode) -> Error {
    let message = match code {
        ErrorCode::Throttling => table::rate_exceeded(),
        ErrorCode::ProvisionedThroughputExceeded => table::throughput_exceeded(),
        ErrorCode::LimitExceeded => table::too_many_readers(),
        ErrorCode::ExpiredIterator => table::expired_iterator(),
        ErrorCode::TrimmedDataAccess => table::trimmed(),
        ErrorCode::ConditionalCheckFailed => table::condition_failed(),
        ErrorCode::ResourceNotFound => table::resource_not_found(),
        ErrorCode::TransactionConflict => transact::conflict(),
        ErrorCode::InternalServer => table::internal_error(),
        _ => return Error::bare(code),
    };
    Error::new(code, message)
}
