/** The bar above every view: where to go, the clock, faults, finding, the connection, light and dark. */
import { useEffect, useRef, useState } from 'preact/hooks'

import { call } from './api.js'
import { useAsk, useLive, useNow } from './ask.js'
import { html } from './html.js'
import { setNow, touched } from './live.js'
import { Moment } from './parts.js'
import { href } from './route.js'

const PLACES = [['tables', 'Tables'], ['streams', 'Streams'], ['mappings', 'Mappings'], ['why', 'Why'], ['calls', 'Calls']]

/** The view that a view belongs to, in the navigation. */
const HOME = /** @type {Record<string, string>} */ ({ stream: 'streams', mapping: 'mappings' })

/** @param {{ view: string }} props */
export const Bar = ({ view }) => html`
  <header class="bar">
    <a class="brand" href=${href('tables')}><span aria-hidden="true" class="logo"></span>streamtable</a>
    <nav aria-label="Views"><ul>
      ${PLACES.map(([name, title]) => html`
        <li key=${name}><a href=${href(name)} aria-current=${(HOME[view] ?? view) === name ? 'page' : undefined}>${title}</a></li>`)}
    </ul></nav>
    <${Find} />
    <${Clock} />
    <${FaultCount} isHere=${view === 'faults'} />
    <${Connection} />
    <${Scheme} />
  </header>`

const STEPS = /** @type {[string, number][]} */ ([['+1s', 1000], ['+15m', 900_000], ['+24h', 86_400_000]])

/** The database's time; a manual clock is moved on here. */
function Clock() {
  const { mode, readOnly } = useLive()
  const at = useNow()
  const [error, setError] = useState(/** @type {any} */ (null))
  const advance = async (/** @type {number} */ Milliseconds) => {
    try {
      setError(null)
      setNow((await call('AdvanceClock', { Milliseconds })).Now)
      touched()
    } catch (refused) {
      setError(refused)
    }
  }
  if (mode === '') return null
  return html`
    <div class="clock" role="group" aria-label="Clock">
      <span class="faint">${mode}</span> <${Moment} at=${at} isShort=${true} />
      ${mode === 'manual' && !readOnly && STEPS.map(([name, millis]) => html`
        <button key=${name} type="button" class="small" onClick=${() => advance(millis)} aria-label=${`Move the clock on by ${name.slice(1)}`}>${name}</button>`)}
      ${error && html`<span role="alert" class="bad-text">${error.message}</span>`}
    </div>`
}

/** How many faults there are, and the way to them. @param {{ isHere: boolean }} props */
function FaultCount({ isHere }) {
  const { value } = useAsk('faults', (signal) => call('DescribeFaults', { Limit: 1 }, signal))
  const n = value?.Faults.length ?? 0
  return html`<a class=${`faults ${n > 0 ? 'on' : ''}`} href=${href('faults')} aria-current=${isHere ? 'page' : undefined}>
    ${n > 0 && html`<span aria-hidden="true">⚡ </span>`}Faults <span class="number">${n}</span></a>`
}

const WORDS = {
  connecting: ['wait', 'connecting'], open: ['good', 'live'], lost: ['bad', 'not connected'], locked: ['bad', 'no session'], hidden: ['off', 'paused'],
}

/** Whether what is shown is still true. */
function Connection() {
  const { connection, isRestarted, readOnly, version } = useLive()
  const [kind, word] = WORDS[connection]
  return html`
    <span class="connection" role="status" title=${`streamtable ${version}`}>
      <span class="state ${kind}">${word}</span>
      ${readOnly && connection === 'open' && html`<span class="tag">read only</span>`}
      ${isRestarted && html`<span class="tag">started anew</span>`}
    </span>`
}

const SCHEMES = ['system', 'light', 'dark']

/** @param {string} scheme as the style sheet knows it */
function paint(scheme) {
  document.documentElement.dataset.scheme = scheme
}

// Before anything is drawn, so that nothing flashes in the other one.
paint(localStorage.getItem('scheme') ?? 'system')

