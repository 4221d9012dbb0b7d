import { expect, test } from 'vitest';
import { latenciesOf, readRound } from '../../../harness/gate/round.ts';
import { History } from '../../../harness/history/history.ts';
import { begun, metric, request } from '../../support/history.ts';
import { runResult } from '../../support/run-result.ts';

const tags = { phase: '2', endpoint: 'health' };

test('uses the latencies of served requests in the measured phase, along with the control', () => {
  const served = Array.from({ length: 100 }, (_, index) => request(index, index + 1, 200, tags));
  const history = new History([
    begun(1, { action: 'warm-up' }, -2, 0),
    begun(2, { action: 'measured' }, -1, 0),
    ...served,
    request(0, 5_000, 503, tags),
    request(0, 6_000, 200, { ...tags, phase: '1' }),
    request(0, 7_000, 200, { ...tags, endpoint: 'other' }),
    ...[3, 1, 2].map((value) => metric('control_ms', 0, value, {})),
  ]);
  expect(latenciesOf(history, { health: { served: [200] } })).toEqual({
    controlMs: 2,
    latencies: { health: { p50: 50.5, p99: 99 } },
  });
});

test("a contract that can't be used for the load is reported with what it lacks", async () => {
  const skipped = [
    {
      name: 'gate/steady-load',
      judges: 'speed',
      skipped: 'the contract does not say how to get "no-rate-limits" (conditions.no-rate-limits)',
    },
  ];
  await expect(readRound('results', runResult([], { skipped }))).rejects.toMatchObject({
    code: 'NOTHING_TO_JUDGE',
    message: expect.stringContaining('how to get "no-rate-limits"'),
  });
});
