//! Tokens of requests: what was done under one in the last ten minutes is not done again (facts B7).
//!
//! ```text
//! tokens/<table id> ──► rows: hash of the token ──► hash of the request, when
//! ```
//! A token is a row, committed with what was done under it, so that both are there after a crash or neither. The rows lie in *spaces*: tables
//! without a name that begin one after the other, every five minutes, and go as a whole when their last token is too old. So a token costs one
//! row and nothing later. What one is looked for in is few spaces, and there are never more, however fast tokens come: a space is full
//! some time, and the oldest goes early.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use parking_lot::RwLock;
use serde::{Deserialize, Serialize};
use siphasher::sip128::{Hasher128, SipHasher24};

use super::Call;
use crate::api::Result;
use crate::clock::{Millis, millis};
use crate::limits::TOKEN_LIFETIME;
use crate::locks::{Guarded, Ordered, Rank};
use crate::store::{Batch, MetaChange, Removal, RowChange, Store, TableId, read_meta};
use crate::stream::IteratorKey;
use crate::value::key::RowKey;
use crate::value::{AttributeValue, Item, ValueRef};

/// How long tokens are put into one space.
const SPACE_AGE: Duration = Duration::from_secs(5 * 60);
/// How many are put into one, about; few in unit tests, which come to the end of it.
const SPACE_TOKENS: u64 = if cfg!(test) { 1 << 6 } else { 1 << 18 };
/// How many spaces there are at most.
const SPACES: usize = 4;
/// Requests whose tokens fall together wait for each other.
const TURNS: u64 = 64;
/// The only attribute of a row.
const ATTRIBUTE: &str = "r";
const DIGEST_BYTES: usize = 16;

/// Bytes as few as tell requests apart.
type Hash = [u8; DIGEST_BYTES];

/// Tokens that begin after each other.
#[derive(Debug)]
pub(crate) struct TokenSpace {
    pub(crate) id: TableId,
    begun_at: Millis,
    tokens: AtomicU64,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredSpace {
    begun_at: Millis,
}

impl TokenSpace {
    pub(super) fn restore(store: &dyn Store, name: &str, text: &str, id: TableId) -> Result<TokenSpace> {
        let StoredSpace { begun_at } = read_meta(name, text)?;
        let (tokens, _) = store.totals(id)?;
        Ok(TokenSpace { id, begun_at, tokens: AtomicU64::new(tokens.max(0).unsigned_abs()) })
    }

    /// When no token in it is good any more.
    pub(crate) fn forgotten_at(&self) -> Millis {
        self.begun_at + millis(SPACE_AGE) + millis(TOKEN_LIFETIME)
    }

    fn is_open(&self, now: Millis) -> bool {
        now < self.begun_at + millis(SPACE_AGE) && self.tokens.load(Ordering::Relaxed) < SPACE_TOKENS
    }

    fn entry(&self) -> MetaChange {
        MetaChange::keep(self.meta_name(), &StoredSpace { begun_at: self.begun_at })
    }

    fn meta_name(&self) -> String {
        format!("tokens/{}", self.id.0)
    }
}

/// A token, and what is asked for under it.
#[derive(Debug)]
pub(crate) struct Token {
    key: RowKey,
    request: Hash,
}

/// What is known of a token.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Recalled {
    /// Nothing was done under it in the last ten minutes.
    New,
    /// The same was done.
    Done,
    /// Something else was done.
    Other,
}

/// Hashes a request, part by part.
#[derive(Debug)]
pub(crate) struct Digest(SipHasher24);

impl Digest {
    /// The next part. Where it ends is part of it.
    pub(crate) fn part(&mut self, bytes: &[u8]) {
        use std::hash::Hasher as _;
        self.0.write_u64(bytes.len() as u64);
        self.0.write(bytes);
    }

    /// A number that says what follows: which action, how many parts.
    pub(crate) fn mark(&mut self, number: usize) {
        use std::hash::Hasher as _;
        self.0.write_u64(number as u64);
    }

    fn finish(self) -> Hash {
        self.0.finish128().as_bytes()
    }
}

/// The tokens of a database.
#[derive(Debug)]
pub(crate) struct Tokens {
    /// Of the hashes; the database's own, so that nobody can make two requests look the same.
    hash_key: (u64, u64),
    /// A request holds the turn of its token from the look at it until it is done.
    turns: Vec<Ordered<()>>,
    /// Old ones first.
    spaces: RwLock<Vec<Arc<TokenSpace>>>,
}

impl Tokens {
    pub(super) fn new(key: &IteratorKey, mut spaces: Vec<TokenSpace>) -> Tokens {
        spaces.sort_unstable_by_key(|space| space.id);
        Tokens {
            hash_key: (key.derive(b"tokens, first"), key.derive(b"tokens, second")),
            turns: (0..TURNS).map(|turn| Ordered::new(Rank::Token(turn), ())).collect(),
            spaces: RwLock::new(spaces.into_iter().map(Arc::new).collect()),
        }
    }

