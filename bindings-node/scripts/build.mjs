// Builds the addon for this platform and puts it where `lib/native.js` looks: `npm run build [-- --release]`.
import { execFileSync } from 'node:child_process'
import { copyFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = join(dirname(fileURLToPath(import.meta.url)), '..')
const release = process.argv.includes('--release')

const cargo = ['build', '--package', 'streamtable-node', '--message-format', 'json-render-diagnostics', ...(release ? ['--release'] : [])]
const messages = execFileSync('cargo', cargo, { cwd: here, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 2 ** 28 })

const library = messages
  .split('\n')
  .filter((line) => line.startsWith('{'))
  .map((line) => JSON.parse(line))
  .findLast((message) => message.reason === 'compiler-artifact' && message.target.name === 'streamtable_node')
  ?.filenames.find((name) => /\.(so|dylib|dll)$/.test(name))
if (library === undefined) throw new Error('cargo reported no library of streamtable-node')

// Alpine Linux and others have another C library.
const isMusl = process.platform === 'linux' && process.report.getReport().header.glibcVersionRuntime === undefined
const addon = join(here, `streamtable.${process.platform}-${process.arch}${isMusl ? '-musl' : ''}.node`)
// A running process may have the old file mapped: it keeps its own when the name goes to a new one.
rmSync(addon, { force: true })
copyFileSync(library, addon)
console.log(addon)
