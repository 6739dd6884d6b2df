/** Streams, and one of them: its shards as a plane and as a table, who reads it, and its newest records. */
import { useEffect, useState } from 'preact/hooks'

import { call, callPages, inspectStream } from './api.js'
import { useAsk, useLive, useNow } from './ask.js'
import { counted } from './fate.js'
import { html } from './html.js'
import { shareOf } from './lineage.js'
import { follow, touched } from './live.js'
import { Count, duration, Empty, Moment, Refusal, ShardName, State } from './parts.js'
import { Plane } from './plane.js'
import { functionName, mappingPositions, mappings, readersOf } from './positions.js'
import { change, href } from './route.js'
import { Tail } from './tail.js'

const ENABLE = `aws dynamodb update-table --endpoint-url http://localhost:8000 --table-name Orders \\
  --stream-specification StreamEnabled=true,StreamViewType=NEW_AND_OLD_IMAGES`

/** Every stream, also those that are turned off and still have records. */
export function Streams() {
  const names = { list: 'Streams', last: 'LastEvaluatedStreamArn', start: 'ExclusiveStartStreamArn', most: 300 }
  const { value, error } = useAsk('streams', async (signal) => {
    const { all } = await callPages('ListStreams', {}, names, signal)
    const inspected = []
    for (const { StreamArn } of all) inspected.push(await inspectStream(StreamArn, signal))
    return inspected
  })
  const now = useNow()
  if (error) return html`<${Refusal} error=${error} what="The streams cannot be listed" />`
  if (!value) return html`<p class="faint" role="status">Asking for the streams…</p>`
  if (value.length === 0) {
    return html`<h1>Streams</h1><${Empty} title="No table has a stream" line=${ENABLE}>A table's stream can be turned on at any time. From a shell:</${Empty}>`
  }
  return html`
    <h1>Streams</h1>
    <div class="wide"><table class="list">
      <thead><tr><th scope="col">Table</th><th scope="col">Turned on</th><th scope="col">Status</th><th scope="col">Records hold</th>
        <th scope="col" class="end">Shards</th><th scope="col" class="end">Open</th><th scope="col" class="end">Records</th><th scope="col" class="end">Readers</th></tr></thead>
      <tbody>${value.map((stream) => html`
        <tr key=${stream.StreamArn}>
          <th scope="row"><a href=${href('stream', stream.StreamArn)}>${stream.TableName}</a></th>
          <td><${Moment} at=${stream.CreationRequestDateTime * 1000} near=${now} isShort=${true} /></td>
          <td><${State} kind=${stream.StreamStatus === 'ENABLED' ? 'good' : 'off'}>${stream.StreamStatus}</${State}></td>
          <td>${stream.StreamViewType}</td>
          <td class="end"><${Count} n=${stream.Shards.length} /></td>
          <td class="end"><${Count} n=${stream.Shards.filter((/** @type {any} */ { IsOpen }) => IsOpen).length} /></td>
          <td class="end"><${Count} n=${total(stream.Shards)} /></td>
          <td class="end"><${Count} n=${stream.Shards.reduce((/** @type {number} */ sum, /** @type {any} */ { Readers }) => sum + (Readers?.length ?? 0), 0)} /></td>
        </tr>`)}</tbody>
    </table></div>`
}

/** @param {any[]} shards */
const total = (shards) => shards.reduce((sum, { RecordCount }) => sum + RecordCount, 0)

