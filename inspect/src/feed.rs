//! The feed: server-sent events, for as long as somebody reads them.

use std::sync::Arc;
use std::time::{Duration, Instant};

use hyper::StatusCode;
use hyper::body::Bytes;
use percent_encoding::percent_decode_str;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;
use tokio::time::sleep;

use crate::answer::{self, Answer};
use crate::serve::{Place, Shared};
use crate::viewer::Viewer;

/// Rest between two looks, at least.
const REST: Duration = Duration::from_millis(100);
/// A look may take one part in so many of the time: one that takes longer makes the rest longer, up to [`REST_MAX`].
const SHARE: u32 = 33;
/// Rest between two looks, at most.
const REST_MAX: Duration = Duration::from_secs(1);
/// Without anything to tell, a comment is sent this often: so a connection that has broken is noticed.
const BREATH: Duration = Duration::from_secs(15);

/// Opens a feed for a request with this query.
pub(crate) fn open(shared: &Arc<Shared>, query: &str) -> Answer {
    let Some(place) = shared.viewers.enter() else {
        return answer::refused(
            StatusCode::SERVICE_UNAVAILABLE,
            "TooManyViewers",
            "As many look already as this inspector lets",
        );
    };
    // One frame waits for its reader; nothing is looked for before that is taken, so a slow reader costs nothing and loses nothing.
    let (frames, body) = mpsc::channel(1);
    tokio::spawn(run(shared.clone(), stream_of(query), frames, place));
    answer::feed(body)
}

/// The stream that is to be followed: the ARN in `stream=`, percent-encoded.
fn stream_of(query: &str) -> Option<String> {
    let given = query.split('&').find_map(|pair| pair.strip_prefix("stream="))?;
    let stream = percent_decode_str(given).decode_utf8().ok()?;
    (!stream.is_empty()).then(|| stream.into_owned())
}

async fn run(shared: Arc<Shared>, stream: Option<String>, frames: mpsc::Sender<Bytes>, place: Place) {
    let mut viewer = Viewer::new(shared, stream);
    let mut silent = Duration::ZERO;
    // Nobody reads any more when no place can be had.
    while let Ok(room) = frames.reserve().await {
        let began = Instant::now();
        let looked = spawn_blocking(move || {
            let told = viewer.look();
            (viewer, told)
        });
        let Ok((back, told)) = looked.await else { break };
        viewer = back;
        let rest = (began.elapsed() * SHARE).clamp(REST, REST_MAX);
        silent = if told.is_empty() { silent + rest } else { Duration::ZERO };
        if !told.is_empty() {
            room.send(told.into());
        } else if silent >= BREATH {
            silent = Duration::ZERO;
            room.send(Bytes::from_static(b":\n\n"));
        } else {
            drop(room);
        }
        tokio::select! {
            () = sleep(rest) => {}
            () = frames.closed() => break,
        }
    }
    drop(place);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_is_read_out_of_the_query() {
        let arn = "arn:aws:dynamodb:us-east-1:000000000000:table/Orders/stream/2026-01-01T00:00:00.000";
        let encoded = arn.replace(':', "%3A").replace('/', "%2f");
        assert_eq!(stream_of(&format!("a=b&stream={encoded}")).as_deref(), Some(arn));
        assert_eq!(stream_of(&format!("stream={arn}")).as_deref(), Some(arn));
        assert_eq!(stream_of("stream=%e4%b8%96%").as_deref(), Some("世%"));
        for none in ["", "stream=", "streams=x", "stream=%ff"] {
            assert_eq!(stream_of(none), None, "{none}");
        }
    }
}
