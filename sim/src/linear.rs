//! Whether a history of calls from several threads is linearizable: whether there is one order of the calls in which each has the answer
//! that it had, and which keeps every call that had ended before another began in front of it.
//!
//! The search is that of Wing and Gong, with what Lowe added: a set of calls and a state that led nowhere once is not tried again.

use std::collections::HashSet;
use std::hash::Hash;

/// What an object does, one call after another.
pub trait Object: Clone + Eq + Hash {
    /// What is asked.
    type Call;
    /// What is answered.
    type Answer: PartialEq;

    /// Does a call.
    fn apply(&mut self, call: &Self::Call) -> Self::Answer;

    /// Whether the object can be as it is, by what else is known of it than answers.
    fn is_possible(&self) -> bool {
        true
    }
}

/// A call in a history.
#[derive(Clone, Debug)]
pub struct Event<C, A> {
    pub call: C,
    /// None where nobody knows: the call may have been done at any moment after it began, or never.
    pub answer: Option<A>,
    /// When it began, and when it had ended, on a clock that all threads share.
    pub began: u64,
    pub ended: u64,
}

/// At most so many calls of a history can be judged.
pub const MOST: usize = 128;

/// Whether a history that begins with `initial` is linearizable.
///
/// # Panics
/// With more than [`MOST`] calls.
pub fn is_linearizable<O: Object>(initial: &O, history: &[Event<O::Call, O::Answer>]) -> bool {
    assert!(history.len() <= MOST, "{} calls are too many to judge", history.len());
    let mut search = Search { history, dead: HashSet::new() };
    let answered = history.iter().enumerate().filter(|(_, event)| event.answer.is_some());
    let wanted = answered.fold(0, |set, (at, _)| set | 1 << at);
    search.leads_to(wanted, 0, initial)
}

struct Search<'h, O: Object> {
    history: &'h [Event<O::Call, O::Answer>],
    /// Calls that were done, and the state after them, from which no order leads to the end.
    dead: HashSet<(u128, O)>,
}

