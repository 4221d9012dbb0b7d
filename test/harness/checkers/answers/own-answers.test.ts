import { expect, test } from 'vitest';
import { ownAnswers } from '../../../../harness/checkers/answers/own-answers.ts';
import type { ContractFile } from '../../../../harness/contract/contract.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { answered, factsWith, got, judged, oneByOne, unique } from './answers.ts';

const PASS = [{ verdict: 'PASS' }];
const FAIL = [{ verdict: 'FAIL' }];
const CHECK = 'callers get answers to their own calls';

const key = (n: number) => ({ caller: `key ${n}` });
const READ = { method: 'GET', path: '/read/${unique}', served: [200] } satisfies ContractFile['endpoints'][string];

test('callers with answers to their own calls pass', () => {
  expect(judged(ownAnswers, oneByOne('1:0-9', '2:0-9'))).toMatchObject([
    { check: CHECK, observed: 'in each of 2 responses of ask', verdict: 'PASS', requests: [{ endpoint: 'ask' }] },
  ]);
});

test('without words, there is no finding, and it does not apply without an HTTP upstream', () => {
  expect(judged(ownAnswers, [answered(1, 5), got(0, {})])).toEqual([]);
  expect(judged(ownAnswers, oneByOne('2:0-9', '1:0-9'), factsWith({ reaches: [] }))).toEqual([]);
});

test("words of another caller's answer fail, with the words that were expected", () => {
  const events = oneByOne('1:0-9', '2:0-3 1:4-9').map((event, index) =>
    index % 2 === 1 && event.type === 'request' && event.answer
      ? { ...event, answer: { ...event.answer, caller: `user-${index}` } }
      : event,
  );
  expect(judged(ownAnswers, events)).toMatchObject([
    {
      verdict: 'FAIL',
      expected: 'words of receipt 2',
      observed:
        'ask, sent after 0.10 s: words 4–9 of receipt 2 expected; got words 4–9 of receipt 1 in answer, asked by user-1 0.1 s before',
      texts: { expected: [{ text: expect.any(String) }, { differs: true }], got: [{}, { differs: true }] },
    },
  ]);
});

test('the answer to the call before fails also if it is the same caller, or if each call gets it', () => {
  expect(judged(ownAnswers, oneByOne('1:0-9', '1:0-9', '2:0-9', '3:0-9'))).toMatchObject([
    { verdict: 'FAIL', observed: expect.stringContaining('asked in another call of ask 0.1 s before (and 2 more)') },
  ]);
});

test('traces say whose an answer is, without a text of its own', () => {
  const traced = (seq: number, after: number, trace: string) => answered(seq, after, { trace });
  const of = (after: number, parts: string, trace: string) => got(after, parts, { call: { trace } });
  const at = (first: string, second: string) =>
    judged(ownAnswers, [of(0, first, 'a'), of(1, second, 'b'), traced(1, 5, 'a'), traced(2, 6, 'b')]);
  expect(at('1:0-9', '2:0-9')).toMatchObject(PASS);
  expect(at('2:0-9', '1:0-9')).toMatchObject(FAIL);
});

test('an answer that no call has asked for is not judged, and named', () => {
  const events = [answered(1, 5), got(500, '1:0-9 2:0-9'), answered(2, 505)];
  expect(judged(ownAnswers, events)).toMatchObject([
    {
      verdict: 'PASS',
      evidence: [
        'not judged: words of another answer in ask: no call was in progress when their upstream was called (1 time)',
      ],
    },
  ]);
});

test('text of another call that only this call can have sent is its own', () => {
  const document = answered(2, 105, { unique: [unique(1)] });
  expect(judged(ownAnswers, [...oneByOne('1:0-9'), document, got(100, '2:0-9', { unique: unique(2) })])).toMatchObject(
    PASS,
  );
});

test('memories that the upstream has stored are allowed', () => {
  const memory = answered(2, 105, { upstream: 'memory', unique: [unique(2)], quotes: [1], answer: { words: [] } });
  const events = [...oneByOne('1:0-9'), memory, got(100, { 'memories[]': '1:0-9' }, { unique: unique(2) })];
  expect(judged(ownAnswers, events, factsWith({ reaches: ['llm', 'memory'] }))).toMatchObject(PASS);
});

test('an earlier answer beside its own is one that the service has stored of this caller', () => {
  const at = (caller: number) => {
    const earlier = got(0, '1:0-9', { unique: unique(1), ...key(1) });
    const later = got(100, { answer: '2:0-9', 'history[]': '1:0-9' }, { unique: unique(2), ...key(caller) });
    const events = [answered(1, 5, { unique: [unique(1)] }), earlier, answered(2, 105, { unique: [unique(2)] }), later];
    return judged(ownAnswers, events, factsWith({ authenticated: true }));
  };
  expect(at(1)).toMatchObject(PASS);
  expect(at(2)).toMatchObject(FAIL);
});

