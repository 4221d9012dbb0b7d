import { median } from '../base/median.ts';
import type { Finding } from '../verdict/finding.ts';
import type { Round } from './round.ts';
import { type Ratio, ratioOf } from './statistics.ts';

/** The probability that a gate reports any regression by chance, over all its measures together. */
const FALSE_ALARM = 0.01;

/**
 * The limits of one kind of measure: the largest slowdown as a share, the largest one in milliseconds, and the smallest
 * change, as a share, that must be distinguishable from none. A measure with a wider interval is not judged.
 */
interface Bound {
  share: number;
  ms: number;
  visible: number;
}

// All p50s of a machine move by up to 11 % between sessions (docs/gate.md). A p99 of some hundred calls rests on two or
// three of them; a recovery time depends on how often the scenario polls.
const BOUNDS = {
  p50: { share: 0.14, ms: 0.1, visible: 0.2 },
  p99: { share: 0.5, ms: 1, visible: 0.5 },
  recovery: { share: 0.1, ms: 100, visible: 0.2 },
} satisfies Record<string, Bound>;

/**
 * The largest difference in the speed of the machine, as a share. A measure that fully depends on it is then off by 8
 * %, which the limit of a p50 allows for.
 */
const SPEED = 0.2;

/**
 * Returns why rounds cannot be compared with a baseline: the machine became faster or slower. undefined if it did not.
 */
export function speedDiffers(baseline: readonly Round[], rounds: readonly Round[]): string | undefined {
  const [before, after] = [baseline, rounds].map((of) => median(of.map((one) => one.controlMs))) as [number, number];
  if (Math.max(after / before, before / after) <= 1 + SPEED) return undefined;
  return `a call that the service has no part in took ${after.toFixed(2)} ms, and ${before.toFixed(2)} in the baseline`;
}

/**
 * How strongly latencies follow the control measure: if it takes 10 % longer, they take about 6 % longer. Full
 * normalisation would add the control's own noise: a service that was 20 % slower was not detected then (docs/gate.md).
 */
const FOLLOWS = 0.6;

/** One measure, and how to read it from a round in milliseconds. */
interface Measure {
  name: string;
  bound: Bound;
  read: (round: Round) => number | undefined;
  /** Whether it depends on the speed of the machine. A recovery waits for a timer, so it does not. */
  scales: boolean;
}

/**
 * Compares rounds with a baseline: returns a finding with the number of measures that could be judged, and one for each
 * of these. A measure FAILs, as a regression, only if the estimate exceeds the limit and the confidence interval
 * excludes no change. A measure with a wide interval is not judged.
 */
export function compareWithBaseline(baseline: readonly Round[], rounds: readonly Round[]): Finding[] {
  const all = compareAll(baseline, rounds);
  return [countMeasured(all), ...all.filter(isMeasured).map(judge)];
}

/** Returns why too few measures could be judged; undefined if there were enough. */
export function noiseHides(baseline: readonly Round[], rounds: readonly Round[]): string | undefined {
  const all = compareAll(baseline, rounds);
  if (isEnough(all)) return undefined;
  if (all.every(({ ratio }) => ratio === undefined))
    return `${rounds.length} rounds are too few for ${all.length} comparisons`;
  const p50s = all.filter(isP50);
  return `only ${p50s.filter(isMeasured).length} of ${p50s.length} p50s could be measured to within ${percent(BOUNDS.p50.visible)}`;
}

/**
 * One measure before and after, in milliseconds, and the ratio of the change; undefined if there are too few rounds.
 */
interface Change extends Measure {
  before: number;
  after: number;
  ratio: Ratio | undefined;
}

function compareAll(baseline: readonly Round[], rounds: readonly Round[]): Change[] {
  const measures = measuresOfAll(baseline, rounds);
  return measures.map((measure) => {
    const medianOf = (of: readonly Round[]) => median(of.map((one) => measure.read(one) ?? 0));
    const ratio = ratioOfRounds(measure, baseline, rounds, FALSE_ALARM / measures.length);
    return { ...measure, before: medianOf(baseline), after: medianOf(rounds), ratio };
  });
}

/**
 * Noise that could hide the smallest visible change, or look like it, makes the interval as wide as the square of it.
 */
const isMeasured = ({ ratio, bound }: Change): boolean =>
  ratio !== undefined && ratio.high / ratio.low <= (1 + bound.visible) ** 2;

const isP50 = ({ bound }: Change): boolean => bound === BOUNDS.p50;

/** Noise comes from the machine: if it hides more than half of the p50s, no other measure is trusted. */
function isEnough(all: readonly Change[]): boolean {
  const p50s = all.filter(isP50);
  return p50s.filter(isMeasured).length * 2 >= p50s.length;
}

function countMeasured(all: readonly Change[]): Finding {
  const hidden = all.filter((one) => !isMeasured(one));
  const names = hidden.map(({ name, ratio }) => `${name} (${ratio ? interval(ratio) : 'too few rounds to tell'})`);
  return {
    check: 'changes measured',
    expected: 'at least half of the p50s; those with a wide interval are not judged',
    observed: `${all.length - hidden.length} of ${all.length}${names.length > 0 ? `; not measured: ${names.join(', ')}` : ''}`,
    verdict: isEnough(all) ? 'PASS' : 'INCONCLUSIVE',
  };
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

function judge({ name, bound, scales, before, after, ratio }: Change): Finding {
  const { share, ms } = bound;
  const changed = ratio as Ratio;
  return {
    check: name,
    expected: `at most ${percent(share)} and ${ms} ms slower than the baseline`,
    observed:
      `${before.toFixed(2)} → ${after.toFixed(2)} ms, ${signed(changed.estimate)} (${interval(changed)})` +
      (scales ? ' for the speed of the machine' : ''),
    verdict: isRegression(changed, after, bound) ? 'FAIL' : 'PASS',
  };
}

/** The milliseconds are the current time minus the time without the change. */
const isRegression = ({ estimate, low }: Ratio, after: number, { share, ms }: Bound): boolean =>
  low > 1 && estimate > 1 + share && after - after / estimate > ms;

const interval = ({ low, high }: Ratio): string => `${signed(low)} to ${signed(high)}`;
const percent = (share: number): string => `${Math.round(share * 100)} %`;
const signed = (factor: number): string => `${factor < 1 ? '−' : '+'}${percent(Math.abs(factor - 1))}`;
