//! Content codings: requests that come packed, answers that are asked for packed (facts A1).

use std::cmp::Reverse;
use std::io::Read;

use flate2::Compression;
use flate2::bufread::{GzDecoder, GzEncoder, ZlibDecoder, ZlibEncoder};
use hyper::body::Bytes;
use hyper::header::{ACCEPT_ENCODING, CONTENT_ENCODING, HeaderMap};
use streamtable::unstable::limits::REQUEST_MAX_BYTES;
use tokio::task;

/// Answers from this size on are packed for those who ask for it (facts A1).
const PACK_MIN_BYTES: usize = 4096;

/// Bytes from which on packing and unpacking take long enough to hold up what else a thread serves.
const LONG_WORK_BYTES: usize = 64 * 1024;

/// The first two bytes of what gzip has packed.
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// A content coding.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Coding {
    Gzip,
    /// The zlib format, as HTTP has it.
    Deflate,
}

/// The codings, in the order in which `*` means them.
const CODINGS: [Coding; 2] = [Coding::Gzip, Coding::Deflate];

/// Why a body cannot be unpacked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Unreadable {
    /// It is more than [`REQUEST_MAX_BYTES`] when it is unpacked.
    TooLarge,
    /// The coding is not known, or the body is not of it.
    Broken,
}

/// Whether a request says that its body is packed.
pub(crate) fn is_packed(headers: &HeaderMap) -> bool {
    headers.contains_key(CONTENT_ENCODING)
}

/// The body of a request as it was before it was packed.
///
/// # Errors
/// As [`Unreadable`] says.
pub(crate) fn unpacked(headers: &HeaderMap, body: Bytes) -> Result<Bytes, Unreadable> {
    let Some(name) = headers.get(CONTENT_ENCODING) else { return Ok(body) };
    let name = name.to_str().map_err(|_| Unreadable::Broken)?.trim();
    // The body in pieces of S3's clients is a form of that service, which reads it.
    if name.is_empty() || name.eq_ignore_ascii_case("identity") || name.eq_ignore_ascii_case("aws-chunked") {
        return Ok(body);
    }
    let coding = Coding::from_name(name).ok_or(Unreadable::Broken)?;
    // A small body may be large when it is unpacked.
    task::block_in_place(|| coding.unpack(&body)).map(Bytes::from)
}

/// The coding in which an answer of this size is to be sent; none as it is.
///
/// Where several are welcome, the one with the highest quality is taken, and the first one of those; what is named goes before `*`. Qualities
/// that cannot be read are 1, as the service has it.
pub(crate) fn asked_for(headers: &HeaderMap, size: usize) -> Option<Coding> {
    if size < PACK_MIN_BYTES {
        return None;
    }
    let asked = headers.get(ACCEPT_ENCODING)?.to_str().ok()?;
    let ranges: Vec<(&str, u32)> = asked.split(',').map(range).collect();
    let named = ranges.iter().filter_map(|(name, quality)| Some((Coding::from_name(name)?, *quality)));
    let any = ranges.iter().find(|(name, _)| *name == "*").map_or(0, |(_, quality)| *quality);
    let unnamed = CODINGS.into_iter().filter(|coding| named.clone().all(|(other, _)| other != *coding));
    let welcome: Vec<(Coding, u32)> = named.clone().chain(unnamed.map(|coding| (coding, any))).collect();
    welcome
        .into_iter()
        .filter(|(_, quality)| *quality > 0)
        .min_by_key(|(_, quality)| Reverse(*quality))
        .map(|(coding, _)| coding)
}

/// A name and its quality, in millionths, out of `gzip;q=0.5`.
fn range(text: &str) -> (&str, u32) {
    const ONE: f64 = 1e6;
    let (name, parameters) = text.split_once(';').unwrap_or((text, ""));
    let quality =
        parameters.split_once("q=").and_then(|(_, rest)| rest.split(';').next()?.trim().parse::<f64>().ok());
    let quality = quality.filter(|quality| !quality.is_nan()).map_or(1.0, |quality| quality.clamp(0.0, 1.0));
    // However small, a quality that is not zero is a welcome.
    (name.trim(), (quality * ONE).ceil() as u32)
}

impl Coding {
    fn from_name(name: &str) -> Option<Coding> {
        CODINGS.into_iter().find(|coding| name.eq_ignore_ascii_case(coding.name()))
    }

    /// As headers name it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Coding::Gzip => "gzip",
            Coding::Deflate => "deflate",
        }
    }

    /// Packs an answer.
    pub(crate) fn pack(self, body: &[u8]) -> Vec<u8> {
        let mut packed = Vec::new();
        let read = aside(body.len(), || match self {
            Coding::Gzip => GzEncoder::new(body, Compression::fast()).read_to_end(&mut packed),
            Coding::Deflate => ZlibEncoder::new(body, Compression::fast()).read_to_end(&mut packed),
        });
        read.expect("memory takes and gives");
        packed
    }

    fn unpack(self, body: &[u8]) -> Result<Vec<u8>, Unreadable> {
        let mut whole = Vec::new();
        match self {
            Coding::Deflate => {
                take(ZlibDecoder::new(body), &mut whole)?;
            }
            Coding::Gzip => {
                // Several may follow each other; what is none is passed over, as the service does.
                let mut rest = body;
                loop {
                    rest = take(GzDecoder::new(rest), &mut whole)?.into_inner();
                    if !rest.starts_with(&GZIP_MAGIC) {
                        break;
                    }
                }
            }
        }
        Ok(whole)
    }
}

