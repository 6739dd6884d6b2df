/** Tables, and the items of one: asked by key or by filter, in a list of which only what is seen is drawn. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'

import { call, callPages } from './api.js'
import { useAsk, useLive } from './ask.js'
import { request } from './expression.js'
import { html } from './html.js'
import { Item } from './item.js'
import { onChange } from './live.js'
import { Count, duration, Empty, Raw, Refusal, VirtualTable } from './parts.js'
import { change, href } from './route.js'
import { cellOf } from './values.js'

/** Items that a page of a query or scan evaluates, and how many are kept at most. */
const PAGE = 200
const ITEMS_MAX = 20_000
/** Columns that are shown before somebody chooses. */
const COLUMNS = 7

const CREATE = `aws dynamodb create-table --endpoint-url http://localhost:8000 --table-name Orders \\
  --attribute-definitions AttributeName=id,AttributeType=S --key-schema AttributeName=id,KeyType=HASH \\
  --billing-mode PAY_PER_REQUEST --stream-specification StreamEnabled=true,StreamViewType=NEW_AND_OLD_IMAGES`

/** @param {AbortSignal} signal */
async function tables(signal) {
  const names = { list: 'TableNames', last: 'LastEvaluatedTableName', start: 'ExclusiveStartTableName', most: 300 }
  const { all, isWhole } = await callPages('ListTables', {}, names, signal)
  const described = []
  for (const TableName of all) {
    try {
      described.push((await call('DescribeTable', { TableName }, signal)).Table)
    } catch (error) {
      // A table that was deleted since the list was made is not there.
      if (/** @type {any} */ (error).code !== 'ResourceNotFoundException') throw error
    }
  }
  return { described, isWhole }
}

/** @param {{ subject: string, query: Record<string, string> }} props */
export function Tables({ subject, query }) {
  const { value, error } = useAsk('tables', tables)
  if (error) return html`<${Refusal} error=${error} what="The tables cannot be listed" />`
  if (!value) return html`<p class="faint" role="status">Asking for the tables…</p>`
  if (value.described.length === 0 && subject === '') {
    return html`<h1>Tables</h1><${Empty} title="There is no table yet" line=${CREATE}>This page shows one as soon as it is there. From a shell:</${Empty}>`
  }
  const table = value.described.find(({ TableName }) => TableName === subject)
  if (subject === '') return html`<${TableList} tables=${value.described} isWhole=${value.isWhole} />`
  if (!table) {
    return html`<h1>${subject}</h1><${Empty} title="There is no such table">It was deleted, or has another name. <a href=${href('tables')}>All tables</a></${Empty}>`
  }
  return html`<${Table} table=${table} tables=${value.described} query=${query} />`
}

/** @param {{ tables: any[], isWhole: boolean }} props */
const TableList = ({ tables, isWhole }) => html`
  <h1>Tables</h1>
  <div class="wide"><table class="list">
    <thead><tr><th scope="col">Table</th><th scope="col">Status</th><th scope="col">Key</th><th scope="col" class="end">Items</th>
      <th scope="col" class="end">Bytes</th><th scope="col">Indexes</th><th scope="col">Stream</th></tr></thead>
    <tbody>${tables.map((table) => html`
      <tr key=${table.TableName}>
        <th scope="row"><a href=${href('tables', table.TableName)}>${table.TableName}</a></th>
        <td>${table.TableStatus}</td>
        <td><${Keys} of=${table} types=${table.AttributeDefinitions} /></td>
        <td class="end"><${Count} n=${table.ItemCount} /></td>
        <td class="end"><${Count} n=${table.TableSizeBytes} /></td>
        <td>${indexesOf(table).map(({ IndexName }) => IndexName).join(', ') || html`<span class="faint">none</span>`}</td>
        <td><${StreamLink} table=${table} /></td>
      </tr>`)}</tbody>
  </table></div>
  ${!isWhole && html`<p class="faint">These are the first ${tables.length}. Find others by their names.</p>`}`

/** @param {any} table @returns {any[]} */
const indexesOf = (table) => [...(table.GlobalSecondaryIndexes ?? []), ...(table.LocalSecondaryIndexes ?? [])]

