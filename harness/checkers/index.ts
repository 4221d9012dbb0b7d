import { BREAKER } from './breaker/index.ts';
import { FOUNDATION } from './foundation/index.ts';
import type { Checker } from './lib/checker.ts';
import { LOAD } from './load/index.ts';
import { POOL } from './pool/index.ts';
import { RATE_LIMIT } from './rate-limit/index.ts';
import { START } from './start/index.ts';
import { UPSTREAM } from './upstream/index.ts';

const byName = (checkers: readonly Checker[]): Readonly<Record<string, Checker>> =>
  Object.fromEntries(checkers.map((checker) => [checker.name, checker]));

/** The checkers that a scenario can name in `holds`, by name. */
export const CHECKERS = byName([...LOAD, ...UPSTREAM, ...BREAKER, ...RATE_LIMIT, ...POOL, ...START]);

/** The checkers that judge every scenario, by name. */
export const COMMON = byName(FOUNDATION);

/** Returns the problem with a list of checkers' names: the first unknown one and the known ones; undefined if all are known. */
export function unknownChecker(names: readonly string[]): string | undefined {
  const unknown = names.find((name) => !Object.hasOwn(CHECKERS, name));
  return unknown === undefined
    ? undefined
    : `unknown checker "${unknown}"; allowed: ${Object.keys(CHECKERS).join(', ')}`;
}
