//! The only source of randomness, repeatable when seeded.
#![expect(clippy::disallowed_methods, reason = "this is the one place")]

use std::hash::Hasher;
use std::sync::atomic::{AtomicU64, Ordering};

use rand_xoshiro::SplitMix64;
use rand_xoshiro::rand_core::{Rng, SeedableRng};
use siphasher::sip128::{Hasher128, SipHasher24};

use crate::api::{Error, ErrorCode, Result};

/// Draws numbers that everyone may see, identities of tables, and keys that nobody may.
#[derive(Debug)]
pub struct Entropy {
    /// As the caller gave it; none when the operating system did.
    seed: Option<u64>,
    state: AtomicU64,
}

impl Entropy {
    /// Seeded by a number: the same numbers, every time.
    pub fn seeded(seed: u64) -> Entropy {
        Entropy::resumed(seed, seed)
    }

    /// Goes on where the one of this seed and state stopped.
    pub(crate) fn resumed(seed: u64, state: u64) -> Entropy {
        Entropy { seed: Some(seed), state: AtomicU64::new(state) }
    }

    /// Seeded by the operating system.
    ///
    /// # Errors
    /// `OpenException` when the system gives no random numbers.
    pub fn from_system() -> Result<Entropy> {
        Ok(Entropy { seed: None, state: AtomicU64::new(from_system()?) })
    }

    pub(crate) fn seed(&self) -> Option<u64> {
        self.seed
    }

    /// How far it has come, for [`Entropy::resumed`].
    pub(crate) fn state(&self) -> u64 {
        self.state.load(Ordering::Relaxed)
    }

    /// The next number: SplitMix64, whose sequence is fixed for ever so that seeds stay meaningful across versions.
    pub fn next(&self) -> u64 {
        // By how much the generator moves on: several threads draw at once, so its state is kept here.
        const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
        SplitMix64::seed_from_u64(self.state.fetch_add(STEP, Ordering::Relaxed)).next_u64()
    }

    /// Whether something happens that has this probability, 0 to 1.
    pub(crate) fn happens(&self, probability: f64) -> bool {
        // The upper 53 bits are a fraction from 0 to 1, without 1.
        ((self.next() >> 11) as f64) < probability * (1_u64 << 53) as f64
    }

    /// A key for a purpose. What was or will be drawn tells nothing of it, and it draws nothing: it comes from the operating system, or from
    /// the seed by way of a hash; whoever knows the seed of a database knows its keys.
    ///
    /// # Errors
    /// `OpenException` when the system gives none.
    pub(crate) fn key(&self, purpose: &[u8]) -> Result<(u64, u64)> {
        let Some(seed) = self.seed else { return Ok((from_system()?, from_system()?)) };
        let mut hasher = SipHasher24::new_with_keys(seed, 0);
        hasher.write(purpose);
        let key = hasher.finish128();
        Ok((key.h1, key.h2))
    }

    /// A random identity in UUID form (version 4).
    pub(crate) fn uuid(&self) -> String {
        let (a, b) = (self.next(), self.next());
        format!(
            "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
            a >> 32,
            (a >> 16) & 0xffff,
            a & 0xfff,
            (b >> 48) & 0x3fff | 0x8000,
            b & 0xffff_ffff_ffff
        )
    }
}

/// A number that nobody can guess, from the system: for secrets, which no seed may give away.
///
/// # Errors
/// `OpenException` where the system gives none.
pub fn secret() -> Result<u128> {
    Ok(u128::from(from_system()?) << 64 | u128::from(from_system()?))
}

fn from_system() -> Result<u64> {
    getrandom::u64()
        .map_err(|e| Error::new(ErrorCode::Open, format!("The system gives no random numbers: {e}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sequence_of_a_seed_is_fixed() {
        // First words of the published generator started with 1234567.
        let entropy = Entropy::seeded(1_234_567);
        let drawn = [entropy.next(), entropy.next(), entropy.next()];
        assert_eq!(drawn, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
        let going_on = Entropy::resumed(1_234_567, entropy.state());
        assert_eq!(entropy.next(), going_on.next());
    }

    #[test]
    fn keys_are_apart_from_what_is_drawn() {
        let seeded = Entropy::seeded(5);
        let key = seeded.key(b"seals").expect("from the seed");
        assert_eq!(seeded.state(), 5, "nothing was drawn");
        assert_eq!(Entropy::seeded(5).key(b"seals"), Ok(key), "the same key for the same seed");
        assert_ne!(Entropy::seeded(5).key(b"other"), Ok(key));
        assert_ne!(Entropy::seeded(6).key(b"seals"), Ok(key));
        let drawn: Vec<u64> = (0..1000).map(|_| seeded.next()).collect();
        assert!(!drawn.contains(&key.0) && !drawn.contains(&key.1));
        // Whoever has seen what an unseeded generator draws knows its state, and no key.
        let unseeded = || Entropy { seed: None, state: AtomicU64::new(5) };
        assert_eq!(unseeded().next(), unseeded().next());
        assert_ne!(unseeded().key(b"seals"), unseeded().key(b"seals"));
    }
}
