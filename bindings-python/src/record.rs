//! Change records that are converted when they are looked at, part by part.

use std::sync::{Arc, OnceLock};

use pyo3::exceptions::{PyKeyError, PyValueError};
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyList, PyMapping, PyTuple};
use serde::Deserialize;
use streamtable::api::Enumeration;
use streamtable::records::lambda_event;
use streamtable::value::Item;
use streamtable::{Checkpoint, Reader, api};

use crate::input::Source;
use crate::names::NamePool;
use crate::output::Sink;

/// Where a record was read, so that a reader can go on after it.
#[derive(Clone)]
pub(crate) enum Place {
    /// By the reader as it stood after the record's page.
    Page(Arc<Reader>),
    /// As it was written down.
    Kept(Arc<Checkpoint>),
}

/// The engine's record, and what of it was converted.
struct Content {
    record: api::Record,
    shard_id: Arc<str>,
    place: Place,
    names: Arc<NamePool>,
    keys: OnceLock<Py<PyAny>>,
    change: OnceLock<Py<PyAny>>,
    new_image: OnceLock<Py<PyAny>>,
    old_image: OnceLock<Py<PyAny>>,
}

impl Content {
    fn sink<T>(&self, py: Python<'_>, work: impl FnOnce(&Sink<'_>) -> PyResult<T>) -> PyResult<T> {
        let sink = Sink::new(py, self.names.take(), None);
        let result = work(&sink);
        self.names.give_back(sink.into_names());
        result
    }

    /// The item as a dict, the same one at every look.
    fn item(&self, py: Python<'_>, item: &Item, place: &OnceLock<Py<PyAny>>) -> PyResult<Py<PyAny>> {
        if let Some(dict) = place.get() {
            return Ok(dict.clone_ref(py));
        }
        let dict = self.sink(py, |sink| Ok(sink.write(item)?.unbind()))?;
        // Another thread may have been first; then its dict is the one.
        Ok(place.get_or_init(|| dict).clone_ref(py))
    }

    /// The item's key, which can be called as ``keys`` of any mapping.
    fn keys(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        if let Some(keys) = self.keys.get() {
            return Ok(keys.clone_ref(py));
        }
        let dict = self.sink(py, |sink| Ok(sink.write(&self.record.keys)?.unbind()))?;
        let keys = self
            .item_keys(py)?
            .call1((dict, PyTuple::new(py, self.record.members().collect::<Vec<_>>())?))?
            .unbind();
        Ok(self.keys.get_or_init(|| keys).clone_ref(py))
    }

    fn item_keys<'py>(&self, py: Python<'py>) -> PyResult<&Bound<'py, PyAny>> {
        static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let class = CLASS.get_or_try_init(py, || {
            Ok::<_, PyErr>(py.import("streamtable._record")?.getattr("ItemKeys")?.unbind())
        })?;
        Ok(class.bind(py))
    }

    /// What stands under ``dynamodb``, the same dict at every look: a plain one, whatever is done with it.
    fn change(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        if let Some(change) = self.change.get() {
            return Ok(change.clone_ref(py));
        }
        let head = self.head(py)?.get_item("dynamodb")?;
        let dict = PyDict::new(py);
        for name in self.record.change_members() {
            match name {
                "Keys" => {
                    dict.set_item(name, self.sink(py, |sink| Ok(sink.write(&self.record.keys)?.unbind()))?)?
                }
                "NewImage" => dict.set_item(name, self.new_image(py)?)?,
                "OldImage" => dict.set_item(name, self.old_image(py)?)?,
                _ => dict.set_item(name, head.get_item(name)?)?,
            }
        }
        let dict = dict.into_any().unbind();
        Ok(self.change.get_or_init(|| dict).clone_ref(py))
    }

    fn checkpoint(&self) -> Checkpoint {
        match &self.place {
            Place::Page(reader) => reader.checkpoint_within(Some(self.record.sequence_number)),
            Place::Kept(checkpoint) => Checkpoint::clone(checkpoint),
        }
    }

    fn stream(&self) -> &str {
        match &self.place {
            Place::Page(reader) => reader.stream(),
            Place::Kept(checkpoint) => checkpoint.stream(),
        }
    }

    fn new_image(&self, py: Python<'_>) -> PyResult<Option<Py<PyAny>>> {
        self.record.new_image.as_ref().map(|image| self.item(py, image, &self.new_image)).transpose()
    }

    fn old_image(&self, py: Python<'_>) -> PyResult<Option<Py<PyAny>>> {
        self.record.old_image.as_ref().map(|image| self.item(py, image, &self.old_image)).transpose()
    }

    /// Everything but the items, as a dict. It is short; the engine writes it, so that its words stand in one place.
    fn head<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.sink(py, |sink| sink.write(&self.record.head()).map(Bound::unbind))
            .map(|head| head.into_bound(py))
    }

    fn created_at<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let seconds = self.record.approximate_creation_date_time().0;
        self.sink(py, |sink| sink.moment(seconds).map(Bound::unbind)).map(|moment| moment.into_bound(py))
    }

    fn traverse(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        for place in [&self.keys, &self.change, &self.new_image, &self.old_image] {
            if let Some(dict) = place.get() {
                visit.call(dict)?;
            }
        }
        Ok(())
    }
}

