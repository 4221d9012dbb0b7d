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
 * @throws TypeError for anything other than integers and ranges of integers
 */
export function expectedStatuses(...expected: (number | StatusRange)[]): object {
  if (expected.length === 0) throw new TypeError('no arguments');
  const ranges = expected.map((item, index) => {
    const { min, max } = typeof item === 'number' ? { min: item, max: item } : (item ?? {});
    if (Number.isInteger(min) && Number.isInteger(max)) return { min, max };
    throw new TypeError(
      `argument number ${index + 1} to expectedStatuses was neither an integer nor an object like {min:100, max:329}`,
    );
  });
  const callback = {};
  tests.set(callback, (status) => ranges.some(({ min, max }) => status >= min && status <= max));
  return callback;
}

/**
 * Returns the test that a result of `expectedStatuses()` represents. Returns null for null, which disables the test.
 *
 * @throws TypeError for any other value, since k6 does not accept the script's own functions
 */
export function toStatusTest(callback: unknown): StatusTest | null {
  if (callback === null || callback === undefined) return null;
  const test = typeof callback === 'object' ? tests.get(callback) : undefined;
  if (!test)
    throw new TypeError('unsupported responseCallback: expected null or the result of http.expectedStatuses()');
  return test;
}
