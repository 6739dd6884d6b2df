//! Places for connections and memory for what is on its way, and who makes room when there is none.
//!
//! A connection that waits for its client keeps a place and often memory, for as long as the client likes. So nobody who keeps the server waiting
//! is sure of either: when there is no room, whoever has done so longest is closed. Whoever has work done for it is not: that ends by itself.
//!
//! Bodies of requests and answers have memory apart from each other. A request whose body is there waits for room for its answer, and answers wait
//! for their clients alone, so that no two wait for each other.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use parking_lot::{Mutex, MutexGuard};
use tokio::sync::{self, Notify};
use tokio::time::{Instant, sleep_until};

use crate::limits::Limits;

/// Bodies and answers up to this size are not counted: the number of connections bounds what they take, and counting would cost more.
pub(crate) const COUNTED_FROM_BYTES: usize = 16 * 1024;

/// Bytes that must get through for a transfer to have got anywhere: a client that takes one at a time does not.
pub(crate) const PROGRESS_BYTES: usize = 16 * 1024;

/// What a connection waits for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Phase {
    /// The line and the headers of a request.
    Awaiting,
    /// The body of a request, or room for it.
    Receiving,
    /// Its turn.
    Queued,
    /// Work that is done for it: the client can do nothing for that.
    Working,
    /// The client, who takes the answer.
    Answering,
}

/// What memory is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Use {
    Bodies = 0,
    Answers = 1,
}

/// All connections.
#[derive(Debug)]
pub(crate) struct Traffic {
    limits: Limits,
    clients: Mutex<BTreeMap<u64, Arc<Client>>>,
    held: [AtomicUsize; 2],
    next: AtomicU64,
    /// How many wait for room.
    waiting: AtomicUsize,
    /// Told when there may be room.
    freed: Notify,
    /// Who waits for the same waits in order, and only the first one looks for room.
    lines: [sync::Mutex<()>; 2],
}

/// A connection, as far as others are concerned.
#[derive(Debug)]
pub(crate) struct Client {
    traffic: Arc<Traffic>,
    standing: Mutex<Standing>,
    held: [AtomicUsize; 2],
    is_evicted: AtomicBool,
    evicted: Notify,
}

#[derive(Clone, Copy, Debug)]
struct Standing {
    phase: Phase,
    /// Since when it has got nowhere.
    since: Instant,
}

/// The place of a connection. Others may have it when this goes.
#[derive(Debug)]
pub(crate) struct Place {
    id: u64,
    client: Arc<Client>,
}

/// Bytes that something on its way holds.
#[derive(Debug)]
pub(crate) struct Held {
    client: Arc<Client>,
    what: Use,
    bytes: usize,
}

/// When it is worth looking for room again, if nothing is told before.
type Again = Option<Instant>;