/// One change of one item. Its parts are converted when they are first looked at; a record that is only passed on costs nothing.
///
/// Attributes read best (``record.new_image``). It is also a mapping, of the names and plain values that a record of boto3 has:
/// ``record["dynamodb"]["NewImage"]``, ``dict(record)``, ``copy.deepcopy`` and ``pickle`` work. ``to_dict()`` is boto3's dict as a whole.
#[pyclass(module = "streamtable", frozen, weakref, mapping)]
pub(crate) struct Record(Content);

impl Record {
    pub(crate) fn new(record: api::Record, shard_id: Arc<str>, place: Place, names: Arc<NamePool>) -> Record {
        Record(Content {
            record,
            shard_id,
            place,
            names,
            keys: OnceLock::new(),
            change: OnceLock::new(),
            new_image: OnceLock::new(),
            old_image: OnceLock::new(),
        })
    }
}

/// A record out of what `Record.__reduce__` has told of it.
#[pyfunction]
#[pyo3(signature = (record, shard_id, checkpoint, /))]
pub(crate) fn _restored(record: &Bound<'_, PyAny>, shard_id: &str, checkpoint: &str) -> PyResult<Record> {
    let source = Source::new(record.py());
    let read = api::Record::deserialize(source.read(record));
    let read = read.map_err(|error| PyValueError::new_err(format!("that is no record: {error}")))?;
    let checkpoint: Checkpoint =
        checkpoint.parse().map_err(|error: streamtable::Error| PyValueError::new_err(error.to_string()))?;
    Ok(Record::new(read, shard_id.into(), Place::Kept(Arc::new(checkpoint)), Arc::new(NamePool::new())))
}

#[pymethods]
impl Record {
    /// Identity of the record, 32 hexadecimal digits.
    #[getter]
    fn event_id(&self) -> String {
        self.0.record.event_id()
    }