const reading = (tags: object, more: object) =>
  got(100, { text: '1:0-9' }, { call: { method: 'GET', tags: { endpoint: 'read', ...tags } }, ...more });

test('a stored text can be read by its name', () => {
  const facts = factsWith({}, { read: READ });
  expect(judged(ownAnswers, [...oneByOne('1:0-9'), reading({}, { unique: unique(1) })], facts)).toMatchObject(PASS);
  expect(judged(ownAnswers, [...oneByOne('1:0-9'), reading({}, { unique: unique(2) })], facts)).toMatchObject(FAIL);
});

test('an endpoint that reads from a database or another TCP server only reads, too', () => {
  const inStore = { upstreams: { llm: { kind: 'openai' }, redis: { tcp: '127.0.0.1:6379' } } } as const;
  const READS = [['database'], ['redis'], ['redis', 'database']];
  const stored = (reaches: string[], path: string, more: object) =>
    judged(
      ownAnswers,
      [...oneByOne('1:0-9'), reading({}, more)],
      factsWith({}, { read: { ...READ, path, reaches } }, inStore),
    );
  for (const reaches of READS) {
    expect(stored(reaches, '/read/1', {}), `any row, of ${reaches}`).toMatchObject(PASS);
    expect(stored(reaches, READ.path, { unique: unique(1) }), `the own row, of ${reaches}`).toMatchObject(PASS);
    expect(stored(reaches, READ.path, { unique: unique(2) }), `another row, of ${reaches}`).toMatchObject(FAIL);
  }
  expect(stored(['database', 'llm'], READ.path, { unique: unique(1) })).toMatchObject(FAIL);
});

test('what an upstream answers to a GET that names nobody may be kept', () => {
  const kept = (fields: object) => answered(1, 5, { method: 'GET', route: 'GET /prices', ...fields });
  const at = (fields: object) =>
    judged(ownAnswers, [
      kept(fields),
      got(0, '1:0-9', { unique: unique(1) }),
      got(100, '1:0-9', { unique: unique(2) }),
    ]);
  expect(at({})).toMatchObject([
    { verdict: 'PASS', evidence: [expect.stringContaining('llm may answer the same to each GET /prices')] },
  ]);
  expect(at({ unique: [unique(1)] })).toMatchObject(FAIL);
});

test('callers who all send the same GET may get the same answer', () => {
  const facts = factsWith({ method: 'GET', body: undefined });
  const call = { method: 'GET' };
  expect(
    judged(ownAnswers, [answered(1, 5), got(0, '1:0-9', { call }), got(100, '1:0-9', { call })], facts),
  ).toMatchObject(PASS);
});

/** The same question twice, of which the second gets the answer to the first one. */
const again = (second: object, afterMs = 100, first: object = {}): HistoryEvent[] => [
  answered(1, 5, { unique: [unique(1)], ...first }),
  got(0, '1:0-9', { unique: unique(1), ...key(1) }),
  got(afterMs, '1:0-9', { unique: unique(1), ...key(1), ...second }),
];

test('an answer of a cache must be promised', () => {
  const facts = (cache: object | undefined) =>
    factsWith({ authenticated: true, ...(cache && { answers: { cache } }) } as never);
  const own = facts({ seconds: 1 });
  const shared = facts({ seconds: 1, perCaller: false });
  expect(judged(ownAnswers, again({}), facts(undefined))).toMatchObject([
    {
      verdict: 'FAIL',
      observed: expect.stringContaining('asked by the same caller 0.1 s before'),
      usually: expect.stringContaining('cache:'),
    },
  ]);
  expect(judged(ownAnswers, again({}), own)).toMatchObject(PASS);
  // Callers without a name are not told apart here.
  const nameless = again({ caller: undefined }, 100, {}).map((event) =>
    event.type === 'request' && event.answer ? { ...event, answer: { ...event.answer, caller: undefined } } : event,
  ) as HistoryEvent[];
  expect(judged(ownAnswers, nameless, factsWith({ answers: { cache: { seconds: 1 } } } as never))).toMatchObject(PASS);
  expect(judged(ownAnswers, again(key(2)), own)).toMatchObject([
    {
      verdict: 'FAIL',
      observed: expect.stringMatching(/the cache is one of each caller$/),
      usually: expect.stringContaining('lacks the caller'),
    },
  ]);
  expect(judged(ownAnswers, again(key(2)), shared)).toMatchObject(PASS);
  expect(judged(ownAnswers, again({ unique: unique(2) }), shared)).toMatchObject(FAIL);
  expect(judged(ownAnswers, again({}, 1_500), own)).toMatchObject([
    {
      verdict: 'FAIL',
      observed: expect.stringMatching(/the cache keeps an answer for 1 s$/),
      usually: expect.stringContaining('longer than'),
    },
  ]);
  expect(judged(ownAnswers, again({}, 100, { status: 500 }), own)).toMatchObject([
    { verdict: 'FAIL', observed: expect.stringMatching(/a failure is never kept$/) },
  ]);
  expect(judged(ownAnswers, again({}, 100, { outcome: 'cut' }), own)).toMatchObject(FAIL);
});

