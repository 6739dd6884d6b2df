/** Small pieces that all views are made of. */
import { useEffect, useRef, useState } from 'preact/hooks'

import { html } from './html.js'
import { changesOf, CUT, jsonOf, textOf, typeOf, TYPES } from './values.js'

const MINUTE = 60_000
const DAY = 86_400_000

/**
 * How long, in the two largest units that say something.
 * @param {number} millis
 */
export function duration(millis) {
  const units = /** @type {[string, number][]} */ ([['d', DAY], ['h', 60 * MINUTE], ['min', MINUTE], ['s', 1000], ['ms', 1]])
  const first = units.findIndex(([, size]) => millis >= size)
  if (first < 0) return '0 ms'
  const [name, size] = units[first]
  const whole = Math.floor(millis / size)
  const below = units[first + 1]
  const rest = below && name !== 's' ? Math.floor((millis - whole * size) / below[1]) : 0
  return `${whole} ${name}${rest > 0 ? ` ${rest} ${below[0]}` : ''}`
}

/** @param {{ n: number | undefined }} props a count, its digits in threes */
export const Count = ({ n }) => html`<span class="number">${n === undefined ? '–' : n.toLocaleString('en')}</span>`

/**
 * A moment in UTC. The day is told where it is not that of `near`.
 * @param {{ at: number | undefined, near?: number, isShort?: boolean }} props epoch milliseconds
 */
export function Moment({ at, near, isShort }) {
  if (at === undefined) return html`<span class="faint">–</span>`
  const iso = new Date(at).toISOString()
  const time = iso.slice(11, isShort ? 19 : 23)
  const isNear = near !== undefined && iso.slice(0, 10) === new Date(near).toISOString().slice(0, 10)
  return html`<time class="number" datetime=${iso} title=${iso}>${isNear ? time : `${iso.slice(0, 10)} ${time}`}</time>`
}

/** @param {{ id: string }} props a shard by the end of its id; the whole id is its title */
export const ShardName = ({ id }) => html`<span class="mono" title=${id}>${id.slice(-8)}</span>`

/**
 * What could not be had, in the service's words.
 * @param {{ error: any, what?: string }} props
 */
export const Refusal = ({ error, what }) => html`
  <div class="notice bad" role="alert">
    <strong>${what ?? 'Refused'}: ${error.code ?? error.name}</strong>
    <span>${error.message}</span>
  </div>`

/**
 * Nothing is here, and how something comes.
 * @param {{ title: string, children?: any, line?: string }} props `line` can be copied
 */
export const Empty = ({ title, children, line }) => html`
  <div class="empty">
    <h2>${title}</h2>
    ${children && html`<p>${children}</p>`}
    ${line && html`<${Line} text=${line} />`}
  </div>`

/**
 * A line to paste, with a button that copies it.
 * @param {{ text: string }} props
 */
export function Line({ text }) {
  const [isCopied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    setCopied(true)
  }
  return html`
    <div class="line">
      <pre tabindex="0" aria-label="A line to paste"><code>${text}</code></pre>
      <button type="button" onClick=${copy}>${isCopied ? 'Copied' : 'Copy'}</button>
    </div>`
}

/**
 * A state as a mark and a word: its colour says nothing that they do not.
 * @param {{ kind: string, children: any }} props `good`, `wait`, `bad`, `off`, `plain`
 */
export const State = ({ kind, children }) => html`<span class="state ${kind}">${children}</span>`

/**
 * One attribute value, whole on demand.
 * @param {{ value: any }} props
 */
export function AttributeValue({ value }) {
  const [isWhole, setWhole] = useState(false)
  const type = typeOf(value)
  if (type === 'masked') return html`<span class="tag" title="This inspector was told to keep it back">masked</span>`
  if (value.cut !== undefined) return html`<code class="value">${textOf(value)}</code> <span class="faint">the beginning of ${value.cut.toLocaleString('en')} characters</span>`
  const text = type === 'M' || type === 'L' ? nested(value, 0) : textOf(value)
  if (text.length <= CUT || isWhole) return html`<code class="value">${text}</code>`
  return html`
    <code class="value">${text.slice(0, CUT)}…</code>
    <button type="button" onClick=${() => setWhole(true)}>Show all ${text.length.toLocaleString('en')} characters</button>`
}

/**
 * Maps and lists over several lines.
 * @param {any} value
 * @param {number} depth
 * @returns {string}
 */
function nested(value, depth) {
  const line = textOf(value)
  if (line.length <= 72 || !(value.M || value.L)) return line
  const indent = '  '.repeat(depth + 1)
  const inner = value.M
    ? Object.entries(value.M).map(([name, held]) => `${indent}${name}: ${nested(held, depth + 1)}`)
    : value.L.map((/** @type {any} */ held) => `${indent}${nested(held, depth + 1)}`)
  const [open, close] = value.M ? '{}' : '[]'
  return `${open}\n${inner.join(',\n')}\n${'  '.repeat(depth)}${close}`
}

/** @param {{ item: any, keyNames?: string[] }} props an item, attribute by attribute */
export const ItemTable = ({ item, keyNames = [] }) => html`
  <table class="attributes">
    <thead><tr><th scope="col">Attribute</th><th scope="col">Type</th><th scope="col">Value</th></tr></thead>
    <tbody>${Object.keys(item).sort((a, b) => Number(keyNames.includes(b)) - Number(keyNames.includes(a)) || (a < b ? -1 : 1)).map((name) => html`
      <tr key=${name}>
        <th scope="row">${name}${keyNames.includes(name) && html` <span class="tag">key</span>`}</th>
        <td class="faint">${TYPES[typeOf(item[name])] ?? typeOf(item[name])}</td>
        <td><${AttributeValue} value=${item[name]} /></td>
      </tr>`)}</tbody>
  </table>`

