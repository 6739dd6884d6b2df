/** Event source mappings: what they are set to, where they are, what they wait for, and what they gave up. */
import { useEffect, useRef, useState } from 'preact/hooks'

import { call, inspectStream } from './api.js'
import { useAsk, useLive, useNow } from './ask.js'
import { counted, placeOf } from './fate.js'
import { html } from './html.js'
import { touched } from './live.js'
import { Count, duration, Empty, Moment, Raw, Refusal, ShardName, State } from './parts.js'
import { functionName, lagOf, mappingPositions, mappings } from './positions.js'
import { Plot } from './plot.js'
import { href } from './route.js'

const CREATE = `db.event_source_mapping("Orders", "billing", batch_size=10)`
/** Points of the lag that a page keeps, the newest. */
const POINTS = 600

const KINDS = /** @type {Record<string, string>} */ ({ Enabled: 'good', Disabled: 'off' })

/** @param {any} mapping a table's name from the ARN of its stream */
const sourceName = ({ EventSourceArn }) => /:(?:table|stream)\/([^/]+)/.exec(EventSourceArn)?.[1] ?? EventSourceArn

/** @param {any} mapping */
const isOfTable = ({ EventSourceArn }) => EventSourceArn.includes(':dynamodb:')

/** @typedef {{ described: any, places: import('./positions.js').Position[] | null, lag?: number, shards?: any[], isGone?: boolean }} Located */

/**
 * A mapping with its places; a stream that has gone has none.
 * @param {any} described
 * @param {any[]} all
 * @param {AbortSignal} signal
 * @returns {Promise<Located>}
 */
async function located(described, all, signal) {
  const arn = described.Configuration.EventSourceArn
  if (!isOfTable(described.Configuration)) return { described, places: null, lag: undefined }
  try {
    const { Shards } = await inspectStream(arn, signal)
    const others = all.map((one) => (one === described ? one : { ...one, Checkpoint: undefined }))
    const places = await mappingPositions(arn, Shards, others, signal)
    const isBegun = placeOf(described) !== null
    const whole = Shards.reduce((/** @type {number} */ sum, /** @type {any} */ { RecordCount }) => sum + RecordCount, 0)
    const lag = isBegun ? lagOf(Shards, places) : described.Configuration.StartingPosition === 'TRIM_HORIZON' ? whole : undefined
    return { described, shards: Shards, places, lag }
  } catch (error) {
    if (/** @type {any} */ (error).code === 'ResourceNotFoundException') return { described, places: null, lag: undefined, isGone: true }
    throw error
  }
}

/** All mappings. */
export function Mappings() {
  const { value, error } = useAsk('mappings', async (signal) => {
    const all = await mappings(signal)
    const found = []
    for (const one of all) found.push(await located(one, all, signal))
    return found
  })
  if (error) return html`<${Refusal} error=${error} what="The mappings cannot be listed" />`
  if (!value) return html`<p class="faint" role="status">Asking for the mappings…</p>`
  if (value.length === 0) {
    return html`<h1>Mappings</h1><${Empty} title="No function is attached to a stream" line=${CREATE}>A mapping hands the records of a stream to a function in
      batches. In Python, after <code>@db.function("billing")</code>:</${Empty}>`
  }
  return html`
    <h1>Mappings</h1>
    <div class="wide"><table class="list">
      <thead><tr><th scope="col">Function</th><th scope="col">Stream of</th><th scope="col">State</th><th scope="col">Last result</th><th scope="col" class="end">Behind</th>
        <th scope="col">Filters</th><th scope="col" class="end">Batch</th></tr></thead>
      <tbody>${value.map(({ described: { Configuration: mapping }, lag, isGone }) => html`
        <tr key=${mapping.UUID}>
          <th scope="row"><a href=${href('mapping', mapping.UUID)}>${functionName(mapping.FunctionArn)}</a></th>
          <td>${isOfTable(mapping) && !isGone ? html`<a href=${href('stream', mapping.EventSourceArn)}>${sourceName(mapping)}</a>` : `${sourceName(mapping)}${isGone ? ' (gone)' : ''}`}</td>
          <td><${State} kind=${KINDS[mapping.State] ?? 'wait'}>${mapping.State}</${State}> <span class="faint">${mapping.StateTransitionReason}</span></td>
          <td><${Result} text=${mapping.LastProcessingResult} /></td>
          <td class="end"><${Count} n=${lag} /></td>
          <td>${mapping.FilterCriteria?.Filters?.length ?? html`<span class="faint">all records</span>`}</td>
          <td class="end"><${Count} n=${mapping.BatchSize} /></td>
        </tr>`)}</tbody>
    </table></div>`
}

