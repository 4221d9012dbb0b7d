import { EngineError } from '../base/errors.ts';
import { greatestCommonDivisor, Share } from '../executors/share.ts';

/** A fraction with an integer numerator and denominator. */
interface Fraction {
  readonly above: number;
  readonly below: number;
}

/** Finer fractions must be a mistake: the pattern of shares would be longer than any test. */
const FINEST = 1_000_000;

const ZERO: Fraction = { above: 0, below: 1 };
const ONE: Fraction = { above: 1, below: 1 };

/**
 * Parses `executionSegment` and `executionSegmentSequence` in k6's notation. A segment is `from:to`, or just `to` if it
 * starts at 0. A sequence lists the bounds of all segments, for example `0,1/3,1`. Bounds may be fractions, decimals or
 * percentages. Without a sequence, the remainder counts as one segment before and one after the given segment.
 *
 * @throws EngineError INVALID_EXECUTION_SEGMENT if a segment is invalid or not part of its sequence
 */
export function readShare(segment: string | undefined, sequence: string | undefined): Share {
  const [from, to] = segment === undefined || segment === '' ? [ZERO, ONE] : bounds(segment);
  if (compare(from, to) >= 0) throw invalid(segment, 'it has to end after it begins');
  const steps = sequence === undefined || sequence === '' ? undefined : sequence.split(',').map(fraction);
  const all = steps ?? distinct([ZERO, from, to, ONE]);
  const rises = all.every((step, index) => index === 0 || compare(all[index - 1] ?? ZERO, step) < 0);
  if (!rises || all.length < 2) throw invalid(sequence, 'its bounds have to rise');
  const index = all.findIndex((step, at) => compare(step, from) === 0 && compare(all[at + 1] ?? ZERO, to) === 0);
  if (index < 0) throw invalid(segment, `it is not part of the sequence ${JSON.stringify(sequence)}`);
  const below = all.reduce((common, step) => common * (step.below / greatestCommonDivisor(common, step.below)), 1);
  if (below > FINEST) throw invalid(sequence ?? segment, `it has no parts finer than 1/${FINEST}`);
  const numbers = all.map((step) => (step.above * below) / step.below);
  const first = numbers[0] ?? 0;
  const last = numbers.at(-1) ?? 0;
  // Parts that a sequence omits belong to no instance, but still count towards the total.
  const weights = [first, ...numbers.slice(1).map((number, at) => number - (numbers[at] ?? 0)), below - last];
  return new Share(weights, index + 1);
}

function bounds(segment: string): [Fraction, Fraction] {
  const parts = segment.split(':');
  if (parts.length > 2) throw invalid(segment, 'it has one colon at most');
  return parts.length === 1 ? [ZERO, fraction(segment)] : [fraction(parts[0] ?? ''), fraction(parts[1] ?? '')];
}

function fraction(given: string): Fraction {
  const text = given.trim();
  const [, above, below] = /^(\d{1,9})(?:\/(\d{1,9}))?$/.exec(text) ?? [];
  const [, whole, digits = '', percent] = /^(\d{1,3})(?:\.(\d{1,6}))?(%?)$/.exec(text) ?? [];
  let value: Fraction | undefined;
  if (above !== undefined && percent !== '%') value = { above: Number(above), below: Number(below ?? 1) };
  else if (whole !== undefined) {
    value = { above: Number(whole + digits), below: 10 ** digits.length * (percent === '%' ? 100 : 1) };
  }
  if (!value || value.below === 0 || value.above > value.below) throw invalid(given, 'a bound is from 0 to 1');
  const common = greatestCommonDivisor(value.above, value.below);
  return { above: value.above / common, below: value.below / common };
}

const compare = (a: Fraction, b: Fraction): number => a.above * b.below - b.above * a.below;

const distinct = (bounds: readonly Fraction[]): Fraction[] =>
  bounds.filter((bound, index) => index === 0 || compare(bounds[index - 1] ?? ZERO, bound) !== 0);

const invalid = (given: string | undefined, reason: string): EngineError =>
  new EngineError(
    'INVALID_EXECUTION_SEGMENT',
    `invalid execution segment ${JSON.stringify(given)}: ${reason}; there are segments such as "1/3:2/3" and sequences such as "0,1/3,2/3,1"`,
  );
