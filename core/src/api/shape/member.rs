//! What can be a member of a shape: its type as data, how it is read, and how it is checked.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::marker::PhantomData;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::violations::{Echo, Place, Violations};
use super::{Constraint, Enumeration, MemberInfo, Open, Timestamp, TypeInfo, is_arn};
use crate::api::message::shape::Rule;
use crate::limits::{COLLECTION_MAX_MEMBERS, TABLE_ARN_MAX_CHARS};
use crate::value::{Checked, Item, Value};

/// Something that can be a member of a shape.
pub trait Member {
    /// The type as data.
    const TYPE: TypeInfo;

    /// The member after its check, as operations take it: a name out of a set and not a text, a structure with what it requires.
    type Valid<'a>: Copy
    where
        Self: 'a;

    /// Length, where constraints of length apply.
    fn length(&self) -> Option<usize> {
        None
    }

    /// Value, where constraints of range apply.
    fn number(&self) -> Option<i64> {
        None
    }

    /// Text, where patterns apply.
    fn text(&self) -> Option<&str> {
        None
    }

    /// Writes the value as the service repeats it in a message.
    ///
    /// # Errors
    /// When a message has no room for more.
    fn echo(&self, out: &mut Echo) -> fmt::Result;

    /// Whether there is anything to check inside.
    const HAS_INSIDE: bool = false;

    /// Members of all lists and maps inside, this one's included: what holds memory whatever the request says of it.
    fn weight(&self) -> usize {
        0
    }

    /// Most of them in one list or map, with all lists and maps below it.
    const MAX_MEMBERS: usize = COLLECTION_MAX_MEMBERS;

    /// Checks what is inside; none where it breaks a rule that no operation can look past.
    fn check<'a>(&'a self, place: &Place<'_>, violations: &mut Violations) -> Option<Self::Valid<'a>>;
}

/// Checks one member of a structure against its constraints; none where there is no value that an operation may see. In line for the many that
/// are not given.
#[inline(always)]
pub(crate) fn check_member<'a, M: Member>(
    value: Option<&'a M>,
    info: &MemberInfo,
    above: &Place<'_>,
    violations: &mut Violations,
) -> Option<M::Valid<'a>> {
    if let Some(value) = value {
        return check_given(value, info, above, violations);
    }
    if info.required() {
        note_missing(info, above, violations);
    }
    None
}

fn check_given<'a, M: Member>(
    value: &'a M,
    info: &MemberInfo,
    above: &Place<'_>,
    violations: &mut Violations,
) -> Option<M::Valid<'a>> {
    let place = above.member(info.wire);
    check_constraints(value, info.constraints, &place, violations);
    value.check(&place, violations)
}

#[cold]
fn note_missing(info: &MemberInfo, above: &Place<'_>, violations: &mut Violations) {
    violations.add(&above.member(info.wire), Rule::NotNull, None);
}

/// Checks a value against constraints that stand at no member.
pub(crate) fn check_constraints<M: Member>(
    value: &M,
    constraints: &[Constraint],
    place: &Place<'_>,
    violations: &mut Violations,
) {
    for constraint in constraints {
        if let Some(rule) = broken(constraint, value) {
            violations.add(place, rule, Some(&|out| value.echo(out)));
        }
    }
}

fn broken<M: Member>(constraint: &Constraint, value: &M) -> Option<Rule> {
    match *constraint {
        Constraint::Required => None,
        // Most texts are told by their bytes: a character has one to four.
        Constraint::Length { min, max }
            if value.text().is_some_and(|text| text.len() <= max && text.len().div_ceil(4) >= min) =>
        {
            None
        }
        Constraint::Length { min, max } => match value.length()? {
            n if n < min => Some(Rule::LengthAtLeast(min)),
            n if n > max => Some(Rule::LengthAtMost(max)),
            _ => None,
        },
        Constraint::Range { min, max } => match value.number()? {
            n if n < min => Some(Rule::ValueAtLeast(min)),
            n if n > max => Some(Rule::ValueAtMost(max)),
            _ => None,
        },
        Constraint::NameLength { max } => {
            // Beyond the length of an ARN that is what is told.
            let has_too_many = |text: &str| (max + 1..=TABLE_ARN_MAX_CHARS).contains(&text.chars().count());
            // A text has no more characters than bytes.
            let is_long = |text: &str| text.len() > max && !is_arn(text) && has_too_many(text);
            is_long(value.text()?).then_some(Rule::LengthAtMost(max))
        }
        Constraint::Pattern { shown, matches } => (!matches(value.text()?)).then_some(Rule::Pattern(shown)),
    }
}

