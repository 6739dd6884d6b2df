/** Why did this reader not see this record? From the write to each reader's fate, each step with its reason. */
import { useState } from 'preact/hooks'

import { call, callPages, inspectStream } from './api.js'
import { useAsk, useNow } from './ask.js'
import { counted, mappingFate, readerFate } from './fate.js'
import { historyOf } from './history.js'
import { html } from './html.js'
import { Change, EventName } from './item.js'
import { ancestors, compareNumbers, letter, shardsOf } from './lineage.js'
import { Count, Diff, duration, Empty, Moment, Raw, Refusal, ShardName, State } from './parts.js'
import { behindOf, expiredReaders, functionName, mappings } from './positions.js'
import { href, replace } from './route.js'
import { keyText } from './values.js'

/** @param {{ subject: string, query: Record<string, string> }} props `subject` is the stream's ARN, or empty for any that has the number */
export function Why({ subject: arn, query }) {
  return html`
    <h1>Why</h1>
    <p class="faint lead">What became of a record: who wrote what, who has it, who will, who never will, and for what reason.</p>
    <${Question} arn=${arn} query=${query} />
    ${query.sn && /^\d+$/.test(query.sn) && html`<${Found} key=${query.sn} arn=${arn} number=${query.sn} />`}
    ${query.sn && !/^\d+$/.test(query.sn) && html`<${Empty} title="This is no sequence number">It has digits alone, such as 000000000000000000123.</${Empty}>`}
    ${!query.sn && query.key && arn && html`<${OfKey} arn=${arn} text=${query.key} />`}
    ${!query.sn && !query.key && html`<${Empty} title="Ask about a record">By its sequence number, which every record of GetRecords and every event of a function has; or by the
      key of its item. From the records of a <a href=${href('streams')}>stream</a> and the history of an item a link leads here.</${Empty}>`}`
}

/** @param {AbortSignal} signal @returns {Promise<any[]>} */
async function streams(signal) {
  const names = { list: 'Streams', last: 'LastEvaluatedStreamArn', start: 'ExclusiveStartStreamArn', most: 300 }
  return (await callPages('ListStreams', {}, names, signal)).all
}

/** @param {{ arn: string, query: Record<string, string> }} props */
function Question({ arn, query }) {
  const { value = [] } = useAsk('streams', streams)
  const [by, setBy] = useState(query.key ? 'key' : 'sn')
  const ask = (/** @type {any} */ event) => {
    event.preventDefault()
    const { stream, text } = Object.fromEntries(new FormData(event.currentTarget))
    location.hash = href('why', String(stream), { [by]: String(text).trim() })
  }
  return html`
    <form class="ask" onSubmit=${ask} key=${`${arn}${query.sn}${query.key}${value.length}`}>
      <label>Stream <select name="stream">${value.map(({ StreamArn, TableName, StreamLabel }) => html`
        <option key=${StreamArn} value=${StreamArn} selected=${StreamArn === arn}>${TableName} ${StreamLabel}</option>`)}</select></label>
      <label>By <select value=${by} onChange=${(/** @type {any} */ event) => setBy(event.currentTarget.value)}>
        <option value="sn" selected=${by === 'sn'}>sequence number</option><option value="key" selected=${by === 'key'}>key of the item</option></select></label>
      <label class="grow">${by === 'sn' ? 'Sequence number' : 'Key, as JSON'} <input name="text" class="mono" autocomplete="off" spellcheck=${false} required
        placeholder=${by === 'sn' ? '000000000000000000001' : '{"id": {"S": "7"}}'} defaultValue=${query[by] ?? ''} /></label>
      <button type="submit" class="main">Why?</button>
    </form>`
}

