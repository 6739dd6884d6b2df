//! `Blob`: bytes as a member of a shape.

use std::fmt::{self, Write as _};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Echo, Member, Place, Read, TypeInfo, Violations};
use crate::value::{read_binary, write_binary};

/// Bytes: base64 text in JSON, bytes in hosts that have bytes.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Blob(pub Vec<u8>);

impl Serialize for Blob {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        write_binary(&self.0, serializer)
    }
}

impl<'de> Deserialize<'de> for Blob {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Blob, D::Error> {
        read_binary(deserializer).map(Blob)
    }
}

impl Read<'_> for Blob {}

impl Member for Blob {
    const TYPE: TypeInfo = TypeInfo::Blob;
    type Valid<'a> = &'a Blob;

    fn length(&self) -> Option<usize> {
        Some(self.0.len())
    }

    /// As the service repeats bytes: by their number.
    fn echo(&self, out: &mut Echo) -> fmt::Result {
        let len = self.0.len();
        write!(out, "java.nio.HeapByteBuffer[pos=0 lim={len} cap={len}]")
    }

    fn check<'a>(&'a self, _place: &Place<'_>, _violations: &mut Violations) -> Option<&'a Blob> {
        Some(self)
    }
}
