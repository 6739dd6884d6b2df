'use strict'
// The package under the test runners that people use: each runs a small suite of its own.

const assert = require('node:assert/strict')
const { spawnSync } = require('node:child_process')
const { join } = require('node:path')
const { test } = require('node:test')

const root = join(__dirname, '..')
const suites = join(__dirname, 'runners')

function run(runner, ...args) {
  // What this process is told of its own runner is none of theirs.
  const { NODE_TEST_CONTEXT: _, NODE_OPTIONS: __, FORCE_COLOR: ___, ...env } = process.env
  const { status, stdout, stderr } = spawnSync(process.execPath, [require.resolve(runner), ...args], { cwd: root, encoding: 'utf8', env: { ...env, CI: '1', NO_COLOR: '1' } })
  assert.equal(status, 0, `${stdout}\n${stderr}`)
  return stdout + stderr
}

test('vitest', () => {
  assert.match(run('vitest/vitest.mjs', 'run', '--root', suites, '--config', join(suites, 'vitest.config.mjs')), /Tests +\d+ passed/)
})

test('jest', () => {
  assert.match(run('jest/bin/jest', '--config', join(suites, 'jest.config.cjs')), /Tests: +\d+ passed/)
})
