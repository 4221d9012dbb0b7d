import { GoError } from '../base/errors.ts';

/** Decides whether a response status counts as expected. */
export type StatusTest = (status: number) => boolean;

export interface StatusRange {
  readonly min: number;
  readonly max: number;
}

const tests = new WeakMap<object, StatusTest>();

/** k6's default: statuses from 200 to 399. */
export const DEFAULT_EXPECTED: StatusTest = (status) => status >= 200 && status <= 399;

/**
 * Implements `http.expectedStatuses()`, which accepts statuses and inclusive ranges.
 *
 * @returns An opaque object for `responseCallback` and `setResponseCallback()`.
 * @throws GoError for anything other than integers and ranges of integers, and TypeError for null or undefined
 */
export function expectedStatuses(...expected: (number | StatusRange)[]): object {
  if (expected.length === 0) throw new GoError('no arguments');
  const ranges = expected.map((item, index) => {
    if (item === null || item === undefined) throw new TypeError('Cannot convert undefined or null to object');
    const { min, max } = Number.isInteger(item) ? { min: item as number, max: item as number } : (item as StatusRange);
    if (Number.isInteger(min) && Number.isInteger(max)) return { min, max };
    throw new GoError(
      min === undefined || max === undefined
        ? `argument number ${index + 1} to expectedStatuses was neither an integer nor an object like {min:100, max:329}`
        : `both min and max need to be integers for argument number ${index + 1}`,
    );
  });
  const callback = {};
  tests.set(callback, (status) => ranges.some(({ min, max }) => status >= min && status <= max));
  return callback;
}

/**
 * Returns the test that a result of `expectedStatuses()` represents. Returns null for null, which disables the test.
 *
 * @throws GoError for any other value, since k6 does not accept the script's own functions
 */
export function toStatusTest(callback: unknown): StatusTest | null {
  if (callback === null) return null;
  const test = typeof callback === 'object' ? tests.get(callback) : undefined;
  if (!test) throw new GoError('unsupported argument, expected http.expectedStatuses');
  return test;
}
