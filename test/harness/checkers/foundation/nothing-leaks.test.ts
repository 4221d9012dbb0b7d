import { expect, test } from 'vitest';
import { nothingLeaks } from '../../../../harness/checkers/foundation/nothing-leaks.ts';
import { secrecy } from '../../../../harness/contract/schema/secrecy.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { facts, metric, request, T0 } from '../../../support/history.ts';
import { judge } from '../../../support/judge.ts';

const SEARCH: HistoryEvent = { type: 'search', at: T0, secrets: ['API_KEY', 'DATABASE_URL'], unsearched: [] };
const lines = (value: number, process?: number): HistoryEvent => ({
  type: 'count',
  at: T0 + 9_000,
  of: 'log lines',
  value,
  ...(process !== undefined && { process }),
});
const leakAt = (line: number, secret: string, of = 'log', process?: number): HistoryEvent => ({
  type: 'leak',
  at: T0,
  secret,
  of,
  line,
  ...(process !== undefined && { process }),
});
const answer = (endpoint: string, status: number) => request(0, 5, status, { endpoint, phase: '1' });
const searched = (endpoint: string, status: number) =>
  metric('responses_searched', 5, 1, { endpoint, status: String(status) });
const shown = (endpoint: string, status: number, place: string, shows: string) =>
  metric('leaks', 5, 1, { endpoint, status: String(status), phase: '1', place, shows });

const GOOD = [SEARCH, answer('ask', 200), searched('ask', 200), answer('ask', 502), searched('ask', 502), lines(12)];

const factsOf = (promise: object = {}) => {
  const given = facts();
  return { ...given, contract: { ...given.contract, secrecy: secrecy.parse(promise) } };
};

const judged = (events: readonly HistoryEvent[], promise?: object) =>
  nothingLeaks.judge(new History(events), factsOf(promise));

test('nothing is judged without the promise', () => {
  expect(nothingLeaks.judge(new History(GOOD), facts())).toEqual([]);
});

test('a service that shows nothing passes, with the number of responses and lines', () => {
  expect(judged(GOOD)).toMatchObject([
    { check: 'responses show no secret', observed: 'none of 2 responses does', verdict: 'PASS' },
    { check: 'responses show nothing internal', observed: 'none of 2 responses does', verdict: 'PASS' },
    { check: 'log shows no secret', observed: 'none of 12 lines does', verdict: 'PASS' },
  ]);
  expect(judged(GOOD).map(({ expected }) => expected)).toEqual([
    'no header or body shows API_KEY, DATABASE_URL',
    'no body shows a stack trace or an absolute path',
    'no line shows API_KEY, DATABASE_URL, a signed token of a caller',
  ]);
  for (const finding of judged(GOOD)) {
    expect(finding).not.toHaveProperty('evidence');
    expect(finding).not.toHaveProperty('requests');
  }
});

test('a single secret in a response fails, with its name and its place', () => {
  const [secrets, internal, log] = judged([
    ...GOOD,
    shown('ask', 502, 'body', 'API_KEY'),
    shown('ask', 502, 'body', 'API_KEY'),
    shown('ask', 200, 'X-Debug', 'DATABASE_URL'),
  ]);
  expect(secrets).toMatchObject({
    observed: 'ask answered 502 with API_KEY in its body, 2 times',
    verdict: 'FAIL',
    evidence: ['ask answered 200 with DATABASE_URL in its header X-Debug'],
    requests: [{ endpoint: 'ask', phase: '1' }],
  });
  expect([internal?.verdict, log?.verdict]).toEqual(['PASS', 'PASS']);
});

test('up to twenty further places are listed', () => {
  const events = Array.from({ length: 23 }, (_, index) => leakAt(index, 'API_KEY'));
  expect(judged([...GOOD, ...events]).at(-1)?.evidence).toHaveLength(20);
});

test('a history without a search has no secrets', () => {
  const found = judged(GOOD.slice(1));
  expect(found).toMatchObject([
    { check: 'responses show nothing internal', verdict: 'PASS' },
    { expected: 'no line shows a signed token of a caller', verdict: 'PASS' },
  ]);
  expect(found[1]).not.toHaveProperty('evidence');
});

test('only lines of the log are counted', () => {
  const requests = { type: 'count', at: T0, of: 'requests of the generator', value: 99 } as const;
  expect(judged([...GOOD, requests]).at(-1)?.observed).toBe('none of 12 lines does');
});

