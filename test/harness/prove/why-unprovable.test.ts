import { expect, test } from 'vitest';
import { whyUnprovable } from '../../../harness/prove/why-unprovable.ts';
import { provedIn } from '../../../harness/verdict/proved.ts';
import { finding, scenarioResult } from '../../support/run-result.ts';

const KNOWN = {
  passed: new Set(['breaker-opens', 'thresholds']),
  pairs: [],
  scenarios: [],
  skipped: [],
  isPart: false,
  isStopped: false,
  isPromised: () => false,
};
const SKIPPED = [
  { name: 'stress/replicas', judges: 'limits shared by replicas', skipped: 'no such condition', source: '' },
];

test('a check whose mutants were not tried because of a stop is not said to have none', () => {
  const whyOf = (isStopped: boolean) => whyUnprovable(['breaker-opens', 'thresholds'], { ...KNOWN, isStopped });
  expect(whyOf(true)).toEqual([
    { checker: 'breaker-opens', why: 'stopped before it was tried' },
    { checker: 'thresholds', why: 'the script sets them, and no mutant knows what they measure' },
  ]);
});

test('the contract is not blamed for a check whose scenario was not asked for', () => {
  const checkersOf = (isPart: boolean) =>
    whyUnprovable(['breaker-opens'], { ...KNOWN, skipped: SKIPPED, isPart }).map(({ checker }) => checker);
  expect(checkersOf(true)).toEqual(['breaker-opens']);
  expect(checkersOf(false)).toContain('replicas-share-limits');
});

test('the line of the contract that a check needs is named, not one that its mutants need', () => {
  const found = whyUnprovable(['breaker-opens'], { ...KNOWN, skipped: SKIPPED });
  const whyOf = (name: string) => found.find(({ checker }) => checker === name)?.why;
  expect(whyOf('rate-limit-bucket')).toContain('`limiter.window: token-bucket`');
  expect(whyOf('pool-recovers')).toBe(undefined);
  expect(whyOf('pool-says-when')).toContain('`retryAfter: true`');
});

test('the contract is not asked for a line that it has, and the reason of a skipped scenario counts more', () => {
  const skipped = [
    { name: 'stress/bucket', judges: 'buckets', skipped: 'no breaker', source: "holds: ['rate-limit-bucket']" },
    ...SKIPPED,
  ];
  const isPromised = (line: string) => line === 'limiter.headers';
  const found = whyUnprovable(['breaker-opens'], { ...KNOWN, skipped, isPromised });
  const whyOf = (name: string) => found.find(({ checker }) => checker === name)?.why;
  expect(whyOf('rate-limit-bucket')).toBe('it was not judged; stress/bucket was skipped: no breaker');
  expect(whyOf('rate-limit-header-truth')).toBe(undefined);
  expect(whyOf('pool-says-when')).toContain('`retryAfter: true`');
});

test('a check that fails without mutants is not proved, and says what failed', () => {
  const failed = finding('trial', 'FAIL', { checker: 'breaker-closes', observed: '2 calls' });
  const open = finding('other', 'INCONCLUSIVE', { checker: 'breaker-closes', observed: 'no call' });
  const scenarios = [scenarioResult('chaos/llm-outage', [open, failed])];
  expect(whyUnprovable(['breaker-closes'], { ...KNOWN, scenarios })).toEqual([
    { checker: 'breaker-closes', why: 'it fails without mutants: trial: 2 calls' },
  ]);
});

test('a check is not proved by a mutant that had nothing to act on', () => {
  const pairs = [
    { checker: 'breaker-opens', mutant: 'a', outcome: 'impossible', why: 'no call' },
    { checker: 'breaker-opens', mutant: 'b', outcome: 'impossible', why: 'no call' },
  ] as const;
  expect(whyUnprovable(['breaker-opens'], { ...KNOWN, pairs })).toEqual([
    { checker: 'breaker-opens', why: 'a: no call; b: no call' },
  ]);
  expect(whyUnprovable(['other'], KNOWN)).toEqual([{ checker: 'other', why: 'it did not pass without mutants' }]);
});

test('a check that could not decide without mutants, or that has nothing to judge, is not proved for this reason', () => {
  const open = finding('trial', 'INCONCLUSIVE', { checker: 'breaker-closes', observed: 'no call' });
  const idle = { notApplicable: [{ checker: 'pool-recovers', reason: 'the contract has no pool' }] };
  const found = whyUnprovable(['breaker-closes'], {
    ...KNOWN,
    scenarios: [scenarioResult('chaos/llm-outage', [open], idle)],
    isPart: true,
  });
  expect(found).toEqual([
    { checker: 'breaker-closes', why: 'it is undecided without mutants: trial: no call' },
    { checker: 'pool-recovers', why: 'it has nothing to judge: the contract has no pool' },
  ]);
  expect(provedIn({ checkers: ['breaker-closes'], pairs: [], unprovable: found })).toBe(
    '0 of 1 check proved on this service; 1 other has nothing to judge',
  );
});