/** @param {any} of @param {string} kind @returns {string | undefined} */
const keyOf = (of, kind) => of.KeySchema.find((/** @type {any} */ { KeyType }) => KeyType === kind)?.AttributeName

/** @param {any} table @param {string} name */
const keyType = (table, name) => table.AttributeDefinitions.find((/** @type {any} */ { AttributeName }) => AttributeName === name)?.AttributeType ?? 'S'

/** @param {{ of: any, types: any[] }} props */
const Keys = ({ of, types }) => html`${of.KeySchema.map((/** @type {any} */ { AttributeName, KeyType }) => html`
  <span class="key" key=${AttributeName}><span class="mono">${AttributeName}</span> <span class="faint">${KeyType === 'HASH' ? 'partition' : 'sort'},
  ${' '}${types.find((/** @type {any} */ type) => type.AttributeName === AttributeName)?.AttributeType}</span></span>`)}`

/** @param {{ table: any }} props */
const StreamLink = ({ table }) => (table.LatestStreamArn
  ? html`<a href=${href('stream', table.LatestStreamArn)}>${table.StreamSpecification?.StreamViewType ?? 'turned off'}</a>`
  : html`<span class="faint">none</span>`)

/** @param {{ table: any, tables: any[], query: Record<string, string> }} props */
function Table({ table, tables, query }) {
  const { readOnly } = useLive()
  const names = table.KeySchema.map((/** @type {any} */ { AttributeName }) => AttributeName)
  return html`
    <div class="split">
      <aside aria-label="All tables">
        <h2 class="side">Tables</h2>
        <ul class="side">${tables.map((other) => html`
          <li key=${other.TableName}><a href=${href('tables', other.TableName)} aria-current=${other === table ? 'page' : undefined}>
            <span>${other.TableName}</span> <span class="faint"><${Count} n=${other.ItemCount} /></span></a></li>`)}</ul>
      </aside>
      <section class="content" aria-labelledby="title">
        <div class="title"><h1 id="title">${table.TableName}</h1>
          ${!readOnly && html`<a class="button" href=${href('tables', table.TableName, { ...query, item: 'new' })}>New item</a>`}</div>
        <dl class="facts">
          <div><dt>Items</dt><dd><${Count} n=${table.ItemCount} /></dd></div>
          <div><dt>Bytes</dt><dd><${Count} n=${table.TableSizeBytes} /></dd></div>
          <div><dt>Key</dt><dd><${Keys} of=${table} types=${table.AttributeDefinitions} /></dd></div>
          <div><dt>Stream</dt><dd><${StreamLink} table=${table} /></dd></div>
        </dl>
        <${Form} table=${table} query=${query} />
        <${Items} table=${table} query=${query} keyNames=${names} />
      </section>
      ${query.item && html`<${Item} key=${query.item} table=${table} keyNames=${names} text=${query.item} query=${query} />`}
    </div>`
}

const OPERATORS = ['=', '<', '<=', '>', '>=', 'begins_with', 'between']

