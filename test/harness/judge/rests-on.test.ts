import { expect, test } from 'vitest';
import { CHECKERS } from '../../../harness/checkers/index.ts';
import type { Checker } from '../../../harness/checkers/lib/checker.ts';
import { allCauses, causesFirst, firstCause, whyUndecided } from '../../../harness/judge/rests-on.ts';

const checker = (name: string): Checker => CHECKERS[name] as Checker;

test('sorts causes before their consequences, and otherwise keeps the order', () => {
  const names = ['recovers', 'breaker-closes', 'untouched-stay-as-fast', 'breaker-opens', 'steady-state'];
  expect(causesFirst(names.map(checker)).map(({ name }) => name)).toEqual([
    'steady-state',
    'breaker-opens',
    'breaker-closes',
    'recovers',
    'untouched-stay-as-fast',
  ]);
});

test('finds the first cause, through checkers that did not fail or were not judged', () => {
  const failed = new Map([
    ['breaker-opens', 'opens at the threshold'],
    ['service-stays-up', 'service stays up'],
  ]);
  expect(firstCause(checker('breaker-closes'), failed)).toBe('service stays up');
  failed.delete('service-stays-up');
  expect(firstCause(checker('breaker-closes'), failed)).toBe('opens at the threshold');
  expect(firstCause(checker('breaker-opens'), failed)).toBeUndefined();
});

test.each([
  'breaker-closes',
  'hung-trial-given-up',
  'late-results-ignored',
  'abandoned-trial-ends',
  'abandoned-calls-count-nothing',
  'pool-recovers',
])('a service that does not recover follows from %s', (cause) => {
  expect(firstCause(checker('recovers'), new Map([[cause, 'the cause']]))).toBe('the cause');
});

test('a check may explain why another one is undecided, but not why it fails', () => {
  const answers = checker('faults-answered');
  const failed = new Map([['faults-answered-in-time', 'answer in time to stall']]);
  expect(whyUndecided(answers, failed)).toBe('answer in time to stall');
  expect(firstCause(answers, failed)).toBeUndefined();
  failed.set('steady-state', 'steady state before');
  expect(whyUndecided(answers, failed)).toBe('steady state before');
  const names = ['faults-answered', 'faults-answered-in-time'];
  expect(causesFirst(names.map(checker)).map(({ name }) => name)).toEqual(names.toReversed());
});

test('lists all checkers that one depends on, once each', () => {
  const names = allCauses(checker('breaker-closes'));
  expect(names).toHaveLength(new Set(names).size);
  expect(names).toEqual(expect.arrayContaining(['breaker-opens', 'breaker-reopens', 'service-stays-up']));
  expect(allCauses(checker('weak-secret-refused'))).toEqual(['strong-secret-accepted']);
});