/** @param {{ subject: string, query: Record<string, string> }} props */
export function Stream({ subject: arn, query }) {
  useEffect(() => {
    follow(arn)
    return () => follow('')
  }, [arn])
  const { value, error } = useAsk(arn, async (signal) => {
    const stream = await inspectStream(arn, signal)
    const described = await mappings(signal)
    return { stream, places: await mappingPositions(arn, stream.Shards, described, signal) }
  })
  const now = useNow()
  if (error) {
    return html`<h1>Stream</h1><${Refusal} error=${error} what="The stream cannot be shown" /><p><a href=${href('streams')}>All streams</a></p>`
  }
  if (!value) return html`<p class="faint" role="status">Asking for the stream…</p>`
  const { stream, places } = value
  const positions = [...readersOf(stream.Shards, now), ...places]
  const axis = query.axis === 'order' ? 'order' : 'time'
  return html`
    <div class="title"><h1>${stream.TableName} <span class="faint">stream</span></h1>
      <${Commands} stream=${stream} shard=${query.shard ?? ''} /></div>
    <dl class="facts">
      <div><dt>Status</dt><dd><${State} kind=${stream.StreamStatus === 'ENABLED' ? 'good' : 'off'}>${stream.StreamStatus}</${State}></dd></div>
      <div><dt>Records hold</dt><dd>${stream.StreamViewType}</dd></div>
      <div><dt>Records</dt><dd><${Count} n=${total(stream.Shards)} /></dd></div>
      <div><dt>Shards</dt><dd><${Count} n=${stream.Shards.length} />${!stream.isWhole && ' and more'}</dd></div>
      <div><dt>Kept for</dt><dd>${duration(stream.RetentionMillis)}</dd></div>
      <div><dt>ARN</dt><dd class="mono break">${arn}</dd></div>
    </dl>
    <section aria-labelledby="shards">
      <div class="title"><h2 id="shards">Shards</h2>
        <div class="switch" role="group" aria-label="Axis of the drawing">${['time', 'order'].map((name) => html`
          <button key=${name} type="button" aria-pressed=${axis === name} onClick=${() => change({ axis: name === 'time' ? '' : name })}>${name}</button>`)}</div></div>
      <${Plane} shards=${stream.Shards} positions=${positions} now=${now} axis=${axis} chosen=${query.shard ?? ''} />
      <details class="shards" open=${query.shard || stream.Shards.length <= 8}><summary>The same as a table</summary><${ShardTable} stream=${stream} positions=${positions} now=${now} chosen=${query.shard ?? ''} /></details>
    </section>
    <${Readers} positions=${positions} now=${now} arn=${arn} />
    <${Tail} stream=${stream} query=${query} />`
}

/** Splits and rolls the shard that is chosen, or those that the operation chooses itself. @param {{ stream: any, shard: string }} props */
function Commands({ stream, shard }) {
  const { readOnly } = useLive()
  const [told, setTold] = useState(/** @type {any} */ (null))
  if (readOnly || stream.StreamStatus !== 'ENABLED') return null
  const run = async (/** @type {string} */ operation) => {
    try {
      const answer = await call(operation, { TableName: stream.TableName, ...(shard && { ShardId: shard }) })
      setTold({ done: operation === 'SplitShard' ? `${answer.PartitionCount} partitions now` : `${answer.Successions.length} rolled` })
      touched()
    } catch (error) {
      setTold({ error })
    }
  }
  const which = shard ? `…${shard.slice(-8)}` : ''
  return html`
    <div class="commands">
      ${told?.done && html`<span role="status" class="faint">${told.done}</span>`}
      ${told?.error && html`<span role="alert" class="bad-text">${told.error.message}</span>`}
      <button type="button" onClick=${() => run('SplitShard')}>Split ${which || 'the widest'}</button>
      <button type="button" onClick=${() => run('RollShard')}>Roll ${which || 'all open'}</button>
    </div>`
}

/** Readers of a shard that are named in its row. */
const NAMED = 3

/** @param {import('./positions.js').Position[]} here those of one shard */
function readerList(here) {
  const named = here.slice(0, NAMED).map(({ label, behind }) => `${label} (${behind.toLocaleString('en')} behind)`).join(', ')
  return here.length > NAMED ? `${named} and ${here.length - NAMED} more` : named
}

/** @param {{ stream: any, positions: any[], now: number, chosen: string }} props */
const ShardTable = ({ stream, positions, now, chosen }) => html`
  <div class="wide"><table class="list">
    <thead><tr><th scope="col">Shard</th><th scope="col">Parent</th><th scope="col">State</th><th scope="col" class="end">Keys</th><th scope="col">Opened</th>
      <th scope="col">Closed</th><th scope="col" class="end">Records</th><th scope="col">Oldest</th><th scope="col">Newest</th><th scope="col">Readers</th></tr></thead>
    <tbody>${stream.Shards.map((/** @type {any} */ shard) => html`
      <tr key=${shard.ShardId} class=${shard.ShardId === chosen ? 'chosen' : ''}>
        <th scope="row"><button type="button" class="plain mono" aria-pressed=${shard.ShardId === chosen} title=${shard.ShardId}
          onClick=${() => change({ shard: shard.ShardId === chosen ? '' : shard.ShardId })}>${shard.ShardId.slice(-8)}</button></th>
        <td>${shard.ParentShardId ? html`<${ShardName} id=${shard.ParentShardId} />` : html`<span class="faint">–</span>`}</td>
        <td><${State} kind=${shard.IsOpen ? 'good' : 'off'}>${shard.IsOpen ? 'open' : 'closed'}</${State}></td>
        <td class="end number">${(shareOf(shard) * 100).toFixed(1)} %</td>
        <td><${Moment} at=${shard.OpenedAt} near=${now} /></td>
        <td><${Moment} at=${shard.ClosedAt} near=${now} /></td>
        <td class="end"><${Count} n=${shard.RecordCount} /></td>
        <td><${Moment} at=${shard.Oldest?.At} near=${now} /></td>
        <td><${Moment} at=${shard.Newest?.At} near=${now} /></td>
        <td>${readerList(positions.filter(({ shardId }) => shardId === shard.ShardId))
          || html`<span class="faint">none</span>`}</td>
      </tr>`)}</tbody>
  </table></div>`

