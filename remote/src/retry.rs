//! What is sent again, when, and how often: the service's standard mode, as its SDKs have it since 2026 (facts: 4 attempts, pauses of up to 25 ms
//! that double, of up to a second where a call was throttled, 20 s at most; a bucket of 500 tokens, of which a retry costs 14, or 5 where the call
//! was throttled).
//!
//! A request whose answer may have been lost is sent again only where the registry says that a second one changes nothing more.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use streamtable::unstable::entropy::Entropy;

/// How often a request is sent at most.
const ATTEMPTS: u32 = 4;
/// Longest first pause.
const BASE: Duration = Duration::from_millis(25);
/// The same where the call was throttled.
const BASE_THROTTLED: Duration = Duration::from_secs(1);
/// Longest pause.
const PAUSE_MAX: Duration = Duration::from_secs(20);
/// How much longer than its own a pause may be because the endpoint asks for it.
const ASKED_MAX: Duration = Duration::from_secs(5);

/// What is there to be spent on retries.
const TOKENS: u32 = 500;
const COST: u32 = 14;
const COST_THROTTLED: u32 = 5;
/// What a request that went well without a retry brings.
const GAIN: u32 = 1;

/// What became of an attempt that did not go well.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Failure {
    /// The endpoint refused it, and would again.
    Refused,
    /// The endpoint did not do it, because it has too much to do.
    Throttled,
    /// It did not reach the endpoint.
    Unsent,
    /// The endpoint failed at it: it was done, or not.
    Failed,
    /// It was sent and no answer came: it was done, or not.
    Lost,
}

impl Failure {
    fn is_transient(self, may_repeat: bool) -> bool {
        match self {
            Failure::Refused => false,
            Failure::Throttled | Failure::Unsent => true,
            Failure::Failed | Failure::Lost => may_repeat,
        }
    }
}

/// The rules, and what is left to be spent: all requests of a door share it, so that an endpoint in trouble is not asked four times as often.
#[derive(Debug)]
pub(crate) struct Retry {
    attempts: u32,
    tokens: AtomicU32,
}

/// The attempts of one request.
#[derive(Debug)]
pub(crate) struct Attempts<'a> {
    retry: &'a Retry,
    made: u32,
    /// What its last retry cost.
    cost: u32,
}

impl Retry {
    pub(crate) fn new(attempts: Option<u32>) -> Retry {
        Retry { attempts: attempts.unwrap_or(ATTEMPTS), tokens: AtomicU32::new(TOKENS) }
    }

    pub(crate) fn begin(&self) -> Attempts<'_> {
        Attempts { retry: self, made: 0, cost: 0 }
    }

    fn pay(&self, cost: u32) -> bool {
        let paid =
            self.tokens.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(cost));
        paid.is_ok()
    }

    fn give(&self, gain: u32) {
        let more = |left: u32| Some((left + gain).min(TOKENS));
        // It always has a value to put.
        let _: Result<u32, u32> = self.tokens.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more);
    }
}

