import { median } from '../base/median.ts';
import type { Finding } from '../verdict/finding.ts';
import type { Round } from './round.ts';
import { type Ratio, ratioOf } from './statistics.ts';

/** The probability that a gate calls anything at all a regression by chance: shared by all that it compares. */
const FALSE_ALARM = 0.01;

/**
 * How much slower something may be, as a share, and the milliseconds below which a difference is of no consequence; and the change,
 * as a share, that must be told from none: a measure whose interval is wider is not measured.
 */
interface Bound {
  share: number;
  ms: number;
  visible: number;
}

// All p50s together move by up to 11 % between sessions of a machine (docs/gate.md).
// A p99 of some hundred calls rests on two or three of them; a recovery on how often the scenario asks.
const BOUNDS = {
  p50: { share: 0.14, ms: 0.1, visible: 0.2 },
  p99: { share: 0.5, ms: 1, visible: 0.5 },
  recovery: { share: 0.1, ms: 100, visible: 0.2 },
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
 * Compares rounds with a baseline: how many changes could be measured, and a finding for each of these. It is a FAIL, a regression,
 * only if the estimate exceeds the bound and the confidence interval of the difference excludes that nothing changed. A change whose
 * interval is wide is not measured, and neither passes nor fails.
 */
export function compareWithBaseline(baseline: readonly Round[], rounds: readonly Round[]): Finding[] {
  const all = compareAll(baseline, rounds);
  return [countMeasured(all), ...all.filter(isMeasured).map(judge)];
}

/** Why too few changes could be measured for any to be judged; undefined if enough could. */
export function noiseHides(baseline: readonly Round[], rounds: readonly Round[]): string | undefined {
  const all = compareAll(baseline, rounds);
  if (isEnough(all)) return undefined;
  if (all.every(({ ratio }) => ratio === undefined))
    return `${rounds.length} rounds are too few for ${all.length} comparisons`;
  const p50s = all.filter(isP50);
  return `only ${p50s.filter(isMeasured).length} of ${p50s.length} p50s could be measured to within ${percent(BOUNDS.p50.visible)}`;
}

/** One measure in the baseline and now, in milliseconds, and by which factor it changed; undefined: too few rounds to tell. */
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

/** Noise that could hide the visible change, or look like it, makes an interval that spans the square of it. */
const isMeasured = ({ ratio, bound }: Change): boolean =>
  ratio !== undefined && ratio.high / ratio.low <= (1 + bound.visible) ** 2;

const isP50 = ({ bound }: Change): boolean => bound === BOUNDS.p50;

/** Noise is the machine's: if it hides more than half of the p50s, nothing else is believed either. */
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

/** The milliseconds are those of now, less what they would be without the change. */
const isRegression = ({ estimate, low }: Ratio, after: number, { share, ms }: Bound): boolean =>
  low > 1 && estimate > 1 + share && after - after / estimate > ms;

const interval = ({ low, high }: Ratio): string => `${signed(low)} to ${signed(high)}`;
const percent = (share: number): string => `${Math.round(share * 100)} %`;
const signed = (factor: number): string => `${factor < 1 ? '−' : '+'}${percent(Math.abs(factor - 1))}`;
