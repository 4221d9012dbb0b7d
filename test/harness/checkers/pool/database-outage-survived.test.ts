import { expect, test } from 'vitest';
import { databaseOutageSurvived } from '../../../../harness/checkers/pool/database-outage-survived.ts';
import type { RequestSample } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, facts, request, SILENCE, T0, verdicts } from '../../../support/history.ts';

/**
 * The statuses of calls while the database doesn't respond, the duration of the last one, and the statuses of later
 * calls.
 */
const silent = (
  during: number[],
  lastMs: number,
  again: number[],
  health = [200, 200, 200],
  healthMs = 5,
  ...others: RequestSample[]
) => {
  const tags = (about: string, endpoint = 'conversation-read') => ({ phase: '1', about, endpoint });
  return new History([
    begun(1, { action: 'database outage', fault: 'blackhole' }, 0, 0),
    ...during.map((status, index) =>
      request(index, index === during.length - 1 ? lastMs : 1_000, status, tags('during')),
    ),
    ...again.map((status, index) => request(9_000 + index, 5, status, tags('again'))),
    ...health.map((status, index) => request(index, healthMs, status, tags('health', 'health'))),
    ...others,
  ]);
};

test.each([
  ['all as promised', ['PASS', 'PASS', 'PASS'], silent([404, 503, 503], 6_010, [503, 404])],
  ['a call that hangs until its client gives up', ['FAIL', 'PASS', 'PASS'], silent([503, 0], 36_000, [404])],
  ['a call answered far too late', ['FAIL', 'PASS', 'PASS'], silent([503, 503], 9_000, [404])],
  ['an internal error', ['FAIL', 'PASS', 'PASS'], silent([503, 500], 10, [404])],
  ['an outage that nobody felt', ['INCONCLUSIVE', 'PASS', 'PASS'], silent([404, 404], 10, [404])],
  ['a connection that broke', ['FAIL', 'PASS', 'PASS'], silent([503, 0], 10, [404])],
  ['no recovery', ['PASS', 'FAIL', 'PASS'], silent([503], 10, [503, 503])],
  ['nobody asking afterwards', ['PASS', 'INCONCLUSIVE', 'PASS'], silent([503], 10, [])],
  ['health refused', ['PASS', 'PASS', 'FAIL'], silent([503], 10, [404], [200, 503, 200])],
  ['health slow', ['PASS', 'PASS', 'FAIL'], silent([503], 10, [404], [200, 200, 200], 2_000)],
  ['health hardly asked for', ['PASS', 'PASS', 'INCONCLUSIVE'], silent([503], 10, [404], [200])],
])('judges a database outage with %s: %j', (_, expected, history) => {
  const judged = verdicts(databaseOutageSurvived.judge(history, facts()));
  expect(Object.keys(judged)).toEqual(
    ['answers in time', 'recovers by itself', 'health stays up'].map((check) => `${check}: blackhole`),
  );
  expect(Object.values(judged)).toEqual(expected);
});

test.each([
  ['a call answered as late as may be', 'PASS', 'PASS', silent([503, 503], 8_000, [404], [200, 200, 200], 1_000)],
  [
    'one that the noise may have made later',
    'INCONCLUSIVE',
    'INCONCLUSIVE',
    silent([503], 8_100, [404], [200, 200, 200], 1_100),
  ],
  ['one that it can not have', 'FAIL', 'FAIL', silent([503], 8_101, [404], [200, 200, 200], 1_101)],
])('with 100 ms of noise: %s: %s', (_, inTime, health, history) => {
  const judged = verdicts(
    databaseOutageSurvived.judge(history, { ...facts(), noise: { ...SILENCE, loopbackMs: 100 } }),
  );
  expect(judged).toMatchObject({ 'answers in time: blackhole': inTime, 'health stays up: blackhole': health });
});

test('a health check that is refused in the outage queries the database', () => {
  const judged = databaseOutageSurvived.judge(silent([503, 503], 100, [404], [503, 503, 503], 100), facts());
  const health = judged.find(({ check }) => check === 'health stays up: blackhole');
  expect(health).toMatchObject({ verdict: 'FAIL', usually: expect.stringMatching(/^The health check queries/) });
});

