// Conformance driver of the Node package (protocol: FORMAT.md).
import { open } from '../../bindings-node/index.mjs';
import { run as runTool } from '../../bindings-node/lib/tools.js';

// Base64 text under "B", "BS", "Data", "BinaryValue" and "Body" becomes bytes. Text that is no base64 stays text: the store must refuse it.
function toHost(value) {
  if (Array.isArray(value)) return value.map(toHost);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      if (['B', 'Data', 'BinaryValue', 'Body'].includes(name) && typeof member === 'string') return [name, decode(member)];
      if (name === 'BS' && Array.isArray(member)) return [name, member.map((e) => (typeof e === 'string' ? decode(e) : toHost(e)))];
      return [name, toHost(member)];
    }),
  );
}

function decode(text) {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : text;
}

function fromHost(value) {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (value instanceof Date) return value.getTime() / 1000;
  if (Array.isArray(value)) return value.map(fromHost);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, fromHost(member)]));
}

let db;

function answer(line) {
  const [verb, rest] = split(line);
  switch (verb) {
    case 'open':
      db?.close();
      db = undefined;
      db = open(JSON.parse(rest));
      return {};
    case 'call': {
      const [operation, text] = split(rest);
      return db.callSync(operation, toHost(JSON.parse(text)));
    }
    case 'tool': {
      const [name, text] = split(rest);
      const members = JSON.parse(text);
      // Records have their own types; events are as JSON has them.
      return runTool(name, members.Records === undefined ? members : { ...members, Records: toHost(members.Records) });
    }
    case 'worker': {
      const [what, text] = split(rest);
      return what === 'Next' ? db.functions.next() : db.functions.tell(what, JSON.parse(text));
    }
    case 'advance':
      db.clock.advance({ milliseconds: Number(rest) });
      return {};
    case 'close':
      db.close();
      return {};
    default:
      throw new Error(`unknown verb ${verb}`);
  }
}

function split(text) {
  const at = text.indexOf(' ');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function failure(error) {
  const { name, message, stack, ...members } = error;
  // Where the package adds what is wrong in the words of JavaScript, the service's own text is beside it.
  return { ...members, code: error.name, message: error.serviceMessage ?? error.message };
}

// Lines end at "\n" alone; readline would also end one at U+2028, which may stand in a JSON string.
async function* lines() {
  let rest = '';
  process.stdin.setEncoding('utf8');
  for await (const chunk of process.stdin) {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop();
    yield* parts;
  }
}

process.stdout.write('ready {"target":"node","protocol":1,"doors":["tool","worker"]}\n');
for await (const line of lines()) {
  let result;
  try {
    result = `ok ${JSON.stringify(fromHost(answer(line)))}`;
  } catch (error) {
    // Every failure is an answer; the runner judges it.
    result = `error ${JSON.stringify(fromHost(failure(error)))}`;
  }
  process.stdout.write(`${result}\n`);
}
