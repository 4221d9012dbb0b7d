import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { createDice } from '../faults/base/dice.ts';
import { median } from '../harness/base/median.ts';
import { SETTINGS } from '../harness/base/settings.ts';
import { interruption } from '../harness/commands/interruption.ts';
import type { BuildRound, Measure } from '../harness/gate/build-round.ts';
import { compareWithBuild } from '../harness/gate/builds/compare-with-build.ts';
import { compareBuilds, isEnough } from '../harness/gate/compare-builds.ts';
import { Reaper } from '../harness/process/reaper.ts';
import type { Finding } from '../harness/verdict/finding.ts';
import { CONTRACT, type Slowness, writeBuild } from './gate/builds.ts';
import { changeBusyLoops, startBusyLoops } from './lib/busy-loops.ts';

/** Returns figures of the gates of equal builds so far: those of each endpoint. */
type Usual = (kind: 'p50' | 'p99') => Record<string, number>;

/** The builds of a gate: how slow each of them is. */
interface Builds {
  readonly own: Slowness;
  readonly other?: Slowness;
  readonly release?: Slowness;
}

const times = (byEndpoint: Record<string, number>, factor: number): Record<string, number> =>
  Object.fromEntries(Object.entries(byEndpoint).map(([name, ms]) => [name, ms * factor]));

const slower = (usual: Usual, share: number): Slowness => ({ extraMs: times(usual('p50'), share) });

/** Returns by how much to delay a usual request, so that it takes as long as the slowest 1% times a factor. */
const upTo = (usual: Usual, factor: number): Record<string, number> =>
  Object.fromEntries(Object.entries(usual('p99')).map(([name, ms]) => [name, factor * ms - (usual('p50')[name] ?? 0)]));

/** The builds to compare, in turn. Equal builds come first, because slow ones are set up from their figures. */
const BUILDS: Record<string, (usual: Usual) => Builds> = {
  equal: () => ({ own: {} }),
  'mutex held 2 ms': () => ({ own: { mutexMs: 2 } }),
  'pool of 2 instead of 5': () => ({ own: { pool: 2 } }),
  'no keep-alive to upstreams': () => ({ own: { closesConnections: true } }),
  'p99 +20 %': (usual) => ({ own: { tailMs: upTo(usual, 1.2) } }),
  'leak of 1 KB per request': () => ({ own: { leakedBytes: 1_024 } }),
  'memory +10 %': () => ({ own: { bytes: 13 * 2 ** 20 } }),
  '5 % slower': (usual) => ({ own: slower(usual, 0.05) }),
  '10 % slower': (usual) => ({ own: slower(usual, 0.1) }),
  'drift: three times +2.5 %': (usual) => ({ own: slower(usual, 0.075), other: slower(usual, 0.05), release: {} }),
};
/** Half of the gates are of equal builds, because a false alarm is rare. */
const NAMES = Object.keys(BUILDS).flatMap((name) => (name === 'equal' ? [] : ['equal', name]));
/** How many gates of each kind are drawn from the rounds that were measured. */
const RESAMPLED = 300;
/** Maximum number of busy loops that run during a gate. The number changes every few seconds. */
const LOOPS = Number(process.env.LOOPS || 0);

/** A comparison that was measured. */
interface Gate {
  readonly name: string;
  readonly seconds: number;
  readonly rounds: BuildRound[];
}

/**
 * Implements `make bench-gate`, which measures how often the gate reports a regression of the reference service: gates
 * of equal builds, and of slow ones, on a machine that is quiet or not (LOOPS). `BUILD` selects one of them. Each gate is
 * appended to a file, and the next call continues from there.
 */
async function main(): Promise<void> {
  const beside = LOOPS === 0 ? 'quiet' : `0-to-${LOOPS}-loops`;
  const folder = resolve(process.env.RESULTS ?? 'results', 'bench-gate', beside);
  const file = join(folder, 'gates.ndjson');
  await mkdir(folder, { recursive: true });
  const until = Date.now() + Number(process.env.MINUTES || 60) * 60_000;
  const signal = interruption(console.error);
  let gates = await readGates(file);
  await using reaper = new Reaper();
  await using _ = changeBusyLoops(LOOPS, createDice(`loops ${gates.length}`), (n) => startBusyLoops(n, reaper));
  while (Date.now() < until && !signal.aborted) {
    const gate = await measure(folder, process.env.BUILD || next(gates), gates, signal);
    if (!gate) break;
    await appendFile(file, `${JSON.stringify(gate)}\n`);
    gates = [...gates, gate];
    console.log(`${gate.name}: ${describe(gate.rounds)} in ${gate.seconds.toFixed(0)} s`);
  }
  console.log(`${cpus()[0]?.model}, ${availableParallelism()} processors, node ${process.version}; kept in ${file}`);
  const rows = Object.keys(BUILDS).map((name) =>
    summarize(
      name,
      gates.filter((gate) => gate.name === name),
    ),
  );
  for (const row of [
    ['build', 'gates', 'FAIL', 'INCONCLUSIVE', 'resampled FAIL', 'INCONCLUSIVE', 'seconds', 'reported'],
    ...rows,
  ])
    console.log(row.join(' | '));
}

