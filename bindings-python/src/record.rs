//! Change records that are converted when they are looked at, part by part.

use std::sync::{Arc, OnceLock};

use pyo3::exceptions::PyKeyError;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use streamtable::api;
use streamtable::api::Enumeration;
use streamtable::value::Item;

use crate::names::NamePool;
use crate::output::Sink;

/// The engine's record, and what of it was converted.
struct Content {
    record: api::Record,
    shard_id: Arc<str>,
    names: Arc<NamePool>,
    keys: OnceLock<Py<PyAny>>,
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

    fn keys(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        self.item(py, &self.record.keys, &self.keys)
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
        for place in [&self.keys, &self.new_image, &self.old_image] {
            if let Some(dict) = place.get() {
                visit.call(dict)?;
            }
        }
        Ok(())
    }
}

/// One change of one item. Its parts are converted when they are first looked at; a record that is only passed on costs nothing.
///
/// Attributes read best (``record.new_image``); ``record["dynamodb"]["NewImage"]`` and the other names of a boto3 record work, too, and
/// ``to_dict()`` is boto3's dict as a whole.
#[pyclass(module = "streamtable", frozen, weakref)]
pub(crate) struct Record(Content);

impl Record {
    pub(crate) fn new(record: api::Record, shard_id: Arc<str>, names: Arc<NamePool>) -> Record {
        Record(Content {
            record,
            shard_id,
            names,
            keys: OnceLock::new(),
            new_image: OnceLock::new(),
            old_image: OnceLock::new(),
        })
    }
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

    /// The item's key.
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

    fn __getitem__<'py>(slf: &Bound<'py, Record>, name: &str) -> PyResult<Bound<'py, PyAny>> {
        let py = slf.py();
        let Record(content) = slf.get();
        if name == "dynamodb" {
            return Ok(Bound::new(py, Change(slf.clone().unbind()))?.into_any());
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
        if other.is_instance_of::<PyDict>() {
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

/// The ``dynamodb`` member of a record: a read-only mapping whose images are converted when they are looked at.
#[pyclass(module = "streamtable", frozen, mapping)]
pub(crate) struct Change(Py<Record>);

impl Change {
    fn content(&self) -> &Content {
        &self.0.get().0
    }

    fn names(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.content().record.change_members()
    }

    fn value<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Option<Bound<'py, PyAny>>> {
        let content = self.content();
        Ok(match name {
            "Keys" => Some(content.keys(py)?.into_bound(py)),
            "NewImage" => content.new_image(py)?.map(|image| image.into_bound(py)),
            "OldImage" => content.old_image(py)?.map(|image| image.into_bound(py)),
            _ if self.names().any(|known| known == name) => {
                Some(content.head(py)?.get_item("dynamodb")?.get_item(name)?)
            }
            _ => None,
        })
    }

    fn dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        for name in self.names() {
            dict.set_item(name, self.value(py, name)?)?;
        }
        Ok(dict)
    }
}

#[pymethods]
impl Change {
    fn __getitem__<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
        self.value(py, name)?.ok_or_else(|| PyKeyError::new_err(name.to_owned()))
    }

    #[pyo3(signature = (name, default=None))]
    fn get<'py>(
        &self,
        py: Python<'py>,
        name: &str,
        default: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        Ok(self.value(py, name)?.or(default))
    }

    fn __contains__(&self, name: &Bound<'_, PyAny>) -> bool {
        name.extract::<String>().is_ok_and(|name| self.names().any(|known| known == name))
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(self.keys(py)?.try_iter()?.into_any())
    }

    fn __len__(&self) -> usize {
        self.names().count()
    }

    fn keys<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        PyList::new(py, self.names().collect::<Vec<_>>())
    }

    fn values<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        Ok(self.dict(py)?.values())
    }

    fn items<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        Ok(self.dict(py)?.items())
    }

    fn __eq__(&self, py: Python<'_>, other: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
        let equal = if let Ok(other) = other.cast::<Change>() {
            self.content().record == other.get().content().record
        } else if other.is_instance_of::<PyDict>() {
            other.eq(self.dict(py)?)?
        } else {
            return Ok(py.NotImplemented());
        };
        Ok(equal.into_pyobject(py)?.to_owned().into_any().unbind())
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(self.dict(py)?.repr()?.to_string())
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.0)
    }
}