impl Traffic {
    pub(crate) fn new(limits: Limits) -> Arc<Traffic> {
        Arc::new(Traffic {
            limits,
            clients: Mutex::default(),
            held: [AtomicUsize::new(0), AtomicUsize::new(0)],
            next: AtomicU64::new(0),
            waiting: AtomicUsize::new(0),
            freed: Notify::new(),
            lines: [sync::Mutex::default(), sync::Mutex::default()],
        })
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// A place for one more connection. One at a time asks.
    pub(crate) async fn place(self: &Arc<Traffic>) -> Place {
        self.room(|| {
            let mut clients = self.clients.lock();
            if clients.len() >= self.limits.connections() {
                let excess = clients.len() + 1 - self.limits.connections();
                return Err(self.evict(&clients, excess, |_| 1));
            }
            let client = Arc::new(Client::new(Arc::clone(self)));
            let id = self.next.fetch_add(1, Ordering::Relaxed);
            clients.insert(id, Arc::clone(&client));
            Ok(Place { id, client })
        })
        .await
    }

    /// Has one connection make room, if there is one that may: the system has none for more.
    pub(crate) fn evict_one(&self) {
        self.evict(&self.clients.lock(), 1, |_| 1);
    }

    fn held(&self, what: Use) -> usize {
        self.held[what as usize].load(Ordering::SeqCst)
    }

    /// Tries until there is room.
    async fn room<T>(&self, attempt: impl Fn() -> Result<T, Again>) -> T {
        if let Ok(room) = attempt() {
            return room;
        }
        let _waiting = Waiting::among(&self.waiting);
        loop {
            let freed = self.freed.notified();
            let mut freed = std::pin::pin!(freed);
            // What is freed from here on is told.
            freed.as_mut().enable();
            match attempt() {
                Ok(room) => return room,
                Err(None) => freed.await,
                Err(Some(again)) => tokio::select! {
                    () = freed => {}
                    () = sleep_until(again) => {}
                },
            }
        }
    }

    /// Closes those that have kept the server waiting longest, until what they leave makes up for what is missing.
    fn evict(
        &self,
        clients: &MutexGuard<'_, BTreeMap<u64, Arc<Client>>>,
        missing: usize,
        weigh: impl Fn(&Client) -> usize,
    ) -> Again {
        let mut coming = 0;
        let mut candidates = Vec::new();
        for client in clients.values() {
            let weight = weigh(client);
            let Standing { phase, since } = *client.standing.lock();
            if client.is_evicted.load(Ordering::SeqCst) {
                coming += weight;
            } else if weight > 0 && phase != Phase::Working {
                candidates.push((since, weight, client));
            }
        }
        candidates.sort_by_key(|(since, ..)| *since);
        let now = Instant::now();
        for (since, weight, client) in candidates {
            if coming >= missing {
                return None;
            }
            let ripe = since + self.limits.evict_after();
            if ripe > now {
                return Some(ripe);
            }
            client.evict();
            coming += weight;
        }
        None
    }
}

impl Client {
    fn new(traffic: Arc<Traffic>) -> Client {
        Client {
            traffic,
            standing: Mutex::new(Standing { phase: Phase::Awaiting, since: Instant::now() }),
            held: [AtomicUsize::new(0), AtomicUsize::new(0)],
            is_evicted: AtomicBool::new(false),
            evicted: Notify::new(),
        }
    }

    pub(crate) fn limits(&self) -> &Limits {
        self.traffic.limits()
    }

    pub(crate) fn phase(&self) -> Phase {
        self.standing.lock().phase
    }

    /// Notes what the connection waits for from now on.
    pub(crate) fn enter(&self, phase: Phase) {
        *self.standing.lock() = Standing { phase, since: Instant::now() };
        self.traffic.tell();
    }

    /// Notes that a transfer got somewhere.
    pub(crate) fn advance(&self) {
        self.standing.lock().since = Instant::now();
    }

    /// Comes back when the connection has to make room.
    pub(crate) async fn evicted(&self) {
        self.evicted.notified().await;
    }

    fn evict(&self) {
        self.is_evicted.store(true, Ordering::SeqCst);
        // Kept until it is waited for.
        self.evicted.notify_one();
    }

    /// Room for a body that will be as long as this, so far as that is counted.
    pub(crate) async fn hold_body(self: &Arc<Client>, bytes: usize) -> Held {
        let mut held = Held { client: Arc::clone(self), what: Use::Bodies, bytes: 0 };
        held.grow_to(bytes).await;
        held
    }

    /// Waits until answers have room. How much an answer needs is not known before it is there: those that are made at the same time may
    /// together go beyond the limit.
    pub(crate) async fn room_for_answer(&self) {
        let (traffic, limit) = (&self.traffic, self.limits().in_flight_each());
        if traffic.held(Use::Answers) < limit {
            return;
        }
        let _line = traffic.lines[Use::Answers as usize].lock().await;
        let attempt = || {
            let clients = traffic.clients.lock();
            match traffic.held(Use::Answers).checked_sub(limit) {
                None => Ok(()),
                Some(excess) => Err(traffic.evict(&clients, excess + 1, |client| client.held(Use::Answers))),
            }
        };
        traffic.room(attempt).await;
    }

