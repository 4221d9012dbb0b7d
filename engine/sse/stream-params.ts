import { parseDuration } from '../base/duration.ts';

/** The params that a stream has in addition to those of a request. */
export interface StreamParams {
  readonly method: string;
  readonly body: unknown;
  /** The data of the final event, or undefined if there is none. */
  readonly done: string | undefined;
  /** Milliseconds without data after which the stream counts as stalled. Defaults to Infinity. */
  readonly idleTimeout: number;
  /** A function that decides which events are tokens. If undefined, all events except the final one are tokens. */
  readonly isToken: unknown;
}

/** @throws TypeError if a value is invalid. */
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
