import { expect, test } from 'vitest';
import type { HistoryEvent } from '../../../harness/history/events.ts';
import { History } from '../../../harness/history/history.ts';
import { foundBefore } from '../../../harness/prove/found-before.ts';
import { begun, facts, requests, T0 } from '../../support/history.ts';

const STATUS = 'health';
const STEADY = { phase: { does: { action: 'steady' }, nth: 0 } };

/** A record of an endpoint that answers with a status, and of a phase after it. */
const recorded = (status: number, ...more: HistoryEvent[]) => ({
  history: new History([
    begun(1, { action: 'endpoint', endpoint: STATUS }, 0, 0),
    ...requests(3, 0, 10, status, { phase: '1' }),
    begun(2, { action: 'steady' }, 1_000, 0),
    ...more,
  ]),
  facts: facts(),
});

const found = async (...records: [mutated: ReturnType<typeof recorded>, unmutated: ReturnType<typeof recorded>]) =>
  (await foundBefore(STEADY, ['endpoints-served'], ...records)).map(({ checker, check }) => `${checker}: ${check}`);

test('what fails before a phase, and only with mutants, is found', async () => {
  expect(await found(recorded(500), recorded(200))).toEqual([`endpoints-served: serves ${STATUS}`]);
});

test('what passes is not found', async () => {
  expect(await found(recorded(200), recorded(200))).toEqual([]);
});

test('a check that also fails without mutants, because the rest is missing, finds nothing', async () => {
  const later = requests(3, 2_000, 10, 200, { phase: '1' });
  expect(await found(recorded(500), recorded(500, ...later))).toEqual([]);
});

test('nothing is found if the unmutated script did not enter the phase', async () => {
  expect(await found(recorded(500), { history: new History([]), facts: facts() })).toEqual([]);
});

/** A record in which an endpoint answers a second apart, each time with its next status. */
const pausing = (...statuses: number[]) => ({
  history: new History([
    begun(1, { action: 'endpoint', endpoint: STATUS }, 0, 0),
    ...statuses.flatMap((status, index) => requests(1, 1_000 * index, 10, status, { phase: '1' })),
    begun(2, { action: 'steady' }, 1_000 * statuses.length, 0),
  ]),
  facts: facts(),
});

test.for([
  ['fails', [500, 200], [200, 200], 1],
  ['also fails without mutants at another pause', [500, 200], [200, 500], 0],
  ['passes', [200, 500], [200, 200], 0],
] as const)('what %s while the script pauses in a phase is found %j %j', async ([, mutated, unmutated, count]) => {
  const point = { phase: { does: { action: 'endpoint', endpoint: STATUS }, nth: 0 }, pausedAt: T0 + 500 };
  const all = await foundBefore(point, ['endpoints-served'], pausing(...mutated), pausing(...unmutated));
  expect(all).toHaveLength(count);
});
