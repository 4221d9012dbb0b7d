import { expect, test } from 'vitest';
import { quotaKept } from '../../../../harness/checkers/upstream/quota-kept.ts';
import { History } from '../../../../harness/history/history.ts';
import { STRAY, starved } from '../../../support/history.ts';
import { type Arrival, type Pressure, pressure, quotaFacts } from './quotas.ts';

const QUOTA = { requests: 3, per: 2 } as const;
const TEN = { requests: 10, per: 2 } as const;
const TOKENS = { tokens: 100, per: 2 } as const;
const judged = (
  seen: Pressure,
  promised: Parameters<typeof quotaFacts>[0] = QUOTA,
  more: Parameters<History['add']>[0][] = [],
) =>
  quotaKept.judge(
    new History([STRAY, ...pressure(seen), ...more]),
    quotaFacts(promised, { action: seen.action ?? 'beyond the quota', upstream: 'groq' }),
  )[0];
const at = (...times: number[]): Arrival[] => times.map((time) => [time]);
const ofTokens = (arrived: readonly Arrival[], more: object = {}): Pressure => ({
  action: 'beyond the quota of tokens',
  arrived,
  ...more,
});

test('exactly the quota passes, and one more in any window fails', () => {
  expect(judged({ arrived: at(10, 20, 30, 1_960, 1_970, 1_980) })).toMatchObject({
    check: 'quota of requests: groq',
    expected: 'never more than 3 requests in 2 s',
    observed: 'at most 3 requests in 2 s, from 12 calls',
    verdict: 'PASS',
  });
  // The first window ends 1,950 ms after its first request: 50 ms are the tolerance.
  expect(judged({ arrived: at(10, 20, 30, 1_960) })?.verdict).toBe('PASS');
  expect(judged({ arrived: at(10, 20, 30, 1_959) })).toMatchObject({
    observed: 'at most 4 requests in 2 s, from 8 calls',
    changes: [{ path: ['upstreams', 'groq', 'quota', 'requests'], value: 4 }],
    verdict: 'FAIL',
  });
});

test('a request too many that may be early because of the machine proves nothing', () => {
  const busy = [starved('service', 0, 1, 0), starved('service', 0, 20, 15)];
  expect(judged({ arrived: at(10, 20, 30, 1_950) }, QUOTA, busy)?.verdict).toBe('INCONCLUSIVE');
  expect(judged({ arrived: at(10, 20, 30, 1_900) }, QUOTA, busy)?.verdict).toBe('FAIL');
});

test('tokens of prompts and answers count together, exactly', () => {
  const of = (last: number) => ofTokens([[10, 40, 10], [20, 40, last], [30]]);
  expect(judged(of(10), TOKENS)).toMatchObject({
    observed: 'at most 100 tokens in 2 s, from 6 calls',
    verdict: 'PASS',
  });
  expect(judged(of(11), TOKENS)).toMatchObject({
    observed: 'at most 101 tokens in 2 s, from 6 calls',
    verdict: 'FAIL',
  });
});

test.each([
  ['no call', [], [], 'no request reached groq'],
  [
    'calls that none of was beyond the quota',
    at(10, 20, 30),
    [200, 200, 200],
    '3 calls in 2 s would not have used more',
  ],
] as const)('%s proves nothing', (_, arrived, calls, why) => {
  expect(judged({ arrived, calls })).toMatchObject({ verdict: 'INCONCLUSIVE', evidence: [why] });
});

test('tokens that nobody reports, and a quota that another one hides, are INCONCLUSIVE whenever it runs', () => {
  expect(judged(ofTokens(at(10, 20)), TOKENS)).toMatchObject({
    evidence: ["answers of groq report no usage, so tokens can't be counted"],
    verdict: 'INCONCLUSIVE',
    lasting: true,
  });
  const both = { requests: 2, ...TOKENS };
  expect(
    judged(
      ofTokens(
        [
          [10, 5, 5],
          [20, 5, 5],
        ],
        { calls: Array(20).fill(429) },
      ),
      both,
    ),
  ).toMatchObject({
    evidence: [expect.stringContaining('the quota of requests was used up first: 2 of 2. Write ${unique}')],
    lasting: true,
  });
});

test.each([
  ['Nothing limits the requests', { arrived: at(10, 20, 30, 40), calls: [200, 200, 200, 200] }, QUOTA],
  ['Concurrent callers pass together: 4 requests', { arrived: at(10, 20, 30, 40) }, QUOTA],
  ['The windows begin at fixed times: 3 requests', { arrived: at(10, 20, 30, 1_010, 1_020, 1_030) }, QUOTA],
  [
    'The windows begin at fixed times: 10 requests',
    { arrived: at(...Array(10).fill(10), ...Array(10).fill(450)) },
    TEN,
  ],
  ['What is used comes back too early: 3 requests', { arrived: at(10, 20, 30, 650, 1_320) }, QUOTA],
  // A bucket of 10 has another one after 200 ms, so 11 come within 300 ms.
  ['What is used comes back too early: 11 requests', { arrived: at(...Array(10).fill(10), 220, 420, 620, 1_300) }, TEN],
  ['What is used comes back too early: 2 requests', { arrived: at(10, 20, 1_030) }, { requests: 2, per: 2 }],
  [
    'The tokens of answers do not count',
    ofTokens([
      [10, 40, 30],
      [400, 40, 30],
    ]),
    TOKENS,
  ],
  [
    'The tokens of prompts do not count',
    ofTokens([
      [10, 30, 40],
      [400, 30, 40],
    ]),
    TOKENS,
  ],
  [
    'The tokens of calls in progress do not count',
    ofTokens([
      [10, 60, 60],
      [20, 60, 60],
      [30, 60, 60],
    ]),
    TOKENS,
  ],
] as const)('the cause is named first: %s', (why, seen, quota) => {
  expect(judged(seen, quota)).toMatchObject({ verdict: 'FAIL', usually: expect.stringMatching(`^${why}`) });
});