impl Attempts<'_> {
    /// The request went well.
    pub(crate) fn succeeded(self) {
        self.retry.give(if self.cost == 0 { GAIN } else { self.cost });
    }

    /// How long to wait before it is sent again; none where it is not. `asked` is what the endpoint asks for.
    pub(crate) fn again(
        &mut self,
        failure: Failure,
        may_repeat: bool,
        asked: Option<Duration>,
        entropy: &Entropy,
    ) -> Option<Duration> {
        self.made += 1;
        if self.made >= self.retry.attempts || !failure.is_transient(may_repeat) {
            return None;
        }
        let (cost, base) = match failure {
            Failure::Throttled => (COST_THROTTLED, BASE_THROTTLED),
            _ => (COST, BASE),
        };
        if !self.retry.pay(cost) {
            return None;
        }
        self.cost = cost;
        let doublings = 1_u32.checked_shl(self.made - 1).unwrap_or(u32::MAX);
        let longest = base.saturating_mul(doublings).min(PAUSE_MAX);
        // The upper 53 bits are a fraction from 0 to 1, without 1.
        let own = longest.mul_f64((entropy.next() >> 11) as f64 / (1_u64 << 53) as f64);
        Some(asked.map_or(own, |asked| asked.clamp(own, own + ASKED_MAX)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEVER_TWICE: bool = false;
    const ANY: bool = true;

    fn pauses(failure: Failure, may_repeat: bool, attempts: Option<u32>) -> Vec<Duration> {
        let (retry, entropy) = (Retry::new(attempts), Entropy::seeded(1));
        let mut tries = retry.begin();
        std::iter::from_fn(|| tries.again(failure, may_repeat, None, &entropy)).collect()
    }

    #[test]
    fn what_may_have_been_done_is_sent_again_only_where_it_may_be() {
        for failure in [Failure::Failed, Failure::Lost] {
            assert!(pauses(failure, NEVER_TWICE, None).is_empty(), "{failure:?}");
            assert_eq!(pauses(failure, ANY, None).len(), 3, "{failure:?}");
        }
        for failure in [Failure::Throttled, Failure::Unsent] {
            assert_eq!(pauses(failure, NEVER_TWICE, None).len(), 3, "{failure:?}");
        }
        assert!(pauses(Failure::Refused, ANY, None).is_empty());
        assert!(pauses(Failure::Lost, ANY, Some(1)).is_empty());
    }

    #[test]
    fn pauses_double_up_to_their_longest() {
        for (failure, base) in [(Failure::Lost, BASE), (Failure::Throttled, BASE_THROTTLED)] {
            let found = pauses(failure, ANY, Some(40));
            assert!(found.len() > 30, "{}", found.len());
            for (at, pause) in found.iter().enumerate() {
                let longest = base.saturating_mul(1 << at.min(30)).min(PAUSE_MAX);
                assert!(*pause < longest, "{at}: {pause:?}");
            }
            // Chance is from nothing to the longest: with so many, some are long.
            assert!(found.iter().any(|pause| *pause > PAUSE_MAX / 2));
        }
    }

    #[test]
    fn the_endpoint_may_ask_for_a_longer_pause() {
        let (retry, entropy) = (Retry::new(None), Entropy::seeded(1));
        let mut tries = retry.begin();
        let asked = Duration::from_millis(1_500);
        assert_eq!(tries.again(Failure::Throttled, ANY, Some(asked), &entropy), Some(asked));
        let pause = tries.again(Failure::Throttled, ANY, Some(Duration::from_secs(60)), &entropy);
        assert!(pause.is_some_and(|pause| pause >= ASKED_MAX && pause < ASKED_MAX + 2 * BASE_THROTTLED));
        let pause = tries.again(Failure::Throttled, ANY, Some(Duration::ZERO), &entropy);
        assert!(pause.is_some_and(|pause| pause < 4 * BASE_THROTTLED));
    }

    #[test]
    fn an_endpoint_in_trouble_is_asked_less() {
        let (retry, entropy) = (Retry::new(None), Entropy::seeded(1));
        let retried = |failure| {
            let mut tries = retry.begin();
            std::iter::from_fn(|| tries.again(failure, ANY, None, &entropy)).count()
        };
        let sum: usize = (0..100).map(|_| retried(Failure::Unsent)).sum();
        assert_eq!(sum, 35, "500 tokens are 35 retries of 14");
        assert_eq!(retried(Failure::Throttled), 2, "what is left is two of 5");
        for _ in 0..COST {
            retry.begin().succeeded();
        }
        let mut tries = retry.begin();
        assert!(tries.again(Failure::Unsent, ANY, None, &entropy).is_some(), "what went well pays for one");
        tries.succeeded();
        assert_eq!(retried(Failure::Unsent), 1, "and one that was worth it is paid back");
    }
}