/** @param {{ title: string, item: any }} props an item behind a line that opens it */
const Folded = ({ title, item }) => html`<details><summary>${title}</summary><${ItemTable} item=${item} /></details>`

const MARKS = { added: '+', removed: '−', changed: '→' }

/**
 * What a record changed, path by path; of an item that came or went, its attributes.
 * @param {{ record: any }} props as GetRecords has it
 */
export function Diff({ record }) {
  const changes = changesOf(record)
  const image = record.dynamodb.NewImage ?? record.dynamodb.OldImage
  if (changes === null) return html`<p class="faint">This stream's view type does not keep both images: what changed is not known.</p>
    ${image && html`<${Folded} title=${record.dynamodb.NewImage ? 'The new image' : 'The old image'} item=${image} />`}`
  if (record.eventName !== 'MODIFY') return html`<${Folded} title=${`Its ${changes.length} ${changes.length === 1 ? 'attribute' : 'attributes'}`} item=${image} />`
  if (changes.length === 0) return html`<p class="faint">Both images are the same.</p>`
  return html`
    <table class="diff">
      <thead><tr><th scope="col">Change</th><th scope="col">Path</th><th scope="col">Before</th><th scope="col">After</th></tr></thead>
      <tbody>${changes.map(({ path, kind, from, to }) => html`
        <tr key=${path} class=${kind}>
          <td><span class="mark" aria-hidden="true">${MARKS[kind]}</span> ${kind}</td>
          <th scope="row">${path}</th>
          <td>${from ? html`<del><${AttributeValue} value=${from} /></del>` : ''}</td>
          <td>${to ? html`<ins><${AttributeValue} value=${to} /></ins>` : ''}${from && to && typeOf(from) !== typeOf(to)
            && html` <span class="tag">${TYPES[typeOf(from)]} → ${TYPES[typeOf(to)]}</span>`}</td>
        </tr>`)}</tbody>
    </table>`
}

/** @param {{ value: any, label: string }} props anything as JSON, behind a line that opens it */
export const Raw = ({ value, label }) => html`
  <details><summary>${label}</summary><pre class="raw" tabindex="0" aria-label=${label}>${jsonOf(value)}</pre></details>`

/** Pixels of a row; the style sheet has the same height. */
const ROW = 32
/** Rows that are drawn beyond what is seen, on each side. */
const SPARE = 8

/**
 * A table of which only the rows are drawn that are seen. Arrows, Home, End and the page keys move through the links of its rows.
 * @param {{ label: string, columns: { name: string, width: string }[], count: number, row: (n: number) => { key: string, cells: any[], class?: string },
 *   onEnd?: () => void, top?: number }} props `row` answers links, texts and markup, one for each column
 */
export function VirtualTable({ label, columns, count, row, onEnd }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null))
  const [view, setView] = useState({ top: 0, height: 480 })
  const measure = () => {
    if (!box.current) return
    setView({ top: box.current.scrollTop, height: box.current.clientHeight })
    if (onEnd && box.current.scrollTop + box.current.clientHeight > count * ROW - 200) onEnd()
  }
  useEffect(() => {
    const observer = new ResizeObserver(measure)
    if (box.current) observer.observe(box.current)
    return () => observer.disconnect()
  }, [count])
  const first = Math.max(0, Math.floor(view.top / ROW) - SPARE)
  const last = Math.min(count, Math.ceil((view.top + view.height) / ROW) + SPARE)
  const template = columns.map(({ width }) => width).join(' ')
  const rows = []
  for (let n = first; n < last; n += 1) {
    const { key, cells, class: kind = '' } = row(n)
    rows.push(html`
      <div role="row" class="row ${kind}" key=${key} aria-rowindex=${n + 2} data-row=${n} style=${{ gridTemplateColumns: template, top: `${n * ROW}px` }}>
        ${cells.map((cell, c) => html`<div role="cell" key=${c}>${cell}</div>`)}
      </div>`)
  }
  return html`
    <div class="virtual" role="table" aria-label=${label} aria-rowcount=${count + 1} onKeyDown=${moves}>
      <div class="scroll" ref=${box} role="rowgroup" tabindex="0" aria-label=${`${label}: rows`} onScroll=${measure}>
        <div role="row" class="row head" aria-rowindex="1" style=${{ gridTemplateColumns: template }}>
          ${columns.map(({ name }) => html`<div role="columnheader" key=${name}>${name}</div>`)}
        </div>
        <div class="rows" role="presentation" style=${{ height: `${count * ROW}px` }}>${rows}</div>
      </div>
    </div>`
}

const STEPS = /** @type {Record<string, number>} */ ({ ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity })

/** @param {KeyboardEvent} event */
function moves(event) {
  const step = STEPS[event.key]
  const from = /** @type {HTMLElement} */ (event.target).closest('[data-row]')
  if (step === undefined || !from) return
  const table = /** @type {HTMLElement} */ (event.currentTarget)
  const rows = [...table.querySelectorAll('[data-row]')]
  const wanted = Math.min(Math.max(rows.indexOf(from) + step, 0), rows.length - 1)
  const link = rows[wanted].querySelector('a')
  if (!link) return
  event.preventDefault()
  link.focus()
}
