/** One item: whole, what became of it, and changed. */
import { useEffect, useRef, useState } from 'preact/hooks'

import { call } from './api.js'
import { useAsk, useLive } from './ask.js'
import { edit, removal } from './expression.js'
import { historyOf } from './history.js'
import { html } from './html.js'
import { touched } from './live.js'
import { Count, Diff, Empty, ItemTable, Moment, Raw, Refusal, ShardName, State } from './parts.js'
import { change, href } from './route.js'
import { isMasked, jsonOf, keyText } from './values.js'

/** @param {{ table: any, keyNames: string[], text: string, query: Record<string, string> }} props `text` is the key as JSON, or `new` */
export function Item({ table, keyNames, text, query }) {
  const { readOnly } = useLive()
  const panel = useRef(/** @type {HTMLElement | null} */ (null))
  const key = keyFrom(text)
  const part = query.part ?? 'item'
  const tabs = [['item', 'Item'], ...(table.LatestStreamArn ? [['history', 'History']] : []), ...(readOnly ? [] : [['edit', 'Edit']])]
  const close = href('tables', table.TableName, { ...query, item: '', part: '' })
  useEffect(() => panel.current?.focus(), [text])
  const escape = (/** @type {KeyboardEvent} */ event) => {
    if (event.key === 'Escape' && /** @type {HTMLElement} */ (event.target).tagName !== 'TEXTAREA') location.hash = close
  }
  return html`
    <section class="panel" ref=${panel} tabindex="-1" aria-label="Item" onKeyDown=${escape}>
      <div class="title"><h2>${text === 'new' ? 'New item' : key ? keyText(key) : 'Item'}</h2>
        <a class="button" href=${close} aria-label="Close the item">Close</a></div>
      ${text === 'new' && html`<${Edit} table=${table} keyNames=${keyNames} seen=${null} />`}
      ${text !== 'new' && !key && html`<${Empty} title="This address names no item">Its key cannot be read.</${Empty}>`}
      ${key && html`
        <nav class="tabs" aria-label="Of the item">${tabs.map(([name, title]) => html`
          <a key=${name} href=${href('tables', table.TableName, { ...query, part: name })} aria-current=${name === part ? 'page' : undefined}>${title}</a>`)}</nav>
        ${part === 'history'
          ? html`<${History} arn=${table.LatestStreamArn} itemKey=${key} />`
          : html`<${Whole} table=${table} itemKey=${key} keyNames=${keyNames} isEdited=${part === 'edit' && !readOnly} />`}`}
    </section>`
}

/** @param {string} text @returns {any} */
function keyFrom(text) {
  try {
    const key = JSON.parse(text)
    return typeof key === 'object' ? key : null
  } catch {
    return null
  }
}

/** @param {{ table: any, itemKey: any, keyNames: string[], isEdited: boolean }} props */
function Whole({ table, itemKey, keyNames, isEdited }) {
  const TableName = table.TableName
  const { value, error } = useAsk(JSON.stringify([TableName, itemKey]), (signal) => call('GetItem', { TableName, Key: itemKey, ConsistentRead: true }, signal))
  if (error) return html`<${Refusal} error=${error} />`
  if (!value) return html`<p class="faint" role="status">Asking…</p>`
  if (!value.Item) {
    return html`<${Empty} title="The item is not there">It was deleted, or never written. Its stream may tell: see its history.</${Empty}>`
  }
  if (isEdited && isMasked(value.Item)) {
    return html`<${Empty} title="This item cannot be edited here">Some of its values are kept from this page, and what is not seen cannot be written back.</${Empty}>`
  }
  if (isEdited) return html`<${Edit} table=${table} keyNames=${keyNames} seen=${value.Item} />`
  return html`<${ItemTable} item=${value.Item} keyNames=${keyNames} /><${Raw} value=${value.Item} label="As JSON" />`
}

