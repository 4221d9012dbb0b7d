import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { createDice } from '../faults/base/dice.ts';
import { EXIT, messageOf, withOutput } from '../harness/base/errors.ts';
import { median } from '../harness/base/median.ts';
import { SETTINGS } from '../harness/base/settings.ts';
import { interruption } from '../harness/commands/interruption.ts';
import type { BuildRound, Measure } from '../harness/gate/build-round.ts';
import { compareWithBuild } from '../harness/gate/builds/compare-with-build.ts';
import { compareBuilds, isEnough } from '../harness/gate/compare-builds.ts';
import type { Named } from '../harness/gate/measures.ts';
import { Reaper } from '../harness/process/reaper.ts';
import { describeEnvironment } from '../harness/report/environment.ts';
import { progressOf } from '../harness/report/reporters/index.ts';
import type { Finding } from '../harness/verdict/finding.ts';
import { usage, wholeNumber } from '../test/support/usage.ts';
import { CONTRACT, type Slowness, writeBuild } from './gate/builds.ts';
import { changeBusyLoops, startBusyLoops } from './lib/busy-loops.ts';
import { type Commit, isSameCommit } from './soak-verdicts/kept-runs.ts';

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

/** A comparison that was measured. */
interface Gate {
  readonly name: string;
  /** Only gates of the same commit are counted together. */
  readonly commit: Commit;
  readonly seconds: number;
  readonly expected: Named[];
  readonly rounds: BuildRound[];
}

/**
 * Implements `make bench-gate`, which measures how often the gate reports a regression of the reference service: gates
 * of equal builds, and of slow ones, on a machine that is quiet or not (LOOPS: the most busy loops, whose number changes
 * every few seconds). `BUILD` selects one of them. Each gate is appended to a file, and the next call continues from
 * there.
 *
 * @returns The exit code. Figures without a new gate prove nothing.
 */
async function main(): Promise<number> {
  const [minutes, loops, selected] = [wholeNumber('MINUTES', 60), wholeNumber('LOOPS', 0), process.env.BUILD];
  if (selected && !BUILDS[selected])
    return usage(`BUILD=${selected} is unknown; allowed: ${Object.keys(BUILDS).join(', ')}`);
  const beside = loops === 0 ? 'quiet' : `0-to-${loops}-loops`;
  const folder = resolve(process.env.RESULTS || 'results', 'bench-gate', beside);
  const file = join(folder, 'gates.ndjson');
  await mkdir(folder, { recursive: true });
  const until = Date.now() + minutes * 60_000;
  const signal = interruption(console.error);
  const { commit } = await describeEnvironment();
  const kept = await readGates(file);
  const before = kept.filter((gate) => isSameCommit(gate.commit, commit));
  console.log(`${before.length} gates are kept in ${file}, and ${kept.length - before.length} of other commits`);
  const gates = [...before];
  const progress = progressOf();
  const step = (text: string) => progress.step(text);
  await using reaper = new Reaper();
  await using _ = changeBusyLoops(loops, createDice(`loops ${kept.length}`), (n) => startBusyLoops(n, reaper));
  while (Date.now() < until && !signal.aborted) {
    const all = [...kept, ...gates.slice(before.length)];
    const gate = await measure({ folder, name: selected || next(gates), before: all, commit, signal, step });
    progress.clear();
    if (!gate) break;
    await appendFile(file, `${JSON.stringify(gate)}\n`);
    gates.push(gate);
    console.log(`${gate.name}: ${describe(gate)} in ${gate.seconds.toFixed(0)} s`);
  }
  console.log(`${cpus()[0]?.model}, ${availableParallelism()} processors, node ${process.version}; kept in ${file}`);
  const heads = ['build', 'gates', 'FAIL', 'INCONCLUSIVE', 'resampled FAIL', 'INCONCLUSIVE', 'seconds', 'reported'];
  const ofName = (name: string) => gates.filter((gate) => gate.name === name);
  const rows = Object.keys(BUILDS).map((name) => summarize(name, ofName(name)));
  for (const row of [heads, ...rows]) console.log(row.join(' | '));
  if (gates.length > before.length && !signal.aborted) return EXIT.pass;
  console.log(signal.aborted ? 'interrupted; the same command goes on' : `no gate was measured in MINUTES=${minutes}`);
  return EXIT.inconclusive;
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

interface Measuring {
  readonly folder: string;
  readonly name: string;
  readonly before: readonly Gate[];
  readonly commit: Commit;
  readonly signal: AbortSignal;
  readonly step: (text: string) => void;
}

async function measure({ folder, name, before, commit, ...watched }: Measuring): Promise<Gate | undefined> {
  const { own, other = {}, release } = (BUILDS[name] as (usual: Usual) => Builds)((kind) => usualOf(before)(kind));
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
    ...watched,
  });
  if ('skipped' in compared) return undefined;
  const { seconds, expected, rounds } = compared;
  return { name, commit, seconds, expected, rounds };
}

function usualOf(before: readonly Gate[]): Usual {
  const measures = before
    .filter(({ name }) => name === 'equal')
    .flatMap(({ rounds }) => rounds.flatMap((round) => round.measures));
  if (measures.length === 0) return usage('slow builds need the figures of equal ones: run BUILD=equal first');
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

function describe({ rounds, expected }: Gate): string {
  const findings = compareBuilds(rounds, expected);
  const failed = failedIn(findings);
  const why = failed.length > 0 ? failed.join(', ') : (findings[0]?.observed ?? '');
  return `${verdictOf(findings)} after ${rounds.length} rounds: ${why}`;
}

/** Judges rounds as a gate does, which ends as soon as it can. */
function judge(all: readonly BuildRound[], expected: readonly Named[]): Finding[] {
  const ends = all.findIndex((_, index) => isEnough(all.slice(0, index + 1), expected));
  return compareBuilds(ends === -1 ? all : all.slice(0, ends + 1), expected);
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
  const measured = gates.map(({ rounds, expected }) => compareBuilds(rounds, expected));
  const all = gates.flatMap(({ rounds }) => rounds);
  if (all.length === 0) return [name, '0', '', '', '', '', '', ''];
  const dice = createDice(`resampled ${name}`);
  const pick = () => all[Math.floor(dice() * all.length)] as BuildRound;
  // Which of two equal builds is which does not matter. Otherwise, a difference by chance would be that of all gates.
  const draw = () =>
    Array.from({ length: SETTINGS.ROUNDS.usual }, () => (name === 'equal' && dice() < 0.5 ? turned(pick()) : pick()));
  const resampled = Array.from({ length: RESAMPLED }, () => judge(draw(), gates[0]?.expected ?? []));
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

process.exitCode = await main().catch((error) => {
  console.error(withOutput(messageOf(error), error.output ?? []));
  return EXIT.labFailed;
});
