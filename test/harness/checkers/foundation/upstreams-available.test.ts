import { expect, test } from 'vitest';
import { upstreamsAvailable } from '../../../../harness/checkers/foundation/upstreams-available.ts';
import type { Receipt, RequestReceipt } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { traceOf } from '../../../../harness/history/past-the-service.ts';
import { begun, connection, facts, receipt, request, T0 } from '../../../support/history.ts';
import { judge } from '../../../support/judge.ts';

const DOWN = "http://127.0.0.1:9200 can't be reached: ECONNREFUSED";

const lost = (after: number, fields: Partial<RequestReceipt> = {}): RequestReceipt => ({
  ...receipt(1, after, 5, 'search'),
  route: 'GET /find',
  status: 502,
  unserved: DOWN,
  ...fields,
});
const of = (...receipts: Receipt[]) =>
  upstreamsAvailable.judge(new History([request(0, 5, 200, {}), ...receipts]), facts());

test('a server that could not be reached voids the record, with the reason and the time', () => {
  const cache = { ...connection(1, 1_500, 'cache'), unserved: "127.0.0.1:6379 can't be reached: ECONNREFUSED" };
  expect(of(lost(1_000), cache, lost(2_000))).toEqual([
    {
      check: 'upstreams available',
      expected: 'every request to an upstream gets a response',
      observed: `search answered 502 to GET /find: ${DOWN}`,
      verdict: 'INCONCLUSIVE',
      evidence: [
        '3 times, from 1.0 s to 2.0 s after the first request',
        "cache did not answer on a connection: 127.0.0.1:6379 can't be reached: ECONNREFUSED",
      ],
      voids: 'everything',
    },
  ]);
});

test.each<[string, Receipt]>([
  ['served requests', receipt(1, 0, 5, 'search')],
  ["the server's own errors", { ...receipt(1, 0, 5, 'search'), status: 502 }],
  ['paths that the upstream does not know', lost(0, { status: 404, unserved: 'no handler' })],
  ['requests that were sent past the service', lost(0, { trace: traceOf(1) })],
  ['the database, which scenarios stop on purpose', { ...connection(1, 0, 'database'), unserved: DOWN }],
])('%s are nothing wrong', (_, event) => {
  expect(of(event, receipt(2, 100, 5, 'search'))).toMatchObject([{ verdict: 'PASS' }]);
});

test('without any arrival, only a record with an end shows that nothing was wrong', () => {
  expect(of()).toMatchObject([{ observed: '0 arrivals, none without a response', verdict: 'INCONCLUSIVE' }]);
  const ended = new History([{ type: 'end', at: T0, series: [] }]);
  expect(upstreamsAvailable.judge(ended, facts())).toMatchObject([{ verdict: 'PASS' }]);
});

test('checks that fail meanwhile are INCONCLUSIVE, and say why', () => {
  const history = new History([
    begun(1, { action: 'endpoint', endpoint: 'conversation-end' }, 0, 0),
    request(1, 5, 502, { phase: '1' }),
    lost(2),
    begun(2, { action: 'end' }, 100, 1),
    { type: 'engine', at: T0, event: 'ended', code: 0, signal: null },
  ]);
  const served = judge(history, facts(), ['endpoints-served']).find(({ check }) => check === 'serves conversation-end');
  expect(served).toMatchObject({
    verdict: 'INCONCLUSIVE',
    evidence: [expect.stringContaining(`upstreams available: search answered 502 to GET /find: ${DOWN}`)],
  });
});
