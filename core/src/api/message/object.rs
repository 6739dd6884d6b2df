//! Texts of buckets and objects (S3 API reference: error responses).

pub(crate) fn no_bucket() -> String {
    "The specified bucket does not exist".into()
}

pub(crate) fn no_key() -> String {
    "The specified key does not exist.".into()
}

pub(crate) fn bad_name() -> String {
    "The specified bucket is not valid.".into()
}

pub(crate) fn already_owned() -> String {
    "Your previous request to create the named bucket succeeded and you already own it.".into()
}

pub(crate) fn not_empty() -> String {
    "The bucket you tried to delete is not empty".into()
}

pub(crate) fn too_large() -> String {
    "Your proposed upload exceeds the maximum allowed size".into()
}

pub(crate) fn key_too_long() -> String {
    "Your key is too long".into()
}

pub(crate) fn metadata_too_large() -> String {
    "Your metadata headers exceed the maximum allowed metadata size".into()
}

pub(crate) fn bad_token() -> String {
    "The continuation token provided is incorrect".into()
}

pub(crate) fn bad_max_keys() -> String {
    "Argument maxKeys must be an integer between 0 and 2147483647".into()
}

/// Of a directory of buckets.
pub(crate) fn no_path(key: &str) -> String {
    format!("{key:?} is not the path of a file, which it must be in a directory of buckets")
}

/// Of a directory of buckets.
pub(crate) fn too_many_files() -> String {
    "There are too many files in this folder to list them; ask for a longer prefix".into()
}
