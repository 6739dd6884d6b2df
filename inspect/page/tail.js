/** The newest records of a stream as they come, with what was left out; and what a pattern would let through. */
import { useEffect, useRef, useState } from 'preact/hooks'

import { call, inspectStream } from './api.js'
import { useAsk } from './ask.js'
import { html } from './html.js'
import { EventName } from './item.js'
import { compareNumbers } from './lineage.js'
import { live, onFrame } from './live.js'
import { Count, Empty, Moment, Refusal, ShardName, VirtualTable } from './parts.js'
import { change, href } from './route.js'
import { changeText, keyText } from './values.js'

/** Rows that are kept; records at which the tail begins, of each of so many shards. */
const KEPT = 2000
const BEGIN = 200
const SHARDS_BEGIN = 16
/** Records of a shard that a pattern is tried on. */
const TRIED = 1000

const COLUMNS = [
  { name: 'Written', width: '6.5rem' }, { name: 'Event', width: '5.5rem' }, { name: 'Key', width: 'minmax(8rem, 1fr)' },
  { name: 'Changed', width: 'minmax(10rem, 2.4fr)' }, { name: 'Shard', width: '5.5rem' },
]

/** @param {any} a @param {any} b the newest first */
const newestFirst = (a, b) => b.record.dynamodb.ApproximateCreationDateTime - a.record.dynamodb.ApproximateCreationDateTime
  || compareNumbers(b.record.dynamodb.SequenceNumber, a.record.dynamodb.SequenceNumber)

/** @param {{ stream: any, query: Record<string, string> }} props */
export function Tail({ stream, query }) {
  return html`
    <section aria-labelledby="tail" class="tail">
      <h2 id="tail">Records</h2>
      <${Filter} query=${query} />
      ${query.pattern
        ? html`<${Tried} stream=${stream} query=${query} />`
        : html`<${Newest} key=${stream.StreamArn} stream=${stream} query=${query} />`}
    </section>`
}

const EXAMPLE = '{"eventName": ["MODIFY"], "dynamodb": {"NewImage": {"state": {"S": ["paid"]}}}}'

/** @param {{ query: Record<string, string> }} props */
function Filter({ query }) {
  const typing = useRef(/** @type {ReturnType<typeof setTimeout> | undefined} */ (undefined))
  const typed = (/** @type {string} */ name) => (/** @type {any} */ event) => {
    const { value } = event.currentTarget
    clearTimeout(typing.current)
    typing.current = setTimeout(() => change({ [name]: value }, { isTyped: true }), 250)
  }
  return html`
    <div class="ask">
      <label>Event <select value=${query.event ?? ''} onChange=${(/** @type {any} */ event) => change({ event: event.currentTarget.value })}>
        ${['', 'INSERT', 'MODIFY', 'REMOVE'].map((name) => html`<option key=${name} value=${name} selected=${name === (query.event ?? '')}>${name || 'any'}</option>`)}
      </select></label>
      <label>Key has <input class="short" type="search" autocomplete="off" spellcheck=${false} defaultValue=${query.key ?? ''} onInput=${typed('key')} /></label>
      <label class="grow">Try a pattern <textarea rows="2" class="mono" spellcheck=${false} placeholder=${EXAMPLE} defaultValue=${query.pattern ?? ''}
        onInput=${typed('pattern')}></textarea></label>
    </div>`
}

/** @param {any} record @param {Record<string, string>} query */
function isWanted(record, { event, key }) {
  return (!event || record.eventName === event) && (!key || keyText(record.dynamodb.Keys).toLowerCase().includes(key.toLowerCase()))
}

/** What a tail has, shows and leaves out. */
class Held {
  constructor() {
    /** @type {any[]} */
    this.rows = []
    /** @type {any[]} what came during a pause */
    this.waiting = []
    this.known = new Set()
    /** @type {Map<string, string>} the newest number of each shard that is shown or counted */
    this.last = new Map()
    /** Records that came and are not shown. */
    this.left = 0
    /** Records that were trimmed before they could be shown. */
    this.lost = 0
    this.isPaused = false
    this.isReady = false
    /** @type {any} */
    this.error = null
  }

