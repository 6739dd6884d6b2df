//! `Throttled`: calls beyond a rate are refused, in the service's words.

use std::time::Duration;

use parking_lot::Mutex;

use super::{Calls, Door, Pending};
use crate::api::message::table as text;
use crate::api::{Error, ErrorCode, Result};
use crate::registry::{Request, Response};

/// Nanoseconds of a second: a bucket counts in billionths of a call, so that nothing is rounded.
const NANOS: u128 = 1_000_000_000;

/// How many calls of a kind are admitted.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limit {
    /// Which calls count. Each limit has one budget for all of them.
    pub calls: Calls,
    /// Calls a second, in the long run.
    pub per_second: u32,
    /// Calls at once after a pause; at least 1.
    pub burst: u32,
    /// How the others are refused.
    pub refusal: Refusal,
}

impl Limit {
    /// So many of these calls a second, one at a time, the others refused with `ThrottlingException`.
    pub fn new(calls: Calls, per_second: u32) -> Limit {
        Limit { calls, per_second, burst: 1, refusal: Refusal::Throttling }
    }

    /// With so many calls at once after a pause.
    #[must_use]
    pub fn burst(self, burst: u32) -> Limit {
        Limit { burst, ..self }
    }

    /// With another refusal.
    #[must_use]
    pub fn refusal(self, refusal: Refusal) -> Limit {
        Limit { refusal, ..self }
    }
}

/// How a call beyond a limit is refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Refusal {
    /// `ThrottlingException`: too many calls.
    Throttling,
    /// `ProvisionedThroughputExceededException`: more than the table has capacity for.
    ProvisionedThroughputExceeded,
}

impl Refusal {
    fn error(self) -> Error {
        match self {
            Refusal::Throttling => Error::new(ErrorCode::Throttling, text::rate_exceeded()),
            Refusal::ProvisionedThroughputExceeded => {
                Error::new(ErrorCode::ProvisionedThroughputExceeded, text::throughput_exceeded())
            }
        }
    }
}

/// A door that admits calls at a rate.
#[derive(Debug)]
pub struct Throttled<D> {
    door: D,
    buckets: Mutex<Vec<Bucket>>,
}

impl<D: Door> Throttled<D> {
    /// Admits to `door` what all `limits` admit.
    pub fn new(door: D, limits: Vec<Limit>) -> Throttled<D> {
        let now = door.elapsed();
        let buckets = limits.into_iter().map(|limit| Bucket::full(limit, now)).collect();
        Throttled { door, buckets: Mutex::new(buckets) }
    }

    /// Takes a call out of every bucket it counts in, or out of none.
    fn admit(&self, request: &Request) -> Result<()> {
        let mut buckets = self.buckets.lock();
        let now = self.door.elapsed();
        let counted = |bucket: &&mut Bucket| bucket.limit.calls.include(request);
        for bucket in buckets.iter_mut().filter(counted) {
            bucket.fill(now);
            if bucket.level < NANOS {
                return Err(bucket.limit.refusal.error());
            }
        }
        for bucket in buckets.iter_mut().filter(counted) {
            bucket.level -= NANOS;
        }
        Ok(())
    }
}

impl<D: Door> Door for Throttled<D> {
    fn call(&self, request: Request) -> Result<Response> {
        self.start(request).wait()
    }

    fn start(&self, request: Request) -> Pending {
        match self.admit(&request) {
            Ok(()) => self.door.start(request),
            Err(error) => Pending::ready(Err(error)),
        }
    }

    fn elapsed(&self) -> Duration {
        self.door.elapsed()
    }
}

/// A token bucket: it fills at the rate of its limit, up to the burst.
#[derive(Debug)]
struct Bucket {
    limit: Limit,
    /// What is in it, in billionths of a call.
    level: u128,
    /// When it was last filled, on the clock of the door.
    filled: Duration,
}

impl Bucket {
    fn full(limit: Limit, now: Duration) -> Bucket {
        let level = Bucket::most(&limit);
        Bucket { limit, level, filled: now }
    }

    fn most(limit: &Limit) -> u128 {
        u128::from(limit.burst.max(1)) * NANOS
    }

    fn fill(&mut self, now: Duration) {
        let passed = now.saturating_sub(self.filled).as_nanos();
        let gained = passed.saturating_mul(u128::from(self.limit.per_second));
        self.level = self.level.saturating_add(gained).min(Bucket::most(&self.limit));
        // A database that was restored has an earlier moment: it fills from there on.
        self.filled = now;
    }
}