impl<O: Object> Search<'_, O> {
    /// Whether from a state, with some calls done, all of `wanted` can be done.
    fn leads_to(&mut self, wanted: u128, done: u128, state: &O) -> bool {
        if wanted & !done == 0 {
            return true;
        }
        if self.dead.contains(&(done, state.clone())) {
            return false;
        }
        let left = || self.history.iter().enumerate().filter(|(at, _)| done & (1 << at) == 0);
        // No call comes before one that had ended when it began. One without an answer never ends.
        let first_end =
            left().filter(|(_, event)| event.answer.is_some()).map(|(_, event)| event.ended).min();
        let next: Vec<usize> = left()
            .filter(|(_, event)| first_end.is_none_or(|end| event.began <= end))
            .map(|(at, _)| at)
            .collect();
        for at in next {
            let event = &self.history[at];
            let mut after = state.clone();
            let answer = after.apply(&event.call);
            let fits = event.answer.as_ref().is_none_or(|told| *told == answer);
            if fits && after.is_possible() && self.leads_to(wanted, done | 1 << at, &after) {
                return true;
            }
        }
        self.dead.insert((done, state.clone()));
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A register that is read and written.
    #[derive(Clone, PartialEq, Eq, Hash)]
    struct Register(u8);

    #[derive(Clone, Debug)]
    enum Do {
        Read,
        Write(u8),
        /// Writes the second where the first is; answers 1 where it did.
        Swap(u8, u8),
        Add(u8),
    }
    use Do::{Add, Read, Swap, Write};

    impl Object for Register {
        type Call = Do;
        type Answer = u8;

        fn apply(&mut self, call: &Do) -> u8 {
            match *call {
                Read => self.0,
                Write(to) => {
                    self.0 = to;
                    0
                }
                Swap(from, to) if self.0 == from => {
                    self.0 = to;
                    1
                }
                Swap(..) => 0,
                Add(by) => {
                    self.0 += by;
                    self.0
                }
            }
        }
    }

    fn judge(history: &[(Do, Option<u8>, u64, u64)]) -> bool {
        let event = |(call, answer, began, ended): &(Do, Option<u8>, u64, u64)| Event {
            call: call.clone(),
            answer: *answer,
            began: *began,
            ended: *ended,
        };
        is_linearizable(&Register(0), &history.iter().map(event).collect::<Vec<_>>())
    }

    #[test]
    fn sound_histories() {
        assert!(judge(&[]));
        assert!(judge(&[(Write(1), Some(0), 0, 1), (Read, Some(1), 2, 3)]), "one after the other");
        for seen in [0, 1] {
            assert!(judge(&[(Write(1), Some(0), 0, 3), (Read, Some(seen), 1, 2)]), "at once, {seen}");
        }
        assert!(
            judge(&[(Write(1), Some(0), 0, 9), (Read, Some(1), 1, 2), (Read, Some(1), 3, 4)]),
            "the write is seen before it has ended"
        );
        assert!(judge(&[(Add(1), Some(2), 0, 5), (Add(1), Some(1), 0, 5)]), "in the other order");
        assert!(judge(&[(Swap(0, 1), Some(0), 0, 9), (Swap(0, 2), Some(1), 0, 9), (Read, Some(2), 10, 11)]));
    }

    #[test]
    fn calls_without_an_answer_happen_at_any_time_or_never() {
        assert!(judge(&[(Write(1), None, 0, 1), (Read, Some(0), 2, 3), (Read, Some(1), 4, 5)]), "late");
        assert!(judge(&[(Write(1), None, 0, 1), (Read, Some(0), 2, 3)]), "never");
        assert!(!judge(&[(Read, Some(1), 0, 1), (Write(1), None, 2, 3)]), "not before it began");
        assert!(
            !judge(&[(Write(1), None, 0, 1), (Read, Some(1), 2, 3), (Read, Some(0), 4, 5)]),
            "not undone afterwards"
        );
        assert!(!judge(&[(Add(1), None, 0, 1), (Read, Some(2), 2, 3)]), "not twice");
    }

    #[test]
    fn unsound_histories() {
        assert!(!judge(&[(Read, Some(1), 0, 1)]), "out of nothing");
        assert!(!judge(&[(Write(1), Some(0), 0, 1), (Read, Some(0), 2, 3)]), "stale");
        assert!(
            !judge(&[(Write(1), Some(0), 0, 9), (Read, Some(1), 1, 2), (Read, Some(0), 3, 4)]),
            "new, and then old"
        );
        assert!(!judge(&[(Add(1), Some(1), 0, 5), (Add(1), Some(1), 0, 5)]), "a lost update");
        assert!(
            !judge(&[(Swap(0, 1), Some(1), 0, 5), (Swap(0, 2), Some(1), 0, 5)]),
            "two conditions of which one is false"
        );
        assert!(
            !judge(&[
                (Write(1), Some(0), 0, 9),
                (Write(2), Some(0), 0, 9),
                (Read, Some(1), 10, 11),
                (Read, Some(2), 12, 13)
            ]),
            "two reads that disagree about two writes that have ended"
        );
        assert!(
            !judge(&[
                (Write(1), Some(0), 0, 20),
                (Write(2), Some(0), 0, 20),
                (Read, Some(1), 1, 2),
                (Read, Some(2), 3, 4),
                (Read, Some(1), 5, 6)
            ]),
            "back and forth"
        );
    }

    /// Every history that a register which does one call after another can have is found sound, and with one answer changed most are not.
    #[test]
    fn made_histories_and_their_forgeries() {
        let mut random = crate::random::Random::new(7);
        let (mut forged, mut found) = (0, 0);
        for _ in 0..300 {
            let mut register = Register(0);
            let mut history = Vec::new();
            for at in 0..12_u64 {
                let value = random.below(3) as u8;
                let call = match random.below(3) {
                    0 => Write(value),
                    1 => Swap(value, random.below(3) as u8),
                    _ => Read,
                };
                let answer = register.apply(&call);
                // The call takes effect at 10 * at, somewhere within its time.
                let (began, ended) = ((10 * at).saturating_sub(random.below(25)), 10 * at + random.below(25));
                history.push((call, Some(answer), began, ended));
            }
            assert!(judge(&history), "{history:?}");
            let place = random.below(12) as usize;
            if matches!(history[place].0, Read) {
                history[place].1 = Some(9);
                forged += 1;
                found += usize::from(!judge(&history));
            }
        }
        assert!(forged > 50 && found == forged, "{found} of {forged}");
    }
}
