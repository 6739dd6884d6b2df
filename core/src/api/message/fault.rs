//! Texts about faults that are set.

fn of(at: usize, what: &str) -> String {
    format!("Faults[{at}]: {what}")
}

pub(crate) fn unknown_operation(at: usize, operation: &str) -> String {
    of(at, &format!("there is no operation {operation:?}"))
}

pub(crate) fn untouchable_operation(at: usize, operation: &str) -> String {
    of(at, &format!("{operation} is never disturbed"))
}

pub(crate) fn operation_without_effect(at: usize, effect: &str, operation: &str, about: &str) -> String {
    of(at, &format!("{effect} happens to {about}, not to {operation}"))
}

pub(crate) fn unknown_code(at: usize, code: &str) -> String {
    of(at, &format!("there is no error code {code:?}"))
}

pub(crate) fn reasons_and_code(at: usize, code: &str) -> String {
    of(
        at,
        &format!(
            "TransactionCanceledException has CancellationReasons, and nothing else has them; the code is {code}"
        ),
    )
}

pub(crate) fn probability(at: usize) -> String {
    of(at, "Probability is 0 to 1")
}

pub(crate) fn member_required(at: usize, effect: &str, member: &str) -> String {
    of(at, &format!("{effect} needs {member}"))
}

pub(crate) fn member_unused(at: usize, effect: &str, member: &str) -> String {
    of(at, &format!("{effect} has no use for {member}"))
}

pub(crate) fn not_outside(at: usize, effect: &str) -> String {
    of(at, &format!("{effect} happens inside a database; around one, calls FAIL"))
}