test('names a lock that a failed call kept if only calls of other endpoints get no answer', () => {
  const other = request(10, 36_000, 0, { phase: '1', about: 'during', endpoint: 'conversation-end' });
  const usually = (status: number, lastMs: number) =>
    databaseOutageSurvived.judge(silent([503, status], lastMs, [404], undefined, 5, other), facts())[0]?.usually;
  expect(usually(503, 6_010)).toMatch(/^Calls of conversation-end wait for something else/);
  expect(usually(0, 36_000)).toMatch(/^A query, or opening/);
});

/** Served calls, the first of which was in progress from 0 to 200 ms. A fault acted on the database at this time. */
function servedAlthough(kind: string, ms: number): History {
  const tags = { phase: '2', about: 'during' };
  return new History([
    begun(2, { action: 'database outage', fault: 'terminate' }, 0, 0),
    {
      type: 'receipt',
      kind: 'acting',
      seq: 1,
      upstream: 'database',
      at: T0 + ms,
      endedAt: T0 + ms,
      faults: [`f2:${kind}`],
    },
    request(0, 200, 404, { ...tags, endpoint: 'conversation-read' }),
    request(0, 900, 200, { ...tags, endpoint: 'health' }),
  ]);
}

test.each([
  ['PASS', 'a read was in its query', servedAlthough('terminate', 100)],
  ['INCONCLUSIVE', 'no read was in progress', servedAlthough('terminate', 300)],
  ['INCONCLUSIVE', 'only the table was locked', servedAlthough('lock', 100)],
])('gives %s if every call is served, and when connections were lost, %s', (verdict, _, history) => {
  expect(verdicts(databaseOutageSurvived.judge(history, facts()))['answers in time: terminate']).toBe(verdict);
});

/** No call is served after an outage in which each one ended after `lastMs`. The later ones are rejected after `ms`. */
const unserved = (lastMs: number, ms: number, status = 503) => {
  const history = silent([503, 503], lastMs, []);
  const tags = { phase: '1', about: 'again', endpoint: 'conversation-read' };
  for (let index = 0; index < 3; index += 1) history.add(request(9_000 + index * ms, ms, status, tags));
  return databaseOutageSurvived.judge(history, facts()).find(({ check }) => check.startsWith('recovers'));
};

test('says that the pool leaks if calls wait for a connection although no other call is in progress', () => {
  expect(unserved(6_000, 1_000)).toMatchObject({
    verdict: 'FAIL',
    evidence: [
      '3 calls waited 1 s for one of 5 connections, although all earlier calls had ended, after 6.00 s at most',
    ],
    usually: expect.stringMatching(/^The pool leaks/),
  });
});

test.each([
  ['rejected at once', unserved(6_000, 20), /^The pool does not reconnect/],
  ['failing late', unserved(6_000, 1_000, 500), /^The pool does not reconnect/],
])('says that the pool does not reconnect if later calls are %s', (_, finding, usually) => {
  expect(finding).toMatchObject({ verdict: 'FAIL', usually: expect.stringMatching(usually) });
});

test('does not say why the service does not recover if calls of the outage never ended', () => {
  expect(unserved(36_000, 1_000)).not.toHaveProperty('usually');
});

test('says that an error is not handled if it gets another status', () => {
  const finding = (history: History) => databaseOutageSurvived.judge(history, facts())[0];
  expect(finding(silent([503, 500], 10, [404]))?.usually).toMatch(/not handled/);
  expect(finding(silent([503, 0], 36_000, [404]))?.usually).toMatch(/^A query, or opening/);
});

test('reports the calls that were not as promised, longest first', () => {
  const evidence = (history: History) => databaseOutageSurvived.judge(history, facts())[0]?.evidence;
  expect(evidence(silent([404, 500, 0], 38_000, [404]))).toEqual([
    'conversation-read (GET), sent after 0.00 s: no answer, after 38.00 s',
    'conversation-read (GET), sent after 0.00 s: 500, after 1.00 s',
  ]);
  expect(evidence(silent([404, 503], 8_000, [404]))).toBeUndefined();
  expect(evidence(silent([404, 503], 8_001, [404]))).toHaveLength(1);
});