  /** @param {any[]} rows */
  take(rows) {
    const fresh = rows.filter(({ record }) => !this.known.has(record.dynamodb.SequenceNumber))
    for (const { record } of fresh) this.known.add(record.dynamodb.SequenceNumber)
    if (!this.isPaused) return this.show(fresh)
    this.waiting.push(...fresh)
    // A pause may last: what is beyond the rows that are kept would not be shown in the end either.
    if (this.waiting.length > KEPT) this.left += this.waiting.splice(0, this.waiting.length - KEPT).length
  }

  /** @param {any[]} rows that are not shown yet */
  show(rows) {
    this.rows = [...rows, ...this.rows].sort(newestFirst)
    for (const { record } of this.rows.slice(KEPT)) this.known.delete(record.dynamodb.SequenceNumber)
    this.rows = this.rows.slice(0, KEPT)
  }

  /** @param {string} shard @param {string} number */
  isBefore(shard, number) {
    const last = this.last.get(shard)
    return last === undefined || compareNumbers(last, number) <= 0
  }

  /** @param {import('./live.js').Burst} burst */
  burst({ shard, from, to, total, shown }) {
    // What was asked for while the feed began comes once more: it is neither shown nor counted twice.
    if (this.last.has(shard) && compareNumbers(to, this.last.get(shard) ?? to) <= 0) return
    if (this.isBefore(shard, from)) this.left += total - shown.length
    this.last.set(shard, to)
    this.take(shown.map((record) => ({ record, shardId: shard })))
  }

  /**
   * Asks for what the feed has not told: the newest records at first, and what came in between when it begins anew.
   * @param {string} arn
   * @param {AbortSignal} signal
   */
  async fill(arn, signal) {
    const { Shards } = await inspectStream(arn, signal)
    Shards.sort((/** @type {any} */ a, /** @type {any} */ b) => Number(b.IsOpen) - Number(a.IsOpen) || b.OpenedAt - a.OpenedAt)
    for (const { ShardId } of Shards.slice(0, SHARDS_BEGIN)) {
      const after = this.last.get(ShardId)
      const page = await call('InspectRecords', { StreamArn: arn, ShardId, Newest: true, Limit: BEGIN, ...(after && { AfterSequenceNumber: after }) }, signal)
      const newest = page.LastExamined?.SequenceNumber
      // A burst that came while the answer was under way has counted these.
      if (this.last.get(ShardId) === after && this.isReady) {
        this.left += page.RemainingCount
        this.lost += page.TrimmedCount
      }
      if (newest && this.isBefore(ShardId, newest)) this.last.set(ShardId, newest)
      this.take(page.Records.map((/** @type {any} */ record) => ({ record, shardId: ShardId })))
    }
    this.isReady = true
  }
}

/**
 * The records that come, from those on that are there. What is not shown is counted: a burst whose middle the feed leaves out, what comes during a
 * pause, and what was trimmed first.
 * @param {string} arn
 */
function useTail(arn) {
  const [, draw] = useState(0)
  const held = useRef(/** @type {Held | null} */ (null))
  held.current ??= new Held()
  const tail = held.current
  const redraw = () => draw((n) => n + 1)
  useEffect(() => {
    const abort = new AbortController()
    let work = Promise.resolve()
    const fill = () => {
      work = work.then(() => tail.fill(arn, abort.signal)).catch((error) => {
        if (!abort.signal.aborted) tail.error = error
      }).finally(redraw)
    }
    const stop = onFrame(({ records, gap, begun }) => {
      if (begun === arn) fill()
      if (gap && gap.stream === arn) tail.lost += gap.lost ?? 0
      if (records && records.stream === arn) tail.burst(records)
      redraw()
    })
    fill()
    return () => {
      abort.abort()
      stop()
    }
  }, [])
  const pause = () => {
    tail.isPaused = !tail.isPaused
    if (!tail.isPaused) tail.show(tail.waiting.splice(0))
    redraw()
  }
  return { tail, pause }
}

