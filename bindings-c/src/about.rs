//! Versions and the list of operations.

use std::ffi::{CString, c_char};
use std::ptr;
use std::sync::OnceLock;

use streamtable::unstable::registry;

/// Version of the binary interface this header describes. It rises when a function or a number changes its meaning or goes, which breaks
/// programs; a new function, status, operation or option does not raise it. Compare it with streamtable_abi_version().
pub const STREAMTABLE_ABI_VERSION: u32 = 1;

/// Version of the library, such as "0.1.0". The text lives as long as the program. Never NULL.
#[unsafe(no_mangle)]
pub extern "C" fn streamtable_version() -> *const c_char {
    concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()
}

/// Version of the binary interface of the library that is loaded: STREAMTABLE_ABI_VERSION of the header it was built with.
#[unsafe(no_mangle)]
pub extern "C" fn streamtable_abi_version() -> u32 {
    STREAMTABLE_ABI_VERSION
}

/// The name of the operation with this number, counted from 0, or NULL after the last. The order may differ between versions. The text lives
/// as long as the program.
#[unsafe(no_mangle)]
pub extern "C" fn streamtable_operation_name(index: usize) -> *const c_char {
    static NAMES: OnceLock<Vec<CString>> = OnceLock::new();
    let names = NAMES.get_or_init(|| {
        // A name with a NUL inside could not be called from C, so it need not be told.
        registry::operations().iter().filter_map(|operation| CString::new(operation.name).ok()).collect()
    });
    names.get(index).map_or(ptr::null(), |name| name.as_ptr())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_name_carries_the_abi_version() {
        assert_eq!(env!("STREAMTABLE_SONAME_VERSION"), STREAMTABLE_ABI_VERSION.to_string());
    }

    #[test]
    fn every_operation_is_listed() {
        let listed = (0..).take_while(|index| !streamtable_operation_name(*index).is_null()).count();
        assert_eq!(listed, registry::operations().len());
    }
}
