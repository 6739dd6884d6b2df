//! Gives the shared library the name under which programs look for it when they run.

use std::env;

/// The number after `.so`; rises with `STREAMTABLE_ABI_VERSION`, and a test holds the two together.
const SONAME_VERSION: u32 = 1;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-env=STREAMTABLE_SONAME_VERSION={SONAME_VERSION}");
    match env::var("CARGO_CFG_TARGET_OS").as_deref() {
        Ok("macos") => {
            println!(
                "cargo::rustc-cdylib-link-arg=-Wl,-install_name,@rpath/libstreamtable.{SONAME_VERSION}.dylib"
            );
        }
        Ok("windows") | Err(_) => {}
        Ok(_) => println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libstreamtable.so.{SONAME_VERSION}"),
    }
}
