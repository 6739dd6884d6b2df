/** The latest calls, and what calls came to, where the database was opened with the options for it. */
import { useEffect, useState } from 'preact/hooks'

import { call } from './api.js'
import { useAsk, useLive, useNow } from './ask.js'
import { html } from './html.js'
import { Count, Empty, Moment, Refusal, State, VirtualTable } from './parts.js'
import { change } from './route.js'

const COLUMNS = [
  { name: 'At', width: '7rem' }, { name: 'Operation', width: 'minmax(8rem, 1fr)' }, { name: 'Table', width: 'minmax(6rem, 1fr)' },
  { name: 'Took', width: '5rem' }, { name: 'Outcome', width: 'minmax(10rem, 2fr)' },
]

/** @param {{ query: Record<string, string> }} props */
export const Calls = ({ query }) => html`<h1>Calls</h1><${Latest} query=${query} /><${Counts} />`

/** @param {{ query: Record<string, string> }} props */
function Latest({ query }) {
  const { calls, missed } = useLive()
  const [begun, setBegun] = useState(/** @type {any} */ (null))
  const now = useNow()
  useEffect(() => {
    // The feed tells the calls from now on; those before are asked for once.
    call('DescribeCalls', {}).then(setBegun, (error) => setBegun({ error, Calls: [] }))
  }, [])
  if (!begun) return html`<p class="faint" role="status">Asking for the calls…</p>`
  if (begun.error?.code === 'ValidationException') {
    return html`<${Empty} title="Calls are not remembered" line="streamtable serve --memory --inspect --call-trace 1000 --metrics">A database remembers its latest calls if it is told how many:</${Empty}>`
  }
  if (begun.error) return html`<${Refusal} error=${begun.error} />`
  const known = new Map([...begun.Calls, ...calls].map((one) => [one.Number, one]))
  const rows = [...known.values()].sort((a, b) => b.Number - a.Number)
    .filter(({ Operation, TableName = '', Error = '' }) => `${Operation} ${TableName} ${Error}`.toLowerCase().includes((query.has ?? '').toLowerCase()))
  const row = (/** @type {number} */ n) => {
    const { Number: number, At, Operation, TableName, Millis, Error: code, Message } = rows[n]
    return { key: String(number), cells: [
      html`<${Moment} at=${At} near=${now} />`, Operation, TableName ?? '', html`<span class="number">${Millis} ms</span>`,
      code ? html`<span title=${Message}><${State} kind="bad">${code}</${State}> <span class="faint">${Message}</span></span>` : html`<${State} kind="good">done</${State}>`,
    ] }
  }
  return html`
    <div class="ask"><label>Has <input class="short" type="search" defaultValue=${query.has ?? ''}
      onInput=${(/** @type {any} */ event) => change({ has: event.currentTarget.value }, { isTyped: true })} /></label></div>
    <p class="faint" role="status">${rows.length.toLocaleString('en')} calls${missed > 0 && html`, <span class="left"><${Count} n=${missed} /> were forgotten before they could be shown</span>`}. What this page asks is not among them.</p>
    ${rows.length === 0 ? html`<${Empty} title="No call to show">Calls show as they end.</${Empty}>` : html`<${VirtualTable} label="Calls, the newest first" columns=${COLUMNS} count=${rows.length} row=${row} />`}`
}

/** What is counted under CloudWatch's names. */
function Counts() {
  const { value, error } = useAsk('metrics', (signal) => call('DescribeMetrics', {}, signal))
  if (error || !value) return null
  const names = ['UserErrors', 'ThrottledRequests', 'ConditionalCheckFailedRequests', 'TransactionConflict', 'SystemErrors']
  return html`
    <section aria-labelledby="counts"><h2 id="counts">Counts</h2>
      <div class="wide" tabindex="0" role="region" aria-label="Counts of calls"><table class="list"><thead><tr><th scope="col">Operation</th><th scope="col">Table</th><th scope="col" class="end">Succeeded</th>
        ${names.map((name) => html`<th key=${name} scope="col" class="end">${name.replace(/([a-z])([A-Z])/g, '$1 $2')}</th>`)}</tr></thead>
      <tbody>${value.Metrics.map((/** @type {any} */ one) => html`<tr key=${`${one.Operation} ${one.TableName}`}><th scope="row">${one.Operation}</th><td>${one.TableName ?? ''}</td>
        <td class="end"><${Count} n=${one.SuccessfulRequestLatency?.SampleCount ?? 0} /></td>
        ${names.map((name) => html`<td key=${name} class="end"><${Count} n=${one[name] ?? 0} /></td>`)}</tr>`)}</tbody></table></div></section>`
}
