import { expect, test } from 'vitest';
import { asking, problemsWith } from './problems.ts';

const WORK = { accepted: [202], withinSeconds: 2 };
const ORDER = ['llm', 'backup'];
const DETAILS = { on: [429, 'stall', 'malformed-json'], never: [400], told: { field: 'model' } };
const STREAM = { format: 'sse' };

test.each<[string, object]>([
  [
    'statuses and every kind of fault that needs no further fields',
    { onFault: { 429: 503, 500: 502, stall: 504, cut: 'error', 'cut-stream': 'error', refuse: 502 } },
  ],
  ['promises of which one upstream is an HTTP server', { onFault: { stall: 504 }, reaches: ['cache', 'backup'] }],
  ['an answer for one upstream', { onFault: { backup: { stall: 504 } }, reaches: ['cache', 'backup'] }],
  ['a stream of which one upstream is an HTTP server', { stream: STREAM, reaches: ['cache', 'llm'] }],
  ['pieces that come as they are sent', { stream: { ...STREAM, relaySeconds: 0.5, stallSeconds: 2 } }],
  ['no promises without an HTTP upstream', { reaches: ['cache'] }],
  ['an order', { fallback: ORDER }],
  ['an order with details', { fallback: { order: ORDER, ...DETAILS, returnsWithinSeconds: 2 } }],
  ['work for an upstream that the endpoint reaches', { finishesLater: WORK }],
  ['work that survives', { finishesLater: { ...WORK, survives: 'SIGKILL' }, reaches: ['cache', 'llm'] }],
  ['answers of the upstreams that the endpoint reaches', { answers: { as: 'whole' }, reaches: ['cache', 'llm'] }],
  ['answers that were stored', { answers: { from: ['llm', 'backup'], as: 'field' }, reaches: [] }],
  ['work for an upstream that only a worker calls', { finishesLater: { ...WORK, upstreams: ['backup'] }, reaches: [] }],
])('accepts %s', async (_, fields) => {
  expect(await problemsWith(asking(fields))).toEqual([]);
});

const NO_WORK = 'finishesLater: its work reaches no HTTP upstream; list one in `upstreams`';
const NO_UPSTREAM = 'it reaches no HTTP upstream; list one in `reaches`';