/** @param {{ arn: string, itemKey: any }} props */
function History({ arn, itemKey }) {
  const [most, setMost] = useState(20_000)
  const { value, error } = useAsk(JSON.stringify([arn, itemKey, most]), (signal) => historyOf(arn, itemKey, signal, most))
  if (error) return html`<${Refusal} error=${error} what="The stream cannot be read" />`
  if (!value) return html`<p class="faint" role="status">Looking through the stream…</p>`
  return html`
    <p class="faint" role="status">${value.records.length} ${value.records.length === 1 ? 'record' : 'records'}; looked at <${Count} n=${value.examined} />
      ${' '}in ${value.searched} of ${value.shards} shards${value.isWhole ? ': all that the stream still has' : ''}.
      ${!value.isWhole && html` <button type="button" onClick=${() => setMost(most * 5)}>Look further</button>`}</p>
    ${value.records.length === 0 && html`<${Empty} title="The stream has no record of it">It was not changed in the time that the stream keeps.</${Empty}>`}
    <ol class="history">${value.records.map(({ record, shard }) => html`<${Change} key=${record.dynamodb.SequenceNumber} arn=${arn} record=${record} shard=${shard} />`)}</ol>`
}

/** @param {{ arn: string, record: any, shard: any }} props */
export const Change = ({ arn, record, shard }) => html`
  <li>
    <div class="when"><${EventName} name=${record.eventName} /> <${Moment} at=${record.dynamodb.ApproximateCreationDateTime * 1000} isShort=${true} />
      ${' '}<span class="faint">shard <${ShardName} id=${shard.ShardId} /></span>
      ${record.userIdentity && html` <span class="tag">by time to live</span>`}
      ${' '}<a href=${href('why', arn, { sn: record.dynamodb.SequenceNumber })}>Who has it?</a></div>
    <${Diff} record=${record} />
  </li>`

const KINDS = /** @type {Record<string, string>} */ ({ INSERT: 'good', MODIFY: 'plain', REMOVE: 'bad' })

/** @param {{ name: string }} props */
export const EventName = ({ name }) => html`<${State} kind=${`event ${KINDS[name] ?? 'plain'}`}>${name}</${State}>`

/**
 * The item as JSON. Only what differs from what was shown is written, and only if that has not changed since.
 * @param {{ table: any, keyNames: string[], seen: any }} props `seen` is null for a new item
 */
function Edit({ table, keyNames, seen }) {
  const { TableName } = table
  /** The item as it was when the edit began: the newest one may be another's. */
  const began = useRef(seen)
  const [text, setText] = useState(() => jsonOf(seen ?? Object.fromEntries(keyNames.map((name) => [name, { S: '' }]))))
  const [told, setTold] = useState(/** @type {any} */ (null))
  const isOld = seen !== null && JSON.stringify(seen) !== JSON.stringify(began.current)
  const write = async (/** @type {string} */ operation, /** @type {any} */ input, /** @type {string} */ done) => {
    try {
      await call(operation, input)
      setTold({ done })
      touched()
      return true
    } catch (error) {
      setTold({ error })
      return false
    }
  }
  const save = async (/** @type {Event} */ event) => {
    event.preventDefault()
    let wanted
    let asked
    try {
      wanted = JSON.parse(text)
      asked = edit(TableName, keyNames, began.current, wanted)
    } catch (error) {
      return setTold({ error })
    }
    if (!asked) return setTold({ done: 'Nothing was changed.' })
    if (!(await write(asked.operation, asked.input, 'Saved.'))) return undefined
    began.current = wanted
    if (!seen) change({ item: JSON.stringify(Object.fromEntries(keyNames.map((name) => [name, wanted[name]]))), part: '' })
    return undefined
  }
  const remove = () => write('DeleteItem', removal(TableName, keyNames, began.current), 'Deleted.')
  const renew = () => {
    began.current = seen
    setText(jsonOf(seen))
    setTold(null)
  }
  return html`
    <form class="edit" onSubmit=${save}>
      ${isOld && html`<div class="notice" role="status"><span>The item was changed meanwhile. What you change is saved only where nobody else has changed it.</span>
        <button type="button" onClick=${renew}>Show it as it is now</button></div>`}
      <label for="item-json">The item, as DynamoDB's JSON</label>
      <textarea id="item-json" spellcheck=${false} rows="16" value=${text} onInput=${(/** @type {any} */ event) => setText(event.currentTarget.value)}></textarea>
      <div class="actions"><button type="submit" class="main">Save</button>
        ${seen && html`<button type="button" class="danger" onClick=${remove}>Delete the item</button>`}</div>
      ${told?.done && html`<p role="status" class="good-text">${told.done}</p>`}
      ${told?.error && html`<${Refusal} error=${told.error} what=${told.error.code === 'ConditionalCheckFailedException' ? 'Somebody else has changed it' : 'Not saved'} />`}
    </form>`
}