test('what the ledger keeps may be the answer to the same request again', () => {
  const ledger = { endpoint: 'ask', table: 't', column: 'c', key: '${unique}', acknowledged: [200] };
  expect(judged(ownAnswers, again({}), factsWith({ authenticated: true }, {}, { ledger }))).toMatchObject(PASS);
});

test('a digest may have words of earlier calls of the same caller only', () => {
  const facts = factsWith({ authenticated: true, answers: { as: 'digest' } });
  expect(judged(ownAnswers, again({ unique: unique(2) }), facts)).toMatchObject(PASS);
  expect(judged(ownAnswers, again({ unique: unique(2), ...key(2) }), facts)).toMatchObject(FAIL);
});

test('any word fails if the contract says that there are none', () => {
  expect(judged(ownAnswers, oneByOne('1:0'), factsWith({ answers: { as: 'none' } }))).toMatchObject([
    {
      verdict: 'FAIL',
      observed: 'ask, sent after 0.00 s: answer has word 0 of receipt 1',
      promises: [['endpoints', 'ask', 'answers', 'as']],
    },
  ]);
});

test('words that no answer has are of the service', () => {
  expect(
    judged(ownAnswers, [...oneByOne('1:0-9'), got(100, '1:12 77:3', { unique: unique(2) }), answered(2, 105)]),
  ).toMatchObject([{ verdict: 'PASS', observed: 'in each of 1 response of ask' }]);
});

test('an endpoint without words is named, with the line that promises it', () => {
  const quiet = { ...got(200, {}, { tags: { endpoint: 'quiet' } }), answer: undefined } as never;
  const facts = factsWith({}, { quiet: { method: 'POST', path: '/quiet', served: [200], reaches: ['llm'] } });
  expect(judged(ownAnswers, [...oneByOne('1:0-9'), quiet], facts)).toMatchObject([
    {
      verdict: 'PASS',
      evidence: [
        'not judged: quiet shows no word of an answer; `endpoints.quiet.answers: { from: [llm], as: none }` says that it never does',
      ],
    },
  ]);
});

test('it must judge the promised answers of the endpoints that a scenario plans to call', () => {
  const facts = factsWith({ answers: { as: 'whole', cache: { seconds: 1 } } });
  const plan = [{ action: 'split answers', endpoint: 'ask' } as const];
  expect(ownAnswers.cases?.(facts)).toEqual([]);
  expect(ownAnswers.cases?.({ ...facts, proof: { ...facts.proof, plan } })).toEqual([
    {
      check: CHECK,
      promises: [['as'], ['cache', 'perCaller'], ['cache', 'seconds']].map((path) => [
        'endpoints',
        'ask',
        'answers',
        ...path,
      ]),
    },
  ]);
  expect(ownAnswers.cases?.({ ...factsWith(), proof: { ...facts.proof, plan } })).toEqual([]);
  // All calls may be refused there.
  const volleys = [{ action: 'volleys', endpoint: 'ask' } as const];
  expect(ownAnswers.cases?.({ ...facts, proof: { ...facts.proof, plan: volleys } })).toEqual([]);
});

test("vectors of another caller's embeddings fail", () => {
  const vectors = { answer: { words: [], vectors: 3 } };
  const of = (n: number, parts: string) => [
    answered(n, n * 100 + 5, { unique: [unique(n)], ...vectors }),
    got(n * 100, parts, { unique: unique(n) }),
  ];
  expect(judged(ownAnswers, [...of(1, '1.v:0-2'), ...of(2, '2.v:0 1.v:1-2')])).toMatchObject([
    {
      verdict: 'FAIL',
      observed: expect.stringContaining('vectors 1–2 of receipt 2 expected; got vectors 1–2 of receipt 1 in answer'),
      texts: { got: [{}, { differs: true }] },
    },
  ]);
});