/** Returns the name whose turn it is, also if some gates were selected. */
function next(gates: readonly Gate[]): string {
  const count = (name: string) => gates.filter((gate) => gate.name === name).length;
  const turns = (name: string) => count(name) / NAMES.filter((known) => known === name).length;
  return NAMES.reduce((least, name) => (turns(name) < turns(least) ? name : least));
}

async function readGates(file: string): Promise<Gate[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Gate);
}

async function measure(folder: string, name: string, before: Gate[], signal: AbortSignal): Promise<Gate | undefined> {
  const builds = BUILDS[name];
  if (!builds) throw new RangeError(`BUILD=${name} is unknown; allowed: ${Object.keys(BUILDS).join(', ')}`);
  const { own, other = {}, release } = builds((kind) => usualOf(before)(kind));
  const { POSTGRES: postgres = 'auto' } = process.env;
  const compared = await compareWithBuild({
    contract: join(await writeBuild(folder, 'own', own), CONTRACT),
    against: await writeBuild(folder, 'other', other),
    release: release && (await writeBuild(folder, 'release', release)),
    prepare: '',
    profile: 'fast',
    rounds: SETTINGS.ROUNDS.usual,
    postgres,
    seed: before.length * 100,
    step: () => {},
    signal,
  });
  return 'skipped' in compared ? undefined : { name, seconds: compared.seconds, rounds: compared.rounds };
}

function usualOf(before: readonly Gate[]): Usual {
  const measures = before
    .filter(({ name }) => name === 'equal')
    .flatMap(({ rounds }) => rounds.flatMap((round) => round.measures));
  if (measures.length === 0) throw new Error('slow builds need the figures of equal ones: run BUILD=equal first');
  return (kind) => {
    const byEndpoint = Map.groupBy(
      measures.filter((measure) => measure.kind === kind),
      ({ of = '' }) => of,
    );
    return Object.fromEntries([...byEndpoint].map(([of, all]) => [of, median(all.map(({ other }) => other))]));
  };
}

const failedIn = (findings: readonly Finding[]) =>
  findings.filter(({ verdict }) => verdict === 'FAIL').map(({ check }) => check);

function verdictOf(findings: readonly Finding[]): string {
  if (failedIn(findings).length > 0) return 'FAIL';
  return findings.some(({ verdict }) => verdict === 'INCONCLUSIVE') ? 'INCONCLUSIVE' : 'PASS';
}

function describe(rounds: BuildRound[]): string {
  const findings = compareBuilds(rounds);
  const failed = failedIn(findings);
  const why = failed.length > 0 ? failed.join(', ') : (findings[0]?.observed ?? '');
  return `${verdictOf(findings)} after ${rounds.length} rounds: ${why}`;
}

/** Judges rounds as a gate does, which ends as soon as it can. */
function judge(all: readonly BuildRound[]): Finding[] {
  const ends = all.findIndex((_, index) => isEnough(all.slice(0, index + 1)));
  return compareBuilds(ends === -1 ? all : all.slice(0, ends + 1));
}

/** Returns a round in which this build and each other one have changed places. */
const turned = (round: BuildRound): BuildRound => ({
  ...round,
  measures: round.measures.map(
    (pair): Measure => ({ ...pair, own: pair.other, other: pair.own, ratio: 1 / pair.ratio }),
  ),
});

/** Returns the row of a kind of gate: its verdicts as measured, and in gates that are drawn from all rounds. */
function summarize(name: string, gates: readonly Gate[]): string[] {
  const measured = gates.map(({ rounds }) => compareBuilds(rounds));
  const all = gates.flatMap(({ rounds }) => rounds);
  if (all.length === 0) return [name, '0', '', '', '', '', '', ''];
  const dice = createDice(`resampled ${name}`);
  const pick = () => all[Math.floor(dice() * all.length)] as BuildRound;
  // Which of two equal builds is which does not matter. Otherwise, a difference by chance would be that of all gates.
  const draw = () =>
    Array.from({ length: SETTINGS.ROUNDS.usual }, () => (name === 'equal' && dice() < 0.5 ? turned(pick()) : pick()));
  const resampled = Array.from({ length: RESAMPLED }, () => judge(draw()));
  const share = (verdict: string) =>
    `${((resampled.filter((findings) => verdictOf(findings) === verdict).length / RESAMPLED) * 100).toFixed(1)} %`;
  const count = (verdict: string) => String(measured.filter((findings) => verdictOf(findings) === verdict).length);
  const counts = Map.groupBy(measured.flatMap(failedIn), (check) => check);
  const reported = [...counts]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([check, { length }]) => `${check} ${length}`);
  const seconds = gates.map((gate) => gate.seconds);
  return [
    name,
    String(gates.length),
    count('FAIL'),
    count('INCONCLUSIVE'),
    share('FAIL'),
    share('INCONCLUSIVE'),
    `${median(seconds).toFixed(0)} (${Math.min(...seconds).toFixed(0)} to ${Math.max(...seconds).toFixed(0)})`,
    reported.slice(0, 5).join(', '),
  ];
}

await main();