/** The records of a key, each with its own why. @param {{ arn: string, text: string }} props */
function OfKey({ arn, text }) {
  const { value, error } = useAsk(JSON.stringify([arn, text]), async (signal) => historyOf(arn, JSON.parse(text), signal))
  if (error) return html`<${Refusal} error=${error} what="This key cannot be looked for" />`
  if (!value) return html`<p class="faint" role="status">Looking through the stream…</p>`
  return html`
    <p class="faint" role="status">${counted(value.records.length, 'record')} of this key; looked at <${Count} n=${value.examined} />${value.isWhole ? ', all that the stream still has' : '; older ones were not looked at'}.</p>
    <ol class="history">${value.records.map(({ record, shard }) => html`<${Change} key=${record.dynamodb.SequenceNumber} arn=${arn} record=${record} shard=${shard} />`)}</ol>
    ${value.records.length === 0 && html`<${Empty} title="The stream has no record of this key">Nothing was written in the time that it keeps, or what was written changed nothing: such a write has no record.</${Empty}>`}`
}

/** Digits of the shortest sequence number that operations take. */
const DIGITS = 21

/** The number before or behind one, as a bound. @param {string} number @param {bigint} by */
const near = (number, by) => {
  const next = BigInt(number) + by
  return (next < 0n ? 0n : next).toString().padStart(DIGITS, '0')
}

/**
 * A record with everything that is known of it.
 * @param {string} arn
 * @param {string} number
 * @param {AbortSignal} signal
 */
async function lookUp(arn, number, signal) {
  const stream = await inspectStream(arn, signal)
  const tried = shardsOf(stream.Shards, number)
  for (const shard of tried) {
    if (shard.RecordCount === 0) continue
    const bounds = { StreamArn: arn, ShardId: shard.ShardId, AfterSequenceNumber: near(number, -1n), BeforeSequenceNumber: near(number, 1n), Limit: 1 }
    const record = (await call('InspectRecords', bounds, signal)).Records[0]
    if (record && compareNumbers(record.dynamodb.SequenceNumber, number) === 0) return { stream, shard, record, ...(await fates(stream, shard, record, signal)) }
  }
  return { stream, shard: tried[0], record: null }
}

/**
 * @param {any} stream
 * @param {any} shard
 * @param {any} record
 * @param {AbortSignal} signal
 */
async function fates(stream, shard, record, signal) {
  const number = record.dynamodb.SequenceNumber
  const at = { StreamArn: stream.StreamArn, ShardId: shard.ShardId }
  const earlier = await call('InspectRecords', { ...at, BeforeSequenceNumber: near(number, 0n), Limit: 1 }, signal)
  const described = (await mappings(signal)).filter(({ Configuration }) => Configuration.EventSourceArn === stream.StreamArn)
  const judged = []
  for (const one of described) {
    const patterns = (one.Configuration.FilterCriteria?.Filters ?? []).map((/** @type {any} */ { Pattern }) => Pattern)
    const matched = []
    for (const Pattern of patterns) {
      const bounds = { AfterSequenceNumber: near(number, -1n), BeforeSequenceNumber: near(number, 1n), Limit: 1 }
      matched.push((await call('InspectRecords', { ...at, ...bounds, Pattern }, signal)).Records.length > 0)
    }
    judged.push({ described: one, patterns, matched })
  }
  const faults = (await call('DescribeFaults', {}, signal)).Trace.filter((/** @type {any} */ { ShardId }) => ShardId === shard.ShardId).slice(-5)
  return { before: earlier.ExaminedCount + earlier.RemainingCount, judged, faults }
}

/** @param {AbortSignal} signal @param {string} number */
async function anyStream(number, signal) {
  for (const { StreamArn } of await streams(signal)) {
    if ((await lookUp(StreamArn, number, signal)).record) return StreamArn
  }
  return ''
}

/** @param {{ arn: string, number: string }} props */
function Found({ arn, number }) {
  const { value, error } = useAsk(JSON.stringify([arn, number]), async (signal) => {
    if (arn !== '') return lookUp(arn, number, signal)
    const stream = await anyStream(number, signal)
    if (stream !== '') replace(href('why', stream, { sn: number }))
    return stream === '' ? { stream: null, record: null, shard: undefined } : null
  })
  if (error) return html`<${Refusal} error=${error} />`
  if (!value) return html`<p class="faint" role="status">Asking…</p>`
  if (!value.record) return html`<${Missing} stream=${value.stream} shard=${value.shard} number=${number} />`
  return html`<${Story} ...${value} />`
}

