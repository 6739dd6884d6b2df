//! The clock with which a database goes on.

use super::{ClockOption, refuse};
use crate::api::Result;
use crate::clock::{Clock, Millis, label, millis};
use crate::limits::CLOCK_BEHIND_MAX;

/// The clock of an existing database, whose newest time is `stored`, when the system's is `wall`.
pub(super) fn resume(asked: ClockOption, stored: Millis, wall: Millis) -> Result<Clock> {
    match asked {
        ClockOption::System if wall.saturating_add(millis(CLOCK_BEHIND_MAX)) < stored => {
            Err(refuse(format!(
                "The system's clock is at {}, but this database has seen {}; time cannot go back. Set the system's clock right, or open \
                 with clock \"manual\" to go on at the database's time. If it was wrong when the database saw it, `streamtable clock DIR \
                 --set now` sets the database's clock back",
                label(wall),
                label(stored)
            )))
        }
        ClockOption::System => Ok(Clock::system(stored)),
        ClockOption::Manual(Some(now)) if now < stored => Err(refuse(format!(
            "The clock of this database is at {}; it cannot go back to {}; open without now to continue",
            label(stored),
            label(now)
        ))),
        ClockOption::Manual(now) => Ok(Clock::manual(now.unwrap_or(stored))),
        ClockOption::AsStored { is_manual: true } => Ok(Clock::manual(stored)),
        ClockOption::AsStored { is_manual: false } => Ok(Clock::system(stored)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::ErrorCode;
    use crate::clock::wall;

    #[test]
    fn a_system_clock_slightly_behind_stands_still_until_it_catches_up() {
        let behind = millis(CLOCK_BEHIND_MAX);
        let (stored, year) = (wall() + behind, 365 * 86_400_000);
        let clock = resume(ClockOption::System, stored, stored - behind).expect("five minutes");
        assert_eq!(clock.now(), stored, "the wall is behind");
        let error = resume(ClockOption::System, stored, stored - behind - 1).expect_err("more than that");
        assert_eq!(error.code(), ErrorCode::Open);
        assert!(error.message().contains(&label(stored)), "{error}");
        assert!(error.message().contains(&label(stored - behind - 1)), "{error}");
        let clock = resume(ClockOption::System, year, wall()).expect("long ago");
        assert!(clock.now() > year, "the wall is ahead");
    }
}