/// Reads to the end, as far as a request may go.
fn take<R: Read>(mut decoder: R, whole: &mut Vec<u8>) -> Result<R, Unreadable> {
    // One byte more tells what is too large from what just fits.
    let room = (REQUEST_MAX_BYTES + 1).saturating_sub(whole.len());
    let read = decoder.by_ref().take(room as u64).read_to_end(whole);
    if whole.len() > REQUEST_MAX_BYTES {
        return Err(Unreadable::TooLarge);
    }
    read.map(|_| decoder).map_err(|_| Unreadable::Broken)
}

/// Does work in proportion to `bytes`; where those are many, so that others go on meanwhile.
pub(crate) fn aside<T>(bytes: usize, work: impl FnOnce() -> T) -> T {
    if bytes < LONG_WORK_BYTES { work() } else { task::block_in_place(work) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(accept: &'static str) -> Option<Coding> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_ENCODING, accept.parse().expect("a header"));
        asked_for(&headers, PACK_MIN_BYTES)
    }

    /// What the service was seen to choose (facts A1).
    #[test]
    fn codings_are_chosen_as_the_service_does() {
        let none: [&str; 17] = [
            "identity",
            "",
            "br",
            "zstd",
            "compress",
            "x-gzip",
            "gzip ;q=0",
            "identity;q=0",
            "*;q=0",
            "br;q=0.8,identity;q=0.5,*;q=0",
            "\"gzip\"",
            "gzip br",
            "gzip:q=1",
            "gzip;q= 0;q=1",
            "gzip; q=0;q=1",
            "gzip;nq=0;q=1",
            "gzip;q=-1",
        ];
        let gzip: [&str; 21] = [
            "gzip",
            "gzip, deflate",
            "GZIP, identity",
            "dog, gzip ,, cat",
            "gzip;q=0.8, deflate;q=0.5",
            "*",
            "*, deflate;q=0.5",
            "*, identity",
            "*;q=0.5,identity",
            "gzip;q=0.5,identity;q=0.8",
            "deflate;q=0.5, gzip;q=31",
            "gzip;q=31,deflate;q=51",
            "deflate;q=0.5, gzip;q=1;q=0.2",
            "deflate;q=0.5,gzip;q=0.x",
            "deflate;q=0.5,gzip;q=0. x",
            "deflate;q=-0.5,gzip;q=0.2",
            "gzip;q =0;q=1",
            "gzip;q=0, gzip;q=1, gzip;q=0",
            "br,identity;q=0.5,gzip;q=0.0001",
            "gzip;q=0.0000000001",
            "gzip;q=nan",
        ];
        let deflate: [&str; 7] = [
            "deflate",
            "br, identity, deflate, gzip",
            "br, gzip;q=0, deflate; q = 0.5 , identity;q=0",
            "*, deflate",
            "*, gzip;q=0.5",
            "deflate;q=0.5, gzip;q=0.2",
            "deflate;q=0.5,gzip;q=0.",
        ];
        none.iter().for_each(|accept| assert_eq!(choice(accept), None, "{accept}"));
        gzip.iter().for_each(|accept| assert_eq!(choice(accept), Some(Coding::Gzip), "{accept}"));
        deflate.iter().for_each(|accept| assert_eq!(choice(accept), Some(Coding::Deflate), "{accept}"));
        assert_eq!(asked_for(&HeaderMap::new(), PACK_MIN_BYTES), None);
    }

    #[test]
    fn what_is_packed_is_unpacked() {
        for coding in CODINGS {
            let body = b"one and one and one and one";
            let packed = coding.pack(body);
            assert_eq!(coding.unpack(&packed).as_deref(), Ok(&body[..]));
            assert_eq!(coding.unpack(&packed[..packed.len() - 1]), Err(Unreadable::Broken));
            assert_eq!(coding.unpack(b""), Err(Unreadable::Broken));
            assert_eq!(coding.unpack(body), Err(Unreadable::Broken));
        }
    }

    #[test]
    fn gzips_follow_each_other_and_junk_is_passed_over() {
        let two = [Coding::Gzip.pack(b"one "), Coding::Gzip.pack(b"two"), b"junk".to_vec()].concat();
        assert_eq!(Coding::Gzip.unpack(&two).as_deref(), Ok(&b"one two"[..]));
    }

    #[test]
    fn a_body_may_be_as_large_unpacked_as_it_may_be_plain() {
        let whole = vec![b' '; REQUEST_MAX_BYTES + 1];
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().expect("threads");
        runtime.block_on(async {
            for coding in CODINGS {
                let fits = coding.pack(&whole[1..]);
                assert_eq!(coding.unpack(&fits).map(|body| body.len()), Ok(REQUEST_MAX_BYTES));
                assert_eq!(coding.unpack(&coding.pack(&whole)), Err(Unreadable::TooLarge));
            }
            let halves = Coding::Gzip.pack(&whole[..whole.len() / 2 + 1]).repeat(2);
            assert_eq!(Coding::Gzip.unpack(&halves), Err(Unreadable::TooLarge));
        });
    }
}
