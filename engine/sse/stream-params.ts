import { parseDuration } from '../base/duration.ts';

/** What a stream takes beside the parameters of a request. */
export interface StreamParams {
  readonly method: string;
  readonly body: unknown;
  /** The data of the event that says that a stream is whole; undefined where there is none. */
  readonly done: string | undefined;
  /** After so many milliseconds without a byte a stream has stalled; Infinity by default. */
  readonly idleTimeout: number;
  /** Which events are tokens; undefined for all but the one that says that it is over. */
  readonly isToken: unknown;
}

/** @throws TypeError for values that are none. */
export function readStreamParams(given: unknown): StreamParams {
  const { method = 'GET', body, done, idleTimeout, isToken } = (given ?? {}) as Record<string, unknown>;
  if (done !== undefined && typeof done !== 'string')
    throw new TypeError(`done has to be a text, and is ${String(done)}`);
  if (isToken !== undefined && typeof isToken !== 'function') throw new TypeError('isToken has to be a function');
  return {
    method: String(method).toUpperCase(),
    body,
    done,
    idleTimeout: idleTimeout === undefined ? Number.POSITIVE_INFINITY : parseDuration(idleTimeout as string | number),
    isToken,
  };
}