/** Why there is no such record. @param {{ stream: any, shard: any, number: string }} props */
function Missing({ stream, shard, number }) {
  if (!stream) return html`<${Empty} title="No stream has this record">It was trimmed, or the number is another database's.</${Empty}>`
  if (!shard) {
    return html`<${Empty} title="No shard takes this number">No shard of ${stream.TableName} that is still listed has it in its range: shards go when their last record is trimmed.</${Empty}>`
  }
  const isTrimmed = !shard.Oldest || compareNumbers(number, shard.Oldest.SequenceNumber) < 0
  return html`<${Empty} title=${isTrimmed ? 'The record was trimmed, or was never here' : 'There is no record of this number'}>Shard <${ShardName} id=${shard.ShardId} /> takes such
    numbers. ${isTrimmed ? `What it still has begins later: records are kept for ${duration(stream.RetentionMillis)}. Who has not read it by then will not.` : 'The numbers around it are of other records: not every number is given to one.'}</${Empty}>`
}

/** @param {any} props what `lookUp` has found */
function Story({ stream, shard, record, before, judged, faults }) {
  const now = useNow()
  const { SequenceNumber, Keys, SizeBytes, ApproximateCreationDateTime } = record.dynamodb
  const at = ApproximateCreationDateTime * 1000
  const above = ancestors(stream.Shards, shard.ShardId)
  return html`
    <ol class="story">
      <li><h2>Written</h2>
        <p><${EventName} name=${record.eventName} /> <strong>${keyText(Keys)}</strong> of <a href=${href('tables', stream.TableName, { item: JSON.stringify(Keys) })}>${stream.TableName}</a>,
          ${' '}<${Moment} at=${at} near=${now} isShort=${true} />, ${now - at < 1000 ? 'just now' : `${duration(now - at)} ago`}, <${Count} n=${SizeBytes} /> bytes${record.userIdentity ? ', by time to live' : ''}.
          ${' '}Kept until <${Moment} at=${at + stream.RetentionMillis} near=${now} isShort=${true} />.</p>
        <${Diff} record=${record} />
        <${Raw} value=${record} label="The record as GetRecords has it" /></li>
      <li><h2>In a shard</h2>
        <p>Sequence number <span class="mono break">${SequenceNumber}</span>, record ${(before + 1).toLocaleString('en')} of ${shard.RecordCount.toLocaleString('en')} in
          ${' '}<a href=${href('stream', stream.StreamArn, { shard: shard.ShardId })}>shard <${ShardName} id=${shard.ShardId} /></a>, which is ${shard.IsOpen ? 'open' : 'closed'}.
          ${above.length > 0 && html` Its parent <${ShardName} id=${above[0].ShardId} /> is read before it.`}</p></li>
      <li><h2>Readers of the shard</h2><${ReaderFates} stream=${stream} shard=${shard} before=${before} above=${above} now=${now} /></li>
      <li><h2>Mappings of the stream</h2><${MappingFates} stream=${stream} shard=${shard} record=${record} at=${at} now=${now} judged=${judged} /></li>
      ${faults.length > 0 && html`<li><h2>Faults at this shard</h2><ul>${faults.map((/** @type {any} */ fault) => html`
        <li key=${fault.Number}><${Moment} at=${fault.At} near=${now} /> <a href=${href('faults')}>${fault.Name ?? fault.Effect}</a>: ${fault.Detail}</li>`)}</ul></li>`}
    </ol>`
}

const KINDS = { done: 'good', waiting: 'wait', not: 'bad', open: 'off' }

/** @param {{ name: any, fate: import('./fate.js').Fate, children?: any }} props */
const FateRow = ({ name, fate, children }) => html`
  <div class="fate"><div class="who">${name}</div><${State} kind=${KINDS[fate.mark]}>${fate.word}</${State}><div class="reason">${fate.why}${children}</div></div>`

