import { ANSWERS, checksum } from './marks.ts';

/** The first component of a marked vector has the answer's number, the second the vector's number and a checksum. */
const ANSWER_UNIT = 2 ** -20;
const INDEX_UNIT = 2 ** -23;
const INDEXES = 2 ** 11;
const CHECKSUMS = 2 ** 6;
/** How far a component may be from a whole number of units, after a service has normalized the vector once more. */
const TOLERANCE = 0.1;

/** Vectors with fewer dimensions have no room for a mark. */
export const LEAST_DIMENSIONS = 3;

/** What a marked vector says. */
export interface VectorMark {
  /** The number of the answer, modulo `ANSWERS`. */
  readonly answer: number;
  /** Its place in the answer, starting at 0. */
  readonly index: number;
}

/**
 * Marks a vector of length 1 with the number of its answer and its place in it. Its first two components become less
 * than 1/64, and the others change in proportion, so that its length stays 1. A vector with fewer than three dimensions
 * stays as it is.
 */
export function markVector(vector: Float32Array, answer: number, index: number): void {
  if (vector.length < LEAST_DIMENSIONS) return;
  const number = answer % ANSWERS;
  const place = index % INDEXES;
  const first = number * ANSWER_UNIT;
  const second = (place * CHECKSUMS + checksum(number, place)) * INDEX_UNIT;
  // A vector has thousands of components: iterators would take ten times as long.
  let rest = 0;
  for (let at = 2; at < vector.length; at += 1) rest += (vector[at] as number) ** 2;
  const factor = Math.sqrt((1 - first ** 2 - second ** 2) / rest);
  for (let at = 2; at < vector.length; at += 1) vector[at] = (vector[at] as number) * factor;
  vector[0] = first;
  vector[1] = second;
}

/** Returns what a vector is marked with, or undefined if it is not marked, or was changed or rounded. */
export function markOf([first = Number.NaN, second = Number.NaN]: readonly number[]): VectorMark | undefined {
  const answer = wholeOf(first / ANSWER_UNIT, ANSWERS);
  const place = wholeOf(second / INDEX_UNIT, INDEXES * CHECKSUMS);
  if (answer === undefined || place === undefined) return undefined;
  const index = Math.floor(place / CHECKSUMS);
  return place % CHECKSUMS === checksum(answer, index) ? { answer, index } : undefined;
}

function wholeOf(value: number, limit: number): number | undefined {
  const whole = Math.round(value);
  return whole >= 0 && whole < limit && Math.abs(value - whole) < TOLERANCE ? whole : undefined;
}
