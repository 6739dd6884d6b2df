//! Key schemas and attribute definitions as requests give them.

use crate::api::message::{index as index_text, table as text};
use crate::api::shape::Shape;
use crate::api::{AttributeDefinition, Error, KeySchemaElement, KeyType, Result, ScalarAttributeType};
use crate::limits::INDEX_KEY_MAX_ATTRIBUTES;
use crate::table::{KeyAttribute, Schema, SpaceDefinition};

/// The attributes of a request and their types, in its order.
#[derive(Debug)]
pub(super) struct Definitions<'a>(Vec<(&'a str, ScalarAttributeType)>);

impl<'a> Definitions<'a> {
    /// # Errors
    /// `ValidationException` for a name twice.
    pub(super) fn read(given: &'a [AttributeDefinition]) -> Result<Definitions<'a>> {
        let mut definitions = Definitions(Vec::with_capacity(given.len()));
        for definition in given {
            let definition = definition.valid()?;
            if definitions.kind(definition.attribute_name).is_some() {
                return Err(Error::validation(text::duplicate_definition(definition.attribute_name)));
            }
            definitions.0.push((definition.attribute_name, definition.attribute_type));
        }
        Ok(definitions)
    }

    pub(super) fn kind(&self, name: &str) -> Option<ScalarAttributeType> {
        self.0.iter().find(|(own, _)| *own == name).map(|(_, kind)| *kind)
    }

    pub(super) fn names(&self) -> Vec<&'a str> {
        self.0.iter().map(|(name, _)| *name).collect()
    }

    /// The attributes of a key.
    ///
    /// # Errors
    /// `ValidationException` for one that is not defined.
    fn attributes(&self, key: &[&str]) -> Result<Vec<KeyAttribute>> {
        let attribute = |name: &&str| Some(KeyAttribute { name: (*name).to_owned(), kind: self.kind(name)? });
        key.iter().map(attribute).collect::<Option<Vec<_>>>().ok_or_else(|| {
            let mut names = self.names();
            names.sort_unstable();
            Error::validation(text::key_without_definition(key, &names))
        })
    }

    /// # Errors
    /// `ValidationException` for definitions of attributes in no key: each request defines exactly what it uses.
    pub(super) fn require_used(&self, schema: &Schema, indexes: &[SpaceDefinition]) -> Result<()> {
        let of_indexes = indexes.iter().flat_map(|key| key.partition.iter().chain(&key.sort));
        let mut used: Vec<&str> =
            schema.parts().map(|(part, _)| part).chain(of_indexes).map(name_of).collect();
        used.sort_unstable();
        used.dedup();
        // Each key is defined, so there are no more keys than definitions.
        match used.len() == self.0.len() {
            true => Ok(()),
            false if indexes.is_empty() => Err(Error::validation(text::definitions_and_keys_differ())),
            false => Err(Error::validation(index_text::definitions_unused(&self.names(), &used))),
        }
    }
}

fn name_of(part: &KeyAttribute) -> &str {
    &part.name
}

type KeyPart<'a> = (&'a str, KeyType);

fn parts(given: &[KeySchemaElement]) -> Result<Vec<KeyPart<'_>>> {
    let mut parts = Vec::with_capacity(given.len());
    for element in given {
        let element = element.valid()?;
        parts.push((element.attribute_name, element.key_type));
    }
    Ok(parts)
}

/// The key of a table.
///
/// # Errors
/// `ValidationException` for another key than a partition key, and a sort key after it or none.
pub(super) fn table_schema(given: &[KeySchemaElement], definitions: &Definitions<'_>) -> Result<Schema> {
    let keys = parts(given)?;
    require_pair(&keys)?;
    let names: Vec<&str> = keys.iter().map(|(name, _)| *name).collect();
    let mut attributes = definitions.attributes(&names)?.into_iter();
    let hash = attributes.next().expect("a key that is none is refused");
    Ok(Schema { hash, range: attributes.next() })
}

/// A partition key, and a sort key after it or none. The check has refused more than two.
fn require_pair(keys: &[KeyPart<'_>]) -> Result<()> {
    let refuse = |problem: String| Err(Error::validation(problem));
    match keys {
        [] => refuse(text::first_key_not_hash()),
        [(_, first), ..] if *first != KeyType::Hash => refuse(text::first_key_not_hash()),
        [_, (_, second), ..] if *second != KeyType::Range => refuse(text::second_key_not_range()),
        [(a, _), (b, _), ..] if a == b => refuse(text::same_key_twice()),
        _ => Ok(()),
    }
}

/// The key of a local index: the table's partition key and a sort key.
///
/// # Errors
/// `ValidationException` for another one.
pub(super) fn local_key(
    index: &str,
    given: &[KeySchemaElement],
    definitions: &Definitions<'_>,
    schema: &Schema,
) -> Result<SpaceDefinition> {
    let keys = parts(given)?;
    let names: Vec<&str> = keys.iter().map(|(name, _)| *name).collect();
    let mut partition = definitions.attributes(&names)?;
    require_pair(&keys)?;
    let sort = partition.split_off(1);
    if sort.is_empty() {
        return Err(Error::validation(index_text::without_sort_key(index)));
    }
    if names[0] != schema.hash.name {
        let problem = index_text::other_partition_key(index, names[0], &schema.hash.name);
        return Err(Error::validation(problem));
    }
    Ok(SpaceDefinition { partition, sort })
}

/// The key of a global index: partition attributes, then sort attributes.
///
/// # Errors
/// `ValidationException` for another order, an attribute twice, or too many.
pub(super) fn global_key(
    given: &[KeySchemaElement],
    definitions: &Definitions<'_>,
) -> Result<SpaceDefinition> {
    let refuse = |problem: String| Err(Error::validation(problem));
    let keys = parts(given)?;
    let names: Vec<&str> = keys.iter().map(|(name, _)| *name).collect();
    let mut partition = definitions.attributes(&names)?;
    if keys.first().is_none_or(|(_, kind)| *kind != KeyType::Hash) {
        return refuse(text::first_key_not_hash());
    }
    if keys.windows(2).any(|pair| (pair[0].1, pair[1].1) == (KeyType::Range, KeyType::Hash)) {
        return refuse(index_text::hash_after_range());
    }
    match keys[..] {
        [(hash, _), (range, KeyType::Range)] if hash == range => return refuse(text::same_key_twice()),
        _ => {}
    }
    let mut sorted = names;
    sorted.sort_unstable();
    if sorted.windows(2).any(|pair| pair[0] == pair[1]) {
        return refuse(index_text::same_attribute_twice());
    }
    let sort = partition.split_off(keys.iter().filter(|(_, kind)| *kind == KeyType::Hash).count());
    for (attributes, kind) in [(&partition, "HASH"), (&sort, "RANGE")] {
        if attributes.len() > INDEX_KEY_MAX_ATTRIBUTES {
            return refuse(index_text::too_many_attributes(kind));
        }
    }
    Ok(SpaceDefinition { partition, sort })
}