/** @param {{ stream: any, query: Record<string, string> }} props */
function Newest({ stream, query }) {
  const { tail, pause } = useTail(stream.StreamArn)
  if (tail.error) return html`<${Refusal} error=${tail.error} what="The records cannot be read" />`
  const rows = tail.rows.filter(({ record }) => isWanted(record, query))
  return html`
    <div class="answer">
      <p class="faint">${rows.length === tail.rows.length ? '' : `${rows.length.toLocaleString('en')} of `}the newest ${tail.rows.length.toLocaleString('en')}
        ${tail.left > 0 && html`, <span class="left">+<${Count} n=${tail.left} /> not shown</span>`}
        ${tail.lost > 0 && html`, <span class="bad-text"><${Count} n=${tail.lost} /> trimmed before they could be shown</span>`}
        ${tail.isPaused && html`, <span class="left"><${Count} n=${tail.waiting.length} /> came during the pause</span>`}</p>
      <button type="button" aria-pressed=${tail.isPaused} onClick=${pause}>${tail.isPaused ? 'Go on' : 'Pause'}</button>
    </div>
    <${Records} arn=${stream.StreamArn} rows=${rows} isReady=${tail.isReady} />`
}

/** What a pattern lets through of the newest records of each shard. Nothing is set by trying. @param {{ stream: any, query: Record<string, string> }} props */
function Tried({ stream, query }) {
  const { StreamArn } = stream
  const ids = stream.Shards.map((/** @type {any} */ { ShardId }) => ShardId).slice(-SHARDS_BEGIN)
  const { value, error } = useAsk(JSON.stringify([StreamArn, query.pattern, ids]), async (signal) => {
    const rows = []
    let examined = 0
    let remaining = 0
    for (const ShardId of ids) {
      const page = await call('InspectRecords', { StreamArn, ShardId, Newest: true, Limit: TRIED, Pattern: query.pattern }, signal)
      examined += page.ExaminedCount
      remaining += page.RemainingCount
      rows.push(...page.Records.map((/** @type {any} */ record) => ({ record, shardId: ShardId })))
    }
    return { rows: rows.sort(newestFirst), examined, remaining }
  })
  if (error) return html`<${Refusal} error=${error} what="This is no pattern" />`
  if (!value) return html`<p class="faint" role="status">Trying the pattern…</p>`
  const rows = value.rows.filter(({ record }) => isWanted(record, query))
  return html`
    <p class="faint" role="status">The pattern matches <strong><${Count} n=${value.rows.length} /></strong> of <${Count} n=${value.examined} /> records looked at${value.remaining > 0
      ? html`; <${Count} n=${value.remaining} /> older ones were not looked at` : ', all that there are'}. No mapping is changed by trying.</p>
    <${Records} arn=${StreamArn} rows=${rows} isReady=${true} />`
}

/** @param {{ arn: string, rows: any[], isReady: boolean }} props */
function Records({ arn, rows, isReady }) {
  if (rows.length === 0) {
    return isReady
      ? html`<${Empty} title="No record to show">Records come as soon as the table is written to. A write that changes nothing has no record.</${Empty}>`
      : html`<p class="faint" role="status">Asking for the newest records…</p>`
  }
  const row = (/** @type {number} */ n) => {
    const { record, shardId } = rows[n]
    const { SequenceNumber, ApproximateCreationDateTime, Keys } = record.dynamodb
    return {
      key: SequenceNumber,
      cells: [
        html`<a href=${href('why', arn, { sn: SequenceNumber })}><${Moment} at=${ApproximateCreationDateTime * 1000} near=${live.now} isShort=${true} /><span class="hidden"> record ${SequenceNumber}</span></a>`,
        html`<${EventName} name=${record.eventName} />`,
        keyText(Keys), changeText(record), html`<${ShardName} id=${shardId} />`,
      ],
    }
  }
  return html`<${VirtualTable} label="Records, the newest first" columns=${COLUMNS} count=${rows.length} row=${row} />`
}
