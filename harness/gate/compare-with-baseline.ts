import { median } from '../base/median.ts';
import { type Ratio, ratioOf } from '../base/ratios.ts';
import type { Finding } from '../verdict/finding.ts';
import { FALSE_ALARM } from './false-alarm.ts';
import { interval, percent, signed } from './ratio-in-words.ts';
import type { Round } from './round.ts';

/**
 * The limits for one kind of measure. `share` and `ms` are the maximum slowdown, as a fraction and in milliseconds.
 * `visible` is the smallest change, as a fraction, that must be distinguishable from no change. A measure with a wider
 * interval is not judged.
 */
interface Bound {
  share: number;
  ms: number;
  visible: number;
}

// All p50s on a machine vary by up to 11% between sessions (docs/gate.md). The p99 of a few hundred calls depends on
// only two or three of them. A recovery time depends on how often the scenario polls.
const BOUNDS = {
  p50: { share: 0.14, ms: 0.1, visible: 0.2 },
  p99: { share: 0.5, ms: 1, visible: 0.5 },
  recovery: { share: 0.1, ms: 100, visible: 0.2 },
} satisfies Record<string, Bound>;

/**
 * Maximum difference in the machine's speed, as a fraction. A measure that fully depends on the speed is then off by
 * 8%, which is within the limit for a p50.
 */
const SPEED = 0.2;

/**
 * Returns why the rounds can't be compared with a baseline, or undefined if they can. They can't if the machine has
 * become faster or slower.
 */
export function speedDiffers(baseline: readonly Round[], rounds: readonly Round[]): string | undefined {
  const [before, after] = [baseline, rounds].map((of) => median(of.map((one) => one.controlMs))) as [number, number];
  if (Math.max(after / before, before / after) <= 1 + SPEED) return undefined;
  return `a call that does not involve the service took ${after.toFixed(2)} ms, compared with ${before.toFixed(2)} ms in the baseline`;
}

/**
 * How strongly latencies follow the control measure: if it takes 10% longer, they take about 6% longer. Full
 * normalization would add the control's own noise. With it, a service that was 20% slower was not detected
 * (docs/gate.md).
 */
const FOLLOWS = 0.6;

/** A measure, and how to read it from a round in milliseconds. */
interface Measure {
  name: string;
  bound: Bound;
  read: (round: Round) => number | undefined;
  /** Whether the measure depends on the machine's speed. A recovery does not, because it waits for a timer. */
  scales: boolean;
}

/**
 * Compares rounds with a baseline. Returns a finding with the number of measures that could be judged, followed by one
 * finding for each of them. A measure only FAILs, as a regression, if the estimate exceeds the limit and the confidence
 * interval excludes no change. A measure with a wide interval is not judged.
 */
export function compareWithBaseline(baseline: readonly Round[], rounds: readonly Round[]): Finding[] {
  const all = compareAll(baseline, rounds);
  return [countMeasured(all), ...all.filter(isMeasured).map(judge)];
}

/** Returns why too few measures could be judged, or undefined if there were enough. */
export function noiseHides(baseline: readonly Round[], rounds: readonly Round[]): string | undefined {
  const all = compareAll(baseline, rounds);
  if (isEnough(all)) return undefined;
  if (all.every(({ ratio }) => ratio === undefined))
    return `${rounds.length} rounds are too few for ${all.length} comparisons`;
  const p50s = all.filter(isP50);
  return `only ${p50s.filter(isMeasured).length} of ${p50s.length} p50s could be measured to within ${percent(BOUNDS.p50.visible)}`;
}

/**
 * A measure before and after, in milliseconds, and the ratio between them, which is undefined if there are too few
 * rounds.
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
 * Whether the noise is low enough to judge a change. Noise that could hide the smallest visible change, or look like
 * one, makes the interval as wide as the square of that change.
 */
const isMeasured = ({ ratio, bound }: Change): boolean =>
  ratio !== undefined && ratio.high / ratio.low <= (1 + bound.visible) ** 2;

const isP50 = ({ bound }: Change): boolean => bound === BOUNDS.p50;

/**
 * Whether enough measures can be judged. Noise is caused by the machine, so if it hides more than half of the p50s, no
 * other measure is trusted.
 */
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

/** The absolute slowdown in milliseconds is the current time minus what it would be without the change. */
const isRegression = ({ estimate, low }: Ratio, after: number, { share, ms }: Bound): boolean =>
  low > 1 && estimate > 1 + share && after - after / estimate > ms;
