#!/bin/sh
# Builds the C library and, against its header and archive, the C driver; puts it where cargo puts the other drivers.
set -eu
cd "$(dirname "$0")/../.."
target="${CARGO_TARGET_DIR:-target}/debug"
cargo build --quiet --package streamtable-c
"${CC:-cc}" -std=c99 -pedantic -Wall -Wextra -Werror -I bindings-c/include tests/drivers/driver.c \
    "$target/libstreamtable_c.a" -lpthread -ldl -lm -o "$target/driver-c"
