import type { Finding } from '../checkers/checker.ts';
import { median } from '../median.ts';
import type { Round } from './round.ts';
import { type Ratio, ratioOf } from './statistics.ts';

/** The probability that a gate calls anything at all a regression by chance: shared by all that it compares. */
const FALSE_ALARM = 0.01;

/** How much slower something may be, as a share, and the milliseconds below which a difference is of no consequence. */
interface Bound {
  share: number;
  ms: number;
}

// All p50s together move by up to 11 % between sessions of a machine (docs/gate.md).
// A p99 of some hundred calls rests on two or three of them; a recovery on how often the scenario asks.
const BOUNDS = {
  p50: { share: 0.14, ms: 0.1 },
  p99: { share: 0.5, ms: 1 },
  recovery: { share: 0.1, ms: 100 },
} satisfies Record<string, Bound>;

/** By how much the machine's own speed may differ, as a share: what follows it wholly is then 8 % off, which the bound of a p50 has room for. */
const SPEED = 0.2;

/** Why rounds can't be compared with a baseline: the machine was faster or slower by then. Undefined where it was not. */
export function speedDiffers(baseline: readonly Round[], rounds: readonly Round[]): string | undefined {
  const [before, after] = [baseline, rounds].map((of) => median(of.map((one) => one.controlMs))) as [number, number];
  if (Math.max(after / before, before / after) <= 1 + SPEED) return undefined;
  return `a call that the service has no part in took ${after.toFixed(2)} ms, and ${before.toFixed(2)} in the baseline`;
}

/**
 * How far latencies follow the control: where it takes 10 % longer, they take about 6 % longer. It has noise of its own, and to divide by
 * all of it would add that: intervals became so wide that a service which was 20 % slower was not told (docs/gate.md).
 */
const FOLLOWS = 0.6;

/** One thing that is compared: how it is read from a round, in milliseconds. */
interface Measure {
  name: string;
  bound: Bound;
  read: (round: Round) => number | undefined;
  /** Whether its times grow with those of the machine; a recovery waits for a timer, which does not. */
  scales: boolean;
}

/**
 * Compares rounds with a baseline: a finding for each measure that both have. It is a FAIL, a regression, only where the
 * estimate exceeds the bound and the confidence interval of the difference excludes that nothing changed.
 */
export function compareWithBaseline(baseline: readonly Round[], rounds: readonly Round[]): Finding[] {
  const measures = measuresOfAll(baseline, rounds);
  return measures.map((measure) => judge(measure, baseline, rounds, FALSE_ALARM / measures.length));
}

/** The smallest change of a p50 that must be seen, as a share: else the comparison could hardly fail, and proves nothing. */
const VISIBLE = 0.2;

/** Why noise hides what a comparison is to show, in every p50; undefined where one at least could be seen to have changed. */
export function noiseHides(baseline: readonly Round[], rounds: readonly Round[]): string | undefined {
  const measures = measuresOfAll(baseline, rounds);
  const seen = measures
    .filter(({ bound }) => bound === BOUNDS.p50)
    .map((measure) => ratioOfRounds(measure, baseline, rounds, FALSE_ALARM / measures.length))
    .map((ratio) => (ratio ? ratio.estimate / ratio.low - 1 : Number.POSITIVE_INFINITY));
  const least = Math.min(...seen);
  if (least <= VISIBLE) return undefined;
  if (least === Number.POSITIVE_INFINITY)
    return `${rounds.length} rounds are too few for ${measures.length} comparisons`;
  return `a p50 would have to be ${percent(least)} slower to be told from noise, and ${percent(VISIBLE)} must be`;
}

function measuresOfAll(baseline: readonly Round[], rounds: readonly Round[]): Measure[] {
  return measuresOf(baseline[0]).filter(({ read }) => [...baseline, ...rounds].every((one) => read(one)));
}

function ratioOfRounds(
  { read, scales }: Measure,
  baseline: readonly Round[],
  rounds: readonly Round[],
  tail: number,
): Ratio | undefined {
  const values = (of: readonly Round[]) => of.map((one) => (read(one) ?? 0) / (scales ? one.controlMs ** FOLLOWS : 1));
  return ratioOf(values(baseline), values(rounds), tail);
}

function measuresOf(round: Round | undefined): Measure[] {
  const endpoints = Object.keys(round?.latencies ?? {});
  const latencies = (['p50', 'p99'] as const).flatMap((part) =>
    endpoints.map((endpoint): Measure => {
      const read = ({ latencies }: Round) => latencies[endpoint]?.[part];
      return { name: `${part} of ${endpoint}`, bound: BOUNDS[part], read, scales: true };
    }),
  );
  const recovery = ({ secondsToRecover }: Round) => secondsToRecover && secondsToRecover * 1_000;
  return [...latencies, { name: 'time to recover', bound: BOUNDS.recovery, read: recovery, scales: false }];
}

function judge(measure: Measure, baseline: readonly Round[], rounds: readonly Round[], tail: number): Finding {
  const { name, bound, read, scales } = measure;
  const ratio = ratioOfRounds(measure, baseline, rounds, tail);
  const [before, after] = [baseline, rounds].map((of) => median(of.map((one) => read(one) ?? 0))) as [number, number];
  const expected = `at most ${percent(bound.share)} and ${bound.ms} ms slower than the baseline`;
  const found = { check: name, expected };
  const times = `${before.toFixed(2)} → ${after.toFixed(2)} ms`;
  if (!ratio) return { ...found, observed: `${times}; too few rounds to tell`, verdict: 'INCONCLUSIVE' };
  const observed = `${times}, ${change(ratio)}${scales ? ' for the speed of the machine' : ''}`;
  return { ...found, observed, verdict: isRegression(ratio, after, bound) ? 'FAIL' : 'PASS' };
}

/** The milliseconds are those of now, less what they would be without the change. */
const isRegression = ({ estimate, low }: Ratio, after: number, { share, ms }: Bound): boolean =>
  low > 1 && estimate > 1 + share && after - after / estimate > ms;

const change = ({ estimate, low, high }: Ratio): string => `${signed(estimate)} (${signed(low)} to ${signed(high)})`;
const percent = (share: number): string => `${Math.round(share * 100)} %`;
const signed = (factor: number): string => `${factor < 1 ? '−' : '+'}${percent(Math.abs(factor - 1))}`;