/** Readers that have everything and are shown all the same. */
const IDLE = 4

/** @param {{ positions: any[], now: number, arn: string }} props */
function Readers({ positions, now, arn }) {
  const table = arn.replace(/^.*:table\//, '').replace(/\/stream\/.*$/, '')
  const isIdle = (/** @type {any} */ { kind, behind, isLost, isExpired }) => kind === 'reader' && behind === 0 && !isLost && !isExpired
  const idle = positions.filter(isIdle).slice(IDLE)
  const [first, rest] = [positions.filter((one) => !idle.includes(one)), idle]
  return html`
    <section aria-labelledby="readers">
      <h2 id="readers">Readers</h2>
      ${positions.length === 0
        ? html`<${Empty} title="Nobody reads this stream" line=${`streamtable tail http://localhost:8000 ${table}`}>A reader shows here with its first call of
            GetRecords, a mapping with the first batch it has settled. One that reads from a shell:</${Empty}>`
        : html`<${ReaderTable} positions=${first} now=${now} />
          ${rest.length > 0 && html`<details><summary>${counted(rest.length, 'more reader')}, which have everything</summary><${ReaderTable} positions=${rest} now=${now} /></details>`}`}
    </section>`
}

/** @param {{ positions: any[], now: number }} props */
const ReaderTable = ({ positions, now }) => html`
        <div class="wide" tabindex="0" role="region" aria-label="Readers, one by one"><table class="list">
          <thead><tr><th scope="col">Reader</th><th scope="col">Shard</th><th scope="col" class="end">Behind</th><th scope="col">Oldest not read</th>
            <th scope="col" class="end">Read</th><th scope="col">Last call</th><th scope="col">State</th></tr></thead>
          <tbody>${positions.map((one) => html`<${ReaderRow} key=${`${one.kind}${one.label}${one.shardId}`} one=${one} now=${now} />`)}</tbody>
        </table></div>`

/** @param {{ one: import('./positions.js').Position, now: number }} props */
const ReaderRow = ({ one, now }) => html`
  <tr>
    <th scope="row"><span class=${`pin ${one.kind}`}>${one.label}</span> ${one.mapping
      ? html`<a href=${href('mapping', one.mapping.UUID)}>${functionName(one.mapping.FunctionArn)}</a>`
      : html`iterator`}</th>
    <td><${ShardName} id=${one.shardId} /></td>
    <td class="end"><${Count} n=${one.behind} /></td>
    <td>${one.at === undefined ? html`<span class="faint">–</span>` : `${duration(Math.max(0, now - one.at))} old`}</td>
    <td class="end">${one.reader ? html`<${Count} n=${one.reader.RecordsRead} />` : html`<span class="faint">–</span>`}</td>
    <td>${one.reader ? html`<${Moment} at=${one.reader.ReadAt} near=${now} />` : html`<span class="faint">–</span>`}</td>
    <td><${ReaderState} one=${one} /></td>
  </tr>`

/** What a reader waits for, or why it cannot go on. @param {{ one: import('./positions.js').Position }} props */
function ReaderState({ one }) {
  if (one.isLost) return html`<${State} kind="bad">trimmed: ${one.lost ? counted(one.lost, 'record') : 'records'} ${one.lost === 1 ? 'is' : 'are'} gone that it has not read</${State}>`
  if (one.isExpired) return html`<${State} kind="bad">expired: no call for 15 minutes, it has to take a new iterator</${State}>`
  if (one.pieces?.length) return html`<${State} kind="wait">retries: failed ${Math.max(...one.pieces.map(({ attempts }) => attempts))} times</${State}>`
  if (one.mapping && one.mapping.State !== 'Enabled') return html`<${State} kind="off">${one.mapping.State}</${State}>`
  if (one.isEnded) return html`<${State} kind="good">has read the shard to its end</${State}>`
  return one.behind === 0 ? html`<${State} kind="good">has everything</${State}>` : html`<${State} kind="wait">reads</${State}>`
}
