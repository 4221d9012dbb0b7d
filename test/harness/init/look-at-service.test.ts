import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { composeContract } from '../../../harness/init/compose-contract.ts';
import { answersInFolder } from '../../../harness/init/found/in-folder.ts';
import { Interview, Unanswered } from '../../../harness/init/interview.ts';
import { LookAtService } from '../../../harness/init/look-at-service.ts';
import { StandIns } from '../../../harness/init/stand-ins.ts';
import { ALONE_MS } from '../../support/limits.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** Opens after three failures, responds with 503 then, and serves its work with 202. `/health` does not exist. */
const SERVICE = `import { createServer } from 'node:http';
let failures = 0;
const app = { post() {}, get() {} };
app.post('/convert', (req, res) => res.json(req.body.amount));
app.get('/up', () => {});
createServer(async (request, response) => {
  const { url } = request;
  if (url === '/up') return response.writeHead(200).end();
  if (url !== '/convert') return response.writeHead(404).end();
  if (failures >= 3) return response.writeHead(503).end('open');
  const answer = await fetch(process.env.RATES_URL + '/latest').catch(() => undefined);
  if (!answer?.ok) {
    failures += 1;
    return response.writeHead(502).end();
  }
  failures = 0;
  const { rate } = await answer.json();
  response.writeHead(typeof rate === 'number' ? 202 : 500).end();
}).listen(process.env.PORT);
`;

/** Accepts everything that `init` finds in a folder with these files. Returns the contract and what it printed. */
async function accepted(files: Record<string, string>) {
  const folder = await temporaryFolder(files);
  const source = await answersInFolder(folder, () => {});
  const lines: string[] = [];
  const interview = new Interview({
    source,
    enter(question) {
      if (question.usual === '') throw new Unanswered(question);
      return question.usual;
    },
    tell: (line) => lines.push(line),
  });
  const standIns = new StandIns(folder, source('answerOfUpstreams', {})?.answer);
  const prepare = async (contract: Parameters<StandIns['write']>[0]) => void (await standIns.write(contract));
  await using look = new LookAtService({ folder, source, mayGoBack: false, prepare });
  const contract = await interview.run((held) => composeContract(held, look.for(held)));
  return { contract: parse(contract), printed: lines.join('\n') };
}

const PACKAGE = JSON.stringify({ scripts: { start: 'node server.mjs' }, dependencies: { undici: '7' } });

test('the service itself says how it responds, what it calls, and how its breaker refuses', async () => {
  const { contract, printed } = await accepted({
    'package.json': PACKAGE,
    'server.mjs': SERVICE,
    '.env.example': 'PORT=3000\nRATES_URL=https://rates.example/v1\n',
  });
  expect(contract.start.readyPath).toBe('/up');
  expect(contract.endpoints.main).toEqual({
    method: 'POST',
    path: '/convert',
    body: { amount: 1 },
    served: [202],
    reaches: ['rates'],
  });
  expect(printed).toContain('Authentication: none (POST /convert responds with 202 without credentials)');
  expect(printed).toContain('while rates failed, 3 calls reached it, and the next one was answered with 503');
  // The seconds after which it becomes half-open are not in the code.
  expect(printed).toContain('Left out: the breaker of rates');
});

test('a service that does not start shows its last lines, and files are all that is known', async () => {
  const files = { 'package.json': PACKAGE, 'server.mjs': 'console.log("no license"); process.exit(1);' };
  const { contract, printed } = await accepted({ ...files, '.env.example': 'PORT=1' });
  expect(printed).toContain('It did not start, so nothing can be learned from it');
  expect(printed).toContain('  | no license');
  expect(printed).toContain('Not known, so "/health" is written, to be corrected');
  expect(contract.start.readyPath).toBe('/health');
});

test('a call that is not served shows what the service wrote, and the reason in words', async () => {
  const failing = `const app = { get() {} };
app.get('/orders', () => {});
require('node:http').createServer((request, response) => {
  if (request.url === '/health') return response.end();
  console.error(new Error('relation "orders" does not exist'));
  response.writeHead(500).end();
}).listen(process.env.PORT, '127.0.0.1');`;
  const scripts = JSON.stringify({ scripts: { start: 'node server.cjs' } });
  const { printed } = await accepted({
    'package.json': scripts,
    'server.cjs': failing,
    '.env.example': 'PORT=3000\n',
  });
  expect(printed).toContain('responded with 500');
  expect(printed).toContain('| Error: relation "orders" does not exist');
  expect(printed).toContain('no table "orders"');
  expect(printed).not.toContain('| at ');
});

