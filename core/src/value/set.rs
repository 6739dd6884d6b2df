//! Sets: written member by member and put in order when they close, and two of them merged. Members are compared where they stand.

use std::cmp::Ordering;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::builder::{Builder, Frame, ValueProblem, length};
use super::item::{AttributeType, SetRef, read_u32};
use super::number::{Number, compare_stored, is_plain_integer, stored_text_size};
use crate::limits::ECHO_MAX_BYTES;

/// An open set: members follow, in any order.
#[derive(Debug)]
pub(super) struct SetScope {
    kind: AttributeType,
    frame: Frame,
    count_at: usize,
    /// Where each member's length stands, from `count_at`: lengths have 32 bits, and so have these.
    starts: Vec<u32>,
    size: usize,
}

impl SetScope {
    /// Starts a set of this kind.
    pub(super) fn open(builder: &mut Builder, kind: AttributeType) -> SetScope {
        let frame = builder.open_value(kind);
        let count_at = builder.bytes.len();
        builder.bytes.extend_from_slice(&[0; 4]);
        SetScope { kind, frame, count_at, starts: Vec::new(), size: 0 }
    }

    pub(super) fn kind(&self) -> AttributeType {
        self.kind
    }

    /// Writes a member in its stored spelling.
    pub(super) fn member(&mut self, builder: &mut Builder, bytes: &[u8]) {
        if builder.is_full() {
            return;
        }
        let start = builder.bytes.len() - self.count_at;
        self.starts.push(u32::try_from(start).expect("requests are bounded below 4 GiB"));
        builder.bytes.extend_from_slice(&length(bytes.len()));
        builder.bytes.extend_from_slice(bytes);
        self.size += member_size(self.kind, bytes);
    }

    /// Writes a number as spelled by the caller.
    pub(super) fn number(&mut self, builder: &mut Builder, spelled: &str) {
        if is_plain_integer(spelled) {
            return self.member(builder, spelled.as_bytes());
        }
        match spelled.parse::<Number>() {
            Ok(number) => self.member(builder, number.to_string().as_bytes()),
            Err(error) => builder.note(ValueProblem::Number(error)),
        }
    }

    /// Puts the members in order; returns the set's size. Notes the fault of a set that is empty or has a member twice.
    pub(super) fn close(mut self, builder: &mut Builder) -> usize {
        if self.starts.is_empty() {
            builder.note(ValueProblem::EmptySet(self.kind));
        }
        let set = &builder.bytes[self.count_at..];
        let order = |a: &u32, b: &u32| compare(self.kind, member_at(set, *a), member_at(set, *b));
        if !self.starts.is_sorted_by(|a, b| order(a, b).is_lt()) {
            self.starts.sort_unstable_by(order);
            if self.starts.windows(2).any(|pair| order(&pair[0], &pair[1]).is_eq()) {
                let shown = self.shown(set);
                builder.note(ValueProblem::DuplicateInSet(self.kind, shown));
            }
            self.rewrite(builder);
        }
        let at = self.count_at;
        builder.bytes[at..at + 4].copy_from_slice(&length(self.starts.len()));
        builder.close_value(self.frame);
        self.size
    }

    fn rewrite(&self, builder: &mut Builder) {
        let set = &builder.bytes[self.count_at..];
        let mut ordered = Vec::with_capacity(set.len() - 4);
        for start in &self.starts {
            let member = member_at(set, *start);
            ordered.extend_from_slice(&length(member.len()));
            ordered.extend_from_slice(member);
        }
        builder.bytes[self.count_at + 4..].copy_from_slice(&ordered);
    }

    /// The members in the order in which they came, as far as a message repeats them; binary ones in base64.
    fn shown(&self, set: &[u8]) -> Vec<String> {
        let mut shown = Vec::new();
        let (mut start, mut bytes) = (4, 0);
        for _ in &self.starts {
            if bytes > ECHO_MAX_BYTES {
                shown.push("...".to_owned());
                break;
            }
            let member = member_at(set, start);
            start += 4 + u32::try_from(member.len()).expect("requests are bounded below 4 GiB");
            let told = &member[..member.len().min(ECHO_MAX_BYTES)];
            let told = match self.kind {
                AttributeType::Bs => STANDARD.encode(told),
                _ => String::from_utf8_lossy(told).into_owned(),
            };
            bytes += told.len() + 2;
            shown.push(told);
        }
        shown
    }
}

/// The member whose length stands `start` bytes into a set.
fn member_at(set: &[u8], start: u32) -> &[u8] {
    let start = start as usize;
    let len = read_u32(set, start);
    &set[start + 4..start + 4 + len]
}

fn text(member: &[u8]) -> &str {
    std::str::from_utf8(member).expect("numbers are written in ASCII")
}

/// The order of two members of a set of this kind.
fn compare(kind: AttributeType, one: &[u8], two: &[u8]) -> Ordering {
    match kind {
        AttributeType::Ns => compare_stored(text(one), text(two)),
        _ => one.cmp(two),
    }
}

/// What becomes of two sets of one kind: the members of the first, without those of the second or with them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MergedSets<'a> {
    pub(crate) kind: AttributeType,
    pub(crate) one: SetRef<'a>,
    pub(crate) other: SetRef<'a>,
    pub(crate) with_other: bool,
}

impl<'a> MergedSets<'a> {
    /// The members, in order, in one pass over both.
    fn members(self) -> impl Iterator<Item = &'a [u8]> {
        let MergedSets { kind, one, other, with_other } = self;
        let (mut one, mut other) = (one.members().peekable(), other.members().peekable());
        std::iter::from_fn(move || {
            loop {
                let order = match (one.peek(), other.peek()) {
                    (None, None) => return None,
                    (Some(_), None) => Ordering::Less,
                    (None, Some(_)) => Ordering::Greater,
                    (Some(a), Some(b)) => compare(kind, a, b),
                };
                let (a, b) = match order {
                    Ordering::Less => return one.next(),
                    Ordering::Equal => (one.next(), other.next()),
                    Ordering::Greater => (None, other.next()),
                };
                if with_other {
                    return a.or(b);
                }
            }
        })
    }

    /// A set without members does not exist.
    pub(crate) fn is_empty(self) -> bool {
        self.members().next().is_none()
    }

    /// The size of the set, in bytes (facts B1).
    pub(crate) fn size(self) -> usize {
        self.members().map(|member| member_size(self.kind, member)).sum()
    }

    /// Writes the set; returns its size.
    pub(crate) fn write(self, builder: &mut Builder) -> usize {
        builder.set(self.kind, self.members())
    }
}

fn member_size(kind: AttributeType, member: &[u8]) -> usize {
    match kind {
        AttributeType::Ns => stored_text_size(text(member)),
        _ => member.len(),
    }
}
