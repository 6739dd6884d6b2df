//! Records made for tests of those who read them. They are the records of a database: nothing about them is made up.

use serde_json::json;

use crate::api::shape::{Enumeration, Open};
use crate::api::{DeleteItemInput, Error, ErrorCode, PutItemInput, Record, Result, StreamViewType};
use crate::database::Database;
use crate::options::OpenOptions;
use crate::reader::{ReadOptions, Reader};
use crate::value::Item;

/// What the records of a [`Maker`] are of.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct MakerOptions {
    /// The name of the table.
    pub table_name: String,
    /// The names of its key: the partition key, and the sort key if there is one. Their types are those of the first item.
    pub keys: Vec<String>,
    /// What records hold.
    pub view: StreamViewType,
    /// How the database is opened that writes them: region, account, time and seed.
    pub options: OpenOptions,
}

impl MakerOptions {
    /// Records of a table `Table` with these keys and both images, always the same at 2026-01-01T00:00:00Z.
    pub fn new(keys: impl IntoIterator<Item = impl Into<String>>) -> MakerOptions {
        MakerOptions {
            table_name: "Table".to_owned(),
            keys: keys.into_iter().map(Into::into).collect(),
            view: StreamViewType::NewAndOldImages,
            options: OpenOptions::deterministic(),
        }
    }

    /// With another name of the table.
    #[must_use]
    pub fn table_name(self, table_name: impl Into<String>) -> MakerOptions {
        MakerOptions { table_name: table_name.into(), ..self }
    }

    /// With records that hold something else.
    #[must_use]
    pub fn view(self, view: StreamViewType) -> MakerOptions {
        MakerOptions { view, ..self }
    }

    /// With a database that is opened otherwise.
    #[must_use]
    pub fn options(self, options: OpenOptions) -> MakerOptions {
        MakerOptions { options, ..self }
    }
}

/// Makes records of changes, one after the other: each with an identity, a size and a sequence number as the service would give it.
///
/// ```
/// use streamtable::records::{Maker, MakerOptions, lambda_event};
/// use streamtable::value::Item;
///
/// let old = Item::from_json(r#"{"id": {"S": "1"}, "total": {"N": "9"}}"#).expect("an item");
/// let new = Item::from_json(r#"{"id": {"S": "1"}, "total": {"N": "10"}}"#).expect("an item");
/// let mut maker = Maker::new(MakerOptions::new(["id"]));
/// let record = maker.change(Some(&old), Some(&new))?.expect("something changes");
/// assert_eq!(record.event_name.name(), "MODIFY");
/// let event = lambda_event([&record], maker.stream_arn());
/// assert_eq!(event["Records"][0]["dynamodb"]["OldImage"]["total"]["N"], "9");
/// # use streamtable::api::Enumeration;
/// # Ok::<(), streamtable::Error>(())
/// ```
#[derive(Debug)]
pub struct Maker {
    options: MakerOptions,
    made: Option<Made>,
}

/// The database that writes, and who reads it.
#[derive(Debug)]
struct Made {
    database: Database,
    reader: Reader,
}

impl Maker {
    /// Records of a table. Mistakes show at the first change.
    pub fn new(options: MakerOptions) -> Maker {
        Maker { options, made: None }
    }

    /// The ARN of the stream of the records; empty before the first change.
    pub fn stream_arn(&self) -> &str {
        self.made.as_ref().map_or("", |made| made.reader.stream())
    }

    /// The record of a change from an image to another, where none means that there is no item: an insertion or a removal. None where nothing
    /// changes, because then the service has no record either.
    ///
    /// # Errors
    /// `ValidationException` for two images with different keys, no image at all, and what CreateTable and PutItem refuse.
    pub fn change(&mut self, old: Option<&Item>, new: Option<&Item>) -> Result<Option<Record>> {
        let some = old.or(new).ok_or_else(|| refused("A change has an old image, a new one, or both"))?;
        let keys: Vec<&str> = self.options.keys.iter().map(String::as_str).collect();
        let key = some.project(&keys);
        if new.is_some_and(|new| new.project(&keys) != key) {
            return Err(refused("The images have different keys: they are two items"));
        }
        if self.made.is_none() {
            self.made = Some(make(&self.options, &key)?);
        }
        let made = self.made.as_mut().expect("made in the lines above");
        let table_name = &self.options.table_name;
        if let Some(old) = old {
            put(&made.database, table_name, old)?;
        }
        made.read()?;
        match new {
            Some(new) => put(&made.database, table_name, new)?,
            None => delete(&made.database, table_name, &key)?,
        }
        let record = made.read()?;
        delete(&made.database, table_name, &key)?;
        made.read()?;
        Ok(record)
    }
}

impl Made {
    /// The newest record that was not read yet; those before it are passed over.
    fn read(&mut self) -> Result<Option<Record>> {
        let mut newest = None;
        while let Some(page) = self.reader.next_page(&self.database, usize::MAX)? {
            newest = page.records.into_iter().next_back().or(newest);
        }
        Ok(newest)
    }
}