/** The question: an index, a key, a filter. It stands in the address when it is asked. @param {{ table: any, query: Record<string, string> }} props */
function Form({ table, query }) {
  const index = indexesOf(table).find(({ IndexName }) => IndexName === query.index)
  const hash = /** @type {string} */ (keyOf(index ?? table, 'HASH'))
  const range = keyOf(index ?? table, 'RANGE')
  const [operator, setOperator] = useState(query.op ?? '=')
  const ask = (/** @type {any} */ event) => {
    event.preventDefault()
    const given = Object.fromEntries(new FormData(event.currentTarget))
    change({ pk: '', sk: '', op: '', to: '', back: '', filter: '', ...given, ...(given.sk ? {} : { op: '' }) })
  }
  return html`
    <form class="ask" onSubmit=${ask} key=${JSON.stringify([query.index, query.pk, query.filter])}>
      ${indexesOf(table).length > 0 && html`
        <label>Index <select name="index" onChange=${(/** @type {any} */ event) => change({ index: event.currentTarget.value, pk: '', sk: '' })}>
          <option value="" selected=${!index}>the table</option>
          ${indexesOf(table).map(({ IndexName }) => html`<option key=${IndexName} selected=${IndexName === query.index}>${IndexName}</option>`)}
        </select></label>`}
      <label>${hash} = <input name="pk" class="short" placeholder="all" autocomplete="off" spellcheck=${false} defaultValue=${query.pk ?? ''} /></label>
      ${range && html`
        <span class="pair"><label>${range} <select name="op" aria-label="Comparison of the sort key" value=${operator}
            onChange=${(/** @type {any} */ event) => setOperator(event.currentTarget.value)}>
          ${OPERATORS.map((name) => html`<option key=${name} selected=${name === operator}>${name}</option>`)}</select></label>
        <input name="sk" class="short" aria-label="Sort key" autocomplete="off" spellcheck=${false} defaultValue=${query.sk ?? ''} />
        ${operator === 'between' && html`<label>and <input name="to" class="short" defaultValue=${query.to ?? ''} /></label>`}</span>`}
      ${range && html`<label><input type="checkbox" name="back" value="1" defaultChecked=${query.back === '1'} /> newest first</label>`}
      <label class="grow">Filter <input name="filter" placeholder=${'state = "paid" and total > 5'} autocomplete="off" spellcheck=${false}
        defaultValue=${query.filter ?? ''} /></label>
      <button type="submit" class="main">Ask</button>
      ${(query.pk || query.filter || query.index) && html`<a href=${href('tables', table.TableName)}>Clear</a>`}
    </form>`
}

/** @param {any} table @param {Record<string, string>} query @returns {ReturnType<typeof request>} */
function requestOf(table, query) {
  const index = indexesOf(table).find(({ IndexName }) => IndexName === query.index)
  const hash = /** @type {string} */ (keyOf(index ?? table, 'HASH'))
  const range = keyOf(index ?? table, 'RANGE')
  return request({
    table: table.TableName,
    index: index?.IndexName,
    filter: query.filter,
    backward: query.back === '1',
    ...(query.pk && { hash: { name: hash, type: keyType(table, hash), text: query.pk } }),
    ...(query.pk && query.sk && range && {
      range: { name: range, type: keyType(table, range), text: query.sk, operator: query.op ?? '=', to: query.to },
    }),
  })
}

/**
 * Items, page by page: `more` asks for the next, and a change in the database has those again that are there.
 * @param {string} operation
 * @param {any} input
 * @param {string} key says what is asked
 */
function useItems(operation, input, key) {
  const [state, setState] = useState(/** @type {any} */ ({ key: '', items: [], looked: 0, took: 0 }))
  const work = useRef({ isBusy: false, isDue: false, wanted: PAGE, last: /** @type {any} */ (undefined) })
  const load = async (/** @type {AbortSignal} */ signal) => {
    const mine = work.current
    const began = performance.now()
    const items = []
    let looked = 0
    let next
    do {
      const page = await call(operation, { ...input, Limit: PAGE, ...(next && { ExclusiveStartKey: next }) }, signal)
      items.push(...page.Items)
      looked += page.ScannedCount
      next = page.LastEvaluatedKey
    } while (next && items.length < mine.wanted && looked < ITEMS_MAX)
    mine.last = next
    setState({ key, items, looked, isWhole: !next, took: performance.now() - began })
  }
  const again = useRef(async () => {})
  useEffect(() => {
    const abort = new AbortController()
    const mine = { isBusy: false, isDue: false, wanted: PAGE, last: undefined }
    work.current = mine
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let pause
    again.current = async () => {
      mine.isDue = true
      if (mine.isBusy) return
      mine.isBusy = true
      mine.isDue = false
      try {
        await load(abort.signal)
      } catch (error) {
        if (!abort.signal.aborted) setState({ key, items: [], looked: 0, error, took: 0 })
      }
      // The pause is as long as the answer took, so that a large list costs no more than half of what there is.
      pause = setTimeout(() => {
        mine.isBusy = false
        if (mine.isDue) void again.current()
      }, 250)
    }
    void again.current()
    const stop = onChange(() => void again.current())
    return () => {
      stop()
      clearTimeout(pause)
      abort.abort()
    }
  }, [key])
  const more = () => {
    if (!work.current.last || work.current.wanted > state.items.length) return
    work.current.wanted = state.items.length + PAGE
    void again.current()
  }
  return { ...(state.key === key ? state : { items: [], looked: 0, isAsking: true }), more }
}