    /// ``"INSERT"``, ``"MODIFY"`` or ``"REMOVE"``.
    #[getter]
    fn event_name(&self) -> &'static str {
        self.0.record.event_name.name()
    }

    /// The item's key. Called, as the ``keys`` of any mapping, it gives the names of the record's members.
    #[getter]
    fn keys(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        self.0.keys(py)
    }

    /// The item after the change; None when there is none, or the stream does not hold it.
    #[getter]
    fn new_image(&self, py: Python<'_>) -> PyResult<Option<Py<PyAny>>> {
        self.0.new_image(py)
    }

    /// The item before the change; None when there was none, or the stream does not hold it.
    #[getter]
    fn old_image(&self, py: Python<'_>) -> PyResult<Option<Py<PyAny>>> {
        self.0.old_image(py)
    }

    /// The shard that has the record.
    #[getter]
    fn shard_id(&self) -> &str {
        &self.0.shard_id
    }

    /// Where to go on after this record, in all shards: a text to keep, for ``records(checkpoint=...)``. It tells what the record's reader had
    /// given when it gave this one.
    #[getter]
    fn checkpoint(&self) -> String {
        self.0.checkpoint().to_string()
    }

    /// Place in the shard, decimal digits.
    #[getter]
    fn sequence_number(&self) -> String {
        self.0.record.sequence_number()
    }

    /// Size of key and images in bytes.
    #[getter]
    fn size_bytes(&self) -> usize {
        self.0.record.size_bytes()
    }

    /// ``"KEYS_ONLY"``, ``"NEW_IMAGE"``, ``"OLD_IMAGE"`` or ``"NEW_AND_OLD_IMAGES"``.
    #[getter]
    fn stream_view_type(&self) -> &'static str {
        self.0.record.origin.view.name()
    }

    /// When the change was made, in UTC, to the second.
    #[getter]
    fn created_at<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.0.created_at(py)
    }

    /// Whether the service itself made the change, because the item expired.
    #[getter]
    fn by_service(&self) -> bool {
        self.0.record.by_service
    }

    /// The record as boto3's ``get_records`` has it: a plain dict of its own.
    fn to_dict(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        self.0.sink(py, |sink| Ok(sink.write(&self.0.record)?.unbind()))
    }

    /// The record as a function of AWS Lambda is given it, ready for JSON: base64 text for bytes, a number for the time, and the ARN of the
    /// stream. What reads such events reads this, such as the data classes of Powertools.
    fn to_lambda(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        let event = lambda_event([&self.0.record], self.0.stream());
        self.0.sink(py, |sink| Ok(sink.write(&event["Records"][0])?.unbind()))
    }

    /// The names and values of the members, as of any mapping.
    fn items<'py>(slf: &Bound<'py, Record>) -> PyResult<Bound<'py, PyAny>> {
        view(slf, "ItemsView")
    }

    /// The values of the members, as of any mapping.
    fn values<'py>(slf: &Bound<'py, Record>) -> PyResult<Bound<'py, PyAny>> {
        view(slf, "ValuesView")
    }

    fn __copy__(slf: Bound<'_, Record>) -> Bound<'_, Record> {
        slf
    }

    fn __deepcopy__(&self, _memo: &Bound<'_, PyAny>) -> Record {
        let Content { record, shard_id, place, names, .. } = &self.0;
        Record::new(record.clone(), shard_id.clone(), place.clone(), names.clone())
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let restore = py.import("streamtable._streamtable")?.getattr("_restored")?;
        let members = (self.to_dict(py)?, self.shard_id(), self.checkpoint()).into_pyobject(py)?;
        PyTuple::new(py, [restore, members.into_any()])
    }

    fn __getitem__<'py>(slf: &Bound<'py, Record>, name: &str) -> PyResult<Bound<'py, PyAny>> {
        let py = slf.py();
        let Record(content) = slf.get();
        if name == "dynamodb" {
            return Ok(content.change(py)?.into_bound(py));
        }
        if !content.record.members().any(|known| known == name) {
            return Err(PyKeyError::new_err(name.to_owned()));
        }
        content.head(py)?.get_item(name)
    }

    #[pyo3(signature = (name, default=None))]
    fn get<'py>(
        slf: &Bound<'py, Record>,
        name: &str,
        default: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        match Record::__getitem__(slf, name) {
            Ok(value) => Ok(Some(value)),
            Err(error) if error.is_instance_of::<PyKeyError>(slf.py()) => Ok(default),
            Err(error) => Err(error),
        }
    }

    fn __contains__(&self, name: &Bound<'_, PyAny>) -> bool {
        name.extract::<String>().is_ok_and(|name| self.0.record.members().any(|known| known == name))
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(PyList::new(py, self.0.record.members().collect::<Vec<_>>())?.try_iter()?.into_any())
    }

    fn __len__(&self) -> usize {
        self.0.record.members().count()
    }

    fn __eq__(&self, py: Python<'_>, other: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
        if let Ok(other) = other.cast::<Record>() {
            let equal = self.0.record == other.get().0.record;
            return Ok(equal.into_pyobject(py)?.to_owned().into_any().unbind());
        }
        if other.is_instance_of::<PyMapping>() {
            let equal = other.eq(self.to_dict(py)?)?;
            return Ok(equal.into_pyobject(py)?.to_owned().into_any().unbind());
        }
        Ok(py.NotImplemented())
    }

    fn __hash__(&self) -> u64 {
        // Equal records have equal identities; the fold keeps all of the 128 bits in play.
        let id = self.0.record.event_id;
        (id as u64) ^ ((id >> 64) as u64)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let keys = self.keys(py)?;
        Ok(format!(
            "<streamtable.Record {} {} at {}>",
            self.event_name(),
            keys.bind(py).repr()?,
            self.sequence_number()
        ))
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.0.traverse(visit)
    }
}

/// A view of a record as `collections.abc` has it.
fn view<'py>(record: &Bound<'py, Record>, kind: &str) -> PyResult<Bound<'py, PyAny>> {
    record.py().import("collections.abc")?.getattr(kind)?.call1((record,))
}
