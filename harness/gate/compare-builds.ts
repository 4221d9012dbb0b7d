import { median } from '../base/median.ts';
import { centerOf } from '../base/ratios.ts';
import type { Finding } from '../verdict/finding.ts';
import { measuresOf } from './all-endpoints.ts';
import type { BuildRound, Measure } from './build-round.ts';
import { evidenceAbove, evidenceBelow, lowerBound, upperBound } from './evidence.ts';
import { changeOf, KINDS, kindOf, limitOf, type MeasureKind, type Named, nameOf } from './measures.ts';

/** The probability that a gate ever reports any regression of equal builds, across all of its measures and rounds. */
const FALSE_ALARM = 0.01;

/** The same for a suspicion, which makes a gate INCONCLUSIVE if the rounds end before it is certain or gone. */
const FALSE_SUSPICION = 0.1;

/**
 * The share of the main measures in the average of the evidence. They are few. Without it, each additional endpoint
 * would make the gate less sensitive.
 */
const MAIN_SHARE = 1 / 2;

/** The probability that a measure passes although it increased by as much as must be visible, whenever measuring stops. */
const MISSED = 0.02;

/** The evidence for an increase over the limit from which on more rounds are necessary. */
const SUSPICIOUS = 4;

/** A measure in all rounds that have it. */
interface Change {
  readonly name: string;
  readonly kind: MeasureKind;
  readonly isRequired: boolean;
  readonly measures: readonly Measure[];
  readonly logs: readonly number[];
  /** The evidence for an increase. */
  readonly evidence: number;
  /** The measure's share in the average of the evidence. */
  readonly weight: number;
}

/** The check that says what was measured. */
export const MEASURED = 'changes measured';

/**
 * Compares builds. Returns a finding that lists the values of which a regression can be neither confirmed nor excluded,
 * followed by one finding for each other value. A measure FAILs, as a regression, if an increase is certain, and its
 * estimate exceeds the limit. It PASSes if an increase by as much as must be visible is excluded, and if nothing
 * suggests a smaller one over the limit.
 *
 * @param expected The measures that rounds have if everything can be measured.
 */
export function compareBuilds(rounds: readonly BuildRound[], expected: readonly Named[] = []): Finding[] {
  const all = changesOf(rounds);
  const failed = regressionsIn(all, FALSE_ALARM);
  const isDecided = (change: Change) => failed.has(change) || isExcluded(change);
  return [
    countMeasured(all, missingIn(all, expected), failed),
    ...all.filter(isDecided).map((change) => judge(change, failed.has(change))),
  ];
}

/**
 * Whether more rounds are unnecessary: this build did not serve a call, which is a FAIL, or there is a regression, or none
 * is possible in the required measures and none is suspected in the others. Measures that can't be known by now, such as
 * a p99 of few calls, are not waited for.
 */
export function isEnough(rounds: readonly BuildRound[], expected: readonly Named[] = []): boolean {
  if (rounds.some(({ unserved: { own = 0 } }) => own > 0)) return true;
  const all = changesOf(rounds);
  if (regressionsIn(all, FALSE_ALARM).size > 0) return true;
  const required = all.filter(({ isRequired }) => isRequired);
  return !missingIn(all, expected).some(isIndispensable) && required.every(isExcluded) && !all.some(isSuspicious);
}

function changesOf(rounds: readonly BuildRound[]): Change[] {
  const measured = measuresOf(rounds);
  const named = [...Map.groupBy(measured.flat(), nameOf)].map(([name, [first]]) => ({ name, ...(first as Measure) }));
  const comparable = measured.flatMap((measures, nth) => measures.filter(isComparableIn(rounds[nth] as BuildRound)));
  const counted = Map.groupBy(comparable, nameOf);
  const main = named.filter(isMain).length;
  const changes = named.map(({ name, kind }): Change => {
    const measures = counted.get(name) ?? [];
    const logs = measures.map(({ ratio }) => Math.log(ratio));
    const isRequired = kindOf(kind).isRequired !== undefined;
    const weight = isMain({ kind }) ? MAIN_SHARE / main : (1 - MAIN_SHARE) / (named.length - main);
    return { name, kind, isRequired, measures, logs, evidence: evidenceAbove(logs, 0), weight };
  });
  const order = Object.keys(KINDS);
  return changes.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
}

const isMain = ({ kind }: Pick<Named, 'kind'>): boolean =>
  kindOf(kind).isRequired !== undefined || kindOf(kind).isMain === true;

/** Returns whether a measure of a round counts. The costs of calls don't, unless all were served. */
function isComparableIn({ unserved }: BuildRound): (measure: Measure) => boolean {
  const isWhole = Object.values(unserved).every((calls) => calls === 0);
  return ({ kind }) => isWhole || !kindOf(kind).ofServed;
}

/**
 * Returns the measures of which an increase is certain, and large enough to matter. A weighted average of e-values is an
 * e-value, so the evidence against each set of measures is that average. An increase is certain if the evidence is
 * enough for all sets that contain the measure (closed testing). Hence the probability that any of them is wrong is at
 * most `wrong`, and evidence in several measures adds up.
 */