/// Members without anything inside, seen as they are.
macro_rules! plain_member {
    ($ty:ty as $info:ident, $value:ident => $valid:ty = $seen:expr, $($method:tt)*) => {
        impl Member for $ty {
            const TYPE: TypeInfo = TypeInfo::$info;
            type Valid<'a> = $valid;

            $($method)*

            fn check<'a>(&'a self, _place: &Place<'_>, _violations: &mut Violations) -> Option<Self::Valid<'a>> {
                let $value = self;
                Some($seen)
            }
        }
    };
}

plain_member! { String as String, value => &'a str = value,
    fn length(&self) -> Option<usize> {
        Some(self.chars().count())
    }

    fn text(&self) -> Option<&str> {
        Some(self)
    }

    fn echo(&self, out: &mut Echo) -> fmt::Result {
        out.write_str(self)
    }
}

plain_member! { i32 as Integer, value => i32 = *value,
    fn number(&self) -> Option<i64> {
        Some(i64::from(*self))
    }

    fn echo(&self, out: &mut Echo) -> fmt::Result {
        write!(out, "{self}")
    }
}

plain_member! { i64 as Long, value => i64 = *value,
    fn number(&self) -> Option<i64> {
        Some(*self)
    }

    fn echo(&self, out: &mut Echo) -> fmt::Result {
        write!(out, "{self}")
    }
}

plain_member! { bool as Boolean, value => bool = *value,
    fn echo(&self, out: &mut Echo) -> fmt::Result {
        write!(out, "{self}")
    }
}

plain_member! { f64 as Double, value => f64 = *value,
    fn echo(&self, out: &mut Echo) -> fmt::Result {
        write!(out, "{self}")
    }
}

plain_member! { Timestamp as Timestamp, value => Timestamp = *value,
    fn echo(&self, out: &mut Echo) -> fmt::Result {
        write!(out, "{}", self.0)
    }
}

plain_member! { Item as Item, value => &'a Item = value,
    // Lists of items are of answers.
    const MAX_MEMBERS: usize = usize::MAX;

    fn echo(&self, out: &mut Echo) -> fmt::Result {
        write!(out, "{self:?}")
    }
}

plain_member! { Checked<Item> as Item, value => &'a Checked<Item> = value,
    fn echo(&self, out: &mut Echo) -> fmt::Result {
        write!(out, "{:?}", self.0)
    }
}

plain_member! { Checked<Value> as AttributeValue, value => &'a Checked<Value> = value,
    fn echo(&self, out: &mut Echo) -> fmt::Result {
        write!(out, "{:?}", self.0)
    }
}

impl<E: Enumeration> Member for Open<E> {
    const TYPE: TypeInfo = TypeInfo::Enum(E::INFO);
    const HAS_INSIDE: bool = true;
    type Valid<'a> = E;

    fn echo(&self, out: &mut Echo) -> fmt::Result {
        out.write_str(match self {
            Open::Known(value) => value.name(),
            Open::Unknown(text) => text,
        })
    }

    fn check(&self, place: &Place<'_>, violations: &mut Violations) -> Option<E> {
        if let Open::Unknown(_) = self {
            violations.add(place, Rule::Enumeration(E::INFO.values), Some(&|out| self.echo(out)));
        }
        self.known()
    }
}

impl<M: Member> Member for Vec<M> {
    const TYPE: TypeInfo = TypeInfo::List(&M::TYPE);
    const HAS_INSIDE: bool = M::HAS_INSIDE;
    type Valid<'a>
        = &'a [M]
    where
        M: 'a;

    fn length(&self) -> Option<usize> {
        Some(self.len())
    }

    fn echo(&self, out: &mut Echo) -> fmt::Result {
        out.write_char('[')?;
        for (index, member) in self.iter().enumerate() {
            if index > 0 {
                out.write_str(", ")?;
            }
            member.echo(out)?;
        }
        out.write_char(']')
    }

    fn weight(&self) -> usize {
        let inside: usize = if M::HAS_INSIDE { self.iter().map(M::weight).sum() } else { 0 };
        self.len() + inside
    }

    fn check<'a>(&'a self, place: &Place<'_>, violations: &mut Violations) -> Option<&'a [M]> {
        check_weight(self, M::MAX_MEMBERS, place, violations);
        if M::HAS_INSIDE {
            for (index, member) in self.iter().enumerate() {
                member.check(&place.element(index), violations);
            }
        }
        Some(self)
    }
}