test('a secret in a log fails with the number of its line, also after a restart and in failed starts', () => {
  const events = [leakAt(7, 'API_KEY'), leakAt(3, 'JWT', 'log', 2), leakAt(1, 'DATABASE_URL', 'SECRET_KEY: empty')];
  expect(judged([...GOOD, ...events, lines(20), lines(4, 2)]).at(-1)).toMatchObject({
    observed: 'line 7 of service.log shows API_KEY',
    verdict: 'FAIL',
    evidence: [
      'line 3 of service-2.log shows JWT',
      'line 1 of the output of start SECRET_KEY: empty shows DATABASE_URL',
    ],
  });
  expect(judged([...GOOD, lines(20), lines(4, 2)]).at(-1)?.observed).toBe('none of 24 lines does');
});

const NONE = { all: 0, names: [] };
const files = (found: Partial<Extract<HistoryEvent, { type: 'files' }>>): HistoryEvent => ({
  type: 'files',
  at: T0,
  of: 'log',
  files: 0,
  lines: 0,
  binary: NONE,
  links: NONE,
  unread: NONE,
  ...found,
});
const inFile = (file: string, line: number, secret: string): HistoryEvent => ({
  type: 'leak',
  at: T0,
  secret,
  of: 'log',
  file,
  line,
});
const ofFiles = (events: readonly HistoryEvent[], promise?: object) =>
  judged([...GOOD, ...events], promise).filter(({ check }) => check === 'files show no secret');

test('files are judged with the number of their lines if there are any', () => {
  expect(ofFiles([files({})])).toEqual([]);
  expect(ofFiles([files({ files: 1, lines: 20 }), files({ files: 2, lines: 4, process: 2 })])).toMatchObject([
    {
      expected: 'no line shows API_KEY, DATABASE_URL, a signed token of a caller',
      observed: 'none of 24 lines in 3 files does',
      verdict: 'PASS',
      promises: [['secrecy']],
    },
  ]);
});

test('a secret in a file fails with its path and line, unless the contract allows it in this file', () => {
  const events = [
    files({ files: 2, lines: 9 }),
    inFile('logs/app.log', 7, 'API_KEY'),
    { ...inFile('b.log', 1, 'JWT'), process: 2 } as HistoryEvent,
    { ...inFile('b.log', 2, 'JWT'), of: 'SECRET_KEY: empty' } as HistoryEvent,
  ];
  expect(ofFiles(events)).toMatchObject([
    {
      observed: 'line 7 of ${folder}/logs/app.log shows API_KEY',
      verdict: 'FAIL',
      evidence: [
        'line 1 of ${folder}/b.log of process 2 shows JWT',
        'line 2 of ${folder}/b.log of start SECRET_KEY: empty shows JWT',
      ],
      places: ['logs/app.log shows API_KEY', 'b.log shows JWT'],
    },
  ]);
  expect(judged([...GOOD, ...events]).find(({ check }) => check === 'log shows no secret')?.verdict).toBe('PASS');
  const allowed = { files: { '*.log': ['API_KEY'], 'b.log': ['JWT'] } };
  expect(ofFiles(events, { allowed })).toMatchObject([
    { verdict: 'PASS', evidence: ['3 places allowed by the contract'] },
  ]);
  expect(ofFiles(events, { allowed: { files: { 'app.log': ['API_KEY'], 'b.log': ['JWT'] } } })[0]?.verdict).toBe(
    'FAIL',
  );
});

test('files that were not read prove nothing, and binary files and links are named beside the log', () => {
  const unread = { all: 2, names: ['a.log: EACCES', 'b.log: 5 of 9 bytes were read'] };
  const events = [files({ files: 1, lines: 3, unread }), files({ binary: { all: 1, names: ['data.db'] } })];
  expect(ofFiles(events)).toMatchObject([
    {
      observed: '2 files were not searched; none of 3 lines in 1 file does',
      verdict: 'INCONCLUSIVE',
      evidence: unread.names,
    },
  ]);
  expect(ofFiles([...events, inFile('c.log', 1, 'API_KEY')])[0]?.verdict).toBe('FAIL');
  const links = files({ links: { all: 1, names: ['logs'] }, binary: { all: 1, names: ['data.db'] } });
  expect(judged([...GOOD, ...events, links]).find(({ check }) => check === 'log shows no secret')).toMatchObject({
    verdict: 'PASS',
    evidence: ['not searched: 2 binary files: data.db', 'not searched: 1 link out of the folder: logs'],
  });
});

