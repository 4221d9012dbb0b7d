import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { createDice } from '../faults/base/dice.ts';
import { median } from '../harness/base/median.ts';
import { SETTINGS } from '../harness/base/settings.ts';
import { interruption } from '../harness/commands/interruption.ts';
import type { BuildRound } from '../harness/gate/build-round.ts';
import { compareWithBuild } from '../harness/gate/builds/compare-with-build.ts';
import { compareBuilds, isEnough, looksAt } from '../harness/gate/compare-builds.ts';
import { Reaper } from '../harness/process/reaper.ts';
import type { Finding } from '../harness/verdict/finding.ts';
import { CONTRACT, writeBuild } from './gate/builds.ts';
import { changeBusyLoops, startBusyLoops } from './lib/busy-loops.ts';

/** By how much this build is slower, in per cent, in turn. */
const SLOWER = [0, 5, 0, 10, 0];
/** How many gates of each kind are drawn from the rounds that were measured. */
const RESAMPLED = 2_000;
/** The most rounds of a gate. Fewer are only good for resampling. */
const ROUNDS = Number(process.env.ROUNDS || SETTINGS.ROUNDS.usual);

/** Maximum number of busy loops that run during a gate. The number changes every few seconds. */
const LOOPS = Number(process.env.LOOPS || 0);

/** A comparison that was measured. */
interface Gate {
  readonly slower: number;
  readonly seconds: number;
  readonly rounds: BuildRound[];
}

/**
 * Implements `make bench-gate`, which measures how often the gate reports a regression of the reference service: gates
 * of equal builds, and of one that uses 5% or 10% more time for each request, on a machine that is quiet or not
 * (LOOPS). Each gate is appended to a file, and the next call continues from there.
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
    const slower = SLOWER[gates.length % SLOWER.length] as number;
    const gate = await measure(folder, slower, gates, signal);
    if (!gate) break;
    await appendFile(file, `${JSON.stringify(gate)}\n`);
    gates = [...gates, gate];
    console.log(`+${slower} %: ${describe(gate.rounds)} in ${gate.seconds.toFixed(0)} s`);
  }
  console.log(`${cpus()[0]?.model}, ${availableParallelism()} processors, node ${process.version}; kept in ${file}`);
  for (const slower of new Set(SLOWER))
    summarize(
      slower,
      gates.filter((gate) => gate.slower === slower),
    );
}

async function readGates(file: string): Promise<Gate[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Gate);
}

async function measure(folder: string, slower: number, before: Gate[], signal: AbortSignal): Promise<Gate | undefined> {
  const against = await writeBuild(folder, 'other', {});
  const own = await writeBuild(folder, 'own', extraOf(slower, before));
  const { POSTGRES: postgres = 'auto' } = process.env;
  const compared = await compareWithBuild({
    contract: join(own, CONTRACT),
    against,
    prepare: '',
    profile: 'fast',
    rounds: ROUNDS,
    postgres,
    seed: before.length * 100,
    step: () => {},
    signal,
  });
  return 'skipped' in compared ? undefined : { slower, seconds: compared.seconds, rounds: compared.rounds };
}

/** Returns the extra time that makes each p50 slower by a percentage, from the gates of equal builds so far. */
function extraOf(slower: number, before: Gate[]): Record<string, number> {
  if (slower === 0) return {};
  const p50s = before
    .filter((gate) => gate.slower === 0)
    .flatMap(({ rounds }) =>
      rounds.flatMap(({ measures }) => measures.filter(({ kind, of }) => kind === 'p50' && of !== undefined)),
    );
  const byEndpoint = [...Map.groupBy(p50s, ({ of = '' }) => of)];
  return Object.fromEntries(
    byEndpoint.map(([endpoint, all]) => [endpoint, (median(all.map(({ other }) => other)) * slower) / 100]),
  );
}

const failedIn = (findings: Finding[]) =>
  findings.filter(({ verdict }) => verdict === 'FAIL').map(({ check }) => check);

function verdictOf(findings: Finding[]): string {
  if (failedIn(findings).length > 0) return 'FAIL';
  return findings.some(({ verdict }) => verdict === 'INCONCLUSIVE') ? 'INCONCLUSIVE' : 'PASS';
}

function describe(rounds: BuildRound[]): string {
  const findings = compareBuilds(rounds, looksAt(ROUNDS).length);
  const failed = failedIn(findings);
  return `${verdictOf(findings)} after ${rounds.length} rounds${failed.length > 0 ? `: ${failed.join(', ')}` : ''}`;
}

/** Judges rounds as a gate does, which ends early if it can. */
function judge(all: BuildRound[]): Finding[] {
  const looks = looksAt(all.length);
  const early = all.slice(0, looks[0]);
  return compareBuilds(isEnough(early, looks.length) ? early : all, looks.length);
}

/** Returns a round in which both builds have changed places. */
const turned = (round: BuildRound): BuildRound => ({
  ...round,
  measures: round.measures.map((pair) => ({ ...pair, own: pair.other, other: pair.own, ratio: 1 / pair.ratio })),
});

function summarize(slower: number, gates: Gate[]): void {
  const measured = gates.map(({ rounds }) => compareBuilds(rounds, looksAt(ROUNDS).length));
  const all = gates.flatMap(({ rounds }) => rounds);
  if (all.length === 0) return;
  const dice = createDice(`resampled ${slower}`);
  const pick = () => all[Math.floor(dice() * all.length)] as BuildRound;
  // Which of two equal builds is which does not matter. Otherwise, a difference by chance would be that of all gates.
  const draw = () =>
    Array.from({ length: SETTINGS.ROUNDS.usual }, () => (slower === 0 && dice() < 0.5 ? turned(pick()) : pick()));
  const resampled = Array.from({ length: RESAMPLED }, () => judge(draw()));
  console.log(`+${slower} %: ${gates.length} gates, ${all.length} rounds, ${seconds(gates)} s at the median`);
  for (const [name, of] of [
    ['measured', measured],
    ['resampled', resampled],
  ] as const) {
    const share = (has: (findings: Finding[]) => boolean) =>
      `${((of.filter(has).length / of.length) * 100).toFixed(1)} %`;
    const sees = (kind: string) => share((gate) => failedIn(gate).some((check) => check.startsWith(kind)));
    console.log(
      `  ${name}: FAIL ${share((gate) => verdictOf(gate) === 'FAIL')} (p50 ${sees('p50')}, CPU ${sees('CPU')}, p99 ${sees('p99')}, ` +
        `memory ${sees('memory')}), INCONCLUSIVE ${share((gate) => verdictOf(gate) === 'INCONCLUSIVE')}`,
    );
  }
}

const seconds = (gates: Gate[]): string => median(gates.map((gate) => gate.seconds)).toFixed(0);

await main();