/** Light and dark: the system's, or one of both for this browser. */
function Scheme() {
  const [scheme, setScheme] = useState(() => localStorage.getItem('scheme') ?? 'system')
  const pick = (/** @type {any} */ event) => {
    const { value } = event.currentTarget
    paint(value)
    localStorage.setItem('scheme', value)
    setScheme(value)
  }
  return html`
    <select class="scheme" aria-label="Light or dark" value=${scheme} onChange=${pick}>
      ${SCHEMES.map((name) => html`<option key=${name} value=${name} selected=${name === scheme}>${name}</option>`)}
    </select>`
}

/** Everything that has a name. @param {AbortSignal} signal */
async function names(signal) {
  const { TableNames = [] } = await call('ListTables', {}, signal)
  const { Streams = [] } = await call('ListStreams', {}, signal)
  const { Mappings = [] } = await call('DescribeMappings', {}, signal)
  return [
    ...TableNames.map((/** @type {string} */ name) => ({ kind: 'table', name, to: href('tables', name) })),
    ...Streams.map((/** @type {any} */ { StreamArn, TableName, StreamLabel }) => ({ kind: 'stream', name: `${TableName} ${StreamLabel}`, to: href('stream', StreamArn) })),
    ...Mappings.map((/** @type {any} */ { Configuration: { UUID, FunctionArn } }) =>
      ({ kind: 'mapping', name: `${FunctionArn.split(':').slice(6).join(':')} ${UUID}`, to: href('mapping', UUID) })),
  ]
}

/**
 * Where a text leads.
 * @param {string} text
 * @param {{ kind: string, name: string, to: string }[]} known
 */
function places(text, known) {
  const wanted = text.trim().toLowerCase()
  if (wanted === '') return []
  const found = known.filter(({ name }) => name.toLowerCase().includes(wanted)).slice(0, 8)
  // A sequence number has 21 digits on the service; anything that long can be nothing else.
  if (/^\d{15,40}$/.test(wanted)) found.unshift({ kind: 'record', name: wanted, to: href('why', '', { sn: wanted }) })
  return found
}

/** Finds tables, streams, mappings and sequence numbers. `/` leads here, Enter to the first that was found. */
function Find() {
  const [text, setText] = useState('')
  const [isOpen, setOpen] = useState(false)
  const [known, setKnown] = useState(/** @type {any[]} */ ([]))
  const box = useRef(/** @type {HTMLInputElement | null} */ (null))
  useEffect(() => {
    const slash = (/** @type {KeyboardEvent} */ event) => {
      const { tagName } = /** @type {HTMLElement} */ (event.target)
      if (event.key !== '/' || event.ctrlKey || event.metaKey || ['INPUT', 'TEXTAREA', 'SELECT'].includes(tagName)) return
      event.preventDefault()
      box.current?.focus()
    }
    document.addEventListener('keydown', slash)
    return () => document.removeEventListener('keydown', slash)
  }, [])
  const open = async () => {
    setOpen(true)
    setKnown(await names(new AbortController().signal).catch(() => []))
  }
  const leave = (/** @type {any} */ event) => {
    if (!event.currentTarget.contains(event.relatedTarget)) setOpen(false)
  }
  const found = places(text, known)
  const done = () => {
    setText('')
    setOpen(false)
    document.getElementById('main')?.focus()
  }
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault()
    if (found.length === 0) return
    location.hash = found[0].to
    done()
  }
  const keys = (/** @type {any} */ event) => {
    if (event.key === 'Escape') return done()
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step === 0) return undefined
    event.preventDefault()
    const stops = [...event.currentTarget.querySelectorAll('input, a')]
    stops[Math.min(Math.max(stops.indexOf(document.activeElement) + step, 0), stops.length - 1)].focus()
    return undefined
  }
  return html`
    <form class="find" role="search" onSubmit=${submit} onFocusOut=${leave} onKeyDown=${keys}>
      <input ref=${box} type="search" aria-label="Find a table, stream, mapping or sequence number" aria-keyshortcuts="/" placeholder="Find…   /"
        autocomplete="off" spellcheck=${false} value=${text} onFocus=${open} onInput=${(/** @type {any} */ event) => setText(event.currentTarget.value)} />
      ${isOpen && text.trim() !== '' && html`
        <ul class="found">
          ${found.map(({ kind, name, to }) => html`<li key=${to}><a href=${to} onClick=${done}><span class="tag">${kind}</span> ${name}</a></li>`)}
          ${found.length === 0 && html`<li class="faint">Nothing has this name.</li>`}
        </ul>`}
    </form>`
}