    /// Notes that an answer holds as much; none where that is not counted.
    pub(crate) fn hold_answer(self: &Arc<Client>, bytes: usize) -> Option<Held> {
        (bytes > COUNTED_FROM_BYTES).then(|| {
            let mut held = Held { client: Arc::clone(self), what: Use::Answers, bytes: 0 };
            held.add(bytes);
            held
        })
    }

    fn held(&self, what: Use) -> usize {
        self.held[what as usize].load(Ordering::SeqCst)
    }
}

impl Traffic {
    /// Tells those who wait that there may be room.
    fn tell(&self) {
        if self.waiting.load(Ordering::SeqCst) > 0 {
            self.freed.notify_waiters();
        }
    }
}

impl Held {
    /// Waits for room up to this size.
    pub(crate) async fn grow_to(&mut self, bytes: usize) {
        if bytes <= COUNTED_FROM_BYTES || bytes <= self.bytes {
            return;
        }
        let more = bytes - self.bytes;
        let client = Arc::clone(&self.client);
        let (traffic, limit) = (&client.traffic, client.limits().in_flight_each());
        let _line = traffic.lines[self.what as usize].lock().await;
        let others = |other: &Client| match std::ptr::eq(other, &*client) {
            true => 0,
            false => other.held(Use::Bodies),
        };
        let attempt = || {
            let clients = traffic.clients.lock();
            match (traffic.held(Use::Bodies) + more).checked_sub(limit) {
                Some(excess) if excess > 0 => Err(traffic.evict(&clients, excess, others)),
                _ => Ok(()),
            }
        };
        // Only who is first in line adds to what bodies hold.
        traffic.room(attempt).await;
        self.add(more);
    }

    /// Gives back what is not needed.
    pub(crate) fn shrink_to(&mut self, bytes: usize) {
        let needed = if bytes > COUNTED_FROM_BYTES { bytes.min(self.bytes) } else { 0 };
        let unneeded = self.bytes - needed;
        drop(Held { client: Arc::clone(&self.client), what: self.what, bytes: unneeded });
        self.bytes = needed;
    }

    fn add(&mut self, bytes: usize) {
        self.bytes += bytes;
        self.client.held[self.what as usize].fetch_add(bytes, Ordering::SeqCst);
        self.client.traffic.held[self.what as usize].fetch_add(bytes, Ordering::SeqCst);
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.client.held[self.what as usize].fetch_sub(self.bytes, Ordering::SeqCst);
        self.client.traffic.held[self.what as usize].fetch_sub(self.bytes, Ordering::SeqCst);
        self.client.traffic.tell();
    }
}

impl Place {
    pub(crate) fn client(&self) -> &Arc<Client> {
        &self.client
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.client.traffic.clients.lock().remove(&self.id);
        self.client.traffic.tell();
    }
}

/// One of those who wait, for as long as it lives.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn among(count: &'a AtomicUsize) -> Waiting<'a> {
        count.fetch_add(1, Ordering::SeqCst);
        Waiting(count)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::future::Future;
    use std::task::{Context, Poll, Waker};

    use clap::Parser;

    use super::*;

