import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { check as checkRun } from '../../../harness/commands/judge-again.ts';
import { type Baseline, baselineFile, readBaseline, writeBaseline } from '../../../harness/gate/baseline.ts';
import { type BaselineComparison, writeComparison } from '../../../harness/gate/comparison.ts';
import { describeMachine, differences } from '../../../harness/gate/machine.ts';
import type { Round } from '../../../harness/gate/round.ts';
import { takeRounds } from '../../../harness/gate/take-rounds.ts';
import { runResult, scenarioResult } from '../../support/run-result.ts';

const check = (folder: string) => checkRun('results', folder);

const round = (p50: number): Round => ({ controlMs: 1, latencies: { health: { p50, p99: 9 } }, secondsToRecover: 2 });
const rounds = (n: number, p50: number) => Array.from({ length: n }, (_, index) => round(p50 + index / 100));
const machine = describeMachine('embedded', 'embedded PostgreSQL (no container engine)');

const recorded: Baseline = {
  version: 1,
  service: 'Ask: a service',
  profile: 'fast',
  recorded: '2026-11-24T16:48:27.692Z',
  commit: null,
  machine,
  rounds: rounds(10, 5),
  leftOut: 0,
};

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'proofload-baseline-'));
  onTestFinished(() => rm(made, { recursive: true, force: true }));
  return made;
}

test('a baseline is read as it was written, from a file named after the service and the profile', async () => {
  const results = await folder();
  const file = baselineFile(results, recorded);
  expect(file).toBe(join(results, 'baselines', 'ask-a-service-fast.json'));
  expect(await readBaseline(file)).toBeUndefined();
  await writeBaseline(file, recorded);
  expect(await readBaseline(file)).toEqual(recorded);
});

test('a baseline of fewer than ten rounds is rejected', async () => {
  const file = join(await folder(), 'few.json');
  await writeFile(file, JSON.stringify({ ...recorded, rounds: rounds(9, 5) }));
  await expect(readBaseline(file)).rejects.toMatchObject({ code: 'BASELINE_INVALID', exitCode: 2 });
});

test('machines are distinguished by what affects times, and not by the address or image of their database', () => {
  expect(machine.postgres).toBe('embedded PostgreSQL');
  expect(describeMachine('embedded', 'PostgreSQL at db.example (POSTGRES)').postgres).toBe('PostgreSQL');
  expect(differences(machine, machine)).toEqual([]);
  expect(differences({ ...machine, cpus: 64 }, machine)).toEqual([`cpus: 64, not ${machine.cpus}`]);
});

const comparison: BaselineComparison = {
  baseline: recorded,
  wanted: 6,
  rounds: rounds(6, 5),
  failed: [],
  leftOut: [],
  seconds: 1,
  seed: 7,
  again: 'make gate',
};

test.each<[string, Partial<BaselineComparison>, string]>([
  ['an unchanged service', {}, 'PASS'],
  ['a service that is 20 % slower', { rounds: rounds(6, 6) }, 'FAIL'],
  ['a round that failed', { failed: ['FAIL: results/x'] }, 'FAIL'],
  [
    'too few rounds that proved something',
    { rounds: rounds(5, 5), leftOut: ['INCONCLUSIVE: results/x'] },
    'INCONCLUSIVE',
  ],
])('the comparison of %s gives the same result again from its files', async (_, change, verdict) => {
  const run = await folder();
  const judged = await writeComparison(run, { ...comparison, ...change });
  expect(judged).toMatchObject({ scenario: 'gate/comparison', verdict, folder: 'gate-comparison' });
  await writeFile(join(run, 'verdict.json'), JSON.stringify(runResult([judged])));
  expect(await check(run)).toMatchObject({ verdict, scenarios: [judged] });
});

test('a truncated comparison is not judged', async () => {
  const run = await folder();
  const judged = await writeComparison(run, comparison);
  await writeFile(join(run, 'verdict.json'), JSON.stringify(runResult([judged])));
  await writeFile(join(run, 'gate-comparison', 'comparison.json'), '{"baseline":');
  expect((await check(run)).verdict).toBe('INCONCLUSIVE');
});

/** Takes a baseline from rounds that all have this verdict. Also returns the number of rounds. */
async function take(verdict: 'FAIL' | 'INCONCLUSIVE', over = false) {
  let made = 0;
  const make = async () => {
    made += 1;
    return { folder: `results/${made}`, result: { ...runResult([scenarioResult('gate/steady-load', [])]), verdict } };
  };
  const taken = await takeRounds(3, make, () => over);
  return { made, ...taken };
}

test('INCONCLUSIVE rounds are repeated up to the number of rounds requested, and a failed round ends it', async () => {
  expect(await take('INCONCLUSIVE')).toMatchObject({ made: 6, rounds: [], failed: [], leftOut: { length: 6 } });
  expect(await take('FAIL')).toMatchObject({ made: 1, failed: ['FAIL: results/1'], leftOut: [] });
  expect(await take('INCONCLUSIVE', true)).toMatchObject({ made: 1 });
});