test.each<[string, object, string | RegExp]>([
  ['an unknown upstream', { reaches: ['llm', 'other'] }, 'reaches.1: there is no "other"; allowed: llm, backup, cache'],
  [
    'an optional upstream that is not reached',
    { servedWithout: ['backup'] },
    'servedWithout.0: it does not reach "backup"',
  ],
  ...['latency', 'mix', '200', '600', 'certificate', 'tomorrow'].map((fault): [string, object, RegExp] => [
    `the fault ${fault}`,
    { onFault: { [fault]: 502 } },
    new RegExp(
      `^onFault\\.${fault}: "${fault}" can't be used: it is unknown, or needs further fields; ` +
        'allowed: a status from 400 to 599 or of a redirect .*, .*error-in-stream, .*refuse',
    ),
  ]),
  [
    'promises about failures without an HTTP upstream',
    { onFault: { stall: 504 }, reaches: ['cache'] },
    `onFault: ${NO_UPSTREAM}`,
  ],
  [
    'an answer for an upstream that is not reached',
    { onFault: { backup: { stall: 504 } }, reaches: ['llm'] },
    'onFault.backup.stall: it does not reach "backup"; it reaches llm',
  ],
  ['a stream without an HTTP upstream', { stream: STREAM, reaches: ['cache'] }, `stream: ${NO_UPSTREAM}`],
  [
    'pieces that come as late as a stream may stall',
    { stream: { ...STREAM, relaySeconds: 2, stallSeconds: 2 } },
    'stream.relaySeconds: must be shorter than `stallSeconds` (2); it is 2',
  ],
  ['a fallback of one upstream', { fallback: ['llm'] }, 'fallback: Too small: expected array to have >=2 items'],
  [
    'a fallback to an unknown upstream',
    { fallback: ['llm', 'other'] },
    'fallback.1: there is no "other"; allowed: llm, backup, cache',
  ],
  [
    'a fallback to a TCP server',
    { fallback: { order: ['llm', 'cache'] } },
    'fallback.order.1: "cache" is a TCP server; only HTTP upstreams can be a fallback',
  ],
  ['a fallback to the same upstream', { fallback: ['llm', 'llm'] }, 'fallback.1: "llm" is listed twice in the order'],
  [
    'a fallback whose first upstream is not reached',
    { fallback: ORDER, reaches: [] },
    'fallback.0: "llm" is called first; list it in `reaches`',
  ],
  [
    'a fallback to an upstream that is always reached',
    { fallback: ORDER, reaches: ORDER },
    'fallback.1: "backup" is called only if another one fails; remove it from `reaches`',
  ],
  [
    'a fallback after a fault that needs fields',
    { fallback: { order: ORDER, on: [503, 'latency'] } },
    /^fallback\.on\.1: "latency" can't be used: it is unknown, or needs further fields/,
  ],
  [
    'a failure with and without a fallback',
    { fallback: { order: ORDER, on: [503, 404], never: [404] } },
    'fallback.never: 404 is in "on" as well',
  ],
  [
    'a place that is neither a header nor a field',
    { fallback: { order: ORDER, told: {} } },
    'fallback: told: must be { header: NAME } or { field: PATH }',
  ],
  [
    'answers of no HTTP upstream',
    { answers: { as: 'part' }, reaches: ['cache'] },
    'answers: it reaches no HTTP upstream; name one in `from`, or list one in `reaches`',
  ],
  [
    'answers of an unknown upstream',
    { answers: { from: 'other' } },
    'answers.from: there is no "other"; allowed: llm, backup, cache',
  ],
  [
    'answers of a TCP server',
    { answers: { from: ['llm', 'cache'] } },
    'answers.from.1: "cache" is not an HTTP upstream',
  ],
  [
    'answers of the same upstream twice',
    { answers: { from: ['llm', 'llm'] } },
    'answers.from.1: "llm" is listed twice',
  ],
  ['work for no upstream', { finishesLater: WORK, reaches: [] }, NO_WORK],
  ['work for a TCP server only', { finishesLater: WORK, reaches: ['cache'] }, NO_WORK],
  ['work for optional upstreams only', { finishesLater: WORK, servedWithout: ['llm'] }, NO_WORK],
  [
    'work for an unknown upstream',
    { finishesLater: { ...WORK, upstreams: ['other'] } },
    'finishesLater.upstreams.0: there is no "other"; allowed: llm, backup, cache',
  ],
  [
    'work for a TCP server',
    { finishesLater: { ...WORK, upstreams: ['llm', 'cache'] } },
    'finishesLater.upstreams.1: "cache" is not an HTTP upstream',
  ],
  [
    'work for an optional upstream',
    { finishesLater: { ...WORK, upstreams: ['llm'] }, servedWithout: ['llm'] },
    'finishesLater.upstreams.0: "ask" is served without "llm"; remove one of the two promises',
  ],
  [
    'a signal that ends no service',
    { finishesLater: { ...WORK, survives: 'SIGHUP' } },
    'finishesLater.survives: Invalid option: expected one of "SIGTERM"|"SIGKILL"',
  ],
  [
    'work without a status',
    { finishesLater: { ...WORK, accepted: [] } },
    'finishesLater.accepted: Too small: expected array to have >=1 items',
  ],
])('rejects %s', async (_, fields, problem) => {
  const [found = '', ...more] = await problemsWith(asking(fields));
  expect(more).toEqual([]);
  expect(found).toMatch(/^endpoints\.ask\./);
  expect(found.replace('endpoints.ask.', '')).toEqual(
    typeof problem === 'string' ? problem : expect.stringMatching(problem),
  );
});

test('the upstreams of a service that is already running are not known', async () => {
  const start = { running: { url: 'http://127.0.0.1:1' }, readyPath: '/', readySeconds: 1 };
  const fields = {
    reaches: ['else'],
    fallback: ['else', 'other'],
    finishesLater: { ...WORK, upstreams: ['other'] },
    answers: { from: 'other' },
  };
  expect(await problemsWith({ start, ...asking(fields) })).toEqual([]);
});

test('a ledger with answers belongs to an endpoint that gets some', async () => {
  const ledger = { endpoint: 'ask', table: 't', column: 'id', key: '${unique}', acknowledged: [200], answer: 'text' };
  expect(await problemsWith({ ledger })).toEqual([]);
  expect(await problemsWith({ ledger: { ...ledger, endpoint: 'health' } })).toEqual([
    'ledger.answer: "health" reaches no HTTP upstream; list one in `reaches`',
  ]);
});

test('failed calls of an endpoint may store nothing if it can be judged and kept', async () => {
  const ledger = { endpoint: 'ask', table: 't', column: 'id', key: '${unique}', acknowledged: [502] };
  const problems = (fields: object, rest: object) =>
    problemsWith({ ...asking({ storesNothing: [502], ...fields }), ...rest });
  const at = 'endpoints.ask.storesNothing: ';
  expect(await problems({ storesNothing: [504] }, { ledger })).toEqual([]);
  expect(await problems({}, {})).toEqual([`${at}needs a table; describe it in \`ledger\``]);
  expect(await problems({ reaches: ['cache'] }, { ledger })).toEqual([at + NO_UPSTREAM]);
  expect(await problems({}, { ledger })).toEqual([`${at}502 is in ledger.acknowledged`]);
  const other = { ...ledger, endpoint: 'health', acknowledged: [200] };
  expect(await problems({ finishesLater: { ...WORK, accepted: [502] } }, { ledger: other })).toEqual([
    `${at}502 is in finishesLater.accepted`,
  ]);
});