    const MIB: usize = 1024 * 1024;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        limits: Limits,
    }

    pub(crate) fn traffic(arguments: &[&str]) -> Arc<Traffic> {
        Traffic::new(Line::parse_from([&["serve"], arguments].concat()).limits)
    }

    fn poll<T>(future: &mut (impl Future<Output = T> + Unpin)) -> Option<T> {
        match std::pin::Pin::new(future).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(value) => Some(value),
            Poll::Pending => None,
        }
    }

    fn is_evicted(place: &Place) -> bool {
        place.client.is_evicted.load(Ordering::SeqCst)
    }

    /// On a clock that stands until it is moved.
    fn on_manual_time(test: impl Future<Output = ()>) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
        runtime.expect("a thread").block_on(test);
    }

    async fn pass(milliseconds: u64) {
        tokio::time::advance(std::time::Duration::from_millis(milliseconds)).await;
    }

    #[test]
    fn a_new_connection_gets_the_place_of_the_one_that_was_waited_for_longest() {
        on_manual_time(async {
            let traffic = traffic(&["--connections", "3", "--evict-after", "1000"]);
            let (busy, old) = (traffic.place().await, traffic.place().await);
            busy.client.enter(Phase::Working);
            pass(10).await;
            let young = traffic.place().await;
            let mut fourth = Box::pin(traffic.place());
            assert!(poll(&mut fourth).is_none());
            assert!(!is_evicted(&old), "it has not been waited for long");
            pass(995).await;
            assert!(poll(&mut fourth).is_none());
            assert_eq!([&busy, &old, &young].map(is_evicted), [false, true, false]);
            drop(old);
            let fourth = poll(&mut fourth).expect("there is room");
            assert!(!is_evicted(&young) && !is_evicted(&fourth));
        });
    }

    #[test]
    fn who_has_work_done_keeps_its_place() {
        on_manual_time(async {
            let traffic = traffic(&["--connections", "1", "--evict-after", "0"]);
            let only = traffic.place().await;
            only.client.enter(Phase::Working);
            let mut second = Box::pin(traffic.place());
            assert!(poll(&mut second).is_none());
            pass(1_000_000).await;
            assert!(poll(&mut second).is_none());
            assert!(!is_evicted(&only));
            only.client.enter(Phase::Answering);
            assert!(poll(&mut second).is_none());
            assert!(is_evicted(&only));
        });
    }

    #[test]
    fn bodies_wait_for_room_and_those_that_get_nowhere_make_it() {
        on_manual_time(async {
            let traffic = traffic(&["--in-flight", "33554432", "--evict-after", "1000"]);
            let places = [traffic.place().await, traffic.place().await, traffic.place().await];
            places.iter().for_each(|place| place.client.enter(Phase::Receiving));
            let first = places[0].client.hold_body(10 * MIB).await;
            pass(500).await;
            let second = places[1].client.hold_body(6 * MIB).await;
            places[1].client.advance();
            let mut third = Box::pin(places[2].client.hold_body(MIB));
            assert!(poll(&mut third).is_none());
            assert_eq!(
                poll(&mut Box::pin(places[2].client.hold_body(COUNTED_FROM_BYTES))).map(|held| held.bytes),
                Some(0)
            );
            pass(501).await;
            assert!(poll(&mut third).is_none());
            assert_eq!([0, 1, 2].map(|i| is_evicted(&places[i])), [true, false, false]);
            drop(first);
            let third = poll(&mut third).expect("there is room");
            drop((second, third));
            assert_eq!(traffic.held(Use::Bodies), 0);
        });
    }

    #[test]
    fn answers_that_nobody_takes_make_room_for_others() {
        on_manual_time(async {
            let traffic = traffic(&["--in-flight", "33554432", "--evict-after", "1000"]);
            let (slow, quick) = (traffic.place().await, traffic.place().await);
            slow.client.enter(Phase::Answering);
            let held = slow.client.hold_answer(16 * MIB).expect("counted");
            assert!(slow.client.hold_answer(COUNTED_FROM_BYTES).is_none());
            let mut room = Box::pin(quick.client.room_for_answer());
            assert!(poll(&mut room).is_none());
            pass(999).await;
            slow.client.advance();
            pass(1).await;
            assert!(poll(&mut room).is_none());
            assert!(!is_evicted(&slow), "it got somewhere");
            pass(1_000).await;
            assert!(poll(&mut room).is_none());
            assert!(is_evicted(&slow));
            drop(held);
            assert!(poll(&mut room).is_some());
        });
    }
}
