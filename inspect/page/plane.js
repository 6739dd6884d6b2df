/**
 * A stream as a plane: time from left to right, hashes of partition keys from top to bottom, a shard a rectangle, readers where they are. The table
 * beside it says the same in words, so the drawing itself is left out for those who do not see it.
 */
import { useEffect, useRef, useState } from 'preact/hooks'

import { html } from './html.js'
import { rectangles, scale, shortShard } from './lineage.js'
import { change } from './route.js'

const HEIGHT = 280
const FOOT = 22
const GAP = 1.5
const MARK = 18

/**
 * @param {{ shards: any[], positions: import('./positions.js').Position[], now: number, axis: 'time' | 'order', chosen: string }} props
 */
export function Plane({ shards, positions, now, axis, chosen }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null))
  const [width, setWidth] = useState(800)
  useEffect(() => {
    const observer = new ResizeObserver(([{ contentRect }]) => setWidth(Math.max(240, contentRect.width)))
    if (box.current) observer.observe(box.current)
    return () => observer.disconnect()
  }, [])
  const scaled = scale(shards, now, axis)
  const drawn = rectangles(shards, scaled)
  return html`
    <div class="plane" ref=${box} aria-hidden="true">
      <svg width=${width} height=${HEIGHT + FOOT} viewBox=${`0 0 ${width} ${HEIGHT + FOOT}`} focusable="false">
        <defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <path class="hatch" d="M0 0V6" /></pattern></defs>
        ${drawn.map((one) => html`<${Box} key=${one.shard.ShardId} one=${one} width=${width} scaled=${scaled} isChosen=${one.shard.ShardId === chosen}
          here=${positions.filter(({ shardId }) => shardId === one.shard.ShardId)} />`)}
        <${Axis} scaled=${scaled} width=${width} axis=${axis} />
      </svg>
      <p class="legend"><span class="swatch open"></span>open shard <span class="swatch closed"></span>closed shard
        <span class="swatch kept"></span>time of its records <span class="pin">A</span>reader, at the first record it has not read
        <span class="pin mapping">M1</span>mapping</p>
    </div>`
}

/** @param {{ one: any, width: number, scaled: any, isChosen: boolean, here: any[] }} props */
function Box({ one: { shard, x, y, width: part, height: share }, width, scaled, isChosen, here }) {
  const left = x * width
  const wide = Math.max(part * width - GAP, 2)
  const top = y * HEIGHT
  const high = Math.max(share * HEIGHT - GAP, 2)
  const name = shortShard(shard.ShardId)
  const count = shard.RecordCount.toLocaleString('en')
  const from = shard.Oldest ? scaled.of(shard.Oldest.At) * width : 0
  const head = wide > 84 && high > 60 ? 40 : 4
  const room = Math.max(1, Math.floor((high - head - 8) / (MARK + 2)))
  // Those that are furthest behind come first: who has everything is the least interesting.
  const shown = [...here].sort((a, b) => b.behind - a.behind).slice(0, room)
  const to = shard.Newest ? scaled.of(shard.Newest.At) * width : 0
  return html`
    <g class=${`shard ${shard.IsOpen ? 'open' : 'closed'} ${isChosen ? 'chosen' : ''}`} onClick=${() => change({ shard: isChosen ? '' : shard.ShardId })}>
      <title>${shard.ShardId}, ${shard.IsOpen ? 'open' : 'closed'}, ${count} records</title>
      <rect x=${left} y=${top} width=${wide} height=${high} rx="3" class="ground" />
      ${!shard.IsOpen && html`<rect x=${left} y=${top} width=${wide} height=${high} rx="3" fill="url(#hatch)" />`}
      ${shard.Oldest && high > 10 && html`<rect class="kept" x=${Math.min(from, left + wide - 3)} y=${top + high - 6} width=${Math.max(to - from - GAP, 3)} height="3" rx="1.5" />`}
      ${wide > 84 && high > 18 && html`<text x=${left + 8} y=${top + 16} class="name">${name}</text>`}
      ${wide > 84 && high > 36 && html`<text x=${left + 8} y=${top + 32} class="count">${count} ${shard.IsOpen ? 'open' : 'closed'}</text>`}
      ${shown.map((position, n) => html`<${Pin} key=${position.kind + position.label} position=${position} n=${n} of=${shown.length}
        area=${{ left, top, wide, high, name: head }} scaled=${scaled} width=${width} />`)}
      ${here.length > shown.length && wide > 30 && html`<text class="count" x=${left + wide - 6} y=${top + 14} text-anchor="end">+${here.length - shown.length}</text>`}
    </g>`
}

/** @param {{ position: any, n: number, of: number, area: any, scaled: any, width: number }} props */
function Pin({ position, n, of, area, scaled, width }) {
  const { label, kind, behind, at, isLost, isExpired } = position
  const wide = Math.max(MARK, 9 * label.length + 8 + (isLost || isExpired ? 9 : 0))
  const place = at === undefined ? area.left + area.wide : scaled.of(at) * width
  const x = Math.min(Math.max(place - wide / 2, area.left), area.left + Math.max(area.wide - wide, 0))
  const free = Math.max(area.high - area.name - MARK - 8, 0)
  const y = area.top + Math.min(area.name, Math.max(area.high - MARK, 0)) + (of > 1 ? (free * n) / (of - 1) : 0)
  return html`
    <g class=${`pin ${kind} ${isLost || isExpired ? 'lost' : ''}`}>
      <title>${kind} ${label}: ${behind.toLocaleString('en')} behind${isLost ? ', records were trimmed before it' : ''}${isExpired ? ', its iterator has expired' : ''}</title>
      <rect x=${x} y=${y} width=${wide} height=${MARK} rx=${kind === 'reader' ? MARK / 2 : 3} />
      <text x=${x + wide / 2} y=${y + MARK / 2 + 4} text-anchor="middle">${label}${isLost || isExpired ? '!' : ''}</text>
    </g>`
}

/** Moments along the foot, as many as there is room for. @param {{ scaled: any, width: number, axis: string }} props */
function Axis({ scaled, width, axis }) {
  const room = Math.max(2, Math.floor(width / 110))
  const steps = axis === 'time'
    ? Array.from({ length: room }, (_, n) => scaled.first + ((scaled.present - scaled.first) * n) / (room - 1))
    : scaled.moments.filter((/** @type {number} */ at) => at <= scaled.present)
  let free = -Infinity
  const shown = steps.filter((/** @type {number} */ at) => {
    const x = scaled.of(at) * width
    if (x < free) return false
    free = x + 80
    return true
  })
  return html`${shown.map((/** @type {number} */ at, /** @type {number} */ n) => {
    const x = scaled.of(at) * width
    return html`<text key=${`${n}-${at}`} class="tick" x=${x} y=${HEIGHT + 16} text-anchor=${x > width - 60 ? 'end' : x < 40 ? 'start' : 'middle'}>${new Date(at).toISOString().slice(11, 19)}</text>`
  })}`
}
