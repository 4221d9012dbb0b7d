import { median } from '../base/median.ts';
import { type Ratio, ratioOfPairs } from '../base/ratios.ts';
import type { Finding } from '../verdict/finding.ts';
import { measuresOf } from './all-endpoints.ts';
import { type BuildRound, type Measure, type MeasureKind, nameOf } from './build-round.ts';
import { interval, percent, signed } from './ratio-in-words.ts';

/**
 * The limits for one kind of measure, as fractions. A certain increase by more than `share` is a regression. `visible`
 * is the smallest regression that must be detectable, otherwise the measure is not judged. If `isVital`, the comparison
 * is INCONCLUSIVE in that case.
 */
interface Bound {
  share: number;
  visible: number;
  isVital: boolean;
  /**
   * Whether only rounds count in which both builds served all calls. A refusal is cheap, and an error can be expensive,
   * so the costs of other calls are not comparable.
   */
  ofServed?: true;
  /** Returns a value with its unit. */
  shown: (value: number) => string;
}

const inMs = (value: number): string => `${value.toFixed(2)} ms`;
const inSeconds = (ms: number): string => `${(ms / 1_000).toFixed(2)} s`;
const inMiB = (value: number): string => `${(value / 2 ** 20).toFixed(1)} MiB`;

// The p99 of a round depends on a few calls of each build. Memory depends on when garbage is collected, and so does
// the CPU, to a smaller extent.
const BOUNDS: Record<MeasureKind | 'all p50s', Bound> = {
  'all p50s': { share: 0.03, visible: 0.05, isVital: true, shown: inMs },
  p50: { share: 0.03, visible: 0.1, isVital: false, shown: inMs },
  cpu: { share: 0.03, visible: 0.1, isVital: true, ofServed: true, shown: inMs },
  p99: { share: 0.1, visible: 0.5, isVital: false, shown: inMs },
  memory: { share: 0.05, visible: 0.15, isVital: false, ofServed: true, shown: inMiB },
  upstream: { share: 0.01, visible: 0.1, isVital: false, ofServed: true, shown: (value) => value.toFixed(3) },
  recovery: { share: 0.1, visible: 0.5, isVital: false, shown: inSeconds },
};

const boundOf = ({ kind, of }: Pick<Measure, 'kind' | 'of'>): Bound =>
  BOUNDS[kind === 'p50' && of === undefined ? 'all p50s' : kind];

/** Returns after how many rounds the measures are judged. Measuring ends at the first look that decides all of them. */
export const looksAt = (rounds: number): number[] => [...new Set([Math.ceil(rounds * EARLY), rounds])];

/** The probability that a gate reports any regression by chance, across all of its measures and looks. */
const FALSE_ALARM = 0.01;

/** The first look, as a fraction of all rounds. */
const EARLY = 0.8;

/**
 * The share of the false alarms that the vital measures get, which are few. Without it, each additional endpoint would
 * make the gate less sensitive.
 */
const VITAL_SHARE = 1 / 3;

/** A measure in all rounds that have it. `ratio` is undefined if these are too few. */
interface Change {
  readonly name: string;
  readonly bound: Bound;
  readonly measures: readonly Measure[];
  readonly ratio: Ratio | undefined;
  /** The smallest regression that would probably be detected with this noise, as a factor. */
  readonly seenFrom: number;
}

/**
 * Compares two builds. Returns a finding that lists the unmeasured values, followed by one finding for each measured
 * value. A measure FAILs, as a regression, if its estimate exceeds the limit and the confidence interval excludes no
 * change. Each PASS names the smallest regression that would probably have been detected.
 *
 * @param looks How often the rounds are judged. The probability of a false alarm is shared among measures and looks.
 */
export function compareBuilds(rounds: readonly BuildRound[], looks: number): Finding[] {
  const all = changesOf(rounds, looks);
  return [countMeasured(all), ...all.filter(isDecided).map(judge)];
}

/**
 * Whether more rounds are unnecessary: there is a regression, or the vital measures are known and nothing else could
 * still become a regression. Measures that can't be known by now, such as a p99 of few calls, are not waited for.
 */
export function isEnough(rounds: readonly BuildRound[], looks: number): boolean {
  const all = changesOf(rounds, looks);
  if (all.some(isRegression)) return true;
  const vital = all.filter(({ bound }) => bound.isVital);
  return vital.length > 0 && vital.every(isMeasured) && !all.some(isOpen);
}

/** Whether a measure may still become a regression: it is too high, but not certainly, or has too few rounds. */
const isOpen = (change: Change): boolean =>
  change.ratio === undefined || (isMeasured(change) && change.ratio.estimate > 1 + change.bound.share);

