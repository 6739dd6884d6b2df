/**
 * What the database tells by itself: one stream of server-sent events. It says that something changed, not what everything is now; views ask
 * anew. The records of the stream that is looked at come with it.
 */
import { call } from './api.js'

/** How many calls are kept for the view of calls. */
const CALLS_KEPT = 1000

/** Milliseconds before a lost connection is tried again, the last for all further times. */
const TRY_AGAIN = [500, 1000, 2000, 5000]

/** @typedef {{ stream: string, shard: string, from: string, to: string, total: number, shown: any[] }} Burst records that were written */
/** @typedef {{ stream: string, shard: string, from?: string, lost: number | null }} Gap records that were trimmed unseen; null where nobody can say how many */
/** @typedef {{ records?: Burst, gap?: Gap, begun?: string }} Frame `begun` is the stream whose records are told from now on */

/** What is known of the database. Read it; only this module writes. */
export const live = {
  /** @type {'connecting' | 'open' | 'lost' | 'locked' | 'hidden'} */
  connection: 'connecting',
  epoch: '',
  /** Whether the database was started anew while this page was open. */
  isRestarted: false,
  /** @type {'manual' | 'system' | ''} */
  mode: '',
  now: 0,
  readOnly: true,
  version: '',
  /** @type {any[]} the latest calls, the newest last, where the database traces them */
  calls: [],
  missed: 0,
}

/** When `live.now` was told, on this page's clock. */
let toldAt = 0
/** @type {EventSource | null} */
let source = null
/** The stream whose records are wanted. */
let wanted = ''
let failures = 0
/** @type {ReturnType<typeof setTimeout> | undefined} */
let retry
/** @type {Set<() => void>} */
const watchers = new Set()
/** @type {Set<() => void>} */
const askers = new Set()
/** @type {Set<(frame: Frame) => void>} */
const readers = new Set()

/**
 * @template T
 * @param {Set<T>} set
 * @param {T} listener
 */
function listen(set, listener) {
  set.add(listener)
  return () => void set.delete(listener)
}

/** @param {() => void} listener called when `live` has changed */
export const onLive = (listener) => listen(watchers, listener)

/** @param {() => void} listener called when something in the database may have changed */
export const onChange = (listener) => listen(askers, listener)

/** @param {(frame: Frame) => void} listener called with records of the stream that is followed, and with gaps in them */
export const onFrame = (listener) => listen(readers, listener)

const show = () => watchers.forEach((listener) => listener())

/** Has everything that is shown asked anew: after a command of this page, without waiting for the feed. */
export const touched = () => askers.forEach((listener) => listener())

/** The database's time now, epoch milliseconds. The system's clock goes on between two frames. */
export function now() {
  return live.mode === 'system' ? live.now + (performance.now() - toldAt) : live.now
}

/** @param {number} at */
export function setNow(at) {
  live.now = at
  toldAt = performance.now()
  show()
}

/** @param {'connecting' | 'open' | 'lost' | 'locked' | 'hidden'} state */
function connection(state) {
  if (live.connection === state) return
  live.connection = state
  show()
}

/**
 * Follows the records of a stream, beside everything else.
 * @param {string} stream its ARN; empty for none
 */
export function follow(stream) {
  if (stream === wanted && source) return
  wanted = stream
  connect()
}

function connect() {
  clearTimeout(retry)
  source?.close()
  if (document.hidden) {
    source = null
    return connection('hidden')
  }
  if (live.connection !== 'open') connection('connecting')
  source = new EventSource(wanted ? `/feed?stream=${encodeURIComponent(wanted)}` : '/feed')
  const on = (/** @type {string} */ kind, /** @type {(data: any) => void} */ take) =>
    source?.addEventListener(kind, (event) => take(JSON.parse(/** @type {MessageEvent} */ (event).data)))
  const stream = wanted
  on('hello', (told) => {
    hello(told)
    readers.forEach((reader) => reader({ begun: stream }))
  })
  on('tick', tick)
  on('records', (records) => readers.forEach((reader) => reader({ records })))
  on('gap', (gap) => readers.forEach((reader) => reader({ gap })))
  on('call', calls)
  source.addEventListener('error', lost)
}

/** @param {any} told */
function hello(told) {
  failures = 0
  live.isRestarted = live.epoch !== '' && live.epoch !== told.epoch
  if (live.isRestarted) live.calls = []
  live.epoch = told.epoch
  live.mode = told.mode
  live.readOnly = told.read_only
  live.version = told.version
  live.connection = 'open'
  setNow(told.now)
  touched()
}

/** @param {any} told */
function tick(told) {
  setNow(told.now)
  if (told.changed) touched()
}

/** @param {any} told */
function calls(told) {
  live.calls = [...live.calls, ...told.calls].slice(-CALLS_KEPT)
  live.missed += told.missed ?? 0
  show()
}

/** The connection has gone. A browser hides why: a question tells whether the session has ended. */
async function lost() {
  source?.close()
  source = null
  connection('lost')
  const wait = TRY_AGAIN[Math.min(failures, TRY_AGAIN.length - 1)]
  failures += 1
  clearTimeout(retry)
  retry = setTimeout(async () => {
    try {
      await call('DescribeClock')
    } catch (error) {
      if (/** @type {any} */ (error).isLocked) return connection('locked')
    }
    connect()
  }, wait)
}

/** Begins to listen; a page that nobody sees lets its connection go, of which a browser has six. */
export function start() {
  document.addEventListener('visibilitychange', () => {
    if (document.hidden !== (source === null)) connect()
  })
  connect()
}
