//! Texts of the stream reader, which the service does not have.

pub(crate) fn sequence_needs_shard() -> String {
    "A sequence number is a place in one shard, and this stream has or had several: give the shard, too, or go on from a checkpoint"
        .into()
}

pub(crate) fn checkpoint_unreadable(why: &str) -> String {
    format!("This is no checkpoint of a stream reader: {why}")
}

pub(crate) fn checkpoint_version(version: u64) -> String {
    format!("The checkpoint has version {version}, which this library cannot read")
}

pub(crate) fn checkpoint_of_another(theirs: &str, ours: &str) -> String {
    format!("The checkpoint is of the stream {theirs}, not of {ours}")
}

pub(crate) fn checkpoint_and_start() -> String {
    "A checkpoint says where to start; a shard, an iterator type, a sequence number or a timestamp cannot be given with it"
        .into()
}

pub(crate) fn options_unreadable(why: &str) -> String {
    format!("Options of the reader cannot be read: {why}")
}