fn refused(message: &str) -> Error {
    Error::new(ErrorCode::Validation, message)
}

fn make(options: &MakerOptions, key: &Item) -> Result<Made> {
    let database = Database::memory(options.options.clone())?;
    let names = || options.keys.iter().zip(["HASH", "RANGE"]);
    if options.keys.len() > 2 || names().any(|(name, _)| key.get(name).is_none()) {
        return Err(refused("An item has one or two keys, and each image has them"));
    }
    let definition = |name: &String| {
        let kind = key.get(name).expect("looked at above").kind();
        json!({"AttributeName": name, "AttributeType": kind.name()})
    };
    let create = json!({
        "TableName": options.table_name, "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": options.keys.iter().map(definition).collect::<Vec<_>>(),
        "KeySchema": names().map(|(name, kind)| json!({"AttributeName": name, "KeyType": kind})).collect::<Vec<_>>(),
        "StreamSpecification": {"StreamEnabled": true, "StreamViewType": options.view.name()},
    });
    database.call_json("CreateTable", create.to_string().as_bytes())?;
    let describe = crate::api::DescribeTableInput { table_name: Some(options.table_name.clone()) };
    let table = database.call(describe)?.table;
    let arn = table.and_then(|table| table.latest_stream_arn).expect("the table has a stream");
    let reader = Reader::open(&database, &arn, ReadOptions::default())?;
    Ok(Made { database, reader })
}

fn put(database: &Database, table_name: &str, item: &Item) -> Result<()> {
    let (table_name, item) = (Some(table_name.to_owned()), Some(item.clone().into()));
    database.call(PutItemInput { table_name, item, ..Default::default() }).map(drop)
}

fn delete(database: &Database, table_name: &str, key: &Item) -> Result<()> {
    let (table_name, key) = (Some(table_name.to_owned()), Some(key.clone().into()));
    database.call(DeleteItemInput { table_name, key, ..Default::default() }).map(drop)
}

/// The view of a name on the wire.
pub(super) fn view_of(view: Option<&Open<StreamViewType>>) -> Result<StreamViewType> {
    let Some(view) = view else { return Ok(StreamViewType::NewAndOldImages) };
    view.known()
        .ok_or_else(|| refused("StreamViewType is KEYS_ONLY, NEW_IMAGE, OLD_IMAGE or NEW_AND_OLD_IMAGES"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::OperationType;

    fn item(total: &str) -> Item {
        let text = json!({"id": {"S": "1"}, "at": {"N": "7"}, "total": {"N": total}});
        Item::from_json(&text.to_string()).expect("an item")
    }

    #[test]
    fn records_are_those_of_a_database() {
        let mut maker = Maker::new(MakerOptions::new(["id", "at"]).table_name("Orders"));
        let (old, new) = (item("1"), item("2"));
        let mut made = Vec::new();
        for (old, new, name) in [
            (None, Some(&new), OperationType::Insert),
            (Some(&old), Some(&new), OperationType::Modify),
            (Some(&old), None, OperationType::Remove),
        ] {
            let record = maker.change(old, new).expect("sound images").expect("a change");
            assert_eq!(
                (record.event_name, record.old_image.as_ref(), record.new_image.as_ref()),
                (name, old, new)
            );
            assert_eq!(record.keys, item("1").project(&["id", "at"]));
            // 2 + 1, 2 + 2, and for each image 5 + 2 more.
            assert_eq!(
                record.size_bytes(),
                7 + 14 * (usize::from(old.is_some()) + usize::from(new.is_some()))
            );
            made.push(record);
        }
        assert!(made.windows(2).all(|pair| pair[0].sequence_number < pair[1].sequence_number));
        assert!(made.windows(2).all(|pair| pair[0].event_id != pair[1].event_id));
        assert!(maker.stream_arn().contains(":table/Orders/stream/"), "{}", maker.stream_arn());
        assert_eq!(maker.change(Some(&old), Some(&old)), Ok(None), "nothing changes");
    }

    #[test]
    fn what_no_database_would_write_is_refused() {
        let other = Item::from_json(r#"{"id": {"S": "2"}, "at": {"N": "7"}}"#).expect("an item");
        let code = |options: MakerOptions, old: Option<&Item>, new: Option<&Item>| {
            Maker::new(options).change(old, new).expect_err("refused").code()
        };
        let both = || MakerOptions::new(["id", "at"]);
        assert_eq!(code(both(), None, None), ErrorCode::Validation);
        assert_eq!(code(both(), Some(&item("1")), Some(&other)), ErrorCode::Validation);
        assert_eq!(code(MakerOptions::new(["none"]), None, Some(&other)), ErrorCode::Validation);
        assert_eq!(code(both().table_name("no"), None, Some(&other)), ErrorCode::Validation);
        let keys_only = both().view(StreamViewType::KeysOnly);
        let record = Maker::new(keys_only).change(None, Some(&other)).expect("sound").expect("a change");
        assert_eq!((record.new_image, record.old_image), (None, None));
    }
}
