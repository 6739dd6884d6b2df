//! Texts about what is set on a table by operations of its own (facts A12, B11).

const IN_USE: &str = "Attempt to change a resource which is still in use: ";

// ---- time to live (facts B11)

pub(crate) fn ttl_enabled() -> String {
    "TimeToLive is already enabled".into()
}

pub(crate) fn ttl_disabled() -> String {
    "TimeToLive is already disabled".into()
}

pub(crate) fn ttl_elsewhere(attribute: &str) -> String {
    format!("TimeToLive is active on a different AttributeName: current AttributeName is {attribute}")
}

pub(crate) fn ttl_changed_recently() -> String {
    "Time to live has been modified multiple times within a fixed interval".into()
}

pub(crate) fn ttl_not_described(status: &str) -> String {
    format!("Cannot describe time to live while table is in {status} state: Current table state is {status}")
}

/// With the words in another order than other operations have them.
pub(crate) fn table_being_created(table: &str) -> String {
    format!("{IN_USE}Table {table} is being created")
}
