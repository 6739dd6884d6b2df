//! Who reads a shard, as far as their calls tell.

use parking_lot::Mutex;

use super::Position;
use crate::clock::{Millis, millis};
use crate::limits::{ITERATOR_LIFETIME, SHARD_READERS_SEEN};

/// A reader as its last call has left it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct SeenReader {
    pub(crate) number: u32,
    /// Where it goes on.
    pub(crate) position: Position,
    pub(crate) read_at: Millis,
    /// How many records it was given.
    pub(crate) records: u64,
}

impl SeenReader {
    fn is_alive(&self, now: Millis) -> bool {
        now < self.read_at.saturating_add(millis(ITERATOR_LIFETIME))
    }
}

/// The readers of a shard. They are of this opening: neither kept nor forked.
#[derive(Debug, Default)]
pub(crate) struct Readers(Mutex<Vec<SeenReader>>);

impl Readers {
    /// Notes a reader that begins, and returns its number. Two may begin at one place in one moment: they are one, or the second has the next
    /// number where they are to be told apart.
    pub(crate) fn begin(&self, number: u32, tells_apart: bool, position: Position, now: Millis) -> u32 {
        let mut readers = self.0.lock();
        let mut number = number;
        let is_known = |number| readers.iter().any(|reader: &SeenReader| reader.number == number);
        while tells_apart && is_known(number) {
            number = number.wrapping_add(1);
        }
        if is_known(number) {
            return number;
        }
        Readers::push(&mut readers, SeenReader { number, position, read_at: now, records: 0 });
        number
    }

    /// Notes a page that a reader was given, and where it goes on; nowhere at the end of a closed shard.
    pub(crate) fn note(&self, number: u32, next: Option<Position>, records: usize, now: Millis) {
        let mut readers = self.0.lock();
        let known = readers.iter().position(|reader| reader.number == number);
        let before = known.map_or(0, |at| readers.swap_remove(at).records);
        let Some(position) = next else { return };
        let records = before + records as u64;
        Readers::push(&mut readers, SeenReader { number, position, read_at: now, records });
    }

    fn push(readers: &mut Vec<SeenReader>, reader: SeenReader) {
        if readers.len() >= SHARD_READERS_SEEN {
            let longest_away = (0..readers.len()).min_by_key(|at| readers[*at].read_at);
            longest_away.map(|at| readers.swap_remove(at));
        }
        readers.push(reader);
    }

    /// Those whose iterators can still be used, in the order of their numbers.
    pub(crate) fn alive(&self, now: Millis) -> Vec<SeenReader> {
        let mut alive: Vec<SeenReader> =
            self.0.lock().iter().copied().filter(|reader| reader.is_alive(now)).collect();
        alive.sort_unstable_by_key(|reader| reader.number);
        alive
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Sequence;

    const HERE: Option<Position> = Some(Position::After(Sequence(1)));

    #[test]
    fn those_longest_away_are_forgotten_first() {
        let readers = Readers::default();
        (0..SHARD_READERS_SEEN as u32 + 1)
            .for_each(|number| readers.note(number, HERE, 1, u64::from(number)));
        let numbers: Vec<u32> = readers.alive(20).iter().map(|reader| reader.number).collect();
        assert_eq!(numbers, (1..=SHARD_READERS_SEEN as u32).collect::<Vec<_>>());
    }

    #[test]
    fn two_that_begin_alike_are_two_on_request() {
        let readers = Readers::default();
        let begin = |tells_apart| readers.begin(u32::MAX, tells_apart, Position::At(Sequence(1)), 5);
        assert_eq!(([begin(true), begin(true)], readers.alive(5).len()), ([u32::MAX, 0], 2));
        assert_eq!((begin(false), readers.alive(5).len()), (u32::MAX, 2));
    }

    #[test]
    fn a_reader_is_there_while_its_iterator_is_good() {
        let readers = Readers::default();
        readers.note(7, HERE, 2, 1_000);
        readers.note(7, HERE, 3, 2_000);
        assert_eq!(readers.alive(2_000 + 899_999)[0].records, 5);
        assert_eq!(readers.alive(2_000 + 900_000), []);
        readers.note(7, None, 1, 3_000);
        assert_eq!(readers.alive(3_000), [], "it has read all of a closed shard");
    }
}
