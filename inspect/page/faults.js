/** Faults: what calls are disturbed with, and what that did. */
import { useState } from 'preact/hooks'

import { call } from './api.js'
import { useAsk, useLive, useNow } from './ask.js'
import { counted } from './fate.js'
import { html } from './html.js'
import { touched } from './live.js'
import { Count, Empty, Moment, Raw, Refusal, ShardName } from './parts.js'

const EXAMPLE = `{"Name": "storm", "Effect": "FAIL", "Operations": ["PutItem"], "TableName": "Orders",
 "Times": 3, "Error": {"Code": "ThrottlingException"}}`
/** Entries of the trace that are shown. */
const TRACED = 100

/** The faults, with their trace. */
export function Faults() {
  const { readOnly } = useLive()
  const { value, error } = useAsk('faults', (signal) => call('DescribeFaults', {}, signal))
  const now = useNow()
  if (error) return html`<${Refusal} error=${error} what="The faults cannot be listed" />`
  if (!value) return html`<p class="faint" role="status">Asking for the faults…</p>`
  const { Faults: faults, Trace: trace, Seed } = value
  return html`
    <div class="title"><h1>Faults</h1>${faults.length > 0 && !readOnly && html`<${Clear} />`}</div>
    ${faults.length === 0
      ? html`<${Empty} title="Calls are not disturbed">A fault makes happen what is rare: throttling, an answer that is lost, an iterator that has expired, records that were trimmed.</${Empty}>`
      : html`<div class="wide"><table class="list">
        <thead><tr><th scope="col">Name</th><th scope="col">Effect</th><th scope="col">To</th><th scope="col" class="end">Calls</th><th scope="col" class="end">Happened</th><th scope="col">Whole</th></tr></thead>
        <tbody>${faults.map((/** @type {any} */ { Fault: fault, Calls, Injected }, /** @type {number} */ n) => html`<tr key=${n}>
          <th scope="row">${fault.Name ?? html`<span class="faint">no name</span>`}</th><td>${fault.Effect}${fault.Error ? ` ${fault.Error.Code}` : ''}</td>
          <td>${[...(fault.Operations ?? ['any call']), fault.TableName ?? ''].filter(Boolean).join(', ')}${fault.Times ? `, at most ${counted(fault.Times, 'time')}` : ''}</td>
          <td class="end"><${Count} n=${Calls} /></td><td class="end"><${Count} n=${Injected} /></td><td><${Raw} value=${fault} label="JSON" /></td></tr>`)}</tbody>
      </table></div>`}
    ${!readOnly && html`<${Add} faults=${faults.map((/** @type {any} */ { Fault }) => Fault)} seed=${Seed} />`}
    <section aria-labelledby="trace"><h2 id="trace">What they did</h2>
      ${trace.length === 0 ? html`<p class="faint">Nothing yet.</p>` : html`<div class="wide" tabindex="0" role="region" aria-label="Trace of faults"><table class="list">
        <thead><tr><th scope="col">At</th><th scope="col">Fault</th><th scope="col">Call</th><th scope="col">Shard</th><th scope="col">What was done</th></tr></thead>
        <tbody>${trace.slice(-TRACED).reverse().map((/** @type {any} */ one) => html`<tr key=${one.Number}>
          <td><${Moment} at=${one.At} near=${now} /></td><th scope="row">${one.Name ?? one.Effect}</th><td>${one.Operation} ${one.TableNames?.join(', ')}</td>
          <td>${one.ShardId ? html`<${ShardName} id=${one.ShardId} />` : html`<span class="faint">–</span>`}</td><td>${one.Detail}</td></tr>`)}</tbody>
      </table></div>`}</section>`
}

function Clear() {
  const [error, setError] = useState(/** @type {any} */ (null))
  const clear = async () => {
    try {
      await call('SetFaults', { Faults: [] })
      touched()
    } catch (refused) {
      setError(refused)
    }
  }
  return html`<div class="commands">${error && html`<span role="alert" class="bad-text">${error.message}</span>`}
    <button type="button" onClick=${clear}>End all faults</button></div>`
}

/** Adds a fault. The script is set anew with it, which begins a new trace and counts from zero. @param {{ faults: any[], seed: number }} props */
function Add({ faults, seed }) {
  const [text, setText] = useState('')
  const [error, setError] = useState(/** @type {any} */ (null))
  const add = async (/** @type {Event} */ event) => {
    event.preventDefault()
    try {
      await call('SetFaults', { Faults: [...faults, JSON.parse(text)], Seed: seed })
      setError(null)
      setText('')
      touched()
    } catch (refused) {
      setError(refused)
    }
  }
  return html`<section aria-labelledby="add"><h2 id="add">Add a fault</h2>
    <form class="edit" onSubmit=${add}>
      <label for="fault-json">The fault, as SetFaults takes it. The counts and the trace begin anew.</label>
      <textarea id="fault-json" rows="4" spellcheck=${false} placeholder=${EXAMPLE} value=${text} onInput=${(/** @type {any} */ event) => setText(event.currentTarget.value)}></textarea>
      <div class="actions"><button type="submit" class="main">Add</button><button type="button" onClick=${() => setText(EXAMPLE)}>Fill in the example</button></div>
      ${error && html`<${Refusal} error=${error} what="Not added" />`}
    </form></section>`
}
