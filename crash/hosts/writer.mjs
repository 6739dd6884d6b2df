// The writer of the crash test in Node.js (protocol: crash/src/writer.rs).
import { readFileSync, writeSync } from 'node:fs';
import { open, StreamtableError } from '../../bindings-node/index.mjs';

const say = (line) => writeSync(1, `${line}\n`);

async function play(db, lane, steps) {
  for (const [number, [operation, request]] of steps.entries()) {
    say(`b ${lane} ${number}`);
    let outcome = 'ok';
    try {
      await db.call(operation, request);
    } catch (error) {
      if (!(error instanceof StreamtableError)) throw error;
      outcome = error.name;
    }
    say(`a ${lane} ${number} ${outcome}`);
  }
}

// What stands in base64 in the plan is bytes.
const withBytes = (name, member) => (name === 'Data' ? Buffer.from(member, 'base64') : member);

const orders = JSON.parse(readFileSync(process.argv[2], 'utf8'), withBytes);
say('opening');
let db;
try {
  db = open({ path: orders.directory, ...orders.options });
} catch (error) {
  say(`failed ${error.message}`);
  throw error;
}
say('open');
await Promise.all(orders.lanes.map((steps, lane) => play(db, lane, steps)));
say('done');
if (orders.closes) {
  db.close();
  say('closed');
}
// Without the finalisers that a normal end would run.
process.kill(process.pid, 'SIGKILL');
