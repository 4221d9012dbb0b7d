import { availableParallelism } from 'node:os';
import { expect, test } from 'vitest';
import { WIRE_MUTANTS } from '../../../harness/checkers/index.ts';
import {
  areApart,
  MOST_TRIES,
  mayCount,
  nextRuns,
  planRuns,
  type Stage,
  type Task,
} from '../../../harness/prove/plan.ts';
import type { WireMutant } from '../../../harness/wire/wire-mutant.ts';

const mutant = (name: string, turnsRed: string[], disturbs: string[] = []): WireMutant => ({
  name,
  does: name,
  turnsRed,
  disturbs,
  create: () => ({}),
});

const tasksOf = (...mutants: WireMutant[]): Task[] =>
  mutants.flatMap((wireMutant) =>
    wireMutant.turnsRed.map((checker) => ({ checker, mutant: wireMutant, tried: new Map() })),
  );

/** A scenario in which the named mutants would act at the given seconds, or all of them at its start. */
const stage = (scenario: string, seconds: number, passed: string[], acts: Record<string, number> = {}): Stage => ({
  scenario,
  seconds,
  isPrecise: false,
  passed: new Set(passed),
  actsAt: { get: (of: WireMutant) => acts[of.name] ?? 0, has: () => true } as unknown as Stage['actsAt'],
  ends: Array.from({ length: seconds }, (_, second) => second),
});

/** A scenario in which only these mutants would act. */
const stageFor = (mutants: WireMutant[], ...of: Parameters<typeof stage>): Stage => ({
  ...stage(...of),
  actsAt: new Map(mutants.map((active) => [active, 0])),
});

const planned = (tasks: readonly Task[], ...stages: Stage[]) =>
  planRuns(tasks, stages)
    .map(({ scenario, mutants }) => `${scenario}: ${mutants.map(({ name }) => name).join(' ')}`)
    .sort();

test('mutants that turn different checks red share a run', () => {
  const tasks = tasksOf(mutant('a', ['one']), mutant('b', ['two']));
  expect(planned(tasks, stage('s', 9, ['one', 'two']))).toEqual(['s: a b']);
});

test('mutants that turn the same check red, or disturb it, run in other runs or elsewhere', () => {
  const tasks = tasksOf(mutant('a', ['one']), mutant('b', ['one']), mutant('c', ['two'], ['one']));
  expect(planned(tasks, stage('s', 9, ['one', 'two']))).toEqual(['s: a', 's: b', 's: c']);
});

test('mutants that disturb only a check of another scenario share a run', () => {
  const tasks = tasksOf(mutant('a', ['one', 'three']), mutant('b', ['two'], ['three']));
  const stages = [stage('s', 9, ['one', 'two']), stage('t', 9, ['three'])];
  expect(planned(tasks, ...stages)).toEqual(['s: a b', 't: a']);
});

test('each mutant is tried where its runs take the least time', () => {
  const [a, b] = [mutant('a', ['one']), mutant('b', ['two'])];
  const [late, soon] = [stage('long', 20, ['one', 'two'], { a: 15 }), stage('short', 9, ['one'])];
  // It would prolong the long run of b.
  expect(planned(tasksOf(a, b), late, soon)).toEqual(['long: b', 'short: a']);
  // It joins a run that takes as long anyway.
  const anyway = stage('long', 20, ['one', 'two'], { a: 15, b: 15 });
  expect(planned(tasksOf(a, b), anyway, soon)).toEqual(['long: b a']);
});

test('a run lasts until the next point at which it can end after all of its mutants have acted', () => {
  const tasks = tasksOf(mutant('a', ['one']), mutant('b', ['two']));
  const [run] = planRuns(tasks, [{ ...stage('s', 20, ['one', 'two'], { a: 3, b: 5 }), ends: [1, 4, 9, 12] }]);
  expect([run?.seconds, run?.tasks]).toEqual([9, expect.arrayContaining(tasks)]);
});

test('a mutant is tried only in scenarios in which it would act, and in one if it would act in none', () => {
  const a = mutant('a', ['one', 'two']);
  const [tasks, passed] = [tasksOf(a), ['one', 'two']];
  expect(planned(tasks, stageFor([], 's', 1, passed), stageFor([a], 't', 9, passed))).toEqual(['t: a']);
  const nowhere = [stageFor([], 's', 2, passed), stageFor([], 't', 9, passed)] as const;
  expect(planned(tasks, ...nowhere)).toEqual(['s: a']);
  for (const task of tasks) {
    task.tried.set('s', 1);
    task.isIdle = true;
  }
  expect(planned(tasks, ...nowhere)).toEqual([]);
  // Its only run was disturbed.
  for (const task of tasks) task.isIdle = false;
  expect(planned(tasks, ...nowhere)).toEqual(['s: a']);
});