function changesOf(rounds: readonly BuildRound[], looks: number): Change[] {
  const counted = Map.groupBy(measuresOf(rounds.map(withoutIncomparable)), nameOf);
  // A p99 is missing in rounds with too few calls, which both builds share.
  const all = [...Map.groupBy(measuresOf(rounds), nameOf)].map(([name, [first]]) => ({
    name,
    measures: counted.get(name) ?? [],
    bound: boundOf(first as Measure),
  }));
  const vital = all.filter(({ bound }) => bound.isVital).length;
  const tailOf = ({ isVital }: Bound) =>
    (FALSE_ALARM / looks) * (isVital ? VITAL_SHARE / vital : (1 - VITAL_SHARE) / (all.length - vital));
  return all.map((change) => {
    const ratios = change.measures.map(({ ratio }) => ratio);
    const ratio = ratioOfPairs(ratios, tailOf(change.bound));
    return { ...change, ratio, seenFrom: ratio ? seenFrom(ratio, ratios, change.bound) : Number.POSITIVE_INFINITY };
  });
}

/** Returns a round without the costs of its calls, unless all were served. */
function withoutIncomparable(round: BuildRound): BuildRound {
  if (round.unserved.own + round.unserved.other === 0) return round;
  return { ...round, measures: round.measures.filter((measure) => !boundOf(measure).ofServed) };
}

/** The probability that noise hides a regression of the size that a PASS names. */
const HIDDEN = 0.05;

/**
 * Returns the smallest regression that would probably be detected, as a factor. An estimate is a regression if the
 * whole interval is above 1, and the estimate above the limit. But noise may also make an estimate smaller.
 */
function seenFrom({ estimate, low }: Ratio, ratios: readonly number[], { share }: Bound): number {
  const smaller = ratioOfPairs(ratios, HIDDEN)?.low ?? 0;
  return Math.max(estimate / low, 1 + share) * (estimate / smaller);
}

const isRegression = ({ ratio, bound }: Change): boolean =>
  ratio !== undefined && ratio.low > 1 && ratio.estimate > 1 + bound.share;

/** A regression is certain even if its size is not. Everything else is known only if a regression would be visible. */
const isDecided = (change: Change): boolean => isRegression(change) || isMeasured(change);

const isMeasured = (change: Change): boolean => change.seenFrom <= 1 + change.bound.visible;

function countMeasured(all: readonly Change[]): Finding {
  const hidden = all.filter((change) => !isDecided(change));
  const hasLatency = all.some(({ bound }) => bound === BOUNDS['all p50s']);
  const hasCpu = all.some(({ bound }) => bound === BOUNDS.cpu);
  const isWhole = hasLatency && !hidden.some(({ bound }) => bound.isVital);
  const names = hidden.map((change) => `${change.name} (${whyNot(change)})`);
  const [p50, cpu] = [BOUNDS['all p50s'], BOUNDS.cpu].map(({ visible }) => percent(visible));
  const vital = `precisely enough to detect +${p50} in the p50 of all endpoints${hasCpu ? `, and +${cpu} in the CPU` : ''}`;
  const unknown = hasLatency && !hasCpu ? '; the CPU is not known' : '';
  return {
    check: 'changes measured',
    expected: `${vital}; more ROUNDS detect smaller changes`,
    observed: `${all.length - hidden.length} of ${all.length}${unknown}${names.length > 0 ? `; not measured: ${names.join(', ')}` : ''}`,
    verdict: isWhole ? 'PASS' : 'INCONCLUSIVE',
  };
}

function whyNot({ ratio, bound, measures, seenFrom: from }: Change): string {
  if (ratio === undefined)
    return `too few rounds${bound.ofServed ? ' in which all calls were served' : ''}: ${measures.length}`;
  return `would have detected only a regression of ${signed(from, 1)} or more`;
}

function judge(change: Change): Finding {
  const { name, bound, measures, seenFrom: from } = change;
  const ratio = change.ratio as Ratio;
  const [other, own] = [measures.map((measure) => measure.other), measures.map((measure) => measure.own)].map(median);
  const failed = isRegression(change);
  return {
    check: name,
    expected: `at most ${percent(bound.share)} more than the other build`,
    observed:
      `${bound.shown(other as number)} → ${bound.shown(own as number)}, ${signed(ratio.estimate, 1)} ` +
      `(${interval(ratio, 1)})${failed ? '' : `; would have detected a regression of ${signed(from, 1)} or more`}`,
    verdict: failed ? 'FAIL' : 'PASS',
  };
}