test('what the contract allows does not fail, and is counted', () => {
  const allowed = { responses: { ask: ['API_KEY', 'path'] }, log: ['JWT'] };
  const events = [...GOOD, shown('ask', 200, 'body', 'API_KEY'), shown('ask', 200, 'body', 'path'), leakAt(2, 'JWT')];
  expect(judged(events, { allowed })).toMatchObject([
    { verdict: 'PASS', evidence: ['1 place allowed by the contract'] },
    { verdict: 'PASS', evidence: ['1 place allowed by the contract'] },
    { verdict: 'PASS', evidence: ['1 place allowed by the contract'] },
  ]);
  expect(judged([...events, shown('other', 200, 'body', 'API_KEY')], { allowed })[0]?.verdict).toBe('FAIL');
});

test('responses that no script searched prove nothing, but a leak in others does', () => {
  const events = [...GOOD, answer('ask', 503)];
  expect(judged(events)[0]).toMatchObject({
    observed: '1 of 3 responses were not searched',
    verdict: 'INCONCLUSIVE',
    evidence: ['the script sends requests without `call` in scenarios/lib/service.ts'],
  });
  expect(judged([...events, shown('ask', 502, 'body', 'API_KEY')])[0]?.verdict).toBe('FAIL');
});

test('redirects that the generator followed are not missing', () => {
  expect(judged([...GOOD, answer('ask', 302)])[0]?.verdict).toBe('PASS');
  expect(judged([...GOOD, answer('ask', 300)])[0]?.verdict).toBe('PASS');
  expect(judged([...GOOD, answer('ask', 299)])[0]?.verdict).toBe('INCONCLUSIVE');
  expect(judged([...GOOD, answer('ask', 400)])[0]?.verdict).toBe('INCONCLUSIVE');
});

test('without responses and lines nothing is known', () => {
  const found = judged([SEARCH, request(0, 5, 0, { endpoint: 'ask' })]);
  expect(found.map(({ observed, verdict }) => [observed, verdict])).toEqual([
    ['there was no response', 'INCONCLUSIVE'],
    ['there was no response', 'INCONCLUSIVE'],
  ]);
});

test('secrets that can not be searched for are listed', () => {
  const search = { ...SEARCH, unsearched: ['PIN'] } as HistoryEvent;
  const [secrets, , log] = judged([search, ...GOOD.slice(1)]);
  const evidence = ['too short or too common to search for: PIN'];
  expect([secrets, log]).toMatchObject([
    { verdict: 'PASS', evidence },
    { verdict: 'PASS', evidence },
  ]);
  const [first] = judged([{ ...search, secrets: [] } as HistoryEvent, ...GOOD.slice(1)]);
  expect(first?.check).toBe('responses show nothing internal');
});

test('a leak is certain, even if the record is void', () => {
  const killed: HistoryEvent = { type: 'engine', at: T0, event: 'ended', code: null, signal: 'SIGKILL' };
  const found = judge(new History([...GOOD, killed, leakAt(7, 'API_KEY')]), factsOf(), []);
  expect(found.find(({ check }) => check === 'log shows no secret')).toMatchObject({ verdict: 'FAIL' });
});

const exportsOf = (value: number): HistoryEvent => ({ type: 'count', at: T0, of: 'exports of telemetry', value });

test('telemetry that the lab receives is searched, too', () => {
  const of = (events: readonly HistoryEvent[], promise?: object) =>
    judged([...GOOD, ...events], promise).find(({ check }) => check === 'telemetry shows no secret');
  expect(of([])).toBeUndefined();
  expect(of([exportsOf(1), exportsOf(2)])).toMatchObject({ observed: 'none of 2 exports does', verdict: 'PASS' });
  const leaking = [exportsOf(2), leakAt(2, 'API_KEY', 'telemetry')];
  expect(of(leaking)).toMatchObject({
    observed: 'export 2 of spans, metrics or logs shows API_KEY',
    verdict: 'FAIL',
    promises: [['secrecy']],
  });
  expect(of(leaking, { allowed: { log: ['API_KEY'] } })).toMatchObject({ verdict: 'PASS' });
  const log = judged([...GOOD, ...leaking]).find(({ check }) => check === 'log shows no secret');
  expect(log?.verdict).toBe('PASS');
});