/** Stores the text of a note, alone in one table, and with more around it in another one if it is told to. */
const NOTES = `import { createServer } from 'node:http';
import pg from '${import.meta.resolve('pg')}';
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
const app = { post() {}, get() {} };
app.post('/notes', (req, res) => res.json(req.body.title));
app.get('/up', () => {});
createServer(async (request, response) => {
  if (request.url === '/up') return response.end();
  if (request.method !== 'POST') return response.writeHead(404).end();
  let text = '';
  for await (const piece of request) text += piece;
  const { title } = JSON.parse(text);
  await pool.query('INSERT INTO notes (title) VALUES ($1)', ['> ' + title]);
  if (process.env.AUDIT) await pool.query('INSERT INTO audit (line) VALUES ($1)', ['stored ' + title]);
  response.writeHead(201).end();
}).listen(process.env.PORT);
`;

test.each<[string, boolean, object | undefined]>([
  [
    'one row keeps it',
    false,
    { endpoint: 'main', table: 'notes', column: 'title', key: '> hello ${unique}', acknowledged: [201] },
  ],
  ['two rows keep it', true, undefined],
])(
  'the row of a request is looked for in the lab, and suggested if one keeps it: %s',
  async (_, isAudited, ledger) => {
    const { contract, printed } = await accepted({
      'package.json': PACKAGE,
      'server.mjs': NOTES.replace('process.env.AUDIT', String(isAudited)),
      'schema.sql': 'CREATE TABLE notes (id serial, title text);\nCREATE TABLE audit (line varchar(200));\n',
      '.env.example': 'PORT=3000\nDATABASE_URL=postgres://localhost/notes\n',
    });
    expect(contract.ledger).toEqual(ledger);
    expect(printed.includes('which contains  > hello ${unique}  (a row of POST /notes in the lab)')).toBe(
      ledger !== undefined,
    );
  },
  ALONE_MS,
);

/** Says that a client may send five requests per minute. `LIMIT` is how many it really allows. */
const LIMITED = `import { createServer } from 'node:http';
import rateLimit from 'express-rate-limit';
const app = { use() {}, get() {} };
app.use(rateLimit({ windowMs: 60_000, limit: 5 }));
app.get('/items', (req, res) => res.json([]));
`;
const serving = (limit: number) => `import { createServer } from 'node:http';
const counts = new Map();
createServer(({ url, socket: { remoteAddress } }, response) => {
  const count = 1 + (counts.get(remoteAddress) ?? 0);
  if (url === '/items') counts.set(remoteAddress, count);
  response.writeHead(url === '/items' && count > ${limit} ? 429 : 200).end();
}).listen(process.env.PORT);
`;

test.each<[string, number, boolean, string]>([
  ['refuses', 5, true, 'requests per client  5 per 60 seconds  (app.js:4; call 6 of one client was refused)'],
  ['never refuses', 99, false, 'the code says 5 per 60 seconds (app.js:4), but 12 calls of one client were served'],
  ['refuses too early', 3, false, 'the code says 5 per 60 seconds (app.js:4), but call 4 of one client was refused'],
])('a limit in the code that the service %s is tried', async (_, limit, isWritten, text) => {
  const { contract, printed } = await accepted({
    'package.json': PACKAGE,
    'server.mjs': serving(limit),
    'app.js': LIMITED,
    '.env.example': 'PORT=3000\n',
  });
  expect(printed).toContain(text);
  expect(Object.hasOwn(contract, 'limiter')).toBe(isWritten);
});

/** Says that a call is attempted three times. `ATTEMPTS` is how often it really is. */
const REPEATING = `import axios from 'axios';
import axiosRetry from 'axios-retry';
const app = { get() {} };
axiosRetry(axios, { retries: 2 });
app.get('/rate', (req, res) => axios.get(process.env.RATES_URL));
`;
const attempting = (attempts: number) => `import { createServer } from 'node:http';
createServer(async ({ url }, response) => {
  let isServed = url !== '/rate';
  for (let attempt = 0; attempt < ${attempts} && !isServed; attempt += 1)
    isServed = await fetch(process.env.RATES_URL).then((answer) => answer.ok, () => false);
  response.writeHead(isServed ? 200 : 502).end();
}).listen(process.env.PORT);
`;

test.each<[number, object | undefined, string]>([
  [
    3,
    { attempts: 3 },
    'The attempts of a call to rates are seen: while rates answered with 503, one call attempted it 3',
  ],
  [
    1,
    undefined,
    'Left out: the attempts of a call to rates: 3 are said, but while rates answered with 503, one call att',
  ],
])('attempts in the code are tried: the service makes %d', async (attempts, calls, text) => {
  const { contract, printed } = await accepted({
    'package.json': PACKAGE,
    'server.mjs': attempting(attempts),
    'app.js': REPEATING,
    '.env.example': 'PORT=3000\nRATES_URL=https://rates.example/\n',
  });
  expect(printed).toContain(text);
  expect(contract.upstreams.rates.calls).toEqual(calls);
});