/** @param {{ text: string | undefined }} props */
function Result({ text }) {
  if (!text || text === 'No records processed') return html`<span class="faint">${text ?? 'none'}</span>`
  return html`<${State} kind=${text.startsWith('PROBLEM') ? 'bad' : 'good'}>${text}</${State}>`
}

/** @param {{ subject: string }} props its identity */
export function Mapping({ subject }) {
  const { value, error } = useAsk(subject, /** @returns {Promise<Located>} */ async (signal) => {
    const all = await mappings(signal)
    const described = all.find(({ Configuration }) => Configuration.UUID === subject)
    return described ? located(described, all, signal) : { described: null, places: null }
  })
  const now = useNow()
  const lags = useLags(value?.lag, now)
  if (error) return html`<${Refusal} error=${error} />`
  if (!value) return html`<p class="faint" role="status">Asking for the mapping…</p>`
  if (!value.described) {
    return html`<h1>Mapping</h1><${Empty} title="There is no such mapping">It was deleted. <a href=${href('mappings')}>All mappings</a></${Empty}>`
  }
  const { described, shards, places, lag } = value
  const mapping = described.Configuration
  return html`
    <div class="title"><h1>${functionName(mapping.FunctionArn)} <span class="faint">on ${sourceName(mapping)}</span></h1><${Switch} mapping=${mapping} /></div>
    <dl class="facts">
      <div><dt>State</dt><dd><${State} kind=${KINDS[mapping.State] ?? 'wait'}>${mapping.State}</${State}> <span class="faint">${mapping.StateTransitionReason}</span></dd></div>
      <div><dt>Last result</dt><dd><${Result} text=${mapping.LastProcessingResult} /></dd></div>
      <div><dt>Behind</dt><dd><${Count} n=${lag} /></dd></div>
      <div><dt>Settled</dt><dd>${counted(described.Settlements, 'time')}</dd></div>
      <div><dt>Stream</dt><dd>${shards ? html`<a href=${href('stream', mapping.EventSourceArn)}>${sourceName(mapping)}</a>` : sourceName(mapping)}</dd></div>
    </dl>
    <section aria-labelledby="lag"><h2 id="lag">Records behind</h2>
      <${Plot} points=${lags} label="Records behind" /></section>
    <${Places} places=${places} shards=${shards} mapping=${mapping} now=${now} isBegun=${Boolean(described.Checkpoint)} />
    <${Settings} mapping=${mapping} />
    <${Filters} mapping=${mapping} hasStream=${Boolean(shards)} />
    <${DeadLetters} mapping=${mapping} />
    <${Raw} value=${described} label="The mapping as DescribeMappings has it" />`
}

/**
 * The lag as long as the page is open: nobody keeps it before.
 * @param {number | undefined} lag
 * @param {number} now
 */
function useLags(lag, now) {
  const points = useRef(/** @type {{ at: number, value: number }[]} */ ([]))
  const last = points.current.at(-1)
  if (lag !== undefined && last?.value !== lag) {
    points.current = [...points.current, { at: now, value: lag }].slice(-POINTS)
  }
  return points.current
}