test('nothing is left when each task was tried wherever it can be', () => {
  const tasks = tasksOf(mutant('a', ['one']));
  tasks[0]?.tried.set('s', MOST_TRIES);
  expect(planned(tasks, stage('s', 1, ['one']), stage('t', 1, []))).toEqual([]);
});

test('what is tried again in a scenario has its run for itself', () => {
  const tasks = tasksOf(mutant('a', ['one']), mutant('b', ['two']), mutant('c', ['three']));
  tasks[1]?.tried.set('s', 1);
  expect(planned(tasks, stage('s', 9, ['one', 'two', 'three']))).toEqual(['s: a c', 's: b']);
});

test('a check that missed a mutant is tried again in the same scenario alone, and its outcome counts nowhere else', () => {
  const tasks = tasksOf(mutant('a', ['one']), mutant('b', ['two']));
  const stages = [stage('s', 9, ['one', 'two']), stage('t', 1, ['one'])];
  const [missed] = tasks as [Task];
  missed.tried.set('s', 1);
  missed.missedIn = 's';
  expect(planned(tasks, ...stages)).toEqual(['s: a', 's: b']);
  expect(['s', 't'].map((scenario) => mayCount(missed, scenario))).toEqual([true, false]);
  missed.tried.set('s', MOST_TRIES);
  expect(planned(tasks, ...stages)).toEqual(['s: b']);
  expect(mayCount(missed, 's')).toBe(false);
});

const FEW = availableParallelism();

/** As many tasks of the same check as are worth a round. */
const many = () => tasksOf(...Array.from({ length: FEW + 1 }, (_, index) => mutant(`m${index}`, ['one'])));

const next = (tasks: readonly Task[], ...stages: Stage[]) =>
  nextRuns(tasks, stages).map(({ scenario, mutants, atOnce }) => [scenario, mutants[0]?.name, atOnce]);

test('runs that need most of the machine, and tasks that are tried again, come after all others', () => {
  const [first, precise, again] = [many(), tasksOf(mutant('p', ['two'])), tasksOf(mutant('a', ['one']))];
  again[0]?.tried.set('s', 1);
  const stages = [stage('s', 9, ['one']), { ...stage('t', 9, ['two']), isPrecise: true }];
  expect(next([...again, ...precise, ...first], ...stages)).toEqual(
    first.map(({ mutant: { name } }) => ['s', name, undefined]),
  );
  expect(next([...again, ...precise], ...stages)).toEqual([
    ['t', 'p', FEW],
    ['s', 'a', FEW],
  ]);
});

test('a few runs that would fit anywhere have no round for themselves', () => {
  const [first, again] = [tasksOf(mutant('a', ['one'])), tasksOf(mutant('b', ['one']))];
  again[0]?.tried.set('s', 1);
  expect(next([...first, ...again], stage('s', 9, ['one']))).toEqual([
    ['s', 'a', FEW],
    ['s', 'b', FEW],
  ]);
});

test('the last try of a task has no other run beside it', () => {
  const tasks = tasksOf(mutant('a', ['one']));
  tasks[0]?.tried.set('s', MOST_TRIES - 1);
  expect(next(tasks, stage('s', 9, ['one']))).toEqual([['s', 'a', 1]]);
});

test('whether mutants are apart does not depend on their order', () => {
  const [a, b] = [mutant('a', ['one']), mutant('b', ['two'], ['one'])];
  const judged = new Set(['one', 'two']);
  expect([areApart(a, b, judged), areApart(b, a, judged)]).toEqual([false, false]);
});

const EVERY = new Set(WIRE_MUTANTS.flatMap(({ turnsRed }) => turnsRed));
const named = (name: string) => WIRE_MUTANTS.filter((candidate) => candidate.name === name);

test.for([
  ['answer-delayed-past-its-timeout', 'hung-trial-kept-waiting'],
  ['leaving-hidden', 'refusal-after-the-outage'],
  ['slow-refusals', 'callers-refused-during-a-trial'],
] as const)('%s never shares a run with %s, whose check it turned red on a service', ([disturbing, other]) => {
  const pairs = named(disturbing).flatMap((disturber) => named(other).map((two) => areApart(disturber, two, EVERY)));
  expect(pairs).toEqual([false]);
});
