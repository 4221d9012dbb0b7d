import { expect, test } from 'vitest';
import { connectionsReused } from '../../../../harness/checkers/upstream/connections-reused.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, request } from '../../../support/history.ts';
import { factsAbout, on } from './crowd.ts';

/** Judges calls on these connections, after a call on connection 1. */
function judged(connections: (number | undefined)[], callsPerConnection: number | undefined = 5) {
  const events = [
    on(1, 1),
    begun(1, { action: 'one after another', upstream: 'groq' }, 15, 1),
    ...connections.map((connection, index) => on(connection, index + 2)),
    begun(2, { action: 'steady again' }, 9_000, connections.length + 1),
    on(99, connections.length + 2),
  ];
  return connectionsReused.judge(new History(events), factsAbout({ callsPerConnection }))[0];
}

const same = (connection: number, calls: number) => Array<number>(calls).fill(connection);

test('calls that share connections pass', () => {
  expect(judged(same(2, 10))).toMatchObject({
    check: 'connections are reused: groq',
    requests: [{ phase: '1' }],
    expected: 'at most 1 new connection for 5 calls',
    observed: '1 new connection for 10 calls',
    verdict: 'PASS',
  });
  expect(judged([...same(2, 5), ...same(3, 5)])?.verdict).toBe('PASS');
});

test('a connection that was there before is not a new one', () => {
  expect(judged([...same(1, 2), ...same(2, 4), ...same(3, 4)])).toMatchObject({
    observed: '2 new connections for 10 calls',
    verdict: 'PASS',
  });
});

test('too many new connections fail', () => {
  expect(judged([...same(2, 4), ...same(3, 4), ...same(4, 2)])?.verdict).toBe('FAIL');
  expect(judged([2, 3, 4, 5, 6, 7, 8, 9, 10, 11])?.verdict).toBe('FAIL');
});

test('says that connections are lost with refused calls if new ones follow those', () => {
  const refused = (connection: number, seq: number) => ({ ...on(connection, seq), faults: ['f1:status'] });
  const after = [
    on(2, 2),
    refused(2, 3),
    on(3, 4),
    on(3, 5),
    refused(3, 6),
    on(4, 7),
    refused(4, 8),
    on(5, 9),
    on(5, 10),
  ];
  const events = [begun(1, { action: 'one after another', upstream: 'groq' }, 15, 1), ...after, on(5, 11)];
  const [finding] = connectionsReused.judge(new History(events), factsAbout({ callsPerConnection: 5 }));
  expect(finding).toMatchObject({
    verdict: 'FAIL',
    usually: expect.stringMatching(/^A connection is lost with each call/),
  });
  expect(judged([2, 3, 4, 5, 6, 7, 8, 9, 10, 11])).not.toHaveProperty('usually');
});

test('tells which endpoints open the connections', () => {
  const calls = [2, 3, 2, 4, 2, 5, 2, 6, 2, 7].map((connection, index) => on(connection, index + 2));
  const requests = calls.map(({ at }, index) => ({
    ...request(0, 8, 200, { phase: '1' }),
    at: at - 1,
    name: index % 2 === 0 ? 'ask' : 'stream',
  }));
  const events = [
    begun(1, { action: 'one after another', upstream: 'groq' }, 15, 1),
    ...requests,
    ...calls,
    begun(2, { action: 'end' }, 9_000, 11),
  ];
  const [finding] = connectionsReused.judge(new History(events), factsAbout({ callsPerConnection: 5 }));
  expect(finding).toMatchObject({ verdict: 'FAIL', evidence: ['for calls of 1 × ask, 5 × stream'] });
});

test.each([
  ['A connection is lost with each call of stream: its answer is not read to its end, or aborted.', [2, 2, 2, 3, 3, 3]],
  [undefined, [2, 3, 3, 4, 5, 5]],
  [undefined, [2, 3, 4, 5, 6, 7]],
])('says "%s" for %j', (usually, numbers) => {
  const calls = [...numbers, ...numbers.map((number) => number + 9)].map((number, index) => on(number, index + 2));
  const requests = calls.map(({ at }, index) => ({
    ...request(0, 8, 200, { phase: '1' }),
    at: at - 1,
    name: ['ask', 'chat', 'stream'][index % 3] ?? '',
  }));
  const begin = begun(1, { action: 'one after another', upstream: 'groq' }, 15, 1);
  const history = new History([begin, ...requests, ...calls, begun(2, { action: 'end' }, 9_000, 13)]);
  const [finding] = connectionsReused.judge(history, factsAbout({ callsPerConnection: 5 }));
  expect(finding?.verdict).toBe('FAIL');
  expect(finding?.usually).toBe(usually);
});

test('too few calls, or connections without numbers, prove nothing', () => {
  expect(judged(same(2, 9))?.verdict).toBe('INCONCLUSIVE');
  expect(judged([...same(2, 9), undefined])?.verdict).toBe('INCONCLUSIVE');
  expect(judged([])?.verdict).toBe('INCONCLUSIVE');
});
