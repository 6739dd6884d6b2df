//! What crosses the border and what must not: borrowed text comes in, a status and a buffer go out, a panic stays.

use std::any::Any;
use std::ffi::{CStr, c_char};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

use serde::Serialize;
use serde::de::IgnoredAny;
use streamtable::{Error, ErrorCode};

use crate::buffer::Buffer;
use crate::status::Status;

/// A call that did not succeed: its number and its text.
#[derive(Debug)]
pub(crate) struct Failure {
    status: Status,
    text: Vec<u8>,
}

impl Failure {
    /// A failure of the border itself, told in the form errors of operations have.
    fn of_border(status: Status, message: &str) -> Failure {
        #[derive(Serialize)]
        struct Told<'a> {
            #[serde(rename = "__type")]
            kind: String,
            message: &'a str,
        }
        let kind = format!("streamtable#{}", status.name().to_string_lossy());
        let text = serde_json::to_vec(&Told { kind, message }).expect("two texts are JSON");
        Failure { status, text }
    }

    pub(crate) fn null(argument: &str) -> Failure {
        Failure::of_border(Status::NullArgument, &format!("{argument} is NULL"))
    }

    fn panic(payload: &(dyn Any + Send)) -> Failure {
        let told = payload.downcast_ref::<&str>().copied();
        let told = told.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
        Failure::of_border(Status::Panic, told.unwrap_or("a panic without a text"))
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure { status: Status::of(error.code()), text: error.to_json() }
    }
}

/// The error of an operation; the service says of input that is no JSON that it is none, and this says where.
pub(crate) fn explained(error: Error, input: &[u8]) -> Failure {
    if error.code() != ErrorCode::Serialization || !error.message().is_empty() {
        return error.into();
    }
    match serde_json::from_slice::<IgnoredAny>(input) {
        Ok(_) => error.into(),
        Err(wrong) => {
            let at = if wrong.is_eof() { input.len() } else { offset(input, wrong.line(), wrong.column()) };
            Error::new(error.code(), format!("The input is no JSON, at byte {at}: {wrong}")).into()
        }
    }
}

/// The place of a line and a column, which count from 1, in bytes from 0.
fn offset(text: &[u8], line: usize, column: usize) -> usize {
    let lines = text.split_inclusive(|byte| *byte == b'\n').take(line.saturating_sub(1));
    (lines.map(<[u8]>::len).sum::<usize>() + column.saturating_sub(1)).min(text.len())
}

/// Runs one function of the library: stops panics, and puts the answer or the error where the caller wants it.
///
/// # Safety
/// `out` is NULL or may be written.
pub(crate) unsafe fn cross(
    out: *mut *mut Buffer,
    work: impl FnOnce() -> Result<Option<Vec<u8>>, Failure>,
) -> Status {
    if !out.is_null() {
        // Whatever happens next, the caller may free what is there.
        // SAFETY: the caller's promise.
        unsafe { out.write(ptr::null_mut()) };
    }
    // What the work leaves behind when it panics is the core's to keep whole; the border looks at nothing of it.
    let answer =
        catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|payload| Err(Failure::panic(&*payload)));
    let (status, text) = match answer {
        Ok(text) => (Status::Ok, text),
        Err(failure) => (failure.status, Some(failure.text)),
    };
    if let Some(text) = text
        && !out.is_null()
    {
        // SAFETY: the caller's promise.
        unsafe { out.write(Box::into_raw(Box::new(Buffer::new(text)))) };
    }
    status
}

/// Runs a function of the library that makes something, and hands that out: `*out` becomes a pointer that its owner gives back, or NULL on
/// failure, and `*out_error` NULL or the error.
///
/// # Safety
/// Each of the out-parameters is NULL or may be written.
pub(crate) unsafe fn hand_out<T>(
    out: *mut *mut T,
    argument: &str,
    out_error: *mut *mut Buffer,
    make: impl FnOnce() -> Result<T, Failure>,
) -> Status {
    // SAFETY: the caller's promises, throughout.
    unsafe {
        cross(out_error, || {
            writable(out, argument)?;
            out.write(ptr::null_mut());
            out.write(Box::into_raw(Box::new(make()?)));
            Ok(None)
        })
    }
}

/// Borrows what a pointer shows.
///
/// # Safety
/// `pointer` is NULL or shows a `T` that lives and is not changed for `'a`.
pub(crate) unsafe fn borrowed<'a, T>(pointer: *const T, argument: &str) -> Result<&'a T, Failure> {
    // SAFETY: the caller's promise.
    unsafe { pointer.as_ref() }.ok_or_else(|| Failure::null(argument))
}

