//! The only reader of the wall clock in this crate: everything else is told the time.

use std::fmt::Debug;
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Time, and waiting for it to pass.
pub(crate) trait Clock: Send + Sync + Debug {
    /// Epoch milliseconds.
    fn now(&self) -> u64;

    /// Time since a moment of the clock's own choice, which goes on when the system's clock is set.
    fn elapsed(&self) -> Duration;

    /// Holds the calling thread.
    fn wait(&self, time: Duration);
}

/// The system's clock.
#[derive(Debug)]
pub(crate) struct System {
    made: Instant,
}

impl System {
    pub(crate) fn new() -> System {
        System { made: Instant::now() }
    }
}

impl Clock for System {
    fn now(&self) -> u64 {
        // Before 1970 is as wrong as 1970.
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    }

    fn elapsed(&self) -> Duration {
        self.made.elapsed()
    }

    fn wait(&self, time: Duration) {
        thread::sleep(time);
    }
}

#[cfg(test)]
pub(crate) mod manual {
    use std::sync::Mutex;

    use super::*;

    /// A clock that moves when somebody waits for it, and remembers how long.
    #[derive(Debug)]
    pub(crate) struct Manual {
        start: u64,
        waits: Mutex<Vec<Duration>>,
    }

    impl Manual {
        pub(crate) fn at(start: u64) -> Manual {
            Manual { start, waits: Mutex::new(Vec::new()) }
        }

        pub(crate) fn waits(&self) -> Vec<Duration> {
            self.waits.lock().expect("no thread has panicked").clone()
        }
    }

    impl Clock for Manual {
        fn now(&self) -> u64 {
            self.start + u64::try_from(self.elapsed().as_millis()).expect("a test is short")
        }

        fn elapsed(&self) -> Duration {
            self.waits().iter().sum()
        }

        fn wait(&self, time: Duration) {
            self.waits.lock().expect("no thread has panicked").push(time);
        }
    }
}
