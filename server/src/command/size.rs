//! Sizes as people read them.

use std::fmt;

/// A number of bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Size(pub(crate) u64);

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const UNITS: [&str; 5] = ["KiB", "MiB", "GiB", "TiB", "PiB"];
        if self.0 < 1024 {
            return write!(f, "{} bytes", self.0);
        }
        // One digit after the point, by whole numbers: 1023.95 KiB rounds up to the next unit.
        let mut tenths = u128::from(self.0) * 10;
        for (at, unit) in UNITS.iter().enumerate() {
            tenths = (tenths + 512) / 1024;
            if tenths < 10_240 || at + 1 == UNITS.len() {
                return write!(f, "{}.{} {unit}", tenths / 10, tenths % 10);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_the_unit_that_fits() {
        for (bytes, text) in [
            (0, "0 bytes"),
            (1023, "1023 bytes"),
            (1024, "1.0 KiB"),
            (1536, "1.5 KiB"),
            (1024 * 1024 - 1, "1.0 MiB"),
            (123 * 1024 * 1024 + 400 * 1024, "123.4 MiB"),
            (u64::MAX, "16384.0 PiB"),
        ] {
            assert_eq!(Size(bytes).to_string(), text);
        }
    }
}