/// Borrows a C string.
///
/// # Safety
/// `pointer` is NULL or shows text ended by a NUL that lives and is not changed for `'a`.
pub(crate) unsafe fn text<'a>(pointer: *const c_char, argument: &str) -> Result<&'a str, Failure> {
    // SAFETY: the caller's promise.
    unsafe { optional_text(pointer, argument) }?.ok_or_else(|| Failure::null(argument))
}

/// Borrows a C string that may be NULL.
///
/// # Safety
/// As [`text`].
pub(crate) unsafe fn optional_text<'a>(
    pointer: *const c_char,
    argument: &str,
) -> Result<Option<&'a str>, Failure> {
    if pointer.is_null() {
        return Ok(None);
    }
    // SAFETY: the caller's promise.
    let text = unsafe { CStr::from_ptr(pointer) };
    text.to_str()
        .map(Some)
        .map_err(|_| Failure::of_border(Status::InvalidUtf8, &format!("{argument} is not UTF-8")))
}

/// Borrows bytes. Whether they are UTF-8 is found out by whoever reads them.
///
/// # Safety
/// `pointer` is NULL or shows `length` bytes that live and are not changed for `'a`.
pub(crate) unsafe fn bytes<'a>(
    pointer: *const c_char,
    length: usize,
    argument: &str,
) -> Result<&'a [u8], Failure> {
    if pointer.is_null() {
        return Err(Failure::null(argument));
    }
    if isize::try_from(length).is_err() {
        // No object is that long: the caller passed a negative number.
        return Err(Failure::of_border(
            Status::Serialization,
            &format!("the length of {argument} is negative"),
        ));
    }
    // SAFETY: the caller's promise, and the length checked above.
    Ok(unsafe { std::slice::from_raw_parts(pointer.cast(), length) })
}

/// Refuses an out-parameter that is NULL, before anything is done whose result could not be given.
pub(crate) fn writable<T>(out: *mut T, argument: &str) -> Result<(), Failure> {
    if out.is_null() { Err(Failure::null(argument)) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::buffer::{streamtable_buffer_data, streamtable_buffer_free, streamtable_buffer_length};

    /// Crosses, and gives the status and the text.
    fn crossed(work: impl FnOnce() -> Result<Option<Vec<u8>>, Failure>) -> (Status, Option<String>) {
        let mut out = ptr::dangling_mut();
        // SAFETY: `out` is a place of ours; the buffer is read before it is freed.
        unsafe {
            let status = cross(&mut out, work);
            let data = streamtable_buffer_data(out);
            let text = (!data.is_null()).then(|| CStr::from_ptr(data).to_str().expect("UTF-8").to_owned());
            assert_eq!(text.as_ref().map_or(0, String::len), streamtable_buffer_length(out));
            streamtable_buffer_free(out);
            (status, text)
        }
    }

    #[test]
    fn an_answer_crosses() {
        assert_eq!(crossed(|| Ok(Some(b"{}".to_vec()))), (Status::Ok, Some("{}".to_owned())));
        assert_eq!(crossed(|| Ok(None)), (Status::Ok, None));
    }

    #[test]
    fn a_panic_does_not() {
        let told = |message: &str| {
            (
                Status::Panic,
                Some(format!(r#"{{"__type":"streamtable#PanicException","message":"{message}"}}"#)),
            )
        };
        assert_eq!(crossed(|| panic!("a text")), told("a text"));
        assert_eq!(crossed(|| panic!("{}", 1 + 1)), told("2"));
        assert_eq!(crossed(|| std::panic::panic_any(1)), told("a panic without a text"));
    }

    #[test]
    fn a_slip_in_the_input_is_told_with_its_place() {
        let told = |input: &str| {
            let error = streamtable::Request::from_json("GetItem", input.as_bytes()).expect_err("no JSON");
            String::from_utf8(explained(error, input.as_bytes()).text).expect("UTF-8")
        };
        for (input, at) in [
            ("{\"TableName\": \"T\", }", 19),
            ("{\"TableName\"; \"T\"}", 12),
            ("{\n  \"TableName\": \"T\"\n  \"Key\": {}}", 23),
            ("{\"TableName\": \"T\"", 17),
            ("", 0),
        ] {
            let text = told(input);
            assert!(text.contains(&format!("at byte {at}: ")), "{input:?}: {text}");
        }
        // What is JSON, but of another shape, the core has the words for.
        let error = streamtable::Request::from_json("GetItem", b"{\"TableName\": 5}").expect_err("a number");
        let message = error.message().to_owned();
        let text = String::from_utf8(explained(error, b"{\"TableName\": 5}").text).expect("UTF-8");
        assert!(!message.is_empty() && text.contains("SerializationException"), "{text}");
    }

    #[test]
    fn nobody_need_want_the_text() {
        // SAFETY: NULL is allowed.
        assert_eq!(unsafe { cross(ptr::null_mut(), || Err(Failure::null("x"))) }, Status::NullArgument);
    }
}
