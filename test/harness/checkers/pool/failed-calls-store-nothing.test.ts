import { expect, test } from 'vitest';
import { failedCallsStoreNothing } from '../../../../harness/checkers/pool/failed-calls-store-nothing.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { factsWith } from '../../../support/failing.ts';
import { begun, request, T0 } from '../../../support/history.ts';

const ENDPOINT = 'conversation-end';
const FAILING = { action: 'failing', upstream: 'groq', fault: 'plain-500', endpoint: ENDPOINT } as const;

const known = (onFault: Parameters<typeof factsWith>[0]['onFault'] = {}) => {
  const facts = factsWith({ storesNothing: [502, 504], onFault });
  return { ...facts, proof: { ...facts.proof, plan: [FAILING] } };
};

/** A call that fails, and one that is served; and the table with these keys. */
const history = (status: number, keys: readonly string[], problem?: string): HistoryEvent[] => [
  begun(1, FAILING, 0, 0),
  request(10, 5, status, { phase: '1', endpoint: ENDPOINT, about: 'failing', key: 'a' }),
  request(20, 5, 201, { phase: '1', endpoint: ENDPOINT, about: 'again', key: 'b' }),
  {
    type: 'stored',
    at: T0 + 100,
    rows: Object.fromEntries(keys.map((key) => [key, 1])),
    ...(problem !== undefined && { problem }),
  },
];

const judged = (events: readonly HistoryEvent[]) => failedCallsStoreNothing.judge(new History(events), known())[0];

test('a call that fails and leaves no row passes, and says which statuses no call got', () => {
  expect(judged(history(502, ['b']))).toEqual({
    check: 'failed calls store nothing: conversation-end',
    requests: [{ phase: '1', endpoint: ENDPOINT }],
    expected: 'no row in conversation_events for a call that fails with 502, 504',
    observed: '0 rows of 1 failed call',
    verdict: 'PASS',
    evidence: ['no call failed with 504'],
  });
});

test('a row of a call that failed names the row and the call', () => {
  expect(judged(history(502, ['a', 'b']))).toMatchObject({
    observed: '1 row of 1 failed call',
    verdict: 'FAIL',
    evidence: [expect.stringMatching(/^conversation_id a: the call got 502 \(/), 'no call failed with 504'],
  });
});

test.each<[string, readonly HistoryEvent[], string]>([
  ['no call failed with such a status', history(503, ['a', 'b']), '0 rows of 0 failed calls'],
  ['a key finds no row of a served call either', history(502, []), '0 rows of 1 failed call'],
  ['the table can not be read', history(502, [], 'no such table'), 'no such table'],
  ['the table was not read', history(502, []).slice(0, 3), 'the table was not read'],
])('nothing is known if %s', (_, events, observed) => {
  expect(judged(events)).toMatchObject({ observed, verdict: 'INCONCLUSIVE' });
});

test('a scenario in which all promised answers are other ones has no case', () => {
  const casesWith = (answer: number | 'error' | 'served') =>
    failedCallsStoreNothing.cases?.(known({ 'plain-500': answer }))?.map(({ promises }) => promises);
  expect(casesWith(502)).toEqual([[['endpoints', ENDPOINT, 'storesNothing']]]);
  expect(casesWith('error')).toHaveLength(1);
  expect(casesWith(503)).toEqual([]);
  expect(casesWith('served')).toEqual([]);
});
