import { expect, test } from 'vitest';
import { rateLimitUnnamed } from '../../../../harness/checkers/rate-limit/rate-limit-unnamed.ts';
import { History } from '../../../../harness/history/history.ts';
import { request } from '../../../support/history.ts';
import { factsWith, LIMIT, MAX } from './limiters.ts';

/** Judges 2 N + 5 requests without the header and as many with an empty one, of which so many have each status. */
function judged(without: [status: number, n: number][], empty = without, { ms = 10, window = 'clock' as const } = {}) {
  const given = factsWith(window);
  const facts = { ...given, contract: { ...given.contract, client: { header: 'X-Tenant' } } };
  const sent = (variant: string, statuses: [status: number, n: number][]) =>
    statuses.flatMap(([status, n]) =>
      Array.from({ length: n }, () =>
        request(0, ms, status, { endpoint: LIMIT, limit: LIMIT, step: 'unnamed', variant }),
      ),
    );
  const requests = [...sent('without X-Tenant', without), ...sent('with an empty X-Tenant', empty)];
  return rateLimitUnnamed.judge(new History(requests), facts).find(({ check }) => check.endsWith(LIMIT));
}

const ALL = 2 * MAX + 5;

test.each<[string, Parameters<typeof judged>, string]>([
  ['all are served', [[[200, ALL]]], 'FAIL'],
  ['all with an empty header are served', [[[400, ALL]], [[200, ALL]]], 'FAIL'],
  [
    'more than two windows allow are served',
    [
      [
        [200, 2 * MAX + 1],
        [429, 4],
      ],
    ],
    'FAIL',
  ],
  [
    'they are limited together',
    [
      [
        [200, MAX],
        [429, ALL - MAX],
      ],
    ],
    'PASS',
  ],
  [
    'two windows allow as many',
    [
      [
        [200, 2 * MAX],
        [429, 5],
      ],
    ],
    'PASS',
  ],
  ['all are refused', [[[401, ALL]]], 'PASS'],
  ['they took longer than a window', [[[200, ALL]], [[200, ALL]], { ms: 2_000 }], 'INCONCLUSIVE'],
  ['too few were sent', [[[200, MAX]]], 'INCONCLUSIVE'],
  ['only one kind was sent', [[[401, ALL]], []], 'INCONCLUSIVE'],
  [
    'one was not answered',
    [
      [
        [200, MAX],
        [429, MAX + 4],
        [0, 1],
      ],
    ],
    'INCONCLUSIVE',
  ],
])('callers without a name, if %s', (_, given, verdict) => {
  expect(judged(...given)?.verdict).toBe(verdict);
});

test('the result says how each kind was answered', () => {
  expect(judged([[400, ALL]], [[200, ALL]])?.observed).toBe(
    'without X-Tenant: 29 × 400; with an empty X-Tenant: 29 × 200',
  );
});

test('there is nothing to judge if clients are identified otherwise', () => {
  expect(rateLimitUnnamed.cases?.(factsWith('clock'))).toEqual([]);
});
