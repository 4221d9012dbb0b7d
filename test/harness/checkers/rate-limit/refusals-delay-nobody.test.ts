import { expect, test } from 'vitest';
import type { Facts } from '../../../../harness/checkers/lib/checker.ts';
import { refusalsDelayNobody } from '../../../../harness/checkers/rate-limit/refusals-delay-nobody.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, facts, request } from '../../../support/history.ts';

const planned = { action: 'volleys', endpoint: 'docs' } as const;

/** Durations of the requests behind five volleys of 20, in milliseconds, and the statuses in the volleys. */
interface Seen {
  refused?: number[];
  usual?: number[];
  refusal?: number;
  let?: number;
  behind?: number;
}

function judged({
  refused = [12, 9, 8, 40, 9],
  usual = [20, 11, 10, 15, 10],
  refusal = 429,
  let: status = 200,
  behind = 200,
}: Seen) {
  const volleys = (process: string, all: readonly number[], status: number) =>
    all.flatMap((ms, index) => {
      const tags = { phase: '1', process, round: String(index + 1) };
      const calls = Array.from({ length: 20 }, () => request(index * 200, 5, status, { ...tags, about: 'volley' }));
      return [...calls, request(index * 200, ms, behind, { ...tags, about: 'behind' })];
    });
  const events = [begun(1, planned, 0, 0), ...volleys('0', refused, refusal), ...volleys('1', usual, status)];
  const known = facts();
  const [found] = refusalsDelayNobody.judge(new History(events), {
    ...known,
    proof: { ...known.proof, plan: [planned] },
  } as Facts);
  return found;
}

test('refused requests that cost no more than others pass', () => {
  expect(judged({})).toMatchObject({
    check: 'refused calls delay nobody: docs',
    observed: '8.0 ms behind 20 refused requests, 10.0 ms without limits',
    verdict: 'PASS',
  });
});

test.each<[string, Seen, string]>([
  ['each blocks for 5 ms', { refused: [108, 112, 109, 130, 110] }, 'FAIL'],
  ['only a pause delayed some', { refused: [108, 112, 9, 130, 110] }, 'PASS'],
  ['each costs twice as much, which is little', { refused: [21, 21, 21, 21, 21] }, 'PASS'],
  [
    'each costs a little more than those of a slow service',
    { refused: [190, 190, 190], usual: [150, 150, 150] },
    'PASS',
  ],
  ['each costs somewhat more', { refused: [45, 45, 45] }, 'INCONCLUSIVE'],
  ['too few volleys were refused', { refused: [9, 9] }, 'INCONCLUSIVE'],
  ['nothing was refused', { refusal: 200 }, 'INCONCLUSIVE'],
  ['requests are refused without limits', { let: 429 }, 'INCONCLUSIVE'],
  ['those behind them are refused', { behind: 429 }, 'INCONCLUSIVE'],
])('if %s', (_, seen, expected) => {
  expect(judged(seen)?.verdict).toBe(expected);
});
