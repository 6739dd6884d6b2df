//! The only reader of the wall clock. Everything else is told the time.
#![expect(clippy::disallowed_methods, reason = "this is the one place")]

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Epoch milliseconds.
pub(crate) type Millis = u64;

/// Where a manual clock starts when nobody says: 2026-01-01T00:00:00Z.
pub(crate) const MANUAL_START: Millis = 1_767_225_600_000;

/// The database's time, which never runs backwards.
#[derive(Debug)]
pub(crate) struct Clock {
    manual: bool,
    /// The manual time; for a system clock, the latest time told so far.
    latest: AtomicU64,
    /// When it was made, on a clock that nobody sets.
    made: Instant,
}

impl Clock {
    /// The system's clock, which tells no time before `latest`.
    pub(crate) fn system(latest: Millis) -> Clock {
        Clock { manual: false, latest: AtomicU64::new(latest), made: Instant::now() }
    }

    pub(crate) fn manual(start: Millis) -> Clock {
        Clock { manual: true, latest: AtomicU64::new(start), made: Instant::now() }
    }

    pub(crate) fn is_manual(&self) -> bool {
        self.manual
    }

    /// The time. A system clock that is set back stands still until it catches up, so that records stay in order.
    pub(crate) fn now(&self) -> Millis {
        if self.manual {
            return self.latest.load(Ordering::SeqCst);
        }
        let wall = wall();
        self.latest.fetch_max(wall, Ordering::SeqCst).max(wall)
    }

    /// Time since a moment of the clock's own choice, for durations: finer than [`Clock::now`], and it goes on when the system's clock is set.
    pub(crate) fn elapsed(&self) -> Duration {
        if self.manual { Duration::from_millis(self.now()) } else { self.made.elapsed() }
    }

    /// Holds the calling thread until a moment of [`Clock::elapsed`] of a system clock; does nothing on a manual one.
    pub(crate) fn wait_until(&self, moment: Duration) {
        let left = moment.saturating_sub(self.made.elapsed());
        if !self.manual && !left.is_zero() {
            std::thread::sleep(left);
        }
    }

    /// Sets a manual clock forward.
    pub(crate) fn set(&self, to: Millis) {
        debug_assert!(self.manual, "only a manual clock is set");
        self.latest.fetch_max(to, Ordering::SeqCst);
    }
}

/// A moment for how long threads wait, on a clock that nobody sets.
pub(crate) fn monotonic() -> Instant {
    Instant::now()
}

/// The system's time, which may be set back.
pub(crate) fn wall() -> Millis {
    // Before 1970 is as wrong as 1970.
    millis(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO))
}

/// A duration in whole milliseconds.
pub(crate) fn millis(duration: Duration) -> Millis {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// `YYYY-MM-DDTHH:MM:SS.mmm`, UTC, as stream labels are written (facts A2.3).
pub fn label(at: Millis) -> String {
    let (days, in_day) = (at / 86_400_000, at % 86_400_000);
    let (year, month, day) = civil(days);
    let (hour, minute, second) = (in_day / 3_600_000, in_day / 60_000 % 60, in_day / 1000 % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:03}", in_day % 1000)
}

/// `Thu Jan 01 00:00:00 UTC 2026`, as some texts of the service write a time.
pub(crate) fn java_date(at: Millis) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (days, in_day) = (at / 86_400_000, at % 86_400_000);
    let (year, month, day) = civil(days);
    let (hour, minute, second) = (in_day / 3_600_000, in_day / 60_000 % 60, in_day / 1000 % 60);
    let (weekday, month) = (DAYS[(days % 7) as usize], MONTHS[month as usize - 1]);
    format!("{weekday} {month} {day:02} {hour:02}:{minute:02}:{second:02} UTC {year:04}")
}

/// Year, month and day of a number of days since 1970-01-01, in the Gregorian calendar.
fn civil(days: u64) -> (u64, u64, u64) {
    // Count from 0000-03-01, so that the leap day ends a year and 400-year eras are alike.
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (era * 400 + year_of_era + u64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_utc_with_milliseconds() {
        assert_eq!(label(MANUAL_START), "2026-01-01T00:00:00.000");
        assert_eq!(label(1_414_562_045_508), "2014-10-29T05:54:05.508");
        assert_eq!(label(951_782_399_999), "2000-02-28T23:59:59.999");
        assert_eq!(label(951_782_400_000), "2000-02-29T00:00:00.000");
        assert_eq!(label(4_102_444_799_000), "2099-12-31T23:59:59.000");
        assert_eq!(java_date(MANUAL_START), "Thu Jan 01 00:00:00 UTC 2026");
        assert_eq!(java_date(951_782_400_000), "Tue Feb 29 00:00:00 UTC 2000");
    }

    #[test]
    fn a_manual_clock_only_moves_forward() {
        let clock = Clock::manual(10);
        clock.set(20);
        clock.set(15);
        assert_eq!(clock.now(), 20);
    }
}