function regressionsIn(all: readonly Change[], wrong: number): Set<Change> {
  const enough = 1 / wrong;
  const missing = ({ evidence, weight }: Change) => weight * Math.max(0, enough - evidence);
  const missingInAll = all.reduce((sum, change) => sum + missing(change), 0);
  const isCertain = (change: Change) =>
    change.evidence >= enough && change.weight * (change.evidence - enough) >= missingInAll;
  return new Set(all.filter((change) => isCertain(change) && isOverLimit(change)));
}

/** Returns the center of the ratios. */
const estimateOf = ({ logs }: Change): number => Math.exp(centerOf(logs));

const isOverLimit = (change: Change): boolean => estimateOf(change) > 1 + kindOf(change.kind).share;

/** Whether a measure may still become a regression: an increase over the limit is possible, and more than chance. */
const isSuspicious = (change: Change): boolean => change.evidence >= SUSPICIOUS && isOverLimit(change);

/** Whether an increase by as much as must be visible is excluded, and a smaller one over the limit isn't suspected. */
const isExcluded = (change: Change): boolean =>
  !isSuspicious(change) && evidenceBelow(change.logs, Math.log(1 + kindOf(change.kind).visible)) >= 1 / MISSED;

const isIndispensable = ({ kind }: Named): boolean => kindOf(kind).isRequired === 'always';

const REQUIRED = (Object.keys(KINDS) as MeasureKind[]).filter((kind) => kindOf(kind).isRequired);

/** Returns the measures that no round has, of those that are expected, and of the required ones. */
function missingIn(all: readonly Change[], expected: readonly Named[]): Named[] {
  const known = new Set(all.map(({ name }) => name));
  const wanted = [...REQUIRED.map((kind): Named => ({ kind, than: 'other' })), ...expected];
  const byName = new Map(wanted.map((named) => [nameOf(named), named]));
  return [...byName].flatMap(([name, named]) => (known.has(name) ? [] : named));
}

function countMeasured(all: readonly Change[], missing: readonly Named[], failed: ReadonlySet<Change>): Finding {
  const open = all.filter((change) => !failed.has(change) && !isExcluded(change));
  const suspected = [...regressionsIn(all, FALSE_SUSPICION)].filter((change) => !failed.has(change));
  const known = new Set(all.map(({ kind }) => kind));
  const limits = REQUIRED.filter((kind) => known.has(kind) || isIndispensable({ kind, than: 'other' })).map(
    (kind) => `+${limitOf(kind, kindOf(kind).visible)} in the ${kindOf(kind).name}`,
  );
  const list = (what: string, names: readonly string[]) => (names.length > 0 ? [`${what}: ${names.join(', ')}`] : []);
  const parts = [
    `${all.length - open.length} of ${all.length + missing.length}`,
    ...list(
      'a regression is suspected, but not certain',
      suspected.map((change) => `${change.name} (${changeOf(change.kind, estimateOf(change))})`),
    ),
    ...list('not measured', missing.map(nameOf)),
    ...list(
      'not measured well enough',
      [...Map.groupBy(open, whyNot)].map(([why, same]) => `${same.map(({ name }) => name).join(', ')} (${why})`),
    ),
  ];
  const isProved =
    suspected.length === 0 && !missing.some(isIndispensable) && !open.some(({ isRequired }) => isRequired);
  return {
    check: MEASURED,
    expected: `a regression is found, or excluded from ${limits.join(', ')}; more ROUNDS exclude smaller changes`,
    observed: parts.join('; '),
    verdict: failed.size > 0 || isProved ? 'PASS' : 'INCONCLUSIVE',
  };
}

/** Returns the greatest change that the evidence does not exclude, as a factor. */
const greatest = ({ logs }: Change): number => Math.exp(upperBound(logs, 1 / MISSED));

function whyNot(change: Change): string {
  const { kind, measures } = change;
  const upTo = greatest(change);
  if (Number.isFinite(upTo)) return `would have detected only a regression of ${changeOf(kind, upTo)} or more`;
  return `too few rounds${kindOf(kind).ofServed ? ' in which all calls were served' : ''}: ${measures.length}`;
}

function judge(change: Change, failed: boolean): Finding {
  const { name, kind, measures, logs } = change;
  const { shown, share } = kindOf(kind);
  const than = measures[0]?.than === 'release' ? 'the release' : 'the other build';
  const [other, own] = [measures.map((measure) => measure.other), measures.map((measure) => measure.own)].map(median);
  const low = Math.exp(lowerBound(logs, 1 / MISSED));
  const high = greatest(change);
  const interval = `${changeOf(kind, low)} to ${changeOf(kind, high)}`;
  return {
    check: name,
    expected: `at most ${limitOf(kind, share)} more than ${than}`,
    observed:
      `${shown(other as number)} → ${shown(own as number)}, ${changeOf(kind, estimateOf(change))} (${interval})` +
      (failed ? '' : `; would have detected a regression of ${changeOf(kind, Math.max(high, 1 + share))} or more`),
    verdict: failed ? 'FAIL' : 'PASS',
  };
}
