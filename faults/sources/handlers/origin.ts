import { Refusal } from '../../base/refusal.ts';
import type { TeamHandler } from './find-handlers.ts';

/** The origin for handlers that work with any origin. */
const ANY = 'http://localhost';

/**
 * Returns the origin that handlers expect, taken from their absolute URLs.
 *
 * @throws Refusal `ambiguous-origin` if they expect several
 */
export function originOf(handlers: readonly TeamHandler[]): string {
  const origins = new Set(handlers.flatMap(({ info }) => absolute(info.path)));
  if (origins.size <= 1) return [...origins][0] ?? ANY;
  throw new Refusal(
    'ambiguous-origin',
    `the handlers answer for several origins; name the one of this upstream: origin: ${[...origins].join(' | ')}`,
  );
}

function absolute(path: unknown): string[] {
  if (typeof path !== 'string') return [];
  // Handlers may have a wildcard for the port or part of the host, which is not allowed in a URL.
  const [origin] = /^https?:\/\/[^/*:]+(:\d+)?(?=\/|$)/.exec(path) ?? [];
  return origin === undefined ? [] : [origin];
}
