//! Topics, shaped as those of SNS: what is published to one is told to all who have subscribed.
//!
//! ```text
//! topic/<name>            when it was made, what it is set to, its tags
//! subscription/<uuid>     the topic, how and whom to tell, what it is set to, when it was made
//! ```
//! Nothing of what is published is kept here: it is messages of queues in the commit that publishes it.

mod notification;
mod settings;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub(crate) use notification::{Published, Sender, Structure, text_for};
pub(crate) use settings::{Settings, told};

use crate::api::Result;
use crate::clock::Millis;
use crate::store::{MetaChange, NewestCommit, read_meta, unsound};

const TOPIC: &str = "topic/";
const SUBSCRIPTION: &str = "subscription/";
/// The one protocol by which anything is delivered.
pub(crate) const QUEUES: &str = "sqs";

/// All topics, by name.
#[derive(Debug, Default)]
pub(crate) struct Topics {
    pub(crate) all: BTreeMap<String, Topic>,
    /// The newest commit that changed any.
    pub(crate) changed: NewestCommit,
}

/// A topic.
#[derive(Clone, Debug)]
pub(crate) struct Topic {
    pub(crate) name: String,
    pub(crate) created_at: Millis,
    /// What it was set to by name.
    pub(crate) attributes: BTreeMap<String, String>,
    pub(crate) tags: BTreeMap<String, String>,
    /// By their identities.
    pub(crate) subscriptions: BTreeMap<String, Arc<Subscription>>,
}

/// Somebody who is told of what is published to a topic.
#[derive(Clone, Debug)]
pub(crate) struct Subscription {
    pub(crate) uuid: String,
    pub(crate) protocol: String,
    pub(crate) endpoint: String,
    pub(crate) created_at: Millis,
    /// What it was set to by name.
    pub(crate) attributes: BTreeMap<String, String>,
    /// The same, read.
    pub(crate) settings: Settings,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredTopic {
    created_at: Millis,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    attributes: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    tags: BTreeMap<String, String>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredSubscription {
    topic: String,
    protocol: String,
    endpoint: String,
    created_at: Millis,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    attributes: BTreeMap<String, String>,
}

impl Topic {
    /// The catalog's entry, its subscriptions aside.
    pub(crate) fn entry(&self) -> MetaChange {
        let Topic { name, created_at, attributes, tags, .. } = self;
        let (attributes, tags) = (attributes.clone(), tags.clone());
        MetaChange::keep(format!("{TOPIC}{name}"), &StoredTopic { created_at: *created_at, attributes, tags })
    }

    /// Removes all that is kept of it.
    pub(crate) fn removed_entries(&self) -> Vec<MetaChange> {
        let own = MetaChange::forget(format!("{TOPIC}{}", self.name));
        self.subscriptions.keys().map(|uuid| Subscription::removed_entry(uuid)).chain([own]).collect()
    }
}

impl Subscription {
    /// Whether nobody has confirmed that this is wanted at its address, which here nobody can.
    pub(crate) fn is_pending(&self) -> bool {
        self.protocol != QUEUES
    }

    /// The catalog's entry.
    pub(crate) fn entry(&self, topic: &str) -> MetaChange {
        let stored = StoredSubscription {
            topic: topic.to_owned(),
            protocol: self.protocol.clone(),
            endpoint: self.endpoint.clone(),
            created_at: self.created_at,
            attributes: self.attributes.clone(),
        };
        MetaChange::keep(format!("{SUBSCRIPTION}{}", self.uuid), &stored)
    }

    /// Removes the entry.
    pub(crate) fn removed_entry(uuid: &str) -> MetaChange {
        MetaChange::forget(format!("{SUBSCRIPTION}{uuid}"))
    }
}

impl Topics {
    /// Those that the catalog has kept.
    ///
    /// # Errors
    /// `CorruptionException` for entries that cannot be read, or subscriptions of no topic.
    pub(crate) fn restore(
        topics: Vec<(String, String)>,
        subscriptions: Vec<(String, String)>,
    ) -> Result<Topics> {
        let mut known = Topics::default();
        for (entry, text) in topics {
            let StoredTopic { created_at, attributes, tags } = read_meta(&entry, &text)?;
            let name = named(&entry, TOPIC)?;
            let subscriptions = BTreeMap::new();
            let topic = Topic { name: name.clone(), created_at, attributes, tags, subscriptions };
            known.all.insert(name, topic);
        }
        for (entry, text) in subscriptions {
            let stored: StoredSubscription = read_meta(&entry, &text)?;
            let uuid = named(&entry, SUBSCRIPTION)?;
            let topic = known.all.get_mut(&stored.topic);
            let topic = topic.ok_or_else(|| unsound(&entry, "there is no topic of this name"))?;
            let settings = Settings::read(&stored.attributes).map_err(|why| unsound(&entry, why))?;
            let StoredSubscription { protocol, endpoint, created_at, attributes, .. } = stored;
            let subscription =
                Subscription { uuid: uuid.clone(), protocol, endpoint, created_at, attributes, settings };
            topic.subscriptions.insert(uuid, Arc::new(subscription));
        }
        Ok(known)
    }
}

fn named(entry: &str, kind: &str) -> Result<String> {
    let name = entry.strip_prefix(kind).filter(|name| !name.is_empty());
    name.map(str::to_owned).ok_or_else(|| unsound(entry, "it has no name"))
}