/**
 * Attributes as columns: the key first, then those that most items have.
 * @param {any[]} items
 * @param {string[]} keyNames
 */
function columnsOf(items, keyNames) {
  const seen = new Map(keyNames.map((name) => [name, Infinity]))
  for (const item of items.slice(0, 1000)) {
    for (const name of Object.keys(item)) seen.set(name, (seen.get(name) ?? 0) + 1)
  }
  return [...seen].sort(([a, many], [b, more]) => (many === more ? (keyNames.includes(a) ? 0 : a < b ? -1 : 1) : more - many)).map(([name]) => name)
}

/** @param {{ table: any, query: Record<string, string>, keyNames: string[] }} props */
function Items({ table, query, keyNames }) {
  let asked
  try {
    asked = requestOf(table, query)
  } catch (error) {
    return html`<${Refusal} error=${error} what="The filter cannot be read" />`
  }
  return html`<${Answer} table=${table} query=${query} keyNames=${keyNames} asked=${asked} />`
}

/** @param {{ table: any, query: Record<string, string>, keyNames: string[], asked: ReturnType<typeof request> }} props */
function Answer({ table, query, keyNames, asked: { operation, input } }) {
  const { items, looked, isWhole, isAsking, error, took, more } = useItems(operation, input, JSON.stringify([operation, input]))
  const all = useMemo(() => columnsOf(items, keyNames), [items])
  const chosen = query.cols ? query.cols.split('\n').filter((name) => all.includes(name) || keyNames.includes(name)) : all.slice(0, COLUMNS)
  if (error) return html`<${Refusal} error=${error} what=${`${operation} was refused`} /><${Raw} value=${input} label="What was asked" />`
  if (isAsking) return html`<p class="faint" role="status">Asking…</p>`
  const row = (/** @type {number} */ n) => {
    const item = items[n]
    const key = JSON.stringify(Object.fromEntries(keyNames.map((name) => [name, item[name]])))
    const link = href('tables', table.TableName, { ...query, item: key })
    return {
      key,
      class: key === query.item ? 'chosen' : '',
      cells: chosen.map((name, c) => (c === 0 ? html`<a href=${link}>${cellOf(item[name])}</a>` : html`<span class=${item[name]?.N ? 'number' : ''}>${cellOf(item[name])}</span>`)),
    }
  }
  return html`
    <div class="answer">
      <p class="faint" role="status">${items.length.toLocaleString('en')} ${items.length === 1 ? 'item' : 'items'}${query.filter ? ` of ${looked.toLocaleString('en')} looked at` : ''}${isWhole ? ', all there are' : ', and there are more'}
        ${' '}· ${operation}, ${duration(took)}</p>
      <${Columns} all=${all} chosen=${chosen} />
    </div>
    ${items.length === 0
      ? html`<${Empty} title="No item answers this">${query.filter || query.pk ? 'Another key or filter may.' : 'The table is empty.'}</${Empty}>`
      : html`<${VirtualTable} label=${`Items of ${table.TableName}`} count=${items.length} row=${row} onEnd=${isWhole ? undefined : more}
          columns=${chosen.map((name, c) => ({ name, width: c === 0 ? 'minmax(10rem, 1.4fr)' : 'minmax(6rem, 1fr)' }))} />`}
    <${Raw} value=${{ [operation]: input }} label="What was asked" />`
}

/** Which attributes are columns; the choice is part of the address. @param {{ all: string[], chosen: string[] }} props */
const Columns = ({ all, chosen }) => html`
  <details class="menu"><summary>Columns ${chosen.length} of ${all.length}</summary>
    <fieldset><legend class="hidden">Columns</legend>${all.map((name) => html`
      <label key=${name}><input type="checkbox" checked=${chosen.includes(name)} onChange=${() => change({
        cols: all.filter((other) => (other === name) !== chosen.includes(other)).join('\n'),
      })} /> ${name}</label>`)}</fieldset>
  </details>`
