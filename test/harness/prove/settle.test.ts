import { expect, test } from 'vitest';
import { Broken } from '../../../harness/prove/broken.ts';
import { MOST_TRIES, type Task } from '../../../harness/prove/plan.ts';
import { settle, surer } from '../../../harness/prove/settle.ts';
import type { Finding, Verdict } from '../../../harness/verdict/finding.ts';
import { provedCheckers, provedIn } from '../../../harness/verdict/proved.ts';

const task = (): Task => ({
  checker: 'one',
  mutant: { name: 'a', does: 'a', turnsRed: ['one'], create: () => ({}) },
  tried: new Map(),
});

const isPromised = (line: string) => line === 'health';

const outcome = (judged: Task, verdicts: Verdict[], deed?: true | string | Broken, isAlone = true) => {
  const findings = verdicts.map(
    (verdict): Finding => ({ checker: 'one', check: 'c', expected: '', observed: 'seen', verdict }),
  );
  return settle(judged, 's', findings, deed, isAlone, isPromised);
};

test('a check that fails because the mutant acted has caught it', () => {
  expect(outcome(task(), ['PASS', 'FAIL'], true)).toMatchObject({ outcome: 'caught', scenario: 's' });
});

test('a mutant whose own code throws proves nothing, and this is not lost', () => {
  const pair = outcome(task(), ['FAIL'], new Broken(new Error('oops')));
  expect(pair).toMatchObject({ outcome: 'broken', why: 'oops' });
  expect(surer(pair, { ...pair, scenario: 'other', outcome: 'caught' })).toBe(pair);
});

test('a check that fails although the mutant did nothing proves nothing', () => {
  expect(outcome(task(), ['FAIL'])).toMatchObject({ outcome: 'impossible' });
  expect(outcome(task(), ['FAIL'], 'no rows')).toMatchObject({ outcome: 'impossible', why: 'no rows' });
});

test('a mutant that found nothing to act on beside others is tried once more', () => {
  const first = task();
  expect(outcome(first, ['PASS'], undefined, false)).toMatchObject({ outcome: 'impossible' });
  expect(first.tried.get('s')).toBe(1);
  expect(outcome(first, ['PASS'], undefined, true)).toMatchObject({ outcome: 'impossible' });
  expect(first.tried.get('s')).toBe(MOST_TRIES);
});

test('a mutant may say why it had nothing to act on', () => {
  const first = task();
  const idle = { ...first, mutant: { ...first.mutant, idle: 'nobody called' } };
  for (const verdict of ['PASS', 'INCONCLUSIVE'] as const) {
    expect(outcome(idle, [verdict])).toMatchObject({ outcome: 'impossible', why: 'nobody called' });
  }
});

test('a check that passes has missed the mutant, and is tried once more there', () => {
  const first = task();
  expect(outcome(first, ['PASS'], true)).toMatchObject({ outcome: 'missed' });
  expect([first.tried.get('s'), first.missedIn]).toEqual([1, 's']);
  expect(outcome(first, ['PASS'], true)).toMatchObject({ outcome: 'missed' });
  expect(first.tried.get('s')).toBe(MOST_TRIES);
});

test('a check that can not decide is tried twice more', () => {
  const first = task();
  for (const tries of [1, 2, MOST_TRIES]) {
    expect(outcome(first, ['INCONCLUSIVE'], true)).toMatchObject({ outcome: 'undecided', why: 'c: seen' });
    expect(first.tried.get('s')).toBe(tries);
  }
});

test('a scenario that could not be judged is tried once more', () => {
  const first = task();
  expect(outcome(first, [])).toMatchObject({ outcome: 'undecided', why: 'the scenario was not judged' });
  expect(first.tried.get('s')).toBe(1);
});

test('a run that broke off does not tell whether a mutant could have acted', () => {
  const [first, second] = [task(), task()];
  expect(outcome(first, ['INCONCLUSIVE'])).toMatchObject({ outcome: 'undecided' });
  const findings: Finding[] = [
    {
      check: 'script ran to its end',
      expected: '',
      observed: 'it did not',
      verdict: 'INCONCLUSIVE',
      voids: 'everything',
    },
    { checker: 'one', check: 'c', expected: '', observed: 'seen', verdict: 'PASS' },
  ];
  expect(settle(second, 's', findings, undefined, true, isPromised)).toMatchObject({ outcome: 'undecided' });
  expect([first.tried.get('s'), second.tried.get('s')]).toEqual([1, 1]);
  expect(settle(task(), 's', findings, 'the database refuses it', true, isPromised)).toMatchObject({
    outcome: 'impossible',
  });
});

test('the reason of a mutant that had nothing to act on names what it needs in the contract', () => {
  const first = task();
  const needing = { ...first, mutant: { ...first.mutant, needs: 'pool' } };
  expect(outcome(needing, ['PASS'])).toMatchObject({
    why: 'it had nothing to act on; it needs `pool` in the contract',
  });
  const promised = { ...first, mutant: { ...first.mutant, needs: 'health' } };
  expect(outcome(promised, ['PASS'])).toMatchObject({ why: 'it had nothing to act on' });
  const idle = { ...first, mutant: { ...promised.mutant, idle: 'no call failed' } };
  expect(outcome(idle, ['PASS'])).toMatchObject({ why: 'no call failed' });
  const lacking = { ...first, mutant: { ...idle.mutant, needs: 'pool' } };
  expect(outcome(lacking, ['PASS'])).toMatchObject({
    why: 'it had nothing to act on; it needs `pool` in the contract',
  });
});

test('the later outcome counts, but a mutant is not impossible if it had something to act on elsewhere', () => {
  const pair = (scenario: string, of: 'undecided' | 'impossible') =>
    ({ checker: 'one', mutant: 'a', scenario, outcome: of }) as const;
  const last = (...pairs: ReturnType<typeof pair>[]) =>
    pairs.reduce<ReturnType<typeof surer> | undefined>(surer, undefined)?.outcome;
  expect(last(pair('s', 'impossible'))).toBe('impossible');
  expect(last(pair('s', 'undecided'), pair('t', 'impossible'))).toBe('undecided');
  expect(last(pair('s', 'impossible'), pair('t', 'undecided'))).toBe('undecided');
  // The record of the first run was incomplete.
  expect(last(pair('s', 'undecided'), pair('s', 'impossible'))).toBe('impossible');
});

test('a check is proved by one caught mutant, unless it misses another', () => {
  const pairs = [
    { checker: 'one', mutant: 'a', outcome: 'caught' },
    { checker: 'one', mutant: 'b', outcome: 'impossible' },
    { checker: 'two', mutant: 'a', outcome: 'caught' },
    { checker: 'two', mutant: 'b', outcome: 'missed' },
    { checker: 'three', mutant: 'b', outcome: 'impossible' },
  ] as const;
  const proved = { checkers: ['one', 'two', 'three'], pairs: [...pairs], unprovable: [] };
  expect(provedCheckers(proved)).toEqual(['one']);
  expect(provedIn(proved)).toBe('1 of 3 checks proved on this service');
  const stopped = 'interrupted by SIGINT';
  expect(provedIn({ ...proved, stopped })).toMatch(/service \(stopped early: interrupted by SIGINT\)$/);
});
