import { parseDuration } from '../base/duration.ts';

/** Parameters of a stream in addition to those of a request. */
export interface StreamParams {
  readonly method: string;
  readonly body: unknown;
  /** The data of the final event; undefined if there is none. */
  readonly done: string | undefined;
  /** The stream counts as stalled after this many milliseconds without data; Infinity by default. */
  readonly idleTimeout: number;
  /** Decides which events are tokens; undefined counts all but the final event. */
  readonly isToken: unknown;
}

/** @throws TypeError for invalid values. */
export function readStreamParams(given: unknown): StreamParams {
  const { method = 'GET', body, done, idleTimeout, isToken } = (given ?? {}) as Record<string, unknown>;
  if (done !== undefined && typeof done !== 'string')
    throw new TypeError(`done must be a string, but is ${String(done)}`);
  if (isToken !== undefined && typeof isToken !== 'function') throw new TypeError('isToken must be a function');
  return {
    method: String(method).toUpperCase(),
    body,
    done,
    idleTimeout: idleTimeout === undefined ? Number.POSITIVE_INFINITY : parseDuration(idleTimeout as string | number),
    isToken,
  };
}
