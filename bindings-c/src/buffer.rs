//! Text the library hands out.

use std::ffi::c_char;
use std::ptr;

/// Text the library allocated: the answer of a call, or what went wrong. Free it with streamtable_buffer_free().
#[derive(Debug)]
pub struct Buffer {
    /// The text and, uncounted, the NUL that ends it for those who want a C string. JSON has no NUL inside.
    bytes: Box<[u8]>,
}

impl Buffer {
    pub(crate) fn new(mut text: Vec<u8>) -> Buffer {
        text.push(0);
        Buffer { bytes: text.into_boxed_slice() }
    }

    fn text(&self) -> &[u8] {
        &self.bytes[..self.bytes.len() - 1]
    }
}

/// The text of a buffer: JSON in UTF-8, ended by a NUL that streamtable_buffer_length() does not count. It lives until the buffer is freed. NULL
/// for NULL.
///
/// # Safety
/// `buffer` is NULL or comes from this library and is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn streamtable_buffer_data(buffer: *const Buffer) -> *const c_char {
    // SAFETY: the caller's promise.
    unsafe { buffer.as_ref() }.map_or(ptr::null(), |buffer| buffer.bytes.as_ptr().cast())
}

/// The length of a buffer's text in bytes. 0 for NULL.
///
/// # Safety
/// `buffer` is NULL or comes from this library and is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn streamtable_buffer_length(buffer: *const Buffer) -> usize {
    // SAFETY: the caller's promise.
    unsafe { buffer.as_ref() }.map_or(0, |buffer| buffer.text().len())
}

/// Frees a buffer. Does nothing for NULL.
///
/// # Safety
/// `buffer` is NULL or comes from this library and is not freed; nobody uses it or its text any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn streamtable_buffer_free(buffer: *mut Buffer) {
    if !buffer.is_null() {
        // SAFETY: the caller's promise; buffers are made by `Box::into_raw` in `border`.
        drop(unsafe { Box::from_raw(buffer) });
    }
}