/** Turns a mapping on and off. @param {{ mapping: any }} props */
function Switch({ mapping }) {
  const { readOnly } = useLive()
  const [error, setError] = useState(/** @type {any} */ (null))
  if (readOnly) return null
  const isOn = !['Disabled', 'Disabling'].includes(mapping.State)
  const run = async () => {
    try {
      setError(null)
      await call('UpdateEventSourceMapping', { UUID: mapping.UUID, Enabled: !isOn })
      touched()
    } catch (refused) {
      setError(refused)
    }
  }
  return html`<div class="commands">${error && html`<span role="alert" class="bad-text">${error.message}</span>`}
    <button type="button" onClick=${run}>${isOn ? 'Disable' : 'Enable'}</button></div>`
}

/** @param {{ places: any[] | null, shards: any[] | undefined, mapping: any, now: number, isBegun: boolean }} props */
function Places({ places, shards, mapping, now, isBegun }) {
  if (!places || !shards) {
    return html`<section><h2>Places</h2><p class="faint">${isOfTable(mapping) ? 'The stream has gone.' : 'Its source is a data stream, whose records are not shown here.'}</p></section>`
  }
  if (!isBegun) {
    return html`<section><h2>Places</h2><${Empty} title="Nothing is settled yet">It begins at ${mapping.StartingPosition} when a program carries it out:
      <code>db.run_until_idle()</code>, or <code>with mapping:</code> for a thread.</${Empty}></section>`
  }
  return html`
    <section aria-labelledby="places"><h2 id="places">Places</h2>
      <div class="wide"><table class="list">
        <thead><tr><th scope="col">Shard</th><th scope="col">State</th><th scope="col" class="end">Behind</th><th scope="col">Oldest not settled</th><th scope="col">What it waits for</th></tr></thead>
        <tbody>${places.map(({ shardId, behind, at, isEnded, isLost, lost, pieces = [] }) => html`
          <tr key=${shardId}>
            <th scope="row"><a href=${href('stream', mapping.EventSourceArn, { shard: shardId })}><${ShardName} id=${shardId} /></a></th>
            <td>${shards.find(({ ShardId }) => ShardId === shardId)?.IsOpen ? 'open' : 'closed'}</td>
            <td class="end"><${Count} n=${behind} /></td>
            <td>${at === undefined ? html`<span class="faint">–</span>` : `${duration(Math.max(0, now - at))} old`}</td>
            <td>${isLost && html`<${State} kind="bad">${lost ? counted(lost, 'record') : 'records'} ${lost === 1 ? 'was' : 'were'} trimmed before it came to them</${State}>`}
              ${pieces.map((/** @type {any} */ piece) => html`<div key=${piece.first}><${State} kind="wait">retry after ${piece.attempts} ${piece.attempts === 1 ? 'failure' : 'failures'}</${State}>
                ${' '}<span class="mono faint" title=${`${piece.first} to ${piece.last}`}>…${piece.first.slice(-6)} to …${piece.last.slice(-6)}</span></div>`)}
              ${!isLost && pieces.length === 0 && (isEnded || behind === 0
                ? html`<${State} kind="good">${isEnded ? 'read to its end' : 'nothing'}</${State}>`
                : html`<${State} kind="wait">${mapping.State === 'Enabled' ? 'its next batch' : `the mapping is ${mapping.State}`}</${State}>`)}</td>
          </tr>`)}</tbody>
      </table></div></section>`
}

