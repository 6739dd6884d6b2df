//! The only source of randomness, repeatable when seeded.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::api::{Error, ErrorCode, Result};

/// Draws numbers. Identities come from here, and the key that seals iterators.
#[derive(Debug)]
pub(crate) struct Entropy {
    /// As the caller gave it; none when the operating system did.
    seed: Option<u64>,
    state: AtomicU64,
}

impl Entropy {
    pub(crate) fn seeded(seed: u64) -> Entropy {
        Entropy::resumed(seed, seed)
    }

    /// Goes on where the one of this seed and state stopped.
    pub(crate) fn resumed(seed: u64, state: u64) -> Entropy {
        Entropy { seed: Some(seed), state: AtomicU64::new(state) }
    }

    /// Seeded by the operating system.
    pub(crate) fn from_system() -> Result<Entropy> {
        let state = getrandom::u64()
            .map_err(|e| Error::new(ErrorCode::Open, format!("The system gives no random numbers: {e}")))?;
        Ok(Entropy { seed: None, state: AtomicU64::new(state) })
    }

    pub(crate) fn seed(&self) -> Option<u64> {
        self.seed
    }

    /// How far it has come, for [`Entropy::resumed`].
    pub(crate) fn state(&self) -> u64 {
        self.state.load(Ordering::Relaxed)
    }

    /// The next number: SplitMix64, whose sequence is fixed for ever so that seeds stay meaningful across versions.
    pub(crate) fn next(&self) -> u64 {
        const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
        let mut z = self.state.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
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