    pub(super) fn spaces(&self) -> Vec<Arc<TokenSpace>> {
        self.spaces.read().clone()
    }

    /// An empty digest.
    pub(crate) fn digest(&self) -> Digest {
        Digest(SipHasher24::new_with_keys(self.hash_key.0, self.hash_key.1))
    }

    /// A token as the caller gave it, of a request.
    pub(crate) fn token(&self, given: &str, request: Digest) -> Token {
        let mut hash = self.digest();
        hash.part(given.as_bytes());
        Token { key: RowKey::new(ValueRef::B(&hash.finish()), None), request: request.finish() }
    }

    /// Waits until no other request with this token runs.
    pub(crate) fn turn(&self, token: &Token) -> Guarded<'_, ()> {
        self.turns[(token.key.hash() % TURNS) as usize].lock()
    }

    fn all_turns(&self) -> Vec<Guarded<'_, ()>> {
        self.turns.iter().map(Ordered::lock).collect()
    }

    fn newest(&self) -> Option<Arc<TokenSpace>> {
        self.spaces.read().last().cloned()
    }
}

impl Call<'_> {
    /// Sees to it that there is a space for a token. Before the token's turn: a new space needs all turns.
    ///
    /// # Errors
    /// The store's.
    pub(crate) fn prepare_tokens(&self) -> Result<()> {
        let is_open = || self.tokens.newest().is_some_and(|space| space.is_open(self.now()));
        if is_open() {
            return Ok(());
        }
        let _turns = self.tokens.all_turns();
        if is_open() {
            return Ok(());
        }
        let (id, begun_at) = (self.next_table_id(), self.now());
        let space = Arc::new(TokenSpace { id, begun_at, tokens: AtomicU64::default() });
        let mut batch = Batch { meta: vec![space.entry()], ..Batch::default() };
        let mut spaces = self.tokens.spaces();
        let gone: Vec<Arc<TokenSpace>> = spaces.drain(..(spaces.len() + 1).saturating_sub(SPACES)).collect();
        for space in &gone {
            forget(&mut batch, space);
        }
        self.commit_catalog(batch)?;
        spaces.push(space.clone());
        *self.tokens.spaces.write() = spaces;
        gone.iter().for_each(|space| self.schedule.tokens_done(space));
        self.schedule.tokens_begun(&space);
        Ok(())
    }

    /// What is known of a token, whose turn the caller has.
    ///
    /// # Errors
    /// The store's.
    pub(crate) fn recall(&self, token: &Token) -> Result<Recalled> {
        let now = self.now();
        for space in self.tokens.spaces().iter().rev() {
            let Some(row) = self.store.get(space.id, &token.key)? else { continue };
            let (request, at) = read(&row);
            if now >= at.saturating_add(millis(TOKEN_LIFETIME)) {
                continue;
            }
            return Ok(if request == token.request { Recalled::Done } else { Recalled::Other });
        }
        Ok(Recalled::New)
    }

    /// The row that remembers a token, whose turn the caller has, for the commit of what is done under it.
    pub(crate) fn remembered(&self, token: &Token) -> RowChange {
        let space = self.tokens.newest().expect("a space was prepared, and the newest stays");
        space.tokens.fetch_add(1, Ordering::Relaxed);
        let after = Some(row(&token.request, self.now()));
        RowChange { table: space.id, key: token.key.clone(), before: None, after, of: None }
    }

    /// Forgets a space whose tokens are all too old.
    ///
    /// # Errors
    /// The store's.
    pub(crate) fn forget_tokens(&self, space: &TokenSpace) -> Result<()> {
        let _turns = self.tokens.all_turns();
        let mut batch = Batch::default();
        forget(&mut batch, space);
        self.commit_catalog(batch)?;
        self.tokens.spaces.write().retain(|known| known.id != space.id);
        self.schedule.tokens_done(space);
        Ok(())
    }
}

fn forget(batch: &mut Batch, space: &TokenSpace) {
    batch.meta.push(MetaChange::forget(space.meta_name()));
    batch.removals.push(Removal::Rows(space.id));
}

/// A row: the hash of the request, then when it was done, as one binary value.
fn row(request: &Hash, at: Millis) -> Item {
    let mut bytes = Vec::with_capacity(DIGEST_BYTES + 8);
    bytes.extend_from_slice(request);
    bytes.extend_from_slice(&at.to_be_bytes());
    Item::new([(ATTRIBUTE, &AttributeValue::B(bytes))]).expect("a small item")
}

fn read(row: &Item) -> (Hash, Millis) {
    let Some(ValueRef::B(bytes)) = row.get(ATTRIBUTE) else { unreachable!("rows are made above") };
    let (request, at) = bytes.split_at(DIGEST_BYTES);
    let whole = "rows are made above";
    (request.try_into().expect(whole), Millis::from_be_bytes(at.try_into().expect(whole)))
}
