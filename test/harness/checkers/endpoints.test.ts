import { expect, test } from 'vitest';
import { endpointsReachUpstreams } from '../../../harness/checkers/endpoints-reach-upstreams.ts';
import { endpointsServed } from '../../../harness/checkers/endpoints-served.ts';
import { poolEndpointReadsTable } from '../../../harness/checkers/pool-endpoint-reads-table.ts';
import type { HistoryEvent } from '../../../harness/history/events.ts';
import { History } from '../../../harness/history/history.ts';
import { connections, facts, phase, receipt, request, STRAY, verdicts } from '../../support/history.ts';

const PHASE = 'endpoint conversation-end';
const called = (status: number, ...arrived: HistoryEvent[]) =>
  new History([STRAY, phase(PHASE, 0, 0), request(1, 50, status, { phase: PHASE }), ...arrived, phase('end', 100, 9)]);

test.each([
  ['PASS', called(201)],
  ['FAIL', called(200)],
  ['INCONCLUSIVE', called(0)],
  ['INCONCLUSIVE', new History()],
])('says %s of an endpoint that is to be served', (verdict, history) => {
  expect(verdicts(endpointsServed(history, facts()))['serves conversation-end']).toBe(verdict);
});

test.each([
  ['PASS', 'in order', called(201, receipt(1, 2, 5, 'groq'), receipt(2, 9, 5, 'mem0'))],
  ['FAIL', 'in another order', called(201, receipt(1, 2, 5, 'mem0'), receipt(2, 9, 5, 'groq'))],
  ['FAIL', 'twice', called(201, receipt(1, 2, 5, 'groq'), receipt(2, 4, 5, 'groq'), receipt(3, 9, 5, 'mem0'))],
  ['FAIL', 'not at all', called(201)],
  ['INCONCLUSIVE', 'by a call that was not made', new History([phase(PHASE, 0, 0), phase('end', 9, 0)])],
])('says %s of upstreams that were reached %s', (verdict, _, history) => {
  expect(verdicts(endpointsReachUpstreams(history, facts()))['upstreams of conversation-end']).toBe(verdict);
});

const looks = (...waiting: number[]) =>
  new History([
    phase('locked', 0, 0),
    ...waiting.map((waitingForLock, index) => ({ ...connections(index * 25, 1), waitingForLock })),
    phase('end', 1_000, 0),
    { ...connections(1_100, 1), waitingForLock: 1 },
  ]);

test.each([
  ['PASS', looks(0, 1, 1)],
  ['FAIL', looks(0, 0)],
  ['INCONCLUSIVE', looks()],
])("says %s of the pool's endpoint reading its table", (verdict, history) => {
  expect(poolEndpointReadsTable(history, facts())).toMatchObject([{ verdict }]);
});