/** @param {{ mapping: any }} props */
function Settings({ mapping }) {
  const any = (/** @type {number | undefined} */ n, /** @type {string} */ unit) => (n === undefined || n < 0 ? 'no limit' : `${n.toLocaleString('en')}${unit}`)
  const facts = [
    ['Begins at', mapping.StartingPosition + (mapping.StartingPositionTimestamp ? ` ${new Date(mapping.StartingPositionTimestamp * 1000).toISOString()}` : '')],
    ['Batch', `${mapping.BatchSize} records, gathered for ${mapping.MaximumBatchingWindowInSeconds ?? 0} s`],
    ['Batches of a shard at once', mapping.ParallelizationFactor ?? 1],
    ['Retries', any(mapping.MaximumRetryAttempts, '')],
    ['Age of records', any(mapping.MaximumRecordAgeInSeconds, ' s')],
    ['Halves a batch that failed', mapping.BisectBatchOnFunctionError ? 'yes' : 'no'],
    ['Window', mapping.TumblingWindowInSeconds ? `${mapping.TumblingWindowInSeconds} s` : 'none'],
    ['Answers', mapping.FunctionResponseTypes?.join(', ') || 'success or failure of the whole batch'],
    ['What was given up goes to', mapping.DestinationConfig?.OnFailure?.Destination ?? 'nowhere'],
  ]
  return html`<section aria-labelledby="settings"><h2 id="settings">Settings</h2>
    <dl class="facts grid">${facts.map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd class="break">${value}</dd></div>`)}</dl></section>`
}

/** @param {{ mapping: any, hasStream: boolean }} props */
function Filters({ mapping, hasStream }) {
  const filters = mapping.FilterCriteria?.Filters ?? []
  if (filters.length === 0) return null
  return html`<section aria-labelledby="filters"><h2 id="filters">Filters</h2><p class="faint">A record is handed over if one of them matches.</p>
    <ul class="patterns">${filters.map((/** @type {any} */ { Pattern }, /** @type {number} */ n) => html`<li key=${n}><code class="break">${Pattern}</code>
      ${hasStream && html` <a href=${href('stream', mapping.EventSourceArn, { pattern: Pattern })}>Try it</a>`}</li>`)}</ul></section>`
}

/** The messages of a queue that what was given up goes to. Receiving counts and hides messages, so only a button does it. @param {{ mapping: any }} props */
function DeadLetters({ mapping }) {
  const destination = mapping.DestinationConfig?.OnFailure?.Destination ?? ''
  const { readOnly } = useLive()
  const name = /:sqs:[^:]*:[^:]*:(.+)$/.exec(destination)?.[1]
  const [state, setState] = useState(/** @type {any} */ ({}))
  useEffect(() => setState({}), [destination])
  if (!name) return null
  const receive = async () => {
    try {
      const { QueueUrl } = await call('SqsGetQueueUrl', { QueueName: name })
      setState({ messages: (await call('SqsReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 0, MessageSystemAttributeNames: ['All'] })).Messages ?? [] })
    } catch (error) {
      setState({ error })
    }
  }
  return html`<section aria-labelledby="dead"><h2 id="dead">Dead letters in ${name}</h2>
    <p class="faint">Receiving counts as one receipt of each message; they stay visible to others.</p>
    ${readOnly ? html`<p class="faint">A read-only inspector receives nothing.</p>` : html`<div class="actions"><button type="button" onClick=${receive}>Receive up to 10</button></div>`}
    ${state.error && html`<${Refusal} error=${state.error} />`}
    ${state.messages?.length === 0 && html`<p role="status">The queue has no visible message.</p>`}
    ${state.messages?.map((/** @type {any} */ message) => html`<${Letter} key=${message.MessageId} message=${message} arn=${mapping.EventSourceArn} />`)}</section>`
}

/** @param {{ message: any, arn: string }} props */
function Letter({ message, arn }) {
  let told
  try {
    told = JSON.parse(message.Body)
  } catch {
    told = null
  }
  const batch = told?.DDBStreamBatchInfo
  return html`<article class="letter">
    <p><strong>${told?.requestContext?.condition ?? 'A message'}</strong>${batch && html`: ${batch.batchSize} records of shard <${ShardName} id=${batch.shardId} />, from
      ${' '}<a href=${href('why', arn, { sn: batch.startSequenceNumber })}>…${batch.startSequenceNumber.slice(-6)}</a> to
      ${' '}<a href=${href('why', arn, { sn: batch.endSequenceNumber })}>…${batch.endSequenceNumber.slice(-6)}</a>`}
      ${' '}<span class="faint">sent <${Moment} at=${Number(message.Attributes?.SentTimestamp)} isShort=${true} />, received ${message.Attributes?.ApproximateReceiveCount} times</span></p>
    <${Raw} value=${told ?? message.Body} label="The message" /></article>`
}
