/** What is embedded: how much it is, where it comes from, and that it asks for nothing that the page's policy refuses. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const here = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url))
const page = readdirSync(here('../page')).map((name) => here(`../page/${name}`))
const vendor = readdirSync(here('../vendor')).map((name) => here(`../vendor/${name}`))
const read = (/** @type {string} */ path) => readFileSync(path, 'utf8')

/** All that a browser loads, compressed file by file. */
const BYTES_MAX = 100_000

it('all of it is at most 100 KB compressed', () => {
  const sizes = [...page, ...vendor].filter((path) => /\.(html|css|js|mjs|svg)$/.test(path)).map((path) => gzipSync(readFileSync(path), { level: 9 }).length)
  const bytes = sizes.reduce((sum, size) => sum + size, 0)
  assert.ok(bytes <= BYTES_MAX, `${bytes} bytes`)
})

it('what others have made is byte for byte what the registry has, with its licences', () => {
  const listed = read(here('../vendor/hashes.txt')).trim().split('\n').filter((line) => !line.startsWith('#')).map((line) => line.split(/\s+/))
  for (const [hash, name] of listed) {
    assert.equal(createHash('sha256').update(readFileSync(here(`../vendor/${name}`))).digest('hex'), hash, name)
  }
  const sources = /** @type {Record<string, string>} */ ({ 'preact.mjs': 'preact/dist/preact.mjs', 'hooks.mjs': 'preact/hooks/dist/hooks.mjs', 'htm.mjs': 'htm/dist/htm.mjs', 'LICENSE-preact': 'preact/LICENSE', 'LICENSE-htm': 'htm/LICENSE' })
  const names = vendor.map((path) => path.split('/').at(-1)).filter((name) => name !== 'hashes.txt')
  assert.deepEqual(listed.map(([, name]) => name).sort(), names.sort())
  assert.deepEqual(names.sort(), Object.keys(sources).sort())
  for (const [name, source] of Object.entries(sources)) assert.equal(read(here(`../vendor/${name}`)), read(here(`node_modules/${source}`)), name)
})

it('there is one script in the markup, the import map, and no style, handler or address of elsewhere', () => {
  const html = read(here('../page/index.html'))
  const scripts = [...html.matchAll(/<script[^>]*>/g)].map(([tag]) => tag)
  assert.deepEqual(scripts, ['<script type="importmap">', '<script type="module" src="/page/main.js">'])
  for (const path of page) {
    const text = read(path).replaceAll('http://www.w3.org/2000/svg', '').replaceAll('http://localhost:8000', '')
    assert.doesNotMatch(text, /https?:\/\//, path)
    assert.doesNotMatch(text, /\sstyle="|\son\w+="|<style|javascript:|\beval\(|innerHTML|new Function/, path)
  }
})

it('every module that is imported is there, and none is there that is not', () => {
  const names = new Set(page.filter((path) => path.endsWith('.js')).map((path) => path.split('/').at(-1)))
  const imported = new Set(['main.js'])
  for (const path of page.filter((name) => name.endsWith('.js'))) {
    for (const [, name] of read(path).matchAll(/from '\.\/([^']+)'/g)) imported.add(name)
  }
  assert.deepEqual([...names].sort(), [...imported].sort())
})

it('files are of a size that can be read', () => {
  for (const path of [...page, ...readdirSync(here('.')).filter((name) => name.endsWith('.js')).map(here)]) {
    assert.ok(read(path).split('\n').length <= 600, path)
  }
})

it('types hold', () => {
  const { status, stdout } = spawnSync(process.execPath, [here('node_modules/typescript/bin/tsc'), '--noEmit', '-p', here('.')], { encoding: 'utf8' })
  assert.equal(status, 0, stdout)
})