impl<M: Member> Member for BTreeMap<String, M> {
    const TYPE: TypeInfo = TypeInfo::Map(&M::TYPE);
    const HAS_INSIDE: bool = M::HAS_INSIDE;
    type Valid<'a>
        = &'a BTreeMap<String, M>
    where
        M: 'a;

    fn length(&self) -> Option<usize> {
        Some(self.len())
    }

    fn echo(&self, out: &mut Echo) -> fmt::Result {
        out.write_char('{')?;
        for (index, (name, member)) in self.iter().enumerate() {
            write!(out, "{}{name}=", if index > 0 { ", " } else { "" })?;
            member.echo(out)?;
        }
        out.write_char('}')
    }

    fn weight(&self) -> usize {
        let inside: usize = if M::HAS_INSIDE { self.values().map(M::weight).sum() } else { 0 };
        self.len() + inside
    }

    fn check<'a>(
        &'a self,
        place: &Place<'_>,
        violations: &mut Violations,
    ) -> Option<&'a BTreeMap<String, M>> {
        check_weight(self, M::MAX_MEMBERS, place, violations);
        if M::HAS_INSIDE {
            for (name, member) in self {
                member.check(&place.entry(name), violations);
            }
        }
        Some(self)
    }
}

/// A collection that was longer than it may be has been read that far and one further.
fn check_weight<C: Member>(collection: &C, max: usize, place: &Place<'_>, violations: &mut Violations) {
    if collection.weight() > max {
        violations.add(place, Rule::LengthAtMost(max), Some(&|out| collection.echo(out)));
    }
}

/// How members are read: as serde does it, except that collections stop at [`COLLECTION_MAX_MEMBERS`]. A list of empty structures is
/// sixty times as large in memory as in a request.
pub trait Read<'de>: Deserialize<'de> {
    /// Reads one.
    ///
    /// # Errors
    /// The format's.
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::deserialize(deserializer)
    }
}

/// A member that may be absent or null.
pub(crate) fn read_optional<'de, T: Read<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    deserializer.deserialize_option(Optional(PhantomData))
}

struct Optional<T>(PhantomData<T>);

impl<'de, T: Read<'de>> Visitor<'de> for Optional<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member of a request")
    }

    fn visit_none<E>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_unit<E>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        T::read(deserializer).map(Some)
    }
}

macro_rules! read_as_serde {
    ($($ty:ty)*) => {$(
        impl Read<'_> for $ty {}
    )*};
}
read_as_serde! { String i32 i64 bool f64 Timestamp Item Checked<Item> Checked<Value> }

impl<E: Enumeration> Read<'_> for Open<E> {}

impl<'de, M: Read<'de> + Member> Read<'de> for Vec<M> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(ListVisitor(PhantomData))
    }
}

impl<'de, M: Read<'de> + Member> Read<'de> for BTreeMap<String, M> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MapVisitor(PhantomData))
    }
}

struct ListVisitor<M>(PhantomData<M>);

impl<'de, M: Read<'de> + Member> Visitor<'de> for ListVisitor<M> {
    type Value = Vec<M>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<M>, A::Error> {
        let mut members = Vec::new();
        let mut weight = 0;
        while weight <= M::MAX_MEMBERS {
            let Some(member) = list.next_element_seed(ReadSeed(PhantomData::<M>))? else {
                return Ok(members);
            };
            weight += 1 + member.weight();
            members.push(member);
        }
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(members)
    }
}

struct MapVisitor<M>(PhantomData<M>);

impl<'de, M: Read<'de> + Member> Visitor<'de> for MapVisitor<M> {
    type Value = BTreeMap<String, M>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<BTreeMap<String, M>, A::Error> {
        let mut members: BTreeMap<String, M> = BTreeMap::new();
        let mut weight = 0;
        while weight <= M::MAX_MEMBERS {
            let Some(name) = map.next_key::<String>()? else { return Ok(members) };
            let member = map.next_value_seed(ReadSeed(PhantomData::<M>))?;
            weight += 1 + member.weight();
            if let Some(replaced) = members.insert(name, member) {
                weight -= 1 + replaced.weight();
            }
        }
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(members)
    }
}

/// Reads a member of a collection.
struct ReadSeed<M>(PhantomData<M>);

impl<'de, M: Read<'de>> DeserializeSeed<'de> for ReadSeed<M> {
    type Value = M;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<M, D::Error> {
        M::read(deserializer)
    }
}