/** @param {{ stream: any, shard: any, before: number, above: any[], now: number }} props */
function ReaderFates({ stream, shard, before, above, now }) {
  const here = shard.Readers ?? []
  const earlier = above.flatMap((parent) => (parent.Readers ?? []).map((/** @type {any} */ reader) => ({ parent, reader })))
    .filter(({ reader }) => reader.RecordsBehind > 0)
  const expired = expiredReaders(stream.Shards, now).filter(({ shardId }) => shardId === shard.ShardId)
  if (here.length + earlier.length + expired.length === 0) {
    return html`<p class="faint">No reader is known here: they are known from their first call until 15 minutes after their last, or the end of the shard.</p>`
  }
  return html`
    ${here.map((/** @type {any} */ reader) => html`<${FateRow} key=${reader.Number} name=${html`<span class="pin reader">${letter(reader.Number)}</span> iterator`}
      fate=${readerFate(reader, { records: shard.RecordCount, before })} />`)}
    ${earlier.map(({ parent, reader }) => html`<${FateRow} key=${reader.Number} name=${html`<span class="pin reader">${letter(reader.Number)}</span> iterator`}
      fate=${{ mark: 'waiting', word: 'at a parent', why: `It reads shard ${parent.ShardId.slice(-8)} and has ${counted(reader.RecordsBehind, 'record')} left there. A reader that keeps the order comes here after that.` }} />`)}
    ${expired.map(({ reader }) => html`<${FateRow} key=${reader.Number} name=${html`<span class="pin reader">${letter(reader.Number)}</span> iterator`}
      fate=${{ mark: 'open', word: 'expired', why: `It made no call for 15 minutes, so its iterator has expired. Until then it had read ${counted(reader.RecordsRead, 'record')} of the shard.` }} />`)}
    ${stream.StreamStatus !== 'ENABLED' && html`<p class="faint">The stream is turned off: its records stay readable until they are trimmed.</p>`}`
}

/** @param {{ stream: any, shard: any, record: any, at: number, now: number, judged: any[] }} props */
function MappingFates({ stream, shard, record, at, now, judged }) {
  if (judged.length === 0) return html`<p class="faint">No mapping reads this stream. <a href=${href('mappings')}>Mappings</a></p>`
  const number = record.dynamodb.SequenceNumber
  return html`${judged.map(({ described, patterns, matched }) => {
    const matches = patterns.length === 0 ? null : matched.includes(true)
    const fate = mappingFate({ described, shards: stream.Shards, shardId: shard.ShardId, number, at, now, matches })
    const { UUID, FunctionArn } = described.Configuration
    return html`<${FateRow} key=${UUID} name=${html`<a href=${href('mapping', UUID)}>${functionName(FunctionArn)}</a>`} fate=${fate}>
      ${fate.tip && fate.mark === 'waiting' && html`<${Left} arn=${stream.StreamArn} shards=${stream.Shards} tip=${fate.tip} shardId=${shard.ShardId} number=${number} />`}
      ${patterns.length > 0 && html`<ul class="patterns">${patterns.map((/** @type {string} */ pattern, /** @type {number} */ n) => html`
        <li key=${n}><${State} kind=${matched[n] ? 'good' : 'off'}>${matched[n] ? 'matches' : 'does not match'}</${State}> <code class="break">${pattern}</code>
          ${' '}<a href=${href('stream', stream.StreamArn, { pattern })}>Try it</a></li>`)}</ul>`}
    </${FateRow}>`
  })}`
}

/** How many records a mapping has to settle before it comes to this one. @param {{ arn: string, shards: any[], tip: any, shardId: string, number: string }} props */
function Left({ arn, shards, tip, shardId, number }) {
  const { value } = useAsk(JSON.stringify([arn, tip, shardId, number]), async (signal) => {
    const shard = shards.find(({ ShardId }) => ShardId === tip.shard)
    if (!shard) return null
    const all = (await behindOf(arn, shard, tip.position, signal)).behind
    if (tip.shard !== shardId) return { n: all, isParent: true }
    const later = await call('InspectRecords', { StreamArn: arn, ShardId: shardId, AfterSequenceNumber: near(number, -1n), Limit: 1 }, signal)
    return { n: all - later.ExaminedCount - later.RemainingCount, isParent: false }
  })
  if (!value) return null
  return html` <strong>${value.isParent ? `${counted(value.n, 'record')} left there.` : `${counted(value.n, 'record')} before it.`}</strong>`
}
