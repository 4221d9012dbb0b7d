import { expect, test } from 'vitest';
import { History } from '../../../harness/history/history.ts';
import { attempt, type Deeds } from '../../../harness/prove/attempt.ts';
import type { Task } from '../../../harness/prove/plan.ts';
import type { Finding } from '../../../harness/verdict/finding.ts';
import type { ScenarioResult } from '../../../harness/verdict/run-result.ts';
import type { WireMutant } from '../../../harness/wire/wire-mutant.ts';
import { begun, facts, requests } from '../../support/history.ts';

const MUTANT: WireMutant = { name: 'a', does: 'a', turnsRed: ['endpoints-served'], create: () => ({}) };
const RESULT = { findings: [{ check: 'whole', expected: '', observed: '', verdict: 'PASS' }] };

const recorded = (status: number) => ({
  history: new History([
    begun(1, { action: 'endpoint', endpoint: 'health' }, 0, 0),
    ...requests(3, 0, 10, status, { phase: '1' }),
    begun(2, { action: 'steady' }, 1_000, 0),
  ]),
  facts: facts(),
});

/** An attempt to turn a check red that was tried so often before in the scenario, with others that may be settled too. */
function trying(tries = 0, others: Task[] = []) {
  const task: Task = { checker: 'endpoints-served', mutant: MUTANT, tried: new Map([['s', tries]]) };
  const settled: [string[], Deeds, isWhole: boolean][] = [];
  const { isEnough, ...mutation } = attempt(
    { scenario: 's', mutants: [MUTANT], seconds: 1, tasks: [task] },
    {
      unmutated: recorded(200),
      needed: () => [task],
      open: () => [task, ...others],
      settle: (findings: readonly Finding[], ...more) => settled.push([findings.map(({ check }) => check), ...more]),
    },
  );
  return {
    ...mutation,
    settled,
    isEnoughWith: async (status: number) =>
      isEnough?.({ phase: { does: { action: 'steady' }, nth: 0 } }, async () => recorded(status)),
    judgedWith: (status: number) => mutation.judged(RESULT as ScenarioResult, recorded(status)),
  };
}

test('a run ends early once all for which it runs is caught, and is judged until then', async () => {
  // It would be caught only later.
  const late: Task = { checker: 'answers-whole', mutant: MUTANT, tried: new Map() };
  const { acted, isEnoughWith, judgedWith, settled } = trying(0, [late]);
  expect(await isEnoughWith(500)).toBe(false);
  acted(MUTANT);
  expect([await isEnoughWith(200), await isEnoughWith(500)]).toEqual([false, true]);
  await judgedWith(500);
  expect(settled).toEqual([[['serves health'], new Map([[MUTANT, true]]), false]]);
});

test('a run whose mutants are not all caught is judged at its end', async () => {
  const { acted, isEnoughWith, judgedWith, settled } = trying();
  acted(MUTANT);
  expect(await isEnoughWith(200)).toBe(false);
  await judgedWith(200);
  expect(settled).toEqual([[['whole'], new Map([[MUTANT, true]]), true]]);
});

test('the last try of a task runs to its end', async () => {
  const ends = [0, 1, 2].map(async (tries) => {
    const { acted, isEnoughWith } = trying(tries);
    acted(MUTANT);
    return isEnoughWith(500);
  });
  expect(await Promise.all(ends)).toEqual([true, true, false]);
});

test.for([
  ['endpoints-served', false],
  ['specified-timeouts', true],
] as const)('whether %s can be shown depends on how long something takes: %s', ([checker, isTimed]) => {
  const tasks: Task[] = [{ checker, mutant: MUTANT, tried: new Map() }];
  const tries = { unmutated: recorded(200), needed: () => tasks, open: () => tasks, settle() {} };
  expect(attempt({ scenario: 's', mutants: [MUTANT], seconds: 1, tasks }, tries).isTimed).toBe(isTimed);
});
