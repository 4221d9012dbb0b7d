import { expect, test } from 'vitest';
import { WIRE_MUTANTS } from '../../../harness/checkers/index.ts';
import { areApart, mayCount, nextRound, roundsFor, type Stage, type Task } from '../../../harness/prove/plan.ts';
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

const stage = (scenario: string, seconds: number, ...passed: string[]): Stage => ({
  scenario,
  seconds,
  passed: new Set(passed),
});

const shown = (round: ReturnType<typeof nextRound>) =>
  Object.fromEntries([...round].map(([scenario, mutants]) => [scenario, mutants.map(({ name }) => name)]));

test('mutants that turn different checks red share a run', () => {
  const tasks = tasksOf(mutant('a', ['one']), mutant('b', ['two']));
  expect(shown(nextRound(tasks, [stage('s', 1, 'one', 'two')]))).toEqual({ s: ['a', 'b'] });
});

test('mutants that turn the same check red, or disturb it, run one after another or elsewhere', () => {
  const tasks = tasksOf(mutant('a', ['one']), mutant('b', ['one']), mutant('c', ['two'], ['one']));
  expect(shown(nextRound(tasks, [stage('s', 1, 'one', 'two')]))).toEqual({ s: ['a'] });
  const round = nextRound(tasks, [stage('s', 1, 'one', 'two'), stage('t', 2, 'one')]);
  expect(shown(round)).toEqual({ s: ['a'], t: ['b'] });
});

test('a scenario that shows more checks comes first, then one that runs anyway, then a short one', () => {
  const tasks = tasksOf(mutant('a', ['one', 'two']), mutant('b', ['three']));
  const stages = [stage('short', 1, 'one', 'three'), stage('both', 9, 'one', 'two', 'three')];
  expect(shown(nextRound(tasks, stages))).toEqual({ both: ['a', 'b'] });
  expect(shown(nextRound(tasks.slice(2), stages))).toEqual({ short: ['b'] });
});

test('a mutant that needs two scenarios for its checks runs in both', () => {
  const tasks = tasksOf(mutant('a', ['one', 'two']));
  expect(shown(nextRound(tasks, [stage('s', 1, 'one'), stage('t', 1, 'two')]))).toEqual({ s: ['a'], t: ['a'] });
});

test('nothing is left when each task was tried wherever it can be', () => {
  const tasks = tasksOf(mutant('a', ['one']));
  tasks[0]?.tried.set('s', 2);
  expect(nextRound(tasks, [stage('s', 1, 'one'), stage('t', 1)]).size).toBe(0);
});

test('what is tried again in a scenario has its run for itself', () => {
  const tasks = tasksOf(mutant('a', ['one']), mutant('b', ['two']), mutant('c', ['three']));
  const stages = [stage('s', 1, 'one', 'two', 'three')];
  tasks[1]?.tried.set('s', 1);
  expect(roundsFor(tasks, stages).map(shown)).toEqual([{ s: ['a', 'c'] }, { s: ['b'] }]);
  tasks[0]?.tried.set('s', 1);
  expect(roundsFor(tasks, stages).map(shown)).toEqual([{ s: ['a'] }, { s: ['b'] }, { s: ['c'] }]);
});

test('a check that missed a mutant is tried again in the same scenario alone, and its outcome counts nowhere else', () => {
  const tasks = tasksOf(mutant('a', ['one']), mutant('b', ['two']));
  const stages = [stage('s', 9, 'one', 'two'), stage('t', 1, 'one')];
  const [missed] = tasks as [Task];
  missed.tried.set('s', 1);
  missed.missedIn = 's';
  expect(roundsFor(tasks, stages).map(shown)).toEqual([{ s: ['a'] }, { s: ['b'] }]);
  expect(['s', 't'].map((scenario) => mayCount(missed, scenario))).toEqual([true, false]);
  missed.tried.set('s', 2);
  expect(roundsFor(tasks, stages).map(shown)).toEqual([{ s: ['b'] }]);
  expect(mayCount(missed, 's')).toBe(false);
});

test('a mutant that had nothing to act on in two scenarios is tried in all others at once', () => {
  const tasks = tasksOf(mutant('a', ['one']));
  const stages = ['s', 't', 'u', 'v'].map((name, index) => stage(name, index, 'one'));
  const [idle] = tasks as [Task];
  idle.isIdle = true;
  idle.tried.set('s', 2);
  expect(roundsFor(tasks, stages).map(shown)).toEqual([{ t: ['a'] }]);
  idle.tried.set('t', 2);
  expect(roundsFor(tasks, stages).map(shown)).toEqual([{ u: ['a'], v: ['a'] }]);
});

test('whether mutants are apart does not depend on their order', () => {
  const [a, b] = [mutant('a', ['one']), mutant('b', ['two'], ['one'])];
  const judged = new Set(['one', 'two']);
  expect([areApart(a, b, judged), areApart(b, a, judged)]).toEqual([false, false]);
});

test('mutants that disturb only a check of another scenario share a run', () => {
  const tasks = tasksOf(mutant('a', ['one', 'three']), mutant('b', ['two'], ['three']));
  const stages = [stage('s', 1, 'one', 'two'), stage('t', 2, 'three')];
  expect(shown(nextRound(tasks, stages))).toEqual({ s: ['a', 'b'], t: ['a'] });
});

test('rounds that run at the same time try each task once', () => {
  const tasks = tasksOf(
    mutant('a', ['one', 'two']),
    mutant('b', ['one']),
    mutant('c', ['one']),
    mutant('d', ['nowhere']),
  );
  const rounds = roundsFor(tasks, [stage('s', 1, 'one'), stage('t', 2, 'two')]);
  expect(rounds.map(shown)).toEqual([{ s: ['a'], t: ['a'] }, { s: ['b'] }, { s: ['c'] }]);
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
